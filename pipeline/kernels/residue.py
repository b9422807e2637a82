"""What the lines of a page look like, and which runs of them are better gone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types

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
    CODE,
    JOIN,
    OPEN,
    CLOSE,
) = range(14)
"""Classes of characters, as `line_shapes` tells them apart."""

(
    LETTERS,
    KANA,
    FIGURES,
    GAPS,
    STOPS,
    CALLS,
    COMMAS,
    SIGNS,
    JOINS,
    DATES,
    TIMES,
    COUNTERS,
    STAMPED,
    ENDED,
    PARTICLES,
    LATINS,
) = range(16)
"""
Rows of `line_shapes`: letters and digits; hiragana; digits; blanks between letters; sentence stops;
commas; signs of code; signs that join links; dates; times of day; numbers in brackets; characters
that belong to dates, times and counters; whether the last thing but brackets is a sentence stop;
different particles behind kanji, katakana or brackets.
"""

SHAPES = 16

KEPT = np.float32(0.8)
HOTTEST = np.float32(5.0)
FORWARD = np.float32(0.45)
BACKWARD = np.float32(0.3)
MOST = np.float32(1.2)
COLD = np.float32(0.6)
LONG_STRETCH = 8
HOT = np.float32(3.0)
STRETCH = np.float32(4.0)
MOST_STRETCH = np.float32(0.8)
_PARTICLES = 8


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _digits(codes: Any, kind: Any, k: int, end: int) -> Any:
    """How many digits stand at `k`."""
    n = 0
    while k + n < end and kind[codes[k + n]] == DIGIT:
        n += 1
    return n


@njit("boolean(uint32, uint32)", cache=True, nogil=True)
def _between_date(c: Any, kanji: Any) -> Any:
    """Whether a character joins the parts of a date: `-`, `/`, `.`, or the kanji for this part."""
    return c == 0x2D or c == 0x2F or c == 0x2E or c == kanji


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _date(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the date at `k` (2021-09-06, 2021/9/6, 2021年9月, 2021年9月6日), or 0."""
    if _digits(codes, kind, k, end) != 4:
        return 0
    j = k + 4
    if j < end and kind[codes[j]] == BLANK:
        j += 1
    if j >= end or not _between_date(codes[j], np.uint32(0x5E74)):
        return 0
    by_kanji = codes[j] == 0x5E74
    j += 1
    if j < end and kind[codes[j]] == BLANK:
        j += 1
    n = _digits(codes, kind, j, end)
    if n == 0 or n > 2:
        return 0
    j += n
    if j >= end or not _between_date(codes[j], np.uint32(0x6708)):
        return 0
    by_month = codes[j] == 0x6708
    j += 1
    n = _digits(codes, kind, j, end)
    if n == 0 or n > 2:
        return j - k if by_kanji and by_month else 0
    j += n
    if j < end and codes[j] == 0x65E5:
        j += 1
    return j - k


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _time(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the time of day at `k` (19:05, 9:05:33), or 0."""
    n = _digits(codes, kind, k, end)
    if n == 0 or n > 2:
        return 0
    j = k + n
    if j >= end or codes[j] != 0x3A or _digits(codes, kind, j + 1, end) != 2:
        return 0
    j += 3
    if j < end and codes[j] == 0x3A and _digits(codes, kind, j + 1, end) == 2:
        j += 3
    return j - k


@njit("int64(uint32[::1], uint8[::1], int64, int64)", cache=True, nogil=True)
def _counter(codes: Any, kind: Any, k: int, end: int) -> Any:
    """Length of the number in round or square brackets at `k`, or 0."""
    c = codes[k]
    if c != 0x28 and c != 0xFF08 and c != 0x5B:
        return 0
    j = k + 1
    n = _digits(codes, kind, j, end)
    while j + n < end and codes[j + n] == 0x2C:
        n += 1 + _digits(codes, kind, j + n + 1, end)
    j += n
    if n == 0 or n > 7 or j >= end:
        return 0
    c = codes[j]
    return j + 1 - k if c == 0x29 or c == 0xFF09 or c == 0x5D else 0


@njit(
    "int32[:, ::1](uint32[::1], int64[::1], int64[::1], uint8[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def line_shapes(codes: Any, start: Any, end: Any, kind: Any, particle: Any) -> Any:
    """
    Counts of every line, one row per count (see `LETTERS` and the rest), one column per line.

    `kind` gives the class of every code point, `particle` the number (1 to 8) of a particle.
    """
    shapes = np.zeros((SHAPES, start.size), np.int32)
    for i in range(start.size):
        seen = np.uint32(0)
        stopped = 0
        k = start[i]
        last = end[i]
        stamp = k
        before = OTHER
        while k < last:
            c = codes[k]
            what = kind[c]
            if k >= stamp and (what == DIGIT or what == OPEN) and before != DIGIT:
                n = np.int64(0)
                row = DATES
                if what == DIGIT:
                    n = _date(codes, kind, k, last)
                    if n == 0:
                        n = _time(codes, kind, k, last)
                        row = TIMES
                elif before != LATIN and before != CODE:  # Not sleep(1).
                    n = _counter(codes, kind, k, last)
                    row = COUNTERS
                if n > 0:
                    shapes[row, i] += 1
                    shapes[STAMPED, i] += n
                    stamp = k + n
            if what == HIRAGANA:
                shapes[KANA, i] += 1
                if before == KANJI or before == KATAKANA or before == CLOSE:
                    if particle[c] > 0:
                        seen |= np.uint32(1) << np.uint32(particle[c])
            elif what == DIGIT:
                shapes[FIGURES, i] += 1
            elif what == BLANK:
                shapes[GAPS, i] += before != BLANK
            elif what == STOP:
                shapes[STOPS, i] += 1
            elif what == CALL:
                shapes[CALLS, i] += 1
            elif what == COMMA:
                shapes[COMMAS, i] += 1
            elif what == CODE:
                shapes[SIGNS, i] += 1
            elif what == JOIN:
                shapes[JOINS, i] += 1
            elif what == LATIN:
                shapes[LATINS, i] += 1
            if HIRAGANA <= what <= DIGIT:
                shapes[LETTERS, i] += 1
            if what == STOP:
                stopped = 1
            elif what == CALL:
                stopped = 2
            elif what != CLOSE:
                stopped = 0
            before = what
            k += 1
        shapes[ENDED, i] = stopped
        different = 0
        for number in range(1, _PARTICLES + 1):
            different += (seen >> np.uint32(number)) & 1
        shapes[PARTICLES, i] = different
    return shapes


@njit(
    "boolean[::1](int64[::1], float32[::1], float32[::1], boolean[::1], float32[::1], "
    "float32[::1], float32, float32)",
    cache=True,
    nogil=True,
)
def gone_runs(
    first: Any,
    score: Any,
    gives: Any,
    sure: Any,
    fades: Any,
    back: Any,
    border: Any,
    edge: Any,
) -> Any:
    """
    Which lines belong to runs of residue, text by text.

    `score[j]` speaks for residue (above 0) or for text. What is around a line counts too: lines
    that say what they are (`gives[j]` above 0) warm what follows, and less what precedes; a line
    keeps the part `fades[j]` of the warmth that reaches it, forwards, and `back[j]` backwards.
    Undecided lines (`gives[j]` == 0) take it. The best cut into runs of text and residue is then
    found by Viterbi's algorithm, every border between them costing `border`, and a run at the
    start or the end of the text `edge` there. Lines that are `sure` go in any case.
    """
    n = first.size - 1
    gone = np.zeros(score.size, np.bool_)
    lent = np.zeros(score.size, np.float32)
    for i in range(n):
        a = first[i]
        b = first[i + 1]
        if a == b:
            continue
        # How much lines of a stretch without prose say what they are, for each of its lines.
        k = a
        while k < b:
            stop = k
            heat = np.float32(0.0)
            while stop < b and gives[stop] >= 0.0:
                heat += gives[stop]
                stop += 1
            share = np.float32(0.0)
            if stop - k >= LONG_STRETCH and heat >= HOT:
                share = min(STRETCH * heat / np.float32(stop - k), MOST_STRETCH)
            for j in range(k, stop):
                lent[j] = share
            k = max(stop, k + 1)
        warmth = np.float32(0.0)
        for j in range(a, b):
            warmth *= fades[j]
            if gives[j] == 0.0:
                lent[j] += FORWARD * warmth
            elif gives[j] > 0.0:
                warmth = min(warmth * KEPT + gives[j], HOTTEST)
        warmth = np.float32(0.0)
        for j in range(b - 1, a - 1, -1):
            warmth *= back[j]
            if gives[j] == 0.0:
                lent[j] += BACKWARD * warmth
                lent[j] = score[j] + min(lent[j], MOST) - COLD
            else:
                lent[j] = score[j]
                if gives[j] > 0.0:
                    warmth = min(warmth * KEPT + gives[j], HOTTEST)
        # Viterbi with two states; `came` tells the state before.
        text = np.float32(0.0)
        residue = -edge
        came = np.zeros((2, b - a), np.uint8)
        for j in range(a, b):
            was_text = text
            was_residue = residue
            if was_residue - border > was_text:
                text = was_residue - border
                came[0, j - a] = 1
            if j > a and was_text - border >= was_residue:
                residue = was_text - border
                came[1, j - a] = 0
            else:
                came[1, j - a] = 1
            residue += lent[j]
        state = 1 if residue - edge > text else 0
        for j in range(b - 1, a - 1, -1):
            gone[j] = state == 1 or sure[j]
            state = came[state, j - a]
    return gone
