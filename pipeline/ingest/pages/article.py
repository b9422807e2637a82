"""
Where the article of a page is: what names and elements say, and where the running text stands.

Running text is what `kernels/page.py` counts as `GOOD`: lines with the end of a sentence, outside
links. A page whose text has no sentences (verse, a few words under a picture, a table) is judged by
all of its characters, and only where it names an article itself.
"""

from __future__ import annotations

import html
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.ingest.pages.page_tree import (
    ARTICLE,
    ASIDE,
    BODY,
    FOOTER,
    HEADINGS,
    INLINES,
    ITEMS,
    LEAST_CARDS,
    MAIN,
    Page,
    codes,
)
from seimai.pipeline.ingest.pages.part_names import kind_of
from seimai.pipeline.kernels.page import CLASS, ITEMPROP
from seimai.pipeline.kernels.page_counts import groups
from seimai.pipeline.kernels.page_tags import CODE
from seimai.pipeline.kernels.page_words import AFTER_NAME, AFTER_NAMES, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.ingest.pages.page_tree import Rule

WHOLES = codes(
    "html", "body", "main", "article", "code", "pre", "span", "a", "h1", "h2", "h3", "em", "b",
    "i", "tt", "label", "strong", "font",
)  # fmt: skip
"""Elements that are never boilerplate by name: too large, or a part of a sentence."""
DOUBTFUL = codes("aside", "footer", "form", "header")
"""Elements that nearly always frame the text, but may hold it: a form around a whole page, a note
in an `aside`."""
ROWS = codes("thead", "tr", "th")
"""Parts of tables that are called `header` as well."""
SAYING = frozenset((ARTICLE, MAIN))
"""Elements that say that they are the article, or hold it."""
_TITLE = CODE["title"]
LINES = HEADINGS | codes("p", "li", "dt", "span", "a", "b", "font")
"""Elements that are too small to be the article."""

BODIES = {b"articleBody", b"reviewBody", b"recipeInstructions"}
"""`itemprop` of the main text (schema.org)."""
MAINS = frozenset(("main", "body"))
_ORDER = ("sure", "comments", "main", "likely", "weak")
_AFTER_NAME, _AFTER_NAMES = bytes([AFTER_NAME]), bytes([AFTER_NAMES])

MOST = 0.7
"""An element with more than this of the running text of the page is the page, whatever its name."""
HALF_LEFT = 0.5
"""An element whose name says little is the page with more than this of the running text without
footers and menus."""
PART = 0.25
"""It also needs this share of all characters outside links: a table of figures has no sentences."""
COMMENTED = 0.9
"""Comments with at least this share of the text are the page: a board, a page of reviews."""
HELD = 0.25
"""What is around an element that says that it is the article, and has this share of the text, is
not boilerplate."""
NEARLY_ALL = 0.8
"""An element with at least this share of the running text of the one around it is nearer to the
article."""
PLAIN = 0.7
"""It also needs this share of all characters outside links: tables and lists are text as well."""
SAID = 0.6
"""The share of the running text that is enough for an element that says that it is the article."""
PLAIN_SAID = 0.5
"""The share of all characters outside links that an element needs which says only by its name or
its tag that it is the article."""
SAID_OUTRIGHT = 0.3
"""In place of `SAID` for an element that says `articleBody`: no theme writes that on anything
else."""
SAID_IN_FEW_WORDS = 0.4
"""In place of `SAID` on a page without running text, as a share of all its text."""
FRAMED = 0.4
"""A body with this share of links has an article in a frame of menus, or is none."""
MOST_GOOD, LEAST_PLAIN = 0.5, 0.3
"""In such a body the part with most of the running text is nearer to the article, with these shares
of the running text and of all characters outside links: notices and teasers have the rest."""
MOST_PLAIN = 0.6
"""The share of the characters outside links that such a part needs where nothing is running
text."""
NEARLY_THE_SAME = 0.9
"""The inner one of two such elements, one in the other, is taken with at least this share of the
outer one."""
FEW_SENTENCES = 400
"""With no more characters of running text, teasers beside an article of a few lines may have most
of them: then what the page says counts for more."""
MOST_BOXED = 3
"""A box between paragraphs has at most this part of its characters in links."""
NEAR_BOX = 3
"""This many elements before a box and after it are looked at, as another box may stand between."""
MOST_TEASERS = 64
"""Elements that are asked whether they are rows of cards; pages of today have a dozen."""
MOST_PER_CARD = 190
"""Characters for each link that an element of cards has at most."""
LEAST_GOOD = 60
"""Characters of running text without which a page has no article to be found by it."""


