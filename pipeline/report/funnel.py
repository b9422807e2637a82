"""
What became of the texts of a run, as rows: the funnel, the reasons, and what was expected.

Everything is computed from `run.json`, so the command line, the flow's artifacts and the report
tell the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Expect

DEDUP = "dedup"
"""The reason of a text whose better copy is kept; the same word as in `judge`."""


@dataclass(frozen=True)
class Step:
    """One row of the funnel: its name, texts, share of the read ones."""

    name: str
    """`funnel.NAME` of `messages` says it."""
    count: int
    share: float


@dataclass(frozen=True)
class Reason:
    """How many texts were rejected for one reason, and for how many it was the only one."""

    name: str
    count: int
    alone: int
    share: float


@dataclass(frozen=True)
class Format:
    """How the files of one format were read; the counts are by encoding and by cause."""

    name: str
    """As in `ingest.FORMATS`, or words for files that have no reader."""
    documents: int
    encodings: Mapping[str, int]
    """Less than the documents where a format holds its text in no encoding of its own."""
    quarantined: Mapping[str, int]
    skipped: Mapping[str, int]


@dataclass(frozen=True)
class Check:
    """One expectation of a recipe, held against the run. `about` names the reason or source."""

    name: str
    value: float
    low: float | None
    high: float | None
    about: str = ""

    @property
    def ok(self) -> bool:
        """Whether the run is as expected."""
        return (self.low is None or self.value >= self.low) and (
            self.high is None or self.value <= self.high
        )


def share(part: float, whole: float) -> float:
    """`part / whole`, 0 where the whole is 0."""
    return part / whole if whole else 0.0


def funnel(run: Mapping[str, Any]) -> list[Step]:
    """
    The rows from `read` to `kept`; each text is in one of them.

    A duplicate that fails a limit as well counts there: it would be gone without its copies.
    """
    counts = run["counts"]
    duplicates = sum(row["alone"] for row in run["reasons"] if row["reason"] == DEDUP)
    rows = {
        "read": counts["read"],
        "limits": counts["rejected"] - duplicates,
        "duplicates": duplicates,
        "quarantined": counts["quarantined"],
        "kept": counts["kept"],
    }
    return [Step(name, count, share(count, counts["read"])) for name, count in rows.items()]


def reasons(run: Mapping[str, Any]) -> list[Reason]:
    """The reasons that rejected anything, the most frequent first."""
    found = [
        Reason(
            row["reason"], row["texts"], row["alone"], share(row["texts"], run["counts"]["read"])
        )
        for row in run["reasons"]
        if row["texts"]
    ]
    return sorted(found, key=lambda reason: (-reason.count, reason.name))


def formats(run: Mapping[str, Any]) -> list[Format]:
    """What was read in which format and encoding, the most frequent first."""
    found = [Format(name, **counts) for name, counts in run["formats"].items()]
    return sorted(found, key=lambda one: (-one.documents, -sum(one.quarantined.values()), one.name))


def most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names and counts, the largest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def kept_characters_share(run: Mapping[str, Any]) -> float:
    """精米歩合: the share of the characters that remains."""
    return share(run["characters"]["kept"], run["characters"]["read"])


def expectations(expect: Expect, run: Mapping[str, Any]) -> list[Check]:
    """The `expect` of a recipe, held against a run; empty where nothing is expected."""
    checks = []
    counts = run["counts"]
    if expect.kept_share:
        low, high = expect.kept_share.min, expect.kept_share.max
        checks.append(Check("kept_share", share(counts["kept"], counts["read"]), low, high))
    if expect.any_reason_share:
        top = next(iter(reasons(run)), None)
        value, about = (top.share, top.name) if top else (0.0, "")
        checks.append(Check("any_reason_share", value, None, expect.any_reason_share.max, about))
    if expect.source_loss_share:
        losses = {
            name: share(source["rejected"], source["read"])
            for name, source in run["sources"].items()
        }
        worst = max(losses, key=lambda name: losses[name], default="")
        value = losses.get(worst, 0.0)
        checks.append(Check("source_loss_share", value, None, expect.source_loss_share.max, worst))
    return checks
