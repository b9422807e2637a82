"""
A second opinion on the lines of a page, from a linear model that learned from lines marked by hand.

The rules of `weighing.py` know what a line says of itself and of those beside it. The model adds up
what many small facts say that no rule would be made of: how long, how kana-rich, how dated the one,
three, eight and 24 lines above and below are, how far the next sentences are, how much of the text
stands above, how much of the page has shown itself. Where it is sure it overrules the rules, either
way (`kernels.runs`); where it is not they stand. Only texts of which some line says that it belongs
to a page are asked about, so prose costs nothing.

A sum over the lines of a window is linear as well: each line is weighed once for every window, and
the windows are differences of running sums. All numbers are whole ones (facts times `FINE`, weights
times `COARSE`), so that no sum depends on the order of adding, on the batch, or on the machine.
`data/residue_lines.md` says what it was trained on and what it is worth.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.residue.shapes import classes
from seimai.pipeline import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.filters.residue.shapes import Shapes
    from seimai.filters.residue.words import Found
    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float32]
    Doubles = NDArray[np.float64]
    Integers = NDArray[np.int64]

WEIGHTS = Path(__file__).parents[1] / "data" / "residue_lines.tsv"

WINDOWS = (1, 3, 8, 24)
"""Lines above and below a line that are looked at together."""
LEAST_HEAT = 1.0
"""Warmth of the lines of a text, in all, from which on the model is asked about it."""
PROSE = -5.5
"""What scores below, among lines that cool, is a sentence of the text; others speak of the page."""

FINE, COARSE = 64.0, 4096.0
TENTHS = 10
"""Warmth is counted in tenths: whole numbers again."""
LONG_SENTENCE = 60
FAR = 999
"""Lines to a line of some kind where there is none."""
MOST_COUNTED = 5
_STEPS = np.array([round(2 ** (k / 2)) for k in range(1, 40)], np.int64)
_FIRST = tuple(range(15))
_LAST = (0, 1, 2, 3, 4, 5, 8, 9, 10, 14)
_COUNTED = (
    "gaps", "stops", "calls", "commas", "colons", "arrows", "signs", "particles", "dates", "times",
    "counters",
)  # fmt: skip


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


class Facts(NamedTuple):
    """Numbers about lines, as rows of columns that have names."""

    names: tuple[str, ...]
    values: Doubles
    """Whole numbers: facts times `FINE`."""


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
    found = np.zeros(texts.lines.start.size, np.float32)
    which, first, stop = asked_lines(texts, seen)
    if not which.size:
        return found
    weights = read_weights()
    said = facts(texts, seen, which).values @ weights.lines
    total = said[:, 0] + places(texts, seen, which, first, stop).values @ weights.places
    for column, (begin, end, width) in enumerate(spans(first, stop)):
        sums = np.concatenate([[0.0], np.cumsum(said[:, 1 + column])])
        here = (end - begin) * (weights.there[column] * FINE)
        total += (sums[end] - sums[begin] + here) / width
    found[which] = (total / (FINE * COARSE) + weights.bias).astype(np.float32)
    return restrained(found, seen)


def restrained(opinion: Floats, seen: Seen) -> Floats:
    """
    An opinion that speaks against no line that speaks: diaries in short lines without full stops.

    A line of hiragana of which nothing says that it belongs to a page is left to the rules.
    """
    shape = seen.shape
    spoken = (shape.kana * 2 >= shape.letters) & (shape.kana >= MOST_COUNTED) & ~seen.teaser
    left = spoken & (seen.warmth == 0) & ~seen.echoed
    return np.where(left, np.minimum(opinion, 0), opinion).astype(np.float32)


def asked_lines(texts: Texts, seen: Seen) -> tuple[Integers, Integers, Integers]:
    """
    The lines of texts that show something of a page.

    With each the first line of its text and the one behind its last, counted among these lines.
    """
    lines = texts.lines
    asked = lines.total(_tenths(seen.warmth)) >= LEAST_HEAT * TENTHS
    which = np.flatnonzero(asked[lines.owner])
    count = lines.count[asked]
    stop = np.repeat(np.cumsum(count), count)
    return which, stop - np.repeat(count, count), stop


def spans(first: Integers, stop: Integers) -> list[tuple[Integers, Integers, int]]:
    """For each window, above and then below, where it begins and ends for every line."""
    at = np.arange(first.size)
    above = [(np.maximum(at - width, first), at, width) for width in WINDOWS]
    below = [(at + 1, np.minimum(at + 1 + width, stop), width) for width in WINDOWS]
    return above + below


def facts(texts: Texts, seen: Seen, which: Integers) -> Facts:
    """What is to be said of these lines without looking around."""
    lines = texts.lines
    kind = classes()[0]
    of = kernels.shapes
    shape, found = seen.shape, seen.found
    length = lines.length[which]
    letters = np.maximum(shape.letters[which], 1)
    named = np.maximum(shape.letters[which] - shape.figures[which], 1)
    ended = shape.ended[which]
    columns: dict[str, NDArray[np.generic]] = {
        "score": np.clip(seen.score[which], -4, 4),
        "warmth": seen.warmth[which],
        "sure": seen.sure[which],
        "prose": _prose(seen)[which],
        "notice": (seen.warmth[which] < 0) & ~_prose(seen)[which],
        "steps": _steps(length) / 4,
        "length": np.minimum(length, 200) / 32,
        "kana": shape.kana[which] / letters,
        "latins": shape.latins[which] / letters,
        "figures": shape.figures[which] / letters,
        "spoken": (shape.kana[which] * 2 >= letters) & (shape.kana[which] >= MOST_COUNTED),
        "fully": ended == of.FULLY,
        "loudly": ended == of.LOUDLY,
        "covered": np.minimum(found.covered[which] / named, 1),
        "menu": found.menu[which] > 0,
        "button": np.minimum(found.button[which], MOST_COUNTED),
        "section": np.minimum(found.section[which], MOST_COUNTED),
    }
    for name in ("tail", "label", "ending", "beg", "rights"):
        columns[name] = getattr(found, name)[which]
    columns["speaks of the page"] = found.notice[which]
    for name in ("teaser", "polite", "echoed", "markup"):
        columns[name] = getattr(seen, name)[which]
    for name in _COUNTED:
        columns[name] = np.minimum(getattr(shape, name)[which], MOST_COUNTED)
    first = kind[texts.codes[lines.start[which]]]
    last = kind[texts.codes[lines.end[which] - 1]]
    for number in _FIRST:
        columns[f"begins in {number}"] = first == number
    for number in _LAST:
        columns[f"ends in {number}"] = last == number
    return _facts(columns)


def places(texts: Texts, seen: Seen, which: Integers, first: Integers, stop: Integers) -> Facts:
    """
    Where these lines stand in their texts, which have the lines `first` to `stop` among them.

    How much text and how much of the page stand above and below, how far the next lines of some
    kinds are, and what the stretch without sentences is like in which a line stands.
    """
    size = which.size
    at = np.arange(size)
    length = texts.lines.length[which]
    prose = _prose(seen)[which]
    warmth = seen.warmth[which]
    heat = _running(_tenths(warmth))
    text = _running(np.where(prose, length, 0))
    sentences = _running(prose)
    whole = stop - first
    here = at - first
    said = text[stop] - text[first]
    warm = heat[stop] - heat[first]
    columns: dict[str, NDArray[np.generic]] = {
        "place": here / whole,
        "lines": _steps(whole) / 4,
        "lines above": _steps(here) / 4,
        "lines below": _steps(stop - 1 - at) / 4,
        "text": _steps(said) / 4,
        "text above": _steps(text[at] - text[first]) / 4,
        "text below": _steps(text[stop] - text[at + 1]) / 4,
        "share above": (text[at] - text[first]) / np.maximum(said, 1),
        "sentences": (sentences[stop] - sentences[first]) / whole,
        "heat": _steps(warm) / 4,
        "heat above": _steps(heat[at] - heat[first]) / 4,
        "heat below": _steps(heat[stop] - heat[at + 1]) / 4,
        "mean heat": warm / (TENTHS * whole),
        "mean heat above": (heat[at] - heat[first]) / (TENTHS * np.maximum(here, 1)),
        "mean heat below": (heat[stop] - heat[at + 1]) / (TENTHS * np.maximum(stop - 1 - at, 1)),
    }
    for name, kind in (
        ("sentence", prose),
        ("long sentence", prose & (length >= LONG_SENTENCE)),
        ("warm line", warmth > 0),
        ("heading of a list", warmth >= 2),
        ("sure line", seen.sure[which]),
    ):
        up, down = _distances(kind, first, stop)
        columns[f"{name} above"] = _steps(up) / 4
        columns[f"{name} below"] = _steps(down) / 4
    up, down = _distances(prose, first, stop)
    begin = np.where(up < FAR, at - up + 1, first)
    end = np.where(down < FAR, at + down, stop)
    stretch = np.maximum(end - begin, 1)
    characters = _running(np.minimum(length, 200))
    kana = _running(seen.shape.kana[which])
    columns |= {
        "stretch": _steps(end - begin) / 4,
        "stretch's heat": _steps(heat[end] - heat[begin]) / 4,
        "stretch's mean heat": (heat[end] - heat[begin]) / (TENTHS * stretch),
        "stretch's length": (characters[end] - characters[begin]) / (32 * stretch),
        "stretch's kana": (kana[end] - kana[begin])
        / np.maximum(characters[end] - characters[begin], 1),
        "stretch begins the text": begin == first,
        "stretch ends the text": end == stop,
    }
    return _facts(columns)


@cache
def read_weights(path: Path = WEIGHTS) -> Weights:
    """The model that comes with the package, its columns in the order of `facts` and `places`."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()[1:]]
    numbers = [np.array(row[1:], np.float64) for row in rows]
    wide = 1 + 2 * len(WINDOWS)
    lines = [one for one in numbers if one.size == wide]
    alone = np.concatenate([one for one in numbers if one.size == 1])
    return Weights(
        np.stack(lines[:-1]), np.ascontiguousarray(lines[-1][1:]), alone[:-1], alone[-1] / COARSE
    )


