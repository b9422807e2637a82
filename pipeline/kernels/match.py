"""
Many words at once: every place where a word of a list stands, in one pass over the text.

The words form a trie over the characters that occur in them. At each place the longest word
wins, and the search goes on behind it (left to right, no overlaps). A place whose character
begins no word costs two looks into tables, so the time grows with the text, not with the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets, SmallIntegers, Symbols

_NO_WORD = -1


@njit(
    "Tuple((int64[::1], int64[::1], int32[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64[::1], uint16[::1], uint16[:, ::1], int32[::1], uint8[::1])",
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
    found = 0
    for i in range(pieces):
        last = end[i]
        k = start[i]
        while k < last:
            state = next_state[0, symbol[codes[k]]]
            if state == 0:
                k += 1
                continue
            left = guard[codes[k]]
            if left != 0 and k > start[i] and guard[codes[k - 1]] == left:
                k += 1
                continue
            best = np.int32(-1)
            behind = k + 1
            j = k
            while state != 0:
                j += 1
                if word_of[state] >= 0:
                    right = guard[codes[j - 1]]
                    if right == 0 or j == last or guard[codes[j]] != right:
                        best = word_of[state]
                        behind = j
                if j == last:
                    break
                state = next_state[state, symbol[codes[j]]]
            if best >= 0:
                starts[found] = k
                ends[found] = behind
                words[found] = best
                found += 1
            k = behind
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
