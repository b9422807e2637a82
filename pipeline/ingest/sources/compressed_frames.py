"""
Records of a WARC file out of its bytes, whatever has become of them.

A record says its own length. Where it lies, or where bytes were lost, one `Unreadable` is given
and the next line that begins a record is looked for, so that one bad record costs one record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import FIRST_BYTES, MIB, Broken, Cause, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = b"WARC/1."
"""How every record begins: WARC/1.0 and WARC/1.1 are all there are."""

MOST_HEADER = 64 * 1024
"""Real headers have about 500 bytes; addresses of 8 KiB and more do happen."""

MOST_DIGITS = 18
"""A number of more digits is no length."""

AGAIN = 256 * MIB
"""How many bytes of records whose length was wrong may be searched a second time, in all."""

_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_NEXT = re.compile(rb"\r?\nWARC/1\.")
_NOT_BLANK = re.compile(rb"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Frame:
    """One record as it stands in the file."""

    offset: int
    """Offset of the record in the decompressed bytes."""
    data: bytes
    """The bytes of the record: header, blank line and block."""
    block: int
    """Where the block begins in `data`."""


class _Wrong(NamedTuple):
    """What is wrong with the beginning of a record."""

    why: str
    """What is wrong; empty where the bytes end inside the header."""
    without_record: int = 0
    """How many bytes hold no blank line, so that no record beginning in them has a whole header."""


class _Window:
    """The bytes that are held, and what comes after them."""

    def __init__(self, pieces: Iterator[bytes | Broken]) -> None:
        self.pieces = pieces
        self.held = bytearray()
        self.offset = 0
        """Offset of the first byte that is held."""
        self.sealed = 0
        """Offset up to which checksums were right."""
        self.gap: Broken | None = None
        """Set where bytes were lost behind those that are held."""
        self.ended = False

    def fill(self, size: int) -> bool:
        """Hold this many bytes, if there are as many before the next gap."""
        while len(self.held) < size and not self.gap and not self.ended:
            piece = next(self.pieces, None)
            if piece is None:
                self.ended = True
            elif isinstance(piece, Broken):
                self.gap = piece
            elif piece:
                self.held += piece
            else:
                self.sealed = self.offset + len(self.held)
        return len(self.held) >= size

    def drop(self, size: int) -> None:
        """Let go of this many bytes at the beginning."""
        size = max(min(size, len(self.held)), 0)
        del self.held[:size]
        self.offset += size

    def drop_blank(self) -> None:
        """Let go of the line ends that stand between records."""
        while self.fill(1):
            match = _NOT_BLANK.search(self.held)
            self.drop(match.start() if match else len(self.held))
            if match:
                return


def frames(pieces: Iterator[bytes | Broken], largest: int) -> Iterator[Frame | Unreadable]:
    """The records of a stream of `members`; at most one of `largest` bytes is held."""
    window = _Window(pieces)
    again = 0
    while True:
        window.drop_blank()
        if not window.held:
            if window.gap:
                yield _lost(window, window.offset, b"")
                window.gap = None
                continue
            return
        found = _header(window)
        if isinstance(found, _Wrong):
            yield _damaged(window, found)
            continue
        begin, size = found
        if begin + size > largest:
            yield _too_large(window, begin + size, largest)
            continue
        offset = window.offset
        whole = window.fill(begin + size)
        # The line ends after a record, and the beginning of the next one, prove its length.
        window.fill(begin + size + 4 + len(OPENING))
        if whole and window.gap and offset + begin + size > window.sealed:
            whole = False
        data = bytes(memoryview(window.held)[: begin + size])
        after = bytes(memoryview(window.held)[begin + size :][: 4 + len(OPENING)])
        if whole and _follows(after):
            window.drop(begin + size)
            yield Frame(offset, data, begin)
            continue
        other = _NEXT.search(data) if again < AGAIN else None
        again += len(data)
        if not whole:
            # Cut off: but where another record stands inside, it was the length that lied.
            if other is None or window.gap:
                yield _lost(window, offset, data)
                window.gap = None
                window.drop(len(window.held))
                continue
        elif other is None and after[:2] in (b"\r\n", b"\n\n"):
            window.drop(begin + size)
            yield Frame(offset, data, begin)
            continue
        yield _bad(offset, "damaged", "the record is not as long as it says", data)
        window.drop(other.start() if other else begin + size)
        if other is None:
            _skip(window)


def _header(window: _Window) -> tuple[int, int] | _Wrong:
    """Where the block of the record at hand begins and how long it says to be; or what is wrong."""
    window.fill(len(OPENING))
    if not OPENING.startswith(window.held[: len(OPENING)]):
        return _Wrong("bytes that are not a WARC record")
    size = 4096
    while True:
        there = window.fill(size)
        match = _BLANK.search(window.held, 0, MOST_HEADER)
        if match:
            break
        if size >= MOST_HEADER:
            return _Wrong(f"the header of the record has no end within {size} bytes", size)
        if not there:
            return _Wrong("", size)
        size *= 4
    lengths = _LENGTH.findall(window.held, 0, match.end())
    if not lengths or len(lengths[0]) > MOST_DIGITS:
        return _Wrong("the record does not say how long it is")
    return match.end(), int(lengths[0])


def _follows(after: bytes) -> bool:
    """Whether what comes after a block is what has to: line ends, then a record or nothing."""
    rest = after.lstrip(b"\r\n")
    if not OPENING.startswith(rest[: len(OPENING)]):
        return False
    return not rest or len(rest) < len(after) or len(rest) >= len(OPENING)


def _skip(window: _Window) -> None:
    """Let go of everything up to the next line that begins a record."""
    while True:
        match = _NEXT.search(window.held, 1)
        if match:
            window.drop(match.start())
            return
        keep = len(OPENING) + 2
        window.drop(len(window.held) - keep)
        if not window.fill(keep + 1):
            window.drop(keep)
            return


def _damaged(window: _Window, wrong: _Wrong) -> Unreadable:
    offset, first = window.offset, bytes(window.held[:FIRST_BYTES])
    if not wrong.why:
        lost = _lost(window, offset, first)
        window.gap = None
        window.drop(len(window.held))
        return lost
    window.drop(wrong.without_record - len(OPENING))
    _skip(window)
    return _bad(
        offset, "damaged", f"{wrong.why}; {window.offset - offset} bytes passed over", first
    )


def _too_large(window: _Window, size: int, largest: int) -> Unreadable:
    """Pass over a record that is not held; it ends before its time where the next one begins."""
    offset, first = window.offset, bytes(window.held[:FIRST_BYTES])
    remaining = size
    while remaining > 0:
        match = _NEXT.search(window.held, 1)
        if match and match.start() < remaining:
            window.drop(match.start())
            break
        step = min(remaining, max(len(window.held) - len(OPENING) - 2, 1))
        window.drop(step)
        remaining -= step
        if remaining and not window.fill(len(OPENING) + 3) and not window.held:
            break
    detail = f"the record has {size} bytes; the limit is {largest}"
    return _bad(offset, "too_large", detail, first)


def _lost(window: _Window, offset: int, data: bytes) -> Unreadable:
    """The record that a gap, or the end of the file, stands in."""
    if window.gap:
        return _bad(offset, window.gap.cause, window.gap.detail, data)
    return _bad(offset, "truncated", "the file ends inside this record", data)


def _bad(offset: int, cause: Cause, detail: str, data: bytes) -> Unreadable:
    return Unreadable(f"@{offset}", cause, detail, data[:FIRST_BYTES])
