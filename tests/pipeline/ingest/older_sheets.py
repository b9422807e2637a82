"""Workbooks of Excel 2, 3 and 4."""

from __future__ import annotations

import struct

from tests.pipeline.ingest.making import SENTENCES
from tests.pipeline.ingest.old_office import biff

END = biff(0x0A)
BEGINS = {2: (0x09, 4), 3: (0x209, 6), 4: (0x409, 6)}
NUMBER = struct.Struct("<d").pack


def begin(version: int, kind: int = 0x10) -> bytes:
    """The first record, of a sheet or of something else."""
    record, size = BEGINS[version]
    number = {2: 2, 3: 3, 4: 4}[version]
    return biff(record, struct.pack("<HH", number, kind).ljust(size, b"\0"))[: 4 + size]


def cell(version: int, kind: int, row: int, column: int, value: bytes, style: int = 0) -> bytes:
    """A cell."""
    look = bytes([style, 0, 0]) if version == 2 else struct.pack("<H", style)
    return biff(kind, struct.pack("<HH", row, column) + look + value)


def said(version: int, text: str) -> bytes:
    """A string with its length."""
    raw = text.encode("cp932")
    return (bytes([len(raw)]) if version == 2 else struct.pack("<H", len(raw))) + raw


def label(version: int, row: int, column: int, text: str) -> bytes:
    """A cell of text."""
    return cell(version, 0x04 if version == 2 else 0x204, row, column, said(version, text))


def number(version: int, row: int, column: int, value: float, style: int = 0) -> bytes:
    """A cell of a number."""
    return cell(version, 0x03 if version == 2 else 0x203, row, column, NUMBER(value), style)


def formula(version: int, row: int, column: int, result: bytes) -> bytes:
    """A cell of a formula."""
    return cell(version, {2: 0x06, 3: 0x206, 4: 0x406}[version], row, column, result + bytes(4))


def styles(version: int) -> bytes:
    """Two number formats and a style for each."""
    codes = (b"General", b'yyyy"/"m"/"d')
    head = b"\0\0" if version == 4 else b""
    kind = 0x41E if version == 4 else 0x1E
    formats = b"".join(biff(kind, head + bytes([len(code)]) + code) for code in codes)
    looks = (
        {2: bytes([0, 0, k, 0]), 3: bytes([0, k]) + bytes(10), 4: bytes([0, k]) + bytes(10)}[
            version
        ]
        for k in (0, 1)
    )
    kind = {2: 0x43, 3: 0x243, 4: 0x443}[version]
    return formats + b"".join(biff(kind, look) for look in looks)


def sheet(version: int) -> bytes:
    """A whole workbook of one sheet."""
    text = biff(0x07 if version == 2 else 0x207, said(version, "式の値"))
    if version == 2:
        twelve = cell(2, 0x02, 0, 1, struct.pack("<H", 12))
    else:
        twelve = cell(version, 0x27E, 0, 1, struct.pack("<I", 12 << 2 | 2))
    return (
        begin(version)
        + biff(0x42, struct.pack("<H", 932))
        + styles(version)
        + label(version, 0, 0, "品名")
        + twelve
        + number(version, 0, 2, 45418.0, 1)
        + label(version, 1, 0, SENTENCES[0])
        + cell(version, 0x05 if version == 2 else 0x205, 1, 1, b"\1\0")
        + formula(version, 1, 2, NUMBER(0.5))
        + formula(version, 2, 0, b"\0\0\0\0\0\0\xff\xff")
        + text
        + END
    )
