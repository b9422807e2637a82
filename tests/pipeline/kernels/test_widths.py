"""The kernel that makes letters and figures narrow, against the pattern of the cleaner."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.cleaner import load_cleaners

TEXTS = st.lists(
    st.text(st.sampled_from("０９Ａａ1b．，：／－＠＿＝％米ー "), max_size=24), max_size=4
)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_many_widths_equal_the_pattern(texts):
    """Signs between letters and figures become ASCII exactly where the pattern says so."""
    (width,) = load_cleaners(["width"])

    assert width.many is not None
    assert [width(text) for text in texts] == width.many(texts)