def _facts(columns: dict[str, NDArray[np.generic]]) -> Facts:
    values = np.stack([np.rint(column * FINE) for column in columns.values()], axis=1)
    return Facts(tuple(columns), values)


def _prose(seen: Seen) -> Flags:
    prose: Flags = (seen.warmth < 0) & (seen.score < PROSE)
    return prose


def _tenths(warmth: Floats) -> Integers:
    return np.rint(np.maximum(warmth, 0) * TENTHS).astype(np.int64)


def _running(values: NDArray[np.generic]) -> Integers:
    """Sums of what stands before each line, and of all."""
    return np.concatenate([[0], np.cumsum(values, dtype=np.int64)])


def _steps(values: NDArray[np.generic]) -> Integers:
    """Twice the binary logarithm, in whole steps: the same on every machine."""
    return np.searchsorted(_STEPS, values, side="right")


def _distances(kind: Flags, first: Integers, stop: Integers) -> tuple[Integers, Integers]:
    """Lines up and down to the next line of a kind, `FAR` where its text has none there."""
    at = np.arange(kind.size)
    before = np.maximum.accumulate(np.where(kind, at, -1))
    before = np.concatenate([[-1], before[:-1]])
    behind = np.minimum.accumulate(np.where(kind, at, kind.size)[::-1])[::-1]
    behind = np.concatenate([behind[1:], [kind.size]])
    return (
        np.where(before >= first, np.minimum(at - before, FAR), FAR),
        np.where(behind < stop, np.minimum(behind - at, FAR), FAR),
    )
