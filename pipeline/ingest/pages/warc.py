"""
WARC and WET: the pages of a crawl, one document a record that is a page.

Compression, lengths and damage are the business of `gzip_members.py` and `compressed_frames.py`;
headers are parsed by fastwarc; pages go through `html.py`. Every record that is not a page is
counted with its cause, so that documents, unreadable and skipped records add up to the records of
the file.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Cause,
    Document,
    Input,
    Item,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.pages.feed import FEED, feed_of
from seimai.pipeline.ingest.pages.html import Extracted, extracted
from seimai.pipeline.ingest.pages.http_body import Fault, undo
from seimai.pipeline.ingest.sniff import HTML
from seimai.pipeline.ingest.sources.compressed_frames import OPENING, Frame, frames
from seimai.pipeline.ingest.sources.gzip_members import members
from seimai.pipeline.ingest.sources.streams import compression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PAGES = {"text/html", "application/xhtml+xml"}
TEXTS = {"text/plain", "text/markdown", "text/x-markdown"}
FEEDS = {
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
    "text/xml", "application/x-rss+xml",
}  # fmt: skip
"""What servers call feeds; whether it is one, its beginning tells."""
UNSAID = {"", "application/octet-stream", "application/x-unknown", "unknown/unknown"}
"""What servers say that do not know: here the body itself is asked."""

OK = {200, 203}
LOOKED_AT = 4096
"""Characters in which a feed says that it is one."""

DETAILS: dict[Fault, tuple[Cause, str]] = {
    "damaged": ("damaged", "the content coding of the response cannot be undone"),
    "too_large": ("too_large", "the response expands to more than {largest} bytes, the limit"),
    "coding": ("format", "the response has a content coding that is not known"),
}

KEPT = (
    ("warc-date", "crawled"),
    ("warc-payload-digest", "payload_digest"),
    ("warc-record-id", "record_id"),
    ("warc-identified-content-language", "identified_language"),
    ("warc-truncated", "truncated"),
    ("x-robots-tag", "robots_header"),
    ("tdm-reservation", "tdm_header"),
)
"""Headers of the record, and of the response, that become columns."""

_TYPE = re.compile(rb"^warc-type:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_JAPANESE = re.compile(r"(?:[^ぁ-ゖァ-ヺ]*+[ぁ-ゖァ-ヺ]){16}")
"""A Chinese or Korean page may link to 日本語版はこちら; sixteen kana are more than that."""
_LANG = re.compile(r"<html[^>]{0,500}\slang\s*=\s*[\"']?ja\b", re.IGNORECASE)


def read_warc(source: Input, options: ReadOptions) -> Items:
    """
    The pages of a WARC file, the texts of a WET file.

    Skipped causes: the record types that hold no page (`warcinfo`, `request`, `metadata`,
    `revisit`, `continuation`, `other`), `redirect` and `status` by the HTTP status, `media_type`
    (images, scripts, PDF), `empty`, and `language` where the recipe wants Japanese only. Beside the
    records, `comments` counts blocks of what readers wrote below an article.

    The entries of a feed are documents of their own, at `@OFFSET!/entry N`.

    `date` is what a page says of itself; when it was crawled is the column `crawled`.
    """
    try:
        from fastwarc.warc import WarcRecord
    except ImportError as error:
        raise Problem("E001", what="WARC", package="fastwarc", install="seimai[web]") from error
    for frame in _of_part(source, options):
        if isinstance(frame, Unreadable):
            yield frame
        else:
            yield from one_record(
                _items, frame, WarcRecord, options, place=f"@{frame.offset}", first=_first(frame)
            )


def _of_part(source: Input, options: ReadOptions) -> Iterator[Frame | Unreadable]:
    """
    The records that begin in a part of a file; all of them where it is not cut.

    The records of the parts before are unpacked and passed over, unparsed: their places are those
    in the unpacked bytes. A file in one stream (bzip2, xz, one member) is not cut.
    """
    begins: list[tuple[int, int]] = []
    found = frames(members(source, OPENING, options.limits, begins), options.max_record)
    if not source.start and source.end is None:
        yield from found
        return
    plain = is_plain(source)
    member = -1
    for frame in found:
        offset = frame.offset if isinstance(frame, Frame) else int(frame.place[1:] or 0)
        while member + 1 < len(begins) and begins[member + 1][0] <= offset:
            member += 1
        at = offset if plain else begins[member][1] if begins else 0
        if source.end is not None and at >= source.end:
            return
        if at >= source.start:
            yield frame


def _items(frame: Frame, parser: Any, options: ReadOptions) -> Items:
    """What a record is; below a page, how many blocks of comments were left out of it."""
    found = _item(frame, parser, options)
    if isinstance(found, list):
        yield from found
        return
    if not isinstance(found, tuple):
        yield found
        return
    document, comments = found
    yield document
    if comments:
        yield Skipped(document.place, "comments", comments)


_Found: TypeAlias = Item | tuple[Document, int] | list[Item]
_OfBody: TypeAlias = "Callable[..., _Found]"
"""What makes an item of a body; the arguments are those of `_of_body`."""


def source_at(source: Input, options: ReadOptions, place: str) -> tuple[Decoded, str | None] | None:
    """
    The decoded page of one record, and its address; None where there is none.

    `place` is the offset of the record (`@1234`, or without the `@`) or the address of the page.
    """
    from fastwarc.warc import WarcRecord

    wanted = place if place.startswith("@") or not place.isdecimal() else f"@{place}"
    seen: list[tuple[Decoded, str | None]] = []

    def see(place: str, body: bytes, headers: Mapping[str, str], said: str, _: ReadOptions) -> Item:
        url = headers.get("warc-target-uri", "").strip("<>")
        if wanted in (place, url):
            found = decode(body, _charset(said), kind="html")
            seen.append((found, url or None))
        return Skipped(place, "other")

    for frame in frames(members(source, OPENING, options.limits), options.max_record):
        if not isinstance(frame, Unreadable) and wanted[:1] in ("@", "h") and not seen:
            if wanted.startswith("@") and wanted != f"@{frame.offset}":
                continue
            _item(frame, WarcRecord, options, see)
        if seen:
            return seen[0]
    return None


def _item(
    frame: Frame, parser: Any, options: ReadOptions, of_body: _OfBody | None = None
) -> _Found:
    of_body = of_body or _of_body
    place = f"@{frame.offset}"
    match = _TYPE.search(frame.data, 0, frame.block)
    kind = match[1].decode("ascii").lower() if match else "other"
    if kind not in {"response", "resource", "conversion"}:
        known = {"warcinfo", "request", "metadata", "revisit", "continuation"}
        return Skipped(place, kind if kind in known else "other")
    try:
        record = parser.from_reader(io.BytesIO(frame.data), quirks_mode=True)
        if kind == "response":
            record.parse_http(auto_decode="none", quirks_mode=True)
        body = record.reader.read(len(frame.data))
        headers = {str(name).lower(): str(value) for name, value in record.headers.items()}
        http = record.http_headers if kind == "response" else None
        sent = {str(name).lower(): str(value) for name, value in http.items()} if http else {}
        status = http.status_code if http else None
    except (OSError, ValueError) as error:
        return Unreadable(place, "damaged", f"the record cannot be parsed: {error}", _first(frame))
    if http is None:
        if kind == "response" and not headers.get("content-type", "").startswith("text/"):
            return Unreadable(place, "damaged", "the response has no HTTP header", _first(frame))
        return of_body(place, body, headers, headers.get("content-type", ""), options)
    if status is None or not 100 <= status <= 999:
        return Unreadable(place, "damaged", "the response has no HTTP status", _first(frame))
    if status not in OK:
        return Skipped(place, "redirect" if 300 <= status < 400 else "status")
    length = sent.get("content-length", "")
    cut = length.isdecimal() and len(length) < 16 and len(body) < int(length)
    body, fault = undo(
        body,
        sent.get("transfer-encoding", ""),
        sent.get("content-encoding", ""),
        options.max_record,
    )
    if fault in DETAILS:
        cause, detail = DETAILS[fault]
        return Unreadable(place, cause, detail.format(largest=options.max_record), _first(frame))
    if cut or fault:
        headers.setdefault("warc-truncated", "unspecified")
    if "x-robots-tag" in sent:
        headers["x-robots-tag"] = ", ".join(http.get_multiple("X-Robots-Tag"))
    if "tdm-reservation" in sent:
        headers["tdm-reservation"] = sent["tdm-reservation"]
    return of_body(place, body, headers, sent.get("content-type", ""), options)


def _of_body(
    place: str, body: bytes, headers: Mapping[str, str], said: str, options: ReadOptions
) -> _Found:
    """The document of a body, or the entries of a feed, by what is said of it and its beginning."""
    media = said.partition(";")[0].strip().lower()
    if not body.strip():
        return Skipped(place, "empty")
    if (media in TEXTS or media in UNSAID) and HTML.match(body[:4096]):
        media = "text/html"
    if media in FEEDS or (media in UNSAID and b"<" in body[:64]):
        found = decode(body, _charset(said), kind="xml")
        if FEED.search(found.text, 0, LOOKED_AT):
            return _feed(place, found, headers, options)
    if media not in PAGES and media not in TEXTS:
        return Skipped(place, "media_type")
    found = decode(body, _charset(said), kind="html" if media in PAGES else None)
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        return Unreadable(place, "encoding", detail, body[:FIRST_BYTES])
    if options.language == "ja" and not _is_japanese(found):
        return Skipped(place, "language")
    url = headers.get("warc-target-uri", "").strip("<>") or None
    page = extracted(found.text, options, url) if media in PAGES else Extracted(found.text, {})
    facts = dict(page.facts)
    document = Document(
        page.text,
        place,
        url=url or facts.pop("canonical", None),
        license=facts.pop("license", None),
        date=facts.pop("date", None),
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type="text/html" if media in PAGES else "text/plain",
    )
    document.extra = _extra(facts, headers) or None
    return document, page.comments


def _feed(
    place: str, found: Decoded, headers: Mapping[str, str], options: ReadOptions
) -> list[Item]:
    """The entries of a feed, each with what the crawl says of all of it."""
    if options.language == "ja" and not _is_japanese(found):
        return [Skipped(place, "language")]
    items = list(feed_of(found, options, place))
    for item in items:
        if isinstance(item, Document):
            item.url = item.url or headers.get("warc-target-uri", "").strip("<>") or None
            item.extra = _extra(item.extra or {}, headers) or None
    return items


def _extra(facts: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """What the page says of itself, and what the crawl says of the page."""
    extra = dict(facts)
    for name, field in KEPT:
        if headers.get(name):
            extra[field] = headers[name]
    return extra


def _charset(said: str) -> str | None:
    match = re.search(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", said, re.IGNORECASE)
    return match[1] if match else None


def _is_japanese(found: Decoded) -> bool:
    """Whether a page, with its markup, has kana enough or says that it is Japanese."""
    return bool(_JAPANESE.match(found.text) or _LANG.search(found.text[:4096]))


def is_plain(source: Input) -> bool:
    """Whether a file is not compressed."""
    try:
        with source.open_raw() as raw:
            return compression(raw.read(16)) is None
    except OSError:
        return False  # It is told when it is read.


def _first(frame: Frame) -> bytes:
    return frame.data[frame.block : frame.block + FIRST_BYTES]
