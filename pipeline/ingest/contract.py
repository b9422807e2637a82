"""
What every reader takes and gives: bytes in; documents, unreadable records or counts out.

A reader is one file with one function `read_x(source, options)`. It streams, holds at most one
record (or one batch of a columnar file) in memory, and never raises for what is wrong in a file:
whatever cannot be read becomes an `Unreadable` with its place and cause, so that the sums hold.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Literal, TypeAlias

FIRST_BYTES = 200
"""How much of an unreadable record is kept: enough to recognise it, too little to leak it."""

MIB = 1 << 20

Cause: TypeAlias = Literal[
    "json",  # not JSON, or not an object
    "no_text",  # a record whose text is missing, null or not a string
    "no_text_column",  # a table without a column of texts
    "encoding",  # bytes that are text in no encoding we know
    "too_large",  # a record or a document over its limit
    "too_slow",  # a record that took longer than it may
    "forgotten",  # a text that somebody asked to be forgotten
    "truncated",  # the file ends too early
    "damaged",  # bytes that break the rules of their format
    "bomb",  # decompresses to far more than any real text
    "permission",  # the system does not let us read it
    "missing",  # gone
    "io",  # the system cannot read it: a bad disk, a share that went away
    "unreachable",  # the connection failed, or broke off
    "empty",  # no bytes, in a format of one document a file
    "outside",  # a link that leaves the folder it was found in
    "format",  # a kind of file for which there is no reader
    "encrypted",  # password-protected
    "needs_ocr",  # pictures of text without the text
    "package",  # a package that its format needs is not installed
]
"""Why something could not be read; `messages/` has a sentence for each as `cause.NAME`."""

SURROUNDINGS = frozenset({"permission", "missing", "io", "unreachable"})
"""Causes that say nothing about an input: it may be fine the next time, so it is not finished."""


# What readers give is not frozen: there are millions of them, a frozen one takes three times as
# long to make, and `read` writes the format on each.


@dataclass(slots=True)
class Document:
    """One text as it came in, with the record of how it was read."""

    text: str
    place: str = ""
    """Where in its file: "" for one-document files, `@<byte offset in the decompressed stream>`
    for records, `row N` (from 0) for tables."""
    id: str | None = None
    url: str | None = None
    license: str | None = None
    date: str | None = None
    source: str | None = None
    declared: str | None = None
    """The encoding that the file claims (a byte order mark, a meta tag, an XML declaration)."""
    detected: str | None = None
    """The encoding that the bytes themselves look like."""
    encoding: str | None = None
    """The encoding that was used."""
    replaced: int = 0
    """How many characters could not be decoded and became U+FFFD."""
    media_type: str = "text/plain"
    extra: dict[str, Any] | None = None
    """The user's other columns, unchanged."""
    format: str = ""
    """The format it was read as, as in `FORMATS`; `read` fills it in, here and below."""


@dataclass(slots=True)
class Unreadable:
    """A record that could not be read. It goes to quarantine; reading goes on after it."""

    place: str
    cause: Cause
    detail: str
    """One English sentence: it is data and must be the same bytes in every locale."""
    first_bytes: bytes = b""
    format: str = ""
    """The format it was read as (see `Document.format`), or words for a kind of file that has no
    reader; "" where not even that is known."""
    rest: bool = False
    """Whether reading ended here: of what follows in the input nothing was read or counted."""


@dataclass(slots=True)
class Skipped:
    """Records that are not texts by their nature, such as redirects: counted, not kept."""

    place: str
    cause: str
    count: int = 1
    format: str = ""


Item: TypeAlias = Document | Unreadable | Skipped
Items: TypeAlias = Iterator[Item]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What a compressed stream may do before it is called a bomb."""

    ratio: int = 2_000
    """Decompressed by compressed bytes. gzip cannot pass 1,032; logs of equal lines come near."""
    always: int = 256 * MIB
    """Below this many decompressed bytes the ratio is not looked at."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a source; a column name is detected automatically if None."""

    format: str = "auto"
    text: str | tuple[str, ...] | None = None
    """One column, or several that make the text together, a line `column: value` for each."""
    id: str | None = None
    url: str | None = None
    license: str | None = None
    date: str | None = None
    source: str | None = None
    language: str | None = None
    """`ja`: pages of a crawl that show no sign of Japanese are skipped before extraction, counted
    as `language`. A quick look at the decoded page: the limits judge the rest."""
    extract: Literal["main", "all"] = "main"
    """What is read of web pages: their main text, or all of it."""
    text_format: Literal["plain", "html", "markdown", "rst", "auto"] = "plain"
    """What the text column of records is written in; `auto` asks each text."""
    code: Literal["keep", "drop"] = "keep"
    """Blocks of code in Markdown, reStructuredText and manual pages."""
    hidden: Literal["keep", "drop"] = "drop"
    """Hidden sheets, rows, columns, slides and text of office documents."""
    comments: Literal["keep", "drop"] = "drop"
    """Comments of reviewers and notes of speakers in office documents, kept after the text;
    comments of readers on web pages, kept where they stand."""
    sheets: Literal["whole", "rows"] = "whole"
    """What of a workbook is a document: a sheet, or each row of the table in it."""
    main: tuple[tuple[str, str], ...] = ()
    """Hosts, and the CSS selector of the main text on their pages and on those of hosts below."""
    max_record: int = 16 * MIB
    """A record or a one-document file with more bytes is unreadable: a book has 1 to 3 MiB."""
    limits: StreamLimits = field(default_factory=StreamLimits)


