"""The kernel that counts kinds of characters, against plain Python."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.characters import KIND_NAMES, KIND_OF
from seimai.pipeline.kernels import kinds as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text import texts as module

TEXTS = st.lists(
    st.text(st.sampled_from("米をトｱ。、！「」a1 \n　…🍙𠮷ヶ们"), max_size=40)
    | st.text(max_size=20),
    max_size=5,
)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_kinds_equal_a_counter(texts):
    """Each character of a text counts once, for its own kind."""
    made = Texts.of(*texts)
    start = made.start
    expected = [Counter(int(KIND_OF[ord(character)]) for character in text) for text in texts]

    found = kernels.count_kinds(
        made.codes, start[:-1].copy(), start[1:].copy(), KIND_OF, len(KIND_NAMES)
    )

    assert [
        [times[kind] for kind in range(len(KIND_NAMES))] for times in expected
    ] == found.T.tolist()
    assert [len(text) for text in texts] == found.sum(axis=0).tolist()


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_characters_at_places_are_of_their_kinds(texts):
    """Each character of a text is of its own kind, and of no other."""
    made = Texts.of(*texts)
    wanted = np.array(["kanji" in name for name in KIND_NAMES])
    expected = [bool(wanted[KIND_OF[ord(character)]]) for text in texts for character in text]

    places = np.arange(made.codes.size)

    assert expected == kernels.are_of_kinds(made.codes, places, KIND_OF, wanted).tolist()


@pytest.mark.parametrize("length", [255, 256, 65_535, 65_536])
def test_long_pieces_are_counted_in_full(length):
    """Counts grow wider before they run over."""
    assert [length] == Texts.of("あ" * length).kinds("hiragana").tolist()


def test_very_many_lines_are_counted_all_the_same(monkeypatch):
    """Where counts of all kinds would take too much memory, those asked for come out equal."""
    made = ("米を研ぐ。\nWash it.\n\n３合", "", "あ\nア\n亜")
    expected = Texts.of(*made).kinds("hiragana", "kanji", of="lines").tolist()
    monkeypatch.setattr(module, "MANY_LINES", 0)

    assert expected == Texts.of(*made).kinds("hiragana", "kanji", of="lines").tolist()
    assert [4, 0, 1, 1, 0, 1] == expected


def test_every_code_point_has_a_kind():
    """The table of kinds covers all of Unicode and names no kind that does not exist."""
    assert (0x110000,) == KIND_OF.shape
    assert set(range(len(KIND_NAMES))) == set(np.unique(KIND_OF).tolist())


def test_many_pieces_are_counted_each_for_itself():
    """Blocks of pieces, and long ones that are counted in parts, do not get into one another."""
    texts = ["米をトa。" * (k % 7) + "ーあ1" * (200 if k % 11 == 0 else 0) for k in range(150)]
    made = Texts.of(*texts)
    expected = [[sum(map(text.count, some)) for text in texts] for some in ("米", "をあ", "1")]

    assert expected == [made.kinds(kind).tolist() for kind in ("kanji", "hiragana", "digit")]
