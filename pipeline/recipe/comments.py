"""
Comments of the shipped recipes in Japanese, for a copy that a Japanese reader takes.

The recipes themselves have English comments; what each is in Japanese stands in
`messages/recipe_comments.ja.yaml`, by the English. A comment without Japanese stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

_BESIDE = re.compile(r"(?P<code>(?:# )?[^#]*\S\s+)# (?P<said>.*)")
"""A line, of an example too, with a comment behind what it says."""

_ALONE = re.compile(r"(?P<indent> *)# ?(?P<said>.*)")
"""A line that is nothing but a comment."""

_HEADING = re.compile(r"---.*---")
"""A comment that is the heading of what follows."""

_EXAMPLE = re.compile(r" {2,}|[\w.]+:$|yaml-language-server:|seimai ")
"""How comments begin that are lines of a recipe, or of a shell, to be copied."""


@cache
def _known() -> dict[str, str]:
    path = Path(__file__).parents[1] / "messages" / "recipe_comments.ja.yaml"
    known: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
    return known


def in_japanese(text: str) -> str:
    """The text of a recipe with its comments in Japanese; nothing else of it changes."""
    known = _known()
    lines: list[str] = []
    for said, indent, code, verbatim in parts(text):
        told = known.get(said, "")
        if code:
            lines.append(f"{code}# {told or said}")
        elif told:
            lines += [f"{indent}# {line}".rstrip() for line in told.rstrip("\n").split("\n")]
        else:
            lines += verbatim
    return "".join(f"{line}\n" for line in lines)


def parts(text: str) -> Iterator[tuple[str, str, str, list[str]]]:
    """
    A recipe in pieces: a comment ("" for none), its indent, the code before it, and its lines.

    Lines of comments that follow each other are one sentence or more, and one comment.
    """
    block: list[str] = []
    for line in [*text.splitlines(), None]:
        alone = _ALONE.fullmatch(line) if line is not None else None
        said = alone["said"] if alone else ""
        heading = bool(_HEADING.fullmatch(said))
        prose = bool(said) and not heading and not _EXAMPLE.match(said)
        if block and not prose:
            yield " ".join(one.lstrip(" #") for one in block), _indent(block[0]), "", block
            block = []
        if line is None:
            return
        if prose:
            block.append(line)
        elif heading:
            yield said, _indent(line), "", [line]
        elif beside := _BESIDE.fullmatch(line):
            yield beside["said"], "", beside["code"], [line]
        else:
            yield "", "", "", [line]


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip()))
