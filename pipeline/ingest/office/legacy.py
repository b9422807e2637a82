"""
Microsoft's old binary formats (DOC, XLS, PPT, MSG): recognised, said, and not read.

They all are small file systems; the names in it tell which program wrote it. An encrypted document
of the new formats is kept in one too.
"""

from __future__ import annotations

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Cause,
    Input,
    Items,
    ReadOptions,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.streams import open_stream

STREAMS: tuple[tuple[str, Cause, str], ...] = (
    ("EncryptedPackage", "encrypted", "an office document that is locked with a password"),
    ("WordDocument", "format", "a Word document of the old kind (.doc); save it as .docx"),
    ("Workbook", "format", "an Excel workbook of the old kind (.xls); save it as .xlsx"),
    ("Book", "format", "an Excel workbook of the old kind (.xls); save it as .xlsx"),
    ("PowerPoint Document", "format", "a presentation of the old kind (.ppt); save it as .pptx"),
    ("__properties_version1.0", "format", "an Outlook message (.msg); save it as .eml"),
    ("JSRV_SegmentInformation", "format", "an Ichitaro document; save it as .docx"),
    ("DocumentText", "format", "an Ichitaro document; save it as .docx"),
)
"""A stream that only this kind of file has, and what to say."""
LOOK = 16 * 1024 * 1024
"""The list of streams may stand anywhere; beyond this it is not looked for."""


def read_legacy(source: Input, options: ReadOptions) -> Items:
    """Why the file is not read."""
    try:
        with open_stream(source, options.limits) as stream:
            data = b""
            while len(data) < LOOK and (piece := stream.read(LOOK - len(data))):
                data += piece
    except Broken as broken:
        yield unreadable("", broken)
        return
    for name, cause, detail in STREAMS:
        # A name stands at the start of an entry of 128 bytes, in UTF-16 and filled with zeros.
        wanted = name.encode("utf-16-le") + b"\0\0"
        at = data.find(wanted)
        while at >= 0:
            if at % 128 == 0:
                yield Unreadable("", cause, detail, data[:FIRST_BYTES])
                return
            at = data.find(wanted, at + 1)
    yield Unreadable("", "format", "a binary document of an old program", data[:FIRST_BYTES])
