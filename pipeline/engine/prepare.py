"""
Prepare: build the text, signal and sketch shards of every split.

Fingerprints on disk say what is missing, before and after the executor has worked; what it says of
itself is for the progress bar.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.engine.planning import fingerprints, ledger
from seimai.pipeline.engine.planning.news import NAMED, compare
from seimai.pipeline.engine.planning.plan import Plan, Split, split_as_dict
from seimai.pipeline.engine.planning.surroundings import Interfered
from seimai.pipeline.engine.precompile import compile_cold
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.engine.planning.records import LedgerRecord, PlanRecord, TaskMessage
    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.engine.workers.pool import Executor
    from seimai.pipeline.job import Job

ROUNDS = 3
"""A stage plans what is missing, runs it and looks again, this many times."""


def stale_splits(job: Job, splits: Sequence[Split]) -> list[Split]:
    """Splits with any of text, signals or sketch missing or made otherwise."""
    return [split for split in splits if not _is_prepared(job, split)]


def _is_prepared(job: Job, split: Split) -> bool:
    done = ledger.read(job, split)
    return done is not None and all(
        shard.read_sidecar(job.path("signals", name), fingerprints.signals_fingerprint(job, name))
        and (
            job.recipe.dedup is None
            or shard.read_sidecar(
                job.path("sketch", name), fingerprints.sketch_fingerprint(job, name)
            )
        )
        for name in done["shards"]
    )


def prepare(
    job: Job, splits: Sequence[Split], executor: Executor, show: Progress
) -> tuple[list[str], list[LedgerRecord]]:
    """
    Make text, signals and sketches of all splits; give their shards in order and the ledgers.

    Raises `Interfered`, when all that could be done is done, where inputs could not be read.
    """
    for _ in range(ROUNDS):
        missing = stale_splits(job, splits)
        if not missing:
            break
        # The largest first, so that no worker starts a long task when the others are done.
        missing.sort(key=lambda split: -sum(one.size for one in split.inputs))
        tasks: list[TaskMessage] = [
            {"kind": "prepare", "split": split_as_dict(split)} for split in missing
        ]
        compile_cold(show)
        work(show, "prepare", tasks, executor)
        faults = [fault for split in missing for fault in ledger.read_faults(job, split)]
        if faults:
            raise Interfered(faults)
    else:
        names = ", ".join(split.name for split in stale_splits(job, splits)[:5])
        if names:
            raise Problem("S025", stage="prepare", rounds=ROUNDS, missing=names)
    ledgers = ledgers_of(job, splits)
    return [name for found in ledgers for name in found["shards"]], ledgers


def ledgers_of(job: Job, splits: Sequence[Split]) -> list[LedgerRecord]:
    """The ledgers of those splits that are finished."""
    return [found for split in splits if (found := ledger.read(job, split)) is not None]


def first_splits(
    job: Job, splits: Sequence[Split], make: Callable[[Split], Sequence[LedgerRecord]]
) -> list[Split]:
    """
    The splits with the first `max_records` texts of each source, each told how many it may read.

    How many that are is known when those before it are read, so they are made here, one after
    the other: `make` gives the ledger of a split, or nothing where it cannot be known.
    """
    remaining: dict[int, int] = {}
    chosen: list[Split] = []
    for split in splits:
        room = remaining.get(split.source, job.max_records or 0)
        if room <= 0:
            continue
        chosen.append(replace(split, max_records=room))
        ledgers = make(chosen[-1])
        read = ledgers[0]["read"] - ledgers[0]["quarantined"] if ledgers else room
        remaining[split.source] = room - read
    return chosen


def only_known(job: Job, plan: Plan, earlier: PlanRecord) -> Plan:
    """
    A plan of the splits that an earlier plan has too, all of them prepared already.

    Raises a `Problem` where there are none, and where an input has changed or is to be read in
    another way: its texts would be missing.
    """
    names = {split["name"] for split in earlier["splits"]}
    there = [split for split in plan.splits if split.name in names]
    new = set(compare(plan, earlier, [source.name for source in job.recipe.source]).new)
    others = [one.key for split in plan.splits for one in split.inputs if split.name not in names]
    # A fresh split may hold a known input as well, where another of its old split went or changed.
    unread = [key for key in others if key not in new] if there else others
    unread += [split.inputs[0].key for split in stale_splits(job, there)]
    if unread or not there:
        more = ["…"] if len(unread) > NAMED else []
        raise Problem("O008", path=str(job.out), inputs=", ".join([*unread[:NAMED], *more]))
    return replace(plan, splits=there)


def work(show: Progress, stage: str, tasks: Sequence[TaskMessage], executor: Executor) -> None:
    """Let an executor do tasks, and tell how far it is."""
    show.stage(stage, len(tasks), "batches")
    try:
        executor(
            tasks,
            lambda counts: show.advance(
                1, counts["bytes"], counts["texts"], counts.get("passed", 0)
            ),
        )
    finally:
        show.done()
