"""
File tasks: the files of a release, each written by a worker.

The driver plans which rows go into which file and leaves that in `stages/releasing`, which is gone
afterwards; a worker writes the file beside the release that is there, and leaves word of its size
and digest. What is small is written by the driver itself: to ask others costs more than they save.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages.buckets import Cut
from seimai.pipeline.stages.publish import PREPARED
from seimai.pipeline.stages.release_file import Layout, Part, Written, write_part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from seimai.pipeline.engine.planning.records import TaskCounts, TaskMessage
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.columns import Rows
    from seimai.pipeline.stages.release import Wanted

    Executor = Callable[[Sequence[TaskMessage], Callable[[TaskCounts], None]], None]
    """That of `workers/pool.py`, which needs the worker, which needs this module."""

RELEASING = "releasing"
"""The folder in the stages in which driver and workers tell each other of files."""

FEW_BYTES = 200_000_000
"""So many bytes of text are written in this process: a worker takes a second to begin."""

_TOLD = b"told"
_SCHEMA = b"schema"


def by_workers(
    job: Job, executor: Callable[[Sequence[TaskMessage], Callable[[TaskCounts], None]], None]
) -> Callable[[Sequence[Wanted]], Sequence[Written] | None]:
    """How an executor writes files of a release; it leaves alone what does not pay."""

    def write(new: Sequence[Wanted]) -> Sequence[Written] | None:
        if len(new) < 2 or sum(one.part.bytes for one in new) < FEW_BYTES:
            return None
        folder = job.out / "stages" / RELEASING
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(parents=True)
            for number, one in enumerate(new):
                ask(folder, number, one)
            crash_point("files-asked")
            # The largest first, so that no worker begins one when the others are done.
            order = sorted(range(len(new)), key=lambda number: -new[number].part.bytes)
            tasks: list[TaskMessage] = [
                {"kind": "release", "shard": _name(number), "number": number} for number in order
            ]
            executor(tasks, lambda _: None)
            return [replace(answer_of(folder, k), make=one.make) for k, one in enumerate(new)]
        except OSError as error:
            path = f"stages/{RELEASING}"
            raise Problem("O001", path=path, cause=error.strerror or str(error)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return write


def write_asked(job: Job, number: int) -> int:
    """Write the file of a release that the driver asked for; how many rows it has."""
    folder = job.out / "stages" / RELEASING
    part, layout = asked(job, folder, number)
    written = write_part(job, job.out / PREPARED, part, layout)
    shard.write_sealed(_path(folder, number).with_suffix(".json"), written.as_record())
    return written.rows


def ask(folder: Path, number: int, wanted: Wanted) -> None:
    """Leave word of a file: the rows of each row group, and what they say."""
    part, layout = wanted.part, wanted.layout
    runs = [(k, name, rows) for k, group in enumerate(part.groups) for name, rows in group]
    told = {
        "path": part.path,
        "bytes": part.bytes,
        "renamed": layout.renamed,
        "cuts": [[cut.name, list(cut.cuts), cut.version] for cut in layout.cuts],
    }
    schema = pa.schema(
        [("group", pa.int64()), ("shard", pa.string()), ("rows", pa.large_list(pa.int64()))],
        {_TOLD: orjson.dumps(told), _SCHEMA: layout.schema.serialize().to_pybytes()},
    )
    ends = np.cumsum([0, *(rows.size for _, _, rows in runs)])
    every: Rows = np.concatenate([np.zeros(0, np.int64), *(rows for _, _, rows in runs)])
    columns = [
        pa.array([k for k, _, _ in runs], pa.int64()),
        pa.array([name for _, name, _ in runs], pa.string()),
        pa.LargeListArray.from_arrays(pa.array(ends, pa.int64()), pa.array(every, pa.int64())),
    ]
    with pa.ipc.new_file(str(_path(folder, number)), schema) as writer:
        writer.write_table(pa.table(columns, schema=schema))


def asked(job: Job, folder: Path, number: int) -> tuple[Part, Layout]:
    """What the driver has left word of."""
    with pa.memory_map(str(_path(folder, number))) as file:
        table = pa.ipc.open_file(file).read_all()
        metadata = table.schema.metadata
        told = orjson.loads(metadata[_TOLD])
        groups: dict[int, list[tuple[str, Rows]]] = {}
        for batch in table.to_batches():
            rows = batch.column("rows")
            ends, every = rows.offsets.to_numpy(), rows.values.to_numpy()
            for k, (group, name) in enumerate(
                zip(batch["group"].to_pylist(), batch["shard"].to_pylist(), strict=True)
            ):
                some = every[ends[k] : ends[k + 1]].copy()
                groups.setdefault(group, []).append((name, some))
    cuts = tuple(
        Cut(name, job.recipe.buckets[name], tuple(numbers), version)
        for name, numbers, version in told["cuts"]
    )
    schema = pa.ipc.read_schema(pa.py_buffer(metadata[_SCHEMA]))
    layout = Layout(schema, told["renamed"], cuts)
    return Part(told["path"], list(groups.values()), told["bytes"]), layout


def answer_of(folder: Path, number: int) -> Written:
    """What a worker has left word of."""
    path = _path(folder, number).with_suffix(".json")
    record = shard.read_sealed(path)
    if record is None:
        raise Problem("S001", path=f"{RELEASING}/{path.name}")
    return Written(record["path"], record["rows"], record["bytes"], record["sha256"])


def _name(number: int) -> str:
    return f"{number:05d}"


def _path(folder: Path, number: int) -> Path:
    return folder / f"{_name(number)}.arrow"
