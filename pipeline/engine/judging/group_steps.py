"""The steps of a grouping as tasks of a worker: what the driver begins, and others take part in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline import shard
from seimai.pipeline.errors import cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pyarrow as pa

    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.group.exchange import Exchange


NAMES = "names.json"
"""The shards of a grouping, for the workers that do its steps."""


def writer(fingerprint: str) -> Callable[[Path, pa.Table], Any]:
    """What writes a shard of groups with its sidecar."""
    return lambda path, table: shard.write_shard(path, table, fingerprint)


def do_step(job: Job, step: str, numbers: Sequence[int], fingerprint: str) -> None:
    """Do one task of a grouping that another process has begun."""
    from seimai.pipeline.stages.group import STEPS

    try:
        STEPS[step](_exchange(job, fingerprint), *numbers)
    except OSError as error:
        raise cannot_write("stages/group", error) from error


def _exchange(job: Job, fingerprint: str) -> Exchange:
    from seimai.pipeline.stages.group.exchange import open_exchange

    folder = exchange_folder(job)
    names = orjson.loads((folder / NAMES).read_bytes())
    paths = (job.paths("sketch", names), job.paths("text", names), job.paths("group", names))
    settings = job.recipe.dedup
    if settings is None:
        raise ValueError("a recipe without duplicates has none to group")
    return open_exchange(folder, paths, settings, writer(fingerprint))


def exchange_folder(job: Job) -> Path:
    """Where the steps of a grouping leave what they found."""
    from seimai.pipeline.stages.group import EXCHANGE

    return job.out / "stages" / EXCHANGE
