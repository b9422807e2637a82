"""Laws and other XML: text in reading order, and nothing expanded or fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, Unreadable
from tests.pipeline.ingest.making import read_all

LAW = """<?xml version="1.0" encoding="{encoding}"?>
<Law Era="Showa" Year="45" Num="60" LawType="Act"><LawNum>昭和四十五年法律第六十号</LawNum>
<LawBody><LawTitle Kana="せいまいほう">精米法</LawTitle>
<TOC><TOCLabel>目次</TOCLabel></TOC>
<MainProvision><Chapter Num="1"><ChapterTitle>第一章　総則</ChapterTitle>
<Article Num="1"><ArticleCaption>（目的）</ArticleCaption><ArticleTitle>第一条</ArticleTitle>
<Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
<Sentence Num="1">この法律は、米を<Ruby>研<Rt>と</Rt></Ruby>ぐ。</Sentence>
<Sentence Num="2">ただし、玄米を除く。</Sentence></ParagraphSentence></Paragraph>
<Paragraph Num="2"><ParagraphNum>２</ParagraphNum>
<ParagraphSentence><Sentence>次による。</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence>
<Column Num="1"><Sentence>水</Sentence></Column>
<Column Num="2"><Sentence>清水</Sentence></Column></ItemSentence>
<Subitem1 Num="1"><Subitem1Title>イ</Subitem1Title>
<Subitem1Sentence><Sentence>井戸</Sentence></Subitem1Sentence></Subitem1></Item>
</Paragraph></Article></Chapter></MainProvision>
<SupplProvision><SupplProvisionLabel>附　則</SupplProvisionLabel><Paragraph Num="1"><ParagraphNum/>
<ParagraphSentence><Sentence>公布の日から施行する。</Sentence></ParagraphSentence></Paragraph>
</SupplProvision></LawBody></Law>"""
TEXT = """精米法
第一章　総則
（目的）
第一条　この法律は、米を研ぐ。ただし、玄米を除く。
２　次による。
一　水　清水
イ　井戸
附　則
公布の日から施行する。"""


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads bytes under a name."""
    return lambda data, name="a.xml": read_all(tmp_path, name, data)


@pytest.mark.parametrize("encoding", ["UTF-8", "Shift_JIS", "EUC-JP"])
def test_a_law_is_read_in_order(load, encoding: str) -> None:
    """Articles, paragraphs and items come numbered and in order, without readings."""
    (law,) = load(LAW.format(encoding=encoding).encode(encoding), "law")

    assert TEXT == law.text
    assert "精米法" == law.extra["title"]
    assert "昭和四十五年法律第六十号" == law.extra["law_number"]


def test_a_law_inside_an_answer_of_the_service_is_found(load) -> None:
    """The service wraps laws in an answer."""
    inner = LAW.partition("?>")[2]
    wrapped = f"<ApplData><LawFullText>{inner}</LawFullText></ApplData>"
    data = f"<?xml version='1.0'?><DataRoot>{wrapped}</DataRoot>"

    assert TEXT == load(data.encode())[0].text


def test_other_xml_gives_a_line_for_each_paragraph(load) -> None:
    """Elements with words are lines, verbatim ones keep theirs, known entities are characters."""
    data = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE refentry SYSTEM "http://a.example.jp/x.dtd" [<!ENTITY own SYSTEM "file:///etc/passwd">]>
<refentry xmlns:xi="x"><title>題</title><para>米を
   <emphasis>研ぐ</emphasis>。&own;&nbsp;&unknown;<itemizedlist><listitem><para>一</para></listitem>
   </itemizedlist></para><programlisting>a = 1
  b</programlisting><!-- 註 --><?php 1 ?></refentry>"""
    (page,) = load(data.encode())

    assert "題\n米を研ぐ。\n一\na = 1\n  b" == page.text
    assert {"title": "題"} == page.extra


def laughs(levels: int) -> str:
    """A document type in which every entity is ten of the one before."""
    grown = (f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, levels))
    return f"<!DOCTYPE l [<!ENTITY l0 'ha'>{''.join(grown)}]>"


@pytest.mark.parametrize(
    "data",
    [
        f"<?xml version='1.0'?>{laughs(12)}<a><b>文</b>&l11;</a>",
        f"<?xml version='1.0'?>{laughs(12)}<a b='&l11;'>文</a>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY % p SYSTEM 'http://a.jp/'> %p;]><a>文</a>",
        "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>文&x;</a>",
    ],
)  # fmt: skip
def test_hostile_types_are_cut_off(load, data: str) -> None:
    """Entities that grow, name files or addresses are never expanded; the text is read."""
    (item,) = load(data.encode())

    assert isinstance(item, Document)
    assert "文" == item.text


def test_depth_without_end_is_no_crash(load) -> None:
    """A hundred thousand elements within each other give one item."""
    (item,) = load(("<?xml version='1.0'?>" + "<a>" * 100_000 + "文" + "</a>" * 100_000).encode())

    assert isinstance(item, Document | Unreadable)


def test_cut_and_broken_xml_gives_what_there_is(load) -> None:
    """Broken XML is read as far as it goes; what has no text is unreadable."""
    (cut,) = load(LAW.format(encoding="utf-8").encode()[:-400])
    assert cut.text.startswith("精米法\n第一章　総則")
    assert "no_text" == load(b"<?xml version='1.0'?><a><b/></a>")[0].cause
    assert "damaged" == load(b"<?xml version='1.0'?>")[0].cause


@pytest.mark.parametrize("half", ["&#xd800;", "&#xDFFF;", "&#55296;", "&#057343;", "&#xd8ab"])
def test_references_to_half_a_character_are_lost_characters(load, half: str) -> None:
    """Halves of UTF-16 pairs are no characters; the text around them is read."""
    (item,) = load(f"<?xml version='1.0'?><a><b/>米{half}を研ぐ</a>".encode())

    assert "米\N{REPLACEMENT CHARACTER}を研ぐ" == item.text
