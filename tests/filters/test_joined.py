"""Texts whose line breaks were lost: where they are cut up, and what is left of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.filters.residue import boilerplate
from seimai.filters.residue.joined import cut_up, pages_among, without_pieces, without_torn

SENTENCE = "夏は三十分、冬なら一時間ほど、米を水につけておくと芯までふっくらと炊ける。"
LINKS = "ホーム ログイン 会員登録 カテゴリー 関連記事 もっと見る お問い合わせ"
TEXT = st.lists(
    st.sampled_from(
        ["米", "NHK FM", "iPhone", "お知らせ", "...", " ", "\u3000", "|", "||", "-", "\n"]
    )
).map("".join)


def test_breaks_are_where_japanese_letters_stand():
    """Blanks and bars beside Japanese letters part pieces; those in English and Korean do not."""
    assert "米\n水\n塩\n\nrice and water" == cut_up("米 水|塩||rice and water").replace("|", "\n")
    assert "밥을 짓는 법" == cut_up("밥을 짓는 법")
    assert "more...\nrice" == cut_up("more... rice")
    assert "米\n\n\n水" == cut_up("米 - 水")


def test_only_pages_are_cut_up():
    """A long line with many words of a page is one; without them, or with its breaks, it is not."""
    page = f"{LINKS} {SENTENCE * 8} {LINKS}"

    assert {0: cut_up(page)} == pages_among([page])
    assert {} == pages_among([SENTENCE * 12])
    assert {} == pages_among([page.replace(" ", "\n")])
    assert {} == pages_among([])


def test_sentences_with_blanks_inside_stay_whole():
    """Where Latin words stand between blanks no name of a menu is taken out of a sentence."""
    manual = " ".join(
        f"{file}の設定は アプリ マニフェスト の {file}.toml に書き、 カテゴリー ページ から npm "
        "で送り、届いたかどうかを画面で確かめておきます。"
        for file in "abcdefgh"
    )
    page = f"{manual} {LINKS} {LINKS}"

    assert [0] == list(pages_among([page]))
    assert manual == boilerplate(page)


def test_a_page_among_others_is_found_by_its_place():
    """The numbers are places in the list that was asked about."""
    page = f"{LINKS} {SENTENCE * 8} {LINKS}"

    assert [1, 3] == list(pages_among([SENTENCE, page, "", page]))


@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        ("検出に役立てるための IP アドレス。", {1}, set()),
        ("会員の 特典は 三割引です。", {0, 1}, set()),
        ("お知らせは、 メール で届く。", {1, 2}, set()),
        ("お知らせは、 メール 会社概要", {1, 2}, {2}),
        ("TableView クラスは Qt 部品の一つです。", {0, 1, 2}, {0}),
        ("npm を使います。 はじめに", {0, 2}, {2}),
        ("第十二条の二 会員は会費を納める。 目次", {0, 2}, {2}),
        ("（宝暦元年   寛政八年 没）は商人である。", {1, 4}, set()),
        ("株式会社（所在地： 新潟県魚沼市、代表：米山 稔）は蔵を建てた。", {0, 1}, set()),
        ("「米を研ぐ 水を切る」 もっと見る", {0, 1, 2}, {0, 1, 2}),
        ("ホーム 会社概要 米は水で研ぐ。 ログイン", {0, 1, 3}, {0, 1, 3}),
        ("（店主 a b c d e f g 米 水） もっと見る", {0, 8}, {0, 8}),
    ],
)
def test_sentences_and_brackets_are_not_torn(text, gone, expected):
    """Pieces of one sentence or one bracket stay, if one of them stays; others are not held."""
    assert expected == without_torn(text.replace(" ", "\n"), gone)


def test_a_word_inside_a_sentence_stays():
    """A foreign word between blanks is no link, though a table of contents stands before it."""
    parts = "私たちについて 集めるデータ データの共有先 保存する期間 あなたの権利 送信先 連絡先情報"
    contents = " ".join(f"- {number} {part}" for number, part in enumerate(parts.split(), 1))
    sentence = (
        "書き込みがあったとき、荒らしを見つけるのに役立てるための IP "
        "アドレスと閲覧に使われた機器の名前を、荒らしを見つけるために集めます。"
    )
    head = f"プライバシーポリシー 目次 {contents} 私たちについて コメント"
    page = f"{head} {sentence} {SENTENCE * 4} {LINKS}"

    left = boilerplate(page)

    assert sentence in left
    assert "ログイン" not in left


def test_arrows_go_with_what_they_lead_from():
    """Of breadcrumbs that go no sign stays behind."""
    text = "ホーム > 記事一覧 » 米は水で研ぐ。 - 塩"

    assert "米は水で研ぐ。 - 塩" == without_pieces(text, cut_up(text), {0, 2})


def with_letters(pieces):
    """Those that hold a letter."""
    return [piece.strip(" \u3000|-") for piece in pieces if any(map(str.isalnum, piece))]


@given(TEXT, st.sets(st.integers(0, 12)))
def test_what_is_left_is_the_other_pieces(text, gone):
    """Without some pieces the others are left, in their order, and none of them meets another."""
    cut = cut_up(text)
    stays = [piece for place, piece in enumerate(cut.split("\n")) if place not in gone]
    left = without_pieces(text, cut, gone)

    assert len(text) == len(cut)
    assert with_letters(stays) == with_letters(cut_up(left).split("\n"))
