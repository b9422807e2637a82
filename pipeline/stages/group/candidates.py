"""
Candidates: which texts are equal, and which pairs of the others may be similar.

Reads the `exact` and band columns of all sketch shards, one band (or as many as fit) at a time,
and sorts them one range of hashes at a time: memory grows by a few numbers per text.

Everything is decided on *nodes*: distinct texts, numbered in the order of their exact hash. So
nothing depends on the order of files or rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.shard import read_table
from seimai.pipeline.stages.sketch import EXACT_BYTES, DedupSettings, band_name, check_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Hashes, Integers


PARTITION_ROWS = 16_000_000
"""Hashes sorted at a time: about 400 MB with their order."""

BAND_VALUES = 16_000_000
"""Band hashes held at a time (128 MB); of a small corpus all bands are read at once."""

SMALL_BUCKET = 32
"""Up to this size all pairs of a bucket are candidates, beyond it only those with its hubs."""


@dataclass(frozen=True)
class Nodes:
    """The distinct texts of a run."""

    of_row: Integers
    """The node of each row; -1 for blank texts."""
    row: Integers
    """The first row of each node."""
    length: Integers
    """Characters of its hash view."""


def distinct_texts(
    paths: Sequence[Path], settings: DedupSettings, partitions: int | None
) -> tuple[Nodes, Integers]:
    """The distinct texts of all sketches, and the first row of each shard with the end."""
    starts, length = _lengths(paths, settings)
    rows = int(starts[-1])
    of_row = np.full(rows, -1, np.int64)
    first_rows: list[Integers] = []
    nodes = 0
    parts = partitions or -(-rows // PARTITION_ROWS) or 1
    for part in range(parts):
        high, low, row = _exact_hashes(paths, starts, part, parts)
        order = np.argsort(high)
        ordered = high[order]
        tied = _repeated(ordered)
        some = order[tied]
        order[tied] = some[np.lexsort((row[some], low[some], high[some]))]
        high, low, row = high[order], low[order], row[order]
        new = np.ones(row.size, bool)
        new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
        of_row[row] = nodes + np.cumsum(new) - 1
        first_rows.append(row[new])
        nodes += first_rows[-1].size
    first_row = np.concatenate(first_rows)
    return Nodes(of_row, first_row, length[first_row]), starts


def candidate_pairs(
    paths: Sequence[Path],
    starts: Integers,
    nodes: Nodes,
    labels: Integers,
    turn: int,
    bands: Sequence[int],
    partitions: int | None,
) -> tuple[Hashes, list[int]]:
    """
    Pairs of nodes that share a bucket in one of `bands`, and the bands that have more to give.

    See `kernels.bucket_pairs` for what turns are; `labels` are the components known so far.
    """
    pairs = np.empty(0, np.uint64)
    still_open = []
    for band, hashes, known in _band_hashes(paths, starts, nodes, bands):
        parts = partitions or -(-nodes.row.size // PARTITION_ROWS) or 1
        for part in range(parts):
            some = np.flatnonzero(known & _in_part(hashes, part, parts))
            order = np.argsort(hashes[some])
            found, large = kernels.bucket_pairs(
                hashes[some][order], some[order], labels, turn, SMALL_BUCKET
            )
            pairs = np.unique(np.concatenate((pairs, found)))
            if large and band not in still_open:
                still_open.append(band)
    return pairs, still_open


def _lengths(paths: Sequence[Path], settings: DedupSettings) -> tuple[Integers, Integers]:
    lengths = []
    for path in paths:
        table = read_table(path, ["length"])
        check_header(f"{path.parent.name}/{path.name}", table.schema, settings)
        lengths.append(table.column("length").to_numpy())
    starts = np.concatenate(([0], np.cumsum([part.size for part in lengths], dtype=np.int64)))
    return starts.astype(np.int64), np.concatenate([np.empty(0, np.int64), *lengths])


def _exact_hashes(
    paths: Sequence[Path], starts: Integers, part: int, parts: int
) -> tuple[Hashes, Hashes, Integers]:
    """Both halves of the exact hashes of one range, and their rows."""
    halves, rows = [np.empty((0, 2), np.uint64)], [np.empty(0, np.int64)]
    for start, path in zip(starts[:-1].tolist(), paths, strict=True):
        column = read_table(path, ["exact"]).column("exact").combine_chunks()
        filled = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
        data = np.frombuffer(b"".join(column.drop_null().to_pylist()), "<u8")
        both = data.reshape(-1, EXACT_BYTES // 8).astype(np.uint64, copy=False)
        inside = _in_part(both[:, 0], part, parts)
        halves.append(both[inside])
        rows.append(filled[inside] + start)
    both = np.concatenate(halves)
    return both[:, 0].copy(), both[:, 1].copy(), np.concatenate(rows)


def _band_hashes(
    paths: Sequence[Path], starts: Integers, nodes: Nodes, bands: Sequence[int]
) -> Iterator[tuple[int, Hashes, NDArray[np.bool_]]]:
    """For each band its hash per node, and which nodes have one."""
    count = nodes.row.size
    at_once = max(1, BAND_VALUES // max(count, 1))
    for begin in range(0, len(bands), at_once):
        some = bands[begin : begin + at_once]
        hashes = np.zeros((len(some), count), np.uint64)
        known = np.zeros(count, bool)
        for k, path in enumerate(paths):
            here = nodes.of_row[starts[k] : starts[k + 1]]
            # Copies of a text do not enter bands: their first row stands for them.
            filled = np.flatnonzero(here >= 0)
            local = filled[nodes.row[here[filled]] == filled + starts[k]]
            if not local.size:
                continue
            table = read_table(path, [band_name(band) for band in some])
            for place, band in enumerate(some):
                column = table.column(band_name(band))
                hashes[place, here[local]] = pc.fill_null(column, 0).to_numpy()[local]
            known[here[local]] = column.is_valid().to_numpy()[local]
        for place, band in enumerate(some):
            yield band, hashes[place], known


def _in_part(hashes: Hashes, part: int, parts: int) -> NDArray[np.bool_]:
    """Which hashes are in one of `parts` equal ranges."""
    if parts == 1:
        return np.ones(hashes.size, bool)
    place = (hashes >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32)
    inside: NDArray[np.bool_] = place == np.uint64(part)
    return inside


def _repeated(ordered: Hashes) -> NDArray[np.bool_]:
    """Which of the sorted numbers occur more than once."""
    same = ordered[1:] == ordered[:-1]
    result = np.zeros(ordered.size, bool)
    result[1:] |= same
    result[:-1] |= same
    return result
