"""
Files of the release that is there, used again where a new one would hold the same.

A limit that moves no text, another title or another report leave the kept texts as they are. What
a file holds is told by its *make*: the texts, their verdicts and how rows are cut; a file of the
same make gets a second name (a hard link) instead of being written again. It is compared with its
digest first, so what somebody changed in a release never comes into the next one.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import xxhash

from seimai.pipeline import shard, versions
from seimai.pipeline.stages import cut_passages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import OutputFile

FILES = "release.json"
"""Where in the stages it stands which make each file of the release has."""

KEPT = ("group_size", "revealed")
REJECTED = ("reasons", "values", "duplicate_of", "similarity", "duplicate_in", "revealed")
"""What of a verdict goes into the files of kept and of rejected texts."""


NUMBERS = ("signals", "across", "words", "counts")
"""Stages that columns of signals, buckets and token counts are taken from."""


def make_of(
    job: Job,
    groups: Sequence[Sequence[tuple[str, Integers]]],
    schema: pa.Schema,
    cuts: Sequence[str],
    *,
    kept: bool,
) -> str:
    """
    What decides the bytes of a file.

    `groups` are its row groups, as rows of shards; `cuts` says where the recipe's buckets end.
    """
    release = job.recipe.release
    numbers = NUMBERS if release.signals or release.tokenizer or cuts else ()

    def made_from(name: str, rows: Integers) -> list[str]:
        sidecars = (shard.read_sidecar(job.path(stage, name)) for stage in numbers)
        digests = [one.digest if one else "" for one in sidecars]
        digests += cut_passages.digest(job, name) if kept else []
        return [*digests, *_rows_of(job, name, rows, kept=kept)]

    rows = [[made_from(*part) for part in one] for one in groups]
    return shard.fingerprint(
        stage="release file",
        version=versions.RELEASE,
        pyarrow=pa.__version__,
        schema=str(schema),
        signals=list(release.signals),
        cuts=list(cuts),
        rows=rows,
    )


def _rows_of(job: Job, name: str, rows: Integers, *, kept: bool) -> list[str]:
    """The digests of what some rows of a shard are made from."""
    path = job.path("verdict", name)
    table = shard.read_table(path)
    wanted = [one for one in (KEPT if kept else REJECTED) if one in table.column_names]
    verdict = table.select(wanted).take(pa.array(rows)).combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, verdict.schema) as writer:
        writer.write_table(verdict)
    return [
        shard.required_sidecar(job.path("text", name)).digest,
        xxhash.xxh3_128_hexdigest(rows.tobytes()),
        xxhash.xxh3_128_hexdigest(sink.getvalue()),
    ]


def known_files(out: Path) -> dict[str, Any]:
    """By make: the files of the release in `out`; none where that is not known."""
    files: dict[str, Any] = (shard.read_sealed(out / "stages" / FILES) or {}).get("files", {})
    return files


def remember(out: Path, files: Mapping[str, OutputFile]) -> None:
    """Leave word of the make of each file of the release in `out`."""
    shard.write_sealed(out / "stages" / FILES, {"files": dict(files)})


def linked(release: Path, known: OutputFile | None, target: Path) -> bool:
    """Give a file of a release a second name, if it is as it was written."""
    if known is None:
        return False
    source = release / known["path"]
    try:
        with source.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != known["sha256"]:
                return False
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:  # it is gone, or the disk knows no second names
        return False
    return True
