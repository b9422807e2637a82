"""Office documents that are one XML file."""

from __future__ import annotations

from tests.pipeline.ingest.making import SENTENCES, paragraph, zip_parts

FIRST = SENTENCES[0]
SPACE = "urn:oasis:names:tc:opendocument:xmlns"
OPENING = " ".join(
    f'xmlns:{name}="{SPACE}:{name}:1.0"' for name in ("office", "text", "table", "style")
)
TRACKED = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>消した。</text:p>"
    "</text:deletion></text:changed-region></text:tracked-changes>"
)


def flat(kind: str, body: str) -> bytes:
    """An OpenDocument file in one piece."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {OPENING} '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        '<office:meta><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">記録</dc:title>'
        '<meta:initial-creator xmlns:meta="m">山田</meta:initial-creator></office:meta>'
        "<office:master-styles><style:master-page><text:p>柱</text:p></style:master-page>"
        f"</office:master-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document>"
    ).encode()


def package_of(data: bytes) -> bytes:
    """The same DOCX or PPTX as one XML file."""
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{part.decode()}</pkg:xmlData></pkg:part>'
        for name, part in zip_parts(data).items()
    )
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    return f'<?xml version="1.0"?><pkg:package xmlns:pkg="{space}">{parts}</pkg:package>'.encode()


WORD_2003 = (
    '<?xml version="1.0"?><w:wordDocument '
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:o="urn:o">'
    "<o:DocumentProperties><o:Author>山田</o:Author></o:DocumentProperties><w:body>"
    f"{paragraph(FIRST)}<w:p><w:r><w:delText>消した。</w:delText></w:r></w:p></w:body>"
    "</w:wordDocument>"
)


WORKBOOK = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="表"><Table><Column ss:Hidden="1" ss:Index="4"/><Row>'
    '<Cell><Data ss:Type="String">品<B>名</B></Data><Comment><ss:Data>批評</ss:Data></Comment>'
    "</Cell>"
    '<Cell ss:Index="3"><Data ss:Type="Number">12.50</Data></Cell>'
    '<Cell><Data ss:Type="String">隠</Data></Cell></Row>'
    '<Row><Cell ss:MergeAcross="1"><Data ss:Type="DateTime">2024-05-06T00:00:00.000</Data></Cell>'
    '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>'
    "</Row></Table></Worksheet>"
    '<Worksheet ss:Name="隠"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>'
    "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"
)
