"""Binary workbooks (XLSB), written by hand in the layout of [MS-XLSB]: what readers look at."""

from __future__ import annotations

import struct

from tests.pipeline.ingest.making import relations, zip_of


def record(kind: int, data: bytes = b"") -> bytes:
    """A record: its number in one or two bytes, its size in as many as it needs."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(data)
    while size > 127:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data


def string(text: str) -> bytes:
    """A string with its length."""
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def row(number: int, *, hidden: bool = False) -> bytes:
    """The beginning of a row."""
    return record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 * hidden, 0, 0))


def cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    """A cell."""
    return record(kind, struct.pack("<II", column, style) + data)


def xlsb_of(sheets: dict[str, bytes], texts_: tuple[str, ...] = (), **more: str | bytes) -> bytes:
    """An XLSB of the records of its sheets; `hidden_` in a name hides a sheet."""
    listed = record(153, struct.pack("<III", 0, 0, 0)) + record(143)
    for k, name in enumerate(sheets, 1):
        state = struct.pack("<II", name.startswith("hidden_"), k)
        listed += record(156, state + string(f"rId{k}") + string(name))
    shared = record(159, struct.pack("<II", len(texts_), len(texts_)))
    shared += b"".join(record(19, b"\0" + string(one)) for one in texts_) + record(160)
    code = record(44, struct.pack("<H", 170) + string('yyyy"年"m"月"d"日"'))
    styles = b"".join(
        record(47, struct.pack("<HHHHHHHH", 0, number, 0, 0, 0, 0, 0, 0)) for number in (0, 14, 170)
    )
    styles = code + record(626) + styles[:18] + record(627) + record(617) + styles + record(618)
    places = (
        (f"rId{k}", "worksheet", f"worksheets/sheet{k}.bin") for k in range(1, 1 + len(sheets))
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + listed + record(144) + record(132),
        "xl/sharedStrings.bin": shared,
        "xl/styles.bin": styles,
        "xl/_rels/workbook.bin.rels": relations(
            *places,
            ("rId98", "sharedStrings", "sharedStrings.bin"),
            ("rId99", "styles", "styles.bin"),
        ),
    }
    for k, records in enumerate(sheets.values(), 1):
        body = (
            record(129)
            + record(148, struct.pack("<4I", 0, 9, 0, 9))
            + record(145)
            + records
            + record(146)
            + record(130)
        )
        parts[f"xl/worksheets/sheet{k}.bin"] = body
    return zip_of({**parts, **more})


NUMBER = struct.Struct("<d").pack
CELLS = (
    row(0)
    + cell(7, 0, struct.pack("<I", 0))
    + cell(5, 2, NUMBER(12.0))
    + row(1)
    + cell(2, 0, struct.pack("<I", 45418 << 2 | 2), 1)
    + cell(5, 1, NUMBER(45418.0), 2)
    + cell(4, 2, b"\1")
    + cell(3, 3, b"\x2a")
    + row(3)
    + cell(6, 0, string("二行\n一つ"))
    + cell(8, 1, string("式") + bytes(6))
    + cell(9, 2, NUMBER(0.1) + bytes(6))
    + cell(10, 3, b"\0" + bytes(6))
    + cell(62, 4, b"\1" + string("書式") + bytes(8))
)
SHOWN = "りんご\t\t12\n2024-05-06\t2024年5月6日\tTRUE\n二行 一つ\t式\t0.1\tFALSE\t書式"
