"""
Bytes out of compressed files: gzip, zstd, bzip2 and xz, found by their first bytes.

The standard wrappers hide what we need to say: that a stream was cut, where, and what came before
it. Here all bytes before a fault are delivered, then `Broken` is raised. Members and frames that
follow each other are one stream.
"""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from seimai.pipeline.ingest.contract import MIB, Broken, Input, StreamLimits, from_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RAW_READ = 256 * 1024
"""Bytes read from the file at a time."""

ZSTD_READ = 4 * 1024
"""Fed to zstd at a time: it has no output limit, and 4 bytes can be a block of 128 KiB, so this
bounds one step to 128 MiB whatever the file holds."""

PIECE = MIB
"""At most this many bytes come out of the other decompressors in one step."""

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
)
LZMA_MEMORY = 512 * MIB
"""Dictionaries above this are not made by any usual `xz` setting (-9 takes 65 MiB)."""
ZSTD_WINDOW = 128 * MIB
"""`zstd --long=27`, the largest window that zstd itself opens without being asked."""


def compression(head: bytes) -> str | None:
    """The name of the compression whose magic bytes these are, or None."""
    for magic, name in MAGIC:
        if head.startswith(magic):
            # "BZh" could begin a text: bzip2 has a digit and the digits of pi after it.
            if name == "bzip2" and head[4:10] not in (b"1AY&SY", b"\x17rE8P\x90"):
                continue
            return name
    # Skippable zstd frames (pzstd writes one first) are 0x184D2A50 to 0x184D2A5F, little-endian.
    if len(head) >= 4 and head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5:
        return "zstd"
    return None


def _decompressor(kind: str) -> Any:
    if kind == "gzip":
        return zlib.decompressobj(wbits=31)
    if kind == "bzip2":
        return bz2.BZ2Decompressor()
    if kind == "xz":
        return lzma.LZMADecompressor(memlimit=LZMA_MEMORY)
    import zstandard

    return zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()


def _step(kind: str, engine: Any) -> Callable[[bytes], tuple[bytes, bytes]]:
    """`data -> (output, data not yet used)`, bounded."""
    if kind == "gzip":

        def inflate(data: bytes) -> tuple[bytes, bytes]:
            out = engine.decompress(data, PIECE)
            return out, engine.unconsumed_tail

    elif kind == "zstd":

        def inflate(data: bytes) -> tuple[bytes, bytes]:
            return engine.decompress(data[:ZSTD_READ]), data[ZSTD_READ:]

    else:

        def inflate(data: bytes) -> tuple[bytes, bytes]:
            return engine.decompress(data, PIECE), b""

    return inflate


def _faults() -> tuple[type[Exception], ...]:
    import zstandard

    return (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, zstandard.ZstdError)


def unpack(raw: IO[bytes], head: bytes, kind: str, limits: StreamLimits) -> Iterator[bytes]:
    """
    Pieces of decompressed bytes; `head` was already read from `raw`.

    Raises `Broken` for cut or damaged streams and for bombs, after everything before the fault
    has been given.
    """
    faults = _faults()
    given = taken = 0
    pending = head
    while pending:
        engine = _decompressor(kind)
        inflate = _step(kind, engine)
        while True:
            before = len(pending)
            saved = engine.copy() if kind == "gzip" else None
            try:
                out, pending = inflate(pending)
            except faults as error:
                if saved and (rest := _salvage(saved, pending)):
                    given += len(rest)
                    yield rest
                raise Broken(
                    "damaged", f"the {kind} stream is damaged after {given} bytes: {error}", given
                ) from error
            taken += before - len(pending)
            given += len(out)
            if given > limits.always and given > limits.ratio * taken:
                raise Broken(
                    "bomb",
                    f"the {kind} stream grew beyond {limits.ratio} times its size",
                    given,
                )
            if out:
                yield out
            if engine.eof:
                # zstd may leave bytes both in the engine and in what it was not given.
                pending = engine.unused_data + pending
                taken -= len(engine.unused_data)
                break
            if pending or (kind in {"bzip2", "xz"} and not engine.needs_input):
                continue
            pending = read_some(raw, given)
            if not pending:
                raise Broken(
                    "truncated", f"the {kind} stream ends too early, after {given} bytes", given
                )
        if not pending:
            pending = read_some(raw, given)
        if kind in {"gzip", "xz"}:
            # Padding of zeros between and after members is allowed; tapes and xz write it.
            while pending and not pending.lstrip(b"\0"):
                pending = read_some(raw, given)
            pending = pending.lstrip(b"\0")
        while 0 < len(pending) < 16 and (more := read_some(raw, given)):
            pending += more
        if pending and compression(pending) != kind:
            raise Broken("damaged", f"bytes that are not {kind} follow the {kind} stream", given)


