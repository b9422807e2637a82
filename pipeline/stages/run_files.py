"""
Runs of characters in files: what a search for shared text leaves, shard by shard, and reads again.

A *run* is a hash with the row and the place where it stands. The runs of a shard lie in a file in
the order of their hashes, so that a range of hashes of all shards is read without the rest. Both
searches, for contained texts (`contained.py`) and for passages (`passages.py`), work on these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xxhash

from seimai.pipeline.arrays import load_array

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.arrays import Codes, Hashes, Integers


def note_texts(codes: Codes, start: Integers, rows: Integers, size: Integers, tie: Hashes) -> None:
    """Note how long each text is and a hash of its content, at its row of `size` and `tie`."""
    size[rows] = np.diff(start)
    data = memoryview(codes.astype("<u4", copy=False).tobytes())
    bounds = zip(start[:-1].tolist(), start[1:].tolist(), strict=True)
    tie[rows] = np.fromiter(
        (xxhash.xxh3_64_intdigest(data[4 * a : 4 * b]) for a, b in bounds), np.uint64, rows.size
    )


def rank_by_length(size: Integers, tie: Hashes) -> Integers:
    """Longer texts come first, those of one length in the order of their content."""
    rank = np.empty(size.size, np.int64)
    rank[np.lexsort((np.arange(size.size), tie, -size))] = np.arange(size.size)
    return rank


def leave_runs(path: Path, hashes: Hashes, row: Integers, place: Integers) -> None:
    """Write runs sorted by hash."""
    order = np.argsort(hashes)
    columns = (hashes[order], row[order].astype(np.uint64), place[order].astype(np.uint64))
    np.save(path, np.stack(columns))


def read_range(paths: list[Path], part: int, parts: int) -> tuple[Hashes, Integers, Integers]:
    """Hashes, rows and places of the runs whose hash is in one of `parts` equal ranges."""
    low, high = ((k << 64) // parts for k in (part, part + 1))
    found = [np.empty((3, 0), np.uint64)]
    for path in paths:
        columns = load_array(path)
        first = int(np.searchsorted(columns[0], np.uint64(low)))
        end = columns.shape[1]
        if part + 1 < parts:
            end = int(np.searchsorted(columns[0], np.uint64(high)))
        found.append(columns[:, first:end])
    hashes, row, place = np.concatenate(found, axis=1)
    return hashes, row.astype(np.int64), place.astype(np.int64)


def load_codes(path: Path) -> Codes:
    """Code points that were written one after the other."""
    if not path.stat().st_size:
        return np.zeros(0, np.uint32)
    codes: Codes = np.asarray(np.memmap(path, np.uint32, mode="c"))
    return codes
