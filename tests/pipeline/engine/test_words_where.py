"""`tokens: where`: of which texts a recipe asks the words, and that the others are left alone."""

from __future__ import annotations

import pytest

from seimai.pipeline import api
from seimai.pipeline.errors import Problems
from seimai.pipeline.inspect.explain import explain, explain_text
from seimai.pipeline.inspect.stored import hold_stored, load_stored, measure_words
from seimai.pipeline.inspect.tune import tune
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import load_recipe, parse_recipe
from tests.conftest import ids, prose, recipe_of, release_digests, released

WHERE = {"text.length_count": {"min": 100}}
"""Short texts are not asked."""

NOUNS = "米屋、米蔵、米俵、米粒、米粉、米袋。"
SHORT, LONG = f"{NOUNS}短い文。", NOUNS * 8
"""Both fail the limit on words; only the long one is asked."""

LIMITS = {"word.noun_share": {"max": 0.5}}


@pytest.fixture
def texts(tmp_path, write_lines):
    """Two texts that are mostly nouns, and one of prose."""
    rows = {"short": SHORT, "long": LONG, "prose": prose(3, 9)}
    return write_lines(tmp_path / "in.jsonl", [{"id": k, "text": v} for k, v in rows.items()])


def _asking(texts, **parts):
    return recipe_of(
        texts,
        limits=LIMITS,
        release={"signals": ["word.noun_share"]},
        **parts,
    )


def test_who_is_not_asked_passes_limits_on_words(texts, tmp_path, curate):
    """A text outside `where` is not split into words: its numbers are null, and it stays."""
    out = tmp_path / "out"
    curate(_asking(texts, tokens={"where": WHERE}), out)
    numbers = {row["id"]: row["word.noun_share"] for row in released(out)}

    assert ["short", "prose"] == ids(out)
    assert ["long"] == ids(out, "rejected")
    assert numbers["short"] is None
    assert numbers["prose"] < 0.5


def test_without_it_all_texts_are_asked(texts, tmp_path, curate):
    """Without the key every text that passes the rest answers for its words."""
    out = tmp_path / "out"
    curate(_asking(texts), out)

    assert ["prose"] == ids(out)


def test_what_was_measured_before_does_not_show(texts, tmp_path, curate):
    """With words of an earlier recipe at hand, or all texts tokenized, the bytes are the same."""
    recipe = _asking(texts, tokens={"where": WHERE})
    curate(recipe, tmp_path / "fresh")
    curate(_asking(texts), tmp_path / "again")
    curate(recipe, tmp_path / "again")
    curate(recipe, tmp_path / "all", screen=False)
    expected = release_digests(tmp_path / "fresh")

    assert expected == release_digests(tmp_path / "again")
    assert expected == release_digests(tmp_path / "all")


def test_a_better_copy_stays_though_nobody_asks_it(tmp_path, write_lines, curate):
    """In a group of duplicates the longest stays where its words are not asked."""
    story = prose(7, 12)
    path = write_lines(
        tmp_path / "in.jsonl",
        [{"id": "copy", "text": story}, {"id": "longer", "text": story + "終わり。"}],
    )
    recipe = recipe_of(
        path,
        limits={"word.noun_share": {"max": 0.0}},
        dedup={},
        tokens={"where": {"text.length_count": {"max": 50}}},
    )
    curate(recipe, tmp_path / "out")

    assert ["longer"] == ids(tmp_path / "out")


def test_the_best_by_words_is_among_those_asked(
    tmp_path, write_lines, own_signals, clean_registry, curate
):
    """`best SIGNAL` on words ranks no text by words that nobody asked for."""
    del clean_registry
    story = prose(7, 12)
    path = write_lines(
        tmp_path / "in.jsonl",
        [{"id": "copy", "text": story}, {"id": "longer", "text": story + "終わり。"}],
    )
    recipe = recipe_of(
        path,
        limits={"text.length_count": {"min": 10}},
        dedup={"keep": "best test.word_count"},
        tokens={"where": {"text.length_count": {"max": len(story)}}},
    )
    for screen in (True, False):
        out = tmp_path / str(screen)
        curate(recipe, out, filters=[own_signals], screen=screen)

        assert ["copy"] == ids(out)


def test_answers_about_a_run_know_it(texts, tmp_path, curate):
    """`explain` names what the text does not keep to, and stored numbers say what the run said."""
    out = tmp_path / "out"
    recipe = _asking(texts, tokens={"where": WHERE})
    curate(_asking(texts), out)
    curate(recipe, out)
    stored = load_stored(out, recipe.limited)
    held = hold_stored(recipe, stored)
    (curve,) = tune(out, "word.noun_share", at=0.0)

    assert [True, False, True] == held.passed.tolist()
    assert not held.undecided.any()
    assert [False, True, True] == held.asked.tolist()
    assert ["text.length_count"] == [row.signal for row in explain(out, "short").unasked]
    assert () == explain(out, "long").unasked
    assert "unmeasured" == explain(out, "short").rows[0].outcome
    assert 0 == curve.undecided
    assert 1 == curve.points[-1].kept, "no limit on words takes the text that is not asked"


def test_another_recipe_may_ask_more(texts, tmp_path, curate):
    """Where a recipe without `where` is compared, what was not asked is undecided until it is."""
    out = tmp_path / "out"
    curate(_asking(texts, tokens={"where": WHERE}), out)
    everything = _asking(texts)
    stored = load_stored(out, everything.limited)
    held = hold_stored(everything, stored)

    assert [True, False, False] == held.undecided.tolist()
    assert [False, False, True] == (
        hold_stored(everything, measure_words(stored, held.undecided)).passed.tolist()
    )


def test_texts_from_outside_are_judged_alike(texts):
    """`explain` of a text and the Python API ask the words of the same texts as a run."""
    recipe = _asking(texts, tokens={"where": WHERE})

    assert [True, False, True] == (
        api.judge([SHORT, LONG, prose(3, 9)], recipe).column("kept").to_pylist()
    )
    assert explain_text(recipe, SHORT).kept
    assert not explain_text(recipe, LONG).kept


def test_a_release_holds_when_it_is_measured_again(texts, tmp_path, curate):
    """`verify` measures the words of kept texts again, those apart that nobody asked."""
    out = tmp_path / "out"
    curate(_asking(texts, tokens={"where": WHERE}), out)

    assert [] == [check.message for check in verify(out) if check.state == "fail"]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("{word.noun_share: {max: 0.5}}", "R082"),
        ("{ja.nothing_share: {max: 0.5}}", "R003"),
        ("{quality.dirt_score: {min: 0.5, max: 0.1}}", "R007"),
        ("{quality.dirt_score: {}}", "R008"),
    ],
)
def test_mistakes_are_told(where, code):
    """What decides whether words are asked is known without words, exists, and is a limit."""
    from seimai.pipeline.signal import load

    with pytest.raises(Problems) as caught:
        parse_recipe(f"recipe: web\ntokens: {{where: {where}}}\n", signals=load())

    assert [code] == [problem.code for problem in caught.value.problems]


def test_the_recipe_for_the_web_asks_by_its_score():
    """`web` asks the words of texts that its score on characters does not know for edited ones."""
    assert 0.1 == load_recipe("web").tokens.where["quality.dirt_score"].min
