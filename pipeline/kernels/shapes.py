"""
What a line looks like: how many characters of which class, and which dates, times and counters.

A page writes its lines in other shapes than an author does: names of links joined by signs, a date
and a time behind a name, numbers in brackets. The counts are made in one pass over the characters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

(
    OTHER,
    HIRAGANA,
    KATAKANA,
    KANJI,
    LATIN,
    DIGIT,
    BLANK,
    STOP,
    CALL,
    COMMA,
    COLON,
    ARROW,
    CODE,
    OPEN,
    CLOSE,
) = range(15)
"""Classes of characters, as `line_shapes` tells them apart."""

(
    LETTERS,
    KANA,
    LATINS,
    FIGURES,
    GAPS,
    TABS,
    STOPS,
    CALLS,
    COMMAS,
    COLONS,
    ARROWS,
    SIGNS,
    PARTICLES,
    DATES,
    TIMES,
    COUNTERS,
    STAMPED,
    ENDED,
) = range(18)
"""
Rows of `line_shapes`: letters and digits together; hiragana; letters of other scripts than the
Japanese ones; digits; runs of blanks; tabs; 。 and ．; ！ and ？; commas; colons; arrows; signs of
code; different particles behind kanji, katakana or a bracket; dates; times of day; numbers in
brackets; characters of these three; and what the line ends in, brackets aside: `FULLY` in 。,
`LOUDLY` in ！ or ？, 0 otherwise.
"""

FULLY = 1
LOUDLY = 2

_ROWS = 18
_BEFORE_PARTICLE = 1 << KANJI | 1 << KATAKANA | 1 << CLOSE
_LOOKED_AT = 1 << DIGIT | 1 << OPEN | 1 << BLANK | 1 << ARROW
"""Classes of which the characters around say more, as bits."""
_PARTICLES = 8
_TAB = 0x09
_HYPHEN, _SLASH, _DOT = 0x2D, 0x2F, 0x2E
_YEAR, _MONTH, _DAY = 0x5E74, 0x6708, 0x65E5
_COLON_SIGN = 0x3A
_COMMA_SIGN = 0x2C
_LONGEST_COUNTER = 7
_OPENING = tuple(map(ord, "(（["))
_CLOSING = tuple(map(ord, ")）]"))

_COUNTED = (
    (LETTERS, (HIRAGANA, KATAKANA, KANJI, LATIN, DIGIT)),
    (KANA, (HIRAGANA,)),
    (LATINS, (LATIN,)),
    (FIGURES, (DIGIT,)),
    (STOPS, (STOP,)),
    (CALLS, (CALL,)),
    (COMMAS, (COMMA,)),
    (COLONS, (COLON,)),
    (SIGNS, (CODE,)),
)
"""Rows that are plain counts of classes: nine, so that seven bits of one word do for each."""
_WIDTH = 7
_FULL = (1 << _WIDTH) - 1
"""After so many characters the word is emptied into the rows."""

ROWS = np.array([row for row, _ in _COUNTED], np.int64)
PACKED = np.array(
    [
        sum(1 << _WIDTH * k for k, (_, classes) in enumerate(_COUNTED) if what in classes)
        for what in range(15)
    ],
    np.uint64,
)
"""What a character of each class adds to the word."""


@njit("void(uint64, int32[:, ::1], int64)", cache=True, nogil=True)
def _unpack(packed: Any, shapes: Any, i: int) -> None:
    """Add the counts of a word to the rows of a line."""
    for k in range(ROWS.size):
        shapes[ROWS[k], i] += np.int32((packed >> np.uint64(_WIDTH * k)) & np.uint64(_FULL))


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _digits(codes: Any, kind: Any, k: int, end: int) -> Any:
    """How many digits stand at `k`."""
    n = 0
    while k + n < end and kind[codes[k + n]] == DIGIT:
        n += 1
    return n


@njit("boolean(int64, int64)", cache=True, nogil=True)
def _between_date(c: Any, kanji: Any) -> Any:
    """Whether a character joins the parts of a date: `-`, `/`, `.`, or the kanji for this part."""
    return c in (_HYPHEN, _SLASH, _DOT, kanji)


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _date(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the date at `k` (2021-09-06, 2021/9/6, 2021年9月, 2021年9月6日), or 0."""
    if _digits(codes, kind, k, end) != 4:
        return 0
    j = k + 4
    if j < end and kind[codes[j]] == BLANK:
        j += 1
    if j >= end or not _between_date(np.int64(codes[j]), _YEAR):
        return 0
    by_kanji = codes[j] == _YEAR
    j += 1
    if j < end and kind[codes[j]] == BLANK:
        j += 1
    n = _digits(codes, kind, j, end)
    if n == 0 or n > 2:
        return 0
    j += n
    if j >= end or not _between_date(np.int64(codes[j]), _MONTH):
        return 0
    by_month = codes[j] == _MONTH
    j += 1
    n = _digits(codes, kind, j, end)
    if n == 0 or n > 2:
        return j - k if by_kanji and by_month else 0
    j += n
    if j < end and codes[j] == _DAY:
        j += 1
    return j - k


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _time(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the time of day at `k` (19:05, 9:05:33), or 0."""
    n = _digits(codes, kind, k, end)
    if n == 0 or n > 2:
        return 0
    j = k + n
    if j >= end or codes[j] != _COLON_SIGN or _digits(codes, kind, j + 1, end) != 2:
        return 0
    j += 3
    if j < end and codes[j] == _COLON_SIGN and _digits(codes, kind, j + 1, end) == 2:
        j += 3
    return j - k


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _counter(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the number in round or square brackets at `k`, or 0."""
    c = np.int64(codes[k])
    if c not in _OPENING:
        return 0
    j = k + 1
    n = _digits(codes, kind, j, end)
    while n > 0 and j + n < end and codes[j + n] == _COMMA_SIGN:
        n += 1 + _digits(codes, kind, j + n + 1, end)
    j += n
    if n == 0 or n > _LONGEST_COUNTER or j >= end:
        return 0
    c = np.int64(codes[j])
    return j + 1 - k if c in _CLOSING else 0


@njit(
    "int32[:, ::1](uint32[::1], int64[::1], int64[::1], uint8[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def line_shapes(codes: Any, start: Any, end: Any, kind: Any, particle: Any) -> Any:
    """
    Counts of every line: one row per count (see `LETTERS` and the rest), one column per line.

    `kind` gives the class of every code point, `particle` the number (1 to 8) of a particle.
    """
    shapes = np.zeros((_ROWS, start.size), np.int32)
    for i in range(start.size):
        seen = np.uint32(0)
        packed = np.uint64(0)
        room = _FULL
        first = start[i]
        last = end[i]
        stamp = first
        before = np.int64(OTHER)
        line = codes[first:last]
        for place in range(line.size):
            k = first + place
            c = line[place]
            what = np.int64(kind[c])
            packed += PACKED[what]
            room -= 1
            if room == 0:
                _unpack(packed, shapes, i)
                packed = np.uint64(0)
                room = _FULL
            # No branch for what is in every line: nobody could predict it. Bit 0 is no particle.
            behind = (_BEFORE_PARTICLE >> before) & 1
            seen |= np.uint32(behind) << np.uint32(particle[c])
            if not (_LOOKED_AT >> what) & 1:
                before = what
                continue
            if what == DIGIT:
                if k >= stamp and before != DIGIT:
                    n = _date(codes, kind, k, last)
                    row = DATES
                    if n == 0:
                        n = _time(codes, kind, k, last)
                        row = TIMES
                    if n > 0:
                        shapes[row, i] += 1
                        shapes[STAMPED, i] += n
                        stamp = k + n
            elif what == OPEN:
                # Not sleep(1), a[1][2].
                if k >= stamp and (before == BLANK or HIRAGANA <= before <= KANJI):
                    n = _counter(codes, kind, k, last)
                    if n > 0:
                        shapes[COUNTERS, i] += 1
                        shapes[STAMPED, i] += n
                        stamp = k + n
            elif what == BLANK:
                shapes[GAPS, i] += before != BLANK
                shapes[TABS, i] += c == _TAB
            elif what == ARROW:
                shapes[ARROWS, i] += k == first or codes[k - 1] != _HYPHEN  # Not ->.
            before = what
        _unpack(packed, shapes, i)
        k = last - 1
        while k >= first and kind[codes[k]] == CLOSE:
            k -= 1
        if k >= first:
            what = np.int64(kind[codes[k]])
            shapes[ENDED, i] = FULLY if what == STOP else LOUDLY if what == CALL else 0
        different = np.uint32(0)
        for number in range(1, _PARTICLES + 1):
            different += (seen >> np.uint32(number)) & np.uint32(1)
        shapes[PARTICLES, i] = different
    return shapes
