"""
Archives: ZIP, TAR (also compressed as a whole), 7z and LZH; every member is read as its own format.

How members are read is the work of `nested.py`, which mails and documents with attachments use
too: an archive in an archive comes back here by way of its own format.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.archive.nested import read_members
from seimai.pipeline.ingest.contract import (
    Broken,
    Budget,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.sources.spool import first_bytes, on_disk
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.archive.member import Member


def read_zip(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a ZIP archive."""
    return _read(source, options, "zip")


def read_tar(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a tape archive, compressed or not."""
    return _read(source, options, "tar")


def read_7z(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a 7z archive."""
    return _read(source, options, "7z")


def read_lzh(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of an LZH archive."""
    return _read(source, options, "lzh")


def _read(source: Input, options: ReadOptions, kind: str) -> Items:
    nothing = True
    try:
        nest = source.nested(options)
        with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
            members = _members(source, options, kind, nest.budget, Path(folder))
            told = (_told(one, source) for one in members)
            for item in read_members(told, options, nest, Path(folder)):
                nothing = False
                yield item
    except Broken as broken:
        yield unreadable("", broken, first_bytes(source))
        return
    if nothing:
        yield Skipped("", "empty")


def _told(member: Member | Unreadable, source: Input) -> Member | Unreadable:
    """A member; what cannot be read of an archive with the first bytes of the archive."""
    if isinstance(member, Unreadable) and not member.first_bytes:
        member.first_bytes = first_bytes(source)
    return member


def _members(
    source: Input, options: ReadOptions, kind: str, budget: Budget, folder: Path
) -> Iterator[Member | Unreadable]:
    if kind == "tar":
        from seimai.pipeline.ingest.archive.tars import tar_members

        yield from tar_members(open_stream(source, options.limits), budget)
        return
    with on_disk(source, options, budget) as path:
        if kind == "zip":
            from seimai.pipeline.ingest.archive.books import chapters
            from seimai.pipeline.ingest.archive.zips import zip_members

            yield from chapters(zip_members(path))
        elif kind == "lzh":
            from seimai.pipeline.ingest.archive.lzh import lzh_members

            yield from lzh_members(path)
        else:
            from seimai.pipeline.ingest.archive.sevens import seven_members

            yield from seven_members(path, budget, folder)
