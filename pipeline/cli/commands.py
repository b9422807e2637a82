"""
Which commands there are, and what they take.

The `help` of a parameter and of a command is a key of `messages`: `usage` shows the sentence in
the language of the moment. A command imports what it needs when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.types import NonNegativeFloat, NonNegativeInt, PositiveInt

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.release_commands import dedup, find, forget, index
from seimai.pipeline.engine.workers.crews import CrewName

RecipePath = Annotated[Path, Parameter(help="help.recipe")]
Folder = Annotated[Path, Parameter(help="help.out")]
Published = Annotated[str, Parameter(name="out", help="help.published")]
Filters = Annotated[
    tuple[str, ...], Parameter(name="--filters", help="help.filters", metavar="FILE", negative="")
]
Sources = Annotated[
    tuple[str, ...], Parameter(name="--source", help="help.source", metavar="FILES", negative="")
]

Junit = Annotated[Path | None, Parameter(help="help.junit", metavar="FILE")]
Labels = Annotated[Path | None, Parameter(help="help.labelled", metavar="FILE")]
Samples = Annotated[NonNegativeInt, Parameter(help="help.samples", metavar="N")]
Words = Annotated[bool, Parameter(help="help.words", negative="")]


def run(
    recipe: RecipePath,
    /,
    *,
    source: Sources = (),
    out: Annotated[str | None, Parameter(help="help.out_or_address", metavar="FOLDER")] = None,
    work: Annotated[Path | None, Parameter(help="help.work", metavar="FOLDER")] = None,
    workers: Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")] = None,
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
    from seimai.pipeline.cli.run import plan_recipe, run_recipe

    folder, address = folder_and_address(out, work)
    if plan:
        return plan_recipe(
            recipe, source=source, out=folder, limit=limit, filters=filters, manner=manner
        )
    return run_recipe(
        recipe,
        source=source,
        out=folder,
        address=address,
        workers=workers,
        limit=limit,
        filters=filters,
        manner=manner,
        accept=accept,
        recheck=recheck,
        baseline=baseline,
        junit=junit,
        previous=0 if no_previous else None,
        crew=crew,
        site=site,
        metrics=metrics,
    )


def preview(
    recipe: RecipePath,
    /,
    *,
    rows: Annotated[PositiveInt, Parameter(help="help.rows", metavar="N")] = 2000,
    source: Sources = (),
    workers: Annotated[
        PositiveInt | None, Parameter(help="help.preview_workers", metavar="N")
    ] = None,
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
    workers: Annotated[
        PositiveInt | None, Parameter(help="help.preview_workers", metavar="N")
    ] = None,
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


def explain(
    out: Annotated[Path, Parameter(name="place", help="help.place")],
    id_: Annotated[str, Parameter(name="id", help="help.id", allow_leading_hyphen=True)],
    /,
    *,
    every: Annotated[bool, Parameter(name="--all", help="help.all", negative="")] = False,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Say why a text was kept or rejected."""
    from seimai.pipeline.cli.explaining import explain_text

    return explain_text(out, id_, every=every, filters=filters, manner=manner)


def page(
    place: Annotated[str, Parameter(name="file", help="help.page_file")],
    /,
    *,
    html: Annotated[Path | None, Parameter(help="help.html", metavar="FILE")] = None,
    comments: Annotated[bool, Parameter(help="help.comments", negative="")] = False,
    manner: Manner = PLAIN,
) -> int:
    """Show what is read of a web page."""
    from seimai.pipeline.cli.pages import show_page

    return show_page(place, html, comments=comments, manner=manner)


