"""
Workbooks of Excel 2, 3 and 4: one stream of records, usually with one sheet, in a code page.

The records are those of later versions with fewer and shorter fields; number formats are known by
their order. A workbook of version 4 that holds several sheets has them one after the other.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.documents.office.compound import codec_of
from seimai.pipeline.ingest.documents.office.faults import WHOLE, Faults
from seimai.pipeline.ingest.documents.office.flow import Flow
from seimai.pipeline.ingest.documents.office.sheets.biff import Record, number_of, records
from seimai.pipeline.ingest.documents.office.sheets.cells import (
    EPOCH_1904,
    Rows,
    kind_of_format,
    shown,
)
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH
from seimai.pipeline.ingest.sources.single_file import read_whole

if TYPE_CHECKING:
    from datetime import datetime

MEDIA_TYPE = "application/vnd.ms-excel"

BEGINS = {0x09: 2, 0x209: 3, 0x409: 4}
"""The record that a sheet begins with, and the version that has it."""
EOF, FILEPASS, CODEPAGE, DATEMODE, SHEET_NAME, NOTE = 0x0A, 0x2F, 0x42, 0x22, 0x8F, 0x1C
FORMATS, STYLES = {0x1E, 0x41E}, {0x43, 0x243, 0x443}
INTEGER, RK, STRINGS = 0x02, 0x27E, {0x07, 0x207}
NUMBERS, LABELS, BOOLEANS = {0x03, 0x203}, {0x04, 0x204}, {0x05, 0x205}
FORMULAS = {0x06, 0x206, 0x406}
COLUMNS = 0x7D
"""Numbers of the records that are looked at."""
WORKSHEET = 0x10
"""What a record that begins something begins: others are charts, macros and whole workbooks."""
BEFORE_VALUE, BEFORE_VALUE_2 = 6, 7
"""Bytes before the value of a cell: its place and its formatting, one more in version 2."""
STYLE_2 = 0x3F
"""The bits of a byte of formatting that are the style, in version 2; the rest is protection."""


@dataclass
class _Sheet:
    """A sheet as it is read, and what the file has said so far."""

    version: int
    rows: Rows
    flow: Flow
    encoding: str = "cp932"
    epoch: datetime = EPOCH
    kinds: list[str] = field(default_factory=list)
    """What number formats show, in their order."""
    styles: list[int] = field(default_factory=list)
    """The number format of each style."""
    last: int = -1
    waiting: tuple[int, int] | None = None
    """The cell whose formula gives a string, which stands in the next record."""
    notes: list[str] = field(default_factory=list)


def items(source: Input, options: ReadOptions) -> Items:
    """A document for each sheet; what comes before a fault stays."""
    data = read_whole(source, options)
    if isinstance(data, Unreadable):
        yield data
        return
    try:
        yield from _sheets(data, options)
    except Broken as broken:
        yield unreadable("", broken, data)


def _sheets(data: bytes, options: ReadOptions) -> Items:
    faults = Faults()
    number, short, name = 0, 0, ""
    sheet: _Sheet | None = None
    with faults.within(""):
        for record in records(data):
            if sheet is not None and record.kind == EOF:
                yield from _given(sheet, f"sheet {number}", name, options)
                sheet, name = None, ""
            elif version := BEGINS.get(record.kind):
                if record.data[2:4] == WORKSHEET.to_bytes(2, "little") and sheet is None:
                    number += 1
                    flow = Flow(options.max_record)
                    rows = Rows(flow, keep_hidden=options.hidden == "keep")
                    sheet = _Sheet(version, rows, flow)
            elif record.kind == FILEPASS:
                raise Broken("encrypted", "the workbook is password-protected")
            elif record.kind == SHEET_NAME:
                name = record.data[5 : 5 + record.data[4]].decode("cp932", "replace")
            elif sheet is not None:
                try:
                    _note(sheet, record)
                except (struct.error, IndexError):
                    short += 1
                except Broken as broken:
                    if broken.cause in WHOLE:
                        raise
                    short += 1
    if sheet is not None:
        yield from _given(sheet, f"sheet {number}", name, options)
    if short:
        faults.add("", Broken("damaged", f"records of the workbook are too short: {short}"))
    yield from faults.told(data[:FIRST_BYTES])
    if not number and not faults:
        yield unreadable("", Broken("format", "a chart or macros of an old Excel"), data)


def _given(sheet: _Sheet, place: str, name: str, options: ReadOptions) -> Items:
    sheet.rows.finish()
    if options.comments == "keep":
        sheet.flow.add_lines(sheet.notes)
    text = sheet.flow.text()
    if not text:
        yield Skipped(place, "empty")
        return
    yield Document(
        text,
        place,
        declared=sheet.encoding,
        encoding=sheet.encoding,
        replaced=text.count("\N{REPLACEMENT CHARACTER}"),
        media_type=MEDIA_TYPE,
        extra={"title": name} if name else None,
    )
    yield from sheet.rows.left_out(place)


def _note(sheet: _Sheet, record: Record) -> None:
    """Take from a record of a sheet what decides its text."""
    kind, data = record.kind, record.data
    if kind == CODEPAGE:
        sheet.encoding = codec_of(struct.unpack_from("<H", data)[0])
    elif kind == DATEMODE and data[:1] == b"\1":
        sheet.epoch = EPOCH_1904
    elif kind in FORMATS:
        code = data[3 : 3 + data[2]] if sheet.version == 4 else data[1 : 1 + data[0]]
        sheet.kinds.append(kind_of_format(code.decode(sheet.encoding, "replace")))
    elif kind in STYLES:
        sheet.styles.append(data[2] & STYLE_2 if sheet.version == 2 else data[1])
    elif kind == COLUMNS:
        first, final, _, _, flags = struct.unpack_from("<5H", data)
        if flags & 1:
            sheet.rows.hidden.add(first + 1, final + 1)
    elif kind == NOTE:
        text = data[6 : 6 + struct.unpack_from("<4xH", data)[0]]
        sheet.notes.append(" ".join(text.decode(sheet.encoding, "replace").split()))
    elif kind in STRINGS:
        if sheet.waiting:
            _put(sheet, *sheet.waiting, _string(sheet, data, 0))
            sheet.waiting = None
    elif kind in {INTEGER, RK} | NUMBERS | LABELS | BOOLEANS | FORMULAS:
        row, column = struct.unpack_from("<HH", data)
        _put(sheet, row, column, _value(sheet, kind, data, (row, column)))


def _put(sheet: _Sheet, row: int, column: int, text: str) -> None:
    if row != sheet.last:
        if sheet.last >= 0:
            sheet.rows.close_row()
        sheet.rows.open_row(hidden=False)
        sheet.last = row
    sheet.rows.put(column + 1, text)


def _value(sheet: _Sheet, kind: int, data: bytes, cell: tuple[int, int]) -> str:
    """A cell as it is read."""
    at = BEFORE_VALUE_2 if sheet.version == 2 else BEFORE_VALUE
    if kind in LABELS:
        return _string(sheet, data, at)
    if kind in BOOLEANS:
        return "" if data[at + 1] else "TRUE" if data[at] else "FALSE"
    if kind in FORMULAS and data[at + 6 : at + 8] == b"\xff\xff":
        sheet.waiting = cell if data[at] == 0 else None
        return ("TRUE" if data[at + 2] else "FALSE") if data[at] == 1 else ""
    if kind == INTEGER:
        number = float(struct.unpack_from("<H", data, at)[0])
    elif kind == RK:
        number = number_of(struct.unpack_from("<I", data, at)[0])
    else:
        (number,) = struct.unpack_from("<d", data, at)
    style = data[4] & STYLE_2 if sheet.version == 2 else struct.unpack_from("<H", data, 4)[0]
    place = sheet.styles[style] if style < len(sheet.styles) else -1
    shows = sheet.kinds[place] if 0 <= place < len(sheet.kinds) else ""
    return shown(number, shows, sheet.epoch) if math.isfinite(number) else ""


def _string(sheet: _Sheet, data: bytes, at: int) -> str:
    """A string with its length in front: one byte of it in version 2, two later."""
    size = 1 if sheet.version == 2 else 2
    length = int.from_bytes(data[at : at + size], "little")
    raw = data[at + size : at + size + length]
    return " ".join(raw.decode(sheet.encoding, "replace").split())
