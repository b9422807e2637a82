"""
The crew: child processes that work on the tasks of a stage, driven by threads.

Each thread takes a child and hands it a task, so work is shared out evenly and a child's imports
are paid once. A child that dies costs its task one repetition in a fresh child; a task that takes
two children with it is given up, and named. The Prefect flow brings a crew of its own, which
drives the same children.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.errors import Problem, Problems

if TYPE_CHECKING:
    from seimai.pipeline.plan import Job

Task = Mapping[str, Any]
Tell = Callable[[dict[str, Any]], None]
Crew = Callable[[Sequence[Task], Tell], None]
"""Do all tasks, calling back with the counts of each; raise `Problems` for those that failed."""

TRIES = 2


class Died(Exception):  # noqa: N818 - what happened, and not always a fault
    """A child ended before it answered: killed, crashed, or stopped because it took too long."""

    def __init__(self, task: Task, status: int, seconds: float | None = None) -> None:
        super().__init__(f"a worker died on {name_of(task)} (status {status})")
        self.task = task
        self.status = status
        self.seconds = seconds
        """The time it was given, where that ran out."""

    def problem(self) -> Problem:
        """The same as a problem, for the last try."""
        if self.seconds is not None:
            return Problem("S026", task=name_of(self.task), seconds=self.seconds)
        return Problem("S022", task=name_of(self.task), status=self.status)


class _Child:
    """One worker process and its two pipes."""

    def __init__(self, job: Job) -> None:
        from seimai.pipeline.worker import describe_job

        self._process = subprocess.Popen(
            [sys.executable, "-m", "seimai.pipeline.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._job: dict[str, Any] | None = describe_job(job)

    def ask(self, task: Task, seconds: float | None) -> bytes:
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


class Children:
    """The child processes of a job: idle ones wait for a task, and `end` leaves none behind."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self._lock = threading.Lock()
        self.stopping = False

    def ask(self, task: Task, seconds: float | None = None) -> dict[str, Any]:
        """
        The answer of a child to a task, once only; safe to call from many threads.

        Raises `Died` where the child ended instead, after at most `seconds`.
        """
        with self._lock:
            if self.stopping:
                raise Died(task, 0)
            child = self._idle.pop() if self._idle else _Child(self._job)
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
            answer: dict[str, Any] = orjson.loads(line)
            return answer
        child.kill()
        raise Died(task, child.end(), seconds if overdue else None)

    def end(self) -> None:
        """Stop all children: the idle ones by themselves, those at work at once."""
        with self._lock:
            self.stopping = True
            for child in self._busy:
                # The thread that waits for its answer will see it gone, and clean up.
                child.kill()
            left = self._idle
            self._idle = []
        for child in left:
            child.end()


@contextmanager
def children(job: Job, workers: int) -> Iterator[Crew]:
    """A crew of up to `workers` child processes, ended when the block ends, however it ends."""
    pool = Children(job)

    def crew(tasks: Sequence[Task], tell: Tell) -> None:
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        faults: list[Problem] = []

        def serve() -> None:
            while not pool.stopping:
                try:
                    task = waiting.get_nowait()
                except queue.Empty:
                    return
                faults.extend(_attempt(pool, task, tell))

        threads = [threading.Thread(target=serve) for _ in range(min(workers, len(tasks)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults:
            raise Problems(faults)

    try:
        yield crew
    finally:
        pool.end()


def _attempt(pool: Children, task: Task, tell: Tell) -> list[Problem]:
    for left in reversed(range(TRIES)):
        try:
            return take_answer(pool.ask(task), tell)
        except Died as death:
            if not left or pool.stopping:
                return [death.problem()]
    return []


@contextmanager
def in_process(job: Job) -> Iterator[Crew]:
    """A crew that works in this very process: for small runs, where a child would cost more."""

    def crew(tasks: Sequence[Task], tell: Tell) -> None:
        from seimai.pipeline.worker import perform

        faults: list[Problem] = []
        for task in tasks:
            try:
                tell(perform(job, task))
            except Problem as problem:
                faults.append(problem)
            except Problems as several:
                faults.extend(several.problems)
        if faults:
            raise Problems(faults)

    yield crew


def take_answer(answer: Mapping[str, Any], tell: Tell) -> list[Problem]:
    """Pass on the counts of a task, or give the problems it met."""
    if "done" in answer:
        tell(answer["done"])
        return []
    if "crash" in answer:
        print(answer["trace"], file=sys.stderr)  # noqa: T201 - a fault of ours must be seen
        return [Problem("S024", cause=answer["crash"])]
    return [Problem(code, **values) for code, values in answer["problems"]]


def name_of(task: Task) -> str:
    """What a task is called in a message."""
    return str(task["unit"]["name"] if task["kind"] == "polish" else task["shard"])
