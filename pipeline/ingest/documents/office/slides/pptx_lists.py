"""The automatic numbers of paragraphs on slides: `1.`, `(a)`, `①`, counted within their shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.word.numbering import LEVELS, numeral

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.package import Event

KINDS = {
    "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "arabic": "decimal",
    "romanLc": "lowerRoman", "romanUc": "upperRoman", "arabicDb": "decimalFullWidth",
    "circleNumDb": "decimalEnclosedCircle", "circleNumWdBlack": "decimalEnclosedCircle",
    "circleNumWdWhite": "decimalEnclosedCircle", "ea1JpnChsDb": "ideographDigital",
    "ea1JpnKor": "chineseCountingThousand", "ea1Chs": "chineseCountingThousand",
    "ea1Cht": "chineseCountingThousand",
}  # fmt: skip
"""Numerals of PowerPoint by the names that Word has for them; all others are digits."""
AROUND = {"ParenBoth": "({})", "ParenR": "{})", "Period": "{}.", "Minus": "- {} -", "Plain": "{}"}
_SCHEME = re.compile(r"(\w+?)(ParenBoth|ParenR|Period|Minus|Plain)")
_STYLE = re.compile(r"lvl([1-9])pPr")
OTHER = {"buNone", "buChar", "buBlip"}
"""A paragraph with one of them has no number, whatever its shape says."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    name: str = ""
    start: int = 1


NONE = _Scheme()


class SlideLists:
    """The numbers of the paragraphs of one shape after the other."""

    def __init__(self) -> None:
        self.begin_shape()

    def begin_shape(self, _: Event | None = None) -> None:
        """The text of a shape begins: its numbers begin anew."""
        self._styles: dict[int, _Scheme] = {}
        self._style: int | None = None
        self._counts: dict[int, tuple[_Scheme, int]] = {}
        self.begin_paragraph()

    def begin_paragraph(self) -> None:
        """Begin a paragraph: level 0, and no bullet of its own yet."""
        self._level = 0
        self._own: _Scheme | None = None

    def properties(self, event: Event) -> None:
        """The properties of a paragraph, or of a level of the shape."""
        said = event.attributes.get("lvl", "0")
        self._level = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 0
        self._level = min(self._level, LEVELS - 1)

    def style(self, event: Event) -> None:
        """A level of the shape, whose properties follow."""
        match = _STYLE.fullmatch(event.name)
        self._style = int(match[1]) - 1 if match else None

    def end_style(self) -> None:
        """End the list styles of a shape."""
        self._style = None

    def bullet(self, event: Event) -> None:
        """Note what stands before a paragraph: a bullet, a number or nothing."""
        scheme = NONE
        if event.name == "buAutoNum":
            said = event.attributes.get("startAt", "1")
            start = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
            scheme = _Scheme(event.attributes.get("type", ""), start)
        if self._style is not None:
            self._styles[self._style] = scheme
        else:
            self._own = scheme

    def label(self) -> str:
        """The number of the paragraph at hand with a blank after it, or nothing."""
        level = self._level
        scheme = self._own if self._own is not None else self._styles.get(level, NONE)
        for deeper in [one for one in self._counts if one > level]:
            del self._counts[deeper]
        if not scheme.name:
            self._counts.pop(level, None)
            return ""
        before, count = self._counts.get(level, (NONE, 0))
        count = count + 1 if before == scheme else scheme.start
        self._counts[level] = (scheme, count)
        match = _SCHEME.fullmatch(scheme.name)
        kind, around = (match[1], match[2]) if match else ("", "Plain")
        return AROUND[around].format(numeral(KINDS.get(kind, "decimal"), count)) + " "
