"""
File tasks: the files of a release, each written by a worker.

The driver plans which rows go into which file and leaves that for the worker (`asked_files.py`),
which writes the file beside the release that is there. What is small is written by the driver
itself: to ask others costs more than they save.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.publishing.asked_files import RELEASING, answer_of, ask, task_name
from seimai.pipeline.errors import cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.engine.planning.records import TaskMessage
    from seimai.pipeline.engine.workers.pool import Executor
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.release import Wanted
    from seimai.pipeline.stages.release_file import Written

FEW_BYTES = 200_000_000
"""Up to this many bytes of text are written in this process: others do not pay."""

FEW_BYTES_COLD = 600_000_000
"""The same where no worker has begun yet: each takes most of a second of a processor to begin."""


def by_workers(
    job: Job, executor: Executor
) -> Callable[[Sequence[Wanted]], Sequence[Written] | None]:
    """How an executor writes files of a release; it leaves alone what does not pay."""

    def write(new: Sequence[Wanted]) -> Sequence[Written] | None:
        # An executor that does not say is of others (array jobs, a flow), who begin by themselves.
        few = FEW_BYTES if getattr(executor, "is_warm", True) else FEW_BYTES_COLD
        if len(new) < 2 or sum(one.part.bytes for one in new) < few:
            return None
        folder = job.out / "stages" / RELEASING
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
            for number, one in enumerate(new):
                ask(folder, number, one)
            crash_point("files-asked")
            # The largest first, so that no worker begins one when the others are done.
            order = sorted(range(len(new)), key=lambda number: -new[number].part.bytes)
            tasks: list[TaskMessage] = [
                {"kind": "release", "shard": task_name(number), "number": number}
                for number in order
            ]
            executor(tasks, lambda _: None)
            return [replace(answer_of(folder, k), make=one.make) for k, one in enumerate(new)]
        except OSError as error:
            path = f"stages/{RELEASING}"
            raise cannot_write(path, error) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return write
