"""
N-grams of a text that come again in it, of several orders at once.

A table of counts that knows only hashes (`recurrence.py`) says where the shortest n-gram may come
again; there the text is compared with itself. No collision can change a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from seimai.pipeline.kernels.recurrence import (
    GOLDEN,
    MOST_UNITS,
    ONE_UNIT,
    TWO_UNITS,
    UNIT_BITS,
    bits_for,
    count_exactly,
    hash_places,
    pack,
    same,
)

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Integers

_COUNT_BITS = np.uint64(22)
_COUNT = np.uint64((1 << 22) - 1)
"""A slot holds a pair (a name and a unit of 21 bits each) and how often it came, in 64 bits."""

STEPS_PER_PLACE = 16
"""Places that one may be compared with on average; in most texts it is one or two. It keeps the
time linear in texts in which one short n-gram is followed by ever new ones."""

_ROOM = 8
"""Counts per place of the table: of n-grams that come once, one in nine looks like more."""


@njit(inline="always")
def _claim(table: Any, pair: Any, shift: Any, mask: Any) -> Any:
    """The slot of `pair` in an open-addressing table, claimed if it is new; counts it once."""
    slot = (pair * GOLDEN) >> shift
    found = table[slot]
    # One branch, not two: whether a pair is new nobody can predict, that a slot is right is likely.
    while (found != 0) & (found >> _COUNT_BITS != pair):
        slot = (slot + np.uint64(1)) & mask
        found = table[slot]
    # A free slot is 0, and a taken one not less than its pair without a count.
    table[slot] = max(found, pair << _COUNT_BITS) + np.uint64(1)
    return np.uint32(slot)


@njit(inline="always")
def _equal_units(triples: Any, a: Any, b: Any) -> Any:
    """How many of the three units from each of two places on are equal, up to the first other."""
    other = triples[a] ^ triples[b]
    return np.int64(other & ONE_UNIT == 0) + np.int64(other & TWO_UNITS == 0) + np.int64(other == 0)


@njit(
    "boolean(uint64[::1], int64, int64, int64, uint32[::1], int32[::1], int64, int32[::1], "
    "int32[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def _match_places(
    triples: Any,
    units: Any,
    shortest: Any,
    longest: Any,
    slots: Any,
    places: Any,
    size: Any,
    heads: Any,
    others: Any,
    lengths: Any,
) -> Any:
    """
    How long the longest n-gram at each of `places[:size]` is that occurs elsewhere in the text.

    Fills `lengths[place]`, with 0 where none of `shortest` units does; `triples` are zero behind
    the `units` of the text. Places with the same shortest n-gram are a chain from `heads[slot]` on
    through `others`, and each new place is compared with all of them. One that equals an older
    place in `longest` units stays out: what the older one has in common with all others, it has as
    well. So does the next place, as long as the older one goes on like it. Gives False, and nothing
    else, where the chains are so long that this takes too many steps.
    """
    bits = bits_for(2 * size)
    mask = np.uint64((np.int64(1) << bits) - 1)
    shift = np.uint64(64 - bits)
    heads[: np.int64(1) << bits] = -1
    left = STEPS_PER_PLACE * size
    twin = before = np.int64(-1)
    for j in range(size):
        place = np.uint64(places[j])
        ahead = np.uint64(longest - 1)
        # In a long passage that comes again one unit more is all there is to compare.
        if twin >= 0 and places[j] == before + 1 and np.int64(place) + longest <= units:
            twin += 1
            if (triples[place + ahead] ^ triples[np.uint64(twin) + ahead]) & ONE_UNIT == 0:
                before += 1
                lengths[place] = longest
                lengths[twin] = longest
                continue
        twin = np.int64(-1)
        before = np.int64(place)
        slot = (np.uint64(slots[place]) * GOLDEN) >> shift
        while heads[slot] >= 0 and not same(triples, np.uint64(heads[slot]), place, shortest):
            slot = (slot + np.uint64(1)) & mask
        rest = units - np.int64(place)
        best = np.int64(0)
        other = heads[slot]
        while other >= 0 and best < longest:
            length = np.int64(shortest)
            equal = np.int64(3)
            while equal == 3 and length < longest:
                ahead = np.uint64(length)
                equal = _equal_units(triples, place + ahead, np.uint64(other) + ahead)
                length += equal
            length = min(length, longest, rest)
            best = max(best, length)
            if length == longest:
                twin = np.int64(other)
            lengths[other] = max(np.int64(lengths[other]), length)
            other = others[other]
            left -= 1
        if left < 0:
            return False
        lengths[place] = best
        if best < longest:
            others[place] = heads[slot]
            heads[slot] = np.int32(place)
    return True


@njit(
    "void(uint32[::1], uint64[::1], int64, uint32[::1], int32[::1], int64, int32[::1], "
    "int32[::1], uint64[::1], uint32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def _count_by_orders(
    part: Any,
    triples: Any,
    shortest: Any,
    slots: Any,
    places: Any,
    size: Any,
    heads: Any,
    counts: Any,
    table: Any,
    names: Any,
    repeated: Any,
) -> None:
    """
    Fill `repeated[order]` with the places of `places[:size]` whose n-gram occurs again.

    The slow way, in linear time whatever the text. An n-gram can repeat only where both
    (n-1)-grams in it repeat, so every order looks only at the places that the order before left
    over. From the second order on an n-gram is named by the pair (name of the (n-1)-gram at the
    same place, next unit), where a name is a slot of the table that counted it.
    """
    count_exactly(triples, shortest, slots, places, size, heads, counts)
    kept = np.int64(0)
    for j in range(size):
        place = places[j]
        name = slots[place]
        again = counts[name] > 1
        places[kept] = place
        names[kept] = name
        kept += again
    repeated[shortest] = kept
    for order in range(shortest + 1, repeated.size):
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
        bits = bits_for(2 * size)
        shift = np.uint64(64 - bits)
        mask = np.uint64((np.int64(1) << bits) - 1)
        table[: np.int64(1) << bits] = 0
        for j in range(size):
            pair = np.uint64(names[j]) << UNIT_BITS
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
        repeated[order] = kept


@njit("int64[:, ::1](uint32[::1], int64[::1], int64, int64, int64)", cache=True, nogil=True)
def repeated_ngrams(
    units: Codes, start: Integers, shortest: int, longest: int, limit: int
) -> Integers:
    """
    For each text and each order `shortest` to `longest`: the places whose n-gram occurs again.

    Columns are orders; those below `shortest` are unused. Only the first `limit` units of a text
    are looked at, `MOST_UNITS` at most. Units are smaller than 2^21 (code points), `shortest` is
    at most `recurrence.LONGEST` and `longest` at most 255.

    At which places the shortest n-gram may come again, a table of counts says. How far each of
    these places agrees with another one answers for all orders at once.
    """
    texts = start.size - 1
    repeated = np.zeros((texts, longest + 1), np.int64)
    limit = min(limit, np.int64(MOST_UNITS))
    most = np.int64(1)
    for i in range(texts):
        most = max(most, min(start[i + 1] - start[i], limit))
    times = np.empty(np.int64(1) << bits_for(_ROOM * most), np.uint8)
    triples_of_all = np.empty(most + longest + 3, np.uint64)
    slots_of_all = np.empty(most, np.uint32)
    room = np.int64(1) << bits_for(2 * most)
    heads = np.empty(room, np.int32)
    counts = np.empty(room, np.int32)
    table = np.empty(room, np.uint64)
    # The places an order looks at, and the names of the n-grams there, side by side.
    places = np.empty(most, np.int32)
    names = np.empty(most, np.uint32)
    others = np.empty(most, np.int32)
    lengths = np.empty(most, np.uint8)
    for i in range(texts):
        part = units[start[i] : start[i] + min(start[i + 1] - start[i], limit)]
        if part.size < shortest:
            continue
        slots = slots_of_all[: part.size - shortest + 1]
        bits = bits_for(_ROOM * part.size)
        used = times[: np.int64(1) << bits]
        triples = triples_of_all[: part.size + longest + 3]
        pack(part, triples[: part.size])
        triples[part.size :] = 0
        hash_places(part, shortest, np.uint32(32 - bits), slots)
        used[:] = 0
        for j in range(slots.size):
            count = used[slots[j]]
            used[slots[j]] = count + (count < 2)
        size = np.int64(0)
        for j in range(slots.size):
            places[size] = j
            size += used[slots[j]] > 1
        if _match_places(
            triples, part.size, shortest, longest, slots, places, size, heads, others, lengths
        ):
            for j in range(size):
                repeated[i, lengths[places[j]]] += 1
            for order in range(longest - 1, shortest - 1, -1):
                repeated[i, order] += repeated[i, order + 1]
            repeated[i, :shortest] = 0
        else:
            _count_by_orders(
                part, triples, shortest, slots, places, size, heads, counts, table, names,
                repeated[i],
            )  # fmt: skip
    return repeated
