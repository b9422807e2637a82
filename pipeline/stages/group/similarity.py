"""
The exact similarity of pairs of texts: Jaccard of their sets of shingles.

Bands only propose. A proposed pair is believed when the two sets have been held against each
other. The sets of all texts in question are made in one pass over the text shards and put on a
shelf, which is memory up to a limit and a nameless temporary file beyond; pairs are then looked
at in batches whose sets fit into memory.

Where the recipe asks for it, the numbers that a text names lie behind its shingles, and how many
they are behind these. Two texts that name different numbers have the similarity 0 then, however
many shingles they share: a law and its amendment are not one text.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import pyarrow as pa

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.kernels import numerals
from seimai.pipeline.machine import in_threads
from seimai.pipeline.shard import read_table
from seimai.pipeline.stages.sketch import DedupSettings, shingle_sets
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Hashes as Pairs
    from seimai.pipeline.arrays import Integers


SHELF_BYTES = 128 << 20
"""Sets of fewer bytes than this stay in memory."""

BATCH_VALUES = 16 << 20
"""Shingles held for one batch of pairs (64 MB); two texts larger than this are still compared."""

_VALUE_BYTES = 4
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


def ends_of(pairs: Pairs) -> tuple[Integers, Integers]:
    """The lower and the higher node of each pair."""
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW_HALF).astype(np.int64)


def pairs_of(left: Integers, right: Integers) -> Pairs:
    """Pairs of nodes as single numbers, each once, in order; no node is paired with itself."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    apart = low != high
    return np.unique(low[apart].astype(np.uint64) << _HALF | high[apart].astype(np.uint64))


@dataclass(frozen=True)
class Compared:
    """Pairs that have been compared, in order, and how similar they are."""

    pairs: Pairs
    similarity: NDArray[Any]
    """Doubles while they are compared with a limit, singles afterwards."""

    @classmethod
    def nothing(cls) -> Self:
        """No pairs yet."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.float64))

    def without(self, pairs: Pairs) -> Pairs:
        """The pairs that have not been compared yet."""
        return pairs[self._place(pairs) < 0]

    def among(self, pairs: Pairs, limit: float) -> Pairs:
        """The pairs that have been compared already and reach `limit`."""
        places = self._place(pairs)
        known = places >= 0
        return pairs[known][self.similarity[places[known]] >= limit]

    def reaching(self, limit: float) -> Compared:
        """Only the pairs that are similar enough."""
        near = self.similarity >= limit
        # Held for all edges of a run, and written as singles.
        return Compared(self.pairs[near], self.similarity[near].astype(np.float32))

    def _place(self, pairs: Pairs) -> Integers:
        """Where each pair stands in `self.pairs`, -1 where it does not."""
        if not self.pairs.size:
            return np.full(pairs.size, -1)
        places = np.minimum(np.searchsorted(self.pairs, pairs), self.pairs.size - 1)
        return np.where(self.pairs[places] == pairs, places, -1)


class Sets(Protocol):
    """The shingle sets of some nodes, wherever they lie."""

    @property
    def numbered(self) -> bool:
        """Whether the numbers of each text lie behind its shingles."""

    def total(self, nodes: Integers) -> int:
        """How many values the sets of the given nodes have together."""

    def load(self, nodes: Integers) -> tuple[NDArray[np.uint32], Integers]:
        """The sets of the given nodes, one after the other, and where each starts."""


@dataclass(frozen=True)
class Shelf:
    """The shingle sets of some nodes, in a file (in memory while it is small)."""

    nodes: Integers
    """The nodes whose sets are here, sorted."""
    begin: Integers
    """Where the set of each node begins in the file, in values."""
    size: Integers
    """How many values the set of each node has."""
    file: IO[bytes]
    numbered: bool = False

    def total(self, nodes: Integers) -> int:
        """How many values the sets of the given nodes have together."""
        return int(self.size[np.searchsorted(self.nodes, nodes)].sum())

    def load(self, nodes: Integers) -> tuple[NDArray[np.uint32], Integers]:
        """The sets of the given nodes, one after the other, and where each starts."""
        places = np.searchsorted(self.nodes, nodes)
        size = self.size[places]
        first = np.concatenate(([0], np.cumsum(size)))
        values = np.empty(first[-1], np.uint32)
        wanted = zip(self.begin[places].tolist(), pairwise(first.tolist()), strict=True)
        for begin, (start, end) in wanted:
            self.file.seek(begin * _VALUE_BYTES)
            data = self.file.read((end - start) * _VALUE_BYTES)
            values[start:end] = np.frombuffer(data, np.uint32)
        return values, first


@dataclass(frozen=True)
class Shelves:
    """The shingle sets of some nodes, on the shelves of several chunks."""

    nodes: Integers
    """The nodes whose sets are here, sorted."""
    begin: Integers
    """Where the set of each node begins, in values of all shelves one after the other."""
    size: Integers
    bases: Integers
    """Where each shelf begins, in values of all shelves; one entry more at the end."""
    shelves: Callable[[int], NDArray[np.uint32]]
    """A function that opens the values of a shelf, given its number."""
    numbered: bool = False

    def total(self, nodes: Integers) -> int:
        """How many values the sets of the given nodes have together."""
        return int(self.size[np.searchsorted(self.nodes, nodes)].sum())

    def load(self, nodes: Integers) -> tuple[NDArray[np.uint32], Integers]:
        """The sets of the given nodes, one after the other, and where each starts."""
        places = np.searchsorted(self.nodes, nodes)
        size, begin = self.size[places], self.begin[places]
        first = np.concatenate(([0], np.cumsum(size))).astype(np.int64)
        values = np.empty(first[-1], np.uint32)
        shelf = np.searchsorted(self.bases, begin, side="right") - 1
        for k in np.unique(shelf[size > 0]).tolist():
            some = np.flatnonzero((shelf == k) & (size > 0))
            kernels.take_sets(
                self.shelves(k), begin[some] - self.bases[k], size[some], first[some], values
            )
        return values, first

    def only(self, nodes: Integers) -> Shelves:
        """The sets of some nodes (sorted), which are numbered from 0 on from now on."""
        places = np.searchsorted(self.nodes, nodes)
        return replace(
            self, nodes=np.arange(nodes.size), begin=self.begin[places], size=self.size[places]
        )


def shelf_file(folder: Path) -> IO[bytes]:
    """
    A file that stays in memory while it is small, and has no name in `folder` when it is not.

    Nothing is left behind, however the run ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.SpooledTemporaryFile(SHELF_BYTES, dir=str(folder))


