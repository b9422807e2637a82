"""
Runs of characters that two texts share: a few chosen hashes of each text, and spans around them.

Of every `window` neighbouring hashes of `k` characters the least is chosen, so two texts that share
`k + window - 1` characters share a chosen hash (winnowing: Schleimer, Wilkerson and Aiken, 2003).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers

_BASE = np.uint64(0x9E3779B97F4A7C15)


@njit(
    "Tuple((uint64[::1], int64[::1], int64[::1]))(uint32[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def winnow(codes: Codes, start: Integers, k: int, window: int) -> tuple[Hashes, Integers, Integers]:
    """Hash, text and place of the chosen runs of `k` characters; none of a shorter text."""
    most = 0
    for i in range(start.size - 1):
        most += max(start[i + 1] - start[i] - k + 1, 0)
    chosen = np.empty(most, np.uint64)
    text, place = np.empty(most, np.int64), np.empty(most, np.int64)
    leaves = np.uint64(1)
    for _ in range(k):
        leaves = leaves * _BASE
    out = 0
    for i in range(start.size - 1):
        first, total = start[i], start[i + 1] - start[i] - k + 1
        if total <= 0:
            continue
        hashes = np.empty(total, np.uint64)
        h = np.uint64(0)
        for j in range(total + k - 1):
            h = h * _BASE + np.uint64(codes[first + j]) + np.uint64(1)
            if j >= k:
                h -= leaves * (np.uint64(codes[first + j - k]) + np.uint64(1))
            if j >= k - 1:
                x = (h ^ (h >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD)
                hashes[j - k + 1] = x ^ (x >> np.uint64(29))
        width = min(window, total)
        best = np.int64(-1)
        for end in range(width - 1, total):
            begin = end - width + 1
            before = best
            if best < begin:
                best = begin
                for j in range(begin + 1, end + 1):
                    # Of equal ones the last, so that a row of one sign gives few.
                    if hashes[j] <= hashes[best]:
                        best = j
            elif hashes[end] < hashes[best]:
                best = end
            if best != before:
                chosen[out], text[out], place[out] = hashes[best], i, best
                out += 1
    return chosen[:out].copy(), text[:out].copy(), place[:out].copy()


@njit(
    "void(uint32[::1], int64[::1], int64[::1], int64[::1], int64[::1], int64[:, ::1], "
    "int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def extend(
    codes: Codes,
    begin: Integers,
    end: Integers,
    other_begin: Integers,
    other_end: Integers,
    places: Integers,
    low: Integers,
    high: Integers,
) -> None:
    """
    From where to where each text is verbatim what another is, around a place in both.

    Match `i` is of `codes[begin[i] : end[i]]` at `places[0, i]` with the other at `places[1, i]`.
    What lies in the span of the match before it, shifted alike, is empty.
    """
    for i in range(begin.size):
        a, b = begin[i] + places[0, i], other_begin[i] + places[1, i]
        if (
            i
            and begin[i] == begin[i - 1]
            and other_begin[i] == other_begin[i - 1]
            and places[1, i] - places[0, i] == places[1, i - 1] - places[0, i - 1]
        ):
            last = i - 1
            if places[0, i] < high[last]:
                # The span is handed on, so that the next match sees it, and counted once.
                low[i] = high[i] = high[last]
                continue
        left = np.int64(0)
        while a - left > begin[i] and b - left > other_begin[i]:
            if codes[a - left - 1] != codes[b - left - 1]:
                break
            left += 1
        right = np.int64(0)
        while a + right < end[i] and b + right < other_end[i]:
            if codes[a + right] != codes[b + right]:
                break
            right += 1
        low[i], high[i] = places[0, i] - left, places[0, i] + right


@njit("int64[::1](int64[::1], int64[::1], int64[::1], int64)", cache=True, nogil=True)
def union_lengths(owner: Integers, low: Integers, high: Integers, owners: int) -> Integers:
    """How many characters the spans of each owner cover together; sorted by owner, then `low`."""
    covered = np.zeros(owners, np.int64)
    reached = np.int64(0)
    for i in range(owner.size):
        if i == 0 or owner[i] != owner[i - 1]:
            reached = 0
        covered[owner[i]] += max(high[i] - max(low[i], reached), 0)
        reached = max(reached, high[i])
    return covered
