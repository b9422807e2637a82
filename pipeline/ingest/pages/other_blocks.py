"""
Blocks that say themselves that they are not the article: by their heading, or as a notice.

A heading such as 関連記事 heads the largest element that begins with it, or what follows it, as far
as that has links rather than text. A notice asks readers to pay or to register.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.ingest.pages.page_tree import HEADINGS, INLINES, Page, codes, mask_of
from seimai.pipeline.ingest.pages.part_headings import (
    ASKING,
    BYLINE,
    COUNTING,
    FIRST,
    LABEL,
    LAST_OF,
    LEAST_NOTICE,
    LONGEST_HEADING,
    LONGEST_PAYING,
    OF_LINKS,
    OFFER,
    OTHER,
    OWNED_WORDS,
    OWNING,
    PAYING,
    REMARKING,
    REMARKS,
    REMARKS_WITH_FIELD,
    SHARING,
    SOUGHT,
    begins_other,
)
from seimai.pipeline.kernels.page_counts import headlines, lines_of_links
from seimai.pipeline.kernels.page_words import FEW, marked, places
from seimai.pipeline.kernels.page_words import FIRST as AS_FIRST
from seimai.pipeline.kernels.page_words import LAST as AS_LAST

if TYPE_CHECKING:
    from seimai.pipeline.ingest.pages.page_tree import Rule

TERMS = codes("p", "div", "dt", "span", "strong", "b", "center", "th", "caption", "legend")
"""What serves as a heading where there is none."""
_HEADS = np.where(mask_of(HEADINGS), 1, np.where(mask_of(TERMS), 2, 0)).astype(np.uint8)
_BLOCKS = np.where(mask_of(INLINES), 0, 1).astype(np.uint8)
_MARKS = np.zeros(FEW, np.uint8)
_MARKS[[*map(ord, FIRST)]] |= AS_FIRST
_MARKS[[*map(ord, LAST_OF)]] |= AS_LAST
LABELLED = 0.6
"""The share of links in a block that a label such as PR stands on."""
OTHERS = 0.4
"""The same where the heading says その他の and what: such a part may explain, too."""
FEW_WORDS = 100
"""Characters without a sentence that may stand below a heading, such as a name and an office, where
links follow."""
LONGEST_WALL = 2 * LONGEST_PAYING
"""Characters of a block with such a notice, its buttons and what members get."""
LEAST_BYLINE, LONGEST_BYLINE = 2, 80
"""Links and characters of a line below an entry."""
BESIDE_BUTTONS = 30
"""Characters outside links that buttons have: numbers, 件, で送る."""
LEAST_SAID = 50
"""Characters in sentences beside the notice that make it an article."""
LEAST_OFFERS, MOST_OFFERED = 2, 150
"""Links to an account or a subscription that make a wall of what is around them, and the characters
in sentences that it may have: what members get."""
MOST_REMARKS = 0.9
"""Remarks with more of the running text are the page: a board, a page of answers."""
MOST_ASKED = 50
"""Places with the word that are looked at: each may cost a walk over the page."""
_WORDS = sorted({*SOUGHT})
_A = codes("a")
WHOLES = codes("html", "body", "main", "article")
_FIELDS = (b"<textarea", b"<input", b"<button", b"<select")


def notices(page: Page) -> dict[int, Rule]:
    """Notices of what readers would have to pay or to register for, wherever they stand."""
    found: dict[int, Rule] = {}
    asked: set[int] = set()
    for place in places_of(page, ASKING):
        row = page.block_at(place)
        if row < 0 or row in asked or not LEAST_NOTICE < page.text[row] <= LONGEST_PAYING:
            continue
        asked.add(row)
        # Markup inside a line stands between the words of a notice.
        if PAYING.search(page.words(row)) or PAYING.search(page.short(row)):
            found[_wall(page, row)] = "notice"
    return found


def rights(page: Page) -> list[int]:
    """Where words stand that say whose something is, in the order of the page."""
    return places_of(page, OWNED_WORDS)


def owned(page: Page) -> set[int]:
    """Lines that say whose the page is: a sentence of them is no running text of the page."""
    rows = {page.block_at(place) for place in rights(page)}
    return {
        row
        for row in rows
        if row >= 0 and page.text[row] <= LONGEST_PAYING and OWNING.search(page.short(row))
    }


def remarks(page: Page) -> dict[int, Rule]:
    """What readers wrote below the text of a page, told by the heading above it."""
    found: dict[int, Rule] = {}
    for place in places_of(page, REMARKING)[:MOST_ASKED]:
        row = page.block_at(place)
        if row < 0 or page.text[row] > LONGEST_HEADING:
            continue
        line = page.short(row)
        is_sure = REMARKS.fullmatch(line) is not None
        if not is_sure and not REMARKS_WITH_FIELD.fullmatch(line):
            continue
        rows = _remarks_below(page, row)
        if not is_sure and not any(_has_field(page, one) for one in rows):
            continue
        if good_before(page, row) >= LEAST_SAID and sum(page.good[one] for one in rows) <= (
            page.good[0] * MOST_REMARKS
        ):
            found |= dict.fromkeys(rows, "comments")
    return found


def _remarks_below(page: Page, row: int) -> list[int]:
    """The block that a heading of remarks begins, or the heading and what follows beside it."""
    block = row
    while True:
        around = page.parent[block]
        if around < 0 or page.tag[around] in WHOLES or page.before[around] != page.before[row]:
            break
        block = around
    if page.text[block] > page.text[row]:
        return [block]
    rows, end = [block], page.last[page.parent[block]]
    while (following := page.last[rows[-1]] + 1) <= end and page.tag[following] not in HEADINGS:
        rows.append(following)
    return rows


def good_before(page: Page, row: int) -> int:
    """Characters of running text before an element."""
    good = 0
    while (around := page.parent[row]) >= 0:
        good += sum(page.good[one] for one in page.children(around) if one < row)
        row = around
    return good


def bylines(page: Page) -> dict[int, Rule]:
    """Lines of links below an entry: its comments and trackbacks by number, buttons to share it."""
    found: dict[int, Rule] = {}
    for row in lines_of_links(page.table, _BLOCKS, LEAST_BYLINE, LONGEST_BYLINE).tolist():
        line = page.short(row)
        counts = any(map(line.__contains__, COUNTING)) and BYLINE.search(line)
        if counts or OF_LINKS.fullmatch(line):
            found[row] = "links"
    return found


def _wall(page: Page, row: int) -> int:
    """The block that begins with a notice and goes on with buttons and what members get."""
    wall = row
    while True:
        around = page.parent[wall]
        if (
            around < 0
            or page.tag[around] in WHOLES
            or page.before[around] != page.before[row]
            or page.text[around] > LONGEST_WALL
            or page.good[around] - page.good[row]
            > (MOST_OFFERED if _offers(page, around) else LEAST_SAID)
            or page.good[around] * 2 > page.good[0]
        ):
            break
        wall = around
    return wall if page.links[wall] or _has_field(page, wall) else row


def _offers(page: Page, row: int) -> bool:
    """Whether an element has links to an account, a subscription and the like, several of them."""
    last = page.last[row] + 1
    links = [one for one in range(row, last) if page.tag[one] in _A and page.text[one]]
    return sum(OFFER.search(page.short(one)) is not None for one in links) >= LEAST_OFFERS


def _has_field(page: Page, row: int) -> bool:
    """Whether readers can write or press something in an element."""
    start, end = page.span(row)
    return any(page.data.find(field, start, end) >= 0 for field in _FIELDS)


def places_of(page: Page, words: tuple[str, ...]) -> list[int]:
    """Where words of `SOUGHT` stand, in the order of the page, which is searched once for all."""
    if page.sought is None:
        page.sought = {}
        for word, place in places(page.codes, *_searched()).tolist():
            page.sought.setdefault(_WORDS[word], []).append(place)
    known = page.sought
    if not known:
        return []
    found = [place for word in words for place in known.get(word, ())]
    found.sort()
    return found


@cache
def _searched() -> tuple[Any, Any]:
    """The words for the kernel, and where those that begin with a character stand."""
    longest = max(map(len, _WORDS))
    codes = np.array([[*map(ord, word.ljust(longest, "\0"))] for word in _WORDS], np.uint32)
    begins = np.zeros(FEW, np.uint8)
    begins[codes[::-1, 0]] = np.arange(len(_WORDS), 0, -1)
    return codes, begins


def headed(page: Page) -> dict[int, list[int]]:
    """Blocks that a heading such as 関連記事 begins: its row, and the rows of the block."""
    found: dict[int, list[int]] = {}
    rows = headlines(page.table, _HEADS, 2, LONGEST_HEADING)
    # Of what is no heading by its element most is told by its first and its last character.
    for row in marked(page.codes, page.table, rows, _HEADS, _MARKS).tolist():
        line = page.short(row)
        if begins_other(line):
            below = _below(page, row, label=LABEL.match(line) is not None)
            if below:
                found[row] = below
    return found


def _is_the_page(page: Page, row: int) -> bool:
    """Whether an element has most of the running text or the only `h1`: it is nothing beside it."""
    return page.good[row] * 2 > page.good[0] or page.headed[row] == page.headed[0] == 1


def _below(page: Page, row: int, *, label: bool) -> list[int]:
    """
    The largest block of links that begins with a heading, or the heading and what follows it.

    A block that begins with the heading and goes on with text is left alone: of it only the
    heading and a few words go, if links follow.
    """
    block = whole = row
    lists = -1
    while True:
        whole = page.parent[whole]
        if whole < 0 or page.tag[whole] in WHOLES or page.before[whole] != page.before[row]:
            break
        if _is_the_page(page, whole):
            break
        if page.text[whole] > page.text[row] and page.is_linky(whole, headed=True):
            lists = whole
        elif page.text[whole] <= FEW_WORDS and page.good[whole] == 0:
            block = whole
    if lists >= 0:
        # その他の手続き heads sentences with a link here and there as well.
        share = LABELLED if label else OTHERS if OTHER.match(page.short(row)) else 0
        return [lists] if page.linked[lists] >= page.text[lists] * share else []
    if label or page.parent[block] < 0:
        return []
    rows = [block]
    linked = False
    following, end = page.last[block] + 1, page.last[page.parent[block]]
    buttons = SHARING.match(page.short(row)) is not None
    while following <= end and page.tag[following] not in HEADINGS:
        if page.text[following] and not page.is_linky(following, headed=True):
            break
        if buttons and page.plain(following) > BESIDE_BUTTONS:
            break
        if _is_the_page(page, following):
            break
        linked = linked or page.links[following] > 0
        rows.append(following)
        following = page.last[following] + 1
    return rows if linked else []
