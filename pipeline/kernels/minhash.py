"""
Shingles, MinHash signatures and band hashes.

A shingle is `lanes` 32-bit values; shingle `s` of a text starts `step` values after the one
before it. For characters `lanes` is n and `step` 1; for words, whose 64-bit hashes are two values
each, `lanes` is 2n and `step` 2.

The loops are laid out for vector instructions: each runs over a block of shingles with one
operation, because the steps of one hash depend on each other and those of different shingles do
not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Hashes, Integers

BLOCK = 2048
"""Shingles hashed at a time: five arrays of them stay in the first-level cache."""

_P1 = np.uint32(2654435761)
_P2 = np.uint32(2246822519)
_P3 = np.uint32(3266489917)
_P4 = np.uint32(668265263)
_P5 = np.uint32(374761393)
_STRIPE = 4
"""xxh32 takes four 32-bit lanes at a time where the input has as many."""


@njit(inline="always")
def _turned(x: Any, by: Any) -> Any:
    """A 32-bit value with its bits turned round to the left."""
    return np.uint32(np.uint32(x << np.uint32(by)) | np.uint32(x >> np.uint32(32 - by)))


@njit(inline="always")
def _add_stripe(sums: Any, part: Any, step: Any) -> None:
    """Take one lane of each shingle, `part[::step]`, into the running sums of xxh32."""
    for s in range(sums.size):
        sums[s] = np.uint32(_turned(np.uint32(sums[s] + np.uint32(part[s * step] * _P2)), 13) * _P1)


@njit(inline="always")
def _add_rest(hashes: Any, part: Any, step: Any) -> None:
    """Take a lane that is left over behind the stripes, `part[::step]`, into the hashes."""
    for s in range(hashes.size):
        x = np.uint32(hashes[s] + np.uint32(part[s * step] * _P3))
        hashes[s] = np.uint32(_turned(x, 17) * _P4)


@njit("void(uint32[::1], int64, int64, int64, int64, uint32[:, ::1])", cache=True, nogil=True)
def _hash_block(values: Codes, at: int, count: int, lanes: int, step: int, work: Codes) -> None:
    """
    xxh32 (seed 0) of `count` shingles from `values[at]` on, into `work[0]`.

    Characters have a branch of their own: only where the step is known to be 1 are they read with
    vector instructions, which makes it three times as fast.
    """
    hashes = work[0][:count]
    done = np.int64(0)
    reach = (count - 1) * step + 1
    if lanes >= _STRIPE:
        for lane in range(_STRIPE):
            sums = work[1 + lane][:count]
            initial = np.uint32(0)
            if lane == 0:
                initial = np.uint32(_P1 + _P2)
            elif lane == 1:
                initial = _P2
            elif lane == 3:
                initial = np.uint32(np.uint32(0) - _P1)
            sums[:] = initial
            for stripe in range(lanes // _STRIPE):
                base = at + stripe * _STRIPE + lane
                if step == 1:
                    _add_stripe(sums, values[base : base + reach], 1)
                else:
                    _add_stripe(sums, values[base : base + reach], step)
        v1, v2, v3, v4 = work[1][:count], work[2][:count], work[3][:count], work[4][:count]
        length = np.uint32(4 * lanes)
        for s in range(count):
            x = np.uint32(_turned(v1[s], 1) + _turned(v2[s], 7))
            x = np.uint32(np.uint32(x + _turned(v3[s], 12)) + _turned(v4[s], 18))
            hashes[s] = np.uint32(x + length)
        done = lanes // _STRIPE * _STRIPE
    else:
        hashes[:] = np.uint32(_P5 + np.uint32(4 * lanes))
    for lane in range(done, lanes):
        base = at + lane
        if step == 1:
            _add_rest(hashes, values[base : base + reach], 1)
        else:
            _add_rest(hashes, values[base : base + reach], step)
    for s in range(count):
        x = hashes[s]
        x = np.uint32(np.uint32(x ^ np.uint32(x >> np.uint32(15))) * _P2)
        x = np.uint32(np.uint32(x ^ np.uint32(x >> np.uint32(13))) * _P3)
        hashes[s] = np.uint32(x ^ np.uint32(x >> np.uint32(16)))


@njit(
    "Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def hash_shingles(values: Codes, start: Integers, lanes: int, step: int) -> tuple[Codes, Integers]:
    """The hashes of all shingles of each text in order, and where each text starts in them."""
    n = start.size - 1
    first = np.zeros(n + 1, np.int64)
    for i in range(n):
        first[i + 1] = first[i] + max((start[i + 1] - start[i] - lanes) // step + 1, 0)
    hashes = np.empty(first[n], np.uint32)
    work = np.empty((5, BLOCK), np.uint32)
    for i in range(n):
        done = np.int64(0)
        total = first[i + 1] - first[i]
        while done < total:
            count = min(total - done, BLOCK)
            _hash_block(values, start[i] + done * step, count, lanes, step, work)
            hashes[first[i] + done : first[i] + done + count] = work[0, :count]
            done += count
    return hashes, first


@njit(
    "uint32[:, ::1](uint32[::1], int64[::1], int64, int64, uint32[::1], uint32[::1])",
    cache=True,
    nogil=True,
)
def sign(values: Codes, start: Integers, lanes: int, step: int, a: Codes, b: Codes) -> Codes:
    """
    MinHash signatures, one row per text: for each permutation the least `a * mix(hash) + b`.

    `mix` is murmur3's finaliser, as in datasketch's scheme affine32. Rows of texts without a
    shingle hold the largest value throughout; they mean nothing.
    """
    n = start.size - 1
    permutations = a.size
    signatures = np.full((n, permutations), np.uint32(0xFFFFFFFF), np.uint32)
    work = np.empty((5, BLOCK), np.uint32)
    for i in range(n):
        signature = signatures[i]
        done = np.int64(0)
        total = (start[i + 1] - start[i] - lanes) // step + 1
        while done < total:
            count = min(total - done, BLOCK)
            _hash_block(values, start[i] + done * step, count, lanes, step, work)
            mixed = work[0][:count]
            for s in range(count):
                x = mixed[s]
                x = np.uint32(np.uint32(x ^ np.uint32(x >> np.uint32(16))) * np.uint32(0x85EBCA6B))
                x = np.uint32(np.uint32(x ^ np.uint32(x >> np.uint32(13))) * np.uint32(0xC2B2AE35))
                mixed[s] = np.uint32(x ^ np.uint32(x >> np.uint32(16)))
            for k in range(permutations):
                factor = a[k]
                shift = b[k]
                least = signature[k]
                for s in range(count):
                    least = min(least, np.uint32(np.uint32(factor * mixed[s]) + shift))
                signature[k] = least
            done += count
    return signatures


@njit("uint64[:, ::1](uint32[:, ::1], int64)", cache=True, nogil=True)
def hash_bands(signatures: Codes, rows: int) -> Hashes:
    """One 64-bit hash per band (first axis) and text: of `rows` values, salted with the band."""
    n, permutations = signatures.shape
    bands = permutations // rows
    hashes = np.empty((bands, n), np.uint64)
    for i in range(n):
        for band in range(bands):
            h = np.uint64(band + 1) * np.uint64(0x9E3779B97F4A7C15)
            for k in range(band * rows, band * rows + rows):
                h = (h ^ np.uint64(signatures[i, k])) * np.uint64(0xFF51AFD7ED558CCD)
                h ^= h >> np.uint64(32)
            h *= np.uint64(0xC4CEB9FE1A85EC53)
            h ^= h >> np.uint64(29)
            hashes[band, i] = h
    return hashes


@njit("Tuple((uint32[::1], int64[::1]))(uint32[::1], int64[::1])", cache=True, nogil=True)
def drop_repeated(hashes: Codes, first: Integers) -> tuple[Codes, Integers]:
    """Sorted hashes of each text with each value once, and where each text starts in them."""
    n = first.size - 1
    unique = np.empty(hashes.size, np.uint32)
    starts = np.empty(n + 1, np.int64)
    out = 0
    for i in range(n):
        starts[i] = out
        for k in range(first[i], first[i + 1]):
            unique[out] = hashes[k]
            out += k + 1 == first[i + 1] or hashes[k + 1] != hashes[k]
    starts[n] = out
    return unique[:out].copy(), starts
