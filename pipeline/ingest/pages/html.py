"""
HTML and XHTML: the main text of a page, as a reader would copy it.

resiliparse parses and writes the text. Its own choice of "main content" loses inline links and
code inside sentences, so the choice is made in `main_text.py`. The README has the figures.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, TypeAlias

from seimai.pipeline.decode import decode
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Input,
    Items,
    ReadOptions,
    Unreadable,
)
from seimai.pipeline.ingest.pages.main_text import (
    CERTAIN,
    LEAST_SHARE,
    SKIP,
    mark_boilerplate,
    mark_small,
)
from seimai.pipeline.ingest.pages.page_facts import facts_of
from seimai.pipeline.ingest.sources.single_file import one_document, read_whole

UNREAD = "rt,rp,annotation"
"""Of ruby only the base stays, of formulas only what is seen. resiliparse itself leaves out
scripts, styles, templates, pictures and the fields of forms."""

Extract: TypeAlias = Literal["main", "all"]


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
    text, facts = extract(found.text, options.extract)
    yield one_document(
        found,
        text,
        "text/html",
        url=facts.pop("canonical", None),
        license=facts.pop("license", None),
        date=facts.pop("date", None),
        extra=facts or None,
    )


def extract(page: str, what: Extract = "main") -> tuple[str, dict[str, Any]]:
    """The main text of a page, or all of it, and what it says of itself (`page_facts.py`)."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise Problem("E001", what="HTML", package="resiliparse", install="resiliparse") from error
    tree: Any = HTMLTree.parse(page)
    facts: dict[str, Any] = dict(facts_of(tree, page))
    if not _tag(tree):  # Frames: what stands there for browsers without them.
        bare = tree.document.query_selector("noframes")
        page = (bare and bare.text) or ""
        tree = HTMLTree.parse(page)
        if not _tag(tree):
            return "", facts
    body = tree.body

    def written(*left_out: str) -> str:
        skipped = [UNREAD, *left_out]
        return str(extract_plain_text(tree, alt_texts=False, skip_elements=skipped))

    if what == "all":
        return written("[hidden]"), facts
    mark_boilerplate(body, page, cache(lambda: len(body.text or "")))
    text = written(f"[{SKIP}]", CERTAIN)
    if len(text) >= len(page) * LEAST_SHARE or _wide(text) > _wide(page) * LEAST_SHARE:
        return text, facts
    everything = len(written())
    if len(text) < everything * LEAST_SHARE:
        mark_small(body, everything)
        text = written(f"[{SKIP}]")
    return text, facts


def _tag(tree: Any) -> str:
    """`body`, or nothing: of a page of frames the parser gives a body that is no element."""
    return (tree.body and tree.body.tag) or ""


def _wide(text: str) -> int:
    """About twice the Japanese characters of a text: a quick look at how much of it there is."""
    return len(text.encode("utf-8", "replace")) - len(text)
