"""The source of a page without some of its elements."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from seimai.pipeline.kernels.codes import ReadOnlyBytes
from seimai.pipeline.kernels.page import CLOSE, END, INNER, LAST, START, TAG
from seimai.pipeline.kernels.page_tags import CODE

STAYS, GOES, AS_DIV, AS_SPAN = range(4)
"""What becomes of an element: nothing, it is left out, its tags become other tags."""
_HEAD = CODE["head"]
_DIV = np.frombuffer(b"div", np.uint8)
_SPAN = np.frombuffer(b"span", np.uint8)
_LONGEST = len("</span>")
_Table = types.Array(types.int64, 2, "A")


@njit(types.int64(types.uint8[::1], types.int64, types.int64, types.int64), cache=True, nogil=True)
def _tag(written: Any, at: int, becomes: int, slashes: int) -> int:
    """Write a tag, one that closes with a slash; gives where it ends."""
    written[at] = 60
    at += 1
    if slashes:
        written[at] = 47
        at += 1
    if becomes == AS_SPAN:
        for byte in _SPAN:
            written[at] = byte
            at += 1
    else:
        for byte in _DIV:
            written[at] = byte
            at += 1
    written[at] = 62
    return at + 1


@njit(
    types.uint8[::1](ReadOnlyBytes, _Table, types.int64[:, ::1], ReadOnlyBytes, ReadOnlyBytes),
    cache=True,
    nogil=True,
)
def rest(data: Any, table: Any, breaks: Any, of_row: Any, of_tag: Any) -> Any:
    """
    The source without the elements that go, without the first `head` and without some breaks.

    `table` and `breaks` are those of `kernels.page.elements`. `of_row` and `of_tag` have a byte for
    each element and each tag: `GOES` counts for an element, for others what `of_tag` says comes
    first.
    """
    size, n = data.size, table.shape[0]
    becomes = np.empty(n, np.uint8)
    renamed = 0
    headless = True
    for row in range(n):
        tag = table[row, TAG]
        said = of_row[row]
        if said != GOES and of_tag[tag] != STAYS:
            said = of_tag[tag]
        if headless and tag == _HEAD:
            headless = False
            said = np.uint8(GOES)
        becomes[row] = said
        renamed += said > GOES
    written = np.empty(size + 2 * _LONGEST * renamed, np.uint8)
    open_ones = np.empty(renamed + 1, np.int64)
    depth = at = place = b = row = 0
    while True:
        # What comes next: an element that is open ends, one begins, or nothing more is changed.
        while row < n and becomes[row] == STAYS:
            row += 1
        closes = depth > 0 and (row >= n or table[open_ones[depth - 1], CLOSE] <= table[row, START])
        if closes:
            until = table[open_ones[depth - 1], CLOSE]
        elif row < n:
            until = table[row, START]
        else:
            until = size
        while place < until:
            while b < breaks.shape[0] and breaks[b, 0] < place:
                b += 1
            stop = until
            if b < breaks.shape[0] and breaks[b, 0] < until:
                stop = breaks[b, 0]
            for k in range(place, stop):
                written[at] = data[k]
                at += 1
            place = stop
            if stop < until:
                place = breaks[b, 1]
        if closes:
            depth -= 1
            one = open_ones[depth]
            at = _tag(written, at, becomes[one], 1)
            place = table[one, END]
        elif row >= n:
            return written[:at]
        elif becomes[row] == GOES:
            place = table[row, END]
            row = table[row, LAST] + 1
        else:
            at = _tag(written, at, becomes[row], 0)
            place = table[row, INNER]
            open_ones[depth] = row
            depth += 1
            row += 1
