"""
What stands around a place of a text: figures, the shape of a number, a name, the head of a table.

The questions are those of the search for personal data; the texts are folded (see
`filters/personal/kinds.py`). Each answer may be yes by mistake, never no: where it is yes, a
pattern decides. No look reaches farther than a number that it is given, so that no text takes long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from seimai.pipeline.kernels.names import (
    BEFORE_MORE,
    TOGETHER,
    is_in,
    mixed,
    name_around,
    name_before,
    name_before_title,
    name_behind,
    name_from,
)

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers

(
    ALWAYS,
    DIGIT_NEAR,
    NUMBER_NEAR,
    FIGURE_NEAR,
    DATE_BEFORE,
    FIGURES_FROM,
    NAME_BEHIND,
    NAME_AT,
    NAME_AROUND,
    NAME_BEFORE,
    ANY_NAME_BEFORE,
    FULL_NAME_BEFORE,
    PLACE_BEFORE,
    LABEL_OF_PLACE,
    HEAD_OF_TABLE,
    FOUR_GROUPS,
    SIX_GROUPS,
    LABELLED_NAME,
    DAY_OF_BIRTH,
    SYMBOL_OF_PAPER,
    DOMAIN_BEHIND,
) = range(21)
"""
The questions. `ALWAYS` is answered with yes, `LABEL_OF_PLACE` with no: it is remembered for the
next `PLACE_BEFORE`.
"""

_0, _9, _A, _Z, _LOWER_A, _LOWER_Z = map(ord, "09AZaz")
_F, _LOWER_F = map(ord, "Ff")
_DOT, _COLON, _DASH, _MIDDLE, _BLANK, _LINE, _TAB = map(ord, ".:-・ \n\t")
_OPEN, _CLOSE, _BAR, _COMMA, _PLUS, _NO = map(ord, "()|,+の")
_AT, _KUTEN, _NI, _DAY = map(ord, "@。に日")
_KANJI_FIGURES = tuple(map(ord, "元〇零一二三四五六七八九十"))
_ENDS_OF_PLACES = tuple(map(ord, "市区町村都道府県"))
_BREAKS = tuple(map(ord, '\n。、,|"<>\0「」『』:;'))
_DOTS = tuple(map(ord, ".dDド"))
"""How a dot, or the word for it, begins in brackets."""
_LETTERS_BY_CASE = tuple(
    map(
        ord,
        "\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}"
        "\N{LATIN SMALL LETTER DOTLESS I}\N{LATIN SMALL LETTER LONG S}\N{KELVIN SIGN}",
    )
)
"""Letters that a pattern without case takes for one of A to Z."""

PLACES, LABEL_ENDS, PAPER_WORDS = range(3, 6)
"""The tables of words behind those of names: places are written backwards."""
LONGEST_PLACE = 10
"""Characters of a municipality; a prefecture has fewer."""
_LOOK_OF_PAPER, _REST_OF_PAPER = 60, 160
"""How far before and behind 記号 the word may stand that tells whose symbol it is."""

_ONE, _EIGHT, _MANY = np.uint64(1), np.uint64(8), np.uint64(255)

_TITLED = _WITH_KANJI = True
_FEW = 5
"""Digits that the shortest number of a paper or account has."""
_LONGEST_LINE = 400
"""A longer line is no head of a table."""
_MOST_BETWEEN = 5
"""Characters between two groups of a number: “ ) - ”."""


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_digit(c: Any) -> Any:
    return _0 <= c <= _9


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_hex(c: Any) -> Any:
    return _0 <= c <= _9 or _A <= c <= _F or _LOWER_A <= c <= _LOWER_F


@njit("boolean(uint32[::1], int64, int64, boolean)", cache=True, nogil=True)
def figure_near(codes: Any, low: Any, high: Any, kanji: Any) -> Any:
    """Whether an Arabic figure, or one in kanji, stands between two places."""
    for k in range(low, high):
        c = codes[k]
        if _is_digit(c) or (kanji and c in _KANJI_FIGURES):
            return True
    return False


@njit("boolean(uint32)", cache=True, nogil=True, inline="always")
def _is_of_domain(c: Any) -> Any:
    latin = _A <= c <= _Z or _LOWER_A <= c <= _LOWER_Z
    return latin or _is_digit(c) or c == _DASH or c in _LETTERS_BY_CASE


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def domain_behind(codes: Any, place: Any, high: Any) -> Any:
    """Whether a name with a dot begins at a place, be the dot a word in brackets."""
    k = place
    while k < high and _is_of_domain(codes[k]):
        k += 1
    if k == place or k >= high:
        return False
    if codes[k] == _DOT:
        return k + 1 < high and _is_of_domain(codes[k + 1])
    k += codes[k] == _BLANK
    if k >= high or codes[k] != _OPEN:
        return False
    k += 1
    k += k < high and codes[k] == _BLANK
    return k < high and codes[k] in _DOTS


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def number_near(codes: Any, low: Any, high: Any) -> Any:
    """Whether between two places stand five digits with only blanks and hyphens in between."""
    digits = between = 0
    for k in range(low, high):
        c = codes[k]
        if _is_digit(c):
            digits += 1
            between = 0
            if digits >= _FEW:
                return True
        else:
            between += 1
            digits *= between <= _MOST_BETWEEN and c in (_BLANK, _DASH)
    return False


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def date_before(codes: Any, low: Any, place: Any) -> Any:
    """Whether before 生 or に生 may stand a date: a figure, or a figure and 日."""
    k = place - 1
    if k >= low and codes[k] == _NI:
        k -= 1
    for _ in range(2):
        if k >= low and codes[k] in (_BLANK, _CLOSE):
            k -= 1
    if k >= low and codes[k] == _DAY:
        k -= 1
        if k >= low and codes[k] == _BLANK:
            k -= 1
        return k >= low and figure_near(codes, k, k + 1, _WITH_KANJI)
    return k >= low and _is_digit(codes[k])


@njit("boolean(uint32[::1], int64, int64, int64)", cache=True, nogil=True)
def figures_from(codes: Any, place: Any, high: Any, enough: Any) -> Any:
    """Whether so many figures follow, with few and only marks of numbers between them."""
    figures = between = 0
    for k in range(place, high):
        c = codes[k]
        if _is_digit(c) or c in _KANJI_FIGURES:
            figures += 1
            between = 0
            if figures >= enough:
                return True
        elif c in (_DASH, _BLANK, _DOT, _MIDDLE, _OPEN, _CLOSE, _NO, _PLUS):
            between += 1
            if between > _MOST_BETWEEN:
                return False
        else:
            return False
    return False


@njit("boolean(uint32[::1], int64, int64, uint64[:, ::1])", cache=True, nogil=True)
def place_before(codes: Any, low: Any, place: Any, words: Any) -> Any:
    """Whether before a number, and in its sentence, a prefecture or a municipality ends."""
    for k in range(place - 1, low - 1, -1):
        c = codes[k]
        if c in _ENDS_OF_PLACES:
            word = np.uint64(0)
            for j in range(k, max(low, k - LONGEST_PLACE + 1) - 1, -1):
                word = mixed(word, codes[j])
                if j < k and is_in(word, words[PLACES]):
                    return True
        if c in _BREAKS:
            return False
    return False


@njit("boolean(uint32[::1], int64, int64, uint64[::1])", cache=True, nogil=True)
def pair_near(codes: Any, low: Any, high: Any, pairs: Any) -> Any:
    """Whether between two places stand two characters of a table."""
    for k in range(low, high - 1):
        if is_in(mixed(mixed(np.uint64(0), codes[k]), codes[k + 1]), pairs):
            return True
    return False


@njit("boolean(uint32[::1], int64, int64, int64)", cache=True, nogil=True)
def head_of_table(codes: Any, low: Any, place: Any, high: Any) -> Any:
    """Whether the line of a place is not long, has a separator, and no figures or sentences."""
    first, end = place, place
    while first > low and codes[first - 1] != _LINE:
        first -= 1
        if place - first > _LONGEST_LINE:
            return False
    while end < high and codes[end] != _LINE:
        end += 1
        if end - first > _LONGEST_LINE:
            return False
    separated = False
    for k in range(first, end):
        c = codes[k]
        if _is_digit(c) or c in (_AT, _KUTEN):
            return False
        separated = separated or c in (_BAR, _COMMA, _TAB)
    return separated


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def four_groups(codes: Any, place: Any, high: Any) -> Any:
    """Whether four groups of up to three digits with points between them begin at a place."""
    k = place
    for group in range(4):
        digits = 0
        while k < high and _is_digit(codes[k]) and digits < 4:
            k += 1
            digits += 1
        if not 1 <= digits <= 3:
            return False
        if group < 3:
            if k >= high or codes[k] != _DOT:
                return False
            k += 1
    return True


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def six_groups(codes: Any, place: Any, high: Any) -> Any:
    """Whether hexadecimal groups with colons begin that are eight, or leave some out."""
    k = place
    groups = 0
    doubled = False
    while groups < 9:
        digits = 0
        while k < high and _is_hex(codes[k]) and digits < 5:
            k += 1
            digits += 1
        if digits > 4:
            return False
        groups += digits > 0
        if k >= high or codes[k] != _COLON or digits == 0:
            break
        k += 1
        if k < high and codes[k] == _COLON:
            doubled = True
            k += 1
    return groups >= 8 or (doubled and groups >= 2)


@njit(
    "Tuple((int64[::1], uint64[::1], uint64[::1], int64[::1], uint64[::1]))"
    "(uint32[::1], uint32[::1], int64[::1], int64[::1], uint64[::1], int64[::1], int64[:, ::1], "
    "uint64[:, ::1])",
    cache=True,
    nogil=True,
)
def worth_a_look(
    codes: Codes,
    raw: Codes,
    start: Integers,
    place: Integers,
    bits: Hashes,
    first: Integers,
    questions: Integers,
    words: Hashes,
) -> tuple[Integers, Hashes, Hashes, Integers, Hashes]:
    """
    For each place of texts, as `signposts` gives them, the bits whose question is answered yes.

    The result are places, their bits, those answered yes, the first place per text, and the bits
    answered yes anywhere in it. A place that has none of the last is left out.

    `raw` are the same texts with their tabs, which folding makes blanks. `questions` has a row per
    bit: the question, how far back it may look, and how far ahead or, for `FIGURES_FROM`, how many
    figures are enough.
    """
    answers = np.zeros(place.size, np.uint64)
    of_text = np.zeros(start.size - 1, np.uint64)
    kept = np.empty(place.size, np.int64)
    first_kept = np.zeros(start.size, np.int64)
    size = 0
    for i in range(start.size - 1):
        high = start[i + 1]
        label = np.int64(-1)
        for found in range(first[i], first[i + 1]):
            k = place[found]
            rest = bits[found]
            bit = -1
            while rest != 0:
                while rest & _MANY == 0:
                    rest >>= _EIGHT
                    bit += 8
                bit += 1
                here = rest & _ONE
                rest >>= _ONE
                if here == 0:
                    continue
                question, back, ahead = questions[bit, 0], questions[bit, 1], questions[bit, 2]
                low = max(start[i], k - back)
                yes = False
                if question == ALWAYS:
                    yes = True
                elif question in (DIGIT_NEAR, FIGURE_NEAR):
                    kanji = question == FIGURE_NEAR
                    yes = figure_near(codes, low, min(high, k + ahead), kanji)
                elif question == NUMBER_NEAR:
                    yes = number_near(codes, low, min(high, k + ahead))
                elif question == DATE_BEFORE:
                    yes = date_before(codes, low, k)
                elif question == FIGURES_FROM:
                    yes = figures_from(codes, k, high, ahead)
                elif question == NAME_BEHIND:
                    yes = name_behind(codes, k + 1, high, words)
                elif question == LABELLED_NAME:
                    yes = pair_near(
                        codes, max(start[i], k - 1), k + 1, words[LABEL_ENDS]
                    ) and name_behind(codes, k + 1, high, words)
                elif question == DAY_OF_BIRTH:
                    yes = (
                        k + 4 < high
                        and codes[k + 4] == _DAY
                        and figure_near(codes, k, min(high, k + ahead), _WITH_KANJI)
                    )
                elif question == SYMBOL_OF_PAPER:
                    yes = figure_near(
                        codes, k, min(high, k + ahead), not _WITH_KANJI
                    ) and pair_near(
                        codes,
                        max(start[i], k - _LOOK_OF_PAPER),
                        min(high, k + _REST_OF_PAPER),
                        words[PAPER_WORDS],
                    )
                elif question == NAME_AT:
                    yes = k + 2 < high and name_from(
                        codes, k + 2, high, BEFORE_MORE, TOGETHER, words
                    )
                elif question == NAME_BEFORE:
                    yes = name_before_title(codes, low, k, words)
                elif question in (ANY_NAME_BEFORE, FULL_NAME_BEFORE):
                    end = k - 1 if k > start[i] and codes[k - 1] == _BLANK else k
                    low = max(start[i], end - back)
                    alone = question == ANY_NAME_BEFORE
                    yes = name_before(codes, low, end, not _TITLED, alone, words)
                elif question == NAME_AROUND:
                    yes = name_around(codes, low, k, high, words)
                elif question == PLACE_BEFORE:
                    yes = label >= low or place_before(codes, low, k, words)
                elif question == LABEL_OF_PLACE:
                    label = k
                elif question == HEAD_OF_TABLE:
                    yes = head_of_table(raw, start[i], k, high)
                elif question == DOMAIN_BEHIND:
                    yes = domain_behind(codes, k + 1, high)
                elif question == FOUR_GROUPS:
                    yes = four_groups(codes, k, high)
                else:
                    yes = six_groups(codes, k, high)
                if yes:
                    answers[found] |= _ONE << np.uint64(bit)
            of_text[i] |= answers[found]
        for found in range(first[i], first[i + 1]):
            if bits[found] & of_text[i]:
                kept[size] = found
                size += 1
        first_kept[i + 1] = size
    kept = kept[:size]
    return place[kept], bits[kept], answers[kept], first_kept, of_text
