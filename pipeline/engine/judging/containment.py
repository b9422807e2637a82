"""
Containment: texts that stand in a longer one, looked for among those that would be kept.

So nothing is rejected for a text that is not released itself. What was found is left beside the
verdicts and used again as long as the same texts would be kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard, versions
from seimai.pipeline.engine.judging.kept_texts import (
    counts_left,
    fingerprint_of,
    point_to_who_stays,
    readers_of,
)
from seimai.pipeline.stages.contained import LEDGER, STAGE, Contained, find_contained, rejected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.judge import Verdict

SHOWN = 64
"""At most this many pairs are kept for people to look at."""


def take_out_contained(job: Job, names: Sequence[str], start: Integers, verdict: Verdict) -> None:
    """Look for kept texts that stand in a longer one, and change the verdict if the recipe says."""
    settings = job.recipe.dedup.contained if job.recipe.dedup else None
    if settings is None:
        return
    found = _found(job, names, start, verdict, settings.length)
    inside = (found.share >= settings.share) & (found.container >= 0)
    gone = rejected(found, settings.share)
    reject = settings.then == "reject"
    order = np.flatnonzero(inside)
    order = order[np.lexsort((order, -found.share[order]))][:SHOWN]
    pairs = zip(
        order.tolist(), found.container[order].tolist(), found.share[order].tolist(), strict=True
    )
    counts = {
        "texts": int(inside.sum()),
        "rejected": int(gone.sum()) if reject else 0,
        "with_passages": int((found.shared > 0).sum()),
    }
    content = {"counts": counts, "pairs": [list(pair) for pair in pairs]}
    shard.write_sealed(shard.sidecar_path(job.path(STAGE, LEDGER)), content)
    if not reject:
        return
    verdict.kept[gone] = False
    verdict.similarity[gone] = found.share[gone]
    verdict.duplicate_of[gone] = found.container[gone]
    point_to_who_stays(verdict, gone)


def contained_counts(job: Job) -> dict[str, int]:
    """What was found, for `run.json`; empty where nobody asked."""
    if job.recipe.dedup is None or job.recipe.dedup.contained is None:
        return {}
    return counts_left(job, STAGE, LEDGER)


def _found(
    job: Job, names: Sequence[str], start: Integers, verdict: Verdict, length: int
) -> Contained:
    """What `find_contained` gives for the kept texts, from the files if they are of these texts."""
    made_by = [versions.CONTAINED, versions.HASH_VIEW]
    fingerprint = fingerprint_of(job, names, verdict.kept, length, STAGE, made_by)
    paths = job.paths(STAGE, names)
    if all(shard.read_sidecar(path, fingerprint) for path in paths):
        tables = [shard.read_table(path) for path in paths]
        columns = [
            np.concatenate([table[name].to_numpy() for table in tables] or [np.zeros(0)])
            for name in ("container", "share", "shared", "rank")
        ]
        container, share, shared, rank = columns
        return Contained(container.astype(np.int64), share, shared, rank.astype(np.int64))

    folder = job.path(STAGE, LEDGER).parent
    found = find_contained(
        readers_of(job, names, start, verdict.kept), int(start[-1]), length, folder
    )
    for k, path in enumerate(paths):
        part = slice(start[k], start[k + 1])
        table = pa.table(
            {
                "container": found.container[part],
                "share": found.share[part],
                "shared": found.shared[part],
                "rank": found.rank[part],
            }
        )
        shard.write_shard(path, table, fingerprint)
    return found
