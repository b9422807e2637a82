"""Small office documents to be changed at random, with every construct that their readers know."""

# ruff: noqa: E501 - seeds are read more easily in lines of their own
from __future__ import annotations

import struct

from tests.pipeline.ingest.making import (
    SENTENCES,
    docx_of,
    odf_of,
    paragraph,
    pptx_of,
    relations,
    shape,
    xlsx_of,
    zip_of,
    zip_parts,
)
from tests.pipeline.ingest.old_office import (
    CELL,
    PART,
    ROW,
    biff,
    biff_string,
    box,
    cell,
    doc_of,
    lists_of,
    msg_of,
    ppt_of,
    record,
    slide,
    summary_of,
    wide,
    word_cell,
    xls_of,
)

RELATED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PAGE = "<!doctype html><html><body><p>庭の<ruby>梅<rt>うめ</rt></ruby>が咲いた。</p></body></html>"


def doc() -> bytes:
    """A document with a table, a field, hidden text and notes, in pieces."""
    table = f"品名{CELL}{CELL}数{PART}個{CELL}{ROW}"
    link = '\x13 HYPERLINK "http://a.example.jp/" \x14案内\x15'
    ruby = '\x13 EQ \\* jc2 \\* "Font:明朝" \\* hps10 \\o\\ad(\\s\\up 9(こめ),米)\x15'
    body = f"{SENTENCES[0]}\r{table}{link}{ruby}𠮷 plain text\r"
    summary = {"\x05SummaryInformation": summary_of("報告書")}
    lists = lists_of([(0, "第\0条", 0), (20, "(\1)", 4)], uses=[{}, {0: 5}], styles={1: (1, None)})
    places = {f"{SENTENCES[0]}\r": (2, 0, 0), " plain text\r": (None, 1, 1)}
    return doc_of(
        body,
        notes="\x02 註。\r",
        comments="直す。\r",
        formats={"朝の": 0x083C},
        lists=lists,
        places=places,
        **summary,
    )


def xls() -> bytes:
    """A workbook with every kind of cell, and a comment."""
    value = struct.pack("<d", 4.5)
    cells = (
        biff(0x7D, struct.pack("<5H2x", 1, 1, 0, 0, 1))
        + biff(0x208, struct.pack("<HHHHHHI", 1, 0, 4, 0, 0, 0, 0x20))
        + word_cell(0, 0, 0)
        + cell(0x203, 0, 2, value)
        + cell(0x27E, 1, 0, struct.pack("<I", 45418 << 2 | 2), 1)
        + biff(0xBD, struct.pack("<HHHIHIH", 2, 1, 0, 0x3FF00000, 0, 150 << 2 | 3, 2))
        + cell(0x06, 2, 3, b"\0\0\0\0\0\0\xff\xff" + bytes(6))
        + biff(0x207, biff_string("値"))
        + biff(0x809, struct.pack("<4H8x", 0x600, 0x20, 0, 0))
        + biff(0x100D, bytes(2) + biff_string("図の題", "B"))
        + biff(0x0A)
        + biff(0x5D, struct.pack("<HHHH14x", 0x15, 0x12, 0x19, 1))
        + biff(0x1B6, struct.pack("<10xHH4x", 2, 16))
        + biff(0x3C, biff_string("註釈")[2:])
    )
    formats = biff(0x41E, struct.pack("<H", 200) + biff_string("yyyy/m/d"))
    formats += biff(0xE0, bytes(20)) + biff(0xE0, struct.pack("<HH16x", 0, 200))
    return xls_of({"一": cells, "二": word_cell(0, 0, 1)}, SENTENCES, more=formats, cut=31)


