"""Parts of an article that are called, or headed, like what stands beside one."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

import pytest

from seimai.pipeline.ingest.pages.html import extract

pytest.importorskip("resiliparse")

MENU = '<div class="gnav"><ul><li><a href="/">はじめに</a></li><li><a href="/2">次の章</a></li><li><a href="/3">索引の頁</a></li></ul></div>'
TEXT = (
    "<p>帆船の索具は、風の強さに合わせて一本ずつ張り方を変える。</p>",
    "<p>結び方を誤ると、嵐の中で帆が裂けてしまうことがある。</p>",
    "<p>そのため見習いは、まず二十種の結びを覚えなければならない。</p>",
    "<p>覚えるまでに半年はかかると、古い航海の記録は伝えている。</p>",
)
BOX = '<div class="sidebar"><div>{}</div><p>もやい結びは、輪の大きさが変わらないので人を吊り上げるときに使う。</p></div>'


def _page(body: str) -> str:
    return f"<html><head><title>索具の扱い</title></head><body>{MENU}<div><h1>索具の扱い</h1>{body}</div></body></html>"


@pytest.mark.parametrize("last", [True, False])
def test_a_box_between_paragraphs_is_text_though_it_is_called_a_sidebar(*, last: bool) -> None:
    """A box of text between paragraphs stays, and so does one of its name at the end."""
    boxes = (BOX.format("豆知識"), BOX.format("補足") if last else "")
    text, _ = extract(_page(TEXT[0] + boxes[0] + "".join(TEXT[1:]) + boxes[1]))
    assert ["豆知識", *(["補足"] if last else [])] == [
        word for word in ("豆知識", "補足") if word in text
    ]


def test_a_sidebar_beside_the_article_goes() -> None:
    """A column of sentences beside the whole article is not main text."""
    text, _ = extract(_page("".join(TEXT) + "</div>" + BOX.format("店からの便り")))
    assert "店からの便り" not in text
    assert "半年はかかる" in text


@pytest.mark.parametrize("heading", ["<h2>帆の種類</h2>", "帆の種類", "<h4>帆の種類</h4>"])
def test_the_header_of_a_part_of_an_article_stays(heading: str) -> None:
    """Sections that write their heading in a `header` keep it."""
    parts = f"<section><header>{heading}</header>{TEXT[2]}</section>"
    text, _ = extract(_page(TEXT[0] + TEXT[1] + parts + TEXT[3]))
    assert "帆の種類" in text


def test_buttons_above_a_short_entry_do_not_take_it() -> None:
    """Below a heading of buttons, an entry full of links and without an end of a sentence stays."""
    entry = '<div class="entry-content"><p>朝の部 <a href="/a">前半</a>と<a href="/b">後半</a>、夕方の部は<a href="/c">港の見える丘</a>から町の楽隊と合唱団がお送りした一時間</p><p>聞き逃した人は<a href="/d">ここから</a>、録音は来月の末まで置く予定</p></div>'
    buttons = '<div>シェア</div><div><a href="/x">送る</a> <a href="/y">残す</a></div>'
    text, _ = extract(_page(f'<div class="hentry"><h2>丘の音楽会</h2>{buttons}{entry}</div>'))
    assert "合唱団がお送りした" in text
    assert "送る" not in text


def test_other_things_told_in_sentences_are_text() -> None:
    """A part headed その他の… goes where it is a list of links, and stays where it explains."""
    told = (
        "<div><h2>その他の道具</h2><dl>"
        + "".join(
            f'<dt><a href="/{name}">{name}</a></dt><dd>{name}は甲板の係が朝のうちに手入れをしておくもの。</dd>'
            for name in ("滑車", "錨綱", "帆針", "砥石")
        )
        + "</dl></div>"
    )
    listed = (
        "<div><h2>その他の案内</h2><ul>"
        + "".join(
            f'<li><a href="/{name}">{name}への行き方と開いている時間</a></li>'
            for name in ("資料館", "灯台", "魚市場", "造船所")
        )
        + "</ul></div>"
    )
    text, _ = extract(_page("".join(TEXT) + told + listed))
    assert "砥石は甲板の係が" in text
    assert "造船所への行き方" not in text


@pytest.mark.parametrize("name", ["visitor-comments", "reader_comment_list", "user-comment-body"])
def test_what_visitors_wrote_goes_whoever_they_are_called(name: str) -> None:
    """Comments are told by names that say who wrote them."""
    block = (
        f'<div class="{name}"><p>去年の夏に私も乗りました。とても揺れたのを覚えています。</p></div>'
    )
    text, _ = extract(_page("<article>" + "".join(TEXT) + "</article>" + block))
    assert "とても揺れた" not in text


def test_an_article_of_a_few_lines_is_found_beside_longer_teasers() -> None:
    """Where little runs, what holds the title and says that it is the main part is the article."""
    teasers = "".join(
        f'<div class="t"><a href="/{name}">{name}</a><p>{name}の話題を、当紙の記者が一年をかけて歩いて調べました。</p></div>'
        for name in ("灯台守", "塩田", "海女小屋", "渡し船", "干物市")
    )
    article = "<main><h1>朝市の日程が変わる</h1><p>三崎の朝市は来月から第二日曜に開く。</p><p>雨のときは翌週に延ばし、前日の夕方に港の掲示板と町の放送で知らせる、駐車場は魚市場の裏</p></main>"
    text, _ = extract(
        f"<html><head><title>朝市</title></head><body>{MENU}<div>{article}</div><div><div>{teasers}</div></div></body></html>"
    )
    assert "第二日曜に開く" in text
    assert "塩田の話題" not in text
