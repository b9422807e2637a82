"""
The recipe reference: every key with type, default, range, meaning and an example.

It is made of what the code knows: types, defaults and ranges of the models in `recipe/`, the words
of `messages/`, the registries of signals and cleaners. `python -m seimai.pipeline.reference FOLDER`
writes the pages for both languages and the JSON schema; a test holds those of configs against it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seimai.pipeline import signal
from seimai.pipeline.cleaner import known_cleaners
from seimai.pipeline.descriptions import Described, first_sentence
from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.messages.admission import ADMISSION_KEYS
from seimai.pipeline.messages.apart import APART_KEYS
from seimai.pipeline.messages.dedup_keys import DEDUP_KEYS
from seimai.pipeline.messages.expect_keys import EXPECT_KEYS
from seimai.pipeline.messages.keys import KEYS, SECTIONS, Key
from seimai.pipeline.messages.source_keys import SOURCE_KEYS
from seimai.pipeline.recipe.schema import SECTION_OF, of_models, schema

LANGUAGES = ("en", "ja")
WORDS: Mapping[str, Key] = {
    **KEYS,
    **SOURCE_KEYS,
    **ADMISSION_KEYS,
    **DEDUP_KEYS,
    **APART_KEYS,
    **EXPECT_KEYS,
}
PAGES = {"en": "REFERENCE.md", "ja": "REFERENCE.ja.md"}
SCHEMA = "recipe.schema.json"

_BINARY, _DECIMAL = ("MiB", 1 << 20), ("MB", 10**6)


@dataclass(frozen=True)
class Entry:
    """One key, in the language of its reader."""

    section: str
    key: str
    value: str
    """What the key may have as its value: kind and range."""
    default: str
    meaning: str
    example: str

    @property
    def path(self) -> str:
        """What it is called from outside: `dedup.rows`, and `clean` for keys at the top."""
        return self.key if self.section == "recipe" else f"{self.section}.{self.key}"


def say(code: str, language: str, **values: str) -> str:
    """A sentence of `messages` in a language that is asked for."""
    message = MESSAGES[code]
    return (message.ja if language == "ja" else message.en).format(**values)


def entries(language: str) -> list[Entry]:
    """Every key of a recipe, section by section, in the order of the models."""
    models = of_models()
    found: dict[str, list[Entry]] = {section: [] for section in SECTIONS}
    for model, section in SECTION_OF.items():
        if found[section]:
            continue  # a limit inside of a combined one has the keys of any other
        node = models if model == "Recipe" else models["$defs"][model]
        needed = node.get("required", ())
        for key, value in node["properties"].items():
            words = WORDS.get(f"{section}.{key}", Key("", ""))
            meaning = words.ja if language == "ja" else words.en
            default = _default(value, language, required=key in needed)
            kind = _kind(value, models["$defs"], language)
            found[section].append(Entry(section, key, kind, default, meaning, words.example))
    return [entry for section in found.values() for entry in section]


def page(language: str) -> str:
    """The whole recipe reference in one language, as Markdown."""
    other = PAGES["en" if language == "ja" else "ja"]
    lines = [f"# {say('reference.title', language)}", ""]
    for code in ("other", "made", "editor", "values"):
        lines += [say(f"reference.{code}", language, page=other), ""]
    known = entries(language)
    for section, words in SECTIONS.items():
        head = [f"reference.{name}" for name in ("key", "value", "default", "meaning", "example")]
        rows = [
            (f"`{one.key}`", one.value, one.default, one.meaning, _code(one.example))
            for one in known
            if one.section == section
        ]
        lines += [f"## `{section}`", "", words.ja if language == "ja" else words.en, ""]
        lines += [*_table([say(code, language) for code in head], rows), ""]
    lines += _registry("cleaners", _named(known_cleaners()), language)
    lines += _registry("signals", _named(signal.load()), language)
    return "\n".join([*lines, say("reference.more", language), ""])


def whole_schema() -> str:
    """The JSON schema as text, with our signals and cleaners for editors to complete."""
    signals = {
        one.name: (one.between, _both(one)) for one in signal.load().values() if _is_ours(one)
    }
    cleaners = sorted(_named(known_cleaners()))
    described = {path: (f"{key.en}\n{key.ja}", key.example) for path, key in WORDS.items()}
    return json.dumps(schema(described, signals, cleaners), ensure_ascii=False, indent=1) + "\n"


def write(folder: Path) -> None:
    """Both pages and the schema, into a folder."""
    for language, name in PAGES.items():
        (folder / name).write_text(page(language), "utf-8")
    (folder / SCHEMA).write_text(whole_schema(), "utf-8")


def _is_ours(one: Described) -> bool:
    """Whether it comes with Seimai: plugins of the machine are not for a page of ours."""
    spec = find_spec("seimai.filters")
    places = (spec and spec.submodule_search_locations) or ()
    folders = {Path(place).resolve() for place in places}
    return not folders.isdisjoint(one.file.resolve().parents)


def _named(known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in known.items() if _is_ours(one)}


def _both(one: Described) -> str:
    return "\n".join(first_sentence(one, language) for language in LANGUAGES)


def _registry(kind: str, known: Mapping[str, Any], language: str) -> list[str]:
    """A table of signals, with their ranges, or of cleaners."""
    head = ["reference.name", "reference.meaning"]
    rows: list[tuple[str, ...]] = [
        (f"`{name}`", _plain(first_sentence(one, language))) for name, one in known.items()
    ]
    if kind == "signals":
        head.insert(1, "reference.range")
        rows = [
            (row[0], _between(one.between), *row[1:])
            for row, one in zip(rows, known.values(), strict=True)
        ]
    title = f"## {say(f'reference.{kind}', language)}"
    return [title, "", *_table([say(code, language) for code in head], rows), ""]


def _between(between: tuple[float, float]) -> str:
    return "–".join(f"{end:g}".replace("inf", "∞") for end in between)


def _plain(text: str) -> str:
    """Text in which Markdown finds no marks of its own."""
    return "".join(f"\\{sign}" if sign in "\\|*_<>[]{}`#~" else sign for sign in text)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: list[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _default(value: Mapping[str, Any], language: str, *, required: bool) -> str:
    """The default as it would be written in a recipe; a dash where there is none."""
    if required:
        return say("reference.required", language)
    default: Any = value.get("default")
    if _is_size(value):
        ending, unit = next(one for one in (_DECIMAL, _BINARY) if default % one[1] == 0)
        return f"`{default // unit}{ending}`"
    if default in (None, [], {}) or isinstance(default, dict):
        return "–"
    return f"`{json.dumps(default)}`" if not isinstance(default, str) else f"`{default}`"


def _is_size(value: Mapping[str, Any]) -> bool:
    return [one.get("type") for one in value.get("anyOf", ())] == ["integer", "string"]


def _kind(value: Mapping[str, Any], models: Mapping[str, Any], language: str) -> str:
    """What can stand at a place of the schema, in words."""
    if _is_size(value):
        return say("kind.size", language)
    if "anyOf" in value:
        kinds = [one for one in value["anyOf"] if one.get("type") != "null"]
        return say("reference.or", language).join(_kind(one, models, language) for one in kinds)
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        if name in SECTION_OF:
            return f"[{say('kind.section', language)}](#{SECTION_OF[name]})"
        parts = models[name]["properties"]
        told = dict.fromkeys(_kind(part, models, language) for part in parts.values())
        keys = ", ".join(f"`{key}`" for key in parts)
        return say("kind.part", language, of=keys, kind=" / ".join(told))
    choices = value.get("enum", [value["const"]] if "const" in value else [])
    if choices:
        of = ", ".join(f"`{choice}`" for choice in choices)
        return say("kind.choice", language, of=of) if len(choices) > 1 else of
    if value["type"] == "array":
        return say("kind.list", language, of=_kind(value["items"], models, language))
    if value["type"] == "object":
        of = _kind(value["additionalProperties"], models, language)
        return say("kind.mapping", language, of=of)
    return _ranged(say(f"kind.{value['type']}", language), value, language)


def _ranged(kind: str, value: Mapping[str, Any], language: str) -> str:
    """A kind of number with what it lies between."""
    low, above = value.get("minimum"), value.get("exclusiveMinimum")
    high = value.get("maximum", value.get("exclusiveMaximum", 0) - 1)
    ends = {"kind": kind, "high": f"{high:,}"}
    if above is not None:
        return say("kind.above", language, low=f"{above}", **ends)
    if low is None:
        return kind
    if high < low:
        return say("kind.least", language, kind=kind, low=f"{low:,}")
    return say("kind.between", language, low=f"{low:,}", **ends)


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "configs"))
