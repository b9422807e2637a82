"""
The flow for every hour: new and changed inputs, and what follows from them.

It first looks at names, sizes and times. Where those tell nothing new and the release is the one
that the recipe asks for, it ends there, and says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows import outcome
from seimai.flows.journey import (
    MOST_QUARANTINED,
    SAMPLES,
    Wanted,
    carry_out,
    chosen,
    ending,
    name_of_run,
)
from seimai.flows.parameters import Count, Folder, Hours, Samples, Several, Share
from seimai.pipeline.engine.planning.news import glance
from seimai.pipeline.engine.planning.plan import load_plan
from seimai.pipeline.engine.preview import preview
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.job import Job
from seimai.pipeline.messages import sentence
from seimai.pipeline.recipe import Recipe


@flow(
    name="ingest-new",
    description="Reads what is new or changed in the sources of a recipe, and releases again.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def ingest_new(
    recipe: Recipe | str,
    out: Folder,
    source: list[str] | None = None,
    workers: Count | None = None,
    filters: list[str] | None = None,
    most_quarantined: Share | None = MOST_QUARANTINED,
    retries: Several = 0,
    hours: Hours | None = None,
    report_url: str | None = None,
    samples: Samples = SAMPLES,
) -> State[Any]:
    """
    Read new and changed inputs only, and release again; with nothing new, say so and end.

    Args:
        recipe: The recipe itself, or the path of its file, from the folder the run starts in.
        out: The folder for everything that is written.
        source: Files, folders or globs to read instead of the sources of the recipe.
        workers: Processes at work at a time; all processors where it is not given.
        filters: Python files with signals and cleaners of your own.
        most_quarantined: The share of records that may be in quarantine before the run asks for
            a person.
        retries: So many times a run waits five minutes and tries again, where that can help.
        hours: The run may take so long.
        report_url: Where the report can be opened in a browser, such as
            https://files.example/{out}/release/report.html
        samples: Kept and rejected texts that Prefect's pages show.
    """
    own = tuple(filters or ())

    def work() -> State[Any]:
        wanted = Wanted(
            chosen(recipe, source, own),
            Path(out),
            workers=workers,
            filters=own,
            most_quarantined=most_quarantined,
            retries=retries,
            hours=hours,
            report_url=report_url,
            samples=samples,
        )
        return _news_of(wanted)

    return ending(work)


def _news_of(wanted: Wanted) -> State[Any]:
    news = glance(Job(wanted.recipe, wanted.out, wanted.filters), load_plan(wanted.out))
    counts = {name: len(getattr(news, name)) for name in ("new", "changed", "gone")}
    if not news and _is_released(wanted):
        done = read_run(wanted.out / "release")
        kept = done["counts"]["kept"] if done else 0
        told = sentence("flow.nothing_new", same=f"{news.same:,}", kept=f"{kept:,}")
        return outcome.completed(told, out=str(wanted.out), news=counts)
    return carry_out(wanted, f" · {sentence('flow.news', **counts)}")


def _is_released(wanted: Wanted) -> bool:
    """Whether the release is the one of this recipe; no input is read for it."""
    rows = preview(wanted.recipe, wanted.out, filters=wanted.filters)
    return all(row["state"] == "up to date" for row in rows)
