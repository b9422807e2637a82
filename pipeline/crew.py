"""
The crew: child processes that work on the tasks of a stage, driven by threads.

Each thread keeps one child and hands it a task at a time, so work is shared out evenly and a
child's imports are paid once. A child that dies costs its task one repetition in a fresh child; a
task that kills two children is given up, and named.
"""

from __future__ import annotations

import queue
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
Crew = Callable[[Sequence[Task], Callable[[dict[str, Any]], None]], None]
"""Do all tasks, calling back with the counts of each; raise `Problems` for those that failed."""

TRIES = 2


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
        self._send(describe_job(job))

    def _send(self, content: Any) -> None:
        if self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(orjson.dumps(content) + b"\n")
        self._process.stdin.flush()

    def ask(self, task: Task) -> dict[str, Any]:
        """The answer to a task; an EOFError where the child died of it."""
        self._send(task)
        if self._process.stdout is None:
            raise EOFError
        line = self._process.stdout.readline()
        if not line:
            raise EOFError
        answer: dict[str, Any] = orjson.loads(line)
        return answer

    def end(self, *, kill: bool = False) -> int:
        """Let the child end by itself, or kill it; gives its exit status."""
        if kill:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        return self._process.wait()


@contextmanager
def children(job: Job, workers: int) -> Iterator[Crew]:
    """A crew of up to `workers` child processes, ended when the block ends, however it ends."""
    idle: list[_Child] = []
    busy: set[_Child] = set()
    lock = threading.Lock()
    stopping = threading.Event()

    def take() -> _Child:
        with lock:
            child = idle.pop() if idle else None
        child = child or _Child(job)
        with lock:
            busy.add(child)
        return child

    def attempt(task: Task) -> dict[str, Any]:
        for _ in range(TRIES):
            child = take()
            try:
                answer = child.ask(task)
            except (EOFError, BrokenPipeError):
                with lock:
                    busy.discard(child)
                status = child.end(kill=True)
                if stopping.is_set():
                    break
                continue
            with lock:
                busy.discard(child)
                idle.append(child)
            return answer
        return {"problems": [["S022", {"task": name_of(task), "status": status}]]}

    def crew(tasks: Sequence[Task], tell: Callable[[dict[str, Any]], None]) -> None:
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        faults: list[Problem] = []

        def serve() -> None:
            while not stopping.is_set():
                try:
                    task = waiting.get_nowait()
                except queue.Empty:
                    return
                found = take_answer(attempt(task), tell)
                with lock:
                    faults.extend(found)

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
        stopping.set()
        with lock:
            left = [*idle, *busy]
        for child in left:
            child.end(kill=child in busy)


@contextmanager
def in_process(job: Job) -> Iterator[Crew]:
    """A crew that works in this very process: for small runs, where a child would cost more."""

    def crew(tasks: Sequence[Task], tell: Callable[[dict[str, Any]], None]) -> None:
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


def take_answer(answer: Mapping[str, Any], tell: Callable[[dict[str, Any]], None]) -> list[Problem]:
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
