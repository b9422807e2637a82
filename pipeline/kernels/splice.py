"""Other texts in some rows of a batch: what stays is copied in long stretches, not made again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

_Places = types.Array(types.int64, 1, "C", readonly=True)

_SIGNATURES = [
    types.Tuple((types.Array(unit, 1, "C"), types.int64[::1]))(
        types.Array(unit, 1, "C", readonly=True),
        _Places,
        _Places,
        types.Array(unit, 1, "C", readonly=True),
        _Places,
    )
    for unit in (types.uint8, types.uint32)
]


@njit(inline="always")
def _copy(part: Any, made: Any, at: Any) -> Any:
    """Write a part to `made[at:]`; gives the place behind it."""
    room = made[at : at + part.size]
    for k in range(part.size):  # a call of memcpy, which an assignment of slices is not
        room[k] = part[k]
    return at + part.size


@njit(_SIGNATURES, cache=True, nogil=True)
def splice(values: Any, start: Any, rows: Any, new: Any, new_start: Any) -> Any:
    """
    The texts with those in `rows` (ascending) replaced, and where each starts (`n + 1` places).

    Text `i` is `values[start[i] : start[i + 1]]`; the one for `rows[r]` is the r-th of `new`.
    """
    texts = start.size - 1
    starts = np.empty(texts + 1, np.int64)
    size = start[texts] - start[0] + new_start[rows.size] - new_start[0]
    for r in range(rows.size):
        size -= start[rows[r] + 1] - start[rows[r]]
    made = np.empty(size, values.dtype)
    at = np.int64(0)
    behind = np.int64(0)  # the text behind the last replaced one
    for r in range(rows.size + 1):
        row = rows[r] if r < rows.size else np.int64(texts)
        shift = at - start[behind]
        for i in range(behind, row):
            starts[i] = start[i] + shift
        at = _copy(values[start[behind] : start[row]], made, at)
        if r < rows.size:
            starts[row] = at
            at = _copy(new[new_start[r] : new_start[r + 1]], made, at)
            behind = row + 1
    starts[texts] = at
    return made, starts
