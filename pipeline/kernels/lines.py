"""Questions about lines that look at more than one of their characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.characters import CODE_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets

_NEWLINE = ord("\n")
_ELLIPSIS = 1
_DOT = 2


def ellipsis_marks() -> NDArray[np.uint8]:
    """For each code point, whether it is an ellipsis (1) or becomes one in threes (2)."""
    table = np.zeros(CODE_POINTS, np.uint8)
    table[[ord(mark) for mark in "…‥⋯"]] = _ELLIPSIS
    table[[ord(mark) for mark in ".・．｡"]] = _DOT
    return table


@njit("uint32[:, ::1](uint32[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def ends_of_lines(codes: Codes, start: Integers, end: Integers) -> Codes:
    """
    The first, second, last but one and last character of each line, a row each.

    A line of one character has a neighbour of another line for its second and last but one, or,
    where there is none, itself.
    """
    ends = np.empty((4, start.size), np.uint32)
    for i in range(start.size):
        ends[0, i] = codes[start[i]]
        ends[1, i] = codes[min(start[i] + 1, codes.size - 1)]
        ends[2, i] = codes[max(end[i] - 2, 0)]
        ends[3, i] = codes[end[i] - 1]
    return ends


@njit("int64[::1](uint32[::1], int64[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def line_numbers(codes: Codes, start: Integers, owner: Integers, places: Integers) -> Integers:
    """In which line of its text each place is, the first being 0; `owner` says in which text."""
    numbers = np.empty(places.size, np.int64)
    before = number = np.int64(0)
    for j in range(places.size):
        if j == 0 or owner[j] != owner[j - 1]:
            before, number = start[owner[j]], np.int64(0)
        between = codes[before : places[j]]
        feeds = np.uint32(0)
        for k in range(between.size):
            feeds += np.uint32(between[k] == _NEWLINE)
        number += np.int64(feeds)
        before = places[j]
        numbers[j] = number
    return numbers


@njit("boolean[::1](uint32[::1], int64[::1], boolean[::1], boolean[::1])", cache=True, nogil=True)
def have_untidy_ends(codes: Codes, start: Integers, blank: Flags, breaks: Flags) -> Flags:
    """
    Which texts begin or end with a line feed or a blank, or hold a break, a blank before a line
    feed, or three line feeds in a row. `blank` and `breaks` are tables of all code points.
    """
    found = np.zeros(start.size - 1, np.bool_)
    for i in range(start.size - 1):
        feeds = 0
        was_blank = False
        for k in range(start[i], start[i + 1]):
            c = codes[k]
            if c == _NEWLINE:
                if was_blank or feeds == 2 or k == start[i]:
                    found[i] = True
                    break
                feeds += 1
            else:
                if breaks[c]:
                    found[i] = True
                    break
                feeds = 0
            was_blank = blank[c]
        if start[i + 1] > start[i]:
            last = codes[start[i + 1] - 1]
            found[i] |= last == _NEWLINE or blank[last]
    return found


@njit(
    "boolean[::1](uint32[::1], int64[::1], int64[::1], int64, uint8[::1])",
    cache=True,
    nogil=True,
)
def end_in_ellipsis(
    codes: Codes, start: Integers, end: Integers, tail: int, marks: Octets
) -> Flags:
    """Which pieces have an ellipsis among their last `tail` characters."""
    found = np.zeros(start.size, np.bool_)
    for j in range(start.size):
        for k in range(max(end[j] - tail, start[j]), end[j]):
            c = codes[k]
            if marks[c] == _ELLIPSIS or (
                marks[c] == _DOT and k - 2 >= start[j] and c == codes[k - 1] and c == codes[k - 2]
            ):
                found[j] = True
                break
    return found
