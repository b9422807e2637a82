"""
Choose: which texts the report shows, and all its counts, in one pass over the shards.

Nothing here reads a text. Texts are ranked by a hash of their id, so that the choice is the same
for the same input, without a random number. Of each kind only the best few are held.
"""

from __future__ import annotations

import heapq
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.machine import processors
from seimai.pipeline.report.funnel import DEDUP
from seimai.pipeline.report.histogram import Histogram, scale_of
from seimai.pipeline.signal import chosen
from seimai.pipeline.stages.columns import DUPLICATE_IN
from seimai.pipeline.stages.judge import combined, failures
from seimai.pipeline.stored_numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job

GROUPS_SHOWN = 6
"""Groups, and pairs, that the section on duplicates shows."""

ROWS_AT_ONCE = 30_000
"""Rows looked at together: some megabytes of numbers."""

MOST_READERS = 4
"""Shards that are unpacked side by side; each takes its size in memory."""

SIZES = (2, 3, 5, 10, 20, 50, 100, 1000)
"""Where the classes of group sizes begin."""


class RowAddress(NamedTuple):
    """A text: its shard (as a place in the run) and its row."""

    shard: int
    row: int


class Ranked(NamedTuple):
    """A text that may be shown, smallest first."""

    key: tuple[float, ...]
    place: RowAddress
    value: float


class CloseCall(NamedTuple):
    """One side of one bound of a limit."""

    signal: str
    bound: str
    """Which bound it is: `min` or `max`."""
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
    failing: dict[str, Counter[int]] = field(default_factory=dict)
    """For each combined limit how many of the texts it asks fail 0, 1, 2 … of its limits."""
    sizes: Counter[int] = field(default_factory=Counter)
    """Groups by the class of their size, named by where it begins."""
    texts: int = 0
    measured: int = 0
    """How many texts have word signals."""


@dataclass(frozen=True)
class _Rows:
    """Some texts while they are looked at; every array has one entry per text."""

    shard: NDArray[np.int64]
    row: NDArray[np.int64]
    rank: NDArray[np.uint64]
    kept: NDArray[np.bool_]
    first: NDArray[np.int64]
    """Place of the first reason among all reasons, -1 for kept texts."""
    reasons: NDArray[np.int64]
    """How many reasons a text has."""
    size: NDArray[np.int64]
    similarity: NDArray[np.float32]
    measured: NDArray[np.bool_]
    """Whether the verdict of a text asked its words."""
    characters: dict[str, NDArray[np.float32]]
    words: dict[str, NDArray[np.float32]]

    def ranked(
        self, at: int, key: tuple[NDArray[np.generic], ...], value: float = np.nan, *first: float
    ) -> Ranked:
        """The text at a place of these arrays, ordered by `first`, then by the arrays of `key`."""
        order = (*first, *(float(column[at]) for column in key))
        return Ranked(order, RowAddress(int(self.shard[at]), int(self.row[at])), value)


def look_through(job: Job, names: Sequence[str]) -> Findings:
    """Count and choose over all shards; `recipe.report.samples` says how many to show."""
    findings = Findings()
    with ThreadPoolExecutor(min(processors(), MOST_READERS)) as pool:
        for batch in _batches(job, names):
            rows = _join(list(pool.map(lambda member: _read(job, *member), batch)))
            findings.texts += rows.kept.size
            findings.measured += int(rows.measured.sum())
            _count(job, findings, rows)
            if job.recipe.report.samples:
                _samples(job, findings, rows)
                _close_calls(job, findings, rows)
            _duplicates(job, findings, rows)
    return findings


