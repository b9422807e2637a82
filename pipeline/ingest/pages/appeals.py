"""
Boxes in which a site speaks to its readers: consent to cookies, newsletters, accounts, support.

Their sentences are as good as those of an article, and on a page of few sentences they may be most
of it. What gives them away is what a reader can do in them: press 同意する, leave an address for
mail, register, support a writer. A box is small and has no `h1`, and what only asks for an account
or support stands below text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.pages.other_blocks import WHOLES, good_before, places_of
from seimai.pipeline.ingest.pages.page_tree import INLINES, ITEMS, Page, codes
from seimai.pipeline.ingest.pages.part_headings import ABOUT_DATA, ASKED

if TYPE_CHECKING:
    from seimai.pipeline.ingest.pages.page_tree import Rule

_LABEL = rb"<(?:button|a|input)\b[^>]*?(?:>(?:\s|<[^>]{0,200}>){0,6}|\svalue=\")"
_AGREES = re.compile(
    _LABEL
    + '[^<"]{0,10}?(?:同意|承諾|許可|受け入れ|拒否|了承|わかりました|'
    '(?i:accept|agree|allow|reject|got it|ok[<"]))'.encode()
)
"""What is pressed in such a notice."""
_ADDRESS = re.compile(
    rb'<input\b[^>]*?\s(?:type="e-?mail"|(?:name|id|placeholder)="[^"]{0,40}mail[^"]{0,40}")',
    re.IGNORECASE,
)
_FIELD = re.compile(
    rb'<(?:textarea|select|input)\b(?![^>]*\stype="(?:hidden|submit|button|image|checkbox|radio)")'
)
ASKS = re.compile(
    r"(?:会員|新規|無料|ユーザー?)(?:新規)?登録|サポート(?:する|$)|応援(?:する|$)|支援(?:する|$)|贈る$|購読(?:する|$)|"
    r"sign\s?up|subscribe|donate",
    re.IGNORECASE,
)
"""Labels of buttons and links that ask for an account, for money, for a subscription."""
_FORM, _BUTTON, _A = codes("form"), codes("button"), codes("a")
LONGEST_LABEL = 24
"""Characters of a button or a link that asks; longer ones are headlines."""
LONGEST_CONSENT = 600
LONGEST_BOX, MOST_SAID = 220, 130
"""Characters of a box, and those of them in sentences; what says more is a part of the page."""
LARGEST_BOX = 50_000
"""Bytes of its markup."""
LEAST_ABOVE = 50
"""Characters of running text above a box that asks for an account or support."""
MOST = 40
"""Places and elements that are looked at."""


def appeals(page: Page) -> dict[int, Rule]:
    """The boxes of a page in which its site speaks to its readers."""
    rows = {*_consents(page), *_letters(page), *_accounts(page)}
    return dict.fromkeys(rows, "notice")


def _is_box(page: Page, row: int, longest: int) -> bool:
    """Whether an element may be a box of the site: small, without the title, not the page."""
    return (
        row > 0
        and page.tag[row] not in WHOLES
        and not page.headed[row]
        and page.text[row] <= longest
        and page.span(row)[1] - page.span(row)[0] <= LARGEST_BOX
    )


def _consents(page: Page) -> set[int]:
    """Notices of cookies and of what is kept about readers, with the buttons to agree."""
    found: set[int] = set()
    asked: set[int] = set()
    for place in places_of(page, ABOUT_DATA)[:MOST]:
        row = page.block_at(place)
        while row not in asked and _is_box(page, row, LONGEST_CONSENT):
            asked.add(row)
            start, end = page.span(row)
            if _AGREES.search(page.data, start, end):
                found.add(row)
                break
            row = page.parent[row]
    return found


def _letters(page: Page) -> set[int]:
    """Forms with one field, for an address, and the sentences around them."""
    found: set[int] = set()
    for row in page.rows_of(_FORM)[:MOST]:
        start, end = page.span(row)
        if not _ADDRESS.search(page.data, start, end):
            continue
        if sum(1 for _ in _FIELD.finditer(page.data, start, end)) != 1:
            continue
        box = row
        while (
            _is_box(page, around := page.parent[box], LONGEST_BOX)
            and page.good[around] <= MOST_SAID
            and page.good[around] * 2 <= page.good[0]
        ):
            box = around
        if _is_box(page, box, LONGEST_BOX):
            found.add(box)
    return found


def _accounts(page: Page) -> set[int]:
    """Boxes with a button or a link that asks for an account, for support, for a subscription."""
    found: set[int] = set()
    rows = [row for row in page.rows_of(_BUTTON)[:MOST] if ASKS.search(_label(page, row))]
    rows += [
        row
        for row in _links_at(page)
        if page.text[row] <= LONGEST_LABEL and ASKS.search(page.short(row))
    ]
    for row in rows:
        box = page.parent[row]
        while box > 0 and (page.tag[box] in INLINES or not page.good[box]):
            box = page.parent[box]
        if (
            _is_box(page, box, LONGEST_BOX)
            and page.good[box] <= MOST_SAID
            and page.tag[box] not in ITEMS
            and good_before(page, box) >= LEAST_ABOVE
        ):
            found.add(box)
    return found


def _label(page: Page, row: int) -> str:
    """What stands on a button, if it is short."""
    words = "".join(page.words(row).split())
    return words if len(words) <= LONGEST_LABEL else ""


def _links_at(page: Page) -> list[int]:
    """Links in which such words stand."""
    found: list[int] = []
    for place in places_of(page, ASKED)[:MOST]:
        row = page.element_at(place)
        while row > 0 and page.tag[row] in INLINES and page.tag[row] not in _A:
            row = page.parent[row]
        if row > 0 and page.tag[row] in _A:
            found.append(row)
    return found
