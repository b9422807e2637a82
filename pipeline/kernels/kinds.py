"""Counts of every kind of character at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(
    "int32[:, ::1](uint32[::1], int64[::1], int64[::1], uint8[::1], int64)", cache=True, nogil=True
)
def count_kinds(codes: Any, start: Any, end: Any, kind_of: Any, kinds: Any) -> Any:
    """How many characters of each kind each piece has: one row per kind, one column per piece."""
    # Whoever asks adds a few kinds up for all pieces, so a kind has to lie in one stretch.
    counts = np.empty((kinds, start.size), np.int32)
    of_piece = np.zeros(kinds, np.int32)
    for i in range(start.size):
        for k in range(start[i], end[i]):
            of_piece[kind_of[codes[k]]] += 1
        for kind in range(kinds):
            counts[kind, i] = of_piece[kind]
            of_piece[kind] = 0
    return counts
