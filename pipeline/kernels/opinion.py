"""
What a linear model is told about the lines of a page, and what it says of them, in one pass.

The facts are those of `filters/residue/opinion.py`, which names them in this order and explains the
windows and the whole numbers; here are only their sums.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from seimai.pipeline.kernels import shapes as of

FINE = 64.0
"""All facts are counted in this part of their unit, rounded: sums of them are exact."""
TENTHS = 10.0
PROSE = np.float32(-5.5)
LONG_SENTENCE, FAR, MOST, LONGEST = 60, 999, 5, 200
WINDOWS = np.array([1, 3, 8, 24], np.int64)
WIDE = 1 + 2 * WINDOWS.size
"""Columns of the weights of a line: itself, the windows above, the windows below."""

_STEPS = np.array([round(2 ** (k / 2)) for k in range(1, 40)], np.int64)
_FEW = np.searchsorted(_STEPS, np.arange(1024), side="right")

SHAPES = 18
(COVERED, BUTTON, SECTION, MENU) = range(SHAPES, SHAPES + 4)
FLAGS, SURE = SHAPES + 4, SHAPES + 14
"""After the rows of `shapes` come those of words, ten flags, and whether a line is sure."""
COUNTED = np.array(
    [
        of.GAPS, of.STOPS, of.CALLS, of.COMMAS, of.COLONS, of.ARROWS, of.SIGNS, of.PARTICLES,
        of.DATES, of.TIMES, of.COUNTERS,
    ],
    np.int64,
)  # fmt: skip
LAST = np.array([0, 1, 2, 3, 4, 5, 8, 9, 10, 14], np.int64)
"""Classes of characters in which a line may end, as facts."""
KINDS = 5
"""Kinds of lines of which it counts how far they are."""
FACTS, PLACES = 63, 32

_LINES = "int64[::1], float32[::1], float32[::1], int32[:, ::1], uint8[::1], uint8[::1]"


@njit("int64(int64)", cache=True, nogil=True)
def _steps(value: Any) -> Any:
    """Twice the binary logarithm, in whole steps."""
    if value < _FEW.size:
        return _FEW[value]
    k = _FEW[_FEW.size - 1]
    while k < _STEPS.size and _STEPS[k] <= value:
        k += 1
    return k


@njit(f"void(int64, {_LINES}, float64[::1])", cache=True, nogil=True)
def line_facts(
    j: Any, length: Any, score: Any, warmth: Any, rows: Any, begins: Any, ends: Any, facts: Any
) -> None:
    """Fill `facts` with what is to be said of line `j` without looking around."""
    letters = max(rows[of.LETTERS, j], 1)
    kana = rows[of.KANA, j]
    named = max(rows[of.LETTERS, j] - rows[of.FIGURES, j], 1)
    prose = warmth[j] < 0 and score[j] < PROSE
    facts[0] = min(max(score[j], np.float32(-4)), np.float32(4))
    facts[1] = warmth[j]
    facts[2] = rows[SURE, j]
    facts[3] = prose
    facts[4] = warmth[j] < 0 and not prose
    facts[5] = _steps(length[j]) / 4
    facts[6] = min(length[j], LONGEST) / 32
    facts[7] = kana / letters
    facts[8] = rows[of.LATINS, j] / letters
    facts[9] = rows[of.FIGURES, j] / letters
    facts[10] = kana * 2 >= letters and kana >= MOST
    facts[11] = rows[of.ENDED, j] == of.FULLY
    facts[12] = rows[of.ENDED, j] == of.LOUDLY
    facts[13] = min(rows[COVERED, j] / named, 1.0)
    facts[14] = rows[MENU, j] > 0
    facts[15] = min(rows[BUTTON, j], MOST)
    facts[16] = min(rows[SECTION, j], MOST)
    n = 17
    for k in range(FLAGS, SURE):
        facts[n] = rows[k, j]
        n += 1
    for k in COUNTED:
        facts[n] = min(rows[k, j], MOST)
        n += 1
    for k in range(15):
        facts[n] = begins[j] == k
        n += 1
    for k in LAST:
        facts[n] = ends[j] == k
        n += 1
    for k in range(n):
        facts[k] = np.rint(facts[k] * FINE)


@njit("void(int64[:, ::1], boolean[:, ::1])", cache=True, nogil=True)
def _distances(found: Any, kinds: Any) -> None:
    """Lines up, then down, to the next line of each kind, `FAR` where there is none."""
    m = kinds.shape[1]
    for kind in range(KINDS):
        last = -1
        for j in range(m):
            found[2 * kind, j] = min(j - last, FAR) if last >= 0 else FAR
            if kinds[kind, j]:
                last = j
        last = -1
        for j in range(m - 1, -1, -1):
            found[2 * kind + 1, j] = min(last - j, FAR) if last >= 0 else FAR
            if kinds[kind, j]:
                last = j


@njit(
    "int64[:, ::1](int64, int64, int64[::1], float32[::1], float32[::1], int32[:, ::1])",
    cache=True,
    nogil=True,
)
def text_sums(a: Any, b: Any, length: Any, score: Any, warmth: Any, rows: Any) -> Any:
    """
    Of the lines `a` to `b`, which are a text, sums of what stands before each line, and of all.

    Heat in tenths, characters of sentences, sentences, characters, hiragana; below them the ten
    distances.
    """
    m = b - a
    sums = np.zeros((5 + 2 * KINDS, m + 1), np.int64)
    kinds = np.zeros((KINDS, m), np.bool_)
    for j in range(m):
        i = a + j
        prose = warmth[i] < 0 and score[i] < PROSE
        tenths = np.int64(np.rint(max(warmth[i], np.float32(0)) * np.float32(TENTHS)))
        sums[0, j + 1] = sums[0, j] + tenths
        sums[1, j + 1] = sums[1, j] + (length[i] if prose else 0)
        sums[2, j + 1] = sums[2, j] + prose
        sums[3, j + 1] = sums[3, j] + min(length[i], LONGEST)
        sums[4, j + 1] = sums[4, j] + rows[of.KANA, i]
        kinds[0, j] = prose
        kinds[1, j] = prose and length[i] >= LONG_SENTENCE
        kinds[2, j] = warmth[i] > 0
        kinds[3, j] = warmth[i] >= 2
        kinds[4, j] = rows[SURE, i] > 0
    _distances(sums[5:], kinds)
    return sums


@njit("void(int64, int64[:, ::1], float64[::1])", cache=True, nogil=True)
def place_facts(j: Any, sums: Any, facts: Any) -> None:
    """Fill `facts` with where line `j` of a text stands, by its `text_sums`."""
    m = sums.shape[1] - 1
    heat, text, sentences, characters, kana = sums[0], sums[1], sums[2], sums[3], sums[4]
    said, warm = text[m], heat[m]
    facts[0] = j / m
    facts[1] = _steps(m) / 4
    facts[2] = _steps(j) / 4
    facts[3] = _steps(m - 1 - j) / 4
    facts[4] = _steps(said) / 4
    facts[5] = _steps(text[j]) / 4
    facts[6] = _steps(said - text[j + 1]) / 4
    facts[7] = text[j] / max(said, 1)
    facts[8] = sentences[m] / m
    facts[9] = _steps(warm) / 4
    facts[10] = _steps(heat[j]) / 4
    facts[11] = _steps(warm - heat[j + 1]) / 4
    facts[12] = warm / (TENTHS * m)
    facts[13] = heat[j] / (TENTHS * max(j, 1))
    facts[14] = (warm - heat[j + 1]) / (TENTHS * max(m - 1 - j, 1))
    for k in range(2 * KINDS):
        facts[15 + k] = _steps(sums[5 + k, j]) / 4
    up, down = sums[5, j], sums[6, j]
    begin = j - up + 1 if up < FAR else 0
    end = j + down if down < FAR else m
    stretch = max(end - begin, 1)
    there = characters[end] - characters[begin]
    facts[25] = _steps(end - begin) / 4
    facts[26] = _steps(heat[end] - heat[begin]) / 4
    facts[27] = (heat[end] - heat[begin]) / (TENTHS * stretch)
    facts[28] = there / (32 * stretch)
    facts[29] = (kana[end] - kana[begin]) / max(there, 1)
    facts[30] = begin == 0
    facts[31] = end == m
    for k in range(PLACES):
        facts[k] = np.rint(facts[k] * FINE)


@njit(
    f"float64[::1](int64[::1], {_LINES}, float64[:, ::1], float64[::1], float64[::1])",
    cache=True,
    nogil=True,
)
def weigh(
    first: Any,
    length: Any,
    score: Any,
    warmth: Any,
    rows: Any,
    begins: Any,
    ends: Any,
    weights: Any,
    there: Any,
    places: Any,
) -> Any:
    """
    The weighted sums of lines; those of text `i` are `first[i] : first[i + 1]`.

    `weights` has a row per fact about a line and `WIDE` columns, `there` counts for each line that
    a window holds, `places` has one number per fact about a place.
    """
    found = np.zeros(length.size, np.float64)
    own = np.zeros(FACTS, np.float64)
    place = np.zeros(PLACES, np.float64)
    for i in range(first.size - 1):
        a, b = first[i], first[i + 1]
        m = b - a
        said = np.zeros((m + 1, WIDE), np.float64)
        for j in range(m):
            line_facts(a + j, length, score, warmth, rows, begins, ends, own)
            row = said[j + 1]
            for k in range(FACTS):
                fact = own[k]
                if fact != 0.0:
                    for column in range(WIDE):
                        row[column] += fact * weights[k, column]
        sums = text_sums(a, b, length, score, warmth, rows)
        for j in range(m):
            place_facts(j, sums, place)
            total = said[j + 1, 0]
            for k in range(PLACES):
                total += place[k] * places[k]
            found[a + j] = total
        # From here on `said` holds sums of what stands above each line.
        for j in range(m):
            for column in range(1, WIDE):
                said[j + 1, column] += said[j, column] + there[column - 1] * FINE
        for j in range(m):
            for k in range(WINDOWS.size):
                width = WINDOWS[k]
                above = said[j, 1 + k] - said[max(j - width, 0), 1 + k]
                below = WINDOWS.size + 1 + k
                under = said[min(j + 1 + width, m), below] - said[j + 1, below]
                found[a + j] += above / width + under / width
    return found


@njit(f"UniTuple(float64[:, ::1], 2)(int64[::1], {_LINES})", cache=True, nogil=True)
def tell(
    first: Any,
    length: Any,
    score: Any,
    warmth: Any,
    rows: Any,
    begins: Any,
    ends: Any,
) -> Any:
    """The facts about lines, and those about their places, by the same `first` as in `weigh`."""
    own = np.zeros((length.size, FACTS), np.float64)
    places = np.zeros((length.size, PLACES), np.float64)
    for i in range(first.size - 1):
        a, b = first[i], first[i + 1]
        sums = text_sums(a, b, length, score, warmth, rows)
        for j in range(b - a):
            line_facts(a + j, length, score, warmth, rows, begins, ends, own[a + j])
            place_facts(j, sums, places[a + j])
    return own, places
