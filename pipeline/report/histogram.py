"""
Histograms: how the numbers of a signal are spread, counted shard by shard in fixed fine bins.

The bins are fixed by the range of the signal, so that shards can be counted one after the other
in a few kilobytes whatever the size of the corpus. Which part is shown, and how coarsely, is
decided at the end: `view` merges fine bins into some dozens of bars around the data and the
limits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FINE = 2000
"""Bins over a finite range: 0.0005 for a share, finer than any limit on one."""

PER_DECADE = 96
"""Bins per power of ten on a logarithmic scale: about 2.4 % a bin."""

LEAST_EXPONENT = -3
MOST_EXPONENT = 10
"""Powers of ten that a logarithmic scale reaches; smaller numbers count as zero."""

MOST_BARS = 48
"""More bars than this turn into a line at the size a chart has on the page."""

SHOWN = 0.995
"""The chart reaches at least this quantile; a few outliers must not flatten all the rest."""

LEAST_SPAN = 100
"""A linear axis shows at least this part of the whole range; a logarithmic one a power of ten."""


@dataclass(frozen=True)
class Scale:
    """
    How numbers become places along an axis, and where the bins lie on it.

    `log` has a first bin for zero and less; `signed` is for signals without any bound below.
    """

    kind: Literal["linear", "log", "signed"]
    low: float
    high: float
    bins: int

    def place(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Where numbers lie on the axis; not meant for zero and less on `log`."""
        wide = values.astype(np.float64)
        if self.kind == "log":
            return np.log10(np.maximum(wide, 10.0**LEAST_EXPONENT))
        return np.arcsinh(wide) if self.kind == "signed" else wide

    def value(self, place: float) -> float:
        """The number at a place of the axis: the inverse of `place`."""
        if self.kind == "log":
            return float(10.0**place)
        return math.sinh(place) if self.kind == "signed" else place

    @property
    def width(self) -> float:
        """How much of the axis a bin covers."""
        return (self.high - self.low) / self.bins


def scale_of(between: tuple[float, float]) -> Scale:
    """The scale for a signal that gives numbers `between` these."""
    low, high = between
    if math.isfinite(low) and math.isfinite(high):
        return Scale("linear", low, high, FINE)
    if low >= 0:
        decades = MOST_EXPONENT - LEAST_EXPONENT
        return Scale("log", LEAST_EXPONENT, MOST_EXPONENT, decades * PER_DECADE)
    # asinh(1e10) is about 24: as far as the logarithmic scale, on both sides.
    return Scale("signed", -24.0, 24.0, FINE)


