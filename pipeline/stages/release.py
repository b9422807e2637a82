"""
Release: the kept and the rejected texts as shards that `datasets` opens, in input order.

Everything is written into a folder beside the release, which takes its place in the end: a reader
sees the old release or the new one. Names, sizes and columns follow the conventions of the
Hugging Face Hub.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.machine import in_threads
from seimai.pipeline.stages import reuse
from seimai.pipeline.stages.columns import Rows, bucket_of, pick_rows, schemas
from seimai.pipeline.stages.cut_passages import cut_bytes
from seimai.pipeline.stages.placement import SPLITS, folder_of, groups_of, splits_of
from seimai.pipeline.stages.release_file import Layout, Part, Written, write_part, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job
    from seimai.pipeline.shard import RowRange
    from seimai.pipeline.stages.buckets import Cut
    from seimai.pipeline.stages.placement import Groups

ROW_GROUP_BYTES = 100_000_000
"""The row groups that the Hub's viewer and streaming readers expect."""

MOST_THREADS = 8
"""Each holds a row group in memory, some 300 MB with what it is made from."""

QUARANTINE_ROWS = 100_000
"""Row groups of the quarantine: a record takes about a kilobyte at most."""


@dataclass(frozen=True)
class Wanted:
    """A file that is to be written, and what decides its bytes."""

    part: Part
    layout: Layout
    make: str


if TYPE_CHECKING:
    WriteElsewhere = Callable[[Sequence[Wanted]], Sequence[Written] | None]
    """Have files written by others; None where that would take longer than to do it here."""


def plan_parts(
    job: Job,
    ranges: Sequence[RowRange],
    *,
    kept: bool,
    cuts: Sequence[Cut] = (),
    groups: Groups | None = None,
) -> list[Part]:
    """
    Which rows go into which file: in input order, cut when a file has the size of the recipe.

    There is always at least one file, so that an empty release opens too. Files and row groups
    are cut by the sizes of rows alone, so that they do not depend on where shards were cut. Kept
    texts go into files of their split, in the folders of their buckets where the recipe wants it.
    """
    places: dict[str, dict[int, dict[int, list[tuple[str, Rows]]]]] = {}
    written: dict[str, int] = {}
    held: dict[tuple[str, int], int] = {}
    name, chosen, size = "", np.zeros(0, bool), np.zeros(0, np.int64)
    place, prefixes = np.zeros(0, np.int64), ["rejected/train"]
    for run in ranges:
        if run.name != name:
            name = run.name
            chosen, size = _chosen(job, name, kept=kept)
            place = np.zeros(size.size, np.int64)
            if kept:
                place, prefixes = _places(job, name, chosen, cuts, groups)
        inside = run.first + np.flatnonzero(chosen[run.first : run.first + run.rows])
        for number in np.unique(place[inside]).tolist():
            prefix, rows = prefixes[number], inside[place[inside] == number]
            files = places.setdefault(prefix, {})
            ends = written.get(prefix, 0) + np.cumsum(size[rows])
            written[prefix] = int(ends[-1])
            # Where a row ends says where it belongs; an empty one belongs to the row before.
            file, rest = np.divmod(np.maximum(ends - 1, 0), job.recipe.release.shard)
            group = rest // ROW_GROUP_BYTES
            edges = np.flatnonzero(np.diff(file, prepend=-1) | np.diff(group, prepend=-1))
            for begin, part in zip(edges.tolist(), np.split(rows, edges[1:]), strict=True):
                number_of_file = int(file[begin])
                row_groups = files.setdefault(number_of_file, {})
                row_groups.setdefault(int(group[begin]), []).append((name, part))
                so_far = held.get((prefix, number_of_file), 0)
                held[prefix, number_of_file] = so_far + int(size[part].sum())
    parts = []
    for prefix, files in sorted(places.items()):
        parts += [
            Part(
                f"{prefix}-{k:05d}-of-{len(files):05d}.parquet",
                list(row_groups.values()),
                held[prefix, number],
            )
            for k, (number, row_groups) in enumerate(files.items())
        ]
    folder = "data" if kept else "rejected"
    return parts or [Part(f"{folder}/train-00000-of-00001.parquet")]


def _places(
    job: Job, name: str, chosen: NDArray[np.bool_], cuts: Sequence[Cut], groups: Groups | None
) -> tuple[Rows, list[str]]:
    """For each row of a shard the number of its place, and what the files there begin with."""
    splits = np.zeros(chosen.size, np.int64)
    if job.recipe.splits is not None and groups is not None:
        splits = splits_of(job, name, groups)
    wanted = [cut for cut in cuts if cut.name in job.recipe.release.folders]
    wanted.sort(key=lambda cut: job.recipe.release.folders.index(cut.name))
    if not wanted:
        return splits, [f"data/{split}" for split in SPLITS]
    rows = np.flatnonzero(chosen)
    verdict = pick_rows(shard.read_table(job.path("verdict", name)), rows)
    parts = {cut.name: bucket_of(job, name, cut, rows, verdict).to_pylist() for cut in wanted}
    together = zip(*parts.values(), strict=True)
    folders = [folder_of(dict(zip(parts, one, strict=True))) for one in together]
    prefixes: dict[str, int] = {}
    place = np.zeros(chosen.size, np.int64)
    for row, folder in zip(rows.tolist(), folders, strict=True):
        prefix = f"{folder}/{SPLITS[splits[row]]}"
        place[row] = prefixes.setdefault(prefix, len(prefixes))
    return place, list(prefixes)


