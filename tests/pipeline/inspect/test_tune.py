"""Where a limit could be, and what limits texts ask for."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.greedy import _single, rounded
from seimai.pipeline.inspect.labels import labels_of
from seimai.pipeline.inspect.propose import propose_labelled, propose_like, with_changes
from seimai.pipeline.inspect.stored import hold_stored, load_stored, measured_in
from seimai.pipeline.inspect.trusted import trusted_texts
from seimai.pipeline.inspect.tune import tune
from seimai.pipeline.recipe import parse_recipe
from tests.conftest import ids, prose, recipe_of

pytestmark = pytest.mark.usefixtures("english")

LIMITS = {"text.length_count": {"min": 60}, "ja.hiragana_share": {"min": 0.05}}


def _records():
    """Stories of one to nine sentences, and names that hold more and more hiragana."""
    good = [{"id": f"g{k}", "text": prose(k, 1 + k % 9), "label": "keep"} for k in range(60)]
    names = [
        {"id": f"d{k}", "text": f"カタカナ{k}ダケノブン" * 20 + "あ" * (k % 30), "label": "drop"}
        for k in range(40)
    ]
    return [*good, *names]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run over stories and names: its folder, and the path of its input."""
    folder = tmp_path_factory.mktemp("tune")
    source = folder / "in.jsonl"
    source.write_text("\n".join(json.dumps(one) for one in _records()), "utf-8")
    recipe = recipe_of(source, limits=LIMITS)
    run(recipe, folder / "out", open_executor=in_process_executor)
    return folder / "out", source


def test_each_point_is_what_a_run_would_keep(finished, tmp_path, curate):
    """The texts kept at a place are those of a run with the limit there."""
    out, source = finished
    (curve,) = tune(out, "text.length_count", at=200.0)
    point = next(one for one in curve.points if one.at == 200)
    limits = {**LIMITS, "text.length_count": {"min": 200}}
    curate(recipe_of(source, limits=limits), tmp_path / "other")

    assert point.kept == len(ids(tmp_path / "other"))
    assert [60] == [one.at for one in curve.points if one.now]


def test_more_is_rejected_the_sharper_the_limit(finished):
    """Along a curve kept falls, and what only this limit rejects rises, one for one."""
    for curve in (
        *tune(finished[0], "ja.hiragana_share"),
        *tune(finished[0], "ja.kanji_share"),
    ):
        kept = [one.kept for one in curve.points]
        alone = [one.alone for one in curve.points]

        assert sorted(kept, reverse=True) == kept
        assert 1 == len({a + b for a, b in zip(kept, alone, strict=True)})


def test_texts_around_a_limit_are_the_nearest(finished):
    """Outside of a bound stand the texts next to it, inside likewise, each with its number."""
    (curve,) = tune(finished[0], "text.length_count", at=200.0, samples=3)
    point = next(one for one in curve.points if one.at == 200)
    lengths = sorted(len(one["text"]) for one in _records() if one["id"].startswith("g"))
    below = [one for one in lengths if 60 <= one < 200]

    assert below[-1] == point.outside[0].value
    assert all(one.value < 200 for one in point.outside)
    assert all(one.value >= 200 for one in point.inside)


def test_labels_count_beside_a_curve(finished):
    """Where texts carry labels, each point says what it rejects of both sides."""
    stored = load_stored(finished[0], LIMITS)
    (curve,) = tune(finished[0], "ja.hiragana_share", labels_of(stored), at=0.2, stored=stored)
    point = next(one for one in curve.points if one.at == 0.2)

    assert (0, 40) == (point.good_alone, point.bad_alone)


def test_a_signal_without_limit_has_two_curves(finished):
    """Both sides are shown where the recipe says nothing."""
    assert ["min", "max"] == [one.bound for one in tune(finished[0], "ja.kanji_share")]


@pytest.mark.parametrize("value", [0.123456, 0.1, 1234.5, 3.0, 1e-7, 0.999])
def test_bounds_are_rounded_to_the_mild_side(value):
    """A rounded lower bound is never higher, a rounded upper one never lower."""
    assert rounded(value, "min") <= value <= rounded(value, "max")
    assert rounded(value, "max") - rounded(value, "min") <= 0.02 * value


