"""
Duplicates: the one stage that looks at all shards together, made when a sketch has changed.

Its steps are tasks like any others, except in small runs: there this process does them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.judging.group_steps import NAMES, exchange_folder, writer
from seimai.pipeline.engine.planning import fingerprints
from seimai.pipeline.errors import cannot_write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.engine.planning.records import GroupTask
    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.engine.workers.pool import Executor
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.group import Do


FEW_ROWS = 200_000
"""Fewer texts than this are grouped in this process: handing them to workers would cost more."""


def group_texts(
    job: Job,
    names: Sequence[str],
    show: Progress,
    threads: int = 1,
    executor: Executor | None = None,
) -> None:
    """
    Find the duplicates of all texts, unless those on disk are theirs.

    `threads` steps are done at a time, by the executor where there is one and enough to do.
    """
    if job.recipe.dedup is None:
        return
    fingerprint = fingerprints.group_fingerprint(job, names)
    ledger_path = shard.sidecar_path(job.path("group", "groups"))
    if group_is_fresh(job, names, fingerprint):
        return
    from seimai.pipeline.stages.group import group

    show.stage("group", 1, "passes")
    try:
        ledger_path.unlink(missing_ok=True)
        crash_point("group-forgotten")
        counts = group(
            job.paths("sketch", names),
            job.paths("text", names),
            job.paths("group", names),
            job.recipe.dedup,
            write=writer(fingerprint),
            threads=threads,
            do=_by_tasks(job, names, fingerprint, executor) if executor else None,
        )
    except OSError as error:
        raise cannot_write("stages/group", error) from error
    finally:
        show.done()
    crash_point("group-written")
    told = asdict(counts)
    apart = told.pop("apart")
    content = {"fingerprint": fingerprint, "counts": told, "apart": apart}
    shard.write_sealed(ledger_path, content)


def group_is_fresh(job: Job, names: Sequence[str], fingerprint: str) -> bool:
    """Whether the groups on disk are those of this fingerprint."""
    known = shard.read_sealed(shard.sidecar_path(job.path("group", "groups"))) or {}
    return known.get("fingerprint") == fingerprint and all(
        shard.read_sidecar(path, fingerprint) for path in job.paths("group", names)
    )


def _by_tasks(job: Job, names: Sequence[str], fingerprint: str, executor: Executor) -> Do | None:
    """How an executor does the steps of a grouping; None where that does not pay."""
    rows = (shard.required_sidecar(path).rows for path in job.paths("sketch", names))
    if sum(rows) < FEW_ROWS:
        return None

    def do(step: str, numbers: Sequence[Sequence[int]]) -> None:
        path = exchange_folder(job) / NAMES
        if not path.exists():
            path.write_bytes(orjson.dumps(list(names)))
        tasks: list[GroupTask] = [
            {
                "kind": "group",
                "shard": "-".join(map(str, (step, *some))),
                "step": step,
                "numbers": list(some),
                "fingerprint": fingerprint,
            }
            for some in numbers
        ]
        executor(tasks, lambda _: None)

    return do
