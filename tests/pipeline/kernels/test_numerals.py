"""The numbers that texts name, against plain Python."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import numerals as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view

KANJI = {one: k for k, one in enumerate("〇一二三四五六七八九")} | {"零": 0}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "億": 10**8, "兆": 10**12}
BEGINS = "0-9〇零一二三四五六七八九十百千"
RUN = re.compile(f"[{BEGINS}](?:,(?=[0-9]{{3}}(?![0-9]))|[{BEGINS}万億兆])*")


def numbers(*texts: str) -> list[list[int]]:
    """The hashes of the numbers of each text."""
    found, first = kernels.numbers_of(*hash_view(Texts.of(*texts)))
    return [found[a:b].tolist() for a, b in pairwise(first)]


def differ(one: str, other: str) -> bool:
    """Whether two texts name different numbers."""
    found, first = kernels.numbers_of(*hash_view(Texts.of(one, other)))
    left, right = np.zeros(1, np.int64), np.ones(1, np.int64)
    return bool(kernels.differ(found, first[:-1], first[1:], left, right)[0])


def plain_value(run: str) -> int:
    """The oracle: what a run of digits and kanji numerals means."""
    total = section = current = 0
    counted = False
    for one in run.replace(",", ""):
        if one in UNITS and UNITS[one] > 1000:
            section += current
            total += (section if section or counted else 1) * UNITS[one]
            section = current = 0
            counted = False
        elif one in UNITS:
            section += (current if counted else 1) * UNITS[one]
            current, counted = 0, False
        else:
            current = current * 10 + (KANJI[one] if one in KANJI else int(one))
            counted = True
    return total + section + current


@given(st.lists(st.text("059,三〇十千万あ", max_size=12), min_size=1, max_size=4))
@settings(deadline=None)
def test_numbers_equal_plain_python(texts):
    """Texts have the same number of numbers, and equal hashes where the values are equal."""
    expected = [Counter(map(plain_value, RUN.findall(text))) for text in texts]
    found = [Counter(some) for some in numbers(*texts)]

    assert [sorted(some.values()) for some in expected] == [sorted(x.values()) for x in found]
    for i, one in enumerate(expected):
        for j, other in enumerate(expected):
            assert bool(one - other and other - one) == bool(
                found[i] - found[j] and found[j] - found[i]
            )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三十日以内に", "30日以内に"),
        ("二〇二六年", "２０２６年"),
        ("1,234円", "千二百三十四円"),
        ("3億5千万円", "三億五千万円"),
        ("第五条", "第〇五条"),
        ("①番", "1番"),
    ],
)
def test_one_number_in_two_ways(one, other):
    """However a number is written, it is the same one."""
    assert numbers(one)[0] == numbers(other)[0]
    assert len(numbers(one)[0]) == 1


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("三十日以内に届け出る。", "九十日以内に届け出る。", True),
        ("税率は8%。", "税率は10%。", True),
        ("1.05倍", "1.5倍", True),
        ("五名と二名", "五名と五名", True),
        ("税率は8%。", "税率は8%。© 2026", False),
        ("五名と二名", "二名と五名", False),
        ("数のない文。", "九十日の文。", False),
        ("", "", False),
    ],
)
def test_numbers_that_differ(one, other, different):
    """Numbers differ where each text has one that the other has not; not where one has more."""
    assert different == differ(one, other) == differ(other, one)
