"""
The cleaner of what a page puts around and into its text.

Menus, breadcrumbs, share and login rows, tag runs, lists of categories and months, cards of related
articles, heads of comments, buttons between answers, addresses of pictures, scripts, and the second
copy of a text. None of these is known by one line alone: what a line says of itself and what the
lines around it say is weighed together (`weighing.py`), and the best cut of the text into runs of
text and of residue decides, unless a small model that learned from marked lines is sure of another
answer (`opinion.py`). Sentences stay, but for those about the page inside a run and those
that beg for clicks. When in doubt a line stays: what is left over spoils a text less than what is
missing.

`footers` knows single lines that can be nothing else, and runs after it. Whether a text is nothing
but a menu is a question of the signals in `boilerplate.py`: a text of which no sentence would stay
is not touched. Runs and position as evidence are an idea of jusText and of the readers in browsers;
here there is no HTML left to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.residue.joined import (
    joined_rows,
    pages_among,
    pages_of,
    without_pieces,
    without_torn,
)
from seimai.filters.residue.naming import kinds_of
from seimai.filters.residue.weighing import BORDER, EDGE, evidence
from seimai.pipeline import kernels
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


def gone_lines(texts: Texts) -> NDArray[np.bool_]:
    """Which lines of a batch (those of `Texts.lines`, without blank ones) are residue."""
    rules, opinion = evidence(texts)
    gone: NDArray[np.bool_] = kernels.runs.gone_runs(
        texts.lines.first, *rules, opinion, BORDER, EDGE
    )
    return gone


class _Look(NamedTuple):
    """What weighing a batch found in one of its texts."""

    cut: str | None
    """The text cut up, if it is a page whose breaks were lost."""
    gone: set[int]
    """Numbers of the lines that go in the first round; nothing of a text that is cut up."""


LOOKS: dict[str, _Look] = {}
"""Texts that `_due` has found to be due, until `_many` takes them up: nothing is weighed twice."""


def _due(texts: Texts) -> NDArray[np.bool_]:
    first = _gone_by_text(texts)
    joined = joined_rows(texts)
    pages = pages_of([_string(texts.codes, texts, row) for row in joined])
    cut = {joined[place]: page for place, page in pages.items()}
    due = np.zeros(len(texts), np.bool_)
    due[[*first, *cut]] = True
    for row in np.flatnonzero(due & (texts.masks == 0)).tolist():
        text = _string(texts.raw_codes, texts, row)
        LOOKS[text] = _Look(cut.get(row), set() if row in cut else first[row])
    return due


def _string(codes: NDArray[np.uint32], texts: Texts, row: int) -> str:
    """A text of a batch, by the codes that all who weigh see, or those that stand there."""
    return codes[texts.start[row] : texts.start[row + 1]].tobytes().decode("utf-32-le")


def _gone_by_text(texts: Texts) -> dict[int, set[int]]:
    """For each text of a batch with lines that go, their numbers, the first line being 0."""
    found = gone_lines(texts)
    starts = texts.lines.start[found]
    if not starts.size:
        return {}
    owner = texts.lines.owner[found]
    number = kernels.lines.line_numbers(texts.codes, texts.start, owner, starts)
    gone: dict[int, set[int]] = {}
    for row, line in zip(owner.tolist(), number.tolist(), strict=True):
        gone.setdefault(row, set()).add(line)
    return gone


def _lines_gone(texts: list[str], first: list[set[int] | None]) -> list[set[int]]:
    """
    For each text the numbers of its lines that go, the first line being 0.

    `first` are those that go in the first round, where they are known.
    """
    gone: list[set[int]] = [set() for _ in texts]
    lines = [text.split("\n") for text in texts]
    places = [list(range(len(each))) for each in lines]
    rows = [row for row, known in enumerate(first) if known is None]
    known = {row: numbers for row, numbers in enumerate(first) if numbers}
    # With lines gone others have new neighbours; most texts need one round and a look.
    while rows or known:
        batch = ["\n".join([lines[row][k] for k in places[row]]) for row in rows]
        found = _gone_by_text(Texts.of(*batch)) if batch else {}
        now = {**known, **{rows[place]: numbers for place, numbers in found.items()}}
        known = {}
        rows = sorted(now)
        for row in rows:
            gone[row].update(places[row][k] for k in now[row])
            places[row] = [place for k, place in enumerate(places[row]) if k not in now[row]]
    return gone


def _cut_and_gone(texts: list[str]) -> tuple[dict[int, str], list[set[int]]]:
    """The texts whose breaks were lost, cut up, by place; and of all the lines or pieces to go."""
    looks = [LOOKS.get(text) for text in texts]
    LOOKS.clear()
    new = [row for row, look in enumerate(looks) if look is None]
    cut = {new[place]: page for place, page in pages_among([texts[row] for row in new]).items()}
    cut.update((row, look.cut) for row, look in enumerate(looks) if look and look.cut is not None)
    gone = _lines_gone(
        [cut.get(row, text) for row, text in enumerate(texts)],
        [look.gone if look and row not in cut else None for row, look in enumerate(looks)],
    )
    for row, page in cut.items():
        gone[row] = without_torn(page, gone[row])
    return cut, gone


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the lines stand that go, or the pieces of a text whose breaks were lost."""
    cut, [gone] = _cut_and_gone([text])
    lines = cut.get(0, text).split("\n")
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
    return [(starts[k], starts[k] + len(lines[k])) for k in sorted(gone)]


def _kinds(text: str) -> list[str]:
    """The kind of each of these spans, in the same order."""
    return kinds_of(pages_among([text]).get(0, text), _spans(text))


def _many(texts: list[str]) -> list[str]:
    cut, goes = _cut_and_gone(texts)
    result = list(texts)
    for row, gone in enumerate(goes):
        if gone and row in cut:
            result[row] = without_pieces(texts[row], cut[row], gone)
        elif gone:
            result[row] = _without(texts[row].split("\n"), gone)
    return result


@cleaner("boilerplate", version=6, due=_due, where=_spans, kinds=_kinds, many=_many)
def boilerplate(text: str) -> str:
    r"""
    No menus, related cards, tag lists, buttons and second copies around and inside a text.

    Lists of recipes, laws, minutes and manuals, verse, dialogue, tables, code, and facts such as
    日時：… stay: no line near them says that it belongs to a page. Of blank lines that meet, one
    stays. A page whose line breaks have become blanks is treated piece by piece, if enough of its
    words are those of a page.

    >>> page = "ホーム\nログイン\n会員登録\n\n米は水で研ぐ。\n\n関連記事\nカテゴリー\nもっと見る"
    >>> boilerplate(page)
    '米は水で研ぐ。'
    """
    return _many([text])[0]


def _without(lines: list[str], gone: set[int]) -> str:
    """The lines that stay; blank ones that would now follow a blank one, or nothing, go too."""
    stay: list[str] = []
    last_gone = False
    for place, line in enumerate(lines):
        if place in gone:
            last_gone = True
        elif not (last_gone and not line.strip() and not (stay and stay[-1].strip())):
            last_gone = False
            stay.append(line)
    while last_gone and stay and not stay[-1].strip():
        stay.pop()
    return "\n".join(stay)