RATIO = 200
"""Unpacked by packed bytes: texts shrink 3 to 20 times, logs of nearly equal lines 100 times."""
DEEPEST = 3
"""Containers in containers: a zip of a project's zips has two levels, a backup of those three."""


class Broken(Exception):  # noqa: N818 - it is not an error of the program
    """A stream that cannot be read further: why, and after how many decompressed bytes."""

    def __init__(self, cause: Cause, detail: str, offset: int = 0) -> None:
        super().__init__(detail)
        self.cause: Cause = cause
        self.detail = detail
        self.offset = offset


class Budget:
    """How many bytes may still come out of one file, whatever is nested in it."""

    def __init__(self, stored: int, options: ReadOptions) -> None:
        ratio = min(RATIO, options.limits.ratio)
        self.left = max(options.limits.always, ratio * stored)

    def spend(self, size: int) -> None:
        """Take bytes off; `Broken` "bomb" when there are none left."""
        self.left -= size
        if self.left < 0:
            raise Broken("bomb", "it unpacks to far more bytes than real text would")


@dataclass(frozen=True, slots=True)
class Nest:
    """What a file that lies in containers shares with all that lies in the outermost one."""

    budget: Budget
    depth: int
    """How many containers it lies in."""

    def inner(self) -> Nest:
        """The nest of what lies in this file; `Broken` "bomb" where there are too many."""
        if self.depth >= DEEPEST:
            detail = f"archives are nested in each other more than {DEEPEST} deep"
            raise Broken("bomb", detail)
        return Nest(self.budget, self.depth + 1)


@dataclass(frozen=True, slots=True)
class Input:
    """
    One file (or one part of it, or one data set) to read.

    `start` and `end` cut a file into parts by bytes as stored: a part owns the lines, the records
    of a crawl, or the row groups of a Parquet file that *begin* in it, and the rows of a CSV file
    that are read out of it (`sources/parts.py`). Readers of other formats give everything to the
    part that starts at 0, so a cut is never wrong, only useless.
    """

    path: str
    """A local path or an fsspec URL."""
    key: str
    """A stable name: relative to the fixed root of what the user named, POSIX, never absolute."""
    size: int = 0
    """Bytes of the file as it is stored."""
    start: int = 0
    end: int | None = None
    format: str = "auto"
    fault: Unreadable | Skipped | None = None
    """Set when looking for files already showed that this one cannot be read, or is no text."""
    version: str = ""
    """What tells its content from an earlier or a later one without reading it: size and times of
    a file, the ETag of an address; "" where nothing does."""
    nest: Nest | None = None
    """Set for what lies in an archive, a mail or another document."""

    def nested(self, options: ReadOptions) -> Nest:
        """What the members of this file share with it, one level deeper."""
        return (self.nest or Nest(Budget(self.size, options), 0)).inner()

    def open_raw(self) -> IO[bytes]:
        """The bytes as stored, from the beginning; any error of the system comes through."""
        if "://" not in self.path:
            return open(self.path, "rb")  # noqa: PTH123 - a hot path with nothing else to ask
        from seimai.pipeline.ingest.remote import open_remote

        return open_remote(self.path, self.size)


def unreadable(place: str, broken: Broken, first: bytes = b"") -> Unreadable:
    """The quarantine record of a broken stream."""
    return Unreadable(place, broken.cause, broken.detail, first[:FIRST_BYTES])


_NETWORK = frozenset(
    getattr(errno, name)
    for name in (
        "ECONNABORTED", "ECONNREFUSED", "ECONNRESET", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN",
        "ENETRESET", "ENETUNREACH", "ENOTCONN", "EPIPE", "ESHUTDOWN", "ETIMEDOUT",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""What the system says where the way to a file is the trouble."""


def from_system(error: OSError) -> Broken:
    """
    What the operating system said, without the path: quarantine holds no machine paths.

    An error without a number is none of the system's: libraries raise it for damaged content.
    """
    if isinstance(error, PermissionError):
        return Broken("permission", "the system does not allow reading this file")
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return Broken("missing", "the file no longer exists")
    said = error.strerror or (type(error).__name__ if error.errno else "I/O error")
    if error.errno in _NETWORK:
        return Broken("unreachable", said)
    cause: Cause = "io" if error.errno else "damaged"
    return Broken(cause, f"the system cannot read this file: {said}")
