"""
The body of an HTTP response as it was before it was sent: chunks joined, compression undone.

Responses in crawls are cut off, and their headers often speak of a coding that the crawler has
undone already. So what can be had comes back, with a word on what is wrong with it.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from seimai.pipeline.ingest.contract import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator

Fault: TypeAlias = Literal["", "truncated", "damaged", "too_large", "coding"]

MOST_CODINGS = 4
"""Nobody compresses a page five times but to do harm."""

_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


class Body(NamedTuple):
    """The bytes of a page, and what is wrong with them."""

    data: bytes
    fault: Fault = ""


def undo(data: bytes, transfer: str, content: str, largest: int) -> Body:
    """
    The bytes before content and transfer coding, as named by their HTTP headers.

    At most `largest` bytes come out; "coding" is the fault where a coding is unknown.
    """
    fault: Fault = ""
    if "chunked" in transfer.lower() and _CHUNK.match(data):
        data, fault = _joined(data)
    names = [name.strip().lower() for name in f"{transfer},{content}".split(",")]
    codings = [name for name in names if name and name not in {"identity", "chunked", "none"}]
    if len(codings) > MOST_CODINGS:
        return Body(b"", "coding")
    for name in reversed(codings):
        data, worse = _expanded(data, name.removeprefix("x-"), largest)
        fault = worse or fault
        if worse in {"too_large", "coding"}:
            break
    return Body(data, fault)


def _joined(data: bytes) -> Body:
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(data, at):
        size = int(match[1], 16)
        if not size:
            return Body(b"".join(parts))
        part = data[match.end() : match.end() + size]
        parts.append(part)
        at = match.end() + size
        if len(part) < size:
            break
        at += 2 if data.startswith(b"\r\n", at) else 1
    # A crawler's limit cuts chunks anywhere; other bytes where a size should stand are damage.
    return Body(b"".join(parts), "truncated" if len(data) - at < 12 else "damaged")


def _expanded(data: bytes, name: str, largest: int) -> Body:
    if not data:
        return Body(b"")
    if name in {"gzip", "deflate"}:
        if name == "gzip" and not data.startswith(b"\x1f\x8b"):
            return Body(data)  # The crawler has undone it and kept the header.
        return _inflated(data, name, largest)
    if name in {"br", "zstd"}:
        return _streamed(data, name, largest)
    return Body(b"", "coding")


def _inflated(data: bytes, name: str, largest: int) -> Body:
    # "deflate" means zlib by its standard and a bare stream by many servers.
    zlib_head = data[0] & 0x0F == 8 and len(data) > 1 and not (data[0] << 8 | data[1]) % 31
    wbits = 31 if name == "gzip" else 15 if zlib_head else -15
    parts: list[bytes] = []
    held = 0
    fault: Fault = ""
    while data:
        engine = zlib.decompressobj(wbits)
        try:
            while not engine.eof:
                part = engine.decompress(data, MIB)
                data = engine.unconsumed_tail
                parts.append(part)
                held += len(part)
                if held > largest:
                    return Body(b"".join(parts)[:largest], "too_large")
                if not data and not part and not engine.eof:
                    return Body(b"".join(parts), "truncated")
        except zlib.error:
            fault = "damaged"
            break
        data = engine.unused_data
        if not data.startswith(b"\x1f\x8b"):
            break  # Some servers send a few bytes more: browsers pay no heed to them.
    whole = b"".join(parts)
    if not whole and fault and name == "deflate":
        return Body(b"", "damaged")
    return Body(whole, fault)


def _streamed(data: bytes, name: str, largest: int) -> Body:
    """Brotli and zstd, by fastwarc's readers."""
    from fastwarc.stream_io import BrotliReader, ZstdReader

    if name == "zstd" and not data.startswith(b"\x28\xb5\x2f\xfd"):
        return Body(data)
    parts: list[bytes] = []
    fault: Fault = ""
    try:
        for part in _pieces((BrotliReader if name == "br" else ZstdReader)(io.BytesIO(data))):
            parts.append(part)
            if sum(map(len, parts)) > largest:
                return Body(b"".join(parts)[:largest], "too_large")
    except OSError:
        fault = "damaged"
    if fault and not parts and data.lstrip()[:1] == b"<":
        return Body(data)  # Brotli has no magic; a page that begins as a page is none.
    return Body(b"".join(parts), fault)


def _pieces(reader: Any) -> Iterator[bytes]:
    while piece := reader.read(MIB):
        yield piece
