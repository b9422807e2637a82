"""
Across: what texts have in common with others of the run, counted when texts or groups have changed.

Made after the groups, for near duplicates count once. The shared sentences are kept beside the
numbers of the texts, so that `explain` can name them.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.across import SHARED, STAGE, VERSION, numbers_of
from seimai.pipeline.engine.planning.fingerprints import digest_of
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.machine import in_threads
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.across import Shared
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.job import Job

COUNTING = "across-counting"
"""The folder of what is counted meanwhile, among the stages."""

MOST_THREADS = 4
"""A thread holds the texts of a shard, decoded and cut: up to 250 MB."""


def count_across(job: Job, names: Sequence[str], show: Progress, threads: int = 1) -> None:
    """
    Count the sentences of all texts, unless the numbers on disk are of them.

    Numbers of an earlier recipe that this one does not ask for go: nobody would keep them right.
    """
    settings = job.recipe.across
    if settings is None:
        shutil.rmtree(job.out / "stages" / STAGE, ignore_errors=True)
        return
    threads = min(threads, MOST_THREADS)
    fingerprint = _fingerprint(job, names, settings.texts)
    shared_path = job.path(STAGE, SHARED)
    stale = [name for name in names if not shard.read_sidecar(job.path(STAGE, name), fingerprint)]
    if not stale and shard.read_sidecar(shared_path, fingerprint):
        return
    from seimai.pipeline.stages.across import find_shared

    show.stage(STAGE, 1, "passes")
    try:
        readers = _readers(job, names)
        folder = job.out / "stages" / COUNTING
        shared = find_shared(readers, settings.texts, folder, threads)
        shard.write_shard(shared_path, _table(shared), fingerprint)

        def write(k: int) -> None:
            numbers = pa.table(numbers_of(readers[k]()[0], shared))
            shard.write_shard(job.path(STAGE, names[k]), numbers, fingerprint)

        for _ in in_threads(write, range(len(names)), threads):
            pass
    except OSError as error:
        raise cannot_write(f"stages/{STAGE}", error) from error
    finally:
        show.done()


def _fingerprint(job: Job, names: Sequence[str], least: int) -> str:
    return shard.fingerprint(
        stage=STAGE,
        version=VERSION,
        texts=[shard.required_sidecar(job.path("text", name)).digest for name in names],
        groups=[digest_of(job.path("group", name)) for name in names] if job.recipe.dedup else None,
        least=least,
    )


def _readers(job: Job, names: Sequence[str]) -> list[Callable[[], tuple[Texts, Integers]]]:
    """For each shard what reads its texts, and says of which group each is."""
    rows = [shard.required_sidecar(job.path("text", name)).rows for name in names]
    start = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)

    def reader(k: int) -> Callable[[], tuple[Texts, Integers]]:
        def read() -> tuple[Texts, Integers]:
            column = shard.read_table(job.path("text", names[k]), ["text"])["text"]
            texts = Texts(column.combine_chunks().cast(pa.large_string()))
            own = np.arange(start[k], start[k + 1])
            if job.recipe.dedup is None:
                return texts, own
            group = shard.read_table(job.path("group", names[k]), ["group"])["group"].to_numpy()
            return texts, np.where(group < 0, own, group)

        return read

    return [reader(k) for k in range(len(names))]


def _table(shared: Shared) -> pa.Table:
    """Sentences first, then skeletons, each sorted by hash."""
    return pa.table(
        {
            "blanked": np.repeat([False, True], [shared.whole.size, shared.skeleton.size]),
            "hash": np.concatenate([shared.whole, shared.skeleton]),
            "texts": np.concatenate([shared.whole_texts, shared.skeleton_texts]),
        }
    )
