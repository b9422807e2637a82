"""
What lies in a file, read as its own format: members of archives, attachments, embedded documents.

Each is copied to a temporary file and read like any other, one at a time. All that lies in one
file may take a bounded number of bytes together, and lie in each other only so deep. A place is
`!/NAME`, followed by the place within.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.archive.names import hidden, leaves, rooted
from seimai.pipeline.ingest.contract import (
    Broken,
    Input,
    Items,
    Nest,
    ReadOptions,
    Skipped,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.dispatch import read
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.sources.litter import is_litter
from seimai.pipeline.ingest.sources.spool import ending_of, first_bytes, write_down

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.ingest.archive.member import Member


def read_members(
    members: Iterable[Member | Unreadable], options: ReadOptions, nest: Nest, folder: Path
) -> Items:
    """
    What members give, in their order; what cannot be read of an archive comes through.

    `nest` is that of the members, `folder` holds them while they are read. Raises `Broken` "bomb".
    """
    options = replace(options, format="auto")
    seen: Counter[str] = Counter()
    for member in members:
        if isinstance(member, Unreadable):
            yield member
            continue
        place = f"!/{rooted(member.name)}"
        again = seen[place]
        seen[place] += 1
        if again:  # Tapes get files appended again; each is a text with its own id.
            place += f"~{again}"
        for item in one_record(_read_member, member, options, nest, folder, place=""):
            inner = f"#{item.place}" if item.place[:1] not in "@!" else item.place
            yield replace(item, place=place + (inner if item.place else ""))


class Attachments:
    """What lies in the documents of one file that is no archive, read with one budget."""

    def __init__(self, source: Input, options: ReadOptions) -> None:
        self._source = source
        self._options = options
        self._nest: Nest | None = None

    def items(self, members: Iterable[Member], place: str = "") -> Items:
        """What they give, below a place; one record says where there is too much."""
        try:
            if self._nest is None:
                self._nest = self._source.nested(self._options)
            with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
                for item in read_members(members, self._options, self._nest, Path(folder)):
                    yield replace(item, place=place + item.place)
        except Broken as broken:
            yield unreadable(place, broken, first_bytes(self._source))


def _read_member(member: Member, options: ReadOptions, nest: Nest, folder: Path) -> Items:
    """What one member gives; places are within it."""
    name = rooted(member.name)
    if member.kind != "file":
        yield Skipped("", member.kind)
    elif leaves(name):
        yield Unreadable("", "outside", "the name of the member points outside the archive")
    elif is_litter(name):
        yield Skipped("", "litter")
    elif hidden(name):
        yield Skipped("", "hidden")
    elif member.encrypted:
        yield Unreadable("", "encrypted", "the member is password-protected")
    elif member.size == 0:
        yield Skipped("", "empty")
    else:
        path = member.path or folder / f"member{nest.depth}{ending_of(name)}"
        try:
            size = member.size
            if member.path is None:
                with member.open() as stream:
                    size = write_down(stream, path, nest.budget)
            if size:
                yield from read(Input(str(path), name, size, nest=nest), options)
            else:
                yield Skipped("", "empty")
        except Broken as broken:
            if broken.cause == "bomb":
                raise
            yield unreadable("", broken, first_bytes(Input(str(path), name)))
        except OSError as error:
            yield unreadable("", from_system(error))
        finally:
            path.unlink(missing_ok=True)
