"""
Propose: limits from texts that somebody trusts or labelled, as a change to the recipe of a run.

From trusted texts every bound goes as far as it can while at most a stated share of them is lost
together (FineWeb-2 set its limits for each language from percentiles of a trusted corpus). From
labels the limits of the recipe are first loosened until few enough texts to keep are lost, then
tightened one bound at a time where that drops the most for the least. Combined limits stay as
they are. What is proposed is also tried on texts that it was not made from, in five parts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from seimai.pipeline.inspect.compare import Score, score
from seimai.pipeline.inspect.stored import Stored, column_of, hold_stored
from seimai.pipeline.recipe import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.arrays import Doubles, Flags, Integers
    from seimai.pipeline.inspect.labels import Labels
    from seimai.pipeline.recipe import Recipe

    Changes = dict[str, dict[str, float]]
    """New bounds by signal: `{"ja.kanji_share": {"max": 0.8}}`."""

PARTS = 5
"""Each fifth is judged by what was learned from the other four."""

LEAST_GAIN = 0.01
"""A bound that drops less than this share of the texts to drop is chance, not a limit."""

LEAST_TEXTS = 2

SHARES_OF_LOSS = (1.0, 0.25, 0.0)
"""Bounds are also made as if less could be lost: on texts not seen they lose more."""

SPARE = 0.1
"""Bounds are made for this much more precision than wanted: on texts not seen they have less."""

DIGITS = 3
"""Digits of a proposed bound; more would promise what a few texts cannot tell."""

SIDES = ("min", "max")


@dataclass(frozen=True)
class Proposal:
    """New bounds, what they keep, and what they would be worth on texts not seen."""

    changes: Changes
    old_kept: int
    new_kept: int
    texts: int
    old: Score
    new: Score
    """On the very texts that it was made from: too good."""
    unseen: Score
    """Each text judged by bounds made without it."""
    old_changes: Mapping[str, Mapping[str, float | None]]
    """The bounds as the recipe has them, None where it has none."""


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
) -> Proposal:
    """
    Bounds that drop as many texts labelled so as they can and lose at most `loss` of the others.

    How far to go is told by the texts that the bounds were not made from: no more of them are
    lost than `loss`, or than the recipe loses as it is; with `precision` the first step that
    reaches it is the last. `signals` may get a limit that the recipe has not.
    """
    state = _State(stored, labels, signals)
    now = score(~state.lost(state.start), state.good, ~state.good)
    tried = {
        (share, step): one
        for share in (SHARES_OF_LOSS if precision is None else SHARES_OF_LOSS[:1])
        for step, one in enumerate(_unseen(state, _parts(stored), share * loss, precision))
    }
    share, step = _far_enough(tried, now, loss, precision)
    path = _path(state, share * loss, precision)
    changes = state.changes(path[min(step, len(path) - 1)])
    return _proposal(stored, stored, changes, labels.good, labels.bad, tried[share, step])


def _unseen(state: _State, parts: Integers, loss: float, precision: float | None) -> list[Score]:
    """After each step, how each fifth fares with bounds made from the other four."""
    parts = parts[state.rows]
    paths = []
    for part in range(PARTS):
        state.train = parts != part
        paths.append(_path(state, loss, precision))
    state.train = np.ones(parts.size, bool)
    found = []
    for step in range(max(map(len, paths))):
        lost = np.zeros(parts.size, bool)
        for part, lows in enumerate(paths):
            lost |= state.lost(lows[min(step, len(lows) - 1)]) & (parts == part)
        found.append(score(~lost, state.good, ~state.good))
    return found


def _far_enough(
    tried: Mapping[tuple[float, int], Score], now: Score, loss: float, precision: float | None
) -> tuple[float, int]:
    """Which of the attempts to take: with what share of the loss, and after how many steps."""
    if precision is not None:
        reached = [key for key, one in tried.items() if one.precision >= precision]
        return min(reached) if reached else max(tried, key=lambda key: tried[key].precision)
    allowed = max(math.floor(loss * (now.good_kept + now.good_lost)), now.good_lost)
    least = min(one.good_lost for one in tried.values())
    within = [key for key, one in tried.items() if one.good_lost <= max(allowed, least)]
    return max(within, key=lambda key: (tried[key].bad_lost, -tried[key].good_lost, -key[1]))


def _proposal(
    stored: Stored, judged_on: Stored, changes: Changes, good: Flags, bad: Flags, unseen: Score
) -> Proposal:
    old = stored.recipe
    changes = {
        name: told
        for name, bounds in changes.items()
        if (told := _unlike(old.limits.get(name), bounds))
    }
    new = with_changes(old, changes)
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
    )


def _unlike(limit: Limit | None, bounds: Mapping[str, float]) -> dict[str, float]:
    return {side: at for side, at in bounds.items() if getattr(limit, side, None) != at}


def _parts(stored: Stored) -> Integers:
    """The fifth of each text, by its id: the same in every run."""
    ids = column_of(stored, "id")
    return np.array([xxhash.xxh3_64_intdigest(one.encode()) % PARTS for one in ids], np.int64)


def with_changes(recipe: Recipe, changes: Mapping[str, Mapping[str, float]]) -> Recipe:
    """The recipe with other bounds; a limit that is new keeps texts with nothing to measure."""
    limits = dict(recipe.limits)
    for name, bounds in changes.items():
        known = limits.get(name)
        parts = known.model_dump() if known else {"empty": "keep"}
        limits[name] = Limit.model_validate({**parts, **bounds})
    return recipe.model_copy(update={"limits": limits})


def rounded(value: float, side: str) -> float:
    """
    A bound with few digits, rounded so that it rejects less.

    >>> rounded(0.123456, "min"), rounded(0.123456, "max"), rounded(1234.5, "max")
    (0.123, 0.124, 1240.0)
    """
    if value == 0 or not math.isfinite(value):
        return float(value)
    scale = 10.0 ** (DIGITS - 1 - math.floor(math.log10(abs(value))))
    near = round(value * scale, 6)  # a number with three digits stays, whatever floats make of it
    whole = math.floor(near) if side == "min" else math.ceil(near)
    return float(f"{whole / scale:.12g}")


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


# --- from labels ---------------------------------------------------------------------------


class _State:
    """
    The bounds while they move, over the labelled texts only.

    Numbers are signed so that every bound is a lowest one: a `max` is a `min` of the negative.
    """

    def __init__(self, stored: Stored, labels: Labels, signals: Sequence[str]) -> None:
        recipe = stored.recipe
        names = list(dict.fromkeys([*recipe.limits, *signals]))
        self.rows = np.flatnonzero(labels.good | labels.bad)
        self.good = labels.good[self.rows]
        self.train = np.ones(self.rows.size, bool)
        """The texts that bounds are made from."""
        self.bounds = [(name, side) for name in names for side in SIDES]
        self.values = np.empty((self.rows.size, len(self.bounds)))
        self.start = np.full(len(self.bounds), -np.inf)
        for k, (name, side) in enumerate(self.bounds):
            sign = 1.0 if side == "min" else -1.0
            self.values[:, k] = sign * stored.numbers[name][self.rows]
            self.values[~stored.asked(name)[self.rows], k] = np.nan
            at = getattr(recipe.limits.get(name), side, None)
            if at is not None:
                self.start[k] = sign * np.float32(at)
        # What no bound can change: combined limits, and nothing to measure.
        unbounded = {
            name: limit.model_copy(update={"min": -math.inf, "max": math.inf})
            for name, limit in recipe.limits.items()
        }
        fixed = recipe.model_copy(update={"limits": unbounded})
        self.fixed = ~hold_stored(fixed, stored).passed[self.rows]

    def lost(self, low: Doubles) -> Flags:
        """The texts that fail something."""
        flags: Flags = self.fixed | (self.values < low).any(axis=1)
        return flags

    def changes(self, low: Doubles) -> Changes:
        """The bounds that moved, rounded."""
        found: Changes = {}
        for k in np.flatnonzero(low != self.start).tolist():
            name, side = self.bounds[k]
            at = float(low[k] if side == "min" else -low[k])
            found.setdefault(name, {})[side] = rounded(at, side)
        return found


def _path(state: _State, loss: float, precision: float | None) -> list[Doubles]:
    """The bounds after loosening, and after each tightening."""
    good = state.good & state.train
    budget = math.floor(loss * int(good.sum()))
    low = state.start
    while int((state.lost(low) & good).sum()) > budget:
        looser = _loosen(state, low)
        if looser is None:
            break
        low = looser
    path = [low]
    while precision is None or not _precise(state, low, precision):
        tighter = _tighten(state, low, budget)
        if tighter is None:
            break
        low = tighter
        path.append(low)
    return path


def _precise(state: _State, low: Doubles, wanted: float) -> bool:
    """Whether a little more than the precision wanted is reached on the texts that are seen."""
    kept = ~state.lost(low) & state.train
    return int((kept & state.good).sum()) >= (wanted + SPARE) * int(kept.sum())


def _loosen(state: _State, low: Doubles) -> Doubles | None:
    """Let one lost text to keep pass, the one that brings the most of its kind and least dirt."""
    lost = state.lost(low)
    best, gain = None, (-math.inf, 0.0)
    for row in np.flatnonzero(lost & state.good & state.train & ~state.fixed).tolist():
        looser = np.fmin(low, state.values[row])
        back = lost & ~state.lost(looser) & state.train
        rescued = int((back & state.good).sum())
        found = (rescued / (int((back & ~state.good).sum()) + 1), float(rescued))
        if found > gain:
            best, gain = looser, found
    return best


def _tighten(state: _State, low: Doubles, budget: int) -> Doubles | None:
    """Move the one bound that drops the most texts to drop for each text to keep it loses."""
    kept = ~state.lost(low) & state.train
    left = budget - int((~kept & state.good & state.train).sum())
    least = max(LEAST_TEXTS, math.ceil(LEAST_GAIN * int((~state.good & state.train).sum())))
    best, gain = None, 0.0
    for k in range(len(state.bounds)):
        values = state.values[kept, k]
        known = ~np.isnan(values)
        good = np.sort(values[known & state.good[kept]])
        bad = np.sort(values[known & ~state.good[kept]])
        for many in range(min(left, good.size - 1) + 1 if good.size else 0):
            cost = int(np.searchsorted(good, good[many]))
            dropped = int(np.searchsorted(bad, good[many]))
            if dropped < least or dropped / (cost + 1) <= gain:
                continue
            # Half way between the last text that goes and the first that stays.
            edge = max(bad[dropped - 1], good[cost - 1] if cost else -math.inf)
            best, gain = (k, (edge + good[many]) / 2), dropped / (cost + 1)
    if best is None:
        return None
    tighter = low.copy()
    tighter[best[0]] = best[1]
    return tighter
