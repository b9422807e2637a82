"""
The walk through a page that finds what goes, once it is known where the article is.

Inside of the article only what is marked may go: by its name, its heading, as a notice. Outside of
it an element has to be text to stay, the more so the farther away from the article it hangs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.ingest.pages.article import LEAST_GOOD, MAINS
from seimai.pipeline.ingest.pages.leftovers import left_alone, signatures, stamps
from seimai.pipeline.ingest.pages.other_blocks import rights
from seimai.pipeline.ingest.pages.page_tree import (
    ARTICLE,
    BODY,
    HEADER,
    HEADINGS,
    INLINES,
    ITEMS,
    LEAST_CARDS,
    MAIN,
    Page,
    Rule,
    blocks_inside,
    mask_of,
)
from seimai.pipeline.ingest.pages.part_headings import (
    LONGEST_NOTICE,
    LONGEST_PAYING,
    NOTICE,
    OWNED,
    RIGHTS,
    WEAK,
)
from seimai.pipeline.kernels.page import APARTNESS, CLASS, LAST, SENTENCES, TAG
from seimai.pipeline.kernels.page_counts import around
from seimai.pipeline.kernels.page_tags import CODE

if TYPE_CHECKING:
    from collections.abc import Sequence

HIDDEN = 1
"""In the column `APARTNESS`."""
RUNNING = 3
"""So many sentences outside links are text, whatever the element is called."""
LINKS_OF_TITLE = 10
"""A header with an `h1` and fewer links than this has the title; with more it is a menu."""
LINKED_TITLE = 0.4
LONGEST_TITLE = 100
"""With this share of links, or fewer characters."""
MENU_LINKS, MENU_LINKED = 10, 0.85
"""Links, and the share of them in its characters, that make a menu of an element on a page of text
in which no article was found."""
EDGE_LINKS = 3
"""The same before the first sentence or heading of such a page and after the last sentence, where
no heading says what the links are."""
LEAST_PLAIN = 60
"""Characters outside links that make such a page of text."""
NEAR_LEVELS = 2
"""What hangs so many elements above the article is near: sections beside it, its header."""
FAR_LINKED = 0.3
NEAR_LINKED = 0.8
"""The share of links that makes a list of links of what is near: figures may be linked, too."""
FAR = 10
"""What is far and has less than this part of the article's text is a profile, a word of welcome."""
LONGEST_WELCOME = 200
"""Its characters; what is longer is a part of the page."""
LINKED_PART = 0.2
"""With less than this of links to its characters outside of them."""
SMALL = 40
"""Characters that are no text by themselves: 印刷する, 2024年3月9日, © and a name."""
_P, _TABLE = CODE["p"], CODE["table"]