def signals(
    name: Annotated[str | None, Parameter(help="help.name")] = None,
    /,
    *,
    on: Annotated[Path | None, Parameter(help="help.signal_on", metavar="OUT")] = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """List signals."""
    from seimai.pipeline.cli.look import show_signals

    return show_signals(name, on, filters, manner)


def recipes(
    name: Annotated[str | None, Parameter(help="help.recipe_name")] = None,
    /,
    *,
    reference: Annotated[bool, Parameter(help="help.reference", negative="")] = False,
    schema: Annotated[bool, Parameter(help="help.schema", negative="")] = False,
    manner: Manner = PLAIN,
) -> int:
    """List the recipes that come with Seimai, or write one out."""
    from seimai.pipeline.cli.look import show_recipes
    from seimai.pipeline.cli.reference import show_reference, show_schema

    if schema:
        return show_schema()
    if reference:
        return show_reference(name, manner)
    return show_recipes(name, manner)


def verify(
    out: Published,
    /,
    *,
    stages: Annotated[bool, Parameter(help="help.stages", negative="")] = False,
    junit: Junit = None,
    manner: Manner = PLAIN,
) -> int:
    """Check a release."""
    from seimai.pipeline.cli.look import verify_release
    from seimai.pipeline.cli.publishing import at_hand

    with at_hand(out, stages=stages) as folder:
        return verify_release(folder, junit, manner, stages=stages)


def rollback(out: Published, /, *, manner: Manner = PLAIN) -> int:
    """Exchange the release and the one before it."""
    from seimai.pipeline.cli.publishing import roll_back_address
    from seimai.pipeline.cli.run import roll_back
    from seimai.pipeline.storage import is_address

    return roll_back_address(out, manner) if is_address(out) else roll_back(Path(out), manner)


def disclose(out: Folder, /, *, manner: Manner = PLAIN) -> int:
    """Draft the disclosures that are asked for."""
    from seimai.pipeline.cli.disclosing import disclose_run

    return disclose_run(out, manner)


def doctor(
    *,
    workers: Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")] = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Check the machine."""
    from seimai.pipeline.cli.look import see_doctor

    return see_doctor(workers, filters, manner)


def report(out: Folder, /, *, manner: Manner = PLAIN) -> int:
    """Write the report again."""
    from seimai.pipeline.cli.look import write_report

    return write_report(out, manner)


def diff(
    old: Annotated[Path, Parameter(help="help.old")],
    new: Annotated[Path, Parameter(help="help.new")],
    /,
    *,
    samples: Samples = 3,
    junit: Junit = None,
    manner: Manner = PLAIN,
) -> int:
    """Show what is different between two runs."""
    from seimai.pipeline.cli.diffing import diff_runs

    return diff_runs(old, new, samples=samples, junit=junit, manner=manner)


def compare(
    recipes: Annotated[tuple[Path, ...], Parameter(help="help.compared")],
    /,
    *,
    on: Annotated[Path, Parameter(help="help.on", metavar="OUT")],
    labels: Labels = None,
    by: Annotated[
        tuple[str, ...], Parameter(name="--by", help="help.by", metavar="COLUMN", negative="")
    ] = (),
    samples: Samples = 3,
    words: Words = False,
    html: Annotated[Path | None, Parameter(help="help.html_table", metavar="FILE")] = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Hold several recipes against the numbers of one run."""
    from seimai.pipeline.cli.comparing import compare_recipes

    return compare_recipes(
        recipes,
        on,
        labels=labels,
        by=by,
        samples=samples,
        words=words,
        html=html,
        filters=filters,
        manner=manner,
    )


def tune(
    out: Annotated[Path, Parameter(help="help.on")],
    signal: Annotated[str | None, Parameter(help="help.tuned")] = None,
    /,
    *,
    at: Annotated[float | None, Parameter(help="help.at", metavar="NUMBER")] = None,
    labels: Labels = None,
    like: Annotated[
        tuple[str, ...], Parameter(name="--like", help="help.like", metavar="FILES", negative="")
    ] = (),
    loss: Annotated[float | None, Parameter(help="help.loss", metavar="SHARE")] = None,
    precision: Annotated[float | None, Parameter(help="help.precision", metavar="SHARE")] = None,
    every: Annotated[bool, Parameter(name="--all", help="help.every", negative="")] = False,
    together: Annotated[bool, Parameter(help="help.together", negative="")] = False,
    write: Annotated[Path | None, Parameter(help="help.write", metavar="FILE")] = None,
    samples: Samples = 3,
    words: Words = False,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Show what other limits would keep, or propose some."""
    from seimai.pipeline.cli.tuning import propose, show_curve

    if signal is not None:
        return show_curve(
            out, signal, labels=labels, at=at, samples=samples, words=words, manner=manner
        )
    return propose(
        out,
        labels=labels,
        like=like,
        loss=loss,
        precision=precision,
        every=every,
        together=together,
        words=words,
        write=write,
        filters=filters,
        manner=manner,
    )


def train(
    *,
    good: Annotated[
        tuple[str, ...], Parameter(help="help.good", metavar="FILES", negative="")
    ] = (),
    bad: Annotated[tuple[str, ...], Parameter(help="help.bad", metavar="FILES", negative="")] = (),
    labels: Annotated[
        tuple[str, ...], Parameter(help="help.labels", metavar="FILES", negative="")
    ] = (),
    kinds: Annotated[
        tuple[str, ...], Parameter(help="help.kinds", metavar="FILES", negative="")
    ] = (),
    out: Annotated[Path, Parameter(help="help.model", metavar="MODEL")],
    manner: Manner = PLAIN,
) -> int:
    """Make a learned score."""
    from seimai.pipeline.cli.training import train_kinds_of, train_model

    if kinds:
        return train_kinds_of(kinds, out, manner)
    return train_model(good, bad, labels, out, manner)


def tokens(
    release: Annotated[Path, Parameter(help="help.release")],
    /,
    *,
    tokenizer: Annotated[Path, Parameter(help="help.tokenizer", metavar="FILE")],
    out: Annotated[Path | None, Parameter(help="help.tokens_out", metavar="FOLDER")] = None,
    eod: Annotated[str | None, Parameter(help="help.eod", metavar="TOKEN")] = None,
    bod: Annotated[str | None, Parameter(help="help.bod", metavar="TOKEN")] = None,
    validation: Annotated[float, Parameter(help="help.validation", metavar="SHARE")] = 0.0,
    test: Annotated[float, Parameter(help="help.test", metavar="SHARE")] = 0.0,
    seed: Annotated[NonNegativeInt, Parameter(help="help.seed", metavar="N")] = 0,
    group: Annotated[str, Parameter(help="help.group", metavar="COLUMN")] = "id",
    by: Annotated[
        tuple[str, ...], Parameter(name="--by", help="help.count_by", metavar="COLUMN", negative="")
    ] = (),
    parquet: Annotated[bool, Parameter(help="help.ids_parquet", negative="")] = False,
    plan: Annotated[bool, Parameter(help="help.tokens_plan", negative="")] = False,
    workers: Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")] = None,
    manner: Manner = PLAIN,
) -> int:
    """Write a release as token ids."""
    from seimai.pipeline.cli.delivering import show_tokens
    from seimai.pipeline.delivery.pieces import Setup

    setup = Setup(str(tokenizer), eod, bod, validation, test, seed, group)
    return show_tokens(
        release, out, setup, by=by, parquet=parquet, plan=plan, workers=workers, manner=manner
    )


def mix(
    file: Annotated[Path, Parameter(name="file", help="help.mix_file")],
    /,
    *,
    out: Annotated[Path, Parameter(help="help.tokens_out", metavar="FOLDER")],
    plan: Annotated[bool, Parameter(help="help.mix_plan", negative="")] = False,
    accept: Annotated[bool, Parameter(help="help.mix_accept", negative="")] = False,
    workers: Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")] = None,
    manner: Manner = PLAIN,
) -> int:
    """Draw texts of several releases into one training set."""
    from seimai.pipeline.cli.delivering import show_mix

    return show_mix(file, out, plan=plan, accept=accept, workers=workers, manner=manner)


def init(
    folder: Annotated[Path, Parameter(name="dir", help="help.project")],
    /,
    *,
    manner: Manner = PLAIN,
) -> int:
    """Lay down a project."""
    from seimai.pipeline.cli.starting import init_project

    return init_project(folder, manner)


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(help="help.shell")],
    /,
    *,
    manner: Manner = PLAIN,
) -> int:
    """Print a script that completes commands."""
    del manner
    from seimai.pipeline.cli.starting import show_completion

    return show_completion(shell, make_app(), COMMANDS)


COMMANDS = {
    command.__name__: command
    for command in (
        *(init, run, preview, plan, check, explain, page, signals, recipes, diff, compare, tune),
        *(
            train,
            tokens,
            mix,
            verify,
            rollback,
            disclose,
            dedup,
            index,
            find,
            forget,
            doctor,
            report,
        ),
        completion,
    )
}


def make_app() -> App:
    """The parser of all commands; help and version are ours, so that they speak two languages."""
    app = App(name="seimai", help_flags=[], version_flags=[])
    for name, command in COMMANDS.items():
        app.command(command, name=name, help=f"help.{name}")
    return app
