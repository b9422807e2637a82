"""
A worker: one child process that reads its tasks from standard input, line by line.

The driver writes one JSON object a line: first the job, then tasks; for each task one JSON line
comes back. A worker holds no state that matters: whatever it finished is on disk, so it may be
killed at any moment.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from seimai.pipeline import shard, slim_imports
from seimai.pipeline.engine import ledger, shard_tasks, surroundings
from seimai.pipeline.engine.lock import show_presence
from seimai.pipeline.engine.plan import Split, split_from_dict
from seimai.pipeline.engine.text_shards import read_split
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.engine.records import (
        JobMessage,
        PrepareTask,
        TaskCounts,
        TaskMessage,
        WorkerAnswer,
    )


_GRACE_SECONDS = 0.3


def open_job(content: JobMessage) -> Job:
    """The job that `describe_job` wrote."""
    return Job(
        Recipe.model_validate(content["recipe"]),
        Path(content["out"]),
        tuple(content["filters"]),
        content["max_records"],
    )


def describe_job(job: Job) -> JobMessage:
    """A job as JSON."""
    return {
        "recipe": job.recipe.model_dump(mode="json"),
        "out": str(job.out),
        "filters": list(job.filters),
        "max_records": job.max_records,
    }


def perform(job: Job, task: TaskMessage, *, wary: bool = False) -> TaskCounts:
    """
    Do one task and give its counts: `texts` and `bytes` of what went through.

    `wary` says that the task has killed a worker before: signals are tried first.
    """
    if task["kind"] == "prepare":
        return _prepare(job, task, wary=wary)
    if task["kind"] == "tokenize":
        shard_tasks.tokenize_shard(job, task["shard"], task["rows"], wary=wary)
        return {"texts": len(task["rows"]), "bytes": 0}
    raise ValueError(f"no task is called {task['kind']!r}")


def _prepare(job: Job, task: PrepareTask, *, wary: bool) -> TaskCounts:
    """Read a split, with patience; what keeps its inputs from us is left where its ledger goes."""
    split = split_from_dict(task["split"])
    for seconds in (*surroundings.WAITS, None):
        try:
            return _read(job, split, wary=wary)
        except surroundings.Interfered as found:
            changed = all(fault.cause == surroundings.CHANGED for fault in found.faults)
            if changed or seconds is None:
                # An input that is another one now needs another plan, not another try.
                ledger.write_faults(job, split, found.faults)
                break
            surroundings.wait(seconds)
    return {"texts": 0, "bytes": 0}


def _read(job: Job, split: Split, *, wary: bool) -> TaskCounts:
    texts = size = 0
    for name, table in read_split(job, split):
        shard_tasks.measure_and_sketch(job, name, table, wary=wary)
        if table is not None:
            texts += table.num_rows
            size += table.column("text").nbytes
    return {"texts": texts, "bytes": size}


def answer_to(job: Job, task: TaskMessage) -> WorkerAnswer:
    """Do a task and say how it went; whatever it raises is part of the answer."""
    try:
        with _attempt(job, task) as wary:
            return {"done": perform(job, task, wary=wary)}
    except Exception as error:  # noqa: BLE001 - reported to the driver, which shows it
        return _told(error)


def _told(error: Exception) -> WorkerAnswer:
    """An error as an answer."""
    if isinstance(error, Problem):
        return {"problems": [[error.code, error.values]]}
    if isinstance(error, Problems):
        return {"problems": [[one.code, one.values] for one in error.problems]}
    if isinstance(error, MemoryError):
        return {"problems": [["S023", {}]]}
    trace = "".join(traceback.format_exception(error))
    return {"crash": f"{type(error).__name__}: {error}", "trace": trace}


@contextmanager
def _attempt(job: Job, task: TaskMessage) -> Iterator[bool]:
    """Leave a mark while a task is done; gives whether a worker of this run died of it before."""
    name = task["split"]["name"] if task["kind"] == "prepare" else task["shard"]
    mark = job.out / "stages" / "attempts" / f"{task['kind']}-{name}{shard.TEMPORARY}"
    run = str(os.getppid())
    try:
        known = mark.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        known = ""
    with contextlib.suppress(OSError):  # a full disk is reported by whatever has to write
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text(run, "ascii")
    try:
        yield known == run
    finally:
        with contextlib.suppress(OSError):
            mark.unlink()


def _messages() -> Iterator[dict[str, Any]]:
    """
    What the driver writes, until it closes our standard input.

    A thread reads it, so that a driver that was killed is noticed in the middle of a task: the
    process ends there and then, and the next run is free to begin.
    """
    waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    idle = threading.Event()

    def listen() -> None:
        for line in sys.stdin.buffer:
            waiting.put(line)
        # The answer to the last task may have been read before we are idle again.
        if not idle.wait(_GRACE_SECONDS):
            os._exit(1)
        waiting.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        idle.set()
        line = waiting.get()
        idle.clear()
        if line is None:
            return
        yield orjson.loads(line)


def main() -> int:
    """Serve tasks until standard input ends."""
    # The answers go where standard output was; a plugin that prints must not garble them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job: Job | None = None
    fault: WorkerAnswer | None = None
    for message in _messages():
        if job is None and fault is None:
            try:
                show_presence(Path(message["out"]))
                job = open_job(cast("JobMessage", message))
                slim_imports.load_pyarrow(with_pandas=job.recipe.reads_datasets)
                job.cleaners  # noqa: B018 - filters that cannot be loaded are reported here
            except Exception as error:  # noqa: BLE001 - as above
                fault = _told(error)
            continue
        answer = fault if fault or job is None else answer_to(job, cast("TaskMessage", message))
        answers.write(orjson.dumps(answer, default=str) + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
