"""What the words that were found in lines say of the lines: counts and flags, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Flags, Integers, SmallIntegers, Symbols

(
    ALONE,
    BUTTON,
    SECTION,
    MENU,
    ENDING,
    LABEL,
    TAIL,
    NOTICE,
    BEG,
    PLACE,
    IMAGE,
    SCRIPT,
    CODE,
    RIGHTS,
) = (np.uint16(1 << k) for k in range(14))
"""A bit for each of `CLASSES` in `filters/residue/words.py`, in its order."""

_COVERS = ALONE | BUTTON | SECTION | MENU
_BUTTONS = ALONE | BUTTON
_ANYWHERE = ALONE | NOTICE | BEG | IMAGE | SCRIPT | CODE | RIGHTS
"""Classes of which a line holds a word, wherever it stands."""

(COVERED, BUTTONS, SECTIONS, MENUS, PLACES) = range(5)
"""Rows of counts: characters that can make a line, buttons, sections, menus; letters of places."""

LONGEST_WORD = 40
"""A longer word covers no more than this."""
NEAR = 2
"""Characters before a label or behind a link's last word: a bracket, a triangle, an arrow."""


@njit(
    "void(int64[::1], int64[::1], int64[::1], uint16[::1], int64[::1], int64[::1], uint32[::1], "
    "boolean[::1], int32[:, ::1], uint16[::1])",
    cache=True,
    nogil=True,
)
def count_found(
    first: Integers,
    start: Integers,
    stop: Integers,
    bits: Symbols,
    line_start: Integers,
    line_end: Integers,
    codes: Any,
    after_label: Flags,
    counts: SmallIntegers,
    holds: Symbols,
) -> None:
    """
    Add the words of lines to their `counts` (a row each), and their classes to `holds`.

    Words `first[i] : first[i + 1]` stand in line `i`, from `start` to `stop`, and are of the
    classes in `bits`. `after_label` are characters that may follow a label.
    """
    for i in range(line_start.size):
        begin, end = line_start[i], line_end[i]
        for k in range(first[i], first[i + 1]):
            of = bits[k]
            holds[i] |= of & _ANYWHERE
            length = np.int32(min(stop[k] - start[k], LONGEST_WORD))
            if of & _COVERS:
                counts[COVERED, i] += length
                counts[BUTTONS, i] += (of & _BUTTONS) != 0
                counts[SECTIONS, i] += (of & SECTION) != 0
                counts[MENUS, i] += (of & MENU) != 0
            if of & PLACE:
                counts[PLACES, i] += length
            begins = of & LABEL and start[k] <= begin + NEAR
            if begins and (stop[k] >= end or after_label[codes[stop[k]]]):
                holds[i] |= LABEL
            if of & ENDING and stop[k] == end:
                holds[i] |= ENDING
            if of & TAIL and stop[k] >= end - NEAR:
                holds[i] |= TAIL
