"""MediaWiki dumps and the text of their markup."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import pytest

from seimai.pipeline.ingest import ReadOptions
from seimai.pipeline.ingest.markup.wikitext import plain_text
from tests.pipeline.ingest.making import kinds, read_all

HEAD = (
    '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="ja">\n  <siteinfo>\n'
    "    <base>https://ja.example.org/wiki/%E3%83%A1%E3%82%A4%E3%83%B3</base>\n  </siteinfo>\n"
)


def page(title: str, text: str, ns: int = 0, more: str = "", model: str = "wikitext") -> str:
    """A page of a dump."""
    return (
        f"  <page>\n    <title>{title}</title>\n    <ns>{ns}</ns>\n    <id>7</id>\n{more}"
        f"    <revision>\n      <timestamp>2024-05-06T07:08:09Z</timestamp>\n"
        f"      <model>{model}</model>\n"
        f'      <text bytes="9" xml:space="preserve">{text}</text>\n    </revision>\n  </page>\n'
    )


ARTICLE = page("松平 容保", "'''松平容保'''は[[大名]]である。&lt;ref&gt;出典&lt;/ref&gt;")
DUMP = (
    HEAD
    + ARTICLE
    + page("転送", "#REDIRECT [[大名]]", more='    <redirect title="大名" />\n')
    + page("転送2", "#転送 [[大名]]")
    + page("ノート:大名", "議論", 1)
    + page("Common.js", "alert(1)", model="javascript")
    + page("空", "{{stub}}")
    + page("大名", "[[松平容保|容保]]など。")
    + "</mediawiki>\n"
)
CAUSES = ["document", "redirect", "redirect", "namespace", "model", "empty", "document"]


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads bytes as a dump."""
    return lambda data, name="a.xml", options=None: read_all(tmp_path, name, data, options)


@pytest.mark.parametrize("pack", [bytes, bz2.compress, gzip.compress])
def test_every_page_is_a_document_or_counted(load, pack) -> None:
    """Each page gives one item, compressed or not, recognised by content."""
    assert CAUSES == kinds(load(pack(DUMP.encode()), "dump"))


def test_an_article_has_its_title_address_and_date(load) -> None:
    """Title and address come from the dump."""
    article = load(DUMP.encode())[0]

    assert "松平容保は大名である。" == article.text
    assert {"title": "松平 容保", "page_id": "7"} == article.extra
    assert "https://ja.example.org/wiki/%E6%9D%BE%E5%B9%B3_%E5%AE%B9%E4%BF%9D" == article.url
    assert "2024-05-06T07:08:09Z" == article.date


@pytest.mark.parametrize(
    ("bad", "cause"),
    [
        (ARTICLE.replace("</page>", ""), "damaged"),
        (ARTICLE.replace("</text>", ""), "damaged"),
        (ARTICLE.replace("である", "\x00&bad;である").replace("</ns>", "</n>"), "damaged"),
        (page("長い", "あ" * 5000), "too_large"),
        ("  noise\n", "damaged"),
    ],
)
def test_a_bad_page_costs_itself_only(load, bad: str, cause: str) -> None:
    """A page that is damaged or too large is one unreadable item; the others are read."""
    data = DUMP.replace(HEAD + ARTICLE, HEAD + ARTICLE + bad).encode()
    items = load(data, options=ReadOptions(max_record=10_000))

    assert [CAUSES[0], cause, *CAUSES[1:]] == kinds(items)


def test_a_cut_dump_gives_what_came_before(load) -> None:
    """A dump that ends inside a page, or before its end, is truncated and says so."""
    assert [*CAUSES[:6], "truncated"] == kinds(load(DUMP.encode()[:-80]))
    assert [*CAUSES, "truncated"] == kinds(load(DUMP.replace("</mediawiki>", "").encode()))
    packed = bz2.compress(DUMP.encode())
    assert [*CAUSES, "truncated"] == kinds(load(packed[:-5], "a.xml.bz2"))


