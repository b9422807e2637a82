"""
Office documents that are one XML file instead of an archive, as the parts they would have.

LibreOffice saves FODT, FODS and FODP, Word "Word XML" with all of its parts in one file, and Word
and Excel of 2003 formats of their own, which exports of databases still have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from seimai.pipeline.decode import decode
from seimai.pipeline.ingest.contract import MIB, Broken

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 128 * MIB
"""Such a file is held in memory; pictures in it are a third larger than in an archive."""
HEAD = 16_384
"""Bytes in which the outermost element begins: it has up to forty namespaces."""
WORKBOOK = "workbook.xml"
"""Our name of the one part of a workbook of Excel 2003."""
WORD, CONTENT, META = "word/document.xml", "content.xml", "meta.xml"

_OUTERMOST = re.compile(rb"<([A-Za-z][\w.-]{0,20}:)?(package|document|wordDocument|Workbook)[\s>]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^<>]*\?>")
_END_OF_META = re.compile(rb"</(\w{1,20}:)meta>")


def is_flat(head: bytes) -> bool:
    """Whether bytes begin as XML, not as an archive."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def flat_parts(path: Path) -> dict[str, bytes]:
    """The parts of such a file by the names that they have in an archive; `Broken` for others."""
    if path.stat().st_size > LARGEST:
        raise Broken("too_large", "the document is too large to be held in memory")
    data = _in_utf8(path.read_bytes())
    match = _OUTERMOST.search(data, 0, HEAD)
    kind = match[2] if match else b""
    if kind == b"package":
        return _parts_of_package(data)
    if kind == b"wordDocument":
        return {WORD: data}
    if kind == b"Workbook":
        return {WORKBOOK: data}
    if match and kind == b"document":
        parts = {CONTENT: data}
        if end := _END_OF_META.search(data):
            parts[META] = data[: end.end()] + b"</%bdocument>" % (match[1] or b"")
        return parts
    raise Broken("damaged", "the file is neither an archive nor a document in XML")


def _in_utf8(data: bytes) -> bytes:
    """The file in UTF-8 without a declaration: parsers know few encodings, exports are in CP932."""
    found = decode(data, kind="xml")
    if found.refused:
        raise Broken("damaged", f"the bytes are not text: {found.refused}")
    return _DECLARATION.sub("", found.text).encode()


def _parts_of_package(data: bytes) -> dict[str, bytes]:
    """The XML of each part of a package, cut out of the file."""
    parser = expat.ParserCreate(namespace_separator=" ")
    found: dict[str, bytes] = {}
    name, begin, inside = "", -1, False

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal name, begin, inside
        if inside and begin < 0:
            begin = parser.CurrentByteIndex
        elif element.endswith("/xmlPackage part"):
            name = next((one for key, one in attributes.items() if key.endswith(" name")), "")
        elif element.endswith("/xmlPackage xmlData"):
            begin, inside = -1, True

    def end(element: str) -> None:
        nonlocal inside
        if element.endswith("/xmlPackage xmlData"):
            if begin >= 0:
                found[name.lstrip("/")] = data[begin : parser.CurrentByteIndex]
            inside = False

    def refuse(*_: object) -> None:
        raise Broken("damaged", "the document has a document type declaration")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the argument has no name
    except expat.ExpatError as error:
        if not found:
            raise Broken("damaged", f"the document is damaged: {error}") from error
    return found
