"""
The source of a page as a parser understood it, and the text of what is left of it.

A page is parsed once and written out again, which closes every element and quotes every value.
What goes is cut out of that source by places; what a writer of plain text would leave out although
it is read (tables, code and quotes in a `<figure>`, captions, the labels of forms) gets a plainer
tag; and the rest is parsed and written as text. resiliparse parses and writes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.pages.page_tree import codes
from seimai.pipeline.kernels.page import LAST
from seimai.pipeline.kernels.page_rest import AS_DIV, AS_SPAN, GOES, STAYS, rest
from seimai.pipeline.kernels.page_tags import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.ingest.pages.page_tree import Page

UNREAD = "rt,rp,annotation"
"""Elements that are not read: of ruby only the base stays, of formulas only what is seen.
resiliparse itself leaves out scripts, styles, templates, pictures and the fields of forms."""

PLAINER = {"figure": AS_DIV, "figcaption": AS_DIV, "label": AS_SPAN}
WITHOUT_SCRIPTS = {"noscript": AS_DIV}
"""For pages that scripts would fill: what stands there for readers without them."""

_READINGS = codes("rt", "rp")
EMBEDDED = codes("object", "video", "audio")
EXCUSE = re.compile(
    r"ブラウザ|プラグイン|(?:対応|サポート)(?:して|し)|再生(?:でき|する)|表示でき|JavaScript|Flash|browser|plug-?in|"
    r"ダウンロード",
    re.IGNORECASE,
)
"""What readers are told whose browser cannot show something."""

DEEPEST = 20
"""Lists in lists that are indented: a page of 600 kB whose lists never end would fill memory with
blanks."""
_LISTS = codes("ul", "ol")
_LIST = re.compile(
    rb"<(script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)|<(?P<close>/?)[uo]l\b", re.DOTALL
)
_FRAMES = re.compile(rb"<noframes[^>]*>(.*?)</noframes>", re.DOTALL)


@cache
def _parser() -> Any:
    try:
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise Problem("E001", what="HTML", package="resiliparse", install="resiliparse") from error
    return HTMLTree.parse


@cache
def _writer() -> Any:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text


def parsed(page: str) -> Any:
    """The tree of a page."""
    return _parser()(page)


def source_of(page: str) -> bytes:
    """The source of a page, mended: UTF-8, every element closed, every value in `"`."""
    tree = parsed(page)
    source = str(tree.document.html).encode("utf-8", "replace")
    if tree.body.tag != "body" and (frames := _FRAMES.search(source)):
        # A page of frames: what stands there for browsers without them.
        head, _, _ = source.partition(b"<frameset")
        inner = frames[1].decode("utf-8", "replace")
        body = str(parsed(inner).body.html).encode("utf-8", "replace") if inner.strip() else b""
        return head + body + b"</html>"
    return source


def rest_of(
    page: Page,
    cuts: Iterable[int],
    breaks: Any,
    plain: Iterable[int] = (),
    *,
    noscript: bool = False,
) -> bytes | memoryview:
    """
    The source without the elements whose rows are in `cuts`.

    `plain` are the rows of other elements that are written as parts of the page. `breaks` are
    those of `kernels.page.elements`; a break between two wide characters goes as well.
    """
    of_row = bytearray(len(page.tag))
    for row in plain:
        of_row[row] = AS_DIV
    for row in cuts:
        of_row[row] = GOES
    left = rest(
        np.frombuffer(page.data, np.uint8), page.table, breaks, np.frombuffer(of_row, np.uint8),
        _becomes(noscript=noscript),
    )  # fmt: skip
    return flatter(bytes(left)) if _is_deep(page) else memoryview(left)


@cache
def _becomes(*, noscript: bool) -> Any:
    """What becomes of the elements of each tag."""
    names = PLAINER | WITHOUT_SCRIPTS if noscript else PLAINER
    return np.array([names.get(name, STAYS) for name in NAMES], np.uint8)


def _is_deep(page: Page) -> bool:
    """Whether lists lie in more than `DEEPEST` lists."""
    rows = page.rows_of(_LISTS)
    if len(rows) <= DEEPEST:
        return False
    ended = np.searchsorted(np.sort(page.table[rows, LAST]), rows)
    return bool((np.arange(len(rows)) - ended).max() >= DEEPEST)


def fallbacks(page: Page) -> list[int]:
    """Elements whose text stands for what a page embeds, where it is more than an excuse."""
    found = page.rows_of(EMBEDDED)
    return [row for row in found if page.good[row] and not EXCUSE.search(page.short(row))]


def has_unread(page: Page) -> bool:
    """Whether a page has one of the elements `UNREAD`."""
    return bool(page.rows_of(_READINGS)) or b"<annotation" in page.data


def written(source: bytes | memoryview, *, unread: bool = True) -> str:
    """The text of a source; to ask it for elements that are not read, if `unread`, takes time."""
    tree = parsed(str(source, "utf-8", "replace"))
    skipped = [UNREAD] if unread else None
    return str(_writer()(tree, alt_texts=False, skip_elements=skipped))


def flatter(source: bytes) -> bytes:
    """The source without lists that lie deeper than `DEEPEST` others: what they list stays."""
    kept: list[bool] = []

    def tag(found: re.Match[bytes]) -> bytes:
        if found["close"] is None:
            return found[0]
        if not found["close"]:
            kept.append(len(kept) < DEEPEST)
            return found[0] if kept[-1] else b"<div"
        return found[0] if not kept or kept.pop() else b"</div"

    return _LIST.sub(tag, source)


def selected(page: str, selector: str) -> bytes:
    """The source of what a CSS selector finds in a page, as a page; empty if it finds nothing."""
    tree = parsed(page)
    found: list[str] = []
    last: Any = None
    for node in tree.document.query_selector_all(selector):
        if last is None or not last.contains(node):
            found.append(str(node.html))
            last = node
    if not found:
        return b""
    return f"<html><body>{''.join(found)}</body></html>".encode("utf-8", "replace")
