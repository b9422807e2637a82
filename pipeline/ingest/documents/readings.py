"""Readings of ruby in PDF: small kana beside the line whose kanji they belong to, left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.ingest.documents.layout import Line

SMALL = 0.62
"""Readings have half the size of the characters; a third of it over three kana."""
NEAR, FAR = 0.4, 1.2
"""Distances between the middle of a line and that of its readings, in em of the line."""
MOST_LINES = 1_000
"""A page with more lines is a drawing, and each would be held against each."""
_KANA = re.compile(r"[ぁ-ゖァ-ヺーゝゞヽヾ・ 　]+")
_KANJI = re.compile(r"[々一-鿿]")


def without_readings(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page that are no readings of others."""
    if len(lines) > MOST_LINES:
        return list(lines)
    bases = [line for line in lines if _KANJI.search(line.text)]
    return [
        line
        for line in lines
        if not _KANA.fullmatch(line.text) or not any(_reads(line, base) for base in bases)
    ]


def _reads(line: Line, base: Line) -> bool:
    """Whether a line of kana stands over a line, or to the right of one of vertical writing."""
    return (
        line.size <= SMALL * base.size
        and NEAR * base.size <= line.across - base.across <= FAR * base.size
        and line.start < base.end
        and base.start < line.end
    )
