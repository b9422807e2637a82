"""From MeCab's stream of integers to token columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, types

from seimai.pipeline.kernels.codes import ReadOnlyBytes

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets

_SPACE = ord(" ")
_BAR = ord("|")
_MINUS = ord("-")
_ZERO = ord("0")

UNKNOWN_BIT = 0x80
"""Set in a stored part of speech when the dictionary does not have the word."""


@njit(
    "Tuple((int64[::1], int64[::1], int64[::1]))(uint32[::1], int64[::1], int64[::1], boolean[::1],"
    " int64)",
    cache=True,
    nogil=True,
)
def cut_lines(
    codes: Codes, start: Integers, end: Integers, stop: Flags, longest: int
) -> tuple[Integers, Integers, Integers]:
    """
    Cut lines longer than `longest` after the last sentence end before that, else right there.

    Gives starts, ends and the line that each unit comes from. MeCab's memory grows with the
    square of what it is given at once, and it has crashed on very long input.
    """
    most = np.int64(0)
    for j in range(start.size):
        # A cut after a sentence end may come right after the previous one, so leave room.
        most += 2 * ((end[j] - start[j]) // longest) + 2
    starts = np.empty(most, np.int64)
    ends = np.empty(most, np.int64)
    owner = np.empty(most, np.int64)
    found = 0
    for j in range(start.size):
        begin = start[j]
        while end[j] - begin > longest:
            cut = begin + longest
            for k in range(begin + longest - 1, begin + longest // 2, -1):
                if stop[codes[k]]:
                    cut = k + 1
                    break
            starts[found] = begin
            ends[found] = cut
            owner[found] = j
            found += 1
            begin = cut
        if end[j] > begin:
            starts[found] = begin
            ends[found] = end[j]
            owner[found] = j
            found += 1
    return starts[:found].copy(), ends[:found].copy(), owner[:found].copy()


@njit(
    types.Tuple((types.uint8[::1], types.uint32[::1], types.int64[::1], types.int64))(
        ReadOnlyBytes,
        types.uint32[::1],
        types.int64[::1],
        types.int64[::1],
        types.int64[::1],
        types.int64[::1],
        types.uint8[::1],
        types.boolean[::1],
        types.uint8,
    ),
    cache=True,
    nogil=True,
)
def assemble_tokens(
    stream: Octets,
    codes: Codes,
    unit_start: Integers,
    unit_end: Integers,
    first_unit: Integers,
    text_start: Integers,
    pos_of_context: Octets,
    blank: Flags,
    blank_pos: int,
) -> tuple[Octets, Codes, Integers, int]:
    """
    Turn `bytes context bytes context |` per unit into tokens that cover the texts exactly.

    `stream` holds, for every unit, pairs of a byte length (with the white space before the
    token) and a left context id, negative for unknown words, ended by a bar. White space and
    parts that were not parsed become tokens of `blank_pos`, so that lengths (in characters) add
    up to the text. Gives part of speech (with `UNKNOWN_BIT`), length, the `n + 1` places where
    texts start, and the first unit whose lengths do not add up (-1: all do).
    """
    n = first_unit.size - 1
    most = np.int64(2)
    for k in range(stream.size):
        most += stream[k] == _SPACE
    # A token may have a gap before it, and a unit and a text may end in one.
    most += unit_start.size + n
    pos = np.empty(most, np.uint8)
    length = np.empty(most, np.uint32)
    first = np.zeros(n + 1, np.int64)
    found = 0
    k = 0
    for i in range(n):
        done = text_start[i]
        for u in range(first_unit[i], first_unit[i + 1]):
            here = unit_start[u]
            while k < stream.size and stream[k] != _BAR:
                width = np.int64(0)
                while stream[k] != _SPACE:
                    width = width * 10 + (np.int64(stream[k]) - _ZERO)
                    k += 1
                k += 1
                unknown = stream[k] == _MINUS
                k += unknown
                context = np.int64(0)
                while stream[k] != _SPACE:
                    context = context * 10 + (np.int64(stream[k]) - _ZERO)
                    k += 1
                k += 1
                begin = here
                while width > 0 and here < unit_end[u]:
                    code = codes[here]
                    width -= 1 if code < 0x80 else 2 if code < 0x800 else 3 if code < 0x10000 else 4
                    here += 1
                if width != 0:
                    return pos[:0].copy(), length[:0].copy(), first, np.int64(u)
                while begin < here - 1 and blank[codes[begin]]:
                    begin += 1
                if begin > done:
                    pos[found] = blank_pos
                    length[found] = begin - done
                    found += 1
                pos[found] = pos_of_context[context] | (UNKNOWN_BIT if unknown else 0)
                length[found] = here - begin
                found += 1
                done = here
            k += 1
            for rest in range(here, unit_end[u]):
                if not blank[codes[rest]]:
                    return pos[:0].copy(), length[:0].copy(), first, np.int64(u)
        if text_start[i + 1] > done:
            pos[found] = blank_pos
            length[found] = text_start[i + 1] - done
            found += 1
        first[i + 1] = found
    return pos[:found].copy(), length[:found].copy(), first, np.int64(-1)
