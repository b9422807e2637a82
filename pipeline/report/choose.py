"""
Choose: which texts the report shows, and all its counts, in one pass over the shards.

Nothing here reads a text. Texts are ranked by a hash of their id, so that the choice is the same
for the same input, without a random number. Of each kind only the best few are held.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.funnel import DEDUP
from seimai.pipeline.report.histogram import Histogram, scale_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.plan import Job

GROUPS_SHOWN = 6
"""Groups, and pairs, that the section on duplicates shows."""

SIZES = (2, 3, 5, 10, 20, 50, 100, 1000)
"""Where the classes of group sizes begin."""


class Place(NamedTuple):
    """A text: its shard (as a place in the run) and its row."""

    shard: int
    row: int


class Ranked(NamedTuple):
    """A text that may be shown, smallest first."""

    key: tuple[float, ...]
    place: Place
    value: float


class CloseCall(NamedTuple):
    """One side of one bound of a limit."""

    signal: str
    bound: str
    """`min` or `max`."""
    outside: bool


@dataclass
class Findings:
    """Everything of the report that comes from the stage files and not from `run.json`."""

    histograms: dict[str, Histogram] = field(default_factory=dict)
    kept: list[Ranked] = field(default_factory=list)
    rejected: dict[str, list[Ranked]] = field(default_factory=dict)
    close: dict[CloseCall, list[Ranked]] = field(default_factory=dict)
    keepers: list[Ranked] = field(default_factory=list)
    """Texts that stand for the largest groups; the value is the size."""
    unlike: list[Ranked] = field(default_factory=list)
    """Duplicates that are the least similar to the text kept instead; the value is how similar."""
    sizes: Counter[int] = field(default_factory=Counter)
    """Groups by the class of their size, named by where it begins."""
    texts: int = 0
    measured: int = 0
    """Texts with word signals."""


@dataclass(frozen=True)
class _Rows:
    """One shard while it is looked at."""

    number: int
    rank: NDArray[np.uint64]
    kept: NDArray[np.bool_]
    first: NDArray[np.int64]
    """Place of the first reason among all reasons, -1 for kept texts."""
    reasons: NDArray[np.int64]
    """How many reasons a text has."""


def look_through(job: Job, names: Sequence[str]) -> Findings:
    """Count and choose over all shards; `recipe.report.samples` says how many to show."""
    found = Findings()
    reasons = [*job.recipe.limits, DEDUP]
    words = {name for name, signal in job.signals.items() if signal.needs == "tokens"}
    for number, name in enumerate(names):
        verdict = shard.read_table(
            job.path("verdict", name), ["kept", "reasons", "similarity", "group_size"]
        )
        rows = _rows(job, number, name, verdict, reasons)
        found.texts += verdict.num_rows
        signals = shard.read_table(job.path("signals", name))
        _count(job, found, signals, rows.kept)
        _close_calls(job, found, signals, rows)
        if words and job.path("words", name).exists():
            table = shard.read_table(job.path("words", name))
            measured = np.asarray(table["measured"].to_numpy(zero_copy_only=False), bool)
            found.measured += int(measured.sum())
            _count(job, found, table.filter(pa.array(measured)), rows.kept[measured])
            _close_calls(job, found, table, rows)
        _samples(job, found, rows, reasons)
        _duplicates(job, found, rows, verdict)
    return found


def _rows(job: Job, number: int, name: str, verdict: pa.Table, reasons: Sequence[str]) -> _Rows:
    ids = shard.read_table(job.path("text", name), ["id"])["id"].cast(pa.binary()).to_pylist()
    rank = np.fromiter(map(xxhash.xxh3_64_intdigest, ids), np.uint64, len(ids))
    lists = verdict["reasons"].combine_chunks()
    starts = lists.offsets.to_numpy()
    flat = pc.index_in(lists.values, pa.array(reasons)).to_numpy(zero_copy_only=False)
    many = np.diff(starts).astype(np.int64)
    first = np.full(len(ids), -1, np.int64)
    first[many > 0] = flat[starts[:-1][many > 0]]
    kept = np.asarray(verdict["kept"].to_numpy(zero_copy_only=False), bool)
    return _Rows(number, rank, kept, first, many)


def _count(job: Job, found: Findings, table: pa.Table, kept: NDArray[np.bool_]) -> None:
    for name in table.column_names:
        if name in job.signals:
            if name not in found.histograms:
                found.histograms[name] = Histogram(scale_of(job.signals[name].between))
            found.histograms[name].add(table[name].to_numpy(), kept)


# --- the best few --------------------------------------------------------------------------


def _keep_best(known: list[Ranked], new: list[Ranked], most: int) -> list[Ranked]:
    return heapq.nsmallest(most, [*known, *new])


def _lowest_rank(rows: _Rows, chosen: NDArray[np.int64], most: int) -> list[Ranked]:
    """Of some rows the ones with the lowest rank."""
    if chosen.size > most:
        chosen = chosen[np.argpartition(rows.rank[chosen], most)[:most]]
    return [
        Ranked((float(rows.rank[row]),), Place(rows.number, int(row)), np.nan) for row in chosen
    ]


def _samples(job: Job, found: Findings, rows: _Rows, reasons: Sequence[str]) -> None:
    most = job.recipe.report.samples
    if not most:
        return
    found.kept = _keep_best(found.kept, _lowest_rank(rows, np.flatnonzero(rows.kept), most), most)
    each = max(most // 2, 1)
    for place, reason in enumerate(reasons[:-1]):
        chosen = np.flatnonzero(rows.first == place)
        if chosen.size:
            known = found.rejected.get(reason, [])
            found.rejected[reason] = _keep_best(known, _lowest_rank(rows, chosen, each), each)


def _close_calls(job: Job, found: Findings, table: pa.Table, rows: _Rows) -> None:
    """Texts near the limits of the signals in `table`, those first that a limit decides alone."""
    if not job.recipe.report.samples:
        return
    most = max(job.recipe.report.samples // 4, 1)
    for signal, limit in job.recipe.limits.items():
        if signal not in table.column_names:
            continue
        values = table[signal].to_numpy()
        for bound, at in (("min", limit.min), ("max", limit.max)):
            if at is None:
                continue
            below = values < np.float32(at)
            above = values > np.float32(at)
            outside = below if bound == "min" else above
            inside = ~outside & ~np.isnan(values)
            far = np.abs(values - np.float32(at))
            for out, side in ((True, outside), (False, inside)):
                decided = side & (rows.reasons == 1 if out else rows.kept)
                call = CloseCall(signal, bound, outside=out)
                new = [
                    *_nearest(rows, (values, far), decided, 0.0, most),
                    *_nearest(rows, (values, far), side & ~decided, 1.0, most),
                ]
                if new:
                    found.close[call] = _keep_best(found.close.get(call, []), new, most)


def _nearest(
    rows: _Rows,
    measured: tuple[NDArray[np.float32], NDArray[np.float32]],
    side: NDArray[np.bool_],
    after: float,
    most: int,
) -> list[Ranked]:
    """Of the rows in `side` those nearest to a limit; `measured` are values and distances."""
    values, far = measured
    chosen = np.flatnonzero(side)
    if chosen.size > most:
        reach = np.partition(far[chosen], most - 1)[most - 1]
        chosen = chosen[far[chosen] <= reach]
        chosen = chosen[np.lexsort((rows.rank[chosen], far[chosen]))[:most]]
    return [
        Ranked(
            (after, float(far[row]), float(rows.rank[row])),
            Place(rows.number, int(row)),
            float(values[row]),
        )
        for row in chosen
    ]


# --- duplicates ----------------------------------------------------------------------------


def _duplicates(job: Job, found: Findings, rows: _Rows, verdict: pa.Table) -> None:
    size = verdict["group_size"].to_numpy()
    stands = np.flatnonzero(size > 1)
    classes = np.searchsorted(SIZES, size[stands], side="right") - 1
    found.sizes.update(SIZES[k] for k in classes.tolist())
    if not job.recipe.report.samples:
        return
    similarity = verdict["similarity"].to_numpy(zero_copy_only=False)
    doubles = np.flatnonzero(~np.isnan(similarity))
    found.keepers = _extreme(found.keepers, rows, stands, -size.astype(np.float64), size)
    found.unlike = _extreme(found.unlike, rows, doubles, similarity, similarity)


def _extreme(
    known: list[Ranked],
    rows: _Rows,
    chosen: NDArray[np.int64],
    order: NDArray[np.floating],
    values: NDArray[np.generic],
) -> list[Ranked]:
    """The few rows that come first in `order`, ties by rank."""
    first = chosen[np.lexsort((rows.rank[chosen], order[chosen]))[:GROUPS_SHOWN]]
    new = [
        Ranked(
            (float(order[row]), float(rows.rank[row])),
            Place(rows.number, int(row)),
            float(values[row]),
        )
        for row in first
    ]
    return _keep_best(known, new, GROUPS_SHOWN)
