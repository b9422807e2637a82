"""EPUB: of the archive that a book is, its chapters; its machinery is counted."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.archive.member import Member

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.contract import Unreadable

FIRST, TYPE = "mimetype", b"application/epub+zip"
"""The first member of a book, and what stands in it."""
_CHAPTER = re.compile(r".+\.(?:xhtml|html?)", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:.*/)?(?:nav|toc|navigation|cover)[\w-]*\.\w+", re.IGNORECASE)
"""How the tables of contents and the pages with the picture of the cover are called."""


def chapters(members: Iterator[Member | Unreadable]) -> Iterator[Member | Unreadable]:
    """The members of an archive; of a book all but its chapters are of the kind `book_part`."""
    is_book = False
    for place, member in enumerate(members):
        if not isinstance(member, Member):
            yield member
            continue
        if not place:
            # What stands in it is not asked: no other archive begins with this name and size.
            is_book = member.name == FIRST and member.size == len(TYPE)
        chapter = _CHAPTER.fullmatch(member.name) and not _CONTENTS.fullmatch(member.name)
        yield replace(member, kind="book_part") if is_book and not chapter else member
