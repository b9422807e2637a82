"""Places where five characters in a row are of a kind: where a slower look is worth its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers, Symbols

WIDTH = 5
"""Characters that are seen at a place: the one before it, its own, and three behind it."""
_ONE = np.uint64(1)


@njit("uint32[::1](uint32[::1], uint32[::1])", cache=True, nogil=True)
def mapped(codes: Codes, table: Codes) -> Codes:
    """Each code point as the table has it."""
    out = np.empty_like(codes)
    for k in range(codes.size):
        out[k] = table[codes[k]]
    return out


@njit(
    "Tuple((int64[::1], uint64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], uint16[::1], uint64[:, ::1])",
    cache=True,
    nogil=True,
)
def signposts(
    codes: Codes, start: Integers, class_of: Symbols, bits_of: Hashes
) -> tuple[Integers, Hashes, Integers]:
    """
    Places of texts, the bits that all five characters have there, and the first place per text.

    `bits_of` has a row per character that is seen and a column per class of characters. Beyond the
    ends of a text stands the code point 0.
    """
    place = np.empty(codes.size, np.int64)  # Never full; memory not written to costs nothing.
    bits = np.empty(codes.size, np.uint64)
    first = np.zeros(start.size, np.int64)
    before, here, behind = bits_of[0], bits_of[1], bits_of[2]
    none = class_of[0]
    found = 0
    for i in range(start.size - 1):
        text = codes[start[i] : start[i + 1]]
        size = np.uint64(text.size)
        left = none
        middle = class_of[text[0]] if size else none
        for k in range(size):
            # One branch for three characters: it is rarely taken, so that it is guessed well.
            right = class_of[text[k + _ONE]] if k + _ONE < size else none
            seen = before[left] & here[middle] & behind[right]
            left, middle = middle, right
            if seen == 0:
                continue
            for far in range(3, WIDTH):
                at = k + np.uint64(far - 1)
                seen &= bits_of[far, class_of[text[at]] if at < size else none]
            if seen != 0:
                place[found] = start[i] + np.int64(k)
                bits[found] = seen
                found += 1
        first[i + 1] = found
    return place[:found].copy(), bits[:found].copy(), first
