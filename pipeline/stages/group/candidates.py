"""
Candidates: which texts are equal, and which pairs of the others may be similar.

Everything is decided on *nodes*: distinct texts, numbered in the order of their exact hash. So
nothing depends on the order of files or rows, nor on how hashes are cut into parts.

`spread` sorts the hashes of a chunk; `find_equal` gives the nodes of one part of the exact hashes,
`number` the node of each row of a chunk; `propose` gives the pairs of one part of one band, `merge`
those of one slice that are new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.shard import read_table
from seimai.pipeline.stages.sketch import EXACT_BYTES, band_name, check_header

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Hashes, Integers
    from seimai.pipeline.stages.group.exchange import Exchange


SMALL_BUCKET = 32
"""Up to this size all pairs of a bucket are candidates, beyond it only those with its hubs."""

_HALF = np.uint64(32)


def spread(exchange: Exchange, chunk: int) -> None:
    """Leave the hashes of a chunk in their order, with the rows they belong to."""
    settings = exchange.settings
    names = [band_name(band) for band in range(settings.bands)]
    exact, rows, lengths, hashes, signed = [], [], [], [], []
    base, _ = exchange.rows(chunk)
    for k in exchange.shards(chunk):
        path, start = exchange.sketches[k], int(exchange.starts[k])
        table = read_table(path, ["exact", "length", *names])
        name = f"{path.parent.name}/{path.name}"
        check_header(name, table.schema, settings)
        want = int(exchange.starts[k + 1]) - start
        if table.num_rows != want:
            raise Problem("S032", path=name, got=table.num_rows, want=want)
        column = table.column("exact").combine_chunks()
        filled = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
        rows.append(filled + start)
        exact.append(_halves(column))
        lengths.append(table.column("length").to_numpy())
        have = np.flatnonzero(table.column(names[0]).is_valid().to_numpy())
        signed.append((have + (start - base)).astype(np.uint32))
        bands = [pc.fill_null(table.column(name), 0).to_numpy()[have] for name in names]
        hashes.append(np.stack(bands) if bands else np.empty((0, have.size), np.uint64))
    both = np.concatenate([np.empty((0, 2), np.uint64), *exact])
    order = np.argsort(both[:, 0], kind="stable")
    exchange.save(f"high-{chunk}", both[order, 0])
    exchange.save(f"low-{chunk}", both[order, 1])
    exchange.save(f"rows-{chunk}", np.concatenate([np.empty(0, np.int64), *rows])[order])
    exchange.save(f"length-{chunk}", np.concatenate([np.empty(0, np.int64), *lengths]))
    owner = np.concatenate([np.empty(0, np.uint32), *signed])
    of_bands = np.concatenate([np.empty((settings.bands, 0), np.uint64), *hashes], axis=1)
    owners = np.empty(of_bands.shape, np.uint32)
    for band in range(settings.bands):
        order = np.argsort(of_bands[band])
        of_bands[band] = of_bands[band][order]
        owners[band] = owner[order]
    exchange.save(f"bands-{chunk}", of_bands)
    exchange.save(f"owners-{chunk}", owners)


def _halves(column: pa.Array) -> NDArray[np.uint64]:
    """Both halves of the exact hashes that are there."""
    data = np.frombuffer(b"".join(column.drop_null().to_pylist()), "<u8")
    return data.reshape(-1, EXACT_BYTES // 8).astype(np.uint64, copy=False)


def find_equal(exchange: Exchange, part: int) -> None:
    """Leave the nodes of a part of the exact hashes: first rows, and the node of each row."""
    highs, lows, rows = [], [], []
    for chunk in exchange.every_chunk:
        sorted_highs = exchange.load(f"high-{chunk}")
        some = _part_of(sorted_highs, part, exchange.parts)
        highs.append(sorted_highs[some])
        lows.append(exchange.load(f"low-{chunk}")[some])
        rows.append(exchange.load(f"rows-{chunk}")[some])
    high, low, row = map(np.concatenate, (highs, lows, rows))
    # The chunks are sorted, so this merges them.
    order = np.argsort(high, kind="stable")
    tied = _repeated(high[order])
    equal = order[tied]
    order[tied] = equal[np.lexsort((row[equal], low[equal], high[equal]))]
    high, low, row = high[order], low[order], row[order]
    new = np.ones(row.size, bool)
    new[1:] = (high[1:] != high[:-1]) | (low[1:] != low[:-1])
    node = np.cumsum(new) - 1
    by_row = np.argsort(row)
    exchange.save(f"first-{part}", row[new])
    exchange.save(f"equal-{part}", row[by_row])
    exchange.save(f"local-{part}", node[by_row])


def number_parts(exchange: Exchange) -> int:
    """Give the nodes of all parts their numbers; how many nodes there are."""
    sizes = [exchange.load(f"first-{part}").size for part in range(exchange.parts)]
    bases = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    exchange.save("bases", bases)
    return int(bases[-1])


def number(exchange: Exchange, chunk: int) -> None:
    """Leave the node of each row of a chunk (-1: blank), and which rows stand for their node."""
    begin, end = exchange.rows(chunk)
    bases = exchange.load("bases")
    node = np.full(end - begin, -1, np.int64)
    first = np.zeros(end - begin, bool)
    for part in range(exchange.parts):
        rows = exchange.load(f"equal-{part}")
        low, high = np.searchsorted(rows, [begin, end])
        here, local = rows[low:high], exchange.load(f"local-{part}")[low:high]
        node[here - begin] = local + bases[part]
        first[here - begin] = exchange.load(f"first-{part}")[local] == here
    exchange.save(f"node-{chunk}", node)
    exchange.save(f"stands-{chunk}", first)


def propose(exchange: Exchange, turn: int, band: int, part: int) -> None:
    """
    Leave the pairs of nodes that share a bucket in a part of a band.

    See `kernels.bucket_pairs` for what turns are; from the first on the components known so far
    are in `labels`. Beside the pairs it leaves how many buckets have more to give.
    """
    found, owners = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    for chunk in exchange.every_chunk:
        hashes = exchange.load(f"bands-{chunk}")[band]
        some = _part_of(hashes, part, exchange.parts)
        owner = exchange.load(f"owners-{chunk}")[band][some]
        # Copies of a text do not enter bands: their first row stands for them.
        stands = exchange.load(f"stands-{chunk}")[owner]
        found.append(hashes[some][stands])
        owners.append(exchange.load(f"node-{chunk}")[owner[stands]])
    hashes, node = np.concatenate(found), np.concatenate(owners)
    order = np.argsort(hashes, kind="stable")
    order = order[_repeated(hashes[order])]
    hashes, node = hashes[order], node[order]
    there, place = np.unique(node, return_inverse=True)
    labels = exchange.load("labels")[there] if turn else there
    pairs, still_open = kernels.bucket_pairs(
        hashes, place.astype(np.int64), labels, turn, SMALL_BUCKET
    )
    low, high = there[pairs >> _HALF], there[pairs & np.uint64(0xFFFFFFFF)]
    pairs = np.unique(low.astype(np.uint64) << _HALF | high.astype(np.uint64))
    exchange.save(f"pairs-{turn}-{band}-{part}", pairs)
    exchange.save(f"open-{turn}-{band}-{part}", np.array([still_open]))


def merge(exchange: Exchange, turn: int, slice_: int) -> None:
    """Leave the pairs of a slice that were proposed in this turn and in none before it."""
    nodes, slices = int(exchange.load("bases")[-1]), int(exchange.load("slices")[0])
    first, last = ((nodes * k // slices) << 32 for k in (slice_, slice_ + 1))
    found = [np.empty(0, np.uint64)]
    for band, part in exchange.load(f"asked-{turn}").tolist():
        pairs = exchange.load(f"pairs-{turn}-{band}-{part}")
        low, high = np.searchsorted(pairs, np.array([first, last], np.uint64))
        found.append(pairs[low:high])
    fresh = np.unique(np.concatenate(found))
    for earlier in range(turn):
        known = exchange.load(f"fresh-{earlier}-{slice_}")
        fresh = fresh[~np.isin(fresh, known, assume_unique=True)]
    exchange.save(f"fresh-{turn}-{slice_}", fresh)


def _part_of(hashes: Hashes, part: int, parts: int) -> slice:
    """Where one of `parts` equal ranges lies in sorted hashes."""
    first, last = (-(-(k << 32) // parts) << 32 for k in (part, part + 1))
    low = int(np.searchsorted(hashes, np.uint64(first)))
    whole = part + 1 == parts
    return slice(low, hashes.size if whole else int(np.searchsorted(hashes, np.uint64(last))))


def _repeated(ordered: Hashes) -> NDArray[np.bool_]:
    """Which of the sorted numbers occur more than once."""
    same = ordered[1:] == ordered[:-1]
    result = np.zeros(ordered.size, bool)
    result[1:] |= same
    result[:-1] |= same
    return result


def wanted_nodes(exchange: Exchange, nodes: int, slices: int) -> None:
    """Leave which nodes are in a pair of the first turn: no later one has others."""
    wanted = np.zeros(nodes, bool)
    for k in range(slices):
        pairs = exchange.load(f"fresh-0-{k}")
        wanted[_ints(pairs >> _HALF)] = True
        wanted[_ints(pairs & np.uint64(0xFFFFFFFF))] = True
    exchange.save("wanted", wanted)


def _ints(values: Hashes) -> Integers:
    return values.astype(np.int64)
