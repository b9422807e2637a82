"""
Pairs out of buckets, similarities of sets, connected components, and keepers of groups.

A node is a distinct text; a pair of nodes is one number, `low << 32 | high`, so that pairs sort
and lose their repetitions as numbers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Codes, Doubles, Hashes, Integers, Singles

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)
_FIRST_ROOM = 1024

_EMPTINESS = 4
"""Places per value in the table of a set: most values are found, or missed, at the first look."""


@njit("uint64[::1](uint64[::1])", cache=True, nogil=True)
def _doubled(array: Hashes) -> Hashes:
    larger = np.empty(array.size * 2, np.uint64)
    larger[: array.size] = array
    return larger


@njit(
    "Tuple((uint64[::1], int64))(uint64[::1], int64[::1], int64[::1], int64, int64)",
    cache=True,
    nogil=True,
)
def bucket_pairs(
    hashes: Hashes, nodes: Integers, labels: Integers, turn: int, small: int
) -> tuple[Hashes, int]:
    """
    Pairs to compare out of the buckets of one band, and how many large buckets gave some.

    A bucket is a run of equal `hashes` (sorted); its nodes come in the order of their numbers.
    In turn 0 a bucket of at most `small` nodes gives all its pairs. A larger one has hubs: the
    first node, then the first node outside the component of the first hub, and so on. In turn t
    hub t is paired with every node outside the components of hubs 0 to t.
    """
    pairs = np.empty(_FIRST_ROOM, np.uint64)
    out = 0
    still_open = 0
    seen = np.empty(turn + 1, np.int64)
    begin = 0
    while begin < hashes.size:
        end = begin + 1
        while end < hashes.size and hashes[end] == hashes[begin]:
            end += 1
        size = end - begin
        if size > 1 and (turn == 0 or size > small):
            members = np.sort(nodes[begin:end])
            most = size * (size - 1) // 2 if size <= small else size
            while out + most > pairs.size:
                pairs = _doubled(pairs)
            if size <= small:
                for i in range(size):
                    for j in range(i + 1, size):
                        pairs[out] = np.uint64(members[i]) << _HALF | np.uint64(members[j])
                        out += 1
            else:
                known = 0
                hub = np.int64(-1)
                before = out
                for node in members:
                    label = labels[node]
                    new = True
                    for k in range(known):
                        new = new and seen[k] != label
                    if not new:
                        continue
                    if known <= turn:
                        seen[known] = label
                        known += 1
                        hub = node
                    else:
                        pairs[out] = np.uint64(hub) << _HALF | np.uint64(node)
                        out += 1
                still_open += out > before
        begin = end
    return pairs[:out].copy(), still_open


@njit("uint64[::1](int64[::1], int64[::1])", cache=True, nogil=True)
def all_pairs(members: Integers, first: Integers) -> Hashes:
    """All pairs within each of the sets `members[first[i] : first[i + 1]]`, each set sorted."""
    total = np.int64(0)
    for i in range(first.size - 1):
        size = first[i + 1] - first[i]
        total += size * (size - 1) // 2
    pairs = np.empty(total, np.uint64)
    out = 0
    for i in range(first.size - 1):
        for j in range(first[i], first[i + 1]):
            for k in range(j + 1, first[i + 1]):
                pairs[out] = np.uint64(members[j]) << _HALF | np.uint64(members[k])
                out += 1
    return pairs


@njit("void(uint32[::1], int64[::1], int64[::1], int64[::1], uint32[::1])", cache=True, nogil=True)
def take_sets(
    source: Codes, begin: Integers, size: Integers, first: Integers, values: Codes
) -> None:
    """Copy `source[begin[i] : begin[i] + size[i]]` to `values`, from `first[i]` on."""
    for i in range(begin.size):
        for k in range(size[i]):
            values[first[i] + k] = source[begin[i] + k]


@njit(
    "float64[::1](uint32[::1], int64[::1], int64[::1], int64[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def jaccard_between(
    values: Codes, begin: Integers, end: Integers, left: Integers, right: Integers
) -> Doubles:
    """
    Jaccard similarity of pairs of sets; set `i` is `values[begin[i] : end[i]]`.

    The left set goes into a hash table, which stays for the following pairs with the same left
    set. The values are hashes already, so their low bits are their place in the table.
    """
    similarity = np.empty(left.size, np.float64)
    table = np.zeros(_FIRST_ROOM, np.uint32)
    mask = np.uint32(0)
    zero = False
    for p in range(left.size):
        i, i_end = begin[left[p]], end[left[p]]
        j, j_end = begin[right[p]], end[right[p]]
        if p == 0 or left[p] != left[p - 1]:
            room = np.int64(_FIRST_ROOM)
            while room < _EMPTINESS * (i_end - i):
                room *= 2
            if room > table.size:
                table = np.zeros(room, np.uint32)
            else:
                table[:room] = 0
            mask = np.uint32(room - 1)
            zero = False
            for k in range(i, i_end):
                value = values[k]
                # An empty place holds 0, so the value 0 is remembered beside the table.
                zero = zero or value == 0
                place = np.uint32(value & mask)
                while table[place] != 0:
                    place = np.uint32((place + np.uint32(1)) & mask)
                table[place] = value
        shared = np.int64(0)
        for k in range(j, j_end):
            value = values[k]
            held = table[np.uint32(value & mask)]
            if held and held != value:
                place = np.uint32(value & mask)
                while held and held != value:
                    place = np.uint32((place + np.uint32(1)) & mask)
                    held = table[place]
            shared += held == value and (value != 0 or zero)
        total = i_end - i + j_end - j
        similarity[p] = shared / (total - shared) if total > shared else 0.0
    return similarity


def jaccard(values: Codes, first: Integers, left: Integers, right: Integers) -> Doubles:
    """The same of sets that follow each other: set `i` is `values[first[i] : first[i + 1]]`."""
    similarity: Doubles = jaccard_between(values, first[:-1], first[1:], left, right)
    return similarity


@njit("void(int64[::1], int64[::1], int64[::1])", cache=True, nogil=True)
def join(parents: Integers, left: Integers, right: Integers) -> None:
    """
    Union-find over `parents`, which ends flat: the parent of a node is its component's label.

    The label of a component is its least node, so it does not depend on the order of the pairs.
    """
    for p in range(left.size):
        a, b = left[p], right[p]
        while parents[a] != a:
            parents[a] = parents[parents[a]]
            a = parents[a]
        while parents[b] != b:
            parents[b] = parents[parents[b]]
            b = parents[b]
        if a < b:
            parents[b] = a
        else:
            parents[a] = b
    for node in range(parents.size):
        # Parents are smaller than their children, so the parent is flat by now.
        parents[node] = parents[parents[node]]


@njit(
    "Tuple((int64[::1], uint32[::1], float32[::1]))(uint64[::1], float32[::1], int64[::1])",
    cache=True,
    nogil=True,
)
def both_ways(pairs: Hashes, similarity: Singles, row: Integers) -> tuple[Integers, Codes, Singles]:
    """
    The neighbours of each node, by the order of their `row`, and how similar they are.

    Node `i` has `near[first[i] : first[i + 1]]`. A large group has a hundred a text, so they are
    put in place one by one: sorting both directions would take five times the memory.
    """
    first = np.zeros(row.size + 1, np.int64)
    for pair in pairs:
        first[np.int64(pair >> _HALF) + 1] += 1
        first[np.int64(pair & _LOW_HALF) + 1] += 1
    for node in range(row.size):
        first[node + 1] += first[node]
    at = first[:-1].copy()
    near = np.empty(2 * pairs.size, np.uint32)
    alike = np.empty(2 * pairs.size, np.float32)
    for p in range(pairs.size):
        low, high = np.int64(pairs[p] >> _HALF), np.int64(pairs[p] & _LOW_HALF)
        near[at[low]], alike[at[low]] = np.uint32(high), similarity[p]
        near[at[high]], alike[at[high]] = np.uint32(low), similarity[p]
        at[low] += 1
        at[high] += 1
    for node in range(row.size):
        begin, end = first[node], first[node + 1]
        if end - begin > 1:
            rows = np.empty(end - begin, np.int64)
            for k in range(begin, end):
                rows[k - begin] = row[near[k]]
            order = np.argsort(rows)
            near[begin:end] = near[begin:end][order]
            alike[begin:end] = alike[begin:end][order]
    return first, near, alike


@njit(
    "void(int64[::1], int64[::1], int64[::1], int64[::1], float32[::1], int64[::1], float32[::1])",
    cache=True,
    nogil=True,
)
def cover(
    ranked: Integers,
    classes: Integers,
    first: Integers,
    neighbours: Integers,
    similarity: Singles,
    keeper: Integers,
    best_similarity: Singles,
) -> None:
    """
    Let each member of `ranked` that nobody covers yet cover its class and the classes near it.

    A class is made of equal texts, `neighbours[first[i] : first[i + 1]]` are the classes similar
    to class `i`, `similarity` how similar. `keeper` (-1 at first) and `best_similarity`, one entry
    per class, are filled.
    """
    for member in ranked:
        own = classes[member]
        if keeper[own] >= 0:
            continue
        keeper[own] = member
        best_similarity[own] = 1.0
        for k in range(first[own], first[own + 1]):
            other = neighbours[k]
            if keeper[other] < 0:
                keeper[other] = member
                best_similarity[other] = similarity[k]