def ppt() -> bytes:
    """A presentation of two slides with notes, an outline and a table."""
    cells = b"".join(
        box(wide(text), more=record(0xF00F, struct.pack("<4i", k % 2, k // 2, 9, 9)))
        for k, text in enumerate(("品名", "数", "米", "三"))
    )
    sign = record(0xF004, record(0xF122, struct.pack("<HI", 0x03A0, 0), 1), nests=True)
    first = slide(
        box(record(0x0F9E, bytes(4)), placeholder=13),
        record(0xF003, sign + cells, nests=True),
        box(record(0x0FA8, b"plain 7"), record(0x0FD8, struct.pack("<I", 6))),
        notes=256,
    )
    notes = [slide(box(wide("一息。")))]
    return ppt_of(first, slide(box(wide(SENTENCES[0]))), notes=notes, outlines={0: ["題名"]})


def msg() -> bytes:
    """A message with an attachment."""
    text = {0x0037001F: "会議の件", 0x1000001F: SENTENCES[1]}
    properties = {number: one.encode("utf-16-le") for number, one in text.items()}
    return msg_of(
        {**properties, 0x10130102: PAGE.encode()}, attached={"a.txt": b"memo"}, inside=[properties]
    )


def docx() -> bytes:
    """A Word document with a table and a note."""
    cell = f"<w:tbl><w:tr><w:tc>{paragraph(SENTENCES[1])}</w:tc></w:tr></w:tbl>"
    note = f'<w:footnote w:id="2">{paragraph(SENTENCES[2])}</w:footnote>'
    field = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    code = "<w:r><w:instrText>EQ \\o\\ad(\\s\\up 9(こめ),米)</w:instrText></w:r>"
    properties = "<w:pPr><w:numPr><w:ilvl w:val='1'/><w:numId w:val='2'/></w:numPr></w:pPr>"
    drawn = f'<dgm:relIds xmlns:dgm="d" {RELATED} r:dm="rId5"/>'
    drawn += f'<c:chart xmlns:c="c" {RELATED} r:id="rId6"/>'
    body = (
        f"<w:p>{properties}{field('begin')}{code}{field('end')}<w:r>{drawn}<w:t>粒</w:t></w:r></w:p>"
        f'<w:altChunk {RELATED} r:id="rId7"/>'
    )
    parts = zip_parts(docx_of(paragraph(SENTENCES[0]) + cell + body, note))
    level = "<w:lvl w:ilvl='{}'><w:start w:val='1'/><w:numFmt w:val='{}'/><w:lvlText w:val='{}'/></w:lvl>"
    more = {
        "word/numbering.xml": "<w:numbering xmlns:w='w'><w:abstractNum w:abstractNumId='1'>"
        + level.format(0, "decimal", "第%1条")
        + level.format(1, "aiueoFullWidth", "(%2)")
        + "</w:abstractNum><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num></w:numbering>",
        "word/data1.xml": "<dgm:x xmlns:dgm='d'><dgm:pt modelId='1'><dgm:p><dgm:t>図</dgm:t></dgm:p>"
        "</dgm:pt><dgm:cxn srcId='0' destId='1' srcOrd='0'/></dgm:x>",
        "word/chart1.xml": "<c:x xmlns:c='c'><c:title><c:p><c:t>題</c:t></c:p></c:title><c:ser><c:cat>"
        "<c:v>春</c:v></c:cat></c:ser></c:x>",
        "word/page.html": PAGE,
        "word/_rels/document.xml.rels": relations(
            ("rId1", "footnotes", "footnotes.xml"),
            ("rId2", "styles", "styles.xml"),
            ("rId4", "numbering", "numbering.xml"),
            ("rId5", "diagramData", "data1.xml"),
            ("rId6", "chart", "chart1.xml"),
            ("rId7", "aFChunk", "page.html"),
        ),
    }
    return zip_of({**parts, **more})


def xlsx() -> bytes:
    """A workbook of two sheets."""
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1"><v>4.5</v></c></row>'
    return xlsx_of({"一": cells, "二": ""}, f"<si><t>{SENTENCES[0]}</t></si>")


def ods() -> bytes:
    """A spreadsheet with rows that are repeated."""
    return odf_of(
        "spreadsheet",
        "<table:table table:name='x'><table:table-row table:number-rows-repeated='9'>"
        f"<table:table-cell><text:p>{SENTENCES[0]}</text:p></table:table-cell>"
        "</table:table-row></table:table>",
    )


def odp() -> bytes:
    """A presentation of two slides."""
    slide = f"<drawing:page drawing:name='一'><drawing:frame><drawing:text-box><text:p>{SENTENCES[0]}</text:p></drawing:text-box></drawing:frame></drawing:page>"
    return odf_of("presentation", slide * 2)


def pptx() -> bytes:
    """A presentation of two slides with a diagram."""
    drawn = f'<p:graphicFrame><dgm:relIds xmlns:dgm="d" {RELATED} r:dm="rId5"/></p:graphicFrame>'
    parts = zip_parts(pptx_of(shape(SENTENCES[0]) + drawn, shape(SENTENCES[1], "title")))
    more = {
        "ppt/slides/data1.xml": "<d><pt modelId='1'><p><t>図</t></p></pt></d>",
        "ppt/slides/_rels/slide1.xml.rels": relations(("rId5", "diagramData", "data1.xml")),
    }
    return zip_of({**parts, **more})


def odt() -> bytes:
    """A text with a list, a heading, a table and a chart."""
    number = "<text:list-level-style-number text:level='{}' style:num-format='{}'/>".format
    lists = f"<text:list-style style:name='L'>{number(1, '1')}{number(2, 'ア, イ, ウ, ...')}</text:list-style>"
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>".format
    inner = f"<text:list>{item('塩', '')}</text:list>"
    body = (
        f"<text:h>題</text:h><text:p>{SENTENCES[0]}<text:s text:c='3'/>"
        "<drawing:object xmlns:x='x' x:href='./a'/></text:p>"
        f"<text:list text:style-name='L'>{item('米', inner)}{item('水', '')}</text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    chart = "<c><title><p>題</p></title><table-cell><p>春</p></table-cell></c>"
    return zip_of({**zip_parts(odf_of("text", body, lists)), "a/content.xml": chart})


RTF = (
    rb"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 \'82\'6c;}{\f1\fcharset2 W;}}"
    rb"{\info{\title x}{\upr{\author ?}{\*\ud{\author \u23665 }}}}\f0 "
    rb"\'92\'a9\'82\'cc\'8d`\par {\b \u26085?\u26412?}{\listtext 1.\tab}{\footnote \'8d\'60}"
    rb"{\field{\*\fldinst EQ \\o\\ad(\\s\\up 9(a),\'8d\'60)}{\fldrslt }}{\*\shpinst{\sv 1}{\shptxt b}}"
    rb"\tab {\*\x y}\uc2\u28207\'8d\'60\bin3 {}{\par}{\object{\*\objdata 00}{\result c}}"
)
