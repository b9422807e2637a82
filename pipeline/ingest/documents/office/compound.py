"""
The small file system that the old binary formats are kept in (OLE, "compound file"), by olefile.

The library believes the sizes that a file says of itself; they are looked at here first, so that
no chain of sectors is longer than the file. A damaged file is `Broken`, whatever it does.
"""

from __future__ import annotations

import struct
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import Broken, Budget, Input, ReadOptions, from_system
from seimai.pipeline.ingest.sources.spool import on_disk

if TYPE_CHECKING:
    from collections.abc import Iterator

STREAM_PER_RECORD = 16
"""A stream may take this many times the limit of a record: workbooks keep their pictures in it."""

HEADER = 512
COUNTS = (44, 64, 72)
"""Offsets in the header at which it says how many sectors its tables take."""

SUMMARY = "\x05SummaryInformation"
CODE_PAGE, TITLE, CREATED = 1, 2, 12
"""Numbers of properties of the summary."""
SHORT, STRING, TIME = 2, 30, 64
"""Numbers of the types of properties."""
MOST = 1_000
"""A title is cut after this many characters."""
WINDOWS_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
"""Times of Windows count tenths of microseconds from here."""


class Compound:
    """The streams of a compound file (OLE), by their names."""

    def __init__(self, ole: Any, source: Input, size: int, largest: int) -> None:
        self.source = source
        self._ole = ole
        self._size = size
        self._largest = largest
        self.names = {"/".join(one).lower(): "/".join(one) for one in ole.listdir()}
        """The names of all streams, by themselves in lower case."""

    def has(self, name: str) -> bool:
        """Whether there is a stream of this name."""
        return name.lower() in self.names

    def stream(self, name: str) -> bytes:
        """All bytes of a stream; `Broken` where they cannot be had."""
        if not self.has(name):
            raise Broken("damaged", f"the document has no stream “{name}”")
        size = _asked(lambda: self._ole.get_size(self.names[name.lower()]))
        if size > self._size:
            raise Broken("truncated", f"the stream “{name}” says to be larger than the file")
        if size > self._largest:
            raise Broken("too_large", f"the stream “{name}” has more than {self._largest} bytes")
        return bytes(_asked(lambda: self._ole.openstream(self.names[name.lower()]).read()))

    def facts(self) -> tuple[dict[str, Any], str | None]:
        """The title, if there is one, as a column, and the day the document was made."""
        try:
            found = _properties(self.stream(SUMMARY))
        except (Broken, struct.error):
            return {}, None
        title, made = found.get(TITLE), found.get(CREATED)
        named = " ".join(title.split())[:MOST] if isinstance(title, str) else ""
        day = made.date().isoformat() if isinstance(made, datetime) else None
        return ({"title": named} if named else {}), day


@contextmanager
def opened(source: Input, options: ReadOptions) -> Iterator[Compound]:
    """The streams of an input; `Broken` if it is not such a file."""
    try:
        import olefile
    except ImportError as error:
        raise Problem(
            "E001", what="DOC, XLS, PPT", package="olefile", install="seimai[office]"
        ) from error
    with on_disk(source, options, Budget(source.size, options)) as path:
        try:
            file = path.open("rb")
        except OSError as error:
            raise from_system(error) from error
        with file:
            size = path.stat().st_size
            _check(file, size)
            ole = _asked(lambda: olefile.OleFileIO(file))
            if _asked(lambda: ole.root.size) > size:
                raise Broken("damaged", "the document claims to be larger than its file")
            largest = STREAM_PER_RECORD * options.max_record
            yield _asked(lambda: Compound(ole, source, size, largest))


def _check(file: IO[bytes], size: int) -> None:
    head = file.read(HEADER)
    file.seek(0)
    if len(head) < HEADER:
        raise Broken("truncated", "the file ends in its header")
    if any(int.from_bytes(head[at : at + 4], "little") > size // HEADER for at in COUNTS):
        raise Broken("damaged", "the tables of the document claim to be larger than its file")


def _asked(question: Any) -> Any:
    """What the library answers. It raises whatever damaged bytes lead it to."""
    try:
        return question()
    except Broken:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise Broken("damaged", f"the document is damaged: {said}") from error


def _properties(data: bytes) -> dict[int, Any]:
    """The properties of a summary that are looked at."""
    (start,) = struct.unpack_from("<I", data, 44)
    (count,) = struct.unpack_from("<I", data, start + 4)
    at = dict(
        struct.unpack_from("<II", data, start + 8 + 8 * k)
        for k in range(min(count, len(data) // 8))
    )
    found: dict[int, Any] = {}
    encoding = "cp932"
    for name in (CODE_PAGE, TITLE, CREATED):
        if name not in at:
            continue
        (kind,) = struct.unpack_from("<I", data, start + at[name])
        place = start + at[name] + 4
        if name == CODE_PAGE and kind == SHORT:
            encoding = codec_of(struct.unpack_from("<H", data, place)[0])
        elif name == TITLE and kind == STRING:
            (size,) = struct.unpack_from("<I", data, place)
            text = data[place + 4 : place + 4 + min(size, 4 * MOST)].decode(encoding, "replace")
            found[name] = text.partition("\0")[0]
        elif name == CREATED and kind == TIME:
            (ticks,) = struct.unpack_from("<Q", data, place)
            if 0 < ticks < 1 << 59:  # The year 3427.
                found[name] = WINDOWS_EPOCH + timedelta(microseconds=ticks // 10)
    return found


def codec_of(page: int) -> str:
    """
    Python's name of a code page of Windows; CP932 for what is none.

    >>> codec_of(932), codec_of(1200), codec_of(65001), codec_of(51932), codec_of(7)
    ('cp932', 'utf-16-le', 'utf-8', 'euc_jp', 'cp932')
    """
    known = {
        936: "gb18030", 949: "cp949", 950: "big5hkscs", 1200: "utf-16-le", 10001: "cp932",
        20127: "ascii", 20932: "euc_jp", 28591: "latin-1", 50220: "iso2022_jp",
        50221: "iso2022_jp", 50222: "iso2022_jp", 51932: "euc_jp", 65001: "utf-8",
    }  # fmt: skip
    if page in known:
        return known[page]
    return f"cp{page}" if page in range(1250, 1259) or page in {437, 850, 852, 874} else "cp932"
