"""
Keepers: which text of a group of duplicates stays.

A group is a chain of similar texts, and its ends need not be similar to each other. So a group
may keep several texts: the best one takes those that are *verified* to be similar to it, what is
left goes on among itself. Nothing is dropped because of a text it was not compared with.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.kernels import groups as kernels

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.arrays import Integers as Rows


FEW = 20_000
"""Texts and neighbours that are gone through in less time than the kernel takes to load."""

FEW_WITHOUT_NUMBA = 300_000
"""`FEW` where numba is not loaded yet either, as in a run that only judges again."""


def choose_keepers(
    group: Rows,
    exact: Rows,
    neighbours: pa.ListArray,
    similarity: pa.ListArray,
    order: Rows,
    alive: Flags,
    row: Rows,
    anchor: Flags | None = None,
) -> tuple[Rows, NDArray[np.float32]]:
    """
    For each grouped text the row of the text that stays instead (-1: none), and how alike.

    All arrays have one entry per grouped text: `group` to `similarity` as `group/` writes
    them, `row` is its row among all texts, `order` its rank (the lower one is kept), `alive`
    whether it keeps to all limits. Only a text that is alive is kept instead of another; a text
    that is not alive still gets the text that stays instead of it, if one is near.

    `anchor` (also from `group/`) is false for texts of large groups that were not compared
    with all around them. The others come first whatever their rank: another keeper would leave
    texts behind that are similar to it, only because they were never compared. Default: all were
    compared.

    The result does not depend on the order of the entries, provided that ranks differ or rows
    do: equal ranks are settled by row.
    """
    del group  # similar texts share a group by construction
    class_rows, classes = np.unique(exact, return_inverse=True)
    first, near_classes, near_similarity = _by_class(exact, class_rows, neighbours, similarity)
    behind = np.zeros(row.size, bool) if anchor is None else ~anchor
    ranked = np.lexsort((row, order, behind))
    ranked = ranked[alive[ranked]]
    keeper = np.full(class_rows.size, -1, np.int64)
    best_similarity = np.full(class_rows.size, np.nan, np.float32)
    few = FEW if "numba" in sys.modules else FEW_WITHOUT_NUMBA
    cover = _cover if ranked.size + near_classes.size <= few else kernels.cover
    cover(
        ranked,
        classes.astype(np.int64),
        first,
        near_classes,
        near_similarity,
        keeper,
        best_similarity,
    )
    chosen, how_alike = keeper[classes], best_similarity[classes]
    own = (chosen < 0) | (chosen == np.arange(row.size))
    instead = np.where(own, -1, row[np.where(own, 0, chosen)]) if row.size else row.copy()
    return instead, np.where(own, np.float32(np.nan), how_alike).astype(np.float32)


def _cover(
    ranked: Rows,
    classes: Rows,
    first: Rows,
    near: Rows,
    similarity: NDArray[np.float32],
    keeper: Rows,
    best_similarity: NDArray[np.float32],
) -> None:
    """The plain version of `kernels.groups.cover`, for few texts."""
    begins, others, alike = first.tolist(), near.tolist(), similarity.tolist()
    taken, how_alike = keeper.tolist(), best_similarity.tolist()
    for member, own in zip(ranked.tolist(), classes[ranked].tolist(), strict=True):
        if taken[own] >= 0:
            continue
        taken[own], how_alike[own] = member, 1.0
        for at in range(begins[own], begins[own + 1]):
            if taken[others[at]] < 0:
                taken[others[at]], how_alike[others[at]] = member, alike[at]
    keeper[:], best_similarity[:] = taken, how_alike


def _by_class(
    exact: Rows, class_rows: Rows, neighbours: pa.ListArray, similarity: pa.ListArray
) -> tuple[Rows, Rows, NDArray[np.float32]]:
    """The neighbours of each class of equal texts, as classes; its first text alone has them."""
    offsets = neighbours.offsets.to_numpy().astype(np.int64)
    lengths = np.diff(offsets)
    near = neighbours.values.to_numpy(zero_copy_only=False)
    begin = similarity.offsets[0].as_py()
    values = similarity.values.to_numpy(zero_copy_only=False)
    values = values[begin : begin + lengths.sum()].astype(np.float32)
    other = np.searchsorted(class_rows, near[offsets[0] : offsets[-1]])
    listed = np.flatnonzero(lengths)
    own_class = np.searchsorted(class_rows, exact[listed])
    if (np.diff(own_class) > 0).all():
        # As `group` writes them: to sort them would take five times their memory.
        count = np.zeros(class_rows.size, np.int64)
        count[own_class] = lengths[listed]
        return np.concatenate(([0], np.cumsum(count))), other, values
    own = np.repeat(own_class, lengths[listed])
    by_class = np.lexsort((other, own))
    first = np.searchsorted(own[by_class], np.arange(class_rows.size + 1))
    return first.astype(np.int64), other[by_class].astype(np.int64), values[by_class]
