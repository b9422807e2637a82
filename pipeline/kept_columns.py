"""
Columns that a run has read, left in one file for the next run into the same folder.

A changed limit reads the numbers of every shard again, some thousand columns out of some hundred
Parquet files, and opening and unpacking these takes longer than all that is done with them. So
the columns that `read_columns` holds when a run ends are left as they lie in memory, in
`OUT/stages/columns.arrows`, and the next run maps that file in place of reading the others.

The file is a convenience and decides nothing. A column is taken from it only while the stage file
that it was read from has the size, number and times that it had; the file itself carries a digest.
What is damaged, stale or missing is read from the stage files. Verdicts are left out: they are
what changes.

Layout: one Arrow stream for each stage file, each at a multiple of 64 bytes; then a list of them
in JSON, its length in eight bytes, and a digest (xxh3) of all that is before it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import xxhash

from seimai.pipeline import read_columns
from seimai.pipeline.crash_points import crash_point

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COLUMNS, ROWS = "columns.arrows", "rows.arrows"
"""In `OUT/stages`: numbers and short strings, and the texts that the report shows."""

LEFT = (COLUMNS, ROWS)

FORMAT = 1

_ALIGNED = 64
"""Bytes; Arrow reads arrays where they lie only from places that are multiples of eight."""

_LENGTH_BYTES, _DIGEST_BYTES = 8, 16

_LEFT_OUT = ("verdict",)
"""Stages whose files a changed limit writes anew."""


@contextmanager
def as_long_as_a_run(out: Path) -> Iterator[None]:
    """Keep columns that are read while the block lasts, and leave them for the next run."""
    stages = out / "stages"
    with read_columns.as_long_as_a_run():
        found = {name: _open(stages / name) for name in LEFT}
        # The texts that a stale file tells of may be gone, and so must it be.
        if not all(_is_fresh(name, one) for some in found.values() for name, one in some.items()):
            forget(out)
        for some in found.values():
            read_columns.take_from(some)
        yield
        skipped = tuple(f"{stages}/{stage}/" for stage in _LEFT_OUT)
        held = {
            name: one for name, one in read_columns.held().items() if not name.startswith(skipped)
        }
        _join(held, found[COLUMNS])
        _leave(stages / COLUMNS, found[COLUMNS], held)
        _leave(stages / ROWS, found[ROWS], read_columns.held_rows())


def _join(held: dict[str, read_columns.Held], found: Mapping[str, read_columns.Stored]) -> None:
    """Add the columns that were found to those that are held, as far as there is room for them."""
    size = sum(one.table.nbytes for one in held.values())
    for name, one in found.items():
        known = held.get(name)
        if known is not None and known.state != one.state:
            continue
        joined = one.joined(known)
        size += joined.table.nbytes - (known.table.nbytes if known is not None else 0)
        if size > read_columns.MOST_BYTES:
            return
        held[name] = joined


def forget(out: Path) -> None:
    """Remove what was left in a folder: some of its texts are to be gone."""
    for name in LEFT:
        with contextlib.suppress(OSError):
            (out / "stages" / name).unlink()


def _is_fresh(name: str, one: read_columns.Stored | read_columns.Held) -> bool:
    """Whether a stage file is as it was when something of it was read."""
    try:
        return read_columns.state_of(name.removesuffix(read_columns.ROWS)) == one.state
    except OSError:
        return False


def _open(path: Path) -> dict[str, read_columns.Stored]:
    """By name of its stage file: what was left, where the file is whole; else nothing."""
    try:
        with pa.memory_map(str(path)) as file:
            data = file.read_buffer()
        end = data.size - _DIGEST_BYTES
        if end < _LENGTH_BYTES or xxhash.xxh3_128_digest(data.slice(0, end)) != bytes(data[end:]):
            return {}
        begin = end - _LENGTH_BYTES
        size = int.from_bytes(data[begin:end], "little")
        content = json.loads(bytes(data[begin - size : begin]))
    except (OSError, ValueError):
        return {}
    if content["format"] != FORMAT:
        return {}
    return {
        f"{path.parent}/{name}": read_columns.Stored(
            tuple(one["state"]), data.slice(one["at"], one["bytes"]), tuple(one["columns"]),
            whole=one["whole"],
        )
        for name, one in content["files"].items()
    }  # fmt: skip


def _leave(
    path: Path,
    found: Mapping[str, read_columns.Stored],
    held: Mapping[str, read_columns.Held],
) -> None:
    """Write what is held and still good, unless all of it was found."""
    tables = {
        name: one
        for name, one in held.items()
        if name.startswith(f"{path.parent}/") and _is_fresh(name, one)
    }
    if path.exists() and all(name in found and found[name].has(tables[name]) for name in tables):
        return
    with contextlib.suppress(OSError):  # a full disk costs the next run a second, not this one
        _write(path, tables)


def _write(path: Path, tables: Mapping[str, read_columns.Held]) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    digest = xxhash.xxh3_128()
    files: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    at = 0
    try:
        with temporary.open("wb") as file:
            crash_point("columns-begun", path)

            def put(data: Any) -> None:
                nonlocal at
                digest.update(data)
                at += file.write(data)

            for name, one in sorted(tables.items()):
                stream = _stream(one.table)
                files[name.removeprefix(f"{path.parent}/")] = {
                    "state": one.state,
                    "at": at,
                    "bytes": stream.size,
                    "columns": one.table.column_names,
                    "whole": one.whole,
                }
                put(stream)
                put(bytes(-at % _ALIGNED))
            listed = json.dumps({"format": FORMAT, "files": files}).encode()
            put(listed)
            put(len(listed).to_bytes(_LENGTH_BYTES, "little"))
            file.write(digest.digest())
        # Not synced: a file that a crash leaves half has not its digest.
        crash_point("columns-written", path)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _stream(table: pa.Table) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue()
