"""
Group ranks: all texts that have duplicates, and which of them the recipe would rather keep.

Groups know nothing of each other. So they are dealt into *portions* of whole groups, by a hash of
their number, and a portion is ranked and judged at a time: its texts, their neighbours, dates and
ids lie in a file meanwhile, and the driver holds one portion for each of its threads.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.engine.judging.judged_numbers import (
    MOST_READERS,
    concatenate,
    rows_of,
    words_of,
)
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.machine import in_threads
from seimai.pipeline.stages.judge import Groups, asks_words, preference, ranks
from seimai.pipeline.stored_numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job

JUDGING = "judging"
"""The folder of what judging leaves for itself, beside those of the stages; gone afterwards."""

PORTION_ROWS = 100_000
"""Texts of the run for each portion; a third of them with duplicates takes some 50 MB."""

MOST_PORTIONS = 256
"""At most this many portions, as each is an open file while groups are dealt."""

ROWS_AT_ONCE = 50_000
"""Texts with duplicates that are dealt at a time: to deal them shard by shard, a few rows for each
of many portions, would take longer."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_UPPER = np.uint64(40)


@dataclass(frozen=True)
class Portion:
    """Some whole groups of duplicates, small enough to be judged in memory."""

    rows: Integers
    """The rows of their texts among all rows of the run, in order."""
    groups: Groups
    """The groups of these texts; their `row` is an index into `rows`."""


