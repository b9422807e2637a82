"""
Costs: what a run would take of a machine, from a preview of it.

Seconds and bytes of the sample are carried over to all records; memory is what was measured at
100,000 and 1,000,000 texts (`python -m benchmarks.scale`). What an estimate cannot see: a machine
that does other things as well, disks slower than the processors, and duplicates, of which a
sample finds few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seimai.pipeline import shard
from seimai.pipeline.read_columns import MOST_BYTES

if TYPE_CHECKING:
    from seimai.pipeline.inspect.previewed import Preview
    from seimai.pipeline.recipe import Recipe

WORKER_BYTES = 800_000_000
"""Memory of a worker at its largest, on shards of mixed web text."""

DRIVER_BYTES = 300_000_000
"""Memory of the command itself, before it holds anything for a text."""

TEXT_BYTES = 300
"""What the command holds of each text while it groups, judges and releases."""

KEPT_BYTES = 1_200
"""Of each text, what is left for the next run of columns and rows that were read; not more than
`read_columns.MOST_BYTES` in all. Measured on 4,671 web texts: 1,340."""

FILES_OF_A_SHARD = 15
"""Text, signals, sketch, tokens, words, group, verdict with their sidecars; counts of masks."""

FILES_OF_ACROSS = 2
"""Of each shard, the numbers of `across` with their sidecar."""

RELEASE_SHARE = 1.0
"""A release, kept and rejected together, beside its texts alone, packed the same way: the numbers
of every text take what is saved by packing more at once."""


@dataclass(frozen=True)
class Costs:
    """What a run would take."""

    workers: int
    documents: int
    text_bytes: int
    core_seconds: dict[str, float]
    """Seconds of processor time for each stage, start included."""
    wall_seconds: float
    memory_bytes: int
    """Memory of all processes together at their largest."""
    stage_bytes: int
    release_bytes: int
    kept_releases: int
    """Releases that are on the disk while a run ends: the new one, and those before it."""
    files: int
    counted_bytes: int
    """What lies there while sentences are counted, before there is a new release."""
    exact: bool
    """Whether all records were counted; if not, their number is an estimate."""

    @property
    def disk_bytes(self) -> int:
        """Bytes of stage files and releases together, when they are the most."""
        last = max(self.release_bytes, self.counted_bytes)
        return self.stage_bytes + self.release_bytes * (self.kept_releases - 1) + last

    @property
    def core_hours(self) -> float:
        """Hours of processor time for the whole run."""
        return sum(self.core_seconds.values()) / 3600

    def price(self, of_core_hour: float) -> float:
        """
        What the run costs where each worker is a core that is paid for until the run ends.

        Idle cores are paid as well, which is why this is more than `core_hours` at that price.
        """
        return self.wall_seconds / 3600 * self.workers * of_core_hour


def costs(recipe: Recipe, found: Preview) -> Costs:
    """What the run would take of which `found` is the preview."""
    sample = found.sample
    many = sample.total / max(sample.size, 1)
    read = sample.total / max(sample.seen, 1)
    core = {
        stage: spent * (read if stage == "read" else many) for stage, spent in found.seconds.items()
    }
    core["start"] = found.whole.get("start", 0.0) * (1 + found.workers)
    size = sum(
        len(one.document.text.encode()) for part in sample.records for one in part if one.document
    )
    text_bytes = round(size * many)
    shards = max(-(-text_bytes // shard.SHARD_BYTES), 1)
    # What an input leaves over fills no shard; small inputs are read together.
    shards += min(sample.inputs, shards)
    stages = {
        name: round(one.of_rows * many) + one.of_a_file * shards
        for name, one in found.written.items()
    }
    release = round(found.packed * many * RELEASE_SHARE)
    return Costs(
        workers=found.workers,
        documents=sample.total,
        text_bytes=text_bytes,
        core_seconds={stage: round(seconds, 1) for stage, seconds in core.items()},
        wall_seconds=found.whole_seconds,
        memory_bytes=DRIVER_BYTES + found.workers * WORKER_BYTES + TEXT_BYTES * sample.total,
        stage_bytes=sum(stages.values()) + min(KEPT_BYTES * sample.total, MOST_BYTES),
        release_bytes=release,
        kept_releases=1 + max(recipe.release.previous, 1),
        files=(FILES_OF_A_SHARD + FILES_OF_ACROSS * (recipe.across is not None)) * shards
        + -(-release // recipe.release.shard)
        + 20,
        counted_bytes=round(found.counted * many),
        exact=sample.exact,
    )


def as_dict(found: Costs, price: float | None) -> dict[str, Any]:
    """What a run takes, as `--format json` prints it."""
    return {
        "workers": found.workers,
        "documents": found.documents,
        "text_bytes": found.text_bytes,
        "exact": found.exact,
        "core_seconds": found.core_seconds,
        "core_hours": round(found.core_hours, 3),
        "wall_seconds": round(found.wall_seconds),
        "memory_bytes": found.memory_bytes,
        "disk_bytes": {
            "stages": found.stage_bytes,
            "release": found.release_bytes,
            "all": found.disk_bytes,
        },
        "files": found.files,
        **({} if price is None else {"price": round(found.price(price), 2)}),
    }
