"""Drawing: how often, and in which order; by numbers alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.delivery.draw import closest, copies_of, on_curve, order_of, scaled


def chance(size: int, seed: int = 0) -> np.ndarray:
    """Numbers from 0 to 1."""
    return np.random.default_rng(seed).random(size)


@given(st.integers(0, 1000), st.floats(0.01, 3.9))
def test_whole_texts_come_near_to_the_target(seed, times):
    """What is missing is less than a thousandth, or than the shortest text; the limit holds."""
    tokens = np.random.default_rng(seed).integers(5, 400, 2000)
    target = int(tokens.sum() * times)
    wanted = chance(2000, seed + 1) + 0.1
    copies = copies_of(tokens, scaled(tokens, wanted, target, 4.0), chance(2000, seed), target)

    assert abs(int((copies * tokens).sum()) - target) <= max(0.001 * target, 5)
    assert copies.max() <= 4


def test_what_is_not_wanted_is_never_drawn():
    """A text that is wanted no times does not come, however much is asked for."""
    tokens = np.full(10, 100)
    wanted = np.array([0.0, 1.0] * 5)
    copies = copies_of(tokens, scaled(tokens, wanted, 1700, 4.0), chance(10), 1700)

    assert [0] * 5 == copies[::2].tolist()
    assert 17 == copies.sum()


def test_who_was_drawn_stays_when_others_come():
    """Most of what was drawn from the first texts is drawn again when there are more."""
    tokens = np.full(3000, 100)
    place = chance(3000)
    first = copies_of(tokens[:2000], np.full(2000, 0.5), place[:2000], 100_000)
    more = copies_of(tokens, np.full(3000, 0.5), place, 150_000)

    assert ((first > 0) & (more[:2000] > 0)).sum() > 0.95 * first.sum()


def test_copies_of_a_text_are_far_apart():
    """Two copies are half an equal part of the whole from each other, or more."""
    copies = np.random.default_rng(1).integers(0, 5, 4000)
    rows, turn = order_of(copies, chance(4000), chance(int(copies.sum()), 2))
    tokens = np.full(4000, 10)

    assert copies.tolist() == np.bincount(rows, minlength=4000).tolist()
    assert closest(rows, tokens) > 0.9 * copies.sum() * 10 / 8
    for row in range(20):
        assert list(range(copies[row])) == turn[rows == row].tolist()


def test_the_closest_copies_are_found():
    """The tokens between the end of a text and its next copy, as a plain loop counts them."""
    rows = np.random.default_rng(3).integers(0, 50, 200)
    tokens = np.random.default_rng(4).integers(1, 9, 50)
    ends, last, gaps = 0, {}, []
    for row in rows.tolist():
        if row in last:
            gaps.append(ends - last[row])
        ends += int(tokens[row])
        last[row] = ends

    assert min(gaps) == closest(rows, tokens)
    assert closest(np.arange(5), tokens) is None


def test_a_curve_is_read_by_tokens():
    """A text stands where the middle of its tokens does; equal values stand together."""
    values = np.array([0.9, 0.1, 0.1, np.nan])
    tokens = np.array([50, 20, 20, 10])

    assert [7.5, 3.0, 3.0, 0.5] == on_curve(values, tokens, [(0.0, 0), (1.0, 10)]).round(6).tolist()


def test_few_texts_meet_a_small_budget_by_exchange():
    """Where no text fits into what is left, two are exchanged, and nobody comes too often."""
    dice = np.random.default_rng(3)
    for _ in range(50):
        tokens = dice.integers(100, 900, 60)
        target = int(tokens.sum() * 0.55)
        copies = copies_of(tokens, np.full(60, 0.55), dice.random(60), target)
        left = target - int((copies * tokens).sum())

        assert 0 <= left <= 0.001 * target
        assert copies.max() <= 1
