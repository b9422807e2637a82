"""
What the flows that run a recipe have in common: reading it, running it, saying how it ended.

The stages are those of `engine/run.py`; the flows differ in what they ask of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep as pause
from typing import Any
from uuid import UUID

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.logging import get_run_logger
from prefect.utilities.timeout import timeout

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows import executor, outcome
from seimai.flows.artifacts import Bars, show
from seimai.flows.run_page import Where
from seimai.flows.signs_of_life import signs_of_life
from seimai.pipeline.engine.planning.plan import find_splits, load_plan
from seimai.pipeline.engine.progress import Progress, Silent
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.engine.run import folder_of, is_small, run
from seimai.pipeline.engine.workers.crews import CrewName, open_crew
from seimai.pipeline.engine.workers.pool import Executor
from seimai.pipeline.errors import Place, Problem, Problems
from seimai.pipeline.job import Job
from seimai.pipeline.machine import processors
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import Recipe, load_recipe, locate, parse_recipe, with_sources
from seimai.pipeline.report.funnel import expectations
from seimai.pipeline.report.metrics import write_metrics

SAMPLES = 3
"""Texts of each kind in the artifact of a run."""

WAIT_SECONDS = 300.0
"""Between tries: a share that was away is back by then, another run may be done."""

MOST_QUARANTINED = 0.2
"""Share of a run's records in quarantine above which a person should look."""


@dataclass
class Watch:
    """What the command line hands to the flow that it starts, beside the parameters."""

    progress: Progress = field(default_factory=Silent)
    batches: list[UUID] = field(default_factory=list)
    """The task runs that there were; their records have to be there before the server ends."""
    alone: bool = False
    """Whether the server ends with the run, and nobody there looks for runs that died."""


watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@dataclass(frozen=True)
class Wanted:
    """What a flow asks for; the names are those of its parameters."""

    recipe: Recipe
    out: Path
    workers: int | None = None
    limit: int | None = None
    filters: tuple[str, ...] = ()
    shard_timeout: float | None = None
    accept: bool = False
    recheck: bool = False
    previous: int | None = None
    most_quarantined: float | None = MOST_QUARANTINED
    retries: int = 0
    hours: float | None = None
    report_url: str | None = None
    samples: int = SAMPLES
    crew: CrewName | None = None
    site: Path | None = None
    metrics: Path | None = None
    known_only: bool = False
    """Only judge again what was read before; no input is opened."""

    @property
    def folder(self) -> Path:
        """Where the run works: its output folder, or the trial in it."""
        return folder_of(self.out, self.limit)


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


def chosen(recipe: Recipe | str, source: Sequence[str] | None, filters: Sequence[str]) -> Recipe:
    """The recipe of a run, with the sources that it is to read."""
    found = with_sources(read(recipe, filters, files=not source), source or ())
    if not found.source:
        raise Problem("R035", Place(found.recipe))
    return found


def name_of_run() -> str:
    """
    The name of a flow run: `web → out/nightly`, from its parameters.

    A recipe that was typed into the form is called as it calls itself.
    """
    given = runtime.flow_run.parameters or {}
    recipe, out, limit = (given.get(key) for key in ("recipe", "out", "limit"))
    if isinstance(recipe, dict):
        recipe = recipe.get("recipe")
    elif isinstance(recipe, Recipe):
        recipe = recipe.recipe
    named = Path(str(recipe)).stem if recipe else str(runtime.flow_run.flow_name)
    trial = f" ({sentence('word.trial')} {limit})" if limit else ""
    return f"{named} → {out}{trial}"


def ending(work: Callable[[], State[Any]]) -> State[Any]:
    """What `work` ends in; a `Problem` is a state as well, and is told once."""
    outcome.tell_once()
    watching = watch.get()
    try:
        with nullcontext() if watching and watching.alone else signs_of_life():
            return work()
    except (Problem, Problems) as found:
        return outcome.failed(found)


def carry_out(wanted: Wanted, also: str = "") -> State[Any]:
    """
    Run a recipe, and again after a while where only waiting helps; gives the end of the flow run.

    `also` is said after the counts of a run that went well.
    """
    try:
        result, before, faults = _run_patiently(wanted)
    except (Problem, Problems):
        if wanted.metrics:
            write_metrics(wanted.metrics, wanted.recipe.recipe, None, ok=False)
        raise
    if wanted.metrics:
        write_metrics(wanted.metrics, wanted.recipe.recipe, result, ok=not faults)
    where = Where(wanted.folder, wanted.report_url)
    show(result, before, expectations(wanted.recipe.expect, result), where, wanted.samples)
    return outcome.ended(result, wanted.folder, faults, also)


def _run_patiently(wanted: Wanted) -> tuple[Any, Any, list[Problem]]:
    """The record of a run, that of the release before it, and what a person should look at."""
    limit = timeout(wanted.hours * 3600, TimeoutError) if wanted.hours else nullcontext()
    try:
        with limit:
            for left in reversed(range(wanted.retries + 1)):
                try:
                    result, before = _run(wanted)
                    faults = outcome.faults_of(
                        result,
                        wanted.recipe,
                        accept=wanted.accept,
                        most_quarantined=wanted.most_quarantined,
                    )
                except (Problem, Problems) as found:
                    if not left or not outcome.helps_to_wait(found):
                        raise
                    _wait(found, left)
                    continue
                if not (left and faults and outcome.helps_to_wait(Problems(faults))):
                    break
                _wait(Problems(faults), left)
    except TimeoutError as error:
        raise Problem("S049", hours=f"{wanted.hours:g}") from error
    return result, before, faults


def _wait(found: Problem | Problems, left: int) -> None:
    log = get_run_logger()
    log.warning(str(found))
    log.warning(sentence("flow.again", minutes=WAIT_SECONDS / 60, left=left))
    pause(WAIT_SECONDS)


def _run(wanted: Wanted) -> tuple[Any, Any]:
    """The record of a run, and that of the release that was there before."""
    watching = watch.get() or Watch()
    bars = Bars(watching.progress)

    arrays = open_crew(wanted.crew, wanted.site)

    def open_executor(job: Job, count: int) -> AbstractContextManager[Executor]:
        if arrays:
            return arrays(job, count)
        # A filter of the user's own may crash its process, and that must not be this one. The plan
        # was just saved, with the digests: finding the splits again reads no input.
        if not job.filters and is_small(find_splits(job, load_plan(job.out))):
            return executor.here(job, watching.batches)
        seconds = wanted.shard_timeout
        return executor.worker_pool(job, count, watching.batches, seconds, bars.look)

    before = read_run(wanted.folder / "release")
    result = run(
        wanted.recipe,
        wanted.out,
        workers=wanted.workers or processors(),
        limit=wanted.limit,
        filters=wanted.filters,
        progress=bars,
        open_executor=open_executor,
        accept=wanted.accept,
        recheck=wanted.recheck,
        previous=wanted.previous,
        known_only=wanted.known_only,
    )
    return result, before
