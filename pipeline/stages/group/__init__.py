"""
Group: verified duplicates of a whole run, from the sketches and texts of all its shards.

The one stage that looks at everything together. Equal texts are collapsed first; bands propose
pairs of the others; a pair is an edge when the similarity of the two texts reaches the limit;
groups are what edges connect. Which text of a group stays is not decided here but in
`keepers.py`, when verdicts are known. For that, similarities are made complete within groups
(`anchors.py`), so that whichever text stays has been compared with the others.

The result does not depend on the order of files or rows, on batches or partitions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.shard import write_table
from seimai.pipeline.stages.group.anchors import complete
from seimai.pipeline.stages.group.candidates import Nodes, candidate_pairs, distinct_texts
from seimai.pipeline.stages.group.similarity import (
    Compared,
    ends_of,
    shelf_file,
    shelve,
    similarities,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags, Integers
    from seimai.pipeline.arrays import Hashes as Pairs
    from seimai.pipeline.stages.sketch import DedupSettings


TURNS = 8
"""Hubs tried in a large bucket: after as many, what is left is left to the other bands."""


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


def group(
    sketch_paths: Sequence[Path],
    text_paths: Sequence[Path],
    out_paths: Sequence[Path],
    settings: DedupSettings,
    partitions: int | None = None,
    write: Callable[[Path, pa.Table], Any] = write_table,
    threads: int = 1,
) -> GroupCounts:
    """
    Find the duplicates of a run and write one table per shard: same rows, same order.

    Columns: `group`, the row of the group's first text among all rows of the run (-1: no
    duplicates); `exact`, the row of the first text equal to this one; `neighbours`, for such
    first texts the rows (first texts too) verified to be similar, with `similarity` beside;
    `anchor`, false for texts of large groups that were not compared with all around them.

    `partitions` cuts hashes into ranges that are sorted one after the other, by default as many
    as memory needs. `write` writes a table. Texts are compared in so many `threads`. A sketch made
    with other settings is a `Problem`.
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
        shelf = shelve(wanted, nodes.row[wanted], starts, paths, settings, file, threads)
        compared = Compared.nothing()
        for turn in range(1, TURNS + 1):
            fresh = compared.without(proposed)
            found = similarities(fresh, shelf, threads)
            compared = compared.plus(fresh, found)
            kernels.join(labels, *ends_of(fresh[found >= settings.similarity]))
            if not bands or turn == TURNS:
                break
            proposed, bands = propose(turn)
        near, anchor = complete(labels, nodes.length, compared, shelf, settings.similarity)
    counts = _write(nodes, starts, labels, anchor, near, out_paths, write)
    copies = int((nodes.of_row >= 0).sum()) - nodes.row.size
    return GroupCounts(copies, compared.pairs.size, near.pairs.size, *counts)


def _write(
    nodes: Nodes,
    starts: Integers,
    labels: Integers,
    anchor: Flags,
    edges: Compared,
    out_paths: Sequence[Path],
    write: Callable[[Path, pa.Table], Any],
) -> tuple[int, int]:
    """Write the tables; number of groups and texts of the largest."""
    size, first_row = _label_rows(nodes, labels)
    first, near, alike = kernels.both_ways(
        edges.pairs, edges.similarity.astype(np.float32), nodes.row
    )
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
        # Of equal texts the first one alone has neighbours.
        firsts = nodes.row[node] == filled + starts[k]
        begin, count = first[node[firsts]], np.diff(first)[node[firsts]]
        lengths = np.zeros(columns["group"].size, np.int64)
        lengths[filled[firsts]] = count
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        places = np.arange(offsets[-1]) + np.repeat(begin - offsets[filled[firsts]], count)
        table = pa.table(columns)
        for name, values in (
            ("neighbours", nodes.row[near[places]]),
            ("similarity", alike[places]),
        ):
            lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(values))
            table = table.append_column(name, lists)
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
