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
"""A table of words has 2^20 bits, two for each word: thirty thousand fill a twentieth of it."""
LONGEST_SURNAME, LONGEST_GIVEN = 4, 5

SURNAMES, GIVEN_NAMES, CALLED = range(3)
"""The tables of names: the last are surnames that stand alone."""
ANYWHERE, AT_THE_END, BEFORE_MORE = range(3)
"""Where a name may end."""
ALONE, TOGETHER = True, False
"""Whether a surname is enough."""
_TITLED = True

# What ends a word for somebody before a surname, and what follows a given name.
_WHO = tuple(map(ord, "者人員師士長役手婦親"))
_CALLS = tuple(map(ord, "様殿氏君行先"))

_0, _9, _A, _Z, _LOWER_A, _LOWER_Z = map(ord, "09AZaz")
_OPEN, _CLOSE, _BAR, _COLON, _EQUALS, _BLANK, _LINE = map(ord, "()|:= \n")
_NENE, _SMALL_KE, _FIRST_HAN, _LAST_HAN = map(ord, "々ヶ一鿿")
_HIRA_FIRST, _HIRA_LAST, _KATA_FIRST, _KATA_LAST = 0x3041, 0x3096, 0x30A1, 0x30FA
_LINKS = tuple(map(ord, " :|=,()は\n'\""))

_ONE = np.uint64(1)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - WORD_BITS)
_SECOND = np.uint64(64 - WORD_BITS - 6)
_IN_WORD = np.uint64(63)
_PER_WORD = np.uint64(6)

_LONGEST_GAP = 8
"""Characters between a label and a name: a colon, blanks, a quote."""
_LONGEST_FOREIGN = 14
"""Letters of a foreign name, and one more place for the blank behind it."""
_LONGEST_APART = 3
"""Kanji on each side of a blank between surname and given name; a kana may follow."""
_LONGEST_BRACKET = 8
"""Characters in brackets between them."""
_LONGEST_READING, _OLDEST = 14, 3
"""Characters of a reading in kana, and figures of an age, in brackets behind a name."""
_LONGEST_NAME = 2 + LONGEST_SURNAME + 1 + LONGEST_GIVEN
"""Characters of a name with a blank in it, and of a word such as 同僚 before it."""


@njit("uint64(uint64, uint32)", cache=True, nogil=True, inline="always")
def mixed(word: Any, code: Any) -> Any:
    """The hash of a word with one more character."""
    return (word ^ np.uint64(code)) * _FACTOR


@njit("uint64(uint64)", cache=True, nogil=True, inline="always")
def _bits_of(word: Any) -> Any:
    """The two bits of a word in the 64 that its hash leads to."""
    return _ONE << (word >> _SHIFT & _IN_WORD) | _ONE << (word >> _SECOND & _IN_WORD)


@njit("boolean(uint64, uint64[::1])", cache=True, nogil=True, inline="always")
def is_in(word: Any, table: Any) -> Any:
    """Whether a word, by its hash, may be one of a table."""
    bits = _bits_of(word)
    return table[word >> _SHIFT >> _PER_WORD] & bits == bits


