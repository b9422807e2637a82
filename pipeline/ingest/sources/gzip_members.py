"""
Bytes of files that are compressed record by record, as crawlers write their archives.

`streams.py` ends at the first fault. Here a damaged gzip member or zstd frame costs itself only:
the fault is reported in its place, and reading continues at the next member that opens with a
record.
"""

from __future__ import annotations

import zlib
from contextlib import closing
from typing import IO, TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import MIB, Broken, Input, StreamLimits, from_system
from seimai.pipeline.ingest.sources.streams import (
    PIECE,
    ZSTD_READ,
    ZSTD_WINDOW,
    compression,
    read_some,
    unpack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"

TASTE = {"gzip": 4 * 1024, "zstd": 160 * 1024}
"""Compressed bytes that show how a member begins: a zstd block has at most 128 KiB."""

MOST_TASTES = 20_000
"""How many places that look like members are tried in a file, so that noise is not tried forever:
in noise there is one in 16 MiB."""

MOST_FAULTS = 2_000
"""How many members of a file may be damaged. More is not a scratch but a file of something else."""

AGAIN = 256 * MIB
"""How many bytes may be searched a second time for members that a fault swallowed. Beyond it the
search starts at the fault, so that a file made of faults is still read in linear time."""


def members(
    source: Input, opening: bytes, limits: StreamLimits, begins: list[tuple[int, int]] | None = None
) -> Iterator[bytes | Broken]:
    """
    Decompressed pieces of a file; b"" closes a member whose checksum was right.

    A `Broken` stands where bytes were lost; what follows it is the beginning of a member whose
    text starts with `opening`. `begins` takes for each member its place in the unpacked bytes and
    the one in the file. Files that are not compressed are given as they are, and other
    compressions end at their first fault.
    """
    try:
        raw = source.open_raw()
    except OSError as error:
        yield from_system(error)
        return
    with closing(raw):
        try:
            head = read_some(raw, 0)
            kind = compression(head)
            if kind in {"gzip", "zstd"}:
                yield from _walk(raw, head, kind, opening, limits, begins)
            elif kind:
                yield from unpack(raw, head, kind, limits)
            else:
                while head:
                    yield head
                    head = read_some(raw, 0)
        except Broken as broken:
            yield broken


def _walk(
    raw: IO[bytes],
    pending: bytes,
    kind: str,
    opening: bytes,
    limits: StreamLimits,
    begins: list[tuple[int, int]] | None,
) -> Iterator[bytes | Broken]:
    given = 0
    read = len(pending)
    again = faults = 0
    tastes = MOST_TASTES
    while True:
        pending, more = _next_begins(raw, pending, kind)
        read += more
        if not pending:
            return
        start = read - len(pending)
        if begins is not None:
            begins.append((given, start))
        inflate = _inflater(kind)
        fault = None
        while True:
            try:
                out, pending, ended = inflate(pending)
            except ValueError as error:
                fault = Broken("damaged", f"a {kind} member is damaged: {error}", given)
                break
            given += len(out)
            if given > limits.always and given > limits.ratio * (read - len(pending)):
                yield Broken(
                    "bomb", f"the {kind} stream grew beyond {limits.ratio} times its size", given
                )
                return
            if out:
                yield out
            if ended:
                yield b""
                break
            if pending:
                continue
            pending = read_some(raw, given)
            read += len(pending)
            if not pending:
                fault = Broken(
                    "truncated", f"the {kind} stream ends too early, after {given} bytes", given
                )
                break
        if fault is None:
            continue
        yield fault
        here = read - len(pending)
        again += here - start
        faults += 1
        found, tastes = _search(raw, start + 1 if again < AGAIN else here, kind, opening, tastes)
        if found is None or faults > MOST_FAULTS:
            return
        raw.seek(found)
        pending = read_some(raw, given)
        read = found + len(pending)


def _next_begins(raw: IO[bytes], pending: bytes, kind: str) -> tuple[bytes, int]:
    """What is pending from the next member on, and how many bytes had to be read for it."""
    more = 0
    while len(pending) < 16 or (kind == "gzip" and not pending.strip(b"\0")):
        piece = read_some(raw, 0)
        if not piece:
            break
        more += len(piece)
        pending = pending.lstrip(b"\0") + piece if kind == "gzip" else pending + piece
    return (pending.lstrip(b"\0") if kind == "gzip" else pending), more


def _inflater(kind: str) -> Callable[[bytes], tuple[bytes, bytes, bool]]:
    """`data -> (output, data not yet used, whether the member has ended)`, bounded; ValueError."""
    if kind == "gzip":
        gzip: Any = zlib.decompressobj(wbits=31)

        def inflate(data: bytes) -> tuple[bytes, bytes, bool]:
            try:
                out = gzip.decompress(data, PIECE)
            except zlib.error as error:
                raise ValueError(str(error)) from error
            return out, gzip.unused_data if gzip.eof else gzip.unconsumed_tail, gzip.eof

    else:
        import zstandard

        zstd: Any = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()

        def inflate(data: bytes) -> tuple[bytes, bytes, bool]:
            try:
                out = zstd.decompress(data[:ZSTD_READ])
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from error
            return out, zstd.unused_data + data[ZSTD_READ:], zstd.eof

    return inflate


def _search(
    raw: IO[bytes], start: int, kind: str, opening: bytes, tastes: int
) -> tuple[int | None, int]:
    """Where the next member that opens as a record does begins, and the tastes that are left."""
    magic = GZIP if kind == "gzip" else ZSTD
    try:
        raw.seek(start)
    except (OSError, ValueError):
        return None, 0  # A stream that cannot go back has no second chance.
    window = b""
    while True:
        piece = read_some(raw, 0)
        window += piece
        at = window.find(magic)
        while at >= 0 and tastes:
            while len(window) - at < TASTE[kind] and (more := read_some(raw, 0)):
                window += more
            tastes -= 1
            if _opens(window[at : at + TASTE[kind]], kind, opening):
                return start + at, tastes
            at = window.find(magic, at + 1)
        if not piece or not tastes:
            return None, tastes
        keep = len(magic) - 1
        start += len(window) - keep
        window = window[-keep:]


def _opens(data: bytes, kind: str, opening: bytes) -> bool:
    """Whether these bytes are a member whose text starts with `opening`."""
    if kind == "gzip":
        try:
            return bool(zlib.decompressobj(wbits=31).decompress(data, len(opening)) == opening)
        except zlib.error:
            return False
    inflate = _inflater(kind)
    out = b""
    try:
        while data and len(out) < len(opening):
            piece, data, ended = inflate(data)
            out += piece
            if ended:
                break
    except ValueError:
        return False
    return out.startswith(opening)
