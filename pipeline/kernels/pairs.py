"""Pairs of hiragana: the endings with which verbs and adjectives go on, or end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.arrays import Codes, Flags, Integers

FIRST_KANA = ord("ぁ")
KANA = ord("ゟ") - FIRST_KANA + 1
"""Hiragana, in the order of Unicode: the side of the square of all pairs."""

_FIRST, _LAST = np.uint32(FIRST_KANA), np.uint32(KANA)


def pair_table(pairs: Iterable[str]) -> Flags:
    """A square of hiragana, true for the given pairs."""
    table = np.zeros((KANA, KANA), np.bool_)
    for one, two in map(tuple, pairs):
        table[ord(one) - FIRST_KANA, ord(two) - FIRST_KANA] = True
    return table


@njit("int64[::1](uint32[::1], int64[::1], boolean[:, ::1])", cache=True, nogil=True)
def count_pairs(codes: Codes, start: Integers, table: Flags) -> Integers:
    """How many neighbours in each text are a pair of hiragana of the table."""
    # What is no hiragana has the last number of a row and of a column, where nothing is wanted:
    # which of two characters are hiragana nobody could predict.
    padded = np.zeros((KANA + 1) * (KANA + 1), np.uint8)
    for one in range(KANA):
        for two in range(KANA):
            padded[one * (KANA + 1) + two] = table[one, two]
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        total = np.int64(0)
        row = np.int64(KANA)
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            column = np.int64(min(np.uint32(text[k] - _FIRST), _LAST))
            total += padded[row * (KANA + 1) + column]
            row = column
        counts[i] = total
    return counts
