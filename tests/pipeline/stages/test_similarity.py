"""Pairs out of buckets, similarities of sets and components, against plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.stages.group import similarity
from seimai.pipeline.stages.group.verified import forest

SETS = st.lists(st.sets(st.integers(0, 20), max_size=12).map(sorted), min_size=1, max_size=5)


@given(SETS)
@settings(deadline=None)
def test_jaccard_equals_plain_python(sets):
    """The compiled similarity of sorted sets is that of Python's sets; empty ones have none."""
    values = np.array([value for some in sets for value in some], np.uint32)
    first = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    left, right = (side.ravel() for side in np.indices((len(sets), len(sets))))
    expected = [
        len({*sets[i]} & {*sets[j]}) / (len({*sets[i]} | {*sets[j]}) or 1)
        for i, j in zip(left, right, strict=True)
    ]

    assert expected == kernels.jaccard(values, first, left, right).tolist()


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=20))
@settings(deadline=None)
def test_join_equals_plain_python(edges):
    """Labels are the least node that can be reached, whatever the order of the edges."""
    expected = list(range(15))
    for _ in range(15):
        for a, b in edges:
            expected[a] = expected[b] = min(expected[a], expected[b])
    labels = np.arange(15)
    left, right = np.array(edges, np.int64).reshape(-1, 2).T.copy()
    kernels.join(labels, left, right)

    assert expected == labels.tolist()


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=40), st.integers(1, 5))
@settings(deadline=None)
def test_forests_of_slices_connect_what_all_edges_do(edges, slices):
    """Components made of the forests of slices are those of all edges at once."""
    some = [edge for edge in edges if edge[0] != edge[1]]
    pairs = similarity.pairs_of(*np.array(some, np.int64).reshape(-1, 2).T.copy())
    whole, parted = np.arange(15), np.arange(15)
    kernels.join(whole, *similarity.ends_of(pairs))
    for k in range(slices):
        kernels.join(parted, *similarity.ends_of(forest(pairs[k::slices])))

    assert whole.tolist() == parted.tolist()


def test_pairs_are_numbers_that_sort():
    """A pair of nodes survives being a number, each pair once, none with itself."""
    pairs = similarity.pairs_of(np.array([5, 2**31, 5, 7]), np.array([2, 1, 2, 7]))

    assert [[1, 2], [2**31, 5]] == [ends.tolist() for ends in similarity.ends_of(pairs)]


def test_what_fails_against_the_hub_is_tried_among_itself():
    """Three families of 25 in one large bucket become three groups, without comparing all pairs."""
    pairs, hashes = np.empty(0, np.uint64), np.zeros(75, np.uint64)
    labels, nodes = np.arange(75), np.arange(75)
    for turn in range(3):
        found, _ = kernels.bucket_pairs(hashes, nodes, labels, turn, 32)
        low, high = similarity.ends_of(found)
        same = low // 25 == high // 25
        kernels.join(labels, low[same], high[same])
        pairs = np.concatenate((pairs, found))
    last, still_open = kernels.bucket_pairs(hashes, nodes, labels, 3, 32)

    assert [0, 25, 50] == np.unique(labels).tolist()
    assert (0, 0) == (last.size, still_open)
    assert pairs.size < 3 * 75
