"""Automatic numbers stand before their paragraphs, as a reader sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest.documents.office.word.numbering import Counters, Level, numeral
from tests.pipeline.ingest.making import (
    docx_of,
    odf_of,
    read_all,
    relations,
    texts,
    zip_of,
    zip_parts,
)
from tests.pipeline.ingest.old_office import CELL, ROW, doc_of, lists_of


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("decimal", ["1", "4", "10", "27"]),
        ("decimalZero", ["01", "04", "10", "27"]),
        ("decimalFullWidth", ["１", "４", "１０", "２７"]),
        ("upperLetter", ["A", "D", "J", "AA"]),
        ("lowerRoman", ["i", "iv", "x", "xxvii"]),
        ("ordinal", ["1st", "4th", "10th", "27th"]),
        ("aiueoFullWidth", ["ア", "エ", "コ", "ヒ"]),
        ("irohaFullWidth", ["イ", "ニ", "ヌ", "オ"]),
        ("japaneseCounting", ["一", "四", "十", "二十七"]),
        ("chineseCountingThousand", ["一", "四", "一十", "二十七"]),
        ("ideographDigital", ["一", "四", "一〇", "二七"]),
        ("japaneseLegal", ["壱", "四", "壱拾", "弐拾七"]),
        ("decimalEnclosedCircle", ["①", "④", "⑩", "27"]),
        ("decimalEnclosedParen", ["⑴", "⑷", "⑽", "27"]),
        ("ideographTraditional", ["甲", "丁", "癸", "庚"]),
        ("ideographZodiac", ["子", "卯", "酉", "寅"]),
        ("none", ["", "", "", ""]),
        ("a kind of the future", ["1", "4", "10", "27"]),
    ],
)
def test_numerals(kind: str, shown: list[str]):
    """Every kind of numeral that Japanese word processors offer."""
    assert shown == [numeral(kind, value) for value in (1, 4, 10, 27)]


def test_levels_begin_again_below_a_higher_one():
    """A deeper level starts again, unless it says after which; one left out counts as begun."""
    levels = {
        0: Level(pattern="%1"),
        1: Level(pattern="%1.%2"),
        2: Level(pattern="%1.%2.%3", restarts=1),
    }
    counters = Counters()
    order = (0, 1, 2, 2, 1, 2, 0, 2)
    shown = [counters.label("a", level, levels).strip() for level in order]

    assert ["1", "1.1", "1.1.1", "1.1.2", "1.2", "1.2.3", "2", "2.1.1"] == shown


def level(number: int, kind: str, pattern: str, more: str = "") -> str:
    """A level of a list of Word."""
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{pattern}"/>{more}</w:lvl>'
    )


def item(text: str, properties: str) -> str:
    """A paragraph of Word with properties."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, number: int, at: int = 0) -> str:
    """A paragraph of a list."""
    said = f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number}"/></w:numPr>'
    return item(text, said)


def word_lists(body: str, numbering: str, styles: str = "") -> bytes:
    """A DOCX with lists."""
    parts = zip_parts(docx_of(body, styles=styles))
    parts |= {
        "word/numbering.xml": f'<w:numbering xmlns:w="w">{numbering}</w:numbering>'.encode(),
        "word/_rels/document.xml.rels": relations(
            ("rId1", "styles", "styles.xml"), ("rId2", "numbering", "numbering.xml")
        ).encode(),
    }
    return zip_of(parts)


CONTRACT = (
    '<w:abstractNum w:abstractNumId="3">'
    + level(0, "decimal", "第%1条", '<w:pStyle w:val="Article"/>')
    + level(1, "decimalFullWidth", "%2", '<w:suff w:val="nothing"/>')
    + level(2, "aiueoFullWidth", "(%3)", "<w:pPr><w:ind/></w:pPr><w:rPr><w:vanish/></w:rPr>")
    + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="4">' + level(0, "bullet", "・") + "</w:abstractNum>"
    '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="8"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="10"/></w:lvlOverride></w:num>'
    '<w:num w:numId="9"><w:abstractNumId w:val="4"/></w:num>'
)


