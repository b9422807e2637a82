"""Small files of many formats, made by hand so that nothing but the readers has to agree."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from seimai.pipeline.ingest import Document, Input, Item, ReadOptions, Skipped, Unreadable, read

SENTENCES = (
    "朝の港に三隻の船が戻ってきた。",
    "会議は予定より十分早く終わりました。",
    "この部品は湿気の少ない場所に保管してください。",
)


def read_all(
    folder: Path, name: str, data: bytes, options: ReadOptions | None = None
) -> list[Item]:
    """What reading a file of this name and content gives."""
    path = folder / name
    path.write_bytes(data)
    return list(read(Input(str(path), name, len(data)), options))


def kinds(items: Iterable[Item]) -> list[str]:
    """Items as words: `document`, or the cause."""
    return ["document" if isinstance(item, Document) else item.cause for item in items]


def texts(items: Iterable[Item]) -> list[str]:
    """The texts of the documents."""
    return [item.text for item in items if isinstance(item, Document)]


def places(items: Iterable[Item]) -> list[str]:
    """The places of the documents."""
    return [item.place for item in items if isinstance(item, Document)]


def causes(items: Iterable[Item]) -> list[str]:
    """Why records could not be read."""
    return [item.cause for item in items if isinstance(item, Unreadable)]


def skips(items: Iterable[Item]) -> dict[str, int]:
    """What was skipped, and how often."""
    found: Counter[str] = Counter()
    for item in items:
        if isinstance(item, Skipped):
            found[item.cause] += item.count
    return dict(found)


def zip_of(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return target.getvalue()


def zip_parts(data: bytes) -> dict[str, bytes]:
    """The members of a ZIP archive by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def tar_of(members: Mapping[str, str | bytes]) -> bytes:
    """A tape archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, data in members.items():
            content = data.encode() if isinstance(data, str) else data
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return target.getvalue()


_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def relations(*targets: tuple[str, str, str]) -> str:
    """A relationships part of (id, kind, target)."""
    every = "".join(
        f'<Relationship Id="{one}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for one, kind, target in targets
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{every}</Relationships>'


def _package(main: str, parts: Mapping[str, str]) -> bytes:
    return zip_of(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": relations(("rId1", "officeDocument", main)),
            **parts,
        }
    )


def docx_of(body: str, notes: str = "", styles: str = "", comments: str = "批評") -> bytes:
    """A DOCX of what stands in its body, in its footnotes, in its styles and in its comments."""
    opening = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return _package(
        "word/document.xml",
        {
            "word/document.xml": f"<w:document {opening}><w:body>{body}</w:body></w:document>",
            "word/footnotes.xml": f"<w:footnotes {opening}>{notes}</w:footnotes>",
            "word/styles.xml": f"<w:styles {opening}>{styles}</w:styles>",
            "word/comments.xml": f"<w:comments {opening}>{comments}</w:comments>",
            "word/_rels/document.xml.rels": relations(
                ("rId1", "footnotes", "footnotes.xml"),
                ("rId2", "styles", "styles.xml"),
                ("rId3", "comments", "/word/comments.xml"),
            ),
        },
    )


def paragraph(text: str) -> str:
    """A paragraph of Word."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx_of(
    sheets: Mapping[str, str], strings: str = "", styles: str = "", hidden: Sequence[str] = ()
) -> bytes:
    """An XLSX of rows by the name of their sheet."""
    opening = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    listed = "".join(
        f'<sheet name="{name}" sheetId="{k}" r:id="rId{k}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for k, name in enumerate(sheets, 1)
    )
    parts = {
        f"xl/worksheets/sheet{k}.xml": (
            f"<worksheet {opening}><sheetData>{rows}</sheetData></worksheet>"
        )
        for k, rows in enumerate(sheets.values(), 1)
    }
    return _package(
        "xl/workbook.xml",
        {
            "xl/workbook.xml": (
                f'<workbook {opening} xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
            ),
            "xl/sharedStrings.xml": f"<sst {opening}>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet {opening}>{styles}</styleSheet>",
            "xl/_rels/workbook.xml.rels": relations(
                *(
                    (f"rId{k}", "worksheet", f"worksheets/sheet{k}.xml")
                    for k in range(1, len(sheets) + 1)
                ),
                ("rId98", "sharedStrings", "sharedStrings.xml"),
                ("rId99", "styles", "styles.xml"),
            ),
            **parts,
        },
    )


