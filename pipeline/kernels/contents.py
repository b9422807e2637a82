"""Tables of contents: section numbers that follow one another with no more than a title between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.kernels.piece_flags import BLANK, LETTER

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Integers, Symbols

DEEPEST = 5
"""Parts of a section number: 1.2.3.4.5; what has more is an address or a version."""

MOST_DIGITS = 3
"""Digits of one part: years and postal codes have more."""

LONGEST_TITLE = 120
"""Characters from one number to the next: a question of a list of them fills two lines."""

FEWEST_LINKS = 2
"""Three numbers in a row: two of them also stand in a link to the next section."""

MOST_STEP = 2
"""From 3.1 to 3.3: a title may have been lost, or stand in another line."""

_BLOCK = 64
"""Characters that are passed over together where none of them begins a number."""

_ZERO, _TEN, _DAI = np.uint32(ord("0")), np.uint32(10), np.uint32(ord("第"))

_NONE, _PLAIN, _DOTTED, _CHAPTER = 0, 1, 2, 3


@njit("int64(uint32[::1], int64, int64, uint16[::1], int64[::1])", cache=True, nogil=True)
def _read_number(codes: Codes, k: int, last: int, flags: Symbols, parts: Integers) -> int:
    """
    Read the section number that begins at `k`, if there is one, into `parts`.

    `parts[0]` becomes its depth, `parts[1]` its kind, and the numbers themselves follow. Gives
    the place behind it, or `k` where there is none.
    """
    j = k
    chapter = codes[j] == ord("第")
    if chapter:
        j += 1
        if j < last and flags[codes[j]] & BLANK:
            j += 1
    depth = np.int64(0)
    while depth < DEEPEST:
        begin = j
        value = np.int64(0)
        while j < last and j - begin <= MOST_DIGITS and ord("0") <= codes[j] <= ord("9"):
            value = value * 10 + np.int64(codes[j]) - ord("0")
            j += 1
        if j == begin or j - begin > MOST_DIGITS:
            return k
        parts[2 + depth] = value
        depth += 1
        more = j + 1 < last and codes[j] == ord(".") and ord("0") <= codes[j + 1] <= ord("9")
        if chapter or not more:
            break
        j += 1
    parts[0] = depth
    if chapter:
        if j < last and flags[codes[j]] & BLANK:
            j += 1
        if j >= last:
            return k
        unit = codes[j]
        if unit != ord("章") and unit != ord("節") and unit != ord("部") and unit != ord("編"):
            return k
        parts[1] = _CHAPTER
        return j + 1
    dot = j < last and codes[j] == ord(".")
    if dot:
        j += 1
    if j < last and (codes[j] == ord(".") or ord("0") <= codes[j] <= ord("9")):
        return k
    if depth == 1 and not dot:
        return k
    parts[1] = _DOTTED if depth > 1 else _PLAIN
    return j


@njit("boolean(int64[::1], int64[::1])", cache=True, nogil=True)
def _follows(old: Integers, new: Integers) -> bool:
    """Whether one number comes after the other: 3.1 and 3.2, 3.1 and 3.1.1, 3.1.4 and 4."""
    if old[1] == _NONE:
        return False
    if old[1] == _CHAPTER and new[0] == 1 and new[1] == _PLAIN and new[2] == 1:
        return True
    deeper = new[0] == old[0] + 1
    if new[0] > old[0] and not deeper:
        return False
    same = min(old[0], new[0] - 1)
    for p in range(same):
        if old[2 + p] != new[2 + p]:
            return False
    if deeper:
        return new[1 + new[0]] <= 1
    step = new[1 + new[0]] - old[1 + new[0]]
    return 1 <= step <= MOST_STEP


@njit("int64(uint32[::1], int64, int64, uint16[::1])", cache=True, nogil=True)
def _title_letters(codes: Codes, begin: int, end: int, flags: Symbols) -> int:
    """Kana and kanji of a title; -1 where it is too long for one or a sentence ends in it."""
    if end - begin > LONGEST_TITLE:
        return -1
    letters = np.int64(0)
    for j in range(begin, end):
        if codes[j] == ord("。") or codes[j] == ord("．"):
            return -1
        letters += (flags[codes[j]] & LETTER) != 0
    return letters


@njit("int64[::1](uint32[::1], int64[::1], uint16[::1])", cache=True, nogil=True)
def count_contents(codes: Codes, start: Integers, flags: Symbols) -> Integers:
    """
    Kana and kanji of each text that stand in tables of contents.

    Counted is what stands between two numbers of which the second follows the first, at most
    `LONGEST_TITLE` characters without a full stop, in a row of three numbers and more with one
    among them that is not plain (1.2 or 第3章; 1. 2. 3. alone number steps and answers).
    """
    n = start.size - 1
    inside = np.zeros(n, np.int64)
    old = np.zeros(2 + DEEPEST, np.int64)
    new = np.zeros(2 + DEEPEST, np.int64)
    for i in range(n):
        first = start[i]
        last = start[i + 1]
        row = links = np.int64(0)
        marked = False
        old[:] = 0
        place = first  # behind the last number
        k = first
        while k < last:
            if k + _BLOCK <= last:
                # Most blocks have no character that a number begins with.
                begins = np.uint32(0)
                for j in range(_BLOCK):
                    c = codes[np.uint64(k + j)]  # without a sign: see `decode_utf8`
                    begins |= np.uint32(c - _ZERO < _TEN) | np.uint32(c == _DAI)
                if not begins:
                    k += _BLOCK
                    continue
            block_end = min(k + _BLOCK, last)
            while k < block_end:
                c = codes[np.uint64(k)]
                if not (c - _ZERO < _TEN or c == _DAI):
                    k += 1
                    continue
                free = k == first or flags[codes[k - 1]] & BLANK or codes[k - 1] == ord("・")
                end = _read_number(codes, k, last, flags, new) if free else k
                if end == k:
                    k += 1
                    continue
                letters = np.int64(-1)
                if _follows(old, new):
                    letters = _title_letters(codes, place, k, flags)
                if letters >= 0:
                    row += letters
                    links += 1
                    marked |= old[1] != _PLAIN or new[1] != _PLAIN
                else:
                    if marked and links >= FEWEST_LINKS:
                        inside[i] += row
                    row = links = np.int64(0)
                    marked = False
                old[:] = new
                place = end
                k = end
        if marked and links >= FEWEST_LINKS:
            inside[i] += row
    return inside
