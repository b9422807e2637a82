"""Judged numbers: what limits look at, read shard by shard from signals and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages.judge import Limits, LimitsByNeed, asks_words
from seimai.pipeline.stored_numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from seimai.pipeline.job import Job

MOST_READERS = 8
"""Threads that hold the numbers of a shard at the same time, at most."""


def rows_of(job: Job, name: str) -> int:
    """How many texts a shard has; a `Problem` where it was not measured."""
    sidecar = shard.read_sidecar(job.path("signals", name))
    if sidecar is None:
        raise Problem("S001", path=f"signals/{name}.parquet")
    return sidecar.rows


def concatenate(parts: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """What was found for each shard as one array; no shards give an empty one."""
    return np.concatenate(parts) if parts else np.zeros(0, bool)


def numbers_of(job: Job, name: str, limits: Limits) -> pa.Table:
    """What the limits look at in the texts themselves, words left out."""
    # A table without columns would have no rows, so the length always comes along.
    columns = [*(each for each in limits.signals if not asks_words(job.signals, [each])), "bytes"]
    return read_numbers(job, name, columns)


def numbers_asked(job: Job, limits: LimitsByNeed) -> list[str]:
    """Every column that judging looks at in the texts themselves, each once."""
    names = [*limits.characters.signals, *limits.words.signals, *limits.where]
    own = [name for name in names if not asks_words(job.signals, [name])]
    return list(dict.fromkeys([*own, "bytes"]))


def word_table(job: Job, name: str, limits: Limits) -> pa.Table | None:
    """All that word limits look at, or None where nothing of the shard was tokenized."""
    columns = [each for each in limits.signals if asks_words(job.signals, [each])]
    table = words_of(job, name, columns)
    if table is None or not limits.together:
        return table
    numbers = numbers_of(job, name, limits)
    for column in numbers.column_names:
        table = table.append_column(column, numbers.column(column))
    return table


def words_of(job: Job, name: str, columns: Sequence[str]) -> pa.Table | None:
    """Word signals of a shard, or None where nothing of it was tokenized."""
    from seimai.pipeline.engine.planning.fingerprints import words_fingerprint

    path = job.path("words", name)
    if shard.read_sidecar(path, words_fingerprint(job, name)) is None:
        return None
    return shard.read_table(path, [*columns, "measured"])
