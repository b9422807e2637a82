"""
Drift: how far a run has moved from a baseline, an earlier run that was as it should be.

Everything is computed from two `run.json`, so a baseline is one small file that can live beside the
recipe in a repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.report.funnel import Check, share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.recipe import Drift
    from seimai.pipeline.run_record import RunRecord

FEW = 20
"""The share of a source with fewer texts than this is not compared."""

DIGITS = 9
"""Digits to which differences are rounded: 0.35 − 0.30 is five points, and not a hair more."""

PREFIX = "drift_"
"""How the names of these checks begin; what follows is the key below `expect: drift:`."""


def drift(limits: Drift, old: RunRecord, new: RunRecord) -> list[Check]:
    """
    The limits of `expect: drift:` held against two runs, the baseline first.

    Values are differences: of shares in parts of one, of means as a part of the earlier one.
    """
    return [
        _moved("kept_share", limits.kept_share, _kept(old), _kept(new)),
        _moved("characters_share", limits.characters_share, _characters(old), _characters(new)),
        _moved("quarantined_share", limits.quarantined_share, _lost(old), _lost(new)),
        *_most(
            "reason_share",
            limits.reason_share,
            {row["reason"]: share(row["texts"], old["counts"]["read"]) for row in old["reasons"]},
            {row["reason"]: share(row["texts"], new["counts"]["read"]) for row in new["reasons"]},
        ),
        *_most("source_share", limits.source_share, *_sources(old, new)),
        _gone(old, new),
        _ratio("mean_length", limits.mean_length, _length(old), _length(new)),
        _ratio("masked", limits.masked, _masked(old), _masked(new)),
    ]


def _kept(run: RunRecord) -> float:
    return share(run["counts"]["kept"], run["counts"]["read"])


def _characters(run: RunRecord) -> float:
    return share(run["characters"]["kept"], run["characters"]["read"])


def _lost(run: RunRecord) -> float:
    return share(run["counts"]["quarantined"], run["counts"]["read"])


def _length(run: RunRecord) -> float:
    """Mean number of characters of a kept text."""
    return share(run["characters"]["kept"], run["counts"]["kept"])


def _masked(run: RunRecord) -> float:
    """Mean number of masked items of personal data in a text."""
    counts = run["counts"]
    return share(run["cleaned"]["masked"], counts["kept"] + counts["rejected"])


def _moved(name: str, most: float, old: float, new: float, about: str = "") -> Check:
    return Check(f"{PREFIX}{name}", round(new - old, DIGITS), -most, most, about)


def _ratio(name: str, most: float, old: float, new: float) -> Check:
    """The difference as a part of the earlier value; from nothing to something counts as one."""
    moved = (new - old) / old if old else float(new > 0)
    return Check(f"{PREFIX}{name}", round(moved, DIGITS), -most, most)


def _most(
    name: str, most: float, old: Mapping[str, float], new: Mapping[str, float]
) -> Iterator[Check]:
    """The one of several shares that moved the furthest."""
    moved = {key: new.get(key, 0.0) - old.get(key, 0.0) for key in {*old, *new}}
    if moved:
        furthest = min(moved, key=lambda key: (-abs(moved[key]), key))
        yield _moved(name, most, old.get(furthest, 0.0), new.get(furthest, 0.0), furthest)


def _sources(old: RunRecord, new: RunRecord) -> tuple[dict[str, float], dict[str, float]]:
    """The kept share of the sources that both have, those with enough texts."""
    both = {
        name
        for name, counts in old["sources"].items()
        if min(counts["read"], new["sources"].get(name, {"read": 0})["read"]) >= FEW
    }

    def kept(run: RunRecord) -> dict[str, float]:
        return {
            name: share(counts["kept"], counts["read"])
            for name, counts in run["sources"].items()
            if name in both
        }

    return kept(old), kept(new)


def _gone(old: RunRecord, new: RunRecord) -> Check:
    """Sources of the baseline that gave nothing now."""
    gone = sorted(set(old["sources"]) - set(new["sources"]))
    return Check(f"{PREFIX}sources_gone", len(gone), None, 0, " · ".join(gone))


def same_data(old: RunRecord, new: RunRecord) -> bool:
    """Whether two runs wrote the same texts with the same verdicts, byte for byte."""

    def digests(run: RunRecord) -> list[tuple[str, str]]:
        return sorted((one["path"], one["sha256"]) for one in run["outputs"])

    return digests(old) == digests(new)
