"""
Asked files: what the driver tells a worker of a file of the release, and what that one answers.

Rows, columns and cuts lie in a file in `stages/releasing`, one for each file of the release; beside
it the worker leaves size and digest of what it has written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages.buckets import Cut
from seimai.pipeline.stages.publish import PREPARED
from seimai.pipeline.stages.release_file import Layout, Part, Written, write_part

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.columns import Rows
    from seimai.pipeline.stages.release import Wanted

RELEASING = "releasing"
"""The folder in the stages in which driver and workers tell each other of files."""

_TOLD = b"told"
_SCHEMA = b"schema"


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
    """What the driver asks of the file with this number."""
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
    """What a worker has answered about the file with this number."""
    path = _path(folder, number).with_suffix(".json")
    record = shard.read_sealed(path)
    if record is None:
        raise Problem("S001", path=f"{RELEASING}/{path.name}")
    return Written(record["path"], record["rows"], record["bytes"], record["sha256"])


def task_name(number: int) -> str:
    """The name of the task that writes this file."""
    return f"{number:05d}"


def _path(folder: Path, number: int) -> Path:
    return folder / f"{task_name(number)}.arrow"
