"""
Passages that several texts share character by character: hashes of all runs that may be shared,
whether two runs are the same, and what of a text goes.

A *window* here is a run of `length` characters, named by the place where it begins. Texts lie one
after the other in `codes`, as code points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Hashes, Integers

_BASE = np.uint64(0x9E3779B97F4A7C15)


@njit(
    "Tuple((uint64[::1], int64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def windows_around(
    codes: Codes, start: Integers, text: Integers, place: Integers, k: int, length: int
) -> tuple[Hashes, Integers, Integers]:
    """
    Hash, text and place of every window that holds one of the given runs of `k` characters.

    Run `i` begins at `place[i]` of text `text[i]`; they are sorted by text, then place. Each window
    is given once.
    """
    total = 0
    last = np.int64(-1)
    for i in range(text.size):
        if i == 0 or text[i] != text[i - 1]:
            last = -1
        low = max(place[i] - (length - k), last + 1)
        high = min(place[i], start[text[i] + 1] - start[text[i]] - length)
        if high >= low:
            total += high - low + 1
            last = high
    hashes = np.empty(total, np.uint64)
    texts, places = np.empty(total, np.int64), np.empty(total, np.int64)
    leaves = np.uint64(1)
    for _ in range(length):
        leaves = leaves * _BASE
    out = 0
    last = -1
    h = np.uint64(0)
    for i in range(text.size):
        fresh = i == 0 or text[i] != text[i - 1]
        if fresh:
            last = -1
        begin = start[text[i]]
        low = max(place[i] - (length - k), last + 1)
        high = min(place[i], start[text[i] + 1] - begin - length)
        for at in range(low, high + 1):
            if at == last + 1 and last >= 0:
                h = h * _BASE + np.uint64(codes[begin + at + length - 1]) + np.uint64(1)
                h -= leaves * (np.uint64(codes[begin + at - 1]) + np.uint64(1))
            else:
                h = np.uint64(0)
                for j in range(length):
                    h = h * _BASE + np.uint64(codes[begin + at + j]) + np.uint64(1)
            x = (h ^ (h >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD)
            hashes[out], texts[out], places[out] = x ^ (x >> np.uint64(29)), text[i], at
            out += 1
            last = at
    return hashes, texts, places


@njit("bool_[::1](uint32[::1], int64[::1], int64[::1], int64)", cache=True, nogil=True)
def same_windows(codes: Codes, one: Integers, other: Integers, length: int) -> Flags:
    """
    Which pairs of windows hold the same characters; places are in `codes` as a whole.

    A pair that is the one before it moved by a character costs one comparison.
    """
    same = np.zeros(one.size, np.bool_)
    for i in range(one.size):
        a, b = one[i], other[i]
        first = 0
        if i and same[i - 1] and a == one[i - 1] + 1 and b == other[i - 1] + 1:
            first = length - 1
        equal = True
        for j in range(first, length):
            if codes[a + j] != codes[b + j]:
                equal = False
                break
        same[i] = equal
    return same


@njit(
    "Tuple((int64[::1], int64[::1], int64[::1], int64[::1]))"
    "(int64[::1], int64[::1], int64[::1], int64[::1], int64)",
    cache=True,
    nogil=True,
)
def cut_spans(
    text: Integers, place: Integers, keeper: Integers, size: Integers, length: int
) -> tuple[Integers, Integers, Integers, Integers]:
    """
    The spans of texts that go, as text, begin, end and who keeps what stands at their begin.

    Windows are sorted by text, then place. `keeper` says which text keeps a window, -1 for the text
    that it stands in. A character goes if it is in a window that another text keeps, and in none
    that its own text keeps. `size` is the number of characters of each text.
    """
    most = np.int64(0)
    for i in range(text.size):
        most += keeper[i] >= 0
    found = np.empty((4, most), np.int64)
    out = 0
    first = 0
    while first < text.size:
        end = first
        while end < text.size and text[end] == text[first]:
            end += 1
        whose = np.full(size[text[first]], -1, np.int64)
        reached = np.int64(0)
        for i in range(first, end):
            if keeper[i] >= 0:
                for j in range(max(place[i], reached), place[i] + length):
                    whose[j] = keeper[i]
                reached = place[i] + length
        reached = 0
        for i in range(first, end):
            if keeper[i] < 0:
                for j in range(max(place[i], reached), place[i] + length):
                    whose[j] = -1
                reached = place[i] + length
        j = np.int64(0)
        while j < whose.size:
            begin = j
            while j < whose.size and whose[j] >= 0:
                j += 1
            if j > begin:
                found[0, out], found[1, out] = text[first], begin
                found[2, out], found[3, out] = j, whose[begin]
                out += 1
            else:
                j += 1
        first = end
    return (
        found[0, :out].copy(),
        found[1, :out].copy(),
        found[2, :out].copy(),
        found[3, :out].copy(),
    )
