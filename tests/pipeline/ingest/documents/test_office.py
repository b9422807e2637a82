"""Office documents: what a reader sees comes in, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, StreamLimits
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    docx_of,
    odf_of,
    paragraph,
    places,
    pptx_of,
    read_all,
    relations,
    shape,
    skips,
    texts,
    xlsx_of,
    zip_of,
)


def one_text(folder: Path, name: str, data: bytes) -> str:
    """The text of the only document."""
    [text] = texts(read_all(folder, name, data))
    return text


def test_word_paragraphs_and_tables_are_lines(tmp_path: Path):
    """A paragraph is a line, a row of a table is a line with tabs."""
    cell = "<w:tc>{}</w:tc>".format
    row = f"<w:tr>{cell(paragraph('品名'))}{cell(paragraph('数') + paragraph('個'))}</w:tr>"
    body = f"{paragraph(SENTENCES[0])}<w:tbl>{row}</w:tbl>{paragraph(SENTENCES[1])}"

    assert f"{SENTENCES[0]}\n品名\t数 個\n{SENTENCES[1]}" == one_text(
        tmp_path, "a.docx", docx_of(body)
    )


def test_word_shows_what_a_reader_sees(tmp_path: Path):
    """Deletions, hidden text, field codes, readings and comments are left out; insertions stay."""
    run = "<w:r>{}<w:t>{}</w:t></w:r>".format
    parts = (
        run("", "朝の"),
        "<w:del><w:r><w:delText>昼の</w:delText></w:r></w:del>",
        f"<w:moveFrom>{run('', '夜の')}</w:moveFrom>",
        f"<w:ins>{run('', '港に')}</w:ins>",
        run("<w:rPr><w:vanish/></w:rPr>", "隠れた"),
        run('<w:rPr><w:vanish w:val="0"/></w:rPr>', "三隻の"),
        run('<w:rPr><w:rStyle w:val="secret"/></w:rPr>', "秘密の"),
        "<w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>",
        "<w:r><w:ruby><w:rt><w:r><w:t>ふね</w:t></w:r></w:rt><w:rubyBase>",
        f"{run('', '船')}</w:rubyBase></w:ruby></w:r>",
        "<w:r><w:tab/><w:t>が</w:t><w:br/><w:t>戻る</w:t></w:r>",
        f"<mc:AlternateContent><mc:Choice>{run('', '。')}</mc:Choice>",
        f"<mc:Fallback>{run('', '。')}</mc:Fallback></mc:AlternateContent>",
    )
    body = f"<w:p>{''.join(parts)}</w:p>"
    styles = '<w:style w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style>'

    assert "朝の港に三隻の船\tが\n戻る。" == one_text(tmp_path, "a.docx", docx_of(body, "", styles))


def test_deleted_rows_are_left_out(tmp_path: Path):
    """A row whose deletion is tracked is gone, its neighbours are not."""
    row = "<w:tr><w:trPr>{}</w:trPr><w:tc>{}</w:tc></w:tr>".format
    body = f"<w:tbl>{row('<w:del/>', paragraph('消えた行'))}{row('', paragraph('残る行'))}</w:tbl>"

    assert "残る行" == one_text(tmp_path, "a.docx", docx_of(body))


def test_notes_follow_the_text_and_contents_are_left_out(tmp_path: Path):
    """Footnotes come after the body, without the line that separates them."""
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('第一章 3')}</w:sdtContent></w:sdt>"
    )
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph("線")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("注です。")}</w:footnote>'
    )

    assert f"{SENTENCES[0]}\n注です。" == one_text(
        tmp_path, "a.docx", docx_of(contents + paragraph(SENTENCES[0]), notes)
    )


def test_cells_of_opendocument_without_text_have_their_value(tmp_path: Path):
    """What a program shows of a cell counts, be it nothing; without it its value does."""
    cells = (
        '<table:table-cell office:value="1234"><text:p>1,234円</text:p></table:table-cell>'
        '<table:table-cell office:value="12"/><table:table-cell office:date-value="2024-05-06"/>'
        '<table:table-cell office:string-value="甲"/>'
        '<table:table-cell office:value="7"><text:p/></table:table-cell>'
    )
    body = f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    found = read_all(tmp_path, "a.ods", odf_of("spreadsheet", body))

    assert ["1,234円\t12\t2024-05-06\t甲"] == texts(found)


def test_a_sheet_is_a_document(tmp_path: Path):
    """Rows are lines with tabs; numbers are short, dates are ISO, readings and errors go."""
    cell = '<c r="{}" t="{}" s="{}"><v>{}</v></c>'.format
    rows = (
        f'<row r="1">{cell("A1", "s", 0, 0)}{cell("C1", "n", 0, "12.0")}</row>'
        f'<row r="2">{cell("A2", "n", 1, 45418)}{cell("B2", "n", 2, 0.5)}'
        f"{cell('C2', 'n', 3, 45418.25)}"
        f"{cell('D2', 'b', 0, 1)}{cell('E2', 'e', 0, '#N/A')}{cell('F2', 'n', 0, 0.1)}</row>"
        '<row r="4"><c r="A4" t="inlineStr"><is><t>二行\n一つ</t></is></c>'
        '<c r="B4" t="str"><f>A1&amp;"x"</f><v>式</v></c></row>'
    )
    strings = "<si><r><t>りん</t></r><r><t>ご</t></r><rPh><t>リンゴ</t></rPh></si>"
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d h:mm"/>'
        '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/>'
        '<xf numFmtId="170"/></cellXfs>'
    )
    found = read_all(
        tmp_path,
        "a.xlsx",
        xlsx_of({"売上": rows, "隠": rows, "空": ""}, strings, styles, hidden=("隠",)),
    )

    assert [
        "りんご\t\t12\n2024-05-06\t12:00:00\t2024年5月6 6:00\tTRUE\t\t0.1\n二行 一つ\t式"
    ] == texts(found)
    assert ["sheet 1"] == places(found)
    assert {"hidden_sheet": 1, "empty": 1} == skips(found)
    assert {"title": "売上"} == found[0].extra


def test_far_cells_do_not_fill_memory(tmp_path: Path):
    """A cell in the last column of every row costs its text, not sixteen thousand tabs."""
    rows = "".join(f'<row r="{k}"><c r="XFD{k}"><v>{k}</v></c></row>' for k in range(1, 200))
    text = one_text(tmp_path, "a.xlsx", xlsx_of({"s": rows}))

    assert 199 == len(text.splitlines())
    assert 200 * 300 > len(text)


def test_slides_come_in_their_order(tmp_path: Path):
    """The order is that of the show; numbers and footers go, hidden slides are counted."""
    hidden = (
        '<p:sld xmlns:p="p" xmlns:a="a" show="0"><p:cSld><p:spTree>'
        f"{shape('隠れ')}</p:spTree></p:cSld></p:sld>"
    )
    table = "<a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>甲</a:t></a:r></a:p></a:txBody></a:tc>" * 1
    table += "<a:tc><a:txBody><a:p><a:r><a:t>乙</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl>"
    first = shape("題名", "title") + shape("3", "sldNum") + shape("社外秘", "ftr")
    found = read_all(tmp_path, "a.pptx", pptx_of(shape("一行目\n二行目") + table, hidden, first))

    assert ["題名\n\n一行目\n二行目\n甲\t乙"] == texts(found)
    assert {"hidden_slide": 1} == skips(found)


def test_an_opendocument_text_is_read(tmp_path: Path):
    """Notes follow, readings, deletions and annotations go, blanks that are counted are written."""
    body = (
        "<text:tracked-changes><text:p>消えた</text:p></text:tracked-changes>"
        "<text:h>見出し</text:h>"
        "<text:p>朝の<text:s text:c='2'/>港<text:tab/>に\n  船<text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>注です</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>批評</text:p></office:annotation>"
        "<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text>"
        "</text:ruby></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>"
        "<table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table>"
    )

    assert "見出し\n朝の  港\tに 船漢字\n甲\t乙\n注です" == one_text(
        tmp_path, "a.odt", odf_of("text", body)
    )


def test_repeated_cells_are_written_within_reason(tmp_path: Path):
    """A million empty rows are nothing; a row that stands for three is three."""
    table = (
        '<table:table table:name="{}"{}>'
        '<table:table-row table:number-rows-repeated="{}">'
        '<table:table-cell table:number-columns-repeated="2"><text:p>甲</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    ).format
    style = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    body = table("一", "", 3) + table("隠", ' table:style-name="h"', 1) + table("多", "", 999999)
    found = read_all(tmp_path, "a.ods", odf_of("spreadsheet", body, style))

    assert "甲\t甲\n甲\t甲\n甲\t甲" == texts(found)[0]
    assert 1000 == len(texts(found)[1].splitlines())
    assert {"hidden_sheet": 1} == skips(found)


def test_an_opendocument_presentation_is_read(tmp_path: Path):
    """The text of slides is read, and notes of the speaker are left out."""
    body = (
        "<drawing:page><text:p>題</text:p><presentation:notes><text:p>メモ</text:p>"
        "</presentation:notes></drawing:page><drawing:page><text:p>二枚目</text:p></drawing:page>"
    )

    assert "題\n\n二枚目" == one_text(tmp_path, "a.odp", odf_of("presentation", body))


def test_rich_text_is_read_in_every_spelling(tmp_path: Path):
    """CP932 as escapes, with a letter as second byte, and plain; Unicode with substitutes."""
    data = (
        rb"{\rtf1\ansi\ansicpg932\deff0{\fonttbl{\f0\fcharset128 MS \'83S;}{\f1\fcharset0 Arial;}}"
        rb"{\info{\author \'8e\'d2}}{\*\generator x}\f0 \'92\'a9\'82\'cc\'8d`\par "
        + "会議".encode("cp932")
        + rb"\par {\f1 Hello \{x\} \'8d\'60}\tab\u26085?\uc2\u26412\'93\'fa\u-10179\u-8704 ??\par "
        rb"{\v hidden}\trowd A\cell B\cell\row{\deleted gone}{\pict 00ff}\bin4 }}}}end}"
    )

    assert "朝の港\n会議\nHello {x} 港\t日本\N{GRINNING FACE}\nA\tB\nend" == one_text(
        tmp_path, "memo.doc", data.replace(rb"\u-8704 ??", rb"\'00\'00\u-8704\'00\'00")
    )


@pytest.mark.parametrize("cut", [50, 120])
def test_rich_text_that_ends_early_is_told(tmp_path: Path, cut: int):
    """A file that ends inside a group is not whole."""
    data = rb"{\rtf1\ansi\ansicpg932 " + b"abc " * 40 + rb"\par}"

    assert ["truncated"] == causes(read_all(tmp_path, "a.rtf", data[:cut]))


def test_content_tells_more_than_a_name(tmp_path: Path):
    """A web page called .xls is a web page; a workbook without an ending is a workbook."""
    page = f"<html><body><p>{SENTENCES[0]}</p></body></html>".encode()
    row = '<row r="1"><c r="A1"><v>7</v></c></row>'

    assert SENTENCES[0] == one_text(tmp_path, "a.xls", page)
    assert "7" == one_text(tmp_path, "download", xlsx_of({"s": row}))
    assert SENTENCES[0] == one_text(tmp_path, "b.zip", docx_of(paragraph(SENTENCES[0])))


def test_locked_documents_are_told(tmp_path: Path):
    """OpenDocument encrypts its parts and says so in its manifest."""
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"

    assert ["encrypted"] == causes(
        read_all(tmp_path, "a.odt", odf_of("text", "<text:p>x</text:p>", manifest=manifest))
    )


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx", "a.odt"])
def test_cut_documents_are_told(tmp_path: Path, name: str):
    """A document without its end is truncated, with its first bytes kept."""
    whole = {
        "a.docx": docx_of(paragraph(SENTENCES[0])),
        "a.xlsx": xlsx_of({"s": ""}),
        "a.pptx": pptx_of(shape("x")),
        "a.odt": odf_of("text", "<text:p>x</text:p>"),
    }[name]
    [found] = read_all(tmp_path, name, whole[:-60])

    assert "truncated" == found.cause
    assert found.first_bytes.startswith(b"PK")


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


def test_entities_are_refused(tmp_path: Path):
    """A document type declaration has no place in an office document."""
    body = docx_of(paragraph("&b;&c;"))
    with zipfile.ZipFile(_file(tmp_path, body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = ENTITIES.encode() + parts["word/document.xml"]

    assert ["damaged"] == causes(read_all(tmp_path, "a.docx", zip_of(parts)))


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "held"
    path.write_bytes(data)
    return path


def test_deep_nesting_is_survived(tmp_path: Path):
    """A hundred thousand tables in each other are read without a stack."""
    depth = 100_000
    body = "<w:tbl><w:tr><w:tc>" * depth + paragraph("底") + "</w:tc></w:tr></w:tbl>" * depth

    assert "底" == one_text(tmp_path, "a.docx", docx_of(body))


def test_tags_without_end_are_refused(tmp_path: Path):
    """A tag of many megabytes would take old parsers minutes."""
    body = "<w:p " + "x" * 30_000_000

    assert ["damaged"] == causes(read_all(tmp_path, "a.docx", docx_of(body)))


def test_parts_that_inflate_are_bombs(tmp_path: Path):
    """A part that unpacks to far more than its file is stopped."""
    body = "<w:p/>" * 300_000
    found = read_all(
        tmp_path, "a.docx", docx_of(body), ReadOptions(limits=StreamLimits(always=1 << 20))
    )

    assert ["bomb"] == causes(found)


def test_long_texts_are_refused(tmp_path: Path):
    """The limit of a record holds for a document, and for each sheet by itself."""
    options = ReadOptions(max_record=1000)
    rows = "".join(f'<row r="{k}"><c r="A{k}"><v>{k}000000</v></c></row>' for k in range(1, 200))
    short = '<row r="1"><c r="A1"><v>7</v></c></row>'
    found = read_all(tmp_path, "a.xlsx", xlsx_of({"long": rows, "short": short}), options)

    assert ["too_large"] == causes(
        read_all(tmp_path, "a.docx", docx_of(paragraph("港" * 1000)), options)
    )
    assert ["too_large"] == causes(found)
    assert ["7"] == texts(found)


def test_missing_parts_are_told(tmp_path: Path):
    """A package that names a part it does not have is damaged, not empty."""
    package = zip_of(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
            "word/other.xml": "<x/>",
        }
    )

    assert ["damaged"] == causes(read_all(tmp_path, "a.docx", package))


def test_title_and_date_come_along(tmp_path: Path):
    """What the document says of itself becomes columns; its author does not."""
    body = docx_of(paragraph(SENTENCES[0]))
    with zipfile.ZipFile(_file(tmp_path, body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = (
        "<c:p xmlns:c='c'><c:title>報告書</c:title><c:creator>某</c:creator>"
        "<c:created>2024-05-06T07:08:09Z</c:created></c:p>"
    ).encode()
    [found] = read_all(tmp_path, "a.docx", zip_of(parts))

    assert isinstance(found, Document)
    assert {"title": "報告書"} == found.extra
    assert "2024-05-06" == found.date


def test_elements_without_end_are_refused(tmp_path: Path):
    """Paragraphs that are never closed stop being counted long before they fill the memory."""
    [found] = read_all(tmp_path, "a.docx", docx_of("<w:p>" * 1_100_000))

    assert "damaged" == found.cause
    assert "nested too deeply" in found.detail
