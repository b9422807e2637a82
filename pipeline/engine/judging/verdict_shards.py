"""
Verdict shards: which texts are kept, and all reasons of the others, one file per text shard.

`verdicts` judges; here its arrays, which hold all texts of a run one after the other, become
tables with the same rows as the text shards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.engine.judging.against import has_twin, twins_of
from seimai.pipeline.engine.judging.judged_numbers import MOST_READERS, numbers_of, word_table
from seimai.pipeline.machine import in_threads
from seimai.pipeline.stages.judge import LimitsByNeed, Verdict, hold, reasons_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Flags, Integers, Singles
    from seimai.pipeline.job import Job


@dataclass(frozen=True)
class _Judged:
    """A run that is judged: what the table of any of its shards is made of."""

    job: Job
    limits: LimitsByNeed
    verdict: Verdict
    size: NDArray[np.int32]
    """For how many texts each one stands, itself included."""
    keepers: Integers
    """The rows of the texts that stand for others, sorted."""
    ids: pa.LargeStringArray
    """The ids of `keepers`."""
    held: Mapping[str, tuple[Flags, Singles]]
    """Of some shards what holding the limits on characters gave."""


def write_verdicts(
    job: Job,
    names: Sequence[str],
    start: Integers,
    limits: LimitsByNeed,
    verdict: Verdict,
    folder: Path,
    held: Mapping[str, tuple[Flags, Singles]],
) -> None:
    """
    Write one verdict shard per text shard; a shard whose verdict did not change is left alone.

    The texts of shard `names[k]` are the rows `start[k]` to `start[k + 1]` of `verdict`. `folder`
    takes a file that is needed meanwhile. `held` has, of shards that were looked at before, what
    `hold` gave for the limits on characters; the others are held against them again.
    """
    # A text that was released before is a duplicate of that one, not of another in this run.
    for k, name in enumerate(names):
        twin = has_twin(job, name)
        if twin is not None:
            verdict.duplicate_of[start[k] : start[k + 1]][twin] = -1
    size, keepers = _sizes(verdict.duplicate_of, start)
    ids = _ids_of(job, names, start, keepers, folder / "ids")
    judged = _Judged(job, limits, verdict, size, keepers, ids, held)

    def write(k: int) -> None:
        rows = slice(int(start[k]), int(start[k + 1]))
        _write_if_changed(job, names[k], _table(judged, names[k], rows))

    # Side by side, for most of writing is waiting for the disk.
    for _ in in_threads(write, range(len(names)), MOST_READERS):
        pass


def _table(judged: _Judged, name: str, rows: slice) -> pa.Table:
    """The verdicts of one shard, whose texts are `rows` of the run."""
    verdict = judged.verdict
    numbers = numbers_of(judged.job, name, judged.limits.characters)
    failed, values = _held(judged, name, numbers, verdict.revealed[rows])
    kept, keeper = verdict.kept[rows], verdict.duplicate_of[rows]
    duplicate, similarity = keeper >= 0, verdict.similarity[rows]
    place = pa.array(np.searchsorted(judged.keepers, keeper), mask=~duplicate)
    duplicate_of = judged.ids.take(place).cast(pa.string())
    twins = twins_of(judged.job, name)
    if twins is not None:
        found = twins.column("twin").is_valid().to_numpy().astype(bool)
        alike = twins.column("similarity").to_numpy()
        duplicate, similarity = duplicate | found, np.where(found, alike, similarity)
        duplicate_of = pc.if_else(found, twins.column("twin"), duplicate_of)
    order = judged.job.recipe.reasons
    reasons, reason_values = reasons_of(order, failed, values, duplicate, similarity)
    # Whatever is not kept must say why.
    blamed = np.diff(reasons.offsets.to_numpy()) > 0
    shard.conserve(name, kept.size, int(kept.sum()), int((blamed & ~kept).sum()), 0)
    table = pa.table(
        {
            "kept": kept,
            "reasons": reasons,
            "values": reason_values,
            "duplicate_of": duplicate_of,
            "similarity": pa.array(similarity, pa.float32(), mask=~duplicate),
            "group_size": judged.size[rows].astype(np.int64),
            "revealed": verdict.revealed[rows],
            "bytes": numbers.column("bytes"),
        }
    )
    if twins is not None:
        table = table.append_column("duplicate_in", twins.column("release"))
    return table


def _held(judged: _Judged, name: str, numbers: pa.Table, revealed: Flags) -> tuple[Flags, Singles]:
    """
    Which reasons each text of a shard gives, and its number for each: (texts, reasons) both.

    Words speak only of the texts whose words are `revealed`; elsewhere their numbers are nan.
    """
    limits, order = judged.limits, judged.job.recipe.reasons
    failed = np.zeros((numbers.num_rows, len(order)), bool)
    values = np.full((numbers.num_rows, len(order)), np.nan, np.float32)
    at = [order.index(reason) for reason in limits.characters.reasons]
    known = judged.held.get(name)
    failed[:, at], values[:, at] = known or hold(limits.characters, numbers)
    words = word_table(judged.job, name, limits.words) if limits.words.reasons else None
    if words is not None:
        at = [order.index(reason) for reason in limits.words.reasons]
        word_fails, values[:, at] = hold(limits.words, words)
        failed[:, at] = word_fails & revealed[:, None]
    return failed, values


def _write_if_changed(job: Job, name: str, table: pa.Table) -> None:
    """Write a verdict shard, unless the very same bytes are there already."""
    import xxhash

    path = job.path("verdict", name)
    data = shard.to_parquet(table)
    digest = xxhash.xxh3_128_hexdigest(data)
    if shard.read_sidecar(path, digest) is None:
        kept = int(np.asarray(table.column("kept")).sum())
        counts = {"kept": kept, "rejected": table.num_rows - kept}
        shard.write_shard(path, table, digest, counts, data)
    # All that comes after judging looks at it.
    shard.read_table(path)


def _sizes(duplicate_of: Integers, start: Integers) -> tuple[NDArray[np.int32], Integers]:
    """For how many texts each one stands, itself included, and the rows that stand for others."""
    size = np.ones(duplicate_of.size, np.int32)
    for begin, end in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        some = duplicate_of[begin:end]
        np.add.at(size, some[some >= 0], 1)
    return size, np.flatnonzero(size > 1).astype(np.int64, copy=False)


def _ids_of(
    job: Job, names: Sequence[str], start: Integers, rows: Integers, path: Path
) -> pa.LargeStringArray:
    """The ids of some rows (sorted) of the run, in a file that is looked into where it lies."""
    cuts = np.searchsorted(rows, start)
    ends = [np.zeros(1, np.int64)]
    with path.open("wb") as file:
        for k, name in enumerate(names):
            wanted = rows[cuts[k] : cuts[k + 1]] - start[k]
            if not wanted.size:
                continue
            column = shard.read_table(job.path("text", name), ["id"]).column("id")
            some = column.take(pa.array(wanted)).combine_chunks().cast(pa.large_binary())
            offsets = np.frombuffer(some.buffers()[1], np.int64)[: len(some) + 1]
            file.write(memoryview(some.buffers()[2] or b"")[offsets[0] : offsets[-1]])
            ends.append(ends[-1][-1] + offsets[1:] - offsets[0])
    offsets = np.concatenate(ends)
    with pa.memory_map(str(path)) as mapped:
        data = mapped.read_buffer() if offsets[-1] else pa.py_buffer(b"")
    return pa.LargeStringArray.from_buffers(rows.size, pa.py_buffer(offsets), data)
