"""
Microsoft's old binary formats: Word (DOC), Excel (XLS), PowerPoint (PPT) and Outlook (MSG).

All are streams of one small file system (`compound.py`); which streams there are tells which
program wrote it. An encrypted document of the new formats is kept in one too, and Ichitaro's
documents, which are reported and not read.
"""

from __future__ import annotations

from importlib import import_module

from seimai.pipeline.ingest.contract import Broken, Input, Items, ReadOptions, Unreadable
from seimai.pipeline.ingest.documents.office.compound import Compound, opened
from seimai.pipeline.ingest.documents.office.package import refused
from seimai.pipeline.ingest.documents.office.sheets import excel4
from seimai.pipeline.ingest.documents.office.sheets.sheet_rows import by_rows
from seimai.pipeline.ingest.sources.spool import first_bytes

READERS = {
    "doc": ("WordDocument", "word.doc"),
    "xls": ("Workbook", "sheets.xls"),
    "ppt": ("PowerPoint Document", "slides.ppt"),
    "msg": ("__properties_version1.0", "outlook"),
}
"""For each format a stream that only this kind of file has, and the module that reads it."""
OLDER = {"xls": "Book"}
"""The name of that stream in files of the version before."""

LOCKED = ("EncryptedPackage", "EncryptedSummary")
ICHITARO = ("JSRV_SegmentInformation", "DocumentText")


BEFORE_5 = b"\x09"
"""Workbooks before Excel 5 are no compound files: they begin with their first record."""


def read_legacy(source: Input, options: ReadOptions) -> Items:
    """The documents of a file, whichever of the formats it has."""
    return _read(source, options, tuple(READERS))


def read_doc(source: Input, options: ReadOptions) -> Items:
    """The one document of a DOC file."""
    return _read(source, options, ("doc",))


def read_xls(source: Input, options: ReadOptions) -> Items:
    """A document for each sheet of an XLS file, or each row of it; `place` is `sheet N` from 1."""
    if first_bytes(source)[:1] == BEFORE_5:
        return by_rows(excel4.items(source, options), options)
    return _read(source, options, ("xls",))


def read_ppt(source: Input, options: ReadOptions) -> Items:
    """The one document of a PPT file."""
    return _read(source, options, ("ppt",))


def read_msg(source: Input, options: ReadOptions) -> Items:
    """The one document of a message."""
    return _read(source, options, ("msg",))


def _read(source: Input, options: ReadOptions, formats: tuple[str, ...]) -> Items:
    try:
        with opened(source, options) as compound:
            for name in formats:
                stream, module = READERS[name]
                if not compound.has(stream):
                    stream = OLDER.get(name, stream)
                if not compound.has(stream):
                    continue
                reader = import_module(f"seimai.pipeline.ingest.documents.office.{module}")
                items = reader.items(compound, stream, options)
                for item in by_rows(items, options) if name == "xls" else items:
                    item.format = item.format or name  # What is attached has its own.
                    if isinstance(item, Unreadable) and not item.first_bytes:
                        item.first_bytes = first_bytes(source)
                    yield item
                return
            yield refused(source, _unknown(compound))
    except Broken as broken:
        yield refused(source, broken)


def _unknown(compound: Compound) -> Broken:
    if any(map(compound.has, LOCKED)):
        return Broken("encrypted", "an office document that is password-protected")
    if any(map(compound.has, ICHITARO)):
        return Broken("format", "an Ichitaro document; save it as .docx")
    return Broken("format", "a binary document of an old program")
