"""
Which commands there are. What each takes is its function's signature, in a module per kind.

The `help` of a parameter and of a command is a key of `messages`: `usage` shows the sentence in
the language of the moment. A command imports what it needs when it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.question_commands import (
    compare,
    diff,
    doctor,
    explain,
    page,
    recipes,
    signals,
    tune,
)
from seimai.pipeline.cli.recipe_commands import check, plan, preview, run
from seimai.pipeline.cli.release_commands import (
    dedup,
    disclose,
    find,
    forget,
    index,
    report,
    rollback,
    verify,
)
from seimai.pipeline.cli.training_commands import mix, tokens, train


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
        *(train, tokens, mix, verify, rollback, disclose, dedup, index, find, forget, doctor),
        *(report, completion),
    )
}
"""Every command by its name, in the order in which `seimai --help` lists them."""


def make_app() -> App:
    """The parser of all commands; help and version are ours, so that they speak two languages."""
    app = App(name="seimai", help_flags=[], version_flags=[])
    for name, command in COMMANDS.items():
        app.command(command, name=name, help=f"help.{name}")
    return app
