"""
Reading: `find_inputs` lists what there is, `read` turns one input into documents.

One file per format, one contract (`contract.py`). The format is found by content and by name; the
readers are imported when they are needed.
"""

from __future__ import annotations

from contextlib import closing
from importlib import import_module

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Input,
    Item,
    Items,
    Limits,
    ReadOptions,
    Skipped,
    Unreadable,
    from_system,
    unreadable,
)
from seimai.pipeline.ingest.find import find_inputs
from seimai.pipeline.ingest.sniff import sniff
from seimai.pipeline.ingest.spool import first_bytes
from seimai.pipeline.ingest.streams import open_stream

__all__ = [
    "FORMATS",
    "Document",
    "Input",
    "Item",
    "Items",
    "Limits",
    "ReadOptions",
    "Skipped",
    "Unreadable",
    "find_inputs",
    "open_stream",
    "read",
]

FORMATS: dict[str, tuple[str, str]] = {
    "jsonl": ("jsonl", "read_jsonl"),
    "json": ("json_file", "read_json"),
    "parquet": ("columnar", "read_parquet"),
    "arrow": ("columnar", "read_arrow"),
    "csv": ("tables", "read_csv"),
    "text": ("plain", "read_plain"),
    "html": ("html", "read_html"),
    "datasets": ("hub", "read_datasets"),
    "warc": ("warc", "read_warc"),
    "mediawiki": ("mediawiki", "read_mediawiki"),
    "aozora": ("aozora", "read_aozora"),
    "markdown": ("markdown", "read_markdown"),
    "rst": ("rst", "read_rst"),
    "po": ("gettext_po", "read_po"),
    "man": ("man", "read_man"),
    "law": ("law", "read_law"),
    "xml": ("xml_file", "read_xml"),
    "feed": ("feed", "read_feed"),
    "zip": ("archive", "read_zip"),
    "tar": ("archive", "read_tar"),
    "7z": ("archive", "read_7z"),
    "lzh": ("archive", "read_lzh"),
    "pdf": ("pdf", "read_pdf"),
    "docx": ("office.word", "read_docx"),
    "xlsx": ("office.sheets", "read_xlsx"),
    "pptx": ("office.slides", "read_pptx"),
    "odt": ("office.opendocument", "read_odt"),
    "ods": ("office.opendocument", "read_ods"),
    "odp": ("office.opendocument", "read_odp"),
    "rtf": ("office.rich_text", "read_rtf"),
    "doc": ("office.legacy", "read_doc"),
    "xls": ("office.legacy", "read_xls"),
    "ppt": ("office.legacy", "read_ppt"),
    "msg": ("office.legacy", "read_msg"),
    "ole": ("office.legacy", "read_legacy"),
    "eml": ("mail", "read_eml"),
    "mbox": ("mail", "read_mbox"),
    "sql": ("sql", "read_sql"),
}
"""What `format:` may say in a recipe: the module here and its reader."""

GAVE_UP = "the reader gave up"
"""How the detail begins where a reader raised; the tests look for it and want none."""


def read(source: Input, options: ReadOptions | None = None) -> Items:
    """
    The documents of one input, in its order, with what could not be read in its place.

    Never raises for what is in the file: a fault after some records ends with one `Unreadable`
    that says where. A missing package is a `Problem`.
    """
    options = options or ReadOptions()
    if source.fault:
        if source.start == 0:
            yield source.fault
        return
    wanted = source.format if source.format != "auto" else options.format
    try:
        name = sniff(source, options.limits) if wanted == "auto" else wanted
    except Broken as broken:
        if source.start == 0:
            yield unreadable("", broken)
        return
    except OSError as error:
        if source.start == 0:
            yield unreadable("", from_system(error))
        return
    if source.start and name != "jsonl":
        return  # The part at 0 gives it all.
    if name not in FORMATS:
        with closing(open_stream(source, options.limits)) as stream:
            first = stream.read(FIRST_BYTES)
        detail = f"there is no reader for this kind of file: {name}"
        yield Unreadable("", "format", detail, first, name)
        return
    module, function = FORMATS[name]
    reader = getattr(import_module(f"seimai.pipeline.ingest.{module}"), function)
    try:
        for item in reader(source, options):
            # A member of an archive keeps its own.
            item.format = item.format or name
            yield item
    except (Problem, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - the last net: a fault of ours costs this file only
        detail = f"{GAVE_UP}: {type(error).__name__}"
        yield Unreadable("", "damaged", detail, first_bytes(source), name)
