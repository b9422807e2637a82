"""What bands find of planted pairs is what their formula promises, and nothing dissimilar stays."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.shard import read_table, write_table
from seimai.pipeline.stages.group import group
from seimai.pipeline.stages.sketch import shingle_sets, sketch
from seimai.pipeline.text import Texts

LETTERS = np.array(
    list("あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよ")
)
LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
PAIRS = 2_500
LENGTH = 600
"""Characters; every changed one, far from the others, changes `n` shingles."""
FOUR_SIGMA = 4.0
"""With this, none of seven levels leaves the band by chance in ten thousand runs; the seed is fixed
anyway."""


@dataclass(frozen=True)
class Settings:
    """The bands of our recipes; `similarity` as a test wants it."""

    similarity: float
    unit: str = "char"
    n: int = 5
    rows: int = 8
    bands: int = 16
    seed: int = 1
    numbers: str = "ignore"


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Text, sketch and true similarity of 2,500 pairs; each text is similar to no third one."""
    random = np.random.default_rng(11)
    folder = tmp_path_factory.mktemp("bands")
    texts: list[str] = []
    for k in range(PAIRS):
        letters = LETTERS[random.integers(LETTERS.size, size=LENGTH)]
        level = LEVELS[k % len(LEVELS)]
        # Of s shingles c changes of n each leave s - cn in common out of s + cn.
        changes = round((LENGTH - 4) * (1 - level) / (1 + level) / 5)
        other = letters.copy()
        other[np.linspace(5, LENGTH - 6, max(changes, 1)).astype(int)] = "ん"
        texts += ["".join(letters), "".join(other)]
    column = pa.array(texts, pa.large_string())
    write_table(folder / "text/00000.parquet", pa.table({"text": column}))
    write_table(folder / "sketch/00000.parquet", sketch(Texts(column), Settings(0.8)))
    values, first = shingle_sets(Texts(column), Settings(0.8))
    sets = [set(values[a:b].tolist()) for a, b in pairwise(first)]
    alike = [
        len(one & other) / len(one | other)
        for one, other in zip(sets[::2], sets[1::2], strict=True)
    ]
    return folder, np.array(alike)


def found_pairs(folder, name, similarity):
    """Which pairs `group` finds at a similarity, and how alike it says they are."""
    paths = [folder / stage / "00000.parquet" for stage in ("text", "sketch", name)]
    group([paths[1]], [paths[0]], [paths[2]], Settings(similarity))
    table = read_table(paths[2]).to_pydict()
    found = {}
    for row, (near, alike) in enumerate(zip(table["neighbours"], table["similarity"], strict=True)):
        for other, value in zip(near, alike, strict=True):
            if row < other:
                found[row, other] = value
    return found


def test_recall_is_that_of_the_formula(planted):
    """At every level as many of 5,000 texts meet as 1 - (1 - J^rows)^bands says, four sigma off."""
    folder, alike = planted
    found = found_pairs(folder, "all", 0.3)
    met = np.array([(2 * k, 2 * k + 1) in found for k in range(PAIRS)])
    chance = 1 - (1 - alike**8) ** 16

    assert len(found) == met.sum()
    for k, level in enumerate(LEVELS):
        mine = slice(k, None, len(LEVELS))
        assert abs(alike[mine].mean() - level) < 0.02
        expected, variance = chance[mine].sum(), (chance * (1 - chance))[mine].sum()
        assert abs(met[mine].sum() - expected) <= FOUR_SIGMA * math.sqrt(variance) + 0.5, level


def test_precision_is_one(planted):
    """What is found at 0.8 is at least so similar, and says the number that its sets have."""
    folder, alike = planted
    found = found_pairs(folder, "near", 0.8)

    assert all(other == row + 1 and row % 2 == 0 for row, other in found)
    for (row, _), value in found.items():
        assert value == pytest.approx(alike[row // 2], abs=1e-6)
        assert alike[row // 2] >= 0.8
    assert len(found) > 0.95 * (alike >= 0.85).sum()
