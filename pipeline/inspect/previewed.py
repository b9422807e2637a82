"""
What a preview says: what became of a sample, and how long the whole would take.

`preview` finds it; here are its parts, and how `--format json` prints them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seimai.pipeline.inspect.sampling import Sample


@dataclass(frozen=True)
class Close:
    """A text just outside or just inside of a limit."""

    id: str
    value: float
    kept: bool
    begins: str


@dataclass(frozen=True)
class Written:
    """The files of a stage: what grows with the rows, and what each file has whatever is in it."""

    of_rows: int
    of_a_file: int


@dataclass(frozen=True)
class Edge:
    """A bound of a limit with the texts next to it."""

    signal: str
    bound: str
    """Which bound it is: `min` or `max`."""
    limit: float
    texts: tuple[Close, ...]
    """The texts next to the bound, by their numbers."""


@dataclass(frozen=True)
class Lost:
    """A reason, and how many texts of the sample it rejects."""

    reason: str
    texts: int
    alone: int


@dataclass
class Preview:
    """What a recipe would do with a sample, and what the whole would take."""

    sample: Sample
    kept: int = 0
    rejected: int = 0
    characters: int = 0
    characters_kept: int = 0
    reasons: list[Lost] = field(default_factory=list)
    """Reasons, the most frequent first; duplicates are `dedup`."""
    edges: list[Edge] = field(default_factory=list)
    """Bounds of the limits that reject the most texts alone."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds measured on the sample, for each stage."""
    whole: dict[str, float] = field(default_factory=dict)
    """Seconds estimated for all records on `workers`, for each stage."""
    workers: int = 1
    written: dict[str, Written] = field(default_factory=dict)
    """What each stage wrote for the sample."""
    packed: int = 0
    """Bytes of its texts as a release packs them, harder than the stages do."""
    counted: int = 0
    """Bytes that lie on the disk while its sentences are counted, and no longer."""

    @property
    def missing(self) -> dict[str, Counter[str]]:
        """Causes of the records that could not be read, by format."""
        found: dict[str, Counter[str]] = {}
        for records in self.sample.records:
            for one in records:
                if one.document is None:
                    found.setdefault(one.format, Counter())[one.cause] += 1
        return found

    @property
    def whole_seconds(self) -> float:
        """How long the whole run would take, roughly."""
        return sum(self.whole.values())

    @property
    def words_share(self) -> float:
        """The part of that which is parsing words."""
        return self.whole.get("tokenize", 0.0) / (self.whole_seconds or 1.0)


def as_dict(found: Preview) -> dict[str, Any]:
    """What a recipe does to a sample, as `--format json` prints it."""
    sample = found.sample
    return {
        "sample": {
            "records": sample.size,
            "of": sample.total,
            "exact": sample.exact,
            "inputs": sample.inputs,
            "opened": sample.opened,
            "partly_read": sample.partly,
            "size_unknown": sample.unsized,
        },
        "counts": {
            "read": sample.size,
            "kept": found.kept,
            "rejected": found.rejected,
            "quarantined": sum(sample.quarantined.values()),
        },
        "characters": {"read": found.characters, "kept": found.characters_kept},
        "quarantine_causes": dict(sample.quarantined),
        "reasons": [asdict(one) for one in found.reasons],
        "close_calls": [asdict(one) for one in found.edges],
        "seconds": {name: round(value, 3) for name, value in found.seconds.items()},
        "whole_run": {
            "workers": found.workers,
            "seconds": round(found.whole_seconds),
            "words_share": round(found.words_share, 3),
        },
    }