@contextmanager
def judging_folder(job: Job) -> Iterator[Path]:
    """An empty folder for what judging leaves for itself, which is gone in the end."""
    folder = job.out / "stages" / JUDGING
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        path = f"stages/{JUDGING}"
        raise cannot_write(path, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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


def ranked_portions(
    job: Job, names: Sequence[str], start: Integers, asked: NDArray[np.bool_], folder: Path
) -> list[Callable[[], Portion]]:
    """
    All texts with duplicates and their rank, portion by portion; none without `dedup`.

    `asked` are the texts whose words count: of others no word signal ranks them. A portion is read
    when it is called for, from its file in `folder`.
    """
    if job.recipe.dedup is None:
        return []
    paths = _dealt(job, names, start, asked, folder)

    def ranked(path: Path) -> Path:
        with pa.OSFile(str(path)) as file:
            table = pa.ipc.open_stream(file).read_all().combine_chunks()
        path.unlink()
        table = table.append_column("order", pa.array(_order(job, table))).select(_JUDGED)
        done = path.with_suffix(".ranked")
        with pa.ipc.new_file(str(done), table.schema) as writer:
            writer.write_table(table)
        return done

    def opened(path: Path) -> Portion:
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
        return portion_of(table)

    done = list(in_threads(ranked, paths, MOST_READERS))
    return [partial(opened, path) for path in done]


_JUDGED = ("row", "group", "exact", "neighbours", "similarity", "anchor", "order")


def portion_of(table: pa.Table) -> Portion:
    """Make a portion of the table that it was written as."""
    table = table.combine_chunks()
    rows = table.column("row").to_numpy()
    return Portion(
        rows,
        Groups(
            np.arange(rows.size),
            table.column("group").to_numpy(),
            table.column("exact").to_numpy(),
            table.column("neighbours").chunk(0),
            table.column("similarity").chunk(0),
            table.column("anchor").to_numpy().astype(bool),
            table.column("order").to_numpy(),
        ),
    )


def _dealt(
    job: Job, names: Sequence[str], start: Integers, asked: NDArray[np.bool_], folder: Path
) -> list[Path]:
    """Write the texts with duplicates into one file for each portion that has any, row by row."""
    portions = min(max(-(-int(start[-1]) // PORTION_ROWS), 1), MOST_PORTIONS)
    sources = _source_places(job)

    def read(k: int) -> pa.Table:
        part = asked[start[k] : start[k + 1]]
        return _grouped_texts(job, names[k], int(start[k]), part, sources)

    writers: dict[int, tuple[Path, Any]] = {}
    with ExitStack() as files:

        def deal(tables: list[pa.Table]) -> None:
            table = pa.concat_tables(tables).combine_chunks()
            group = table.column("group").to_numpy().astype(np.uint64)
            portion = ((group * _SPREAD) >> _UPPER).astype(np.int64) % portions
            order = np.argsort(portion, kind="stable")
            table = table.take(pa.array(order))
            cuts = np.searchsorted(portion[order], np.arange(portions + 1)).tolist()
            for k, (begin, end) in enumerate(pairwise(cuts)):
                if begin == end:
                    continue
                if k not in writers:
                    path = folder / f"{k:05}.arrow"
                    writer = files.enter_context(pa.ipc.new_stream(str(path), table.schema))
                    writers[k] = path, writer
                writers[k][1].write_table(table.slice(begin, end - begin))

        waiting: list[pa.Table] = []
        for table in in_threads(read, range(len(names)), MOST_READERS):
            if table.num_rows:
                waiting.append(table)
            if sum(one.num_rows for one in waiting) >= ROWS_AT_ONCE:
                deal(waiting)
                waiting = []
        if waiting:
            deal(waiting)
    return [path for _, (path, _) in sorted(writers.items())]


def _grouped_texts(
    job: Job, name: str, start: int, asked: NDArray[np.bool_], sources: dict[str, int]
) -> pa.Table:
    """The texts of a shard that have duplicates, with all that ranks them."""
    table = shard.read_table(job.path("group", name))
    inside = pa.array(np.flatnonzero(table.column("group").to_numpy() >= 0))
    if not len(inside):
        return table.slice(0, 0)
    settings = job.recipe.dedup
    keeps = settings.keeps if settings else ()
    length = shard.read_table(job.path("sketch", name), ["length"])["length"]
    dated = ["date"] * bool({"earliest", "newest"} & set(keeps))
    origin = ["key", "place", *["media_type"] * ("native" in keeps)]
    # All of the origin: what comes after judging asks for it too, and need not read it then.
    columns = ["id", *dated, "origin"]
    text = shard.read_table(job.path("text", name), columns).take(inside).combine_chunks()
    found: dict[str, Any] = {
        **{one: table.column(one).take(inside) for one in _JUDGED if one in table.column_names},
        "row": pa.array(inside.to_numpy() + start),
        "length": length.take(inside),
        "source": pa.array(np.full(len(inside), sources[name.partition("-")[0]])),
        **{one: text.column(one).cast(pa.large_string()) for one in ("id", *dated)},
    }
    for part in origin:
        found[part] = text.column("origin").chunk(0).field(part).cast(pa.large_string())
    if best := settings and settings.keep_signal:
        numbers = _best(job, name, best)
        if asks_words(job.signals, [best]):
            numbers = np.where(asked, numbers, np.nan)
        found["best"] = pa.array(numbers.astype(np.float64)).take(inside)
    return pa.table(found)


def _order(job: Job, table: pa.Table) -> Integers:
    """The rank of each text of a portion: within its group, the lower one would rather stay."""

    def strings(name: str) -> list[str | None]:
        return table.column(name).to_pylist() if name in table.column_names else []

    def rank(name: str) -> Integers:
        return ranks(table.column(name).combine_chunks())

    by_id = rank("id")
    # Places settle what equal ids leave open, the same way however shards are cut.
    equal = int(by_id.max(initial=-1)) + 1 < by_id.size
    ties = [rank(name) for name in ("key", "place") if equal]
    settings = job.recipe.dedup
    return preference(
        settings.keeps if settings else (),
        table.column("length").to_numpy(),
        strings("date"),
        strings("media_type"),
        table.column("best").to_numpy() if "best" in table.column_names else None,
        [table.column("source").to_numpy(), by_id, *ties],
    )


def _source_places(job: Job) -> dict[str, int]:
    from seimai.pipeline.engine.planning.plan import load_plan

    plan = load_plan(job.out)
    return {split["name"]: int(split["content"][0].partition("|")[0]) for split in plan["splits"]}


def _best(job: Job, name: str, signal: str) -> NDArray[np.float64]:
    if job.signals[signal].needs != "tokens":
        return np.asarray(read_numbers(job, name, [signal])[signal].to_numpy())
    table = words_of(job, name, [signal])
    return (
        np.asarray(table[signal].to_numpy())
        if table is not None
        else np.full(rows_of(job, name), np.nan)
    )
