"""
XLSX: a document for each visible sheet, a line for each row, tabs between cells.

Values are read as they were last computed; readings (フリガナ) that the shared strings hold are
left out. Comments follow the rows where they are wanted.
"""

from __future__ import annotations

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
from seimai.pipeline.ingest.documents.office.cells import (
    EPOCH,
    EPOCH_1904,
    Rows,
    built_in_formats,
    kind_of_format,
    shown,
)
from seimai.pipeline.ingest.documents.office.facts import facts_of
from seimai.pipeline.ingest.documents.office.flow import Flow
from seimai.pipeline.ingest.documents.office.package import Event, Package, opened, refused, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_STRINGS = 4_000_000
"""A sheet has a million rows; four million different texts are more than Excel can open."""
STRINGS_PER_RECORD = 4
"""The shared strings of all sheets may take so many times the limit of one record."""

YES = {"1", "true"}
THREAD = "tc="
"""The author of a comment that only says that newer programs show a thread of comments here."""


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
    """A document for each sheet; `place` is `sheet N` from 1, its name is its title."""
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
                if sheet.hidden and options.hidden == "drop":
                    yield Skipped(place, "hidden_sheet")
                    continue
                flow = Flow(options.max_record)
                rows = Rows(flow, keep_hidden=options.hidden == "keep")
                try:
                    _write(rows, package.events(sheet.part), book)
                    if options.comments == "keep":
                        _write_comments(flow, package, sheet.part)
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
                yield from rows.left_out(place)
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
        if event.name == "workbookPr" and said.get("date1904") in YES:
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
    kinds = built_in_formats()
    found: list[str] = []
    if part is None:
        return found
    in_cells = False
    for event in package.events(part):
        if event.name == "cellXfs" and event.kind != "text":
            in_cells = event.kind == "start"
        elif event.kind == "start" and event.name == "numFmt":
            code = kind_of_format(event.attributes.get("formatCode", ""))
            kinds[_number(event.attributes.get("numFmtId"), -1)] = code
        elif event.kind == "start" and event.name == "xf" and in_cells:
            found.append(kinds.get(_number(event.attributes.get("numFmtId"), 0), ""))
    return found


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 10 else otherwise


def _write(rows: Rows, events: Iterator[Event], book: _Book) -> None:
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
                rows.hidden.add(_number(said.get("min"), 1), _number(said.get("max"), 0))
        else:
            in_value = False
            if name == "c":
                rows.put(column, _value("".join(value), kind, style, book))
            elif name == "row":
                rows.close_row()


def _write_comments(flow: Flow, package: Package, sheet: str) -> None:
    """Write the comments on the cells of a sheet."""
    for relation in package.relations(sheet).values():
        if relation.kind not in {"comments", "threadedComment"} or not package.has(relation.target):
            continue
        authors: list[str] = []
        pieces: list[str] = []
        inside = ""
        events = package.events(relation.target)
        for event in events:
            if event.kind == "text":
                if inside in {"t", "text", "author"}:
                    pieces.append(event.name)
            elif event.kind == "start":
                inside = event.name
                number = _number(event.attributes.get("authorId"), -1)
                if inside in {"rPh", "phoneticPr"} or (
                    inside == "comment"
                    and 0 <= number < len(authors)
                    and authors[number].startswith(THREAD)
                ):
                    skip(events)
                elif inside in {"author", "comment", "threadedComment"}:
                    pieces = []
            else:
                inside = ""
                if event.name == "author":
                    authors.append("".join(pieces))
                elif event.name in {"comment", "threadedComment"}:
                    flow.spend(3 * sum(map(len, pieces)))
                    flow.line(" ".join("".join(pieces).split()))


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
    return shown(number_, shows, book.epoch)
