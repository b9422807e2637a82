"""
Group: verified duplicates of a whole run, from the sketches and texts of all its shards.

The one stage that looks at everything together. Equal texts are collapsed first; bands propose
pairs of the others; a pair is an edge when the similarity of the two texts reaches the limit;
groups are what edges connect. Which text of a group stays is not decided here but in
`keepers.py`, when verdicts are known. For that, similarities are made complete within groups,
so that whichever text stays has been compared with the others.

The result does not depend on the order of files or rows, on batches or partitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline.candidates import Nodes, candidate_pairs, distinct_texts
from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.shard import write_table
from seimai.pipeline.similarity import ends_of, pairs_of, shelf_file, shelve, similarities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.sketch import DedupSettings

    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Pairs = NDArray[np.uint64]

GROUP_VERSION = 1
"""Rises whenever groups of the same sketches and settings change."""

TURNS = 8
"""Hubs tried in a large bucket: after as many, what is left is left to the other bands."""

COMPLETE_NODES = 128
"""In groups of at most as many distinct texts, all pairs are compared."""

LONGEST_ANCHORS = 48
OTHER_ANCHORS = 16
"""In larger groups all texts are compared with the longest ones and some others."""

PAIRS_AT_ONCE = 1 << 20
"""Pairs of groups listed at a time."""


@dataclass(frozen=True)
class GroupCounts:
    """What was found."""

    exact: int
    """Texts that are equal to an earlier one."""
    candidates: int
    """Pairs that bands proposed."""
    edges: int
    """Pairs of distinct texts found similar enough, proposed or not."""
    groups: int
    """Groups of two texts or more, equal ones included."""
    largest: int
    """Texts of the largest group."""


@dataclass(frozen=True)
class _Edges:
    """Pairs that have been compared and how similar they are."""

    pairs: Pairs
    similarity: NDArray[np.float64]

    def without(self, pairs: Pairs) -> Pairs:
        """Those of `pairs` that have not been compared yet."""
        if not self.pairs.size:
            return pairs
        places = np.minimum(np.searchsorted(self.pairs, pairs), self.pairs.size - 1)
        fresh: Pairs = pairs[self.pairs[places] != pairs]
        return fresh

    def plus(self, pairs: Pairs, similarity: NDArray[np.float64]) -> _Edges:
        joined = np.concatenate((self.pairs, pairs))
        order = np.argsort(joined)
        return _Edges(joined[order], np.concatenate((self.similarity, similarity))[order])

    def reaching(self, limit: float) -> _Edges:
        near = self.similarity >= limit
        return _Edges(self.pairs[near], self.similarity[near])


def group(
    sketch_paths: Sequence[Path],
    text_paths: Sequence[Path],
    out_paths: Sequence[Path],
    settings: DedupSettings,
    partitions: int | None = None,
    write: Callable[[Path, pa.Table], Any] = write_table,
) -> GroupCounts:
    """
    Find the duplicates of a run and write one table per shard: same rows, same order.

    Columns: `group`, the row of the group's first text among all rows of the run (-1: no
    duplicates); `exact`, the row of the first text equal to this one; `neighbours`, for such
    first texts the rows (first texts too) verified to be similar, with `similarity` beside;
    `anchor`, whether the text was compared with its whole group.

    `partitions` cuts hashes into ranges that are sorted one after the other, by default as many
    as memory needs. `write` writes a table. A sketch made with other settings is a `Problem`.
    """
    if not out_paths:
        return GroupCounts(0, 0, 0, 0, 0)
    nodes, starts = distinct_texts(sketch_paths, settings, partitions)
    labels = np.arange(nodes.row.size)
    bands: Sequence[int] = range(settings.bands)

    def propose(turn: int) -> tuple[Pairs, list[int]]:
        return candidate_pairs(sketch_paths, starts, nodes, labels, turn, bands, partitions)

    proposed, bands = propose(0)
    wanted = np.unique(np.concatenate(ends_of(proposed)))
    paths = list(zip(sketch_paths, text_paths, strict=True))
    with shelf_file(out_paths[0].parent) as file:
        shelf = shelve(wanted, nodes.row[wanted], starts, paths, settings, file)
        compared = _Edges(np.empty(0, np.uint64), np.empty(0, np.float64))
        for turn in range(1, TURNS + 1):
            fresh = compared.without(proposed)
            found = similarities(fresh, shelf)
            compared = compared.plus(fresh, found)
            kernels.join(labels, *ends_of(fresh[found >= settings.similarity]))
            if not bands or turn == TURNS:
                break
            proposed, bands = propose(turn)
        anchor = np.ones(nodes.row.size, bool)
        edges = [compared.reaching(settings.similarity)]
        for pairs in _pairs_within(labels, nodes, anchor):
            fresh = compared.without(pairs)
            edges.append(_Edges(fresh, similarities(fresh, shelf)).reaching(settings.similarity))
    near = _Edges(
        np.concatenate([some.pairs for some in edges]),
        np.concatenate([some.similarity for some in edges]),
    )
    counts = _write(nodes, starts, labels, anchor, near, out_paths, write)
    copies = int((nodes.of_row >= 0).sum()) - nodes.row.size
    return GroupCounts(copies, compared.pairs.size, near.pairs.size, *counts)


def _pairs_within(labels: Integers, nodes: Nodes, anchor: Flags) -> Iterator[Pairs]:
    """
    The pairs to compare within components, some at a time.

    In large components only pairs with an anchor; `anchor` is set false for the other nodes.
    """
    sizes = np.bincount(labels, minlength=labels.size)
    members = np.flatnonzero(sizes[labels] > 1)
    members = members[np.argsort(labels[members], kind="stable")]
    first = np.flatnonzero(np.diff(labels[members], prepend=-1))
    size = np.diff(first, append=members.size)
    small = size <= COMPLETE_NODES
    inside = members[np.repeat(small, size)]
    counts = size[small]
    bounds = np.concatenate(([0], np.cumsum(counts)))
    pairs = np.concatenate(([0], np.cumsum(counts * (counts - 1) // 2)))
    begin = 0
    while begin < counts.size:
        end = max(
            int(np.searchsorted(pairs, pairs[begin] + PAIRS_AT_ONCE, side="right")) - 1, begin + 1
        )
        part = bounds[begin : end + 1]
        yield np.sort(kernels.all_pairs(inside, part))
        begin = end
    for start, count in zip(first[~small].tolist(), size[~small].tolist(), strict=True):
        whole = members[start : start + count]
        anchors = _anchors(whole, nodes.length[whole])
        anchor[whole] = False
        anchor[anchors] = True
        yield kernels.all_pairs(np.sort(anchors), np.array([0, anchors.size]))
        others = whole[~anchor[whole]]
        rest = PAIRS_AT_ONCE // anchors.size
        for begin in range(0, others.size, rest):
            some = others[begin : begin + rest]
            yield pairs_of(np.repeat(anchors, some.size), np.tile(some, anchors.size))


def _anchors(members: Integers, length: Integers) -> Integers:
    """The longest members, and the first of the others (in the order of hashes: any others)."""
    order = np.lexsort((members, -length))
    longest, others = order[:LONGEST_ANCHORS], np.sort(order[LONGEST_ANCHORS:])
    return members[np.concatenate((longest, others[:OTHER_ANCHORS]))]


def _write(
    nodes: Nodes,
    starts: Integers,
    labels: Integers,
    anchor: Flags,
    edges: _Edges,
    out_paths: Sequence[Path],
    write: Callable[[Path, pa.Table], Any],
) -> tuple[int, int]:
    """Write the tables; number of groups and texts of the largest."""
    size, first_row = _label_rows(nodes, labels)
    low, high = (nodes.row[ends] for ends in ends_of(edges.pairs))
    source, target = np.concatenate((low, high)), np.concatenate((high, low))
    order = np.lexsort((target, source))
    source, target = source[order], target[order]
    alike = np.concatenate((edges.similarity, edges.similarity))[order].astype(np.float32)
    for k, path in enumerate(out_paths):
        node = nodes.of_row[starts[k] : starts[k + 1]]
        filled = np.flatnonzero(node >= 0)
        node = node[filled]
        label = labels[node]
        columns = {
            "group": np.full(starts[k + 1] - starts[k], -1),
            "exact": np.arange(starts[k], starts[k + 1]),
            "anchor": np.ones(starts[k + 1] - starts[k], bool),
        }
        columns["group"][filled] = np.where(size[label] > 1, first_row[label], -1)
        columns["exact"][filled] = nodes.row[node]
        columns["anchor"][filled] = anchor[node]
        cuts = np.searchsorted(source, np.arange(starts[k], starts[k + 1] + 1))
        offsets = pa.array(cuts - cuts[0], pa.int32())
        near = pa.array(target[cuts[0] : cuts[-1]]), pa.array(alike[cuts[0] : cuts[-1]])
        table = pa.table(columns)
        for name, values in zip(("neighbours", "similarity"), near, strict=True):
            table = table.append_column(name, pa.ListArray.from_arrays(offsets, values))
        write(path, table)
    groups = size[size > 1]
    return groups.size, int(groups.max(initial=0))


def _label_rows(nodes: Nodes, labels: Integers) -> tuple[Integers, Integers]:
    """For each label how many rows carry it, and the first of them."""
    of_row = nodes.of_row[nodes.of_row >= 0]
    size = np.bincount(labels[of_row], minlength=labels.size)
    first_row = np.full(labels.size, nodes.of_row.size)
    np.minimum.at(first_row, labels, nodes.row)
    return size, first_row
