"""Sums over the parts of each text, in their order: the same additions as a loop would make."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_SIGNATURES = [
    f"float64[::1]({kind}[::1], int64[::1], {zero})"
    for kind, zero in (("boolean", "int64"), ("int64", "int64"), ("float64", "float64"))
]


@njit(_SIGNATURES, cache=True, nogil=True)
def sum_parts(values: Any, first: Any, zero: Any) -> Any:
    """Sum of `values[first[i] : first[i + 1]]` for each text `i`, of flags how many are set."""
    totals = np.empty(first.size - 1, np.float64)
    for i in range(first.size - 1):
        part = values[first[i] : first[i + 1]]
        total = zero
        for k in range(part.size):
            total += part[k]
        totals[i] = total
    return totals
