"""Duplicates: the one stage that looks at all shards together, made when a sketch has changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine import fingerprints
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.job import Job


def group_texts(job: Job, names: Sequence[str], show: Progress) -> None:
    """Find the duplicates of all texts, unless those on disk are theirs."""
    if job.recipe.dedup is None:
        return
    fingerprint = fingerprints.group_fingerprint(job, names)
    ledger_path = shard.sidecar_path(job.path("group", "groups"))
    if group_is_fresh(job, names, fingerprint):
        return
    from seimai.pipeline.stages.group import group

    show.stage("group", 1, "passes")
    try:
        ledger_path.unlink(missing_ok=True)
        crash_point("group-forgotten")
        counts = group(
            job.paths("sketch", names),
            job.paths("text", names),
            job.paths("group", names),
            job.recipe.dedup,
            write=lambda path, table: shard.write_shard(path, table, fingerprint),
        )
    except OSError as error:
        raise Problem("O001", path="stages/group", cause=error.strerror or str(error)) from error
    finally:
        show.done()
    crash_point("group-written")
    shard.write_sealed(ledger_path, {"fingerprint": fingerprint, "counts": asdict(counts)})


def group_is_fresh(job: Job, names: Sequence[str], fingerprint: str) -> bool:
    """Whether the groups on disk are those of this fingerprint."""
    known = shard.read_sealed(shard.sidecar_path(job.path("group", "groups"))) or {}
    return known.get("fingerprint") == fingerprint and all(
        shard.read_sidecar(path, fingerprint) for path in job.paths("group", names)
    )
