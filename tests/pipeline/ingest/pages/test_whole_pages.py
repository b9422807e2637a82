"""Whole pages in the manner of real sites: the marked text comes out, what frames it does not."""

# ruff: noqa: E501 - a piece of a page on one line reads better than parts of it
from __future__ import annotations

from statistics import mean

import pytest

from seimai.pipeline.ingest.contract import ReadOptions
from seimai.pipeline.ingest.pages.html import extract, extracted
from tests.pipeline.ingest.pages.whole_pages import Whole, nearness, whole_pages

pytest.importorskip("resiliparse")

PAGES = list(whole_pages())
LEAST_RECALL, LEAST_PRECISION = 0.99, 0.8
LET_THROUGH = {
    "talks: story in a library of amateurs",
    "later: news written after the rules, a column beside it without a name",
    "boards: questions, hashed names, the best answer, others and an appeal to answer",
    "boards: help page of a service, one question, whether the answer helped",
    "learned: encyclopedia, a box of facts, notes and references, boxes of navigation",
    "notices: timetable of a bus stop",
    "papers: sports paper, other articles between the paragraphs",
    "papers: magazine, an author box, a serial and a book at the end",
    "platforms: blog of a talent service, stickers, a theme and entries of the same theme",
    "platforms: writers' platform, an asking for support and notes of the same writer",
    "platforms: engineers' platform, code and a table, an appeal to register below",
    "second: blog of a common theme, speech balloons, cards of other entries in the text",
    "second: questions of engineers, two answers under made-up names",
    "second: list of products to buy, links to shops and tables under each",
    "second: programme of a radio station, what was played",
    "shells: framework with its data in a script, hashed names, cards after the text",
    "trade: item of a shopping mall, layout of tables, data of the item and reviews",
    "trade: house for sale, data in a table and words of the agent",
    "trade: service for press releases, facts of the company and other releases",
}
"""Pages on which teasers, the writer, dates and terms of sale are much beside a short text: some of
them are known to come through."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_main_text_of_a_page_is_found(page: Whole) -> None:
    """Nothing of what is marked as main text is lost, and little beside it comes out."""
    recall, precision = nearness(page, extract(page.source)[0])

    assert recall >= LEAST_RECALL
    assert precision >= LEAST_PRECISION or page.name in LET_THROUGH


def test_pages_of_all_kinds_come_out_clean_in_the_mean() -> None:
    """Over all pages recall and precision stay above what was measured when they were made."""
    found = [nearness(page, extract(page.source)[0]) for page in PAGES]

    assert mean(recall for recall, _ in found) >= 0.99
    assert mean(precision for _, precision in found) >= 0.88


ANSWER = "<p>全国どこでも六百円です。一万円以上のお買い上げは無料でお届けします。</p>"
AROUND = "<main><h1>送料の話</h1><p>送料の決め方を説明します。まずは下の問いをご覧ください。</p>{}</main>"


@pytest.mark.parametrize(
    "part",
    [
        f'<button aria-controls="a">送料は</button><div id="a" hidden>{ANSWER}</div>',
        f'<a href="#a">送料は</a><div id="a" aria-hidden="true">{ANSWER}</div>',
        f'<dl><dt>送料は</dt><dd style="display: none">{ANSWER}</dd></dl>',
        f'<h3>送料は</h3><div style="display:none">{ANSWER}</div>',
        f'<div role="tabpanel" hidden>{ANSWER}</div>',
        f'<div class="accordion-body" style="display:none">{ANSWER}</div>',
        f"<div><section hidden>{ANSWER}</section><p><button>続きを読む</button></p></div>",
    ],
)
def test_what_a_click_opens_is_read(part: str) -> None:
    """A part that is hidden until a reader opens it is main text."""
    assert "六百円です" in extract(f"<body>{AROUND.format(part)}</body>")[0]


@pytest.mark.parametrize(
    "part",
    [
        f'<button aria-controls="a">案内</button><div id="a" role="dialog" hidden>{ANSWER}</div>',
        f'<a href="#a">案内</a><div class="modal"><div id="a" hidden>{ANSWER}</div></div>',
        f'<header><button aria-controls="a">案内</button><div id="a" hidden>{ANSWER}</div></header>',
        f'<form><h3>送れません</h3><div style="display:none">{ANSWER}</div></form>',
        f'<div class="slick-slide" role="tabpanel" aria-hidden="true">{ANSWER}</div>',
        f'<div id="note" style="display:none">{ANSWER}</div>',
        '<h3>分野</h3><ul style="display:none">'
        + '<li><a href="/k">全国どこでも六百円です。</a></li>' * 9
        + "</ul>",
    ],
)
def test_what_is_hidden_and_no_part_of_the_text_stays_hidden(part: str) -> None:
    """Windows, menus, messages of forms, slides and lists of links are not read."""
    assert "六百円です" not in extract(f"<body>{AROUND.format(part)}</body>")[0]


def test_a_second_copy_for_other_screens_is_not_read() -> None:
    """What the page shows anyway is not read again where it is folded up."""
    page = AROUND.format(
        f'<div>{ANSWER}</div><h3>送料</h3><div style="display:none">{ANSWER}</div>'
    )

    assert 1 == extract(f"<body>{page}</body>")[0].count("六百円です")


def test_a_question_on_a_button_stays_with_its_answer() -> None:
    """The question on the button that opens an answer is text, 続きを読む is not."""
    parts = "".join(
        f'<div><button aria-expanded="false" aria-controls="a{k}">{said}</button>'
        f'<div id="a{k}" hidden>{said}{ANSWER.replace("六百", f"{k}百")}</div></div>'
        for k, said in enumerate(("送料はいくらですか", "続きを読む"), 1)
    )
    text = extract(f"<body>{AROUND.format(parts)}</body>")[0]

    assert (2, 1) == (text.count("送料はいくらですか"), text.count("続きを読む"))


LD = '<body><div id="root"></div><script type="application/ld+json">{}</script></body>'


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            '{"@type":"Article","articleBody":"朝の市が立つ。\\n魚が並ぶ。"}',
            "朝の市が立つ。\n魚が並ぶ。",
        ),
        (
            '{"@graph":[{"@type":"WebPage"},{"@type":"Recipe","description":"豆の煮もの。","recipeIngredient":["豆","水"],"recipeInstructions":[{"@type":"HowToSection","name":"下ごしらえ","itemListElement":[{"text":"豆を<b>洗う</b>。"}]},"豆を煮る。"]}]}',
            "豆の煮もの。\n豆\n水\n下ごしらえ\n豆を洗う。\n豆を煮る。",
        ),
        ('[{"@type":["Product"],"description":"木の器 &amp; 布"}]', "木の器 & 布"),
        (
            '{"@type":"FAQPage","mainEntity":{"name":"開くのは","acceptedAnswer":{"text":"九時です。"}}}',
            "開くのは\n九時です。",
        ),
        ('{"@type":"Article","articleBody":"朝の市が立つ。",}', "朝の市が立つ。"),
        ('{"@type":"Article","description":"最初の数行だけ。"}', ""),
        ("[[[[[[[[[[[[[[[[[[[[" + '{"articleBody":"深い"}' + "]]]]]]]]]]]]]]]]]]]]", ""),
        ('{"@type":7,"articleBody":{"a":[]},"@graph":3}', ""),
    ],
)
def test_a_page_that_scripts_fill_is_read_from_its_json(said: str, wanted: str) -> None:
    """Where the page shows nothing, its article, recipe, product or answers come from JSON-LD."""
    assert wanted == extract(LD.format(said))[0]


@pytest.mark.parametrize(
    ("inside", "times"),
    [
        ("<p>三月の議会では水道の料金が話し合われました。</p>", 1),
        ("<p>お使いのブラウザでは表示できませんので、別のものをお使いください。</p>", 0),
    ],
)
@pytest.mark.parametrize("tag", ["object", "video"])
def test_what_stands_for_something_embedded_is_read(tag: str, inside: str, times: int) -> None:
    """The text inside of an `object` or a `video` is read, unless it is an excuse."""
    page = f"<main><h1>議会だより</h1><{tag} data='a.pdf'>{inside}</{tag}></main>"

    assert times == extracted(page, ReadOptions()).text.count(inside[3:9])
