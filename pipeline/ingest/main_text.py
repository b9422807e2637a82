"""
Which elements of a page are not its main text: menus, lists of other pages, rankings, notices.

Three questions, in this order. What does the page say: elements (`nav`), roles, names of classes
and ids (`part_names.py`)? Where is the running text: the smallest element that has nearly all of
it is the article, and what stands outside of an article has to be text to stay? And what is a
block: a heading such as 関連記事 with links below it (`part_headings.py`), links without sentences?
A block is compared with itself (characters in links, characters of running text) and with its
page, never with a fixed length. Inside of an article whatever is doubtful stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from seimai.pipeline.ingest.article import LEAST_GOOD, MAINS, article_of, named
from seimai.pipeline.ingest.part_headings import (
    LABEL,
    LONGEST_HEADING,
    LONGEST_NOTICE,
    LONGEST_PAYING,
    ASKING,
    LEAST_NOTICE,
    NOTICE,
    PAYING,
    RIGHTS,
    WEAK,
    begins_other,
)
from seimai.pipeline.ingest.page_tree import (
    ARTICLE,
    BODY,
    HEADINGS,
    INLINES,
    LEAST_CARDS,
    MAIN,
    Page,
    blocks_inside,
    codes,
    mask_of,
    page_of,
)
from seimai.pipeline.kernels.page import APARTNESS, CLASS, CODE, END, LAST, LINKED, SENTENCES, START, TAG, TEXT, elements

if TYPE_CHECKING:
    from collections.abc import Iterator

Rule: TypeAlias = Literal[
    "hidden",  # hidden by the page itself
    "element",  # an element that is never main text, such as `nav`
    "name",  # its class, id or role says so
    "comments",  # what readers wrote
    "heading",  # a heading such as 関連記事, and the links below it
    "links",  # outside of the article, and rather links than text
    "notice",  # outside of the article: rights, cookies, paying
    "small",  # outside of the article, and a few words without a sentence
]
"""Why an element is not main text."""

TERMS = codes("p", "div", "dt", "span", "strong", "b", "center", "th", "caption", "legend")
"""What serves as a heading where there is none."""

HIDES = 2
"""Where so many times of what is seen is hidden, scripts would show it: it is read."""
LEAST_HIDDEN = 200

RUNNING = 3
"""So many sentences outside links are text, whatever the element is called."""
LINKS_OF_TITLE = 10
"""A header with an `h1` and fewer links than this has the title; with more it is a menu."""
LONGEST_TITLE = 100
LABELLED = 0.6
"""The share of links in a block that a label such as PR stands on."""
MENU_LINKS, MENU_LINKED = 10, 0.8
"""Links, and the share of them in its characters, that make a menu of an element on a page of text
in which no article was found."""
LEAST_PLAIN = 60
NEAR_LINKED = 0.7
NEAR_LEVELS = 2
FAR = 10
SMALL = 40
"""Characters that are no text by themselves: 印刷する, 2024年3月9日, © and a name."""


@dataclass(slots=True)
class Judged:
    """A page, and what is not main text of it."""

    page: Page
    cuts: dict[int, Rule]
    """The rows of the outermost elements that go, with the rule for each."""
    breaks: Any
    """Breaks of the source that are no blanks."""
    end: int = -1
    """The last row of the article."""
    doubtful: dict[int, str] = field(default_factory=dict)

    def count(self, rule: Rule) -> int:
        """How many elements with text in them went by a rule."""
        text = self.page.table[:, TEXT]
        return sum(why == rule and text[row] > 0 for row, why in self.cuts.items())


def everything(source: bytes) -> Judged:
    """A page of which only what is hidden goes."""
    table, breaks, _, _ = elements(np.frombuffer(source, np.uint8), _NONE)
    hidden = np.flatnonzero(table[:, APARTNESS] == _HIDDEN).tolist()
    cuts: dict[int, Rule] = dict.fromkeys(hidden, "hidden")
    return Judged(page_of(source, table), cuts, breaks)


_NONE = np.zeros(0, np.uint8)
_HIDDEN = 1


def judge(source: bytes, *, comments: bool = False, whole: bool = False) -> Judged:
    """
    Which elements go. `source` is as `page_source.py` makes it.

    `comments`: what readers wrote stays. `whole`: all of the page is known to be the article.
    """
    array = np.frombuffer(source, np.uint8)
    table, breaks, hidden, members = elements(array, _NONE)
    if not len(table):
        return Judged(page_of(source, table), {}, breaks)
    if hidden > LEAST_HIDDEN and hidden > HIDES * table[0, TEXT]:
        shown = np.where(table[:, APARTNESS] == _HIDDEN, 2, 0).astype(np.uint8)
        table, breaks, _, members = elements(array, shown)
    page = page_of(source, table)
    kinds, said, doubtful = named(page, comments=comments)
    headed = {} if whole else _headed(page, page.good[0])
    rows = [row for rows in headed.values() for row in rows]
    if members:
        said.update(_paying(page))
    root = 0 if whole else article_of(page.without([*said, *doubtful, *rows]), kinds)
    pruning = _Pruning(page.without(said), root, kinds, doubtful, whole)
    pruning.cut_by_heading(headed)
    cuts = pruning.cuts(said)
    return Judged(page, cuts, breaks, page.last[root])


def _paying(page: Page) -> dict[int, Rule]:
    """Notices of what readers would have to pay or to register for, wherever they stand."""
    starts = page.table[:, START]
    found: dict[int, Rule] = {}
    asked: set[int] = set()
    for place in _places(page.data, ASKING):
        row = int(np.searchsorted(starts, place, "right")) - 1
        while row >= 0 and (page.last[row] == row or page.tag[row] in INLINES):
            if page.table[row, END] > place and page.tag[row] not in INLINES:
                break
            row = page.parent[row]
        while row >= 0 and page.table[row, END] <= place:
            row = page.parent[row]
        if row < 0 or row in asked or not LEAST_NOTICE < page.text[row] <= LONGEST_PAYING:
            continue
        asked.add(row)
        if PAYING.search(page.words(row)):
            found[row] = "notice"
    return found


def _places(data: bytes, words: tuple[bytes, ...]) -> Iterator[int]:
    """Where words stand."""
    for word in words:
        place = data.find(word)
        while place >= 0:
            yield place
            place = data.find(word, place + len(word))


def _headed(page: Page, whole: int) -> dict[int, list[int]]:
    """Blocks that a heading such as 関連記事 begins: the heading's row, and the rows of its block."""
    found: dict[int, list[int]] = {}
    table = page.table
    text, tags = table[:, TEXT], table[:, TAG]
    inner = np.append(text[1:], 0) == text  # the element in it says the same
    heading = mask_of(HEADINGS)[tags]
    term = mask_of(TERMS)[tags] & (table[:, LINKED] == 0)
    wanted = (text > 1) & (text <= LONGEST_HEADING) & ~inner & (table[:, APARTNESS] == 0)
    for row in np.flatnonzero(wanted & (heading | term)).tolist():
        line = page.line(row)
        if begins_other(line):
            rows = _below(page, row, whole, label=LABEL.match(line) is not None)
            if rows:
                found[row] = rows
    return found


