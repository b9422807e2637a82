"""
Greedy: limits that drop the most texts to drop for the fewest texts to keep, step by step.

First limits are loosened until few enough labelled texts are lost, then one bound at a time is
tightened, or a pair of bounds is combined: a text goes that fails both, and neither alone.
Several weak witnesses that agree lose less than a sharp one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.inspect.stored import Stored, hold_stored
from seimai.pipeline.recipe import PartLimit, Together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.arrays import Doubles, Flags, Integers
    from seimai.pipeline.inspect.labels import Labels

    Pair = tuple[int, float, int, float]
    """Two bounds, each as its place and where it stands."""

LEAST_GAIN = 0.01
"""A bound that drops less than this share of the texts to drop is chance, not a limit."""

LEAST_TEXTS = 2
"""A limit has to reject at least this many bad texts, or it is made for single ones."""

SPARE = 0.1
"""Bounds are made for this much more precision than wanted: on texts not seen they have less."""

WITNESSES = 16
"""This many bounds are tried in pairs: those that tell the labelled texts apart best."""

ALONE = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7)
"""Bounds of a pair are tried where each alone would lose one of these shares of the good texts."""

PAIR_GAIN = 1.2
"""A pair has to be better by this factor than a single bound, which is easier to understand."""

MOST_PAIRS = 3

DIGITS = 3
"""Digits of a proposed bound; more would promise what a few texts cannot tell."""

SIDES = ("min", "max")


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


@dataclass(frozen=True)
class Step:
    """Where all bounds stand, and which pairs of bounds are combined."""

    low: Doubles
    pairs: tuple[Pair, ...] = ()


class State:
    """
    The bounds while they move, over the labelled texts only.

    Numbers are signed so that every bound is a lowest one: a `max` is a `min` of the negative.
    """

    def __init__(
        self, stored: Stored, labels: Labels, signals: Sequence[str], *, together: bool
    ) -> None:
        recipe = stored.recipe
        names = list(dict.fromkeys([*recipe.limits, *signals]))
        self.rows = np.flatnonzero(labels.good | labels.bad)
        self.good = labels.good[self.rows]
        self.train = np.ones(self.rows.size, bool)
        """The texts that bounds are made from, as flags."""
        self.bounds = [(name, side) for name in names for side in SIDES]
        self.values = np.empty((self.rows.size, len(self.bounds)))
        self.together = together
        low = np.full(len(self.bounds), -np.inf)
        for k, (name, side) in enumerate(self.bounds):
            sign = 1.0 if side == "min" else -1.0
            self.values[:, k] = sign * stored.numbers[name][self.rows]
            self.values[~stored.asked(name)[self.rows], k] = np.nan
            at = getattr(recipe.limits.get(name), side, None)
            if at is not None:
                low[k] = sign * np.float32(at)
        self.start = Step(low)
        # What no bound can change: combined limits, and nothing to measure.
        unbounded = {
            name: limit.model_copy(update={"min": -math.inf, "max": math.inf})
            for name, limit in recipe.limits.items()
        }
        fixed = recipe.model_copy(update={"limits": unbounded})
        self.fixed = ~hold_stored(fixed, stored).passed[self.rows]

    def lost(self, step: Step) -> Flags:
        """Which texts fail at least one limit, as flags."""
        flags: Flags = self.fixed | (self.values < step.low).any(axis=1)
        for one, at, other, also in step.pairs:
            flags |= (self.values[:, one] < at) & (self.values[:, other] < also)
        return flags

    def bound(self, k: int, low: float) -> tuple[str, str, float]:
        """The signal, the side and the rounded number of a signed bound."""
        name, side = self.bounds[k]
        return name, side, rounded(float(low if side == "min" else -low), side)

    def changes(self, step: Step) -> dict[str, dict[str, float]]:
        """The bounds that differ from those of the recipe, rounded: signal → side → number."""
        found: dict[str, dict[str, float]] = {}
        for k in np.flatnonzero(step.low != self.start.low).tolist():
            name, side, at = self.bound(k, step.low[k])
            found.setdefault(name, {})[side] = at
        return found

    def combined(self, step: Step) -> tuple[Together, ...]:
        """The pairs as combined limits, named after their parts."""
        found = []
        for one, at, other, also in step.pairs:
            bounds = [self.bound(one, at), self.bound(other, also)]
            limits = {name: PartLimit.model_validate({side: low}) for name, side, low in bounds}
            words = [
                f"{'low' if side == 'min' else 'high'}_{_thing(name)}" for name, side, _ in bounds
            ]
            found.append(Together(name="_".join(words)[:60], limits=limits))
        return tuple(found)


def _thing(signal: str) -> str:
    """
    What a signal measures, without its family and its unit.

    >>> _thing("ja.particle_share")
    'particle'
    """
    return signal.partition(".")[2].rpartition("_")[0]


def path(state: State, loss: float, precision: float | None) -> list[Step]:
    """The bounds after loosening, and after each tightening."""
    good = state.good & state.train
    budget = math.floor(loss * int(good.sum()))
    step = state.start
    while int((state.lost(step) & good).sum()) > budget:
        looser = _loosen(state, step)
        if looser is None:
            break
        step = looser
    steps = [step]
    while precision is None or not _precise(state, step, precision):
        tighter = _tighten(state, step, budget)
        if tighter is None:
            break
        step = tighter
        steps.append(step)
    return steps


def _precise(state: State, step: Step, wanted: float) -> bool:
    """Whether a little more than the precision wanted is reached on the texts that are seen."""
    kept = ~state.lost(step) & state.train
    return int((kept & state.good).sum()) >= (wanted + SPARE) * int(kept.sum())


def _loosen(state: State, step: Step) -> Step | None:
    """Let one lost text to keep pass, the one that brings the most of its kind and least dirt."""
    fixed = state.lost(replace(step, low=np.full(step.low.size, -np.inf)))
    open_rows = state.lost(step) & state.train & ~fixed
    values, good = state.values[open_rows], state.good[open_rows]
    fails = values < step.low
    many = fails.sum(axis=1)
    best, gain = None, (-math.inf, 0.0)
    for row in np.flatnonzero(good).tolist():
        moved = np.flatnonzero(fails[row])
        # Only these bounds move, so only what fails them can change.
        left = (
            many - fails[:, moved].sum(axis=1) + (values[:, moved] < values[row, moved]).sum(axis=1)
        )
        back = left == 0
        rescued = int((back & good).sum())
        found = (rescued / (int((back & ~good).sum()) + 1), float(rescued))
        if found > gain:
            low = step.low.copy()
            low[moved] = values[row, moved]
            best, gain = replace(step, low=low), found
    return best


def _tighten(state: State, step: Step, budget: int) -> Step | None:
    """Move the bound that drops the most texts to drop for each text to keep, or combine two."""
    kept = ~state.lost(step) & state.train
    left = budget - int((~kept & state.good & state.train).sum())
    least = max(LEAST_TEXTS, math.ceil(LEAST_GAIN * int((~state.good & state.train).sum())))
    gain, k, at = _single(state, kept, left, least)
    if state.together and len(step.pairs) < MOST_PAIRS:
        pair_gain, pair = _pair(state, kept, left, least)
        if pair is not None and pair_gain > gain * PAIR_GAIN:
            return replace(step, pairs=(*step.pairs, pair))
    if not gain:
        return None
    low = step.low.copy()
    low[k] = at
    return replace(step, low=low)


def _single(state: State, kept: Flags, left: int, least: int) -> tuple[float, int, float]:
    """The best bound: what it drops for each text that it costs, its place, where it stands."""
    best = (0.0, -1, math.nan)
    for k in range(len(state.bounds)):
        gain, at = _place(state.values[kept, k], state.good[kept], left, least)
        if gain > best[0]:
            best = gain, k, at
    return best


def _place(values: Doubles, good: Flags, left: int, least: int) -> tuple[float, float]:
    """Where a bound drops the most for each text that it costs: that gain, and the place."""
    known = ~np.isnan(values)
    ours, theirs = np.sort(values[known & good]), np.sort(values[known & ~good])
    first_to_stay = ours[: left + 1]
    if not first_to_stay.size:
        return 0.0, math.nan
    cost = np.searchsorted(ours, first_to_stay)
    dropped = np.searchsorted(theirs, first_to_stay)
    gains = np.where(dropped >= least, dropped / (cost + 1), 0.0)
    best = int(gains.argmax())
    if not gains[best]:
        return 0.0, math.nan
    # Half way between the last text that goes and the first that stays.
    last = max(theirs[dropped[best] - 1], ours[cost[best] - 1] if cost[best] else -math.inf)
    return float(gains[best]), float((last + first_to_stay[best]) / 2)


def _pair(state: State, kept: Flags, left: int, least: int) -> tuple[float, Pair | None]:
    """The best pair of bounds: what it drops for each text that it costs, and the pair."""
    good, bad = state.values[kept & state.good], state.values[kept & ~state.good]
    if not good.size or not bad.size:
        return 0.0, None
    chosen = _witnesses(good, bad)
    with np.errstate(all="ignore"):
        places = np.nanquantile(good[:, chosen], ALONE, axis=0).T.ravel()
    owners = np.repeat(chosen, len(ALONE))
    fails_good = (good[:, owners] < places).T.astype(np.float32)
    fails_bad = (bad[:, owners] < places).T.astype(np.float32)
    cost, dropped = fails_good @ fails_good.T, fails_bad @ fails_bad.T
    names = np.array([name for name, _ in state.bounds], object)[owners]
    fine = (cost <= left) & (dropped >= least) & (names[:, None] != names[None, :])
    gains = np.where(fine, dropped / (cost + 1), 0.0)
    first, second = np.unravel_index(int(gains.argmax()), gains.shape)
    if not gains[first, second]:
        return 0.0, None
    gain, one, other = float(gains[first, second]), int(owners[first]), int(owners[second])
    at, also = float(places[first]), float(places[second])
    # Each bound once more at its best place, among the texts that fail the other.
    values, ours = state.values[kept], state.good[kept]
    for _ in range(2):
        inside = values[:, other] < also
        better, place = _place(values[inside, one], ours[inside], left, least)
        if better > gain:
            gain, at = better, place
        one, at, other, also = other, also, one, at
    return gain, (one, at, other, also)


def _witnesses(good: Doubles, bad: Doubles) -> Integers:
    """The bounds below which texts to drop lie most often, by the area under their curve."""
    areas = np.zeros(good.shape[1])
    for k in range(good.shape[1]):
        ours = np.sort(good[~np.isnan(good[:, k]), k])
        theirs = bad[~np.isnan(bad[:, k]), k]
        if ours.size and theirs.size:
            above = ours.size - np.searchsorted(ours, theirs, side="right")
            equal = np.searchsorted(ours, theirs, side="right") - np.searchsorted(ours, theirs)
            areas[k] = (above + equal / 2).mean() / ours.size
    return np.argsort(-areas, kind="stable")[:WITNESSES]
