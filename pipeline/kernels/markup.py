"""Characters that belong to addresses and to tags, and stretches without hiragana."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers

LONGEST_TAG = 400
"""Characters between < and > that may still be a tag."""


@njit("boolean(uint32)", cache=True, nogil=True)
def _is_letter(code: int) -> bool:
    lower = code | np.uint32(0x20)
    return np.uint32(ord("a")) <= lower <= np.uint32(ord("z"))


@njit("boolean(uint32)", cache=True, nogil=True)
def _in_address(code: int) -> bool:
    if code <= np.uint32(ord(" ")) or code >= np.uint32(0x7F):
        return False
    return (
        code != ord('"')
        and code != ord("'")
        and code != ord("<")
        and code != ord(">")
        and code != ord(")")
        and code != ord("]")
        and code != ord("|")
    )


@njit("int64[::1](uint32[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def count_addresses(codes: Codes, start: Integers, end: Integers) -> Integers:
    """
    Characters of each piece that stand in URLs.

    A URL is `scheme://` or `www.` with all that follows up to a blank, a bracket, a quote or a
    character beyond ASCII.
    """
    counts = np.zeros(start.size, np.int64)
    for i in range(start.size):
        last = end[i]
        free = start[i]  # where the last address ended
        k = start[i]
        while k < last:
            c = codes[k]
            begin = np.int64(-1)
            if (
                c == ord(":")
                and k + 3 < last
                and codes[k + 1] == ord("/")
                and codes[k + 2] == ord("/")
            ):
                begin = k
                while begin > free and _is_letter(codes[begin - 1]):
                    begin -= 1
            elif (
                c == ord("w")
                and k + 4 < last
                and codes[k + 1] == c
                and codes[k + 2] == c
                and codes[k + 3] == ord(".")
            ):
                begin = k
            if begin >= 0 and k >= free:
                stop = k
                while stop < last and _in_address(codes[stop]):
                    stop += 1
                counts[i] += stop - begin
                free = stop
            k += 1
    return counts


@njit("int64(uint32[::1], int64, int64)", cache=True, nogil=True)
def _tag_end(codes: Codes, begin: int, last: int) -> int:
    """Behind the > of the tag whose < stands at `begin`, or `begin` where it is none."""
    k = begin + 1
    if k >= last or not (_is_letter(codes[k]) or codes[k] == ord("/") or codes[k] == ord("!")):
        return begin
    limit = min(last, begin + LONGEST_TAG)
    quoted = False
    while k < limit and codes[k] != ord(">") and codes[k] != ord("<"):
        if codes[k] == ord('"'):
            quoted = not quoted
        elif codes[k] >= np.uint32(0x80) and not quoted:
            return begin
        k += 1
    return k + 1 if k < limit and codes[k] == ord(">") else begin


@njit("int64[::1](uint32[::1], int64[::1], boolean[::1])", cache=True, nogil=True)
def count_tags(codes: Codes, start: Integers, skipped: Flags) -> Integers:
    """
    Characters of each text that stand in tags, without those of the set `skipped` (white space).

    A tag begins with < and a letter, a slash or !, ends with >, on another line if need be, and
    holds no second < and, but for quoted values, nothing beyond ASCII: <時刻> and a < b are none.
    """
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        k = start[i]
        while k < start[i + 1]:
            if codes[k] != ord("<"):
                k += 1
                continue
            behind = _tag_end(codes, k, start[i + 1])
            for place in range(k, behind):
                counts[i] += not skipped[codes[place]]
            k = max(behind, k + 1)
    return counts


@njit(
    "int64[::1](uint32[::1], int64[::1], boolean[::1], boolean[::1], int64)",
    cache=True,
    nogil=True,
)
def count_gaps(
    codes: Codes, start: Integers, breaks: Flags, skipped: Flags, shortest: int
) -> Integers:
    """
    Characters of each text in stretches of at least `shortest` without one of the set `breaks`.

    Characters of the set `skipped` (white space) lengthen a stretch but are not counted. Looking
    backwards from the place where a stretch would be long enough skips most of the text.
    """
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        total = np.int64(0)
        last = start[i + 1]
        k = start[i]
        while k + shortest <= last:
            j = k + shortest - 1
            while j >= k and not breaks[codes[j]]:
                j -= 1
            if j >= k:
                k = j + 1
                continue
            while k < last and not breaks[codes[k]]:
                total += not skipped[codes[k]]
                k += 1
        counts[i] = total
    return counts
