"""
XLS: a document for each visible sheet, as of XLSX; versions 5 and 95 in the code page they say.

Values are read as they were last computed; readings (フリガナ) are left out. Text boxes, titles
of charts and, where they are wanted, comments follow the rows. A record that cannot be read costs
itself, a string that cannot be read its cells.
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
from seimai.pipeline.ingest.documents.office.compound import Compound, codec_of
from seimai.pipeline.ingest.documents.office.faults import WHOLE, Faults
from seimai.pipeline.ingest.documents.office.flow import Flow
from seimai.pipeline.ingest.documents.office.sheets.biff import Record, Strings, number_of, records
from seimai.pipeline.ingest.documents.office.sheets.cells import (
    EPOCH_1904,
    Rows,
    built_in_formats,
    kind_of_format,
    shown,
)
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MEDIA_TYPE = "application/vnd.ms-excel"

BOF, EOF, BOUNDSHEET, FILEPASS, CODEPAGE = 0x809, 0x0A, 0x85, 0x2F, 0x42
DATEMODE, FORMAT, XF, SST = 0x22, 0x41E, 0xE0, 0xFC
ROW, COLUMNS, LABELSST, LABEL, RSTRING = 0x208, 0x7D, 0xFD, 0x204, 0xD6
NUMBER, RK, MULRK, FORMULA, STRING, BOOLERR = 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205
OBJECT, TEXT_OBJECT, CHART_TEXT = 0x5D, 0x1B6, 0x100D
"""Numbers of the records that are looked at."""

VERSION_8, VERSION_5 = 0x600, 0x500
WORKSHEET = 0
AGAIN = 2
"""
How many times over the bytes of a workbook may be read: a thousand sheets in one place are a trap.
"""
COMMENT = 0x19
"""The kind of an object that is a comment."""
ROW_IS_HIDDEN = 0x20


class _Sheet(NamedTuple):
    name: str
    at: int
    hidden: bool


@dataclass
class _Book:
    """What cells of a workbook refer to: strings and formats."""

    version: int = VERSION_8
    encoding: str = "cp932"
    epoch: datetime = EPOCH
    sheets: list[_Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=built_in_formats)
    """What each number format shows."""
    formats: list[int] = field(default_factory=list)
    """For each cell style its number format."""
    broken: bool = False
    """Whether it was reported already that strings are lost."""
    lost: int = 0
    """How many cells refer to a string that is not there."""

    def shows(self, style: int) -> str:
        """What a cell of this style shows, as `kind_of_format` says it."""
        return self.kinds.get(self.formats[style], "") if style < len(self.formats) else ""

    def text(self, number: int) -> str:
        """The string with this number, "" where it is not there."""
        if number < len(self.strings):
            return self.strings[number]
        self.lost += 1
        return ""

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
    faults = Faults()
    book = _book(data, faults)
    _, date = compound.facts()
    yield from faults.told()
    book.broken = bool(faults)
    left = AGAIN * len(data)
    for number, sheet in enumerate(book.sheets, 1):
        place = f"sheet {number}"
        if sheet.hidden and options.hidden == "drop":
            yield Skipped(place, "hidden_sheet")
            continue
        if left < 0:
            yield unreadable(place, Broken("damaged", "the sheets of the workbook overlap"))
            return
        book.lost = 0
        writer = _Writer(Flow(options.max_record), book, options)
        faults = Faults()
        try:
            with faults.within(place):
                writer.write(data, sheet.at)
            left -= writer.end - sheet.at
            writer.finish()
        except Broken as broken:
            yield unreadable(place, broken)
            continue
        if writer.short:
            detail = f"records of the sheet are too short: {writer.short}"
            faults.add(place, Broken("damaged", detail))
        if book.lost and not book.broken:
            detail = f"{book.lost} cells refer to strings that the workbook does not have"
            faults.add(place, Broken("damaged", detail))
        text = writer.flow.text()
        if text:
            extra = {"title": sheet.name} if sheet.name else None
            yield Document(text, place, date=date, media_type=MEDIA_TYPE, extra=extra)
        elif not faults:
            yield Skipped(place, "empty")
        yield from faults.told()
        yield from writer.rows.left_out(place)
    if not book.sheets:
        raise Broken("damaged", "the workbook names no sheet")


def _book(data: bytes, faults: Faults) -> _Book:
    """The part of a workbook that stands before its sheets."""
    book = _Book()
    short = 0
    with faults.within("workbook"):
        for record in records(data):
            if record.kind == EOF:
                break
            try:
                if record.kind == SST and record.at:
                    with faults.within("strings"):
                        _read_strings(book.strings, record)
                else:
                    _note(book, record)
            except (struct.error, IndexError):
                short += 1
            except Broken as broken:
                if record.at == 0 or broken.cause == "encrypted":
                    raise
                short += 1
    if short:
        detail = f"records of the workbook are too short: {short}"
        faults.add("workbook", Broken("damaged", detail))
    return book


def _read_strings(found: list[str], record: Record) -> None:
    """Read the strings that cells refer to; those before a fault stay."""
    (count,) = struct.unpack_from("<I", record.data, 4)
    strings = Strings(record, 8)
    for _ in range(count):
        text = " ".join(strings.string(2).split())
        found.append(text)  # One by one: those before a fault stay.


def _note(book: _Book, record: Record) -> None:
    kind, data = record.kind, record.data
    if record.at == 0:
        if kind != BOF:
            raise Broken("damaged", "the workbook stream does not start with a workbook")
        book.version = int.from_bytes(data[:2], "little")
        if book.version not in {VERSION_5, VERSION_8}:
            raise Broken("format", "a workbook of an Excel before version 5")
    elif kind == FILEPASS:
        raise Broken("encrypted", "the workbook is password-protected")
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


class _Writer:
    """Writes the rows of a sheet, and what stands over them."""

    def __init__(self, flow: Flow, book: _Book, options: ReadOptions) -> None:
        self.flow = flow
        self.rows = Rows(flow, keep_hidden=options.hidden == "keep")
        self.end = 0
        """Where in the stream the sheet ends, as far as it was read."""
        self.short = 0
        """How many records could not be read."""
        self._book = book
        self._keep_comments = options.comments == "keep"
        self._hidden: set[int] = set()
        self._boxes: list[str] = []
        self._comments: list[str] = []
        self._charts: dict[str, None] = {}
        self._is_comment = False
        self._last = -1
        self._waiting: tuple[int, int] | None = None
        """The cell whose formula gives a string, which stands in the next record."""
        self._others = {
            ROW: self._row, COLUMNS: self._columns, OBJECT: self._object,
            TEXT_OBJECT: self._text_object,
        }  # fmt: skip

    def write(self, data: bytes, at: int) -> None:
        """Write the sheet that begins at a place."""
        depth = 0
        self.end = at
        for record in records(data, at):
            self.end = record.at
            if record.at == at and record.kind != BOF:
                raise Broken("damaged", "there is no sheet where the workbook says")
            if record.kind == BOF:
                depth += 1
            elif record.kind == EOF:
                depth -= 1
                if not depth:
                    break
            else:
                try:
                    self._note(record, depth)
                except (struct.error, IndexError):
                    self.short += 1
                except Broken as broken:
                    if broken.cause in WHOLE:
                        raise
                    self.short += 1

    def finish(self) -> None:
        """The rows are finished; what stands over them follows."""
        self.rows.finish()
        comments = self._comments if self._keep_comments else []
        self.flow.add_lines(self._boxes)
        if self._charts:
            self.flow.add_lines(["\t".join(self._charts)])
        self.flow.add_lines(comments)

    def _note(self, record: Record, depth: int) -> None:
        if depth > 1:  # A chart that stands in the sheet.
            if record.kind == CHART_TEXT:
                self._charts[" ".join(self._book.string(record, 2, 1).split())] = None
        elif other := self._others.get(record.kind):
            other(record)
        else:
            for row, column, text in _cells(record, self._book, self._waiting):
                if row != self._last:
                    if self._last >= 0:
                        self.rows.close_row()
                    self.rows.open_row(hidden=row in self._hidden)
                    self._last = row
                self.rows.put(column + 1, text)
            if record.kind in {FORMULA, STRING}:
                self._waiting = _waits(record)

    def _row(self, record: Record) -> None:
        row, flags = struct.unpack_from("<H10xI", record.data)
        if flags & ROW_IS_HIDDEN:
            self._hidden.add(row)

    def _columns(self, record: Record) -> None:
        first, final, _, _, flags = struct.unpack_from("<5H", record.data)
        if flags & 1:
            self.rows.hidden.add(first + 1, final + 1)

    def _object(self, record: Record) -> None:
        self._is_comment = struct.unpack_from("<4xH", record.data)[0] == COMMENT

    def _text_object(self, record: Record) -> None:
        (length,) = struct.unpack_from("<10xH", record.data)
        where = self._comments if self._is_comment else self._boxes
        self._is_comment = False
        if length and record.more:
            strings = Strings(Record(record.kind, record.at, record.more[0], record.more[1:]))
            text = strings.characters(length, strings.number(1))
            where.append(" ".join(text.split()))


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
        yield row, column, book.text(number)
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
