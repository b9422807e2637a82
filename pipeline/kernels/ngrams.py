"""Hashed n-grams of characters, from the beginning, the middle and the end of a text."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

BREAK = 0
"""The symbol of what contributes nothing; no n-gram reaches across it."""

BLANK = 32
"""The symbol of white space."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: Knuth's multiplicative hashing
_MURMUR = np.uint64(0xFF51AFD7ED558CCD)  # from murmur's finaliser: spreads every bit upwards
_SHIFT = np.uint64(29)
_WORD = np.uint64(64)

_LESS = np.uint32(ord("<"))
_GREATER = np.uint32(ord(">"))
_UNDERSCORE = np.uint32(ord("_"))
_A, _Z = np.uint32(ord("A")), np.uint32(ord("Z"))

LONGEST_MASK = 20
"""Letters between the brackets of a mask such as <PHONE>, at most."""

MOST_COUNTED = 4095
"""Occurrences of one n-gram in a text that are told apart; windows hold fewer by default."""

_BLOCK = 256
"""Symbols whose n-grams are hashed before any of them is looked up."""

_COUNT_BITS, _WEIGHT_BITS = np.uint32(12), np.uint32(16)
_COUNT, _TURN, _WEIGHT = np.uint32(0xFFF), np.uint32(0xF000), np.uint32(0xFFFF0000)
_MOST_TURNS = np.uint32(15)
"""A word of `weigh_ngrams` holds a weight, four bits for the text and twelve for its count."""


@njit("int64(uint32[::1], int64, int64)", cache=True, nogil=True)
def _mask_end(codes: Any, k: Any, end: Any) -> Any:
    """Where the mask that begins at `k` ends, or `k` where none begins."""
    stop = k + 1
    last = min(end, k + 1 + LONGEST_MASK)
    while stop < last and (_A <= codes[stop] <= _Z or codes[stop] == _UNDERSCORE):
        stop += 1
    if stop > k + 1 and stop < end and codes[stop] == _GREATER:
        return stop + 1
    return k


