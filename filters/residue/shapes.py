"""What single lines look like, by their characters alone: sentences, dates, ways, options."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]
    Counts = NDArray[np.int32]

FEWEST_NAMED = 3
"""Lines of the smallest menu that have to be known for names of pages."""
LONGEST_MONTH = 9
"""Characters of 2021年12月 and what may stand in it; a date with a day is longer."""


@lru_cache
def classes() -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Tables of all code points: the class, the number of the particle, the kind of ellipsis."""
    of = kernels.shapes
    kind = np.zeros(CODE_POINTS, np.uint8)
    for number, members in (
        (of.HIRAGANA, "ぁ-ゟ"),
        (of.KATAKANA, "ァ-ヺーｦ-ﾟ"),
        (of.KANJI, "々〆〇㐀-䶿一-鿿豈-﫿"),
        (of.LATIN, "A-Za-zＡ-Ｚａ-ｚÀ-ɏͰ-ӿ가-힣"),
        (of.DIGIT, "0-9０-９"),
        (of.BLANK, " \t\u00a0\u3000"),
        (of.STOP, "。．｡"),
        (of.CALL, "！？!?"),
        (of.COMMA, "、，､,"),
        (of.COLON, ":："),
        (of.ARROW, ">＞»›"),
        (of.CODE, "{}=$#_^`*+@%;<"),
        (of.OPEN, "([（「『【［〔〈《"),
        (of.CLOSE, ")]）」』】］〕〉》"),
    ):
        for low, high in ranges(members):
            kind[low : high + 1] = number
    particle = np.zeros(CODE_POINTS, np.uint8)
    for number, one in enumerate("はがをにでともの", 1):
        particle[ord(one)] = number
    return kind, particle, kernels.lines.ellipsis_marks()


class Shapes(NamedTuple):
    """The rows of `kernels.shapes.line_shapes`, in its order; one entry per line."""

    letters: Counts
    kana: Counts
    latins: Counts
    figures: Counts
    gaps: Counts
    tabs: Counts
    stops: Counts
    calls: Counts
    commas: Counts
    colons: Counts
    arrows: Counts
    signs: Counts
    particles: Counts
    dates: Counts
    times: Counts
    counters: Counts
    stamped: Counts
    ended: Counts


def line_shapes(texts: Texts) -> Shapes:
    """Count what the lines of a batch hold."""
    kind, particle, _ = classes()
    rows = kernels.shapes.line_shapes(
        texts.codes, texts.lines.start, texts.lines.end, kind, particle
    )
    return Shapes(*rows)


class Ends(NamedTuple):
    """How lines begin and end; one entry per line."""

    first: NDArray[np.uint32]
    second: NDArray[np.uint32]
    """Of a line of one character this and the next are of a neighbour: see `ends_of_lines`."""
    last_but_one: NDArray[np.uint32]
    last: NDArray[np.uint32]
    broken: Flags
    """Whether it ends in an ellipsis, a bracket or two behind it."""


def line_ends(texts: Texts) -> Ends:
    """How the lines of a batch begin and end; asked for with `texts.once(line_ends)`."""
    codes, start, end = texts.codes, texts.lines.start, texts.lines.end
    broken = kernels.lines.end_in_ellipsis(codes, start, end, 3, classes()[2])
    first, second, last_but_one, last = kernels.lines.ends_of_lines(codes, start, end)
    return Ends(first, second, last_but_one, last, broken)


def is_prose(shape: Shapes, length: NDArray[np.int64], teaser: Flags) -> Flags:
    """Sentences and what is left of them; a headline with ！ or ？ is none."""
    of = kernels.shapes
    said = shape.letters >= 3
    japanese = shape.kana * 4 >= shape.letters
    fully = (shape.ended == of.FULLY) & said
    loudly = (shape.ended == of.LOUDLY) & said & ((shape.stops > 0) | (length > 80))
    broken = (shape.ended == 0) & (shape.stops > 0) & (length >= 50) & japanese
    winding = (shape.commas + shape.calls > 0) & (shape.particles >= 2) & (length > 80)
    long = (shape.particles >= 4) & (length > 100) & japanese
    foreign = (
        (shape.gaps >= 5)
        & (shape.gaps * 9 >= shape.letters)
        & (shape.latins * 10 >= shape.letters * 7)
        & (length >= 40)
    )
    prose: Flags = (fully | loudly | broken | winding | long | foreign) & (~teaser | fully)
    return prose


def is_crumbs(shape: Shapes, length: NDArray[np.int64]) -> Flags:
    """The way to a page: ホーム > 記事 > 米."""
    few_latin = length > shape.latins * 2
    crumbs: Flags = (shape.arrows >= 2) & (shape.signs == 0) & (length <= 200) & few_latin
    return crumbs


def is_stamp(shape: Shapes, rest: NDArray[np.int64]) -> Flags:
    """
    Names with date and time: the heads of comments.

    Those of message boards (1 名前：…) stay: their numbers are spoken of in what follows.
    """
    once = (shape.dates == 1) & (shape.times == 1) & (rest <= 32)
    stamps: Flags = once & (shape.stops == 0) & (shape.signs == 0) & (shape.colons <= 2)
    return stamps


def is_choices(shape: Shapes, length: NDArray[np.int64]) -> Flags:
    """A line of names with numbers in brackets, or of months: the options of a select."""
    numbers = (shape.counters >= 5) & (shape.counters * 25 >= length) & (shape.stops <= 1)
    numbers &= shape.gaps >= shape.counters
    months = (shape.dates >= 5) & (shape.stamped >= 0.75 * length)
    months &= shape.stamped <= LONGEST_MONTH * shape.dates
    return numbers | months


def menu_runs(bare: Flags, named: Flags, owner: NDArray[np.int64]) -> Flags:
    """
    Lines of a run of bare lines in one text that is a menu by those of them that are known.

    These are three at least, and a half of the run, or a third where it begins or ends the text.
    """
    if not bare.size:
        return bare
    begins = np.concatenate([[True], (bare[1:] != bare[:-1]) | (owner[1:] != owner[:-1])])
    starts = np.flatnonzero(begins)
    run = np.cumsum(begins) - 1
    known = np.add.reduceat((named & bare).astype(np.int64), starts)
    size = np.diff(np.append(starts, bare.size))
    stops = starts + size
    edge = (starts == 0) | (owner[starts] != owner[starts - 1])
    edge |= (stops == bare.size) | (owner[np.minimum(stops, bare.size - 1)] != owner[starts])
    menu = bare[starts] & (known >= FEWEST_NAMED) & (known * np.where(edge, 3, 2) >= size)
    return np.asarray(menu[run])
