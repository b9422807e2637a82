"""
Settle: judge all texts of a run, tokenizing what the verdict still depends on, in rounds.

The numbers of a run are a few bytes a text, so they are held for all texts at once; the texts
are not touched. What is settled is written by `verdict_shards`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline.engine.judging.against import has_twin
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
from seimai.pipeline.engine.judging.verdict_shards import write_verdicts
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
)
from seimai.pipeline.stored_numbers import read_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.engine.judging.group_ranks import Portion
    from seimai.pipeline.job import Job

MOST_ROUNDS = 100
"""A round settles twice as many texts of a group as the one before; this many means a fault."""

MOST_HELD = 10_000_000
"""Comparisons of a text with a limit whose results are kept, of five bytes each."""

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
    # Small runs hold the limits once; of large ones no more than memory has room for is kept.
    room = MOST_HELD // max(len(names), 1)
    held: dict[str, tuple[NDArray[np.bool_], NDArray[np.float32]]] = {}

    def looked_at(name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        read_numbers(job, name, every)  # in one go, for all that follows
        result = hold(limits.characters, numbers_of(job, name, limits.characters))
        if result[0].size <= room:
            held[name] = result
        return ~np.any(result[0], axis=1), _asked(job, name, limits)

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
        write_verdicts(job, names, start, limits, verdict, folder, held)


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
    """Which texts of a shard the recipe asks for word signals, as flags."""
    columns = [*limits.where, "bytes"]
    return asked_words(limits.where, read_numbers(job, name, columns))


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
