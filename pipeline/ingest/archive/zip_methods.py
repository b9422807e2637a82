"""
How members of a ZIP archive are packed where the standard library does not know the method.

Zstandard, xz and Deflate64 are unpacked by their libraries, in steps whose output is bounded; what
has no library is named (`UNREAD`). The numbers are those of PKWARE's APPNOTE, 4.4.5.
"""

from __future__ import annotations

import lzma
import zlib
from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import MIB, Broken
from seimai.pipeline.ingest.sources.streams import LZMA_MEMORY, ZSTD_READ, ZSTD_WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

UNPACKED = {9: "Deflate64", 20: "Zstandard", 93: "Zstandard", 95: "xz"}
"""Numbers of the compression methods that are unpacked here."""
UNREAD = {
    1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 10: "Implode",
    18: "TERSE", 19: "LZ77", 94: "MP3", 96: "JPEG", 97: "WavPack", 98: "PPMd",
}  # fmt: skip
"""Methods that are only named: those of before 1993, of mainframes, and for pictures and sound."""

DEFLATE64_READ = 512
"""Bytes fed to Deflate64 at a time: it has no output limit, and 20 bits can be a copy of 64 KiB, so
this bounds one step to some 15 MiB."""


def unpacked(method: int, packed: Iterator[bytes]) -> Iterator[bytes]:
    """The bytes of a member; raises `Broken` where they are damaged or end too early."""
    name = UNPACKED[method]
    engine, step, most = _engine(name)
    for piece in packed:
        for at in range(0, len(piece), most):
            try:
                out = step(piece[at : at + most])
                while out:
                    yield out
                    out = step(b"") if name == "xz" and not engine.eof else b""
            except (lzma.LZMAError, ValueError, OSError, EOFError, MemoryError) as error:
                raise Broken("damaged", f"the member is damaged: {error}") from error
            except Exception as error:
                if type(error).__name__ != "ZstdError":
                    raise
                raise Broken("damaged", f"the member is damaged: {error}") from error
            if engine.eof:
                return
    raise Broken("damaged", "the member ends too early")


def _engine(name: str) -> tuple[Any, Callable[[bytes], bytes], int]:
    """What unpacks, one step of it, and how many bytes a step may be fed."""
    engine: Any
    if name == "xz":
        engine = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=LZMA_MEMORY)
        return engine, lambda data: engine.decompress(data, MIB), MIB
    if name == "Zstandard":
        import zstandard

        engine = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
        return engine, engine.decompress, ZSTD_READ
    try:
        import inflate64
    except ImportError as error:
        detail = "the member is packed with Deflate64, which `pip install seimai[archive]` unpacks"
        raise Broken("format", detail) from error
    engine = inflate64.Inflater()
    return engine, engine.inflate, DEFLATE64_READ


def checked(pieces: Iterator[bytes], checksum: int) -> Iterator[bytes]:
    """Pass the pieces on; raises `Broken` at their end where the checksum is another one."""
    found = given = 0
    for piece in pieces:
        found = zlib.crc32(piece, found)
        given += len(piece)
        yield piece
    if found != checksum:
        raise Broken("damaged", "the checksum of the member is wrong", given)
