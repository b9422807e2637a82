"""
The JSON schema of a recipe, for editors: what the models allow, and what YAML files add to it.

Pydantic's own schema is of values in Python. A file may also leave a section bare, write one path
where a list is meant and `1_000_000` for a number, which a YAML 1.2 reader takes for text.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from seimai.pipeline.recipe.model import Recipe

SECTION_OF = {
    "Recipe": "recipe",
    "About": "about",
    "Source": "source",
    "Limit": "limits",
    "PartLimit": "limits",
    "Together": "together",
    "Benchmark": "contamination",
    "UrlList": "lists",
    "Licenses": "licenses",
    "Dedup": "dedup",
    "Contained": "contained",
    "Passages": "passages",
    "Across": "across",
    "TokensOptions": "tokens",
    "Bucket": "buckets",
    "Splits": "splits",
    "Release": "release",
    "ReportOptions": "report",
    "Expect": "expect",
    "Drift": "drift",
}
"""For each model the section of a recipe that it describes."""

MAY_BE_BARE = frozenset(
    {"about", "source", "clean", "limits", "together", "models", "release", "report", "tokens"}
)
"""Sections that may be left empty: `limits:` with nothing below it says "no limits"."""

MAY_BE_ONE = frozenset(
    {
        *("Source.files", "Source.text", "Benchmark.files", "Benchmark.choices"),
        *("UrlList.files", "Licenses.allow"),
    }
)
"""Lists with one item that may be written as that item."""

GROUPED = {"type": "string", "pattern": "^[-+]?[0-9][0-9_]*$"}
"""A number such as `1_000_000`, which a reader of YAML 1.2 hands on as a string."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of_models() -> dict[str, Any]:
    """Pydantic's own schema of a recipe, without the titles that it makes of names."""
    return dict(_untitled(Recipe.model_json_schema()))


def schema(
    described: Mapping[str, tuple[str, str]],
    signals: Mapping[str, tuple[tuple[float, float], str]],
    cleaners: Sequence[str],
) -> dict[str, Any]:
    """
    The schema of a recipe file.

    `described` has a description and an example for each `section.key`, `signals` the range and
    description of each; others are allowed, since users have their own.
    """
    made = of_models()
    definitions = made["$defs"]
    for model, section in SECTION_OF.items():
        node = made if model == "Recipe" else definitions[model]
        for key, value in node["properties"].items():
            node["properties"][key] = _as_written(f"{model}.{key}", value)
            text, example = described.get(f"{section}.{key}", ("", ""))
            node["properties"][key]["description"] = text
            told = yaml.safe_load(example) if example else None
            if isinstance(told, dict) and key in told:
                node["properties"][key]["examples"] = [told[key]]
    for model in ("Limit", "PartLimit"):
        definitions[f"{model}s"] = _by_signal(model, signals)
        definitions[model]["anyOf"] = [{"required": ["min"]}, {"required": ["max"]}]
    together = definitions["Together"]["properties"]
    for node, name in ((together["where"], "Limits"), (together["limits"], "PartLimits")):
        _refer(node, name)
    _refer(made["properties"]["limits"]["anyOf"][0], "Limits")
    _refer(definitions["TokensOptions"]["properties"]["where"], "Limits")
    made["properties"]["clean"]["anyOf"][0]["items"] = {
        "anyOf": [{"enum": list(cleaners)}, {"type": "string"}]
    }
    definitions["Release"]["properties"]["signals"]["items"] = {
        "anyOf": [{"enum": list(signals)}, {"type": "string"}]
    }
    return {"$schema": _DIALECT, "title": "Seimai recipe", **made}


def _refer(node: dict[str, Any], name: str) -> None:
    for key in ("type", "additionalProperties"):
        node.pop(key, None)
    node["$ref"] = f"#/$defs/{name}"


def _by_signal(
    model: str, signals: Mapping[str, tuple[tuple[float, float], str]]
) -> dict[str, Any]:
    """Limits by name: ours with their ranges, any other as it comes."""
    limit = {"$ref": f"#/$defs/{model}"}
    properties = {}
    for name, ((low, high), text) in signals.items():
        bound = {"minimum": low} | ({"maximum": high} if math.isfinite(high) else {})
        within = {"properties": {"min": bound, "max": bound}}
        properties[name] = {"description": text, "allOf": [limit, within]}
    return {"type": "object", "properties": properties, "additionalProperties": limit}


def _as_written(path: str, value: dict[str, Any]) -> dict[str, Any]:
    """A value as a file may have it."""
    value = dict(value)
    default = {"default": value.pop("default")} if "default" in value else {}
    model, key = path.split(".")
    ways = value.get("anyOf", [value])
    ways = [dict(way) for way in ways]
    if any(way.get("type") in ("integer", "number") for way in ways):
        ways.append(GROUPED)
    if path in MAY_BE_ONE:
        ways.append({"type": "string"})
    if model == "Recipe" and key in MAY_BE_BARE:
        ways.append({"type": "null"})
    return {**(ways[0] if len(ways) == 1 else {"anyOf": ways}), **default}


def _untitled(node: Any, *, inside: bool = False) -> Any:
    """A schema without `title`; below `properties` that may be a key of ours."""
    if isinstance(node, dict):
        return {
            key: _untitled(value, inside=key == "properties" and not inside)
            for key, value in node.items()
            if inside or key != "title"
        }
    return [_untitled(one) for one in node] if isinstance(node, list) else node
