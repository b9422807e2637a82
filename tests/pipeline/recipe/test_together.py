"""Combined limits in a recipe: what loads, and what is told of mistakes."""

from __future__ import annotations

import pytest

from seimai.pipeline.errors import Problems
from seimai.pipeline.recipe import parse_recipe
from tests.pipeline.recipe.test_recipe import SIGNALS, problems_of

COMBINED = """\
recipe: web
limits:
  text.length_count: {min: 50}
together:
  - name: no_sentences
    fail: 2
    limits:
      ja.hiragana_share: {min: 0.40}
      word.particle_share: {min: 0.10}
      text.length_count: {max: 90}
  - name: short_page
    where: {text.length_count: {max: 200}}
    limits: {ja.hiragana_share: {min: 0.20, empty: reject}}
"""


def test_combined_limits_load():
    """A combined limit has a reason, how many have to fail, whom it is asked of, and its limits."""
    recipe = parse_recipe(COMBINED, signals=SIGNALS)
    first, second = recipe.together

    assert ("together.no_sentences", 2) == (first.reason, first.least)
    assert ("together.short_page", 1) == (second.reason, second.least)
    assert ["ja.hiragana_share", "word.particle_share", "text.length_count"] == list(first.limits)
    assert 200 == second.where["text.length_count"].max
    assert ("text.length_count", "together.no_sentences", "together.short_page") == recipe.reasons
    assert ("text.length_count", "ja.hiragana_share", "word.particle_share") == recipe.limited


def test_nothing_to_measure_is_no_failure_inside():
    """Inside a combined limit nan is kept unless it says otherwise, and never keeps to `where`."""
    first, second = parse_recipe(COMBINED).together

    assert "keep" == first.limits["ja.hiragana_share"].empty
    assert "reject" == second.limits["ja.hiragana_share"].empty
    assert "reject" == second.where["text.length_count"].empty


def test_all_have_to_fail_where_nothing_is_said():
    """Without `fail` every limit of a combined one has to fail."""
    text = COMBINED.replace("    fail: 2\n", "")

    assert 3 == parse_recipe(text).together[0].least


def test_a_word_signal_inside_asks_for_words():
    """A recipe with a word signal in a combined limit needs tokens."""
    assert {"characters", "tokens"} == parse_recipe(COMBINED).needs(SIGNALS)
    assert {"characters"} == parse_recipe(
        COMBINED.replace("word.particle_share", "ja.particle_share")
    ).needs({**SIGNALS, "ja.particle_share": SIGNALS["ja.hiragana_share"]})


@pytest.mark.parametrize(
    ("wrong", "right", "found"),
    [
        ("ja.hiragana_share: {min: 0.40}", "ja.hiragana_shar: {min: 0.40}", ("R003", 8, 7)),
        ("{text.length_count: {max: 200}}", "{text.size: {max: 200}}", ("R003", 12, 13)),
        ("fail: 2", "fail: 4", ("R041", 6, 5)),
        ("fail: 2", "fail: 0", ("R018", 6, 11)),
        ("fail: 2", "fails: 2", ("R002", 6, 5)),
        ("name: short_page", "name: no_sentences", ("R023", 11, 5)),
        ("name: short_page", "name: 2nd-page", ("R042", 11, 11)),
        ("name: short_page", "nam: short_page", ("R002", 11, 5)),
        ("{min: 0.20, empty: reject}", "{min: 0.20, max: 0.10}", ("R007", 13, 34)),
        ("{min: 0.20, empty: reject}", "{min: 20}", ("R024", 13, 39)),
        ("{min: 0.20, empty: reject}", "{}", ("R008", 13, 33)),
        ("{ja.hiragana_share: {min: 0.20, empty: reject}}", "{}", ("R040", 13, 5)),
    ],
)
def test_mistakes_are_told_with_their_place(wrong, right, found):
    """Each mistake in a combined limit has its code, line and column."""
    assert wrong in COMBINED
    assert found in problems_of(COMBINED.replace(wrong, right), signals=SIGNALS)


def test_a_misspelt_key_has_a_neighbour():
    """Keys of a combined limit and of a source are known to the one who tells of a typing error."""
    with pytest.raises(Problems) as caught:
        parse_recipe(COMBINED.replace("fail: 2", "fial: 2"))

    assert "fail" == caught.value.problems[0].values["near"]
