"""
One file of a release: which rows it holds, what they say, and how it is written.

Whoever plans a release (`release.py`) says that in a `Part` and a `Layout`, so that a file can be
written by another process than the one that planned it, with the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.machine import in_threads
from seimai.pipeline.stages import released_hashes
from seimai.pipeline.stages.columns import Rows, released_rows
from seimai.pipeline.stages.released_hashes import hashes_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import OutputFile
    from seimai.pipeline.stages.buckets import Cut

ZSTD_LEVEL = 1
"""Level of compression. Level 3 saves 6 % of the space and takes 1.6 times as long."""


ROOM_BYTES = 128_000_000
"""More than the texts of a row group; memory that nothing is written to is not taken."""


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
    is_kept = part.path.startswith("data/")

    def row_group(group: list[tuple[str, Rows]], room: TextRoom) -> pa.Table:
        table = room.joined(in_threads(rows_of, group, threads), layout.schema)
        if is_kept:
            ids.append(hashes_of(table.column("id")))
            texts.append(hashes_of(table.column("text")))
        return table

    tables = _one_ahead(row_group, part)
    written = write_tables(folder, part.path, layout.schema, tables)
    if is_kept:
        released_hashes.leave(job.out, written.sha256, np.concatenate(ids), np.concatenate(texts))
    return written


def _one_ahead(
    row_group: Callable[[list[tuple[str, Rows]], TextRoom], pa.Table],
    part: Part,
) -> Iterator[pa.Table]:
    """
    The tables of all row groups; the next one is made while whoever takes them writes one.

    A table is good until the next but one is asked for: its texts lie where those of that one do.
    """
    size = min(ROOM_BYTES, part.bytes)
    rooms = TextRoom(size), TextRoom(size)
    with ThreadPoolExecutor(1) as ahead:
        waiting: Future[pa.Table] | None = None
        for number, group in enumerate(part.groups):
            following = ahead.submit(row_group, group, rooms[number % 2])
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


class TextRoom:
    """
    Memory in which the texts of a row group are put together, and of the next one after it.

    To get a hundred megabytes from the system and give them back costs as much as to fill them.
    """

    def __init__(self, size: int) -> None:
        """`size`: how many bytes there is room for at first."""
        self._bytes = np.empty(size, np.uint8)

    def joined(self, tables: Iterable[pa.Table], schema: pa.Schema) -> pa.Table:
        """
        Tables as one, each column in one piece; none of them is held until the last is there.

        The texts are good until this is asked again.
        """
        end, ends = 0, [np.zeros(1, np.int64)]
        others = []
        for table in tables:
            others.append(table.drop_columns(["text"]))
            for chunk in table.column("text").chunks:
                at, data = parts_of(chunk)
                content = np.frombuffer(data, np.uint8)[at[0] : at[-1]]
                self._reach(end + content.size, end)
                self._bytes[end : end + content.size] = content
                ends.append(at[1:] - at[0] + end)
                end += content.size
        offsets = np.concatenate(ends).astype(np.int64, copy=False)
        text = pa.LargeStringArray.from_buffers(
            offsets.size - 1, pa.py_buffer(offsets), pa.py_buffer(self._bytes[:end])
        )
        joined = pa.concat_tables(others).combine_chunks()
        columns = [text if name == "text" else joined.column(name) for name in schema.names]
        return pa.table(columns, schema=schema)

    def _reach(self, size: int, used: int) -> None:
        """Make room for `size` bytes, of which the first `used` stay."""
        if size > self._bytes.size:
            larger = np.empty(max(size, 2 * self._bytes.size), np.uint8)
            larger[:used] = self._bytes[:used]
            self._bytes = larger


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
