"""
Unpacking what LHA packed: bytes, and repetitions of up to 256 bytes that stand further back.

`-lh4-` to `-lh7-` send Huffman codes in front of each block; `-lh1-`, the older one, adapts its
codes as it goes. Output comes in pieces: a kernel goes on where `state` says it stopped, so that
memory does not depend on what a file says of its size.

The methods are those of Haruyasu Yoshizaki's LHarc and LHA, and of Haruhiko Okumura's ar002.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Integers, Octets, Symbols

HISTORY = 1 << 16
"""Bytes that a repetition may reach back, by the method that reaches furthest. They stand in front
of the output in its buffer."""

DAMAGED, TRUNCATED = -1, -2
"""What kernels give instead of a number of bytes."""

# Places in `state`.
_BIT = 0  # the next bit of the input
_LEFT = 1  # symbols left in the block
_RUN = 2  # bytes left of a repetition
_BACK = 3  # and how far back it is
STATE = 4

SYMBOLS = 510
"""Bytes, and lengths of repetitions from 3 to 256."""
_LENGTHS = 19  # codes for the lengths of codes
_LENGTH_BITS = 5
_CODE = 16  # the longest code

# The adaptive codes of -lh1-.
_KINDS = 314  # bytes, and lengths of repetitions from 3 to 60
_NODES = 2 * _KINDS - 1
_ROOT = _NODES - 1
_MOST = 0x8000  # a count at which all are halved
TREE = 3 * _NODES + _KINDS + 1
"""Numbers that a tree takes: counts, then sons, then parents."""
_SONS = _NODES + 1
_PARENTS = _SONS + _NODES


@njit("int64(uint8[::1], int64[::1], int64)", cache=True, nogil=True)
def _peek(data: Octets, state: Integers, count: int) -> int:
    """The next bits, at most 16; zeros after the end."""
    place = state[_BIT] >> 3
    value = np.int64(0)
    for k in range(3):
        value <<= 8
        if place + k < len(data):
            value |= np.int64(data[place + k])
    return (value >> (24 - (state[_BIT] & 7) - count)) & ((1 << count) - 1)


@njit("int64(uint8[::1], int64[::1], int64)", cache=True, nogil=True)
def _take(data: Octets, state: Integers, count: int) -> int:
    value = _peek(data, state, count)
    state[_BIT] += count
    return value


@njit("int64(uint8[::1], int64[::1], uint16[::1])", cache=True, nogil=True)
def _symbol(data: Octets, state: Integers, table: Symbols) -> int:
    entry = np.int64(table[_peek(data, state, _CODE)])
    state[_BIT] += entry & 31
    return entry >> 5


@njit("boolean(uint16[::1], uint8[::1], int64)", cache=True, nogil=True)
def fill(table: Symbols, lengths: Octets, count: int) -> bool:
    """Make the table of a code from the lengths of its words; False where these are no code."""
    at = 0
    for length in range(1, _CODE + 1):
        width = 1 << (_CODE - length)
        for symbol in range(count):
            if lengths[symbol] == length:
                if at + width > len(table):
                    return False
                table[at : at + width] = symbol << 5 | length
                at += width
    return at == len(table)


@njit("boolean(uint8[::1], int64[::1], uint16[::1], int64, int64, int64)", cache=True, nogil=True)
def _read_short(
    data: Octets, state: Integers, table: Symbols, most: int, bits: int, gap: int
) -> bool:
    """Read a code whose lengths stand in the file as they are; after `gap` of them zeros may."""
    count = _take(data, state, bits)
    if count == 0:
        only = _take(data, state, bits)
        table[:] = only << 5
        return only < most
    if count > most:
        return False
    lengths = np.zeros(32, np.uint8)
    k = 0
    while k < count:
        length = _take(data, state, 3)
        if length == 7:
            while _take(data, state, 1):
                length += 1
                if length > _CODE:
                    return False
        lengths[k] = length
        k += 1
        if k == gap:
            k += _take(data, state, 2)
    return k <= most and fill(table, lengths, most)


@njit("boolean(uint8[::1], int64[::1], uint16[::1], uint16[::1])", cache=True, nogil=True)
def _read_long(data: Octets, state: Integers, table: Symbols, short: Symbols) -> bool:
    """Read the code of bytes and lengths, whose lengths are in a code themselves."""
    count = _take(data, state, 9)
    if count == 0:
        only = _take(data, state, 9)
        table[:] = only << 5
        return only < SYMBOLS
    if count > SYMBOLS:
        return False
    lengths = np.zeros(SYMBOLS, np.uint8)
    k = 0
    while k < count:
        length = _symbol(data, state, short)
        if length > 2:
            lengths[k] = length - 2
            k += 1
        elif length == 0:
            k += 1
        elif length == 1:
            k += _take(data, state, 4) + 3
        else:
            k += _take(data, state, 9) + 20
        if state[_BIT] > 8 * len(data):
            return False
    return k <= SYMBOLS and fill(table, lengths, SYMBOLS)


@njit("int64(uint8[::1], int64[::1], int64)", cache=True, nogil=True)
def _repeat(out: Octets, state: Integers, at: int) -> int:
    """Write what is left of a repetition, as far as there is room; the place after it."""
    stop = min(at + state[_RUN], len(out))
    state[_RUN] -= stop - at
    while at < stop:
        out[at] = out[at - state[_BACK]]
        at += 1
    return at


@njit(
    "int64(uint8[::1], int64[::1], uint16[::1], uint16[::1], uint8[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def unpack_blocks(
    data: Octets,
    state: Integers,
    table: Symbols,
    places: Symbols,
    out: Octets,
    most: int,
    bits: int,
) -> int:
    """
    Unpack `-lh4-` to `-lh7-` into `out`, after its history; how many bytes, always all.

    `most` and `bits` say how many codes for places there are, and how their number is written.
    """
    at = HISTORY
    while at < len(out):
        at = _repeat(out, state, at)
        if at == len(out):
            break
        if state[_LEFT] == 0:
            state[_LEFT] = _take(data, state, 16)
            good = (
                state[_LEFT] > 0
                and _read_short(data, state, table, _LENGTHS, _LENGTH_BITS, 3)
                and _read_long(data, state, table, table.copy())
                and _read_short(data, state, places, most, bits, -1)
            )
            if not good:
                return TRUNCATED if state[_BIT] > 8 * len(data) else DAMAGED
        state[_LEFT] -= 1
        symbol = _symbol(data, state, table)
        if symbol < 256:
            out[at] = symbol
            at += 1
        else:
            state[_RUN] = symbol - 256 + 3
            size = _symbol(data, state, places)
            state[_BACK] = size + 1
            if size > 1:
                state[_BACK] = (1 << (size - 1)) + _take(data, state, size - 1) + 1
        if state[_BIT] > 8 * len(data):
            return TRUNCATED
    return len(out) - HISTORY


@njit("void(int64[::1])", cache=True, nogil=True)
def grow(tree: Integers) -> None:
    """The tree that `-lh1-` begins with: everything is equally likely."""
    for k in range(_KINDS):
        tree[k] = 1
        tree[_SONS + k] = k + _NODES
        tree[_PARENTS + k + _NODES] = k
    son = 0
    for k in range(_KINDS, _NODES):
        tree[k] = tree[son] + tree[son + 1]
        tree[_SONS + k] = son
        tree[_PARENTS + son] = tree[_PARENTS + son + 1] = k
        son += 2
    tree[_NODES] = 1 << 20  # No count is larger.
    tree[_PARENTS + _ROOT] = 0


@njit("void(int64[::1])", cache=True, nogil=True)
def _halve(tree: Integers) -> None:
    """Halve all counts and build the tree again, which may have come out of order."""
    k = 0
    for node in range(_NODES):
        if tree[_SONS + node] >= _NODES:
            tree[k] = (tree[node] + 1) // 2
            tree[_SONS + k] = tree[_SONS + node]
            k += 1
    son = 0
    for node in range(_KINDS, _NODES):
        count = tree[son] + tree[son + 1]
        place = node
        while count < tree[place - 1]:
            tree[place] = tree[place - 1]
            tree[_SONS + place] = tree[_SONS + place - 1]
            place -= 1
        tree[place] = count
        tree[_SONS + place] = son
        son += 2
    for node in range(_NODES):
        below = tree[_SONS + node]
        tree[_PARENTS + below] = node
        if below < _NODES:
            tree[_PARENTS + below + 1] = node


@njit("void(int64[::1], int64)", cache=True, nogil=True)
def count_in(tree: Integers, symbol: int) -> None:
    """Count a symbol, and keep the nodes of the tree in the order of their counts."""
    if tree[_ROOT] == _MOST:
        _halve(tree)
    node = tree[_PARENTS + symbol + _NODES]
    while True:
        tree[node] += 1
        count = tree[node]
        other = node + 1
        if count > tree[other]:
            while count > tree[other + 1]:
                other += 1
            tree[node] = tree[other]
            tree[other] = count
            mine, its = tree[_SONS + node], tree[_SONS + other]
            tree[_PARENTS + mine] = other
            if mine < _NODES:
                tree[_PARENTS + mine + 1] = other
            tree[_SONS + other] = mine
            tree[_PARENTS + its] = node
            if its < _NODES:
                tree[_PARENTS + its + 1] = node
            tree[_SONS + node] = its
            node = other
        node = tree[_PARENTS + node]
        if node == 0:
            break


@njit("int64(uint8[::1], int64[::1], int64[::1], uint16[::1], uint8[::1])", cache=True, nogil=True)
def unpack_adaptive(
    data: Octets, state: Integers, tree: Integers, places: Symbols, out: Octets
) -> int:
    """Unpack `-lh1-` into `out`, after its history; how many bytes, always all."""
    at = HISTORY
    while at < len(out):
        at = _repeat(out, state, at)
        if at == len(out):
            break
        node = tree[_SONS + _ROOT]
        while node < _NODES:
            node = tree[_SONS + node + _take(data, state, 1)]
        symbol = node - _NODES
        count_in(tree, symbol)
        if symbol < 256:
            out[at] = symbol
            at += 1
        else:
            state[_RUN] = symbol - 256 + 3
            high = _symbol(data, state, places)
            state[_BACK] = (high << 6 | _take(data, state, 6)) + 1
        if state[_BIT] > 8 * len(data):
            return TRUNCATED
    return len(out) - HISTORY


def places_of_adaptive() -> NDArray[np.uint16]:
    """The one code of `-lh1-` for the upper bits of places: near ones have short words."""
    lengths = np.repeat(np.arange(3, 9, dtype=np.uint8), (1, 3, 8, 12, 24, 16))
    table = np.zeros(1 << _CODE, np.uint16)
    fill(table, lengths, len(lengths))
    return table


def _crc_of_bytes() -> NDArray[np.int64]:
    values = np.arange(256)
    for _ in range(8):
        values = np.where(values & 1, values >> 1 ^ 0xA001, values >> 1)
    return values


_CRC = _crc_of_bytes()


@njit("int64(uint8[::1], int64)", cache=True, nogil=True)
def checksum(data: Octets, before: int) -> int:
    """CRC-16 (polynomial 8005, reversed), going on from that of what came before."""
    value = before
    for byte in data:
        value = (value >> 8) ^ _CRC[(value ^ np.int64(byte)) & 0xFF]
    return value