def test_trusted_texts_set_the_limits(finished):
    """Proposed bounds lose at most the stated share of the trusted texts, and not far less."""
    out = finished[0]
    stored = load_stored(out, LIMITS)
    trusted = stored
    for loss in (0.0, 0.1, 0.3):
        found = propose_like(stored, trusted, loss)
        kept = hold_stored(with_changes(stored.recipe, found.changes), trusted).passed

        assert int((~kept).sum()) == found.new.good_lost <= loss * 100
        assert found.new.good_lost >= loss * 100 - 12  # ties and rounding
    assert 0 == found.old_changes.get("text.length_count", {"min": 60})["min"] - 60


def test_trusted_files_are_cleaned_and_measured(finished, tmp_path, write_lines):
    """Files in any format become numbers of the same signals, word signals as well."""
    recipe = recipe_of(finished[1], limits={**LIMITS, "word.noun_share": {"max": 0.9}})
    path = write_lines(tmp_path / "good.jsonl", [{"text": prose(k)} for k in range(5)])
    with trusted_texts(recipe, [str(path)]) as trusted:
        assert 5 == trusted.texts
        assert trusted.measured.all()
        assert (trusted.numbers["word.noun_share"] > 0).all()


def test_labels_set_the_limits(finished):
    """What is proposed drops the names, keeps the stories, and says the same of texts not seen."""
    out = finished[0]
    stored = load_stored(out, [*LIMITS, *measured_in(out)])
    found = propose_labelled(stored, labels_of(stored), loss=0.0)

    assert found.old.good_lost > 0 < found.old.bad_kept
    assert (0, 0) == (found.new.good_lost, found.new.bad_kept)
    assert found.unseen.f1 > 0.9
    assert found.changes["text.length_count"]["min"] < 60
    assert found.changes["ja.hiragana_share"]["min"] > 0.05
    assert found.new_kept == 60


def test_a_precision_is_a_place_to_stop(finished):
    """With a precision that is reached already nothing is tightened."""
    stored = load_stored(finished[0], LIMITS)
    labels = labels_of(stored)
    found = propose_labelled(stored, labels, loss=1.0, precision=0.3)
    more = propose_labelled(stored, labels, loss=1.0, precision=0.9)

    assert {} == found.changes
    assert more.unseen.precision >= 0.9


def test_labels_are_not_looked_at_where_they_are_judged(finished):
    """Shuffled labels promise nothing: on texts not seen the proposal is no better than chance."""
    out = finished[0]
    stored = load_stored(out, [*LIMITS, *measured_in(out)])
    labels = labels_of(stored)
    shuffled = type(labels)(np.random.default_rng(1).permutation(labels.keep), {})
    found = propose_labelled(stored, shuffled, loss=0.1, signals=measured_in(out))

    assert found.unseen.precision < 0.75


@pytest.fixture(scope="module")
def two_witnesses(tmp_path_factory):
    """Texts of which only those are dirt that are short and poor in hiragana, never one alone."""
    folder = tmp_path_factory.mktemp("pairs")
    rows = []
    for k in range(40):
        kana = "あいうえおかきくけこ" * (8 + k % 5)
        kanji = "漢字文章経済社会国家" * (8 + k % 5)
        rows += [
            {"id": f"a{k}", "text": kana, "label": "keep"},
            {"id": f"b{k}", "text": kanji * 3, "label": "keep"},
            {"id": f"c{k}", "text": kanji, "label": "drop"},
        ]
    source = folder / "in.jsonl"
    source.write_text("\n".join(json.dumps(one) for one in rows), "utf-8")
    run(recipe_of(source, limits=WIDE), folder / "out", open_executor=in_process_executor)
    return folder / "out"


WIDE = {"text.length_count": {"min": 1}, "ja.hiragana_share": {"min": 0}}


