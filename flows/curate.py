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

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows.journey import (
    MOST_QUARANTINED,
    SAMPLES,
    Wanted,
    carry_out,
    chosen,
    ending,
    name_of_run,
)
from seimai.flows.parameters import Count, Folder, Hours, Samples, Seconds, Several, Share
from seimai.pipeline.engine.workers.crews import CrewName
from seimai.pipeline.recipe import Recipe


@flow(
    name="curate",
    description="Polishes raw Japanese text into training data, as a recipe says.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def curate(
    recipe: Recipe | str,
    out: Folder,
    source: list[str] | None = None,
    workers: Count | None = None,
    limit: Count | None = None,
    filters: list[str] | None = None,
    shard_timeout: Seconds | None = None,
    accept: bool = False,  # noqa: FBT001, FBT002 - a field of a form
    recheck: bool = False,  # noqa: FBT001, FBT002 - as above
    previous: Several | None = None,
    most_quarantined: Share | None = MOST_QUARANTINED,
    retries: Several = 0,
    hours: Hours | None = None,
    report_url: str | None = None,
    samples: Samples = SAMPLES,
    crew: CrewName | None = None,
    site: str | None = None,
    metrics: str | None = None,
) -> State[Any]:
    """
    Curate everything a recipe names into the folder `out`/release.

    The run ends Failed where something could not be done, and where a person should look at the
    result: it is not what `expect` of the recipe asks for (NotAsExpected), much worse than the
    release that is there (WipeOut), much of it could not be read (HighQuarantine), or inputs were
    out of reach (Unfinished).

    Args:
        recipe: The recipe itself, or the path of its file, from the folder the run starts in.
        out: The folder for everything that is written. The same folder again goes on from there.
        source: Files, folders or globs to read instead of the sources of the recipe.
        workers: Processes at work at a time; all processors where it is not given.
        limit: Only so many texts of each source, as a trial in `out`/trial.
        filters: Python files with signals and cleaners of your own.
        shard_timeout: Seconds that one shard may take; a worker that takes longer is ended, and
            the shard tried once more.
        accept: Publish the result although it is worse than the release that is there.
        recheck: Read again what looks as it did.
        previous: So many releases before this one are kept; the recipe says it where it is not
            given.
        most_quarantined: The share of records that may be in quarantine before the run asks for
            a person.
        retries: So many times a run waits five minutes and tries again, where that can help: an
            input is out of reach, or another run works on the same folder.
        hours: The run may take so long.
        report_url: Where the report can be opened in a browser, such as
            https://files.example/{out}/release/report.html
        samples: Kept and rejected texts that Prefect's pages show.
        crew: A batch system that the work is handed to, as array jobs.
        site: The file with what the computing centre wants to be told.
        metrics: A file for the counts and times of the run, as Prometheus reads them.
    """
    own = tuple(filters or ())
    return ending(
        lambda: carry_out(
            Wanted(
                chosen(recipe, source, own),
                Path(out),
                workers=workers,
                limit=limit,
                filters=own,
                shard_timeout=shard_timeout,
                accept=accept,
                recheck=recheck,
                previous=previous,
                most_quarantined=most_quarantined,
                retries=retries,
                hours=hours,
                report_url=report_url,
                samples=samples,
                crew=crew,
                site=Path(site) if site else None,
                metrics=Path(metrics) if metrics else None,
            )
        )
    )
