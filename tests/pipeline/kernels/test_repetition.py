"""The kernels of repetition, against plain Python."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import repetition as kernels
from seimai.pipeline.text import Texts

FEW = st.text(st.sampled_from("米を\n"), max_size=60)
MIXED = st.text(st.sampled_from("米をとぐ。🍙 \n　a"), max_size=60)
TEXTS = st.lists(FEW | MIXED | st.text(max_size=20), max_size=4)

quickly = settings(max_examples=60, deadline=None)


@given(st.lists(st.lists(st.integers(0, 6), max_size=20), max_size=4))
@quickly
def test_copies_equal_a_set(texts):
    """A piece is a copy if an earlier one of the same text has its hash."""
    # Hashes that share all low bits but one test that the table takes the high ones.
    hashes = np.array([piece << 60 for text in texts for piece in text], np.uint64)
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    expected = [piece in text[:k] for text in texts for k, piece in enumerate(text)]

    assert expected == kernels.seen_before(hashes, first).tolist()


@given(TEXTS, st.integers(1, 80))
@quickly
def test_variety_equals_shannons_formula(texts, most):
    """Different characters and their entropy are those of a Counter over the beginning."""
    made = Texts.of(*texts)

    different, entropy = kernels.variety(made.codes, made.start, most)

    for i, text in enumerate(texts):
        begin = text[:most]
        shares = [times / len(begin) for times in Counter(begin).values()]
        expected = -sum(share * math.log2(share) for share in shares) if begin else math.nan
        assert len(shares) == different[i]
        np.testing.assert_allclose(entropy[i], expected, atol=1e-9)


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, 2**63]), max_size=12), max_size=5))
@quickly
def test_times_before_equals_a_plain_count(texts):
    """A piece is counted among those before it in its own text; 0 and 1 may be mixed up."""
    first = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    hashes = np.array([value for text in texts for value in text], np.uint64)

    times = kernels.times_before(hashes, first)

    expected = [
        sum(other | 1 == value | 1 for other in text[:k])
        for text in texts
        for k, value in enumerate(text)
    ]
    assert expected == times.tolist()
