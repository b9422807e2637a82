"""
BIFF, the records that old workbooks consist of, and the strings in them.

A record is a number, a size and up to 8,224 bytes; what is longer goes on in records after it,
and a string that is cut there says again whether its characters take one byte or two.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTINUE = 0x3C
WIDE, ASIAN, RICH = 0x01, 0x04, 0x08
"""Flags of a string: two bytes a character, readings after it, formats after it."""


class Record(NamedTuple):
    """One record; `data` has the records that continue it as further parts."""

    kind: int
    at: int
    """Where in the stream it begins."""
    data: bytes
    """The content of the record itself."""
    more: list[bytes]
    """The contents of the records that continue it."""


def records(stream: bytes, at: int = 0) -> Iterator[Record]:
    """The records from a place on; `Broken` where one is cut off."""
    held: Record | None = None
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        if len(data) < size:
            if held:
                yield held
            raise Broken("truncated", "the workbook ends inside a record")
        if kind == CONTINUE and held:
            held.more.append(data)
        else:
            if held:
                yield held
            held = Record(kind, at, data, [])
        at += 4 + size
    if held:
        yield held


class Strings:
    """Reads values and strings one after the other out of a record and those that continue it."""

    def __init__(self, record: Record, at: int = 0) -> None:
        self._parts = [record.data, *record.more]
        self._part = 0
        self._at = at

    def take(self, size: int) -> bytes:
        """This many bytes, wherever they are; `Broken` if there are fewer."""
        found: list[bytes] = []
        while size:
            piece = self._here(size)
            if not piece:
                raise Broken("truncated", "a string of the workbook ends too early")
            found.append(piece)
            size -= len(piece)
        return b"".join(found)

    def _here(self, size: int) -> bytes:
        """Up to `size` bytes, from one part."""
        while self._part < len(self._parts):
            part = self._parts[self._part]
            piece = part[self._at : self._at + size]
            if piece:
                self._at += len(piece)
                return piece
            self._part += 1
            self._at = 0
        return b""

    def number(self, size: int) -> int:
        """A number that takes `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def string(self, length_size: int) -> str:
        """A string with its length in front; formats and readings after it are passed over."""
        length = self.number(length_size)
        flags = self.number(1)
        formats = self.number(2) if flags & RICH else 0
        readings = self.number(4) if flags & ASIAN else 0
        text = self.characters(length, flags)
        self.take(4 * formats)
        self.take(readings)
        return text

    def characters(self, length: int, flags: int) -> str:
        """
        Characters, over the ends of parts.

        Where a part begins with characters it says again how wide they are, also before the
        first one. Half a character at the end of a part is lost, and no more.
        """
        found: list[str] = []
        while length:
            if self._part_ended():
                flags = self.number(1)
            width = 2 if flags & WIDE else 1
            piece = self._here(width * length)
            if not piece:
                raise Broken("truncated", "a string of the workbook ends too early")
            whole = piece[: len(piece) // width * width]
            found.append(whole.decode("utf-16-le" if width == 2 else "latin-1", "surrogatepass"))
            found.append("\N{REPLACEMENT CHARACTER}" * (len(piece) - len(whole)))
            length -= -(-len(piece) // width)
        text = "".join(found)
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _part_ended(self) -> bool:
        """Whether a part has been read to its end; then the next one that holds bytes begins."""
        ended = False
        while self._part < len(self._parts) and self._at >= len(self._parts[self._part]):
            if self._part + 1 == len(self._parts):
                return False
            self._part += 1
            self._at = 0
            ended = True
        return ended


def number_of(packed: int) -> float:
    """
    A number in the four bytes of an RK value.

    >>> number_of(0x3FF00000), number_of(12 << 2 | 2), number_of(1234 << 2 | 3)
    (1.0, 12.0, 12.34)
    """
    if packed & 2:
        value = float((packed - (1 << 32) if packed & 0x80000000 else packed) >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<II", 0, packed & ~3))
    return value / 100 if packed & 1 else value
