"""`explain` shows what cleaners took out."""

from __future__ import annotations

import pytest

from seimai.pipeline.cli.explaining import FEW_LINES, explained_lines
from seimai.pipeline.inspect.explain import explain_text
from seimai.pipeline.inspect.explained import Explained
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import parse_recipe
from seimai.pipeline.stages.gone import Gone

RECIPE = """
recipe: small
version: 1
clean: [line_ends, boilerplate]
limits:
  text.length_count: {min: 1}
"""
TEXT = "ホーム\r\nログイン\r\n会員登録\r\n\r\n米は水で研ぐ。水が澄むまで替える。\r\n"
GONE = tuple(Gone("boilerplate", f"献立{k}") for k in range(FEW_LINES + 3))


def test_what_goes_is_told():
    """The lines are those of the text as the cleaners before left it, with who took them out."""
    found = explain_text(parse_recipe(RECIPE, "small.yaml"), TEXT)

    assert [("boilerplate", line) for line in ("ホーム", "ログイン", "会員登録")] == [
        (gone.cleaner, gone.text) for gone in found.gone
    ]


@pytest.mark.parametrize(
    ("lang", "head", "more"),
    [
        ("en", "boilerplate takes out 15 lines, 50 characters", "3 more (--all)"),
        ("ja", "boilerplate が削除: 15行、50文字", "ほか3行（--all で表示）"),
    ],
)
def test_what_goes_is_shown(lang, head, more):
    """A few lines are shown, all if asked for, struck through where a terminal can."""
    found = Explained("-", kept=True, reasons=(), rows=(), gone=GONE)
    use_language(lang)
    few = list(explained_lines(found, every=False))
    every = list(explained_lines(found, every=True, strike=True))

    assert f"  {head}" in few
    assert few[-1] == f"  {more}"
    assert "  - 献立11" in few
    assert "  - 献立12" not in few
    assert every[-1] == "  - \x1b[9m献立14\x1b[29m"
    assert f"  {more}" not in every


def test_nothing_gone_is_not_spoken_of():
    """A text from which nothing went has no line about it."""
    found = explain_text(parse_recipe(RECIPE, "small.yaml"), "米は水で研ぐ。")

    assert () == found.gone
    assert not [line for line in explained_lines(found, every=True) if "boilerplate " in line]


def lines_of(recipe: str, text: str, lang: str = "en", *, every: bool = False) -> list[str]:
    """What `explain` prints of a text."""
    use_language(lang)
    found = explain_text(parse_recipe(recipe, "small.yaml"), text)
    return list(explained_lines(found, every=every))


def test_kinds_and_repetitions_are_told():
    """Each line has a word for what it was, and equal ones are counted."""
    text = "ホーム\nログイン\nログイン\nログイン\n会員登録\n\n米は水で研ぐ。水が澄むまで替える。\n"

    assert "  - ログイン ×3  [button or link]" in lines_of(RECIPE, text)
    assert "  - ログイン ×3  [ボタン・リンク]" in lines_of(RECIPE, text, "ja")


@pytest.mark.parametrize(
    ("text", "said"),
    [(" \n\u3000\n", "The text is empty."), ("\x00\x01", "The cleaners left nothing of the text")],
    ids=["blank", "emptied"],
)
def test_an_empty_text_has_one_cause(text, said):
    """Where there is no text, no limit is blamed: neither in the table nor below it."""
    recipe = RECIPE.replace("line_ends", "control, line_ends") + "  ja.kanji_share: {max: 0.9}\n"
    lines = lines_of(recipe, text)

    assert any(said in line for line in lines)
    assert not [line for line in lines if "kanji_share" in line]


def test_nothing_to_measure_is_told_once():
    """Limits that fail because there is nothing to measure are one condition."""
    recipe = RECIPE + "  ja.kanji_share: {max: 0.9}\n  ja.kana_share: {max: 0.9}\n"
    lines = lines_of(recipe, "2020\n12")
    told = [line for line in lines if "empty: keep" in line]

    assert len(told) <= 1


COMBINED = """
recipe: small
version: 1
together:
  - name: thin
    where: {ja.letter_count: {min: 5}}
    limits:
      quality.dirt_score: {max: 0.0}
      ja.hiragana_share: {min: 0.99}
      text.length_count: {max: 100_000}
    fail: 2
"""


def test_a_combined_limit_shows_what_fails():
    """Parts that hold and what made it be asked are left out until all is asked for."""
    text = "米は水で研ぐ。水が澄むまで替える。"
    few, every = lines_of(COMBINED, text), lines_of(COMBINED, text, every=True)

    assert [] == [line for line in few if "text.length_count" in line or "asked where" in line]
    assert [line for line in every if "text.length_count" in line]
    assert [line for line in every if "asked where ja.letter_count" in line]


def test_a_learned_score_says_what_raised_it():
    """The parts of a score that a combined limit looks at are told, with what signs stand for."""
    lines = lines_of(COMBINED, "米は水で研ぐ。水が澄むまで替える。")

    assert 1 == sum("quality.dirt_score is lowered by" in line for line in lines)
    assert 1 == sum("stands for any kanji" in line for line in lines)


def test_a_share_near_one_is_not_rounded_to_it():
    """A condition that lets everything pass would say nothing."""
    from seimai.pipeline.inspect.explain import loosened
    from seimai.pipeline.recipe import Limit

    assert "≤ 0.99981" == loosened(Limit(max=0.9), 0.999804)
    assert "≤ 1" == loosened(Limit(max=0.9), 1.0)


def test_a_run_tells_what_it_stored(tmp_path, write_lines, curate):
    """Of a finished run the lines are shown where they were stored, inputs gone or not."""
    from seimai.pipeline.inspect.explain import explain
    from tests.conftest import recipe_of

    path = write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": TEXT}])
    recipe = recipe_of(
        path,
        clean=["line_ends", "boilerplate"],
        limits={"text.length_count": {"min": 1}},
        report={"removed_lines": True},
    )
    curate(recipe, tmp_path / "out")
    path.unlink()

    assert ["ホーム", "ログイン", "会員登録"] == [
        gone.text for gone in explain(tmp_path / "out", "a").gone
    ]


def test_characters_within_lines_are_told_without_a_way_to_see_lines(tmp_path, write_lines, curate):
    """Where no line went there is none to store, and the recipe is not asked to."""
    from seimai.pipeline.inspect.explain import explain
    from tests.conftest import prose, recipe_of

    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": f"{prose(1)}  \n{prose(2)}"}]),
        clean=["line_ends"],
        limits={"text.length_count": {"min": 1}},
    )
    curate(recipe, tmp_path / "out")
    said = "\n".join(explained_lines(explain(tmp_path / "out", "a"), every=False))

    assert "cleaners took out 2 characters within lines" in said
    assert "removed_lines" not in said