def named(page: Page, *, comments: bool) -> tuple[dict[int, str], dict[int, Rule], set[int]]:
    """
    What names say, by row; what goes by its name or as comments; what may go.

    An element with most of the running text stays, whatever its name is.
    """
    kinds = _kinds(page)
    weight = page.good if page.good[0] >= LEAST_GOOD else page.text
    articles = _articles(page, kinds)
    around = _around(page, [row for row in articles if weight[row] >= weight[0] * HELD])
    said: dict[int, Rule] = {}
    asked: list[int] = []
    boxes: dict[tuple[int, bytes], bool] = {}
    left, end = page.good[0], -1
    for row in sorted({*kinds, *page.rows_of(DOUBTFUL)}):
        tag, kind = page.tag[row], kinds.get(row, "")
        if kind == "comments":
            if not comments and _are_beside(page, articles, row, weight):
                said[row] = "comments"
        elif tag in WHOLES or row in around or kind in MAINS:
            continue
        elif kind == "sure":
            if (
                page.good[row] <= page.good[0] * MOST or page.linked[row] * 2 > page.text[row]
            ) and not _is_boxed(page, row, boxes):
                said[row] = "name"
        elif (kind and tag not in ROWS) or tag in DOUBTFUL:
            asked.append(row)
        if row > end and (row in said or (tag in (FOOTER, ASIDE) and row not in around)):
            left -= page.good[row]
            end = page.last[row]
    beside = page.plain(0)
    doubtful: set[int] = set()
    for row in asked:
        most = page.good[0] * MOST if page.tag[row] == FOOTER else left * HALF_LEFT
        if page.good[row] <= most and not (
            page.tag[row] not in DOUBTFUL
            and page.plain(row) >= beside * PART
            and not page.is_linky(row)
            and not page.is_cards(row)
        ):
            doubtful.add(row)
    return kinds, said, doubtful


def _is_boxed(page: Page, row: int, known: dict[tuple[int, bytes], bool]) -> bool:
    """
    Whether an element is a box of text between two paragraphs, as manuals and magazines have them.

    Their writers call it `sidebar` as well; a menu or a column stands beside the whole article. One
    that is called like such a box beside it, as at the end of a chapter, is one, too. `known` keeps
    what was found for an element around and a name.
    """
    around = page.parent[row]
    if around < 0 or not page.is_running(row) or page.linked[row] * MOST_BOXED > page.text[row]:
        return False
    names = page.value(page.table.item(row, CLASS))
    if (around, names) not in known:
        beside = [one for one in page.children(around) if page.text[one]]
        known[around, names] = any(
            any(_is_paragraph(page, near) for near in beside[max(place - NEAR_BOX, 0) : place])
            and any(_is_paragraph(page, near) for near in beside[place + 1 : place + 1 + NEAR_BOX])
            for place, one in enumerate(beside)
            if page.value(page.table.item(one, CLASS)) == names and page.is_running(one)
        )
    return known[around, names]


def _is_paragraph(page: Page, row: int) -> bool:
    """Whether an element is a paragraph of running text: one line, or one with an address below."""
    if not page.is_running(row):
        return False
    tags = page.tag[row + 1 : page.last[row] + 1]
    return sum(tag not in INLINES for tag in tags) <= 1


def _articles(page: Page, kinds: dict[int, str]) -> list[int]:
    """The elements that say that they are the article or the main part, in order."""
    by_name = [row for row, kind in kinds.items() if kind in MAINS]
    return sorted({*by_name, *page.rows_of(SAYING)})


def _around(page: Page, rows: list[int]) -> set[int]:
    """Elements, and all that is around them."""
    around: set[int] = set()
    for row in rows:
        up = row
        while up >= 0 and up not in around:
            around.add(up)
            up = page.parent[up]
    return around


def _are_beside(page: Page, articles: list[int], comments: int, weight: Sequence[int]) -> bool:
    """Whether there is an article beside comments; a board and a page of reviews have none."""
    if weight[comments] < weight[0] * COMMENTED:
        return True
    return any(
        page.good[row] >= LEAST_GOOD
        for row in articles
        if page.last[row] < comments or row > page.last[comments]
    )


def _kinds(page: Page) -> dict[int, str]:
    """What the names of elements say, by row; rows whose names say nothing are left out."""
    table, data = page.table, page.data
    first, which = groups(table)
    written = names(np.frombuffer(data, np.uint8), table, first).tobytes()
    kinds = list(map(_kind, written.split(_AFTER_NAMES)))
    says = np.frombuffer(bytes([*map(bool, kinds), False]), bool)  # the last: for rows with -1
    said = says[which].nonzero()[0]
    found = dict(zip(said.tolist(), (kinds[one] for one in which[said].tolist()), strict=True))
    for row in table[:, ITEMPROP].nonzero()[0].tolist():
        if page.value(table.item(row, ITEMPROP)) in BODIES:
            found[row] = "body"
    return found


