"""
Portions: groups cut into parts that are completed one by one, and the tables that are written.

`cut` deals the components into portions of about the same work, `route` sorts the compared pairs of
a slice by their component, `complete_portion` compares what is missing (`anchors.py`), and
`write_chunk` writes the tables of a chunk from the edges of all portions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline.stages.group.anchors import (
    CENTRAL_ANCHORS,
    COMPLETE_NODES,
    LONGEST_ANCHORS,
    complete,
    components,
)
from seimai.pipeline.stages.group.similarity import Compared, ends_of
from seimai.pipeline.stages.group.verified import open_shelves

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.stages.group.exchange import Exchange


LEAST_WORK = 200_000
"""Fewer comparisons than this are not worth a task of their own."""

PORTIONS_EACH = 4
"""Portions for each that works at a time: they are never quite alike."""

_HALF = np.uint64(32)


def cut(exchange: Exchange, labels: Integers, width: int) -> int:
    """Leave the nodes of all components, component by component, and how they are dealt."""
    first, members = components(labels)
    if not members.size:
        first = np.zeros(1, np.int64)
    size = np.diff(first)
    anchors = LONGEST_ANCHORS + CENTRAL_ANCHORS
    work = np.where(size <= COMPLETE_NODES, size * (size - 1) // 2, size * anchors)
    done = np.concatenate(([0], np.cumsum(work)))
    each = max(int(done[-1]) // (PORTIONS_EACH * width), LEAST_WORK)
    cuts = np.searchsorted(done, np.arange(0, int(done[-1]) + each, each))
    cuts = np.unique(np.concatenate(([0], np.minimum(cuts, size.size), [size.size])))
    exchange.save("members", members)
    exchange.save("portions", first[cuts].astype(np.int64))
    return cuts.size - 1


def route(exchange: Exchange, turns: int, slice_: int) -> None:
    """Leave the compared pairs of a slice that lie within a component, by component."""
    labels = exchange.load("labels")
    pairs, alike, label = [np.empty(0, np.uint64)], [np.empty(0)], [np.empty(0, np.int64)]
    for turn in range(turns):
        some = exchange.load(f"fresh-{turn}-{slice_}")
        low, high = ends_of(some)
        inside = labels[low] == labels[high]
        pairs.append(some[inside])
        alike.append(exchange.load(f"alike-{turn}-{slice_}")[inside])
        label.append(labels[low[inside]])
    labelled = np.concatenate(label)
    order = np.argsort(labelled, kind="stable")
    for name, parts in (("pairs", pairs), ("alike", alike)):
        exchange.save(f"routed-{name}-{slice_}", np.concatenate(parts)[order])
    exchange.save(f"routed-label-{slice_}", labelled[order])


def complete_portion(exchange: Exchange, portion: int) -> None:
    """
    Leave the edges of a portion of the components, by row and in both directions.

    Nodes have numbers of their own here, in the same order, so that nothing is as long as the
    corpus.
    """
    begin, end = exchange.load("portions")[portion : portion + 2].tolist()
    nodes = np.sort(exchange.load("members")[begin:end])
    whole = exchange.load("labels")[nodes]
    _, labels = np.unique(whole, return_inverse=True)
    known = _known(exchange, nodes, int(whole.min()), int(whole.max()))
    rows = exchange.first_rows(nodes)
    length = exchange.by_row("length", rows)
    shelves = open_shelves(exchange).only(nodes)
    limit = exchange.settings.similarity
    edges, anchor = complete(labels.astype(np.int64), length, known, shelves, limit)
    low, high = ends_of(edges.pairs)
    one, other = rows[np.concatenate((low, high))], rows[np.concatenate((high, low))]
    order = np.lexsort((other, one))
    exchange.save(f"edge-row-{portion}", one[order])
    exchange.save(f"edge-near-{portion}", other[order])
    alike = edges.similarity.astype(np.float32)
    exchange.save(f"edge-alike-{portion}", np.concatenate((alike, alike))[order])
    exchange.save(f"behind-{portion}", nodes[~anchor])


def _known(exchange: Exchange, nodes: Integers, low: int, high: int) -> Compared:
    """The compared pairs of components with labels from `low` to `high`, by places in `nodes`."""
    pairs, alike = [np.empty(0, np.uint64)], [np.empty(0)]
    for k in range(int(exchange.load("slices")[0])):
        label = exchange.load(f"routed-label-{k}")
        some = slice(*np.searchsorted(label, [low, high + 1]).tolist())
        pairs.append(exchange.load(f"routed-pairs-{k}")[some])
        alike.append(exchange.load(f"routed-alike-{k}")[some])
    joined = np.concatenate(pairs)
    order = np.argsort(joined)
    left, right = (np.searchsorted(nodes, some) for some in ends_of(joined[order]))
    renumbered = left.astype(np.uint64) << _HALF | right.astype(np.uint64)
    return Compared(renumbered, np.concatenate(alike)[order])


def count_rows(exchange: Exchange, labels: Integers) -> tuple[int, int]:
    """Leave how many rows carry each label and the first of them; how many groups, the largest."""
    size = np.zeros(labels.size, np.int64)
    for chunk in exchange.every_chunk:
        node = exchange.load(f"node-{chunk}")
        np.add.at(size, labels[node[node >= 0]], 1)
    first = np.full(labels.size, int(exchange.starts[-1]))
    bases = exchange.load("bases")
    for part in range(exchange.parts):
        own = slice(bases[part], bases[part + 1])
        np.minimum.at(first, labels[own], exchange.load(f"first-{part}"))
    exchange.save("size", size)
    exchange.save("first", first)
    groups = size[size > 1]
    return groups.size, int(groups.max(initial=0))


def write_chunk(exchange: Exchange, portions: int, chunk: int) -> None:
    """Write the tables of a chunk: see `group`."""
    begin, end = exchange.rows(chunk)
    rows, nears, likes = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    behind = [np.empty(0, np.int64)]
    for k in range(portions):
        row = exchange.load(f"edge-row-{k}")
        some = slice(*np.searchsorted(row, [begin, end]).tolist())
        rows.append(row[some])
        nears.append(exchange.load(f"edge-near-{k}")[some])
        likes.append(exchange.load(f"edge-alike-{k}")[some])
        behind.append(exchange.load(f"behind-{k}"))
    # All neighbours of a text are of one portion, where they are in order.
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    row, near, alike = row[order], np.concatenate(nears)[order], np.concatenate(likes)[order]
    followers = np.sort(np.concatenate(behind))
    node = exchange.load(f"node-{chunk}")
    for k in exchange.shards(chunk):
        low, high = exchange.starts[k : k + 2].tolist()
        edges = slice(*np.searchsorted(row, [low, high]).tolist())
        lengths = np.bincount(row[edges] - low, minlength=high - low)
        table = _columns(exchange, node[low - begin : high - begin], low, followers)
        offsets = pa.array(np.concatenate(([0], np.cumsum(lengths))), pa.int32())
        for name, values in (("neighbours", near[edges]), ("similarity", alike[edges])):
            lists = pa.ListArray.from_arrays(offsets, pa.array(values))
            table = table.append_column(name, lists)
        exchange.write(exchange.outs[k], table)


def _columns(exchange: Exchange, node: Integers, start: int, followers: Integers) -> pa.Table:
    """Group, first equal row and anchor of the rows of a shard, whose nodes are given."""
    filled = np.flatnonzero(node >= 0)
    here = node[filled]
    label = exchange.load("labels")[here]
    columns = {
        "group": np.full(node.size, -1),
        "exact": np.arange(start, start + node.size),
        "anchor": np.ones(node.size, bool),
    }
    alone = exchange.load("size")[label] <= 1
    columns["group"][filled] = np.where(alone, -1, exchange.load("first")[label])
    columns["exact"][filled] = exchange.first_rows(here)
    columns["anchor"][filled] = ~np.isin(here, followers)
    return pa.table(columns)
