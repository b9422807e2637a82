"""Keepers: which text of a group stays."""

from __future__ import annotations

import math
from unittest.mock import patch

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.stages import keepers
from seimai.pipeline.stages.keepers import choose_keepers


def choose(exact, edges, order, alive, row=None, anchor=None):
    """`choose_keepers` with edges as `{(row, row): similarity}`, as lists; both ways agree."""
    given_ = (exact, edges, order, alive, row, anchor)
    with patch.multiple(keepers, FEW=-1, FEW_WITHOUT_NUMBA=-1):
        by_kernel = _choose(*given_)
    found = _choose(*given_)
    assert by_kernel == found
    return found


def _choose(exact, edges, order, alive, row, anchor):
    rows = np.arange(len(exact)) if row is None else np.array(row, np.int64)
    near = {int(r): [] for r in rows}
    for (one, other), similarity in edges.items():
        near[one].append((other, similarity))
        near[other].append((one, similarity))
    lists = [near[int(r)] for r in rows]
    instead, alike = choose_keepers(
        np.zeros(len(exact), np.int64),
        np.array(exact, np.int64),
        pa.array([[r for r, _ in some] for some in lists], pa.list_(pa.int64())),
        pa.array([[s for _, s in some] for some in lists], pa.list_(pa.float32())),
        np.array(order, np.int64),
        np.array(alive, bool),
        rows,
        None if anchor is None else np.array(anchor, bool),
    )
    return instead.tolist(), [None if math.isnan(s) else round(s, 3) for s in alike.tolist()]


def plain_keepers(exact, edges, order, alive):
    """The oracle: in the order of rank, whoever is alive and not covered covers its neighbours."""
    instead = [-1] * len(exact)
    settled = [False] * len(exact)
    for member in sorted(range(len(exact)), key=lambda k: (order[k], k)):
        if settled[member] or not alive[member]:
            continue
        settled[member] = True
        for other in range(len(exact)):
            pair = tuple(sorted((exact[member], exact[other])))
            if not settled[other] and (pair in edges or pair[0] == pair[1]):
                settled[other] = True
                instead[other] = member
    return instead


@st.composite
def groups(draw):
    """Random classes of equal texts, edges between their first ones, ranks and survivors."""
    size = draw(st.integers(1, 12))
    exact = list(range(size))
    for k in range(size):
        first = draw(st.integers(0, k))
        exact[k] = exact[first]
    kinds = sorted(set(exact))
    pairs = [(a, b) for a in kinds for b in kinds if a < b]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    edges = dict.fromkeys(chosen, 0.9)
    order = draw(st.permutations(range(size)))
    alive = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    return exact, edges, order, alive


@given(groups())
@settings(deadline=None)
def test_keepers_equal_plain_python(made):
    """The texts chosen by the kernel are those of the plain greedy choice."""
    assert plain_keepers(*made) == choose(*made)[0]


@given(groups(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_of_entries_does_not_matter(made, random):
    """Shuffled entries give the same choice for every row."""
    exact, edges, order, alive = made
    shuffled = list(range(len(exact)))
    random.shuffle(shuffled)
    expected, _ = choose(*made)
    found, _ = choose(
        [exact[k] for k in shuffled],
        edges,
        [order[k] for k in shuffled],
        [alive[k] for k in shuffled],
        row=shuffled,
    )

    assert [expected[k] for k in shuffled] == found


def test_the_best_survivor_stays():
    """The lowest rank among texts that keep to all limits; the others learn how alike they are."""
    edges = {(0, 1): 0.9, (0, 2): 0.85, (1, 2): 0.95}

    assert ([1, -1, 1], [0.9, None, 0.95]) == choose(
        [0, 1, 2], edges, order=[0, 1, 2], alive=[False, True, True]
    )


def test_ends_of_a_chain_both_stay():
    """A text is only dropped for one that it was compared with and found similar to."""
    assert [-1, 0, -1] == choose([0, 1, 2], {(0, 1): 0.9, (1, 2): 0.9}, [0, 1, 2], [True] * 3)[0]


def test_a_group_without_survivors_has_no_keeper():
    """Where no text keeps to the limits, none is called a duplicate."""
    assert ([-1, -1], [None, None]) == choose([0, 0], {}, [0, 1], [False, False])


def test_copies_share_the_edges_of_their_class():
    """Equal texts have similarity 1; a copy finds the neighbours stored on the first one."""
    instead, alike = choose([0, 0, 2], {(0, 2): 0.8}, order=[2, 0, 1], alive=[True] * 3)

    assert ([1, -1, 1], [1.0, None, 0.8]) == (instead, alike)


def test_the_first_keeper_in_order_takes_a_text():
    """A text near two keepers is a duplicate of the better one."""
    edges = {(0, 2): 0.8, (1, 2): 0.99}

    assert [-1, -1, 0] == choose([0, 1, 2], edges, [0, 1, 2], [True] * 3)[0]


def test_anchors_come_first():
    """In a large group a text that was compared with all goes before a better-ranked one."""
    edges = {(0, 1): 0.9, (1, 2): 0.9}

    assert [1, -1, 1] == choose([0, 1, 2], edges, [0, 1, 2], [True] * 3, anchor=[0, 1, 0])[0]


def test_nothing_grouped():
    """Without any group all columns are empty."""
    assert ([], []) == choose([], {}, [], [])
