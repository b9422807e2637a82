"""
Archives: ZIP, TAR (also compressed as a whole), 7z and LZH; every member is read as its own format.

A member is copied to a temporary file and read like any other, one at a time; archives inside
archives too, up to a depth. All together may take a bounded number of bytes. A place within an
archive is `!/NAME` of the member, followed by the place within it.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.archive.member import Member
from seimai.pipeline.ingest.archive.names import hidden, leaves
from seimai.pipeline.ingest.contract import (
    Broken,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.dispatch import read
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.sniff import sniff
from seimai.pipeline.ingest.sources.spool import Budget, ending_of, first_bytes, on_disk, write_down
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"zip", "tar", "7z", "lzh"}
DEEPEST = 3
"""Archives in archives: a zip of a project's zips has two levels, a backup of those three."""


def read_zip(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a ZIP archive."""
    return _read(source, options, "zip", Budget(source.size, options), 1)


def read_tar(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a tape archive, compressed or not."""
    return _read(source, options, "tar", Budget(source.size, options), 1)


def read_7z(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of a 7z archive."""
    return _read(source, options, "7z", Budget(source.size, options), 1)


def read_lzh(source: Input, options: ReadOptions) -> Items:
    """Documents of the members of an LZH archive."""
    return _read(source, options, "lzh", Budget(source.size, options), 1)


def _read(source: Input, options: ReadOptions, kind: str, budget: Budget, depth: int) -> Items:
    options = replace(options, format="auto")
    seen: Counter[str] = Counter()
    try:
        with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
            for member in _members(source, options, kind, budget, Path(folder)):
                if isinstance(member, Unreadable):
                    first = member.first_bytes or first_bytes(source)
                    yield replace(member, first_bytes=first)
                    continue
                place = f"!/{member.name}"
                again = seen[place]
                seen[place] += 1
                if again:  # Tapes get files appended again; each is a text with its own id.
                    place += f"~{again}"
                for item in one_record(
                    _read_member, member, options, budget, depth, Path(folder), place=""
                ):
                    inner = f"#{item.place}" if item.place[:1] not in "@!" else item.place
                    yield replace(item, place=place + (inner if item.place else ""))
    except Broken as broken:
        yield unreadable("", broken, first_bytes(source))


def _members(
    source: Input, options: ReadOptions, kind: str, budget: Budget, folder: Path
) -> Iterator[Member | Unreadable]:
    if kind == "tar":
        from seimai.pipeline.ingest.archive.tars import tar_members

        yield from tar_members(open_stream(source, options.limits), budget)
        return
    with on_disk(source, options, budget) as path:
        if kind == "zip":
            from seimai.pipeline.ingest.archive.zips import zip_members

            yield from zip_members(path)
        elif kind == "lzh":
            from seimai.pipeline.ingest.archive.lzh import lzh_members

            yield from lzh_members(path)
        else:
            from seimai.pipeline.ingest.archive.sevens import seven_members

            yield from seven_members(path, budget, folder)


def _read_member(
    member: Member, options: ReadOptions, budget: Budget, depth: int, folder: Path
) -> Items:
    """What one member gives; places are within it."""
    if member.kind != "file":
        yield Skipped("", member.kind)
    elif leaves(member.name):
        yield Unreadable("", "outside", "the name of the member leads out of the archive")
    elif hidden(member.name):
        yield Skipped("", "hidden")
    elif member.encrypted:
        yield Unreadable("", "encrypted", "the member is locked with a password")
    elif member.size == 0:
        yield Skipped("", "empty")
    else:
        path = member.path or folder / f"member{ending_of(member.name)}"
        try:
            size = member.size
            if member.path is None:
                with member.open() as stream:
                    size = write_down(stream, path, budget)
            if size:
                yield from _read_file(Input(str(path), member.name, size), options, budget, depth)
            else:
                yield Skipped("", "empty")
        except Broken as broken:
            if broken.cause == "bomb":
                raise
            yield unreadable("", broken, first_bytes(Input(str(path), member.name)))
        except OSError as error:
            yield unreadable("", from_system(error))
        finally:
            path.unlink(missing_ok=True)


def _read_file(source: Input, options: ReadOptions, budget: Budget, depth: int) -> Items:
    kind = sniff(source, options.limits)
    if kind not in KINDS:
        yield from read(replace(source, format=kind), options)
    elif depth < DEEPEST:
        yield from _read(source, options, kind, budget, depth + 1)
    else:
        detail = f"archives are nested in each other more than {DEEPEST} deep"
        yield Unreadable("", "bomb", detail, first_bytes(source))
