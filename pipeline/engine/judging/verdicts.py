"""
Settle: judge all texts of a run, tokenizing what the verdict still depends on, in rounds.

The numbers of a run are a few bytes a text, so they are held for all texts at once; the texts
are not touched. What is settled is written as verdict shards, siblings of the text shards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.engine.judging.against import has_twin, twins_of
from seimai.pipeline.engine.judging.containment import take_out_contained
from seimai.pipeline.engine.judging.group_ranks import (
    grouped,
    judging_folder,
    keeps_best_word,
    ranked_portions,
)
from seimai.pipeline.engine.judging.judged_numbers import (
    MOST_READERS,
    concatenate,
    numbers_asked,
    numbers_of,
    rows_of,
    word_table,
)
from seimai.pipeline.engine.judging.passages import take_out_passages
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
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.engine.judging.group_ranks import Portion
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

    every = numbers_asked(job, limits)

    def looked_at(name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        shard.read_table(job.path("signals", name), every)  # in one go, for all that follows
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
    with judging_folder(job) as folder:
        portions = ranked_portions(job, names, start, asked, folder)
        words = _no_words(job, limits, asked)
        wanted: Collection[str] = names
        for _ in range(MOST_ROUNDS):
            if words is not None:
                _look_up_words(job, names, start, limits, words, asked, frozenset(wanted))
            verdict = judge_portions(passed, words, portions)
            if not verdict.needed.any():
                break
            rows_wanted = _by_shard(names, start, verdict.needed)
            tokenize(rows_wanted)
            wanted = rows_wanted  # the words of the other shards are as they were
        else:
            raise Problem("S020", rounds=MOST_ROUNDS)
        verdict.revealed[~asked] = False
        take_out_contained(job, names, start, verdict)
        take_out_passages(job, names, start, verdict)
        _write(job, names, start, limits, verdict, folder)


def judge_portions(
    passed: NDArray[np.bool_],
    words: WordNumbers | None,
    portions: Sequence[Callable[[], Portion]],
) -> Verdict:
    """
    What `judge` gives for all texts, whose groups are judged one portion after the other.

    No group depends on another, so the verdicts are those of all groups together. The texts that
    have no duplicates are judged at once.
    """
    verdict = judge(passed, words, None)

    def judged(read: Callable[[], Portion]) -> tuple[Integers, Verdict]:
        one = read()
        some = words and WordNumbers(words.measured[one.rows], words.failed[one.rows])
        return one.rows, judge(passed[one.rows], some, one.groups)

    for rows, part in in_threads(judged, portions, MOST_READERS):
        verdict.kept[rows], verdict.revealed[rows] = part.kept, part.revealed
        verdict.needed[rows], verdict.similarity[rows] = part.needed, part.similarity
        partner = part.duplicate_of
        verdict.duplicate_of[rows] = np.where(partner < 0, -1, rows[partner])
    return verdict


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


def _no_words(job: Job, limits: LimitsByNeed, asked: NDArray[np.bool_]) -> WordNumbers | None:
    """What is known of words before anybody looks; None where nobody asks for any."""
    if not limits.words.reasons and not _releases_words(job):
        return None
    # Nobody waits for the words of texts that are not asked, and they speak against nothing.
    return WordNumbers(~asked, np.zeros(asked.size, bool))


def _look_up_words(
    job: Job,
    names: Sequence[str],
    start: Integers,
    limits: LimitsByNeed,
    words: WordNumbers,
    asked: NDArray[np.bool_],
    wanted: Collection[str],
) -> None:
    """Put into `words` what is measured by now of the shards `wanted`."""

    def look_up(k: int) -> None:
        part = slice(start[k], start[k + 1])
        table = word_table(job, names[k], limits.words)
        if table is None:
            return
        measured = table.column("measured").to_numpy().astype(bool)
        words.measured[part] = measured | ~asked[part]
        words.failed[part] = _any_failure(limits.words, table) & asked[part]

    places = [k for k, name in enumerate(names) if name in wanted]
    for _ in in_threads(look_up, places, MOST_READERS):
        pass


def _releases_words(job: Job) -> bool:
    return asks_words(job.signals, job.recipe.released)


def _write(
    job: Job,
    names: Sequence[str],
    start: NDArray[np.int64],
    limits: LimitsByNeed,
    verdict: Verdict,
    folder: Path,
) -> None:
    """One verdict shard per text shard; a shard whose verdict did not change is left alone."""
    # A text that was released before is a duplicate of that one, not of another in this run.
    for k, name in enumerate(names):
        twin = has_twin(job, name)
        if twin is not None:
            verdict.duplicate_of[start[k] : start[k + 1]][twin] = -1
    size, keepers = _sizes(verdict.duplicate_of, start)
    ids = _ids_of(job, names, start, keepers, folder / "ids")
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
        place_of = pa.array(np.searchsorted(keepers, keeper), mask=~duplicate)
        duplicate_of = ids.take(place_of).cast(pa.string())
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
                "group_size": size[part].astype(np.int64),
                "revealed": verdict.revealed[part],
                "bytes": numbers.column("bytes"),
            }
        )
        if twins is not None:
            table = table.append_column("duplicate_in", twins.column("release"))
        return table

    def write(name: str) -> None:
        write_if_changed(job, name, verdicts_of(name))

    # Side by side, for most of writing is waiting for the disk.
    for _ in in_threads(write, names, MOST_READERS):
        pass


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
