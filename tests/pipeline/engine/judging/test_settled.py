"""Verdicts that are there already: used where nothing that decides them has changed."""

from __future__ import annotations

import pytest

from seimai.pipeline.engine.judging import verdicts
from tests.conftest import ids, prose, recipe_of, release_digests

LIMITS = {"text.length_count": {"min": 60}, "word.particle_share": {"min": 0.01}}


@pytest.fixture
def settled(monkeypatch):
    """How often a run has judged its texts."""
    asked = []
    settle = verdicts.settle

    def counted(*given, **options):
        asked.append(given)
        settle(*given, **options)

    monkeypatch.setattr(verdicts, "settle", counted)
    return asked


@pytest.fixture
def texts(tmp_path, write_lines):
    """Some texts, two of them the same."""
    rows = [{"id": str(k), "text": prose(k % 9)} for k in range(10)]
    return write_lines(tmp_path / "in.jsonl", rows)


def test_what_is_settled_is_not_judged_again(texts, tmp_path, settled, curate):
    """A run with the same recipe leaves the verdicts alone; without the screen it does not."""
    recipe = recipe_of(texts, dedup={}, limits=LIMITS)
    for _ in range(2):
        curate(recipe, tmp_path / "out")

    assert 1 == len(settled)

    curate(recipe, tmp_path / "out", screen=False)

    assert 2 == len(settled)


@pytest.mark.parametrize(
    "change",
    [
        {"limits": LIMITS | {"text.length_count": {"min": 61}}},
        {"limits": LIMITS, "tokens": {"where": {"text.length_count": {"min": 100}}}},
        {"limits": LIMITS, "dedup": {"keep": "earliest"}},
        {
            "limits": LIMITS,
            "together": [{"name": "a", "limits": {"ja.kuten_share": {"min": 0.001}}}],
        },
    ],
)
def test_another_recipe_is_judged(texts, tmp_path, settled, curate, change):
    """Whatever decides a verdict in the recipe has all texts judged again."""
    curate(recipe_of(texts, dedup={}, limits=LIMITS), tmp_path / "out")
    curate(recipe_of(texts, **{"dedup": {}, **change}), tmp_path / "out")

    assert 2 == len(settled)


@pytest.mark.parametrize("stage", ["verdict", "words", "signals", "group", "sketch", "text"])
def test_a_stage_file_that_is_gone_is_missed(texts, tmp_path, curate, stage):
    """Where a file that verdicts are made of, or one of them, is away, it is made and judged."""
    recipe = recipe_of(texts, dedup={}, limits=LIMITS)
    curate(recipe, tmp_path / "out")
    expected = release_digests(tmp_path / "out")
    for path in (tmp_path / "out/stages" / stage).glob("*.parquet"):
        path.unlink()
    curate(recipe, tmp_path / "out")

    assert expected == release_digests(tmp_path / "out")
    assert (tmp_path / "out/stages" / stage / "00000-000.parquet").exists()


@pytest.mark.usefixtures("texts")
def test_new_texts_are_judged(tmp_path, settled, curate, write_lines):
    """An input that is new has all texts judged again, for one of them may have a copy in it."""
    recipe = recipe_of(tmp_path / "*.jsonl", dedup={}, limits=LIMITS)
    curate(recipe, tmp_path / "out")
    write_lines(tmp_path / "new.jsonl", [{"id": "copy", "text": prose(3) + "終わり。"}])
    curate(recipe, tmp_path / "out")

    assert 2 == len(settled)
    assert "copy" in ids(tmp_path / "out")
