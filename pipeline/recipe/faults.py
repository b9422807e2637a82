"""From pydantic's errors to our `Problem`s, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from seimai.pipeline.errors import Problem
from seimai.pipeline.names import nearest
from seimai.pipeline.recipe.model import Recipe
from seimai.pipeline.recipe.places import Path, Written

CODES = {
    "float_type": "R010",
    "int_type": "R011",
    "string_type": "R012",
    "bool_type": "R013",
    "tuple_type": "R014",
    "list_type": "R014",
    "model_type": "R015",
    "model_attributes_type": "R015",
    "dict_type": "R015",
    "literal_error": "R016",
}
LONGEST = 40
"""A value in a sentence is cut after this many characters."""

LIMIT = "{min: 0.06}"

EXAMPLES: dict[str | int, str] = {
    "about": "{title: My corpus, license: CC-BY-4.0}",
    "source": "{name: crawl, files: [crawl/*.jsonl.zst]}",
    "together": "{name: few, limits: {ja.particle_share: {min: 0.06}}}",
    "main": '{www.example.jp: "#article"}',
    "models": "{dirt: models/dirt.npz}",
    "contamination": "{name: jcommonsenseqa, files: benchmarks/jcommonsenseqa.jsonl}",
    "lists": "{name: adult, files: lists/adult, action: block}",
    "licenses": "{allow: [CC-BY-4.0, CC0-1.0]}",
    "dedup": "{similarity: 0.8}",
    "tokens": "{max_chars: 20_000}",
    "mix": "{tokens: 300B, seed: 7}",
    "draw": "{release: out/wiki, repeats: 3}",
    "curve": "{by: quality.dirt_score, p40: 0, p95: 7}",
    "epochs": "{max: 4}",
    "source_share": "{max: 0.7}",
    "buckets": "{by: quality.dirt_score, quantiles: 20}",
    "quantiles": "{low: 0.4, middle: 0.9, high: 1}",
    "ranges": "{short: {max: 500}, long: {min: 500}}",
    "highest": "{news: model.kind_news, law: model.kind_law}",
    "groups": "{web: [crawl], books: [aozora]}",
    "splits": "{validation: 0.01, test: 0.01, seed: 7}",
    "release": "{shard: 500MB, rejects: true}",
    "report": "{samples: 8}",
    "kept_share": "{min: 0.2, max: 0.6}",
    "drift": "{kept_share: 0.02}",
    "contained": "{then: report}",
    "passages": "{then: report}",
    "across": "{texts: 5}",
    "any_reason_share": "{max: 0.4}",
    "loss_share": "{max: 0.6}",
    "source_loss_share": "{max: 0.9}",
    "expect": "{kept_share: {min: 0.2, max: 0.6}}",
}
"""Mappings by their key, for the sentence that says that one is wanted."""

LISTS_OF_PARTS = {"source", "together", "contamination", "lists", "draw"}
"""Lists whose items are mappings; those of all others are names."""

BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def problem_of(fault: ErrorDetails, written: Written, model: type[BaseModel] = Recipe) -> Problem:
    """One mistake, as a sentence of ours with the place where the file makes it."""
    path = _in_file(fault["loc"], written, model)
    kind = fault["type"]
    values = dict(fault.get("ctx", {}))
    key = str(path[-1]) if path and isinstance(path[-1], str) else _list_name(path)
    if kind[0] == "R":
        at = values.pop("at", None)
        full = path if at is None else (*path, at)
        where = written.value(full) if isinstance(at, int) or at is None else written.key(full)
        return Problem(kind, where, **values)
    if kind == "extra_forbidden":
        known = keys_at(path[:-1], model)
        listed = ", ".join(known)
        return Problem("R002", written.key(path), key=key, near=nearest(key, known), known=listed)
    if kind == "missing":
        return Problem("R020", written.key(path[:-1]), key=str(fault["loc"][-1]))
    if kind in CODES:
        expected = str(values.get("expected", "")).replace("'", "").replace(" or ", ", ")
        near = nearest(str(fault["input"]), expected.split(", ")) if expected else None
        where = written.value(path)
        told = {"got": _shown(fault["input"]), "want": expected, "near": near}
        like = example_of(path)
        items = f"[{like}]" if key in LISTS_OF_PARTS else "[a, b]"
        return Problem(CODES[kind], where, key=key, like=like, items=items, **told)
    for name, sign in BOUNDS.items():
        if name in values:
            return Problem("R018", written.value(path), key=key, bound=f"{sign} {values[name]:g}")
    return Problem("R033", written.value(path), key=key, cause=fault["msg"])


def _in_file(loc: tuple[str | int, ...], written: Written, model: type[BaseModel]) -> Path:
    """
    A place of pydantic's as keys of the file.

    Pydantic adds parts of its own, such as the name of a union's member: what the file does not
    know is skipped, but for the last part, which may be a key that is missing.
    """
    path: Path = ()
    for k, part in enumerate(loc):
        last = k == len(loc) - 1 and part in keys_at(path, model)
        if last or (*path, part) in written.values:
            path = (*path, part)
    return path


def example_of(path: Path) -> str:
    """
    What a mapping at a place may look like: a limit has another look than a section.

    >>> example_of(("limits", "ja.particle_share")), example_of(("dedup",))
    ('{min: 0.06}', '{similarity: 0.8}')
    """
    return EXAMPLES.get(next((key for key in reversed(path) if key in EXAMPLES), ""), LIMIT)


def _list_name(path: Path) -> str:
    """What to call an item of a list: the key the list belongs to."""
    return next((str(part) for part in reversed(path) if isinstance(part, str)), "recipe")


def keys_at(path: Path, model: type[BaseModel] = Recipe) -> tuple[str, ...]:
    """The keys that the recipe (or another file of this kind) allows at a place."""
    found: Any = model
    for part in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            info = found.model_fields.get(str(part))
            found = info.annotation if info else None
            if get_origin(found) is UnionType:
                found = _model_in(found)
        else:  # an item of a list, or what stands under a name
            found = _model_in(found)
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        return ()
    return tuple(name for name in found.model_fields if (found, name) != (Recipe, "text"))


def _model_in(annotation: Any) -> Any:
    """The model inside `Model | None`, `tuple[Model, ...]` or `dict[str, Model]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _shown(value: Any) -> str:
    """A value as short text for a sentence."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if value is None or isinstance(value, bool):
        value = {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
