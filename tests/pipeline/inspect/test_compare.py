"""Recipes side by side over one run: as separate runs would say, and honest about labels."""

from __future__ import annotations

import json

import numpy as np
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.compare import compare, score
from seimai.pipeline.inspect.labels import labels_of
from seimai.pipeline.inspect.stored import hold_stored, load_stored, measure_words, outdated
from tests.conftest import ids, prose, recipe_of

pytestmark = pytest.mark.usefixtures("english")

STRICT = {"text.length_count": {"min": 100}, "ja.hiragana_share": {"min": 0.2}}
MILD = {"text.length_count": {"min": 10}}
WORDY = {"text.length_count": {"min": 20}, "word.noun_share": {"max": 0.6}}


def _records():
    good = [{"id": f"g{k}", "text": prose(k), "label": "keep", "genre": "story"} for k in range(8)]
    short = [
        {"id": f"s{k}", "text": prose(20 + k, 1), "label": "good", "genre": "short"}
        for k in range(3)
    ]
    dirt = [
        {"id": f"d{k}", "text": f"カタカナ{k}ダケノブン" * 20, "label": "drop", "genre": "names"}
        for k in range(4)
    ]
    unsure = [{"id": "u", "text": "短い。", "label": "borderline", "genre": "short"}]
    return [*good, *short, *dirt, *unsure]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run with the strict limits: its folder, and the path of its input."""
    folder = tmp_path_factory.mktemp("compare")
    source = folder / "in.jsonl"
    source.write_text("\n".join(json.dumps(one) for one in _records()), "utf-8")
    run(recipe_of(source, limits=STRICT), folder / "out", open_executor=in_process_executor)
    return folder / "out", source


def test_numbers_of_one_run_say_what_other_runs_would(finished, tmp_path, curate):
    """What a recipe keeps of stored numbers is what a run with it keeps, words measured later."""
    out, source = finished
    for name, limits in {"strict": STRICT, "mild": MILD, "wordy": WORDY}.items():
        recipe = recipe_of(source, limits=limits)
        curate(recipe, tmp_path / name)
        stored = load_stored(out, recipe.limited)
        held = hold_stored(recipe, stored)
        if held.undecided.any():
            stored = measure_words(stored, held.undecided)
            held = hold_stored(recipe, stored)
        every = [one["id"] for one in _records()]

        assert not held.undecided.any()
        assert ids(tmp_path / name) == [every[row] for row in np.flatnonzero(held.passed)]


def test_what_nobody_measured_is_said(finished):
    """A text whose words the run never measured is kept, and counted as undecided."""
    out, source = finished
    found = compare({"wordy": recipe_of(source, limits=WORDY)}, out)
    measured = compare({"wordy": recipe_of(source, limits=WORDY)}, out, words=True)

    assert found.sides[0].kept == found.sides[0].undecided > measured.sides[0].kept
    assert 0 == measured.sides[0].undecided


def test_differences_and_scores(finished):
    """Each side says what only it keeps, which limits work alone, and how it fares with labels."""
    out, source = finished
    recipes = {
        name: recipe_of(source, limits=limits) for name, limits in (("a", STRICT), ("b", MILD))
    }
    stored = load_stored(out, STRICT)
    found = compare(recipes, out, labels_of(stored))
    a, b = found.sides

    assert (8, 15, 16) == (a.kept, b.kept, found.texts)
    assert ((16, 9), (9, 16)) == found.agree
    assert (0, 7) == (a.only_keeps.texts, b.only_keeps.texts)
    assert [("ja.hiragana_share", 4, 4), ("text.length_count", 4, 4)] == [
        (one.reason, one.texts, one.alone) for one in a.reasons
    ]
    assert 15 == found.labelled
    assert (1.0, 8 / 11) == (a.score.precision, a.score.recall)
    assert (11 / 15, 1.0) == (b.score.precision, b.score.recall)
    groups = {group.name: group for group in found.groups}
    assert (0, 4) == groups["names"].kept
    assert (0, 4) == tuple(one.bad_kept for one in groups["names"].scores)
    shown = b.only_keeps.shown[0]
    assert shown.reasons["a"]


def test_numbers_of_an_earlier_version_are_named(finished):
    """A signal whose version rose since the run is said to be outdated."""
    stored = load_stored(finished[0], STRICT)
    versions = dict(stored.run["signals"])

    assert [] == outdated(stored, versions)
    assert ["ja.hiragana_share"] == outdated(stored, {**versions, "ja.hiragana_share": 99})


def test_scores_are_counts():
    """Precision and recall are shares of what is kept and of what should be."""
    flags = [np.array(one, bool) for one in ([1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1])]
    found = score(*flags)

    assert (1, 1, 1, 1) == (found.good_kept, found.good_lost, found.bad_kept, found.bad_lost)
    assert (0.5, 0.5, 0.5) == (found.precision, found.recall, found.f1)


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_labels_may_come_from_a_file(finished, tmp_path, kind):
    """Labels of a file go before those of the data; other words than keep and drop say nothing."""
    path = tmp_path / f"labels.{kind}"
    if kind == "csv":
        path.write_text("id,label\ng0,除外\ng1,maybe\n", "utf-8")
    else:
        path.write_text('{"id": "g0", "label": 0}\n{"id": "g1", "label": "maybe"}\n', "utf-8")
    found = labels_of(load_stored(finished[0], []), path)

    assert [0, -1, 1] == found.keep[:3].tolist()


def test_labels_of_other_texts_are_a_mistake(finished, tmp_path):
    """A file that knows none of the texts, or no ids, or is none, is a problem and no silence."""
    path = tmp_path / "labels.jsonl"
    stored = load_stored(finished[0], [])
    for text, code in (
        ('{"id": "x", "label": "keep"}', "U031"),
        ('{"label": "keep"}', "U033"),
        ("{", "U033"),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(Problem) as caught:
            labels_of(stored, path)

        assert code == caught.value.code
    with pytest.raises(Problem) as caught:
        labels_of(stored, by=["colour"])

    assert "U032" == caught.value.code


def test_a_signal_that_was_not_measured_is_a_problem(finished, tmp_path, own_signals):
    """A recipe with a signal that the run does not have cannot be compared."""
    del own_signals
    recipe = recipe_of(tmp_path, limits={"test.length_count": {"min": 1}})
    with pytest.raises(Problem) as caught:
        compare({"x": recipe}, finished[0])

    assert "U030" == caught.value.code


@pytest.fixture
def recipes(tmp_path):
    """Two recipe files."""
    for name, limits in (("strict", STRICT), ("mild", MILD)):
        (tmp_path / f"{name}.yaml").write_text(json.dumps({"recipe": name, "limits": limits}))
    return [str(tmp_path / "strict.yaml"), str(tmp_path / "mild.yaml")]


def test_the_command_says_it_in_lines(finished, recipes, tmp_path, capsys):
    """Compare prints a table, the differences and the groups, and writes the page."""
    page = tmp_path / "compare.html"
    assert 0 == main(["compare", *recipes, "--on", str(finished[0]), "--html", str(page)])
    said = capsys.readouterr().out

    assert "strict     8  50.0%" in said
    assert "only mild keeps 7" in said
    assert "15 labelled" in said
    assert "−4/4" in said
    text = page.read_text("utf-8")
    assert "<code>strict</code>" in text
    assert "Content-Security-Policy" in text
    assert "<td" in text


def test_the_command_says_it_as_data(finished, recipes, capsys):
    """With --format json it is one object with everything."""
    assert 0 == main(["compare", *recipes, "--on", str(finished[0]), "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert [8, 15] == [side["kept"] for side in found["sides"]]
    assert 1.0 == found["sides"][0]["score"]["precision"]
    assert {"names", "short", "story"} == {group["name"] for group in found["groups"]}


def test_the_page_trusts_no_text(finished):
    """Whatever a text begins with stands in the page as text."""
    from dataclasses import replace

    from seimai.pipeline.inspect import compare as module
    from seimai.pipeline.report.comparison import render_comparison

    out, source = finished
    recipes = {"a": recipe_of(source, limits=STRICT), "b": recipe_of(source, limits=MILD)}
    found = compare(recipes, out)
    hostile = replace(found.sides[1].only_keeps.shown[0], begins="<script>alert(1)</script>")
    difference = replace(found.sides[1].only_keeps, shown=(hostile,))
    sides = (found.sides[0], replace(found.sides[1], only_keeps=difference))
    page = render_comparison(module.as_dict(replace(found, sides=sides)))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
