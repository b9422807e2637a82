"""
HTML and XHTML: the main text of a page, as a reader would copy it.

resiliparse parses and writes the text. Its own choice of "main content" loses inline links and
code inside sentences, so the choice is made here, by what the page itself says (`nav`, `footer`,
roles, names of classes) and by lists of nothing but links; what is not certain stays, and the
limits judge it. The README has the figures.
"""

from __future__ import annotations

import re
from typing import Any

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Document,
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.whole import read_whole

NEVER = (
    "script", "style", "noscript", "template", "svg", "math annotation", "iframe", "object",
    "select", "button", "textarea", "dialog", "rt", "rp", "rtc",
)  # fmt: skip
"""Elements that are not text to read; of ruby only the base stays, never the readings."""

CERTAIN = (
    "nav", "footer", "aside", "form", "menu",
    "[role=navigation]", "[role=search]", "[role=contentinfo]", "[role=banner]",
    "[role=complementary]", "[aria-hidden=true]", "[hidden]",
)  # fmt: skip
"""Elements that say themselves that they are not the main text."""

NAMED = re.compile(
    r"(?:^|[\s_-])(?:g?nav(?:i|igation|bar|header|footer)?|menu|gmenu|breadcrumbs?|topicpath|pankuzu|"
    r"side(?:bar|menu)?|sphinxsidebar|footer|foot|pag(?:er|ination)|sns|share|social|cookies?|"
    r"related|ranking|advert\w*|ads?|banner|toc|contents-list|toplang|bottomlang|"
    r"skip(?:link|nav)?|search(?:box|form)?|langs?|copyright)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of classes and ids, in the words Japanese sites use too (パンくず is pankuzu)."""

WHOLES = "html,body,main,article,code,pre,span,a,h1,h2,h3,em,b,i,tt"
"""Elements that are never boilerplate by name: too large, or a part of a sentence."""

LONGEST_NAME = 200
_NAMES = re.compile(
    r"""\s(class|id)\s*=\s*(?:["']([^"'\\<>]+)["']|([^\s"'\\<>]+))""", re.IGNORECASE
).findall

LOOKED_AT = 100
"""Elements weighed one by one; nested by the thousand they would cost the square of it."""

SKIP = "data-seimai-skip"
"""The attribute that marks what is left out."""

LEAST_SHARE = 0.2
"""With less than this left of a page, some name did not mean what it says. Menus of hundreds of
links do make up three quarters of real pages."""

MOST_SHARE = 0.5
"""An element with more of the page than this is the page, whatever it is called."""


def read_html(source: Input, options: ReadOptions) -> Items:
    """The one document of an HTML file, or the one reason why it is none."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    found = decode(data, kind="html")
    if found.refused:
        detail = f"the bytes are not text: {found.refused}"
        yield Unreadable("", "encoding", detail, data[:FIRST_BYTES])
        return
    yield document_of(found)


def document_of(found: Decoded, place: str = "", url: str | None = None) -> Document:
    """The document of a decoded page; WARC records come through here too."""
    text, facts = extract(found.text)
    return Document(
        text,
        place,
        url=url or facts.pop("canonical", None),
        license=facts.pop("license", None),
        date=facts.pop("date", None),
        declared=found.declared,
        detected=found.encoding,
        encoding=found.encoding,
        replaced=found.replaced,
        media_type="text/html",
        extra=facts or None,
    )


def extract(page: str) -> tuple[str, dict[str, Any]]:
    """The main text of a page, and what its head says: title, lang, date, canonical, license."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise Problem("E001", what="HTML", package="resiliparse", install="resiliparse") from error
    tree = HTMLTree.parse(page)
    facts = _facts(tree)
    if tree.body is None:
        return "", facts

    def written(*left_out: str) -> str:
        return str(
            extract_plain_text(
                tree, preserve_formatting=True, alt_texts=False, skip_elements=[*NEVER, *left_out]
            )
        )

    boilerplate = [*CERTAIN, *_named_in(page)]
    text = written(*boilerplate)
    if _wide(text) > _wide(page) * LEAST_SHARE:
        return text, facts
    whole = len(written())
    if len(text) < whole * LEAST_SHARE:
        # Some element has a name that does not fit it: look at each of them.
        for node in tree.body.query_selector_all(",".join(boilerplate))[:LOOKED_AT]:
            if len(node.text or "") <= whole * MOST_SHARE:
                node.setattr(SKIP, "")
        text = written(f"[{SKIP}]")
    return text, facts


def _wide(text: str) -> int:
    """About twice the Japanese characters of a text: a quick look at how much of it there is."""
    return len(text.encode("utf-8", "replace")) - len(text)


def _facts(tree: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    title = " ".join((tree.title or "").split())
    if title:
        facts["title"] = title
    root = tree.document.query_selector("html")
    lang = root and (root.getattr("lang") or root.getattr("xml:lang"))
    if lang:
        facts["lang"] = lang.strip()
    metas = tree.head.query_selector_all("meta") if tree.head else []
    for meta in metas:
        name = (meta.getattr("name") or meta.getattr("property") or "").lower()
        content = (meta.getattr("content") or "").strip()
        field = META.get(name)
        if field and content:
            facts.setdefault(field, content)
    links = "link[rel~=canonical],link[rel~=license],a[rel~=license]"
    for link in tree.document.query_selector_all(links):
        kinds = (link.getattr("rel") or "").lower().split()
        target = (link.getattr("href") or "").strip()
        for kind in ("canonical", "license"):
            if kind in kinds and target:
                facts.setdefault(kind, target)
    return facts


META = {
    "date": "date", "dc.date": "date", "dcterms.date": "date", "article:published_time": "date",
    "pubdate": "date", "dc.rights": "license", "dcterms.license": "license", "robots": "robots",
    "author": "author",
}  # fmt: skip
"""Names in meta tags, and the field they fill."""


def _named_in(page: str) -> list[str]:
    """
    Selectors of the elements whose class or id is a name of boilerplate.

    The names are looked for in the source: a page has many elements and few different names.
    """
    return [
        f'[{attribute}="{name}"]:not({WHOLES})'
        for attribute, name in sorted(
            {(attribute.lower(), quoted or bare) for attribute, quoted, bare in _NAMES(page)}
        )
        if len(name) < LONGEST_NAME and NAMED.search(name)
    ]
