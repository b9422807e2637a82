"""`disclose`: drafts of disclosures, from the `run.json` of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.cli.manner import Manner


def disclose_run(out: Path, manner: Manner) -> int:
    """`seimai disclose OUT`."""
    from seimai.pipeline.card.disclosure import FOLDER, open_questions, write_drafts
    from seimai.pipeline.inspect.finished import finished

    run, _ = finished(out)
    folder = out / FOLDER
    drafts = write_drafts(run, folder)
    if manner.json:
        say_json(drafts)
    elif not manner.quiet:
        left = sum(map(open_questions, drafts.values()))
        say(sentence("disclose.written", count=len(drafts), path=folder, open=left))
    return 0
