"""Groups are ranked and judged portion by portion, and the verdicts are those of all at once."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.pipeline.engine.judging import group_ranks
from seimai.pipeline.engine.judging.verdicts import judge_portions
from seimai.pipeline.stages.judge import Groups, WordNumbers, judge
from tests.conftest import prose, recipe_of, release_digests


def family(key: int) -> list[dict[str, str]]:
    """Four versions of a text, of three lengths, with dates and ids that repeat."""
    text = prose(key, 10)
    versions = (text, text + "終わり。", text + "終わり、だった。", text + "終わり、だった。")
    return [
        {"id": f"{k}", "text": version, "date": f"20{10 + (key + k) % 3}-01-01"}
        for k, version in enumerate(versions)
    ]


@pytest.fixture
def recipe(tmp_path, write_lines):
    """Nine families in three files whose ids count from 0 each."""

    def made(**dedup):
        for k in range(3):
            rows = [one for key in range(3) for one in family(10 * k + key)]
            write_lines(tmp_path / f"in-{k}.jsonl", rows)
        return recipe_of(
            str(tmp_path / "in-*.jsonl"), limits={"test.word_count": {"max": 120}}, dedup=dedup
        )

    return made


@pytest.mark.parametrize("keep", ["longest", "earliest", "best test.word_count"])
def test_portions_give_what_one_gives(tmp_path, recipe, own_signals, curate, monkeypatch, keep):
    """However many portions groups are dealt into, the release is the same, byte for byte."""
    asked = recipe(keep=keep)
    curate(asked, tmp_path / "one", filters=[own_signals])
    monkeypatch.setattr(group_ranks, "PORTION_ROWS", 2)
    monkeypatch.setattr(group_ranks, "ROWS_AT_ONCE", 3)
    opened = []
    portion = group_ranks.portion_of
    monkeypatch.setattr(
        group_ranks, "portion_of", lambda table: opened.append(table.num_rows) or portion(table)
    )
    curate(asked, tmp_path / "many", filters=[own_signals])

    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "many")
    assert len(opened) > 4
    assert not (tmp_path / "many/stages" / group_ranks.JUDGING).exists()


def pair_groups(rows: np.ndarray) -> Groups:
    """Groups of two: a row and the next one, the second ranked higher."""
    import pyarrow as pa

    place = np.arange(rows.size)
    other = rows[place ^ 1]
    return Groups(
        place,
        rows[place // 2 * 2],
        rows,
        pa.array([[row] for row in other.tolist()], pa.list_(pa.int64())),
        pa.array([[0.9]] * rows.size, pa.list_(pa.float32())),
        np.ones(rows.size, bool),
        place ^ 1,
    )


def test_portions_are_judged_alone():
    """A text that fails by its words in one portion asks for its partner, and moves no other."""
    rows = np.arange(8)
    passed = np.ones(10, bool)
    measured = np.zeros(10, bool)
    measured[[1, 3, 8]] = True
    failed = np.zeros(10, bool)
    failed[[3, 8]] = True
    words = WordNumbers(measured, failed)
    parts = [group_ranks.Portion(some, pair_groups(some)) for some in np.split(rows, [4])]
    found = judge_portions(passed, words, [lambda part=part: part for part in parts])
    each = [judge(passed[:4], WordNumbers(measured[:4], failed[:4]), parts[0].groups)]

    assert each[0].needed.tolist() == found.needed[:4].tolist()
    assert [False, False, True, False] == found.needed[:4].tolist()
    assert [False, True, False, True] == found.needed[4:8].tolist()
    assert [False, True] == found.needed[8:].tolist()
    assert [1, -1] == found.duplicate_of[:2].tolist()
    assert [5, -1, 7, -1] == found.duplicate_of[4:8].tolist()
    assert not found.kept[8]
