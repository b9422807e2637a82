"""
Whether a name of a person may stand right before or behind a place of a folded text.

Surnames and given names are tables of bits, so that an answer may be yes by mistake, never no.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers

WORD_BITS = 20
"""A table of words has 2^20 bits: thirty thousand words fill three hundredths of it."""
LONGEST_SURNAME, LONGEST_GIVEN = 4, 5

SURNAMES, GIVEN_NAMES, CALLED = range(3)
"""The tables of words: the last are surnames that stand alone."""
ANYWHERE, AT_THE_END, BEFORE_MORE = range(3)
"""Where a name may end."""
ALONE, TOGETHER = True, False
"""Whether a surname is enough."""

# What ends a word for somebody before a surname, and what follows a given name.
_WHO = tuple(map(ord, "者人員師士長役手婦親"))
_CALLS = tuple(map(ord, "様殿氏君行先"))

_A, _Z = map(ord, "AZ")
_OPEN, _CLOSE, _BAR, _COLON, _EQUALS, _BLANK, _LINE = map(ord, "()|:= \n")
_NENE, _SMALL_KE, _FIRST_HAN, _LAST_HAN = map(ord, "々ヶ一鿿")
_HIRA_FIRST, _HIRA_LAST, _KATA_FIRST, _KATA_LAST = 0x3041, 0x3096, 0x30A1, 0x30FA
_LINKS = tuple(map(ord, " :|=,()は\n'\""))

_ONE = np.uint64(1)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - WORD_BITS)
_IN_WORD = np.uint64(63)
_PER_WORD = np.uint64(6)

_LONGEST_GAP = 8
"""Characters between a label and a name: a colon, blanks, a quote."""
_LONGEST_APART = 3
"""Kanji on each side of a blank between surname and given name; a kana may follow."""
_LONGEST_BRACKET = 8
"""Characters in brackets between them."""


@njit("uint64(uint64, uint32)", cache=True, nogil=True, inline="always")
def _mixed(word: Any, code: Any) -> Any:
    """The hash of a word with one more character."""
    return (word ^ np.uint64(code)) * _FACTOR


@njit("boolean(uint64, uint64[::1])", cache=True, nogil=True, inline="always")
def _is_in(word: Any, table: Any) -> Any:
    at = word >> _SHIFT
    return (table[at >> _PER_WORD] >> (at & _IN_WORD)) & _ONE != 0


@njit("uint64[::1](uint32[::1], int64[::1])", cache=True, nogil=True)
def table_of_words(codes: Codes, start: Integers) -> Hashes:
    """
    A table of bits with one for each word `codes[start[i] : start[i + 1]]`.

    A Bloom filter with one hash: who is not in it is no such word.
    """
    table = np.zeros((1 << WORD_BITS) // 64, np.uint64)
    for i in range(start.size - 1):
        word = np.uint64(0)
        for k in range(start[i], start[i + 1]):
            word = _mixed(word, codes[k])
        at = word >> _SHIFT
        table[at >> _PER_WORD] |= _ONE << (at & _IN_WORD)
    return table


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_han(c: Any) -> Any:
    return _FIRST_HAN <= c <= _LAST_HAN or c in (_NENE, _SMALL_KE)


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_katakana(c: Any) -> Any:
    return _KATA_FIRST <= c <= _KATA_LAST


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_name(c: Any) -> Any:
    """Whether a character may be one of a name."""
    return _is_han(c) or _is_katakana(c) or _HIRA_FIRST <= c <= _HIRA_LAST


@njit("boolean(uint32[::1], int64, int64, int64)", cache=True, nogil=True, inline="always")
def _ends_here(codes: Any, place: Any, high: Any, ends: Any) -> Any:
    """Whether a name may end before a place; see `name_from`."""
    if ends == ANYWHERE or place >= high:
        return True
    return ends == BEFORE_MORE and not _is_name(codes[place])


@njit(
    "boolean(uint32[::1], int64, int64, int64, boolean, uint64[:, ::1])",
    cache=True,
    nogil=True,
)
def name_from(codes: Any, place: Any, high: Any, ends: Any, alone: Any, words: Any) -> Any:
    """
    Whether a surname and a given name begin at a place; with `alone` a surname is enough.

    `ends` says where: anywhere, at `high` only, or also where what follows is no name.
    """
    word = np.uint64(0)
    for behind in range(place + 1, min(place + LONGEST_SURNAME, high) + 1):
        word = _mixed(word, codes[behind - 1])
        called = alone and _is_in(word, words[CALLED])
        if not (called or _is_in(word, words[SURNAMES])):
            continue
        after = codes[behind] if behind < high else np.uint32(0)
        any_end = ends == ANYWHERE
        whole = not _is_name(after) if any_end else _ends_here(codes, behind, high, ends)
        if called and whole:
            return True
        first = behind + (after == _BLANK)
        given = np.uint64(0)
        kanji = False
        for end in range(first + 1, min(first + LONGEST_GIVEN, high) + 1):
            c = codes[end - 1]
            if not _is_name(c):
                break
            given = _mixed(given, c)
            kanji = kanji or _FIRST_HAN <= c <= _LAST_HAN
            # Behind a blank any short name is one, and any in kana.
            known = first > behind and (end - first < 3 or not kanji)
            if (known or _is_in(given, words[GIVEN_NAMES])) and _ends_here(codes, end, high, ends):
                return True
    return False


@njit("boolean(uint32[::1], int64, int64, uint64[:, ::1])", cache=True, nogil=True)
def _name_at(codes: Any, place: Any, high: Any, words: Any) -> Any:
    """Whether behind a label a name begins at a place: known, or what may be one in kanji."""
    if place >= high or not _is_han(codes[place]):
        return False
    if name_from(codes, place, high, ANYWHERE, ALONE, words):
        return True
    # A surname and one or two kanji that are no given name, and then no kanji any more.
    end = place
    while end < high and end <= place + 5 and _is_han(codes[end]):
        end += 1
    if not 3 <= end - place <= 5:
        return False
    word = np.uint64(0)
    for k in range(place, min(place + 3, end)):
        word = _mixed(word, codes[k])
        if k > place and 1 <= end - k - 1 <= 2 and _is_in(word, words[CALLED]):
            return True
    return False


@njit("boolean(uint32[::1], int64, int64, uint64[:, ::1])", cache=True, nogil=True)
def name_behind(codes: Any, place: Any, high: Any, words: Any) -> Any:
    """
    Whether behind a label, which ends before a place, a name follows: “(本人): 山田”.

    Capital letters are one behind a mark only.
    """
    second = place
    if place < high and codes[place] == _OPEN:
        for k in range(place + 1, min(place + _LONGEST_BRACKET + 2, high)):
            if codes[k] == _CLOSE:
                second = k + 1
                break
    for first in (place, second):
        marked = False
        for k in range(first, min(first + _LONGEST_GAP, high)):
            c = codes[k]
            if c not in _LINKS:
                break
            marked = marked or c in (_COLON, _BAR, _EQUALS)
            if k + 1 < high:
                after = codes[k + 1]
                if marked and _A <= after <= _Z:
                    return True
                if _name_at(codes, k + 1, high, words):
                    return True
    return False


@njit(
    "boolean(uint32[::1], int64, int64, boolean, boolean, uint64[:, ::1])", cache=True, nogil=True
)
def name_before(codes: Any, low: Any, place: Any, titled: Any, alone: Any, words: Any) -> Any:
    """
    Whether a name ends before a place; a surname with `alone`, with brackets behind if `titled`.

    A name begins where kanji begin, or before a title two kanji later, behind 昨日 or 同僚.
    """
    if place == low or not (
        _is_name(codes[place - 1]) or (titled and codes[place - 1] in (_CLOSE, _BLANK, _LINE))
    ):
        return False
    ends = BEFORE_MORE if titled else AT_THE_END
    for k in range(low, place):
        if not _is_han(codes[k]):
            continue
        if k > low and (_is_han(codes[k - 1]) or _is_katakana(codes[k - 1])):
            continue
        if name_from(codes, k, place, ends, alone, words):
            return True
        more = titled and k + 2 < place and _is_han(codes[k + 1]) and _is_han(codes[k + 2])
        if more and name_from(codes, k + 2, place, ends, ALONE, words):
            return True
    return False


@njit("boolean(uint32[::1], int64, int64, int64, uint64[:, ::1])", cache=True, nogil=True)
def name_around(codes: Any, low: Any, place: Any, high: Any, words: Any) -> Any:
    """Whether on the sides of a blank stand a surname and a given name, and no more kanji."""
    seen = False
    for first in range(max(low, place - _LONGEST_APART), place):
        before = codes[first - 1] if first > low else np.uint32(0)
        if _is_han(before) and before not in _WHO:
            continue
        word = np.uint64(0)
        for k in range(first, place):
            word = _mixed(word, codes[k])
        seen = seen or _is_in(word, words[SURNAMES])
    if not seen:
        return False
    given = np.uint64(0)
    for end in range(place + 2, min(place + 1 + _LONGEST_APART + 1, high) + 1):
        given = _mixed(given, codes[end - 1])
        if _is_in(given, words[GIVEN_NAMES]) and (
            end == high or not _is_han(codes[end]) or codes[end] in _CALLS
        ):
            return True
    return False
