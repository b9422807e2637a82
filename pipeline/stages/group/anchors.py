"""
Comparisons within groups, so that whichever text stays has been compared with the others.

Bands propose some of the pairs of a group, verdicts decide later which text stays. In a group of
a few texts all pairs are compared. In a large one (a template with thousands of pages) that would
be too many: there all texts are compared with some *anchors*. Then keepers are tried out among
the anchors, the longest first, and what is similar to none of them gets anchors of its own, until
nothing is left. `keepers.py` prefers anchors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.stages.group.similarity import Compared, Sets, ends_of, pairs_of, similarities

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seimai.pipeline.arrays import Flags, Integers
    from seimai.pipeline.arrays import Hashes as Pairs


COMPLETE_NODES = 128
"""In groups of at most as many distinct texts, all pairs are compared."""

LONGEST_ANCHORS = 48
"""The longest texts of a large group are anchors: they are what most recipes keep."""

CENTRAL_ANCHORS = 16
"""The texts with the most edges are anchors too: more of the group resembles them than the
longest."""

HUGE_NODES = 10_000
"""A group of more distinct texts is one template. Each anchor costs fifty bytes a text then, which
a million of them have to find room for, so there are fewer."""

HUGE_ANCHORS = 8
"""This many of the longest texts, and of those with the most edges, are anchors of a huge group."""

FURTHER_ANCHORS = 16
"""In each further round this many of the longest texts that are left are anchors."""

ROUNDS = 64
"""A bound on time for groups that are chains of texts hardly similar to each other."""

PAIRS_AT_ONCE = 1 << 20
"""Pairs that are listed at a time."""


def complete(
    labels: Integers, length: Integers, compared: Compared, shelf: Sets, limit: float
) -> tuple[Compared, Flags]:
    """
    All edges of all groups, and which nodes are anchors (all, in groups that are not large).

    `labels` are the components that the pairs of `compared` with at least `limit` make; `length`
    is in characters. Nodes are only compared with nodes of their component.
    """
    first, members = components(labels)
    size = np.diff(first)
    small = size <= COMPLETE_NODES
    edges = [compared.reaching(limit)]
    edges += [
        _compare(compared.without(pairs), shelf, limit)
        for pairs in _all_pairs(members[np.repeat(small, size)], size[small])
    ]
    anchor = np.ones(labels.size, bool)
    large = np.flatnonzero(~small).tolist()
    degree = np.bincount(
        np.concatenate(ends_of(edges[0].pairs)), minlength=labels.size if large else 0
    )
    for k in large:
        whole = members[first[k] : first[k + 1]]
        anchor[whole] = False
        edges += _with_anchors(whole, length, degree, compared, shelf, limit, anchor)
    return (
        Compared(
            np.concatenate([some.pairs for some in edges]),
            np.concatenate([some.similarity for some in edges]),
        ),
        anchor,
    )


def components(labels: Integers) -> tuple[Integers, Integers]:
    """Nodes of components of two or more, component by component, and where each starts."""
    sizes = np.bincount(labels, minlength=labels.size)
    members = np.flatnonzero(sizes[labels] > 1)
    members = members[np.argsort(labels[members], kind="stable")]
    first = np.flatnonzero(np.diff(labels[members], prepend=-1, append=-1))
    return first, members


def _all_pairs(members: Integers, size: Integers) -> Iterator[Pairs]:
    """All pairs within components that follow each other, many components at a time."""
    first = np.concatenate(([0], np.cumsum(size)))
    total = np.concatenate(([0], np.cumsum(size * (size - 1) // 2)))
    begin = 0
    while begin < size.size:
        end = int(np.searchsorted(total, total[begin] + PAIRS_AT_ONCE, side="right")) - 1
        end = max(end, begin + 1)
        yield np.sort(kernels.all_pairs(members, first[begin : end + 1]))
        begin = end


def _with_anchors(
    whole: Integers,
    length: Integers,
    degree: Integers,
    compared: Compared,
    shelf: Sets,
    limit: float,
    anchor: Flags,
) -> list[Compared]:
    """The new edges of one large component; its anchors are marked in `anchor`."""
    found = []
    huge = whole.size > HUGE_NODES
    longest, most_central = (HUGE_ANCHORS,) * 2 if huge else (LONGEST_ANCHORS, CENTRAL_ANCHORS)
    rest = whole[np.lexsort((whole, -length[whole]))]
    central = rest[longest:]
    central = central[np.lexsort((central, -degree[central]))][:most_central]
    chosen = np.concatenate((rest[:longest], central))
    for _ in range(ROUNDS):
        anchor[chosen] = True
        near = []
        for pairs in _pairs_with(chosen, rest):
            near.append(compared.among(pairs, limit))
            new = _compare(compared.without(pairs), shelf, limit)
            near.append(new.pairs)
            found.append(new)
        rest = rest[~np.isin(rest, _covered(chosen, near))]
        if not rest.size:
            break
        chosen = rest[:FURTHER_ANCHORS]
    return found


def _covered(anchors: Integers, near: Sequence[Pairs]) -> Integers:
    """The anchors and what is near to those of them that are not near to an earlier one."""
    beside: dict[int, list[int]] = {anchor: [] for anchor in anchors.tolist()}
    for pairs in near:
        low, high = ends_of(pairs)
        both = np.isin(low, anchors) & np.isin(high, anchors)
        for one, other in zip(low[both].tolist(), high[both].tolist(), strict=True):
            beside[one].append(other)
            beside[other].append(one)
    behind: set[int] = set()
    leading = []
    for anchor in anchors.tolist():
        if anchor not in behind:
            leading.append(anchor)
            behind.update(beside[anchor])
    covered = [anchors]
    # A large group has many pairs of an anchor: they are looked at part by part.
    for pairs in near:
        for ends, others in (ends_of(pairs), ends_of(pairs)[::-1]):
            covered.append(np.unique(others[np.isin(ends, leading)]))
    return np.unique(np.concatenate(covered))


def _pairs_with(anchors: Integers, others: Integers) -> Iterator[Pairs]:
    """All pairs of an anchor and another node or anchor, each once."""
    yield kernels.all_pairs(np.sort(anchors), np.array([0, anchors.size]))
    others = others[~np.isin(others, anchors)]
    step = PAIRS_AT_ONCE // anchors.size
    for begin in range(0, others.size, step):
        some = others[begin : begin + step]
        yield pairs_of(np.repeat(anchors, some.size), np.tile(some, anchors.size))


def _compare(pairs: Pairs, shelf: Sets, limit: float) -> Compared:
    """The pairs that are similar enough, with how similar they are."""
    return Compared(pairs, similarities(pairs, shelf)).reaching(limit)
