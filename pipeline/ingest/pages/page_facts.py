"""
What a page says of itself: title, language, dates, authors, its own address, licence, robots tags.

Everything is read from tags in the source (`page_source.py`), wherever they stand: one stray
element ends the head, and what a site forbids to robots must be seen all the same.
"""

from __future__ import annotations

import html
import re
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson

from seimai.pipeline.ingest.pages.page_tree import codes
from seimai.pipeline.ingest.pages.structured import structured
from seimai.pipeline.kernels.page import CLOSE, INNER, ITEMPROP, LICENSED, START
from seimai.pipeline.kernels.page_tags import CODE

if TYPE_CHECKING:
    from seimai.pipeline.ingest.pages.page_tree import Page

META = {
    "article:published_time": "date", "datepublished": "date", "date": "date", "dc.date": "date",
    "dc.date.issued": "date", "dc.date.created": "date", "dcterms.date": "date",
    "dcterms.created": "date", "dcterms.issued": "date", "pubdate": "date",
    "publishdate": "date", "publish_date": "date", "publish-date": "date",
    "cxenseparse:recs:publishtime": "date", "cxenseparse:publishtime": "date",
    "parsely-pub-date": "date", "sailthru.date": "date", "creation_date": "date",
    "article:modified_time": "modified", "og:updated_time": "modified",
    "datemodified": "modified", "dcterms.modified": "modified", "dc.date.modified": "modified",
    "last-modified": "modified", "lastmod": "modified",
    "dc.rights": "license", "dcterms.license": "license",
    "author": "author", "article:author": "author", "dc.creator": "author",
    "cxenseparse:author": "author",
    "og:url": "og_url", "og:site_name": "site_name", "application-name": "app_name",
}  # fmt: skip
"""Names in meta tags, in small letters, and the field they fill; the first with a value counts."""

ROBOTS = {"robots": "robots", "tdm-reservation": "tdm_reservation", "tdm-policy": "tdm_policy"}
"""Names in meta tags by which a site says what may be done with a page; all values count."""

AGENT = re.compile(
    r"^(?!.*:)[\w.-]*(?:bot|spider|crawler|slurp|archiver|extended|anthropic-ai|claude-web|"
    r"cohere-ai|externalagent|chatgpt-user)[\w-]{0,12}$",
    re.IGNORECASE,
)
"""Robots by their name: `googlebot`, `CCBot`, `Google-Extended`, `GPTBot`, `Applebot-Extended`."""

_ATTRIBUTE = re.compile(rb'[\s/]([^\s=>/][^\s=>/]*)="([^"]*)"')
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([0-9][0-9T:.Z+/\- ]{3,40})"')
_MODIFIED = re.compile(r'"dateModified"\s*:\s*"([0-9][0-9T:.Z+/\- ]{3,40})"')
_NAMED = re.compile(
    r'"author"\s*:\s*(?:\[\s*)?\{[^{}]{0,400}?"name"\s*:\s*("(?:[^"\\]|\\.){1,200}")'
)
_STARTS_AS_DATE = re.compile(r"[12]\d{3}(?:\D|\d{4})")
_MARKUP = re.compile(rb"<[^>]*>")
_TOLD = re.compile(rb'\srel="[^"]{0,80}\b(?:canonical|license)\b', re.IGNORECASE).search
_CALLED = re.compile(rb'\s(?:name|property|itemprop)="([^"]*)"', re.IGNORECASE).search

LONGEST = 1000
"""Characters of a value; longer ones are no dates and no names."""


def facts_of(page: Page, last: int = -1) -> dict[str, str]:
    """
    Facts by their field, without those that are missing.

    `last` is the row at which the article ends: the date of an element after it is that of another
    one.
    """
    facts: dict[str, str] = {}
    source, table = page.data, page.table
    title = _text(page, page.rows_of(_TITLE))
    if title:
        facts["title"] = title
    for row in page.rows_of(_HTML)[:1]:
        said = _attributes(page, row)
        lang = (said.get("lang") or said.get("xml:lang") or "").strip()
        if lang:
            facts["lang"] = lang
    agents: list[str] = []
    for row in page.rows_of(_METAS):
        named = _CALLED(source, table.item(row, START), table.item(row, INNER))
        if named and _is_known(named[1]):
            _meta(_attributes(page, row), facts, agents)
    if agents:
        facts["robots_agents"] = "; ".join(agents)
    for row in table[:, LICENSED].nonzero()[0].tolist():
        if _TOLD(source, table.item(row, START), table.item(row, INNER)):
            _link(_attributes(page, row), facts)
    address = facts.pop("og_url", None)
    if address and address.startswith(("http://", "https://")):
        facts.setdefault("canonical", address)
    name = facts.pop("app_name", None)
    if name:
        facts.setdefault("site_name", name)
    _dates(page, last, facts)
    return facts


