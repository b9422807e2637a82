"""
Tune: what a limit would keep at other places, with the texts that sit just outside and inside.

All from stored numbers: every other limit of the run stays as it is, and so do duplicates.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.inspect.stored import (
    Sample,
    Stored,
    hold_stored,
    load_stored,
    measure_words,
    read_samples,
)

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.arrays import Flags, Singles
    from seimai.pipeline.inspect.labels import Labels
    from seimai.pipeline.recipe import Recipe

OUTSIDE = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Limits are tried that leave these shares of the measured texts outside."""


@dataclass(frozen=True)
class Near:
    """A text whose number is close to a limit."""

    id: str
    begins: str
    value: float


@dataclass(frozen=True)
class Point:
    """A place where a bound could be, and what it would keep there."""

    at: float
    now: bool
    """Whether the recipe has the bound there."""
    kept: int
    alone: int
    """How many texts only this limit would reject."""
    good_alone: int
    bad_alone: int
    """How many of these are labelled to keep (`good_alone`), and how many to drop."""
    outside: tuple[Near, ...]
    inside: tuple[Near, ...]


@dataclass(frozen=True)
class Curve:
    """What one bound of a limit keeps at several places."""

    signal: str
    bound: str
    """Which bound it is: `min` or `max`."""
    texts: int
    empty: int
    """How many texts had nothing to measure."""
    undecided: int
    """Texts that all other limits keep, as far as known, and whose words nobody measured."""
    labelled: int
    points: tuple[Point, ...]


def tune(
    out: Path,
    signal: str,
    labels: Labels | None = None,
    *,
    at: float | None = None,
    samples: int = 1,
    words: bool = False,
    stored: Stored | None = None,
) -> tuple[Curve, ...]:
    """
    The curve of each bound that the recipe of the run has for a signal, both where it has none.

    `at` is one more place to try.
    """
    stored = stored or load_for(out, signal)
    limit = stored.recipe.limits.get(signal)
    rest = _without(stored.recipe, signal)
    held = hold_stored(rest, stored)
    if words:
        wanted = held.passed & held.asked if signal in stored.words else held.undecided
        stored = measure_words(stored, wanted)
        held = hold_stored(rest, stored)
    others = held.passed & ~stored.duplicate
    if signal in stored.words:
        # Of a text whose words nobody asks, no limit on words says anything.
        numbers = np.where(held.asked, stored.numbers[signal], np.float32(np.nan))
        stored = replace(
            stored,
            numbers=stored.numbers | {signal: numbers},
            measured=stored.measured & held.asked,
        )
    waiting = others & held.asked & ~stored.asked(signal)
    empty = np.isnan(stored.numbers[signal]) & stored.asked(signal)
    bounds = [one for one in ("min", "max") if limit is None or getattr(limit, one) is not None]
    return tuple(
        Curve(
            signal,
            bound,
            stored.texts,
            int(empty.sum()),
            int((waiting | held.undecided).sum()),
            int((labels.keep >= 0).sum()) if labels else 0,
            _points(stored, signal, bound, others, labels, at, samples),
        )
        for bound in bounds
    )


def load_for(out: Path, signal: str) -> Stored:
    """The numbers that a curve needs: those of the signal and of all limits of the run."""
    from seimai.pipeline.inspect.finished import finished

    return load_stored(out, [signal, *finished(out)[1].limited])


def _without(recipe: Recipe, signal: str) -> Recipe:
    limits = {name: one for name, one in recipe.limits.items() if name != signal}
    return recipe.model_copy(update={"limits": limits})


def _points(
    stored: Stored,
    signal: str,
    bound: str,
    others: Flags,
    labels: Labels | None,
    at: float | None,
    samples: int,
) -> tuple[Point, ...]:
    values = stored.numbers[signal]
    known = stored.asked(signal) & ~np.isnan(values)
    limit = stored.recipe.limits.get(signal)
    now = getattr(limit, bound) if limit else None
    places = _places(values[known], bound, [one for one in (now, at) if one is not None])
    # The other bound of the limit, and what it says to nothing to measure, stay.
    fails = np.zeros(values.size, bool)
    if limit is not None:
        other = "max" if bound == "min" else "min"
        fails = _outside(values, other, getattr(limit, other))
        if limit.empty == "reject":
            fails |= np.isnan(values) & stored.asked(signal)
    candidates = others & ~fails
    near: list[tuple[list[int], list[int]]] = []
    flags = []
    for place in places:
        out = candidates & _outside(values, bound, place)
        flags.append(out)
        far = np.abs(values - np.float32(place))
        near.append(
            (_nearest(far, out, samples), _nearest(far, candidates & known & ~out, samples))
        )
    texts = read_samples(stored, [row for pair in near for side in pair for row in side])
    return tuple(
        Point(
            place,
            place == now,
            int((candidates & ~out).sum()),
            int(out.sum()),
            int((out & labels.good).sum()) if labels else 0,
            int((out & labels.bad).sum()) if labels else 0,
            tuple(_near(texts[row], values[row]) for row in outside),
            tuple(_near(texts[row], values[row]) for row in inside),
        )
        for place, out, (outside, inside) in zip(places, flags, near, strict=True)
    )


def _outside(values: Singles, bound: str, at: float | None) -> Flags:
    """Which numbers a bound rejects, compared as float32 like everywhere."""
    if at is None:
        return np.zeros(values.size, bool)
    flags: Flags = values < np.float32(at) if bound == "min" else values > np.float32(at)
    return flags


def _places(values: Singles, bound: str, always: list[float]) -> list[float]:
    """Round numbers where a bound could be, the mildest first."""
    found = set(always)
    if values.size:
        shares = np.array(OUTSIDE) if bound == "min" else 1 - np.array(OUTSIDE)
        found |= {_round(one) for one in np.quantile(values.astype(np.float64), shares).tolist()}
    return sorted(found, reverse=bound == "max")


def _round(value: float) -> float:
    """
    A number with two digits, as people write limits.

    >>> _round(0.09971), _round(1234.5)
    (0.1, 1200.0)
    """
    if value == 0 or not math.isfinite(value):
        return 0.0 if value == 0 else value
    digits = 1 - math.floor(math.log10(abs(value)))
    return float(round(value, digits))


def _nearest(far: Singles, side: Flags, most: int) -> list[int]:
    rows = np.flatnonzero(side)
    if rows.size > most:
        rows = rows[np.argsort(far[rows], kind="stable")[:most]]
    else:
        rows = rows[np.argsort(far[rows], kind="stable")]
    return [int(row) for row in rows]


def _near(sample: Sample, value: float) -> Near:
    return Near(sample.id, sample.begins, float(value))


def as_dict(curves: tuple[Curve, ...]) -> list[dict[str, Any]]:
    """The curves as data for JSON."""
    return [asdict(curve) for curve in curves]
