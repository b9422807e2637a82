"""
MediaWiki dumps, as Wikipedia publishes them: one document an article.

The dump is cut at `<page>` and `</page>`, which cannot stand inside a text, and each page is
parsed alone: memory is one page, and a damaged page costs itself only. `wikitext.py` makes text of
the markup.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    MIB,
    Broken,
    Cause,
    Document,
    Input,
    Item,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.markup.wikitext import plain_text
from seimai.pipeline.ingest.markup.xml_trees import child_text, name_of, parse_tree
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.sources.streams import open_stream

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE, END, OVER = b"<page>", b"</page>", b"</mediawiki>"
_BEGIN = re.compile(PAGE)
_EITHER = re.compile(b"|".join((PAGE, END)))
LONGEST = len(END)

MOST_HEAD = MIB
"""The names of a wiki's namespaces stand before its first page: Wikipedia's take 3 KiB."""

_BASE = re.compile(r"<base>\s*(https?://[^<\s]{1,500}/)[^<\s/]{0,500}\s*</base>")


def read_mediawiki(source: Input, options: ReadOptions) -> Items:
    """
    The articles of a dump.

    Skipped: `namespace` (talk, templates, files and everything else that is not an article),
    `redirect`, `model` (scripts and data kept as pages), `empty`. A page that does not end is
    unreadable.
    """
    try:
        stream = open_stream(source, options.limits)
    except Broken as broken:
        yield unreadable("", broken)
        return
    except OSError as error:
        yield unreadable("", from_system(error))
        return
    with closing(stream):
        window = _Window(stream)
        head, _, mark = window.until(_BEGIN, MOST_HEAD)
        if not mark:
            yield _broken_off(window, "@0", Broken("damaged", "there is no page in the file"), head)
            return
        found = _BASE.search(head.decode("utf-8", "replace"))
        address = found[1] if found else ""
        for item in _pages(window, options.max_record):
            if isinstance(item, Unreadable):
                yield item
            else:
                place, page = item
                yield from one_record(_item, place, page, address, place=place, first=page)


class _Window:
    """A stream that is read up to marks, with what is wrong with it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.held = bytearray()
        self.offset = 0
        self.broken: Broken | None = None

    def until(self, marks: re.Pattern[bytes], most: int) -> tuple[bytes, int, bytes]:
        """The bytes before the next mark (the first `most`), their number, and the mark."""
        kept = bytearray()
        size = 0
        while True:
            match = marks.search(self.held)
            step = match.start() if match else max(len(self.held) - LONGEST, 0)
            kept += self.held[: min(step, max(most - len(kept), 0))]
            size += step
            if match:
                mark = bytes(match[0])  # Before the bytes that it points to move.
                stop = match.end()
                del self.held[:stop]
                self.offset += stop
                return bytes(kept), size, mark
            del self.held[:step]
            self.offset += step
            piece = b""
            try:
                piece = self.stream.read(MIB)
            except Broken as broken:
                self.broken = broken
            if not piece:
                kept += self.held
                size += len(self.held)
                self.offset += len(self.held)
                self.held.clear()
                return bytes(kept), size, b""
            self.held += piece


def _pages(window: _Window, largest: int) -> Iterator[tuple[str, bytes] | Unreadable]:
    """Every page after the mark that begins the first one, with its place."""
    mark = PAGE
    while mark:
        place = f"@{window.offset - len(PAGE)}"
        body, size, mark = window.until(_EITHER, largest)
        if not mark:
            yield _broken_off(
                window, place, Broken("truncated", "the file ends inside a page"), body
            )
            return
        if mark == PAGE:
            yield _bad(place, "damaged", "the page has no end", body)
            continue
        if size > largest:
            detail = f"the page has {size} bytes; the limit is {largest}"
            yield _bad(place, "too_large", detail, body)
        else:
            yield place, PAGE + body + END
        between = f"@{window.offset}"
        rest, _, mark = window.until(_BEGIN, FIRST_BYTES)
        if mark and rest.strip():
            yield _bad(between, "damaged", "bytes that are not a page", rest)
        elif not mark and (window.broken or not rest.strip().startswith(OVER)):
            end = Broken("truncated", "the file ends before the dump does")
            yield _broken_off(window, between, end, rest)


def _item(place: str, page: bytes, address: str) -> Item:
    try:
        root = parse_tree(page.decode("utf-8"))
    except (Broken, UnicodeDecodeError) as error:
        return _bad(place, "damaged", f"the page cannot be parsed: {error}", page)
    if child_text(root, "ns").strip() not in {"", "0"}:
        return Skipped(place, "namespace")
    if any(name_of(child) == "redirect" for child in root):
        return Skipped(place, "redirect")
    if child_text(root, "revision", "model").strip() not in {"", "wikitext"}:
        return Skipped(place, "model")
    written = child_text(root, "revision", "text")
    if _REDIRECT.match(written):
        return Skipped(place, "redirect")
    title = child_text(root, "title").strip()
    text = plain_text(written)
    if not text:
        return Skipped(place, "empty")
    extra = {"title": title, "page_id": child_text(root, "id").strip()}
    return Document(
        text,
        place,
        url=address + quote(title.replace(" ", "_"), safe="/:()',!") if address and title else None,
        date=child_text(root, "revision", "timestamp").strip() or None,
        encoding="utf-8",
        media_type="text/x-wiki",
        extra={name: value for name, value in extra.items() if value} or None,
    )


_REDIRECT = re.compile(r"\s*[#＃](?:redirect|転送)\s*:?\s*\[\[", re.IGNORECASE)


def _bad(place: str, cause: Cause, detail: str, data: bytes) -> Unreadable:
    return Unreadable(place, cause, detail, data[:FIRST_BYTES])


def _broken_off(window: _Window, place: str, otherwise: Broken, data: bytes) -> Unreadable:
    return unreadable(place, window.broken or otherwise, data)