def test_two_weak_signals_make_a_combined_limit(two_witnesses):
    """Where no single limit can tell dirt from the rest, a pair of them is combined."""
    stored = load_stored(two_witnesses, WIDE)
    labels = labels_of(stored)
    single = propose_labelled(stored, labels, loss=0.0)
    pair = propose_labelled(stored, labels, loss=0.0, together=True)

    assert single.unseen.bad_kept == 40
    assert (0, 0) == (pair.unseen.good_lost, pair.unseen.bad_kept)
    assert [{"text.length_count", "ja.hiragana_share"}] == [
        set(one.limits) for one in pair.together
    ]
    assert "low_hiragana_low_length" == pair.together[0].name or (
        "low_length_low_hiragana" == pair.together[0].name
    )


def test_a_combined_limit_is_part_of_the_difference(two_witnesses, tmp_path, capsys):
    """The proposed recipe has the combined limit, and keeps what the proposal says."""
    path = tmp_path / "new.yaml"
    out = str(two_witnesses)
    assert 0 == main(["tune", out, "--together", "--loss", "0", "--write", str(path)])
    assert "+together:" in capsys.readouterr().out
    recipe = parse_recipe(path.read_text("utf-8"))

    assert 80 == hold_stored(recipe, load_stored(two_witnesses, recipe.limited)).passed.sum()


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=40),
    st.lists(st.integers(0, 9), min_size=2, max_size=40),
    st.integers(0, 5),
)
def test_the_best_bound_is_the_one_a_loop_finds(good, bad, left):
    """The place that drops most for each text it costs is found, and costs no more than allowed."""
    values = np.array([*good, *bad], float)[:, None]
    labels = SimpleNamespace(
        values=values, bounds=[("a.b", "min")], good=np.arange(values.size) < len(good)
    )
    gain, _, at = _single(labels, np.ones(values.size, bool), left, 1)
    tried = [
        (sum(one < place for one in bad) / (sum(one < place for one in good) + 1), place)
        for place in sorted(set(good))
        if sum(one < place for one in good) <= left
    ]

    assert gain == max(max(tried)[0], 0.0)
    if gain:
        lost, dropped = sum(one < at for one in good), sum(one < at for one in bad)

        assert lost <= left
        assert gain == dropped / (lost + 1)


def test_the_command_shows_a_curve(finished, capsys):
    """Tune prints places, what they keep, and the texts on both sides of the limit."""
    assert 0 == main(["tune", str(finished[0]), "text.length_count"])
    said = capsys.readouterr().out

    assert "◄" in said
    assert "just outside ≥ 60" in said
    assert "just inside ≥ 60" in said
    assert 0 == main(["tune", str(finished[0]), "ja.kanji_share", "--format", "json"])
    assert ["min", "max"] == [one["bound"] for one in json.loads(capsys.readouterr().out)]


def test_the_command_proposes_a_difference(finished, tmp_path, capsys):
    """Without a signal it prints a difference to the recipe, and writes the new one if asked."""
    path = tmp_path / "new.yaml"
    assert 0 == main(["tune", str(finished[0]), "--loss", "0", "--write", str(path)])
    said = capsys.readouterr().out

    assert "--- recipe" in said
    assert "made without the text (5 parts)" in said
    assert parse_recipe(path.read_text("utf-8")).limits["text.length_count"].min < 60
    assert 0 == main(["tune", str(finished[0]), "--like", str(finished[0])])
    assert "100 trusted texts" in capsys.readouterr().out
    assert 0 == main(["tune", str(finished[0]), "--format", "json"])
    assert {"changes", "unseen_score", "recipe"} <= set(json.loads(capsys.readouterr().out))


@pytest.mark.parametrize("wrong", [["--loss", "5"], ["--precision", "-1"], ["--precision", "nan"]])
def test_shares_are_shares(finished, capsys, wrong):
    """A loss or precision that is no share is a mistake, told with the option."""
    assert 2 == main(["tune", str(finished[0]), *wrong])
    assert f"{wrong[0]} has to be a share" in capsys.readouterr().err


def test_no_labels_are_a_problem(tmp_path, write_lines, curate):
    """A run without labels has nothing to propose from."""
    source = write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": prose(1)}])
    curate(recipe_of(source, limits=LIMITS), tmp_path / "out")
    assert 2 == main(["tune", str(tmp_path / "out")])
    with pytest.raises(Problem) as caught:
        tune(tmp_path / "out", "no.such_share")

    assert "U030" == caught.value.code
