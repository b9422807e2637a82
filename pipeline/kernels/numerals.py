"""
Numerals: the numbers that folded texts name, and which texts name different ones.

A number is a run of digits, of kanji numerals (三十, 二〇二六, 一億二千万) or of both (3億5千万),
in the hash view, where widths and dots are one already. `1,234` is one number, `8.05` is two: 8,
and 5 after one zero. 30 and 三十 are the same number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers

_ZERO, _NINE = ord("0"), ord("9")
_COMMA, _STOP = ord(","), ord(".")
_NO_DIGIT = -1
_THOUSANDS = 3
"""Digits after a comma that goes on with a number."""

_TEN, _HUNDRED, _THOUSAND = ord("十"), ord("百"), ord("千")
_MYRIAD, _OKU, _CHO = ord("万"), ord("億"), ord("兆")
_KANJI_ZERO, _OTHER_ZERO = ord("〇"), ord("零")
_ONE, _TWO, _THREE, _FOUR, _FIVE = ord("一"), ord("二"), ord("三"), ord("四"), ord("五")
_SIX, _SEVEN, _EIGHT, _NINTH = ord("六"), ord("七"), ord("八"), ord("九")

_MIX = np.uint64(0x9E3779B97F4A7C15)
_UPPER = np.uint64(32)


@njit("int64(uint32)", cache=True, nogil=True, inline="always")
def _digit(code: int) -> int:
    """What a digit or a kanji numeral below ten counts; -1 for other characters."""
    if _ZERO <= code <= _NINE:
        return np.int64(code) - _ZERO
    if code in (_KANJI_ZERO, _OTHER_ZERO):
        return 0
    if code == _ONE:
        return 1
    if code == _TWO:
        return 2
    if code == _THREE:
        return 3
    if code == _FOUR:
        return 4
    if code == _FIVE:
        return 5
    if code == _SIX:
        return 6
    if code == _SEVEN:
        return 7
    if code == _EIGHT:
        return 8
    if code == _NINTH:
        return 9
    return _NO_DIGIT


@njit("int64(uint32)", cache=True, nogil=True, inline="always")
def _unit(code: int) -> int:
    """What a character multiplies the digits before it by; 0 for others."""
    if code == _TEN:
        return 10
    if code == _HUNDRED:
        return 100
    if code == _THOUSAND:
        return 1000
    if code == _MYRIAD:
        return 10_000
    if code == _OKU:
        return 100_000_000
    if code == _CHO:
        return 1_000_000_000_000
    return 0


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def _goes_on(codes: Codes, at: int, end: int) -> bool:
    """Whether exactly three digits follow the comma at `at`."""
    for k in range(at + 1, at + 1 + _THOUSANDS):
        if k >= end or not _ZERO <= codes[k] <= _NINE:
            return False
    after = at + 1 + _THOUSANDS
    return after >= end or not _ZERO <= codes[after] <= _NINE


@njit(
    "Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def numbers_of(codes: Codes, start: Integers) -> tuple[Codes, Integers]:
    """
    Hashes of the numbers of each text, sorted, each as often as it is there.

    Text `i` has `numbers[first[i] : first[i + 1]]`. Numbers beyond 2^64 are told apart by their
    remainder.
    """
    numbers = np.empty(codes.size, np.uint32)
    first = np.zeros(start.size, np.int64)
    out = 0
    for text in range(start.size - 1):
        at, end = start[text], start[text + 1]
        while at < end:
            digit, unit = _digit(codes[at]), _unit(codes[at])
            if digit < 0 and not 0 < unit <= 1000:
                at += 1
                continue
            zeros = np.uint64(0)
            fraction = (
                at - 2 >= start[text]
                and codes[at - 1] == _STOP
                and _ZERO <= codes[at - 2] <= _NINE
                and _ZERO <= codes[at] <= _NINE
            )
            while fraction and at + 1 < end and codes[at] == _ZERO:
                zeros += np.uint64(1)
                at += 1
            total, section, current = np.uint64(0), np.uint64(0), np.uint64(0)
            counted = False
            while at < end:
                code = codes[at]
                digit, unit = _digit(code), _unit(code)
                if digit >= 0:
                    current = current * np.uint64(10) + np.uint64(digit)
                    counted = True
                elif unit > 1000:
                    section += current
                    if section == 0 and not counted:
                        section = np.uint64(1)
                    total += section * np.uint64(unit)
                    section = np.uint64(0)
                    current = np.uint64(0)
                    counted = False
                elif unit > 0:
                    section += (current if counted else np.uint64(1)) * np.uint64(unit)
                    current = np.uint64(0)
                    counted = False
                elif not (code == _COMMA and counted and _goes_on(codes, at, end)):
                    break
                at += 1
            value = total + section + current
            mixed = (value ^ (zeros << np.uint64(56))) * _MIX
            mixed = (mixed ^ (mixed >> _UPPER)) * _MIX
            numbers[out] = np.uint32(mixed >> _UPPER)
            out += 1
        first[text + 1] = out
        numbers[first[text] : out].sort()
    return numbers[:out].copy(), first


@njit(
    "boolean[::1](uint32[::1], int64[::1], int64[::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def differ(
    numbers: Codes, begin: Integers, end: Integers, left: Integers, right: Integers
) -> Flags:
    """
    Of which pairs each text has a number that the other has not, or not as often.

    Text `i` has `numbers[begin[i] : end[i]]`, sorted. Where only one of the two has more, as when a
    footer was added, they do not differ.
    """
    found = np.zeros(left.size, np.bool_)
    for p in range(left.size):
        i, i_end = begin[left[p]], end[left[p]]
        j, j_end = begin[right[p]], end[right[p]]
        more = other_more = False
        while (i < i_end or j < j_end) and not (more and other_more):
            if j >= j_end or (i < i_end and numbers[i] < numbers[j]):
                more = True
                i += 1
            elif i >= i_end or numbers[j] < numbers[i]:
                other_more = True
                j += 1
            else:
                i += 1
                j += 1
        found[p] = more and other_more
    return found
