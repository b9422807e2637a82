"""
Running text: which pieces belong to a sentence, and which stretches of a text read like prose.

Pieces are those of `pieces.py`. Where a text has no stops, its particles tell as much: windows of
so many letters are counted without asking where a piece ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.kernels.piece_flags import HIRAGANA, LETTER, PARTICLE
from seimai.pipeline.kernels.pieces import CLOSED, OPEN, SPOKEN

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets, SmallIntegers, Symbols

_OLD_PARTICLES = 3
"""Particles of a sentence in old spelling."""

LONGEST_SENTENCE = 200
"""Characters that a sentence may be long when it is put together from several pieces."""

WINDOW = 40
"""Kana and kanji of a window: about one sentence of prose, or ten keywords."""

WINDOW_PARTICLES = 4
"""So many particles make a window running text: one in ten; prose has six to twelve."""

_SHORT_WINDOW = 20
"""A last window with fewer letters than this says nothing, unless it is the only one."""


@njit(
    "boolean[::1](uint32[::1], int64[::1], int64[::1], int64[::1], uint8[::1], int32[:, ::1],"
    " uint16[:, ::1], boolean[::1], boolean)",
    cache=True,
    nogil=True,
)
def in_sentences(
    codes: Codes,
    start: Integers,
    end: Integers,
    first: Integers,
    endings: Octets,
    counts: SmallIntegers,
    tables: Symbols,
    old: Flags,
    spoken: bool,  # noqa: FBT001 - numba takes no keywords
) -> Flags:
    """
    Which pieces belong to a sentence: the piece that ends it, and what leads to it.

    With `spoken` a piece also ends a sentence that does so without a stop. Wrapped prose has its
    sentence in several lines: a piece leads to the next one if it ends in hiragana or a comma, and
    all together have at most `LONGEST_SENTENCE` characters. A text in old spelling has few stops;
    there a piece with three particles is a sentence.
    """
    inside = np.zeros(start.size, np.bool_)
    for i in range(first.size - 1):
        flags = tables[np.int64(old[i])]
        for j in range(first[i], first[i + 1]):
            # A list of katakana names that ends in ！ is no sentence: it has no hiragana.
            ends = endings[j] == CLOSED or (spoken and endings[j] == SPOKEN)
            ends |= old[i] and counts[j, 3] >= _OLD_PARTICLES
            if not ends or 10 * counts[j, 2] < counts[j, 1]:
                continue
            inside[j] = True
            total = counts[j, 0]
            p = j - 1
            while p >= first[i] and not inside[p] and endings[p] in (OPEN, SPOKEN):
                c = codes[end[p] - 1]
                leads = flags[c] & HIRAGANA or c == ord("、") or c == ord("，")
                total += counts[p, 0]
                if total > LONGEST_SENTENCE or not leads:
                    break
                inside[p] = True
                p -= 1
    return inside


@njit(
    "Tuple((int64[::1], int64[::1]))(uint32[::1], int64[::1], uint16[:, ::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def count_windows(
    codes: Codes, start: Integers, tables: Symbols, old: Flags
) -> tuple[Integers, Integers]:
    """Windows of `WINDOW` kana and kanji in each text, and those of them that are running text."""
    n = start.size - 1
    windows = np.zeros(n, np.int64)
    running = np.zeros(n, np.int64)
    for i in range(n):
        flags = tables[np.int64(old[i])]
        letters = particles = np.int64(0)
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            flag = flags[text[k]]
            letters += (flag & LETTER) != 0
            particles += (flag & PARTICLE) != 0
            if letters == WINDOW:
                windows[i] += 1
                running[i] += particles >= WINDOW_PARTICLES
                letters = particles = np.int64(0)
        if letters >= _SHORT_WINDOW or (windows[i] == 0 and letters > 0):
            windows[i] += 1
            running[i] += particles * WINDOW >= WINDOW_PARTICLES * letters
    return windows, running
