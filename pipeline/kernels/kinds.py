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


_PIECES = 64
"""Pieces that are counted before their counts are written."""
_LONG = 256
"""Characters from which on a piece is counted in four parts."""


@njit(_SIGNATURES, cache=True, nogil=True)
def _fill(
    codes: Codes, start: Integers, end: Integers, kind_of: Octets, counts: NDArray[Any]
) -> None:
    kinds = counts.shape[0]
    # A column of `counts` lies in as many lines of the cache as there are kinds: some pieces are
    # counted before they are put there side by side.
    some = np.zeros((kinds, _PIECES), np.int32)
    others = np.zeros((3, kinds), np.int32)
    one, two, three = others[0], others[1], others[2]
    for first in range(0, start.size, _PIECES):
        number = min(_PIECES, start.size - first)
        for i in range(number):
            piece = codes[start[first + i] : end[first + i]]
            # Neighbours are mostly of one kind. Where a piece is long each of four has counts of
            # its own, so that none waits for what the one before it has written.
            whole = piece.size - piece.size % 4 if piece.size > _LONG else 0
            for k in range(0, whole, 4):
                at = np.uint64(k)
                some[kind_of[piece[at]], i] += 1
                one[kind_of[piece[at + np.uint64(1)]]] += 1
                two[kind_of[piece[at + np.uint64(2)]]] += 1
                three[kind_of[piece[at + np.uint64(3)]]] += 1
            for k in range(whole, piece.size):
                some[kind_of[piece[k]], i] += 1
            if whole:
                for kind in range(kinds):
                    some[kind, i] += one[kind] + two[kind] + three[kind]
                    one[kind] = two[kind] = three[kind] = 0
        for kind in range(kinds):
            row, tallies = counts[kind, first : first + number], some[kind]
            for i in range(number):
                row[i] = tallies[i]
                tallies[i] = 0


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
