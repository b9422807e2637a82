"""Hashes of sentences: the same where a reader sees the same, or the same template."""

from __future__ import annotations

import numpy as np
import pytest

from seimai.pipeline.across import sentences_of
from seimai.pipeline.text import Texts

BASE = "東京でお部屋をさがすなら、アパート24をどうぞ。"


def hashed(text: str):
    """The hashes and counts of the only sentence of a text."""
    found = sentences_of(Texts.of(text))
    columns = (found.whole, found.skeleton, found.visible, found.parts)
    return tuple(column.item() for column in columns)


@pytest.mark.parametrize(
    "other",
    [
        "京都・奈良でお部屋をさがすなら、マンションをどうぞ。",
        "ABC 24でお部屋をさがすなら、三丁目をどうぞ。",
        "埼玉県でお部屋をさがすなら、Ａ棟をどうぞ。",
        "<EMAIL>でお部屋をさがすなら、アパートをどうぞ。",
    ],
)
def test_other_names_have_the_same_skeleton(other):
    """Names in kanji, katakana, Latin letters, digits and masks are slots, however long."""
    assert hashed(BASE)[1] == hashed(other)[1]
    assert hashed(BASE)[0] != hashed(other)[0]


@pytest.mark.parametrize(
    "other",
    [
        "東京でお部屋をさがすなら、アパート24をぜひ。",
        "東京でお部屋をさがすなら、をどうぞ。",
        "東京でお部屋をさがすなら。アパート24をどうぞ。",
    ],
)
def test_other_words_have_another_skeleton(other):
    """Other hiragana, a name that is missing, and another sign between are another template."""
    assert hashed(BASE)[1] not in sentences_of(Texts.of(other)).skeleton.tolist()


def test_blanks_count_for_nothing():
    """A blank beside a name, as some pages set them, changes neither hash."""
    assert hashed(BASE) == hashed(BASE.replace("24", " 24"))


def test_counts_are_of_visible_characters_hiragana_and_slots():
    """A sentence has 24 visible characters here; 12 are hiragana, and 3 names are slots."""
    assert (24, 15) == hashed(BASE)[2:]


def test_hashes_are_those_of_every_machine():
    """The numbers are stored, so they are the same in every version."""
    assert (0x738F4F5BD9538E5E, 0xFB01123EE5C04811) == hashed(BASE)[:2]


def test_a_text_in_a_batch_has_the_hashes_that_it_has_alone():
    """Nothing of one text is seen in the next."""
    texts = [BASE, "", "東京です。", BASE * 2]
    together = sentences_of(Texts.of(*texts))
    alone = [sentences_of(Texts.of(text)) for text in texts]
    np.testing.assert_array_equal(np.concatenate([one.whole for one in alone]), together.whole)
    joined = np.concatenate([one.skeleton for one in alone])
    np.testing.assert_array_equal(joined, together.skeleton)
