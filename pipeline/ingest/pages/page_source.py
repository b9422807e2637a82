"""
The source of a page as a parser understood it, and the text of what is left of it.

A page is parsed once and written out again, which closes every element and quotes every value.
What goes is cut out of that source by places; what a writer of plain text would leave out although
it is read (tables, code and quotes in a `<figure>`, captions, the labels of forms) gets a plainer
tag; and the rest is parsed and written as text. resiliparse parses and writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.pages.page_tree import codes, mask_of
from seimai.pipeline.kernels.page import CLOSE, END, INNER, LAST, START, TAG
from seimai.pipeline.kernels.page_tags import CODE, NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.ingest.pages.page_tree import Page

UNREAD = "rt,rp,annotation"
"""Elements that are not read: of ruby only the base stays, of formulas only what is seen.
resiliparse itself leaves out scripts, styles, templates, pictures and the fields of forms."""

PLAINER = {"figure": b"div", "figcaption": b"div", "label": b"span"}
WITHOUT_SCRIPTS = {"noscript": b"div"}
"""For pages that scripts would fill: what stands there for readers without them."""

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
_LISTS = mask_of(codes("ul", "ol"))
_LIST = re.compile(
    rb"<(script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)|<(?P<close>/?)[uo]l\b", re.DOTALL
)
_FRAMES = re.compile(rb"<noframes[^>]*>(.*?)</noframes>", re.DOTALL)


def parsed(page: str) -> Any:
    """The tree of a page."""
    try:
        from resiliparse.parse.html import HTMLTree
    except ImportError as error:
        raise Problem("E001", what="HTML", package="resiliparse", install="resiliparse") from error
    return HTMLTree.parse(page)


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
    source: bytes,
    table: Any,
    cuts: Iterable[int],
    breaks: Any,
    plain: Iterable[int] = (),
    *,
    noscript: bool = False,
) -> bytes:
    """
    The source without the elements whose rows are in `cuts`.

    `plain` are the rows of other elements that are written as parts of the page. `table` and
    `breaks` are those of `kernels.page.elements`; a break between two wide characters
    goes as well.
    """
    names = PLAINER | WITHOUT_SCRIPTS if noscript else PLAINER
    tags = table[:, TAG]
    rows = dict.fromkeys(plain, b"div")
    if len(renamed := mask_of(frozenset(map(CODE.__getitem__, names)))[tags].nonzero()[0]):
        of_rows = zip(renamed.tolist(), tags[renamed].tolist(), strict=True)
        rows |= {row: names[NAMES[tag]] for row, tag in of_rows}
    gone = [*cuts, *(tags == CODE["head"]).nonzero()[0].tolist()[:1]]
    edits = [
        (start, end, b"")
        for start, end in (*breaks.tolist(), *table[gone][:, [START, END]].tolist())
    ]
    if rows:
        places = table[list(rows)][:, [START, INNER, CLOSE, END]].tolist()
        for (start, inner, close, end), name in zip(places, rows.values(), strict=True):
            edits += [(start, inner, b"<%b>" % name), (close, end, b"</%b>" % name)]
    edits.sort(key=lambda edit: (edit[0], -edit[1]))
    pieces: list[bytes] = []
    at = 0
    for start, end, new in edits:
        if start >= at:
            pieces += [source[at:start], new]
            at = end
    pieces.append(source[at:])
    rest = b"".join(pieces)
    return flatter(rest) if _is_deep(table) else rest


def _is_deep(table: Any) -> bool:
    """Whether lists lie in more than `DEEPEST` lists."""
    rows = _LISTS[table[:, TAG]].nonzero()[0]
    if len(rows) <= DEEPEST:
        return False
    ended = np.searchsorted(np.sort(table[rows, LAST]), rows)
    return bool((np.arange(len(rows)) - ended).max() >= DEEPEST)


def fallbacks(page: Page) -> list[int]:
    """Elements whose text stands for what a page embeds, where it is more than an excuse."""
    found = page.rows_of(EMBEDDED)
    return [row for row in found if page.good[row] and not EXCUSE.search(page.short(row))]


def written(source: bytes) -> str:
    """The text of a source."""
    from resiliparse.extract.html2text import extract_plain_text

    tree = parsed(source.decode("utf-8", "replace"))
    return str(extract_plain_text(tree, alt_texts=False, skip_elements=[UNREAD]))


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
