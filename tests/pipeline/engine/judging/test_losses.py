"""Duplicates may take no more than a recipe says: what would is not published."""

from __future__ import annotations

import pytest

from seimai.pipeline.errors import Problem
from tests.conftest import ids, prose, recipe_of


@pytest.fixture
def lines(tmp_path, write_lines):
    """Two sources: one of ten texts, one of a text and nine copies with other line breaks."""
    once = [{"id": f"a{k}", "text": prose(k)} for k in range(10)]
    text = prose(50)
    cuts = [text[:k] + "\n" + text[k:] for k in range(5, 14)]
    again = [{"id": f"b{k}", "text": version} for k, version in enumerate([text, *cuts])]
    write_lines(tmp_path / "once.jsonl", once)
    write_lines(tmp_path / "again.jsonl", again)
    return tmp_path / "once.jsonl", tmp_path / "again.jsonl"


def recipe(lines, dedup, samples=8):
    """A recipe with both sources."""
    sources = [{"name": path.stem, "files": [str(path)]} for path in lines]
    made = recipe_of(*lines, dedup=dedup, report={"samples": samples})
    return made.model_validate({**made.model_dump(exclude={"text"}), "source": sources})


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"source_loss_share": {"max": 0.8}}, "90.0 % of “again” (9 of 10), limit 80 %"),
        ({"loss_share": {"max": 0.4}}, "45.0 % of all texts (9 of 20), limit 40 %"),
    ],
)
def test_what_loses_too_much_is_not_published(tmp_path, lines, curate, limits, told):
    """Nothing is published, the largest group is shown; --accept and a higher limit publish."""
    with pytest.raises(Problem) as caught:
        curate(recipe(lines, limits), tmp_path / "out")

    assert "O011" == caught.value.code
    assert told in str(caught.value)
    assert prose(50)[:20].split()[0] in str(caught.value.values["groups"])
    assert str(caught.value.values["groups"]).startswith("10 texts of b")
    assert not (tmp_path / "out/release").exists()

    curate(recipe(lines, limits), tmp_path / "out", accept=True)
    assert 11 == len(ids(tmp_path / "out"))
    higher = {name: {"max": 0.9} for name in limits}
    curate(recipe(lines, higher), tmp_path / "out")


def test_a_release_stays_when_the_next_run_loses_too_much(tmp_path, lines, curate):
    """What was published before is not touched by a run that is refused."""
    curate(recipe(lines[:1], {}), tmp_path / "out")
    with pytest.raises(Problem):
        curate(recipe(lines, {"loss_share": {"max": 0.1}}), tmp_path / "out")

    assert [f"a{k}" for k in range(10)] == ids(tmp_path / "out")


def test_no_text_is_shown_where_none_may_be(tmp_path, lines, curate):
    """With `report: {samples: 0}` the largest groups are named by ids alone."""
    with pytest.raises(Problem) as caught:
        curate(recipe(lines, {"loss_share": {"max": 0.1}}, samples=0), tmp_path / "out")

    assert prose(50)[:8] not in str(caught.value)
    assert "10 texts of b" in str(caught.value.values["groups"])
