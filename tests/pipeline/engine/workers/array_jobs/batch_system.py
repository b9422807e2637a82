"""
A stand-in for the commands of four batch systems, for tests: one script under many names.

It takes what the real commands take, prints what they print (Slurm 22.05 and Grid Engine 8.1 as
they were seen to, see `test_real_systems.py`; PBS Professional and the job software of the
Technical Computing Suite after the sources that `systems.py` names), runs the elements of an array
two at a time, and kills some of them, as nodes that fail would.

Settings are in `settings.json` beside the state: `kill` (share of elements killed in their first
array), `after` (seconds), `at_once` (elements), `forked` (the folder of the tests; see
`forked_elements.py`), `refuse` (what a submission says instead of being accepted, the first
`refuse_after` left out), `most_jobs` (arrays that are known at once; more are refused, as by a
full queue), `longest` (elements of an array; longer ones are refused), `most_elements` (elements
that are known at once, in a queue of PBS, which counts them), `stuck` (elements of the first array
that the system keeps in an error state). A file `silent` has the number of queries
that fail before one is answered.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

STATE = Path(__file__).resolve().parent / "state"
AT_ONCE = 2

SUBMITS = {"sbatch": "slurm", "qsub": "pbs", "qsub-sge": "sge", "pjsub": "pjm"}
MARKS = {"slurm": "#SBATCH", "pbs": "#PBS", "sge": "#$", "pjm": "#PJM"}
ARRAYS = {
    "slurm": r"--array=(\d+)-(\d+)",
    "pbs": r"-J (\d+)-(\d+)",
    "sge": r"-t (\d+)-(\d+)",
    "pjm": r"--sparam (\d+)-(\d+)",
}
ELEMENTS = {
    "slurm": "SLURM_ARRAY_TASK_ID",
    "pbs": "PBS_ARRAY_INDEX",
    "sge": "SGE_TASK_ID",
    "pjm": "PJM_BULKNUM",
}

TOO_LONG = {
    "slurm": "sbatch: error: Batch job submission failed: Invalid job array specification",
    "pbs": "qsub: Array job exceeds server or queue size limit",
    "sge": "Unable to run job: job rejected: you tried to submit a job with more than {longest} "
    "tasks\nExiting.",
}
FULL = {
    "slurm": "sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying",
    "pbs": "qsub: would exceed queue generic's per-user limit",
    "sge": "Unable to run job: job rejected: only {known} jobs are allowed per user (current job "
    "count: {known})\nExiting.",
}
HEAD = (
    "job-ID  prior   name       user         state submit/start at     queue"
    "                          slots ja-task-ID \n" + "-" * 113
)


def _say(text: str, file=sys.stdout) -> None:
    file.write(f"{text}\n")


def settings() -> dict:
    """What the test wants to happen."""
    path = STATE / "settings.json"
    return json.loads(path.read_text()) if path.exists() else {}


def submit(system: str, script: Path) -> int:
    """Take a job script, and print what the job is called."""
    refused = settings().get("refuse")
    if refused and len(list(STATE.glob("job-*"))) >= settings().get("refuse_after", 0):
        _say(refused, sys.stderr)
        return 1
    text = script.read_text("utf-8")
    said = [line.partition(" ")[2] for line in text.splitlines() if line.startswith(MARKS[system])]
    found = re.search(ARRAYS[system], "\n".join(said))
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if system == "pbs" and found and last <= first:
        _say("qsub: illegal -J value", sys.stderr)
        return 1
    known = [path for path in STATE.glob("job-*") if not (path / "over").exists()]
    longest = settings().get("longest", last)
    if last > longest:
        _say(TOO_LONG[system].format(longest=longest), sys.stderr)
        return 1
    counted = last + sum(json.loads((path / "job.json").read_text())["last"] for path in known)
    if system == "pbs" and counted > settings().get("most_elements", counted):
        _say(FULL[system], sys.stderr)
        return 1
    if len(known) >= settings().get("most_jobs", 1000):
        _say(FULL[system].format(known=len(known)), sys.stderr)
        return 25 if system == "sge" else 1
    number = len(list(STATE.glob("job-*"))) + 41
    folder = STATE / f"job-{number}"
    folder.mkdir(parents=True)
    content = {"system": system, "script": str(script), "first": first, "last": last, "said": said}
    content["beside"] = len(known)
    (folder / "job.json").write_text(json.dumps(content))
    subprocess.Popen(
        [sys.executable, __file__, "schedule", str(number)],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _say(
        {
            "slurm": f"{number}",
            "pbs": f"{number}[].pbs01" if found else f"{number}.pbs01",
            "sge": f"{number}.{first}-{last}:1",
            "pjm": f"[INFO] PJM 0000 pjsub Job {number} submitted.",
        }[system]
    )
    return 0


def _stuck(folder: Path) -> bool:
    """Whether elements of a job are in an error state, and nobody has ended them."""
    first = folder.name == "job-41"
    return first and bool(settings().get("stuck")) and not (folder / "cancelled").exists()


def begin(folder: Path, job: dict, element: int) -> subprocess.Popen:
    """Begin an element, as the node would; `forked` saves it the imports."""
    root = settings().get("forked")
    if root:
        from tests.pipeline.engine.workers.array_jobs.forked_elements import Element

        return Element(Path(job["script"]), element)
    environment = dict(os.environ)
    if job["first"]:
        environment[ELEMENTS[job["system"]]] = str(element)
    with (folder / f"{element}.log").open("wb") as log:
        return subprocess.Popen(
            ["/bin/bash", job["script"]],
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
        )


def schedule(number: int) -> int:
    """Run the elements of an array, and kill some."""
    folder = STATE / f"job-{number}"
    job = json.loads((folder / "job.json").read_text())
    waiting = list(range(job["first"], job["last"] + 1))
    if _stuck(folder):
        # They are the last ones, and wait for somebody to end them.
        waiting = waiting[: -settings()["stuck"]]
    if settings().get("forked"):
        sys.path.append(settings()["forked"])
        from tests.pipeline.engine.workers.array_jobs.forked_elements import warm_up

        warm_up()
    pick = random.Random(number)
    share = settings().get("kill", 0.0) if number == 41 else 0.0
    running: dict[subprocess.Popen, float] = {}
    killed = 0
    while (waiting or running) and not (folder / "cancelled").exists():
        for process, until in list(running.items()):
            if process.poll() is not None:
                del running[process]
            elif time.monotonic() > until:
                # The node is gone: the element, and what it has started, at once.
                with contextlib.suppress(ProcessLookupError):  # not in its own session yet
                    os.killpg(process.pid, signal.SIGKILL)
                    killed += 1
                    running[process] = 1e9  # it is counted once
        while waiting and len(running) < settings().get("at_once", AT_ONCE):
            element = waiting.pop(0)
            process = begin(folder, job, element)
            lives = pick.uniform(0, settings().get("after", 1.0)) if pick.random() < share else 1e9
            running[process] = time.monotonic() + lives
        time.sleep(0.02)
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    (folder / "worked").touch()
    while _stuck(folder):
        time.sleep(0.02)
    (folder / "killed").write_text(str(killed))
    (folder / "over").touch()
    return 0


def query(system: str, number: int) -> int:
    """Print what is left of a job, or fail as the real command does where nothing is."""
    (STATE / "asked").touch()
    silent = STATE / "silent"
    if silent.exists() and int(silent.read_text()) > 0:
        silent.write_text(str(int(silent.read_text()) - 1))
        _say("socket timed out on send/recv operation", sys.stderr)
        return 1
    if system in LISTS:
        # All jobs of the person who asks.
        head, listed = LISTS[system]
        lines = [line for path in sorted(STATE.glob("job-*")) for line in listed(path)]
        _say("\n".join([head, *lines]) if lines else "")
        return 0
    folder = STATE / f"job-{number}"
    over = not folder.exists() or (folder / "over").exists()
    if system == "slurm":
        if not folder.exists():
            _say("slurm_load_jobs error: Invalid job id specified", sys.stderr)
            return 1
        held = ["PENDING launch failed requeued held"] if _stuck(folder) else []
        some = [] if (folder / "worked").exists() else ["RUNNING None", "PENDING Resources"]
        # A job that has just ended is known, but not listed.
        _say("" if over else "\n".join([*some, *held]))
        return 0
    if over:
        known = "Job has finished, use -x or -H to obtain historical job information"
        _say(f"qstat: {number}[].pbs01 {known}", sys.stderr)
        return 35
    _say(
        "Job id            Name             User              Time Use S Queue\n"
        "----------------  ---------------- ----------------  -------- - -----\n"
        f"{number}[].pbs01    seimai-prepare   user                     0 B workq"
    )
    return 0


def listed_sge(folder: Path) -> list[str]:
    """The lines of `qstat` of Grid Engine for a job; none where it is over."""
    if (folder / "over").exists():
        return []
    number = folder.name.partition("-")[2]
    states = [] if (folder / "worked").exists() else ["r    ", "qw   "]
    states += ["Eqw  "] if _stuck(folder) else []
    return [
        f"{number:>7} 0.50000 seimai-pre user         {state} 11/30/2026 19:16:38 cpu.q@localhost"
        for state in states
    ]


def listed_pjm(folder: Path) -> list[str]:
    """The line of `pjstat` for a bulk job; none where it is over."""
    if (folder / "over").exists():
        return []
    number = folder.name.partition("-")[2]
    return [
        f"{number:<7} seimai-pre  BU  RUN  user  11/30 08:00:01  0001:00:00  1  -  -",
    ]


LISTS = {
    "sge": (HEAD, listed_sge),
    "pjm": (
        "JOB_ID  JOB_NAME    MD  ST   USER  START_DATE      ELAPSE_LIM  NODE_REQUIRE  VNODE  CORE",
        listed_pjm,
    ),
}
"""Of systems that are asked for all jobs of a person: the head of their list, and a job's lines."""


def cancel(number: int) -> int:
    """End a job."""
    folder = STATE / f"job-{number}"
    if folder.exists():
        (folder / "cancelled").touch()
        for _ in range(500):
            if (folder / "over").exists():
                break
            time.sleep(0.02)
    return 0


def main() -> int:
    """Do what the command of this name does."""
    name, *words = Path(sys.argv[0]).name, *sys.argv[1:]
    if words and words[0] == "schedule":
        return schedule(int(words[1]))
    if name in ("sbatch", "pjsub") or (name == "qsub" and "-terse" not in words):
        return submit(SUBMITS[name], Path(words[-1]))
    if name == "qsub":
        return submit("sge", Path(words[-1]))
    if not words:
        return query("sge" if name == "qstat" else "pjm", 0)
    number = int(re.search(r"(\d+)", words[-1])[1])
    if name == "squeue":
        return query("slurm", number)
    if name == "qstat":
        return query("pbs", number)
    return cancel(number)


if __name__ == "__main__":
    sys.exit(main())
