"""Places where five characters in a row are of a kind: where a slower look is worth its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers, Symbols

WIDTH = 5
"""Characters that are seen at a place: the one before it, its own, and three behind it."""


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

    `bits_of` has a row per class of characters and a column per character that is seen. Beyond the
    ends of a text stands the code point 0.
    """
    place = np.empty(codes.size, np.int64)  # Never full; memory not written to costs nothing.
    bits = np.empty(codes.size, np.uint64)
    first = np.zeros(start.size, np.int64)
    none = class_of[0]
    found = 0
    for i in range(start.size - 1):
        low, high = start[i], start[i + 1]
        for k in range(low, high):
            seen = bits_of[class_of[codes[k]], 1]
            if seen == 0:
                continue
            seen &= bits_of[class_of[codes[k - 1]] if k > low else none, 0]
            if seen == 0:
                continue
            for far in range(2, WIDTH):
                behind = k + far - 1
                seen &= bits_of[class_of[codes[behind]] if behind < high else none, far]
            if seen != 0:
                place[found] = k
                bits[found] = seen
                found += 1
        first[i + 1] = found
    return place[:found].copy(), bits[:found].copy(), first
