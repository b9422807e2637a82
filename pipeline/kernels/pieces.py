"""
Pieces: what is left of a text when it is cut wherever a reader would stop, line breaks or not.

Web text often comes with all its line breaks turned into spaces. A *piece* therefore ends at a
line break, at blanks or bars between two Japanese characters, at commas and slashes without a
blank between two Japanese characters, and after a stop with the brackets that close it. Text with
its line breaks and text without them have nearly the same pieces.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from seimai.pipeline.kernels.pairs import FIRST_KANA, KANA, pair_table
from seimai.pipeline.kernels.piece_flags import (
    BAR,
    BLANK,
    CLOSER,
    ELLIPSIS,
    FULL_STOP,
    HIRAGANA,
    LETTER,
    LIGHT,
    PARTICLE,
    SEPARATOR,
    SPEECH,
    STOP,
    TRAILS_OFF,
)

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Flags, Integers, Octets, SmallIntegers, Symbols

OPEN, CLOSED, CUT, SPOKEN = 0, 1, 2, 3
"""
How a piece ends: as a heading or an item does, as a sentence does, broken off, or in an ending
of a verb or an adjective without a stop, as chats, verse and many diaries write.
"""

_NOT_PLAIN = BLANK | BAR | STOP | SEPARATOR | FULL_STOP

_DOTS = 3
"""So many full stops or middle dots are an ellipsis."""

_TRAILING = 6
"""So many are two of them, as novels write."""

_LONG_SENTENCE = 40
"""Characters from which on nobody trails off: a teaser is cut after so many, wherever it is."""

_TEASER_TAIL = 10
"""How far from the end of a piece an ellipsis still cuts it: …続きを読む has six after it."""

_FINAL = """
ます です した った いた んだ ない たい てる いる ある せん だよ よね すね だね かな
のだ よう ろう れる れた ょう うか たよ るよ いよ すよ たね るね いね のに けど から
って てた する える ける くる なる せる げる べる める てね よな たな るな いな やん
のか だろ だし たし るし さい しい かい るわ たわ いわ だわ よぉ ねぇ なぁ うよ くよ
つよ ぬよ むよ ぶよ ぐよ てよ なよ うね くね つね ぬね むね ぶね ぐね いぞ るぞ うぞ
だぞ たぞ るぜ うぜ いぜ だぜ しら
"""
FINAL = tuple(_FINAL.split())
"""The last two hiragana of a sentence that has no stop."""

_FINALS = pair_table(FINAL)

LONGEST_AMOUNT = 12
"""Characters that an amount behind a leader may have."""

FEWEST_SPOKEN = 4
"""Hiragana of a piece that may be a sentence without a stop: 見る and 戻る are buttons."""


@njit("boolean(uint32[::1], int64, int64, int64, uint16[::1])", cache=True, nogil=True)
def _is_stop(codes: Codes, k: int, first: int, last: int, flags: Symbols) -> bool:
    """Whether a sentence ends at `k`: a stop, and of ASCII only one that follows Japanese."""
    c = codes[k]
    if flags[c] & STOP:
        return c >= 0x80 or (k > first and codes[k - 1] >= 0x80)
    if c == ord(".") and k > first and flags[codes[k - 1]] & LETTER:
        return k + 1 == last or (flags[codes[k + 1]] & BLANK) != 0
    return False


@njit("boolean(uint32[::1], int64, int64)", cache=True, nogil=True)
def _is_amount(codes: Codes, begin: int, end: int) -> bool:
    """
    Whether what follows a leader says how much: 大さじ2, 各1/2本, およそ800m, 少々, 適量.

    続きを読む12件 and a date do not.
    """
    if end - begin > LONGEST_AMOUNT or end - begin < 1:
        return False
    last = codes[end - 1]
    if last == ord("日") or last == ord("件") or last == ord(")") or last == ord("）"):
        return False
    if end - begin > 1:
        before = codes[end - 2]
        few = before == ord("少") and (last == ord("々") or last == ord("量"))
        if few or (before == ord("適") and (last == ord("量") or last == ord("宜"))):
            return True
    for k in range(begin, end):
        c = codes[k]
        if ord("0") <= c <= ord("9") or ord("０") <= c <= ord("９"):
            return True
    return False


@njit(
    "int64(uint32[::1], int64, int64, uint16[::1], int64)",
    cache=True,
    nogil=True,
)
def _ending(codes: Codes, begin: int, end: int, flags: Symbols, hiragana: int) -> int:
    """How the piece `begin:end` ends; `hiragana` is how many it has."""
    k = end - 1
    spoken = False
    while k > begin and flags[codes[k]] & CLOSER:
        spoken |= (flags[codes[k]] & SPEECH) != 0
        k -= 1
    c = codes[k]
    if flags[c] & STOP:
        return CLOSED
    if c == ord(".") and k > begin and flags[codes[k - 1]] & LETTER:
        return CLOSED
    dots = np.int64(0)
    while k - dots >= begin and codes[k - dots] == c and dots < _TRAILING:
        dots += 1
    if flags[c] & ELLIPSIS or (dots >= _DOTS and c == ord(".")):
        # Authors trail off with …… or inside 「」, programs cut with one … or three dots.
        k -= dots
        if spoken:
            return CLOSED
        if flags[codes[k]] & BLANK or codes[k] == ord("[") or codes[k] == ord("("):
            # […] is what a program writes, twice where there is a link.
            framed = BLANK | CLOSER | ELLIPSIS
            while k > begin and (
                flags[codes[k]] & framed or codes[k] == ord("[") or codes[k] == ord("(")
            ):
                k -= 1
        if k < begin:
            return CUT if dots == 1 else OPEN  # after a stop: 何でしょう？…
        after = flags[codes[k]]
        if dots > 1 and c >= 0x80:
            return CLOSED if after & HIRAGANA else OPEN  # 是非……, and not the leader 総則……
        if dots >= _TRAILING or not after & (LETTER | STOP | CLOSER) or codes[k] < 0x80:
            return OPEN  # usage: command [options] ...
        if c >= 0x80 and k == end - 2 and after & TRAILS_OFF and end - begin < _LONG_SENTENCE:
            return OPEN
        return CUT
    if spoken and hiragana >= 2:
        return CLOSED
    light = k
    while light > begin and flags[codes[light]] & (LIGHT | CLOSER):
        light -= 1
    if light < end - 1 and light < k + 1:
        # 楽しかった♪ and まさか（笑） are sentences, 公民館（♪） is not.
        if codes[light] == ord("（") or codes[light] == ord("("):
            light -= 1
        if light >= begin and light < k and flags[codes[light]] & HIRAGANA:
            return CLOSED
    for k in range(max(end - _TEASER_TAIL, begin), end):
        c = codes[k]
        before = k
        if flags[c] & ELLIPSIS:
            before = k - 1
        elif c == ord(".") and k - 2 >= begin and codes[k - 1] == c and codes[k - 2] == c:
            before = k - 3
        # 総則……3 and みそ…大さじ2 are leaders; … (回答2件) and …続きを読む follow a teaser.
        after = codes[k + 1] if k + 1 < end else np.uint32(0)
        goes_on = after >= 0x80 or flags[after] & BLANK or after == ord("(") or after == ord("[")
        goes_on = goes_on and not flags[after] & ELLIPSIS and after != ord("、")
        goes_on = goes_on and not (flags[after] & LETTER and _is_amount(codes, k + 1, end))
        if goes_on and begin <= before < k and flags[codes[before]] & LETTER:
            return CUT
    one = np.int64(codes[end - 2]) - FIRST_KANA if end - begin >= FEWEST_SPOKEN else np.int64(-1)
    two = np.int64(codes[end - 1]) - FIRST_KANA
    if 0 <= one < KANA and 0 <= two < KANA and _FINALS[one, two] and hiragana >= FEWEST_SPOKEN:
        return SPOKEN
    return OPEN


@njit(
    "Tuple((int64[::1], int64[::1], int64[::1], uint8[::1], int32[:, ::1]))"
    "(uint32[::1], int64[::1], uint16[:, ::1], boolean[::1])",
    cache=True,
    nogil=True,
)
def find_pieces(
    codes: Codes, start: Integers, tables: Symbols, old: Flags
) -> tuple[Integers, Integers, Integers, Octets, SmallIntegers]:
    """
    The pieces of each text: starts, ends, the first piece per text, how each ends, its counts.

    The counts of a piece are its visible characters, its kana and kanji, its hiragana and its
    particles.
    """
    n = start.size - 1
    room = codes.size
    starts = np.empty(room, np.int64)  # Never full, and memory not written to costs nothing.
    ends = np.empty(room, np.int64)
    endings = np.empty(room, np.uint8)
    counts = np.empty((room, 4), np.int32)
    first = np.zeros(n + 1, np.int64)
    found = 0
    for i in range(n):
        flags = tables[np.int64(old[i])]
        last = start[i + 1]
        k = start[i]
        begin = np.int64(-1)
        behind = np.int64(-1)
        visible = letters = hiragana = particles = np.int64(0)
        while k <= last:
            # Up to the next character of which anything can depend there are only counts.
            plain = k
            while k < last:
                flag = flags[codes[np.uint64(k)]]  # without a sign: see `decode_utf8`
                if flag & _NOT_PLAIN:
                    break
                letters += (flag & LETTER) != 0
                hiragana += (flag & HIRAGANA) != 0
                particles += (flag & PARTICLE) != 0
                k += 1
            if k > plain:
                visible += k - plain
                behind = k
                if begin < 0:
                    begin = plain
            done = k == last
            after = k
            if not done:
                c = codes[k]
                flag = flags[c]
                if flag & (BLANK | BAR):
                    feed = False
                    while after < last and flags[codes[after]] & (BLANK | BAR):
                        feed |= codes[after] == 10
                        after += 1
                    left = k > start[i] and codes[k - 1] >= 0x80
                    right = after < last and codes[after] >= 0x80
                    # A single blank beside one Japanese character is mere typography inside a
                    # sentence (米 rice と), but for the one after three dots.
                    done = feed or (left and right) or ((left or right) and after > k + 1)
                    if not done and k - 3 >= start[i] and codes[k - 1] == ord("."):
                        done = codes[k - 2] == ord(".") and codes[k - 3] == ord(".")
                    if not done:
                        k = after
                        continue
                elif flag & SEPARATOR and k > start[i] and k + 1 < last:
                    done = codes[k - 1] >= 0x80 and codes[k + 1] >= 0x80
                    after = k + 1
            if done:
                if begin >= 0:
                    starts[found] = begin
                    ends[found] = behind
                    endings[found] = _ending(codes, begin, behind, flags, hiragana)
                    counts[found, 0] = visible
                    counts[found, 1] = letters
                    counts[found, 2] = hiragana
                    counts[found, 3] = particles
                    found += 1
                    begin = np.int64(-1)
                    visible = letters = hiragana = particles = np.int64(0)
                if k == last:
                    break
                k = after
                continue
            if begin < 0:
                begin = k
            visible += 1
            letters += (flag & LETTER) != 0
            hiragana += (flag & HIRAGANA) != 0
            particles += (flag & PARTICLE) != 0
            k += 1
            behind = k
            stops = flag & STOP or c == ord(".")
            if stops and _is_stop(codes, k - 1, start[i], last, flags):
                while k < last and (flags[codes[k]] & CLOSER or flags[codes[k]] & STOP):
                    k += 1
                    visible += 1
                starts[found] = begin
                ends[found] = k
                endings[found] = CLOSED
                counts[found, 0] = visible
                counts[found, 1] = letters
                counts[found, 2] = hiragana
                counts[found, 3] = particles
                found += 1
                begin = np.int64(-1)
                visible = letters = hiragana = particles = np.int64(0)
        first[i + 1] = found
    return (
        starts[:found].copy(),
        ends[:found].copy(),
        first,
        endings[:found].copy(),
        counts[:found].copy(),
    )
