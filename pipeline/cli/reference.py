"""`recipes --reference` and `--schema`: what a recipe may hold."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from seimai.pipeline.cleaner import known_cleaners
from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns, folded
from seimai.pipeline.descriptions import description, first_sentence, japanese
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import language, sentence
from seimai.pipeline.messages.keys import SECTIONS
from seimai.pipeline.names import nearest
from seimai.pipeline.reference import Entry, entries, whole_schema

if TYPE_CHECKING:
    from seimai.pipeline.cleaner import Cleaner
    from seimai.pipeline.cli.manner import Manner


def show_reference(name: str | None, manner: Manner) -> int:
    """`seimai recipes --reference [SECTION|KEY]`: all keys, or those that are called so."""
    known = entries(language())
    cleaners = known_cleaners()
    chosen = [one for one in known if name in (None, one.section, one.key, one.path)]
    if not chosen and name in cleaners:
        return show_cleaner(cleaners[name], manner)
    if not chosen:
        near = nearest(str(name), [*SECTIONS, *(one.path for one in known), *cleaners])
        raise Problem("U092", name=name, near=near, known=", ".join(SECTIONS))
    if manner.json:
        say_json([asdict(one) for one in chosen])
        return 0
    lines: list[str] = []
    for section, words in SECTIONS.items():
        listed = [one for one in chosen if one.section == section]
        if len(listed) > 1:
            lines += ["", *folded(words.ja if language() == "ja" else words.en)]
        for one in listed:
            lines += ["", *_rows(one)]
    if name in (None, "clean"):
        said = [(f"  {one.name}", first_sentence(one)) for one in cleaners.values()]
        lines += ["", sentence("reference.cleaners"), *columns(said)]
    say(lines[1:])
    return 0


def show_cleaner(cleaner: Cleaner, manner: Manner) -> int:
    """`seimai signals CLEANER` and `seimai recipes --reference CLEANER`."""
    if manner.json:
        say_json({"name": cleaner.name, "doc": cleaner.doc, "doc_ja": japanese(cleaner)})
    else:
        say([cleaner.name, *(f"  {line}".rstrip() for line in folded(description(cleaner)))])
    return 0


def show_schema() -> int:
    """`seimai recipes --schema`."""
    say(whole_schema().rstrip("\n"))
    return 0


def _rows(one: Entry) -> list[str]:
    default = "" if one.default == "–" else f" · {one.default}"
    if one.default.startswith("`"):
        default = f" · {sentence('reference.default')} {one.default}"
    rows = [f"{one.path}  {_bare(one.value)}{_bare(default)}"]
    rows += [f"  {line}" for line in folded(one.meaning)]
    return [*rows, *([f"  > {one.example}"] if one.example else ())]


def _bare(text: str) -> str:
    """The text without its Markdown marks."""
    return text.replace("`", "").replace("[", "").replace("](#", " (").replace("(#", "(")