@njit(
    "Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def fold(codes: Any, start: Any, table: Any) -> Any:
    """
    The symbols of each text, and where each text starts in them (`n + 1` places).

    `table` gives the symbol of each code point. Symbols up to `BLANK` (blanks, breaks, classes of
    characters) are written once for a run of them, and blanks not at all at the ends of a text and
    beside a break: how lines were joined leaves no trace. A mask in capitals and angle brackets is
    a break.
    """
    symbols = np.empty(codes.size, np.uint32)
    first = np.zeros(start.size, np.int64)
    size = np.int64(0)
    for i in range(start.size - 1):
        k = start[i]
        end = start[i + 1]
        before = np.uint32(BLANK)
        while k < end:
            code = codes[np.uint64(k)]  # without a sign: see `decode_utf8`
            symbol = table[code]
            if symbol not in (BLANK, BREAK) and code != _LESS:
                # Nearly all characters; whether one goes on with a run nobody could predict.
                symbols[np.uint64(size)] = symbol
                size += np.int64((symbol > BLANK) | (symbol != before))
                before = symbol
                k += 1
                continue
            after = k + 1
            if code == _LESS:
                stop = _mask_end(codes, k, end)
                if stop > k:
                    symbol = np.uint32(BREAK)
                    after = stop
            k = after
            if symbol == BLANK and before == BREAK:
                continue
            if symbol == BREAK and before == BLANK and size > first[i]:
                size -= 1
                before = symbols[size - 1] if size > first[i] else np.uint32(BLANK)
            if symbol > BLANK or symbol != before:
                symbols[size] = symbol
                size += 1
            before = symbol
        if size > first[i] and symbols[size - 1] == BLANK:
            size -= 1
        first[i + 1] = size
    return symbols[:size], first


@njit(
    "Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def fold_again(symbols: Any, first: Any, table: Any) -> Any:
    """
    Fold symbols that `fold` has given by a second table; gives the same two arrays.

    The table must leave blanks and breaks what they are, and nothing else may become one of them:
    then it is as if both tables had been one. Runs of symbols up to `BLANK` are one again.
    """
    folded = np.empty(symbols.size, np.uint32)
    places = np.zeros(first.size, np.int64)
    size = np.uint64(0)
    for i in range(first.size - 1):
        before = np.uint32(BREAK)
        text = symbols[first[i] : first[i + 1]]
        for k in range(text.size):
            symbol = table[text[k]]
            folded[size] = symbol
            size += np.uint64((k == 0) | (symbol > BLANK) | (symbol != before))
            before = symbol
        places[i + 1] = size
    return folded[:size], places


@njit(inline="always")
def _grown(before: Any, symbol: Any) -> Any:
    """The hash of an n-gram and one more symbol."""
    mixed = (before ^ np.uint64(symbol)) * _GOLDEN
    return mixed ^ (mixed >> _SHIFT)


@njit(inline="always")
def _window(number: Any, begin: Any, end: Any, window: Any) -> Any:
    """Begin and end of window 0, 1 or 2; a text of three windows or less is one."""
    length = end - begin
    if length <= 3 * window:
        return begin, (end if number == 0 else begin)
    if number == 0:
        return begin, begin + window
    if number == 1:
        middle = begin + (length - window) // 2
        return middle, middle + window
    return end - window, end


@njit(
    "Tuple((int32[::1], int64[::1], int64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64, int64, uint64, int64)",
    cache=True,
    nogil=True,
)
def list_ngrams(symbols: Any, first: Any, window: Any, order: Any, salt: Any, bits: Any) -> Any:
    """
    All n-grams of the windows of each text, of one symbol to `order` symbols.

    Gives for each its bucket (of 2^bits), where it begins in `symbols` and how long it is; and
    for each text where its n-grams start (`n + 1` places).
    """
    room = np.int64(0)
    for i in range(first.size - 1):
        room += min(first[i + 1] - first[i], 3 * window) * order
    bucket = np.empty(room, np.int32)
    begin = np.empty(room, np.int64)
    length = np.empty(room, np.int64)
    start = np.zeros(first.size, np.int64)
    shift = _WORD - np.uint64(bits)
    size = np.int64(0)
    for i in range(first.size - 1):
        for number in range(3):
            low, high = _window(number, first[i], first[i + 1], window)
            for k in range(low, high):
                name = salt
                for n in range(min(order, high - k)):
                    symbol = symbols[k + n]
                    if symbol == BREAK:
                        break
                    name = _grown(name, symbol)
                    bucket[size] = np.int32((name * _MURMUR) >> shift)
                    begin[size] = k
                    length[size] = n + 1
                    size += 1
        start[i + 1] = size
    return bucket[:size], begin[:size], length[:size], start


@njit(
    "int64(uint32[::1], int64, int64, int64, uint64, uint64, uint64[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def _fill_places(
    part: Any,
    begin: Any,
    stop: Any,
    order: Any,
    salt: Any,
    shift: Any,
    names: Any,
    places: Any,
) -> Any:
    """
    Fill `places` with the buckets of the n-grams that begin from `begin` to `stop`; their number.

    Where all of them have their `order` symbols, which is nearly everywhere, they are hashed many
    at a time; `names` is room for that.
    """
    size = stop - begin
    seen = part[begin : min(stop + order - 1, part.size)]
    whole = seen.size == size + order - 1
    for k in range(seen.size):
        whole &= seen[k] != BREAK
    if whole:
        for k in range(size):
            names[k] = salt
        for n in range(order):
            ahead = seen[n : n + size]
            for k in range(size):
                names[k] = _grown(names[k], ahead[k])
            for k in range(size):
                places[k * order + n] = (names[k] * _MURMUR) >> shift
        return np.int64(size * order)
    filled = np.uint64(0)
    for k in range(begin, stop):
        name = salt
        for n in range(min(order, part.size - k)):
            symbol = part[np.uint64(k) + np.uint64(n)]
            if symbol == BREAK:
                break
            name = _grown(name, symbol)
            places[filled] = (name * _MURMUR) >> shift
            filled += np.uint64(1)
    return np.int64(filled)


@njit(
    "Tuple((float64[::1], int64[::1]))"
    "(uint32[::1], int64[::1], int64, int64, uint64, int64, int16[::1])",
    cache=True,
    nogil=True,
)
def weigh_ngrams(
    symbols: Any, first: Any, window: Any, order: Any, salt: Any, bits: Any, weights: Any
) -> Any:
    """
    Per text the sum of √(occurrences) · weight over its n-grams, and how many n-grams it has.

    The n-grams are those of `list_ngrams`. The root is the usual way to keep a word that comes
    fifty times from outweighing all others. It is added up in steps, √(c + 1) - √c at the
    occurrence after the c-th, so that one pass does.
    """
    texts = first.size - 1
    total = np.zeros(texts, np.float64)
    number_of = np.zeros(texts, np.int64)
    step = np.empty(MOST_COUNTED + 1, np.float64)
    for c in range(MOST_COUNTED + 1):
        step[c] = np.sqrt(c + 1.0) - np.sqrt(np.float64(c))
    # Weight, count and the number of the text that counted it lie in one word: one look for all.
    table = np.empty(weights.size, np.uint32)
    for place in range(weights.size):
        table[place] = np.uint32(np.uint16(weights[place])) << _WEIGHT_BITS
    places = np.empty(_BLOCK * order, np.uint32)
    names = np.empty(_BLOCK, np.uint64)
    turn = np.uint32(0)
    shift = _WORD - np.uint64(bits)
    for i in range(texts):
        turn += np.uint32(1)
        if turn > _MOST_TURNS:
            for place in range(table.size):
                table[place] &= _WEIGHT
            turn = np.uint32(1)
        mine = turn << _COUNT_BITS
        size = np.int64(0)
        score = 0.0
        for number in range(3):
            low, high = _window(number, first[i], first[i + 1], window)
            part = symbols[low:high]
            done = np.int64(0)
            while done < part.size:
                # All places of a block first: looking them up then waits for nothing else. What
                # begins with fewer than `order` symbols before the end is a block of its own.
                stop = min(done + _BLOCK, part.size)
                if done <= part.size - order:
                    stop = min(stop, part.size - order + 1)
                filled = _fill_places(part, done, stop, order, salt, shift, names, places)
                done = stop
                for j in range(filled):
                    place = places[j]
                    entry = table[place]
                    count = np.uint32(entry & _COUNT)
                    if entry & _TURN != mine:
                        count = np.uint32(0)
                    more = np.uint32(count < MOST_COUNTED)
                    table[place] = np.uint32(entry & _WEIGHT | mine | (count + more))
                    score += step[count] * np.int16(entry >> _WEIGHT_BITS)
                size += filled
        total[i] = score
        number_of[i] = size
    return total, number_of
