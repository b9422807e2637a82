"""
Pieces: what a reader takes in at once, found with and without line breaks.

Half of the web reaches us with its line breaks turned into spaces, so signals on lines fall
silent just where they are needed. A piece ends at a line break, at blanks or bars between two
Japanese characters, at commas and slashes between two Japanese characters, and after 。！？ with
the brackets that close it (Japanese writes no blanks inside a sentence). Signals on pieces keep
their numbers when line breaks become spaces.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import signal
from seimai.pipeline.text.spelling import spelled_the_old_way
from seimai.pipeline.text import Pieces, Texts, divide

PROSE_PARTICLES = 3
"""So many of の は が を に で と も make a piece running text; a menu entry has one or two."""

FEWEST_PIECES = 5
"""Shares of repeated pieces need at least so many."""


class Cut(NamedTuple):
    """The pieces of a batch, how each ends, and what is in it: arrays with one entry per piece."""

    pieces: Pieces
    ending: NDArray[np.uint8]
    visible: NDArray[np.int64]
    letters: NDArray[np.int64]
    """Kana and kanji."""
    hiragana: NDArray[np.int64]
    particles: NDArray[np.int64]
    closed: NDArray[np.bool_]
    """Whether it is part of a sentence that is closed."""
    ended: NDArray[np.bool_]
    """Whether it is part of a sentence, closed or not."""


def cut(texts: Texts) -> Cut:
    """Cut a batch into pieces."""
    old = texts.once(spelled_the_old_way)
    tables = kernels.pieces.FLAGS
    start, end, first, ending, counts = kernels.pieces.find_pieces(
        texts.codes, texts.start, tables, old
    )
    closed = kernels.pieces.in_closed_sentences(
        texts.codes, start, end, first, ending, counts, tables, old, False
    )
    ended = kernels.pieces.in_closed_sentences(
        texts.codes, start, end, first, ending, counts, tables, old, True
    )
    visible, letters, hiragana, particles = np.ascontiguousarray(counts.T)
    return Cut(
        Pieces(start, end, first), ending, visible, letters, hiragana, particles, closed, ended
    )


@signal("text.closed_sentence_share", between=(0, 1))
def closed_sentence_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    within = made.pieces.total(np.where(made.closed, made.letters, 0))
    return divide(within, made.pieces.total(made.letters))


@signal("text.sentence_share", between=(0, 1))
def sentence_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    within = made.pieces.total(np.where(made.ended, made.letters, 0))
    return divide(within, made.pieces.total(made.letters))


@signal("ja.piece_prose_share", between=(0, 1))
def piece_prose_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    prose = made.particles >= PROSE_PARTICLES
    return divide(
        made.pieces.total(np.where(prose, made.letters, 0)), made.pieces.total(made.letters)
    )


@signal("ja.bare_piece_share", between=(0, 1))
def bare_piece_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    return divide(
        made.pieces.total(np.where(made.hiragana == 0, made.letters, 0)),
        made.pieces.total(made.letters),
    )


@signal("ja.window_share", between=(0, 1))
def window_share(texts: Texts) -> NDArray[Any]:
    windows, running = kernels.pieces.count_windows(
        texts.codes, texts.start, kernels.pieces.FLAGS, texts.once(spelled_the_old_way)
    )
    return divide(running, windows)


@signal("text.cut_sentence_share", between=(0, 1))
def cut_sentence_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    cuts = made.pieces.total(made.ending == kernels.pieces.CUT)
    ends = cuts + made.pieces.total(made.ending == kernels.pieces.CLOSED)
    return divide(cuts, ends)


@signal("text.cut_sentence_count", between=(0, float("inf")))
def cut_sentence_count(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    return made.pieces.total(made.ending == kernels.pieces.CUT)


def times_before(texts: Texts) -> NDArray[np.int64]:
    """How often each piece stood in its text before."""
    pieces = texts.once(cut).pieces
    times: NDArray[np.int64] = kernels.repetition.times_before(texts.hashes(pieces), pieces.first)
    return times


def _letters_from(texts: Texts, copy: int) -> NDArray[np.float64]:
    made = texts.once(cut)
    again = texts.once(times_before) >= copy
    share = divide(
        made.pieces.total(np.where(again, made.letters, 0)), made.pieces.total(made.letters)
    )
    return np.where(made.pieces.count >= FEWEST_PIECES, share, np.nan)


@signal("text.repeated_piece_share", between=(0, 1))
def repeated_piece_share(texts: Texts) -> NDArray[Any]:
    return _letters_from(texts, 1)


@signal("text.stuck_piece_share", between=(0, 1))
def stuck_piece_share(texts: Texts) -> NDArray[Any]:
    return _letters_from(texts, 2)


@signal("text.closed_piece_share", between=(0, 1))
def closed_piece_share(texts: Texts) -> NDArray[Any]:
    made = texts.once(cut)
    return made.pieces.share(made.ending == kernels.pieces.CLOSED)


INFLECTED = frozenset(
    "った って てい てる ない なく なか たい たく ます まし ませ です でし した して しい られ れる れた"
    " せる せた だっ だろ んだ んで いた いて きた けて けれ かっ くて える える わる れば たら なら"
    " よう ので から けど たの たか".split()
)


def _inflections() -> NDArray[np.uint8]:
    """A square of hiragana pairs (from ぁ on): those with which verbs and adjectives go on."""
    table = np.zeros((96, 96), np.uint8)
    for first, second in INFLECTED:
        table[ord(first) - 0x3041, ord(second) - 0x3041] = 1
    return table


_INFLECTIONS = _inflections()


@signal("ja.inflection_share", between=(0, 1))
def inflection_share(texts: Texts) -> NDArray[Any]:
    """Pairs per letter."""
    codes = texts.codes.astype(np.int64) - 0x3041
    if codes.size < 2:
        return np.full(len(texts), np.nan)
    kana = (codes >= 0) & (codes < 96)
    pair = np.zeros(codes.size, np.int64)
    both = kana[:-1] & kana[1:]
    pair[:-1][both] = _INFLECTIONS[codes[:-1][both], codes[1:][both]]
    total = np.concatenate(([0], np.cumsum(pair)))
    count = total[texts.start[1:]] - total[texts.start[:-1]]
    return divide(count, texts.kinds("hiragana", "katakana", "kanji"))
