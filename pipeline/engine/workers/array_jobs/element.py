"""
An element: what runs on a node. It works on one batch with worker processes and leaves answers.

It may be killed at any moment, as workers may: what it finished is on disk, and what it left
unanswered is given to another element.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.engine.worker import open_job
from seimai.pipeline.engine.workers.array_jobs.exchange import Exchange
from seimai.pipeline.engine.workers.pool import WorkerPool, final_answer
from seimai.pipeline.engine.workers.software import check_packages
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import TaskMessage


def work(folder: Path, element: int) -> None:
    """Do what is not done of the batch of an element (from 1)."""
    exchange = Exchange(folder)
    message, processes, batch = exchange.read(element)
    answers = exchange.answerer(element)
    done = exchange.answered(element)
    left = [(place, task) for place, task in enumerate(batch) if place not in done]
    try:
        check_packages(message)
    except Problem as problem:
        for place, _ in left:
            answers.answer(place, {"problems": [[problem.code, problem.values]]})
        return
    pool = WorkerPool(open_job(message), message)

    def one(place: int, task: TaskMessage) -> None:
        answers.answer(place, final_answer(pool, task))

    try:
        with ThreadPoolExecutor(processes) as threads:
            list(threads.map(lambda pair: one(*pair), left))
    finally:
        pool.end()


def main() -> int:
    """`python -m seimai.pipeline.engine.workers.array_jobs.element FOLDER ELEMENT`."""
    work(Path(sys.argv[1]), int(sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
