"""From UTF-8 to code points, and counts, lines and sentences over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit, types

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Hashes, Integers, Octets

CODE_POINTS = 0x110000
"""The size of a table with one entry per Unicode code point."""

ReadOnlyBytes = types.Array(types.uint8, 1, "C", readonly=True)
"""Arrow's buffers may not be written to; a signature without this refuses them."""

_NEWLINE = ord("\n")
_K1, _K2, _K3, _K4, _K5 = (
    np.uint64(odd)
    for odd in (
        0x9E3779B185EBCA87,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x85EBCA77C2B2AE63,
        0x27D4EB2F165667C5,
    )
)
"""Odd constants of xxHash."""

_BLOCK = 64
"""Characters that are looked at together where what is looked for is rare."""
_ONE, _TWO, _THREE, _FOUR = (np.uint64(k) for k in (1, 2, 3, 4))


@njit(
    types.Tuple((types.uint32[::1], types.int64[::1]))(
        ReadOnlyBytes, types.Array(types.int64, 1, "C", readonly=True)
    ),
    cache=True,
    nogil=True,
)
def decode_utf8(data: Octets, offsets: Integers) -> tuple[Codes, Integers]:
    """Code points of valid UTF-8, and where each text starts among them."""
    n = offsets.size - 1
    start = np.empty(n + 1, np.int64)
    start[0] = 0
    for i in range(n):
        # A slice, and places without a sign below: otherwise every look asks whether its place is
        # counted from the end.
        text = data[offsets[i] : offsets[i + 1]]
        going_on = np.int64(0)
        for k in range(text.size):
            going_on += (text[k] & 0xC0) == 0x80
        start[i + 1] = start[i] + text.size - going_on
    codes = np.empty(start[n], np.uint32)
    text = data[offsets[0] : offsets[n]]
    k = np.uint64(0)
    for out in range(codes.size):
        lead = np.uint32(text[k])
        if lead & np.uint32(0xF0) == 0xE0:
            codes[out] = (
                (lead & np.uint32(0x0F)) << np.uint32(12)
                | np.uint32(text[k + _ONE] & 0x3F) << np.uint32(6)
                | np.uint32(text[k + _TWO] & 0x3F)
            )
            k += _THREE
        elif lead < 0x80:
            codes[out] = lead
            k += _ONE
        elif lead < 0xE0:
            codes[out] = (lead & np.uint32(0x1F)) << np.uint32(6) | np.uint32(text[k + _ONE] & 0x3F)
            k += _TWO
        else:
            codes[out] = (
                (lead & np.uint32(0x07)) << np.uint32(18)
                | np.uint32(text[k + _ONE] & 0x3F) << np.uint32(12)
                | np.uint32(text[k + _TWO] & 0x3F) << np.uint32(6)
                | np.uint32(text[k + _THREE] & 0x3F)
            )
            k += _FOUR
    return codes, start


@njit("int64(uint32[::1], int64, int64, uint32)", cache=True, nogil=True)
def _find(codes: Codes, k: int, last: int, wanted: int) -> int:
    """Where a rare code point stands next, from `k` on and before `last`; `last` where nowhere."""
    while k + _BLOCK <= last:
        block = codes[k : k + _BLOCK]
        seen = np.uint32(0)
        for j in range(_BLOCK):  # without a branch, so with vector instructions
            seen |= np.uint32(block[j] == wanted)
        if seen:
            break
        k += _BLOCK
    while k < last and codes[k] != wanted:
        k += 1
    return k


@njit(
    "Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1], uint32[:, ::1], int64[::1])",
    cache=True,
    nogil=True,
)
def hide_masks(
    codes: Codes, start: Integers, masks: Codes, length: Integers
) -> tuple[Codes, Integers]:
    """
    The texts with every mask (a row of `masks`, `length` characters of it) made a row of zeros.

    Also gives the masks of each text. Places stay where they are; without masks the texts come
    back as they are, not copied.
    """
    counts = np.zeros(start.size - 1, np.int64)
    hidden = codes
    copied = False
    for i in range(start.size - 1):
        last = start[i + 1]
        k = start[i] - 1
        while True:
            k = _find(codes, k + 1, last, np.uint32(ord("<")))
            if k >= last:
                break
            for m in range(length.size):
                size = length[m]
                if k + size > last:
                    continue
                same = True
                for j in range(1, size):
                    if codes[k + j] != masks[m, j]:
                        same = False
                        break
                if same:
                    if not copied:
                        hidden = codes.copy()
                        copied = True
                    hidden[k : k + size] = ord("0")
                    counts[i] += 1
                    break
    return hidden, counts


@njit("int64[::1](uint32[::1], int64[::1], uint32, uint32)", cache=True, nogil=True)
def count_between(codes: Codes, start: Integers, low: int, high: int) -> Integers:
    """How many characters of each piece lie between two code points, both included."""
    counts = np.empty(start.size - 1, np.int64)
    span = high - low
    for i in range(start.size - 1):
        total = np.int64(0)
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            total += np.uint32(text[k] - low) <= span
        counts[i] = total
    return counts


@njit("int64[::1](uint32[::1], int64[::1], int64[::1], boolean[::1])", cache=True, nogil=True)
def count_members(codes: Codes, start: Integers, end: Integers, table: Flags) -> Integers:
    """How many characters of each piece are in a table of all code points."""
    counts = np.empty(start.size, np.int64)
    for i in range(start.size):
        total = np.int64(0)
        piece = codes[start[i] : end[i]]
        for k in range(piece.size):
            total += table[piece[k]]
        counts[i] = total
    return counts


