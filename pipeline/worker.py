"""
A worker: one child process that is told what to do on standard input, line by line.

The driver writes one JSON object a line: first the job, then tasks; for each task one JSON line
comes back. A worker holds no state that matters: whatever it finished is on disk, so it may be
killed at any moment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from seimai.pipeline import stages
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.plan import Job, unit_from_dict
from seimai.pipeline.recipe import Recipe


def open_job(content: Mapping[str, Any]) -> Job:
    """The job that `describe_job` wrote."""
    return Job(
        Recipe.model_validate(content["recipe"]),
        Path(content["out"]),
        tuple(content["filters"]),
        content["limit"],
    )


def describe_job(job: Job) -> dict[str, Any]:
    """A job as JSON."""
    return {
        "recipe": job.recipe.model_dump(mode="json"),
        "out": str(job.out),
        "filters": list(job.filters),
        "limit": job.limit,
    }


def perform(job: Job, task: Mapping[str, Any]) -> dict[str, Any]:
    """Do one task and give its counts: `texts` and `bytes` of what went through."""
    if task["kind"] == "polish":
        return _polish(job, task)
    if task["kind"] == "tokenize":
        stages.tokenize_shard(job, task["shard"], task["rows"])
        return {"texts": len(task["rows"]), "bytes": 0}
    raise ValueError(f"no task is called {task['kind']!r}")


def _polish(job: Job, task: Mapping[str, Any]) -> dict[str, Any]:
    unit = unit_from_dict(task["unit"])
    texts = size = 0
    for name, table in stages.read_unit(job, unit):
        stages.measure_shard(job, name, table)
        stages.sketch_shard(job, name, table)
        if table is not None:
            texts += table.num_rows
            size += table.column("text").nbytes
    return {"texts": texts, "bytes": size}


def main() -> int:
    """Serve tasks until standard input ends."""
    # The answers go where standard output was; a plugin that prints must not garble them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job: Job | None = None
    for line in sys.stdin.buffer:
        message = orjson.loads(line)
        try:
            if job is None:
                job = open_job(message)
                continue
            answer: dict[str, Any] = {"done": perform(job, message)}
        except Problem as problem:
            answer = {"problems": [[problem.code, problem.values]]}
        except Problems as several:
            answer = {"problems": [[one.code, one.values] for one in several.problems]}
        except MemoryError:
            answer = {"problems": [["S023", {}]]}
        except Exception as error:  # noqa: BLE001 - it is told to the driver, which shows it
            import traceback

            answer = {"crash": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        answers.write(orjson.dumps(answer, default=str) + b"\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
