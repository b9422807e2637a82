"""
Signs that are not letters: code, separators, drawings, and the runs and formulas that are neither.

A row of one sign (`====`, `-----`, `……`) is a rule or a leader, and what stands in TeX's `$…$` is
mathematics: both are full of signs, and both stand in the best of texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.characters import KIND_NAMES, KIND_OF, LETTERS

if TYPE_CHECKING:
    from typing import Any

    from seimai.pipeline.arrays import Codes, Integers, Octets

_BLANK, _ALNUM, _CODE, _SEPARATOR, _JAPANESE, _KATAKANA = 1, 2, 4, 8, 16, 32
_PLAIN = _ALNUM | _CODE | _SEPARATOR | _JAPANESE

_BLOCK = 128
"""Characters that are copied together where no rule is among them."""

LONGEST_FORMULA = 300
"""Characters between the two dollars, or `\\(` and `\\)`, of one formula."""

RULE = 3
"""So many equal signs in a row are a rule or a leader, and none of them is counted."""

WINDOW = 40
"""Visible characters of a window that may be drawn: about a line of a drawing."""

MOST_LETTERS = 0.4
"""With fewer letters and digits than this a window is a drawing or a frame, not a phrase."""

LONGEST_PATH = 60
"""Characters of a word in a path; addresses of files are shorter."""

SHORTEST_CODE = 30
"""Visible characters without Japanese that are long enough to be code, and not a name."""

CODE_SHARE = 0.08
"""From this share of code signs on such a stretch looks like code, not like English."""


def _roles() -> Octets:
    of_kind = np.zeros(len(KIND_NAMES), np.uint8)
    for names, role in (
        (("blank", "newline"), _BLANK),
        ((*LETTERS, "latin-accented", "latin-wide", "katakana-half", "digit"), _ALNUM),
        (("code_sign", "ascii_bracket", "quote"), _CODE),
        (("pipe", "arrow", "middle_dot", "slash"), _SEPARATOR),
        (("hiragana", "katakana", "kanji"), _JAPANESE),
        (("katakana",), _KATAKANA),
    ):
        for number, kind in enumerate(KIND_NAMES):
            if any(f"{kind}-".startswith(f"{name}-") for name in names):
                of_kind[number] |= role
    table: Octets = of_kind[KIND_OF]
    return table


ROLES = _roles()
"""For each code point, what it can be here; see the names above."""


@njit(inline="always")
def _collapse(part: Any, begin: Any, end: Any, made: Any, out: Any, roles: Any) -> Any:
    """Write `part[begin:end]`, with its runs collapsed, to `made[out:]`; gives the place behind."""
    size = part.size
    for k in range(begin, end):
        c = part[k]
        made[out] = c
        out += 1
        # Of three and more equal ones, all but the first have an equal one before them, and
        # another one either before that or behind.
        if k > 0 and part[k - 1] == c:
            in_run = (k > 1 and part[k - 2] == c) or (k + 1 < size and part[k + 1] == c)
            if in_run and (not roles[c] & _ALNUM or c == ord("0")):  # masks are rows of zeros
                out -= 1
    return out


@njit("uint32[::1](uint32[::1], int64[::1], int64[::1], uint8[::1])", cache=True, nogil=True)
def collapse_rules(codes: Codes, start: Integers, new_start: Integers, roles: Octets) -> Codes:
    """The texts with every run of `RULE` and more equal signs made one; fills `new_start`."""
    made = np.empty(codes.size, np.uint32)
    out = np.int64(0)
    new_start[0] = 0
    for i in range(start.size - 1):
        part = codes[start[i] : start[i + 1]]
        size = np.int64(part.size)
        done = np.int64(0)
        while done + _BLOCK <= size:
            # Most blocks have no part in three equal signs in a row.
            equal = np.uint32(0)
            low = max(done - 2, 0)
            high = min(done + _BLOCK + 1, size)
            around = part[low:high]
            for k in range(around.size - 2):
                equal |= np.uint32(around[k] == around[k + 1]) & np.uint32(
                    around[k + 1] == around[k + 2]
                )
            if equal:
                out = _collapse(part, done, done + _BLOCK, made, out, roles)
            else:
                made[out : out + _BLOCK] = part[done : done + _BLOCK]
                out += _BLOCK
            done += _BLOCK
        out = _collapse(part, done, size, made, out, roles)
        new_start[i + 1] = out
    return made[:out]


@njit("int64(uint32[::1], int64, int64, int64, uint8[::1])", cache=True, nogil=True)
def _formula_end(codes: Codes, k: int, first: int, last: int, roles: Octets) -> int:
    """
    Where the formula that begins at `k` ends; `k` itself where none does.

    Dollars of a formula hug what is inside and stand off what is outside: `$x = $y` is PHP.
    """
    limit = min(last, k + LONGEST_FORMULA)
    if codes[k] == ord("\\"):
        if k + 1 >= last or (codes[k + 1] != ord("(") and codes[k + 1] != ord("[")):
            return k
        closer = ord(")") if codes[k + 1] == ord("(") else ord("]")
        for j in range(k + 2, limit - 1):
            if codes[j] == ord("\\") and codes[j + 1] == closer:
                return j + 2
        return k
    if k + 1 < last and codes[k + 1] == ord("$"):
        for j in range(k + 2, limit - 1):
            if codes[j] == ord("$") and codes[j + 1] == ord("$"):
                return j + 2
        return k
    if k > first and codes[k - 1] < 0x80 and roles[codes[k - 1]] & _ALNUM:
        return k
    if k + 1 >= last or roles[codes[k + 1]] & _BLANK:
        return k
    for j in range(k + 1, limit):
        c = codes[j]
        if c == 10:
            return k
        if c == ord("$"):
            inside = not roles[codes[j - 1]] & _BLANK
            after = j + 1 == last or codes[j + 1] >= 0x80 or not roles[codes[j + 1]] & _ALNUM
            return j + 1 if inside and after and j > k + 1 else k
    return k


@njit(
    "int64[:, ::1](uint32[::1], int64[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def count_signs(codes: Codes, start: Integers, roles: Octets) -> Integers:
    """
    Signs of each text, rules and formulas apart: one row per text.

    Columns: signs of code; separators; visible characters in stretches of code; windows; windows
    that are drawn. A separator is counted where it stands beside something that is not ASCII, and
    not where it doubles (`||`, ■■) or joins the parts of a foreign name (ジャン・ポール).
    """
    n = start.size - 1
    found = np.zeros((n, 5), np.int64)
    for i in range(n):
        first = start[i]
        last = start[i + 1]
        k = first
        in_window = letters = np.int64(0)
        stretch = stretch_signs = np.int64(0)
        before = np.uint32(0)  # the last visible character
        while k < last:
            c = codes[np.uint64(k)]  # without a sign: see `decode_utf8`
            role = roles[c]
            if role & _BLANK:
                k += 1
                continue
            if role & _PLAIN == _JAPANESE | _ALNUM:
                # Kana and kanji, as below, without all questions that only signs are asked.
                before = c
                if stretch >= SHORTEST_CODE and stretch_signs >= CODE_SHARE * stretch:
                    found[i, 2] += stretch
                stretch = stretch_signs = np.int64(0)
                in_window += 1
                letters += 1
                if in_window >= WINDOW:
                    found[i, 3] += 1
                    found[i, 4] += letters < MOST_LETTERS * in_window
                    in_window = letters = np.int64(0)
                k += 1
                continue
            width = np.int64(1)
            counted = np.int64(1)
            good = role & _ALNUM
            sign = role & _CODE
            if not good:
                if c == ord("$") or c == ord("\\"):
                    end = _formula_end(codes, k, first, last, roles)
                    if end > k:
                        width = end - k
                        counted = width
                        good = np.uint8(_ALNUM)
                        sign = np.uint8(0)
                        role = np.uint8(0)
                if width == 1:
                    run = k + 1
                    while run < last and codes[run] == c:
                        run += 1
                    width = run - k
                    counted = width
                    if width >= RULE:
                        counted = np.int64(0)
                        sign = np.uint8(0)
                    if role & _SEPARATOR and width == 1:
                        after = run
                        while after < last and roles[codes[after]] & _BLANK:
                            after += 1
                        behind = codes[after] if after < last else np.uint32(0)
                        name = roles[before] & _KATAKANA and roles[behind] & _KATAKANA
                        name = name and c == ord("・") and codes[k - 1] == before
                        path = c == ord("/") and run < last and codes[run] < 0x80
                        path = path and roles[codes[run]] & _ALNUM
                        path = path and (
                            k == first or codes[k - 1] < 0x80 or codes[k - 1] != before
                        )
                        beside = before >= 0x80 or behind >= 0x80
                        found[i, 1] += beside and not name and not path
            before = codes[k + width - 1]
            if sign:
                found[i, 0] += counted
            if role & _JAPANESE:
                if stretch >= SHORTEST_CODE and stretch_signs >= CODE_SHARE * stretch:
                    found[i, 2] += stretch
                stretch = stretch_signs = np.int64(0)
            else:
                stretch += counted
                if sign:
                    stretch_signs += counted
            in_window += counted
            if good:
                letters += counted
            if in_window >= WINDOW:
                found[i, 3] += 1
                found[i, 4] += letters < MOST_LETTERS * in_window
                in_window = letters = np.int64(0)
            k += width
        if stretch >= SHORTEST_CODE and stretch_signs >= CODE_SHARE * stretch:
            found[i, 2] += stretch
        if 2 * in_window >= WINDOW or (found[i, 3] == 0 and in_window > 0):
            found[i, 3] += 1
            found[i, 4] += letters < MOST_LETTERS * in_window
    return found


@njit("int64[::1](uint32[::1], int64[::1], uint8[::1])", cache=True, nogil=True)
def count_stray_paths(codes: Codes, start: Integers, roles: Octets) -> Integers:
    """Paths such as `/word123.html` in each text that belong to no address."""
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        first = start[i]
        last = start[i + 1]
        for k in range(first, last - 4):
            if codes[k] != ord(".") or codes[k + 1] != ord("h") or codes[k + 2] != ord("t"):
                continue
            if codes[k + 3] != ord("m"):
                continue
            j = k - 1
            digits = letters = np.int64(0)
            while j >= first and k - j <= LONGEST_PATH and codes[j] < 0x80:
                if not roles[codes[j]] & _ALNUM:
                    break
                digit = ord("0") <= codes[j] <= ord("9")
                digits += digit
                letters += not digit
                j -= 1
            if j < first or codes[j] != ord("/") or digits < 2 or letters < 2:
                continue
            alone = j == first or codes[j - 1] >= 0x80 or roles[codes[j - 1]] & _BLANK
            counts[i] += alone or codes[j - 1] == ord(",")
    return counts
