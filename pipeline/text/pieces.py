"""Parts of the texts of a batch, and the arithmetic of numbers per part, per token and per text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Doubles as Floats
    from seimai.pipeline.arrays import Integers


@dataclass(frozen=True)
class Pieces:
    """
    Parts of the texts of a batch, such as lines or sentences, in order.

    `start` and `end` are places in `Texts.codes`; pieces `first[i] : first[i + 1]` belong to
    text `i`.
    """

    start: Integers
    end: Integers
    first: Integers

    @cached_property
    def length(self) -> Integers:
        """Number of characters of each piece."""
        return self.end - self.start

    @cached_property
    def count(self) -> Integers:
        """Number of pieces of each text."""
        return np.diff(self.first)

    @cached_property
    def owner(self) -> Integers:
        """For each piece, which text it belongs to."""
        return owners(self.count)

    def total(self, per_piece: NDArray[Any]) -> Floats:
        """Sum over the pieces of each text (0 where a text has none)."""
        return sums(per_piece, self.first)

    def share(self, per_piece: NDArray[Any]) -> Floats:
        """Mean over the pieces of each text, for flags their share; nan where there are none."""
        return divide(self.total(per_piece), self.count)

    def largest(self, per_piece: NDArray[Any]) -> Floats:
        """Largest value among the pieces of each text; nan where there are none."""
        result = np.full(self.count.size, np.nan)
        filled = self.count > 0
        if filled.any():
            result[filled] = np.maximum.reduceat(per_piece, self.first[:-1][filled])
        return result


def owners(count: Integers) -> Integers:
    """For each of `count[i]` things of text `i`, one after the other: `i`."""
    return np.repeat(np.arange(count.size), count)


def sums(values: NDArray[Any], first: Integers) -> Floats:
    """Sum of `values[first[i] : first[i + 1]]` for each text, 0 where it has none."""
    if values.dtype not in (np.bool_, np.int64):
        values = values.astype(np.float64)
    zero = np.float64(0) if values.dtype == np.float64 else np.int64(0)
    total: Floats = kernels.sums.sum_parts(np.ascontiguousarray(values), first, zero)
    return total


def divide(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """`part / whole` per text, nan where the whole is zero: there is nothing to measure."""
    result = np.full(len(part), np.nan)
    np.divide(part, whole, out=result, where=np.asarray(whole) != 0)
    return result
