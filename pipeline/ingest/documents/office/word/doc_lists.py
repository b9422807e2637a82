"""
The lists of a DOC: which paragraphs are numbered, and how ([MS-DOC], PlfLst, PlfLfo, STSH).

A paragraph names a list and a level, by itself or by its style. Numbers are made as those of DOCX.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import NamedTuple

from seimai.pipeline.ingest.documents.office.word.doc_properties import places
from seimai.pipeline.ingest.documents.office.word.numbering import LEVELS, Counters, Level

STYLES, LISTS, USES = 0xA2, 0x2E2, 0x2EA
"""Where the places of the tables stand in the file: styles, lists, and uses of lists."""
LIST, LEVEL, USE = 28, 28, 16
"""Sizes in bytes of the records of a list, of a level and of a use."""
SIMPLE = 0x01
"""The flag of a list of one level."""
LEGAL, NOT_RESTARTED = 0x04, 0x08
GLUED = 2
"""The value that says that nothing (no tab, no space) follows the number."""
SET_START, SET_LEVEL = 0x10, 0x20
LEVEL_OF, USE_OF = 0x260A, 0x460B
"""Properties of a paragraph: its level, and the use of a list that it belongs to."""
MOST = 4_000
"""Lists and uses of a document that are looked at."""
DEEPEST = 20
"""Styles are followed to the styles they are based on this far; a loop ends there."""
KINDS = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    5: "ordinal", 10: "ideographDigital", 11: "japaneseCounting", 12: "aiueo", 13: "iroha",
    14: "decimalFullWidth", 15: "decimal", 16: "japaneseLegal", 17: "japaneseDigitalTenThousand",
    18: "decimalEnclosedCircle", 19: "decimalFullWidth", 20: "aiueoFullWidth",
    21: "irohaFullWidth", 22: "decimalZero", 23: "bullet", 26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen", 28: "decimalEnclosedCircle", 29: "ideographEnclosedCircle",
    30: "ideographTraditional", 31: "ideographZodiac", 37: "chineseCountingThousand",
    57: "numberInDash", 255: "none",
}  # fmt: skip
"""Names of numerals as DOCX has them, by their number here."""


class Place(NamedTuple):
    """What a paragraph, or a style, says of lists."""

    use: int | None = None
    """The number of the use of a list, from 1; 0 says that there is none."""
    level: int | None = None
    style: int = 0


class Lists:
    """The numbers of the paragraphs of a document, one after the other."""

    def __init__(self) -> None:
        self._levels: dict[int, dict[int, Level]] = {}
        self._uses: list[tuple[int, dict[int, int], dict[int, Level]]] = []
        """For each use its list, the numbers it begins with, and its own levels."""
        self._styles: dict[int, tuple[int, Place]] = {}
        """For each style the one it is based on, and what it says of lists."""
        self._counters = Counters()
        self._restarted: set[tuple[int, int]] = set()

    def __bool__(self) -> bool:
        return bool(self._uses)

    def label(self, place: Place) -> str:
        """The number in front of a paragraph, "" for most."""
        use, level = self._found(place)
        if not 0 < use <= len(self._uses):
            return ""
        name, starts, own = self._uses[use - 1]
        levels = {**self._levels.get(name, {}), **own}
        level = min(level, LEVELS - 1)
        if level in starts and (use, level) not in self._restarted:
            self._restarted.add((use, level))
            self._counters.restart(str(name), level, starts[level])
        return self._counters.label(str(name), level, levels)

    def _found(self, place: Place) -> tuple[int, int]:
        use, level = place.use, place.level
        style = place.style
        for _ in range(DEEPEST):
            if use is not None or style not in self._styles:
                break
            above, said = self._styles[style]
            use = said.use
            level = said.level if level is None else level
            style = above
        return use or 0, level or 0

    def read_styles(self, table: bytes) -> None:
        """Read what styles say of lists."""
        (size,) = struct.unpack_from("<H", table)
        count, base = struct.unpack_from("<HH", table, 2)
        at = 2 + size
        for number in range(count):
            if at + 2 > len(table):
                break
            (length,) = struct.unpack_from("<H", table, at)
            one = table[at + 2 : at + 2 + length]
            if length:
                self._read_style(number, one, base)
            at += 2 + length + length % 2

    def _read_style(self, number: int, one: bytes, base: int) -> None:
        kind, sets = struct.unpack_from("<HH", one, 2)
        if kind & 0xF != 1 or sets & 0xF < 1:  # Not of paragraphs.
            return
        (letters,) = struct.unpack_from("<H", one, base)
        at = base + 2 + 2 * letters + 2
        (size,) = struct.unpack_from("<H", one, at)
        said = place_of(one[at + 4 : at + 2 + size])
        self._styles[number] = (kind >> 4, said)

    def read_lists(self, table: bytes, start: int) -> None:
        """Read the lists; their levels stand after all of them."""
        (count,) = struct.unpack_from("<H", table, start)
        at = start + 2 + LIST * count
        for k in range(min(count, MOST)):
            (name,) = struct.unpack_from("<i", table, start + 2 + LIST * k)
            simple = table[start + 2 + LIST * k + 26] & SIMPLE
            levels = self._levels.setdefault(name, {})
            for level in range(1 if simple else LEVELS):
                levels[level], at = _level(table, at)

    def read_uses(self, table: bytes, start: int) -> None:
        """Read the uses of lists; what they do otherwise stands after all of them."""
        (count,) = struct.unpack_from("<I", table, start)
        count = min(count, MOST)
        at = start + 4 + USE * count
        for k in range(count):
            name, changes = struct.unpack_from("<i8xB", table, start + 4 + USE * k)
            starts: dict[int, int] = {}
            levels: dict[int, Level] = {}
            at += 4
            for _ in range(changes):
                first, flags = struct.unpack_from("<iI", table, at)
                at += 8
                place = flags & 0xF
                if flags & SET_LEVEL:
                    levels[place], at = _level(table, at)
                    first = levels[place].start
                if flags & SET_START:
                    starts[place] = first
            self._uses.append((name, starts, levels))


def _level(table: bytes, at: int) -> tuple[Level, int]:
    """A level, and the place after it."""
    start, kind, flags = struct.unpack_from("<iBB", table, at)
    follows, characters, paragraph, restarts = struct.unpack_from("<B8x3B", table, at + 15)
    at += LEVEL + characters + paragraph
    (length,) = struct.unpack_from("<H", table, at)
    raw = table[at + 2 : at + 2 + 2 * length]
    pattern = raw.decode("utf-16-le", "replace").replace("%", "")
    pattern = "".join(f"%{ord(one) + 1}" if one < "\t" else one for one in pattern)
    found = Level(
        KINDS.get(kind, "decimal"),
        pattern,
        start,
        glued=follows == GLUED,
        plain=bool(flags & LEGAL),
    )
    if flags & NOT_RESTARTED:
        found = replace(found, restarts=restarts)
    return found, at + 2 + 2 * length


def place_of(properties: bytes, style: int = 0) -> Place:
    """What the properties of a paragraph say of lists."""
    use = level = None
    for name, at in places(properties):
        if name == USE_OF and at + 2 <= len(properties):
            (use,) = struct.unpack_from("<h", properties, at)
        elif name == LEVEL_OF:
            level = properties[at]
    return Place(use, level, style)