def test_entities_are_never_expanded(load) -> None:
    """A dump with a document type of growing entities is read without them."""
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(12)
    )
    bomb = DUMP.replace("<mediawiki", f"<!DOCTYPE m [{laughs}]>\n<mediawiki", 1)
    items = load(bomb.replace("である。", "である。&l11;", 1).encode(), "a.xml")

    assert ["damaged", *CAUSES[1:]] == kinds(items)


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("'''太字'''と''斜体''", "太字と斜体"),
        ("[[大名]]・[[会津藩|会津]]・[[:Category:藩]]", "大名・会津・Category:藩"),
        ("前[[ファイル:a.jpg|thumb|説明 [[b]] の図]]後[[Category:藩]]", "前後"),
        ("[[en:Daimyo]]文", "文"),
        ("{{Infobox|a=b\n|c={{d|e}}}}文", "文"),
        ("{{ruby|容保|かたもり}}は{{lang|en|Aizu}}の{{仮リンク|人|en|Man}}", "容保はAizuの人"),
        ("名（{{読み|x}}、）は", "名は"),
        ('{| class="wikitable"\n! a\n|-\n| b\n|}\n文', "文"),
        ("文<ref name=a>出典{{cite}}</ref>章<ref name=b />。<!-- 註 -->", "文章。"),
        ("<nowiki>[[x]] ''y''</nowiki>", "[[x]] ''y''"),
        ("<ruby>米<rp>(</rp><rt>こめ</rt></ruby>", "米"),
        ("* 一\n** 二\n# 三\n; 語\n: 説明", "・一\n・二\n・三\n語\n説明"),
        ("== 章 ==\n=== 節 ===\n文\n== 脚注 ==\n{{reflist}}", "章\n\n節\n\n文"),
        ("[http://a.jp 札]と[//b.jp]", "札と"),
        ("a &amp; b&nbsp;c __NOTOC__", "a & b c"),
        ("文{{閉じない", "文{{閉じない"),
        ("面積は、{{convert|2194|km2|abbr=on}}である。", "面積は、2194 km²である。"),
        ("幅{{Convert|5|to|10|m|ft}}、{{cvt|3/4}}", "幅5 to 10 m、3/4"),
        ("{{要出典|範囲=この記述は[[米|疑わしい]]|date=2024年1月}}。", "この記述は疑わしい。"),
        ("{{誰範囲|ある人|date=2020年}}が{{要出典|date=2020年}}言う", "ある人が言う"),
        ("人口{{formatnum:123456}}人、{{val|1.5|u=m}}", "人口123456人、1.5"),
        ("<math>\\frac{a_1}{b}\n = [x|y]</math>である。", r"$\frac{a_1}{b} = [x|y]$である。"),
        ("{{math|''x'' &lt; 1}}と<math></math><math>閉じない", "x < 1と閉じない"),
        ("文[[閉じない", "文[[閉じない"),
    ],
)
def test_wikitext_becomes_text(wikitext: str, text: str) -> None:
    """Markup goes, words stay."""
    assert text == plain_text(wikitext)


def test_words_agree_with_mwparserfromhell() -> None:
    """On links, emphasis and templates the words are those that mwparserfromhell gives."""
    mwparserfromhell = pytest.importorskip("mwparserfromhell")
    wikitext = (
        "'''精米'''（{{lang-en|x}}せいまい）は、[[玄米]]から[[糠|ぬか]]を{{要出典|取り除いた}}もの。"
        "{{Infobox|a=[[b]]|c={{d}}}}<!-- 註 -->''研ぐ''と[http://a.example.jp 水]が濁る。"
    ).replace("{{lang-en|x}}", "")
    expected = mwparserfromhell.parse(wikitext).strip_code()

    assert expected == plain_text(wikitext)


@pytest.mark.parametrize(
    "piece", ["{{", "[[", "{|\n", "<ref>", "<b>", "[http://a ", "\n*", "<!--", "{{a|b=<ref>[["]
)
def test_what_is_never_closed_comes_to_an_end(piece: str) -> None:
    """Half a megabyte of opened markup is read; taking its square would sound pytest's alarm."""
    assert isinstance(plain_text(piece * (500_000 // len(piece))), str)
