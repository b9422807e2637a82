"""Latin letters, figures and the signs between them from full width to ASCII, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Integers, Octets

WIDE, NARROW, WHOLE, LINKING, DECIMAL, FIGURE = 1, 2, 4, 8, 16, 32
"""
What a character can be, as bits: a letter or figure in full width, or in ASCII; a sign that
becomes ASCII inside an expression in full width; one that does between letters or figures of any
width; one that does between figures; a figure of any width.
"""

_TO_ASCII = np.uint32(0xFEE0)


@njit("void(uint32[::1], int64[::1], uint8[::1])", cache=True, nogil=True)
def narrow(codes: Codes, start: Integers, roles: Octets) -> None:
    """Write the ASCII form over what has one; `roles` gives the bits of every code point."""
    for i in range(start.size - 1):
        part = codes[start[i] : start[i + 1]]
        before = np.uint8(0)
        done = np.int64(0)
        for k in range(part.size):
            c = part[k]
            role = roles[c]
            if role & (WIDE | WHOLE | DECIMAL) and k >= done:
                end = k + 1
                fits = (role & WIDE) != 0
                if not fits and role & WHOLE and before & WIDE:
                    while end < part.size and roles[part[end]] & WHOLE:
                        end += 1
                    fits = end < part.size and (roles[part[end]] & WIDE) != 0
                if not fits and role & LINKING and before & (WIDE | NARROW):
                    end = k + 1
                    while end < part.size and roles[part[end]] & LINKING:
                        end += 1
                    fits = end < part.size and (roles[part[end]] & (WIDE | NARROW)) != 0
                if not fits and role & DECIMAL and before & FIGURE:
                    end = k + 1
                    fits = end < part.size and (roles[part[end]] & FIGURE) != 0
                if fits:
                    for j in range(k, end):
                        part[j] -= _TO_ASCII
                    done = end
            before = role
