"""
Many words at once: every place where a word of a list stands, in one pass over the text.

The words form a trie over the characters that occur in them. At each place the longest word
wins, and the search goes on behind it (left to right, no overlaps). A place whose character
begins no word costs two looks into tables, so the time grows with the text, not with the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit
from seimai.pipeline.characters import CODE_POINTS, ranges

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

_NO_WORD = -1


class Lexicon(NamedTuple):
    """A word list made ready for `find_words`; word `k` is `words[k]`."""

    words: tuple[str, ...]
    symbol: NDArray[np.uint16]
    """For each code point, its number among the characters of the list; 0: not one of them."""
    next: NDArray[np.uint16]
    """The trie: `next[state, symbol]` is the state after it, 0 (the root) if no word goes on."""
    word_of: NDArray[np.int32]
    """For each state, the word that ends there, or -1."""
    guard: NDArray[np.uint8]
    """
    For each code point, its guarded class or 0. A word may not begin or end between two
    characters of one class: スパ is not found in スパゲッティ.
    """


def read_words(path: Path) -> tuple[list[str], list[str]]:
    """
    The words of a list file, and the harmless longer words that may swallow them.

    One word a line; `#` begins a comment, `!` a harmless word, blank lines do not count.
    """
    lines = [line.strip() for line in path.read_text("utf-8").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    words = [line for line in lines if not line.startswith("!")]
    return words, [line[1:] for line in lines if line.startswith("!")]


def lexicon(words: Iterable[str], guarded: tuple[str, ...] = ()) -> Lexicon:
    """
    Make a word list ready. `guarded` are classes of characters, `a-b` standing for ranges.

    Memory is states times different characters: right for thousands of words, not for millions.

    >>> len(lexicon(["米", "米櫃"], guarded=("ァ-ヺー", "A-Za-z")).words)
    2
    """
    listed = tuple(dict.fromkeys(words))
    if "" in listed:
        raise ValueError("a word list may not hold an empty word")
    characters = sorted(set("".join(listed)))
    symbol = np.zeros(CODE_POINTS, np.uint16)
    for number, character in enumerate(characters, 1):
        symbol[ord(character)] = number
    rows = [[0] * (len(characters) + 1)]
    word_of = [_NO_WORD]
    for number, word in enumerate(listed):
        state = 0
        for character in word:
            row = rows[state]
            at = int(symbol[ord(character)])
            if row[at] == 0:
                row[at] = len(rows)
                rows.append([0] * (len(characters) + 1))
                word_of.append(_NO_WORD)
            state = row[at]
        word_of[state] = number
    if len(rows) > np.iinfo(np.uint16).max:
        raise ValueError(f"{len(listed)} words are too many for one lexicon")
    guard = np.zeros(CODE_POINTS, np.uint8)
    for number, members in enumerate(guarded, 1):
        for low, high in ranges(members):
            guard[low : high + 1] = number
    return Lexicon(listed, symbol, np.array(rows, np.uint16), np.array(word_of, np.int32), guard)


@njit(
    "Tuple((int64[::1], int64[::1], int32[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64[::1], uint16[::1], uint16[:, ::1], int32[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def find_words(  # noqa: PLR0917 - a kernel takes its arrays one by one
    codes: Any, start: Any, end: Any, symbol: Any, next_state: Any, word_of: Any, guard: Any
) -> Any:
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
def count_different(words: Any, first: Any, wanted: Any, size: Any) -> Any:
    """Different wanted words (numbers below `size`) among `words[first[i] : first[i + 1]]`."""
    counts = np.zeros(first.size - 1, np.int64)
    last_seen = np.full(size, -1, np.int64)
    for i in range(first.size - 1):
        for k in range(first[i], first[i + 1]):
            if wanted[k] and last_seen[words[k]] != i:
                last_seen[words[k]] = i
                counts[i] += 1
    return counts
