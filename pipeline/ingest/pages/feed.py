"""
RSS and Atom: the entries of a feed, one document each.

What an entry holds is HTML, escaped (RSS, Atom's `html`) or as elements (`xhtml`), often more of
the article than its summary; the fullest of them is taken and read as a page is, all of which is
known to be the article. RSS 0.91 to 2.0, RSS 1.0 (RDF) and Atom 0.3 and 1.0.
"""

from __future__ import annotations

import email.utils
import html
import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Input,
    Item,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.markup.xml_file import read_tree
from seimai.pipeline.ingest.markup.xml_trees import Element, name_of, parse_tree
from seimai.pipeline.ingest.one_record import one_record
from seimai.pipeline.ingest.pages.html import article_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.decode import Decoded

BODIES = ("encoded", "content", "description", "summary", "tagline")
"""Elements that hold the text of an entry: RSS' `content:encoded` and `description`, Atom's."""
DATES = ("pubDate", "published", "issued", "date", "created", "updated", "modified")
"""Elements that hold the date of an entry, the first one published before the last one changed."""


FEED = re.compile(
    r"<(?:rss[\s>]|feed\s[^<>]{0,1000}?(?:w3\.org/2005/Atom|purl\.org/atom)|"
    r"rdf:RDF\s[^<>]{0,2000}?purl\.org/(?:rss|net/rss))"
)
"""How a feed begins, after its declaration and its style sheet."""


def read_feed(source: Input, options: ReadOptions) -> Items:
    """
    A document for each entry of a feed; `place` is `entry N`, from 0.

    Skipped causes: `empty`, entries that have a title and a link only.
    """
    read = read_tree(source, options)
    if isinstance(read, Unreadable):
        yield read
        return
    yield from entries_of(*read, options)


def feed_of(found: Decoded, options: ReadOptions, place: str) -> Items:
    """The entries of a feed that was decoded, as in a crawl; `place` is that of its record."""
    try:
        root = parse_tree(found.text, recover=True)
    except Broken as broken:
        yield unreadable(place, broken, found.text[:FIRST_BYTES].encode())
        return
    yield from entries_of(found, root, options, place)


def entries_of(found: Decoded, root: Element, options: ReadOptions, place: str = "") -> Items:
    """The entries of a feed; their places go after the one of the feed."""
    media_type = "application/atom+xml" if name_of(root) == "feed" else "application/rss+xml"
    channel = next((one for one in root if name_of(one) == "channel"), root)
    site = _plain(_child(channel, "title"))
    lang = _child(channel, "language")
    language = (lang.text or "").strip() if lang is not None else _language(root)
    entries = 0
    for entry in _entries(root):
        at = f"{place}!/entry {entries}" if place else f"entry {entries}"
        replaced = 0 if entries else found.replaced
        entries += 1
        about = {"feed": site, "lang": language}
        for item in one_record(_item, entry, at, options, about, place=at):
            if isinstance(item, Document):
                item.declared, item.media_type, item.replaced = found.declared, media_type, replaced
                item.detected = item.encoding = found.encoding
            yield item
    if not entries:
        yield Skipped(place, "empty")


def _item(entry: Element, place: str, options: ReadOptions, about: dict[str, str]) -> Item:
    """What an entry is; how the feed was read is added by the caller."""
    body = max((_body(one) for one in entry if name_of(one) in BODIES), key=len, default="")
    text = article_text(body, options) if body else ""
    if not text.strip():
        return Skipped(place, "empty")
    extra = {"title": _plain(_child(entry, "title")), **about}
    return Document(
        text,
        place,
        id=_plain(_child(entry, "guid", "id")) or None,
        url=_link(entry) or None,
        date=_date(entry),
        extra={name: value for name, value in extra.items() if value} or None,
    )


def _entries(root: Element) -> Iterator[Element]:
    return (one for one in root.iter() if name_of(one) in ("item", "entry"))


def _child(element: Element, *names: str) -> Element | None:
    return next((one for one in element if name_of(one) in names), None)


def _plain(element: Element | None) -> str:
    """A title: its markup, escaped once or twice, is no part of it."""
    if element is None:
        return ""
    text = "".join(element.itertext())
    if "&" in text or "<" in text:
        text = article_text(text, ReadOptions()) or html.unescape(text)
    return " ".join(text.split())


def _body(element: Element) -> str:
    """The HTML of an element: what was escaped in it, or its elements themselves."""
    if element.get("src") or (element.get("type") or "html").partition("/")[0] in _BINARY:
        return ""
    if len(element):
        return "".join([html.escape(element.text or ""), *(_source(one) for one in element)])
    text = element.text or ""
    return html.escape(text) if element.get("type") in ("text", "text/plain") else text


_BINARY = {"image", "audio", "video"}


def _source(element: Element) -> str:
    """An element as HTML with what follows it: names without their namespace, no attributes."""
    tail = html.escape(element.tail or "")
    name = name_of(element)
    if not name:  # a reference to a character that XML does not know
        return f"{element.text or ''}{tail}"
    inner = "".join(map(_source, element))
    return f"<{name}>{html.escape(element.text or '')}{inner}</{name}>{tail}"


def _link(entry: Element) -> str:
    """The address of an entry: text in RSS, an attribute in Atom, `alternate` before others."""
    links = [one for one in entry if name_of(one) == "link"]
    links.sort(key=lambda one: (one.get("rel") or "alternate") != "alternate")
    for one in links:
        said = (one.get("href") or one.text or "").strip()
        if said:
            return said
    guid = _child(entry, "guid")
    said = (guid.text or "").strip() if guid is not None else ""
    return said if said.startswith(("http://", "https://")) else ""


def _date(entry: Element) -> str | None:
    for name in DATES:
        for one in entry:
            said = (one.text or "").strip() if name_of(one) == name else ""
            if not said or len(said) > 100:
                continue
            try:
                return email.utils.parsedate_to_datetime(said).isoformat()
            except (ValueError, TypeError, IndexError, OverflowError):
                return said
    return None


def _language(root: Element) -> str:
    return root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
