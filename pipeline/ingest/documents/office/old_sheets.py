"""
XLS: a document for each visible sheet, as of XLSX; versions 5 and 95 in the code page they say.

Values are read as they were last computed; readings (フリガナ) are left out, and text boxes, as of
XLSX. Comments follow the rows where they are wanted.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Items,
    ReadOptions,
    Skipped,
    unreadable,
)
from seimai.pipeline.ingest.documents.office.biff import Record, Strings, number_of, records
from seimai.pipeline.ingest.documents.office.cells import (
    EPOCH,
    EPOCH_1904,
    Rows,
    built_in_formats,
    kind_of_format,
    shown,
)
from seimai.pipeline.ingest.documents.office.compound import Compound, codec_of
from seimai.pipeline.ingest.documents.office.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MEDIA_TYPE = "application/vnd.ms-excel"

BOF, EOF, BOUNDSHEET, FILEPASS, CODEPAGE = 0x809, 0x0A, 0x85, 0x2F, 0x42
DATEMODE, FORMAT, XF, SST = 0x22, 0x41E, 0xE0, 0xFC
ROW, COLUMNS, LABELSST, LABEL, RSTRING = 0x208, 0x7D, 0xFD, 0x204, 0xD6
NUMBER, RK, MULRK, FORMULA, STRING, BOOLERR = 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205
OBJECT, TEXT_OBJECT = 0x5D, 0x1B6
"""Numbers of the records that are looked at."""

VERSION_8, VERSION_5 = 0x600, 0x500
WORKSHEET = 0
AGAIN = 2
"""So many times the bytes of a workbook may be read: a thousand sheets in one place are a trap."""
COMMENT = 0x19
"""The kind of an object that is a comment."""
ROW_IS_HIDDEN = 0x20


class _Sheet(NamedTuple):
    name: str
    at: int
    hidden: bool


@dataclass
class _Book:
    """What cells refer to."""

    version: int = VERSION_8
    encoding: str = "cp932"
    epoch: datetime = EPOCH
    sheets: list[_Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=built_in_formats)
    """What number formats show."""
    formats: list[int] = field(default_factory=list)
    """The number format of each cell style."""

    def shows(self, style: int) -> str:
        """What a cell of this style shows: "", "date", "time" or "both"."""
        return self.kinds.get(self.formats[style], "") if style < len(self.formats) else ""

    def string(self, record: Record, at: int, length_size: int) -> str:
        """A string at a place of a record, as the version writes it."""
        strings = Strings(record, at)
        if self.version == VERSION_8:
            return strings.string(length_size)
        data = strings.take(strings.number(length_size))
        return data.decode(self.encoding, "replace")


def items(compound: Compound, stream: str, options: ReadOptions) -> Items:
    """A document for each sheet that is read."""
    data = compound.stream(stream)
    book = _book(data)
    _, date = compound.facts()
    left = AGAIN * len(data)
    for number, sheet in enumerate(book.sheets, 1):
        place = f"sheet {number}"
        if sheet.hidden and options.hidden == "drop":
            yield Skipped(place, "hidden_sheet")
            continue
        flow = Flow(options.max_record)
        rows = Rows(flow, keep_hidden=options.hidden == "keep")
        if left < 0:
            yield unreadable(place, Broken("damaged", "the sheets of the workbook overlap"))
            return
        try:
            comments, end = _write(rows, data, sheet, book)
            left -= end - sheet.at
            if options.comments == "keep":
                for comment in comments:
                    flow.spend(3 * len(comment))
                    flow.line(" ".join(comment.split()))
        except Broken as broken:
            yield unreadable(place, broken)
            continue
        except (struct.error, IndexError):
            yield unreadable(place, Broken("damaged", "a record of the sheet is too short"))
            continue
        text = flow.text()
        if text:
            extra = {"title": sheet.name} if sheet.name else None
            yield Document(text, place, date=date, media_type=MEDIA_TYPE, extra=extra)
        else:
            yield Skipped(place, "empty")
        yield from rows.left_out(place)
    if not book.sheets:
        raise Broken("damaged", "the workbook names no sheet")


def _book(data: bytes) -> _Book:
    """The part of a workbook that stands before its sheets."""
    book = _Book()
    try:
        for record in records(data):
            if record.kind == EOF:
                break
            _note(book, record)
    except (struct.error, IndexError) as error:
        raise Broken("damaged", "a record of the workbook is too short") from error
    return book


def _note(book: _Book, record: Record) -> None:
    kind, data = record.kind, record.data
    if record.at == 0:
        if kind != BOF:
            raise Broken("damaged", "the workbook does not begin with a workbook")
        book.version = int.from_bytes(data[:2], "little")
        if book.version not in {VERSION_5, VERSION_8}:
            raise Broken("format", "a workbook of an Excel before version 5")
    elif kind == FILEPASS:
        raise Broken("encrypted", "the workbook is locked with a password")
    elif kind == CODEPAGE:
        book.encoding = codec_of(struct.unpack_from("<H", data)[0])
    elif kind == DATEMODE and data[:1] == b"\1":
        book.epoch = EPOCH_1904
    elif kind == BOUNDSHEET:
        at, state, what = struct.unpack_from("<IBB", data)
        if what == WORKSHEET:
            book.sheets.append(_Sheet(book.string(record, 6, 1), at, state & 3 != 0))
    elif kind == FORMAT:
        size = 2 if book.version == VERSION_8 else 1
        number = int.from_bytes(data[:2], "little")
        book.kinds[number] = kind_of_format(book.string(record, 2, size))
    elif kind == XF:
        book.formats.append(struct.unpack_from("<H", data, 2)[0])
    elif kind == SST:
        (count,) = struct.unpack_from("<I", data, 4)
        strings = Strings(record, 8)
        for _ in range(count):
            book.strings.append(" ".join(strings.string(2).split()))


def _write(rows: Rows, data: bytes, sheet: _Sheet, book: _Book) -> tuple[list[str], int]:
    """Write the rows of a sheet; the comments on it, and where it ends."""
    hidden: set[int] = set()
    comments: list[str] = []
    is_comment = False
    last = -1
    waiting: tuple[int, int] | None = None
    """The cell whose formula gives a string, which stands in the next record."""
    depth = 0
    end = sheet.at
    for record in records(data, sheet.at):
        end = record.at
        kind, said = record.kind, record.data
        if record.at == sheet.at and kind != BOF:
            raise Broken("damaged", "there is no sheet where the workbook says")
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if not depth:
                break
        elif depth > 1:
            continue  # A chart that stands in the sheet.
        elif kind == ROW:
            row, flags = struct.unpack_from("<H10xI", said)
            if flags & ROW_IS_HIDDEN:
                hidden.add(row)
        elif kind == COLUMNS:
            first, final, _, _, flags = struct.unpack_from("<5H", said)
            if flags & 1:
                rows.hidden.add(first + 1, final + 1)
        elif kind == OBJECT:
            is_comment = struct.unpack_from("<4xH", said)[0] == COMMENT
        elif kind == TEXT_OBJECT:
            (length,) = struct.unpack_from("<10xH", said)
            if is_comment and length and record.more:
                strings = Strings(Record(kind, record.at, record.more[0], record.more[1:]))
                comments.append(strings.characters(length, strings.number(1)))
            is_comment = False
        else:
            for row, column, text in _cells(record, book, waiting):
                if row != last:
                    if last >= 0:
                        rows.close_row()
                    rows.open_row(hidden=row in hidden)
                    last = row
                rows.put(column + 1, text)
            if kind in {FORMULA, STRING}:
                waiting = _waits(record)
    if last >= 0:
        rows.close_row()
    return comments, end


def _waits(record: Record) -> tuple[int, int] | None:
    """The cell of a formula whose value is a string."""
    if record.kind == FORMULA and record.data[6] == 0 and record.data[12:14] == b"\xff\xff":
        row, column = struct.unpack_from("<HH", record.data)
        return row, column
    return None


def _cells(
    record: Record, book: _Book, waiting: tuple[int, int] | None
) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of the cells that a record holds."""
    kind, said = record.kind, record.data
    if kind == STRING:
        if waiting:
            yield *waiting, " ".join(book.string(record, 0, 2).split())
        return
    if kind not in {LABELSST, LABEL, RSTRING, NUMBER, RK, MULRK, FORMULA, BOOLERR}:
        return
    row, column, style = struct.unpack_from("<3H", said)
    if kind == LABELSST:
        (number,) = struct.unpack_from("<6xI", said)
        if number < len(book.strings):
            yield row, column, book.strings[number]
    elif kind in {LABEL, RSTRING}:
        yield row, column, " ".join(book.string(record, 6, 2).split())
    elif kind == NUMBER:
        yield row, column, _shown(struct.unpack_from("<6xd", said)[0], style, book)
    elif kind == RK:
        yield row, column, _shown(number_of(struct.unpack_from("<6xI", said)[0]), style, book)
    elif kind == MULRK:
        for k, at in enumerate(range(4, len(said) - 7, 6)):
            style, packed = struct.unpack_from("<HI", said, at)
            yield row, column + k, _shown(number_of(packed), style, book)
    elif kind == BOOLERR:
        if not said[7]:
            yield row, column, "TRUE" if said[6] else "FALSE"
    elif said[12:14] != b"\xff\xff":
        yield row, column, _shown(struct.unpack_from("<6xd", said)[0], style, book)
    elif said[6] == 1:
        yield row, column, "TRUE" if said[8] else "FALSE"


def _shown(number: float, style: int, book: _Book) -> str:
    return shown(number, book.shows(style), book.epoch) if math.isfinite(number) else ""
