"""
HTML and XHTML: the main text of a page, as a reader would copy it.

`page_source.py` parses and writes, `main_text.py` says which elements are not main text and why,
`page_facts.py` reads what a page says of itself. The README has the figures.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.pages.main_text import Judged, everything, judge
from seimai.pipeline.ingest.pages.page_facts import facts_of
from seimai.pipeline.ingest.pages.page_source import (
    fallbacks,
    flatter,
    has_unread,
    rest_of,
    selected,
    source_of,
    written,
)
from seimai.pipeline.ingest.pages.structured import body_of
from seimai.pipeline.ingest.sources.single_file import one_document, read_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

Extract: TypeAlias = Literal["main", "all"]

FILLED = 0.3
"""With less than this of the text that JSON-LD gives, a page is filled by scripts."""
LEAST_FILLED = 40
"""Characters below which a page without JSON-LD is asked for what it has for readers without
scripts."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was read of a page."""

    text: str
    facts: dict[str, Any]
    comments: int = 0
    """How many blocks of readers' comments were left out."""


def read_html(source: Input, options: ReadOptions) -> Items:
    """
    The one document of an HTML file, or the one reason why it is none.

    Skipped causes: `comments`, blocks of what readers wrote below the article.
    """
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    found = decode(data, kind="html")
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        yield Unreadable("", "encoding", detail, data[:FIRST_BYTES])
        return
    page = extracted(found.text, options)
    facts = dict(page.facts)
    yield one_document(
        found,
        page.text,
        "text/html",
        url=facts.pop("canonical", None),
        license=facts.pop("license", None),
        date=facts.pop("date", None),
        extra=facts or None,
    )
    if page.comments:
        yield Skipped("", "comments", page.comments)


def extract(page: str, what: Extract = "main") -> tuple[str, dict[str, Any]]:
    """The main text of a page, or all of it, and what it says of itself (`page_facts.py`)."""
    found = extracted(page, ReadOptions(extract=what))
    return found.text, found.facts


def extracted(page: str, options: ReadOptions, url: str | None = None) -> Extracted:
    """What is read of a page; `url` is where it comes from, if that is known."""
    source = source_of(page)
    if options.extract == "all":
        judged = everything(source)
        return Extracted(_text_of(judged), facts_of(judged.page))
    judged = judge(source, comments=options.comments == "keep")
    facts = facts_of(judged.page, judged.end)
    own = _own_selector(options.main, url or facts.get("canonical"))
    if own and (part := selected(page, own)):
        judged = judge(part, comments=options.comments == "keep", whole=True)
        return Extracted(_text_of(judged), facts, judged.count("comments"))
    text = _text_of(judged)
    seen = len(text.strip())
    body = body_of(judged.page, int(seen / FILLED))
    if body and seen < sum(map(len, body)) * FILLED:
        text = "\n".join(filter(None, map(_plain, body)))
    elif seen < LEAST_FILLED and b"<noscript" in source:
        text = max(text, _text_of(judged, noscript=True), key=len)
    return Extracted(text, facts, judged.count("comments"))


def article_text(piece: str, options: ReadOptions) -> str:
    """The text of a piece of HTML all of which is known to be the article, as in a feed."""
    return _text_of(judge(source_of(piece), comments=options.comments == "keep", whole=True))


def _text_of(judged: Judged, *, noscript: bool = False) -> str:
    page = judged.page
    plain = (*judged.spoken, *fallbacks(page))
    left = rest_of(page, judged.cuts, judged.breaks, plain, noscript=noscript)
    return written(left, unread=has_unread(page))


def _plain(piece: str) -> str:
    """A piece of JSON-LD as text: some sites write markup there, others references."""
    if "</" in piece or "<br" in piece:
        return written(flatter(source_of(piece))).strip()
    return html.unescape(piece) if "&" in piece else piece


def _own_selector(selectors: Sequence[tuple[str, str]], url: str | None) -> str:
    """The selector that the recipe has for the site of a page: its host, or a domain above it."""
    if not selectors or not url:
        return ""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    for site, selector in selectors:
        if host == site.lower() or host.endswith(f".{site.lower()}"):
            return selector
    return ""
