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
from typing import Any

import numpy as np

from seimai.pipeline.ingest.pages.appeals import appeals
from seimai.pipeline.ingest.pages.article import article_of, named, teasers
from seimai.pipeline.ingest.pages.other_blocks import bylines, headed, notices, owned, remarks
from seimai.pipeline.ingest.pages.page_tree import Page, Rule, page_of
from seimai.pipeline.ingest.pages.panels import panels, questions, without_text
from seimai.pipeline.ingest.pages.pruning import HIDDEN, Pruning
from seimai.pipeline.kernels.page import APARTNESS, TEXT, elements

HIDES = 2
"""Where so many times of what is seen is hidden, scripts would show it: it is read."""
LEAST_HIDDEN = 200
_NONE = np.zeros(0, np.uint8)


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
    spoken: list[int] = field(default_factory=list)
    """Buttons that are questions, with the answers below them."""

    def count(self, rule: Rule) -> int:
        """How many elements with text in them went by a rule."""
        text = self.page.table[:, TEXT]
        return sum(why == rule and bool(text[row]) for row, why in self.cuts.items())


def everything(source: bytes) -> Judged:
    """A page of which only what is hidden goes."""
    table, breaks, _, _, seen = elements(np.frombuffer(source, np.uint8), _NONE)
    hidden = (table[:, APARTNESS] == HIDDEN).nonzero()[0].tolist()
    cuts: dict[int, Rule] = dict.fromkeys(hidden, "hidden")
    return Judged(page_of(source, table, seen), cuts, breaks)


def judge(source: bytes, *, comments: bool = False, whole: bool = False) -> Judged:
    """
    Which elements go. `source` is as `page_source.py` makes it.

    `comments`: what readers wrote stays. `whole`: all of the page is known to be the article.
    """
    array = np.frombuffer(source, np.uint8)
    table, breaks, hidden, members, seen = elements(array, _NONE)
    if not len(table):
        return Judged(page_of(source, table, seen), {}, breaks)
    opened: list[int] = []
    page = page_of(source, table, seen)
    if hidden > LEAST_HIDDEN and hidden > HIDES * table[0, TEXT]:
        shown = np.where(table[:, APARTNESS] == HIDDEN, 2, 0).astype(np.uint8)
        table, breaks, _, members, seen = elements(array, shown)
        page = page_of(source, table, seen)
    elif hidden and (opened := panels(page)):
        # What a click opens counts as if it were seen: it decides where the article is, too.
        shown = np.zeros(len(table), np.uint8)
        shown[opened] = 2
        table, breaks, _, members, seen = elements(array, shown)
        page = page_of(source, table, seen)
    folded = without_text(page, opened) if opened else set()
    kinds, said, doubtful = named(page, comments=comments)
    said.update(dict.fromkeys(folded, "hidden"))
    below = {} if whole else headed(page)
    rows = [row for rows in below.values() for row in rows]
    if members:
        said.update(notices(page))
    if not whole:
        said.update(bylines(page))
        said.update(appeals(page))
        if not comments:
            said = remarks(page) | said
    beside = () if whole else [*said, *doubtful, *rows, *owned(page), *teasers(page)]
    root = 0 if whole else article_of(page.without(beside), kinds)
    pruning = Pruning(page.without(said), root, kinds, doubtful, whole=whole)
    pruning.cut_by_heading(below)
    cuts = pruning.cuts(said)
    spoken = questions(page, [row for row in opened if row not in cuts]) if opened else []
    return Judged(page, cuts, breaks, page.last[root], spoken)