def _batches(job: Job, names: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
    """Shards that are looked at together: numpy is quick only on many rows."""
    batch: list[tuple[int, str]] = []
    rows = 0
    for number, name in enumerate(names):
        sidecar = shard.read_sidecar(job.path("verdict", name))
        batch.append((number, name))
        rows += sidecar.rows if sidecar else ROWS_AT_ONCE
        if rows >= ROWS_AT_ONCE:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _read(job: Job, number: int, name: str) -> _Rows:
    """The numbers and the verdict of one shard."""
    verdict = shard.read_table(job.path("verdict", name))
    similarity = verdict["similarity"]
    if DUPLICATE_IN in verdict.column_names:
        # The other text of such a pair is in an earlier release and cannot be shown.
        here = pc.is_null(verdict[DUPLICATE_IN])
        similarity = pc.if_else(here, similarity, pa.scalar(None, pa.float32()))
    ids = shard.read_table(job.path("text", name), ["id"])["id"].cast(pa.binary()).to_pylist()
    lists = verdict["reasons"].combine_chunks()
    starts = lists.offsets.to_numpy()
    order = pa.array([*job.recipe.reasons, DEDUP])
    flat = pc.index_in(lists.values, order).to_numpy(zero_copy_only=False)
    many = np.diff(starts).astype(np.int64)
    first = np.full(len(ids), -1, np.int64)
    first[many > 0] = flat[starts[:-1][many > 0]]
    # By name, so that what judging has unpacked is taken from there, and stays for who comes next.
    every = (*chosen(job.signals, "characters"), *chosen(job.signals, "run"))
    characters = read_numbers(job, name, [*(signal.name for signal in every), "bytes"])
    # What was measured for an earlier recipe says nothing here.
    measured = np.asarray(verdict["revealed"].to_numpy(zero_copy_only=False), bool)
    words: dict[str, NDArray[np.float32]] = {}
    if job.path("words", name).exists():
        table = shard.read_table(job.path("words", name))
        words = {
            signal: np.where(measured, values, np.float32(np.nan))
            for signal, values in _numbers(job, table).items()
        }
    return _Rows(
        shard=np.full(len(ids), number, np.int64),
        row=np.arange(len(ids)),
        rank=np.fromiter(map(xxhash.xxh3_64_intdigest, ids), np.uint64, len(ids)),
        kept=np.asarray(verdict["kept"].to_numpy(zero_copy_only=False), bool),
        first=first,
        reasons=many,
        size=verdict["group_size"].to_numpy(),
        similarity=similarity.to_numpy(zero_copy_only=False).astype(np.float32),
        measured=measured,
        characters=_numbers(job, characters),
        words=words,
    )


def _numbers(job: Job, table: pa.Table) -> dict[str, NDArray[np.float32]]:
    return {name: table[name].to_numpy() for name in table.column_names if name in job.signals}


def _join(parts: list[_Rows]) -> _Rows:
    """Several shards as one; where a shard has no word signals they are nan."""
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, Any] = {}
    for field_ in fields(_Rows):
        pieces = [getattr(part, field_.name) for part in parts]
        if field_.name not in ("characters", "words"):
            joined[field_.name] = np.concatenate(pieces)
            continue
        columns = {name: None for piece in pieces for name in piece}
        joined[field_.name] = {
            name: np.concatenate(
                [
                    piece[name] if name in piece else np.full(part.kept.size, np.nan, np.float32)
                    for piece, part in zip(pieces, parts, strict=True)
                ]
            )
            for name in columns
        }
    return _Rows(**joined)


def _count(job: Job, findings: Findings, rows: _Rows) -> None:
    measured = rows.kept[rows.measured]
    for name, values in (*rows.characters.items(), *rows.words.items()):
        if name not in findings.histograms:
            findings.histograms[name] = Histogram(scale_of(job.signals[name].between))
        if name in rows.words:
            findings.histograms[name].add(values[rows.measured], measured)
        else:
            findings.histograms[name].add(values, rows.kept)
    numbers = {**rows.characters, **rows.words}
    for limit in job.recipe.together:
        if numbers.keys() >= set(limit.signals):
            table = pa.table({name: numbers[name] for name in limit.signals})
            asked = ~failures(limit.where, table).any(axis=1)
            if not rows.words.keys().isdisjoint(limit.signals):
                asked &= rows.measured
            texts = np.bincount(combined(limit, table)[1][asked]).tolist()
            counts = {many: count for many, count in enumerate(texts) if count}
            findings.failing.setdefault(limit.reason, Counter()).update(counts)


