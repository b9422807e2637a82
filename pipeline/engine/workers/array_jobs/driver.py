"""
The driver: an executor that submits arrays, watches them, and submits again what is missing.

It asks the batch system whether the array is still there, and nothing else: what is done is told
by the answers of the elements. A system that does not answer for a while is waited for.
"""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seimai.pipeline.engine.workers.array_jobs.commands import FOLDER
from seimai.pipeline.engine.workers.array_jobs.submission import Submissions, submissions
from seimai.pipeline.engine.workers.no_secrets import refuse_secrets
from seimai.pipeline.engine.workers.pool import (
    Executor,
    OpenExecutor,
    Tell,
    each_once,
    name_of,
    take_answer,
)
from seimai.pipeline.errors import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.engine.planning.records import TaskMessage
    from seimai.pipeline.engine.workers.array_jobs.site import Site
    from seimai.pipeline.engine.workers.array_jobs.submission import Array
    from seimai.pipeline.engine.workers.array_jobs.systems import SystemName
    from seimai.pipeline.job import Job

ROUNDS = 3
"""How often what is missing is submitted before it is given up, and named."""

NAMED = 3
"""At most this many of the tasks that were given up are named."""


def array_jobs(name: SystemName, site: Site) -> OpenExecutor:
    """What opens an executor of array jobs: `workers` processes are at work at once, together."""

    @contextmanager
    def opened(job: Job, workers: int) -> Iterator[Executor]:
        folder = job.out / "stages" / FOLDER
        shutil.rmtree(folder, ignore_errors=True)

        def executor(tasks: Sequence[TaskMessage], tell: Tell) -> None:
            refuse_secrets(tasks)
            left = list(tasks)
            faults: list[Problem] = []
            for _ in range(ROUNDS):
                if left:
                    left, found = _watch(submissions(job, name, site, left, workers), tell)
                    faults += found
            if left:
                names = ", ".join(name_of(task) for task in left[:NAMED])
                logs = folder / "*" / "logs"
                faults.append(
                    Problem("S063", tasks=names, count=len(left), rounds=ROUNDS, logs=str(logs))
                )
            if faults:
                raise Problems(each_once(faults))

        yield executor
        # Where something failed, what the elements printed is wanted.
        shutil.rmtree(folder, ignore_errors=True)

    return opened


# --- one round -----------------------------------------------------------------------------


def _watch(waiting: Submissions, tell: Tell) -> tuple[list[TaskMessage], list[Problem]]:
    """
    Submit arrays and take answers until all tasks have one or all arrays are over.

    Gives the tasks that have no answer, and faults.
    """
    arrays: list[Array] = []
    left: dict[tuple[int, int, int], TaskMessage] = {}
    faults: list[Problem] = []
    poll_seconds = waiting.site.poll_seconds

    def take() -> None:
        for k, array in enumerate(arrays):
            for element, place, answer in array.exchange.answers():
                if left.pop((k, element, place), None):
                    faults.extend(take_answer(answer, tell))

    def at_work() -> bool:
        return not all(array.over for array in arrays)

    whole = False
    try:
        while waiting.waiting or (left and at_work()):
            for array in waiting.submit(at_work=at_work()):
                arrays.append(array)
                for element, batch in enumerate(array.batches, 1):
                    for place, task in enumerate(batch):
                        left[len(arrays) - 1, element, place] = task
            time.sleep(poll_seconds)
            for array in arrays:
                if not array.over:
                    array.look()
            take()
        if left:
            # A file system of many nodes may show the last answers a moment later.
            time.sleep(poll_seconds)
            take()
        whole = True
    finally:
        for array in arrays:
            array.close(cancel=not whole)
    return list(left.values()), faults
