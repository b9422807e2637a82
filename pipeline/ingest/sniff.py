"""Which format a file has: by its first bytes, and by its name where bytes do not tell."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import PurePosixPath

import orjson

from seimai.pipeline.ingest.contract import Broken, Input, StreamLimits
from seimai.pipeline.ingest.sniff_text import json_records, shape
from seimai.pipeline.ingest.sources.containers import container
from seimai.pipeline.ingest.sources.streams import compression, open_stream

HEAD = 64 * 1024
"""How many bytes are looked at: an HTML page may open with a long comment."""

BY_NAME = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".shtml": "html",
    ".txt": "text",
    ".text": "text",
    ".warc": "warc",
    ".wet": "warc",
    ".wat": "warc",
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".rst": "rst",
    ".po": "po",
    ".xml": "xml",
    ".docbook": "xml",
    ".rss": "feed",
    ".atom": "feed",
}
DOUBTED = frozenset({"text", "csv", "markdown"})
"""Formats that a name is not believed to have where the content is records in JSON."""
PACKED = {".gz", ".zst", ".zstd", ".bz2", ".xz", ".gzip", ".bzip2"}

OLD_WORKBOOKS = ((0, 4), (0, 6), (2, 6), (4, 6), (4, 8))
"""Version and size of the first record of Excel 2 to 4."""
BY_CONTENT = (
    (b"PAR1", "parquet"),
    (b"ARROW1\0\0", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"WARC/1.", "warc"),
    *((bytes((9, version, size, 0)), "xls") for version, size in OLD_WORKBOOKS),
)
"""First bytes that tell a format, of those that cannot be text."""

FOREIGN = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\x1f\x9d", "a file packed by compress (.Z)"),
    (b"\x1f\xa0", "a file packed by compress (.Z)"),
    (b"\x5d\x00\x00\x80\x00", "a file packed as LZMA without xz (.lzma)"),
    (b"\x5d\x00\x00\x00\x04", "a file packed as LZMA without xz (.lzma)"),
    (b"LZIP\x01", "a file packed by lzip (.lz)"),
    (b"MSCF\0\0\0\0", "a cabinet (.cab)"),
    (b"BEGIN:VCARD", "addresses of people (vCard)"),
    (b"BEGIN:VCALENDAR", "appointments (iCalendar)"),
    (b"\x78\x9f\x3e\x22", "attachments packed by Outlook (winmail.dat)"),
)
PROGRAM = b"MZ"
"""How programs of DOS and Windows begin, archives that unpack themselves among them."""
HTML = re.compile(
    rb"\s*+(?:<\?xml[^>]*>\s*+)?(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
BINARY_SHARE = 0.02
"""With more control characters than this it is not text, except in UTF-16 and UTF-32."""
CONTROL = bytes(k for k in range(32) if k not in b"\t\n\r\f\x1b\x1a")


def sniff(source: Input, limits: StreamLimits | None = None) -> str:
    """
    The name of the format, as in `FORMATS`, or words for one that is not there.

    Raises `Broken` or `OSError` where not even the beginning can be read.
    """
    by_name = named(source.path)
    with closing(open_stream(source, limits)) as stream:
        head = b""
        try:
            while len(head) < HEAD and (piece := stream.read(HEAD - len(head))):
                head += piece
        except Broken:
            if not head and by_name != "warc":
                raise  # A crawl is read on from its next record.
    for magic, name in BY_CONTENT:
        if head.startswith(magic):
            return name
    if not head:
        return by_name or "text"
    if kind := container(source, head):
        return kind
    if by_name in {"parquet", "arrow", "warc"}:
        return by_name  # Its reader says what is wrong with it.
    for magic, name in FOREIGN:
        if head.startswith(magic):
            return name
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if by_name == "jsonl":
        return "json" if start[:1] == b"[" and not _is_lines(start) else "jsonl"
    if by_name == "json":
        return "jsonl" if _is_lines(start) else "json"
    if by_name in DOUBTED and (kind := json_records(head, cut=len(head) >= HEAD)):
        return kind
    if by_name in {"csv", "html"}:
        return by_name
    if start[:1] == b"{" and by_name is None and _is_lines(start):
        return "jsonl"
    if HTML.match(head[:4096]) and by_name is None:
        return "html"
    if by_name is None and _is_binary(head):
        return "a program" if head.startswith(PROGRAM) else "bytes that are not text"
    if by_name in {None, "text", "xml"}:
        return shape(head, by_name) or "text"
    return by_name


def named(path: str) -> str | None:
    """The format that a file's name speaks for."""
    name = PurePosixPath(path.partition("?")[0]).name.lower()
    endings = [f".{part}" for part in name.split(".")[1:]]
    while endings and endings[-1] in PACKED:
        endings.pop()
    return BY_NAME.get(endings[-1]) if endings else None


def is_named_otherwise(path: str, name: str) -> bool:
    """
    Whether a file was read as the records that it holds, though its name says something else.

    >>> is_named_otherwise("a.txt", "jsonl"), is_named_otherwise("a.json", "jsonl")
    (True, False)
    """
    return name in {"json", "jsonl"} and named(path) in DOUBTED


def _is_lines(start: bytes) -> bool:
    """Whether the first line is a complete JSON object, or does not end within the head."""
    line, newline, _ = start.partition(b"\n")
    if start[:1] != b"{":
        return False
    try:
        orjson.loads(line)
    except ValueError:
        # An object laid out over lines ends its first line early: `{` or `{"a": 1,`.
        return not newline or line.rstrip()[-1:] == b"}"
    return True


def _is_binary(head: bytes) -> bool:
    if compression(head):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    nul = head.count(0)
    if nul > len(head) // 8:
        # UTF-16 has its zeros on one side only.
        even = head[::2].count(0)
        return not (even < nul // 20 or even > nul - nul // 20)
    return len(head.translate(None, CONTROL)) < len(head) * (1 - BINARY_SHARE)