# --- the best few --------------------------------------------------------------------------


def _keep_best(best: list[Ranked], new: list[Ranked], wanted: int) -> list[Ranked]:
    return heapq.nsmallest(wanted, [*best, *new])


def _lowest_rank(rows: _Rows, chosen: NDArray[np.int64], wanted: int) -> list[Ranked]:
    """Those of some rows that have the lowest ranks."""
    if chosen.size > wanted:
        chosen = chosen[np.argpartition(rows.rank[chosen], wanted)[:wanted]]
    return [rows.ranked(at, (rows.rank,)) for at in chosen.tolist()]


def _samples(job: Job, findings: Findings, rows: _Rows) -> None:
    wanted = job.recipe.report.samples
    findings.kept = _keep_best(
        findings.kept, _lowest_rank(rows, np.flatnonzero(rows.kept), wanted), wanted
    )
    each = max(wanted // 2, 1)
    for place, reason in enumerate(job.recipe.reasons):
        chosen = np.flatnonzero(rows.first == place)
        if chosen.size:
            best = findings.rejected.get(reason, [])
            findings.rejected[reason] = _keep_best(best, _lowest_rank(rows, chosen, each), each)


def _close_calls(job: Job, findings: Findings, rows: _Rows) -> None:
    """Texts near the limits, those first whose verdict the limit decides alone."""
    wanted = max(job.recipe.report.samples // 4, 1)
    numbers = {**rows.characters, **rows.words}
    for signal, limit in job.recipe.limits.items():
        values = numbers.get(signal)
        if values is None:
            continue
        for bound, at in (("min", limit.min), ("max", limit.max)):
            if at is None:
                continue
            edge = np.float32(at)
            outside = values < edge if bound == "min" else values > edge
            inside = ~outside & ~np.isnan(values)
            far = np.abs(values - edge)
            for out, side in ((True, outside), (False, inside)):
                decided = side & (rows.reasons == 1 if out else rows.kept)
                call = CloseCall(signal, bound, outside=out)
                chosen = [(0.0, decided), (1.0, side & ~decided)]
                new = [
                    rows.ranked(place, (far, rows.rank), float(values[place]), after)
                    for after, some in chosen
                    for place in _nearest(rows, far, some, wanted)
                ]
                if new:
                    findings.close[call] = _keep_best(findings.close.get(call, []), new, wanted)


def _nearest(
    rows: _Rows, far: NDArray[np.float32], side: NDArray[np.bool_], wanted: int
) -> list[int]:
    """The rows in `side` that are nearest, ties by rank."""
    chosen = np.flatnonzero(side)
    if chosen.size > wanted:
        reach = np.partition(far[chosen], wanted - 1)[wanted - 1]
        chosen = chosen[far[chosen] <= reach]
        chosen = chosen[np.lexsort((rows.rank[chosen], far[chosen]))[:wanted]]
    return [int(at) for at in chosen]


# --- duplicates ----------------------------------------------------------------------------


def _duplicates(job: Job, findings: Findings, rows: _Rows) -> None:
    stands = np.flatnonzero(rows.size > 1)
    classes = np.searchsorted(SIZES, rows.size[stands], side="right") - 1
    findings.sizes.update(SIZES[k] for k in classes.tolist())
    if not job.recipe.report.samples:
        return
    doubles = np.flatnonzero(~np.isnan(rows.similarity))
    findings.keepers = _extreme(findings.keepers, rows, stands, -rows.size, rows.size)
    findings.unlike = _extreme(findings.unlike, rows, doubles, rows.similarity, rows.similarity)


def _extreme(
    best: list[Ranked],
    rows: _Rows,
    chosen: NDArray[np.int64],
    order: NDArray[Any],
    values: NDArray[Any],
) -> list[Ranked]:
    """The few rows that come first in `order`, ties by rank."""
    first = chosen[np.lexsort((rows.rank[chosen], order[chosen]))[:GROUPS_SHOWN]]
    new = [rows.ranked(at, (order, rows.rank), float(values[at])) for at in first.tolist()]
    return _keep_best(best, new, GROUPS_SHOWN)
