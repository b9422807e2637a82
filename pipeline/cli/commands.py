"""
Which commands there are, and what they take.

The `help` of a parameter and of a command is a key of `messages`: `usage` shows the sentence in
the language of the moment. A command imports what it needs when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.types import PositiveInt

from seimai.pipeline.cli.manner import PLAIN, Manner

RecipePath = Annotated[Path, Parameter(help="help.recipe")]
Folder = Annotated[Path, Parameter(help="help.out")]
Filters = Annotated[
    tuple[str, ...], Parameter(name="--filters", help="help.filters", metavar="FILE", negative="")
]
Sources = Annotated[
    tuple[str, ...], Parameter(name="--source", help="help.source", metavar="FILES", negative="")
]


def run(
    recipe: RecipePath,
    /,
    *,
    source: Sources = (),
    out: Annotated[Path | None, Parameter(help="help.out", metavar="FOLDER")] = None,
    workers: Annotated[PositiveInt | None, Parameter(help="help.workers", metavar="N")] = None,
    limit: Annotated[PositiveInt | None, Parameter(help="help.limit", metavar="N")] = None,
    plan: Annotated[bool, Parameter(help="help.plan", negative="")] = False,
    accept: Annotated[bool, Parameter(help="help.accept", negative="")] = False,
    recheck: Annotated[bool, Parameter(help="help.recheck", negative="")] = False,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Run a recipe."""
    from seimai.pipeline.cli.run import plan_recipe, run_recipe

    if plan:
        return plan_recipe(
            recipe, source=source, out=out, limit=limit, filters=filters, manner=manner
        )
    return run_recipe(
        recipe,
        source=source,
        out=out,
        workers=workers,
        limit=limit,
        filters=filters,
        manner=manner,
        accept=accept,
        recheck=recheck,
    )


def check(recipe: RecipePath, /, *, filters: Filters = (), manner: Manner = PLAIN) -> int:
    """Find the mistakes of a recipe."""
    from seimai.pipeline.cli.run import check_recipe

    return check_recipe(recipe, filters, manner)


def explain(
    place: Annotated[Path, Parameter(help="help.place")],
    text: Annotated[str, Parameter(name="id", help="help.id", allow_leading_hyphen=True)],
    /,
    *,
    every: Annotated[bool, Parameter(name="--all", help="help.all", negative="")] = False,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """Say why a text was kept or rejected."""
    from seimai.pipeline.cli.explaining import explain_text

    return explain_text(place, text, every=every, filters=filters, manner=manner)


def signals(
    name: Annotated[str | None, Parameter(help="help.name")] = None,
    /,
    *,
    filters: Filters = (),
    manner: Manner = PLAIN,
) -> int:
    """List signals."""
    from seimai.pipeline.cli.look import show_signals

    return show_signals(name, filters, manner)


def verify(out: Folder, /, *, manner: Manner = PLAIN) -> int:
    """Check a release."""
    from seimai.pipeline.cli.look import verify_release

    return verify_release(out, manner)


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


COMMANDS = {
    command.__name__: command for command in (run, check, explain, signals, verify, doctor, report)
}


def make_app() -> App:
    """The parser of all commands; help and version are ours, so that they speak two languages."""
    app = App(name="seimai", help_flags=[], version_flags=[])
    for name, command in COMMANDS.items():
        app.command(command, name=name, help=f"help.{name}")
    return app
