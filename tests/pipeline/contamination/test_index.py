"""Items of benchmarks in texts: copies are found however they are written, stems are not."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.contamination.index import bare_view, index_of
from seimai.pipeline.contamination.layouts import Item
from seimai.pipeline.kernels import seeds as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view

ITEMS = (
    Item("a", "囲炉裏の灰に埋めて、ゆっくり焼いて食べる芋は何と呼ばれますか？", ("石焼", "灰焼き")),
    Item(
        "b",
        "次のうち正しいものはどれか。",
        ("盆地は海辺より暑い", "川の水は辛い", "雪は夏に降る"),
    ),
    Item("c", "最も適切なものを選びなさい。"),
    Item("d", "苗代といえば？", ("田植え", "稲刈り", "脱穀")),
    Item("e", "何", ("米", "麦")),
)
AROUND = "谷の村では朝が遅い。{}\n昼すぎには川霧も晴れて、人々は畑に出る。"
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def found(*texts, items=ITEMS):
    """Names of the items in each text."""
    index = index_of({"made": items}, "")
    hits = index.find(Texts.of(*texts))
    return [
        sorted({index.items[0][hit.item] for hit in hits if hit.text == k})
        for k in range(len(texts))
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: text.translate(str.maketrans("、？", "，?")),
        lambda text: text.replace("、", "").replace("？", ""),
        lambda text: text.translate(WIDE),
        " ".join,
        lambda text: "\n".join([text[:9], text[9:]]),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("ゆっくり", "じっくり"),
    ],
    ids=["verbatim", "marks", "bare", "wide", "blanks", "breaks", "decomposed", "a word"],
)
def test_a_copy_is_found_however_it_is_written(change):
    """Punctuation, width, blanks, line breaks and a changed word do not hide a question."""
    assert found(AROUND.format(change(ITEMS[0].question))) == [["a"]]


def test_what_any_question_says_is_no_copy():
    """A stem alone is in no benchmark in particular, and its words in a sentence are not either."""
    texts = [AROUND.format(ITEMS[k].question) for k in (1, 2)]

    assert found(*texts, "苗代といえば、祖母の話を思い出す。") == [[], [], []]


def test_a_stem_with_its_choices_is_a_copy():
    """Choices behind a stem say whose it is, numbered and in any order."""
    _, stem, *_ = ITEMS
    numbered = [f"{k}. {one}" for k, one in enumerate(reversed(stem.choices), 1)]

    assert found("\n".join([stem.question, *numbered])) == [["b"]]
    assert found(f"{stem.question}\n1. 山は高い\n2. 海は青い") == [[]]


def test_a_short_question_counts_where_it_stands_alone():
    """苗代といえば？ on a line of its own is the question; the same words in a sentence are not."""
    assert found(AROUND.format("\n苗代といえば？")) == [["d"]]


def test_what_cannot_be_looked_for_is_counted():
    """A question of one sign, and a stem without choices, are told as not looked for."""
    assert index_of({"made": ITEMS}, "").unsought == (2,)


def test_passages_are_told_from_questions():
    """A long piece of a passage is a hit of its own part, with its place in the text."""
    passage = (
        "この谷の棚田は百年ほど前に石を積んで作られ、いまも七つの家が水を分け合って米を育てている。"
    )
    item = Item("p", "棚田を作ったのはいつごろのことですか", passage=passage)
    index = index_of({"made": [item]}, "")
    text = f"案内板より。{passage}以上。"

    (hit,) = index.find(Texts.of(text))

    assert (hit.part, text[hit.begin : hit.end]) == ("passage", passage.rstrip("。"))


@given(st.text(st.sampled_from("米ガｶﾞ、。 \n1１ａか゛"), max_size=30))
@settings(max_examples=60, deadline=None)
def test_the_bare_view_is_the_letters_of_the_hash_view(text):
    """What is left of the hash view without marks and dashes, wherever marks may compose."""
    codes, _ = hash_view(Texts.of(text.replace("、", "").replace("。", "")))
    wanted = [chr(code) for code in codes if unicodedata.category(chr(code))[0] in "LN"]

    bare, _, source, places = bare_view(Texts.of(text))

    assert wanted == list(map(chr, bare))
    assert places.tolist() == [0, len(bare)]
    assert all(0 <= at < len(text) for at in source)


@given(st.lists(st.integers(0, 3), max_size=20), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_equal_n_grams_have_equal_hashes(codes, n):
    """The rolling hash is that of the n-gram alone, wherever it stands."""
    array = np.array(codes, np.uint32)

    hashes = kernels.rolling(array, n)

    alone = [
        int(kernels.rolling(array[k : k + n], n)[0]) for k in range(max(len(codes) - n + 1, 0))
    ]
    assert alone == hashes.tolist()


def test_hostile_texts_take_linear_time():
    """A text that is one seed a hundred thousand times over is left after so many comparisons."""
    items = [Item(str(k), ITEMS[1].question, (f"甲{k}", f"乙{k}", f"丙{k}")) for k in range(300)]

    assert found("次のうち正しいものはどれか" * 20_000, items=items) == [[]]
