"""Cleaners: their cases, the laws they all keep, and their work on batches."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seimai.filters import cleaners
from seimai.pipeline.cleaner import Cleaner, cleaner, known_cleaners, load_cleaners
from seimai.pipeline.errors import Problem
from seimai.pipeline.stages.clean import MANY_STALE, clean_texts
from seimai.pipeline.text import Texts

FOLDER = Path(__file__).parent / "cleaners"
CASES = [
    (file.stem, case)
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text("utf-8"))
]
OURS = (
    *("boilerplate", "control", "footers", "line_ends"),
    *("mojibake", "personal", "radicals", "width", "zero_width"),
)
CHAIN = (
    *("mojibake", "control", "zero_width", "radicals", "width", "line_ends"),
    *("boilerplate", "footers", "personal"),
)
"""The order in which each finds the work of those before it done."""

PIECES = (
    *"米研水。、 　\t\n\r\f\0\x80\x85\x9f\xad\u200b\u200c\u200d\u2028\u202e\ufe00\ufe0f",
    *"ｶﾊﾞﾟ｡か\u3099\u309a０９Ａｚ．，：／－＠＿ãé\x81\xa0👩🏽💻❤1\u20e3葛",
    *"\ufeff\ufffd\U000e0100\U000e0067🏴★☆()（）+-.:@_の〇三",
    "縺ｬ縺九ｒ謇九〒豢励＞",
    "⽇⻝",
    "ã\x81¬ã\x81\x8bã\x82\x92æ´\x97ã\x81\x84",
    "､ｹ､ｳ､ｷ､ﾎｿ",
    "縺",
    "､",
    "\r\n",
    "\n\n",
    "090-1234-5678",
    "03-1234-5678",
    "0312345678",
    "taro",
    "@example.jp",
    "電話",
    "注文番号",
    "ツイート",
    "シェア",
    "はてブ",
    "\nサイトマップ | お問い合わせ\n",
    "\n© 2020\n",
    "\nお問い合わせ\n",
    "コメント(0)",
    "\n関連記事\n",
    "\nログイン\n",
    "\n続きを読む\n",
    "\nホーム > 米 > 研ぐ\n",
    "\n2021年9月 (12)\n",
    "\n米を研ぎ、水につけておく。\n",
    "\nコメントを残す\n",
    "4111-1111-1111-1111",
    "マイナンバー",
    "123456789018",
)
RAW = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=60)


def column(*texts: str) -> pa.LargeStringArray:
    """A batch."""
    return pa.array(texts, pa.large_string())


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{n}: {c['label']}" for n, c in CASES])
def test_cases(name, case):
    """Each cleaner does to each of its cases what the case says, once and for all."""
    (chosen,) = load_cleaners([name])
    once = chosen(case["text"])

    assert case["expect"] == once
    assert once == chosen(once)


def test_boilerplate_says_where_it_cuts():
    """Its spans are whole lines, or pieces between blanks; without them the clean text is left."""
    (chosen,) = load_cleaners(["boilerplate"])
    for name, case in CASES:
        if name == "boilerplate":
            text = case["text"]
            spans = chosen.where(text)
            ends = [0, *(place for span in spans for place in span), len(text)]
            stays = [text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)]

            assert "".join(case["expect"].split()) == "".join("".join(stays).split())
            assert all(part[:1].isspace() for part in stays[1:] if part)
            assert all(part[-1:].isspace() for part in stays[:-1] if part)


@settings(deadline=None)
@given(st.lists(RAW, max_size=6))
def test_many_texts_come_out_as_one_by_one(texts):
    """A cleaner that works on many texts at once does to each what it does to it alone."""
    for name in OURS:
        (chosen,) = load_cleaners([name])
        if chosen.many is not None:
            assert [chosen(text) for text in texts] == chosen.many(texts)
        if chosen.in_batch is not None:
            rows = np.flatnonzero(chosen.due(Texts.of(*texts))).tolist()
            some = [texts[row] for row in rows]
            alone = [chosen(text) for text in some]
            assert alone == chosen.in_batch(Texts.of(*texts), rows, some)


def test_texts_that_have_just_changed_are_cleaned_in_their_batch():
    """A cleaner that works in the batch sees a text as the cleaner before it has left it."""
    hidden = "\N{ZERO WIDTH SPACE}"
    texts = [f"電話 03-1234-5{hidden * (k % 20 == 7)}{k:03}" for k in range(40)]
    chosen = load_cleaners(["zero_width", "personal"])
    assert 0 < sum(chosen[0](text) != text for text in texts) < 40 * MANY_STALE

    expected = [chosen[1](chosen[0](text)) for text in texts]

    assert expected == clean_texts(pa.array(texts, pa.large_string()), chosen).column.to_pylist()


def test_every_cleaner_of_ours_has_cases():
    """No cleaner comes without cases, and no cases without a cleaner."""
    assert set(OURS) == {name for name, _ in CASES}
    assert set(OURS) <= set(known_cleaners())


@pytest.mark.parametrize("name", OURS)
@settings(deadline=None)
@given(text=RAW)
def test_cleaning_twice_is_cleaning_once(name, text):
    """A cleaner raises for no text, and finds nothing to do in what it has cleaned."""
    (chosen,) = load_cleaners([name])
    once = chosen(text)

    assert once == chosen(once)


@settings(deadline=None)
@given(text=RAW)
@example("米\u200b \n")
@example("a \x01\n\n\n\x02\n水")
@example("0\u200b3-1234-5678")
@example("ツイートコメント(0)4111-1111-1111-1111")
def test_the_chain_is_idempotent(text):
    """In their proper order the cleaners leave nothing for a second run of all of them."""
    chain = load_cleaners(CHAIN)
    once = clean_texts(column(text), chain).column
    again = clean_texts(once, chain)

    assert once.to_pylist() == again.column.to_pylist()
    assert not again.changed.any()


@pytest.mark.parametrize("name", OURS)
@settings(deadline=None)
@given(text=RAW)
def test_touches_tells_the_truth(name, text):
    """A text without any of the characters a cleaner touches comes back as it is."""
    (chosen,) = load_cleaners([name])
    table = chosen.table
    if table is not None:
        text = "".join(character for character in text if not table[ord(character)])

        assert text == chosen(text)


@pytest.mark.parametrize("name", OURS)
@settings(deadline=None)
@given(texts=st.lists(RAW | st.text(st.sampled_from("米。 \n\u3000\r"), max_size=12), max_size=6))
def test_due_tells_the_truth(name, texts):
    """A text that a cleaner is said not to change comes back as it is."""
    (chosen,) = load_cleaners([name])
    if chosen.due is not None:
        due = chosen.due(Texts.of(*texts)).tolist()

        assert [True] * len(texts) == [
            wanted or text == chosen(text) for text, wanted in zip(texts, due, strict=True)
        ]


@settings(deadline=None)
@given(texts=st.lists(RAW, max_size=6))
def test_a_batch_is_its_texts(texts):
    """A batch comes out as its texts do one by one, and the counts agree with the texts."""
    chain = load_cleaners(CHAIN)
    cleaned = clean_texts(column(*texts), chain)
    expected = []
    for text in texts:
        now = text
        for each in chain:
            now = each(now)
        expected.append(now)

    assert expected == cleaned.column.to_pylist()
    assert [a != b for a, b in zip(texts, expected, strict=True)] == cleaned.changed.tolist()
    assert (cleaned.removed >= 0).all()
    assert (cleaned.masked >= 0).all()
    assert (cleaned.mended >= 0).all()


def test_counts_of_what_went():
    """Removed are the characters that went without a mask; masked are the masks."""
    texts = column("米\0\0", "電話 03-1234-5678、090-1234-5678", "米 \0taro@example.jp", "米")
    cleaned = clean_texts(texts, load_cleaners(["control", "personal"]))

    assert ["米", "電話 <PHONE>、<PHONE>", "米 <EMAIL>", "米"] == cleaned.column.to_pylist()
    assert [2, 0, 1, 0] == cleaned.removed.tolist()
    assert [0, 2, 1, 0] == cleaned.masked.tolist()
    assert [True, True, True, False] == cleaned.changed.tolist()
    assert (np.int32, np.int32) == (cleaned.removed.dtype, cleaned.masked.dtype)


def test_mended_is_not_removed():
    """Characters that a repair brings are counted as mended, and its shortening as nothing."""
    ruin, whole = "縺ｬ縺九ｒ謇九〒豢励＞縲∵ｰｴ縺ｫ縺､縺代ｋ", "ぬかを手で洗い、水につける"
    cleaned = clean_texts(
        column(f"水\0\n{ruin}", f"{ruin} ABC", "水"), load_cleaners(["mojibake", "control"])
    )

    assert [f"水\n{whole}", f"{whole} ABC", "水"] == cleaned.column.to_pylist()
    assert [len(whole), len(whole), 0] == cleaned.mended.tolist()
    assert [1, 0, 0] == cleaned.removed.tolist()
    assert [0, 0, 0] == cleaned.masked.tolist()
    assert np.int32 == cleaned.mended.dtype


def test_an_untouched_batch_is_the_same_column():
    """Where nothing changes nothing is built anew."""
    texts = column("米", "水")

    assert clean_texts(texts, load_cleaners(["control", "width"])).column is texts


def test_no_texts_and_no_cleaners():
    """Empty batches and empty lists of cleaners are nothing special."""
    assert len(clean_texts(column(), load_cleaners(CHAIN)).column) == 0
    assert ["米\0"] == clean_texts(column("米\0"), ()).column.to_pylist()


def test_a_slice_of_a_column():
    """A batch may be a part of a longer column."""
    texts = column("米\0", "水\0", "火")[1:]

    assert ["水", "火"] == clean_texts(texts, load_cleaners(["control"])).column.to_pylist()


def test_more_cleaners_than_flags_of_a_pass():
    """The kernel's eight flags do not limit a recipe."""
    letters = "abcdefghijk"
    many = [
        Cleaner(letter, lambda text, letter=letter: text.replace(letter, ""), letter, 1)
        for letter in letters
    ]

    assert ["x"] == clean_texts(column(f"x{letters}"), many).column.to_pylist()


