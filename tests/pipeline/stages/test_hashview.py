"""The hash view: what is folded for comparison, and what is kept."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.text import Texts, hashview
from seimai.pipeline.text.hashview import fold_character, hash_view

MIXED = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(
            "かがハバパｶﾞﾟ゛゜\u3099\u309a ー－〜～、，。．　\n①㍿㌔ＡａÉe\u0301ﬁßİ\ufe0f\U000e0100"
        ),
    ),
    max_size=30,
)


def view(text: str) -> str:
    """The hash view of one text as a string."""
    codes, start = hash_view(Texts.of(text))

    assert [0, codes.size] == start.tolist()
    return "".join(map(chr, codes))


def plain_view(text: str) -> str:
    """The oracle: fold each character, then compose each mark with the character before it."""
    result: list[str] = []
    for character in "".join(map(fold_character, text)):
        both = (result[-1] if result else "") + character
        composed = unicodedata.normalize("NFC", both)
        is_pair = (
            unicodedata.decomposition(composed).count(" ") == 1 if len(composed) == 1 else False
        )
        if len(both) == 2 and is_pair and all(fold_character(c) == c for c in (*both, composed)):
            result[-1] = composed
        else:
            result.append(character)
    return "".join(result)


@given(MIXED)
@settings(deadline=None)
def test_kernel_equals_plain_python(text):
    """The compiled fold gives what folding character by character gives."""
    expected = plain_view(text)

    assert expected == view(text)


@given(MIXED)
@settings(deadline=None)
def test_view_of_a_view_is_itself(text):
    """Folding twice changes nothing more."""
    once = view(text)

    assert once == view(once)


@given(st.lists(MIXED, max_size=5))
@settings(deadline=None)
def test_texts_do_not_touch_each_other(texts):
    """In a batch each text is folded as if it were alone: no mark joins the text before."""
    codes, start = hash_view(Texts.of(*texts))
    found = ["".join(map(chr, codes[start[i] : start[i + 1]])) for i in range(len(texts))]

    assert [view(text) for text in texts] == found


@pytest.mark.parametrize(
    "alike",
    [
        ["ガイド", "ｶﾞｲﾄﾞ", "カ゛イト゛", unicodedata.normalize("NFD", "ガイド")],
        ["パン", "ﾊﾟﾝ", "ハ゜ン"],
        ["ＡＢＣ", "abc", "ABC", "ａｂｃ"],
        ["サーバー", "ｻｰﾊﾞｰ", "サ－バ―", "サ─バ-", "サ−バ‐"],
        ["10〜20", "10～20", "１０~２０"],
        ["はい、そうです。", "はい，そうです．", "はい､そうです｡", " はい、\r\nそうです。 "],
        ["これ\u3000は\tペン", "これはペン", "これ\u200bは\ufeffペン\u00a0"],
        ["“引用”", '"引用"', "〝引用〟", "'引用'"],
        ["葛\U000e0100城", "葛城", "葛\ufe00城"],
        ["①㎡㈱", "1m2(株)"],
        ["caf\u00e9", "CAFE\u0301"],
    ],
)
def test_variants_are_one(alike):
    """Ways to type the same text have one hash view."""
    assert {view(alike[0])} == set(map(view, alike))


@pytest.mark.parametrize(
    ("one", "other"),
    [("はがき", "はかき"), ("パス", "バス"), ("2023年", "2024年"), ("々", "ー"), ("一", "ー")],
)
def test_meaning_is_kept(one, other):
    """Dakuten, digits and ideographs tell texts apart."""
    assert view(one) != view(other)


@pytest.mark.parametrize("blank", ["", " \n\u3000", "\u200b\ufeff\u00ad", "\ufe0f\U000e0100"])
def test_blank_texts_have_an_empty_view(blank):
    """A text without a visible character has nothing to compare."""
    assert view(blank) == ""


def test_rare_planes_stay():
    """Ideographs beyond the table are kept as they are."""
    assert view("\U00030000\U0010fffd") == "\U00030000\U0010fffd"


def test_skipped_blocks_fold_to_themselves():
    """The blocks that the table does not look at have nothing to fold."""
    codes = [code for block in hashview._UNCHANGED for code in block]  # noqa: SLF001
    changed = [code for code in codes if fold_character(chr(code)) != chr(code)]

    assert changed == []


def test_a_character_above_its_neighbours_can_become_many():
    """The longest expansion of Unicode fits: eighteen characters, less the spaces."""
    assert view("ﷺ" * 100) == "صلىاللهعليهوسلم" * 100


def test_a_text_may_become_much_longer():
    """A text of characters that become several each has room, and so has the one behind it."""
    codes, start = hash_view(Texts.of("㌔" * 1000, "米"))

    assert "キロ" * 1000 + "米" == "".join(map(chr, codes))
    assert [0, 2000, 2001] == start.tolist()
