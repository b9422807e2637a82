"""
Tape archives as a stream of blocks.

The standard library's loop takes a damaged header for the end of the archive and reads names of
any length into memory; its parser of one header is used here, the loop is ours. After a damaged
header reading goes on at the next one that is whole.
"""

from __future__ import annotations

import io
import tarfile
from contextlib import closing
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import decode_name
from seimai.pipeline.ingest.contract import FIRST_BYTES, MIB, Broken, Unreadable, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.contract import Budget

BLOCK = 512
MOST_HEADER = MIB
"""Extended headers hold names and attributes: some hundred bytes."""
LINKS = {tarfile.LNKTYPE, tarfile.SYMTYPE}
FILES = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}


def tar_members(stream: BinaryIO, budget: Budget) -> Iterator[Member | Unreadable]:
    """Members of a tape archive in their order; each must be read before the next is asked for."""
    with closing(stream):
        try:
            yield from _walk(_Blocks(stream, budget))
        except Broken as broken:
            if broken.cause == "bomb":
                raise
            yield unreadable("", broken)


class _Blocks:
    """The stream, and how much of the member at hand is still in it."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self.stream = stream
        self.budget = budget
        self.offset = 0
        self.left = 0
        """Bytes of the current member that are still to be read."""
        self.padding = 0

    def exactly(self, size: int) -> bytes:
        """This many bytes, fewer only at the end of the stream."""
        parts = []
        while size > 0 and (piece := self.stream.read(min(size, MIB))):
            parts.append(piece)
            size -= len(piece)
            self.offset += len(piece)
        return b"".join(parts)

    def begin(self, size: int) -> None:
        """Begin a member of this many bytes, which follow now."""
        self.left, self.padding = size, -size % BLOCK

    def take(self, size: int) -> bytes:
        """Up to `size` bytes of the member at hand."""
        piece = self.exactly(min(size, self.left, MIB))
        if not piece and self.left and size:
            raise Broken("truncated", f"the archive ends inside a member, {self.left} bytes early")
        self.left -= len(piece)
        return piece

    def header(self) -> bytes:
        """The next block of 512 bytes, b"" at the end of the archive."""
        block = self.exactly(BLOCK)
        self.budget.spend(len(block))
        return block

    def skip(self) -> None:
        """Pass over what was not read of the member at hand."""
        while self.left:
            self.budget.spend(len(self.take(MIB)))
        if len(self.exactly(self.padding)) < self.padding:
            raise Broken("truncated", "the archive ends right after this member")
        self.padding = 0


class _Body(io.RawIOBase):
    """The member at hand as a file. A subclass of the standard library's, as files are."""

    def __init__(self, blocks: _Blocks) -> None:
        super().__init__()
        self._blocks = blocks

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; a missing rest is `Broken`."""
        return self._blocks.take(size if size >= 0 else MIB)


def _walk(blocks: _Blocks) -> Iterator[Member | Unreadable]:
    said: dict[str, bytes] = {}
    lost = False
    while block := blocks.header():
        here = blocks.offset - len(block)
        if not block.strip(b"\0"):
            continue  # Yet another archive may stand after it, as `cat` and tapes put them.
        try:
            header = tarfile.TarInfo.frombuf(block, "latin-1", "strict")
            if header.size < 0:
                raise tarfile.HeaderError("a negative size")  # noqa: TRY301 - told with the others
        except (tarfile.HeaderError, ValueError) as error:
            if not lost:
                short = len(block) < BLOCK
                yield Unreadable(
                    f"@{here}",
                    "truncated" if short else "damaged",
                    f"the header of a member cannot be read: {error}",
                    block[:FIRST_BYTES],
                )
            lost = True
            said = {}
            continue
        lost = False
        blocks.begin(header.size)
        if header.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            name = _small(blocks).rstrip(b"\0")
            if header.type == tarfile.GNUTYPE_LONGNAME:
                said["path"] = name
        elif header.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
            said = _extended(_small(blocks))
        elif header.type == tarfile.XGLTYPE:
            _small(blocks)
        else:
            yield from _member(blocks, header, said)
            said = {}
        blocks.skip()


def _member(
    blocks: _Blocks, header: tarfile.TarInfo, said: dict[str, bytes]
) -> Iterator[Member | Unreadable]:
    raw = said.get("path", header.name.encode("latin-1"))
    name = decode_name(raw).removeprefix("./")
    if said.get("size", b"").isdigit() and len(said["size"]) < 20:
        blocks.begin(int(said["size"]))
    if header.isdir() or (name.endswith("/") and not blocks.left):
        return
    if header.type in LINKS:
        blocks.begin(0)  # A hard link may say the size of its target; no bytes follow.
        yield Member(name, _nothing, "link")
    elif header.type == tarfile.GNUTYPE_SPARSE or any("GNU.sparse" in key for key in said):
        yield Unreadable(f"!/{name}", "format", "a file with holes, as tar --sparse writes")
    elif header.type in FILES:
        yield Member(name, lambda: cast("IO[bytes]", _Body(blocks)), size=blocks.left)
    else:
        yield Member(name, _nothing, "device")


def _nothing() -> IO[bytes]:
    return io.BytesIO()


def _small(blocks: _Blocks) -> bytes:
    if blocks.left > MOST_HEADER:
        raise Broken("bomb", "an extended header is larger than any real one")
    parts = []
    while piece := blocks.take(MIB):
        parts.append(piece)
    return b"".join(parts)


def _extended(data: bytes) -> dict[str, bytes]:
    """The records `LENGTH NAME=VALUE` of a POSIX extended header."""
    said: dict[str, bytes] = {}
    while data:
        length, space, _ = data[:24].partition(b" ")
        if not space or not length.isdigit() or not 0 < int(length) <= len(data):
            break
        record = data[len(length) + 1 : int(length)].removesuffix(b"\n")
        name, equals, value = record.partition(b"=")
        if equals:
            said[name.decode("utf-8", "replace")] = value
        data = data[int(length) :]
    return said
