"""
DOC (Word 97 to 2003): the body of a document, its text boxes, then its footnotes and endnotes.

The text lies in pieces, in the order of a table; formatting lies in pages of 512 bytes, by place
in the file. Of it only what decides the text is looked at: rows of tables, deletions, hidden text.
Left out is what is left out of DOCX: field codes, tables of contents, headers, readings of ruby.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.ingest.contract import Broken, Items, ReadOptions
from seimai.pipeline.ingest.documents.office.flow import Flow, one_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.compound import Compound

MEDIA_TYPE = "application/msword"

MAGIC = 0xA5EC
WORD_97 = 193
"""The first version with this layout."""
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
"""Flags at byte 10 of the file."""
LENGTHS = 76
"""Where the lengths of the parts of the text stand."""
CHARACTERS, PARAGRAPHS, PIECES = 0xFA, 0x102, 0x1A2
"""Where the places of the tables stand: formats of characters and paragraphs, and the text."""
PAGE = 512

DELETED, HIDDEN, SYMBOL = 0x0800, 0x083C, 0x6A09
IN_TABLE, ROW_ENDS = 0x2416, 0x2417
"""Numbers of properties. A symbol is a character of a font that only its owner can read."""
OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of a value by the upper three bits of its property; 0 says so itself."""
LONG_TABLE = 0xD608
"""The one property whose size takes two bytes."""

PARAGRAPH, CELL, LINE, BREAK = "\r", "\x07", "\x0b", "\x0c"
FIELD, RESULT, FIELD_ENDS = "\x13", "\x14", "\x15"
PART, ROW = "\x1c", "\x1d"
"""Ours: a paragraph that ends within a cell, and the end of a row."""
WRITTEN = str.maketrans({LINE: "\n", "\x1e": "-", "\x1f": "", "\xa0": " "})
_UNWRITTEN = re.compile("[\x00-\x08\x0e-\x12\x16-\x1b]")
"""Pictures, references to notes, and other signs that stand for what is no text."""
_FIELDS = re.compile(f"[{FIELD}{RESULT}{FIELD_ENDS}]")
_CONTENTS = re.compile(r"\s*TOC\b")
_RUBY = re.compile(
    r"\s*EQ\s+\\\*\s*jc\d.*\\s\\up\s*\d+\s*\([^()]*\)\s*[,;]\s*(.*)\)\s*\Z", re.DOTALL
)
"""How Word writes ruby: two texts above each other, the second one is the base."""
_ENDS = re.compile(f"[{PARAGRAPH}{CELL}{BREAK}{PART}{ROW}]")


