"""
The sections of a number format, read: what each shows, place by place.

A section has places for digits or parts of a date, and what stands for itself. The grammar is that
of ECMA-376, 18.8.31; how a number fills a section say `number_formats` and `format_dates`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "digit", "point", "percent", "power", "date", "general"]
Part: TypeAlias = tuple[Kind, str]

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].?|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>general)|(?P<noon>am/pm|a/p)|(?P<power>e[+-])|(?P<text>@)"
    r"|(?P<letters>y+|m+|d+|h+|s+|g+|e+|a+|r+|b+)|(?P<digit>[0#?])|(?P<rest>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)$")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_SYSTEM = ("f800", "f400")
"""Dates and times as the settings of the reader's computer have them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a number format: how numbers of one sign are shown."""

    parts: tuple[Part, ...]
    condition: tuple[str, float] | None = None
    grouped: bool = False
    """Whether thousands are set apart."""
    thousands: int = 0
    """The power of 1,000 that numbers are divided by: 1 for `#,##0,`, which shows 千円."""
    japanese: bool = False
    gannen: bool = False
    """Whether the first year of an era is 元."""
    known: bool = True
    """Whether the format is understood; if not, numbers come as they are stored."""

    def has(self, kind: Kind) -> bool:
        """Whether a part of a kind is there."""
        return any(one == kind for one, _ in self.parts)


@lru_cache(maxsize=1 << 12)
def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format, at least one; that for texts is left out."""
    found: list[Section] = []
    pieces: list[re.Match[str]] = []
    for piece in _PIECE.finditer(code):
        if piece["rest"] == ";":
            found.append(_section(pieces))
            pieces = []
        else:
            pieces.append(piece)
    found.append(_section(pieces))
    return tuple(found[:3])


def _section(pieces: list[re.Match[str]]) -> Section:
    parts: list[Part] = []
    condition: tuple[str, float] | None = None
    commas = thousands = 0
    grouped = japanese = gannen = False
    known = True
    for piece in pieces:
        kind, said = piece.lastgroup, piece[0]
        if kind == "bracket":
            inside = piece["bracket"]
            if match := _CONDITION.match(inside):
                condition = (match[1], float(match[2]))
            elif _ELAPSED.fullmatch(inside):
                parts.append(("date", f"[{inside[0].lower()}{len(inside)}"))
            elif inside[:1] == "$":
                sign, _, place = inside[1:].partition("-")
                place = place.lower()
                japanese = japanese or place.endswith("411") or place.startswith("ja")
                gannen = gannen or "gannen" in place
                known = known and place not in _SYSTEM
                parts += [("text", sign)] if sign else []
            elif inside.lower().startswith("dbnum"):
                known = False
            continue
        if kind == "digit":
            if commas:
                grouped, commas = True, 0
            parts.append(("digit", said))
        elif kind == "rest" and said == "," and any(one == "digit" for one, _ in parts):
            commas += 1
        elif kind == "rest" and said == "." and not any(one == "date" for one, _ in parts):
            thousands, commas = thousands + commas, 0
            parts.append(("point", ""))
        elif kind == "rest" and said == "/" and parts and parts[-1][0] == "digit":
            known = False  # a fraction
        elif kind == "rest":
            parts.append(("percent" if said == "%" else "text", said))
        elif kind in ("quoted", "escaped"):
            parts.append(("text", piece[kind]))
        elif kind in ("letters", "noon"):
            parts.append(("date", said.lower()))
        elif kind == "power":
            parts.append(("power", said[1]))
        elif kind in ("general", "text"):
            parts.append(("general", ""))
    if any(kind == "date" for kind, _ in parts):
        parts = [("text", said) if kind in ("percent", "point") else (kind, said)
                 for kind, said in parts]  # fmt: skip
    return Section(
        tuple(parts), condition, grouped, min(thousands + commas, 5), japanese, gannen, known
    )
