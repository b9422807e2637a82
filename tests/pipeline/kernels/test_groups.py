"""Neighbours of nodes, against a dictionary of lists."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.pipeline.kernels import groups


@pytest.mark.parametrize("seed", range(4))
def test_both_ways(seed):
    """Every node has its neighbours in the order of their rows, whichever end of a pair it is."""
    pick = np.random.default_rng(seed)
    row = pick.permutation(40).astype(np.int64) * 3
    known = {}
    for low, high in pick.integers(0, 40, (120, 2)).tolist():
        if low < high:
            known[low << 32 | high] = float(np.float32(pick.random()))
    near: dict[int, list[tuple[int, int, float]]] = {node: [] for node in range(40)}
    for pair, alike in known.items():
        low, high = pair >> 32, pair & 0xFFFFFFFF
        near[low].append((int(row[high]), high, alike))
        near[high].append((int(row[low]), low, alike))
    first, nodes, similarity = groups.both_ways(
        np.array(sorted(known), np.uint64),
        np.array([known[pair] for pair in sorted(known)], np.float32),
        row,
    )
    found = {
        node: list(
            zip(
                nodes[first[node] : first[node + 1]].tolist(),
                similarity[first[node] : first[node + 1]].tolist(),
                strict=True,
            )
        )
        for node in range(40)
    }

    assert {node: [one[1:] for one in sorted(some)] for node, some in near.items()} == found


def test_no_pairs():
    """Without any pair no text has neighbours."""
    first, nodes, similarity = groups.both_ways(
        np.zeros(0, np.uint64), np.zeros(0, np.float32), np.arange(3, dtype=np.int64)
    )

    assert [0, 0, 0, 0] == first.tolist()
    assert 0 == nodes.size == similarity.size
