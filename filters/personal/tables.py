"""
Labels of columns: in tables with separators the label of a value may be rows above it.

A header is a line whose cells are short and hold no digits, and which has a label among them; the
rows below it with as many separators belong to it. What separates may be a bar, a comma or a tab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CELL = 20
"""Characters of a header's cell; longer ones are prose with commas."""
MOST_ROWS = 10_000
"""Rows below one header, so that a stray one does not rule a whole book."""

_SEPARATOR = re.compile(r"[|,\t]")
_CELL_LABEL = re.compile(
    "[氏名番〒住生誕パフふカ](?:(?<=氏)名|(?<=フ)リガナ|(?<=ふ)りがな|(?<=カ)ナ|(?<=名)[前義]|(?<=[便許証券金座者]番)号|(?<=〒)|(?<=住)所|(?<=生)年月日"
    "|(?<=誕)生日|(?<=パ)スポ-ト)(?=[^|,\t\n。、 ]{0,8} ?[\"']?(?:[|,\t\n]|\\Z))"
)


class Cell(NamedTuple):
    """A value of a table, as a range of characters, with the label of its column."""

    label: str
    start: int
    end: int


def with_tabs(text: str, folded: str) -> str:
    r"""
    A folded text with the tabs of the text, which folding has made blanks: they part cells.

    >>> with_tabs("氏名\t住所", "氏名 住所")
    '氏名\t住所'
    """
    if "\t" not in text:
        return folded
    parts = []
    done = 0
    for part in text.split("\t"):
        parts.append(folded[done : done + len(part)])
        done += len(part) + 1
    return "\t".join(parts)


def cells(folded: str) -> Iterator[Cell]:
    """The filled cells below headers with a label of personal data, in order."""
    header: list[str] = []
    separator = ""
    rows = at = 0
    while at <= len(folded):
        if not header:
            # No line is a header that has no label: most texts end here.
            label = _CELL_LABEL.search(folded, at)
            if label is None:
                return
            at = folded.rfind("\n", at, label.start()) + 1 or at
        end = folded.find("\n", at)
        end = len(folded) if end < 0 else end
        start, line, at = at, folded[at:end], end + 1
        if header:
            parts = line.split(separator)
            if len(parts) == len(header) and rows < MOST_ROWS:
                rows += 1
                place = start
                for named, part in zip(header, parts, strict=True):
                    value = part.strip(" \"'")
                    first = place + part.find(value) if value else place
                    place += len(part) + 1
                    if named and value:
                        yield Cell(named, first, first + len(value))
                if not _is_header(line):
                    continue
        header, separator, rows = [], "", 0
        if (match := _SEPARATOR.search(line)) and _is_header(line):
            separator = match[0]
            names = [part.strip(" \"'") for part in line.split(separator)]
            if all(len(name) <= LONGEST_CELL for name in names):
                header = [name if _CELL_LABEL.search(name) else "" for name in names]


def _is_header(line: str) -> bool:
    return len(line) <= 400 and not re.search("[0-9@。]", line) and bool(_CELL_LABEL.search(line))