def _below(page: Page, row: int, whole: int, *, label: bool) -> list[int]:
    """The block that begins with a heading, or the heading and what follows it."""
    block = row
    while True:
        around = page.parent[block]
        if around < 0 or page.tag[around] in _WHOLES or page.before[around] != page.before[row]:
            break
        if page.good[around] * 2 > whole:
            break
        block = around
    if page.text[block] > page.text[row] and page.is_linky(block, headed=True):
        labelled = page.linked[block] >= page.text[block] * LABELLED
        return [block] if labelled or not label else []
    if label or page.parent[block] < 0:
        return []
    rows = [block]
    linked = False
    following, end = page.last[block] + 1, page.last[page.parent[block]]
    while following <= end and page.tag[following] not in HEADINGS:
        if page.text[following] and not page.is_linky(following, headed=True):
            break
        linked = linked or page.links[following] > 0
        rows.append(following)
        following = page.last[following] + 1
    return rows if linked else []


_WHOLES = codes("html", "body", "main")


class _Pruning:
    """The walk from the root of a page to what goes; the rules of each element."""

    def __init__(
        self, page: Page, root: int, kinds: dict[int, str], doubtful: set[int], whole: bool  # noqa: FBT001
    ) -> None:
        self.page = page
        self.root = root
        self.kinds = kinds
        self.doubtful = doubtful
        self.whole = whole
        self.path: set[int] = set()
        self.near = -1
        """The outermost element that says that it is the article."""
        self.far: set[int] = set()
        row, level = root, 0
        while row >= 0:
            self.path.add(row)
            level += 1
            if level > NEAR_LEVELS:
                self.far.add(row)
            if page.tag[row] == -5:
                self.near = row
            row = page.parent[row]
        self.found = page.tag[root] != BODY and root != 0
        self.menus_end = -1
        """Menus are looked for before this row, where no article was found."""
        if page.good[0] >= LEAST_GOOD:
            self.menus_end = len(page.tag)
        elif page.text[0] - page.linked[0] >= LEAST_PLAIN:
            self.menus_end = next(iter(page.rows_of(HEADINGS)), -1)
        self.said = page.tag[root] in (ARTICLE, MAIN) or kinds.get(root) in MAINS
        self.sentences = page.table[:, SENTENCES]
        self.blocks = blocks_inside(page.table)
        self.heads: dict[int, bool] = {}

    def cut_by_heading(self, headed: dict[int, list[int]]) -> None:
        """Take note of the blocks with a heading; of some headings only outside the article."""
        for row, rows in headed.items():
            weak = WEAK.match(self.page.line(row)) is not None
            for one in rows:
                self.heads[one] = self.heads.get(one, True) and weak

    def cuts(self, said: dict[int, Rule]) -> dict[int, Rule]:
        """The rows that go, in the order of the page."""
        page = self.page
        found: dict[int, Rule] = {}
        marks = np.append(page.table[:, APARTNESS] > 0, False)  # noqa: FBT003
        marks[[*said, *self.heads, *self.doubtful]] = True
        marked = np.cumsum(marks)
        asked = (marked[page.table[:, LAST]] > marked[:-1]).tolist()  # something inside is marked
        marks = marks.tolist()
        stack = [(0, self.whole or self.root == 0, False, False)]
        while stack:
            row, inside, near, strict = stack.pop()
            far = strict or row in self.far
            near = near or row == self.near
            alike = self._alike(row) if row in self.path and not inside else ()
            for child in page.children(row):
                within = inside or child in alike
                if child in self.path:
                    stack.append((child, inside or child == self.root, near, False))
                    continue
                if marks[child]:
                    if child in said:
                        found[child] = said[child]
                        continue
                    if page.apart[child]:
                        found[child] = "hidden" if page.apart[child] == _HIDDEN else "element"
                        continue
                    if child in self.heads and not (inside and self.heads[child]):
                        found[child] = "heading"
                        continue
                elif within and self.found:
                    # Inside of the article only what is marked may go.
                    if asked[child]:
                        stack.append((child, within, near, far))
                    continue
                if page.text[child] and (
                    rule := self.rule(child, inside=within, near=near, far=far)
                ):
                    found[child] = rule
                elif asked[child] or (page.text[child] and page.last[child] > child):
                    stack.append((child, within, near, far))
        return found

    def _alike(self, row: int) -> set[int]:
        """Elements beside the article with its tag and its names: other parts of it."""
        page = self.page
        way = next((child for child in page.children(row) if child in self.path), -1)
        if way < 0:
            return set()
        tag, names = page.tag[way], page.value(int(page.table[way, CLASS]))
        if not names and tag != ARTICLE:
            return set()
        return {
            child
            for child in page.children(row)
            if page.tag[child] == tag
            and (tag == ARTICLE or page.value(int(page.table[child, CLASS])) == names)
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

    def rule(self, row: int, *, inside: bool, near: bool, far: bool) -> Rule | None:
        """The rule by which an element goes, if any."""
        page = self.page
        text = page.text[row]
        running = page.is_running(row)
        if row in self.doubtful:
            if inside and self.kinds.get(row) == "weak":
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
        if inside or not self.found:
            return None
        if (
            page.tag[row] in INLINES
            and page.parent[row] not in self.path
            and not self.blocks[row]
        ):
            return None  # a part of a line that stays
        if page.headed[row] and (
            text < LONGEST_TITLE
            or (page.links[row] < LINKS_OF_TITLE and page.linked[row] * 10 < text * 4)
        ):
            return None
        if page.is_linky(row) and (far or page.linked[row] >= page.text[row] * NEAR_LINKED):
            return "links"
        if page.links[row] >= LEAST_CARDS and page.is_cards(row):
            return "links"
        if (page.parent[row] not in self.path and not far) or (page.tag[row] == _P and running and text > LONGEST_TITLE):
            return None
        speaks_of = NOTICE if far or text < LONGEST_PAYING else RIGHTS
        if text < LONGEST_NOTICE and speaks_of.search(page.words(row)):
            return "notice"
        if (
            far
            and page.good[row] * FAR < page.good[self.root]
            and page.plain(row) * FAR < page.plain(self.root)
        ):
            return "small"
        if running or text >= SMALL or page.tag[row] in HEADINGS or (
            not far and not self.said and page.parent[row] == page.parent[self.root]
        ):
            return None
        return "small"


_P = CODE["p"]
