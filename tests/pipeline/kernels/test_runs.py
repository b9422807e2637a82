"""Runs of residue and copies of lines, against plain Python."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import runs as kernels

BORDER, EDGE = 2.5, 1.0
PROSE = (-7.0, -1.0)
"""Score and warmth of a sentence."""
LINE = st.sampled_from([PROSE, (0.0, 0.0), (-0.5, 0.0), (2.5, 1.0), (2.0, 2.0), (5.0, 1.0)])
TEXT = st.lists(LINE, max_size=9)
DOWN, UP = 0.75, 0.5


def gone(*texts, sure=(), title=()):
    """What `gone_runs` says of the lines of these texts, each line a score and a warmth."""
    lines = [line for text in texts for line in text]
    score, warmth = (np.array([line[k] for line in lines], np.float32) for k in (0, 1))
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    flags = [np.isin(np.arange(len(lines)), list(which)) for which in (sure, title)]
    fades = [np.full(len(lines), part, np.float32) for part in (DOWN, UP)]
    return kernels.gone_runs(first, score, warmth, *flags, *fades, BORDER, EDGE).tolist()


def lent(text):
    """The scores of the lines after their neighbours have spoken."""
    count = len(text)
    scores = [score for score, _ in text]
    warm = [0.0] * count
    begin = 0
    while begin < count:
        end = begin
        while end < count and text[end][1] >= 0:
            end += 1
        heat = sum(text[k][1] for k in range(begin, end))
        if end - begin >= kernels.LONG_STRETCH and heat >= kernels.HOT:
            share = min(kernels.STRETCH * heat / (end - begin), kernels.MOST_STRETCH)
            if begin == 0 or end == count:
                share = min(kernels.AT_EDGE * share, kernels.MOST_STRETCH)
            warm[begin:end] = [float(share)] * (end - begin)
        begin = max(end, begin + 1)
    for order, fade, part in (
        (range(count), DOWN, kernels.FORWARD),
        (range(count - 1, -1, -1), UP, kernels.BACKWARD),
    ):
        heat = 0.0
        for k in order:
            heat *= fade
            if text[k][1] == 0:
                warm[k] += part * heat
            elif text[k][1] > 0:
                heat = min(heat * kernels.KEPT + text[k][1], kernels.HOTTEST)
    for k in range(count):
        if text[k][1] == 0:
            scores[k] += min(warm[k], kernels.MOST) - kernels.COLD
    for size in range(1, kernels.ABOUT_LINES + 1):
        if about(text, size):
            scores[-size:] = [float(kernels.ABOUT)] * size
    return scores


def about(text, size):
    """Whether the last `size` lines are sentences about who made the page."""
    above, below = text[:-size], text[-size:]
    stretch = []
    while above and above[-1][1] >= 0:
        stretch.append(above.pop()[1])
    return (
        len(below) == size
        and all(warmth < 0 for _, warmth in below)
        and bool(above and stretch)
        and sum(stretch) >= kernels.ABOUT_HEAT
        and max(stretch[: kernels.ABOUT_LINES]) >= kernels.HEADS
    )


def worth(scores, chosen):
    """What a cut into text and residue is worth."""
    total = sum(score for score, out in zip(scores, chosen, strict=True) if out)
    total -= BORDER * sum(a != b for a, b in pairwise(chosen))
    return total - EDGE * (chosen[0] + chosen[-1])


@settings(deadline=None, max_examples=80)
@given(TEXT.filter(len))
def test_the_best_cut_is_found(text):
    """No other cut into runs is worth more; and where no prose would stay, nothing goes."""
    scores = lent(text)
    chosen = gone(text)
    best = max(worth(scores, cut) for cut in product((False, True), repeat=len(text)))
    stays = any(warmth < 0 and not out for (_, warmth), out in zip(text, chosen, strict=True))

    assert stays or not any(chosen)
    if stays:
        assert best == pytest.approx(worth(scores, chosen), abs=1e-4)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=4))
def test_texts_do_not_know_one_another(texts):
    """A text in a batch loses what it loses alone."""
    assert [out for text in texts for out in gone(text)] == gone(*texts)


def test_sure_lines_go_alone():
    """A sure line between sentences goes, and nothing beside it."""
    text = [PROSE, (1.0, 0.3), (0.0, 0.0), PROSE]

    assert [False, True, False, False] == gone(text, sure={1})
    assert [False] * 4 == gone(text)


def test_the_headline_above_prose_stays():
    """Of a run that ends above a sentence the last line that may be a headline stays."""
    menu = [(3.0, 2.0)] * 3
    text = [*menu, (0.0, 0.0), (0.0, 0.0), PROSE]

    assert [True] * 5 + [False] == gone(text)
    assert [True] * 4 + [False] * 2 == gone(text, title={3, 4})
    assert [True] * 3 + [False, True, False] == gone(text, title={3})


def test_the_headline_of_the_text_stays_above_a_subtitle():
    """Above the first line that stays the headline stays too, whatever that line is."""
    text = [*[(3.0, 2.0)] * 3, (0.0, 0.0), (-9.0, 0.0), PROSE]

    assert [True] * 4 + [False] * 2 == gone(text)
    assert [True] * 3 + [False] * 3 == gone(text, title={3})


def test_sentences_about_the_author_go_with_the_lists_above_them():
    """Below lists and a heading the last sentences go; below one heading of the text they stay."""
    lists = [(2.0, 2.0), (0.0, 0.0)] * 3
    heading = (2.0, 2.0)

    assert [False] + [True] * 9 == gone([PROSE, *lists, heading, PROSE, PROSE])
    assert [False] * 4 == gone([PROSE, heading, PROSE, PROSE])
    assert [False] * 4 == gone([PROSE, *lists, heading, *[PROSE] * 4])[-4:]


def copied(text, least):
    """Places in blocks that stand further above, by comparing all with all."""
    places = set()
    k = 0
    while k < len(text):
        if text[k] not in text[:k]:
            k += 1
            continue
        source = text.index(text[k])
        size = 1
        while k + size < len(text) and source + size < k and text[source + size] == text[k + size]:
            size += 1
        if size >= least:
            places |= set(range(k, k + size))
        k += size
    return [k in places for k in range(len(text))]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=14), max_size=3), st.integers(1, 4))
def test_copied_blocks(texts, least):
    """Blocks of equal pieces in the same order further above, and long enough."""
    hashes = np.array([one for text in texts for one in text], np.uint64)
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    size = np.ones(hashes.size, np.int64)
    found = kernels.copied_blocks(hashes, first, size, np.full(len(texts), float(least)))

    assert [out for text in texts for out in copied(text, least)] == found.tolist()


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=9), max_size=3))
def test_copied_heads(texts):
    """Pieces that count and are equal to another that counts, in the same text."""
    pieces = [piece for text in texts for piece in text]
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    found = kernels.copied_heads(
        np.array([one for one, _ in pieces], np.uint64),
        first,
        np.array([c for _, c in pieces], bool),
    )
    expected = [
        counts and [one for one, other in text if other].count(piece) > 1
        for text in texts
        for piece, counts in text
    ]

    assert expected == found.tolist()
