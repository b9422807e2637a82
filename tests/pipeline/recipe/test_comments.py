"""Copies of the shipped recipes speak Japanese to those who do."""

from __future__ import annotations

import re

import pytest
import yaml

from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import shipped
from seimai.pipeline.recipe.comments import _known, in_japanese, parts
from seimai.pipeline.recipe.packaged import to_copy

TRANSLATED = ("web", "documents")
"""Recipes that people copy: the others are told in Japanese by their headlines."""


def source(name: str) -> str:
    """The text of a shipped recipe."""
    folder = shipped()
    assert folder is not None
    return (folder / f"{name}.yaml").read_text("utf-8")


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_comment_has_its_japanese(name):
    """No English is left beside or between the lines, and the recipe is the same."""
    said = [one[0] for one in parts(source(name)) if one[0]]

    assert [] == [one for one in said if one not in _known()]
    assert yaml.safe_load(source(name)) == yaml.safe_load(in_japanese(source(name)))


def test_no_japanese_is_left_over():
    """What stands in the file of translations is a comment of one of these recipes."""
    said = {one[0] for name in TRANSLATED for one in parts(source(name))}

    assert set() == set(_known()) - said


def test_figures_are_those_of_the_english():
    """A number of a comment is in its Japanese too, where it is written in digits there."""
    digits = re.compile(r"\d+\.\d+")

    assert [] == [
        english
        for english, japanese in _known().items()
        if set(digits.findall(japanese)) != set(digits.findall(english))
    ]


def test_a_copy_is_in_the_language_of_the_moment():
    """Examples and code stay as they are; in English nothing changes."""
    use_language("en")
    english = to_copy("documents")
    use_language("ja")
    japanese = to_copy("documents")

    assert "# --- Is it Japanese? ---" in english
    assert "# --- 日本語か ---" in japanese
    assert "#     files: [/mnt/fileserver/**]" in japanese
    assert "#   seimai run configs/documents.yaml" in japanese


def test_an_unknown_comment_stays():
    """What nobody has put into Japanese is better in English than gone."""
    text = "# Made up for this test.\nlimits: {}  # and this\n"

    assert text == in_japanese(text)