def test_articles_of_a_contract_are_numbered(tmp_path: Path):
    """By paragraphs and by styles, with levels, new beginnings, and without bullets."""
    style = (
        '<w:style w:type="paragraph" w:styleId="Article"><w:pPr><w:numPr><w:numId w:val="7"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Own">'
        '<w:basedOn w:val="Article"/></w:style>'
    )
    body = (
        numbered("甲は乙に委託する。", 7)
        + numbered("費用は甲が持つ。", 7, 1)
        + numbered("交通費", 7, 2)
        + numbered("宿泊費", 7, 2)
        + item("乙は第1条の業務を行う。", '<w:pStyle w:val="Own"/>')
        + numbered("", 7)
        + item("番号なし", '<w:pStyle w:val="Own"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + numbered("点", 9)
        + numbered("附則", 8)
    )

    shown = (
        "第1条 甲は乙に委託する。\n１費用は甲が持つ。\n(ア) 交通費\n(イ) 宿泊費\n"
        "第2条 乙は第1条の業務を行う。\n\n番号なし\n点\n第10条 附則"
    )
    assert [shown] == texts(read_all(tmp_path, "a.docx", word_lists(body, CONTRACT, style)))


def test_other_digits_and_links_between_lists(tmp_path: Path):
    """Numbers of other levels may be shown as digits; a list may lie behind a style of lists."""
    numbering = (
        '<w:abstractNum w:abstractNumId="1">'
        + level(0, "japaneseCounting", "第%1章")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + '<w:styleLink w:val="Outline"/></w:abstractNum>'
        '<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="Outline"/></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="2"/></w:num>'
    )
    body = (
        numbered("総則", 5) + numbered("目的", 5, 1) + numbered("雑則", 5) + numbered("細則", 5, 1)
    )

    assert ["第一章 総則\n1.1 目的\n第二章 雑則\n2.1 細則"] == texts(
        read_all(tmp_path, "a.docx", word_lists(body, numbering))
    )


def test_fields_of_word_are_read(tmp_path: Path):
    """Ruby and enclosed characters stand in the code of a field, in DOCX too."""
    code = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    text = "<w:r><w:{0}>{1}</w:{0}></w:r>".format
    ruby = text("instrText", "EQ \\o\\ad(\\s\\up 9(とう") + text("instrText", "きょう),東京)")
    page = code("begin") + text("instrText", "PAGE") + code("separate") + text("t", "3")
    contents = code("begin") + text("instrText", "TOC \\o") + code("separate") + text("t", "目次")
    body = (
        f"<w:p>{code('begin')}{ruby}{code('end')}{text('t', 'へ行った。')}{page}{code('end')}"
        f"{contents}{code('end')}"
        f'<w:fldSimple w:instr="eq \\o\\ac(○,印)"><w:r/></w:fldSimple></w:p>'
    )

    assert ["東京へ行った。3印"] == texts(read_all(tmp_path, "a.docx", docx_of(body)))


def test_opendocument_lists_are_numbered(tmp_path: Path):
    """Levels, prefixes, kinds of numerals, lists that go on, and headings."""
    number = "<text:list-level-style-number text:level='{}' style:num-format='{}' {}/>".format
    styles = (
        "<text:list-style style:name='L'>"
        + number(1, "1", "style:num-prefix='第' style:num-suffix='条'")
        + number(2, "ア, イ, ウ, ...", "style:num-prefix='(' style:num-suffix=')'")
        + number(3, "1", "text:display-levels='3' style:num-list-format='%1%-%3%'")
        + "</text:list-style><text:list-style style:name='B'>"
        "<text:list-level-style-bullet text:level='1' text:bullet-char='・'/></text:list-style>"
        "<text:outline-style><text:outline-level-style text:level='1' style:num-format='1' "
        "style:num-suffix='.'/></text:outline-style>"
    )
    entry = "<text:list-item{}>{}</text:list-item>".format
    inner = (
        f"<text:list>{entry('', '<text:p>交通費</text:p><text:p>続き</text:p>')}<text:list-item>"
        f"<text:list>{entry('', '<text:p>深い</text:p>')}</text:list></text:list-item></text:list>"
    )
    start = ' text:start-value="9"'
    body = (
        "<text:h text:outline-level='1'>総則</text:h>"
        f"<text:list text:style-name='L'>{entry('', '<text:p>委託する。</text:p>' + inner)}"
        f"{entry('', '<text:p>行う。</text:p>')}</text:list><text:p>間</text:p>"
        "<text:list text:style-name='L' text:continue-numbering='true'>"
        f"{entry('', '<text:p>守る。</text:p>')}"
        "<text:list-header><text:p>番号なし</text:p></text:list-header></text:list>"
        f"<text:list text:style-name='L'>{entry(start, '<text:p>新しい。</text:p>')}"
        f"</text:list><text:list text:style-name='B'>{entry('', '<text:p>点</text:p>')}</text:list>"
    )

    shown = (
        "1. 総則\n第1条 委託する。\n(ア) 交通費\n続き\n1-1 深い\n第2条 行う。\n間\n第3条 守る。\n"
        "番号なし\n第9条 新しい。\n点"
    )
    assert [shown] == texts(read_all(tmp_path, "a.odt", odf_of("text", body, styles)))


def test_old_documents_are_numbered(tmp_path: Path):
    """The lists of a DOC: by paragraph, by style, with levels of their own and new beginnings."""
    kinds = [(0, "第\0条", 0), (20, "(\1)", 0), (0, "\0.\1.\2", 4)]
    lists = lists_of(kinds, uses=[{}, {0: 10}], styles={1: (1, None)})
    body = "委託する。\r交通費\r宿泊費\r深い\r行う。\r\r番号なし\r附則\r" + f"表{CELL}{ROW}"
    places = {
        "委託する。\r": (1, 0, 0),
        "交通費\r": (1, 1, 0),
        "宿泊費\r": (1, 1, 0),
        "深い\r": (1, 2, 0),
        "行う。\r": (None, None, 1),
        "番号なし\r": (0, None, 1),
        "附則\r": (2, 0, 0),
    }

    shown = (
        "第1条 委託する。\n(ア) 交通費\n(イ) 宿泊費\n1.2.1 深い\n第2条 行う。\n\n番号なし\n"
        "第10条 附則\n表"
    )
    assert [shown] == texts(read_all(tmp_path, "a.doc", doc_of(body, lists=lists, places=places)))
