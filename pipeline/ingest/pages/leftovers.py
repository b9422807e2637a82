"""
What is left over of a page once it is known what goes: headings of lists that went, dates.

Both need the verdicts on everything else. A heading is nothing without its list; the date of an
article stands in a line of its own between the title and the first sentence.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.ingest.pages.page_tree import HEADINGS, INLINES, ITEMS, Page, codes, mask_of
from seimai.pipeline.ingest.pages.part_headings import (
    LEAST_STAMP,
    LONGEST_HEADING,
    LONGEST_STAMP,
    SIGNED,
    STAMP,
    WHEN,
    WHO,
)
from seimai.pipeline.kernels.page import LINKED, LINKS
from seimai.pipeline.kernels.page_words import timed

if TYPE_CHECKING:
    from seimai.pipeline.ingest.pages.page_tree import Rule

LISTS = frozenset(("links", "heading", "name"))
"""Rules by which a list under a heading goes."""
NAMING = HEADINGS | codes("dt", "legend", "caption")
"""Elements that name what is below them."""
TITLES = codes("h1")
NO_STAMPS = INLINES | HEADINGS | ITEMS
_LINES = np.where(mask_of(NO_STAMPS), 0, 1).astype(np.uint8)
MOST_BEFORE = 200
"""Elements before the first sentence of an article that are asked whether they are its date."""


def stamps(page: Page, root: int, found: dict[int, Rule]) -> dict[int, Rule]:
    """Lines before the text of the article `root` that say when it was written."""
    end = page.first_spoken(root)
    titles = [row for row in page.rows_of(TITLES) if row < end]
    begin = max(min(root, titles[-1]) if titles else root, end - MOST_BEFORE)
    return {
        row: "small"
        for row, text in enumerate(page.text[begin + 1 : end], begin + 1)
        if LEAST_STAMP <= text <= LONGEST_STAMP
        and not page.good[row]
        and page.tag[row] not in NO_STAMPS
        and STAMP.fullmatch(page.short(row))
        and not _goes(page, row, found)
    }


def signatures(page: Page, root: int, found: dict[int, Rule]) -> dict[int, Rule]:
    """
    Lines in the article `root` that say who wrote a post or an answer, and when.

    The writer is a link right before the date, or stands in a line of its own above it with さん.
    """
    signed: dict[int, Rule] = {}
    for row in timed(page.codes, page.table, root, _LINES, LONGEST_STAMP).tolist():
        line = page.short(row)
        if page.table.item(row, LINKS):
            named = SIGNED.fullmatch(line)
            linked = page.table.item(row, LINKED)
            is_name = named and linked == len(named[1].lstrip(string.digits))
            inside = page.tag[row : page.last[row] + 1]
            rows = [row] if is_name and ITEMS.isdisjoint(inside) else []
        else:
            above = _before(page, row, found, signed) if WHEN.fullmatch(line) else -1
            signs = above >= 0 and page.tag[above] not in HEADINGS  # which head a programme
            rows = [above, row] if signs and WHO.fullmatch(page.short(above)) else []
        signed |= {one: "small" for one in rows if not _goes(page, one, found)}
    return signed


def left_alone(page: Page, found: dict[int, Rule]) -> dict[int, Rule]:
    """Headings below which nothing is left: the list that they headed went."""
    alone: dict[int, Rule] = {}
    for row, why in found.items():
        if why not in LISTS or not page.whole[row]:
            continue
        block = row
        while (before := _before(page, block, found, alone)) < 0:
            block = page.parent[block]
            if block <= 0 or page.before[block] != page.before[row]:
                break
        if before < 0 or not _is_heading(page, before):
            continue
        after = _after(page, block, found)
        if after < 0 or _is_heading(page, after):
            alone[before] = "heading"
    return alone


def _goes(page: Page, row: int, found: dict[int, Rule]) -> bool:
    """Whether an element goes already, or one around it."""
    while row >= 0 and row not in found:
        row = page.parent[row]
    return row >= 0


def _before(page: Page, row: int, found: dict[int, Rule], alone: dict[int, Rule]) -> int:
    """The last element with text before an element, in the same one; -1 if none, or if it goes."""
    around, before = page.parent[row], row - 1
    while before > around:
        while page.parent[before] != around:
            before = page.parent[before]
        if page.whole[before]:
            return -1 if before in found or before in alone else before
        before -= 1
    return -1


def _after(page: Page, row: int, found: dict[int, Rule]) -> int:
    """The next element with text that stays, after an element in the same one; -1 if none."""
    following, end = page.last[row] + 1, page.last[page.parent[row]]
    while following <= end:
        if page.whole[following] and following not in found:
            return following
        following = page.last[following] + 1
    return -1


def _is_heading(page: Page, row: int) -> bool:
    """Whether an element is a heading and nothing else, or a line that names what is below."""
    if page.text[row] > LONGEST_HEADING or page.good[row] or page.headed[row]:
        return False
    return any(
        page.tag[one] in NAMING and page.text[one] == page.text[row]
        for one in range(row, page.last[row] + 1)
    )
