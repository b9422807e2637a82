"""
LZH archives, which Japan packed its files in before there was ZIP, and long after.

No library that is kept up unpacks them, so this does, with the kernels of `kernels/lzh.py`. A
header is found by its checksum: after a damaged one reading goes on at the next that is whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import decode_name, tidy
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.sources.containers import LZH
from seimai.pipeline.ingest.sources.streams import Unpacked
from seimai.pipeline.kernels import lzh as kernels

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER = b"-lhd-"
STORED = {b"-lh0-", b"-lz4-"}
ADAPTIVE = b"-lh1-"
BLOCKS = {b"-lh4-": (14, 4), b"-lh5-": (14, 4), b"-lh6-": (16, 5), b"-lh7-": (17, 5)}
"""How many codes for places there are, and in how many bits their number is written."""

MOST_HEADER = 1 << 16
"""The longest header that the common levels can write."""
MOST_TRIES = 20_000
"""After a fault, at most this many places that look like headers are tried."""
OVERLAP = 8
"""Bytes up to the end of the method in a header, and one more."""
MOST_PACKED = 256 * MIB
"""Packed bytes of a member are held in memory; more than this are not read."""

CHECKSUM, NAME, FOLDERS, SIZES, WIDE_NAME, WIDE_FOLDERS = 0x00, 0x01, 0x02, 0x42, 0x44, 0x45
"""Kinds of fields that follow a header."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The header of a member."""

    method: bytes
    packed: int
    size: int
    checksum: int
    name: str
    begin: int
    """Where in the file its packed bytes begin."""


def lzh_members(path: Path) -> Iterator[Member | Unreadable]:
    """Members of an LZH archive in their order, folders left out."""
    try:
        with path.open("rb") as file:
            at: int | None = 0
            tries = MOST_TRIES
            while at is not None:
                file.seek(at)
                head = file.read(FIRST_BYTES)
                if at and head[:1] in (b"", b"\0"):
                    return  # A header of no bytes is the end; programs have forgotten it.
                try:
                    entry = _entry_at(file, at)
                except Broken as broken:
                    yield replace(unreadable(f"@{at}", broken), first_bytes=head)
                    at, tries = _next(file, at + 1, tries)
                    continue
                at = entry.begin + entry.packed
                if entry.method != FOLDER:
                    yield _member(path, entry)
    except OSError as error:
        yield unreadable("", from_system(error))