def test_what_one_cleaner_makes_the_next_one_sees():
    """A changed text is looked at by all later cleaners, whatever it held before."""
    first = Cleaner("first", lambda text: text.replace("a", "b"), "a", 1)
    second = Cleaner("second", lambda text: text.replace("b", "c"), "b", 1)

    assert ["c"] == clean_texts(column("a"), [first, second]).column.to_pylist()


def _fails(_text: str) -> str:
    raise ValueError("no")


@pytest.mark.parametrize("function", [_fails, lambda _: None])
def test_a_failing_cleaner_names_itself_and_the_text(function):
    """An exception or a wrong type is a problem of the shard, never a silent loss."""
    with pytest.raises(Problem) as caught:
        clean_texts(column("x", "米"), [Cleaner("odd", function, "米", 1)], ids=["a:1", "a:2"])

    assert ("S011", "odd", "a:2") == (
        caught.value.code,
        caught.value.values["cleaner"],
        caught.value.values["id"],
    )


def test_many_that_fails_names_the_text_too():
    """Where the function for many texts fails, each is tried alone, and the guilty one is named."""

    def one(text):
        if text == "米":
            raise ValueError("no")
        return text.lower()

    odd = Cleaner("odd", one, None, 1, many=lambda texts: [one(text) for text in texts])
    with pytest.raises(Problem) as caught:
        clean_texts(column("x", "米", "y"), [odd], ids=["a:1", "a:2", "a:3"])

    assert "a:2" == caught.value.values["id"]
    assert ["x", "y"] == clean_texts(column("X", "Y"), [odd]).column.to_pylist()


