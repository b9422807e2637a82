"""
A part of a file whose text cannot be entered in the middle: compressed, or with breaks in quotes.

Every part reads from the beginning, which costs little against what is done with a text later, and
gives what belongs to it alone. What decides is the place in the file *as stored* of the bytes that
were read last, so that all parts agree without knowing of each other, and however large the
unpacked text is.
"""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Broken, Input, StreamLimits, from_system
from seimai.pipeline.ingest.sources.streams import RAW_READ, compression, plain_pieces, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator


class Counted:
    """A file that knows where in it the bytes begin that were read last."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self._next = 0
        self.begin = 0
        """Offset of the first byte of the last read that gave any."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        data = self._raw.read(size)
        if data:
            self.begin = self._next
            self._next += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._raw.close()


class PartStream(io.RawIOBase):
    """
    The unpacked bytes of a file from a part of it on, and where that part ends.

    Raises `Broken` as `open_stream` does. `read` gives at most one piece at a time.
    """

    def __init__(self, source: Input, limits: StreamLimits, *, ahead: bool = False) -> None:
        """`ahead`: go on to the part, and begin with the byte before it, as lines want it."""
        super().__init__()
        self._from, self._until = source.start, source.end
        try:
            self._raw = Counted(source.open_raw())
            head = self._raw.read(RAW_READ)
        except OSError as error:
            raise from_system(error) from error
        kind = compression(head)
        raw: Any = self._raw
        self._pieces: Iterator[bytes] = (
            unpack(raw, head, kind, limits) if kind else plain_pieces(raw, head)
        )
        self._given = 0
        self._left = b""
        self.start = 0
        """How many unpacked bytes stand before this part."""
        self.end: int | None = None
        """How many unpacked bytes stand before the end of this part; None until that is known."""
        self.is_over = False
        """Whether the whole file ended, or broke, before this part began."""
        self._broken: Broken | None = None
        if ahead and source.start:
            self._go_ahead()

    def _go_ahead(self) -> None:
        """Pass over what belongs to the parts before; a fault in it is theirs to tell."""
        before = b""
        try:
            for piece in self._pieces:
                if self._raw.begin >= self._from:
                    self.start = self._given
                    self._left = before + piece
                    self._given += len(piece)
                    self._end_at(self.start)
                    return
                self._given += len(piece)
                before = piece[-1:] or before
        except Broken:
            pass
        self.is_over = True

    def _end_at(self, place: int) -> None:
        if self.end is None and self._until is not None and self._raw.begin >= self._until:
            self.end = place

    @property
    def owns(self) -> bool:
        """Whether what was read last belongs to this part."""
        return self._raw.begin >= self._from and not self.is_past

    @property
    def is_past(self) -> bool:
        """Whether what was read last belongs to a part after this one."""
        return self._until is not None and self._raw.begin >= self._until

    def readable(self) -> bool:
        """Always true."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes of one piece, b"" at the end."""
        while not self._left:
            if self._broken:
                raise self._broken  # A broken stream never looks like one that has ended.
            try:
                piece = next(self._pieces, None)
            except Broken as broken:
                self._broken = broken
                raise
            if piece is None:
                return b""
            self._end_at(self._given)
            self._given += len(piece)
            self._left = piece
        if size < 0:
            size = len(self._left)
        data, self._left = self._left[:size], self._left[size:]
        return data

    def close(self) -> None:
        """Close the file underneath too."""
        if not self.closed:
            self._raw.close()
        super().close()
