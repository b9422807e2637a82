"""
Buckets: in which part of a signal's numbers each kept text lies, as a column of the release.

Quantiles are cut at numbers that occur: the cut of 0.4 is the lowest number that 40 % of the kept
texts do not exceed. They are found exactly and in bounded memory, whatever the number of texts: a
histogram over the upper half of the bits of a float32, then one over the lower half where a cut
lies. A cut belongs to the bucket below it, so equal numbers never fall into two.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline.recipe.buckets import OTHER, UNKNOWN, Bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from seimai.pipeline.arrays import Codes, Integers, Singles
    from seimai.pipeline.run_record import BucketRecord

PREFIX = "bucket."
"""Columns are called `bucket.NAME`: the folder `NAME=…` would clash with a column `NAME`."""

_HALF = 16
_SIZE = 1 << _HALF
_SIGN = np.uint32(1 << 31)


@dataclass(frozen=True)
class Cut:
    """A bucket of the recipe with the numbers that it is cut at."""

    name: str
    bucket: Bucket
    cuts: tuple[float, ...] = ()
    """The highest number of each quantile but the last; empty where there were no numbers."""
    version: int | str | None = None
    """The version of the signal that it is made by; None where it is made by the source."""

    @property
    def column(self) -> str:
        """The name of its column in the release."""
        return f"{PREFIX}{self.name}"


def names_of(cut: Cut, values: Any) -> pa.Array:
    """
    The bucket of each text, from its numbers (nan: nothing to measure) or its source.

    Of a bucket with `highest` the values have a row for each of its signals.

    >>> bucket = Bucket(by="text.length_count", ranges={"short": {"max": 9}, "long": {"min": 9}})
    >>> names_of(Cut("length", bucket), np.array([3, 9, 12, np.nan])).to_pylist()
    ['short', 'short', 'long', 'unknown']
    """
    names = cut.bucket.names
    if cut.bucket.highest:
        return _highest(cut.bucket, values)
    if cut.bucket.groups:
        of = {source: name for name, group in cut.bucket.groups.items() for source in group}
        return pa.array([of.get(source, OTHER) for source in values], pa.string())
    numbers = np.asarray(values, np.float32)
    place = np.full(numbers.size, names.index(UNKNOWN), np.int32)
    known = ~np.isnan(numbers)
    if cut.bucket.ranges:
        place[known] = names.index(OTHER)
        open_ = known.copy()
        for k, one in enumerate(cut.bucket.ranges.values()):
            # As limits do: a bound means the number that was stored for it.
            low = -np.inf if one.min is None else np.float32(one.min)
            high = np.inf if one.max is None else np.float32(one.max)
            inside = open_ & (numbers >= low) & (numbers <= high)
            place[inside] = k
            open_ &= ~inside
    else:
        cuts = np.array(cut.cuts, np.float32)
        place[known] = np.searchsorted(cuts, numbers[known], side="left")
    return pa.DictionaryArray.from_arrays(pa.array(place), pa.array(names)).cast(pa.string())


def _highest(bucket: Bucket, values: Any) -> pa.Array:
    """The name of the highest number, the first of equal ones; unknown below the least."""
    numbers = np.where(np.isnan(values), -np.inf, np.asarray(values, np.float32))
    place = numbers.argmax(axis=0).astype(np.int32)
    place[numbers.max(axis=0) < np.float32(bucket.least)] = len(bucket.highest)
    return pa.DictionaryArray.from_arrays(pa.array(place), pa.array(bucket.names)).cast(pa.string())


def as_record(cut: Cut, texts: Mapping[str, int], size: Mapping[str, int]) -> BucketRecord:
    """A bucket for `run.json`: its cuts, and texts and bytes of each part, the lowest first."""
    bucket = cut.bucket
    ranges = {name: one.model_dump(exclude_none=True) for name, one in bucket.ranges.items()}
    groups = {name: list(group) for name, group in bucket.groups.items()}
    groups |= {name: [signal] for name, signal in bucket.highest.items()}
    return {
        "name": cut.name,
        "column": cut.column,
        "by": bucket.made_by,
        "version": cut.version,
        "cuts": [float(at) for at in cut.cuts],
        "ranges": ranges,
        "groups": groups,
        "earlier": bucket.cuts_from is not None,
        "parts": {
            name: {"texts": texts.get(name, 0), "bytes": size.get(name, 0)}
            for name in bucket.names
            if name not in (OTHER, UNKNOWN) or texts.get(name)
        },
    }


def quantile_cuts(
    ends: Sequence[float], numbers: Callable[[], Iterable[Singles]]
) -> tuple[float, ...]:
    """
    The numbers at which shares of all texts end, the last end (1) left out; nan is not counted.

    `numbers` gives all numbers in parts, and is called twice. Memory is a few hundred kilobytes
    for each cut, however many numbers there are.

    >>> quantile_cuts([0.25, 0.5, 1], lambda: [np.arange(8, dtype=np.float32)])
    (1.0, 3.0)
    """
    upper = np.zeros(_SIZE, np.int64)
    for part in numbers():
        upper += np.bincount(_keys(part) >> np.uint32(_HALF), minlength=_SIZE)
    below = np.concatenate([np.zeros(1, np.int64), np.cumsum(upper)])
    count = int(below[-1])
    if not count:
        return ()
    # A share such as 0.07 of 100 is a little more than 7 in binary.
    ranks = [max(1, math.ceil(end * count - 1e-9 * count)) for end in ends[:-1]]
    halves = [int(np.searchsorted(below[1:], rank, side="left")) for rank in ranks]
    lower = {half: np.zeros(_SIZE, np.int64) for half in halves}
    for part in numbers():
        keys = _keys(part)
        halves_of = keys >> np.uint32(_HALF)
        for half in lower:
            inside = keys[halves_of == half] & np.uint32(_SIZE - 1)
            lower[half] += np.bincount(inside, minlength=_SIZE)
    return tuple(
        _number((half << _HALF) + _place(lower[half], rank - int(below[half])))
        for half, rank in zip(halves, ranks, strict=True)
    )


def _place(found: Integers, rank: int) -> int:
    return int(np.searchsorted(np.cumsum(found), rank, side="left"))


def _keys(numbers: Singles) -> Codes:
    """Whole numbers in the order of the numbers, without nan; minus zero is zero."""
    known = numbers[~np.isnan(numbers)].astype(np.float32) + np.float32(0)
    bits = known.view(np.uint32)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _number(key: int) -> float:
    bits = key ^ int(_SIGN) if key & int(_SIGN) else ~key & 0xFFFFFFFF
    return float(np.array([bits], np.uint32).view(np.float32)[0])
