"""Counts of every kind of character at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(
    "int32[:, ::1](uint32[::1], int64[::1], int64[::1], uint8[::1], int64)", cache=True, nogil=True
)
def count_kinds(codes: Any, start: Any, end: Any, kind_of: Any, kinds: Any) -> Any:
    """How many characters of each kind each piece has: one row per piece, one column per kind."""
    counts = np.zeros((start.size, kinds), np.int32)
    for i in range(start.size):
        row = counts[i]
        for k in range(start[i], end[i]):
            row[kind_of[codes[k]]] += 1
    return counts