def _salvage(engine: Any, data: bytes) -> bytes:
    """What gzip can still give of bytes with a fault in them: zlib itself keeps it back."""
    out = []
    for step in (1024, 1):
        while data:
            kept = engine.copy()
            try:
                out.append(engine.decompress(data[:step]))
            except zlib.error:
                engine = kept
                break
            data = data[step:]
    return b"".join(out)


def read_some(raw: IO[bytes], given: int) -> bytes:
    """Some bytes of the file, b"" at its end; errors of the system as `Broken`."""
    try:
        return raw.read(RAW_READ)
    except OSError as error:
        broken = from_system(error)
        broken.offset = given
        raise broken from error


class Unpacked(io.RawIOBase):
    """Pieces of bytes as a file. A subclass of the standard library's, for csv and pyarrow."""

    def __init__(self, raw: IO[bytes], pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._raw = raw
        self._pieces = pieces
        self._left = b""
        self._used = 0
        self._place = 0
        self._broken: Broken | None = None

    def readable(self) -> bool:
        """Always true."""
        return True

    def tell(self) -> int:
        """How many decompressed bytes were given so far."""
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, b"" at the end; everything for a negative size."""
        if size < 0:
            parts = []
            while part := self.read(MIB):
                parts.append(part)
            return b"".join(parts)
        while self._used == len(self._left):
            if self._broken:
                raise self._broken  # A broken stream never looks like one that has ended.
            try:
                piece = next(self._pieces, None)
            except Broken as broken:
                self._broken = broken
                raise
            if piece is None:
                return b""
            self._left, self._used = piece, 0
        result = self._left[self._used : self._used + size]
        self._used += len(result)
        self._place += len(result)
        return result

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer, and say how many bytes it got."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file underneath too."""
        if not self.closed:
            self._raw.close()
        super().close()


def plain_pieces(raw: IO[bytes], head: bytes) -> Iterator[bytes]:
    """The bytes of a file that is not compressed; `head` was already read from it."""
    given = 0
    while head:
        given += len(head)
        yield head
        head = read_some(raw, given)


def open_at(source: Input, place: int) -> BinaryIO:
    """The bytes of an uncompressed file from a place on; errors as those of `open_stream`."""
    return _opened(source, place, None)


def open_stream(source: Input, limits: StreamLimits | None = None) -> BinaryIO:
    """
    The decompressed bytes of a file from its beginning; compression is found by content.

    Opening raises `Broken` for what the system refuses; reading raises it for faults inside.
    `read(n)` gives at most n bytes, at most one piece at a time, and b"" only at the end.
    """
    return _opened(source, 0, limits or StreamLimits())


def _opened(source: Input, place: int, limits: StreamLimits | None) -> BinaryIO:
    raw = None
    try:
        raw = source.open_raw()
        if place:
            raw.seek(place)
        head = raw.read(RAW_READ)
    except OSError as error:
        if raw:
            raw.close()
        raise from_system(error) from error
    kind = compression(head) if limits else None
    pieces = unpack(raw, head, kind, limits) if kind and limits else plain_pieces(raw, head)
    return cast("BinaryIO", Unpacked(raw, pieces))
