"""Folding code points by a table, and composing marks with the character before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers, SmallIntegers

DROPPED = -1
"""In a fold table: the character has no place in the result."""

SPECIAL = -2
"""In a fold table: entry `SPECIAL - e` stands for piece `e` of the side array."""

_PLANE_14 = 14
"""Tags and variation selectors, all without a shape of their own."""


@njit(
    "Tuple((uint32[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int32[::1], uint32[::1], int64[::1], uint64[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def fold_codes(
    codes: Codes,
    start: Integers,
    table: SmallIntegers,
    pieces: Codes,
    first: Integers,
    pairs: Hashes,
    composed: Codes,
) -> tuple[Codes, Integers]:
    """
    The folded code points of all texts, and where each text starts among them.

    `table` has one entry per code point: what it becomes, `DROPPED`, or `SPECIAL - e` for the
    characters `pieces[first[e] : first[e + 1]]`, each of which is first tried as a mark on the
    character before it: `pairs` holds `character << 32 | mark`, sorted, `composed` the results.
    Code points above the table stay as they are, except those of plane 14, which are dropped.
    """
    n = start.size - 1
    # Characters that become several are few: room for some, and more when it is used up.
    spare = np.int64(codes.size // 16)
    folded = np.empty(codes.size + spare, np.uint32)
    places = np.empty(n + 1, np.int64)
    out = 0
    for i in range(n):
        begin = out
        places[i] = begin
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            code = text[k]
            if code < table.size:
                entry = table[code]
                if entry < DROPPED:
                    e = SPECIAL - np.int64(entry)
                    spare -= first[e + 1] - first[e]
                    if spare < 0:
                        larger = np.empty(2 * (folded.size - spare), np.uint32)
                        larger[:out] = folded[:out]
                        spare += larger.size - folded.size
                        folded = larger
                    for p in range(first[e], first[e + 1]):
                        piece = pieces[p]
                        if out > begin:
                            pair = np.uint64(folded[out - 1]) << np.uint64(32) | np.uint64(piece)
                            at = np.searchsorted(pairs, pair)
                            if at < pairs.size and pairs[at] == pair:
                                folded[out - 1] = composed[at]
                                continue
                        folded[out] = piece
                        out += 1
                elif entry != DROPPED:
                    folded[out] = np.uint32(entry)
                    out += 1
            elif code >> np.uint32(16) != _PLANE_14:
                folded[out] = code
                out += 1
    places[n] = out
    return folded[:out], places
