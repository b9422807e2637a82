"""Parts of new office documents: read where they are text, told where they cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Skipped, Unreadable
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    docx_of,
    odf_of,
    paragraph,
    pptx_of,
    read_all,
    relations,
    shape,
    skips,
    texts,
    xlsx_of,
    zip_of,
    zip_parts,
)

DRAWN = 'xmlns:dgm="d" xmlns:a="a" xmlns:c="c"'
RELATED = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SMART_ART = f'<dgm:relIds xmlns:dgm="d" {RELATED} r:dm="rId7"/>'
CHART = f'<c:chart xmlns:c="c" {RELATED} r:id="rId8"/>'
BROKEN = "<x>&undefined;</x>"


def point(name: str, text: str, kind: str = "node") -> str:
    """A point of a diagram."""
    return (
        f'<dgm:pt modelId="{name}" type="{kind}"><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p>'
        "</dgm:t></dgm:pt>"
    )


DIAGRAM = (
    f"<dgm:dataModel {DRAWN}><dgm:ptLst>"
    + point("9", "子")
    + point("0", "", "doc")
    + point("1", "親")
    + point("2", "次の親")
    + point("8", "線の文", "sibTrans")
    + '</dgm:ptLst><dgm:cxnLst><dgm:cxn srcId="0" destId="2" srcOrd="1"/>'
    '<dgm:cxn srcId="0" destId="1" srcOrd="0"/><dgm:cxn srcId="1" destId="9" srcOrd="0"/>'
    '<dgm:cxn type="presOf" srcId="0" destId="8" srcOrd="0"/></dgm:cxnLst></dgm:dataModel>'
)
DIAGRAM_LINES = "親\n子\n次の親"
CHART_PART = (
    f"<c:chartSpace {DRAWN}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>売上の推移</a:t></a:r>"
    "</a:p></c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:f>A1</c:f><c:strCache><c:pt>"
    "<c:v>東店</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strCache><c:pt><c:v>春</c:v>"
    "</c:pt><c:pt><c:v>夏</c:v></c:pt></c:strCache></c:cat><c:val><c:numCache><c:pt><c:v>12</c:v>"
    "</c:pt></c:numCache></c:val></c:ser></c:chart></c:chartSpace>"
)
CHART_LINES = "売上の推移\n東店\n春\t夏"


def with_parts(data: bytes, **parts: str | bytes) -> bytes:
    """A document with further parts; `__` in a name stands for `/`."""
    named = {name.replace("__", "/").replace("_xml", ".xml"): one for name, one in parts.items()}
    return zip_of({**zip_parts(data), **named})


def beside(folder: str, part: str, *more: tuple[str, str, str]) -> dict[str, str]:
    """The diagram, the chart and the relations of a part."""
    listed = relations(("rId7", "diagramData", "data1.xml"), ("rId8", "chart", "chart1.xml"), *more)
    return {
        f"{folder}/data1.xml": DIAGRAM,
        f"{folder}/chart1.xml": CHART_PART,
        f"{folder}/_rels/{part}.rels": listed,
    }


def test_diagrams_and_charts_are_read(tmp_path: Path):
    """Nodes of SmartArt come in the order of their tree, of charts what is text in them."""
    drawing = f"<w:p><w:r><w:t>図</w:t><w:drawing>{SMART_ART}{CHART}</w:drawing></w:r></w:p>"
    word = zip_parts(docx_of(drawing + paragraph("後")))
    slides = zip_parts(
        pptx_of(shape("題") + f"<p:graphicFrame>{SMART_ART}{CHART}</p:graphicFrame>")
    )
    sheet = zip_parts(xlsx_of({"s": '<row r="1"><c r="A1"><v>7</v></c></row>'}))
    box = "<sp><txBody><a:p><a:pPr/><a:r><a:t>枠の文</a:t></a:r></a:p></txBody></sp>"
    sheet |= {
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId1", "drawing", "../drawing1.xml")),
        "xl/drawing1.xml": f"<wsDr {DRAWN}>{box}{SMART_ART}{CHART}</wsDr>",
        **beside("xl", "drawing1.xml"),
    }

    word |= beside("word", "document.xml")
    slides |= beside("ppt/slides", "slide1.xml")
    drawn = f"{DIAGRAM_LINES}\n{CHART_LINES}"
    assert [f"図\n{drawn}\n後"] == texts(read_all(tmp_path, "a.docx", zip_of(word)))
    assert [f"題\n{drawn}"] == texts(read_all(tmp_path, "a.pptx", zip_of(slides)))
    assert [f"7\n枠の文\n{drawn}"] == texts(read_all(tmp_path, "a.xlsx", zip_of(sheet)))


def test_charts_of_opendocument_are_read(tmp_path: Path):
    """A chart is an object with a table of its own; other objects, formulas too, are counted."""
    body = (
        '<text:p>図<drawing:frame><drawing:object xmlns:x="x" x:href="./Object 1"/>'
        '<drawing:object xmlns:x="x" x:href="./Object 2"/></drawing:frame></text:p>'
        "<text:p>後</text:p>"
    )
    chart = (
        "<c><chart><title><p>売上の推移</p></title><table><table-row>"
        "<table-cell value-type='float'><p>12</p></table-cell>"
        "<table-cell value-type='string'><p>春</p></table-cell></table-row>"
        "</table></chart></c>"
    )
    data = zip_parts(odf_of("text", body))
    data |= {
        "Object 1/content.xml": chart.encode(),
        "Object 2/content.xml": b"<math><title><p>x</p></title></math>",
    }

    found = read_all(tmp_path, "a.odt", zip_of(data))
    assert ["図\n売上の推移\n春\n後"] == texts(found)
    assert {"embedded": 1} == skips(found)


def test_embedded_pages_are_read_where_they_stand(tmp_path: Path):
    """HTML, mail pages, rich text and documents that Word would put in are put in."""
    chunk = f'<w:altChunk {RELATED} r:id="rId9"/>'
    made = {
        "a.html": f"<html><body><p>{SENTENCES[1]}</p></body></html>".encode(),
        "a.mht": b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>"
        + SENTENCES[1].encode(),
        "a.rtf": rb"{\rtf1\ansi\ansicpg932 "
        + b"".join(b"\\'%02x" % one for one in SENTENCES[1].encode("cp932"))
        + b"}",
        "a.docx": docx_of(paragraph(SENTENCES[1])),
    }
    for name, part in made.items():
        parts = zip_parts(docx_of(paragraph("前") + chunk + paragraph("後")))
        parts |= {
            f"word/{name}": part,
            "word/_rels/document.xml.rels": relations(("rId9", "aFChunk", name)).encode(),
        }
        found = read_all(tmp_path, "a.docx", zip_of(parts))
        assert [f"前\n{SENTENCES[1]}\n後"] == texts(found)
        assert 1 == len(found)


def test_an_embedded_page_that_is_lost_is_told(tmp_path: Path):
    """The text around it stays, whether there is no part or one that cannot be read."""
    chunk = f'<w:altChunk {RELATED} r:id="rId9"/>'
    lost = read_all(tmp_path, "a.docx", docx_of(paragraph("前") + chunk))
    parts = zip_parts(docx_of(paragraph("前") + chunk))
    parts |= {
        "word/a.docx": docx_of(paragraph("中"))[:-60],
        "word/_rels/document.xml.rels": relations(("rId9", "aFChunk", "a.docx")).encode(),
    }
    cut = read_all(tmp_path, "b.docx", zip_of(parts))

    assert (["前"], ["damaged"]) == (texts(lost), causes(lost))
    assert (["前"], ["truncated"]) == (texts(cut), causes(cut))


def test_documents_in_themselves_come_to_an_end(tmp_path: Path):
    """A document in a document in a document is read, one in that is not."""
    inner = docx_of(paragraph("底"))
    for _ in range(5):
        parts = zip_parts(docx_of(f'<w:altChunk {RELATED} r:id="rId9"/>' + paragraph("層")))
        parts |= {
            "word/a.docx": inner,
            "word/_rels/document.xml.rels": relations(("rId9", "aFChunk", "a.docx")).encode(),
        }
        inner = zip_of(parts)

    assert ["層\n層\n層\n層"] == texts(read_all(tmp_path, "a.docx", inner))
    assert ["bomb"] == causes(read_all(tmp_path, "a.docx", inner))


def test_a_broken_part_costs_itself(tmp_path: Path):
    """Footnotes, styles, numbers and comments that cannot be read leave the body as it is."""
    for part in ("footnotes", "styles"):
        data = with_parts(docx_of(paragraph("本文")), **{f"word__{part}_xml": BROKEN})
        [document, told] = read_all(tmp_path, "a.docx", data)
        assert ["本文"] == texts([document])
        assert isinstance(told, Unreadable)
        assert ("damaged", part in told.place) == (told.cause, True)
        assert told.first_bytes.startswith(b"PK")


def test_what_comes_before_a_fault_stays(tmp_path: Path):
    """A body that breaks off, a sheet, a slide and an OpenDocument give what they have."""
    word = docx_of(f"{paragraph('前')}<w:tbl><w:tr><w:tc>{paragraph('甲')}</w:tc><w:tc>&x;")
    row = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'.format
    sheet = xlsx_of({"s": f"{row(1)}{row(2)}&x;{row(3)}", "t": row(4)})
    open_document = odf_of("text", "<text:p>前</text:p>&x;<text:p>後</text:p>")
    table = "<table:table table:name='a'><table:table-row><table:table-cell><text:p>甲</text:p>"

    for name, data, expected in (
        ("a.docx", word, ["前\n甲"]),
        ("a.xlsx", sheet, ["1\n2", "4"]),
        ("a.odt", open_document, ["前"]),
        ("a.ods", odf_of("spreadsheet", f"{table}&x;"), ["甲"]),
    ):
        found = read_all(tmp_path, name, data)
        assert expected == texts(found)
        assert ["damaged"] == causes(found)


def test_slides_that_are_lost_are_told_one_by_one(tmp_path: Path):
    """A slide without a part, one that breaks off and broken notes cost themselves."""
    parts = zip_parts(pptx_of(shape("二"), shape("三") + "&x;", shape("一")))
    del parts["ppt/slides/slide1.xml"]
    found = read_all(tmp_path, "a.pptx", zip_of(parts))

    assert ["一\n\n三"] == texts(found)
    assert ["slide 2", "slide 3"] == [item.place for item in found if isinstance(item, Unreadable)]


def test_broken_strings_and_styles_cost_their_cells(tmp_path: Path):
    """Strings before the fault are there, numbers are there, and the fault is told once."""
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1"><v>7</v></c></row>'
    )
    strings = "<si><t>甲</t></si>&x;<si><t>乙</t></si>"
    found = read_all(tmp_path, "a.xlsx", xlsx_of({"s": rows}, strings, "&x;"))

    assert ["甲\t\t7"] == texts(found)
    assert ["strings", "styles"] == [one.place for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("lost", ["", BROKEN])
def test_lists_of_parts_that_are_lost_cost_names_and_order(tmp_path: Path, lost: str):
    """Slides, sheets and a body stand where their programs always put them."""
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    for name, data, listed, expected in (
        ("a.docx", docx_of(paragraph("本文")), "_rels/.rels", ["本文"]),
        (
            "a.pptx",
            pptx_of(*map(shape, "一二三四五六七八九十")),
            "ppt/_rels/presentation.xml.rels",
            ["\n\n".join("一二三四五六七八九十")],
        ),
        (
            "a.xlsx",
            xlsx_of({"s": row, "t": row}, "<si><t>甲</t></si>"),
            "xl/_rels/workbook.xml.rels",
            ["甲", "甲"],
        ),
    ):
        parts = zip_parts(data)
        parts[listed] = lost.encode()
        assert expected == texts(read_all(tmp_path, name, zip_of(parts)))


def test_embedded_objects_are_counted(tmp_path: Path):
    """A workbook that stands as a picture in a text or on a slide is counted."""
    word = zip_parts(docx_of(paragraph("本文")))
    word["word/_rels/document.xml.rels"] = relations(("rId1", "package", "a.xlsx")).encode()
    slides = zip_parts(pptx_of(shape("題")))
    slides["ppt/slides/_rels/slide1.xml.rels"] = relations(("rId1", "oleObject", "a.bin")).encode()

    sheet = zip_parts(xlsx_of({"s": '<row r="1"><c r="A1"><v>7</v></c></row>'}))
    sheet["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("rId1", "package", "a.docx")).encode()

    for name, parts in (("a.docx", word), ("a.pptx", slides), ("a.xlsx", sheet)):
        assert {"embedded": 1} == skips(read_all(tmp_path, name, zip_of(parts)))


def test_kinds_without_a_reader_are_named(tmp_path: Path):
    """Charts of Excel 4 and attachments that Outlook packs are called what they are."""
    packed = b"\x78\x9f\x3e\x22" + bytes(300)
    old = b"\x09\x04\x06\x00\x00\x00\x20\x00" + bytes(300)

    for name, data, word in (("a.xls", old, "Excel"), ("winmail.dat", packed, "Outlook")):
        [found] = read_all(tmp_path, name, data)
        assert isinstance(found, Unreadable)
        assert ("format", True) == (found.cause, word in found.detail)
    assert [Skipped("", "empty", format="docx")] == read_all(tmp_path, "a.docx", docx_of(""))
