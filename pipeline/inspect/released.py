"""
What was written once, for comparing: `run.json` alone, or with the release that it speaks of.

A folder of a run, a release by itself, or a `run.json` that somebody kept: all three are taken
wherever an earlier run is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import orjson

from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from seimai.pipeline.run_record import RunRecord


@dataclass(frozen=True)
class Released:
    """A finished run: what `run.json` says, and its release where that is at hand."""

    name: str
    """The path or address that the user gave."""
    run: RunRecord
    release: Path | None

    def files(self, folder: str) -> list[Path]:
        """The Parquet files of `data` or `rejected`; none where only `run.json` is there."""
        return sorted((self.release / folder).rglob("*.parquet")) if self.release else []

    @property
    def has_rejects(self) -> bool:
        """Whether rejected texts can be looked up, or there are none."""
        return bool(self.files("rejected")) or not self.run["counts"]["rejected"]


def find_released(path: Path) -> Released:
    """The finished run that a path means. Raises `Problem` U070 where there is none."""
    tried = [path] if path.is_file() else [path / "run.json", path / "release" / "run.json"]
    for one in tried:
        try:
            content = orjson.loads(one.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            continue
        if isinstance(content, dict) and {"counts", "recipe_resolved"} <= content.keys():
            release = one.parent if (one.parent / "data").is_dir() else None
            return Released(str(path), cast("RunRecord", content), release)
    raise Problem("U070", path=str(path))


def batches(
    paths: Sequence[Path], columns: Sequence[str], rows: int = 10_000
) -> Iterator[pa.RecordBatch]:
    """These columns of some Parquet files, a few thousand rows at a time."""
    import pyarrow.parquet as pq

    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(rows, columns=list(columns), use_threads=False)
