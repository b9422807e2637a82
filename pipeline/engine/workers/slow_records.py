"""
Slow records: what was found to take too long, so that it goes to quarantine when it is read; and
what took more memory than there was, which ends a worker as well.

They are remembered beside the stages of their split, as long as cleaners, signals and the limit
are those that they were too slow for. So runs into the same folder give the same bytes, though
what is too slow depends on the machine; only a record near the limit can differ between machines.
"""

from __future__ import annotations

import contextlib
import mmap
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import xxhash

from seimai.pipeline import shard
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.ingest.contract import Cause
from seimai.pipeline.signal import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.workers.time_limit import SlowRows
    from seimai.pipeline.job import Job

FOLDER = "slow"

NEEDS: tuple[Literal["characters", "tokens"], ...] = ("characters", "tokens")

READ = "read"
"""The name of the step in which a record is read, beside those of `STEPS`."""

STEPS = {
    READ: "reading it",
    "clean": "cleaning it",
    "measure": "measuring it",
    "sketch": "comparing it",
    "tokenize": "splitting it into words",
    "words": "measuring its words",
}
"""What takes too long, as in the detail of quarantine: data, so in English."""


@dataclass(frozen=True)
class SlowRecord:
    """A record, by where it stands, and the step that took too long, or too much memory."""

    key: str
    place: str
    id: str
    step: str
    large: bool = False
    """Whether it took too much memory, and not too much time."""

    @property
    def cause(self) -> Cause:
        """The cause that quarantine gives for it."""
        return "too_large" if self.large else "too_slow"

    def detail(self, seconds: float) -> str:
        """What happened, in one English sentence for quarantine."""
        named = f" (id {self.id})" if self.step != READ else f", {self.place}"
        took = "more memory than there was" if self.large else f"longer than {seconds:g} seconds"
        return f"{STEPS[self.step]} took {took}{named}"


class FoundSlow(Exception):  # noqa: N818 - what was found, and no fault of ours
    """Records of a split that took too long: it has to be read again without them."""

    def __init__(self, records: Iterable[SlowRecord]) -> None:
        self.records = list(records)
        super().__init__(", ".join(one.id for one in self.records))


class Position:
    """
    How far the reading of a split has come, where another process finds it.

    What hangs in C ends its worker with it; whoever started that worker looks here for the record.
    """

    def __init__(self, job: Job, split: str) -> None:
        self._path = _position_path(job, split)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("w+b") as file:
                file.write(bytes(3 * _NUMBER))
                file.flush()
                self._numbers = memoryview(mmap.mmap(file.fileno(), 3 * _NUMBER)).cast("q")
        except OSError as error:
            raise cannot_write(self._path.name, error) from error

    def reading(self, place: int, items: int) -> None:
        """Note that input `place` of the split is read, and has given `items` so far."""
        self._numbers[1], self._numbers[2] = place, items
        self._numbers[0] = 1

    def elsewhere(self) -> None:
        """Note that something other than the reader is at work now."""
        self._numbers[0] = 0

    def close(self) -> None:
        """Note that the split is read to its end."""
        with contextlib.suppress(OSError):
            self._path.unlink()


def read_last(job: Job, split: Split) -> tuple[int, int] | None:
    """What a worker was reading when it ended: the input, and after how many items; else None."""
    path = _position_path(job, split.name)
    try:
        numbers = memoryview(path.read_bytes()).cast("q")
    except (OSError, TypeError):
        return None
    return (numbers[1], numbers[2]) if len(numbers) == 3 and numbers[0] else None


def blame(job: Job, split: Split, *, large: bool = False) -> None:
    """Remember the record on which a worker was ended, if it was reading."""
    last = read_last(job, split)
    if last is not None:
        place, items = last
        record = SlowRecord(split.inputs[place].key, nth(items), "?", READ, large)
        remember(job, split.name, [record])


def nth(items: int) -> str:
    """What stands for the place of a record that nobody could read: the number of items before."""
    return f"after {items} items"


_NUMBER = 8


def _position_path(job: Job, split: str) -> Path:
    return job.out / "stages" / "attempts" / f".reading-{split}{shard.TEMPORARY}"


def of_table(found: SlowRows, table: pa.Table) -> FoundSlow:
    """The slow rows of a text shard as records of their inputs."""
    origin = table.column("origin").combine_chunks()
    keys, places, ids = origin.field("key"), origin.field("place"), table.column("id")
    records = [
        SlowRecord(
            keys[row].as_py(),
            places[row].as_py(),
            ids[row].as_py(),
            found.step,
            row in found.large,
        )
        for row in found.rows
    ]
    return FoundSlow(records)


def known(job: Job, split: str) -> dict[tuple[str, str], SlowRecord]:
    """The slow records of a split, by key and place; none where they were found by other rules."""
    path = _path(job, split)
    if not path.exists():
        return {}
    content = shard.read_sealed(path) or {}
    if content.get("fingerprint") != _fingerprint(job):
        return {}
    records = (SlowRecord(**one) for one in content["records"])
    return {(one.key, one.place): one for one in records}


def remember(job: Job, split: str, found: Iterable[SlowRecord]) -> None:
    """Add records to those known of a split."""
    every = known(job, split) | {(one.key, one.place): one for one in found}
    records = [asdict(every[place]) for place in sorted(every)]
    shard.write_sealed(_path(job, split), {"fingerprint": _fingerprint(job), "records": records})


def _path(job: Job, split: str) -> Path:
    return job.out / "stages" / FOLDER / f"{split}.json"


def _fingerprint(job: Job) -> str:
    """What a record was too slow for; a filter that was mended gets another chance."""
    return shard.fingerprint(
        cleaners={cleaner.name: cleaner.version for cleaner in job.cleaners},
        signals={
            signal.name: signal.fingerprint
            for needs in NEEDS
            for signal in chosen(job.signals, needs)
        },
        files=[xxhash.xxh3_128_hexdigest(Path(path).read_bytes()) for path in job.filters],
        seconds=[source.max_seconds for source in job.recipe.source],
        unit=job.recipe.dedup.unit if job.recipe.dedup else None,
    )
