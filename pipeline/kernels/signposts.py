"""Places where three characters in a row are of a kind: where a slower look is worth its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, types

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Codes, Integers

_Codes = types.Array(types.uint32, 1, "C", readonly=True)


@njit(
    types.Tuple((types.int64[::1], types.uint16[::1]))(
        _Codes, types.uint16[::1], types.uint16[::1], types.uint16[::1]
    ),
    cache=True,
    nogil=True,
)
def signposts(
    codes: Codes, before: NDArray[np.uint16], here: NDArray[np.uint16], after: NDArray[np.uint16]
) -> tuple[Integers, NDArray[np.uint16]]:
    """
    Places of one text, and for each the bits that its character and both neighbours have.

    The tables have an entry per code point; beyond the ends of the text stands the code point 0.
    """
    n = codes.size
    place = np.empty(n, np.int64)
    bits = np.empty(n, np.uint16)
    found = 0
    for i in range(n):
        here_bits = here[codes[i]]
        if here_bits == 0:
            continue
        first = before[codes[i - 1]] if i > 0 else before[0]
        last = after[codes[i + 1]] if i + 1 < n else after[0]
        all_bits = here_bits & first & last
        if all_bits != 0:
            place[found] = i
            bits[found] = all_bits
            found += 1
    return place[:found].copy(), bits[:found].copy()
