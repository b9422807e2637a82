"""
The flow: a recipe run by Prefect, batch by batch, with its figures in Prefect's pages.

It calls the same `run` as `seimai run` and brings an executor of Prefect tasks; the files it
writes are the same, byte for byte. From the command line, without any server:

    python -m seimai.flows.curate configs/sample.yaml --out out/sample
"""

from __future__ import annotations

import sys
from importlib import import_module

if __name__ == "__main__":
    # Before Prefect is imported, which takes seconds: the command starts a server meanwhile. By
    # name, because the command in its turn imports this module for the flow.
    sys.exit(import_module("seimai.flows.command").main())

from collections.abc import Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows import executor
from seimai.flows.artifacts import Bars, bounds, show
from seimai.pipeline.engine.concerns import needs_you
from seimai.pipeline.engine.plan import find_splits, load_plan
from seimai.pipeline.engine.pool import Executor
from seimai.pipeline.engine.progress import Progress, Silent
from seimai.pipeline.engine.run import folder_of, is_small, run
from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.job import Job
from seimai.pipeline.machine import processors
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import Recipe, load_recipe, locate, parse_recipe, with_sources
from seimai.pipeline.report.funnel import expectations
from seimai.pipeline.report.notices import given_up, packages_missing

Count = Annotated[int, Field(ge=1)]


@dataclass
class Watch:
    """What the command line hands to the flow that it starts, beside the parameters."""

    progress: Progress = field(default_factory=Silent)
    batches: list[UUID] = field(default_factory=list)
    """The task runs that there were; their records have to be there before the server ends."""


watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@flow(
    name="curate",
    description="Polishes raw Japanese text into training data, as a recipe says.",
    flow_run_name="{out}",
    persist_result=False,
)
def curate(
    recipe: Recipe | str,
    out: str,
    source: list[str] | None = None,
    workers: Count | None = None,
    limit: Count | None = None,
    filters: list[str] | None = None,
    shard_timeout: float | None = None,
    accept: bool = False,  # noqa: FBT001, FBT002 - a field of a form
) -> State[Any]:
    """
    Curate everything a recipe names into the folder `out`/release.

    The run ends Failed where something could not be done, and where the result is not what
    `expect` of the recipe asks for; then the release is there all the same.

    Args:
        recipe: The recipe itself, or the path of its file, from the folder the run starts in.
        out: The folder for everything that is written. The same folder again goes on from there.
        source: Files, folders or globs to read instead of the sources of the recipe.
        workers: Processes at work at a time; all processors where it is not given.
        limit: Only so many records of each input, for a trial.
        filters: Python files with signals and cleaners of your own.
        shard_timeout: Seconds that one shard may take; a worker that takes longer is ended, and
            the shard tried once more.
        accept: Publish the result although it is worse than the release that is there.
    """
    try:
        chosen = with_sources(read(recipe, filters or (), files=not source), source or ())
        own = tuple(filters or ())
        return _curate(chosen, Path(out), workers, limit, own, shard_timeout, accept=accept)
    except (Problem, Problems) as found:
        return executor.failed(found)


def read(recipe: Recipe | str, filters: Sequence[str], *, files: bool) -> Recipe:
    """The recipe, all its names checked; mistakes are raised together."""
    if isinstance(recipe, str) and not locate(recipe).is_file():
        return load_recipe(Path(recipe))  # says what is wrong
    from seimai.pipeline.cleaner import known_cleaners
    from seimai.pipeline.signal import load

    signals, cleaners = load(filters), known_cleaners()
    if isinstance(recipe, str):
        return load_recipe(Path(recipe), signals=signals, cleaners=cleaners, files=files)
    written = recipe.text or recipe.model_dump_json(exclude_none=True, exclude={"text"})
    parse_recipe(written, recipe.recipe, signals=signals, cleaners=cleaners, files=files)
    return recipe


def _curate(
    recipe: Recipe,
    out: Path,
    workers: int | None,
    limit: int | None,
    filters: tuple[str, ...],
    seconds: float | None,
    *,
    accept: bool,
) -> State[Any]:
    if not recipe.source:
        raise Problem("R035", Place(recipe.recipe))
    watching = watch.get() or Watch()
    bars = Bars(watching.progress)
    folder = folder_of(out, limit)

    def open_executor(job: Job, count: int) -> AbstractContextManager[Executor]:
        # A filter of the user's own may crash its process, and that must not be this one. The plan
        # was just saved, with the digests: finding the splits again reads no input.
        if not job.filters and is_small(find_splits(job, load_plan(job.out))):
            return executor.here(job, watching.batches)
        return executor.worker_pool(job, count, watching.batches, seconds, bars.look)

    result = run(
        recipe,
        out,
        workers=workers or processors(),
        limit=limit,
        filters=filters,
        progress=bars,
        open_executor=open_executor,
        accept=accept,
    )
    show(result, recipe, folder)
    odd = needs_you(result, accept=accept)
    if odd:
        return executor.failed(odd)
    broken = [check for check in expectations(recipe.expect, result) if not check.ok]
    if broken:
        told = ", ".join(f"{sentence(f'expect.{check.name}')} {bounds(check)}" for check in broken)
        return executor.failed(Problem("S028", checks=told))
    unread = given_up(result) or packages_missing(result)
    if unread:
        return executor.failed(unread)
    counts = result["counts"]
    done = sentence("flow.done", kept=f"{counts['kept']:,}", read=f"{counts['read']:,}")
    return Completed(message=done, data={"out": str(folder), "counts": counts})
