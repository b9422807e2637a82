"""
Group ranks: all texts that have duplicates, and which of them the recipe would rather keep.

Only texts of groups are held, of all shards at once. Dates, ids and sources, which rank them, are
read as columns and gone afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.engine.judged_numbers import concatenate, rows_of, words_of
from seimai.pipeline.stages.judge import Groups, asks_words, preference, ranks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job


def grouped(job: Job, names: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts are in a group of duplicates."""
    return concatenate(
        [
            shard.read_table(job.path("group", name), ["group"])["group"].to_numpy() >= 0
            for name in names
        ]
    )


def keeps_best_word(job: Job) -> bool:
    """Whether a signal of words says which text of a group stays."""
    name = job.recipe.dedup.keep_signal if job.recipe.dedup else None
    return name is not None and job.signals[name].needs == "tokens"


def ranked_groups(
    job: Job, names: Sequence[str], start: NDArray[np.int64], asked: NDArray[np.bool_]
) -> Groups | None:
    """
    All texts with duplicates and their rank; None without `dedup` or without duplicates.

    `asked` are the texts whose words count: of others no word signal ranks them.
    """
    settings = job.recipe.dedup
    if settings is None:
        return None
    tables: list[pa.Table] = []
    columns: dict[str, list[NDArray[np.float64]]] = {
        "row": [],
        "length": [],
        "source": [],
        "best": [],
    }
    chosen: dict[str, NDArray[np.int64]] = {}
    best = settings.keep_signal
    places = _source_places(job)
    for k, name in enumerate(names):
        table = shard.read_table(job.path("group", name))
        inside = np.flatnonzero(table.column("group").to_numpy() >= 0)
        if not inside.size:
            continue
        take = pa.array(inside)
        tables.append(table.take(take))
        chosen[name] = inside
        columns["row"].append(inside + start[k])
        columns["length"].append(
            shard.read_table(job.path("sketch", name), ["length"])["length"].to_numpy()[inside]
        )
        columns["source"].append(np.full(inside.size, places[name.partition("-")[0]]))
        if best:
            numbers = _best(job, name, best)
            if asks_words(job.signals, [best]):
                numbers = np.where(asked[start[k] : start[k + 1]], numbers, np.nan)
            columns["best"].append(numbers[inside])
    if not tables:
        return None
    table = pa.concat_tables(tables).combine_chunks()
    tables.clear()
    joined = {key: np.concatenate(parts) for key, parts in columns.items() if parts}
    dated = {"earliest", "newest"} & set(settings.keeps)
    by_id = ranks(_strings(job, chosen, "id"))
    # Places settle what equal ids leave open, the same way however shards are cut.
    equal = by_id.size and int(by_id.max()) + 1 < by_id.size
    ties = [ranks(_strings(job, chosen, name)) for name in ("key", "place") if equal]
    return Groups(
        joined["row"].astype(np.int64),
        table.column("group").to_numpy(),
        table.column("exact").to_numpy(),
        table.column("neighbours").combine_chunks(),
        table.column("similarity").combine_chunks(),
        table.column("anchor").to_numpy().astype(bool),
        preference(
            settings.keeps,
            joined["length"],
            _strings(job, chosen, "date").to_pylist() if dated else [],
            _strings(job, chosen, "media_type").to_pylist() if "native" in settings.keeps else [],
            joined.get("best"),
            [joined["source"].astype(np.int64), by_id, *ties],
        ),
    )


def _strings(job: Job, chosen: dict[str, NDArray[np.int64]], name: str) -> pa.Array:
    """A column of the chosen rows of some shards, of the texts or of where they come from."""
    of_text = name in ("id", "date")
    parts = [pa.array([], pa.large_string())]
    for shard_name, rows in chosen.items():
        table = shard.read_table(job.path("text", shard_name), [name if of_text else "origin"])
        column = table.column(0).combine_chunks()
        # Held as columns: as Python's strings they would take a hundred bytes a text more.
        values = column if of_text else column.field(name)
        parts.append(values.take(pa.array(rows)).cast(pa.large_string()))
    return pa.concat_arrays(parts)


def _source_places(job: Job) -> dict[str, int]:
    from seimai.pipeline.engine.plan import load_plan

    plan = load_plan(job.out)
    return {split["name"]: int(split["content"][0].partition("|")[0]) for split in plan["splits"]}


def _best(job: Job, name: str, signal: str) -> NDArray[np.float64]:
    if job.signals[signal].needs == "characters":
        return np.asarray(shard.read_table(job.path("signals", name), [signal])[signal].to_numpy())
    table = words_of(job, name, [signal])
    return (
        np.asarray(table[signal].to_numpy())
        if table is not None
        else np.full(rows_of(job, name), np.nan)
    )
