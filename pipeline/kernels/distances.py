"""Squared distances between rows of numbers, added up in the order of the columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit("float64[:, ::1](float64[:, ::1], float64[:, ::1])", cache=True, nogil=True)
def squared(rows: Any, centres: Any) -> Any:
    """
    The squared distance of each row (n × s) to each centre, n × m; `centres` are given s × m.

    The columns are added one after the other for each pair, so a row has the same distances to
    the last bit in every batch, which a product of matrices does not promise.
    """
    found = np.zeros((rows.shape[0], centres.shape[1]))
    for i in range(rows.shape[0]):
        distance = found[i]
        for k in range(rows.shape[1]):
            here = rows[i, k]
            column = centres[k]
            for j in range(distance.size):
                away = here - column[j]
                distance[j] += away * away
    return found
