"""
ZIP archives, by their directory; where that is lost, by what stands before each member.

The standard library reads a whole archive. A zip file that was cut off has no directory, but its
members are still there one after the other, each with a header of its own.
"""

from __future__ import annotations

import errno
import io
import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import decode_name
from seimai.pipeline.ingest.archive.zip_methods import UNPACKED, UNREAD, checked, unpacked
from seimai.pipeline.ingest.contract import MIB, Broken, Unreadable, from_system, unreadable
from seimai.pipeline.ingest.sources.containers import MOST_DIRECTORY, directory_size, members_said
from seimai.pipeline.ingest.sources.streams import RAW_READ, Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UTF8 = 0x800
"""The flag that says that the name is UTF-8."""
LOCKED = 0x1
SIZE_AFTER = 0x8
"""The flag that says that the size stands after the member."""
UNICODE_PATH = 0x7075
"""Info-ZIP's extra field with the name in UTF-8."""
LINK = 0o120000
KIND = 0o170000
AES = 99
LOCAL = b"PK\x03\x04"
END = b"PK\x05\x06"
_LOCAL = struct.Struct("<4s5H3L2H")

FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError, struct.error, KeyError,
    IndexError, OSError,
)  # fmt: skip
"""What the standard library raises for damaged archives; `lzma` and `bz2` give OSError and
ValueError, except for `LZMAError`, which comes out of `_Opened`."""


def zip_members(path: Path) -> Iterator[Member | Unreadable]:
    """Members of a ZIP archive in the order of its directory, folders left out."""
    try:
        with path.open("rb") as file:
            if directory_size(file) > MOST_DIRECTORY:
                yield Unreadable("", "too_large", "the directory of the archive does not end")
                return
            try:
                archive = zipfile.ZipFile(file)
            except (*FAULTS, NotImplementedError) as error:
                if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
                    raise  # EINVAL is a seek to a place that a damaged directory names.
                yield from _without_directory(file, f"{error}")
                return
            with archive:
                found = archive.infolist()
                if not found:
                    file.seek(0)
                    start = file.read(len(LOCAL))
                    if start == LOCAL:
                        yield from _without_directory(file, "it is empty")
                    elif start != END:
                        detail = "the directory of the archive is empty, but bytes precede it"
                        yield Unreadable("", "damaged", detail)
                    return
                for info in found:
                    name = _name_of(info)
                    if not name.endswith("/") or info.file_size:
                        yield _member(archive, info, name, file)
                said = members_said(file)
                if said is not None and (len(found) - said) % 0x10000:
                    detail = f"the directory says {said} members and lists {len(found)}"
                    yield Unreadable("", "damaged", detail)
    except OSError as error:
        yield unreadable("", from_system(error))


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name, from the bytes that the library has read as UTF-8 or as CP437."""
    flagged = bool(info.flag_bits & UTF8)
    raw = info.orig_filename.encode("utf-8" if flagged else "cp437", "replace")
    return _unicode_path(info.extra, raw) or decode_name(raw, utf8=flagged)


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        tag, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        # A program that renames without knowing the field leaves a checksum that does not fit.
        if tag == UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            return decode_name(field[5:], utf8=True)
    return None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, file: BinaryIO) -> Member:
    mode = info.external_attr >> 16
    is_link = info.create_system == 3 and mode & KIND == LINK
    return Member(
        name,
        lambda: _open(archive, info, file),
        "link" if is_link else "file",
        info.file_size,
        bool(info.flag_bits & LOCKED) or info.compress_type == AES,
    )


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: BinaryIO) -> IO[bytes]:
    method = info.compress_type
    if method in UNREAD:
        raise Broken("format", f"the member is packed with {UNREAD[method]}, which is not read")
    if method in UNPACKED:
        pieces = unpacked(method, _packed(file, info))
        return cast("IO[bytes]", Unpacked(io.BytesIO(), checked(pieces, info.CRC)))
    try:
        opened = archive.open(info)
    except NotImplementedError as error:
        raise Broken("format", f"the member cannot be unpacked: {error}") from error
    except (*FAULTS, RuntimeError) as error:
        if isinstance(error, OSError) and error.errno:
            raise from_system(error) from error
        raise Broken("damaged", f"the member is damaged: {error}") from error
    return cast("IO[bytes]", Unpacked(opened, _pieces(opened)))


def _packed(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member as they stand in the archive."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(LOCAL):
        raise Broken("damaged", "no header stands before the member")
    long_name, long_extra = _LOCAL.unpack(head)[-2:]
    start = info.header_offset + _LOCAL.size + long_name + long_extra
    yield from _Body(file, start, info.compress_type, info.compress_size).raw()


def _pieces(opened: IO[bytes]) -> Iterator[bytes]:
    import lzma

    given = 0
    while True:
        try:
            piece = opened.read(RAW_READ)
        except (*FAULTS, lzma.LZMAError) as error:
            if isinstance(error, OSError) and error.errno:
                raise from_system(error) from error
            cut = isinstance(error, EOFError)
            detail = f"the member is damaged after {given} bytes: {error or 'it ends too early'}"
            raise Broken("truncated" if cut else "damaged", detail, given) from error
        if not piece:
            return
        given += len(piece)
        yield piece


def _without_directory(file: BinaryIO, why: str) -> Iterator[Member | Unreadable]:
    """Members found by their own headers, then the fault; those with a lying size end it."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(LOCAL):
            break
        _, _, flags, method, _, _, _, packed, size, long_name, long_extra = _LOCAL.unpack(head)
        raw = file.read(long_name)
        extra = file.read(long_extra)
        if len(raw) < long_name or len(extra) < long_extra:
            break
        name = _unicode_path(extra, raw) or decode_name(raw, utf8=bool(flags & UTF8))
        start = file.tell()
        body = _Body(file, start, method, None if flags & SIZE_AFTER else packed)
        if not name.endswith("/"):
            known = None if flags & SIZE_AFTER else size
            locked = bool(flags & LOCKED)
            yield Member(name, body.open, size=known, encrypted=locked)
            if locked and flags & SIZE_AFTER:
                break
        found = body.end()
        if found is None:
            break
        at = _next_header(file, found)
    yield Unreadable(
        "",
        "truncated",
        f"the directory at the end of the archive cannot be read ({why}); "
        f"its members were read up to byte {at}",
    )