def test_a_changed_text_is_looked_at_again_before_it_is_cleaned():
    """What a cleaner says is due counts for texts as they are after those before it."""
    seen = []

    def note(text):
        seen.append(text)
        return text

    lower = Cleaner("lower", str.lower, "A-Z", 1)
    due = Cleaner("due", note, None, 1, due=lambda texts: texts.between("a", "a") > 0)
    clean_texts(column("A", "B", "a", "b"), [lower, due])

    assert ["a", "a"] == seen


def test_an_unknown_cleaner_is_told_with_the_nearest():
    """A misspelt name gets the right one in the answer."""
    with pytest.raises(Problem) as caught:
        load_cleaners(["line_ends", "wdth"])

    assert ("R009", "width") == (caught.value.code, caught.value.values["near"])


def test_a_name_belongs_to_one_cleaner():
    """A plugin cannot take the name of a cleaner that exists."""
    known_cleaners()
    with pytest.raises(Problem) as caught:
        cleaner("width")(lambda text: text)

    assert caught.value.code == "S010"


def test_every_cleaner_explains_itself():
    """Each has a docstring and tells where it stands."""
    for each in load_cleaners(OURS):
        assert each.doc
        assert each.place.partition(":")[2].isdigit()


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["米を研ぐ。", "", "お問い合わせ", "© 2020", "会社概要 | 採用情報"]),
        max_size=60,
    )
)
def test_footers_of_any_length_go(lines):
    """However many footer lines stand below the text, all of them go, and only they."""
    (chosen,) = load_cleaners(["footers"])
    text = "\n".join(["始まり。", "米。", "水。", "火。", "炊く。", "蒸らす。", *lines, "© 2020"])
    cleaned = chosen(text)

    assert [] == [
        line for line in cleaned.split("\n")[-1:] if line in ("", "© 2020", "お問い合わせ")
    ]
    assert text.count("米を研ぐ。") == cleaned.count("米を研ぐ。")


@given(
    st.text(
        st.sampled_from(
            "a\u200b\u200d\ufe0f\ufe00\U000e0100葛🍚🏴\U000e0067\U000e007f1#\u20e3。ا\u200cक"
        ),
        max_size=9,
    )
)
@settings(max_examples=300, deadline=None)
def test_zero_width_equals_its_pattern(text):
    """Looking only near what has no width gives what the pattern gives on the whole text."""
    expected = cleaners._ZERO_WIDTH.sub(cleaners._kept, text)  # noqa: SLF001 - the plain version

    assert expected == cleaners.zero_width(text)
