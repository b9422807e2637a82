"""
XLSX and XLSB: a document for each visible sheet, a line for each row, tabs between cells.

Values are read as they were last computed; readings (フリガナ) that the shared strings hold are
left out. Text boxes, SmartArt and charts of a sheet follow its rows, comments where they are
wanted. What cannot be read of the strings, the styles or a sheet costs no more than that.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.flat_files import WORKBOOK
from seimai.pipeline.ingest.documents.office.flow import Flow
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip
from seimai.pipeline.ingest.documents.office.sheets.cells import (
    EPOCH_1904,
    Book,
    Rows,
    built_in_formats,
    kind_of_format,
    shown,
    unescaped,
)
from seimai.pipeline.ingest.documents.office.sheets.excel2003 import read_xml_sheets
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH
from seimai.pipeline.ingest.documents.office.sheets.over_cells import number_in, write_over_cells
from seimai.pipeline.ingest.documents.office.sheets.sheet_rows import by_rows
from seimai.pipeline.ingest.documents.office.sheets.xlsb import (
    binary_sheets,
    read_binary_formats,
    read_binary_strings,
    write_binary,
)
from seimai.pipeline.ingest.sources.spool import first_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_STRINGS = 4_000_000
"""A sheet has a million rows; four million different texts are more than Excel can open."""
STRINGS_PER_RECORD = 4
"""The shared strings of all sheets may take this many times the limit of one record."""

MAIN, WORKSHEETS = "xl/workbook.xml", "xl/worksheets/sheet"
BINARY = ".bin"
"""How the parts of XLSB end."""
USUAL = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
"""Where Excel puts its parts, for where the list of them is lost."""
SHEETS = {"worksheet", "chartsheet"}
"""Kinds of sheets that are read; of one that is a chart what is text in it."""
YES = {"1", "true"}


class _Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


def read_xlsx(source: Input, options: ReadOptions) -> Items:
    """A document for each sheet, or each row; `place` is `sheet N` from 1, its name its title."""
    return by_rows(_read(source, options), options)


def _read(source: Input, options: ReadOptions) -> Items:
    faults = Faults()
    try:
        with opened(source, options) as package:
            if package.has(WORKBOOK):
                yield from read_xml_sheets(source, package, options)
                return
            sheets, epoch = _sheets(package, faults)
            parts = _parts(package)
            book = Book(epoch=epoch)
            with faults.within("strings"):
                if part := parts.get("sharedStrings"):
                    _read_strings(book.strings, package, part, options.max_record)
            book.broken = bool(faults)
            with faults.within("styles"):
                if part := parts.get("styles"):
                    _read_formats(book.formats, package, part)
            _, date = facts_of(package)
            yield from faults.told(first_bytes(source) if faults else b"")
            for number, sheet in enumerate(sheets, 1):
                place = f"sheet {number}"
                if sheet.hidden and options.hidden == "drop":
                    yield Skipped(place, "hidden_sheet")
                else:
                    yield from _read_sheet(source, package, sheet, book, place, date, options)
    except Broken as broken:
        yield refused(source, broken)


def _read_sheet(
    source: Input,
    package: Package,
    sheet: _Sheet,
    book: Book,
    place: str,
    date: str | None,
    options: ReadOptions,
) -> Items:
    """The document of a sheet; what comes before a fault in it stays."""
    flow = Flow(options.max_record)
    rows = Rows(flow, keep_hidden=options.hidden == "keep")
    faults = Faults()
    book.lost = 0
    try:
        with faults.within(place):
            if sheet.part.endswith(BINARY):
                write_binary(rows, package.pieces(sheet.part), book)
            else:
                _write(rows, package.events(sheet.part), book)
        rows.finish()
        if book.lost and not book.broken:
            detail = f"{book.lost} cells refer to strings that the workbook does not have"
            faults.add(place, Broken("damaged", detail))
        comments = options.comments == "keep"
        embedded = write_over_cells(flow, package, sheet.part, faults, place, comments=comments)
    except Broken as broken:
        if broken.cause == "bomb":
            raise
        yield refused(source, broken, place)
        return
    text = flow.text()
    if text:
        extra = {"title": sheet.name} if sheet.name else None
        yield Document(text, place, date=date, media_type=MEDIA_TYPE, extra=extra)
    elif not faults:
        yield Skipped(place, "empty")
    yield from faults.told(first_bytes(source) if faults else b"")
    if embedded:
        yield Skipped(place, "embedded", embedded)
    yield from rows.left_out(place)


def _parts(package: Package) -> dict[str, str]:
    """The part of each kind that the workbook refers to."""
    found: dict[str, str] = {}
    with contextlib.suppress(Broken):  # It is told with the sheets.
        for relation in package.relations(package.main_part(MAIN)).values():
            if package.has(relation.target):
                found.setdefault(relation.kind, relation.target)
        return found
    return {kind: part for kind, part in USUAL.items() if package.has(part)}


def _sheets(package: Package, faults: Faults) -> tuple[list[_Sheet], datetime]:
    main = package.main_part(MAIN)
    epoch = EPOCH
    sheets: dict[str, _Sheet] = {}
    with faults.within(main):
        relations = package.relations(main)
        if main.endswith(BINARY):
            named, epoch = binary_sheets(package.pieces(main))
            for one, name, hidden in named:
                if (relation := relations.get(one)) and relation.kind == "worksheet":
                    sheets[relation.target] = _Sheet(name, relation.target, hidden)
        for event in () if main.endswith(BINARY) else package.events(main):
            if event.kind != "start":
                continue
            said = event.attributes
            if event.name == "workbookPr" and said.get("date1904") in YES:
                epoch = EPOCH_1904
            elif event.name == "sheet":
                relation = relations.get(said.get("r:id", ""))
                target = relation.target if relation else f"of the sheet {len(sheets) + 1}"
                if relation and relation.kind not in SHEETS:
                    continue  # A dialog, or macros of old.
                hidden = said.get("state", "visible") != "visible"
                sheets.setdefault(target, _Sheet(said.get("name", ""), target, hidden))
    if not sheets and faults:
        sheets = {part: _Sheet("", part, hidden=False) for part in package.numbered(WORKSHEETS)}
    if not sheets:
        raise Broken("damaged", "the workbook names no sheet")
    return list(sheets.values()), epoch


def _read_strings(found: list[str], package: Package, part: str, largest: int) -> None:
    """Read the strings that cells refer to by number."""
    if part.endswith(BINARY):
        read_binary_strings(found, package.pieces(part))
        return
    left = STRINGS_PER_RECORD * largest
    pieces: list[str] = []
    in_text = False
    events = package.events(part)
    for event in events:
        if event.kind == "text":
            if in_text:
                pieces.append(event.name)
                left -= 3 * len(event.name)
        elif event.kind == "start":
            if event.name in {"rPh", "phoneticPr"}:
                skip(events)
            in_text = event.name == "t"
        else:
            in_text = False
            if event.name == "si":
                found.append(unescaped("".join(pieces)))
                pieces = []
                if len(found) > MOST_STRINGS or left < 0:
                    raise Broken("too_large", "the strings of the workbook do not end")


def _read_formats(found: list[str], package: Package, part: str) -> None:
    """Read what the numbers of each cell style are."""
    if part.endswith(BINARY):
        read_binary_formats(found, package.pieces(part))
        return
    kinds = built_in_formats()
    in_cells = False
    for event in package.events(part):
        if event.name == "cellXfs" and event.kind != "text":
            in_cells = event.kind == "start"
        elif event.kind == "start" and event.name == "numFmt":
            code = kind_of_format(event.attributes.get("formatCode", ""))
            kinds[number_in(event.attributes.get("numFmtId"), -1)] = code
        elif event.kind == "start" and event.name == "xf" and in_cells:
            found.append(kinds.get(number_in(event.attributes.get("numFmtId"), 0), ""))


def _write(rows: Rows, events: Iterator[Event], book: Book) -> None:
    """Write the rows of a sheet."""
    column: int | None = None
    kind = style = ""
    value: list[str] = []
    in_value = False
    for event in events:
        name = event.name
        if event.kind == "text":
            if in_value:
                value.append(name)
        elif event.kind == "start":
            in_value = name in {"v", "t"}
            said = event.attributes
            if name == "c":
                kind = said.get("t", "n")
                style = said.get("s", "")
                column = _column(said.get("r", "")) or None
                value = []
            elif name in {"rPh", "extLst", "f"}:
                skip(events)
            elif name == "row":
                rows.open_row(hidden=said.get("hidden") in YES)
            elif name == "col" and said.get("hidden") in YES:
                rows.hidden.add(number_in(said.get("min"), 1), number_in(said.get("max"), 0))
        else:
            in_value = False
            if name == "c":
                rows.put(column, _value("".join(value), kind, style, book))
            elif name == "row":
                rows.close_row()


def _column(reference: str) -> int:
    """
    The number of a column from 1; 0 where there is none.

    >>> _column("A1"), _column("AB12"), _column("")
    (1, 28, 0)
    """
    number = 0
    for char in reference[:3]:
        if not "A" <= char <= "Z":
            break
        number = number * 26 + ord(char) - 64
    return number


def _value(said: str, kind: str, style: str, book: Book) -> str:
    """A cell as it is read; errors such as #N/A are not text."""
    if kind == "s":
        return " ".join(book.string(number_in(said.strip(), -1)).split())
    if kind in {"str", "inlineStr"}:
        return " ".join(unescaped(said).split())
    if kind == "b":
        return "TRUE" if said.strip() == "1" else "FALSE"
    if kind == "d":
        return said.strip()
    if kind != "n":
        return ""
    try:
        number_ = float(said)
    except ValueError:
        return ""
    place = number_in(style, -1)
    shows = book.formats[place] if 0 <= place < len(book.formats) else ""
    return shown(number_, shows, book.epoch)
