"""
The text of DOC before Word 97: bytes of a code page, in one run or in pieces.

Of its formatting only what hides text is read: runs that are hidden, or marked as deleted. Where
that cannot be read all text is given: such files are old, and their text is what counts.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.documents.office.compound import codec_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGE, FLAGS, BEGIN, LENGTH, RUNS, PIECES = 0x06, 0x0A, 0x18, 0x34, 0xB8, 0x160
"""Where the language stands, flags, the first byte and the length of the text, the table of the
formats of characters, and that of the pieces of the text."""
MOST_HELD = 10_000_000
"""Pieces are held against runs that are hidden: so often, which no real file comes near."""
PAGE = 512
"""Bytes of a page of formats; its last byte says how many runs it has."""
DELETED, HIDDEN = 65, 92
"""Numbers of properties of characters."""
SIZES = {
    69: 2, 70: 4, 72: 2, 73: 3, 80: 2, 83: 0, 93: 2, 95: 3, 96: 2, 97: 2, 99: 2, 101: 2, 107: 2,
    109: 2, 110: 2,
}  # fmt: skip
"""For properties whose value does not take one byte its size in bytes."""
WITH_SIZE = {68, 74, 81, 82, 103, 105, 106, 108}
"""Properties whose next byte says how many bytes follow."""
CHARACTERS = range(65, 119)
"""Numbers of the properties of characters."""
IN_PIECES, ENCRYPTED = 0x0004, 0x0100
PAGES = {0x11: 932, 0x12: 949, 0x04: 936, 0x19: 1251, 0x08: 1253, 0x1F: 1254}
"""Windows' code pages by the number of the language; 1252 for others."""


def older_text(data: bytes, largest: int, *, hidden: bool = False) -> Decoded:
    """The characters of the body; `hidden` ones too if they are wanted."""
    try:
        (language,) = struct.unpack_from("<H", data, LANGUAGE)
        (flags,) = struct.unpack_from("<H", data, FLAGS)
        (begin,) = struct.unpack_from("<I", data, BEGIN)
        (length,) = struct.unpack_from("<I", data, LENGTH)
        if flags & ENCRYPTED:
            raise Broken("encrypted", "the document is password-protected")
        if length > largest:
            raise Broken("too_large", f"the text has more than {largest} bytes")
        unseen = sorted(_unseen(data, {DELETED} if hidden else {DELETED, HIDDEN}))
        spans = _pieces(data, length) if flags & IN_PIECES else [(begin, begin + length)]
        if len(spans) * len(unseen) > MOST_HELD:
            unseen = []
        raw = b"".join(data[first:end] for span in spans for first, end in _seen(span, unseen))
    except struct.error as error:
        raise Broken("damaged", "the document is cut off") from error
    page = codec_of(PAGES.get(language & 0x3FF, 1252))
    found = decode(raw, page)
    if found.refused:
        raise Broken("damaged", f"the bytes are not text: {found.refused}")
    return found


def _unseen(data: bytes, unwanted: set[int]) -> Iterator[tuple[int, int]]:
    """Where in the file text stands that is not read; none where the formats are damaged."""
    start, size = struct.unpack_from("<II", data, RUNS)
    table = data[start : start + size]
    count = max(len(table) - 4, 0) // 6
    for k in range(count):
        (number,) = struct.unpack_from("<H", table, 4 * (count + 1) + 2 * k)
        page = data[number * PAGE : (number + 1) * PAGE]
        runs = page[-1] if len(page) == PAGE else 0
        if 5 * runs + 4 >= PAGE:
            continue
        ends = struct.unpack_from(f"<{runs + 1}I", page)
        for run in range(runs):
            at = 2 * page[4 * (runs + 1) + run]
            properties = page[at + 1 : at + 1 + page[at]] if at else b""
            if ends[run] < ends[run + 1] and not unwanted.isdisjoint(_properties(properties)):
                yield ends[run], ends[run + 1]


def _properties(data: bytes) -> Iterator[int]:
    """The numbers of the properties that a run has, of those that are switched on or off."""
    at = 0
    while at + 1 < len(data) and data[at] in CHARACTERS:
        number = data[at]
        size = 1 + data[at + 1] if number in WITH_SIZE else SIZES.get(number, 1)
        if data[at + 1] == 1:
            yield number
        at += 1 + size


def _seen(span: tuple[int, int], unseen: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The parts of a span of the file that are read."""
    start, end = span
    for first, last in unseen:
        if first >= end:
            break
        if last > start:
            if first > start:
                yield start, first
            start = max(start, last)
    if start < end:
        yield start, end


def _pieces(data: bytes, length: int) -> list[tuple[int, int]]:
    """Where in the file the pieces of the text stand."""
    start, size = struct.unpack_from("<II", data, PIECES)
    plan = data[start : start + size]
    at = 0
    while plan[at : at + 1] == b"\1":  # Formatting of pieces.
        at += 3 + struct.unpack_from("<H", plan, at + 1)[0]
    if plan[at : at + 1] != b"\2":
        raise Broken("damaged", "the document does not say where its text is")
    plan = plan[at + 5 :]
    count = (len(plan) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", plan)
    found: list[tuple[int, int]] = []
    for k in range(count):
        (where,) = struct.unpack_from("<2xI", plan, 4 * (count + 1) + 8 * k)
        wanted = min(places[k + 1], length) - places[k]
        if wanted > 0:
            found.append((where, where + wanted))
    return found
