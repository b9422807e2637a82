"""
The executor of the flow: batches of shards as Prefect tasks, each driving one child process.

A batch holds several shards, so that a run has dozens of Prefect tasks and not thousands. A child
that dies fails its batch; Prefect tries the batch again, and it goes on with the shard that was
not done. Only paths and counts pass through Prefect, and it remembers no results: what is done is
said by the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.context import TaskRunContext
from prefect.states import Failed
from prefect.task_runners import ThreadPoolTaskRunner

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.pipeline.engine.planning.records import TaskCounts, TaskMessage
from seimai.pipeline.engine.workers.pool import (
    TRIES,
    Executor,
    Tell,
    WorkerDied,
    WorkerPool,
    each_once,
    in_process,
    name_of,
    take_answer,
)
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job

FEW = 40
"""Up to this many tasks of a stage get a batch each: nothing is gained by putting them together."""

PER_WORKER = 8
"""Batches for each worker, dealt so that they are alike: one that lags costs an eighth at most."""

MOST = 250
"""A stage has no more batches: Prefect's own server gets unsteady at about 2,000 tasks a run."""

RETRIES = 3
"""Deaths a batch survives. More than that is no bad luck: a full disk, no memory."""

LOOK_SECONDS = 0.5
"""The flow looks up from its waiting so often, to update what the progress artifact says."""


@dataclass
class Batch:
    """Some tasks of a stage, and how far they have come; a retry goes on from here."""

    waiting: list[TaskMessage]
    deaths: Counter[str] = field(default_factory=Counter)
    faults: list[Problem] = field(default_factory=list)
    texts: int = 0
    bytes: int = 0

    @property
    def name(self) -> str:
        """What the task run is called: `prepare 00003 and 4 more`."""
        first, *rest = self.waiting
        more = f" and {len(rest)} more" if rest else ""
        return f"{first['kind']} {name_of(first)}{more}"

    def count(self, counts: TaskCounts) -> None:
        """Add the counts of a task that is done."""
        self.texts += counts["texts"]
        self.bytes += counts["bytes"]


def deal(tasks: Sequence[TaskMessage], workers: int) -> list[Batch]:
    """
    Tasks as batches, dealt like cards: they come largest first, so every batch gets its share.

    >>> [len(batch.waiting) for batch in deal([{"kind": "x"}] * 100, 2)][:3]
    [3, 3, 3]
    """
    number = min(len(tasks), max(FEW, PER_WORKER * workers), max(MOST, workers))
    return [Batch(list(tasks[k::number])) for k in range(number)]


@contextmanager
def worker_pool(
    job: Job,
    workers: int,
    started: list[UUID],
    seconds: float | None = None,
    look: Callable[[], None] | None = None,
) -> Iterator[Executor]:
    """
    An executor of child processes on Prefect's thread runner, at most `workers` at work at a time.

    The task runs are noted in `started`. A shard gets `seconds` before its child is killed. `look`
    is called now and then while the flow waits.
    """
    pool = WorkerPool(job)

    def executor(tasks: Sequence[TaskMessage], tell: Tell) -> None:
        batches = deal(tasks, workers)

        @task(
            name="batch",
            description="Some shards of one stage, done by one child process after the other.",
            tags=["seimai"],
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=RETRIES,
            retry_condition_fn=lambda _task, _run, state: (
                isinstance(state.data, WorkerDied) and not pool.stopping
            ),
        )
        def work(batch: int) -> dict[str, int] | State[Any]:
            return _work(pool, batches[batch], tell, seconds)

        futures = [
            runner.submit(work.with_options(task_run_name=batch.name), {"batch": k})
            for k, batch in enumerate(batches)
        ]
        started.extend(future.task_run_id for future in futures)
        left = {future.wrapped_future for future in futures}
        while left:
            left = wait(left, timeout=LOOK_SECONDS).not_done
            if look:
                look()
        states: list[State[Any]] = [future.wrapped_future.result() for future in futures]
        _raise_faults(batches, states)

    runner: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=workers)
    with runner:
        try:
            yield executor
        finally:
            # Before the runner waits for its threads, which wait for the children.
            pool.end()


def _work(
    pool: WorkerPool, batch: Batch, tell: Tell, seconds: float | None
) -> dict[str, int] | State[Any]:
    def done(counts: TaskCounts) -> None:
        batch.count(counts)
        tell(counts)

    while batch.waiting:
        one = batch.waiting[0]
        try:
            batch.faults += take_answer(pool.ask(one, seconds), done)
        except WorkerDied as death:
            batch.deaths[name_of(one)] += not death.blamed
            if pool.stopping or batch.deaths[name_of(one)] < TRIES:
                raise
            batch.faults.append(death.problem())
        del batch.waiting[0]
    if batch.faults:
        return failed(Problems(batch.faults))
    return {"texts": batch.texts, "bytes": batch.bytes}


def failed(fault: Problem | Problems) -> State[Any]:
    """A state that holds the sentences; what is raised would be buried in a traceback."""
    return Failed(message=str(fault), data=fault)


def _raise_faults(batches: Sequence[Batch], states: Sequence[State[Any]]) -> None:
    """Say what went wrong in all batches together; a batch that is not through is one as well."""
    faults = [fault for batch in batches for fault in batch.faults]
    for batch, state in zip(batches, states, strict=True):
        if not batch.waiting:
            continue
        if isinstance(state.data, Exception) and not isinstance(state.data, WorkerDied):
            raise state.data  # an error of ours, with its traceback
        task = name_of(batch.waiting[0])
        faults.append(Problem("S027", task=task, count=len(batch.waiting)))
    if faults:
        raise Problems(each_once(faults))


@contextmanager
def here(job: Job, started: list[UUID]) -> Iterator[Executor]:
    """An executor for small runs: one Prefect task per stage, in this very process."""
    with in_process(job) as plain:

        def executor(tasks: Sequence[TaskMessage], tell: Tell) -> None:
            whole = Batch(list(tasks))

            @task(
                name="batch",
                task_run_name=whole.name,
                description="All shards of one stage of a small run, done in the flow's process.",
                tags=["seimai"],
                cache_policy=NO_CACHE,
                persist_result=False,
            )
            def work() -> dict[str, int] | State[Any]:
                def done(counts: TaskCounts) -> None:
                    whole.count(counts)
                    tell(counts)

                context = TaskRunContext.get()
                if context:
                    started.append(context.task_run.id)
                try:
                    plain(tasks, done)
                except (Problem, Problems) as fault:
                    return failed(fault)
                return {"texts": whole.texts, "bytes": whole.bytes}

            if tasks:
                state: State[Any] = work(return_state=True)
                fault = state.result(raise_on_failure=False)
                if isinstance(fault, Exception):
                    raise fault

        yield executor
