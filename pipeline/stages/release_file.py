"""
One file of a release: which rows it holds, what they say, and how it is written.

Whoever plans a release (`release.py`) says that in a `Part` and a `Layout`, so that a file can be
written by another process than the one that planned it, with the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.stages import released_hashes
from seimai.pipeline.stages.columns import Rows, released_rows
from seimai.pipeline.stages.released_hashes import hashes_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import OutputFile
    from seimai.pipeline.stages.buckets import Cut

ZSTD_LEVEL = 1
"""Level of compression. Level 3 saves 6 % of the space and takes 1.6 times as long."""


@dataclass(frozen=True)
class Part:
    """One file of a release: for each of its row groups, which rows of which shards it holds."""

    path: str
    groups: list[list[tuple[str, Rows]]] = field(default_factory=list)
    bytes: int = 0
    """Bytes of the texts and of the user's columns: by these files are cut."""


@dataclass(frozen=True)
class Layout:
    """The columns of a file of the release, and how they are made."""

    schema: pa.Schema
    renamed: dict[str, str]
    """The names under which the user's own columns are released."""
    cuts: tuple[Cut, ...] = ()
    """The buckets of the recipe, as they were cut for this release."""


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


def write_part(job: Job, folder: Path, part: Part, layout: Layout, threads: int = 1) -> Written:
    """Write one file into `folder`; the shards of a row group are read side by side."""

    def rows_of(one: tuple[str, Rows]) -> pa.Table:
        return released_rows(job, *one, layout.schema, layout.renamed, layout.cuts)

    ids, texts = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]

    def hashed(table: pa.Table) -> pa.Table:
        ids.append(hashes_of(table.column("id")))
        texts.append(hashes_of(table.column("text")))
        return table

    is_kept = part.path.startswith("data/")
    with ThreadPoolExecutor(max(threads, 1)) as readers:
        tables = (pa.concat_tables(readers.map(rows_of, group)) for group in part.groups)
        made = map(hashed, tables) if is_kept else tables
        written = write_tables(folder, part.path, layout.schema, made)
    if is_kept:
        released_hashes.leave(job.out, written.sha256, np.concatenate(ids), np.concatenate(texts))
    return written


def write_tables(folder: Path, name: str, schema: pa.Schema, tables: Iterator[pa.Table]) -> Written:
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
        raise cannot_write(name, error) from error


def _sync_and_digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest
