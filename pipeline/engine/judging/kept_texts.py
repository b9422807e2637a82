"""
Searches among the texts that would be kept: what those for contained texts and passages share.

What such a search found is left beside the verdicts and used again as long as the same texts would
be kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.arrays import Flags, Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.judge import Verdict


def fingerprint_of(
    job: Job, names: Sequence[str], kept: Flags, length: int, stage: str, version: int | list[int]
) -> str:
    """What the result of a search depends on: the texts, which would be kept, and the settings."""
    return shard.fingerprint(
        stage=stage,
        version=version,
        texts=[shard.required_sidecar(job.path("text", name)).digest for name in names],
        kept=xxhash.xxh3_128_hexdigest(np.packbits(kept).tobytes()),
        length=length,
    )


def readers_of(
    job: Job, names: Sequence[str], start: Integers, kept: Flags
) -> list[Callable[[], tuple[Texts, Integers]]]:
    """For each shard a function that reads its kept texts, and says their rows among all."""

    def reader(k: int) -> Callable[[], tuple[Texts, Integers]]:
        def read() -> tuple[Texts, Integers]:
            rows = np.flatnonzero(kept[start[k] : start[k + 1]])
            return Texts(read_texts(job, names[k], rows)), rows + start[k]

        return read

    return [reader(k) for k in range(len(names))]


def read_texts(job: Job, name: str, rows: Integers) -> pa.Array:
    """The texts of some rows of a shard."""
    column = shard.read_table(job.path("text", name), ["text"])["text"]
    return column.take(pa.array(rows)).combine_chunks().cast(pa.large_string())


def point_to_who_stays(verdict: Verdict, gone: Flags) -> None:
    """
    Make duplicates of texts that go those of the texts that stay instead.

    Nobody has held these two against each other, so how similar they are is unknown.
    """
    copies = np.flatnonzero(verdict.duplicate_of >= 0)
    target = verdict.duplicate_of[copies]
    moved = gone[target]
    verdict.duplicate_of[copies[moved]] = verdict.duplicate_of[target[moved]]
    verdict.similarity[copies[moved]] = np.nan


def counts_left(job: Job, stage: str, ledger: str) -> dict[str, int]:
    """The counts that a search left, for `run.json`."""
    left = shard.read_sealed(shard.sidecar_path(job.path(stage, ledger))) or {}
    return dict(left.get("counts", {}))
