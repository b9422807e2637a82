"""Pages as Japanese sites have them: what is main text stays, what frames it goes."""

from __future__ import annotations

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, read
from seimai.pipeline.ingest.contract import Input
from seimai.pipeline.ingest.pages.html import extract

pytest.importorskip("resiliparse")

STORY = (
    "<p>市は十日、川沿いの遊歩道を来春から夜も通れるようにすると発表した。</p>"
    "<p>照明は足もとだけを照らす型にし、虫や魚への影響を抑える。住民からは散歩の時間が選べると"
    "歓迎する声が上がる。</p><p>工事は来月に始まり、雪の前に終わる予定だ。</p>"
)


def lines(page: str, what: str = "main") -> list[str]:
    """The lines of a page that have text."""
    text, _ = extract(page, "all" if what == "all" else "main")
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize(
    "frame",
    [
        '<div id="gNavi"><a href="/">トップ</a><a href="/news">ニュース</a></div>',
        '<ul class="topicPath"><li><a href="/">ホーム</a></li><li>くらし</li></ul>',
        '<div class="pankuzu"><a href="/">ホーム</a> &gt; くらし</div>',
        '<ul class="article-sns_btn"><li>ツイート</li><li>シェアする</li></ul>',
        '<div class="relatedPosts"><h2>関連記事</h2><a href="/2">橋のかけ替え</a></div>',
        '<p class="c-related"><a>橋をかけ替える。</a><a>川をさらう。</a><a>堤を直す。</a></p>',
        '<div id="side-menu"><p>運営者です。毎日書きます。読んでください。</p></div>',
        '<div class="cookie-notice">Cookieを使います。同意してください。設定で変えられます。</div>',
        '<p id="pagetop"><a href="#top">ページの先頭へ</a></p>',
        '<div id="footer"><address>市役所</address><small>無断転載を禁じます。</small></div>',
        '<header><a href="/">川の町</a></header>',
        '<form action="/s"><label>検索</label><input name="q"></form>',
        '<p style="display:none">見えない言葉</p><p hidden>隠した言葉</p>',
        '<div role="navigation"><a href="/a">あいうえお順</a></div>',
    ],
)
def test_what_frames_an_article_goes(frame: str) -> None:
    """Menus, breadcrumbs, share buttons, lists of other pages and notices leave no line."""
    page = f"<html><body>{frame}<div id='contents'><h2>遊歩道</h2>{STORY}</div></body></html>"

    assert ["遊歩道", *lines(STORY)] == lines(page)


@pytest.mark.parametrize(
    "around",
    [
        '<form id="aspnetForm" action="/">{}</form>',
        '<div class="content-sidebar-wrap">{}</div>',
        '<div class="has-sidebar">{}</div>',
        '<section id="related-facilities">{}</section>',
        '<aside class="note">{}</aside>',
        '<div class="menu">{}</div>',
        '<table width="100%"><tr><td><table><tr><td>{}</td></tr></table></td></tr></table>',
        "<main><article><header><h1>遊歩道</h1></header>{}</article></main>",
    ],
)
def test_a_name_on_running_text_is_not_believed(around: str) -> None:
    """A form or a `menu` around the text, a note in an `aside` and a layout by tables all stay."""
    page = f"<html><body><h1>川</h1><p>序。</p>{around.format(STORY)}</body></html>"
    found = lines(page)

    assert [] == [line for line in lines(STORY) if line not in found]


def test_a_menu_longer_than_its_page_goes() -> None:
    """Hundreds of links are a menu even where they are most of the page."""
    menu = "".join(f'<li><a href="/{k}">第{k}章 支度と道具</a></li>' for k in range(400))
    page = f'<body><ul class="toc">{menu}</ul><div id="main">{STORY}</div></body>'

    assert lines(STORY) == lines(page)


def test_all_of_a_page_is_given_where_it_is_asked_for(tmp_path) -> None:
    """`extract: all` keeps menus and footers, but neither readings of ruby nor hidden text."""
    page = (
        "<body><nav>地図</nav><p><ruby>川<rt>かわ</rt></ruby>へ。</p><p hidden>秘密</p>"
        "<footer>市役所</footer></body>"
    )
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    [found] = read(Input(str(path), "a.html"), ReadOptions(extract="all"))

    assert isinstance(found, Document)
    assert ["地図", "川へ。", "市役所"] == [x.strip() for x in found.text.split("\n") if x.strip()]
    assert ["川へ。"] == lines(page)


