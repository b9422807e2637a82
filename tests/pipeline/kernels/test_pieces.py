"""The kernels that cut texts into pieces, against plain Python and examples."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import pairs, running_text
from seimai.pipeline.kernels import pieces as kernels
from seimai.pipeline.kernels.piece_flags import FLAGS
from seimai.pipeline.text import Texts

TEXTS = st.lists(
    st.text(st.sampled_from("米をはらa1 　\n|｜,/。！!.…」）（「、"), max_size=24), max_size=5
)

quickly = settings(max_examples=100, deadline=None)


def find(*texts):
    """The pieces of each text as strings, and all that the kernel says of them."""
    made = Texts.of(*texts)
    old = np.zeros(len(made), np.bool_)
    start, end, first, ending, counts = kernels.find_pieces(made.codes, made.start, FLAGS, old)
    joined = "".join(texts)
    cut = [joined[a:b] for a, b in zip(start, end, strict=True)]
    pieces = [cut[a:b] for a, b in pairwise(first)]
    return pieces, ending, counts, (made, start, end, first, ending, counts, old)


def is_wide(character):
    """Whether a character is beyond ASCII."""
    return character != "" and ord(character) >= 0x80


def plain(text):
    """The pieces of one text, cut by rules on what stands left and right of a gap."""
    marked = ""
    for match in re.finditer(r"(?P<gap>[ 　\n|｜]+)|(?P<one>.)", text):
        begin, end = match.span()
        left, right = text[begin - 1 : begin] if begin else "", text[end : end + 1]
        if match["gap"]:
            wide = is_wide(left), is_wide(right)
            dots = begin >= 3 and text[begin - 3 : begin] == "..."
            cut = "\n" in match["gap"] or all(wide) or (any(wide) and end - begin > 1) or dots
            marked += "\0" if cut else match["gap"]
        elif match["one"] in ",/" and is_wide(left) and is_wide(right):
            marked += "\0"
        else:
            marked += match["one"]
    # A stop ends a piece with all stops and brackets behind it; of ASCII only after Japanese.
    stop = (
        r"(?:[。！]|(?<=[^\0-\x7f])!|(?<=[米をはら])\.(?=[ 　\n|｜\0]|$)(?!\0?[|｜]))[。！!」）]*"
    )
    return [
        piece.strip(" 　|｜")
        for part in marked.split("\0")
        for piece in re.sub(f"({stop})", "\\1\0", part).split("\0")
        if piece.strip(" 　|｜")
    ]


@quickly
@given(st.lists(st.text(st.sampled_from("米をはa1 　\n|,/。！」「、"), max_size=24), max_size=5))
def test_pieces_equal_a_plain_cut(texts):
    """Pieces end at line breaks, at blanks and bars beside Japanese, and after stops."""
    found, *_ = find(*texts)

    assert [plain(text) for text in texts] == found


@quickly
@given(TEXTS)
def test_counts_equal_a_plain_count(texts):
    """Visible characters, letters, hiragana and particles are those of the piece."""
    found, _, counts, _ = find(*texts)
    flat = [piece for pieces in found for piece in pieces]

    expected = [
        [
            sum(c not in " 　\n|｜" for c in piece),
            sum(c in "米をはら" for c in piece),
            sum(c in "をはら" for c in piece),
            sum(c in "をは" for c in piece),
        ]
        for piece in flat
    ]
    assert expected == counts.tolist()


ENDINGS = [
    ("米を研ぐ。", kernels.CLOSED),
    ("米を研いだ。」", kernels.CLOSED),
    ("「米を研いだ」", kernels.CLOSED),
    ("（公民館）", kernels.OPEN),
    ("とても楽しかった♪", kernels.CLOSED),
    ("まさかと思った（笑）", kernels.CLOSED),
    ("会社概要", kernels.OPEN),
    ("命題を証明せよ.", kernels.CLOSED),
    ("version 1.", kernels.OPEN),
    ("山で採れた茸…", kernels.CUT),
    ("山で採れた茸...", kernels.CUT),
    ("山で採れた茸 […]", kernels.CUT),
    ("山で採れた茸…続きを読む", kernels.CUT),
    ("これからも是非と……", kernels.CLOSED),
    ("総則……", kernels.OPEN),
    ("新しい鍋が欲しいな…", kernels.OPEN),
    ("「でも…」", kernels.CLOSED),
    ("今日は布団を干しました", kernels.SPOKEN),
    ("だいぶ違うよ", kernels.SPOKEN),
    ("もっと見る", kernels.OPEN),
]


@pytest.mark.parametrize(("text", "expected"), ENDINGS)
def test_ending(text, expected):
    """Each ending of a piece is told as open, closed, cut or spoken."""
    _, ending, _, _ = find(text)

    assert expected == ending[-1]


def closed(*texts, spoken=False):
    """The pieces that belong to sentences."""
    pieces, *_, (made, start, end, first, ending, counts, old) = find(*texts)
    inside = running_text.in_sentences(
        made.codes, start, end, first, ending, counts, FLAGS, old, spoken
    )
    flat = [piece for of_text in pieces for piece in of_text]
    return [piece for piece, is_in in zip(flat, inside, strict=True) if is_in]


def test_what_leads_to_a_sentence_belongs_to_it():
    """Lines that end in hiragana or a comma belong to the sentence that follows, others do not."""
    assert ["川まで下りて、", "氷の厚さを", "確かめた。"] == closed(
        "冬の仕事\n川まで下りて、\n氷の厚さを\n確かめた。"
    )


def test_a_sentence_does_not_reach_into_the_text_before():
    """The last line of one text does not lead to the first sentence of the next."""
    assert ["研ぐ。"] == closed("米を", "研ぐ。")


def test_a_sentence_is_not_longer_than_its_limit():
    """Two hundred characters of keywords in hiragana do not become a sentence by one stop."""
    keywords = "\n".join(["やすいくつ"] * 60)

    assert 40 >= len(closed(f"{keywords}\nがある。"))


def test_katakana_that_shouts_is_no_sentence():
    """A list of names needs one hiragana in ten letters to be a sentence."""
    assert [] == closed("ブーツセール送料無料！")


@quickly
@given(st.lists(st.text(st.sampled_from("米をは。 \n"), max_size=120), max_size=4))
def test_windows_equal_a_plain_count(texts):
    """Forty letters make a window; a rest below twenty counts only where it is all there is."""
    made = Texts.of(*texts)
    old = np.zeros(len(made), np.bool_)

    windows, running = running_text.count_windows(made.codes, made.start, FLAGS, old)

    expected = []
    for text in texts:
        letters = [c for c in text if c in "米をは"]
        parts = [letters[k : k + 40] for k in range(0, len(letters), 40)]
        if len(parts) > 1 and len(parts[-1]) < 20:
            parts.pop()
        good = [part for part in parts if sum(c in "をは" for c in part) * 40 >= 4 * len(part)]
        expected.append((len(parts), len(good)))
    assert expected == list(zip(windows.tolist(), running.tolist(), strict=True))


@quickly
@given(st.lists(st.text(st.sampled_from("ない米た"), max_size=20), max_size=4))
def test_pairs_equal_a_plain_count(texts):
    """Pairs are counted inside a text and never across two."""
    made = Texts.of(*texts)

    found = pairs.count_pairs(made.codes, made.start, pairs.pair_table(["ない", "いた"]))

    assert [len(re.findall("(?=ない|いた)", text)) for text in texts] == found.tolist()
