"""The flow for new limits: what was read and measured is judged again, and no input is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows.journey import (
    SAMPLES,
    Wanted,
    carry_out,
    chosen,
    ending,
    name_of_run,
)
from seimai.flows.parameters import Count, Folder, Samples, Several
from seimai.pipeline.recipe import Recipe


@flow(
    name="rejudge",
    description="Judges what was read and measured by the limits of a recipe, and releases again.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def rejudge(
    recipe: Recipe | str,
    out: Folder,
    source: list[str] | None = None,
    workers: Count | None = None,
    filters: list[str] | None = None,
    accept: bool = False,  # noqa: FBT001, FBT002 - a field of a form
    retries: Several = 0,
    report_url: str | None = None,
    samples: Samples = SAMPLES,
) -> State[Any]:
    """
    Apply the limits of a recipe to the texts that the last run has read.

    Inputs that came since wait for the next run. A recipe that cleans, or reads, in another way
    than the last run is refused: its texts would have to be read again.

    Args:
        recipe: The recipe itself, or the path of its file, from the folder the run starts in.
        out: The folder of the run.
        source: The files that the last run read instead of the sources of the recipe.
        workers: Processes at work at a time; all processors where it is not given.
        filters: Python files with signals and cleaners of your own.
        accept: Publish the result although it is worse than the release that is there.
        retries: So many times a run waits five minutes and tries again, where that can help.
        report_url: Where the report can be opened in a browser, such as
            https://files.example/{out}/release/report.html
        samples: Kept and rejected texts that Prefect's pages show.
    """
    own = tuple(filters or ())
    return ending(
        lambda: carry_out(
            Wanted(
                chosen(recipe, source, own),
                Path(out),
                workers=workers,
                filters=own,
                accept=accept,
                retries=retries,
                report_url=report_url,
                samples=samples,
                known_only=True,
            )
        )
    )