def _entry_at(file: IO[bytes], at: int) -> _Entry:
    """The member whose header is at an offset of the file; `Broken` if there is none."""
    for size in (MOST_HEADER // 16, 2 * MOST_HEADER):
        file.seek(at)
        head = file.read(size)
        try:
            return _entry(head, at)
        except Broken as broken:
            fault = broken
            if broken.cause != "truncated" or len(head) < size:
                break
    raise fault


def _entry(head: bytes, at: int) -> _Entry:
    """The member of a header; "truncated" where not all of it is there."""
    try:
        method, packed, size, _, _, level = struct.unpack_from("<2x5sIIIBB", head)
        if not LZH.fullmatch(method) or level > 3:
            raise Broken("damaged", "bytes that are not a member header")
        if level < 2:
            return _old_entry(head, at, method, packed, size, level)
        checksum, _ = struct.unpack_from("<HB", head, 21)
        if level == 2:
            end = int.from_bytes(head[:2], "little")
            fields, width = 24, 2
        else:
            end = int.from_bytes(head[24:28], "little")
            fields, width = 28, 4
        if not fields < end <= min(len(head), MOST_HEADER):
            raise Broken("truncated", "the header of the member is longer than the file")
        found, _ = _fields(head[:end], fields, width)
    except (struct.error, IndexError) as error:
        raise Broken("truncated", "the file ends inside a header") from error
    if CHECKSUM in found:
        said = int.from_bytes(found[CHECKSUM][:2], "little")
        place = head.index(found[CHECKSUM], fields)
        blank = head[:place] + b"\0\0" + head[place + 2 : end]
        if _sum(blank) != said:
            raise Broken("damaged", "the checksum of the header is wrong")
    if SIZES in found:
        packed, size = struct.unpack("<QQ", found[SIZES].ljust(16, b"\0")[:16])
    return _Entry(method, packed, size, checksum, _name(b"", found), at + end)


def _old_entry(head: bytes, at: int, method: bytes, packed: int, size: int, level: int) -> _Entry:
    """A member with a header of level 0 or 1: at most 257 bytes, and fields after it."""
    end = head[0] + 2
    long = head[21]
    if len(head) < end or end < 24 + long + 3 * level:
        raise Broken("truncated", "the header of the member is longer than the file")
    if sum(head[2:end]) & 0xFF != head[1]:
        raise Broken("damaged", "the checksum of the header is wrong")
    name = head[22 : 22 + long]
    (checksum,) = struct.unpack_from("<H", head, 22 + long)
    found: dict[int, bytes] = {}
    begin = end
    if level == 1:
        # The size of the first field is the end of the header; all count as packed bytes.
        found, begin = _fields(head, end - 2, 2)
        packed -= begin - end
    if packed < 0:
        raise Broken("damaged", "the member claims to be smaller than its header")
    return _Entry(method, packed, size, checksum, _name(name, found), at + begin)


def _fields(head: bytes, at: int, width: int) -> tuple[dict[int, bytes], int]:
    """The fields from a place on by their kinds, and the place after them."""
    found: dict[int, bytes] = {}
    while True:
        size = int.from_bytes(head[at : at + width], "little")
        at += width
        if size == 0:
            return found, at
        if size <= width or at + size > len(head):
            raise Broken("truncated", "a field of the header is longer than the file")
        found.setdefault(head[at], head[at + 1 : at + size - width])
        at += size - width


def _name(name: bytes, found: dict[int, bytes]) -> str:
    """The name with its folders, from the most trustworthy place."""
    if WIDE_NAME in found:
        wide = [found.get(WIDE_FOLDERS, b""), found[WIDE_NAME]]
        return tidy(
            "".join(one.decode("utf-16-le", "replace") for one in wide).replace("\uffff", "/")
        )
    folders = found.get(FOLDERS, b"").replace(b"\xff", b"/")
    last = found.get(NAME, name).partition(b"\0")[0]
    return decode_name(folders + last)


def _next(file: IO[bytes], at: int, tries: int) -> tuple[int | None, int]:
    """The place of the next header that is whole, None where there is none, and tries left."""
    held = b""
    while True:
        file.seek(at + len(held))
        piece = file.read(MIB)
        held += piece
        for match in LZH.finditer(held, 2):
            if not tries:
                return None, 0
            tries -= 1
            place = at + match.start() - 2
            try:
                _entry_at(file, place)
            except Broken:
                continue
            return place, tries
        if not piece:
            return None, tries
        # The beginning of a header may be at the end of the buffer.
        at += max(len(held) - OVERLAP, 0)
        held = held[-OVERLAP:]


def _member(path: Path, entry: _Entry) -> Member:
    def opened() -> IO[bytes]:
        file = path.open("rb")
        return cast("IO[bytes]", Unpacked(file, _pieces(file, entry)))

    return Member(entry.name, opened, size=entry.size)


def _pieces(file: IO[bytes], entry: _Entry) -> Iterator[bytes]:
    """The unpacked bytes of a member; `Broken` where they end too early or are others."""
    file.seek(entry.begin)
    found = _unpacked(file, entry)
    state = given = 0
    for piece in found:
        given += len(piece)
        state = _sum(piece, state)
        yield piece
    if state != entry.checksum:
        raise Broken("damaged", "the checksum of the member is wrong", given)


def _sum(data: bytes, before: int = 0) -> int:
    return int(kernels.checksum(np.frombuffer(bytearray(data), np.uint8), before))


def _unpacked(file: IO[bytes], entry: _Entry) -> Iterator[bytes]:
    if entry.method in STORED:
        if entry.packed != entry.size:
            raise Broken("damaged", "the member claims to be stored, but has two sizes")
        left = entry.size
        while left:
            piece = file.read(min(left, MIB))
            if not piece:
                raise Broken("truncated", f"the archive ends inside the member, {left} bytes early")
            left -= len(piece)
            yield piece
        return
    if entry.method not in BLOCKS and entry.method != ADAPTIVE:
        method = entry.method.decode("ascii")
        raise Broken("format", f"the member is compressed with an unknown method: {method}")
    if entry.packed > MOST_PACKED:
        raise Broken("too_large", f"the member has more than {MOST_PACKED} packed bytes")
    yield from _inflated(file.read(entry.packed), entry)


def _inflated(packed: bytes, entry: _Entry) -> Iterator[bytes]:
    data = np.frombuffer(bytearray(packed), np.uint8)
    state = np.zeros(kernels.STATE, np.int64)
    places = kernels.places_of_adaptive()
    table = np.zeros_like(places)
    tree = np.zeros(kernels.TREE, np.int64)
    kernels.grow(tree)
    out = np.full(kernels.HISTORY + min(entry.size, MIB), ord(" "), np.uint8)
    left = entry.size
    while left:
        out = out[: kernels.HISTORY + min(left, MIB)]
        if entry.method == ADAPTIVE:
            given = kernels.unpack_adaptive(data, state, tree, places, out)
        else:
            given = kernels.unpack_blocks(data, state, table, places, out, *BLOCKS[entry.method])
        if given == kernels.TRUNCATED:
            raise Broken("truncated", "the packed bytes of the member end too early")
        if given == kernels.DAMAGED:
            raise Broken("damaged", "the packed bytes of the member are damaged")
        yield out[kernels.HISTORY :].tobytes()
        left -= given
        # What was written last is the history of what comes.
        out[: kernels.HISTORY] = out[-kernels.HISTORY :].copy()