def pptx_of(*slides: str) -> bytes:
    """A PPTX of what stands on its slides; the last one is shown first."""
    opening = (
        'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    order = [len(slides), *range(1, len(slides))]
    ids = "".join(f'<p:sldId id="{255 + k}" r:id="rId{k}"/>' for k in order)
    parts = {
        f"ppt/slides/slide{k}.xml": (
            slide
            if slide.startswith("<p:sld ")
            else f"<p:sld {opening}><p:cSld><p:spTree>{slide}</p:spTree></p:cSld></p:sld>"
        )
        for k, slide in enumerate(slides, 1)
    }
    return _package(
        "ppt/presentation.xml",
        {
            "ppt/presentation.xml": (
                f'<p:presentation {opening} xmlns:r="{_RELATIONS}">'
                f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
            ),
            "ppt/_rels/presentation.xml.rels": relations(
                *((f"rId{k}", "slide", f"slides/slide{k}.xml") for k in order)
            ),
            **parts,
        },
    )


def shape(text: str, placeholder: str = "") -> str:
    """A shape of PowerPoint with a paragraph for each line."""
    kind = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return f"<p:sp><p:nvSpPr><p:nvPr>{kind}</p:nvPr></p:nvSpPr><p:txBody>{lines}</p:txBody></p:sp>"


def odf_of(kind: str, body: str, styles: str = "", manifest: str = "") -> bytes:
    """An OpenDocument file: `text`, `spreadsheet` or `presentation`."""
    base = "urn:oasis:names:tc:opendocument:xmlns"
    names = ("office", "text", "table", "style", "drawing", "presentation")
    opening = " ".join(f'xmlns:{name}="{base}:{name}:1.0"' for name in names)
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": (
            f"<office:document-content {opening}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>"
        ),
    }
    if manifest:
        members["META-INF/manifest.xml"] = manifest
    return zip_of(members, zipfile.ZIP_STORED)


Placed = tuple[float, float, float, str]
"""Where a line of a PDF begins, its size, and its text."""


def pdf_of(
    pages: Sequence[Sequence[Placed] | bytes],
    *,
    vertical: bool = False,
    trailer: str = "",
    info: str = "",
) -> bytes:
    """A PDF of 300 by 400 points; bytes are the drawing of a page as they are."""
    objects: list[bytes] = []

    def put(content: str | bytes) -> int:
        objects.append(content.encode() if isinstance(content, str) else content)
        return len(objects)

    direction = "V" if vertical else "H"
    system = "<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>"
    own = put(
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/HeiseiMin-W3/DW 1000"
        f"/CIDSystemInfo{system}/FontDescriptor<</Type/FontDescriptor/FontName/HeiseiMin-W3"
        "/Flags 6/FontBBox[0 -200 1000 900]/Ascent 800/Descent -200/ItalicAngle 0/StemV 80"
        "/CapHeight 700>>>>"
    )
    font = put(
        f"<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/UniJIS-UCS2-{direction}"
        f"/DescendantFonts[{own} 0 R]>>"
    )
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for page in pages:
        drawing = page if isinstance(page, bytes) else b"\n".join(map(_shown, page))
        stream = put(b"<</Length %d>>stream\n%b\nendstream" % (len(drawing), drawing))
        kids.append(
            put(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 300 400]/Contents {stream} 0 R"
                f"/Resources<</Font<</F1 {font} 0 R>>>>>>"
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    put(f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>")
    root = put(f"<</Type/Catalog/Pages {tree} 0 R>>")
    about = put(f"<<{info}>>")
    result = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(result))
        result += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(result)
    result += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    result += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    result += (
        f"trailer\n<</Size {len(objects) + 1}/Root {root} 0 R/Info {about} 0 R{trailer}>>\n"
        f"startxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(result)


def _shown(line: Placed) -> bytes:
    left, bottom, size, text = line
    encoded = text.encode("utf-16-be").hex()
    return f"BT /F1 {size} Tf {left} {bottom} Td <{encoded}> Tj ET".encode()


PICTURE = b"q 300 0 0 400 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"
"""A page that is a picture."""