def shelve(
    nodes: Integers,
    rows: Integers,
    starts: Integers,
    paths: Sequence[tuple[Path, Path]],
    settings: DedupSettings,
    file: IO[bytes],
    threads: int = 1,
    *,
    numbered: bool = False,
) -> Shelf:
    """
    Make the sets of `nodes` (sorted), whose texts are in `rows` of the run.

    `paths` are sketch and text file of each shard, `starts` the first row of each shard and the
    end; only shards with a wanted row are read, each once, as many at a time as there are
    `threads`. The sets go into `file`, see `shelf_file`; `numbered` ones with their numbers.
    """
    by_row = np.argsort(rows)
    size = np.zeros(nodes.size, np.int64)
    begin = np.zeros(nodes.size, np.int64)
    at = 0
    cuts = np.searchsorted(rows[by_row], starts)

    def made(k: int) -> tuple[Integers, NDArray[np.uint32], Integers]:
        wanted = by_row[cuts[k] : cuts[k + 1]]
        sketch_path, text_path = paths[k]
        local = rows[wanted] - starts[k]
        if settings.unit == "word" and not numbered:
            return wanted, *_stored_sets(sketch_path, local)
        texts = _texts(text_path, int(starts[k + 1] - starts[k]), local)
        if settings.unit == "word":
            sets = _stored_sets(sketch_path, local)
        else:
            sets = shingle_sets(texts, settings)
        return wanted, *(_with_numbers(*sets, texts) if numbered else sets)

    filled = np.flatnonzero(np.diff(cuts)).tolist()
    for wanted, values, first in in_threads(made, filled, threads):
        size[wanted] = np.diff(first)
        begin[wanted] = first[:-1] + at
        at += values.size
        file.write(values.data)
    return Shelf(nodes, begin, size, file, numbered)


def _with_numbers(
    values: NDArray[np.uint32], first: Integers, texts: Texts
) -> tuple[NDArray[np.uint32], Integers]:
    """Sets with the numbers of their texts behind them, and how many these are behind those."""
    numbers, begin = numerals.numbers_of(*hash_view(texts))
    counts = np.diff(begin)
    starts = np.concatenate(([0], np.cumsum(np.diff(first) + counts + 1))).astype(np.int64)
    joined = np.empty(int(starts[-1]), np.uint32)
    kernels.take_sets(values, first[:-1], np.diff(first), starts[:-1], joined)
    kernels.take_sets(numbers, begin[:-1], counts, starts[1:] - 1 - counts, joined)
    joined[starts[1:] - 1] = counts
    return joined, starts


def similarities(pairs: Pairs, shelf: Sets, threads: int = 1) -> NDArray[np.float64]:
    """
    The exact similarity of each pair (sorted); both nodes must be on the shelf.

    On a numbered shelf that of two texts that name different numbers is 0.
    """
    low, high = ends_of(pairs)
    nodes = np.unique(np.concatenate((low, high)))
    if pairs.size > 1 and shelf.total(nodes) > BATCH_VALUES:
        middle = pairs.size // 2
        halves = (pairs[:middle], pairs[middle:])
        return np.concatenate([similarities(half, shelf, threads) for half in halves])
    values, first = shelf.load(nodes)
    left, right = np.searchsorted(nodes, low), np.searchsorted(nodes, high)
    cuts = np.linspace(0, pairs.size, threads + 1).astype(np.int64)

    begin, end = first[:-1], first[1:]
    if shelf.numbered:
        last = end - 1
        end = last - values[last].astype(np.int64)

    def compared(k: int) -> NDArray[np.float64]:
        one, other = (side[cuts[k] : cuts[k + 1]] for side in (left, right))
        found: NDArray[np.float64] = kernels.jaccard_between(values, begin, end, one, other)
        if shelf.numbered:
            found[numerals.differ(values, end, last, one, other)] = 0.0
        return found

    return np.concatenate(list(in_threads(compared, range(threads), threads)))


def _texts(path: Path, rows: int, wanted: Integers) -> Texts:
    table = read_table(path, ["text"])
    if table.num_rows != rows:
        raise Problem("S032", path=f"{path.parent.name}/{path.name}", got=table.num_rows, want=rows)
    column = table.column("text").take(pa.array(wanted)).cast(pa.large_string())
    return Texts(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)


def _stored_sets(path: Path, wanted: Integers) -> tuple[NDArray[np.uint32], Integers]:
    column = read_table(path, ["shingles"]).column("shingles").combine_chunks()
    taken = column.take(pa.array(wanted))
    first = taken.offsets.to_numpy().astype(np.int64)
    return taken.values.to_numpy()[first[0] : first[-1]], first - first[0]
