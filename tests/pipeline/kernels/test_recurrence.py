"""The kernels of n-grams that occur again, against plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import recurrence as kernels
from seimai.pipeline.kernels.repeats import STEPS_PER_PLACE, repeated_ngrams
from seimai.pipeline.text import Texts

FEW = st.text(st.sampled_from("米を\n"), max_size=60)
MIXED = st.text(st.sampled_from("米をとぐ。🍙 \n　a"), max_size=60)
TEXTS = st.lists(FEW | MIXED | st.text(max_size=20), max_size=4)

quickly = settings(max_examples=60, deadline=None)


def times_of(text, order):
    """How often each n-gram occurs, for each place that holds one."""
    grams = [text[k : k + order] for k in range(len(text) - order + 1)]
    times = Counter(grams)
    return [times[gram] for gram in grams]


@given(TEXTS, st.integers(1, 80))
@quickly
def test_top_ngrams_equal_a_counter(texts, limit):
    """The most frequent n-gram of every order is that of a Counter, up to a limit."""
    made = Texts.of(*texts)

    top = kernels.top_ngrams(made.codes, made.start, kernels.LONGEST, limit)

    for i, text in enumerate(texts):
        for order in range(2, kernels.LONGEST + 1):
            assert max(times_of(text[:limit], order), default=0) == top[i, order]


@given(TEXTS, st.integers(2, 5), st.integers(1, 80))
@quickly
def test_repeated_ngrams_equal_a_counter(texts, shortest, limit):
    """The places of n-grams that come again are those of a Counter, up to a limit."""
    made = Texts.of(*texts)

    repeated = repeated_ngrams(made.codes, made.start, shortest, kernels.LONGEST, limit)

    for i, text in enumerate(texts):
        for order in range(shortest, kernels.LONGEST + 1):
            times = times_of(text[:limit], order)
            assert sum(count > 1 for count in times) == repeated[i, order]


def test_ngrams_that_share_slots_are_told_apart():
    """Ten thousand units of few values fill the tables with collisions, and counts stay exact."""
    units = np.random.default_rng(7).integers(0, 40, 10_000).astype(np.uint32)
    start = np.array([0, units.size])

    top = kernels.top_ngrams(units, start, 4, units.size)
    repeated = repeated_ngrams(units, start, 2, 4, units.size)

    for order in (2, 3, 4):
        times = times_of(tuple(units.tolist()), order)
        assert max(times) == top[0, order]
        assert sum(count > 1 for count in times) == repeated[0, order]


@given(st.integers(2, 40), st.integers(2, 5))
@quickly
def test_a_text_said_twice_repeats_everywhere(length, copies):
    """Every place of a repeated text, but for the seams, holds an n-gram that repeats."""
    units = np.tile(np.arange(length, dtype=np.uint32), copies)
    start = np.array([0, units.size])
    expected = Counter(tuple(units[k : k + 2].tolist()) for k in range(units.size - 1))

    assert copies == kernels.top_ngrams(units, start, 2, units.size)[0, 2]
    repeated = repeated_ngrams(units, start, 2, 2, units.size)
    assert sum(times for times in expected.values() if times > 1) == repeated[0, 2]


def test_one_beginning_with_ever_new_ends_is_counted_too():
    """A pair that is followed by something else each time takes the slow way to the same counts."""
    times = 40 * STEPS_PER_PLACE
    units = np.tile(np.array([1, 2, 0, 3], np.uint32), times)
    units[2::4] = np.arange(times) // 2 + 4
    start = np.array([0, units.size])

    repeated = repeated_ngrams(units, start, 2, 6, units.size)

    for order in range(2, 7):
        counts = times_of(tuple(units.tolist()), order)
        assert sum(count > 1 for count in counts) == repeated[0, order]
