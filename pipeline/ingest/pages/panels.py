"""
Parts of a page that readers open by a click: answers of questions, tabs, the rest of a text.

Such a part is hidden as the page arrives, and main text all the same; windows, menus and notices
are hidden too, and are none. What tells a panel is what opens it: an element that names it
(`aria-controls`), its role or its name, the question right before it (`dt`, a heading, a button).
Nothing inside of a menu, a header, a footer, a form or a window is one, nor is a list of links,
nor a second copy of what the page shows anyway.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.pages.page_tree import HEADINGS, INLINES, Page, codes
from seimai.pipeline.ingest.pages.part_names import kind_of
from seimai.pipeline.kernels.page import APARTNESS, CLASS, CLOSE, END, ID, INNER, ROLE, START
from seimai.pipeline.kernels.page_tags import CODE, KINDS, UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable

FRAMES = codes("nav", "menu", "dialog", "amp-sidebar", "amp-ad", "header", "footer", "aside",
               "form", "search")  # fmt: skip
"""Elements in which nothing that is hidden is main text."""
WINDOWS = frozenset(
    (b"dialog", b"alertdialog", b"menu", b"menubar", b"listbox", b"tooltip", b"alert", b"status",
     b"navigation", b"search", b"banner", b"contentinfo")
)  # fmt: skip
"""Roles that say that something is no panel."""
_PART = r"(?:^|[\s_-]|(?-i:(?<=[a-z0-9])(?=[A-Z])))"
_NO_PANEL = re.compile(
    rf"{_PART}(?:modal|pop-?up|overlay|drawer|window|dialog|toast|tooltip|balloon|alert|err(?:or)?|"
    r"message|cookies?|consent|gdpr|chat|loading|loader|template|tpl|clone|slick|swiper|slides?|"
    r"carousel|lightbox|search|login|cart|lang|nav|menu|sp-?only|pc-?only|print|thanks|complete)",
    re.IGNORECASE,
)
"""Names of windows, of slides and of second copies for other screens."""
_PANEL = re.compile(
    rf"{_PART}(?:accordion|acc|collaps\w*|toggle|faq|qa|answers?|ans|panel|tab|more|rest|read-?more|"
    r"expand\w*|fold|spoiler|detail|continue)",
    re.IGNORECASE,
)
"""Names of what is folded up."""
OPENS = re.compile(
    r"続き(?:を|は)|もっと(?:見|読|詳|くわ)|全文|すべて(?:見|読|表示)|全て(?:見|読|表示)|[詳くわ]+しく|開く|ひらく|閉じる|"
    r"(?:答え|回答|解答)を|read\s?more|show\s?more|see\s?more|open|close",
    re.IGNORECASE,
)
"""What stands on a button that opens a part, and is no text itself."""
QUESTIONS = HEADINGS | codes("dt", "summary", "button")
LEAST_BYTES = 24
"""Bytes inside of an element that may be a sentence: eight kanji."""
NEAR = 400
"""Bytes of markup between a part and the button that opens it."""
COPIED = 30
"""Characters by which a second copy is known."""
MOST = 500
"""Hidden elements of a page that are asked; what has more is no list of questions."""

_NAMED = re.compile(
    rb'\s(?:aria-controls|data-(?:bs-)?target|data-href)="[#.]?([^"]{1,100})"|\shref="#([^"]{1,100})"'
)
_NAMING = (b'aria-controls="%b"', b'="#%b"')
"""How an element names another one that it opens: a link to it, too."""
_BUTTON = re.compile(rb"<(button|a|label|span|summary)\b[^>]*>(.{0,200}?)</\1>", re.DOTALL)
_EXPANDED = re.compile(rb'\saria-expanded="')
_TAGS = re.compile(rb"<[^>]*>")


def panels(page: Page) -> list[int]:
    """The hidden elements of a page that something opens, before anybody looked at their text."""
    table = page.table
    large = table[:, CLOSE] - table[:, INNER] >= LEAST_BYTES
    hidden = ((table[:, APARTNESS] == 1) & large).nonzero()[0].tolist()
    hidden = [row for row in hidden if page.tag[row] not in INLINES]
    if not hidden or len(hidden) > MOST:
        return []
    return [row for row in hidden if not _is_framed(page, row) and _opens(page, row)]


def _names(page: Page, row: int) -> bytes:
    columns = page.table[row, [CLASS, ID]].tolist()
    return b" ".join(page.value(span) for span in columns if span)


def _is_framed(page: Page, row: int) -> bool:
    """Whether an element is a window, or stands in a menu, a window or the like."""
    up = row
    while up >= 0:
        tag = page.tag[up]
        if tag in FRAMES or KINDS[tag] & UNSEEN:
            return True
        role = page.value(page.table.item(up, ROLE))
        if role in WINDOWS or (up != row and role == b"complementary"):
            return True
        names = _names(page, up)
        if names and tag not in _WHOLES and _is_no_panel(names):
            return True
        up = page.parent[up]
    return False


_WHOLES = codes("html", "body", "main", "article")
_BUTTONS = codes("button")


@lru_cache(maxsize=1 << 12)
def _is_no_panel(names: bytes) -> bool:
    said = names.decode("utf-8", "ignore")
    return _NO_PANEL.search(said) is not None or kind_of(said) in ("sure", "likely")


def _opens(page: Page, row: int) -> bool:
    """Whether something opens a hidden element: what names it, or what stands beside it."""
    ident = page.value(page.table.item(row, ID))
    role = page.value(page.table.item(row, ROLE))
    if role == b"tabpanel":
        return True
    if ident and any(name % ident in page.data for name in _NAMING):
        return True
    if page.tag[row] == CODE["dd"] or _PANEL.search(_names(page, row).decode("utf-8", "ignore")):
        return True
    if _before(page, row) in QUESTIONS:
        return True
    start, end = (page.table.item(row, column) for column in (START, END))
    around = page.data[max(start - NEAR, 0) : start], page.data[end : end + NEAR]
    if _EXPANDED.search(around[0]):
        return True
    return any(
        len(said := _plain(match[2])) <= COPIED and OPENS.search(said)
        for piece in around
        for match in _BUTTON.finditer(piece)
    )


def _before(page: Page, row: int) -> int:
    """The tag of the element before an element, in the same one; -1 where it is the first."""
    around, before = page.parent[row], -1
    for child in page.children(around) if around >= 0 else ():
        if child >= row:
            break
        before = page.tag[child]
    return before


def _plain(markup: bytes) -> str:
    return "".join(_TAGS.sub(b"", markup).decode("utf-8", "ignore").split())


def without_text(page: Page, rows: Iterable[int]) -> set[int]:
    """Those of the panels that have links rather than text, or a copy of what is seen anyway."""
    whole = page.short(0)
    found = set()
    for row in rows:
        text = page.short(row)
        copied = len(text) >= COPIED and whole.count(text[:COPIED]) > 1
        if copied or len(text) * 3 < LEAST_BYTES or page.is_linky(row) or page.is_cards(row):
            found.add(row)
    return found


def questions(page: Page, shown: Iterable[int]) -> list[int]:
    """The buttons that are the question of a part, not what opens it, such as 続きを読む."""
    if b"<button" not in page.data:
        return []
    table = page.table
    starts = {row: table.item(row, START) for row in shown}
    idents = {page.value(table.item(row, ID)) for row in starts} - {b""}
    found = []
    for row in page.rows_of(_BUTTONS):
        begin, inner, close, end = table[row, [START, INNER, CLOSE, END]].tolist()
        tag = page.data[begin:inner]
        named = {one or other for one, other in _NAMED.findall(tag)}
        beside = _EXPANDED.search(tag) and any(0 <= at - end <= NEAR for at in starts.values())
        said = _plain(page.data[inner:close])
        if (named & idents or beside) and said and not OPENS.search(said):
            found.append(row)
    return found
