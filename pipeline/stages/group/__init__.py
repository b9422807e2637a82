"""
Group: verified duplicates of a whole run, from the sketches and texts of all its shards.

The one stage that looks at everything together. Equal texts are collapsed first; bands propose
pairs of the others; a pair is an edge when the similarity of the two texts reaches the limit;
groups are what edges connect. Which text of a group stays is not decided here but in
`keepers.py`, when verdicts are known. For that, similarities are made complete within groups
(`anchors.py`), so that whichever text stays has been compared with the others.

The work is cut into steps, and each step into tasks that know nothing of each other: they exchange
files (`exchange.py`), so whoever is there may do them. Between the steps a few bytes a text are
looked at here. The result does not depend on the order of files or rows, on batches or partitions.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline.machine import in_threads
from seimai.pipeline.shard import write_table
from seimai.pipeline.stages.group.candidates import (
    find_equal,
    merge,
    number,
    number_parts,
    propose,
    spread,
    wanted_nodes,
)
from seimai.pipeline.stages.group.exchange import Exchange, begin_exchange
from seimai.pipeline.stages.group.portions import (
    complete_portion,
    count_rows,
    cut,
    route,
    write_chunk,
)
from seimai.pipeline.stages.group.verified import (
    connect,
    label_shelves,
    nearest_apart,
    put_on_shelves,
    verify,
)

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.stages.sketch import GroupSettings


TURNS = 8
"""Hubs tried in a large bucket: after as many, what is left is left to the other bands."""

SLICE_PAIRS = 4_000_000
"""Pairs that are compared in one task: 100 MB with what is known of them."""

LEAST_PAIRS = 50_000
"""Fewer pairs than this are not worth a task of their own."""

EXCHANGE = "exchange"
"""The folder of the exchange, beside that of the groups."""

Do = Callable[[str, Sequence[Sequence[int]]], None]
"""Do a step for each of the given numbers; in which order and where does not matter."""

STEPS: dict[str, Callable[..., None]] = {
    "spread": spread,
    "find_equal": find_equal,
    "number": number,
    "propose": propose,
    "merge": merge,
    "shelve": put_on_shelves,
    "verify": verify,
    "route": route,
    "complete": complete_portion,
    "write": write_chunk,
}


@dataclass(frozen=True)
class GroupCounts:
    """What grouping has found."""

    exact: int
    """How many texts are equal to an earlier one."""
    candidates: int
    """How many pairs the bands have proposed."""
    edges: int
    """Pairs of distinct texts found similar enough, proposed or not."""
    groups: int
    """How many groups of two texts or more there are, equal ones included."""
    largest: int
    """How many texts the largest group has."""
    apart: tuple[tuple[int, int, float], ...] = field(default=(), compare=False)
    """The most similar pairs of rows that are not similar enough, and how similar they are."""


def group(
    sketch_paths: Sequence[Path],
    text_paths: Sequence[Path],
    out_paths: Sequence[Path],
    settings: GroupSettings,
    partitions: int | None = None,
    write: Callable[[Path, pa.Table], Any] = write_table,
    threads: int = 1,
    do: Do | None = None,
) -> GroupCounts:
    """
    Find the duplicates of a run and write one table per shard: same rows, same order.

    Columns: `group`, the row of the group's first text among all rows of the run (-1: no
    duplicates); `exact`, the row of the first text equal to this one; `neighbours`, for such
    first texts the rows (first texts too) verified to be similar, with `similarity` beside;
    `anchor`, false for texts of large groups that were not compared with all around them.

    `partitions` cuts hashes into ranges that are sorted one after the other, by default as many
    as memory needs. `write` writes a table. `threads` tasks are done at a time, by `do` where that
    is given: it calls `STEPS` in processes of its own. A sketch made with other settings is a
    `Problem`.
    """
    if not out_paths:
        return GroupCounts(0, 0, 0, 0, 0)
    folder = out_paths[0].parent.parent / EXCHANGE
    try:
        exchange = begin_exchange(
            folder, (sketch_paths, text_paths, out_paths), settings, write, partitions, threads
        )
        return _grouped(exchange, do or _in_threads(exchange, threads), threads)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_threads(exchange: Exchange, threads: int) -> Do:
    def do(step: str, numbers: Sequence[Sequence[int]]) -> None:
        work = STEPS[step]
        for _ in in_threads(lambda some: work(exchange, *some), numbers, threads):
            pass

    return do


def _grouped(exchange: Exchange, do: Do, width: int) -> GroupCounts:
    """Do all steps one after the other."""
    chunks = [(chunk,) for chunk in exchange.every_chunk]
    do("spread", chunks)
    do("find_equal", [(part,) for part in range(exchange.parts)])
    nodes = number_parts(exchange)
    do("number", chunks)
    asked = [
        (band, part) for band in range(exchange.settings.bands) for part in range(exchange.parts)
    ]
    labels = np.arange(nodes)
    slices = turn = candidates = 0
    while True:
        exchange.save(f"asked-{turn}", np.array(asked).reshape(-1, 2))
        do("propose", [(turn, *one) for one in asked])
        if turn == 0:
            slices = _slices(exchange, asked, width)
        mine = [(turn, k) for k in range(slices)]
        do("merge", mine)
        if turn == 0:
            wanted_nodes(exchange, nodes, slices)
            do("shelve", chunks)
            label_shelves(exchange)
        do("verify", mine)
        connect(exchange, labels, turn, slices)
        candidates += sum(exchange.load(f"fresh-{turn}-{k}").size for k in range(slices))
        asked = [one for one in asked if exchange.load(f"open-{turn}-{one[0]}-{one[1]}")[0]]
        turn += 1
        if not asked or turn == TURNS:
            break
    portions = cut(exchange, labels, width)
    do("route", [(turn, k) for k in range(slices)])
    do("complete", [(k,) for k in range(portions)])
    groups, largest = count_rows(exchange, labels)
    del labels
    do("write", [(portions, chunk) for chunk in exchange.every_chunk])
    rows = sum(exchange.load(f"rows-{chunk}").size for chunk in exchange.every_chunk)
    edges = sum(exchange.load(f"edge-row-{k}").size for k in range(portions)) // 2
    apart = nearest_apart(exchange, turn, slices)
    return GroupCounts(rows - nodes, candidates, edges, groups, largest, apart)


def _slices(exchange: Exchange, asked: Sequence[tuple[int, int]], width: int) -> int:
    """Into how many slices pairs are cut; left for all later turns."""
    pairs = sum(exchange.load(f"pairs-0-{band}-{part}").size for band, part in asked)
    slices = int(max(-(-pairs // SLICE_PAIRS), min(4 * width, pairs // LEAST_PAIRS), 1))
    exchange.save("slices", np.array([slices]))
    return slices
