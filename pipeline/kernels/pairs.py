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


def pair_table(pairs: Iterable[str]) -> Flags:
    """A square of hiragana, true for the given pairs."""
    table = np.zeros((KANA, KANA), np.bool_)
    for one, two in map(tuple, pairs):
        table[ord(one) - FIRST_KANA, ord(two) - FIRST_KANA] = True
    return table


@njit("int64[::1](uint32[::1], int64[::1], boolean[:, ::1])", cache=True, nogil=True)
def count_pairs(codes: Codes, start: Integers, table: Flags) -> Integers:
    """How many neighbours in each text are a pair of hiragana of the table."""
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        total = np.int64(0)
        for k in range(start[i], start[i + 1] - 1):
            one = np.int64(codes[k]) - FIRST_KANA
            if 0 <= one < KANA:
                two = np.int64(codes[k + 1]) - FIRST_KANA
                total += 0 <= two < KANA and table[one, two]
        counts[i] = total
    return counts
