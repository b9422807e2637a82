"""Texts that end in a cut, found by their last letters first, against the pattern alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.filters import pieces
from seimai.pipeline.text import Texts

TAILS = st.text(st.sampled_from("米….むるe続きを読 \n])）］〉》>»→　"), max_size=12)
CUTS = st.sampled_from(
    ["…", "……", "...", "..", "続きを読む", "もっと見る", "Read more", "読む", ""]
)
TEXTS = st.lists(st.builds(str.__add__, TAILS, st.builds(str.__add__, CUTS, TAILS)), max_size=5)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_cut_ends_equal_the_pattern(texts):
    """A text ends in a cut exactly where the pattern finds one at its end."""
    expected = [int(pieces.CUT_END.search(text) is not None) for text in texts]

    assert expected == pieces.cut_end_count(Texts.of(*texts)).tolist()


def test_blanks_behind_a_cut_are_those_of_the_pattern():
    """Of all of Unicode, the table lets stand behind a cut what the pattern lets stand there."""
    ends = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]

    found = [pieces.CUT_END.search(f"米…{chr(c)}") is not None for c in ends if c != ord("…")]

    assert [bool(pieces.BEHIND_CUTS[c]) for c in ends if c != ord("…")] == found