class Pruning:
    """A page with its article, and the rules by which an element of it goes."""

    def __init__(
        self, page: Page, root: int, kinds: dict[int, str], doubtful: set[int], *, whole: bool
    ) -> None:
        self.page = page
        self.root = root
        self.kinds = kinds
        self.doubtful = doubtful
        self.whole = whole
        self.path: set[int] = set()
        """The article, and all elements around it."""
        self.far: set[int] = set()
        """Of those the ones in which other elements are far from the article."""
        row, level = root, 0
        while row >= 0:
            self.path.add(row)
            level += 1
            if level > NEAR_LEVELS:
                self.far.add(row)
            row = page.parent[row]
        self.found = page.tag[root] != BODY and root != 0
        self.menus_end = -1
        """Menus are looked for before this row, where no article was found."""
        if page.good[0] >= LEAST_GOOD:
            self.menus_end = len(page.tag)
        elif page.plain(0) >= LEAST_PLAIN:
            self.menus_end = next(iter(page.rows_of(HEADINGS)), -1)
        self.begins, self.ends = self._edges()
        self.spoken = page.last_spoken(root)
        """The row of the last element of the article with running text."""
        self.said = page.tag[root] in (ARTICLE, MAIN) or kinds.get(root) in MAINS
        self.sentences = memoryview(page.table[:, SENTENCES])
        self.heads: dict[int, bool] = {}

    def _edges(self) -> tuple[int, int]:
        """The rows of the first heading or sentence and of the last sentence, if none is root."""
        page = self.page
        if self.found or self.whole or page.plain(0) < LEAST_PLAIN:
            return -1, len(page.tag)
        lines = np.asarray(page.good).nonzero()[0].tolist()
        while lines and page.text[lines[-1]] <= LONGEST_PAYING and self._is_owned(lines[-1]):
            lines.pop()  # All rights reserved. is no sentence of the page
        heading = next(iter(page.rows_of(HEADINGS)), len(page.tag))
        return min(heading, page.first_spoken(0)), lines[-1] if lines else len(page.tag)

    @cached_property
    def headings(self) -> Sequence[int]:
        """Headings up to each row."""
        return memoryview(mask_of(HEADINGS)[self.page.table[:, TAG]].cumsum())

    @cached_property
    def blocks(self) -> Sequence[bool]:
        """For each row whether lines of their own are in it."""
        return memoryview(blocks_inside(self.page.table))

    def _is_headed(self, row: int) -> bool:
        """Whether a heading stands in an element."""
        before = self.headings[row - 1] if row else 0
        return self.headings[self.page.last[row]] > before

    def _is_edge(self, row: int) -> bool:
        """Whether an element is a menu or a notice before or after all text of a page."""
        page = self.page
        if not (page.last[row] < self.begins or row > self.ends) or self._is_headed(row):
            return False
        if page.text[row] <= LONGEST_PAYING and self._is_owned(row):
            return True
        return (
            page.links[row] >= EDGE_LINKS
            and page.linked[row] >= page.text[row] * MENU_LINKED
            and self._tag_before(row) not in HEADINGS
        )

    def _is_owned(self, row: int) -> bool:
        """Whether an element says whose the page is."""
        page = self.page
        return OWNED.search(page.words(row)) is not None

    def _at_edges(self) -> Any:
        """For each element whether it may be a menu or a notice of a page without an article."""
        page = self.page
        rows = np.arange(len(page.tag))
        text, linked, links = map(np.asarray, (page.text, page.linked, page.links))
        last = page.table[:, LAST]
        menu = (last < self.menus_end) & (links >= MENU_LINKS)
        begin, words = np.asarray(page.before), rights(page)
        owned = np.searchsorted(words, begin) < np.searchsorted(words, begin + text)
        edge = (links >= EDGE_LINKS) & (linked >= text * MENU_LINKED)
        edge |= owned & (text <= LONGEST_PAYING)
        return (menu | (((last < self.begins) | (rows > self.ends)) & edge)) & (text > 0)

    def _tag_before(self, row: int) -> int:
        """The tag of the last element with text before an element, in the same one; -1 if none."""
        page = self.page
        around, before = page.parent[row], row - 1
        while before > around:
            while page.parent[before] != around:
                before = page.parent[before]
            if page.text[before]:
                return page.tag[before]
            before -= 1
        return -1

    def cut_by_heading(self, headed: dict[int, list[int]]) -> None:
        """Take note of the blocks with a heading; of some headings only outside the article."""
        for row, rows in headed.items():
            weak = WEAK.match(self.page.short(row)) is not None
            for one in rows:
                # What is one paragraph was written by the author, not set by a theme.
                mild = weak or (self.page.tag[one] == _P and len(rows) == 1)
                self.heads[one] = self.heads.get(one, True) and mild

    def cuts(self, said: dict[int, Rule]) -> dict[int, Rule]:
        """The rows that go, in the order of the page."""
        page = self.page
        found: dict[int, Rule] = {}
        marks = page.table[:, APARTNESS] > 0
        marks[[*said, *self.heads, *self.doubtful]] = True
        if not self.found and not self.whole:
            marks |= self._at_edges()
        asked = memoryview(around(page.table, marks))
        marked = memoryview(marks)
        last, text, links = page.last, page.text, page.links
        path, spoken, is_found = self.path, self.spoken, self.found
        stack = [(0, self.whole or self.root == 0, False)]
        while stack:
            row, inside, strict = stack.pop()
            far = strict or row in self.far
            alike = self._alike(row) if row in path and not inside else ()
            following, end = row + 1, last[row]
            while following <= end:  # as in `children`, which takes its time
                child, following = following, last[following] + 1
                within = inside or child in alike
                if child in path:
                    stack.append((child, inside or child == self.root, False))
                    continue
                if marked[child]:
                    if child in said:
                        found[child] = said[child]
                        continue
                    if page.apart[child]:
                        found[child] = "hidden" if page.apart[child] == HIDDEN else "element"
                        continue
                    if child in self.heads and not (inside and self.heads[child]):
                        found[child] = "heading"
                        continue
                elif not is_found:
                    if asked[child]:
                        stack.append((child, within or self._is_part(child), far))
                    continue
                elif within:
                    # Inside of the article only what is marked may go, and cards below its text.
                    may_be_cards = child > spoken and links[child] >= LEAST_CARDS
                    if may_be_cards and self._are_cards_below(child):
                        found[child] = "links"
                    elif asked[child] or may_be_cards:
                        stack.append((child, within, far))
                    continue
                if text[child] and (rule := self.rule(child, inside=within, far=far)):
                    found[child] = rule
                elif asked[child] or (is_found and text[child] and last[child] > child):
                    stack.append((child, within or self._is_part(child), far))
        if not self.whole:
            found.update(left_alone(page, found))
        if self.found:
            found.update(stamps(page, self.root, found))
            found.update(signatures(page, self.root, found))
        return found

    def _are_cards_below(self, row: int) -> bool:
        """Whether an element below all text of the article is a row of cards with pictures."""
        page = self.page
        if page.linked[row] * 2 < page.text[row]:
            return False
        if page.tag[row] in ITEMS or not page.is_cards(row):
            return False
        return page.pictures(row) >= LEAST_CARDS

    def _is_part(self, row: int) -> bool:
        """Whether an element beside the article is a part of it: long, and text, not links."""
        page = self.page
        plain = page.plain(row)
        return plain >= LONGEST_WELCOME and page.linked[row] <= plain * LINKED_PART

    def _alike(self, row: int) -> set[int]:
        """Elements beside the article with its tag and its names: other parts of it."""
        page = self.page
        way = next((child for child in page.children(row) if child in self.path), -1)
        if way < 0:
            return set()
        tag, names = page.tag[way], page.value(page.table.item(way, CLASS))
        if not names and tag != ARTICLE:
            return set()
        return {
            child
            for child in page.children(row)
            if page.tag[child] == tag
            and (tag == ARTICLE or page.value(page.table.item(child, CLASS)) == names)
            and not page.is_linky(child)
        }

    def _speaks(self, row: int, *, running: bool, far: bool) -> bool:
        """Whether an element with a doubtful name has text of its own, or the title."""
        page = self.page
        if page.headed[row] and page.links[row] < LINKS_OF_TITLE:
            return True
        if far:
            return False
        return running or (self.sentences[row] >= RUNNING and not page.is_linky(row))

    def rule(self, row: int, *, inside: bool, far: bool) -> Rule | None:
        """The rule by which an element goes, if any."""
        page = self.page
        text = page.text[row]
        running = page.is_running(row)
        if row in self.doubtful:
            if inside and page.tag[row] == _TABLE:
                pass  # a table of the text, such as one of related modules
            elif inside and page.tag[row] == HEADER and not page.links[row]:
                pass  # the heading of a part of the text
            elif inside and self.kinds.get(row) == "weak":
                if page.is_linky(row) and not running:
                    return "name"
            elif not self._speaks(row, running=running, far=far or not inside):
                return "name"
        if (
            not self.found
            and not self.whole
            and page.last[row] < self.menus_end
            and page.links[row] >= MENU_LINKS
            and not running
        ):
            return "links" if page.linked[row] >= page.text[row] * MENU_LINKED else None
        if not self.found and not self.whole and self._is_edge(row):
            return "links" if page.links[row] else "notice"
        if inside or not self.found:
            return None
        if page.tag[row] in INLINES and page.parent[row] not in self.path and not self.blocks[row]:
            return None  # a part of a line that stays
        if page.tag[row] in ITEMS and page.parent[row] not in self.path:
            return None  # a part of a table or a list that stays
        if page.headed[row] and (
            text < LONGEST_TITLE
            or (page.links[row] < LINKS_OF_TITLE and page.linked[row] < text * LINKED_TITLE)
        ):
            return None
        if page.is_linky(row) and page.linked[row] >= text * (FAR_LINKED if far else NEAR_LINKED):
            return "links"
        if page.links[row] >= LEAST_CARDS and page.is_cards(row):
            return "links"
        if (page.parent[row] not in self.path and not far) or (
            page.tag[row] == _P and running and text > LONGEST_TITLE
        ):
            return None
        speaks_of = NOTICE if far or text < LONGEST_PAYING else RIGHTS
        if text < LONGEST_NOTICE and speaks_of.search(page.words(row)):
            return "notice"
        if row < self.root and page.tag[row] == _P and running and page.parent[row] in self.path:
            return None  # a line of an introduction
        if (
            far
            and text < LONGEST_WELCOME
            and page.good[row] * FAR < page.good[self.root]
            and page.plain(row) * FAR < page.plain(self.root)
        ):
            return "small"
        if (
            running
            or text >= SMALL
            or page.tag[row] in HEADINGS
            or (not far and page.plain(row) and self._is_headed(row))
            or (not far and not self.said and page.parent[row] == page.parent[self.root])
        ):
            return None
        return "small"
