"""
A worker: one child process that reads its tasks from standard input, line by line.

The driver writes one JSON object a line: first the job, then tasks; for each task one JSON line
comes back. A worker holds no state that matters: whatever it finished is on disk, so it may be
killed at any moment.
"""

from __future__ import annotations

import contextlib
import gc
import os
import queue
import sys
import threading
import traceback
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import orjson

from seimai.pipeline import shard, slim_imports
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.judging import group_steps
from seimai.pipeline.engine.lock import show_presence
from seimai.pipeline.engine.planning import ledger, surroundings
from seimai.pipeline.engine.planning.plan import Split, split_from_dict
from seimai.pipeline.engine.shards import shard_tasks
from seimai.pipeline.engine.shards.text_shards import read_split
from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.engine.workers.software import check_job, check_packages, software_for
from seimai.pipeline.engine.workers.time_limit import Limit, watched
from seimai.pipeline.errors import Problem, Problems, TooSlow
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.stages.judge import hold, limits_by_need
from seimai.pipeline.stored_numbers import without_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.engine.planning.records import (
        JobMessage,
        TaskCounts,
        TaskMessage,
        WorkerAnswer,
    )


def open_job(content: JobMessage) -> Job:
    """Make the job that `describe_job` has described."""
    return Job(
        Recipe.model_validate(content["recipe"]),
        Path(content["out"]),
        tuple(content["filters"]),
        content["max_records"],
    )


def describe_job(job: Job) -> JobMessage:
    """A job as data that can be sent to a worker as JSON."""
    return {
        "recipe": job.recipe.model_dump(mode="json"),
        "out": str(job.out),
        "filters": list(job.filters),
        "max_records": job.max_records,
    }


def message_of(job: Job) -> JobMessage:
    """What a worker hears of a job: the job, and the software of the driver."""
    return {**describe_job(job), "software": software_for(job)}


def perform(job: Job, task: TaskMessage, *, wary: bool = False) -> TaskCounts:
    """
    Do one task and give its counts: `texts` and `bytes` of what went through.

    `wary` says that the task has killed a worker before: steps are tried first.
    """
    if task["kind"] == "prepare":
        split = split_from_dict(task["split"])
        limit = Limit(job.recipe.source[split.source].max_seconds, wary)
        with _watched(limit):
            return _prepare(job, split, limit)
    if task["kind"] == "tokenize":
        name = task["shard"]
        limit = Limit(max(source.max_seconds for source in job.recipe.source), wary)
        try:
            with _watched(limit):
                shard_tasks.tokenize_shard(job, name, task["rows"], limit)
        except slow_records.FoundSlow as slow:
            split_name = name.partition("-")[0]
            slow_records.remember(job, split_name, slow.records)
            # Its texts are others without them, and all that was made of it is.
            path = f"text/{split_name}.parquet"
            raise Problem("S033", path=path, count=len(slow.records)) from None
        return {"texts": len(task["rows"]), "bytes": 0}
    if task["kind"] == "count":
        return {"texts": shard_tasks.count_shard(job, task["shard"]), "bytes": 0}
    if task["kind"] == "group":
        group_steps.do_step(job, task["step"], task["numbers"], task["fingerprint"])
        return {"texts": 0, "bytes": 0}
    if task["kind"] == "release":
        from seimai.pipeline.engine.publishing.asked_files import write_asked

        return {"texts": write_asked(job, task["number"]), "bytes": 0}
    raise ValueError(f"no task is called {task['kind']!r}")


_is_worker = [False]


def _watched(limit: Limit) -> AbstractContextManager[None]:
    """No record of a task may take longer than this."""
    return watched(limit.seconds, worker=_is_worker[0])


def _prepare(job: Job, split: Split, limit: Limit) -> TaskCounts:
    """Read a split, without the records that were found to be too slow."""
    while True:
        try:
            return _read_patiently(job, split, limit)
        except slow_records.FoundSlow as slow:
            slow_records.remember(job, split.name, slow.records)
            ledger.forget(job, split)


def _read_patiently(job: Job, split: Split, limit: Limit) -> TaskCounts:
    """Read a split, with patience; what keeps its inputs from us is left where its ledger goes."""
    for seconds in (*surroundings.WAITS, None):
        try:
            return _read(job, split, limit)
        except surroundings.Interfered as found:
            changed = all(fault.cause == surroundings.CHANGED for fault in found.faults)
            if changed or seconds is None:
                # An input that is another one now needs another plan, not another try.
                ledger.write_faults(job, split, found.faults)
                break
            surroundings.wait(seconds)
    return {"texts": 0, "bytes": 0}


def _read(job: Job, split: Split, limit: Limit) -> TaskCounts:
    texts = size = passed = 0
    limits = limits_by_need(without_run(job.recipe), job.signals).characters
    for name, table, decoded in read_split(job, split, limit):
        known = None if table is None else shard_tasks.texts_of(job, table, decoded)
        numbers = shard_tasks.measure_shard(job, name, table, limit, known)
        shard_tasks.sketch_shard(job, name, table, limit, known)
        if table is not None:
            texts += table.num_rows
            size += table.column("text").nbytes
        if numbers is not None:
            passed += int((~hold(limits, numbers)[0].any(axis=1)).sum())
    return {"texts": texts, "bytes": size, "passed": passed}


def answer_to(job: Job, task: TaskMessage) -> WorkerAnswer:
    """Do a task and say how it went; whatever it raises is part of the answer."""
    try:
        with _attempt(job, task) as wary:
            return {"done": perform(job, task, wary=wary)}
    except (TooSlow, Exception) as error:  # noqa: BLE001 - reported to the driver, which shows it
        return _told(error)


def _told(error: BaseException) -> WorkerAnswer:
    """The answer of a worker to which a task has raised this error."""
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
    crash_point("attempt-marked")
    try:
        yield known == run
        crash_point("task-done")
    finally:
        with contextlib.suppress(OSError):
            mark.unlink()


def _listen(lines: queue.Queue[bytes | None]) -> None:
    """
    Hand over what the driver writes, and None when it closes our standard input.

    A thread does so, that a driver that was killed is noticed in the middle of a task: the process
    ends there and then, and the next run is free to begin.
    """
    for line in sys.stdin.buffer:
        lines.put(line)
    if lines.unfinished_tasks:
        os._exit(1)
    lines.put(None)


def main() -> int:
    """Serve tasks until standard input ends."""
    # The answers go where standard output was; a plugin that prints must not garble them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _is_worker[0] = True
    gc.disable()
    job: Job | None = None
    fault: WorkerAnswer | None = None
    lines: queue.Queue[bytes | None] = queue.Queue()
    threading.Thread(target=_listen, args=(lines,), daemon=True).start()
    while (line := lines.get()) is not None:
        message = orjson.loads(line)
        if job is None and fault is None:
            try:
                show_presence(Path(message["out"]))
                check_packages(cast("JobMessage", message))
                job = open_job(cast("JobMessage", message))
                crash_point("job-opened")
                slim_imports.load_pyarrow(with_pandas=job.recipe.reads_datasets)
                # Filters that cannot be loaded are reported here.
                check_job(job, cast("JobMessage", message))
            except Exception as error:  # noqa: BLE001 - as above
                fault = _told(error)
            # What was loaded stays: no search for garbage needs to look at it again.
            gc.freeze()
            gc.enable()
            lines.task_done()
            continue
        answer = fault if fault or job is None else answer_to(job, cast("TaskMessage", message))
        # Before the driver can read the answer, and close our input because of it.
        lines.task_done()
        answers.write(orjson.dumps(answer, default=str) + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
