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


@njit(
    "Tuple((int64[::1], int64[::1]))(uint32[::1], int64[::1], int64[::1])", cache=True, nogil=True
)
def count_markup(codes: Codes, start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """
    Characters of each piece that stand in URLs, and those that stand in tags.

    A URL is `scheme://` or `www.` with all that follows up to a blank, a bracket, a quote or a
    character beyond ASCII. A tag begins with < and a letter, a slash or !, ends with >, and
    holds no second < and, but for quoted values, nothing beyond ASCII: <時刻> and a < b である > c
    are none. What stands in both counts for both.
    """
    addresses = np.zeros(start.size, np.int64)
    tags = np.zeros(start.size, np.int64)
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
            elif (
                c == ord("<")
                and k + 1 < last
                and (
                    _is_letter(codes[k + 1]) or codes[k + 1] == ord("/") or codes[k + 1] == ord("!")
                )
            ):
                stop = k + 1
                limit = min(last, k + LONGEST_TAG)
                quoted = False
                while stop < limit and codes[stop] != ord(">") and codes[stop] != ord("<"):
                    if codes[stop] == ord('"'):
                        quoted = not quoted
                    elif codes[stop] >= np.uint32(0x80) and not quoted:
                        break
                    stop += 1
                if stop < limit and codes[stop] == ord(">"):
                    tags[i] += stop + 1 - k
            if begin >= 0 and k >= free:
                stop = k
                while stop < last and _in_address(codes[stop]):
                    stop += 1
                addresses[i] += stop - begin
                free = stop
            k += 1
    return addresses, tags


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
