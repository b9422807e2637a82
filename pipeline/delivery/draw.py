"""
Drawing: how often each text comes, and in which order. Numbers only.

What is drawn depends on the seed and the name of a text, never on where it lies: a release that
grows or is cut otherwise keeps most of what was drawn from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


SWAPS = 8
"""Exchanges that are tried; each leaves a small part of what the one before it left."""


def on_curve(values: Floats, tokens: Counts, points: Sequence[tuple[float, float]]) -> Floats:
    """
    How often each text is wanted: between the points of a curve, in a straight line.

    A text stands where the middle of its tokens does when all are sorted by value; where there
    is nothing to measure, a text stands lowest. The idea is the up-sampling of OLMo 3.

    >>> on_curve(np.array([0.1, 0.9, np.nan]), np.array([1, 1, 1]), [(0.4, 0), (1.0, 6)]).round(2)
    array([1.  , 4.33, 0.  ])
    """
    order = np.argsort(np.where(np.isnan(values), -np.inf, values), kind="stable")
    ends = np.cumsum(tokens[order])
    place = np.zeros(values.size)
    if values.size and ends[-1]:
        middle = (ends - tokens[order] / 2) / ends[-1]
        # Equal values stand together, in the middle of all of them, whatever their order.
        sorted_values = np.nan_to_num(values[order], nan=-np.inf)
        first = np.flatnonzero(np.r_[True, sorted_values[1:] != sorted_values[:-1]])
        sizes = np.diff(np.r_[first, values.size])
        place[order] = np.repeat(np.add.reduceat(middle, first) / sizes, sizes)
    return np.interp(place, [at for at, _ in points], [times for _, times in points])


def most_tokens(tokens: Counts, wanted: Floats, most: float) -> int:
    """The tokens that there are when no text comes more often than `most`."""
    return int((tokens[wanted > 0] * most).sum())


def scaled(tokens: Counts, wanted: Floats, target: int, most: float) -> Floats:
    """How often each text comes on average so that `target` tokens do; nobody above `most`."""
    if not target or not (tokens * wanted).sum():
        return np.zeros(tokens.size)
    low, high = 0.0, 1.0
    while (tokens * np.minimum(wanted * high, most)).sum() < target and high < 1e12:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        if (tokens * np.minimum(wanted * middle, most)).sum() < target:
            low = middle
        else:
            high = middle
    return np.minimum(wanted * high, most)


def copies_of(tokens: Counts, times: Floats, chance: Floats, target: int) -> Counts:
    """
    Whole copies whose tokens come as near to `target` as whole texts do.

    Everybody has the whole part of what is wanted; who has one more is decided by `chance`
    (0 to 1, from a text's name) against the rest, in the manner of order sampling, until the
    target is full; then whoever still fits, and then a few exchanges that fill what is left.
    """
    copies = np.floor(times + 1e-9).astype(np.int64)
    part = np.maximum(times - copies, 0)
    left = target - int((copies * tokens).sum())
    order = np.argsort(chance / np.maximum(part, 1e-12), kind="stable")
    order = order[part[order] > 1e-9]
    ends = np.cumsum(tokens[order])
    whole = int(np.searchsorted(ends, left, side="right"))
    copies[order[:whole]] += 1
    left -= int(ends[whole - 1]) if whole else 0
    for row in order[whole:].tolist():
        if left <= 0:
            break
        if tokens[row] <= left:
            copies[row] += 1
            left -= int(tokens[row])
    base = np.floor(times + 1e-9).astype(np.int64)
    for _ in range(SWAPS):
        chosen, free = order[copies[order] > base[order]], order[copies[order] == base[order]]
        swap = _best_swap(tokens, chosen, free, left)
        if swap is None:
            break
        out, into = swap
        copies[out] -= 1
        copies[into] += 1
        left -= int(tokens[into] - tokens[out])
    return copies


def _best_swap(tokens: Counts, chosen: Counts, free: Counts, left: int) -> tuple[int, int] | None:
    """The exchange of a chosen text for a free one that fills most of the `left` tokens."""
    if left <= 0 or not chosen.size or not free.size:
        return None
    sizes = np.sort(tokens[free])
    # The largest that still fits in the place of each.
    place = np.searchsorted(sizes, tokens[chosen] + left, side="right") - 1
    gain = np.where(place >= 0, sizes[np.maximum(place, 0)] - tokens[chosen], 0)
    best = int(np.argmax(gain))
    if gain[best] <= 0:
        return None
    wanted = tokens[chosen[best]] + gain[best]
    return int(chosen[best]), int(free[np.argmax(tokens[free] == wanted)])


def order_of(copies: Counts, chance: Floats, again: Floats) -> tuple[Counts, Counts]:
    """
    Rows in the order of training, and which copy of its text each is.

    Copy k of n stands in the k-th of n equal parts of the whole, at a place that is half the
    text's own and half by chance, so that two copies are half a part from each other at least.
    `chance` is one number for each text, `again` one for each copy.
    """
    rows = np.repeat(np.arange(copies.size), copies)
    first = np.cumsum(copies) - copies
    turn = np.arange(rows.size) - np.repeat(first, copies)
    place = (turn + (chance[rows] + again) / 2) / copies[rows]
    order = np.lexsort((turn, rows, place))
    return rows[order], turn[order]


def closest(rows: Counts, tokens: Counts) -> int | None:
    """The fewest tokens between the end of a text and its next copy; None without copies."""
    ends = np.cumsum(tokens[rows])
    order = np.argsort(rows, kind="stable")
    same = np.flatnonzero(rows[order][1:] == rows[order][:-1])
    if not same.size:
        return None
    following = order[same + 1]
    gaps = ends[following] - tokens[rows[following]] - ends[order[same]]
    return int(gaps.min())
