"""
Verified: pairs that were proposed are held against each other, slice by slice.

`put_on_shelves` makes the shingle sets of a chunk, `verify` compares the pairs of a slice and
leaves a *forest*: as few edges as connect what the similar pairs of this slice connect. The forests
of all slices together connect what all pairs do, so labels are made of them alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.stages.group.similarity import (
    Shelves,
    ends_of,
    pairs_of,
    shelve,
    similarities,
)

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Hashes as Pairs
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.stages.group.exchange import Exchange


APART = 64
"""Pairs just below the limit that a slice leaves, for people to look at."""


NEAR = 0.75
"""Pairs less similar than this share of the limit say nothing of whether it is set well."""


def nearest_apart(
    exchange: Exchange, turns: int, slices: int
) -> tuple[tuple[int, int, float], ...]:
    """The most similar pairs of rows that were compared and are not similar enough."""
    made = [(turn, k) for turn in range(turns) for k in range(slices)]
    pairs = np.concatenate([exchange.load(f"apart-{turn}-{k}") for turn, k in made])
    alike = np.concatenate([exchange.load(f"apart-alike-{turn}-{k}") for turn, k in made])
    low, high = (exchange.first_rows(ends) for ends in ends_of(pairs))
    first, second = np.minimum(low, high), np.maximum(low, high)
    order = np.lexsort((second, first, -alike))[:APART]
    columns = (first[order].tolist(), second[order].tolist(), alike[order].tolist())
    return tuple(zip(*columns, strict=True))


def put_on_shelves(exchange: Exchange, chunk: int) -> None:
    """Leave the shingle sets of the wanted nodes of a chunk, and where each lies."""
    base, _ = exchange.rows(chunk)
    shards = exchange.shards(chunk)
    node = exchange.load(f"node-{chunk}")
    rows = np.flatnonzero(exchange.load(f"stands-{chunk}"))
    rows = rows[exchange.load("wanted")[node[rows]]]
    order = np.argsort(node[rows])
    nodes, rows = node[rows][order], rows[order] + base
    paths = [(exchange.sketches[k], exchange.texts[k]) for k in shards]
    starts = exchange.starts[shards.start : shards.stop + 1]
    with (exchange.folder / f"sets-{chunk}.bin").open("wb") as file:
        numbered = exchange.settings.numbers == "distinct"
        shelf = shelve(nodes, rows, starts, paths, exchange.settings, file, numbered=numbered)
    exchange.save(f"shelved-{chunk}", np.stack((shelf.nodes, shelf.begin, shelf.size)))


def label_shelves(exchange: Exchange) -> None:
    """Leave where the set of every wanted node lies, on the shelves of all chunks."""
    there = [exchange.load(f"shelved-{chunk}") for chunk in exchange.every_chunk]
    bases = np.concatenate(([0], np.cumsum([int(some[2].sum()) for some in there])))
    nodes = np.concatenate([np.empty(0, np.int64), *(some[0] for some in there)])
    order = np.argsort(nodes, kind="stable")
    begin = [some[1] + bases[k] for k, some in enumerate(there)]
    exchange.save("shelf-nodes", nodes[order])
    exchange.save("shelf-begin", np.concatenate([np.empty(0, np.int64), *begin])[order])
    size = np.concatenate([np.empty(0, np.int64), *(some[2] for some in there)])
    exchange.save("shelf-size", size[order])
    exchange.save("shelf-bases", bases.astype(np.int64))


def open_shelves(exchange: Exchange) -> Shelves:
    """The shingle sets of all nodes that are wanted."""

    def shelf(chunk: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        path = exchange.folder / f"sets-{chunk}.bin"
        return np.asarray(np.memmap(path, np.uint32, mode="c"))

    nodes, begin, size, bases = (
        exchange.load(f"shelf-{name}") for name in ("nodes", "begin", "size", "bases")
    )
    return Shelves(nodes, begin, size, bases, shelf, exchange.settings.numbers == "distinct")


def verify(exchange: Exchange, turn: int, slice_: int) -> None:
    """Leave how similar the new pairs of a slice are, and the forest of those that are enough."""
    pairs = exchange.load(f"fresh-{turn}-{slice_}")
    alike = similarities(pairs, open_shelves(exchange)) if pairs.size else np.empty(0, np.float64)
    exchange.save(f"alike-{turn}-{slice_}", alike)
    limit = exchange.settings.similarity
    apart = np.flatnonzero((alike < limit) & (alike >= NEAR * limit))
    nearest = apart[np.argsort(-alike[apart], kind="stable")[:APART]]
    exchange.save(f"apart-{turn}-{slice_}", pairs[nearest])
    exchange.save(f"apart-alike-{turn}-{slice_}", alike[nearest])
    edges = pairs[alike >= limit]
    exchange.save(f"forest-{turn}-{slice_}", forest(edges))


def forest(edges: Pairs) -> Pairs:
    """Edges that connect what the given ones do: each node with the least it is connected to."""
    low, high = ends_of(edges)
    nodes, place = np.unique(np.concatenate((low, high)), return_inverse=True)
    labels = np.arange(nodes.size)
    kernels.join(labels, *np.split(place.astype(np.int64), 2))
    return pairs_of(nodes[labels], nodes)


def connect(exchange: Exchange, labels: Integers, turn: int, slices: int) -> None:
    """Join the labels of what the forests of a turn connect, and leave them."""
    for k in range(slices):
        kernels.join(labels, *ends_of(exchange.load(f"forest-{turn}-{k}")))
    exchange.save("labels", labels)
