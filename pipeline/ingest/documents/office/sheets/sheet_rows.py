"""
Sheets as tables of records, where a recipe says `sheets: rows`: a document for each row.

Customers' voices, reports of faults and questionnaires are kept in workbooks, a case a row. The
header is looked for in the first lines, since a title or a date often stands above it; which
columns are the text is found as in a CSV file, by the recipe, by name or by what stands in them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seimai.pipeline.ingest.contract import Document, Items, ReadOptions, Skipped, Unreadable
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    longest_column,
    named_columns,
    shaper,
    without_columns,
)
from seimai.pipeline.ingest.records.prose_columns import ROWS, is_prose, prose_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ABOVE = 20
"""The header is looked for among this many lines at the top."""
FEWEST = 2
"""A header has at least this many filled cells: a line with one is a title."""
REST = "_rest"
"""Where `extra` keeps the cells that stand under no name, as of CSV."""


def by_rows(items: Items, options: ReadOptions) -> Items:
    """The items of a workbook; where rows are wanted, those of each sheet in its place."""
    for item in items:
        if options.sheets == "rows" and isinstance(item, Document):
            yield from _rows(item, options)
        else:
            yield item


def _rows(sheet: Document, options: ReadOptions) -> Items:
    lines = [line.split("\t") for line in sheet.text.split("\n")]
    header, texts = _header(lines, options)
    if not texts:
        columns = [name for name in max(lines[:ABOVE], key=len) if name]
        likely = longest_column(_longest(columns, lines))
        yield Unreadable(sheet.place, "no_text_column", without_columns(columns, options, likely))
        return
    if header:
        yield Skipped(sheet.place, "above_table", header)
    columns = lines[header]
    shape = shaper(replace(options, text=texts), str(sheet.media_type), None)
    title = (sheet.extra or {}).get("title")
    for number, cells in enumerate(line for line in lines[header + 1 :] if any(line)):
        record = _record(columns, cells)
        if title is not None:
            record.setdefault("sheet", title)
        item = shape(record, f"{sheet.place}, row {number}")
        if isinstance(item, Document) and item.date is None:
            item = replace(item, date=sheet.date)
        yield item


def _header(lines: Sequence[list[str]], options: ReadOptions) -> tuple[int, tuple[str, ...]]:
    """Where the header is, and the columns of the text; none where there is no table."""
    named = named_columns(options)
    for at, cells in enumerate(lines[:ABOVE]):
        if named:
            if set(named) <= set(cells):
                return at, named
            continue
        filled = [cell for cell in cells if cell]
        if len(filled) < FEWEST or any(map(is_prose, filled)):
            continue
        if found := find_text_columns(filled, options):
            return at, found
        if found := prose_columns(cells, lines[at + 1 : at + 1 + ROWS]):
            return at, found
    return 0, ()


def _record(columns: list[str], cells: list[str]) -> dict[str, Any]:
    """The filled cells of a row by the names of their columns."""
    record: dict[str, Any] = {}
    rest = []
    for place, cell in enumerate(cells):
        name = columns[place] if place < len(columns) else ""
        if name and name not in record:
            record[name] = cell
        elif cell:
            rest.append(cell)
    if rest:
        record[REST] = rest
    return record


def _longest(columns: list[str], lines: Sequence[list[str]]) -> dict[str, str]:
    """For each column its longest cell."""
    found: Iterator[tuple[str, str]] = (
        (name, max((row[place] for row in lines[:ROWS] if place < len(row)), key=len, default=""))
        for place, name in enumerate(columns)
    )
    return dict(found)