_META = CODE["meta"]
_TITLE, _HTML, _METAS, _TIME, _H1 = map(codes, ("title", "html", "meta", "time", "h1"))


def _attributes(page: Page, row: int) -> dict[str, str]:
    """The attributes of an element by their names in small letters; of two the first counts."""
    tag = page.data[page.table.item(row, START) : page.table.item(row, INNER)]
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(tag):
        text = value.decode("utf-8", "replace")
        found.setdefault(
            name.decode("utf-8", "replace").lower(), html.unescape(text) if "&" in text else text
        )
    return found


def _text(page: Page, rows: list[int]) -> str:
    """What is written in the first of some elements."""
    for row in rows:
        piece = page.data[page.table.item(row, INNER) : page.table.item(row, CLOSE)]
        words = html.unescape(_MARKUP.sub(b" ", piece).decode("utf-8", "replace"))
        return " ".join(words.split())
    return ""


@lru_cache(maxsize=1 << 12)
def _is_known(raw: bytes) -> bool:
    """Whether a name in a meta tag means something here."""
    name = raw[:LONGEST].decode("utf-8", "replace").strip().lower()
    return name in META or name in ROBOTS or AGENT.match(name) is not None


def _meta(said: dict[str, str], facts: dict[str, str], agents: list[str]) -> None:
    name = (said.get("name") or said.get("property") or said.get("itemprop") or "").strip().lower()
    content = said.get("content", "").strip()
    if not name or not content:
        return
    if name in ROBOTS:
        field = ROBOTS[name]
        facts[field] = f"{facts[field]}, {content}" if field in facts else content
    elif name in META:
        field = META[name]
        if len(content) > LONGEST or field in facts:
            return
        if field in ("date", "modified") and not _STARTS_AS_DATE.match(content):
            return
        if field == "author" and content.startswith(("http://", "https://")):
            return  # a profile page of a social network, as Facebook wants it
        facts[field] = content
    elif AGENT.match(name):
        agents.append(f"{name}: {content}")


def _link(said: dict[str, str], facts: dict[str, str]) -> None:
    kinds = said.get("rel", "").lower().split()
    target = said.get("href", "").strip()
    if not target:
        return
    if "license" in kinds:
        facts.setdefault("license", target)
    if "canonical" in kinds:
        facts.setdefault("canonical", target)


def _dates(page: Page, last: int, facts: dict[str, str]) -> None:
    """Dates that stand in no meta tag: JSON-LD, `itemprop`, `time`."""
    if "date" in facts and "modified" in facts and "author" in facts:
        return
    said = "\n".join(structured(page))
    for field, pattern in (("date", _PUBLISHED), ("modified", _MODIFIED)):
        if field not in facts and (match := pattern.search(said)):
            facts[field] = match[1]
    if "author" not in facts and (match := _NAMED.search(said)):
        with suppress(orjson.JSONDecodeError):
            facts["author"] = str(orjson.loads(match[1])).strip()
    for row in page.table[:, ITEMPROP].nonzero()[0].tolist():
        if page.tag[row] == _META:
            continue
        attributes = _attributes(page, row)
        field = {"datepublished": "date", "datecreated": "date", "datemodified": "modified"}.get(
            attributes.get("itemprop", "").strip().lower(), ""
        )
        if field and field not in facts:
            value = attributes.get("datetime") or attributes.get("content")
            value = (value or _text(page, [row])).strip()
            if _STARTS_AS_DATE.match(value) and len(value) <= LONGEST:
                facts[field] = value
    if "date" not in facts:
        _first_time(page, last, facts)


def _first_time(page: Page, last: int, facts: dict[str, str]) -> None:
    """The first date after the heading of the page, or else before it, but none after its end."""
    rows = page.rows_of(_TIME)
    if not rows:
        return
    heads = page.rows_of(_H1)
    first = heads[0] if heads else 0
    for row in sorted(rows, key=lambda row: (row < first, row)):
        if 0 <= last < row:
            continue
        value = _attributes(page, row).get("datetime", "").strip()
        if _STARTS_AS_DATE.match(value) and len(value) <= LONGEST:
            facts["date"] = value
            return
