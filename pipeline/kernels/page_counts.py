"""What the elements of a page count when some of them are left out, and which have equal names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from seimai.pipeline.kernels.codes import ReadOnlyBytes
from seimai.pipeline.kernels.page import (
    APARTNESS,
    GOOD,
    HEADED,
    LAST,
    LINKED,
    LINKS,
    NAMED,
    PARENT,
    TAG,
    TEXT,
)

COUNTED = (TEXT, LINKED, LINKS, GOOD, HEADED)
"""The columns of counts that `left` gives, in this order."""
_COUNTED = np.array(COUNTED, np.int64)
MOST_STEPS = 64
"""Places of the hash table that are looked at; half of it is empty, so honest names need two."""
_Table = types.Array(types.int64, 2, "A")  # columns, but of one row that cannot be told


@njit(types.int64[:, ::1](_Table, types.int64[::1]), cache=True, nogil=True)
def left(table: Any, gone: Any) -> Any:
    """
    The counts of each element as if some elements had nothing in them: `COUNTED` × elements.

    `table` is that of `kernels.page.elements`; `gone` are rows of it in ascending order.
    """
    size = table.shape[0]
    counts = np.empty((_COUNTED.size, size), np.int64)
    before = np.empty(size + 1, np.int64)
    for k in range(_COUNTED.size):
        column = _COUNTED[k]
        total = np.int64(0)
        end = np.int64(-1)
        at = 0
        for row in range(size):
            before[row] = total
            while at < gone.size and gone[at] <= row:
                if gone[at] == row and row > end:  # one inside of another is gone with it
                    total += table[row, column]
                    end = table[row, LAST]
                at += 1
        before[size] = total
        for row in range(size):
            counts[k, row] = table[row, column] - (before[table[row, LAST] + 1] - before[row])
    return counts


@njit(types.int64[::1](_Table, ReadOnlyBytes, types.int64, types.int64), cache=True, nogil=True)
def headlines(table: Any, tags: Any, least: int, most: int) -> Any:
    """
    The rows of elements that may be a heading: of `least` to `most` characters.

    `tags` has for each tag 1 if its elements may be, 2 if only without links. Of elements that say
    the same, one in the other, only the inner one is one; what is apart is none.
    """
    rows = np.empty(table.shape[0], np.int64)
    found = 0
    for row in range(table.shape[0]):
        text = table[row, TEXT]
        kind = tags[table[row, TAG]]
        if kind == 0 or text < least or text > most or table[row, APARTNESS] != 0:
            continue
        if (kind == 2 and table[row, LINKED]) or (
            table[row, LAST] > row and table[row + 1, TEXT] == text
        ):
            continue
        rows[found] = row
        found += 1
    return rows[:found].copy()


@njit(types.int64[::1](_Table, ReadOnlyBytes, types.int64, types.int64), cache=True, nogil=True)
def lines_of_links(table: Any, tags: Any, least: int, most: int) -> Any:
    """
    The rows of elements of at least so many links and at most so many characters, none running.

    `tags` has for each tag 1 if its elements may be one. Of one directly in another only the outer
    one is given.
    """
    rows = np.empty(table.shape[0], np.int64)
    is_line = np.zeros(table.shape[0], np.bool_)
    found = 0
    for row in range(table.shape[0]):
        if table[row, LINKS] < least or table[row, TEXT] > most:
            continue
        if table[row, GOOD] != 0 or tags[table[row, TAG]] == 0:
            continue
        is_line[row] = True
        around = table[row, PARENT]
        if around < 0 or not is_line[around]:
            rows[found] = row
            found += 1
    return rows[:found].copy()


@njit(
    types.Tuple((types.int64[::1], types.int64[::1]))(_Table),
    cache=True,
    nogil=True,
)
def groups(table: Any) -> Any:
    """
    The first row of each number in `NAMED`, and for each row which of them it has.

    Elements without a name, or without text and links, have -1. A page whose numbers are made to
    meet in one place of the hash table may have several groups with the same number: that keeps
    the time linear.
    """
    size = table.shape[0]
    slots = 16
    while slots < 2 * size:
        slots *= 2
    of_slot = np.full(slots, -1, np.int64)
    first = np.empty(size, np.int64)
    which = np.empty(size, np.int64)
    found = 0
    for row in range(size):
        name = table[row, NAMED]
        if name == 0 or (table[row, TEXT] == 0 and table[row, LINKS] == 0):
            which[row] = -1
            continue
        slot = (name ^ (name >> 29)) & (slots - 1)
        steps = 0
        while (
            steps < MOST_STEPS and of_slot[slot] >= 0 and table[first[of_slot[slot]], NAMED] != name
        ):
            slot = (slot + 1) & (slots - 1)
            steps += 1
        if steps == MOST_STEPS or of_slot[slot] < 0:
            if steps < MOST_STEPS:
                of_slot[slot] = found
            first[found] = row
            which[row] = found
            found += 1
        else:
            which[row] = of_slot[slot]
    return first[:found].copy(), which


@njit(
    types.Tuple((types.int64[::1], types.int64[::1]))(_Table, types.int64),
    cache=True,
    nogil=True,
)
def by_tag(table: Any, tags: int) -> Any:
    """
    The rows of each tag in ascending order, and where those of each of `tags` tags begin in them.

    The second array has one entry more, for the end of the last tag.
    """
    begin = np.zeros(tags + 1, np.int64)
    for row in range(table.shape[0]):
        begin[table[row, TAG] + 1] += 1
    for tag in range(tags):
        begin[tag + 1] += begin[tag]
    following = begin.copy()
    rows = np.empty(table.shape[0], np.int64)
    for row in range(table.shape[0]):
        tag = table[row, TAG]
        rows[following[tag]] = row
        following[tag] += 1
    return rows, begin


@njit(types.boolean[::1](_Table, types.boolean[::1]), cache=True, nogil=True)
def around(table: Any, marks: Any) -> Any:
    """For each element whether one inside of it is marked."""
    size = table.shape[0]
    until = np.empty(size, np.int64)
    total = np.int64(0)
    for row in range(size):
        total += marks[row]
        until[row] = total
    found = np.empty(size, np.bool_)
    for row in range(size):
        found[row] = until[table[row, LAST]] > until[row]
    return found
