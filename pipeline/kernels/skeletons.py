"""
Hashes of pieces, as they are and with their names blanked: what a page has in common with others.

A template is a sentence with slots for names, prices and places. Japanese writes these in kanji,
katakana, Latin letters and digits, and what joins them in hiragana; so the *skeleton* of a piece is
the piece with each run of the former as one slot. A piece filled in otherwise has the same one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers, Octets, SmallIntegers

FIXED, JOINT, SLOT, SKIPPED = 0, 1, 2, 3
"""What a character is to a skeleton: kept and counted, kept, part of a slot, or left out."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_SLOT_SIGN = np.uint64(0x110000)
"""Stands for a slot: no character has this number."""


@njit("uint64(uint64)", cache=True, nogil=True)
def _mixed(h: np.uint64) -> np.uint64:
    """A sum in which every bit of the result depends on every bit of it."""
    h = (h ^ (h >> np.uint64(32))) * np.uint64(0xFF51AFD7ED558CCD)
    h = (h ^ (h >> np.uint64(29))) * np.uint64(0xC4CEB9FE1A85EC53)
    return h ^ (h >> np.uint64(32))


@njit(
    "Tuple((uint64[::1], uint64[::1], int32[::1], int32[::1]))"
    "(uint32[::1], int64[::1], int64[::1], uint8[::1])",
    cache=True,
    nogil=True,
)
def hash_skeletons(
    codes: Codes, start: Integers, end: Integers, roles: Octets
) -> tuple[Hashes, Hashes, SmallIntegers, SmallIntegers]:
    """
    For each piece: the hash of what is visible of it, the hash of its skeleton, and two counts.

    The counts are its visible characters, and the parts of its skeleton: slots and what is `FIXED`.
    `roles` says for each code point what it is to a skeleton.
    """
    n = start.size
    whole, skeleton = np.empty(n, np.uint64), np.empty(n, np.uint64)
    visible, parts = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for i in range(n):
        h = s = np.uint64(0)
        seen = kept = np.int32(0)
        in_slot = False
        for k in range(start[i], end[i]):
            c = codes[k]
            role = roles[c]
            if role == SKIPPED:
                continue
            seen += 1
            h = h * _BASE + np.uint64(c) + np.uint64(1)
            if role == SLOT:
                if not in_slot:
                    kept += 1
                    s = s * _BASE + _SLOT_SIGN
                in_slot = True
                continue
            in_slot = False
            kept += role == FIXED
            s = s * _BASE + np.uint64(c) + np.uint64(1)
        whole[i], skeleton[i] = _mixed(h), _mixed(s)
        visible[i], parts[i] = seen, kept
    return whole, skeleton, visible, parts
