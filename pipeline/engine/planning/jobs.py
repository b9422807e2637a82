"""The job of a run, kept beside its stages, so that they can be used without recipe and inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.engine.planning.plan import Plan, Split, split_as_dict, split_from_dict
from seimai.pipeline.engine.planning.surroundings import Unfinished
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.sources.databases import VARIABLE
from seimai.pipeline.ingest.sources.find import public_address

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.job import Job

JOB = "job.json"


def save_job(job: Job, plan: Plan) -> None:
    """Leave word of the recipe and the splits of a run."""
    from seimai.pipeline.engine.worker import describe_job

    content = {
        "job": {**describe_job(job), "out": ""},
        "splits": [split_as_dict(_without_secrets(job, split)) for split in plan.splits],
        "unfinished": [one.as_record() for one in plan.unfinished],
    }
    shard.write_sealed(job.out / "stages" / JOB, content)


def _without_secrets(job: Job, split: Split) -> Split:
    """
    A split without the places that the environment filled in, or that hold a password.

    Stages are used without the inputs; where such an input has to be read again, a run has to
    find it first.
    """
    filled = any(VARIABLE.search(pattern) for pattern in job.recipe.source[split.source].files)
    inputs = (
        replace(one, path="") if filled or public_address(one.path) != one.path else one
        for one in split.inputs
    )
    return replace(split, inputs=tuple(inputs))


def load_job(out: Path) -> tuple[Job, Plan]:
    """What `save_job` left; a `Problem` where no run of this version has."""
    from seimai.pipeline.engine.worker import open_job

    left = shard.read_sealed(out / "stages" / JOB)
    if left is None:
        raise Problem("X007", path=str(out))
    splits = [split_from_dict(one) for one in left["splits"]]
    unfinished = [Unfinished(**one) for one in left["unfinished"]]
    return replace(open_job(left["job"]), out=out), Plan(splits, unfinished)
