"""
Polish: text, signals and sketches of all units, by whatever crew there is.

Fingerprints on disk say what is missing, before and after the crew has worked; what it says of
itself is for the progress bar.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seimai.pipeline import ledger, shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.plan import Job, Unit, unit_as_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seimai.pipeline.crew import Crew, Task
    from seimai.pipeline.progress import Progress

ROUNDS = 3
"""A stage plans what is missing, runs it and looks again, this many times."""


def stale_units(job: Job, units: Sequence[Unit]) -> list[Unit]:
    """Units with any of text, signals or sketch missing or made otherwise."""
    return [unit for unit in units if not _is_polished(job, unit)]


def _is_polished(job: Job, unit: Unit) -> bool:
    done = ledger.read(job, unit)
    return done is not None and all(
        shard.read_sidecar(job.path("signals", name), ledger.signals_fingerprint(job, name))
        and (
            job.recipe.dedup is None
            or shard.read_sidecar(job.path("sketch", name), ledger.sketch_fingerprint(job, name))
        )
        for name in done["shards"]
    )


def polish(
    job: Job, units: Sequence[Unit], crew: Crew, show: Progress
) -> tuple[list[str], list[dict[str, Any]]]:
    """Make text, signals and sketches of all units; give their shards in order and the ledgers."""
    for _ in range(ROUNDS):
        missing = stale_units(job, units)
        if not missing:
            break
        # The largest first, so that no worker starts a long task when the others are done.
        missing.sort(key=lambda unit: -sum(one.size for one in unit.inputs))
        tasks: list[Task] = [{"kind": "polish", "unit": unit_as_dict(unit)} for unit in missing]
        work(show, "polish", tasks, crew)
    else:
        names = ", ".join(unit.name for unit in stale_units(job, units)[:5])
        if names:
            raise Problem("S025", stage="polish", rounds=ROUNDS, missing=names)
    ledgers = ledgers_of(job, units)
    return [name for found in ledgers for name in found["shards"]], ledgers


def ledgers_of(job: Job, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """The ledgers of those units that are finished."""
    return [found for unit in units if (found := ledger.read(job, unit)) is not None]


def first_units(
    job: Job, units: Sequence[Unit], make: Callable[[Unit], Sequence[Mapping[str, Any]]]
) -> list[Unit]:
    """
    The units with the first `limit` texts of each source, each told how many it may read.

    How many that are is known when those before it are read, so they are made here, one after
    the other: `make` gives the ledger of a unit, or nothing where it cannot be known.
    """
    left: dict[int, int] = {}
    chosen: list[Unit] = []
    for unit in units:
        room = left.get(unit.source, job.limit or 0)
        if room <= 0:
            continue
        chosen.append(replace(unit, limit=room))
        found = make(chosen[-1])
        read = found[0]["read"] - found[0]["quarantined"] if found else room
        left[unit.source] = room - read
    return chosen


def work(show: Progress, stage: str, tasks: Sequence[Task], crew: Crew) -> None:
    """Let a crew do tasks, and tell how far it is."""
    show.stage(stage, len(tasks), "batches")
    try:
        crew(tasks, lambda counts: show.advance(1, counts["bytes"]))
    finally:
        show.done()
