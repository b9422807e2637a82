"""Boxes of a site go wherever they stand; what only resembles them stays."""

from __future__ import annotations

import pytest

from seimai.pipeline.ingest.pages.html import extract

pytest.importorskip("resiliparse")

TEXT = (
    "<h1>水車小屋の改修</h1><p>村の水車小屋で、三十年ぶりに屋根の葺き替えが行われました。茅は裏山で刈ったものです。</p>"
    "<p>作業には中学生も加わり、縄の結び方を年寄りから習いました。完成は来月の予定です。</p>"
)
COOKIES = "<p>当サイトはクッキーを使用します。閲覧を続ける方は、同意したものとみなします。</p>"
LETTER = "<p>村の話題を毎週お届けします。</p>"
SUPPORT = "<p>よろしければ、月に三百円で書き手を支えてみませんか。</p>"


def text_of(below: str, above: str = "") -> str:
    """The main text of a page with boxes above and below its article."""
    return extract(f"<body><div>{above}<div>{TEXT}</div>{below}</div></body>")[0]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (f"<div>{COOKIES}<button>すべて受け入れる</button></div>", ""),
        ("", f'<div>{COOKIES}<a href="#"><span>同意する</span></a></div>'),
        ("", f'<div>{COOKIES}<input type="button" value="OK"></div>'),
        ("", f'<div>{LETTER}<form><input type="email"><button>送る</button></form></div>'),
        ("", f'<div>{LETTER}<form><input name="mail_address"><input type="submit"></form></div>'),
        ("", f"<div>{SUPPORT}<button>サポートする</button></div>"),
        ("", f'<div>{SUPPORT}<a href="/s">会員登録</a></div>'),
    ],
)
def test_a_box_of_the_site_goes(above: str, below: str) -> None:
    """Consent, newsletters and appeals to register or to support go, whatever their names are."""
    text = text_of(below, above)

    assert "茅は裏山で刈ったものです" in text
    assert not any(said in text for said in ("クッキー", "お届けします", "支えてみませんか"))


@pytest.mark.parametrize(
    ("below", "said"),
    [
        (f"<div>{COOKIES * 3}</div><button>印刷</button>", "クッキーを使用します"),
        (f"<div>{LETTER}{TEXT[16:]}<form><input type='email'></form></div>", "毎週お届けします"),
        (f'<div>{TEXT[16:]}{SUPPORT}<a href="/s">詳しい話</a></div>', "支えてみませんか"),
    ],
)
def test_what_asks_for_nothing_stays(below: str, said: str) -> None:
    """Without a button to agree, a form for an address alone, an account or support text stays."""
    assert said in text_of(below)


def test_a_page_of_one_box_keeps_it() -> None:
    """Where nothing stands above it, an appeal is what the page says."""
    page = f'<body><div><h1>会の案内</h1><div>{SUPPORT}<a href="/s">会員登録</a></div></div></body>'

    assert "支えてみませんか" in extract(page)[0]


def test_json_is_asked_where_a_notice_is_all_that_is_seen() -> None:
    """The sentences of a notice of cookies do not stand for an article that scripts would show."""
    said = '{"@type":"Article","articleBody":"朝の市が立つ。"}'
    ld = f'<script type="application/ld+json">{said}</script>'
    page = f"<body><div id='r'></div><div>{COOKIES}<button>同意する</button></div>{ld}</body>"

    assert "朝の市が立つ。" == extract(page)[0]


@pytest.mark.parametrize(
    "line",
    [
        "2024年5月6日 10時20分",
        "公開：2023年11月5日 15時02分　更新：15時40分",
        "ページ番号1004521　更新日 令和5年8月1日",
        "2024.5.6 10:20 更新",
        "2023/02/11に公開",
        "2024年2月8日 5:00 （2月8日 11:20更新） 会員限定",
        "2024年5月6日 10:20 [有料会員限定]",
        "No：1052　公開日時：2022/01/12 09:00　更新日時：2023/03/30 17:15",
    ],
)
def test_the_date_of_an_article_goes(line: str) -> None:
    """A line above the text that says when it was written is no text."""
    assert (
        line[:10]
        not in extract(f"<body><div><h1>朝市</h1><div>{line}</div>{TEXT[16:]}</div></body>")[0]
    )


@pytest.mark.parametrize(
    "line",
    [
        "2024年5月6日",
        "日時：2024年5月6日 10時20分",
        "2024年5月6日 10時20分開演",
        "山田太郎 2024年5月6日 10:20",
    ],
)
def test_other_dates_stay(line: str) -> None:
    """The date of a letter, of an event, and a line with the name of the writer are text."""
    page = f"<body><div><h1>朝市</h1><div>{line}</div>{TEXT}</div></body>"

    assert line[:4] in extract(page)[0]


ASKED = "<h1>かやの葺き替え</h1><p>かやの屋根は何年もちますか。村の古い家に越してきました。</p>"


@pytest.mark.parametrize(
    "line",
    [
        '<div><a href="/u">つばき</a><span>2020/09/12 13:21</span></div>',
        '<div><span>12</span><a href="/u">つばき</a> <time>2020年9月12日 13時21分</time></div>',
        "<p>つばきさん</p><p>2020/9/12 9:58</p>",
        "<p>つばき さん</p><p><time>2020/9/12 9:58</time></p>",
    ],
)
def test_who_wrote_an_answer_and_when_is_no_text(line: str) -> None:
    """A writer, as a link or with さん, and the date with the time of day go; the answer stays."""
    text = extract(f"<body><div>{ASKED}<div>{line}{TEXT}</div></div></body>")[0]

    assert "茅は裏山で刈ったものです" in text
    assert "つばき" not in text
    assert "2020" not in text


@pytest.mark.parametrize(
    "line",
    [
        "<p>震度五弱の揺れ</p><p>2020/9/12 9:58</p>",
        "<p>町長 つばきさんの話</p><p>2020/9/12</p>",
        "<div>つばき座 2020年9月12日 13:21</div>",
        '<div><a href="/u">つばき座</a>の幕開け 2020年9月12日 13:21</div>',
        "<ul><li><a href='/u'>つばき座</a> 2020年9月12日 13:21</li></ul>",
        "<h3>つばきさん</h3><p>2020年9月12日13:21</p>",
    ],
)
def test_what_happened_when_stays(line: str) -> None:
    """The entries of a chronicle, of a programme and of a list have dates and times as well."""
    text = extract(f"<body><div>{ASKED}<div>{line}{TEXT}</div></div></body>")[0]

    assert "2020" in text


def _cards(count: int) -> str:
    return "".join(
        f'<div class="c"><a href="/{k}"><img src="{k}.jpg">朝市の話 {k}</a>'
        f"<p>港の朝を追った話の{k}回目です。</p></div>"
        for k in range(count)
    )


def test_cards_do_not_hide_a_short_article() -> None:
    """Pictures with teasers weigh nothing where the article is looked for, if it has more text."""
    page = f"<body><div><div>{TEXT}</div><section><div>{_cards(4)}</div></section></div></body>"
    text = extract(page)[0]

    assert "茅は裏山で刈ったものです" in text
    assert "港の朝を追った" not in text


def test_a_heading_goes_with_its_list() -> None:
    """Of a list that goes nothing is left, nor is a heading of text ever taken for one of it."""
    menu = "".join(f'<li><a href="/{k}">町の話 {k}</a></li>' for k in range(6))
    page = (
        f'<body><main>{TEXT}<h2>町の案内</h2><ul class="gnavi">{menu}</ul>'
        f'<h2>道のり</h2><ul class="sns"><li><a href="/x">共有</a></li></ul>'
        f"<p>駅から歩いて十分です。</p></main></body>"
    )
    text = extract(page)[0]

    assert "町の案内" not in text
    assert "道のり" in text


@pytest.mark.parametrize(
    "heading",
    [
        "同じ書き手の記事",
        "あなたも答えてみませんか",
        "こちらの記事も読まれています",
        "地域から探す",
        "最近見た物件",
    ],
)
def test_headings_of_others_head_lists(heading: str) -> None:
    """Lists of others by a writer, a field, a search or a history go with their headings."""
    links = "".join(f'<li><a href="/{k}">町の話をもう一つ {k}</a></li>' for k in range(5))
    text = text_of(f"<h3>{heading}</h3><ul>{links}</ul>")

    assert heading not in text
    assert "もう一つ" not in text


def test_comments_are_told_by_the_field_below_them() -> None:
    """コメント heads what readers wrote where they can write more, and else a word of somebody."""
    below = "<h2>コメント</h2><div><p>去年の葺き替えも見ました。立派な屋根でした。</p>{}</div>"

    assert "立派な屋根でした" not in text_of(f"<div>{below.format('<textarea></textarea>')}</div>")
    assert "立派な屋根でした" in text_of(f"<div>{below.format('')}</div>")
