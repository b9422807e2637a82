"""
Submitting arrays, as many and as long as the batch system takes them, and looking after one.

A queue that is full is waited for, and an array that is too long is halved: what a site allows is
learned from its refusals, and need not be known before.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.engine.workers.array_jobs.commands import FOLDER, SUBMITTED, ask, in_a_line
from seimai.pipeline.engine.workers.array_jobs.exchange import Exchange
from seimai.pipeline.engine.workers.array_jobs.systems import BatchSystem, filled
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import TaskMessage
    from seimai.pipeline.engine.workers.array_jobs.site import Site
    from seimai.pipeline.engine.workers.array_jobs.systems import SystemName
    from seimai.pipeline.job import Job

PER_PLACE = 4
"""Elements for each that may be at work at once: one that lags costs a quarter at most."""

PATIENCE = 30
"""Queries in a row that the batch system may leave unanswered."""

REFUSALS = 720
"""Submissions in a row that a queue full of others' jobs may refuse: an hour of `poll_seconds`."""


@dataclass
class Array:
    """An array of jobs that was submitted to the batch system."""

    exchange: Exchange
    system: BatchSystem
    job: str
    """The number by which the batch system knows it."""
    batches: Sequence[Sequence[TaskMessage]]
    silent: int = 0
    """How many queries in a row the batch system has not answered."""
    over: bool = False
    stuck: bool = False
    """Whether the system keeps elements of it that will never work."""

    def look(self) -> None:
        """Ask the batch system whether any element waits or works."""
        values = {"job": self.job, "number": _number(self.job)}
        command = filled(self.system.query, **values)
        here, stuck = filled((self.system.here, self.system.stuck), **values)
        status, said = ask(command)
        if status == 0:
            self.silent = 0
            self.over = not re.search(here, said, re.MULTILINE)
            self.stuck = bool(re.search(stuck, said, re.MULTILINE))
        elif re.search(self.system.over, said):
            self.over = True
        else:
            self.silent += 1
            if self.silent >= PATIENCE:
                raise Problem("S064", command=shlex.join(command), cause=in_a_line(said))

    def close(self, *, cancel: bool) -> None:
        """No more is wanted of it; `cancel` ends elements that are at work."""
        if self.stuck or (cancel and not self.over):
            ask(filled(self.system.cancel, job=self.job))
        (self.exchange.folder / SUBMITTED).unlink(missing_ok=True)


@dataclass
class Submissions:
    """The batches of some tasks, as arrays that wait for the batch system to take them."""

    job: Job
    name: SystemName
    site: Site
    places: int
    """How many elements may be at work at the same time."""
    waiting: list[list[list[TaskMessage]]] = field(default_factory=list)
    """The batches of each array that is not submitted yet."""
    refused: int = 0
    """How many submissions in a row the batch system has put off."""

    def submit(self, *, at_work: bool) -> Iterator[Array]:
        """
        Submit what the system takes now; `at_work` says whether an array of ours is there already.

        Where a site says how many elements may be at work, arrays go one after the other, for the
        system counts within each. A `Problem` where the system refuses, other than for a while.
        """
        while self.waiting and not (at_work and self.site.running):
            batches = self.waiting[0]
            taken = self._submitted(batches)
            if isinstance(taken, Array):
                del self.waiting[0]
                self.refused, at_work = 0, True
                yield taken
                continue
            system = self.site.system(self.name)
            later = re.search(system.later, taken)
            if later and at_work:
                # There is room again when that one is over.
                return
            if re.search(system.too_long, taken) and len(batches) > 1:
                half = (len(batches) + 1) // 2
                self.waiting[:1] = [batches[:half], batches[half:]]
            elif later and self.refused < REFUSALS:
                self.refused += 1
                return
            else:
                raise Problem("S066", command=self._command(), cause=in_a_line(taken))

    def _submitted(self, batches: list[list[TaskMessage]]) -> Array | str:
        """An array that was taken, or what the system says instead."""
        kind = batches[0][0]["kind"]
        folder = self.job.out / "stages" / FOLDER
        made = len(list(folder.iterdir())) if folder.is_dir() else 0
        exchange = Exchange(folder / f"{made + 1:05d}-{kind}")
        system = self.site.system(self.name)
        script = _script(exchange, self.site, system, f"seimai-{kind}", len(batches), self.places)
        exchange.write(self.job, batches, self.site.processes, script)
        command = [*system.submit, str(exchange.script.absolute())]
        # From the folder where its logs go.
        status, said = ask(command, exchange.logs)
        found = re.search(system.job, said, re.MULTILINE)
        if status or not found:
            shutil.rmtree(exchange.folder)
            return said
        # A run that follows after a kill ends it first.
        shard.write_json(exchange.folder / SUBMITTED, {"system": self.name, "job": found[1]})
        return Array(exchange, system, found[1], batches)

    def _command(self) -> str:
        script = self.job.out / "stages" / FOLDER / "…" / "element.sh"
        return shlex.join([*self.site.system(self.name).submit, str(script)])


def submissions(
    job: Job, name: SystemName, site: Site, tasks: Sequence[TaskMessage], workers: int
) -> Submissions:
    """Deal tasks into batches, and these into arrays that are no longer than the site says."""
    places = min(max(workers // site.processes, 1), site.running or workers)
    # They come largest first, so that dealing them like cards gives every batch its share.
    number = min(max(len(tasks) // site.processes, 1), PER_PLACE * places)
    batches = [list(tasks[k::number]) for k in range(number)]
    arrays = [batches[begin : begin + site.elements] for begin in range(0, number, site.elements)]
    return Submissions(job, name, site, places, arrays)


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


def _number(job: str) -> str:
    """The figures that the name of a job begins with."""
    found = re.match(r"\d+", job)
    return found[0] if found else job