@lru_cache(maxsize=1 << 16)
def _kind(values: bytes) -> str:
    said = {kind_of(value.decode("utf-8", "ignore")) for value in values.split(_AFTER_NAME)}
    if "main" in said and "sure" not in said:
        return "main"
    return next((kind for kind in _ORDER if kind in said), "")


def teasers(page: Page) -> set[int]:
    """Rows of cards with pictures and sentences on other pages: they are no running text here."""
    if page.good[0] < 2 * LEAST_GOOD or page.data.count(b"<img") < LEAST_CARDS:
        return set()
    good, links, text = map(np.asarray, (page.good, page.links, page.text))
    found: set[int] = set()
    end = -1
    asked = (good >= LEAST_GOOD) & (good * 2 <= page.good[0]) & (links >= LEAST_CARDS)
    rows = (asked & (text <= links * MOST_PER_CARD)).nonzero()[0]
    for row in rows[:MOST_TEASERS].tolist():
        if row <= end or page.tag[row] in ITEMS or page.pictures(row) < LEAST_CARDS:
            continue
        if page.is_cards(row):
            found.add(row)
            end = page.last[row]
    if sum(page.good[row] for row in found) * 2 > page.good[0]:
        return set()  # a list of articles, or of answers with a link each
    return found


def _inner(page: Page, root: int, good: float, plain: float) -> int:
    """The smallest element inside that has, step by step, these shares of the one around it."""
    inner = root
    while inner >= 0:
        root = inner
        inner = next(
            (
                child
                for child in page.children(root)
                if page.good[child] >= page.good[root] * good
                and page.plain(child) >= page.plain(root) * plain
                and page.tag[child] not in LINES
            ),
            -1,
        )
    return root


def _in_links(page: Page, root: int, *, in_sentences: bool) -> int:
    """The article in a body of links rather than text; the body itself where there is none."""
    children = [row for row in page.children(root) if page.tag[row] not in LINES]
    weight, share = (page.good, MOST_GOOD) if in_sentences else (page.plains(), MOST_PLAIN)
    most = max(children, key=weight.__getitem__, default=root)
    if weight[most] < weight[root] * share or page.plain(most) < page.plain(root) * LEAST_PLAIN:
        return root
    if not in_sentences and page.short(most) in _titles(page):
        return root  # what repeats the title is no text of its own
    return _inner(page, most, NEARLY_ALL if in_sentences else 0, PLAIN)


def _titles(page: Page) -> str:
    """What stands in the `title` of a page, without its blanks."""
    words = "".join(html.unescape(page.words(row)) for row in page.rows_of((_TITLE,)))
    return "".join(words.split())


def _with_title(page: Page, kinds: dict[int, str], root: int) -> int:
    """What says that it is the article and holds the only `h1`, if the root is not inside of it."""
    held = [
        row
        for row in _articles(page, kinds)
        if page.headed[row] == page.headed[0] == 1
        and page.plain(row) >= LEAST_GOOD
        and page.tag[row] != BODY
        and not row <= root <= page.last[row]
    ]
    return held[-1] if held else root


def article_of(page: Page, kinds: dict[int, str]) -> int:
    """The smallest element with nearly all of the running text; the body where there is none."""
    root = next(iter(page.rows_of((BODY,))), 0)
    in_sentences = page.good[root] >= LEAST_GOOD
    if in_sentences:
        root = _inner(page, root, NEARLY_ALL, PLAIN)
        if page.good[root] <= FEW_SENTENCES:
            root = _with_title(page, kinds, root)
    weight, share = (page.good, SAID) if in_sentences else (page.text, SAID_IN_FEW_WORDS)
    said = [
        row
        for row in _articles(page, kinds)
        if root < row <= page.last[root]
        and page.tag[row] not in LINES
        and (
            not in_sentences
            or kinds.get(row) == "body"
            or page.plain(row) >= page.plain(root) * PLAIN_SAID
        )
        and weight[row] >= weight[root] * (SAID_OUTRIGHT if kinds.get(row) == "body" else share) > 0
    ]
    if not said and page.tag[root] == BODY and page.linked[root] >= page.text[root] * FRAMED:
        return _in_links(page, root, in_sentences=in_sentences)
    if in_sentences or not said:
        return said[-1] if said else root
    chosen = said[0]
    for row in said:
        if weight[row] >= weight[chosen] * NEARLY_THE_SAME:
            chosen = row
    return chosen
