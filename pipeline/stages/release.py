"""
Release: the kept and the rejected texts as shards that `datasets` opens, in input order.

Everything is written into a folder beside the release, which takes its place in the end: a reader
sees the old release or the new one. Names, sizes and columns follow the conventions of the
Hugging Face Hub.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages import reuse
from seimai.pipeline.stages.columns import Rows, bucket_of, pick_rows, released_rows, schemas
from seimai.pipeline.stages.cut_passages import cut_bytes
from seimai.pipeline.stages.placement import SPLITS, folder_of, groups_of, splits_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import OutputFile
    from seimai.pipeline.shard import RowRange
    from seimai.pipeline.stages.buckets import Cut
    from seimai.pipeline.stages.placement import Groups

ROW_GROUP_BYTES = 100_000_000
"""The row groups that the Hub's viewer and streaming readers expect."""

ZSTD_LEVEL = 1
"""Level 3 saves 6 % of the space and takes 1.6 times as long."""

MOST_THREADS = 8
"""Each holds a row group in memory, some 300 MB with what it is made from."""

QUARANTINE_ROWS = 100_000
"""Row groups of the quarantine: a record takes about a kilobyte at most."""


@dataclass(frozen=True)
class Part:
    """One file of a release: for each of its row groups, which rows of which shards it holds."""

    path: str
    groups: list[list[tuple[str, Rows]]] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """A file of a release as it was written."""

    path: str
    rows: int
    bytes: int
    sha256: str
    make: str = ""
    """What decides its bytes (see `reuse.py`); empty for files that are always written."""

    def as_record(self) -> OutputFile:
        """Its entry under `outputs` in `run.json`."""
        return {
            "path": self.path,
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
        }


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
                row_groups = files.setdefault(int(file[begin]), {})
                row_groups.setdefault(int(group[begin]), []).append((name, part))
    parts = []
    for prefix, files in sorted(places.items()):
        filled = [list(row_groups.values()) for row_groups in files.values()]
        parts += [
            Part(f"{prefix}-{k:05d}-of-{len(filled):05d}.parquet", row_groups)
            for k, row_groups in enumerate(filled)
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
) -> list[Written]:
    """
    Write all data files of a release into `folder`; give what was written, by name.

    `texts` and `quarantined` are the rows of the shards of both stages, in input order. `more`
    are tables of further files by path; one without tables is not written. `cuts` are the buckets
    of the recipe.
    """
    names = sorted({run.name for run in texts})
    kept_schema, rejected_schema, renamed = schemas(job, names)
    planned = plan_parts(job, texts, kept=True, cuts=cuts, groups=groups_of(job, names))
    work = [(part, kept_schema) for part in planned]
    if job.recipe.release.rejects:
        work += [(part, rejected_schema) for part in plan_parts(job, texts, kept=False)]
    count = min(max(threads, 1), MOST_THREADS)
    known = reuse.known_files(job.out)
    with ThreadPoolExecutor(count) as pool, ThreadPoolExecutor(count) as readers:

        def pick(part: Part, schema: pa.Schema) -> Written:
            kept = schema is kept_schema
            make = reuse.make_of(job, part.groups, schema, list(map(str, cuts)), kept=kept)
            there = known.get(make)
            if there and reuse.linked(job.out / "release", there, folder / part.path):
                return Written(**{**there, "path": part.path}, make=make)
            written = _write_part(job, folder, part, schema, renamed, readers, cuts)
            return replace(written, make=make)

        written = list(pool.map(pick, *zip(*work, strict=True)))
    if quarantined:
        path = "quarantine/train-00000-of-00001.parquet"
        schema = shard.read_table(job.path("quarantine", quarantined[0].name)).schema
        tables = (
            shard.read_table(job.path("quarantine", run.name)).slice(run.first, run.rows)
            for run in quarantined
        )
        written.append(_write_tables(folder, path, schema, _regrouped(tables)))
    for path, further in (more or {}).items():
        first = next(further, None)
        if first is not None:
            written.append(_write_tables(folder, path, first.schema, chain([first], further)))
    return sorted(written, key=lambda file: file.path)


def _regrouped(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of `QUARANTINE_ROWS`, the last one shorter."""
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


def _write_part(
    job: Job,
    folder: Path,
    part: Part,
    schema: pa.Schema,
    renamed: dict[str, str],
    readers: ThreadPoolExecutor,
    cuts: Sequence[Cut],
) -> Written:
    """Write one file; the shards of a row group are read side by side."""

    def rows_of(one: tuple[str, Rows]) -> pa.Table:
        return released_rows(job, *one, schema, renamed, cuts)

    tables = (pa.concat_tables(readers.map(rows_of, group)) for group in part.groups)
    return _write_tables(folder, part.path, schema, tables)


def _write_tables(
    folder: Path, name: str, schema: pa.Schema, tables: Iterator[pa.Table]
) -> Written:
    """Write one file, one row group per table."""
    path = folder / name
    rows = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=ZSTD_LEVEL,
            use_dictionary=[field.name for field in schema if field.name in ("source", "license")],
            write_page_index=True,
            use_content_defined_chunking=True,
        ) as writer:
            crash_point("release-file-opened")
            for table in tables:
                # Pages are cut at the ends of chunks, which shards would decide: join them.
                writer.write_table(table.combine_chunks(), max(table.num_rows, 1))
                rows += table.num_rows
        crash_point("release-file-written")
        found = pq.read_metadata(path).num_rows
        shard.conserve(name, rows, found, 0, 0)
        return Written(name, rows, path.stat().st_size, _sync_and_digest(path))
    except OSError as error:
        raise Problem("O001", path=name, cause=error.strerror or str(error)) from error


def _sync_and_digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest
