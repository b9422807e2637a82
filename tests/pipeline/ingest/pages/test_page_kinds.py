"""Pages of the kinds of sites that there are in Japan: the article stays, what frames it goes."""

# ruff: noqa: E501 - a page on one line reads better than pieces of it
from __future__ import annotations

import json

import pytest

from seimai.pipeline.ingest.contract import ReadOptions
from seimai.pipeline.ingest.pages.html import extract, extracted

pytest.importorskip("resiliparse")

SENTENCES = (
    "市は十日、川沿いの遊歩道を来春から夜も通れるようにすると発表した。",
    "照明は足もとだけを照らす型にし、虫や魚への影響を抑える。",
    "住民からは散歩の時間が選べると歓迎する声が上がる。",
    "工事は来月に始まり、雪の前に終わる予定だ。",
    "費用はおよそ三千万円で、半分を県が持つ。",
    "橋のたもとには休憩所も設け、地図と案内を置く。",
)
STORY = "".join(f"<p>{one}</p>" for one in SENTENCES)
TITLES = ("橋のかけ替えが秋に始まる", "堤の桜を植え直す", "図書館が日曜も開く", "給食に地元の米",
          "消防団に若い力", "古い蔵を宿にする", "朝市に海の魚も", "駅前の広場を広げる")  # fmt: skip
LIST = (
    "<ul>" + "".join(f'<li><a href="/{k}">{one}</a></li>' for k, one in enumerate(TITLES)) + "</ul>"
)
CARDS = "".join(
    f'<div class="c"><a href="/{k}"><img src="{k}.jpg"><p>{one}</p></a><time>2024.3.{k + 1}</time></div>'
    for k, one in enumerate(TITLES)
)
TEASERS = "".join(
    f'<div class="t"><h3><a href="/{k}">{one}</a></h3><p>{one}ことを紹介します。</p></div>'
    for k, one in enumerate(TITLES)
)
MENU = "<ul>" + "".join(f'<li><a href="/m{k}">分野{k}</a></li>' for k in range(120)) + "</ul>"
OTHERS = (*TITLES, "分野7", "ランキング", "関連記事", "ログイン", "無断転載")


def text_of(page: str, **options: str) -> str:
    """The main text of a page without blanks."""
    found = extracted(page, ReadOptions(**options)) if options else None
    return "".join((found.text if found else extract(page)[0]).split())


def lost(page: str, wanted: tuple[str, ...] = SENTENCES) -> list[str]:
    """Which of the sentences are not in the main text."""
    text = text_of(page)
    return [one for one in wanted if "".join(one.split()) not in text]


def leaked(page: str, others: tuple[str, ...] = OTHERS) -> list[str]:
    """What of the frame is in the main text."""
    text = text_of(page)
    return [one for one in others if one in text]


NEWS = {
    "names that say nothing": f'<div class="_a1">{MENU}</div><div class="_b2"><div class="_c3"><h1>'
    f'遊歩道</h1>{STORY}</div><div class="_d4"><h2>関連記事</h2>{LIST}</div></div>'
    f'<div class="_e5"><h2>アクセスランキング</h2>{LIST}</div>',
    "article and main": f"<header><h1><a>町の新聞</a></h1>{MENU}</header><main><article><h1>遊歩道"
    f'</h1>{STORY}</article><section class="x"><h2>あわせて読みたい</h2>{CARDS}</section></main>',
    "articleBody": f'<div>{MENU}</div><div itemprop="articleBody">{STORY}</div><div>{TEASERS}</div>',
    "headings inside the article": f"<div class='n'>{MENU}</div><article>{STORY}<h3>■関連記事</h3>"
    f"{LIST}<h3>こちらもおすすめ</h3><div>{CARDS}</div></article>",
    "a ranking beside it in a table": f"<table><tr><td>{MENU}</td><td><h1>遊歩道</h1>{STORY}</td>"
    f"<td><b>ランキング</b><br>{LIST}</td></tr></table>",
    "cards whose links are empty": f"<main><div class='q'>{STORY}</div><div><h2>新着記事</h2>"
    + "".join(
        f'<article><a href="/{k}"></a><a href="/c">暮らし</a><p>{one}</p></article>'
        for k, one in enumerate(TITLES)
    )
    + "</div></main>",
    "an indented menu": "<div class='gn'><ul>"
    + "".join(
        f"{chr(10) + ' ' * 40}<li>\n{' ' * 40}<a href='/{k}'>分野{k}</a></li>" for k in range(60)
    )
    + f"</ul></div><div class='k'>{STORY}</div>",
    "hundreds of advertisements before it": '<div class="ad">広告の枠</div>'
    * 310
    + f'<div class="k">{STORY}</div><div class="footer">{LIST}</div><div class="share">'
    '<a href="/t">ツイート</a></div>',
    "a wall for members": f"<main><div class='p'>{STORY}</div><div class='z'><p>この記事は有料会員記事です。"
    '残り977文字</p><a href="/l">ログイン</a></div></main>'
    f"<div>{LIST}</div>",
    "a wall that says what members get": f"<main><div class='p'>{STORY}</div><div class='z'><div><p>この記事は会員"
    "限定です。</p><div><a href='/r'>加入の手続き</a><a href='/l'>ログインして続きを読む</a></div><dl><dt>加入すると</dt>"
    f"<dd>ランキングが毎週届く</dd></dl></div></div></main><div>{LIST}</div>",
}


@pytest.mark.parametrize("kind", NEWS)
def test_news_is_the_article_alone(kind: str) -> None:
    """However a news page is built, its story is read and its lists and menus are not."""
    page = f"<html><body>{NEWS[kind]}<div>無断転載を禁じます。</div></body></html>"

    assert ([], []) == (lost(page), leaked(page))


@pytest.mark.parametrize("slug", ["sns", "social", "navi", "footer", "cookie", "ranking"])
@pytest.mark.parametrize("kind", ["category", "tag"])
def test_a_category_of_wordpress_is_no_name_of_a_part(kind: str, slug: str) -> None:
    """`post_class()` writes the slugs of categories and tags on the article: it stays."""
    page = (
        f'<body class="single {kind}-{slug}"><div id="side"><p>{SENTENCES[0] * 20}</p></div>'
        f'<div class="post-55 post type-post hentry {kind}-{slug}">{STORY}</div></body>'
    )

    assert [] == lost(page)


BLOGS = {
    "wordpress": f'<nav>{MENU}</nav><div class="hentry"><h1 class="entry-title">遊歩道</h1>'
    f'<div class="entry-content">{STORY}</div></div><aside class="widget-area"><h2>最近の投稿</h2>{LIST}'
    "</aside>",
    "hatena": f'<div id="blog-title"><h1>川の町</h1></div><article class="entry hentry"><div '
    f'class="entry-content hatenablog-entry">{STORY}</div><div class="comment-box">コメントする</div>'
    f'</article><aside id="box2"><div class="hatena-module-title">最新記事</div>{LIST}</aside>',
    "note": f'<div class="o-nav">{MENU}</div><article><div class="note-common-styles__textnote-body">'
    f'{STORY}</div></article><div class="o-x"><h2>こちらもおすすめ</h2>{CARDS}</div>',
    "fc2": f'<div id="container"><div class="ently_navi"><a href="/1">前</a></div><div class='
    f'"ently_body"><div class="ently_text">{STORY}</div></div><div id="right"><h3>最新記事</h3>{LIST}'
    f"<h3>カテゴリ</h3>{MENU}</div></div>",
    "livedoor": f'<div id="main"><div class="article-body-inner">{STORY}</div><div class="related">'
    f'<h3>「暮らし」カテゴリの最新記事</h3>{LIST}</div></div><div id="sidebar-left">{LIST}</div>',
    "ameblo": f'<div class="skin-entryBody" id="entryBody">{STORY}</div><div data-uranus-component='
    f'"sideRecent"><h3>最新の記事</h3>{LIST}</div>',
}


@pytest.mark.parametrize("kind", BLOGS)
def test_blogs_are_the_entry_alone(kind: str) -> None:
    """Entries of the usual blog services and themes stay, their sidebars go."""
    page = f"<html><body>{BLOGS[kind]}</body></html>"

    assert ([], []) == (lost(page), leaked(page, (*TITLES, "分野7")))


FEATURES = ("軽くて持ち運びに便利な折りたたみ式", "水に強い布の表", "三段の高さに変えられる脚",
            "左右どちらでも使える受け皿", "取り外して洗える蓋", "静かに閉まる扉")  # fmt: skip
BULLETS = "<ul>" + "".join(f"<li>{one}</li>" for one in FEATURES) + "</ul>"
FIGURES = "<table><tr><th>品番</th><td>KW-100</td></tr><tr><th>色</th><td>紺と白</td></tr></table>"
HEAD = f'<div class="hd"><a href="/"><img></a>{MENU}</div>'
SIDE = f'<div class="ln"><h2>製品</h2>{LIST}</div>'
SHEETS = {
    "an announcement": f'{HEAD}<div class="w"><div class="ct"><h1>折りたたみ台</h1><div class="a">{STORY}'
    f'</div><div class="b"><h2>特長</h2>{BULLETS}</div><div class="c"><h2>仕様</h2>{FIGURES}</div></div>'
    f"{SIDE}</div>",
    "models": f'{HEAD}<div class="w"><div class="ct"><h1>折りたたみ台</h1><div class="t">{STORY}{FIGURES}'
    '</div><div class="m">'
    + "".join(
        f'<div class="i"><h3><a href="/{k}">台 KW-{k}</a></h3><p>{one}</p></div>'
        for k, one in enumerate(FEATURES)
    )
    + f"</div></div>{SIDE}</div>",
    "a shop": f'{HEAD}<div class="w"><div class="d"><h1>折りたたみ台</h1><p class="price">三千円</p><div>'
    f'{"<br>".join(FEATURES)}</div>{FIGURES}<p>{SENTENCES[2]}</p></div><div class="z"><h2>この商品を見た人は'
    f"こちらも見ています</h2>{CARDS}</div></div>",
    "questions": f'{HEAD}<div id="q"><h1>よくある質問</h1>'
    + "".join(
        f'<div class="qa"><p>Q. {one}ですか</p><p>A. {SENTENCES[k]}<a href="/{k}">詳しくはこちら</a></p></div>'
        for k, one in enumerate(FEATURES)
    )
    + f"<p>KW-100と紺と白</p></div>{SIDE}",
    "a dish": f'{HEAD}<div class="r"><h1>大根の煮物</h1><p>{SENTENCES[0]}</p><h2>材料</h2>{BULLETS}{FIGURES}'
    f'<h2>作り方</h2><ol><li>{"<li>".join(SENTENCES)}</ol></div><div class="x"><h3>人気のレシピ</h3>{CARDS}'
    "</div>",
    "an office": f'<div id="header"><form><label>検索</label><input></form>{MENU}</div><div id="main"><div '
    f'id="contents"><h1>ごみの出し方</h1><p>更新日:2024年3月1日</p><h2>燃えるごみ</h2>{BULLETS}<h2>燃えない'
    f'ごみ</h2>{FIGURES}<p>{SENTENCES[3]}</p></div><div id="side">{LIST}</div></div>',
}


@pytest.mark.parametrize("kind", SHEETS)
def test_lists_and_tables_beside_sentences_are_text(kind: str) -> None:
    """Features without a full stop, figures and prices stay where a few sentences are the least."""
    page = f"<html><body>{SHEETS[kind]}</body></html>"

    assert ([], []) == (lost(page, (*FEATURES, "KW-100", "紺と白")), leaked(page))


PLAIN = {
    "nothing but breaks": "<br>".join(SENTENCES),
    "a page of 1996": "<hr><center><h2>川の記録</h2></center>" + "<p>".join(SENTENCES) + "<hr>"
    "<a href='index.html'>戻る</a>",
    "tables for the layout": "<table><tr><td><table><tr><td>"
    + "</td></tr><tr><td>".join(SENTENCES)
    + "</td></tr></table></td></tr></table>",
    "definitions": "<dl>"
    + "".join(f"<dt>{k}<dd>{one}" for k, one in enumerate(SENTENCES))
    + "</dl>",
    "a thread": "<div class='thread'>"
    + "".join(
        f'<div class="post"><a href="#{k}">{k}</a> 名無しさん 2024/03/0{k + 1}<p>{one}</p></div>'
        for k, one in enumerate(SENTENCES)
    )
    + "</div>",
    "questions and answers": "".join(
        f"<section><h2>質問{k}</h2><div class='a'><p>{one}</p></div></section>"
        for k, one in enumerate(SENTENCES)
    ),
    "sections side by side": f'<div class="s">{"".join(f"<p>{x}</p>" for x in SENTENCES[:5] * 3)}</div>'
    f'<div class="s"><p>{SENTENCES[5]}</p></div>',
    "an article that goes on": f'<div class="asset-body">{"".join(f"<p>{x}</p>" for x in SENTENCES[:5])}'
    f'</div><div class="asset-more"><p>{SENTENCES[5]}</p></div>',
    "a form around all of it": f'<form action="/x"><div>{STORY}</div></form>',
    "notes in the text": f"<article>{STORY[:-4]}</p><aside class='note'><p>{SENTENCES[0]}"
    "</p></aside></article>",
    "a town hall": f'<div id="tmp_header"><div id="tmp_hnavi">{MENU}</div></div><div id="tmp_contents">'
    f"<h1>遊歩道</h1>{STORY}<h2>お問い合わせ</h2><p>土木課 電話 000-0000</p></div>"
    '<div id="tmp_footer">町役場</div>',
}


@pytest.mark.parametrize("kind", PLAIN)
def test_pages_without_names_lose_nothing(kind: str) -> None:
    """Pages by hand, boards and offices: every sentence comes through."""
    assert [] == lost(f"<html><body>{PLAIN[kind]}</body></html>")


@pytest.mark.parametrize(
    "part",
    [
        "<figure class='wp-block-table'><table><tr><th>品目</th><td>大根</td></tr></table></figure>",
        "<figure class='highlight'><table><tr><td><pre>大根 = 1</pre></td></tr></table></figure>",
        "<figure><blockquote>大根の葉。</blockquote><figcaption>町の人</figcaption></figure>",
        "<figure><a href='/p'><img src='p.jpg'></a><figcaption>大根を抜く人=十日、川の町</figcaption></figure>",
        "<p><label>大根の数<input name='n'></label></p>",
        "<table><tr><th>品目</th><td><a href='/d'>大根</a></td><td>三本</td></tr></table>",
        "<ul><li>大根</li><li>人参</li></ul>",
        "<dl><dt>大根</dt><dd>三本</dd></dl>",
        "<h2>参考</h2><ul><li><a href='http://a.example.jp'>大根の育て方</a></li></ul>",
        "<pre>大根  三本\n人参  二本</pre>",
    ],
)
def test_what_stands_in_an_article_is_read(part: str) -> None:
    """Tables, code, quotes and captions of figures, labels, lists and a list of sources stay."""
    page = f"<body><div>{MENU}</div><article>{STORY}{part}<p>{SENTENCES[0]}</p></article></body>"

    assert "大根" in text_of(page)


def test_a_page_of_links_is_not_emptied() -> None:
    """An index has no running text: its links are what it has."""
    page = f"<body><h1>町の記事</h1>{LIST}</body>"

    assert [] == lost(page, TITLES)


@pytest.mark.parametrize(
    "block",
    [
        '<div id="comments">{}</div>',
        '<section class="comment-list">{}</section>',
        '<ol class="commentlist">{}</ol>',
    ],
)
def test_comments_of_readers_go_and_are_counted(block: str) -> None:
    """What readers wrote is left out and counted, or kept where the recipe says so."""
    said = "<p>夜の川はよいですね。楽しみにしています。</p>" * 30
    page = f"<body><article>{STORY}</article>{block.format(said)}</body>"
    dropped = extracted(page, ReadOptions())
    kept = extracted(page, ReadOptions(comments="keep"))

    assert ("1", False) == (json.dumps(dropped.comments), "楽しみ" in dropped.text)
    assert (0, True) == (kept.comments, "楽しみ" in kept.text)


def test_a_board_is_not_comments_below_an_article() -> None:
    """Where there is nothing but comments they are the page."""
    said = "".join(f"<div><p>{one}</p></div>" for one in SENTENCES)

    assert [] == lost(f"<body><h1>掲示板</h1><div class='comments'>{said}</div></body>")


def test_a_break_between_wide_characters_is_no_blank() -> None:
    """Lines of the source join without a blank in Japanese, with one in Latin, in `pre` never."""
    page = (
        "<p>日本語の文章は\n  ソースの途中で\n<b>改行</b>される。\n次の文 と\nEnglish\nwords と</p>"
        "<pre>川\n山</pre><p>한국\n어</p>"
    )

    assert [
        "日本語の文章はソースの途中で改行される。次の文 と English words と",
        "川",
        "山",
        "한국 어",
    ] == [line.strip() for line in extract(page, "all")[0].split("\n") if line.strip()]


def test_scripts_fill_a_page_and_json_has_the_article() -> None:
    """A page without text of its own gives `articleBody`, or what stands in `noscript`."""
    body = "\\n".join(SENTENCES)
    script = (
        f'<script type="application/ld+json">{{"@type":"Article","articleBody":"{body}"}}</script>'
    )

    assert [] == lost(f"<head>{script}</head><body><div id='root'></div></body>")
    assert [] == lost(f"<body><div id='root'></div><noscript>{STORY}</noscript></body>")
    assert "JavaScript" not in text_of(
        f"<body>{STORY}<noscript>JavaScriptが要る。</noscript></body>"
    )


def test_a_page_that_hides_itself_is_read() -> None:
    """Where all is hidden until a script shows it, it is read; a hidden menu is not."""
    assert [] == lost(f'<body style="display: none"><div>{STORY * 3}</div></body>')
    assert "秘密" not in text_of(f'<body>{STORY}<div style="DISPLAY:none">秘密。</div></body>')


def test_a_site_has_its_own_selector() -> None:
    """The selector of a host is used on its pages and those of hosts below it, elsewhere not."""
    page = f"<body><div id='a'>{STORY}</div><div id='b'><p>別の話。</p></div></body>"
    options = ReadOptions(main=(("example.jp", "#b"), ("other.jp", "#a")))

    assert "別の話。" == extracted(page, options, "https://www.example.jp/1").text
    assert SENTENCES[0] in extracted(page, options, "https://notexample.jp/").text
    assert SENTENCES[0] in extracted(page, options, "https://www.example.jp:x]/").text
    assert SENTENCES[0] in extracted("<body>" + STORY, options, "https://example.jp/").text


NASTY = [chr(k) for k in range(1, 128)] + [
    "\u0085",
    "\u2028",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
]


@pytest.mark.parametrize("mark", NASTY)
def test_no_name_can_break_the_reader(mark: str) -> None:
    """Whatever stands in a class, an id or the name of an attribute, the page is read."""
    names = f"nav {mark} footer{mark}sns"
    page = (
        f"<body><div class='{names}' id=\"{names}\" {mark}=x role='{mark}'>一</div>"
        f'<div class="{names}">二</div><div class={names}>三</div></section><p>{SENTENCES[0]}</p></body>'
    )
    text, _ = extract(page)

    assert isinstance(text, str)
    assert mark in "\"'<>`=/" or SENTENCES[0] in text


@pytest.mark.parametrize(
    "piece",
    ["<span>", "<b class='nav'>", "<div>関連記事", "<ul><li><a href=x>関連記事</a>", "<article>",
     "<p>関連記事<p><br>", "<section class=comments>", "<table><tr><td>", "<figure>", "<h2>PR</h2><b>",
     "<noscript>", "<a href=x>会員限定"],
)  # fmt: skip
def test_ten_thousand_of_anything_end(piece: str) -> None:
    """Deep and wide pages of one element take time by their size only."""
    assert isinstance(extract(f"<body>{piece * 10_000}{STORY}")[0], str)
