"""The buckets of a run: where each is cut, over all kept texts, and how many texts are in it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import shard
from seimai.pipeline.engine.publishing.cut_points import earlier_cuts, version_of
from seimai.pipeline.stages.buckets import Cut, as_record, quantile_cuts
from seimai.pipeline.stages.columns import bucket_of, signal_numbers
from seimai.pipeline.stages.cut_passages import cut_bytes
from seimai.pipeline.stages.placement import SPLITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.arrays import Singles
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import BucketRecord, RunRecord
    from seimai.pipeline.stages.release_file import Written


def cuts_of(job: Job, names: Sequence[str]) -> list[Cut]:
    """The buckets of the recipe, cut by all kept texts of a run."""
    known = earlier_cuts(job)
    found = []
    for name, bucket in job.recipe.buckets.items():
        cuts: tuple[float, ...] = ()
        if name in known:
            cuts = known[name]
        elif bucket.ends:

            def numbers(signal: str = bucket.signals[0]) -> Iterator[Singles]:
                return (_kept_numbers(job, one, signal) for one in names)

            cuts = quantile_cuts([end for _, end in bucket.ends], numbers)
        found.append(Cut(name, bucket, cuts, version_of(job, bucket)))
    return found


def tell_apart(
    content: RunRecord,
    job: Job,
    names: Sequence[str],
    cuts: Sequence[Cut],
    written: Sequence[Written],
) -> None:
    """Put into `run.json` what there is of buckets and splits."""
    if cuts:
        content["buckets"] = _records(job, names, cuts)
    if job.recipe.splits is not None:
        found = dict.fromkeys(SPLITS, 0)
        for file in written:
            if file.path.startswith("data/"):
                found[file.path.rpartition("/")[2].partition("-")[0]] += file.rows
        content["splits"] = found


def _records(job: Job, names: Sequence[str], cuts: Sequence[Cut]) -> list[BucketRecord]:
    """What `run.json` says of the buckets: their cuts, texts and bytes."""
    texts: list[Counter[str]] = [Counter() for _ in cuts]
    size: list[Counter[str]] = [Counter() for _ in cuts]
    for name in names:
        verdict = shard.read_table(job.path("verdict", name))
        rows = np.flatnonzero(verdict.column("kept").to_numpy())
        kept = verdict.take(rows)
        bytes_kept = (verdict.column("bytes").to_numpy() - cut_bytes(job, name))[rows].tolist()
        for k, cut in enumerate(cuts):
            parts = bucket_of(job, name, cut, rows, kept).to_pylist()
            for part, one in zip(parts, bytes_kept, strict=True):
                texts[k][part] += 1
                size[k][part] += one
    return [as_record(cut, texts[k], size[k]) for k, cut in enumerate(cuts)]


def _kept_numbers(job: Job, name: str, signal: str) -> Singles:
    """The numbers of the kept texts of a shard."""
    verdict = shard.read_table(job.path("verdict", name), ["kept", "revealed"])
    rows = np.flatnonzero(verdict.column("kept").to_numpy())
    column = signal_numbers(job, name, signal, rows, verdict.take(rows))
    found: Singles = column.to_numpy().astype(np.float32)
    return found
