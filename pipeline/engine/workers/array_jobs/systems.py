"""
Batch systems: how each is told of an array of elements, asked about it, and made to end it.

A system is data and not code, so that a site whose commands differ can say so in its file. What
the commands take and print, and where that was seen or read:

- Slurm 22.05 (`sbatch`, `squeue`, `scancel`) and Grid Engine 8.1 (`qsub`, `qstat`, `qdel`): seen,
  with daemons of our own (`test_real_systems.py`).
- PBS Professional and OpenPBS: the sentences of refusals and of jobs that are over are those of
  the server's list of messages (OpenPBS, `src/lib/Liblog/pbs_messages.c`; `qstat` puts `, use -x or
  -H to obtain historical job information` behind the last), states and options those of
  `qstat(1B)`, `qsub(1B)` and of the ABCI 3.0 User Guide, "Job Execution".
- The job software of Fujitsu's Technical Computing Suite: Fugaku's User's Guide (Use and job
  execution), sections 5.4 "Bulk Job" and 5.12 "Displaying a job status", and "Job Operation
  Software End-user's Guide", A.1. What it says where a limit is met is in neither (`pjstat --limit`
  shows the limits): a site file says how long an array may be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SystemName = Literal["slurm", "pbs", "sge", "pjm"]


@dataclass(frozen=True)
class BatchSystem:
    """
    The commands of a batch system.

    Words in braces are filled in: `{name}`, `{last}` (elements count from 1), `{running}`,
    `{wall}`, `{processes}`, `{job}` (what the system calls the job), `{number}` (the figures that
    it begins with).
    """

    mark: str
    """How a line of a job script begins that is meant for the system."""
    options: tuple[str, ...]
    """Lines at the top of a job script that are for the batch system."""
    element: str
    """The environment variable that holds the number of the element."""
    submit: tuple[str, ...]
    """The command that submits a script, whose path follows."""
    job: str
    """What to look for in the answer to `submit`: the name of the job, as a pattern's group 1."""
    query: tuple[str, ...]
    here: str
    """What is among the answers to `query` as long as an element waits or works: a pattern."""
    over: str
    """What a `query` says that fails because the job is over: a pattern."""
    stuck: str
    """What is among the answers to `query` for elements that failed and are kept: a pattern."""
    later: str
    """What a `submit` says that fails now, because of a full queue or the like: a pattern."""
    too_long: str
    """What a `submit` says that fails because an array is too long: a pattern."""
    cancel: tuple[str, ...]
    array: tuple[str, ...] = ()
    """The options that make an array of a job."""
    limited: tuple[str, ...] = ()
    """These options where only some elements may be at work at the same time."""
    least: int = 1
    """Fewest elements of an array; with fewer it is submitted as a plain job."""


NEVER = r"(?!)"
"""The pattern that is in nothing: nobody has told us what the system says there."""

SYSTEMS: dict[SystemName, BatchSystem] = {
    "slurm": BatchSystem(
        mark="#SBATCH",
        options=("--job-name={name}", "--time={wall}", "--cpus-per-task={processes}"),
        array=("--array=1-{last}",),
        limited=("--array=1-{last}%{running}",),
        element="SLURM_ARRAY_TASK_ID",
        submit=("sbatch", "--parsable"),
        job=r"^(\d+)",
        query=("squeue", "--noheader", "--array", "--format=%T %r", "--jobs={job}"),
        here=r"^\s*[A-Z]+ (?!launch.failed)",
        over=r"Invalid job id",
        stuck=r"^\s*PENDING launch.failed",
        # The second comes from limits of an account; `sbatch` itself tries for two minutes as well.
        later=r"temporarily unable|queue full|MaxSubmitJob|Unable to contact slurm controller",
        too_long=r"Invalid job array specification|MaxSubmitJob",
        cancel=("scancel", "{job}"),
    ),
    "pbs": BatchSystem(
        mark="#PBS",
        options=("-N {name}", "-l walltime={wall}", "-j oe"),
        array=("-J 1-{last}",),
        limited=("-J 1-{last}%{running}",),
        least=2,
        element="PBS_ARRAY_INDEX",
        submit=("qsub",),
        job=r"^(\d+(?:\[\])?\S*)",
        query=("qstat", "{job}"),
        here=r"^\s*{number}\b",
        over=r"Unknown Job Id|has finished",
        stuck=NEVER,
        later=r"would exceed .*limit|Maximum number of jobs|cannot connect to server|"
        r"No free connections|Server connection table full|Server shutting down",
        # Limits of a queue count the elements of an array, so they may be too many for it as well.
        too_long=r"Array job exceeds|would exceed .*limit|Maximum number of jobs",
        cancel=("qdel", "{job}"),
    ),
    "sge": BatchSystem(
        mark="#$",
        options=("-N {name}", "-l h_rt={wall}", "-cwd", "-j y", "-S /bin/bash"),
        array=("-t 1-{last}",),
        limited=("-t 1-{last}", "-tc {running}"),
        element="SGE_TASK_ID",
        submit=("qsub", "-terse"),
        job=r"^(\d+)",
        # Without `-j`, which does not tell elements in an error state (`Eqw`) from those that wait.
        query=("qstat",),
        here=r"^\s*{number}\s+\S+\s+\S+\s+\S+\s+[^\sE]",
        over=NEVER,
        stuck=r"^\s*{number}\s+\S+\s+\S+\s+\S+\s+E",
        later=r"jobs are allowed per|unable to send message to qmaster",
        too_long=r"with more than \d+ tasks",
        cancel=("qdel", "{job}"),
    ),
    "pjm": BatchSystem(
        mark="#PJM",
        options=("-N {name}", "-L elapse={wall}", "-j"),
        array=("--bulk", "--sparam 1-{last}"),
        # How many are at work at once is for the system's own limits to say.
        limited=("--bulk", "--sparam 1-{last}"),
        element="PJM_BULKNUM",
        submit=("pjsub",),
        job=r"Job (\d+) submitted",
        # Without a number: the list has the jobs that are not over, and a bulk job in one line.
        query=("pjstat",),
        here=r"^\s*{number}\b",
        over=NEVER,
        stuck=NEVER,
        later=NEVER,
        too_long=NEVER,
        cancel=("pjdel", "{job}"),
    ),
}
"""The batch systems by their names."""


def filled(words: tuple[str, ...], **values: object) -> list[str]:
    """
    Words with the values in braces filled in; other braces stay.

    >>> filled(("squeue", "--jobs={job}", "%{x}"), job="12")
    ['squeue', '--jobs=12', '%{x}']
    """
    return [
        re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), word)
        for word in words
    ]
