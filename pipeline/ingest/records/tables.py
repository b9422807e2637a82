"""
CSV and TSV: tables as spreadsheets and databases write them, in whatever encoding.

Line breaks inside quotes, a BOM, Excel's `sep=;` line and its tab-separated UTF-16 are all usual.
"""

from __future__ import annotations

import csv
import io
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from seimai.pipeline.decode import decode, incremental
from seimai.pipeline.decode.japanese import HANDLERS
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    Broken,
    Cause,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
    Unreadable,
    unreadable,
)
from seimai.pipeline.ingest.one_record import careful
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    longest_column,
    named_columns,
    shaper,
    without_columns,
)
from seimai.pipeline.ingest.records.prose_columns import ROWS, prose_columns
from seimai.pipeline.ingest.sources.parts import PartStream

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = 256 * 1024
"""Bytes at the beginning from which encoding and separator are told."""
SEPARATORS = "\t,;|"
LOST = "\N{REPLACEMENT CHARACTER}"
REST = "_rest"
"""Where `extra` keeps the cells of a row that has more of them than the header."""


def read_csv(source: Input, options: ReadOptions) -> Items:
    """
    Documents of a table with a header; `place` is `row N` of the data, without the header.

    A part of a file (`start`, `end`) gives the rows that end in what it owns; the rows before are
    read and passed over, since a line break may stand inside quotes.
    """
    items = _table(source, options)
    if not source.start:
        yield from items
        return
    for item in items:
        if item.place:  # What is wrong with the whole file is told once.
            yield item


def _table(source: Input, options: ReadOptions) -> Items:
    try:
        with closing(PartStream(source, options.limits)) as stream:
            head = _head(stream)
            if not head.strip(b"\0\r\n \t"):
                return
            found = decode(head)
            if found.refused:
                detail = f"the bytes are not text: {found.refused}"
                yield Unreadable("", "encoding", detail, head[:FIRST_BYTES])
                return
            lines = _lines(stream, head, found.encoding, options.max_record)
            yield from _rows(lines, head, found.encoding, options, stream)
    except Broken as broken:
        yield unreadable("", broken)


def _head(stream: PartStream) -> bytes:
    parts = []
    left = SAMPLE
    try:
        while left > 0 and (piece := stream.read(left)):
            parts.append(piece)
            left -= len(piece)
    except Broken:
        if not parts:
            raise  # Otherwise the rows before the fault are wanted; it comes again after them.
    return b"".join(parts)


def _lines(stream: PartStream, head: bytes, encoding: str, largest: int) -> Iterator[str]:
    """
    Decoded lines with their ends, which is how `csv.reader` wants them.

    `Broken` passes through it, so that a row in which a file breaks off is never given as whole.
    """
    decoder = incremental(encoding)
    data, held = head, "\ufeff"
    while True:
        text = decoder.decode(data, final=not data)
        if held == "\ufeff":  # A byte order mark that the decoder let through, or our own.
            text, held = text.lstrip(held), ""
        pieces = io.StringIO(held + text, newline="").readlines()
        held = pieces.pop() if data and pieces else ""
        yield from pieces
        if not data:
            return
        if len(held) > largest:
            raise Broken("too_large", f"a line has more than {largest} characters")
        data = stream.read(SAMPLE)


def _separator(line: str, name_hint: str) -> str:
    """The most frequent candidate of the header line; a tab beats a comma when they tie."""
    best = max(SEPARATORS, key=line.count)
    return best if line.count(best) else name_hint


def _rows(
    stream: Iterator[str], head: bytes, encoding: str, options: ReadOptions, part: PartStream
) -> Items:
    header = next(stream, "")
    if header.lower().startswith("sep="):  # Excel's own hint
        separator = header[4:5] or ","
        header = next(stream, "")
    else:
        separator = _separator(header, ",")
    # One process reads one file at a time, so the module's global limit is ours to set.
    csv.field_size_limit(options.max_record)
    begun: list[str] = []
    reader = csv.reader(_noted(header, stream, begun), delimiter=separator, strict=False)
    row = 0
    held: list[list[str]] = []
    fault: csv.Error | Broken | None = None
    try:
        columns = next(reader, [])
        if not find_text_columns(columns, options):
            begun.clear()
            fault = _hold(reader, held, begun)
            found = () if named_columns(options) else prose_columns(columns, held)
            if not found:
                likely = longest_column(_longest_cells(columns, held))
                detail = without_columns(columns, options, likely)
                yield Unreadable("", "no_text_column", detail, head[:FIRST_BYTES])
                return
            options = replace(options, text=found)
        shape = careful(partial(_shaped, shaper(options, "text/csv", encoding), columns))
        if not held:
            begun.clear()
        for cells in chain(held, _raised(fault) if fault else reader):
            if not fault:
                begun.clear()
            if not cells:
                continue
            if part.is_past:
                return
            if not part.owns:
                row += 1
                continue
            item = shape(cells, f"row {row}")
            row += 1
            lost = item.text.count(LOST) if isinstance(item, Document) else 0
            yield replace(item, replaced=lost) if isinstance(item, Document) and lost else item
        if not row:
            yield Skipped("", "empty")
    except csv.Error as error:
        if not part.owns:
            return
        detail = f"the table cannot be read beyond this row: {error}"
        large = "field larger" in str(error)
        cause: Cause = "too_large" if large else "damaged"
        yield Unreadable(f"row {row}", cause, detail, _first(begun, encoding))
    except Broken as broken:
        if part.owns:
            yield unreadable(f"row {row}", broken, _first(begun, encoding))


def _noted(header: str, stream: Iterator[str], begun: list[str]) -> Iterator[str]:
    """The lines; `begun` holds the beginning of the first of them until it is cleared."""
    yield header
    for line in stream:
        if not begun:
            begun.append(line[:FIRST_BYTES])
        yield line


def _first(begun: list[str], encoding: str) -> bytes:
    """The bytes that the beginning of a row stands in the file as."""
    text = "".join(begun)
    try:
        return text.encode(HANDLERS.get(encoding, (encoding, ""))[0])[:FIRST_BYTES]
    except (UnicodeEncodeError, LookupError):  # Vendors' characters, or lost ones.
        return text.encode("utf-8", "replace")[:FIRST_BYTES]


def _hold(
    reader: Iterator[list[str]], held: list[list[str]], begun: list[str]
) -> csv.Error | Broken | None:
    """Read the rows that a table is judged by; gives the fault that they end in, if any."""
    try:
        size = 0
        for cells in reader:
            held.append(cells)
            size += sum(map(len, cells))
            if len(held) >= ROWS or size > SAMPLE:
                break
            begun.clear()
    except (csv.Error, Broken) as fault:
        return fault
    return None


def _raised(fault: csv.Error | Broken) -> Iterator[list[str]]:
    """No rows: the fault that was met when the rows before it were read."""
    raise fault
    yield []


def _longest_cells(columns: list[str], rows: list[list[str]]) -> dict[str, str]:
    """For each column its longest cell."""
    return {
        name: max((row[place] for row in rows if place < len(row)), key=len, default="")
        for place, name in enumerate(columns)
    }


def _shaped(shape: Any, columns: list[str], cells: list[str], place: str) -> Any:
    record: dict[str, Any] = dict(zip(columns, cells, strict=False))
    if len(cells) > len(columns):
        record[REST] = cells[len(columns) :]
    return shape(record, place)