def _chosen(job: Job, name: str, *, kept: bool) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which rows of a shard are wanted, and the bytes of each: text and the user's columns."""
    verdict = shard.read_table(job.path("verdict", name), ["kept", "bytes"])
    size = verdict.column("bytes").to_numpy() - cut_bytes(job, name)
    if shard.required_sidecar(job.path("text", name)).counts["extra"]:
        extra = shard.read_table(job.path("text", name), ["extra"]).column("extra")
        size = size + pc.fill_null(pc.binary_length(extra), 0).to_numpy()
    return verdict.column("kept").to_numpy() == kept, size


def write_release(
    job: Job,
    texts: Sequence[RowRange],
    quarantined: Sequence[RowRange],
    folder: Path,
    threads: int,
    more: Mapping[str, Iterator[pa.Table]] | None = None,
    cuts: Sequence[Cut] = (),
    elsewhere: WriteElsewhere | None = None,
) -> list[Written]:
    """
    Write all data files of a release into `folder`; give what was written, by name.

    `texts` and `quarantined` are the rows of the shards of both stages, in input order. `more`
    are tables of further files by path; one without tables is not written. `cuts` are the buckets
    of the recipe. `elsewhere` is asked to write the files of texts; those that are the same in
    the release before are linked and not written at all.
    """
    wanted = _wanted(job, texts, cuts, threads)
    known = reuse.known_files(job.out)

    def link(one: Wanted) -> Written | None:
        there = known.get(one.make)
        if there and reuse.linked(job.out / "release", there, folder / one.part.path):
            return Written(**{**there, "path": one.part.path}, make=one.make)
        return None

    linked = list(in_threads(link, wanted, min(threads, MOST_THREADS)))
    written = [one for one in linked if one is not None]
    new = [one for one, there in zip(wanted, linked, strict=True) if there is None]
    done = elsewhere(new) if elsewhere and new else None
    written += done if done is not None else _write_here(job, folder, new, threads)
    if quarantined:
        path = "quarantine/train-00000-of-00001.parquet"
        schema = shard.read_table(job.path("quarantine", quarantined[0].name)).schema
        tables = (
            shard.read_table(job.path("quarantine", run.name)).slice(run.first, run.rows)
            for run in quarantined
        )
        written.append(write_tables(folder, path, schema, _regrouped(tables)))
    for path, further in (more or {}).items():
        first = next(further, None)
        if first is not None:
            written.append(write_tables(folder, path, first.schema, chain([first], further)))
    return sorted(written, key=lambda file: file.path)


def _wanted(job: Job, texts: Sequence[RowRange], cuts: Sequence[Cut], threads: int) -> list[Wanted]:
    """The files of texts that a release has, and what decides the bytes of each."""
    names = sorted({run.name for run in texts})
    kept_schema, rejected_schema, renamed = schemas(job, names)
    kept, rejected = (Layout(one, renamed, tuple(cuts)) for one in (kept_schema, rejected_schema))
    planned = plan_parts(job, texts, kept=True, cuts=cuts, groups=groups_of(job, names))
    work = [(part, kept) for part in planned]
    if job.recipe.release.rejects:
        work += [(part, rejected) for part in plan_parts(job, texts, kept=False)]

    def with_make(one: tuple[Part, Layout]) -> Wanted:
        part, layout = one
        told = list(map(str, cuts))
        make = reuse.make_of(job, part.groups, layout.schema, told, kept=layout is kept)
        return Wanted(part, layout, make)

    return list(in_threads(with_make, work, min(threads, MOST_THREADS)))


def _write_here(job: Job, folder: Path, new: Sequence[Wanted], threads: int) -> list[Written]:
    """Write files with threads of this process."""
    if not new:
        return []
    count = min(max(threads, 1), MOST_THREADS)
    side_by_side = min(len(new), count)

    def write(one: Wanted) -> Written:
        done = write_part(job, folder, one.part, one.layout, count // side_by_side)
        return replace(done, make=one.make)

    with ThreadPoolExecutor(side_by_side) as pool:
        return list(pool.map(write, new))


def _regrouped(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The rows in tables of `QUARANTINE_ROWS` each, the last one shorter."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        waiting.append(table)
        rows += table.num_rows
        while rows >= QUARANTINE_ROWS:
            joined = pa.concat_tables(waiting)
            yield joined.slice(0, QUARANTINE_ROWS)
            waiting = [joined.slice(QUARANTINE_ROWS)]
            rows -= QUARANTINE_ROWS
    if rows:
        yield pa.concat_tables(waiting)
