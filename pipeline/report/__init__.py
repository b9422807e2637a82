"""
Report: one self-contained HTML page that shows people what a run did.

What the command line and the card take from this folder is arithmetic on `run.json`; the page and
all that it is made of (`whole.py`) are loaded when one is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seimai.pipeline.job import Job
    from seimai.pipeline.report.whole import Seen
    from seimai.pipeline.run_record import RunRecord


def write_report(
    job: Job,
    names: Sequence[str],
    content: RunRecord,
    path: Path,
    quarantine: Sequence[str] = (),
    seen: Seen | None = None,
) -> None:
    """
    Write the report of a finished run to `path`.

    `names` are the shards in their order, `quarantine` those of the quarantine, `content` is what
    `run.json` holds, `seen` what `look` gave, where somebody has called it. The page depends on
    nothing else but the language that the process was told to speak: no clock, no random number,
    so rendering it again gives the same bytes.
    """
    from seimai.pipeline import shard

    shard.write_bytes(path, render(job, names, content, quarantine, seen).encode())


def look(job: Job, names: Sequence[str]) -> Seen:
    """All of the page that comes from the stage files, which can be had before `run.json`."""
    from seimai.pipeline.report import whole

    return whole.look(job, names)


def render(
    job: Job,
    names: Sequence[str],
    content: RunRecord,
    quarantine: Sequence[str] = (),
    seen: Seen | None = None,
) -> str:
    """The whole page."""
    from seimai.pipeline.report import whole

    return whole.render(job, names, content, quarantine, seen)
