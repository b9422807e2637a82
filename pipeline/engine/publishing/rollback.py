"""
Rollback: the previous release and the one of now change places.

Nothing is made anew and nothing is lost: a second rollback goes forward again. Stages stay those
of the last run, and the next run publishes what it makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.errors import Problem, cannot_write
from seimai.pipeline.stages import changes, previous, publish

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord


def rollback(out: Path) -> tuple[RunRecord, RunRecord]:
    """
    Exchange the release in `out` and the previous one; gives what `run.json` says of both.

    The first is of the release as it is now. A `Problem` where there is no previous release, or
    one that is not whole.
    """
    release, latest = out / "release", previous.folder(out)
    now = read_run(release)
    if now is None and read_run(latest) is None:
        raise Problem("U011", path=str(out))
    with lock(out):
        publish.recover(release)
        now, before = read_run(release), read_run(latest)
        if now is None or before is None:
            raise Problem("O006", path=str(out))
        if not publish.is_complete(latest, before):
            raise Problem("O007", path=str(latest))
        try:
            left = publish.replace(latest, release)
            crash_point("rollback-exchanged")
            if left != latest:
                left.rename(latest)
            shard.sync_folder(out)
        except OSError as error:
            raise cannot_write("release", error) from error
        crash_point("rollback-done")
        changes.refresh(out)
    return before, now
