r"""
RTF: the text of a file, its footnotes after it, then comments where they are wanted.

Japanese comes as `\'93\'fa` in the encoding of the font at hand, as `\u26085` with a substitute
after it, or as plain bytes; the second byte of a character may stand as a letter of its own.
How control words, groups and bytes become text is the work of `rtf_words.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.documents.office.rich_text.rtf_fonts import Fonts
from seimai.pipeline.ingest.documents.office.rich_text.rtf_tables import DOUBLE
from seimai.pipeline.ingest.documents.office.rich_text.rtf_words import Reader
from seimai.pipeline.ingest.sources.single_file import read_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/rtf"
LEAST_FOREIGN = 8
"""Bytes beyond ASCII, and what stands between them, that say which encoding they are in."""


def read_rtf(source: Input, options: ReadOptions) -> Items:
    """The one document of an RTF file; what comes before a fault in it stays."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    if not data.startswith(b"{\\rtf"):
        yield Unreadable("", "damaged", "the file does not start as RTF", data[:FIRST_BYTES])
        return
    reader = read_rich(data, options)
    text = "\n".join(lines_of(reader))
    if text:
        yield Document(
            text,
            declared=reader.fonts.page,
            encoding=reader.fonts.page,
            replaced=text.count("\N{REPLACEMENT CHARACTER}"),
            media_type=MEDIA_TYPE,
        )
    if reader.fault:
        yield Unreadable("", "damaged", reader.fault, data[:FIRST_BYTES])
    elif reader.open_groups and not data.rstrip(b"\0 \r\n").endswith(b"}"):
        yield Unreadable("", "truncated", "the file ends inside a group", data[:FIRST_BYTES])
    elif not text:
        yield Skipped("", "empty")
    if reader.embedded:
        yield Skipped("", "embedded", reader.embedded)


def read_rich(data: bytes, options: ReadOptions) -> Reader:
    r"""
    A reader that has read; twice where the bytes are not in the encoding that the file says.

    Converters write Japanese under `\ansicpg1252`, or say nothing at all. All bytes beyond ASCII
    of which no font says more are looked at together.
    """
    reader = Reader(data, options)
    reader.read()
    foreign = b"".join(reader.fonts.foreign)
    if len(foreign) < LEAST_FOREIGN:
        return reader
    found = decode(foreign)
    if found.encoding not in DOUBLE or found.replaced or found.refused:
        return reader
    again = Reader(data, options, Fonts(found.encoding, page_is_known=True))
    again.read()
    return again


def lines_of(reader: Reader) -> Iterator[str]:
    """The text of what was read, its footnotes and its comments, as far as there is any."""
    for one in reader.texts():
        if text := "\n".join(_lines("".join(one))):
            yield text


def _lines(text: str) -> Iterator[str]:
    """Lines without blanks at their ends; never two empty ones in a row, none at the ends."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    empty = False
    for line in text.strip("\n \t\r").split("\n"):
        kept = line.rstrip()
        if kept or not empty:
            yield kept
        empty = not kept
