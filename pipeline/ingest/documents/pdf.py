"""
PDF: the text layer of a file as one document, through pdfium.

pdfium runs in a process of its own (`pdf_child.py`), where `pdf_pages.py` reads the characters and
`layout.py` puts them into lines, order and paragraphs.
"""

from __future__ import annotations

import threading
from importlib.util import find_spec

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Input,
    Items,
    ReadOptions,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.documents.pdf_child import read_in_child
from seimai.pipeline.ingest.sources.spool import on_disk

_PDFIUM = threading.Lock()
"""The child answers one question at a time."""


def read_pdf(source: Input, options: ReadOptions) -> Items:
    """The one document of a PDF; pages without a text layer are `Unreadable` "needs_ocr"."""
    if find_spec("pypdfium2") is None:
        raise Problem("E001", what="PDF", package="pypdfium2", install="seimai[pdf]")
    first = b""
    try:
        with on_disk(source, options) as path, _PDFIUM:
            with path.open("rb") as file:
                first = file.read(FIRST_BYTES)
            items = read_in_child(path, options.max_record)
    except Broken as broken:
        items = [unreadable("", broken, first)]
    except OSError as error:
        items = [unreadable("", from_system(error))]
    yield from items
