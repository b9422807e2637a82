"""
N-grams that occur more than once in a text: the most frequent ones, and all that come again.

Both questions are first asked of a table of counts that knows no n-grams, only their hashes: such
a count is never too low, and one loop without branches makes it. Few places are left to be looked
at exactly, and only their n-grams are ever compared. No collision can change a number.

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

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Knuth's multiplicative hashing

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

_COUNT_BITS = np.uint64(22)
_COUNT = np.uint64((1 << 22) - 1)
_UNIT_BITS = np.uint64(21)
"""A slot holds a pair (a name and a unit of 21 bits each) and how often it came, in 64 bits."""

MOST_UNITS = 1 << 20
"""With more units in a text the names of n-grams, which are slots, would not fit their bits."""

_TOP_ROOM = 4
"""Counts per place of the first table for frequent n-grams: few share one."""

_ROOM = 8
"""The same for repeated n-grams: of those that come once, one in nine looks like more."""


@njit(inline="always")
def _bits_for(size: Any) -> Any:
    """The least b from 2 on with 2^b of at least `size`."""
    bits = np.int64(2)
    while (np.int64(1) << bits) < size:
        bits += 1
    return bits


@njit("void(uint32[::1], int64, uint32, uint32[::1])", cache=True, nogil=True)
def _hash_places(units: Any, order: Any, shift: Any, slots: Any) -> None:
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


@njit(inline="always")
def _same(units: Any, a: Any, b: Any, order: Any) -> Any:
    """Whether the n-grams at two places are equal."""
    n = 0
    while n < order and units[a + n] == units[b + n]:
        n += 1
    return n == order


@njit(
    "int64(uint32[::1], int64, uint32[::1], int32[::1], int64, int32[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def _count_exactly(
    units: Any, order: Any, slots: Any, places: Any, size: Any, heads: Any, counts: Any
) -> Any:
    """
    Count the n-grams at `places[:size]`, exactly; gives the largest count.

    `heads` and `counts` are an open-addressing table: the first place of an n-gram, and how often
    it came. `slots[place]` is replaced by where the n-gram stands in it.
    """
    bits = _bits_for(2 * size)
    mask = (np.int64(1) << bits) - 1
    heads[: mask + 1] = -1
    most = np.int64(0)
    for j in range(size):
        place = np.int64(places[j])
        # The low bits of a slot differ too: it is itself the high part of a product.
        slot = np.int64((np.uint64(slots[place]) * _GOLDEN) >> np.uint64(64 - bits))
        while heads[slot] >= 0 and not _same(units, np.int64(heads[slot]), place, order):
            slot = (slot + 1) & mask
        if heads[slot] < 0:
            heads[slot] = place
            counts[slot] = 0
        counts[slot] += 1
        most = max(most, np.int64(counts[slot]))
        slots[place] = slot
    return most


@njit("int64[:, ::1](uint32[::1], int64[::1], int64, int64)", cache=True, nogil=True)
def top_ngrams(units: Codes, start: Integers, longest: int, limit: int) -> Integers:
    """
    For each text and each order 2 to `longest`: how often its most frequent n-gram occurs.

    Columns are orders (0, 1 unused); 0 where a text is too short. Only the first `limit` units of
    a text are looked at, `MOST_UNITS` at most. `longest` is at most `LONGEST`.
    """
    texts = start.size - 1
    top = np.zeros((texts, longest + 1), np.int64)
    limit = min(limit, np.int64(MOST_UNITS))
    most = np.int64(1)
    for i in range(texts):
        most = max(most, min(start[i + 1] - start[i], limit))
    times = np.empty(np.int64(1) << _bits_for(_TOP_ROOM * most), np.int32)
    slots_of_all = np.empty(most, np.uint32)
    places = np.empty(most, np.int32)
    heads = np.empty(times.size, np.int32)
    counts = np.empty(times.size, np.int32)
    for i in range(texts):
        part = units[start[i] : start[i] + min(start[i + 1] - start[i], limit)]
        bits = _bits_for(_TOP_ROOM * part.size)
        used = times[: np.int64(1) << bits]
        for order in range(2, longest + 1):
            if part.size < order:
                break
            slots = slots_of_all[: part.size - order + 1]
            _hash_places(part, order, np.uint32(32 - bits), slots)
            used[:] = 0
            for j in range(slots.size):
                used[slots[j]] += 1
            bound = np.int32(0)
            for k in range(used.size):
                bound = max(bound, used[k])
            # The n-gram of the fullest slot is the most frequent one, unless two share a slot.
            best = np.int64(0)
            first = np.int64(-1)
            for j in range(slots.size):
                if used[slots[j]] == bound:
                    if first < 0:
                        first = j
                    if slots[j] == slots[first]:
                        best += _same(part, first, j, order)
            if best < bound:
                size = np.int64(0)
                for j in range(slots.size):
                    places[size] = j
                    size += used[slots[j]] > best
                best = max(best, _count_exactly(part, order, slots, places, size, heads, counts))
            top[i, order] = best
    return top


@njit(inline="always")
def _claim(table: Any, pair: Any, shift: Any, mask: Any) -> Any:
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


@njit("int64[:, ::1](uint32[::1], int64[::1], int64, int64, int64)", cache=True, nogil=True)
def repeated_ngrams(
    units: Codes, start: Integers, shortest: int, longest: int, limit: int
) -> Integers:
    """
    For each text and each order `shortest` to `longest`: the places whose n-gram occurs again.

    Columns are orders; those below `shortest` are unused. Only the first `limit` units of a text
    are looked at, `MOST_UNITS` at most. Units are smaller than 2^21 (code points), and `shortest`
    is at most `LONGEST`.

    An n-gram can repeat only where both (n-1)-grams in it repeat, so every order looks only at the
    places that the order before left over. From the second order on an n-gram is named by the pair
    (name of the (n-1)-gram at the same place, next unit), where a name is a slot of the table that
    counted it.
    """
    texts = start.size - 1
    repeated = np.zeros((texts, longest + 1), np.int64)
    limit = min(limit, np.int64(MOST_UNITS))
    most = np.int64(1)
    for i in range(texts):
        most = max(most, min(start[i + 1] - start[i], limit))
    times = np.empty(np.int64(1) << _bits_for(_ROOM * most), np.uint8)
    slots_of_all = np.empty(most, np.uint32)
    room = np.int64(1) << _bits_for(2 * most)
    heads = np.empty(room, np.int32)
    counts = np.empty(room, np.int32)
    table = np.empty(room, np.uint64)
    # The places an order looks at, and the names of the n-grams there, side by side.
    places = np.empty(most, np.int32)
    names = np.empty(most, np.uint32)
    for i in range(texts):
        part = units[start[i] : start[i] + min(start[i + 1] - start[i], limit)]
        if part.size < shortest:
            continue
        slots = slots_of_all[: part.size - shortest + 1]
        bits = _bits_for(_ROOM * part.size)
        used = times[: np.int64(1) << bits]
        _hash_places(part, shortest, np.uint32(32 - bits), slots)
        used[:] = 0
        for j in range(slots.size):
            count = used[slots[j]]
            used[slots[j]] = count + (count < 2)
        size = np.int64(0)
        for j in range(slots.size):
            places[size] = j
            size += used[slots[j]] > 1
        _count_exactly(part, shortest, slots, places, size, heads, counts)
        kept = np.int64(0)
        for j in range(size):
            place = places[j]
            name = slots[place]
            again = counts[name] > 1
            places[kept] = place
            names[kept] = name
            kept += again
        repeated[i, shortest] = kept
        for order in range(shortest + 1, longest + 1):
            # Only where the next place repeats as well.
            size = np.int64(0)
            ahead = order - 1
            for j in range(kept - 1):
                place = places[j]
                follows = places[j + 1] == place + 1
                places[size] = place
                names[size] = names[j]
                size += follows
            if size < 2:
                break
            bits = _bits_for(2 * size)
            shift = np.uint64(64 - bits)
            mask = np.uint64((np.int64(1) << bits) - 1)
            table[: np.int64(1) << bits] = 0
            for j in range(size):
                pair = np.uint64(names[j]) << _UNIT_BITS
                pair |= np.uint64(part[places[j] + ahead])
                names[j] = _claim(table, pair, shift, mask)
            kept = np.int64(0)
            for j in range(size):
                place = places[j]
                name = names[j]
                again = (table[name] & _COUNT) > 1
                places[kept] = place
                names[kept] = name
                kept += again
            repeated[i, order] = kept
    return repeated