@njit("uint64[::1](uint32[::1], int64[::1])", cache=True, nogil=True)
def table_of_words(codes: Codes, start: Integers) -> Hashes:
    """
    A table of bits with one for each word `codes[start[i] : start[i + 1]]`.

    A Bloom filter of which a word has two bits next to each other: who is not in it is no such
    word, and of a thousand others one or two are taken for one.
    """
    table = np.zeros((1 << WORD_BITS) // 64, np.uint64)
    for i in range(start.size - 1):
        word = np.uint64(0)
        for k in range(start[i], start[i + 1]):
            word = mixed(word, codes[k])
        table[word >> _SHIFT >> _PER_WORD] |= _bits_of(word)
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
        word = mixed(word, codes[behind - 1])
        called = alone and is_in(word, words[CALLED])
        if not (called or is_in(word, words[SURNAMES])):
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
            given = mixed(given, c)
            kanji = kanji or _FIRST_HAN <= c <= _LAST_HAN
            # Behind a blank any short name is one, and any in kana.
            known = first > behind and (end - first < 3 or not kanji)
            if (known or is_in(given, words[GIVEN_NAMES])) and _ends_here(codes, end, high, ends):
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
        word = mixed(word, codes[k])
        if k > place and 1 <= end - k - 1 <= 2 and is_in(word, words[CALLED]):
            return True
    return False


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def _is_foreign(codes: Any, place: Any, high: Any) -> Any:
    """Whether letters, a blank and another capital letter follow: “Jane Doe”."""
    for k in range(place + 1, min(place + _LONGEST_FOREIGN, high - 1)):
        c = codes[k]
        if c == _BLANK:
            return _A <= codes[k + 1] <= _Z
        if not (_A <= c <= _Z or _LOWER_A <= c <= _LOWER_Z):
            return False
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
                if marked and _A <= after <= _Z and _is_foreign(codes, k + 1, high):
                    return True
                if _name_at(codes, k + 1, high, words):
                    return True
    return False


@njit(
    "boolean(uint32[::1], int64, int64, boolean, boolean, uint64[:, ::1])", cache=True, nogil=True
)
def name_before(codes: Any, low: Any, place: Any, titled: Any, alone: Any, words: Any) -> Any:
    """
    Whether a name ends right before a place; a surname is enough with `alone`.

    A name begins where kanji begin, or if `titled` two kanji later, behind 昨日 or 同僚.
    """
    if place <= low or not _is_name(codes[place - 1]):
        return False
    for k in range(max(low, place - _LONGEST_NAME), place):
        if not _is_han(codes[k]):
            continue
        if k > low and (_is_han(codes[k - 1]) or _is_katakana(codes[k - 1])):
            continue
        if name_from(codes, k, place, AT_THE_END, alone, words):
            return True
        more = titled and k + 2 < place and _is_han(codes[k + 1]) and _is_han(codes[k + 2])
        if more and name_from(codes, k + 2, place, AT_THE_END, alone, words):
            return True
    return False


@njit("int64(uint32[::1], int64, int64)", cache=True, nogil=True)
def _bracket_before(codes: Any, low: Any, place: Any) -> Any:
    """Where an age or a reading in brackets begins that ends before a place; or the place."""
    if place - 1 < low or codes[place - 1] != _CLOSE:
        return place
    figures = kana = 0
    for k in range(place - 2, max(low, place - _LONGEST_READING - 2) - 1, -1):
        c = codes[k]
        if c == _OPEN:
            age = kana == 0 and 1 <= figures <= _OLDEST
            reading = figures == 0 and 2 <= kana <= _LONGEST_READING
            return k if age or reading else place
        figures += _0 <= c <= _9
        kana += c == _BLANK or _is_katakana(c) or _HIRA_FIRST <= c <= _HIRA_LAST
        if figures + kana < place - 1 - k:
            break
    return place


@njit("boolean(uint32[::1], int64, int64, uint64[:, ::1])", cache=True, nogil=True)
def name_before_title(codes: Any, low: Any, place: Any, words: Any) -> Any:
    """
    Whether a name stands before a title: “山田 太郎) (41) 様”.

    Between them may stand a closing bracket, a blank, and an age or a reading in brackets; a
    surname alone has nothing behind it but the blank.
    """
    for bracket in range(2):
        behind = _bracket_before(codes, low, place) if bracket else place
        if bracket and behind == place:
            break
        for blank in range(2):
            end = behind - blank
            if blank and (end < low or codes[end] not in (_BLANK, _LINE)):
                break
            if name_before(codes, low, end, _TITLED, not bracket, words):
                return True
            closed = end > low and codes[end - 1] == _CLOSE
            if closed and name_before(codes, low, end - 1, _TITLED, TOGETHER, words):
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
            word = mixed(word, codes[k])
        seen = seen or is_in(word, words[SURNAMES])
    if not seen:
        return False
    given = np.uint64(0)
    for end in range(place + 2, min(place + 1 + _LONGEST_APART + 1, high) + 1):
        given = mixed(given, codes[end - 1])
        if is_in(given, words[GIVEN_NAMES]) and (
            end == high or not _is_han(codes[end]) or codes[end] in _CALLS
        ):
            return True
    return False
