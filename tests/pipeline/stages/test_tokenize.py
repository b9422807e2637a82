"""Tokens cover their texts exactly, whatever the texts are made of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.stages import tokenize as module
from seimai.pipeline.stages.tokenize import sampled, tokenize, tokenize_texts, tokens_of
from seimai.pipeline.text import Texts
from seimai.pipeline.text.tokens import PARTS_OF_SPEECH
from tests.conftest import prose

STRANGE = [
    "",
    " ",
    "\u3000\u3000",
    "\t\t\n\r\n",
    "日本\0語",
    "\0",
    "😀👩‍👩‍👧‍👦🇯🇵",
    "𠮷野家で𩸽を食べる",
    "か\u3099き\u3099くけこ",
    "ﾊﾝｶｸ ｶﾅ",
    "\ufeffはじめ",
    "行\u2028段\u2029落",
    "a b  c\u00a0d",
    "EOS\nEOS",
    "%pl\\s|1 2 |",
    "１２３，４５６円（税込）",
    "\u202e逆さ\u202c",
    "\U0010ffff\ue000",
]


@pytest.mark.parametrize("text", STRANGE)
def test_lengths_add_up(text):
    """Every character of a text is in exactly one token, blanks included."""
    table = tokenize(Texts.of("前。", text, "後。"))

    assert [2, len(text), 2] == [sum(lengths) for lengths in table["length"].to_pylist()]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_lengths_add_up_for_any_text(texts):
    """No text of Unicode characters makes tokens and text disagree."""
    table = tokenize(Texts.of(*texts))

    assert [len(text) for text in texts] == [sum(one) for one in table["length"].to_pylist()]


@pytest.mark.parametrize(
    "text", ["あ" * 100_000, "a" * 100_000, "日本語です。" * 20_000, "　" * 5000]
)
def test_long_lines_are_cut(text):
    """A line of any length is parsed in parts, and nothing of it is lost."""
    table = tokenize(Texts.of(text))

    assert len(text) == sum(table["length"][0].as_py())


def test_cuts_fall_after_sentences():
    """A long line is cut where a sentence ends, so that words stay whole."""
    sentence = "東京特許許可局の局長は休暇中だった。"
    whole = tokenize_texts(Texts.of(sentence * 200))
    one = tokenize_texts(Texts.of(sentence))

    assert 200 * one.count[0] == whole.count[0]


def test_parts_of_speech_are_unidics():
    """Words get UniDic's parts of speech, and unknown ones say so."""
    tokens = tokenize_texts(Texts.of("静かな海を眺めたグォポヌァ"))
    names = [PARTS_OF_SPEECH[pos] for pos in tokens.pos]

    assert [
        "形状詞-一般",
        "助動詞",
        "名詞-普通名詞",
        "助詞-格助詞",
        "動詞-一般",
        "助動詞",
    ] == names[:6]
    assert [False] * 6 == tokens.unknown[:6].tolist()
    assert tokens.unknown[6:].all()


def test_words_do_not_hold_blanks():
    """White space between words belongs to no word."""
    tokens = tokenize_texts(Texts.of("  海 \t 山  "))

    assert [1, 1] == tokens.length.tolist()


def test_equal_words_have_equal_hashes():
    """The same word is recognised in another text of the batch."""
    tokens = tokenize_texts(Texts.of("海", "山", "海"))

    assert tokens.surface[0] == tokens.surface[2] != tokens.surface[1]


def test_remembered_lines_change_nothing(monkeypatch):
    """Tokens are the same with, without, and with a full memory for lines."""
    texts = Texts.of(prose(1), "短い行\n短い行\n" * 5, prose(1), "あ" * 500)
    with_memory = tokenize(texts)
    again = tokenize(texts)
    monkeypatch.setattr(module, "_REMEMBERED_LINES", 1)
    forgetful = tokenize(texts)
    monkeypatch.setattr(module, "_seen", {})
    monkeypatch.setattr(module, "_REMEMBERED_LENGTH", -1)

    assert with_memory.equals(again)
    assert with_memory.equals(forgetful)
    assert with_memory.equals(tokenize(texts))


def test_tokens_do_not_depend_on_the_batch():
    """A text alone has the tokens that it has among others."""
    texts = [prose(k, 3) for k in range(4)] + STRANGE
    together = tokenize(Texts.of(*texts)).to_pylist()

    assert [tokenize(Texts.of(text)).to_pylist()[0] for text in texts] == together


def test_samples_are_beginning_middle_and_end():
    """Of a long text three windows are parsed, of a short one everything."""
    text = "".join(chr(0x4E00 + k) for k in range(1000))
    pieces = sampled(Texts.of(text, "短い", text[:300]), 300)
    parts = [
        (int(owner), int(end - start))
        for owner, start, end in zip(pieces.owner, pieces.start, pieces.end, strict=True)
    ]

    assert [(0, 100), (0, 100), (0, 100), (1, 2), (2, 300)] == parts
    assert [0, 450, 900] == pieces.start[:3].tolist()


def test_samples_cut_lines():
    """A line that a window cuts is parsed up to the cut; lengths still add up."""
    text = "\n".join(prose(k, 1) for k in range(60))
    table = tokenize(Texts.of(text, "短い文です。"), max_chars=300)
    tokens = tokens_of(Texts.of(text, "短い文です。"), table)

    assert [len(text), 6] == [sum(one) for one in table["length"].to_pylist()]
    assert 300 >= tokens.total(tokens.length)[0] > 250


def test_samples_of_many_texts():
    """Windows of one text do not reach into the next."""
    texts = Texts.of("あ" * 1000, "い" * 10, "う" * 2000)
    table = tokenize(texts, max_chars=100)
    tokens = tokens_of(texts, table)
    parsed = tokens.total(tokens.length).tolist()

    assert [1000, 10, 2000] == [sum(one) for one in table["length"].to_pylist()]
    assert 10 == parsed[1]
    assert all(90 < some <= 100 for some in (parsed[0], parsed[2]))


def test_an_empty_batch_has_no_tokens():
    """A batch without texts gives a table without rows."""
    table = tokenize(Texts.of())

    assert 0 == table.num_rows
    assert np.array_equal([], tokens_of(Texts.of(), table).count)
