"""Office files as other programs and other years write them: odd, but whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import ReadOptions, Unreadable
from seimai.pipeline.ingest.documents.office.slides.pptx_lists import SlideLists
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    docx_of,
    odf_of,
    paragraph,
    pptx_of,
    read_all,
    skips,
    texts,
    xlsx_of,
    zip_of,
    zip_parts,
)
from tests.pipeline.ingest.one_file import TRACKED, WORD_2003, WORKBOOK, flat, package_of

FIRST, SECOND, _ = SENTENCES


def run(text: str) -> str:
    """A run of Word."""
    return f"<w:r><w:t>{text}</w:t></w:r>"


def sign(font: str, code: str) -> str:
    """A sign of a font."""
    return f"<w:r><w:sym w:font='{font}' w:char='{code}'/></w:r>"


IN_SYMBOL = "<w:r><w:rPr><w:rFonts w:ascii='Symbol'/></w:rPr><w:t>m&#xF0B3;</w:t></w:r>"
GONE = "<w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr>"
ENDLESS = f"<w:p>{GONE}{run('甲')}</w:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            f"<w:p>{GONE}{run('前半')}</w:p><w:p>{run('後半')}</w:p>{paragraph('次')}",
            "前半後半\n次",
        ),
        (f"<w:p>{GONE}{run('終わり')}</w:p>", "終わり"),
        (
            f"<w:tbl><w:tr><w:tc>{ENDLESS}</w:tc><w:tc>{paragraph('乙')}</w:tc></w:tr></w:tbl>",
            "甲\t乙",
        ),
        (f"<w:p>{sign('Wingdings', 'F0FE')}{run('同意')}{sign('Symbol', 'F06D')}</w:p>", "☑同意μ"),
        (f"<w:p>{IN_SYMBOL}{run('m')}</w:p>", "μ≥m"),
        (f"<w:p>{sign('Symbol', 'zz')}{sign('Arial', 'F06D')}{run('終')}</w:p>", "終"),
    ],
)
def test_words_are_read_as_they_are_shown(tmp_path: Path, body: str, text: str):
    """A paragraph whose end is deleted goes on in the next; a sign is what its font shows."""
    assert [text] == texts(read_all(tmp_path, "a.docx", docx_of(body)))


SUM = "<m:naryPr><m:chr m:val='∑'/></m:naryPr>"
ONE_TO = "<m:sub><m:r><m:t>i=1</m:t></m:r></m:sub>"


def symbols(text: str) -> str:
    """A run of a formula."""
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (f"<m:f><m:num>{symbols('a+b')}</m:num><m:den>{symbols('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{symbols('x')}</m:e><m:sup>{symbols('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSup><m:e>{symbols('e')}</m:e><m:sup>{symbols('a+b')}</m:sup></m:sSup>", "e^(a+b)"),
        (f"<m:sSub><m:e>{symbols('x')}</m:e><m:sub>{symbols('i')}</m:sub></m:sSub>", "x_i"),
        (f"<m:rad><m:deg/><m:e>{symbols('2')}</m:e></m:rad>", "√(2)"),
        (f"<m:rad><m:deg>{symbols('3')}</m:deg><m:e>{symbols('x')}</m:e></m:rad>", "³√(x)"),
        (f"<m:d><m:dPr><m:begChr m:val='['/></m:dPr><m:e>{symbols('x')}</m:e></m:d>", "[x)"),
        (f"<m:nary>{SUM}{ONE_TO}<m:sup>{symbols('n')}</m:sup></m:nary>", "∑_(i=1)ⁿ"),
        (f"<m:rad><m:deg/><m:e><m:rad><m:e>{symbols('2')}</m:e></m:rad></m:e></m:rad>", "√(√(2))"),
    ],
)  # fmt: skip
def test_formulas_are_written_in_a_line(tmp_path: Path, inside: str, text: str):
    """Fractions, exponents, indices, roots, brackets and sums keep their sense."""
    space = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    body = f"<w:p>{run('式')}<m:oMath {space}>{inside}</m:oMath>{run('。')}</w:p>"

    assert [f"式{text}。"] == texts(read_all(tmp_path, "a.docx", docx_of(body)))


def cell(place: str, inside: str) -> str:
    """A cell with its string in it."""
    return f'<c r="{place}" t="inlineStr"><is>{inside}</is></c>'


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<t>一行目_x000D_\n二行目</t>", "一行目 二行目"),
        ("<t>_x005F_x0041_ _xD800_</t>", "_x0041_ \N{REPLACEMENT CHARACTER}"),
        ("<r><t>太</t></r><r><t>い</t></r><rPh sb='0' eb='1'><t>フト</t></rPh>", "太い"),
    ],
)
def test_strings_of_cells_are_read_as_they_are_shown(tmp_path: Path, inside: str, text: str):
    """Characters may be written as their numbers; readings are left out."""
    row = f"<row>{cell('A1', inside)}</row>"
    shared = xlsx_of({"表": '<row><c t="s"><v>0</v></c></row>'}, strings=f"<si>{inside}</si>")

    assert [text] == texts(read_all(tmp_path, "a.xlsx", xlsx_of({"表": row})))
    assert [text] == texts(read_all(tmp_path, "a.xlsx", shared))


def test_shares_are_percentages(tmp_path: Path):
    """Where their format says so, with as many digits as it says; dates and others as before."""
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="0.0%"/><numFmt numFmtId="171" '
        'formatCode="0&quot;%&quot;"/></numFmts><cellXfs><xf numFmtId="9"/><xf numFmtId="170"/>'
        '<xf numFmtId="171"/></cellXfs>'
    )
    row = "".join(f'<c s="{k}"><v>0.1256</v></c>' for k in range(3)) + '<c s="0"><v>1e308</v></c>'
    [text] = texts(read_all(tmp_path, "a.xlsx", xlsx_of({"表": f"<row>{row}</row>"}, "", styles)))

    assert ["13%", "12.6%", "0%"] == text.split("\t")[:3]


def test_strings_that_are_not_there_are_told(tmp_path: Path):
    """A sheet says how many of its cells are lost with the table of strings."""
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>7</v></c></row>'
    found = read_all(tmp_path, "a.xlsx", xlsx_of({"表": rows}, strings=f"<si><t>{FIRST}</t></si>"))

    assert [FIRST] == texts(found)
    assert ["damaged"] == causes(found)


def item(text: str, kind: str = "", level: int = 0, more: str = "") -> str:
    """A paragraph of a slide."""
    number = f'<a:buAutoNum type="{kind}"{more}/>' if kind else more
    return f'<a:p><a:pPr lvl="{level}">{number}</a:pPr><a:r><a:t>{text}</a:t></a:r></a:p>'


@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        (
            item("一", "arabicPeriod") + item("二", "arabicPeriod") + item("子", "alphaLcParenR", 1)
            + item("三", "arabicPeriod"),
            ["1. 一", "2. 二", "a) 子", "3. 三"],
        ),
        (
            item("一", "arabicPlain") + item("間") + item("二", "arabicPlain"),
            ["1 一", "間", "1 二"],
        ),
        (item("五", "romanUcParenBoth", more=' startAt="5"'), ["(V) 五"]),
        (item("丸", "circleNumDbPlain") + item("角", "arabicDbPlain"), ["① 丸", "１ 角"]),
        (
            '<a:lstStyle><a:lvl1pPr><a:buAutoNum type="ea1JpnKorPlain"/></a:lvl1pPr></a:lstStyle>'
            + item("甲") + item("点", more='<a:buChar char="•"/>') + item("乙"),
            ["一 甲", "点", "一 乙"],
        ),
        ("<a:p><a:pPr><a:buAutoNum/></a:pPr></a:p>" + item("文", "unknownKind"), ["1 文"]),
    ],
)  # fmt: skip
def test_paragraphs_of_slides_have_their_numbers(tmp_path: Path, inside: str, lines: list[str]):
    """They count within their shape, by level, and begin anew after another kind of paragraph."""
    shape = f"<p:sp><p:txBody>{inside}</p:txBody></p:sp>"

    assert ["\n".join(lines)] == texts(read_all(tmp_path, "a.pptx", pptx_of(shape)))


def test_numbers_of_slides_are_small():
    """Levels and starts that no program writes are taken for the first."""
    lists = SlideLists()

    assert "" == lists.label()


BASE, READING = "<text:ruby-base>庭</text:ruby-base>", "<text:ruby-text>にわ</text:ruby-text>"
RUBY = f"<text:ruby>{BASE}{READING}</text:ruby>"


@pytest.mark.parametrize("name", ["a.fodt", "a.xml"])
def test_documents_in_one_file_are_read_like_archives(tmp_path: Path, name: str):
    """Nothing of authors, deletions, readings and page headers comes out of FODT."""
    hidden = "<text:section text:display='none'><text:p>隠</text:p></text:section>"
    body = f"{TRACKED}<text:p>{RUBY}の梅。</text:p>{hidden}"
    [document] = read_all(tmp_path, name, flat("text", body))
    [packed] = texts(read_all(tmp_path, "a.odt", odf_of("text", body)))

    assert "庭の梅。" == document.text == packed
    assert {"title": "記録"} == document.extra


def test_a_document_whose_outermost_element_has_no_prefix_is_told(tmp_path: Path):
    """One changed byte there is damage like any other, not a fault of the reader."""
    data = flat("text", "<text:p>庭の梅。</text:p>").replace(b"<office:document", b"<document", 1)
    found = read_all(tmp_path, "a.fodt", data, ReadOptions(format="odt"))

    assert all("gave up" not in one.detail for one in found if isinstance(one, Unreadable))
    assert found


def test_sheets_and_slides_in_one_file_are_read(tmp_path: Path):
    """Sheets and slides of OpenDocument in one XML file are read."""
    table = (
        '<table:table table:name="表"><table:table-row><table:table-cell><text:p>品名</text:p>'
        "</table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )

    assert ["品名\t12"] == texts(read_all(tmp_path, "a.fods", flat("spreadsheet", table)))
    assert [FIRST] == texts(
        read_all(tmp_path, "a.fodp", flat("presentation", f"<text:p>{FIRST}</text:p>"))
    )


def test_word_xml_is_read_like_an_archive(tmp_path: Path):
    """Comments and deletions of one XML file are left out as in DOCX; a cut file keeps the rest."""
    body = f"{paragraph(FIRST)}<w:p><w:del><w:r><w:delText>消した。</w:delText></w:r></w:del></w:p>"
    data = package_of(docx_of(body))
    cut = data[: data.index(b"word/footnotes")]

    assert [FIRST] == texts(read_all(tmp_path, "a.xml", data))
    assert [FIRST] == texts(read_all(tmp_path, "b.xml", cut))
    assert [FIRST] == texts(read_all(tmp_path, "c.xml", WORD_2003.encode()))


def test_workbooks_of_2003_are_read(tmp_path: Path):
    """Rows, skipped and merged columns, dates; hidden sheets and columns are counted."""
    found = read_all(tmp_path, "a.xls", WORKBOOK.encode())
    in_japan = WORKBOOK.replace("?>", ' encoding="Shift_JIS"?>', 1).encode("cp932")
    old = read_all(tmp_path, "c.xls", in_japan)
    cut = read_all(tmp_path, "b.xls", WORKBOOK[: WORKBOOK.index("<Row><Cell ss:Merge")].encode())
    every = read_all(tmp_path, "a.xls", WORKBOOK.encode(), ReadOptions(hidden="keep"))

    assert ["品名\t\t12.5\n2024-05-06\t\tTRUE"] == texts(found)
    assert texts(found) == texts(old)
    assert {"hidden_sheet": 1, "hidden_column": 1} == skips(found)
    assert (["品名\t\t12.5"], ["damaged"]) == (texts(cut), causes(cut))
    assert ["品名\t\t12.5\t隠\n2024-05-06\t\tTRUE", "x"] == texts(every)


ONE = cell("A1", f"<t>{FIRST}</t>")


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", docx_of(paragraph(FIRST))), ("a", xlsx_of({"表": f"<row>{ONE}</row>"}))],
)
def test_folders_may_be_separated_as_on_windows(tmp_path: Path, name: str, data: bytes):
    """Old packers wrote backslashes into the names of parts."""
    parts = {part.replace("/", "\\"): content for part, content in zip_parts(data).items()}

    assert [FIRST] == texts(read_all(tmp_path, name, zip_of(parts)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.sxw", "vnd.sun.xml.writer"),
        ("a.odg", "vnd.oasis.opendocument.graphics"),
        ("a", "vnd.oasis.opendocument.text-template"),
    ],
)
def test_kin_of_opendocument_is_read(tmp_path: Path, name: str, kind: str):
    """StarOffice names a declaration that is not fetched; drawings and templates are documents."""
    content = (
        '<!DOCTYPE d PUBLIC "-//O//D" "office.dtd"><d xmlns:text="t"><office:body xmlns:office="o">'
        f"<text:p>{FIRST}</text:p></office:body></d>"
    )
    parts = {"mimetype": f"application/{kind}", "content.xml": content}
    with_entity = content.replace('"office.dtd"', '"office.dtd" [<!ENTITY a "x">]')
    bad = read_all(tmp_path, f"b{name}", zip_of(parts | {"content.xml": with_entity}, 0))

    assert [FIRST] == texts(read_all(tmp_path, name, zip_of(parts, 0)))
    assert (["damaged"], []) == (causes(bad), texts(bad))
