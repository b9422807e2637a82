"""
How often the most frequent n-grams of a text occur, and what is needed to count n-grams exactly.

For that, and for all n-grams that come again (`repeats.py`), a table of counts is asked first that
knows no n-grams, only their hashes: such a count is never too low, and one loop without branches
makes it. Few places are left to be looked at exactly, and only their n-grams are ever compared. No
collision can change a number.

Hashes are multilinear: a sum of units times odd constants, of which the high bits are used. The
constants are fixed, so equal texts cost equal time; a text made against them costs more time and
gives the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Integers

GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Knuth's multiplicative hashing

LONGEST = 10
"""The longest n-grams that there are factors for."""

FACTORS = np.array(
    [
        0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1,
        0xD3A2646D, 0xFD7046C5, 0xB55A4F09, 0x8DA6B343, 0xD8163841,
    ],
    np.uint32,
)  # fmt: skip
"""Odd constants of well-known hashes (Knuth, murmur, xxHash) and of spatial hashing."""

UNIT_BITS = np.uint64(21)
_TWO_UNIT_BITS = np.uint64(42)
ONE_UNIT = np.uint64((1 << 21) - 1)
TWO_UNITS = np.uint64((1 << 42) - 1)
"""A unit has 21 bits, as code points have: three of them fit a word."""

MOST_UNITS = 1 << 20
"""With more units in a text the names of n-grams, which are slots, would not fit their bits."""

_UNCOUNTED = np.uint16(0xFFFF)
"""The largest count of the table for frequent n-grams; it may be more."""

_TOP_ROOM = 4
"""Counts per place of the first table for frequent n-grams: few share one."""


@njit(inline="always")
def bits_for(size: Any) -> Any:
    """The least b from 2 on with 2^b of at least `size`."""
    bits = np.int64(2)
    while (np.int64(1) << bits) < size:
        bits += 1
    return bits


@njit("void(uint32[::1], int64, uint32, uint32[::1])", cache=True, nogil=True)
def hash_places(units: Any, order: Any, shift: Any, slots: Any) -> None:
    """Fill `slots` with the high bits of the hash of the n-gram at each place."""
    for j in range(slots.size):
        slots[j] = units[j] * FACTORS[0]
    for n in range(1, order):
        factor = FACTORS[n]
        ahead = units[n : n + slots.size]
        for j in range(slots.size):
            slots[j] += ahead[j] * factor
    for j in range(slots.size):
        mixed = slots[j] ^ (slots[j] >> np.uint32(15))
        slots[j] = np.uint32(mixed * np.uint32(0x2C1B3C6D)) >> shift


@njit("void(uint32[::1], uint64[::1])", cache=True, nogil=True)
def pack(units: Any, triples: Any) -> None:
    """Fill `triples` with three units of 21 bits from each place on, zeros behind the end."""
    size = units.size
    for j in range(size - 2):
        triples[j] = (
            np.uint64(units[j])
            | np.uint64(units[j + 1]) << UNIT_BITS
            | np.uint64(units[j + 2]) << _TWO_UNIT_BITS
        )
    for j in range(max(size - 2, 0), size):
        triples[j] = np.uint64(units[j])
        if j + 1 < size:
            triples[j] |= np.uint64(units[j + 1]) << UNIT_BITS


@njit(inline="always")
def same(triples: Any, a: Any, b: Any, order: Any) -> Any:
    """Whether the n-grams at two places are equal; `order` is at least 2."""
    if order == 2:
        return (triples[a] ^ triples[b]) & TWO_UNITS == 0
    equal = triples[a] == triples[b]
    # Three units at a time; the last three may overlap those before.
    n = np.uint64(3)
    whole = np.uint64(order)
    while n < whole and equal:
        ahead = min(n, whole - np.uint64(3))
        equal = triples[a + ahead] == triples[b + ahead]
        n += np.uint64(3)
    return equal


@njit(
    "int64(uint64[::1], int64, uint32[::1], int32[::1], int64, int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def count_exactly(
    triples: Any, order: Any, slots: Any, places: Any, size: Any, heads: Any, counts: Any
) -> Any:
    """
    Count the n-grams at `places[:size]`, exactly; gives the largest count.

    `heads` and `counts` are an open-addressing table: the first place of an n-gram, and how often
    it came. `slots[place]` is replaced by where the n-gram stands in it.
    """
    bits = bits_for(2 * size)
    room = np.int64(1) << bits
    mask = np.uint64(room - 1)
    shift = np.uint64(64 - bits)
    heads[:room] = -1
    counts[:room] = 0
    most = np.int32(0)
    for j in range(size):
        place = np.uint64(places[j])
        # The low bits of a slot differ too: it is itself the high part of a product.
        slot = (np.uint64(slots[place]) * GOLDEN) >> shift
        while heads[slot] >= 0 and not same(triples, np.uint64(heads[slot]), place, order):
            slot = (slot + np.uint64(1)) & mask
        if heads[slot] < 0:
            heads[slot] = np.int32(place)
        counts[slot] += 1
        most = max(most, counts[slot])
        slots[place] = slot
    return np.int64(most)


@njit("void(uint64[::1], int64, int32[::1], int64, uint32[::1])", cache=True, nogil=True)
def _hash_few(triples: Any, order: Any, places: Any, size: Any, slots: Any) -> None:
    """Fill `slots[place]`, for `places[:size]`, with a hash of the n-gram there."""
    for j in range(size):
        place = places[j]
        mixed = (triples[place] & TWO_UNITS) if order == 2 else triples[place]
        # Three units at a time; the last three may overlap those before.
        for n in range(3, order, 3):
            mixed = (mixed ^ mixed >> UNIT_BITS) * GOLDEN
            mixed ^= triples[place + min(n, order - 3)]
        slots[place] = np.uint32((mixed ^ mixed >> UNIT_BITS) * GOLDEN >> np.uint64(32))


@njit("int64[:, ::1](uint32[::1], int64[::1], int64, int64)", cache=True, nogil=True)
def top_ngrams(units: Codes, start: Integers, longest: int, limit: int) -> Integers:
    """
    For each text and each order 2 to `longest`: how often its most frequent n-gram occurs.

    Columns are orders (0, 1 unused); 0 where a text is too short. Only the first `limit` units of
    a text are looked at, `MOST_UNITS` at most. `longest` is at most `LONGEST`.

    An n-gram comes no oftener than any pair in it. So pairs are counted, in a table that may count
    too much and never too little, and only n-grams whose pairs all come oftener than a guess are
    counted exactly. Where the best of these comes oftener than the guess as well, no other beats
    it; otherwise the guess was too high and is halved.
    """
    texts = start.size - 1
    top = np.zeros((texts, longest + 1), np.int64)
    limit = min(limit, np.int64(MOST_UNITS))
    most = np.int64(1)
    for i in range(texts):
        most = max(most, min(start[i + 1] - start[i], limit))
    times = np.empty(np.int64(1) << bits_for(_TOP_ROOM * most), np.uint16)
    triples = np.empty(most, np.uint64)
    slots_of_all = np.empty(most, np.uint32)
    bounds = np.empty(most, np.uint16)
    places = np.empty(most, np.int32)
    heads = np.empty(times.size, np.int32)
    counts = np.empty(times.size, np.int32)
    for i in range(texts):
        part = units[start[i] : start[i] + min(start[i + 1] - start[i], limit)]
        if part.size < 2:
            continue
        pack(part, triples[: part.size])
        bits = bits_for(_TOP_ROOM * part.size)
        used = times[: np.int64(1) << bits]
        slots = slots_of_all[: part.size - 1]
        hash_places(part, 2, np.uint32(32 - bits), slots)
        used[:] = 0
        for j in range(slots.size):
            count = used[slots[j]]
            used[slots[j]] = count + (count < _UNCOUNTED)
        best = np.int64(1)
        for j in range(slots.size):
            bounds[j] = used[slots[j]]
            best = max(best, np.int64(bounds[j]))
        guess = best - 1
        for order in range(2, min(longest, part.size) + 1):
            of_order = bounds[: part.size - order + 1]
            if order > 2:
                ahead = bounds[1 : part.size - order + 2]
                for j in range(of_order.size):
                    of_order[j] = min(of_order[j], ahead[j])
                guess = best // 2
            best = np.int64(1)
            while guess > 0 and best == 1:
                least = np.uint16(min(guess, np.int64(_UNCOUNTED) - 1))
                size = np.int64(0)
                for j in range(of_order.size):
                    places[size] = j
                    size += of_order[j] > least
                _hash_few(triples, order, places, size, slots_of_all)
                exact = count_exactly(triples, order, slots_of_all, places, size, heads, counts)
                if exact > guess:
                    best = exact
                guess //= 2
            top[i, order] = best
    return top
