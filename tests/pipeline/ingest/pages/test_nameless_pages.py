"""Pages whose names say nothing: the article is told by its shape alone."""

from __future__ import annotations

import pytest

from seimai.pipeline.ingest.contract import ReadOptions
from seimai.pipeline.ingest.pages.html import extract, extracted

pytest.importorskip("resiliparse")

TOPICS = (
    "橋の架け替え",
    "夏祭りの日程",
    "図書館の休み",
    "水道の工事",
    "山小屋の再開",
    "給食の献立",
)
ARTICLE = (
    "<h1>古い水車が動きだす</h1><p>村の入口にある水車が、三十年ぶりに回りはじめました。</p>"
    "<p>直したのは地元の大工たちです。軸の木は、裏山の欅から切り出しました。米も搗けます。</p>"
)


def links(count: int) -> str:
    """A list of links that fills a column."""
    titles = (f"{TOPICS[k % len(TOPICS)]}について（{k}）" for k in range(count))
    return "".join(f'<li><a href="/{k}">{title}</a></li>' for k, title in enumerate(titles))


def test_an_article_in_a_frame_of_links_is_found_though_notices_have_sentences() -> None:
    """Nearly all of the running text need not be the article's, where the body is mostly links."""
    page = (
        f'<body><div class="q1"><ul>{links(30)}</ul></div><div class="q2">{ARTICLE}</div>'
        '<div class="q3"><p>このサイトの使い方を動画でご覧になれます。お気軽にお試しください。</p>'
        f"<ul>{links(9)}</ul><p>毎週水曜日に更新しています。</p></div></body>"
    )
    text, _ = extract(page)

    assert "欅から切り出しました" in text
    assert "夏祭りの日程" not in text


def test_a_picture_of_few_words_in_a_frame_of_links_is_found() -> None:
    """A page without a sentence has its text where most characters outside links are."""
    page = (
        f'<body><div class="q1"><ul>{links(30)}</ul></div><div class="q2"><div class="q4">'
        "<h2>朝の庭</h2>むくどりとすずめ、水あび中<br>しばらく見ていた</div></div>"
        f'<div class="q3"><ul>{links(12)}</ul>八月</div></body>'
    )
    text, _ = extract(page)

    assert "しばらく見ていた" in text
    assert "夏祭りの日程" not in text


def test_a_page_of_text_without_an_article_stays_whole() -> None:
    """Without a frame of links nothing is looked for: sections of a page are equals."""
    part = "<div><p>{}の由来を書いておきます。昔から土地の人が使ってきた言葉です。</p></div>"
    page = f"<body>{''.join(part.format(topic) for topic in TOPICS)}<ul>{links(2)}</ul></body>"
    text, _ = extract(page)

    assert all(f"{topic}の由来" in text for topic in TOPICS)


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_heading_of_other_pages_does_not_take_the_article(order: str) -> None:
    """A column with a ranking at its top may hold the article, too, with the only `h1`."""
    ranking = f"<h3>アクセスランキング</h3><ol>{links(12)}</ol>"
    parts = [ranking, ARTICLE] if order == "before" else [ARTICLE, ranking]
    about = "<p>この新聞は村の有志が月に二度つくっています。配るのは当番の役目です。</p>" * 3
    page = f'<body><div class="q1">{"".join(parts)}</div><div class="q2">{about}</div></body>'
    text, _ = extract(page)

    assert "水車が動きだす" in text
    assert "欅から切り出しました" in text


def test_links_inside_of_an_article_below_such_a_heading_do_not_take_it() -> None:
    """A short article with many links in its sentences is no list of links."""
    words = "".join(f'<a href="/{k}">{topic}</a>と' for k, topic in enumerate(TOPICS))
    page = (
        f"<body><div><h3>おすすめ</h3><div>{words}を順に見て歩きました。道はどこも乾いていて、"
        "風が気持ちのよい一日でした。帰りは川ぞいを歩き、茶店で休みました。</div></div></body>"
    )

    assert "茶店で休みました" in extract(page)[0]


REMARKS = "<div><b>とんぼ</b></div><p>うちの水車も直したくなりました。</p>"


@pytest.mark.parametrize(
    "heading",
    ["コメント (2)", "2件のコメント", "この記事へのコメント", "コメント一覧", "3 Comments"],
)
@pytest.mark.parametrize("shape", ["<div><h2>{}</h2>{}</div>", "<h2>{}</h2>{}"])
def test_remarks_below_a_text_are_told_by_their_heading(heading: str, shape: str) -> None:
    """Whatever their elements are called, remarks are left out and counted, or kept if wanted."""
    page = f"<body><div>{ARTICLE}{shape.format(heading, REMARKS)}</div></body>"
    dropped = extracted(page, ReadOptions())
    kept = extracted(page, ReadOptions(comments="keep"))

    assert "欅から切り出しました" in dropped.text
    assert "うちの水車" not in dropped.text
    assert 1 <= dropped.comments
    assert "うちの水車" in kept.text


def test_what_the_head_of_a_company_says_is_no_remark() -> None:
    """コメント alone may head a part of the text."""
    said = "<h2>コメント</h2><p>「水車は村の宝です。長く回してほしい」と村長は話しました。</p>"

    assert "長く回してほしい" in extract(f"<body><div>{ARTICLE}{said}</div></body>")[0]


def test_a_page_of_answers_keeps_them_though_a_heading_counts_them() -> None:
    """Remarks that are nearly all of a page are what it is about."""
    asked = (
        "<h1>水車の油は何がよいですか</h1><p>軸が鳴るようになりました。木に染みてもよい油を"
        "探しています。古いものなので、手に入りやすいと助かります。</p>"
    )
    answers = "<p>菜種油がよいです。半年に一度、軸の溝に筆で塗ってください。</p>" * 40
    page = f"<body><div>{asked}<h2>コメント（40件）</h2>{answers}</div></body>"

    assert "軸の溝に筆で塗って" in extract(page)[0]


def test_a_sentence_about_rights_does_not_weigh_as_running_text() -> None:
    """A short article is found beside a line of rights, and cards of others below it go."""
    cards = "".join(
        f'<div class="c"><a href="/{k}"><img src="{k}.jpg"><p>{topic}を写した一枚</p></a>'
        f"<i>2024.1.{k}</i></div>"
        for k, topic in enumerate(TOPICS)
    )
    page = (
        f"<body><div><div>{ARTICLE}<div><h2>みんなの写真</h2>{cards}</div></div></div><div>"
        "<p>Copyright 2024 水車新聞社. 本紙の記事と写真の無断転載はかたくお断りします。"
        "ご利用の節はお知らせください。</p></div></body>"
    )
    text, _ = extract(page)

    assert "欅から切り出しました" in text
    assert "夏祭りの日程" not in text
