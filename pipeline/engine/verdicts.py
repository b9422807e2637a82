"""
Settle: judge all texts of a run, tokenizing what the verdict still depends on, in rounds.

The numbers of a run are a few bytes a text, so they are held for all texts at once; the texts
are not touched. What is settled is written as verdict shards, siblings of the text shards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.engine.against import has_twin, twins_of
from seimai.pipeline.engine.containment import take_out_contained
from seimai.pipeline.engine.group_ranks import grouped, keeps_best_word, ranked_groups
from seimai.pipeline.engine.judged_numbers import (
    MOST_READERS,
    concatenate,
    numbers_of,
    rows_of,
    word_table,
)
from seimai.pipeline.errors import Problem
from seimai.pipeline.machine import in_threads
from seimai.pipeline.stages.judge import (
    Limits,
    LimitsByNeed,
    Verdict,
    WordNumbers,
    asked_words,
    asks_words,
    hold,
    judge,
    limits_by_need,
    reasons_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.job import Job

MOST_ROUNDS = 100
"""A round settles twice as many texts of a group as the one before; this many means a fault."""

Tokenize = Callable[[dict[str, list[int]]], None]
"""Make sure that these rows of these shards have tokens and word signals."""


def settle(job: Job, names: Sequence[str], tokenize: Tokenize, *, screen: bool = True) -> None:
    """
    Judge every text of the shards `names` and write their verdicts.

    With `screen` false everything is tokenized first; the verdicts are the same, later.
    """
    limits = limits_by_need(job.recipe, job.signals)
    rows = [rows_of(job, name) for name in names]
    start = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)

    def looked_at(name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        failed = _any_failure(limits.characters, numbers_of(job, name, limits.characters))
        return ~failed, _asked(job, name, limits)

    first = list(in_threads(looked_at, names, MOST_READERS))
    passed, asked = (concatenate([one[k] for one in first]).astype(bool) for k in (0, 1))
    # What was released before is settled: it is kept of no group, and nobody asks for its words.
    passed &= ~_twins(job, names, rows)
    if "tokens" in job.recipe.needs(job.signals) and not screen:
        tokenize({name: list(range(count)) for name, count in zip(names, rows, strict=True)})
    elif keeps_best_word(job) and job.recipe.dedup:
        tokenize(_by_shard(names, start, passed & asked & grouped(job, names)))
    groups = ranked_groups(job, names, start, asked)
    for _ in range(MOST_ROUNDS):
        words = _word_numbers(job, names, rows, limits)
        if words is not None:
            # Nobody waits for the words of the others, and they speak against nothing.
            words = WordNumbers(words.measured | ~asked, words.failed & asked)
        verdict = judge(passed, words, groups)
        if not verdict.needed.any():
            break
        tokenize(_by_shard(names, start, verdict.needed))
    else:
        raise Problem("S020", rounds=MOST_ROUNDS)
    verdict.revealed[~asked] = False
    take_out_contained(job, names, start, verdict)
    _write(job, names, start, limits, verdict)


def _any_failure(limits: Limits, numbers: pa.Table) -> NDArray[np.bool_]:
    """Which texts fail at least one of the limits."""
    failed: NDArray[np.bool_] = np.any(hold(limits, numbers)[0], axis=1)
    return failed


def _asked(job: Job, name: str, limits: LimitsByNeed) -> NDArray[np.bool_]:
    """Of which texts of a shard the recipe asks the words."""
    columns = [*limits.where, "bytes"]
    return asked_words(limits.where, shard.read_table(job.path("signals", name), columns))


def _twins(job: Job, names: Sequence[str], rows: Sequence[int]) -> NDArray[np.bool_]:
    """Which texts have a twin in an earlier release."""
    found = []
    for name, count in zip(names, rows, strict=True):
        twin = has_twin(job, name)
        found.append(np.zeros(count, bool) if twin is None else twin)
    return concatenate(found)


def _by_shard(
    names: Sequence[str], start: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> dict[str, list[int]]:
    rows = {
        name: np.flatnonzero(wanted[start[k] : start[k + 1]]).tolist()
        for k, name in enumerate(names)
    }
    return {name: wanted_rows for name, wanted_rows in rows.items() if wanted_rows}


def _word_numbers(
    job: Job, names: Sequence[str], rows: Sequence[int], limits: LimitsByNeed
) -> WordNumbers | None:
    if not limits.words.reasons and not _releases_words(job):
        return None
    count = dict(zip(names, rows, strict=True))

    def known(name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        table = word_table(job, name, limits.words)
        if table is None:
            return np.zeros(count[name], bool), np.zeros(count[name], bool)
        measured = table.column("measured").to_numpy().astype(bool)
        return measured, _any_failure(limits.words, table)

    found = list(in_threads(known, names, MOST_READERS))
    return WordNumbers(
        concatenate([measured for measured, _ in found]),
        concatenate([failed for _, failed in found]),
    )


def _releases_words(job: Job) -> bool:
    return asks_words(job.signals, job.recipe.released)


def _write(
    job: Job,
    names: Sequence[str],
    start: NDArray[np.int64],
    limits: LimitsByNeed,
    verdict: Verdict,
) -> None:
    """One verdict shard per text shard; a shard whose verdict did not change is left alone."""
    # A text that was released before is a duplicate of that one, not of another in this run.
    verdict.duplicate_of[_twins(job, names, np.diff(start).tolist())] = -1
    keeper_ids = _keeper_ids(job, names, start, verdict)
    size = np.ones(start[-1], np.int64)
    doubles = verdict.duplicate_of[verdict.duplicate_of >= 0]
    np.add.at(size, doubles, 1)
    order = job.recipe.reasons
    place = {name: k for k, name in enumerate(names)}

    def verdicts_of(name: str) -> pa.Table:
        k = place[name]
        part = slice(start[k], start[k + 1])
        numbers = numbers_of(job, name, limits.characters)
        words = word_table(job, name, limits.words) if limits.words.reasons else None
        failed = np.zeros((numbers.num_rows, len(order)), bool)
        values = np.full((numbers.num_rows, len(order)), np.nan, np.float32)
        at = [order.index(reason) for reason in limits.characters.reasons]
        failed[:, at], values[:, at] = hold(limits.characters, numbers)
        if words is not None:
            at = [order.index(reason) for reason in limits.words.reasons]
            word_fails, values[:, at] = hold(limits.words, words)
            failed[:, at] = word_fails & verdict.revealed[part, None]
        keeper, kept = verdict.duplicate_of[part], verdict.kept[part]
        duplicate, similarity = keeper >= 0, verdict.similarity[part]
        duplicate_of = pa.array([keeper_ids.get(row) for row in keeper.tolist()], pa.string())
        twins = twins_of(job, name)
        if twins is not None:
            found = twins.column("twin").is_valid().to_numpy().astype(bool)
            alike = twins.column("similarity").to_numpy()
            duplicate, similarity = duplicate | found, np.where(found, alike, similarity)
            duplicate_of = pc.if_else(found, twins.column("twin"), duplicate_of)
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
                "group_size": size[part],
                "revealed": verdict.revealed[part],
                "bytes": numbers.column("bytes"),
            }
        )
        if twins is not None:
            table = table.append_column("duplicate_in", twins.column("release"))
        return table

    for name, table in zip(names, in_threads(verdicts_of, names, MOST_READERS), strict=True):
        write_if_changed(job, name, table)


def write_if_changed(job: Job, name: str, table: pa.Table) -> None:
    """Write a verdict shard, unless the very same bytes are there already."""
    import xxhash

    path = job.path("verdict", name)
    data = shard.to_parquet(table)
    digest = xxhash.xxh3_128_hexdigest(data)
    if shard.read_sidecar(path, digest) is None:
        kept = int(np.asarray(table.column("kept")).sum())
        counts = {"kept": kept, "rejected": table.num_rows - kept}
        shard.write_shard(path, table, digest, counts, data)


def _keeper_ids(
    job: Job, names: Sequence[str], start: NDArray[np.int64], verdict: Verdict
) -> dict[int, str]:
    keepers = np.unique(verdict.duplicate_of[verdict.duplicate_of >= 0])
    where = np.searchsorted(start, keepers, side="right") - 1
    ids: dict[int, str] = {}
    for k in np.unique(where).tolist():
        rows = keepers[where == k]
        column = shard.read_table(job.path("text", names[k]), ["id"]).column("id")
        found = column.take(pa.array(rows - start[k])).to_pylist()
        ids.update(zip(rows.tolist(), found, strict=True))
    return ids
