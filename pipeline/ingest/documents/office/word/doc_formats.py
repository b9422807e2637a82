"""
The formatting of a DOC that decides its text: what is hidden or deleted, rows and cells, lists.

It lies in pages of 512 bytes, by place in the file.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.documents.office.word.doc_lists import Place, place_of
from seimai.pipeline.ingest.documents.office.word.doc_properties import values
from seimai.pipeline.ingest.documents.office.word.doc_symbols import Symbols, fonts_of, symbol_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.contract import ReadOptions

CHARACTERS, PARAGRAPHS = 0xFA, 0x102
"""Where the places of the tables stand: formats of characters and of paragraphs."""
PAGE = 512

DELETED, HIDDEN = 0x0800, 0x083C
IN_TABLE, ROW_ENDS = 0x2416, 0x2417
"""Numbers of the properties that say so of a paragraph."""

PARAGRAPH, CELL, LINE, BREAK = "\r", "\x07", "\x0b", "\x0c"
PART, ROW = "\x1c", "\x1d"
"""Ours: a paragraph that ends within a cell, and the end of a row."""
ENDS = re.compile(f"[{PARAGRAPH}{CELL}{BREAK}{PART}{ROW}]")


@dataclass
class Ranges:
    """Places in the file that share a property, in their order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, start: int, end: int) -> None:
        """Add a range that begins behind those before."""
        if self.ends and self.ends[-1] == start:
            self.ends[-1] = end
        elif not self.ends or self.ends[-1] < start:  # Out of order they would be searched forever.
            self.starts.append(start)
            self.ends.append(end)

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of ranges that lie between two places."""
        for k in range(bisect_right(self.ends, start), bisect_left(self.starts, end)):
            yield max(self.starts[k], start), min(self.ends[k], end)


@dataclass
class Formats:
    """What decides the text, by place in the file."""

    unseen: Ranges = field(default_factory=Ranges)
    symbols: Symbols = field(default_factory=Symbols)
    rows: set[int] = field(default_factory=set)
    """Where the marks at the ends of rows end."""
    cells: set[int] = field(default_factory=set)
    """Where the paragraphs end that stand in cells."""
    lists: dict[int, Place] = field(default_factory=dict)
    """What each paragraph says of lists, by where it ends."""


def slice_of(data: bytes, table: bytes, at: int) -> bytes:
    """The table whose place and size stand at a byte of the file."""
    start, size = struct.unpack_from("<II", data, at)
    found = table[start : start + size]
    if len(found) < size:
        raise Broken("truncated", "a table of the document is cut off")
    return found


def marked(text: str, start: int, width: int, formats: Formats) -> str:
    """A piece of text with what is not seen as NUL, and our own signs for rows and cells."""
    characters: list[str] | None = None
    end = start + width * len(text)
    for first, last, shows in formats.symbols.within(start, end):
        characters = characters or list(text)
        k, stop = (first - start) // width, (last - start) // width
        characters[k:stop] = [shows] * (stop - k)
    for first, last in formats.unseen.within(start, end):
        characters = characters or list(text)
        k, stop = (first - start) // width, (last - start) // width
        # A mark at the end of a cell or a row is part of the table, seen or not.
        characters[k:stop] = [one if one == CELL else "\0" for one in characters[k:stop]]
    for match in ENDS.finditer(text):
        place = start + width * match.end()
        mark = ROW if place in formats.rows else PART if place in formats.cells else ""
        if mark == ROW or (mark == PART and match[0] == PARAGRAPH):
            characters = characters or list(text)
            characters[match.start()] = mark
    return "".join(characters) if characters else text


def formats_of(data: bytes, table: bytes, options: ReadOptions) -> Formats:
    """The formatting of a document; `Broken` where a table of it cannot be read."""
    unwanted = {DELETED, *({HIDDEN} if options.hidden == "drop" else ())}
    unseen, symbols = Ranges(), Symbols()
    fonts = fonts_of(data, table)
    for start, end, properties in _runs(data, slice_of(data, table, CHARACTERS), 1):
        if any(name in unwanted and value for name, value in values(properties)):
            unseen.add(start, end)
        elif (shows := symbol_of(properties, fonts)) is not None:
            if len(shows) == 1:
                symbols.add(start, end, shows)
            else:
                unseen.add(start, end)
    rows, cells = set(), set()
    lists: dict[int, Place] = {}
    for _, end, properties in _runs(data, slice_of(data, table, PARAGRAPHS), 13):
        said = dict(values(properties[2:]))
        lists[end] = place_of(properties[2:], int.from_bytes(properties[:2], "little"))
        if said.get(ROW_ENDS):
            rows.add(end)
        elif said.get(IN_TABLE):
            cells.add(end)
    return Formats(unseen, symbols, rows, cells, lists)


def _runs(data: bytes, places: bytes, width: int) -> Iterator[tuple[int, int, bytes]]:
    """Start and end in the file, and the properties, of all runs of characters or paragraphs."""
    count = (len(places) - 4) // 8
    seen: set[int] = set()
    for k in range(count):
        number = struct.unpack_from("<I", places, 4 * (count + 1) + 4 * k)[0] & 0x3FFFFF
        page = data[number * PAGE : (number + 1) * PAGE]
        if len(page) < PAGE or number in seen:
            continue
        seen.add(number)
        runs = page[-1]
        if 4 * (runs + 1) + width * runs >= PAGE:
            continue
        ends = struct.unpack_from(f"<{runs + 1}I", page)
        for run in range(runs):
            at = 2 * page[4 * (runs + 1) + width * run]
            if not at or ends[run] > ends[run + 1]:
                continue
            size, begin = page[at], at + 1
            if width > 1:  # Paragraphs count in words, and in a second byte if need be.
                size, begin = (2 * page[at + 1], at + 2) if size == 0 else (2 * size - 1, begin)
            yield ends[run], ends[run + 1], page[begin : begin + size]
