"""`init` and `completion`: what a newcomer needs once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cyclopts import App

    from seimai.pipeline.cli.completion import Shell
    from seimai.pipeline.cli.manner import Manner


def init_project(folder: Path, manner: Manner) -> int:
    """`seimai init DIR`."""
    from seimai.pipeline.inspect.project import lay_down

    written = lay_down(folder)
    if manner.json:
        say_json({"written": {name: str(path) for name, path in written.items()}})
    elif not manner.quiet:
        rows = [
            (f"  {folder / name}", sentence(f"init.{Path(name).name.lstrip('.')}"))
            for name in written
        ]
        go = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
        say([*columns(rows), "", sentence("init.next", command=f"{go}seimai preview recipe.yaml")])
        say(
            [f"    {sentence(code)}" for code in ("init.then_run", "init.then_own", "init.then_ci")]
        )
    return 0


def show_completion(shell: Shell, app: App, names: Iterable[str]) -> int:
    """`seimai completion SHELL`."""
    from seimai.pipeline.cli.completion import script

    say(script(shell, app, names))
    return 0
