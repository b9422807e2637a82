"""Questions about the words of a text: kinds, variety, runs, and n-grams that come again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Flags, Hashes, Integers, Octets

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Knuth's multiplicative hashing
_MURMUR = np.uint64(0xFF51AFD7ED558CCD)  # from murmur's finaliser: spreads every bit upwards

WORD = 1
CHOSEN = 2
"""What a token is to a question, by its part of speech; 0: nothing."""


@njit(inline="always")
def _claim(slots: Hashes, times: Integers, key: int, shift: int, mask: int) -> int:
    """The slot of `key` in an open-addressing table, claimed if it is new; counts it once."""
    slot = np.int64((key * _GOLDEN) >> shift)
    while times[slot] > 0 and slots[slot] != key:
        slot = (slot + 1) & mask
    slots[slot] = key
    times[slot] += 1
    return slot


@njit(
    "Tuple((int64[:, ::1], int64[:, ::1], int64[:, ::1]))"
    "(uint8[::1], boolean[::1], int64[::1], int64[::1], int64)",
    cache=True,
    nogil=True,
)
def count_parts(
    pos: Octets, unknown: Flags, length: Integers, first: Integers, parts: int
) -> tuple[Integers, Integers, Integers]:
    """
    Per text and part of speech: tokens, tokens that are unknown, and characters.

    `first[i] : first[i + 1]` are the tokens of text `i`; `pos` is smaller than `parts`.
    """
    counts = np.zeros((first.size - 1, parts), np.int64)
    strange = np.zeros((first.size - 1, parts), np.int64)
    characters = np.zeros((first.size - 1, parts), np.int64)
    for i in range(first.size - 1):
        for k in range(first[i], first[i + 1]):
            counts[i, pos[k]] += 1
            strange[i, pos[k]] += unknown[k]
            characters[i, pos[k]] += length[k]
    return counts, strange, characters


@njit(
    "Tuple((int64[::1], int64[::1]))(uint64[::1], uint8[::1], uint8[::1], int64[::1], int64)",
    cache=True,
    nogil=True,
)
def count_types(
    words: Hashes, pos: Octets, roles: Octets, first: Integers, most: int
) -> tuple[Integers, Integers]:
    """
    How many different words each text has, and how often the commonest of them occurs.

    `roles[pos]` is 0 for tokens that are left out, `WORD` for words that only use up the `most`
    words looked at, and `CHOSEN` for those that are counted.
    """
    texts = first.size - 1
    different = np.zeros(texts, np.int64)
    commonest = np.zeros(texts, np.int64)
    longest = np.int64(1)
    for i in range(texts):
        longest = max(longest, min(first[i + 1] - first[i], most))
    size = np.int64(2)
    while size < 2 * longest:
        size *= 2
    slots = np.empty(size, np.uint64)
    times = np.empty(size, np.int32)
    for i in range(texts):
        size = np.int64(2)
        shift = np.uint64(63)
        while size < 2 * min(first[i + 1] - first[i], most):
            size *= 2
            shift -= np.uint64(1)
        times[:size] = 0  # 0: the slot is free
        left = most
        for k in range(first[i], first[i + 1]):
            role = roles[pos[k]]
            if role == 0:
                continue
            if left == 0:
                break
            left -= 1
            if role != CHOSEN:
                continue
            slot = _claim(slots, times, words[k], shift, size - 1)
            different[i] += times[slot] == 1
            commonest[i] = max(commonest[i], times[slot])
    return different, commonest


@njit("int64[::1](uint8[::1], uint8[::1], int64[::1], int64)", cache=True, nogil=True)
def count_in_runs(pos: Octets, roles: Octets, first: Integers, shortest: int) -> Integers:
    """
    How many tokens of each text stand in runs of at least `shortest`.

    `roles[pos]` is `CHOSEN` for tokens that make up runs, `WORD` for those that break them, and
    0 for those that are passed over: they neither count nor break.
    """
    inside = np.zeros(first.size - 1, np.int64)
    for i in range(first.size - 1):
        run = np.int64(0)
        for k in range(first[i], first[i + 1]):
            role = roles[pos[k]]
            if role == CHOSEN:
                run += 1
            elif role == WORD:
                inside[i] += run if run >= shortest else 0
                run = np.int64(0)
        inside[i] += run if run >= shortest else 0
    return inside


@njit(inline="always")
def _mix(before: int, word: int) -> int:
    """The hash of a sequence and one more word; what came first weighs differently."""
    mixed = ((before * _GOLDEN) ^ word) * _MURMUR
    return mixed ^ (mixed >> np.uint64(32))


@njit(inline="always")
def _covered(repeats: Integers, places: int, order: int) -> int:
    """How many words lie in an n-gram that repeats, where n-grams overlap counted once."""
    total = np.int64(0)
    done = np.int64(0)
    for place in range(places):
        if repeats[place]:
            total += place + order - max(place, done)
            done = place + order
    return total


@njit(
    "Tuple((int64[::1], int64[::1]))(uint64[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def count_in_repeats(
    words: Hashes, first: Integers, order: int, limit: int
) -> tuple[Integers, Integers]:
    """
    How many words of each text lie in an n-gram of `order` words that occurs more than once in
    it, and how many in one of twice that order. Only the first `limit` words are looked at:
    memory is bounded by them.

    An n-gram is a 64-bit hash of its words. One of twice the order can repeat only where both its
    halves do, and is named by them: the second table looks only at what the first left over.
    """
    texts = first.size - 1
    single = np.zeros(texts, np.int64)
    double = np.zeros(texts, np.int64)
    longest = np.int64(1)
    for i in range(texts):
        longest = max(longest, min(first[i + 1] - first[i], limit))
    size = np.int64(2)
    while size < 2 * longest:
        size *= 2
    slots = np.empty(size, np.uint64)
    times = np.empty(size, np.int32)
    names = np.empty(longest, np.uint64)  # the n-gram at each place
    where = np.empty(longest, np.int64)  # its slot; -1 where there is none
    repeats = np.empty(longest, np.bool_)
    again = np.empty(longest, np.bool_)
    for i in range(texts):
        begin = first[i]
        length = min(first[i + 1] - begin, limit)
        places = length - order + 1
        if places < 2:
            continue
        size = np.int64(2)
        shift = np.uint64(63)
        while size < 2 * places:
            size *= 2
            shift -= np.uint64(1)
        times[:size] = 0
        for place in range(places):
            name = np.uint64(order)
            for k in range(begin + place, begin + place + order):
                name = _mix(name, words[k])
            names[place] = name
            where[place] = _claim(slots, times, name, shift, size - 1)
        found = False
        for place in range(places):
            repeats[place] = times[where[place]] > 1
            found |= repeats[place]
        if not found:
            continue
        single[i] = _covered(repeats, places, order)
        places -= order
        if places < 2:
            continue
        times[:size] = 0
        for place in range(places):
            where[place] = -1
            if repeats[place] and repeats[place + order]:
                name = _mix(names[place], names[place + order])
                where[place] = _claim(slots, times, name, shift, size - 1)
        for place in range(places):
            again[place] = where[place] >= 0 and times[where[place]] > 1
        double[i] = _covered(again, places, 2 * order)
    return single, double
