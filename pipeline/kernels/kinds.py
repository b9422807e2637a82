"""Counts of every kind of character at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets


_SIGNATURES = [
    f"void(uint32[::1], int64[::1], int64[::1], uint8[::1], {count}[:, ::1])"
    for count in ("uint8", "uint16", "int32")
]


@njit(_SIGNATURES, cache=True, nogil=True)
def _fill(
    codes: Codes, start: Integers, end: Integers, kind_of: Octets, counts: NDArray[Any]
) -> None:
    kinds = counts.shape[0]
    of_piece = np.zeros(kinds, np.int32)
    for i in range(start.size):
        piece = codes[start[i] : end[i]]
        for k in range(piece.size):
            of_piece[kind_of[piece[k]]] += 1
        for kind in range(kinds):
            counts[kind, i] = of_piece[kind]
            of_piece[kind] = 0


@njit(
    "boolean[::1](uint32[::1], int64[::1], uint8[::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def are_of_kinds(codes: Codes, places: Integers, kind_of: Octets, wanted: Flags) -> Flags:
    """Whether the characters at `places` are of kinds for which `wanted` is true."""
    found = np.empty(places.size, np.bool_)
    for k in range(places.size):
        found[k] = wanted[kind_of[codes[places[k]]]]
    return found


def count_kinds(
    codes: NDArray[np.uint32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    kind_of: NDArray[np.uint8],
    kinds: int,
) -> NDArray[Any]:
    """
    How many characters of each kind each piece has: one row per kind, one column per piece.

    Whoever asks adds a few kinds up for all pieces, so a kind lies in one stretch. Counts are as
    wide as the longest piece needs: eight million lines of one letter take 0.4 GB, not 1.5.
    """
    longest = int((end - start).max(initial=0))
    width = next(kind for kind in (np.uint8, np.uint16, np.int32) if longest <= np.iinfo(kind).max)
    counts = np.empty((kinds, start.size), width)
    _fill(codes, start, end, kind_of, counts)
    return counts
