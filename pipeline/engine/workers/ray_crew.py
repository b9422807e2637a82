"""
Ray: the tasks of a run, done by the nodes of a Ray cluster.

A task is one call of `do_task` in a process of Ray, which hands it to a child process, as the
pool of one machine does: what a text does to its worker it does there as well. Calls carry paths
and counts; texts stay in the folder of the run, which all nodes see at the same place. Ray is
asked to try nothing again by itself: a task whose node is lost is submitted anew here, so that
there is one count of tries and one sentence at the end.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter, deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline.engine.worker import message_of, open_job
from seimai.pipeline.engine.workers.no_secrets import refuse_secrets
from seimai.pipeline.engine.workers.pool import (
    Tell,
    WorkerPool,
    each_once,
    final_answer,
    name_of,
    take_answer,
)
from seimai.pipeline.engine.workers.software import check_packages
from seimai.pipeline.errors import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.engine.planning.records import TaskMessage, WorkerAnswer
    from seimai.pipeline.engine.workers.pool import Executor
    from seimai.pipeline.job import Job

TRIES = 3
"""How often a task may lose its node before it is given up, and named."""

LOOK_SECONDS = 5.0
"""The driver looks up from its waiting so often, to see whether there are nodes at all."""

PATIENCE_SECONDS = 300.0
"""A cluster may be without any processor for so long: nodes are started on demand."""

NAMED = 3
"""At most this many of the tasks that were given up are named."""


# --- on the nodes --------------------------------------------------------------------------

_pools: dict[bytes, WorkerPool] = {}
"""In a process of Ray: the children of the job that it works for, by the job as JSON."""


def do_task(job: bytes, folder: str, task: TaskMessage) -> WorkerAnswer:
    """
    Do a task in a child process of this process of Ray.

    The child stays for the next task and ends with this process: it notices that its standard
    input is closed. Relative paths are of `folder`, where the driver was started.
    """
    os.chdir(folder)
    if job not in _pools:
        for old in _pools.values():
            old.end()
        _pools.clear()
        message = orjson.loads(job)
        try:
            check_packages(message)
        except Problem as problem:
            return {"problems": [[problem.code, problem.values]]}
        _pools[job] = WorkerPool(open_job(message), message)
    return final_answer(_pools[job], task)


# --- the driver ----------------------------------------------------------------------------


@contextmanager
def ray_crew(job: Job, workers: int) -> Iterator[Executor]:
    """
    An executor that has at most `workers` tasks at work on a Ray cluster at a time.

    The cluster is that of `RAY_ADDRESS`, or the one that this machine belongs to; where there is
    none, Ray is started on this machine for as long as the block lasts.
    """
    ray = _import_ray()
    described = orjson.dumps(message_of(job))
    folder = str(Path.cwd())

    def executor(tasks: Sequence[TaskMessage], tell: Tell) -> None:
        refuse_secrets(tasks)
        # Nodes share the work evenly: each has a disk, and a way to the shared folder, of its own.
        call = ray.remote(num_cpus=1, max_retries=0, scheduling_strategy="SPREAD")(do_task)
        waiting = deque(tasks)
        at_work: dict[Any, TaskMessage] = {}
        lost: Counter[str] = Counter()
        faults: list[Problem] = []
        given_up: list[TaskMessage] = []
        nodes = _Nodes(ray)
        try:
            while waiting or at_work:
                while waiting and len(at_work) < workers:
                    task = waiting.popleft()
                    at_work[call.remote(described, folder, task)] = task
                done, _ = ray.wait(list(at_work), timeout=LOOK_SECONDS)
                nodes.look(found=bool(done))
                for one in done:
                    task = at_work.pop(one)
                    answer = answer_of(ray, one)
                    if answer is not None:
                        faults += take_answer(answer, tell)
                        continue
                    lost[name_of(task)] += 1
                    if lost[name_of(task)] < TRIES:
                        waiting.appendleft(task)
                    else:
                        given_up.append(task)
        finally:
            # Whoever interrupts a run does not wait for its tasks.
            for one in at_work:
                ray.cancel(one, force=True)
        if given_up:
            names = ", ".join(name_of(task) for task in given_up[:NAMED])
            faults.append(Problem("S068", tasks=names, count=len(given_up), times=TRIES))
        if faults:
            raise Problems(each_once(faults))

    with _connected(ray):
        yield executor


def answer_of(ray: Any, one: Any) -> WorkerAnswer | None:
    """The answer of a call; None where its node or its process is gone."""
    try:
        answer: WorkerAnswer = ray.get(one)
    except ray.exceptions.RayTaskError as error:
        # What `do_task` itself stumbles over is the same on every node: no such folder, no Seimai.
        raise Problem("S070", cause=_last_line(error)) from error
    except ray.exceptions.RayError:
        return None
    return answer


def _last_line(error: Exception) -> str:
    """What an exception on a node was, without the trace that Ray puts before it."""
    return str(error).strip().rpartition("\n")[2]


class _Nodes:
    """Whether a cluster has any processor left; without one nobody would ever answer."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._since: float | None = None

    def look(self, *, found: bool) -> None:
        """Raise a `Problem` where there was no processor for `PATIENCE_SECONDS`."""
        if found or self._ray.cluster_resources().get("CPU"):
            self._since = None
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since >= PATIENCE_SECONDS:
            raise Problem("S069", minutes=f"{PATIENCE_SECONDS / 60:g}")


def _import_ray() -> Any:
    # Before it is imported: no figures leave for anybody.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        what = "--crew ray"
        raise Problem("E001", what=what, package="ray", install="seimai[ray]") from error
    return ray


@contextmanager
def _connected(ray: Any) -> Iterator[None]:
    """Ray for as long as the block lasts; one that the process is connected to already stays."""
    if ray.is_initialized():
        yield
        return
    in_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if in_main else None
    try:
        ray.init(log_to_driver=False, logging_level="ERROR", include_dashboard=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise Problem("S070", cause=_last_line(error)) from error
    finally:
        # Ray takes SIGTERM for itself; how a command ends is for the command to say.
        if before is not None:
            signal.signal(signal.SIGTERM, before)
    try:
        yield
    finally:
        ray.shutdown()
