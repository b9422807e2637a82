"""
Whether the verdicts on disk are those of a recipe: then nothing is judged again.

What decides a verdict is all in sidecars and in the recipe, so a run with nothing to do reads no
numbers. Files that are not read are not compared with their digests either; whoever uses one does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline import shard, versions
from seimai.pipeline.engine.planning import fingerprints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seimai.pipeline.job import Job

DECIDE = ("text", "signals", "words", "sketch", "group", "across", "against")
"""Stages that verdicts are made of; those that a recipe does not ask for have no files."""


def is_settled(job: Job, names: Sequence[str]) -> bool:
    """Whether the verdicts of these shards were made of what is there now."""
    known = shard.read_sealed(_path(job))
    return known is not None and known == _content(job, names)


def note_settled(job: Job, names: Sequence[str]) -> None:
    """Leave word of what the verdicts on disk were made of."""
    shard.write_sealed(_path(job), _content(job, names))


def _path(job: Job) -> Path:
    return shard.sidecar_path(job.path("verdict", "settled"))


def _content(job: Job, names: Sequence[str]) -> dict[str, object]:
    made_of = shard.fingerprint(
        stage="verdict",
        version=versions.JUDGE,
        names=list(names),
        files=[[fingerprints.digest_of(path) for path in job.paths(one, names)] for one in DECIDE],
        dictionary=fingerprints.dictionary_version(),
        recipe=job.recipe.model_dump(mode="json", exclude={"source", "about", "text"}),
        signals={name: signal.fingerprint for name, signal in job.signals.items()},
    )
    # A verdict that is gone or damaged is not as it was noted.
    verdicts = [fingerprints.digest_of(path) for path in job.paths("verdict", names)]
    return {"made_of": made_of, "verdicts": verdicts, **fingerprints.cut_of(job, names)}
