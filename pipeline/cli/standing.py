"""`seimai run` where nothing has changed: the last run is told again, without loading a run."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.engine.standing import Asked, still

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.cli.manner import Manner

_NAME = re.compile(rb"^recipe: *[\"']?([\w-][\w.-]{0,99})[\"']? *(?:#.*)?\r?$", re.MULTILINE)


def tell_standing(
    recipe: Path, source: Sequence[str], out: str | None, manner: Manner
) -> int | None:
    """Tell the last run as it was told, and give its exit code; None where there is work to do."""
    begun = time.monotonic()
    folder = _folder(recipe) if out is None else Path(out)
    if folder is None or "://" in str(out):
        return None
    found = still(Asked(recipe, tuple(source), folder))
    if found is None:
        return None
    run, held = found
    if not manner.quiet or manner.json or held:
        from seimai.pipeline.cli.outcome import expected_lines, outcome, summary
        from seimai.pipeline.cli.output import say, say_json
        from seimai.pipeline.report.funnel import Check
        from seimai.pipeline.stages.told_changes import read

        checks = [Check(**one) for one in held]
        fine = all(check.ok for check in checks)
        if manner.json:
            told = {**outcome(run, checks), "changes": read(folder), "problems": []}
            say_json({"out": str(folder), **told})
        elif not manner.quiet:
            say(summary(run, checks, folder, time.monotonic() - begun))
        elif not fine:
            say(expected_lines(checks))
        return 0 if fine else 1
    return 0


def _folder(recipe: Path) -> Path | None:
    """Where a run of this recipe writes, guessed from its text; the word left there decides."""
    if not recipe.is_file():
        # A shipped recipe has the name that it is called by; what is a pipe is read once only.
        return Path("out") / recipe.stem
    named = _NAME.search(recipe.read_bytes())
    return Path("out") / named[1].decode() if named else None
