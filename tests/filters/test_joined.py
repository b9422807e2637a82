"""Texts whose line breaks were lost: where they are cut up, and what is left of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seimai.filters.residue.joined import cut_up, pages_among, without_pieces

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


def test_a_page_among_others_is_found_by_its_place():
    """The numbers are places in the list that was asked about."""
    page = f"{LINKS} {SENTENCE * 8} {LINKS}"

    assert [1, 3] == list(pages_among([SENTENCE, page, "", page]))


def with_letters(pieces):
    """Those that hold a letter."""
    return [piece.strip(" |-") for piece in pieces if any(map(str.isalnum, piece))]


@given(TEXT, st.sets(st.integers(0, 12)))
def test_what_is_left_is_the_other_pieces(text, gone):
    """Without some pieces the others are left, in their order, and none of them meets another."""
    cut = cut_up(text)
    stays = [piece for place, piece in enumerate(cut.split("\n")) if place not in gone]
    left = without_pieces(text, cut, gone)

    assert len(text) == len(cut)
    assert with_letters(stays) == with_letters(cut_up(left).split("\n"))
