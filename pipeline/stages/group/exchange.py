"""
The files by which the tasks of a grouping exchange what they found.

Shards are taken together in *chunks*, hashes are cut into *parts* (ranges), proposed pairs into
*slices* (ranges of their lower node), groups into *portions*. A task reads what the step before it
left of its own part, whoever made it, and holds no more than that part in memory. Files are bare
arrays that are looked into where they lie. All of them are gone when the grouping is done.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline import machine
from seimai.pipeline.arrays import load_array
from seimai.pipeline.shard import count_rows, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.stages.sketch import GroupSettings


Paths = tuple[Sequence["Path"], Sequence["Path"], Sequence["Path"]]
"""Files of the sketches, of the texts and of the groups, one of each per shard."""

CHUNK_ROWS = 500_000
"""Texts of a chunk: with 16 bands their hashes take 100 MB."""

ROW_BYTES = 64
"""What a hash takes while its part is sorted: itself, its text, their order, and what is new."""

LEAST_PART, MOST_PART = 1 << 20, 1 << 24
"""Hashes of a part: fewer are not worth a file, more take a gigabyte."""

MEMORY_SHARE = 0.5
"""Share of the machine's memory that parts at work may take together."""


@dataclass(frozen=True)
class Exchange:
    """What every task of a grouping knows: where its inputs lie and how they are cut."""

    folder: Path
    sketches: Sequence[Path]
    texts: Sequence[Path]
    outs: Sequence[Path]
    settings: GroupSettings
    starts: Integers
    """The row of each shard's first text among all rows; one entry more at the end."""
    chunks: Integers
    """The index of each chunk's first shard; one entry more at the end."""
    parts: int
    """How many ranges the hashes are cut into."""
    write: Callable[[Path, pa.Table], Any] = write_table
    """The function that writes a table of groups."""

    def save(self, name: str, array: Any) -> None:
        """Write an array for later steps."""
        np.save(self.folder / f"{name}.npy", array)

    def load(self, name: str) -> Any:
        """An array that was left, looked into where it lies."""
        return load_array(self.folder / f"{name}.npy")

    def rows(self, chunk: int) -> tuple[int, int]:
        """The first row of a chunk, and the one after its last."""
        first, end = self.starts[self.chunks[chunk : chunk + 2]].tolist()
        return first, end

    def shards(self, chunk: int) -> range:
        """The indices of the shards of a chunk."""
        return range(int(self.chunks[chunk]), int(self.chunks[chunk + 1]))

    @property
    def every_chunk(self) -> range:
        """The numbers of all chunks."""
        return range(self.chunks.size - 1)

    def first_rows(self, nodes: Integers) -> Integers:
        """For each of these nodes the first row that has its text."""
        bases = self.load("bases")
        found = np.empty(nodes.size, np.int64)
        for part, inside in _by_range(nodes, bases):
            found[inside] = self.load(f"first-{part}")[nodes[inside] - bases[part]]
        return found

    def by_row(self, name: str, rows: Integers) -> Any:
        """What each of some rows has in the arrays `name` of the chunks."""
        ends = self.starts[self.chunks]
        found = np.empty(rows.size, np.int64)
        for chunk, inside in _by_range(rows, ends):
            found[inside] = self.load(f"{name}-{chunk}")[rows[inside] - ends[chunk]]
        return found


def _by_range(values: Integers, bounds: Integers) -> Iterator[tuple[int, Any]]:
    """For each range that holds some of the values, which those are."""
    if bounds.size == 2:
        yield 0, slice(None)
        return
    place = np.searchsorted(bounds, values, side="right") - 1
    for k in np.unique(place).tolist():
        yield k, place == k


def open_exchange(
    folder: Path, paths: Paths, settings: GroupSettings, write: Callable[[Path, pa.Table], Any]
) -> Exchange:
    """The exchange that another process has begun."""
    names = ("starts", "chunks", "parts")
    starts, chunks, parts = (load_array(folder / f"{name}.npy") for name in names)
    return Exchange(folder, *paths, settings, starts, chunks, int(parts[0]), write)


def begin_exchange(
    folder: Path,
    paths: Paths,
    settings: GroupSettings,
    write: Callable[[Path, pa.Table], Any],
    parts: int | None,
    width: int,
) -> Exchange:
    """
    Begin an exchange in an empty folder; `width` tasks are done at a time.

    `parts` is as many as the memory of the machine asks for, if it is None.
    """
    rows = [count_rows(path) for path in paths[0]]
    starts = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)
    total = int(starts[-1])
    # Enough chunks for everybody; a shard is never cut.
    room = max(min(CHUNK_ROWS, -(-total // width)), 1)
    at = np.searchsorted(starts, np.arange(0, total + room, room))
    chunks = np.unique(np.concatenate(([0], np.minimum(at, len(rows)), [len(rows)])))
    exchange = Exchange(
        folder,
        *paths,
        settings,
        starts,
        chunks.astype(np.int64),
        parts or _parts(total, width),
        write,
    )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    exchange.save("starts", starts)
    exchange.save("chunks", exchange.chunks)
    exchange.save("parts", np.array([exchange.parts]))
    return exchange


def _parts(rows: int, width: int) -> int:
    """How many parts hashes are cut into, so that those at work at a time fit into memory."""
    fits = int(machine.memory() * MEMORY_SHARE / width / ROW_BYTES)
    return max(-(-rows // max(min(fits, MOST_PART), LEAST_PART)), 1)
