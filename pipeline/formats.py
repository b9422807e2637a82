"""
Which formats there are: the one list that reading, recognising and recipes go by.

A recipe's `format:` may name any of them but those in `FOUND_OTHERWISE`. The readers are named,
not imported: each loads packages that a run without such files does not need.
"""

from __future__ import annotations

FORMATS: dict[str, tuple[str, str]] = {
    "jsonl": ("records.jsonl", "read_jsonl"),
    "json": ("records.json_file", "read_json"),
    "parquet": ("records.columnar", "read_parquet"),
    "arrow": ("records.columnar", "read_arrow"),
    "csv": ("records.tables", "read_csv"),
    "text": ("markup.plain", "read_plain"),
    "html": ("pages.html", "read_html"),
    "datasets": ("records.hub", "read_datasets"),
    "warc": ("pages.warc", "read_warc"),
    "mediawiki": ("markup.mediawiki", "read_mediawiki"),
    "aozora": ("markup.aozora", "read_aozora"),
    "markdown": ("markup.markdown", "read_markdown"),
    "rst": ("markup.rst", "read_rst"),
    "po": ("markup.gettext_po", "read_po"),
    "man": ("markup.man", "read_man"),
    "law": ("markup.law", "read_law"),
    "xml": ("markup.xml_file", "read_xml"),
    "feed": ("pages.feed", "read_feed"),
    "zip": ("archive", "read_zip"),
    "tar": ("archive", "read_tar"),
    "7z": ("archive", "read_7z"),
    "lzh": ("archive", "read_lzh"),
    "pdf": ("documents.pdf", "read_pdf"),
    "docx": ("documents.office.word.docx", "read_docx"),
    "xlsx": ("documents.office.sheets.xlsx", "read_xlsx"),
    "pptx": ("documents.office.slides.pptx", "read_pptx"),
    "odt": ("documents.office.opendocument.readers", "read_odt"),
    "ods": ("documents.office.opendocument.readers", "read_ods"),
    "odp": ("documents.office.opendocument.readers", "read_odp"),
    "rtf": ("documents.office.rich_text.rtf", "read_rtf"),
    "doc": ("documents.office.legacy", "read_doc"),
    "xls": ("documents.office.legacy", "read_xls"),
    "ppt": ("documents.office.legacy", "read_ppt"),
    "msg": ("documents.office.legacy", "read_msg"),
    "ole": ("documents.office.legacy", "read_legacy"),
    "eml": ("documents.mail", "read_eml"),
    "mbox": ("documents.mail", "read_mbox"),
    "sql": ("records.sql", "read_sql"),
}
"""The formats that can be read, with the module in `ingest/` and its reader."""

HOLD_MANY = frozenset({
    "jsonl", "json", "parquet", "arrow", "csv", "datasets", "sql", "warc", "mediawiki", "mbox",
    "zip", "tar", "7z", "lzh", "po", "feed",
})  # fmt: skip
"""The formats that hold many records: where their reader gives up, others are lost besides one."""

IN_PARTS = frozenset({"jsonl", "parquet", "csv", "warc"})
"""The formats of which a part of a file can be read: lines, row groups, rows, records."""

FOUND_OTHERWISE = frozenset({"datasets", "ole", "sql"})
"""
Not for `format:`: data sets and databases have keys of their own in a source, and `ole` is the
container of old office files, which says itself what it holds.
"""

NEEDS: dict[str, tuple[str, str]] = {
    "7z": ("py7zr", "archive"),
    "doc": ("olefile", "office"),
    "markdown": ("markdown_it", "markup"),
    "msg": ("olefile", "office"),
    "ole": ("olefile", "office"),
    "pdf": ("pypdfium2", "pdf"),
    "ppt": ("olefile", "office"),
    "warc": ("fastwarc", "web"),
    "xls": ("olefile", "office"),
}
"""
Formats whose reader needs a package that not everybody has: its module, and the extra of ours that
installs it. Without it files of the format go to quarantine, cause `package`, and the rest is read.
"""
