"""What repeats inside one text: pieces, n-grams of every order, and single characters."""

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


_UNIT_BITS = np.uint64(21)
_COUNT_BITS = np.uint64(22)
_COUNT = np.uint64((1 << 22) - 1)
"""A slot holds a pair (a name and a unit of 21 bits each) and how often it came, in 64 bits."""

MOST_UNITS = 1 << 20
"""With more units in a text the names of n-grams, which are slots, would not fit their bits."""


@njit(inline="always")
def _claim(table: Hashes, pair: int, shift: int, mask: int) -> int:
    """The slot of `pair` in an open-addressing table, claimed if it is new; counts it once."""
    slot = (pair * _GOLDEN) >> shift
    found = table[slot]
    # One branch, not two: whether a pair is new nobody can predict, that a slot is right is likely.
    while (found != 0) & (found >> _COUNT_BITS != pair):
        slot = (slot + np.uint64(1)) & mask
        found = table[slot]
    # A free slot is 0, and a taken one not less than its pair without a count.
    table[slot] = max(found, pair << _COUNT_BITS) + np.uint64(1)
    return np.uint32(slot)


@njit(
    "Tuple((int64[:, ::1], int64[:, ::1]))(uint32[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def repeated_ngrams(
    units: Codes, start: Integers, longest: int, limit: int
) -> tuple[Integers, Integers]:
    """
    For each text and each order 2 to `longest`: how often its most frequent n-gram occurs, and
    how many places hold an n-gram that occurs more than once. Columns are orders (0, 1 unused).
    Only the first `limit` units of a text are looked at, `MOST_UNITS` at most: memory is bounded
    by them. Units are smaller than 2^21 (code points).

    All orders come from one chain. An n-gram is named by the pair (name of the (n-1)-gram at the
    same place, next unit), where a name is a slot of a hash table that holds the pair itself:
    no collision can merge two n-grams. An n-gram can repeat only where both (n-1)-grams in it
    repeat, so every order looks only at the places that the order before left over; on prose
    the nine orders together cost about as much as three tables.
    """
    texts = start.size - 1
    top = np.zeros((texts, longest + 1), np.int64)
    repeated = np.zeros((texts, longest + 1), np.int64)
    limit = min(limit, np.int64(MOST_UNITS))
    most = np.int64(1)
    for i in range(texts):
        most = max(most, start[i + 1] - start[i])
    most = min(most, limit)
    size = np.int64(4)
    while size < 2 * most:
        size *= 2
    table = np.empty(size, np.uint64)
    # The places an order looks at, and the names of the n-grams there, side by side.
    places = np.empty(most, np.int32)
    names = np.empty(most, np.uint32)
    for i in range(texts):
        begin = start[i]
        length = min(start[i + 1] - begin, limit)
        low = np.int64(0)
        high = max(length - 1, np.int64(0))
        for order in range(2, longest + 1):
            if high - low < 2:
                break
            size = np.int64(4)
            shift = np.uint64(62)
            while size < 2 * (high - low):
                size *= 2
                shift -= np.uint64(1)
            mask = np.uint64(size - 1)
            table[:size] = 0
            if order == 2:
                for j in range(high):
                    pair = np.uint64(units[begin + j]) << _UNIT_BITS
                    pair |= np.uint64(units[begin + j + 1])
                    names[j] = _claim(table, pair, shift, mask)
                    places[j] = j
            else:
                ahead = begin + order - 1
                for j in range(low, high):
                    pair = np.uint64(names[j]) << _UNIT_BITS
                    pair |= np.uint64(units[ahead + places[j]])
                    names[j] = _claim(table, pair, shift, mask)
            # From the end, so that what is at the next place is known. No branch in the loop:
            # nobody could predict it. What stays moves up to the end of the arrays.
            best = np.uint64(0)
            kept = high
            repeats = np.int64(0)
            next_place = np.int64(-1)
            for j in range(high - 1, low - 1, -1):
                place = np.int64(places[j])
                count = table[names[j]] & _COUNT
                best = max(best, count)
                again = np.int64(count >= 2)
                repeats += again
                places[kept - 1] = place
                names[kept - 1] = names[j]
                kept -= again & np.int64(next_place == place + 1)
                next_place = (place + 1) * again - 1
            low = kept
            top[i, order] = best
            repeated[i, order] = repeats
    return top, repeated


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
        for k in range(start[i], end):
            before = times[units[k]]
            fresh += before == 0
            total += gain[before]
            times[units[k]] = before + 1
        for k in range(start[i], end):
            times[units[k]] = 0
        different[i] = fresh
        if length > 0:
            entropy[i] = max(np.log2(length) - total / length, 0.0)
    return different, entropy
