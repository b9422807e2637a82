"""Settings for `dedup` that are proposed do what they say."""

from __future__ import annotations

import itertools
import json
import random

import pyarrow as pa
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.index.releases import sketched
from seimai.pipeline.inspect import plan_dedup as plans
from seimai.pipeline.recipe import Dedup
from seimai.pipeline.stages.sketch import band_name


@pytest.mark.parametrize("edited", [0.005, 0.02, 0.05])
def test_no_setting_with_fewer_values_does_it(edited):
    """All rows and bands are tried: what is proposed keeps to both wishes, with the fewest."""
    found = plans.propose(edited=edited)
    fits = [
        rows * bands
        for rows, bands in itertools.product(range(1, 33), range(1, 257))
        if plans.found_share(found.similarity, rows, bands) >= 0.95
        and plans.found_share(found.similarity / 2, rows, bands) <= 0.1
    ]

    assert min(fits) == found.rows * found.bands
    assert found.recall >= 0.95
    assert found.false <= 0.1


def test_texts_edited_so_much_are_found_as_often():
    """Of 200 texts with one in fifty characters exchanged, most share a band with their source."""
    found = plans.propose(edited=0.02)
    pick = random.Random(3)
    signs = [chr(code) for code in range(0x4E00, 0x5200)]
    texts, edited = [], []
    for _ in range(200):
        text = pick.choices(signs, k=500)
        texts.append("".join(text))
        for place in pick.sample(range(500), 10):
            text[place] = pick.choice("αβγδε")
        edited.append("".join(text))
    settings = Dedup(n=found.n, rows=found.rows, bands=found.bands, similarity=found.similarity)
    tables = [sketched(pa.array(some), settings)[0] for some in (texts, edited)]
    met = [False] * 200
    for band in range(found.bands):
        columns = [table[band_name(band)].to_pylist() for table in tables]
        met = [one or a == b for one, a, b in zip(met, *columns, strict=True)]

    assert sum(met) >= 180


def test_a_setting_that_misses_is_named(capsys):
    """13 × 9 finds 40 % at 0.8; the command says so, in both languages and as data."""
    assert 0 == main(["dedup", "--edited", "0.023", "--lang", "en"])
    said = capsys.readouterr().out
    assert "13 × 9   39.9%  would miss many" in said
    assert 0 == main(["dedup", "--lang", "ja"])
    assert "見逃す" in capsys.readouterr().out
    assert 0 == main(["dedup", "--texts", "1000", "--format", "json"])
    assert 1000 == json.loads(capsys.readouterr().out)["texts"]
    assert 1 == main(["dedup", "--edited", "0.4", "--false", "0.0001", "--lang", "en"])
    assert "no setting" in capsys.readouterr().out
    assert 2 == main(["dedup", "--edited", "2"])
