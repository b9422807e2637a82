"""
Cut points of buckets that a recipe takes from an earlier release.

They are read from its `run.json` before anything else is done, and decide the release as the
recipe does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe.buckets import Bucket


def earlier_cuts(job: Job) -> dict[str, tuple[float, ...]]:
    """
    The cut points that buckets of the recipe take from earlier releases, by bucket.

    Raises `Problem` T040 where a release, or the bucket in it, is not there, and T041 where that
    is made by other numbers.
    """
    found = {}
    for name, bucket in job.recipe.buckets.items():
        if bucket.cuts_from is not None:
            found[name] = _cuts_in(bucket.cuts_from, name, bucket, version_of(job, bucket))
    return found


def _cuts_in(
    release: str, name: str, bucket: Bucket, version: int | str | None
) -> tuple[float, ...]:
    path = Path(release)
    tried = [path] if path.is_file() else [path / "run.json", path / "release" / "run.json"]
    for one in tried:
        try:
            told = orjson.loads(one.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            continue
        for record in told.get("buckets", []):
            if record["name"] != name:
                continue
            made = (record["by"], record["version"], len(record["cuts"]) + 1)
            wanted = (bucket.made_by, version, len(bucket.ends))
            if made != wanted:
                then, now = (f"{by} v{number}, {parts}" for by, number, parts in (made, wanted))
                raise Problem("T041", name=name, path=path.name, then=then, now=now)
            return tuple(record["cuts"])
    raise Problem("T040", name=name, path=release)


def version_of(job: Job, bucket: Bucket) -> int | str | None:
    """The version of the signal that a bucket is made by."""
    found = [job.signals[name].fingerprint for name in bucket.signals]
    return found[0] if len(found) == 1 else " · ".join(map(str, found)) or None
