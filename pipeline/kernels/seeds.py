"""
Finding pieces of known fields in texts: rare n-grams first, then grown in both directions.

Both sides are seen in the bare view: folded as the hash view is, and then nothing but letters and
digits, so that a copy with other punctuation, width, blanks or line breaks is the same copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.kernels.hashview import DROPPED, SPECIAL

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers, Octets, SmallIntegers

BASE = np.uint64(0x9E3779B97F4A7C15)
"""Of the rolling hash: an odd number without a pattern (the golden ratio in 64 bits)."""

FEW = 4
"""Characters that have to agree again behind a place where a copy differs."""

WORK_PER_LETTER = 400
"""Comparisons that a text may cost per letter; real texts need fewer than one. It keeps the time
linear in texts that are made of nothing but a seed."""

LEAST_WORK = 100_000

QUESTION, SHORT, WEAK, PASSAGE = 0, 1, 2, 3
"""What has to be seen of a field: most of it; all of it, standing alone or with most of its
choices behind it; all of it with its choices; a long piece of it."""

TOGETHER, PARTED, ENDED = 0, 1, 2
"""What stands before a letter: nothing; something; an end of a sentence or line."""

_LINE_FEED, _STOP, _ASKING, _SHOUTING = 0x0A, 0x2E, 0x3F, 0x21

WINDOW = 80
"""Letters beside the choices themselves in which the choices of a weak question have to stand."""


@njit(
    "Tuple((uint32[::1], uint8[::1], int64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int32[::1], uint32[::1], int64[::1], uint64[::1], uint32[::1],"
    " uint8[::1])",
    cache=True,
    nogil=True,
)
def bare_view(
    codes: Codes,
    start: Integers,
    table: SmallIntegers,
    pieces: Codes,
    first: Integers,
    pairs: Hashes,
    composed: Codes,
    kept: Octets,
) -> tuple[Codes, Octets, Integers, Integers]:
    """
    The letters and digits of all texts: codes, what stands before each, its place in its text.

    The fold table is that of the hash view. `kept` has one entry per code point: 1 stays, 0 is
    left out and parts what it stands between, 2 is left out and parts nothing (dashes, among them
    long vowels). The last array says where each text starts in the others.
    """
    n = start.size - 1
    room = codes.size
    for k in range(start[0], start[n]):
        code = codes[k]
        if code < table.size and table[code] < DROPPED:
            e = SPECIAL - np.int64(table[code])
            room += first[e + 1] - first[e] - 1
    bare = np.empty(room, np.uint32)
    parted = np.empty(room, np.uint8)
    source = np.empty(room, np.int64)
    places = np.empty(n + 1, np.int64)
    out = 0
    for i in range(n):
        begin = out
        places[i] = begin
        gap = ENDED
        for k in range(start[i], start[i + 1]):
            code = codes[k]
            entry = np.int64(code)
            if code < table.size:
                entry = np.int64(table[code])
            if entry >= 0:
                keep = np.uint8(1) if entry >= kept.size else kept[entry]
                if keep == 1:
                    bare[out] = np.uint32(entry)
                    parted[out] = gap
                    source[out] = k - start[i]
                    out += 1
                    gap = TOGETHER
                elif keep == 0:
                    ends = entry in (_STOP, _ASKING, _SHOUTING)
                    gap = max(gap, ENDED if ends else PARTED)
            elif entry == DROPPED:
                gap = max(gap, ENDED if code == _LINE_FEED else PARTED)
            else:
                e = SPECIAL - entry
                for p in range(first[e], first[e + 1]):
                    piece = pieces[p]
                    if out > begin:
                        pair = np.uint64(bare[out - 1]) << np.uint64(32) | np.uint64(piece)
                        at = np.searchsorted(pairs, pair)
                        if at < pairs.size and pairs[at] == pair:
                            bare[out - 1] = composed[at]
                            continue
                    keep = np.uint8(1) if piece >= kept.size else kept[piece]
                    if keep == 1:
                        bare[out] = piece
                        parted[out] = gap
                        source[out] = k - start[i]
                        out += 1
                        gap = TOGETHER
                    elif keep == 0:
                        gap = max(gap, PARTED)
    places[n] = out
    return bare[:out], parted[:out], source[:out], places


@njit("uint64[::1](uint32[::1], int64)", cache=True, nogil=True)
def rolling(codes: Codes, n: int) -> Hashes:
    """The hash of every `n` codes that follow each other; none where there are fewer."""
    count = max(codes.size - n + 1, 0)
    hashes = np.empty(count, np.uint64)
    power = np.uint64(1)
    for _ in range(n - 1):
        power *= BASE
    value = np.uint64(0)
    for k in range(codes.size):
        if k >= n:
            value -= np.uint64(codes[k - n] + np.uint32(1)) * power
        value = value * BASE + np.uint64(codes[k] + np.uint32(1))
        if k >= n - 1:
            hashes[k - n + 1] = value
    return hashes


@njit(
    "Tuple((int64, int64, int64))"
    "(uint32[::1], int64, int64, int64, uint32[::1], int64, int64, int64, int64)",
    cache=True,
    nogil=True,
)
def grow(
    text: Codes,
    at: int,
    low: int,
    high: int,
    field: Codes,
    place: int,
    begin: int,
    end: int,
    step: int,
) -> tuple[int, int, int]:
    """
    Follow a copy in one direction (`step` 1 or -1): text place, field place, letters that agree.

    Where the two differ, up to three letters of one or both are passed over, if the next `FEW`
    agree; twice as many letters as were passed over have to have agreed before.
    """
    t, f, same, slips = at, place, 0, 0
    while low <= t < high and begin <= f < end:
        if text[t] == field[f]:
            same += 1
            t += step
            f += step
            continue
        found = False
        if slips * FEW > same:
            break
        for size in range(1, 4):
            for way in range(3):
                tt = t + step * (size if way != 1 else 0)
                ff = f + step * (size if way != 2 else 0)
                agree = 0
                while (
                    agree < FEW
                    and low <= tt + step * agree < high
                    and begin <= ff + step * agree < end
                    and text[tt + step * agree] == field[ff + step * agree]
                ):
                    agree += 1
                if agree == FEW:
                    t, f, found = tt, ff, True
                    break
            if found:
                break
        if not found:
            break
        slips += 1
    return t, f, same


@njit(
    "int64(uint32[::1], int64, int64, uint32[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def count_choices(
    text: Codes, low: int, high: int, choices: Codes, start: Integers, begin: int, end: int
) -> int:
    """How many of the choices `begin` to `end` stand in `text[low:high]`, in any order."""
    found = 0
    for c in range(begin, end):
        size = start[c + 1] - start[c]
        if size == 0:
            continue
        for t in range(low, high - size + 1):
            k = 0
            while k < size and text[t + k] == choices[start[c] + k]:
                k += 1
            if k == size:
                found += 1
                break
    return found


@njit(
    "int64[:, ::1](uint32[::1], uint8[::1], int64[::1], uint64[::1], uint64[::1], int64[::1],"
    " int64[::1], int64[::1], int64, uint32[::1], int64[::1], uint8[::1], int64[::1],"
    " uint32[::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def find_fields(
    text: Codes,
    parted: Octets,
    places: Integers,
    sieve: Hashes,
    keys: Hashes,
    posting: Integers,
    posted_field: Integers,
    posted_at: Integers,
    n: int,
    fields: Codes,
    start: Integers,
    kind: Octets,
    wanted: Integers,
    choices: Codes,
    choice_start: Integers,
    first_choice: Integers,
) -> Integers:
    """
    Where fields stand in texts: rows of text, field, begin, end (in the bare text), letters.

    `keys` are the hashes of seeds of `n` letters, sorted, `posting` where the fields of each begin
    in `posted_field` and `posted_at`; `sieve` has a bit set for the low bits of each key. `kind`
    and `wanted` say what has to be seen of a field, and how many letters of it.
    """
    rows = np.empty((256, 5), np.int64)
    found = 0
    power = np.uint64(1)
    for _ in range(n - 1):
        power *= BASE
    mask = np.uint64(sieve.size * 64 - 1)
    behind = np.full(start.size, np.int64(-1))
    for i in range(places.size - 1):
        low, high = places[i], places[i + 1]
        work = LEAST_WORK + WORK_PER_LETTER * (high - low)
        value = np.uint64(0)
        for k in range(low, high):
            if k >= low + n:
                value -= np.uint64(text[k - n] + np.uint32(1)) * power
            value = value * BASE + np.uint64(text[k] + np.uint32(1))
            if k < low + n - 1:
                continue
            bit = (value >> np.uint64(20)) & mask
            if not (sieve[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1):
                continue
            at = np.searchsorted(keys, value)
            if at == keys.size or keys[at] != value:
                continue
            begin_at = k - n + 1
            for p in range(posting[at], posting[at + 1]):
                f = posted_field[p]
                if behind[f] > begin_at or work < 0:
                    continue
                begin, end = start[f], start[f + 1]
                here = begin + posted_at[p]
                right, _, more = grow(text, begin_at, low, high, fields, here, begin, end, 1)
                left, _, less = grow(
                    text, begin_at - 1, low, high, fields, here - 1, begin, end, -1
                )
                left += 1
                work -= more + less + 8 * FEW
                same = more + less
                if same < wanted[f]:
                    continue
                alone = parted[left] != TOGETHER and (right == high or parted[right] == ENDED)
                if kind[f] == WEAK or (kind[f] == SHORT and not alone):
                    c, d = first_choice[f], first_choice[f + 1]
                    size = choice_start[d] - choice_start[c]
                    stop = min(high, right + 2 * size + WINDOW)
                    work -= (d - c) * (stop - right)
                    seen = count_choices(text, right, stop, choices, choice_start, c, d)
                    if seen * 5 < (d - c) * 3 or seen < 2:
                        continue
                    right = min(stop, right + size)
                behind[f] = right
                if found == rows.shape[0]:
                    wider = np.empty((2 * found, 5), np.int64)
                    wider[:found] = rows
                    rows = wider
                rows[found, 0] = i
                rows[found, 1] = f
                rows[found, 2] = left - low
                rows[found, 3] = right - low
                rows[found, 4] = same
                found += 1
    return rows[:found].copy()