_DESCRIPTOR = re.compile(rb"(?:PK\x07\x08)?.{12}(?:.{8})?(?=PK\x03\x04|PK\x01\x02|\Z)", re.DOTALL)


def _next_header(file: BinaryIO, end: int) -> int:
    """Where the header after a member begins: its size may stand between the two."""
    file.seek(end)
    data = file.read(28)
    if data.startswith(LOCAL):
        return end
    match = _DESCRIPTOR.match(data)
    return end + match.end() if match else end


class _Body:
    """The bytes of a member whose end may not be known before it is unpacked."""

    def __init__(self, file: BinaryIO, start: int, method: int, packed: int | None) -> None:
        self.file, self.start, self.method, self.packed = file, start, method, packed
        self.found: int | None = None if packed is None else start + packed
        self.read = False

    def open(self) -> IO[bytes]:
        """The member as a file; reading it may raise `Broken`."""
        self.read = True
        if self.method == zipfile.ZIP_DEFLATED:
            pieces = self._inflated()
        elif self.method in UNPACKED and self.packed is not None:
            pieces = unpacked(self.method, self.raw())
        else:
            pieces = self._stored()
        return cast("IO[bytes]", Unpacked(io.BytesIO(), pieces))

    def end(self) -> int | None:
        """Where the member ends in the archive; None if unknown."""
        if self.found is None and not self.read and self.method == zipfile.ZIP_DEFLATED:
            try:
                for _ in self._inflated():
                    pass
            except Broken:
                return None
        return self.found

    def raw(self) -> Iterator[bytes]:
        """The packed bytes, as they stand in the file."""
        at, left = self.start, self.packed
        while left is None or left > 0:
            self.file.seek(at)
            piece = self.file.read(min(RAW_READ, left or RAW_READ))
            if not piece:
                raise Broken("truncated", "the archive ends inside this member")
            at += len(piece)
            left = None if left is None else left - len(piece)
            yield piece

    def _stored(self) -> Iterator[bytes]:
        if self.method != zipfile.ZIP_STORED:
            raise Broken("damaged", "the member cannot be unpacked without the directory")
        if self.packed is None:
            raise Broken("damaged", "the size of the member was only in the directory")
        yield from self.raw()

    def _inflated(self) -> Iterator[bytes]:
        engine: Any = zlib.decompressobj(-15)
        at = self.start
        for piece in self.raw():
            data = piece
            while data:
                try:
                    out = engine.decompress(data, MIB)
                except zlib.error as error:
                    raise Broken("damaged", f"the member is damaged: {error}") from error
                if out:
                    yield out
                if engine.eof:
                    self.found = at + len(piece) - len(engine.unused_data)
                    return
                data = engine.unconsumed_tail
            at += len(piece)
        raise Broken("damaged", "the member ends too early")
