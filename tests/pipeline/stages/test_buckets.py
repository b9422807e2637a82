"""Buckets are cut exactly where a sort would cut them, and every text is in one of them."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.pipeline.recipe.buckets import Bucket
from seimai.pipeline.stages.buckets import Cut, names_of, quantile_cuts


def sorted_cuts(numbers, ends):
    """The plain version: sort everything, and take the number at which each share ends."""
    known = np.sort(numbers[~np.isnan(numbers)])
    if not known.size:
        return ()
    counts = np.arange(1, known.size + 1) / known.size
    return tuple(float(known[np.argmax(counts >= end - 1e-9)]) for end in ends[:-1])


@pytest.mark.parametrize("seed", range(12))
def test_cuts_are_those_of_a_sort(seed):
    """Two histograms give what sorting all numbers does, however the numbers come in parts."""
    dice = np.random.default_rng(seed)
    count = int(dice.integers(2, 21))
    some = [np.float32(one) for one in (0, -0.0, 1e-40, -1e-40, 3e38, -3e38, 0.1, np.nan)]
    numbers = dice.normal(size=int(dice.integers(0, 80))).astype(np.float32).round(1)
    numbers = dice.permutation(np.concatenate([numbers, dice.choice(some, seed)]))
    ends = [k / count for k in range(1, count + 1)]

    expected = sorted_cuts(numbers, ends)
    assert expected == quantile_cuts(ends, lambda: [numbers])
    assert expected == quantile_cuts(ends, lambda: [numbers[:7], numbers[7:8], numbers[8:]])


def test_quantiles_hold_as_many_texts_each():
    """A hundred numbers in twenty parts are five in each, and equal ones stay together."""
    bucket = Bucket(by="a.b_share", quantiles=20)
    numbers = np.random.default_rng(1).permutation(100).astype(np.float32)
    cuts = quantile_cuts([end for _, end in bucket.ends], lambda: [numbers])
    found = names_of(Cut("quality", bucket, cuts), numbers).to_pylist()
    level = np.zeros(50, np.float32)
    flat = quantile_cuts([end for _, end in bucket.ends], lambda: [level])

    assert {f"q{k:02}": 5 for k in range(1, 21)} == {one: found.count(one) for one in set(found)}
    assert {"q01"} == {one for n, one in zip(numbers, found, strict=True) if n < 5}
    assert {"q20"} == {one for n, one in zip(numbers, found, strict=True) if n >= 95}
    assert {"q01"} == set(names_of(Cut("quality", bucket, flat), level).to_pylist())


def test_what_has_no_number_is_unknown_and_what_no_range_has_is_other():
    """Nan is never in a part of its own making, and a number outside of all ranges is told."""
    halves = Bucket(by="a.b_share", quantiles={"low": 0.5, "high": 1})
    lengths = Bucket(by="a.b_share", ranges={"short": {"max": 3}, "long": {"min": 10, "max": 20}})
    numbers = np.array([1, 3, 5, 10, 20, 21, np.nan], np.float32)

    assert ["low"] * 3 + ["high"] * 3 + ["unknown"] == names_of(
        Cut("half", halves, (5.0,)), numbers
    ).to_pylist()
    assert ["short", "short", "other", "long", "long", "other", "unknown"] == names_of(
        Cut("length", lengths), numbers
    ).to_pylist()


def test_a_bound_means_the_number_that_was_stored():
    """0.1 is no float32, and a text whose stored number is 0.1 lies within `max: 0.1`."""
    bucket = Bucket(by="a.b_share", ranges={"low": {"max": 0.1}})

    assert ["low"] == names_of(Cut("x", bucket), np.array([0.1], np.float32)).to_pylist()


def test_sources_are_grouped_by_name():
    """A source that no group names is `other`."""
    bucket = Bucket(by="source", groups={"web": ["crawl", "news"], "books": "aozora"})

    assert ["web", "books", "other", "other"] == names_of(
        Cut("kind", bucket), ["news", "aozora", "mail", None]
    ).to_pylist()


@pytest.mark.parametrize("count", [10, 10_000])
def test_memory_does_not_grow_with_the_numbers(count):
    """What is held beside the part at hand is the histograms."""
    import tracemalloc

    part = np.arange(1000, dtype=np.float32)
    tracemalloc.start()
    quantile_cuts([0.5, 1], lambda: (part for _ in range(count // 10)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000
