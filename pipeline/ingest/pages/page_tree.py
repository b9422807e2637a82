"""The elements of a page as columns of numbers, and the questions that are asked of one of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from seimai.pipeline.kernels.page import (
    APARTNESS,
    BEFORE,
    CLASS,
    CLOSE,
    END,
    HALF,
    INNER,
    LAST,
    PARENT,
    START,
    TAG,
    TEXT,
)
from seimai.pipeline.kernels.page_counts import COUNTED, by_tag, left
from seimai.pipeline.kernels.page_tags import BLOCK, CODE, NAMES, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


Rule: TypeAlias = Literal[
    "hidden",  # hidden by the page itself
    "element",  # an element that is never main text, such as `nav`
    "name",  # its class, id or role says so
    "comments",  # what readers wrote
    "heading",  # a heading such as 関連記事, and the links below it
    "links",  # outside of the article, and rather links than text
    "notice",  # rights, cookies, paying, newsletters, accounts, support
    "small",  # outside of the article, and a few words without a sentence; the date of the article
]
"""Why an element is not main text."""


def codes(*names: str) -> frozenset[int]:
    """The numbers of tags."""
    return frozenset(CODE[name] for name in names)


@cache
def mask_of(tags: frozenset[int]) -> Any:
    """For the number of each tag whether it is one of these."""
    return np.isin(np.arange(len(NAMES)), list(tags))


BODY, ARTICLE, MAIN, FOOTER, ASIDE, HEADER = (
    CODE[name] for name in ("body", "article", "main", "footer", "aside", "header")
)
_ROW = CODE["tr"]
HEADINGS = codes("h1", "h2", "h3", "h4", "h5", "h6")
ITEMS = codes("tbody", "thead", "tr", "td", "th", "dt", "dd", "li", "caption")
"""Parts of tables and lists, which are judged as wholes."""
INLINES = frozenset(code for code, name in enumerate(NAMES) if name and not TAGS[name] & BLOCK)

PER_LINK = 60
"""With a link in so many characters, or fewer, an element without sentences is a list of links: the
cards of a list have a title, a date and a line of text."""
PER_LINK_BELOW = 100
"""The same below a heading such as 関連記事; of one with sentences it is `PER_LINK` there."""
PER_CARD = 30
"""The same for one with sentences: a sentence for each link is what teasers have."""
LEAST_LINKS = 3
WRAPPED = 4
"""Elements around a list of cards that hold nothing else."""
LEAST_CARDS, LONGEST_CARD, CARD_SHARE = 3, 120, 0.8
"""Cards of a list, the characters of one on average, and their share of the list."""

_MARKUP = re.compile(
    rb"<(script|style)\b.*?(?:</\1>|\Z)|<!--.*?(?:-->|\Z)|<[^>]*(?:>|\Z)", re.DOTALL
)
LOWER = (1 << HALF) - 1
LOOKED_AT = 2000
"""Bytes of an element in which its first words must begin."""


@dataclass(slots=True)
class Page:
    """Columns of the table of elements (`kernels/page.py`), by row, as views of the numbers."""

    data: bytes
    table: Any
    seen: str
    """All that is seen without its blanks."""
    codes: Any
    """The same by code points."""
    parent: Sequence[int]
    last: Sequence[int]
    tag: Sequence[int]
    apart: Sequence[int]
    before: Sequence[int]
    text: Sequence[int]
    linked: Sequence[int]
    links: Sequence[int]
    good: Sequence[int]
    headed: Sequence[int]
    whole: Sequence[int]
    """Characters that are seen in each element, whatever is left out by `without`."""
    by_tag: Sequence[int]
    """The rows of each tag, one tag after the other, and where those of a tag begin in them."""
    tag_begins: Sequence[int]
    sought: dict[str, list[int]] | None = None
    """Where words stand (`other_blocks.py`), once that was asked."""

    def children(self, row: int) -> Iterator[int]:
        """The elements directly in an element."""
        child, last = row + 1, self.last[row]
        while child <= last:
            yield child
            child = self.last[child] + 1

    def rows_of(self, tags: Iterable[int]) -> list[int]:
        """The rows of elements by their tags."""
        found: list[int] = []
        begins = self.tag_begins
        pieces = 0
        for tag in tags:
            begin, end = begins[tag], begins[tag + 1]
            if begin < end:
                found += self.by_tag[begin:end]
                pieces += 1
        if pieces > 1:
            found.sort()
        return found

    def first_spoken(self, root: int) -> int:
        """The first element with running text and no element in it, inside of one; or its end."""
        good, last, row = self.good, self.last, root
        end = last[root] + 1
        while row < end:
            if not good[row]:  # nor has anything in it
                row = last[row] + 1
            elif last[row] == row:
                return row
            else:
                row += 1
        return end

    def last_spoken(self, root: int) -> int:
        """The last element with running text inside of one; what follows the page if none is."""
        if not self.good[root]:
            return len(self.tag)
        spoken = root
        while True:
            inside = (child for child in self.children(spoken) if self.good[child])
            inner = max(inside, default=-1)
            if inner < 0:
                return spoken
            spoken = inner

    def words(self, row: int) -> str:
        """What is written at the beginning of an element, with line ends for the markup."""
        start = self.table.item(row, INNER)
        piece = self.data[start : min(self.table.item(row, CLOSE), start + LOOKED_AT)]
        if b"<" in piece:
            piece = _MARKUP.sub(b"\n", piece)
        return piece.decode("utf-8", "ignore")

    def short(self, row: int) -> str:
        """What is seen of an element, without blanks."""
        start = self.before[row]
        return self.seen[start : start + self.whole[row]]

    def block_at(self, place: int) -> int:
        """The smallest element on lines of its own with a character of what is seen; -1 if none."""
        row = self.element_at(place)
        while row >= 0 and self.tag[row] in INLINES:
            row = self.parent[row]
        return row

    def element_at(self, place: int) -> int:
        """The smallest element with a character of what is seen; -1 if none."""
        row = bisect_right(self.before, place) - 1
        while row >= 0 and self.before[row] + self.whole[row] <= place:
            row = self.parent[row]
        return row

    def value(self, span: int) -> bytes:
        """The value of an attribute, from its place in the table."""
        start = span & LOWER
        return self.data[start : start + (span >> HALF)]

    def plain(self, row: int) -> int:
        """Characters outside links."""
        return self.text[row] - self.linked[row]

    def pictures(self, row: int) -> int:
        """How many pictures are in an element."""
        return self.data.count(b"<img", *self.span(row))

    def span(self, row: int) -> tuple[int, int]:
        """Where the markup of an element begins and ends."""
        return self.table.item(row, START), self.table.item(row, END)

    def plains(self) -> Sequence[int]:
        """Characters outside links, of all elements."""
        return memoryview(np.asarray(self.text) - np.asarray(self.linked))

    def is_running(self, row: int) -> bool:
        """Whether most of an element is running text outside links."""
        good = self.good[row]
        return good * 2 >= self.text[row] and good > self.linked[row]

    def is_linky(self, row: int, *, headed: bool = False) -> bool:
        """
        Whether an element is a list of links, or of cards with a link each.

        `headed`: a heading has said so, and less is asked.
        """
        text, linked, links = self.text[row], self.linked[row], self.links[row]
        if links == 0:
            return False
        running = self.good[row] * 2 >= text
        share, per = (
            (5, PER_LINK if headed else PER_CARD)
            if running
            else (4, PER_LINK_BELOW if headed else PER_LINK)
        )
        return linked * 10 >= text * share or (links >= LEAST_LINKS and text <= links * per)

    def is_cards(self, row: int) -> bool:
        """Whether an element is a row of cards: elements of one shape, each with a link, short."""
        whole = self.text[row]
        for _ in range(WRAPPED):
            large = (one for one in self.children(row) if self.text[one] >= whole * CARD_SHARE)
            row = next(large, row)
        children = [one for one in self.children(row) if self.text[one]]
        if len(children) < LEAST_CARDS:
            return False
        shapes = [(self.tag[one], self.value(self.table.item(one, CLASS))) for one in children]
        shape, _ = Counter(shapes).most_common(1)[0]
        if shape[0] == _ROW:
            return False  # a table has rows of one shape, linked or not
        cards = [one for one, its in zip(children, shapes, strict=True) if its == shape]
        inside = sum(self.text[one] for one in cards)
        return (
            len(cards) >= LEAST_CARDS
            and inside >= whole * CARD_SHARE
            and inside <= len(cards) * LONGEST_CARD
            and sum(self.links[one] > 0 for one in cards) >= len(cards) * CARD_SHARE
        )

    def without(self, rows: Iterable[int]) -> Page:
        """The same page, counted as if these elements had nothing in them."""
        gone_rows = sorted(rows)
        if not gone_rows:
            return self
        counts = left(self.table, np.array(gone_rows, np.int64))
        text, linked, links, good, headed = (memoryview(column) for column in counts)
        return Page(
            self.data, self.table, self.seen, self.codes, self.parent, self.last, self.tag,
            self.apart, self.before, text, linked, links, good, headed, self.whole, self.by_tag,
            self.tag_begins, self.sought,
        )  # fmt: skip


def page_of(data: bytes, table: Any, seen: Any) -> Page:
    """The page of a table of elements; `seen` is its text by code points."""
    order = (PARENT, LAST, TAG, APARTNESS, BEFORE, *COUNTED, TEXT)
    text = str(seen.astype("<u4", copy=False), "utf-32-le", "replace")
    columns: list[Any] = [memoryview(table[:, column]) for column in order]
    columns += map(memoryview, by_tag(table, len(NAMES)))
    return Page(data, table, text, seen, *columns)


def blocks_inside(table: Any) -> Any:
    """For each element whether there are elements in it that stand on lines of their own."""
    inline = mask_of(INLINES)[table[:, TAG]]
    blocks = np.concatenate(([0], np.cumsum(~inline)))
    return blocks[table[:, LAST] + 1] > blocks[np.arange(len(table)) + 1]
