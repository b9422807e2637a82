"""
Propose: limits from texts that somebody trusts or labelled, as a change to the recipe of a run.

From trusted texts every bound goes as far as it can while at most a stated share of them is lost
together (FineWeb-2 set its limits for each language from percentiles of a trusted corpus). From
labels bounds are moved step by step, as `greedy.py` says. Combined limits of the recipe stay. What
is proposed is also tried on texts that it was not made from, in five parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from seimai.pipeline.inspect.compare import Score, score
from seimai.pipeline.inspect.greedy import SIDES, State, path, rounded
from seimai.pipeline.inspect.stored import Stored, column_of, hold_stored
from seimai.pipeline.recipe import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.arrays import Flags, Integers
    from seimai.pipeline.inspect.labels import Labels
    from seimai.pipeline.recipe import Recipe, Together

    Changes = dict[str, dict[str, float]]
    """New bounds by signal: `{"ja.kanji_share": {"max": 0.8}}`."""

PARTS = 5
"""Each fifth is judged by what was learned from the other four."""

SHARES_OF_LOSS = (1.0, 0.25, 0.0)
"""Bounds are also made as if less could be lost: on texts not seen they lose more."""


@dataclass(frozen=True)
class Proposal:
    """New bounds, what they keep, and what they would be worth on texts not seen."""

    changes: Changes
    old_kept: int
    new_kept: int
    texts: int
    old: Score
    new: Score
    """The score on the very texts that the bounds were made from: too good."""
    unseen: Score
    """The score where each text is judged by bounds that were made without it."""
    old_changes: Mapping[str, Mapping[str, float | None]]
    """For each changed bound what the recipe had before; None where it had none."""
    together: tuple[Together, ...] = ()
    """Combined limits that are new."""


def propose_like(stored: Stored, trusted: Stored, loss: float) -> Proposal:
    """
    Bounds for the limits of the run's recipe that lose at most `loss` of the trusted texts.

    All limits together lose that share, each about the same.
    """
    recipe = stored.recipe
    bounds = [
        (name, side)
        for name, limit in recipe.limits.items()
        for side in SIDES
        if getattr(limit, side) is not None
    ]

    parts = _parts(trusted)
    kept = np.zeros(trusted.texts, bool)
    for part in range(PARTS):
        aside = parts == part
        told = _percentiles(trusted, bounds, ~aside, loss)
        kept |= hold_stored(with_changes(recipe, told), trusted).passed & aside
    every = np.ones(trusted.texts, bool)
    changes = _percentiles(trusted, bounds, every, loss)
    return _proposal(stored, trusted, changes, every, ~every, score(kept, every, ~every))


def propose_labelled(
    stored: Stored,
    labels: Labels,
    *,
    loss: float,
    precision: float | None = None,
    signals: Sequence[str] = (),
    together: bool = False,
) -> Proposal:
    """
    Bounds that drop as many texts labelled so as they can and lose at most `loss` of the others.

    How far to go is told by the texts that the bounds were not made from: no more of them are
    lost than `loss`, or than the recipe loses as it is; with `precision` the first step that
    reaches it is the last. `signals` may get a limit that the recipe has not; with `together`
    two of them may get a combined one.
    """
    state = State(stored, labels, signals, together=together)
    now = score(~state.lost(state.start), state.good, ~state.good)
    tried = {
        (share, step): one
        for share in (SHARES_OF_LOSS if precision is None else SHARES_OF_LOSS[:1])
        for step, one in enumerate(_unseen(state, _parts(stored), share * loss, precision))
    }
    share, step = _far_enough(tried, now, loss, precision)
    steps = path(state, share * loss, precision)
    last = steps[min(step, len(steps) - 1)]
    return _proposal(
        stored,
        stored,
        state.changes(last),
        labels.good,
        labels.bad,
        tried[share, step],
        state.combined(last),
    )


def _unseen(state: State, parts: Integers, loss: float, precision: float | None) -> list[Score]:
    """After each step, how each fifth fares with bounds made from the other four."""
    parts = parts[state.rows]
    paths = []
    for part in range(PARTS):
        state.train = parts != part
        paths.append(path(state, loss, precision))
    state.train = np.ones(parts.size, bool)
    found = []
    for step in range(max(map(len, paths))):
        lost = np.zeros(parts.size, bool)
        for part, steps in enumerate(paths):
            lost |= state.lost(steps[min(step, len(steps) - 1)]) & (parts == part)
        found.append(score(~lost, state.good, ~state.good))
    return found


def _far_enough(
    tried: Mapping[tuple[float, int], Score], now: Score, loss: float, precision: float | None
) -> tuple[float, int]:
    """Which of the attempts to take: with what share of the loss, and after how many steps."""
    if precision is not None:
        reached = [key for key, one in tried.items() if one.precision >= precision]
        return min(reached) if reached else max(tried, key=lambda key: tried[key].precision)
    wanted = math.floor(loss * (now.good_kept + now.good_lost))
    least = min(one.good_lost for one in tried.values())
    allowed = max(wanted, now.good_lost, least)
    within = [key for key, one in tried.items() if one.good_lost <= allowed]

    def mistakes(key: tuple[float, int]) -> tuple[int, int, int]:
        one = tried[key]
        return max(one.good_lost - wanted, 0) + one.bad_kept, one.good_lost, key[1]

    return min(within, key=mistakes)


def _proposal(
    stored: Stored,
    judged_on: Stored,
    changes: Changes,
    good: Flags,
    bad: Flags,
    unseen: Score,
    together: tuple[Together, ...] = (),
) -> Proposal:
    old = stored.recipe
    changes = {
        name: told
        for name, bounds in changes.items()
        if (told := _unlike(old.limits.get(name), bounds))
    }
    new = with_changes(old, changes, together)
    return Proposal(
        changes,
        int(hold_stored(old, stored).passed.sum()),
        int(hold_stored(new, stored).passed.sum()),
        stored.texts,
        score(hold_stored(old, judged_on).passed, good, bad),
        score(hold_stored(new, judged_on).passed, good, bad),
        unseen,
        {
            name: {side: getattr(old.limits.get(name), side, None) for side in bounds}
            for name, bounds in changes.items()
        },
        together,
    )


def _unlike(limit: Limit | None, bounds: Mapping[str, float]) -> dict[str, float]:
    return {side: at for side, at in bounds.items() if getattr(limit, side, None) != at}


def _parts(stored: Stored) -> Integers:
    """The fifth of each text, by its id: the same in every run."""
    ids = column_of(stored, "id")
    return np.array([xxhash.xxh3_64_intdigest(one.encode()) % PARTS for one in ids], np.int64)


def with_changes(
    recipe: Recipe,
    changes: Mapping[str, Mapping[str, float]],
    together: Sequence[Together] = (),
) -> Recipe:
    """The recipe with other bounds; a limit that is new keeps texts with nothing to measure."""
    limits = dict(recipe.limits)
    for name, bounds in changes.items():
        known = limits.get(name)
        parts = known.model_dump() if known else {"empty": "keep"}
        limits[name] = Limit.model_validate({**parts, **bounds})
    return recipe.model_copy(update={"limits": limits, "together": (*recipe.together, *together)})


# --- from trusted texts --------------------------------------------------------------------


def _percentiles(
    trusted: Stored, bounds: Sequence[tuple[str, str]], rows: Flags, loss: float
) -> Changes:
    """The k-th outermost number of each bound, k as large as the texts lost together allow."""
    columns = []
    for name, side in bounds:
        values = trusted.numbers[name][rows & trusted.asked(name)].astype(np.float64)
        columns.append(np.sort(values[~np.isnan(values)] * (1 if side == "min" else -1)))
    texts = int(rows.sum())
    signed = [
        trusted.numbers[name][rows].astype(np.float64) * (1 if side == "min" else -1)
        for name, side in bounds
    ]

    def lost(k: int) -> int:
        fails = np.zeros(texts, bool)
        for values, column in zip(signed, columns, strict=True):
            if column.size:
                fails |= values < column[min(k, column.size - 1)]
        return int(fails.sum())

    low, high = 0, math.floor(loss * texts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lost(middle) <= loss * texts else (low, middle - 1)
    found: Changes = {}
    for (name, side), column in zip(bounds, columns, strict=True):
        if column.size:
            at = column[min(low, column.size - 1)] * (1 if side == "min" else -1)
            found.setdefault(name, {})[side] = rounded(float(at), side)
    return {name: told for name, told in found.items() if _ordered(told)}


def _ordered(bounds: Mapping[str, float]) -> bool:
    return "min" not in bounds or "max" not in bounds or bounds["min"] <= bounds["max"]
