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
_TWO_UNITS = np.uint64(42)
_TWO = np.uint64((1 << 42) - 1)
"""A slot holds a pair (a name and a unit of 21 bits each) and how often it came, in 64 bits."""

MOST_UNITS = 1 << 20
"""With more units in a text the names of n-grams, which are slots, would not fit their bits."""

_UNCOUNTED = np.uint16(0xFFFF)
"""The largest count of the table for frequent n-grams; it may be more."""

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


@njit("void(uint32[::1], uint64[::1])", cache=True, nogil=True)
def _pack(units: Any, triples: Any) -> None:
    """Fill `triples` with three units of 21 bits from each place on, zeros behind the end."""
    size = units.size
    for j in range(size - 2):
        triples[j] = (
            np.uint64(units[j])
            | np.uint64(units[j + 1]) << _UNIT_BITS
            | np.uint64(units[j + 2]) << _TWO_UNITS
        )
    for j in range(max(size - 2, 0), size):
        triples[j] = np.uint64(units[j])
        if j + 1 < size:
            triples[j] |= np.uint64(units[j + 1]) << _UNIT_BITS


@njit(inline="always")
def _same(triples: Any, a: Any, b: Any, order: Any) -> Any:
    """Whether the n-grams at two places are equal; `order` is at least 2."""
    if order == 2:
        return (triples[a] ^ triples[b]) & _TWO == 0
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
def _count_exactly(
    triples: Any, order: Any, slots: Any, places: Any, size: Any, heads: Any, counts: Any
) -> Any:
    """
    Count the n-grams at `places[:size]`, exactly; gives the largest count.

    `heads` and `counts` are an open-addressing table: the first place of an n-gram, and how often
    it came. `slots[place]` is replaced by where the n-gram stands in it.
    """
    bits = _bits_for(2 * size)
    room = np.int64(1) << bits
    mask = np.uint64(room - 1)
    shift = np.uint64(64 - bits)
    heads[:room] = -1
    counts[:room] = 0
    most = np.int32(0)
    for j in range(size):
        place = np.uint64(places[j])
        # The low bits of a slot differ too: it is itself the high part of a product.
        slot = (np.uint64(slots[place]) * _GOLDEN) >> shift
        while heads[slot] >= 0 and not _same(triples, np.uint64(heads[slot]), place, order):
            slot = (slot + np.uint64(1)) & mask
        if heads[slot] < 0:
            heads[slot] = np.int32(place)
        counts[slot] += 1
        most = max(most, counts[slot])
        slots[place] = slot
    return np.int64(most)


@njit(inline="always")
def _occurrences(triples: Any, place: Any, size: Any, order: Any) -> Any:
    """How many of the first `size` n-grams equal the one at `place`; by vector instructions."""
    found = np.int64(0)
    here = triples[:size]
    if order == 2:
        wanted = triples[place] & _TWO
        for j in range(size):
            found += np.int64((here[j] & _TWO) == wanted)
    elif order <= 6:  # the first three units and the last three are all
        wanted = triples[place]
        last = triples[place + order - 3]
        ahead = triples[order - 3 : order - 3 + size]
        for j in range(size):
            found += np.int64((here[j] == wanted) & (ahead[j] == last))
    else:
        for j in range(size):
            found += _same(triples, np.uint64(place), np.uint64(j), order)
    return found


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
    times = np.empty(np.int64(1) << _bits_for(_TOP_ROOM * most), np.uint16)
    triples = np.empty(most, np.uint64)
    slots_of_all = np.empty(most, np.uint32)
    places = np.empty(most, np.int32)
    heads = np.empty(times.size, np.int32)
    counts = np.empty(times.size, np.int32)
    for i in range(texts):
        part = units[start[i] : start[i] + min(start[i + 1] - start[i], limit)]
        _pack(part, triples[: part.size])
        bits = _bits_for(_TOP_ROOM * part.size)
        used = times[: np.int64(1) << bits]
        for order in range(2, longest + 1):
            if part.size < order:
                break
            slots = slots_of_all[: part.size - order + 1]
            _hash_places(part, order, np.uint32(32 - bits), slots)
            used[:] = 0
            for j in range(slots.size):
                count = used[slots[j]]
                used[slots[j]] = count + (count < _UNCOUNTED)
            bound = np.uint16(0)
            for k in range(used.size):
                bound = max(bound, used[k])
            # The n-gram of the fullest slot is the most frequent one, unless two share a slot.
            first = np.int64(0)
            while used[slots[first]] != bound:
                first += 1
            best = _occurrences(triples, first, slots.size, order)
            if best < bound or bound == _UNCOUNTED:
                size = np.int64(0)
                for j in range(slots.size):
                    places[size] = j
                    size += used[slots[j]] > best or used[slots[j]] == _UNCOUNTED
                exact = _count_exactly(triples, order, slots, places, size, heads, counts)
                best = max(best, exact)
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
    triples = np.empty(most, np.uint64)
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
        _pack(part, triples[: part.size])
        _hash_places(part, shortest, np.uint32(32 - bits), slots)
        used[:] = 0
        for j in range(slots.size):
            count = used[slots[j]]
            used[slots[j]] = count + (count < 2)
        size = np.int64(0)
        for j in range(slots.size):
            places[size] = j
            size += used[slots[j]] > 1
        _count_exactly(triples, shortest, slots, places, size, heads, counts)
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
