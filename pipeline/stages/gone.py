"""
What cleaners take out of one text, line by line, and where it stood: for people to look at.

Cleaning a corpus counts only how much went (`clean.py`). Here one text is cleaned step by step,
and every line that goes is kept with the cleaner that took it and, where that can tell, what it
is. Of cleaners that cannot say what they take, lines that are no longer there tell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.cleaner import Cleaner

COLUMN = pa.list_(
    pa.struct(
        [
            ("cleaner", pa.string()),
            ("kind", pa.string()),
            ("text", pa.string()),
            ("line", pa.int32()),
        ]
    )
)
"""Arrow type of the column that stores the lines which were taken out of a text."""


@dataclass(frozen=True)
class Gone:
    """A line, or a part of one, that a cleaner took out of a text."""

    cleaner: str
    text: str
    kind: str = ""
    """What it is, as `gone.KIND` of `messages` says; empty where the cleaner cannot tell."""
    line: int = 0
    """The number of the line of the clean text before which it stood, from 0."""


def line_count(text: str) -> int:
    r"""
    Lines that are not blank.

    >>> line_count("米\n\n 水 \n")
    2
    """
    return sum(map(bool, map(str.strip, text.split("\n"))))


def gone_lines(text: str, cleaners: Sequence[Cleaner]) -> tuple[Gone, ...]:
    """What the cleaners take out of a text, in the order in which it stood there."""
    gone: list[Gone] = []
    for cleaner in cleaners:
        cleaned = cleaner(text)
        if cleaned == text:
            continue
        before, after = text.split("\n"), cleaned.split("\n")
        lands = _landing(before, after)
        gone = [Gone(one.cleaner, one.text, one.kind, lands[one.line]) for one in gone]
        if not (cleaner.masks or cleaner.mends):
            gone += _taken(cleaner, text, before, after, lands)
        text = cleaned
    # Of those at one place the first cleaner's come first: the order is stable.
    return tuple(sorted(gone, key=lambda one: one.line))


def _taken(
    cleaner: Cleaner, text: str, before: list[str], after: list[str], lands: list[int]
) -> Iterator[Gone]:
    named = _named_spans(cleaner, text)
    if named is not None:
        starts = [0]
        for line in before:
            starts.append(starts[-1] + len(line) + 1)
        place = 0
        for begin, end, kind in named:
            while starts[place + 1] <= begin:
                place += 1
            yield Gone(cleaner.name, text[begin:end], kind, lands[place])
    elif line_count(text) > sum(1 for line in after if line and not line.isspace()):
        for place, line_text in enumerate(before):
            if line_text.strip() and lands[place + 1] == lands[place]:
                yield Gone(cleaner.name, line_text, "", lands[place])


def _named_spans(cleaner: Cleaner, text: str) -> list[tuple[int, int, str]] | None:
    """The spans that a cleaner says it takes, in order, with their kinds; else None."""
    if cleaner.where is None:
        return None
    try:
        spans = cleaner.where(text)
        kinds = list(cleaner.kinds(text)) if cleaner.kinds is not None else []
    except Exception:  # noqa: BLE001 - what a plugin says of itself must not cost a run; comparing lines tells nearly as much
        return None
    kinds += [""] * (len(spans) - len(kinds))
    pairs = zip(spans, kinds, strict=False)
    return sorted((b, e, kind) for (b, e), kind in pairs if 0 <= b < e <= len(text))


def _landing(before: list[str], after: list[str]) -> list[int]:
    """
    For each line before a cleaner, and their end, how many lines stand above it afterwards.

    >>> _landing(["a", "b", "c"], ["a", "c"])
    [0, 1, 1, 2]
    """
    if len(before) == len(after):
        return list(range(len(before) + 1))
    lands, at = [], 0
    for line in before:
        lands.append(at)
        # Blanks at the ends of lines come and go without anything else going.
        if at < len(after) and line.rstrip() == after[at].rstrip():
            at += 1
    return [*lands, at]
