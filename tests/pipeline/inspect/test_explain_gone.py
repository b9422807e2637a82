"""`explain` shows what cleaners took out."""

from __future__ import annotations

import pytest

from seimai.pipeline.cli.explaining import FEW_LINES, explained_lines
from seimai.pipeline.inspect.explain import Explained, explain_text
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
    try:
        use_language(lang)
        few = list(explained_lines(found, every=False))
        every = list(explained_lines(found, every=True, strike=True))
    finally:
        use_language(None)

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
