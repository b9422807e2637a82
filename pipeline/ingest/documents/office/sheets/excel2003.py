"""The workbooks of Excel 2003 that are one XML file: rows, cells, and nothing beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Broken, Document, Input, Items, ReadOptions, Skipped
from seimai.pipeline.ingest.documents.office.faults import Faults
from seimai.pipeline.ingest.documents.office.flat_files import WORKBOOK
from seimai.pipeline.ingest.documents.office.flow import Flow
from seimai.pipeline.ingest.documents.office.package import Event, Package, skip
from seimai.pipeline.ingest.documents.office.sheets.cells import Rows, shown
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH
from seimai.pipeline.ingest.documents.office.sheets.over_cells import number_in
from seimai.pipeline.ingest.sources.spool import first_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

MEDIA_TYPE = "application/vnd.ms-excel"
MIDNIGHT = "T00:00:00.000"


def read_xml_sheets(source: Input, package: Package, options: ReadOptions) -> Items:
    """A document for each visible sheet; what comes before a fault stays."""
    faults = Faults()
    found = 0
    with faults.within(""):
        events = package.events(WORKBOOK)
        for event in events:
            if event.kind == "start" and event.name == "Worksheet":
                found += 1
                yield from _sheet(event, events, f"sheet {found}", options)
    yield from faults.told(first_bytes(source) if faults else b"")
    if not found and not faults:
        yield Skipped("", "empty")


def _sheet(start: Event, events: Iterator[Event], place: str, options: ReadOptions) -> Items:
    flow = Flow(options.max_record)
    rows = Rows(flow, keep_hidden=options.hidden == "keep")
    hidden = False
    fault: Broken | None = None
    try:
        hidden = _write(rows, events)
    except Broken as broken:
        fault = broken
    rows.finish()
    text = flow.text()
    if hidden and options.hidden == "drop":
        yield Skipped(place, "hidden_sheet")
    elif text:
        name = start.attributes.get("Name", "")
        extra = {"title": name} if name else None
        yield Document(text, place, media_type=MEDIA_TYPE, extra=extra)
        yield from rows.left_out(place)
    elif fault is None:
        yield Skipped(place, "empty")
    if fault is not None:
        raise fault


def _write(rows: Rows, events: Iterator[Event]) -> bool:
    """Write the rows of a sheet up to its end; whether it is hidden."""
    hidden = is_open = False
    kind, pieces, column, said_column, merged = "", list[str](), 0, 0, 0
    inside = ""
    for event in events:
        said = event.attributes
        if event.kind == "text":
            if inside in {"Data", "Visible"}:
                pieces.append(event.name)
        elif event.kind == "start":
            if event.name in {"Comment", "PhoneticText"}:
                skip(events)
            elif event.name == "Row":
                rows.open_row(hidden=said.get("Hidden") == "1")
                is_open, column, said_column = True, 0, 0
            elif event.name == "Column" and said.get("Hidden") == "1":
                said_column = number_in(said.get("Index"), said_column + 1)
                last = said_column + number_in(said.get("Span"), 0)
                rows.hidden.add(said_column, last)
                said_column = last
            elif event.name == "Column":
                said_column = number_in(said.get("Index"), said_column + 1)
                said_column += number_in(said.get("Span"), 0)
            elif event.name == "Cell":
                column = number_in(said.get("Index"), column + 1)
                merged = number_in(said.get("MergeAcross"), 0)
                pieces = []
            elif event.name in {"Data", "Visible"}:
                kind, inside, pieces = said.get("Type", "String"), event.name, []
        elif event.name == "Worksheet":
            return hidden
        elif event.name in {"Data", "Visible"}:
            if event.name == "Visible":
                hidden = "".join(pieces).strip() in {"SheetHidden", "SheetVeryHidden"}
            elif is_open:
                rows.put(column, _value("".join(pieces), kind))
            inside = ""
        elif event.name == "Cell":
            column += merged
        elif event.name == "Row":
            rows.close_row()
            is_open = False
    return hidden


def _value(said: str, kind: str) -> str:
    """A cell as it is read; errors such as #N/A are not text."""
    text = " ".join(said.split())
    if kind == "Number":
        try:
            return shown(float(text), "", EPOCH)
        except (ValueError, OverflowError):
            return text
    if kind == "DateTime":
        return text.removesuffix(MIDNIGHT).removesuffix(".000").replace("T", " ")
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    return "" if kind == "Error" else text
