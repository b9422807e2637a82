"""
A second opinion on the lines of a page, from a linear model that learned from lines marked by hand.

The rules of `weighing.py` know what a line says of itself and of those beside it. The model adds up
what many small facts say that no rule would be made of: how long, how kana-rich, how dated the one,
three, eight and 24 lines above and below are, how far the next sentences are, how much of the text
stands above, how much of the page has shown itself. Where it is sure it overrules the rules, either
way (`kernels.runs`); where it is not they stand. Only texts of which some line says that it belongs
to a page are asked about, so prose costs nothing.

A sum over the lines of a window is linear as well: each line is weighed once for every window, and
the windows are differences of running sums (`kernels.opinion`). Facts and weights are whole
numbers, so that no sum depends on the order of adding, on the batch, or on the machine.
`data/residue_lines.md` says what it was trained on and what it is worth.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seimai.filters.residue.shapes import classes, line_ends
from seimai.pipeline import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.filters.residue.shapes import Shapes
    from seimai.filters.residue.words import Found
    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]

WEIGHTS = Path(__file__).parents[1] / "data" / "residue_lines.tsv"

LEAST_HEAT = 1.0
"""Warmth of the lines of a text, in all, from which on the model is asked about it."""
COARSE = 4096.0
FEWEST_KANA = 5

_FLAGS = ("tail", "label", "ending", "beg", "rights", "notice")
_ENDS = (0, 1, 2, 3, 4, 5, 8, 9, 10, 14)
"""`kernels.opinion.LAST`, which is not loaded where only names are wanted."""
_LOOKS = ("teaser", "polite", "echoed", "markup")

LINE_FACTS = (
    "score", "warmth", "sure", "sentence", "about the page", "steps of length", "length",
    "hiragana", "latin", "figures", "spoken", "fully ended", "loudly ended", "covered by words",
    "menu", "button", "section", *_FLAGS, *_LOOKS, "gaps", "stops", "calls", "commas", "colons",
    "arrows", "signs", "particles", "dates", "times", "counters",
    *(f"begins in class {k}" for k in range(15)),
    *(f"ends in class {k}" for k in _ENDS),
)  # fmt: skip
"""What is said of a line without looking around: names for `kernels.opinion.line_facts`."""

PLACE_FACTS = (
    "place", "lines", "lines above", "lines below", "text", "text above", "text below",
    "share above", "sentences", "heat", "heat above", "heat below", "mean heat",
    "mean heat above", "mean heat below",
    *(
        f"{kind} {way}"
        for kind in ("sentence", "long sentence", "warm line", "heading of a list", "sure line")
        for way in ("above", "below")
    ),
    "stretch", "heat of stretch", "mean heat of stretch", "length in stretch",
    "hiragana in stretch", "stretch begins the text", "stretch ends the text",
)  # fmt: skip
"""
Where a line stands: names for `kernels.opinion.place_facts`.

How much text and how much of the page stand above and below, how far the next lines of some kinds
are, and what the stretch without sentences is like in which the line stands.
"""


class Seen(NamedTuple):
    """What the weighing knows of the lines of a batch; one entry per line."""

    shape: Shapes
    found: Found
    score: Floats
    warmth: Floats
    sure: Flags
    teaser: Flags
    polite: Flags
    echoed: Flags
    markup: Flags


class Weights(NamedTuple):
    """The model, times `COARSE`."""

    lines: Doubles
    """A row per fact about a line; columns: itself, then the windows above, then those below."""
    there: Doubles
    """For each window above, then below: what counts for every line of it that exists."""
    places: Doubles
    """For each fact about its place in the text."""
    bias: float


def opinions(texts: Texts, seen: Seen) -> Floats:
    """How sure the model is of each line: log odds of residue, 0 where it is not asked."""
    opinion = np.zeros(seen.score.size, np.float32)
    rows, first = asked_lines(texts, seen)
    if not rows.size:
        return opinion
    weights = read_weights()
    total = kernels.opinion.weigh(
        first, *told(texts, seen, rows), weights.lines, weights.there, weights.places
    )
    opinion[rows] = total / (kernels.opinion.FINE * COARSE) + weights.bias
    return restrained(opinion, seen)


def asked_lines(texts: Texts, seen: Seen) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    The lines of the texts that show something of a page: the model is asked about no others.

    Gives their numbers, and where among them each of these texts begins, with the end of the last.
    """
    lines = texts.lines
    asked = lines.total(np.maximum(seen.warmth, 0)) >= LEAST_HEAT
    first = np.concatenate([[0], np.cumsum(lines.count[asked])])
    return np.flatnonzero(asked[lines.owner]), first


def told(texts: Texts, seen: Seen, some: NDArray[np.int64]) -> tuple[NDArray[Any], ...]:
    """Some lines of a batch as `kernels.opinion` wants them: lengths, scores, rows, classes."""
    lines = texts.lines
    length = lines.length[some]
    kind = classes()[0]
    ends = texts.once(line_ends)
    found = seen.found
    rows = np.empty((kernels.opinion.SURE + 1, length.size), np.int32)
    columns = (
        *seen.shape, found.covered, found.button, found.section, found.menu,
        *(getattr(found, name) for name in _FLAGS), *(getattr(seen, name) for name in _LOOKS),
        seen.sure,
    )  # fmt: skip
    for row, column in zip(rows, columns, strict=True):
        row[:] = column[some]
    return (
        length, seen.score[some], seen.warmth[some], rows,
        kind[ends.first[some]], kind[ends.last[some]],
    )  # fmt: skip


def restrained(opinion: Floats, seen: Seen) -> Floats:
    """
    An opinion that speaks against no line that speaks: diaries in short lines without full stops.

    A line of hiragana of which nothing says that it belongs to a page is left to the rules.
    """
    shape = seen.shape
    spoken = (shape.kana * 2 >= shape.letters) & (shape.kana >= FEWEST_KANA) & ~seen.teaser
    left = spoken & (seen.warmth == 0) & ~seen.echoed
    return np.where(left, np.minimum(opinion, 0), opinion).astype(np.float32)


@cache
def read_weights(path: Path = WEIGHTS) -> Weights:
    """The model that comes with the package, its columns in the order of the facts."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    numbers = [np.array(row[1:], np.float64) for row in rows]
    wide = kernels.opinion.WIDE
    lines = [one for one in numbers if one.size == wide]
    alone = np.concatenate([one for one in numbers if one.size == 1])
    return Weights(
        np.stack(lines[:-1]), np.ascontiguousarray(lines[-1][1:]), alone[:-1], alone[-1] / COARSE
    )
