"""
Diff: what became different from one finished run to another.

Texts are matched by their ids. Ids, verdicts and one digest per kept text are held in memory, about
a hundred bytes a text; texts themselves are read only for the few that are shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from seimai.pipeline.inspect.released import Released, batches
from seimai.pipeline.inspect.stored import beginning
from seimai.pipeline.recipe import Drift
from seimai.pipeline.report.drift import drift, same_data
from seimai.pipeline.report.funnel import Check, limit_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.arrays import Flags, Integers

Kind = Literal["newly_rejected", "newly_kept", "added", "removed", "rewritten", "other_reasons"]
KINDS: tuple[Kind, ...] = (
    "newly_rejected",
    "newly_kept",
    "added",
    "removed",
    "rewritten",
    "other_reasons",
)

UNSAID = ("recipe", "version", "about", "source", "report", "expect")
"""Parts of a recipe that change no verdict; `source` is not in `run.json` anyway."""


@dataclass(frozen=True)
class Moved:
    """A text that is not where, or not what, it was."""

    id: str
    reasons: tuple[str, ...]
    """Why it is rejected now, or was before; empty where it is about neither."""
    begins: str = ""


@dataclass
class Change:
    """The texts of one kind of difference: how many, with what reasons, and some of them."""

    texts: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)
    """How many of them have a reason, the most frequent first; a text may have several."""
    ids: list[str] = field(default_factory=list)
    shown: list[Moved] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """What is different between two runs."""

    old: Released
    new: Released
    changes: dict[str, Change]
    """For each kind of difference its texts; only kinds that could be looked at, so none without
    releases."""
    recipe: list[tuple[str, str, str]]
    """What changed in the recipe: the key, before, after; "–" where it was not there."""
    signals: list[tuple[str, str, str]]
    """Signals whose version changed: the name, the version before and after."""
    packages: list[tuple[str, str, str]]
    reasons: list[tuple[str, int, int]]
    """Texts rejected before and after by reason, those that changed the most first."""
    checks: list[Check]
    """`expect: drift:` of the newer recipe, or its usual values; `expected` says which."""
    expected: bool
    same: bool
    """Whether both runs wrote the same bytes."""

    @property
    def fine(self) -> bool:
        """Whether the newer run is as far as its recipe allows."""
        return not self.expected or all(check.ok for check in self.checks)


def compare(old: Released, new: Released, *, samples: int = 3) -> Difference:
    """What is different; texts are compared where both releases are at hand."""
    wanted = new.run["recipe_resolved"].get("expect", {}).get("drift")
    changes: dict[str, Change] = {}
    same = same_data(old.run, new.run)
    if old.files("data") and new.files("data"):
        changes = _changes(old, new, samples) if not same else {kind: Change() for kind in KINDS}
    versions = old.run["versions"], new.run["versions"]
    before, after = (
        {row["reason"]: row["texts"] for row in side.run["reasons"]} for side in (old, new)
    )
    reasons = [(name, before.get(name, 0), after.get(name, 0)) for name in {**before, **after}]
    reasons = [row for row in reasons if row[1] != row[2]]
    return Difference(
        old,
        new,
        changes,
        _differing(_flat(_said(old)), _flat(_said(new))),
        _differing(old.run["signals"], new.run["signals"]),
        _differing(*versions),
        sorted(reasons, key=lambda row: (-abs(row[2] - row[1]), row[0])),
        drift(Drift(**(wanted or {})), old.run, new.run),
        wanted is not None,
        same,
    )


def _said(side: Released) -> dict[str, Any]:
    """The parts of a recipe that decide verdicts, limits as people read them."""
    recipe = {
        key: value
        for key, value in side.run["recipe_resolved"].items()
        if key not in UNSAID and value is not None
    }
    recipe["limits"] = {
        f"{name} ": " ".join(
            part
            for part in (
                limit_text(one.get("min"), one.get("max")),
                f"empty: {one['empty']}" if one.get("empty", "reject") != "reject" else "",
            )
            if part
        )
        for name, one in recipe.get("limits", {}).items()
    }
    recipe["together"] = {one["name"]: one for one in recipe.get("together", ())}
    return recipe


def _flat(value: Any, at: str = "") -> dict[str, Any]:
    """A tree of mappings as one, its keys joined by dots."""
    if not isinstance(value, dict):
        return {at.strip(): value}
    found: dict[str, Any] = {}
    for key, inside in value.items():
        found |= _flat(inside, f"{at}.{key}" if at else str(key))
    return found


def _differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (name, str(old.get(name, "–")), str(new.get(name, "–")))
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]


# --- texts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Texts:
    """The texts of a release; every array has one entry per text."""

    ids: pa.Array
    kept: Flags
    digest: Integers
    """Digest of each text as it was released; 0 for rejected ones, which are not compared."""
    reasons: pa.Array

    def where(self, ids: pa.Array) -> Integers:
        """The row of each of these ids, -1 where it is not there."""
        found = pc.fill_null(pc.index_in(ids, value_set=self.ids), -1)
        return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)

    def reasons_of(self, row: int) -> tuple[str, ...]:
        """Why a text is rejected; nothing for a kept one."""
        return tuple(self.reasons[row].as_py() or ())


_REASONS = pa.list_(pa.string())


def _texts(side: Released) -> _Texts:
    ids: list[pa.Array] = []
    reasons: list[pa.Array] = []
    kept: list[Flags] = []
    digests: list[Integers] = []
    for batch in batches(side.files("data"), ["id", "text"]):
        ids.append(batch["id"].cast(pa.large_string()))
        kept.append(np.ones(len(batch), bool))
        reasons.append(pa.nulls(len(batch), _REASONS))
        texts = batch["text"].cast(pa.large_binary()).to_pylist()
        digests.append(
            np.fromiter(
                (xxhash.xxh3_64_intdigest(text or b"") >> 1 for text in texts), np.int64, len(texts)
            )
        )
    for batch in batches(side.files("rejected"), ["id", "reasons"]):
        ids.append(batch["id"].cast(pa.large_string()))
        kept.append(np.zeros(len(batch), bool))
        reasons.append(batch["reasons"].cast(_REASONS))
        digests.append(np.zeros(len(batch), np.int64))
    return _Texts(
        pa.concat_arrays(ids) if ids else pa.array([], pa.large_string()),
        np.concatenate(kept) if kept else np.zeros(0, bool),
        np.concatenate(digests) if digests else np.zeros(0, np.int64),
        pa.concat_arrays(reasons) if reasons else pa.array([], _REASONS),
    )


def _changes(old: Released, new: Released, samples: int) -> dict[str, Change]:
    was, now = _texts(old), _texts(new)
    before = was.where(now.ids)
    known = before >= 0
    was_kept = np.zeros(known.size, bool)
    was_kept[known] = was.kept[before[known]]
    was_text = np.zeros(known.size, np.int64)
    was_text[known] = was.digest[before[known]]
    both_kept = known & was_kept & now.kept
    both_rejected = np.flatnonzero(known & ~was_kept & ~now.kept)
    others = [
        row for row in both_rejected.tolist() if now.reasons[row] != was.reasons[int(before[row])]
    ]
    # Without the rejected texts of one side nobody knows what became of a text that is not kept.
    gone = np.flatnonzero(now.where(was.ids) < 0)
    rows: dict[Kind, Any] = {
        "newly_rejected": np.flatnonzero(known & was_kept & ~now.kept),
        "newly_kept": np.flatnonzero(known & ~was_kept & now.kept),
        "added": np.flatnonzero(~known),
        "removed": gone,
        "rewritten": np.flatnonzero(both_kept & (was_text != now.digest)),
        "other_reasons": np.array(others, np.int64),
    }
    changes = {}
    for kind, chosen in rows.items():
        of = was if kind == "removed" else now
        told = was if kind in ("newly_kept", "removed") else now
        places = before[chosen] if kind == "newly_kept" else chosen
        counts: Counter[str] = Counter()
        for row in places.tolist():
            counts.update(told.reasons_of(row))
        ids = of.ids.take(pa.array(chosen)).to_pylist()
        spread = np.linspace(0, max(len(ids) - 1, 0), min(samples, len(ids))).astype(int).tolist()
        shown = [Moved(ids[k], told.reasons_of(int(places[k]))) for k in spread]
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        changes[kind] = Change(len(ids), ranked, ids, shown)
    _excerpts(old, new, changes)
    return {kind: changes[kind] for kind in KINDS}


def _excerpts(old: Released, new: Released, changes: dict[Kind, Change]) -> None:
    """How the texts that are shown begin, as they are now, or were where they are gone."""
    for side, kinds in ((new, [kind for kind in KINDS if kind != "removed"]), (old, ["removed"])):
        shown = [one for kind in kinds for one in changes[kind].shown]  # type: ignore[index]
        begins = dict(_beginnings(side, {one.id for one in shown}))
        for kind in kinds:
            change = changes[kind]  # type: ignore[index]
            change.shown = [
                Moved(one.id, one.reasons, begins.get(one.id, "")) for one in change.shown
            ]


def _beginnings(side: Released, ids: set[str]) -> Iterator[tuple[str, str]]:
    if not ids:
        return
    wanted = pa.array(sorted(ids), pa.large_string())
    for folder in ("data", "rejected"):
        for batch in batches(side.files(folder), ["id", "text"]):
            found = batch.filter(pc.is_in(batch["id"].cast(pa.large_string()), value_set=wanted))
            for id_, text in zip(found["id"].to_pylist(), found["text"].to_pylist(), strict=True):
                yield id_, beginning(text or "")


def as_dict(found: Difference) -> dict[str, Any]:
    """What is different, as `--format json` prints it."""
    return {
        "old": {"path": found.old.name, "counts": found.old.run["counts"]},
        "new": {"path": found.new.name, "counts": found.new.run["counts"]},
        "same": found.same,
        "changes": {kind: asdict(change) for kind, change in found.changes.items()},
        "reasons": [{"reason": name, "old": old, "new": new} for name, old, new in found.reasons],
        "recipe": [{"key": key, "old": old, "new": new} for key, old, new in found.recipe],
        "signals": [{"signal": key, "old": old, "new": new} for key, old, new in found.signals],
        "packages": [{"package": key, "old": old, "new": new} for key, old, new in found.packages],
        "drift": [{**asdict(check), "ok": check.ok} for check in found.checks],
        "expected": found.expected,
        "ok": found.fine,
    }
