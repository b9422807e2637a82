"""
The worker pool: child processes that work on the tasks of a stage, driven by threads.

Each thread takes a worker and hands it a task, so work is shared out evenly and a worker's imports
are paid once. If a worker dies, its task is retried once in a new process; a task that kills two
workers is abandoned and reported. The Prefect flow brings an executor of its own, which drives
the same workers.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.engine.planning.plan import Split, split_from_dict
from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.errors import Problem, Problems, TooSlow

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import (
        JobMessage,
        TaskCounts,
        TaskMessage,
        WorkerAnswer,
    )
    from seimai.pipeline.job import Job

Tell = Callable[["TaskCounts"], None]
Executor = Callable[[Sequence["TaskMessage"], Tell], None]
"""Do all tasks, calling back with the counts of each; raise `Problems` for those that failed."""
OpenExecutor = Callable[["Job", int], AbstractContextManager[Executor]]
"""An executor for a job with a number of workers, for as long as a block lasts."""

TRIES = 2
"""How many workers a task may end before it is named: the first may have been killed by chance."""

ENDED_BY_TIMER = -signal.SIGVTALRM
"""The exit code of a worker that its own timer ended, as a record held it."""

ENDED_BY_SYSTEM = -signal.SIGKILL
"""How a worker ends where memory is short; people and batch systems end them so as well."""


class WorkerDied(Exception):  # noqa: N818 - what happened, and not always a fault
    """A child ended before it answered: killed, crashed, or stopped because it took too long."""

    def __init__(self, task: TaskMessage, status: int, seconds: float | None = None) -> None:
        super().__init__(f"a worker died on {name_of(task)} (status {status})")
        self.task = task
        self.status = status
        self.seconds = seconds
        """The time that the task was given, if it ran out."""
        self.blamed = False
        """Whether what it died of is known by now, and left out the next time."""

    def problem(self) -> Problem:
        """What is told when the last try has ended so, too."""
        if self.seconds is not None:
            return Problem("S026", task=name_of(self.task), seconds=self.seconds)
        return Problem("S022", task=name_of(self.task), status=self.status)


class _Worker:
    """One worker process and its two pipes."""

    def __init__(self, message: JobMessage) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "seimai.pipeline.engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._job: JobMessage | None = message

    def ask(self, task: TaskMessage, seconds: float | None) -> bytes:
        """One line of answer; empty where the child died of it or time ran out."""
        content = [task] if self._job is None else [self._job, task]
        self._job = None
        try:
            for message in content:
                self._stdin.write(orjson.dumps(message) + b"\n")
            self._stdin.flush()
        except BrokenPipeError:
            return b""
        if seconds is not None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._stdout, selectors.EVENT_READ)
                if not selector.select(seconds):
                    raise TimeoutError
        line: bytes = self._stdout.readline()
        return line

    @property
    def _stdin(self) -> Any:
        return self._process.stdin

    @property
    def _stdout(self) -> Any:
        return self._process.stdout

    def kill(self) -> None:
        """End it at once; whoever waits for its answer gets an empty one."""
        self._process.kill()

    def end(self) -> int:
        """Close the pipes, which ends an idle child; gives its exit status."""
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        return self._process.wait()


class WorkerPool:
    """
    The child processes of a job: idle ones wait for a task, and `end` leaves none behind.

    `message` is what a driver elsewhere says of the job; where there is none, this is the driver.
    """

    def __init__(self, job: Job, message: JobMessage | None = None) -> None:
        self._job = job
        self._message = message
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._lock = threading.Lock()
        self._read_last: dict[str, tuple[int, int] | None] = {}
        self.stopping = False

    def ask(self, task: TaskMessage, seconds: float | None = None) -> WorkerAnswer:
        """
        The answer of a child to a task, once only; safe to call from many threads.

        Raises `WorkerDied` where the child ended instead, after at most `seconds`.
        """
        with self._lock:
            if self.stopping:
                raise WorkerDied(task, 0)
            child = self._idle.pop() if self._idle else _Worker(self._said())
            self._busy.add(child)
        overdue = False
        line = b""
        try:
            line = child.ask(task, seconds)
        except TimeoutError:
            overdue = True
        except BaseException:
            child.kill()
            child.end()
            raise
        finally:
            with self._lock:
                self._busy.discard(child)
                if line:
                    self._idle.append(child)
        if line:
            answer: WorkerAnswer = orjson.loads(line)
            return answer
        child.kill()
        status = child.end()
        death = WorkerDied(task, status, seconds if overdue else None)
        if not overdue and task["kind"] == "prepare":
            death.blamed = self._blame(split_from_dict(task["split"]), status)
        raise death

    def _said(self) -> JobMessage:
        if self._message is None:
            from seimai.pipeline.engine.worker import message_of

            self._message = message_of(self._job)
        return self._message

    def _blame(self, split: Split, status: int) -> bool:
        """
        Remember the record that a worker died of while it read; whether there is one.

        Where the system ended two workers at the same record, it was no chance.
        """
        last = slow_records.read_last(self._job, split)
        again = last is not None and last == self._read_last.get(split.name)
        self._read_last[split.name] = last if status == ENDED_BY_SYSTEM else None
        large = again and status == ENDED_BY_SYSTEM
        if last is None or not (large or status == ENDED_BY_TIMER):
            return False
        slow_records.blame(self._job, split, large=large)
        return True

    def end(self) -> None:
        """Stop all workers: idle ones end on their own, busy ones are killed."""
        with self._lock:
            self.stopping = True
            for child in self._busy:
                # The thread that waits for its answer will see it gone, and clean up.
                child.kill()
            remaining = self._idle
            self._idle = []
        for child in remaining:
            child.end()


class _PoolExecutor:
    """The executor of a pool, which drives each of its workers by a thread."""

    def __init__(self, pool: WorkerPool, workers: int) -> None:
        self._pool = pool
        self._workers = workers
        self.is_warm = False
        """Whether workers have done tasks already: the next begin without a start."""

    def __call__(self, tasks: Sequence[TaskMessage], tell: Tell) -> None:
        """Do all tasks; see `Executor`."""
        self.is_warm = True
        waiting: queue.SimpleQueue[TaskMessage] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        faults: list[Problem] = []

        def serve() -> None:
            while not self._pool.stopping:
                try:
                    task = waiting.get_nowait()
                except queue.Empty:
                    return
                faults.extend(attempt(self._pool, task, tell))

        threads = [threading.Thread(target=serve) for _ in range(min(self._workers, len(tasks)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise Problems(each_once(faults))


@contextmanager
def worker_pool(job: Job, workers: int) -> Iterator[Executor]:
    """An executor of up to `workers` child processes, all ended when the block ends."""
    pool = WorkerPool(job)
    try:
        yield _PoolExecutor(pool, workers)
    finally:
        pool.end()


def attempt(pool: WorkerPool, task: TaskMessage, tell: Tell) -> list[Problem]:
    """Let workers do a task, a second one where the first dies of it; gives what went wrong."""
    deaths = 0
    while True:
        try:
            return take_answer(pool.ask(task), tell)
        except WorkerDied as death:
            # What is blamed is left out the next time, so that this comes to an end.
            deaths += not death.blamed
            if deaths >= TRIES or pool.stopping:
                return [death.problem()]


def final_answer(pool: WorkerPool, task: TaskMessage) -> WorkerAnswer:
    """What a driver on another machine is told of a task: deaths are counted here, where it ran."""
    counted: list[TaskCounts] = []
    faults = attempt(pool, task, counted.append)
    if faults:
        return {"problems": [[fault.code, fault.values] for fault in faults]}
    return {"done": counted[0]}


@contextmanager
def in_process(job: Job) -> Iterator[Executor]:
    """An executor that works in this process: for small runs, where a child would cost more."""

    def executor(tasks: Sequence[TaskMessage], tell: Tell) -> None:
        from seimai.pipeline.engine.worker import perform

        faults: list[Problem] = []
        slow: list[TaskMessage] = []
        for task in tasks:
            try:
                tell(perform(job, task))
            except TooSlow:
                # Which text it is can be found where a process may be ended.
                slow.append(task)
            except Problem as problem:
                faults.append(problem)
            except Problems as several:
                faults.extend(several.problems)
        if slow:
            with worker_pool(job, 1) as workers:
                workers(slow, tell)
        if faults:
            raise Problems(faults)

    yield executor


def take_answer(answer: WorkerAnswer, tell: Tell) -> list[Problem]:
    """Pass on the counts of a task, or give the problems it met."""
    if "done" in answer:
        tell(answer["done"])
        return []
    if "crash" in answer:
        print(answer["trace"], file=sys.stderr)  # noqa: T201 - a fault of ours must be seen
        return [Problem("S024", cause=answer["crash"])]
    return [Problem(code, **values) for code, values in answer["problems"]]


def each_once(faults: Sequence[Problem]) -> list[Problem]:
    """
    Faults in their order, without those that say the same.

    What is wrong with a node, or with the disk, is wrong with each of its tasks.
    """
    found: dict[str, Problem] = {}
    for fault in faults:
        found.setdefault(repr((fault.code, fault.values)), fault)
    return list(found.values())


def name_of(task: TaskMessage) -> str:
    """The name of a task in messages."""
    return str(task["split"]["name"] if task["kind"] == "prepare" else task["shard"])
