r"""
Records that are lines, split at b"\n" only and bounded: a 200 MB line never sits in memory.

`str.splitlines` would cut JSON at U+2028 and U+0085, which may stand inside its strings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from seimai.pipeline.ingest.contract import FIRST_BYTES, MIB, Broken, Unreadable, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.sources.parts import PartStream

READ = MIB
"""Bytes asked for at a time: large against a call, small against a cache."""


class Line(NamedTuple):
    """A line without its line feed, and its place in the stream."""

    offset: int
    data: bytes
    cut: bool = False
    """Whether the stream broke off inside this line."""


class LineReader:
    """
    The lines that begin in [start, end) of a stream that comes in chunks, from `start - 1` on.

    Between two chunks it stands in a line that begins at `_begin` and of which `_held` bytes were
    seen. They are in `_parts`, at most `largest` of them; or, while `_skipping`, nothing is kept
    but the `_first` bytes of a line that is too large. A line that is skipped and has no `_first`
    belongs to the part of the file before this one.
    """

    def __init__(self, largest: int, start: int = 0, end: int | None = None) -> None:
        self._largest = largest
        self._end = end
        # The byte before tells whether a line begins at `start`.
        self._begin = max(start - 1, 0)
        self._skipping = start > 0
        self._held = 0
        self._parts: list[bytes] = []
        self._first = b""
        self.done = False
        """Whether the next line begins at `end` or behind it, so that no more bytes are wanted."""

    def feed(self, chunk: bytes) -> Iterator[list[Line] | Unreadable]:
        """The lines that end in a chunk, in lists, and what is too large between them."""
        pieces = chunk.split(b"\n")
        last = pieces.pop()
        if pieces:
            yield from self._finished(pieces)
        self._hold(last)

    def ends_at(self, end: int | None) -> None:
        """Take note of the end of a part, once it is known; the line at hand may be beyond it."""
        self._end = end
        if end is not None and not self._skipping and self._begin >= end:
            self.done = True

    def end(self, broken: Broken | None = None) -> Iterator[list[Line] | Unreadable]:
        """What there is of the last line where the stream ended, or broke."""
        if self._skipping and not self._first:
            return  # No line of this part has begun: the part before tells of it.
        rest = b"".join(self._parts)
        if self._first:
            yield self._too_large()
        elif rest:
            yield [Line(self._begin, rest, cut=broken is not None)]
        if broken is not None:
            yield unreadable(f"@{self._begin}", broken, rest)

    def _finished(self, pieces: list[bytes]) -> Iterator[list[Line] | Unreadable]:
        """Lines whose line feed has come; the first of them completes what is held."""
        at = self._begin
        if self._skipping:
            self._held += len(pieces[0])
            at += self._held + 1
            if self._first:
                yield self._too_large()
            pieces = pieces[1:]
        elif self._parts:
            pieces[0] = b"".join([*self._parts, pieces[0]])
        self._parts, self._held, self._first, self._skipping = [], 0, b"", False
        lines: list[Line] = []
        for piece in pieces:
            if self._end is not None and at >= self._end:
                break
            if len(piece) > self._largest:
                yield lines
                lines = []
                yield too_large(at, len(piece), self._largest, piece[:FIRST_BYTES])
            elif piece:
                lines.append(Line(at, piece))
            at += len(piece) + 1
        self._begin = at
        self.done = self._end is not None and at >= self._end
        yield lines

    def _hold(self, piece: bytes) -> None:
        """Keep the beginning of a line, or what has come since, while it is not too large."""
        self._held += len(piece)
        if self._skipping:
            return
        if piece:
            self._parts.append(piece)
        if self._held > self._largest:
            self._first = b"".join(self._parts)[:FIRST_BYTES]
            self._parts, self._skipping = [], True

    def _too_large(self) -> Unreadable:
        return too_large(self._begin, self._held, self._largest, self._first)


def read_lines(
    stream: BinaryIO,
    largest: int,
    start: int = 0,
    end: int | None = None,
    part: PartStream | None = None,
) -> Iterator[list[Line] | Unreadable]:
    """
    The lines that begin in [start, end) of a stream, in lists of what one read gave.

    The stream must be positioned at `start - 1` (at 0 for 0): the byte before tells whether a line
    begins at `start`. `part` is a stream that learns only while it is read where it ends.

    A line over `largest` bytes is one `Unreadable` "too_large". When the stream breaks, the lines
    before come first, then what there is of the line it broke in (with `cut` set, if there is
    any), then one `Unreadable` for the break.
    """
    lines = LineReader(largest, start, end)
    while not lines.done:
        try:
            chunk = stream.read(READ)
        except Broken as broken:
            yield from lines.end(broken)
            return
        if not chunk:
            yield from lines.end()
            return
        if part is not None:
            lines.ends_at(part.end)
            if lines.done:
                return
        yield from lines.feed(chunk)


def too_large(offset: int, size: int, largest: int, first: bytes) -> Unreadable:
    """The quarantine record of a line over the limit."""
    return Unreadable(
        f"@{offset}",
        "too_large",
        f"the record has {size} bytes; the limit is {largest}",
        first[:FIRST_BYTES],
    )