def test_a_page_of_frames_gives_what_stands_for_them() -> None:
    """Old pages of frames have a text for browsers without them; the title is kept."""
    text, facts = extract(
        "<html><head><title>町の頁</title></head><frameset cols='1,2'><frame src='a'><noframes>"
        f"<body>{STORY}</body></noframes></frameset></html>"
    )

    assert "遊歩道" in text
    assert {"title": "町の頁"} == facts


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp"])
def test_a_page_laid_out_with_tables_in_capitals(tmp_path, encoding: str) -> None:
    """A page of 2003 with FONT and TABLE in capitals reads in order, ruby included."""
    page = (
        f'<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset={encoding}">'
        '<TITLE>釣り日記</TITLE></HEAD><BODY><TABLE><TR><TD CLASS="menu"><A HREF="a">日記</A><BR>'
        '<A HREF="b">掲示板</A></TD><TD><FONT SIZE="5">平成十五年</FONT><BR>'
        "<RUBY>鮎<RP>(</RP><RT>あゆ</RT><RP>)</RP></RUBY>を三匹釣った。<BR>水が冷たい。"
        "</TD></TR></TABLE></BODY></HTML>"
    )
    path = tmp_path / "a.html"
    path.write_bytes(page.encode(encoding))
    [found] = read(Input(str(path), "a.html"))

    assert isinstance(found, Document)
    assert ["平成十五年", "鮎を三匹釣った。", "水が冷たい。"] == found.text.split("\n")


def test_posts_of_a_board_and_definitions_keep_their_lines() -> None:
    """Terms and what is said of them, and posts of a board, stand on lines of their own."""
    page = (
        "<body><dl><dt>1 :名無しさん</dt><dd>今年の鮎は？</dd>"
        "<dt>2 :川守</dt><dd>まだ小さい。<br>六月まで待て。</dd></dl></body>"
    )

    assert ["1 :名無しさん", "今年の鮎は？", "2 :川守", "まだ小さい。", "六月まで待て。"] == lines(
        page
    )


def test_what_a_page_says_of_itself_is_kept() -> None:
    """All robots tags, the reservation of rights, the licence link and the date of JSON-LD."""
    _, facts = extract(
        '<html lang="ja"><head><meta name="robots" content="noindex"><meta name="ROBOTS" '
        'content="noai, noimageai"><meta name="tdm-reservation" content="1">'
        '<link rel="canonical" href="https://www.example.jp/k"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "datePublished": "2024-03-09T08:00:00+09:00"}</script></head>'
        '<body><p>川。</p><a rel="noopener license" href="https://www.example.jp/by">表示</a></body>'
    )

    assert {
        "lang": "ja",
        "robots": "noindex, noai, noimageai",
        "tdm_reservation": "1",
        "canonical": "https://www.example.jp/k",
        "license": "https://www.example.jp/by",
        "date": "2024-03-09T08:00:00+09:00",
    } == facts


@pytest.mark.parametrize(
    "tag", ["<nav>", "<form>", '<ul class="toc"><li>', "<frameset><noframes>", "<header>"]
)
def test_elements_nested_by_the_thousand_end(tag: str) -> None:
    """Ten thousand levels of what would be weighed neither crash nor hang."""
    text, _ = extract(f"<html>{tag * 10_000}{STORY}")

    assert isinstance(text, str)


def test_lists_in_lists_without_end_do_not_fill_memory_with_blanks() -> None:
    """A text grows with its page, however deep its lists lie, and loses no entry."""
    text = extract("<body><main>" + "<ul><li>川の話をする。" * 3000)[0]

    assert 3000 == text.count("川の話をする。")
    assert len(text) < 3000 * 100


def test_lists_of_usual_depth_are_indented() -> None:
    """Many lists beside each other, and lists in lists of lists, keep their form."""
    inner = "<ul><li>谷の話をする。</li></ul>"
    text = extract(f"<body><main>{f'<ol><li>川の話をする。{inner}</li></ol>' * 30}</main></body>")[
        0
    ]

    assert 30 == text.count("  1. 川の話をする。\n")
    assert 30 == text.count("• 谷の話をする。")
