"""Asking a batch system, and ending what a run that was killed has left with it."""

from __future__ import annotations

import contextlib
import re
import subprocess
from typing import TYPE_CHECKING

import orjson

from seimai.pipeline.engine.workers.array_jobs.systems import SYSTEMS, filled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "array_jobs"
"""Name of the folder below `OUT/stages` that arrays use."""

SUBMITTED = "submitted.json"
"""In the folder of an array, as long as it may be at work: what the batch system calls it."""

ANSWER_SECONDS = 60.0
"""Seconds that the batch system is given for an answer."""

LONGEST = 300
"""Characters of an answer that are shown."""

_JOB = re.compile(r"[\w.\[\]-]+")


def ask(command: Sequence[str], folder: Path | None = None) -> tuple[int, str]:
    """The exit status of a command and all it says; -1 where there is no answer in time."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        # What it waits for it may have said: `sbatch` tries again by itself for two minutes.
        return -1, _both(error.stdout, error.stderr) or str(error)
    except OSError as error:
        return -1, str(error)
    return done.returncode, _both(done.stdout, done.stderr)


def _both(*parts: bytes | None) -> str:
    return b"\n".join(part or b"" for part in parts).decode("utf-8", "replace").strip()


def in_a_line(said: str) -> str:
    """What a command says, for a message: the reason may be in its first line or its last."""
    line = " ".join(said.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def end_leftovers(out: Path) -> None:
    """End the arrays of a run into `out` that was killed: they would go on without it."""
    for path in (out / "stages" / FOLDER).glob(f"*/{SUBMITTED}"):
        with contextlib.suppress(orjson.JSONDecodeError, KeyError, OSError):
            content = orjson.loads(path.read_bytes())
            system, job = SYSTEMS[content["system"]], str(content["job"])
            if _JOB.fullmatch(job):
                ask(filled(system.cancel, job=job))
