"""Symbols of a DOC: characters that are `(` in the text and show a letter of a font of signs."""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from seimai.pipeline.ingest.documents.office.sign_fonts import sign
from seimai.pipeline.ingest.documents.office.word.doc_properties import places

SYMBOL = 0x6A09
"""The property: the number of the font, and the letter of it."""
FONTS = 0x112
"""Where the place of the table of fonts stands."""
NAME = 39
"""Bytes of a font before its name."""
MOST_FONTS = 0x7FFF


@dataclass
class Symbols:
    """Places in the file that show a sign, in their order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)

    def add(self, start: int, end: int, shows: str) -> None:
        """One more place, after those before."""
        if not self.ends or self.ends[-1] <= start:  # out of order they could not be searched
            self.starts.append(start)
            self.ends.append(end)
            self.signs.append(shows)

    def within(self, start: int, end: int) -> list[tuple[int, int, str]]:
        """Those that lie in a piece of the file, cut to it."""
        some = range(bisect_right(self.ends, start), bisect_left(self.starts, end))
        return [(max(self.starts[k], start), min(self.ends[k], end), self.signs[k]) for k in some]


def fonts_of(data: bytes, table: bytes) -> list[str]:
    """The names of the fonts of a document; none where the table of them cannot be read."""
    if len(data) < FONTS + 8:
        return []
    start, size = struct.unpack_from("<II", data, FONTS)
    found: list[str] = []
    listed = table[start : start + size]
    at = 4
    while at < len(listed) and len(found) < MOST_FONTS:
        font = listed[at + 1 : at + 1 + listed[at]]
        found.append(font[NAME:].decode("utf-16-le", "replace").partition("\0")[0])
        at += 1 + listed[at]
    return found


def symbol_of(properties: bytes, fonts: list[str]) -> str | None:
    """
    What a run of characters shows that are symbols; None where they are none, "" if unknown.

    >>> symbol_of(bytes.fromhex("096a0100fef0"), ["MS 明朝", "Wingdings"])
    '☑'
    """
    for name, at in places(properties):
        if name == SYMBOL:
            font, letter = struct.unpack("<HH", properties[at : at + 4].ljust(4, b"\xff"))
            return sign(fonts[font], letter) if font < len(fonts) else ""
    return None
