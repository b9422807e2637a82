"""What repeats in a text: pieces and single characters. N-grams: `recurrence.py`, `repeats.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Doubles, Flags, Hashes, Integers

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Knuth's multiplicative hashing


@njit("int64[::1](uint64[::1], int64[::1])", cache=True, nogil=True)
def times_before(hashes: Hashes, first: Integers) -> Integers:
    """How many earlier pieces of its text (`hashes[first[i] : first[i + 1]]`) each piece equals."""
    times = np.zeros(hashes.size, np.int64)
    most = np.int64(1)
    for i in range(first.size - 1):
        most = max(most, first[i + 1] - first[i])
    size = np.int64(2)
    while size < 2 * most:
        size *= 2
    slots = np.zeros(size, np.uint64)
    counts = np.zeros(size, np.int64)
    for i in range(first.size - 1):
        pieces = first[i + 1] - first[i]
        size = np.int64(2)
        shift = np.uint64(63)
        while size < 2 * pieces:
            size *= 2
            shift -= np.uint64(1)
        slots[:size] = 0
        counts[:size] = 0
        for j in range(first[i], first[i + 1]):
            key = hashes[j] | np.uint64(1)  # 0 means "free"
            slot = np.int64((key * _GOLDEN) >> shift)
            while slots[slot] != 0 and slots[slot] != key:
                slot = (slot + 1) & (size - 1)
            times[j] = counts[slot]
            counts[slot] += 1
            slots[slot] = key
    return times


@njit("boolean[::1](uint64[::1], int64[::1])", cache=True, nogil=True)
def seen_before(hashes: Hashes, first: Integers) -> Flags:
    """Which pieces of a text (`hashes[first[i] : first[i + 1]]`) equal an earlier one of it."""
    return times_before(hashes, first) > 0


@njit("Tuple((int64[::1], float64[::1]))(uint32[::1], int64[::1], int64)", cache=True, nogil=True)
def variety(units: Codes, start: Integers, most: int) -> tuple[Integers, Doubles]:
    """
    Different units among the first `most` of each text, and their Shannon entropy in bits.

    `units` are smaller than 2^21 (code points). The entropy of an empty text is nan.
    """
    times = np.zeros(1 << 21, np.int32)
    texts = start.size - 1
    different = np.zeros(texts, np.int64)
    entropy = np.full(texts, np.nan)
    # gain[c] is how much c * log2(c) grows from c to c + 1.
    gain = np.zeros(most + 1, np.float64)
    for c in range(1, most + 1):
        gain[c] = (c + 1) * np.log2(c + 1) - c * np.log2(c)
    for i in range(texts):
        end = min(start[i + 1], start[i] + most)
        length = end - start[i]
        total = 0.0
        fresh = np.int64(0)
        part = units[start[i] : end]
        for k in range(part.size):
            before = times[part[k]]
            fresh += before == 0
            total += gain[np.uint32(before)]
            times[part[k]] = before + 1
        for k in range(part.size):
            times[part[k]] = 0
        different[i] = fresh
        if length > 0:
            entropy[i] = max(np.log2(length) - total / length, 0.0)
    return different, entropy
