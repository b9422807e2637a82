"""
The driver: an executor that submits arrays, watches them, and submits again what is missing.

It asks the batch system whether the array is still there, and nothing else: what is done is told
by the answers of the elements. A system that does not answer for a while is waited for.
"""

from __future__ import annotations

import re
import shlex
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.engine.workers.array_jobs.commands import FOLDER, SUBMITTED, ask, in_a_line
from seimai.pipeline.engine.workers.array_jobs.exchange import Exchange
from seimai.pipeline.engine.workers.array_jobs.systems import BatchSystem, filled
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
    from seimai.pipeline.engine.workers.array_jobs.systems import SystemName
    from seimai.pipeline.job import Job

ROUNDS = 3
"""How often what is missing is submitted before it is given up, and named."""

PER_PLACE = 4
"""Elements for each that may be at work at once: one that lags costs a quarter at most."""

PATIENCE = 30
"""Queries in a row that the batch system may leave unanswered."""

NAMED = 3
"""So many tasks are named of those that were given up."""


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
                    arrays = list(_arrays(job, name, site, left, workers))
                    left, found = _watch(arrays, site, tell)
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


# --- one array -----------------------------------------------------------------------------


@dataclass
class _Array:
    """An array that was submitted."""

    exchange: Exchange
    system: BatchSystem
    job: str
    """What the batch system calls it."""
    batches: list[list[TaskMessage]]
    silent: int = 0
    """Queries in a row without an answer."""
    over: bool = False

    def look(self) -> None:
        """Ask the batch system whether any element waits or works."""
        values = {"job": self.job, "number": _number(self.job)}
        command = filled(self.system.query, **values)
        status, said = ask(command)
        here = filled((self.system.here,), **values)[0]
        if status == 0:
            self.silent = 0
            self.over = not re.search(here, said, re.MULTILINE)
        elif re.search(self.system.over, said):
            self.over = True
        else:
            self.silent += 1
            if self.silent >= PATIENCE:
                raise Problem("S064", command=shlex.join(command), cause=in_a_line(said))

    def close(self, *, cancel: bool) -> None:
        """No more is wanted of it; `cancel` ends elements that are at work."""
        if cancel and not self.over:
            ask(filled(self.system.cancel, job=self.job))
        (self.exchange.folder / SUBMITTED).unlink(missing_ok=True)


def _arrays(
    job: Job, name: SystemName, site: Site, tasks: Sequence[TaskMessage], workers: int
) -> Iterator[_Array]:
    """Submit tasks as arrays that are no longer than the site allows."""
    places = min(max(workers // site.processes, 1), site.running or workers)
    # They come largest first, so that dealing them like cards gives every batch its share.
    number = min(max(len(tasks) // site.processes, 1), PER_PLACE * places)
    batches = [list(tasks[k::number]) for k in range(number)]
    folder = job.out / "stages" / FOLDER
    for begin in range(0, number, site.elements):
        part = batches[begin : begin + site.elements]
        made = len(list(folder.iterdir())) if folder.is_dir() else 0
        exchange = Exchange(folder / f"{made + 1:05d}-{tasks[0]['kind']}")
        system = site.system(name)
        script = _script(exchange, site, system, f"seimai-{tasks[0]['kind']}", len(part), places)
        exchange.write(job, part, site.processes, script)
        yield _Array(exchange, system, _submit(exchange, system, name), part)


def _script(
    exchange: Exchange, site: Site, system: BatchSystem, name: str, elements: int, places: int
) -> str:
    """The job script: what the system wants to know, what the site wants done, and the element."""
    values = {
        "name": name,
        "last": elements,
        "running": places,
        "wall": site.wall,
        "processes": site.processes,
    }
    array = system.limited if site.running else system.array
    options = filled((*system.options, *(array if elements >= system.least else ())), **values)
    module = "seimai.pipeline.engine.workers.array_jobs.element"
    folder = shlex.quote(str(exchange.folder.absolute()))
    return "\n".join(
        [
            "#!/bin/bash",
            *(f"{system.mark} {option}" for option in (*options, *site.directives)),
            *site.prolog,
            f"cd {shlex.quote(str(Path.cwd()))} || exit 1",
            f'exec {shlex.quote(site.python)} -m {module} {folder} "${{{system.element}:-1}}"',
            "",
        ]
    )


def _submit(exchange: Exchange, system: BatchSystem, name: SystemName) -> str:
    """Submit a script from the folder where its logs go; what the system calls the job."""
    command = [*system.submit, str(exchange.script.absolute())]
    status, said = ask(command, exchange.logs)
    found = re.search(system.job, said, re.MULTILINE)
    if status or not found:
        raise Problem("S066", command=shlex.join(command), cause=in_a_line(said))
    # A run that follows after a kill ends it first.
    shard.write_json(exchange.folder / SUBMITTED, {"system": name, "job": found[1]})
    return found[1]


def _watch(
    arrays: Sequence[_Array], site: Site, tell: Tell
) -> tuple[list[TaskMessage], list[Problem]]:
    """Take answers until all tasks have one or all arrays are over; what is left, and faults."""
    left = {
        (k, element, place): task
        for k, array in enumerate(arrays)
        for element, batch in enumerate(array.batches, 1)
        for place, task in enumerate(batch)
    }
    faults: list[Problem] = []

    def take() -> None:
        for k, array in enumerate(arrays):
            for element, place, answer in array.exchange.answers():
                if left.pop((k, element, place), None):
                    faults.extend(take_answer(answer, tell))

    whole = False
    try:
        while left and not all(array.over for array in arrays):
            time.sleep(site.poll_seconds)
            for array in arrays:
                if not array.over:
                    array.look()
            take()
        if left:
            # A file system of many nodes may show the last answers a moment later.
            time.sleep(site.poll_seconds)
            take()
        whole = True
    finally:
        for array in arrays:
            array.close(cancel=not whole)
    return list(left.values()), faults


def _number(job: str) -> str:
    """The figures that the name of a job begins with."""
    found = re.match(r"\d+", job)
    return found[0] if found else job
