"""Letters, figures and the signs between them, from full width to ASCII, in place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

KANA, WIDE, WHOLE, LINKING, ANY, FIGURE, POINT = (1 << bit for bit in range(7))
"""
What a character can be, as bits: kana of half width or a mark of a kana; a letter or figure of full
width; a sign that is narrow between two of these; one that is narrow between letters and figures of
any width; these; a figure of any width; a sign that is narrow between two figures.
"""

CHANGED, HAS_KANA = 1, 2
"""What `narrow` says of a text: it has another width now; it was left alone, for its kana."""

_TO_ASCII = np.uint32(0xFEE0)  # from ！ to !
_MAY_CHANGE = KANA | WIDE | WHOLE | POINT


@njit(inline="always")
def _between(text: Any, k: Any, roles: Any, inside: Any, behind: Any) -> Any:
    """Where the run of `inside` from `k` on ends, if one of `behind` follows it; `k` if not."""
    end = k + 1
    while end < text.size and roles[text[end]] & inside:
        end += 1
    return end if end < text.size and roles[text[end]] & behind else k


@njit(
    types.Tuple((types.uint32[::1], types.uint8[::1]))(
        types.Array(types.uint32, 1, "C", readonly=True), types.int64[::1], types.uint8[::1]
    ),
    cache=True,
    nogil=True,
)
def narrow(codes: Any, start: Any, roles: Any) -> Any:
    """
    A copy of the texts with letters, figures and signs narrowed, and for each what was done.

    All of these signs and letters lie in one block, in the order of ASCII. A long row of signs
    that ends in none of what must follow is looked through once: it cannot begin a second time
    behind a letter.
    """
    made = np.empty(codes.size, np.uint32)
    what = np.zeros(start.size - 1, np.uint8)
    for i in range(start.size - 1):
        text = codes[start[i] : start[i + 1]]
        out = made[start[i] : start[i + 1]]
        held = np.uint8(0)
        for k in range(text.size):
            out[k] = text[k]
            held |= roles[text[k]]
        if held & KANA:
            what[i] = HAS_KANA
            continue
        if not held & _MAY_CHANGE:
            continue
        k = np.int64(0)
        while k < text.size:
            role = roles[text[k]]
            if not role & _MAY_CHANGE:
                k += 1
                continue
            end = k + 1
            if not role & WIDE:
                # The sign between two characters; what stands before it is seen as it was.
                before = roles[text[k - 1]] if k > 0 else np.uint8(0)
                end = k
                if role & WHOLE and before & WIDE:
                    end = _between(text, k, roles, WHOLE, WIDE)
                if end == k and role & LINKING and before & ANY:
                    end = _between(text, k, roles, LINKING, ANY)
                if end == k and role & POINT and before & FIGURE and k + 1 < text.size:
                    end = k + 1 if roles[text[k + 1]] & FIGURE else k
            if end == k:
                k += 1
                continue
            for j in range(k, end):
                out[j] = text[j] - _TO_ASCII
            what[i] = CHANGED
            k = end
    return made, what
