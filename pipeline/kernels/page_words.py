"""What is written in a page: where some words stand, the names of elements, how elements begin."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

from seimai.pipeline.kernels.codes import ReadOnlyBytes
from seimai.pipeline.kernels.page import (
    APARTNESS,
    BEFORE,
    CLASS,
    GOOD,
    HALF,
    ID,
    LINKS,
    ROLE,
    TAG,
    TEXT,
)
from seimai.pipeline.kernels.page import LAST as END_ROW

FEW = 1 << 16
"""Marks are kept for the characters below this number; the others have none."""
AFTER_NAME, AFTER_NAMES = 0x22, 0xFE
"""A `"` stands in no value of a mended page, and 0xFE in no UTF-8."""
FIRST, LAST = 1, 2
"""Marks of characters: a heading may begin with it, or end."""
SHORTEST_TIMED = 11
"""Characters of a date and a time: 2020/1/19:44."""
_LOWER = (1 << HALF) - 1
_Table = types.Array(types.int64, 2, "A")
_Words = types.Array(types.uint32, 2, "C", readonly=True)


@njit(
    types.int64[:, ::1](types.uint32[::1], _Words, ReadOnlyBytes),
    cache=True,
    nogil=True,
)
def places(codes: Any, words: Any, begins: Any) -> Any:
    """
    Which of some words stand where in a text: word × place, in the order of the text.

    `words` has a word in each row, filled up with zeros, those with the same first character one
    after the other; `begins` has for each of the first `FEW` characters one more than the row of
    the first word that begins with it, or 0.
    """
    found = np.empty((16, 2), np.int64)
    n = 0
    for k in range(codes.size):
        code = codes[k]
        if code >= FEW or begins[code] == 0:
            continue
        word = begins[code] - 2
        while word + 1 < words.shape[0] and words[word + 1, 0] == code:
            word += 1
            width = 1
            while (
                width < words.shape[1]
                and words[word, width] != 0
                and k + width < codes.size
                and codes[k + width] == words[word, width]
            ):
                width += 1
            if width < words.shape[1] and words[word, width] != 0:
                continue
            if n == found.shape[0]:
                grown = np.empty((2 * n, 2), np.int64)
                grown[:n] = found
                found = grown
            found[n, 0] = word
            found[n, 1] = k
            n += 1
    return found[:n]


@njit(types.uint8[::1](ReadOnlyBytes, _Table, types.int64[::1]), cache=True, nogil=True)
def names(data: Any, table: Any, rows: Any) -> Any:
    """
    Class, id and role of some elements, one after the other.

    The class and the id end with the byte `AFTER_NAME`, the role, which is the last, with
    `AFTER_NAMES`, but for that of the last element.
    """
    size = 3 * rows.size
    for row in rows:
        size += (table[row, CLASS] >> HALF) + (table[row, ID] >> HALF) + (table[row, ROLE] >> HALF)
    written = np.empty(size, np.uint8)
    at = 0
    for row in rows:
        for column in (CLASS, ID, ROLE):
            span = table[row, column]
            start = span & _LOWER
            for k in range(start, start + (span >> HALF)):
                written[at] = data[k]
                at += 1
            written[at] = AFTER_NAME
            at += 1
        written[at - 1] = AFTER_NAMES
    return written[: max(at - 1, 0)]


@njit(types.boolean(types.uint32), cache=True, nogil=True)
def _ends_time(code: int) -> bool:
    return 0x30 <= code <= 0x39 or code == 0x5206  # 分


@njit(
    types.int64[::1](types.uint32[::1], _Table, types.int64, ReadOnlyBytes, types.int64),
    cache=True,
    nogil=True,
)
def timed(codes: Any, table: Any, root: int, tags: Any, most: int) -> Any:
    """
    The rows inside of `root` that may end with a time of day: short, not running, at most a link.

    `tags` has for each tag 1 if its elements may be one; `most` is for the characters.
    """
    end = table[root, END_ROW] + 1
    rows = np.empty(end - root, np.int64)
    n = 0
    for row in range(root + 1, end):
        text = table[row, TEXT]
        if text < SHORTEST_TIMED or text > most or tags[table[row, TAG]] != 1:
            continue
        if table[row, GOOD] or table[row, LINKS] > 1 or table[row, APARTNESS]:
            continue
        last = table[row, BEFORE] + text
        if not _ends_time(codes[last - 1]):
            continue
        for k in range(last - SHORTEST_TIMED, last):
            if codes[k] in (0x3A, 0xFF1A, 0x6642):  # a colon, 時
                rows[n] = row
                n += 1
                break
    return rows[:n].copy()


@njit(
    types.int64[::1](types.uint32[::1], _Table, types.int64[::1], ReadOnlyBytes, ReadOnlyBytes),
    cache=True,
    nogil=True,
)
def marked(codes: Any, table: Any, rows: Any, tags: Any, marks: Any) -> Any:
    """
    Those of the rows whose first character is marked `FIRST`, or whose last one is marked `LAST`.

    `tags` has for each tag 1 if its elements need no mark. All rows have text.
    """
    kept = np.empty(rows.size, np.int64)
    n = 0
    for row in rows:
        if tags[table[row, TAG]] != 1:
            first = codes[table[row, BEFORE]]
            last = codes[table[row, BEFORE] + table[row, TEXT] - 1]
            if (first >= FEW or marks[first] & FIRST == 0) and (
                last >= FEW or marks[last] & LAST == 0
            ):
                continue
        kept[n] = row
        n += 1
    return kept[:n]
