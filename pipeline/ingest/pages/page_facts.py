"""What a page says of itself: title, language, dates, its own address, licence and robots tags."""

from __future__ import annotations

import re
from typing import Any

META = {
    "article:published_time": "date", "datepublished": "date", "date": "date", "dc.date": "date",
    "dcterms.date": "date", "dcterms.created": "date", "pubdate": "date",
    "dc.rights": "license", "dcterms.license": "license", "author": "author",
}  # fmt: skip
"""Names in meta tags, and the field they fill; the first that has a value counts."""

ROBOTS = {"robots": "robots", "tdm-reservation": "tdm_reservation", "tdm-policy": "tdm_policy"}
"""Names in meta tags by which a site says what may be done with a page; all values count."""

_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([0-9][0-9T:.Z+\- ]{3,40})"')
"""JSON-LD, as nearly all Japanese news sites and blogs have it."""


_REL = re.compile(
    r"""=(?<=rel=)\s*["']?[\w ]{0,80}\b(canonical|license)\b""", re.IGNORECASE
).findall
"""Anything that could be `rel=license`: the tree is searched only for what is there."""


def facts_of(tree: Any, page: str) -> dict[str, str]:
    """Facts by their field, without those that are missing. `page` is the source of `tree`."""
    facts: dict[str, str] = {}
    title = " ".join((tree.title or "").split())
    if title:
        facts["title"] = title
    root = tree.head and tree.head.parent
    lang = root and (root.getattr("lang") or root.getattr("xml:lang"))
    if lang:
        facts["lang"] = lang.strip()
    if tree.head:
        _metas(tree.head, facts)
    said = _REL(page)
    if said and tree.head:
        _links(tree.head.query_selector_all("link"), facts)
    if any(kind.lower() == "license" for kind in said):
        _links(tree.document.query_selector_all("a[rel~=license],link[rel~=license]"), facts)
    if "date" not in facts and (match := _PUBLISHED.search(page)):
        facts["date"] = match[1]
    return facts


def _metas(head: Any, facts: dict[str, str]) -> None:
    for meta in head.get_elements_by_tag_name("meta"):
        said = meta.getattr("name") or meta.getattr("property") or meta.getattr("itemprop") or ""
        name = said.lower()
        field = META.get(name) or ROBOTS.get(name)
        content = (meta.getattr("content") or "").strip() if field else ""
        if not field or not content:
            continue
        if name in ROBOTS and field in facts:
            content = f"{facts[field]}, {content}"
        if name in ROBOTS or field not in facts:
            facts[field] = content


def _links(links: Any, facts: dict[str, str]) -> None:
    for link in links:
        kinds = (link.getattr("rel") or "").lower().split()
        target = (link.getattr("href") or "").strip()
        for kind in ("canonical", "license"):
            if kind in kinds and target:
                facts.setdefault(kind, target)
