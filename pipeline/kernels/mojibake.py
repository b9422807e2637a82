"""Characters that are the ruins of a wrong decoding, marked by the patterns that bytes leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.characters import CODE_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets

# What a character may be in a pattern; a character has one role at most.
_UPPER_LETTER = 1  # À to ÿ, ¤ ¥: bytes C0-FF, A4 and A5 read as Latin-1
_UPPER_OTHER = 2  # other characters that bytes 80-BF become in Latin-1 and Windows-1252
_SHIFT_JIS_LEAD = 3  # ‚ ƒ: bytes 82 and 83, which begin kana in Shift_JIS, as Windows-1252
_UTF8_AS_CP932 = 4  # 縺 繧 繝 縲: E3 80 to E3 83, which begin kana in UTF-8, as Windows-31J
_UTF8_AS_GBK = 5  # 銆 銇 銈 銉: the same as GBK
_HALF_KANA = 6
_EUC_LEAD = 7  # ､ ･: bytes A4 and A5, which begin kana in EUC-JP, as Windows-31J
_LOST = 8  # U+FFFD: a decoder gave up here
_DOLLAR = 9  # $: begins kana in ISO-2022-JP whose escape sequences were lost
_AMPERSAND = 10  # &#12354; left standing

RUN = 4
"""Upper Latin-1 characters in a row: European words have two at most."""

LONGEST_REFERENCE = 10
"""Characters of a numeric reference such as &#x1f35a;"""


def roles() -> NDArray[np.uint8]:
    """For each code point, its role."""
    table = np.zeros(CODE_POINTS, np.uint8)
    table[0x80:0xC0] = _UPPER_OTHER
    for character in "€„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ":
        table[ord(character)] = _UPPER_OTHER
    table[0xC0:0x100] = _UPPER_LETTER
    table[ord("×")] = table[ord("÷")] = _UPPER_OTHER
    table[ord("¤")] = table[ord("¥")] = _UPPER_LETTER
    table[0xFF61:0xFFA0] = _HALF_KANA
    for characters, role in (
        ("‚ƒ\u0082\u0083", _SHIFT_JIS_LEAD),
        ("縺繧繝縲", _UTF8_AS_CP932),
        ("銆銇銈銉", _UTF8_AS_GBK),
        ("､･", _EUC_LEAD),
        ("\ufffd", _LOST),
        ("$", _DOLLAR),
        ("&", _AMPERSAND),
    ):
        for character in characters:
            table[ord(character)] = role
    return table


@njit("boolean(uint32)", cache=True, nogil=True)
def _is_digit(code: int) -> bool:
    return np.uint32(ord("0")) <= code <= np.uint32(ord("9"))


@njit(
    "Tuple((boolean[::1], int64[::1]))(uint32[::1], int64[::1], uint8[::1])", cache=True, nogil=True
)
def mark_mojibake(codes: Codes, start: Integers, role: Octets) -> tuple[Flags, Integers]:
    """
    Which characters belong to a pattern that only a wrong decoding leaves, and how many of each
    text do.

    - U+FFFD on its own;
    - four or more characters of bytes 80 to FF in a row, with a letter among them (ã“ã‚);
    - ‚ or ƒ twice at a distance of two (‚±‚ê);
    - 縺 繧 繝 縲 before a half-width kana or U+FFFD, or twice at a distance of two or three, but
      not side by side: 繧繝 is a weaving pattern, and no UTF-8 gives it;
    - 銇 銈 銉 銆 twice at a distance of two or three; ､ or ･ twice at a distance of two;
    - $ three times at distances of two, not all before digits ($3$l$O, but not $1$2$3);
    - a decimal or hexadecimal character reference.
    """
    marks = np.zeros(codes.size, np.bool_)
    counts = np.zeros(start.size - 1, np.int64)
    for i in range(start.size - 1):
        last = start[i + 1]
        k = start[i]
        seen = k  # up to here runs were looked at: what is no ruin as a whole has none in it
        while k < last:
            kind = role[codes[np.uint64(k)]]  # without a sign: see `decode_utf8`
            if kind == 0 or kind == _HALF_KANA:  # noqa: PLR1714 - a set is slow in a kernel
                k += 1
                continue
            if kind == _LOST:
                marks[k] = True
            elif kind <= _SHIFT_JIS_LEAD:
                if k >= seen:
                    letter = False
                    seen = k
                    while seen < last and 0 < role[codes[seen]] <= _SHIFT_JIS_LEAD:
                        letter |= role[codes[seen]] != _UPPER_OTHER
                        seen += 1
                    if letter and seen - k >= RUN:
                        marks[k:seen] = True
                        k = seen
                        continue
                if kind == _SHIFT_JIS_LEAD and k + 2 < last and role[codes[k + 2]] == kind:
                    marks[k : k + 3] = True
            elif kind in (_UTF8_AS_CP932, _UTF8_AS_GBK):
                near = role[codes[k + 1]] if k + 1 < last else 0
                pair = (k + 2 < last and role[codes[k + 2]] == kind) or (
                    k + 3 < last and role[codes[k + 3]] == kind
                )
                ruin = kind == _UTF8_AS_CP932 and near in (_HALF_KANA, _EUC_LEAD, _LOST)
                if near != kind and (pair or ruin):
                    marks[k : min(k + 3, last)] = True
            elif kind == _EUC_LEAD:
                if k + 2 < last and role[codes[k + 2]] == kind and role[codes[k + 1]] != kind:
                    marks[k : k + 3] = True
            elif kind == _DOLLAR:
                if (
                    k + 5 < last
                    and role[codes[k + 2]] == kind
                    and role[codes[k + 4]] == kind
                    and not (
                        _is_digit(codes[k + 1])
                        and _is_digit(codes[k + 3])
                        and _is_digit(codes[k + 5])
                    )
                ):
                    marks[k : k + 6] = True
            elif k + 1 < last and codes[k + 1] == ord("#"):
                stop = k + 2
                while stop < min(last, k + LONGEST_REFERENCE) and codes[stop] != ord(";"):
                    c = codes[stop] | np.uint32(0x20)  # lower case
                    hexadecimal = ord("a") <= c <= ord("f") or c == ord("x")
                    if not (hexadecimal or _is_digit(codes[stop])):
                        break
                    stop += 1
                if stop < last and stop > k + 3 and codes[stop] == ord(";"):
                    marks[k : stop + 1] = True
            k += 1
        total = np.int64(0)
        mine = marks[start[i] : last]
        for k in range(mine.size):
            total += mine[k]
        counts[i] = total
    return marks, counts
