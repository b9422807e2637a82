"""Which lines could be links, buttons or notices of a page, by their edges and a few signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from seimai.pipeline.kernels.match import pair_half

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Hashes, Integers, Octets

DECORATION, SIGN, MARK = 1, 2, 4
"""
What a character can be, as bits: nothing at the edge of a line; part of a sign of a notice; a mark
that changes the character before it when the line is folded.
"""

_NEWLINE = ord("\n")

MANY = 0
"""The folded character of one that becomes several."""

_C, _O, _P, _R, _V, _OPEN, _RIGHTS = map(ord, "coprv(©")
_NO, _MAE, _TSUGI, _KO, _MU, _DAN = map(ord, "の前次去無断")


@njit("boolean(uint32, uint32, uint64[::1])", cache=True, nogil=True)
def _holds(first: Any, second: Any, pairs: Any) -> Any:
    """Whether a pair may be in a table of pairs (see `kernels.match`); one of `MANY` may be."""
    if MANY in (first, second):
        return True
    at = np.int64(pair_half(first)) << 8 | np.int64(pair_half(second))
    return (pairs[at >> 6] >> np.uint64(at & 63)) & np.uint64(1) != 0


@njit("boolean(uint32[::1], int64, int64, int64, uint32[::1])", cache=True, nogil=True)
def _is_sign(codes: Any, k: Any, low: Any, high: Any, folded: Any) -> Any:
    """Whether ©, (c), cop, rv, 無断, 前の, 次の or 去の stands at `k`, with its last character."""
    c = folded[codes[k]]
    before = folded[codes[k - 1]] if k > low else np.uint32(1)
    if c == _C:
        if before in (_OPEN, MANY):
            return True
        return k + 2 < high and folded[codes[k + 1]] == _O and folded[codes[k + 2]] == _P
    if c == _V:
        return before in (_R, MANY)
    if c == _NO:
        return before in (_MAE, _TSUGI, _KO)
    if c == _DAN:
        return before == _MU
    return c in (_RIGHTS, MANY)


@njit(
    "boolean[::1](uint32[::1], int64[::1], int64[::1], int64, uint8[::1], uint32[::1], "
    "uint64[::1], uint64[::1])",
    cache=True,
    nogil=True,
)
def have_edges(
    codes: Codes,
    start: Integers,
    end: Integers,
    longest: int,
    roles: Octets,
    folded: Codes,
    begins: Hashes,
    ends: Hashes,
) -> Flags:
    """
    Which pieces of at most `longest` characters begin or end in certain pairs, or hold a sign.

    `folded` is for each code point the one it folds to, or `MANY`; `roles` see `DECORATION`. What
    is decoration at the edges does not count. Collisions of hashes, single characters and marks
    are taken for what is looked for.
    """
    found = np.zeros(start.size, np.bool_)
    for i in range(start.size):
        low = start[i]
        high = end[i]
        if high - low > longest:
            continue
        held = np.uint8(0)
        for k in range(low, high):
            held |= roles[codes[k]]
        if held & MARK:
            found[i] = True
            continue
        if held & SIGN:
            for k in range(low, high):
                if roles[codes[k]] & SIGN and _is_sign(codes, k, low, high, folded):
                    found[i] = True
                    break
        while low < high and roles[codes[low]] & DECORATION:
            low += 1
        while low < high and roles[codes[high - 1]] & DECORATION:
            high -= 1
        if high - low == 1:
            found[i] = True
        elif high > low:
            found[i] |= _holds(folded[codes[low]], folded[codes[low + 1]], begins)
            found[i] |= _holds(folded[codes[high - 2]], folded[codes[high - 1]], ends)
    return found


@njit(
    "Tuple((int64[::1], int64[::1]))(uint32[::1], int64[::1], int64[::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def whole_lines(
    codes: Codes, start: Integers, end: Integers, first: Integers, last: Integers
) -> tuple[Integers, Integers]:
    """Trimmed lines with their blanks again: up to the line feeds, or the ends of their texts."""
    begins = start.copy()
    stops = end.copy()
    for i in range(start.size):
        while begins[i] > first[i] and codes[begins[i] - 1] != _NEWLINE:
            begins[i] -= 1
        while stops[i] < last[i] and codes[stops[i]] != _NEWLINE:
            stops[i] += 1
    return begins, stops