@njit("uint8[::1](uint32[::1], int64[::1], uint8[::1])", cache=True, nogil=True)
def flags_present(codes: Codes, start: Integers, table: Octets) -> Octets:
    """For each text, all flags of its characters or-ed together."""
    flags = np.empty(start.size - 1, np.uint8)
    for i in range(start.size - 1):
        seen = np.uint8(0)
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            seen |= table[text[k]]
        flags[i] = seen
    return flags


@njit("int64[::1](uint32[::1], int64[::1])", cache=True, nogil=True)
def longest_run(codes: Codes, start: Integers) -> Integers:
    """The longest run of one character in each text."""
    longest = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        best = np.int64(0)
        run = np.int64(0)
        before = np.uint32(0)
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            c = text[k]
            run = np.int64(run + 1 if c == before else 1)
            before = c
            best = max(best, run)
        longest[i] = best
    return longest


@njit(
    "Tuple((int64[::1], int64[::1], int64[::1]))(uint32[::1], int64[::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def find_lines(codes: Codes, start: Integers, blank: Flags) -> tuple[Integers, Integers, Integers]:
    """
    The lines of each text that are not blank, trimmed: starts, ends, and the first line per text.

    `first[i] : first[i + 1]` are the lines of text `i`.
    """
    n = start.size - 1
    most = np.int64(0)
    first = np.zeros(n + 1, np.int64)
    for i in range(n):
        if start[i + 1] > start[i]:
            most += 1
        text = codes[start[i] : start[i + 1]]
        for k in range(text.size):
            most += text[k] == _NEWLINE
    starts = np.empty(most, np.int64)
    ends = np.empty(most, np.int64)
    found = 0
    for i in range(n):
        text = codes[start[i] : start[i + 1]]
        k = np.int64(0)
        for stop in range(text.size + 1):
            if stop < text.size and text[stop] != _NEWLINE:
                continue
            a = k
            b = np.int64(stop)
            while a < b and blank[text[a]]:
                a += 1
            while b > a and blank[text[b - 1]]:
                b -= 1
            if b > a:
                starts[found] = start[i] + a
                ends[found] = start[i] + b
                found += 1
            k = np.int64(stop + 1)
        first[i + 1] = found
    return starts[:found].copy(), ends[:found].copy(), first


@njit(
    "Tuple((int64[::1], int64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64[::1], int64[::1], boolean[::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def find_sentences(
    codes: Codes,
    line_start: Integers,
    line_end: Integers,
    first_line: Integers,
    stop: Flags,
    closing: Flags,
) -> tuple[Integers, Integers, Integers]:
    """
    The sentences inside lines: a sentence ends after a run of stops and closing brackets.

    What is left of a line after its last stop is a sentence too (headings, list items).
    """
    n = first_line.size - 1
    most = np.int64(line_start.size)
    for j in range(line_start.size):
        line = codes[line_start[j] : line_end[j]]
        for k in range(line.size):
            most += stop[line[k]]
    starts = np.empty(most, np.int64)
    ends = np.empty(most, np.int64)
    first = np.zeros(n + 1, np.int64)
    found = 0
    for i in range(n):
        for j in range(first_line[i], first_line[i + 1]):
            begin = line_start[j]
            line = codes[begin : line_end[j]]
            ended = False
            for k in range(line.size):
                # Behind a stop all stops and brackets belong to it; what follows begins a sentence.
                if ended and not (stop[line[k]] or closing[line[k]]):
                    ended = False
                    starts[found] = begin
                    ends[found] = line_start[j] + k
                    found += 1
                    begin = line_start[j] + k
                ended |= stop[line[k]]
            if begin < line_end[j]:
                starts[found] = begin
                ends[found] = line_end[j]
                found += 1
        first[i + 1] = found
    return starts[:found].copy(), ends[:found].copy(), first


@njit("uint64[::1](uint32[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def hash_pieces(codes: Codes, start: Integers, end: Integers) -> Hashes:
    """A 64-bit hash of each piece (FNV-1a over code points, finished with murmur's mixer)."""
    hashes = np.empty(start.size, np.uint64)
    for i in range(start.size):
        h = np.uint64(0xCBF29CE484222325)
        piece = codes[start[i] : end[i]]
        for k in range(piece.size):
            h = (h ^ np.uint64(piece[k])) * np.uint64(0x100000001B3)
        h ^= h >> np.uint64(33)
        h *= np.uint64(0xFF51AFD7ED558CCD)
        h ^= h >> np.uint64(33)
        hashes[i] = h
    return hashes


@njit("uint64[::1](uint32[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def key_pieces(codes: Codes, start: Integers, end: Integers) -> Hashes:
    """
    A 64-bit key of each piece, to tell pieces of one batch apart; four times as fast as a hash.

    Multilinear: four code points times odd constants at a time (see `recurrence.py`), and the
    length. What is stored uses `hash_pieces`.
    """
    keys = np.empty(start.size, np.uint64)
    for i in range(start.size):
        piece = codes[start[i] : end[i]]
        size = np.uint64(piece.size)
        key = size * _K5
        k = np.uint64(0)
        while k + np.uint64(4) <= size:
            key = key * _K5 + (
                np.uint64(piece[k]) * _K1
                + np.uint64(piece[k + _ONE]) * _K2
                + np.uint64(piece[k + _TWO]) * _K3
                + np.uint64(piece[k + _THREE]) * _K4
            )
            k += np.uint64(4)
        while k < size:
            key = key * _K5 + np.uint64(piece[k]) * _K1
            k += _ONE
        key ^= key >> np.uint64(32)
        keys[i] = key * _K2
    return keys