class Histogram:
    """Counts of a signal's numbers: all texts and the kept ones, in fine bins."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.all = np.zeros(scale.bins, np.int64)
        self.kept = np.zeros(scale.bins, np.int64)
        self.zero = np.zeros(2, np.int64)
        """Zero and less on a logarithmic scale: all texts, kept texts."""
        self.empty = 0
        """How many texts had nothing to measure."""

    def add(self, values: NDArray[np.float32], kept: NDArray[np.bool_]) -> None:
        """Count the numbers of some texts."""
        nothing = np.isnan(values)
        if nothing.any():
            self.empty += int(nothing.sum())
            values, kept = values[~nothing], kept[~nothing]
        if self.scale.kind == "log":
            zero = values < 10.0**LEAST_EXPONENT
            if zero.any():
                self.zero += (int(zero.sum()), int((zero & kept).sum()))
                values, kept = values[~zero], kept[~zero]
        scale = self.scale
        places = (scale.place(values) - scale.low) / scale.width
        # Clipped before they become whole numbers: infinity has none.
        bins = np.clip(places, 0, scale.bins - 1).astype(np.int64)
        # Kept and other texts in one go: the second half of the counts is the kept ones.
        bins += kept * np.int64(scale.bins)
        others, kept_ones = np.bincount(bins, minlength=2 * scale.bins).reshape(2, -1)
        self.kept += kept_ones
        self.all += others + kept_ones

    @property
    def texts(self) -> int:
        """How many numbers were counted."""
        return int(self.all.sum() + self.zero[0])

    def quantiles(self, shares: Sequence[float]) -> list[float]:
        """The numbers below which these shares of the texts lie, as exact as a fine bin."""
        if not self.texts:
            return [math.nan] * len(shares)
        wanted = np.array(shares) * self.texts - self.zero[0]
        if not self.all.any():
            return [0.0] * len(shares)
        places = np.searchsorted(np.cumsum(self.all), wanted)
        last = np.flatnonzero(self.all)[-1]
        return [
            0.0 if at_zero else self._number(int(place))
            for at_zero, place in zip(
                (wanted < 0).tolist(), np.minimum(places, last).tolist(), strict=True
            )
        ]

    def _number(self, place: int) -> float:
        scale = self.scale
        if scale.kind != "linear":
            return scale.value(scale.low + (place + 0.5) * scale.width)
        # The lower end of the bin, so that many zeros read as zero and not as nearly zero.
        return round(scale.low + place * scale.width, _decimals(scale.width))


def _decimals(width: float) -> int:
    return max(math.ceil(-math.log10(width)), 0)


@dataclass(frozen=True)
class View:
    """What is drawn of a histogram: bars from `low` to `high` on the axis of `scale`."""

    scale: Scale
    low: float
    high: float
    edges: NDArray[np.float64]
    all: NDArray[np.int64]
    kept: NDArray[np.int64]
    zero: tuple[int, int]
    beyond: int
    """How many texts lie outside of what is drawn."""


def view(histogram: Histogram, bounds: list[float]) -> View | None:
    """
    The part worth looking at, in at most about `MOST_BARS` bars; None where nothing was counted.

    `bounds` are the limits, which are always in the picture.
    """
    if not histogram.texts:
        return None
    scale = histogram.scale
    first, last = _range(histogram, bounds)
    step = _step(scale, last - first)
    first, last = first // step * step, min(-(-last // step) * step, scale.bins)
    starts = np.arange(first, last, step)
    edges = scale.low + np.append(starts, last) * scale.width
    everything = np.add.reduceat(histogram.all, starts)
    kept = np.add.reduceat(histogram.kept, starts)
    # `reduceat` sums its last piece up to the end of the array.
    everything[-1] -= int(histogram.all[last:].sum())
    kept[-1] -= int(histogram.kept[last:].sum())
    beyond = int(histogram.all.sum() - everything.sum())
    zero = (int(histogram.zero[0]), int(histogram.zero[1]))
    return View(scale, float(edges[0]), float(edges[-1]), edges, everything, kept, zero, beyond)


def _range(histogram: Histogram, bounds: list[float]) -> tuple[int, int]:
    """First and last fine bin to show: nearly all the data, and every limit with some room."""
    scale = histogram.scale
    total = int(histogram.all.sum())
    if total:
        reached = np.cumsum(histogram.all)
        first = int(np.searchsorted(reached, (1 - SHOWN) * total, side="right"))
        last = int(np.searchsorted(reached, SHOWN * total)) + 1
    else:
        first, last = 0, 1
    inside = [bound for bound in bounds if scale.kind != "log" or bound > 0]
    for place in scale.place(np.array(inside, np.float32)).tolist():
        where = (place - scale.low) / scale.width
        first, last = min(first, math.floor(where)), max(last, math.ceil(where) + 1)
    least = PER_DECADE if scale.kind == "log" else scale.bins // LEAST_SPAN
    room = max((last - first) // 20, (least - (last - first) + 1) // 2, 1)
    first, last = max(first - room, 0), min(last + room, scale.bins)
    if scale.kind == "linear" and (first < scale.bins // 10 or last - first > scale.bins // 2):
        # A share is read against zero; the axis starts there where that costs little.
        first = 0
    if scale.kind == "linear" and last > scale.bins * 0.85:
        last = scale.bins
    return first, last


def _step(scale: Scale, span: int) -> int:
    """How many fine bins make a bar: a round number, so that bars begin at round numbers."""
    wanted = span / MOST_BARS
    if scale.kind == "log":
        # 12 bars a decade, 6 below; finer ones would fall between whole numbers.
        return 8 if wanted <= 8 else 16 if wanted <= 16 else 32
    for step in (1, 2, 4, 5, 10, 20, 40, 50):
        if wanted <= step:
            return step
    return 50