@dataclass
class _Ranges:
    """Places in the file that share a property, in their order."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, start: int, end: int) -> None:
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
class _Formats:
    """What decides the text, by place in the file."""

    unseen: _Ranges
    rows: set[int]
    """Where the marks of rows end."""
    cells: set[int]
    """Where paragraphs end that stand in cells."""


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """The one document of a file."""
    data = compound.stream(stream)
    flow = Flow(options.max_record)
    try:
        table = compound.stream(_table_of(data))
        lengths = struct.unpack_from("<8I", data, LENGTHS)
        formats = _formats(data, table, options)
        text = _text(data, table, formats, options.max_record)
    except struct.error as error:
        raise Broken("damaged", "a table of the document is cut off") from error
    if sum(lengths) > len(text):
        raise Broken("truncated", "the document says to be longer than its pieces")
    body, notes, headings, _, comments, endnotes, boxes, _ = lengths
    parts: dict[str, str] = {}
    at = 0
    for name, length in (
        ("body", body), ("notes", notes), ("headings", headings), ("comments", comments),
        ("endnotes", endnotes), ("boxes", boxes),
    ):  # fmt: skip
        units = text[at : at + length].encode("utf-16-le", "surrogatepass")
        parts[name] = units.decode("utf-16-le", "replace")
        at += length
    wanted = ["body", "boxes", "notes", "endnotes"]
    if options.comments == "keep":
        wanted.append("comments")
    for name in wanted:
        _write(flow, _without_fields(parts[name]))
    yield from one_document(flow, MEDIA_TYPE, compound.facts(), {})


def _table_of(data: bytes) -> str:
    """The name of the stream with the tables of a document."""
    magic, version = struct.unpack_from("<HH", data)
    (flags,) = struct.unpack_from("<H", data, 10)
    if magic != MAGIC:
        raise Broken("damaged", "the document does not begin as one")
    if version < WORD_97:
        raise Broken("format", "a document of Word 95 or older; save it as .docx")
    if flags & ENCRYPTED:
        raise Broken("encrypted", "the document is locked with a password")
    return "1Table" if flags & SECOND_TABLE else "0Table"


def _slice(data: bytes, table: bytes, at: int) -> bytes:
    """The table whose place and size stand at a byte of the file."""
    start, size = struct.unpack_from("<II", data, at)
    found = table[start : start + size]
    if len(found) < size:
        raise Broken("truncated", "a table of the document is cut off")
    return found


def _text(data: bytes, table: bytes, formats: _Formats, largest: int) -> str:
    """All characters of the document, put together; what is not seen is NUL."""
    pieces = _slice(data, table, PIECES)
    at = 0
    while pieces[at : at + 1] == b"\1":  # Formatting of pieces.
        at += 3 + struct.unpack_from("<H", pieces, at + 1)[0]
    if pieces[at : at + 1] != b"\2":
        raise Broken("damaged", "the document does not say where its text is")
    (size,) = struct.unpack_from("<I", pieces, at + 1)
    plan = pieces[at + 5 : at + 5 + size]
    count = (len(plan) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plan)
    found: list[str] = []
    left = largest
    for k in range(count):
        (where,) = struct.unpack_from("<2xI", plan, 4 * (count + 1) + 8 * k)
        length = places[k + 1] - places[k]
        left -= length
        if length < 0:
            raise Broken("damaged", "a piece of the text ends before it begins")
        if left < 0:
            raise Broken("too_large", f"the text has more than {largest} bytes")
        if where & 0x40000000:
            width, start = 1, (where & 0x3FFFFFFF) // 2
            raw = data[start : start + length]
            text = raw.decode("cp1252", "replace")
        else:
            width, start = 2, where & 0x3FFFFFFF
            raw = data[start : start + 2 * length]
            text = _units(raw)
        if len(raw) < width * length:
            raise Broken("truncated", "the file ends inside its text")
        found.append(_marked(text, start, width, formats))
    return "".join(found)


def _units(data: bytes) -> str:
    """UTF-16 with a character for each unit: places in the text count these."""
    units = np.frombuffer(data[: len(data) // 2 * 2], "<u2")
    return units.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _marked(text: str, start: int, width: int, formats: _Formats) -> str:
    """A piece of text with what is not seen as NUL, and our own signs for rows and cells."""
    characters: list[str] | None = None
    end = start + width * len(text)
    for first, last in formats.unseen.within(start, end):
        characters = characters or list(text)
        k, stop = (first - start) // width, (last - start) // width
        # A mark at the end of a cell or a row is part of the table, seen or not.
        characters[k:stop] = [one if one == CELL else "\0" for one in characters[k:stop]]
    for match in _ENDS.finditer(text):
        place = start + width * match.end()
        mark = ROW if place in formats.rows else PART if place in formats.cells else ""
        if mark == ROW or (mark == PART and match[0] == PARAGRAPH):
            characters = characters or list(text)
            characters[match.start()] = mark
    return "".join(characters) if characters else text


def _formats(data: bytes, table: bytes, options: ReadOptions) -> _Formats:
    unwanted = {DELETED, SYMBOL, *({HIDDEN} if options.hidden == "drop" else ())}
    unseen = _Ranges()
    for start, end, properties in _runs(data, _slice(data, table, CHARACTERS), 1):
        if any(name in unwanted and value for name, value in _properties(properties)):
            unseen.add(start, end)
    rows, cells = set(), set()
    for _, end, properties in _runs(data, _slice(data, table, PARAGRAPHS), 13):
        said = dict(_properties(properties[2:]))
        if said.get(ROW_ENDS):
            rows.add(end)
        elif said.get(IN_TABLE):
            cells.add(end)
    return _Formats(unseen, rows, cells)


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


def _properties(data: bytes) -> Iterator[tuple[int, int]]:
    """Numbers and values (their first byte) of properties."""
    at = 0
    while at + 3 <= len(data):
        name = int.from_bytes(data[at : at + 2], "little")
        yield name, data[at + 2]
        size = OPERANDS[name >> 13]
        if name == LONG_TABLE:
            size = 1 + int.from_bytes(data[at + 2 : at + 4], "little")
        elif size == 0:
            size = 1 + data[at + 2]
        at += 2 + size


def _without_fields(text: str) -> str:
    """Text with the results of its fields and without their codes."""
    if FIELD not in text:
        return text
    shown: list[str] = []
    target = shown
    stack: list[tuple[list[str], list[str], list[str]]] = []
    """Of the fields that are open: their code, their result, and where they stand."""
    at = 0
    for match in _FIELDS.finditer(text):
        target.append(text[at : match.start()])
        at = match.end()
        if match[0] == FIELD:
            stack.append(([], [], target))
            target = stack[-1][0]
        elif stack and match[0] == RESULT:
            target = stack[-1][1]
        elif stack:
            code_parts, result, target = stack.pop()
            code = "".join(code_parts)
            if ruby := _RUBY.match(code):
                target.append(ruby[1])
            elif not _CONTENTS.match(code):
                target += result
    target.append(text[at:])
    for _, result, _ in stack:  # What a field without an end shows is text.
        shown += result
    return "".join(shown)


def _write(flow: Flow, text: str) -> None:
    """Write paragraphs and rows."""
    cells: list[str] = []
    parts: list[str] = []
    at = 0
    for match in _ENDS.finditer(text):
        line = _UNWRITTEN.sub("", text[at : match.start()]).translate(WRITTEN)
        at = match.end()
        if match[0] in {PARAGRAPH, BREAK}:
            flow.spend(3 * len(line))
            flow.line(line)
            continue
        parts.append(" ".join(line.split()))
        if match[0] == CELL:
            cells.append(" ".join(filter(None, parts)))
            parts = []
        elif match[0] == ROW:
            row = "\t".join(cells).rstrip()
            flow.spend(3 * len(row))
            if row:
                flow.line(row)
            cells, parts = [], []
    rest = _UNWRITTEN.sub("", "\t".join([*cells, *parts, text[at:]])).strip()
    if rest:
        flow.line(rest.translate(WRITTEN))
