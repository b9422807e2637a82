"""Other texts in some rows, and sums over the parts of texts, against plain Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import distances, sums
from seimai.pipeline.text import Texts

TEXTS = st.lists(st.text(st.sampled_from("米a\n🍙é"), max_size=9), max_size=6)

quickly = settings(max_examples=60, deadline=None)


@given(TEXTS, st.data())
@quickly
def test_replaced_texts_equal_a_new_batch(texts, data):
    """Bytes and code points are those of the texts put together anew, whichever rows change."""
    rows = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1)))) if texts else []
    new = [data.draw(st.text(st.sampled_from("麦b🍚"), max_size=9)) for _ in rows]
    expected = list(texts)
    for row, text in zip(rows, new, strict=True):
        expected[row] = text
    before = Texts.of("", *texts)

    made = before.replaced([row + 1 for row in rows], new)

    plain = Texts.of("", *expected)
    assert ["", *expected] == made.column.to_pylist()
    assert plain.raw_codes.tolist() == made.raw_codes.tolist()
    assert plain.start.tolist() == made.start.tolist()
    assert texts == before.column.to_pylist()[1:]


def test_a_part_of_a_column_is_replaced_where_it_stands():
    """The rows of a slice are counted from its own beginning."""
    part = Texts(Texts.of("粟", "稗", "黍", "麦").column.slice(1, 2))

    assert ["稗", "大麦"] == part.replaced([1], ["大麦"]).column.to_pylist()


@pytest.mark.parametrize("kind", [np.bool_, np.int64, np.float64])
def test_sums_equal_a_plain_loop(kind):
    """Every part is added up in its order, and an empty one gives 0."""
    values = (np.arange(40) * 0.7 - 9 if kind == np.float64 else np.arange(40) % 3).astype(kind)
    first = np.array([0, 0, 3, 3, 17, 40], np.int64)
    expected = []
    for a, b in pairwise(first.tolist()):
        total = 0.0
        for value in values[a:b].tolist():
            total += value
        expected.append(total)
    zero = np.float64(0) if kind == np.float64 else np.int64(0)

    assert expected == sums.sum_parts(values, first, zero).tolist()


def test_distances_equal_a_plain_loop():
    """The squares are added in the order of the columns, to the last bit."""
    made = np.random.default_rng(1)
    rows, centres = made.random((5, 7)), made.random((7, 3))
    expected = np.zeros((5, 3))
    for k in range(7):
        expected += (rows[:, k, None] - centres[None, k]) ** 2

    assert expected.tolist() == distances.squared(rows, centres).tolist()
