"""Commands that take a recipe: `run`, `preview`, `plan`, `check`; see `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.types import NonNegativeFloat, PositiveInt

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.parameters import (
    Filters,
    Junit,
    RecipePath,
    Sources,
    TrialWorkers,
    Workers,
)
from seimai.pipeline.engine.workers.crews import CrewName


def run(
    recipe: RecipePath,
    /,
    *,
    source: Sources = (),
    out: Annotated[str | None, Parameter(help="help.out_or_address", metavar="FOLDER")] = None,
    work: Annotated[Path | None, Parameter(help="help.work", metavar="FOLDER")] = None,
    workers: Workers = None,
    limit: Annotated[PositiveInt | None, Parameter(help="help.limit", metavar="N")] = None,
    plan: Annotated[bool, Parameter(help="help.plan_only", negative="")] = False,
    accept: Annotated[bool, Parameter(help="help.accept", negative="")] = False,
    recheck: Annotated[bool, Parameter(help="help.recheck", negative="")] = False,
    baseline: Annotated[Path | None, Parameter(help="help.baseline", metavar="RUN")] = None,
    junit: Junit = None,
    metrics: Annotated[Path | None, Parameter(help="help.metrics", metavar="FILE")] = None,
    no_previous: Annotated[bool, Parameter(help="help.no_previous", negative="")] = False,
    crew: Annotated[CrewName | None, Parameter(help="help.crew")] = None,
    site: Annotated[Path | None, Parameter(help="help.site", metavar="FILE")] = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Run a recipe."""
    special = (work, limit, plan, accept, recheck, baseline, junit, metrics, crew, site, filters)
    if not any(special) and not no_previous and not manner.github:
        from seimai.pipeline.cli.standing import tell_standing

        if (code := tell_standing(recipe, source, out, manner)) is not None:
            return code
    from seimai.pipeline.cli.publishing import folder_and_address
    from seimai.pipeline.cli.run import Wanted, plan_recipe, run_recipe

    folder, address = folder_and_address(out, work)
    if plan:
        return plan_recipe(
            recipe, source=source, out=folder, limit=limit, filters=filters, manner=manner
        )
    wanted = Wanted(
        recipe,
        source=source,
        out=folder,
        address=address,
        workers=workers,
        limit=limit,
        filters=filters,
        accept=accept,
        recheck=recheck,
        previous=0 if no_previous else None,
        baseline=baseline,
        junit=junit,
        metrics=metrics,
        crew=crew,
        site=site,
    )
    return run_recipe(wanted, manner)


def preview(
    recipe: RecipePath,
    /,
    *,
    rows: Annotated[PositiveInt, Parameter(help="help.rows", metavar="N")] = 2000,
    source: Sources = (),
    workers: TrialWorkers = None,
    every: Annotated[bool, Parameter(name="--all", help="help.all", negative="")] = False,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Try a recipe on a sample."""
    from seimai.pipeline.cli.previewing import preview_recipe

    return preview_recipe(
        recipe,
        rows=rows,
        source=source,
        workers=workers,
        every=every,
        filters=filters,
        manner=manner,
    )


def plan(
    recipe: RecipePath,
    /,
    *,
    source: Sources = (),
    workers: TrialWorkers = None,
    price: Annotated[NonNegativeFloat | None, Parameter(help="help.price", metavar="X")] = None,
    rows: Annotated[PositiveInt, Parameter(help="help.rows", metavar="N")] = 2000,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Say what a run would cost."""
    from seimai.pipeline.cli.planning import plan_costs

    return plan_costs(
        recipe,
        rows=rows,
        source=source,
        workers=workers,
        price=price,
        filters=filters,
        manner=manner,
    )


def check(
    recipe: RecipePath,
    /,
    *,
    junit: Junit = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Find the mistakes of a recipe."""
    from seimai.pipeline.cli.run import check_recipe

    return check_recipe(recipe, filters, junit, manner)
