r"""
Records that are lines, split at b"\n" only and bounded: a 200 MB line never sits in memory.

`str.splitlines` would cut JSON at U+2028 and U+0085, which may stand inside its strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from seimai.pipeline.ingest.contract import FIRST_BYTES, MIB, Broken, Unreadable, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = MIB
"""Bytes asked for at a time: large against a call, small against a cache."""


class Line(NamedTuple):
    """A line without its line feed, and its place in the stream."""

    offset: int
    data: bytes
    cut: bool = False
    """The stream broke inside this line."""


def read_lines(
    stream: BinaryIO, largest: int, start: int = 0, end: int | None = None
) -> Iterator[list[Line] | Unreadable]:
    """
    The lines that begin in [start, end) of a stream, in lists of what one read gave.

    The stream must be positioned at `start - 1` (at 0 for 0): the byte before tells whether a line
    begins at `start`.

    A line over `largest` bytes is one `Unreadable` "too_large". When the stream breaks, the lines
    before come first, then what there is of the line it broke in (with `cut` set, if there is
    any), then one `Unreadable` for the break.
    """
    begin = max(start - 1, 0)
    skipping = start > 0
    first = b""
    parts: list[bytes] = []
    held = 0
    try:
        while True:
            chunk = stream.read(READ)
            if not chunk:
                break
            pieces = chunk.split(b"\n")
            last = pieces.pop()
            if pieces:
                found: list[Line] = []
                at = begin
                head = pieces[0]
                if skipping:
                    # The rest of a line that belongs to the part before or is too large.
                    held += len(head)
                    if first:
                        yield too_large(begin, held, largest, first)
                        first = b""
                    skipping = False
                    at = begin + held + 1
                    pieces = pieces[1:]
                elif parts:
                    parts.append(head)
                    pieces[0] = b"".join(parts)
                parts, held = [], 0
                for piece in pieces:
                    if end is not None and at >= end:
                        yield found
                        return
                    if len(piece) > largest:
                        yield found
                        found = []
                        yield too_large(at, len(piece), largest, piece[:FIRST_BYTES])
                    elif piece:
                        found.append(Line(at, piece))
                    at += len(piece) + 1
                begin = at
                yield found
                if end is not None and at >= end:
                    return
            held += len(last)
            if skipping:
                continue
            if last:
                parts.append(last)
            if held > largest:
                first = b"".join(parts)[:FIRST_BYTES]
                parts, skipping = [], True
    except Broken as broken:
        rest = b"".join(parts)
        if first:
            yield too_large(begin, held, largest, first)
        elif rest:
            yield [Line(begin, rest, cut=True)]
        yield unreadable(f"@{begin}", broken, rest)
        return
    if first:
        yield too_large(begin, held, largest, first)
    elif parts:
        yield [Line(begin, b"".join(parts))]


def too_large(offset: int, size: int, largest: int, first: bytes) -> Unreadable:
    """The quarantine record of a line over the limit."""
    return Unreadable(
        f"@{offset}",
        "too_large",
        f"the record has {size} bytes; the limit is {largest}",
        first[:FIRST_BYTES],
    )
