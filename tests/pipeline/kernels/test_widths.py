"""The kernel of widths, against the patterns of the cleaner."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.filters.cleaners import width
from seimai.pipeline.cleaner import known_cleaners

PARTS = st.sampled_from(
    [*"ａＢ９0a．，：／－％＠＿＆＋＝＃。あ \nｶﾞ", "か\u3099", "１，０００", "／／"]
)
TEXTS = st.lists(st.lists(PARTS, max_size=14).map("".join), max_size=4)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_widths_equal_the_patterns(texts):
    """Signs are narrow between what asks for it; kana of half width are left to the patterns."""
    many = known_cleaners()["width"].many

    assert [width(text) for text in texts] == many(texts)


def test_rows_of_signs_are_looked_at_once():
    """A long row of signs behind a letter stays as it is if no letter follows, at any length."""
    many = known_cleaners()["width"].many
    text = "Ａ" + "／" * 100_000

    assert ["A" + "／" * 100_000] == many([text])
