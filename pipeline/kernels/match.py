"""
Many words at once: every place where a word of a list stands, in one pass over the text.

The words form a trie over the characters that occur in them. At each place the longest word
wins, and the search goes on behind it (left to right, no overlaps). Two characters that begin no
word are known by one look into a table of bits (a Bloom filter with one hash), and three by another
look, so the time grows with the text, not with the list, and the trie, which is large, is rarely
asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import (
        Codes,
        Flags,
        Hashes,
        Integers,
        Octets,
        SmallIntegers,
        Symbols,
    )

PAIR_BITS = 16
"""A table of pairs has 2^16 bits: a few hundred beginnings of words fill a hundredth of it."""
_HALF = PAIR_BITS // 2
TRIPLE_BITS = 20
"""A table of triples has 2^20 bits, which stay in the second cache."""
_REST = TRIPLE_BITS - _HALF
_ONE = np.uint64(1)
_WORD_BITS = np.uint64(6)
_IN_WORD = np.uint64(63)

_BLOCK = 1024
"""Places that are looked at for beginnings of words before the words are looked up."""


@njit("uint32(uint32)", inline="always", cache=True)
def pair_half(code: Any) -> Any:
    """Half of the place of a pair in a table of pairs: 8 bits of a hash of one character."""
    return np.uint32(code * np.uint32(0x9E3779B1)) >> np.uint32(32 - _HALF)


@njit(
    "int64(uint32[::1], int64, int64, uint64[::1], int64[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def _beginnings(
    part: Codes, begin: int, stop: int, pairs: Hashes, places: Integers, looks: Codes
) -> int:
    """
    Fill `places` with those from `begin` to `stop` where words may begin; gives their number.

    `looks` is room for the places in the table; they are worked out first, many at a time.
    """
    text = part[begin:stop]
    ahead = part[begin + 1 : min(stop + 1, part.size)]
    for k in range(ahead.size):
        looks[k] = pair_half(text[k]) << np.uint32(_HALF) | pair_half(ahead[k])
    if ahead.size < text.size:
        # Nothing follows the last character; the word of one that it may be begins with any pair.
        half = pair_half(part[part.size - 1])
        looks[ahead.size] = half << np.uint32(_HALF) | half
    size = np.int64(0)
    for k in range(text.size):
        at = looks[k]
        # Written in any case: nobody could predict whether a word may begin.
        places[size] = begin + k
        size += np.int64((pairs[at >> _WORD_BITS] >> (at & _IN_WORD)) & _ONE)
    return size


@njit("uint32(uint32, uint32, uint32)", inline="always", cache=True)
def triple_place(first: Any, second: Any, third: Any) -> Any:
    """The place of three characters, given as halves of pairs, in a table of triples."""
    behind = np.uint32((second << np.uint32(_HALF) | third) * np.uint32(0x9E3779B1))
    return first << np.uint32(_REST) | behind >> np.uint32(32 - _REST)


@njit(
    "int64(uint32[::1], int64[::1], int64, uint64[::1])",
    cache=True,
    nogil=True,
)
def _still_beginnings(part: Codes, places: Integers, size: int, triples: Hashes) -> int:
    """Keep of the first `size` places those whose three characters may begin a word."""
    kept = np.int64(0)
    for p in range(size):
        k = places[p]
        places[kept] = k
        if k + 2 >= part.size:
            kept += 1
            continue
        at = triple_place(pair_half(part[k]), pair_half(part[k + 1]), pair_half(part[k + 2]))
        kept += np.int64((triples[at >> _WORD_BITS] >> (at & _IN_WORD)) & _ONE)
    return kept


@njit(
    "Tuple((int64[::1], int64[::1], int32[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64[::1], uint16[::1], uint16[:, ::1], int32[::1], uint8[::1], "
    "uint64[::1], uint64[::1])",
    cache=True,
    nogil=True,
)
def find_words(
    codes: Codes,
    start: Integers,
    end: Integers,
    symbol: Symbols,
    next_state: Symbols,
    word_of: SmallIntegers,
    guard: Octets,
    pairs: Hashes,
    triples: Hashes,
) -> tuple[Integers, Integers, SmallIntegers, Integers]:
    """
    Where words stand in each piece: starts, ends, word numbers, and the first match per piece.

    The arrays after `end` are those of a `Lexicon`.
    """
    pieces = start.size
    starts = np.empty(codes.size, np.int64)  # Never full, and memory not written to costs nothing.
    ends = np.empty(codes.size, np.int64)
    words = np.empty(codes.size, np.int32)
    first = np.zeros(pieces + 1, np.int64)
    places = np.empty(_BLOCK, np.int64)
    looks = np.empty(_BLOCK, np.uint32)
    found = 0
    for i in range(pieces):
        part = codes[start[i] : end[i]]
        last = np.int64(part.size)
        behind = np.int64(0)
        done = np.int64(0)
        while done < last:
            stop = min(done + _BLOCK, last)
            size = _beginnings(part, done, stop, pairs, places, looks)
            size = _still_beginnings(part, places, size, triples)
            done = stop
            for p in range(size):
                k = places[p]
                if k < behind:
                    continue
                state = next_state[0, symbol[part[k]]]
                left = guard[part[k]]
                if state == 0 or (left != 0 and k > 0 and guard[part[k - 1]] == left):
                    continue
                best = np.int32(-1)
                j = k
                while state != 0:
                    j += 1
                    if word_of[state] >= 0:
                        right = guard[part[j - 1]]
                        if right == 0 or j == last or guard[part[j]] != right:
                            best = word_of[state]
                            behind = j
                    if j == last:
                        break
                    state = next_state[state, symbol[part[j]]]
                if best >= 0:
                    starts[found] = start[i] + k
                    ends[found] = start[i] + behind
                    words[found] = best
                    found += 1
        first[i + 1] = found
    return starts[:found].copy(), ends[:found].copy(), words[:found].copy(), first


@njit("int64[::1](int32[::1], int64[::1], boolean[::1], int64)", cache=True, nogil=True)
def count_different(words: SmallIntegers, first: Integers, wanted: Flags, size: int) -> Integers:
    """Different wanted words (numbers below `size`) among `words[first[i] : first[i + 1]]`."""
    counts = np.zeros(first.size - 1, np.int64)
    last_seen = np.full(size, -1, np.int64)
    for i in range(first.size - 1):
        for k in range(first[i], first[i + 1]):
            if wanted[k] and last_seen[words[k]] != i:
                last_seen[words[k]] = i
                counts[i] += 1
    return counts


@njit(
    "int64[::1](int64[::1], int32[::1], int64[::1], boolean[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def most_in_window(
    start: Integers, words: SmallIntegers, first: Integers, wanted: Flags, size: int, width: int
) -> Integers:
    """
    Most different wanted words that begin within `width` characters of each other, per text.

    A window slides from match to match; how often each word is in it is kept up to date, so the
    time grows with the matches and not with the window.
    """
    most = np.zeros(first.size - 1, np.int64)
    inside = np.zeros(size, np.int64)
    for i in range(first.size - 1):
        different = np.int64(0)
        tail = first[i]
        for k in range(first[i], first[i + 1]):
            if not wanted[k]:
                continue
            while start[tail] <= start[k] - width:
                if wanted[tail]:
                    inside[words[tail]] -= 1
                    different -= inside[words[tail]] == 0
                tail += 1
            different += inside[words[k]] == 0
            inside[words[k]] += 1
            most[i] = max(most[i], different)
        for k in range(tail, first[i + 1]):
            if wanted[k]:
                inside[words[k]] = 0
    return most
