"""
XLSX: a document for each visible sheet, a line for each row, tabs between cells.

Values are read as they were last computed. Numbers are written as short as they can be, dates as
in ISO 8601; readings (フリガナ) that the shared strings hold are left out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.office.facts import facts_of
from seimai.pipeline.ingest.office.flow import MOST_COLUMNS, Flow
from seimai.pipeline.ingest.office.package import Event, Package, opened, refused, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_STRINGS = 4_000_000
"""A sheet has a million rows; four million different texts are more than Excel can open."""
STRINGS_PER_RECORD = 4
"""The shared strings of all sheets may take so many times the limit of one record."""

DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The built-in number formats that are dates or times, Japanese ones included."""
TIME_FORMATS = {18, 19, 20, 21, 32, 33, 45, 46, 47, 55, 56}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
"""Parts of a number format that stand for themselves; `[h]` is looked at before."""
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
LAST_DAY = 2_958_465
"""31 December 9999, the last day that Excel knows."""
EXACT = 1e15
"""Below it whole numbers are exact in a double."""


class _Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


class _Book(NamedTuple):
    """What cells refer to."""

    strings: list[str]
    formats: list[str]
    """For each cell style "", "date", "time" or "both"."""
    epoch: datetime


def read_xlsx(source: Input, options: ReadOptions) -> Items:
    """A document for each visible sheet; `place` is `sheet N` from 1, the name is its title."""
    try:
        with opened(source, options) as package:
            sheets, epoch = _sheets(package)
            parts = _parts(package)
            book = _Book(
                _strings(package, parts.get("sharedStrings"), options.max_record),
                _formats(package, parts.get("styles")),
                epoch,
            )
            _, date = facts_of(package)
            for number, sheet in enumerate(sheets, 1):
                place = f"sheet {number}"
                if sheet.hidden:
                    yield Skipped(place, "hidden_sheet")
                    continue
                flow = Flow(options.max_record)
                try:
                    _write(flow, package.events(sheet.part), book)
                except Broken as broken:
                    if broken.cause == "bomb":
                        raise
                    yield refused(source, broken, place)
                    continue
                text = flow.text()
                if text:
                    extra = {"title": sheet.name} if sheet.name else None
                    yield Document(text, place, date=date, media_type=MEDIA_TYPE, extra=extra)
                else:
                    yield Skipped(place, "empty")
    except Broken as broken:
        yield refused(source, broken)


def _parts(package: Package) -> dict[str, str]:
    """The part of each kind that the workbook refers to."""
    found: dict[str, str] = {}
    for relation in package.relations(package.main_part()).values():
        if package.has(relation.target):
            found.setdefault(relation.kind, relation.target)
    return found


def _sheets(package: Package) -> tuple[list[_Sheet], datetime]:
    main = package.main_part()
    relations = package.relations(main)
    epoch = EPOCH
    sheets: dict[str, _Sheet] = {}
    for event in package.events(main):
        if event.kind != "start":
            continue
        said = event.attributes
        if event.name == "workbookPr" and said.get("date1904") in {"1", "true"}:
            epoch = EPOCH_1904
        elif event.name == "sheet":
            relation = relations.get(said.get("r:id", ""))
            target = relation.target if relation else f"of the sheet {len(sheets) + 1}"
            if relation and relation.kind != "worksheet":
                continue  # A sheet that is a chart.
            hidden = said.get("state", "visible") != "visible"
            sheets.setdefault(target, _Sheet(said.get("name", ""), target, hidden))
    if not sheets:
        raise Broken("damaged", "the workbook names no sheet")
    return list(sheets.values()), epoch


def _strings(package: Package, part: str | None, largest: int) -> list[str]:
    """The strings that cells refer to by number."""
    found: list[str] = []
    if part is None:
        return found
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
                found.append("".join(pieces))
                pieces = []
                if len(found) > MOST_STRINGS or left < 0:
                    raise Broken("too_large", "the texts of the workbook have no end")
    return found


def _formats(package: Package, part: str | None) -> list[str]:
    """What the numbers of each cell style are."""
    kinds: dict[int, str] = {
        number: "time" if number in TIME_FORMATS else "date" for number in DATE_FORMATS
    }
    kinds[22] = "both"
    found: list[str] = []
    if part is None:
        return found
    in_cells = False
    for event in package.events(part):
        if event.name == "cellXfs" and event.kind != "text":
            in_cells = event.kind == "start"
        elif event.kind == "start" and event.name == "numFmt":
            code = _kind_of_format(event.attributes.get("formatCode", ""))
            kinds[_number(event.attributes.get("numFmtId"), -1)] = code
        elif event.kind == "start" and event.name == "xf" and in_cells:
            found.append(kinds.get(_number(event.attributes.get("numFmtId"), 0), ""))
    return found


def _kind_of_format(code: str) -> str:
    """
    What a number format shows.

    >>> [_kind_of_format(code) for code in ('yyyy"年"m"月"', "h:mm:ss", "[h]:mm", '0.0"day"')]
    ['date', 'time', 'time', '']
    """
    if _ELAPSED.search(code):
        return "time"
    plain = _LITERAL.sub("", code.partition(";")[0]).lower()
    day = "y" in plain or "d" in plain or ("m" in plain and "h" not in plain and "s" not in plain)
    hour = "h" in plain or "s" in plain
    if "general" in plain or "#" in plain or ("0" in plain and not hour):
        return ""
    return "both" if day and hour else "date" if day else "time" if hour else ""


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else otherwise


def _write(flow: Flow, events: Iterator[Event], book: _Book) -> None:
    """Write the rows of a sheet."""
    row: list[str] = []
    column = 0
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
            if name == "c":
                kind = event.attributes.get("t", "n")
                style = event.attributes.get("s", "")
                column = _column(event.attributes.get("r", "")) or len(row) + 1
                value = []
            elif name in {"rPh", "extLst", "f"}:
                skip(events)
            elif name == "row":
                row = []
        else:
            in_value = False
            if name == "c":
                text = _value("".join(value), kind, style, book)
                if text:
                    row += [""] * (min(column, MOST_COLUMNS) - len(row) - 1)
                    flow.spend(3 * len(text) + column % MOST_COLUMNS)
                    row.append(text)
            elif name == "row":
                flow.line("\t".join(row))
                row = []


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


def _value(said: str, kind: str, style: str, book: _Book) -> str:
    """A cell as it is read; errors such as #N/A are no text."""
    if kind == "s":
        number = _number(said.strip(), -1)
        text = book.strings[number] if 0 <= number < len(book.strings) else ""
        return " ".join(text.split())
    if kind in {"str", "inlineStr"}:
        return " ".join(said.split())
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
    place = _number(style, -1)
    shows = book.formats[place] if 0 <= place < len(book.formats) else ""
    if shows and 0 <= number_ < LAST_DAY:
        return _date(number_, shows, book.epoch)
    if number_ == int(number_) if abs(number_) < EXACT else False:
        return str(int(number_))
    return repr(number_)


def _date(days: float, shows: str, epoch: datetime) -> str:
    """A day and time from days since the epoch, to the second."""
    if shows == "time":
        seconds = round(days * 86_400)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if epoch is EPOCH and days < 60:
        days += 1
    moment = epoch + timedelta(days=int(days), seconds=round(days % 1 * 86_400))
    return moment.date().isoformat() if shows == "date" else moment.isoformat(" ")
