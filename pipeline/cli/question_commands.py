"""Commands that answer a question: `explain`, `signals`, `compare` …; see `commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.parameters import (
    Filters,
    Junit,
    Labels,
    Samples,
    Sources,
    Words,
    Workers,
)


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


def doctor(
    recipe: Annotated[Path | None, Parameter(help="help.doctor_recipe")] = None,
    /,
    *,
    work: Annotated[str | None, Parameter(help="help.doctor_work", metavar="FOLDER")] = None,
    source: Sources = (),
    workers: Workers = None,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Check the machine."""
    from seimai.pipeline.cli.look import see_doctor

    return see_doctor(recipe, work, source, workers, filters, manner)
