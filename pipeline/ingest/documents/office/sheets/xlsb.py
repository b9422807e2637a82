"""
XLSB, the binary form of new workbooks: the parts of an XLSX, as records instead of XML.

A record is a number, a size and its bytes ([MS-XLSB]); both are written in as few bytes as they
need. Only what decides the text of cells is looked at.
"""

from __future__ import annotations

import math
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import MIB, Broken
from seimai.pipeline.ingest.documents.office.sheets.biff import number_of
from seimai.pipeline.ingest.documents.office.sheets.cells import (
    EPOCH_1904,
    built_in_formats,
    kind_of_format,
    shown,
)
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from seimai.pipeline.ingest.documents.office.sheets.cells import Book, Rows

ROW, RK, BOOL, REAL, INLINE, SHARED = 0, 2, 4, 5, 6, 7
FORMULA_STRING, FORMULA_NUMBER, FORMULA_BOOL, RICH = 8, 9, 10, 62
ITEM, FORMAT, STYLE, COLUMNS, SETTINGS, SHEET = 19, 44, 47, 60, 153, 156
STYLES, END_OF_STYLES = 617, 618
AUTHOR, COMMENT, COMMENT_TEXT = 632, 635, 637
"""Numbers of the records that are looked at."""
LARGEST = 16 * MIB
"""Largest record in bytes; a cell has at most 32,767 characters."""
ROW_IS_HIDDEN = 0x10
MOST_STRINGS = 4_000_000
"""Most strings of a workbook, as for XLSX."""
NO_STRING = 0xFFFFFFFF


def binary_records(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbers and bytes of the records of a part; `Broken` where one is cut off."""
    held = b""
    at = 0
    for piece in pieces:
        held, at = held[at:] + piece, 0
        while (head := _head(held, at)) is not None:
            kind, size, begin = head
            if size > LARGEST:
                raise Broken("damaged", "a record of the workbook has no end")
            if begin + size > len(held):
                break
            yield kind, held[begin : begin + size]
            at = begin + size
    if at < len(held):
        raise Broken("truncated", "the workbook ends inside a record")


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """The number and the size of a record, and where its bytes begin; None where it is cut."""
    values = []
    for most in (2, 4):
        value = 0
        for k in range(most):
            if at >= len(data):
                return None
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << 7 * k
            if not byte & 0x80:
                break
        values.append(value)
    return values[0], values[1], at


def _string(data: bytes, at: int) -> tuple[str, int]:
    """A string with its length in front, and the place after it."""
    (length,) = struct.unpack_from("<I", data, at)
    if length == NO_STRING:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(data):
        raise Broken("truncated", "a string of the workbook ends too early")
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


@contextmanager
def _told() -> Iterator[None]:
    """Report a record that is too short as damage, and not as an error of ours."""
    try:
        yield
    except (struct.error, IndexError) as error:
        raise Broken("damaged", "a record of the workbook is too short") from error


def binary_sheets(pieces: Iterable[bytes]) -> tuple[list[tuple[str, str, bool]], datetime]:
    """For each sheet its relation, its name and whether it is hidden; and the epoch of dates."""
    found: list[tuple[str, str, bool]] = []
    epoch = EPOCH
    for kind, data in binary_records(pieces):
        if kind == SETTINGS and data[:1] and data[0] & 1:
            epoch = EPOCH_1904
        elif kind == SHEET:
            with _told():
                (state,) = struct.unpack_from("<I", data)
                relation, at = _string(data, 8)
                found.append((relation, _string(data, at)[0], state != 0))
    return found, epoch


def read_binary_strings(found: list[str], pieces: Iterable[bytes]) -> None:
    """Read the strings that cells refer to by number."""
    for kind, data in binary_records(pieces):
        if kind == ITEM:
            with _told():
                found.append(" ".join(_string(data, 1)[0].split()))
            if len(found) > MOST_STRINGS:
                raise Broken("too_large", "the strings of the workbook do not end")


def read_binary_formats(found: list[str], pieces: Iterable[bytes]) -> None:
    """Read what the numbers of each cell style are."""
    kinds = built_in_formats()
    in_cells = False
    for kind, data in binary_records(pieces):
        if kind in {STYLES, END_OF_STYLES}:
            in_cells = kind == STYLES
        elif kind == FORMAT:
            with _told():
                (number,) = struct.unpack_from("<H", data)
                kinds[number] = kind_of_format(_string(data, 2)[0])
        elif kind == STYLE and in_cells:
            with _told():
                found.append(kinds.get(struct.unpack_from("<H", data, 2)[0], ""))


def binary_comments(pieces: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The author and the text of each comment of a sheet."""
    authors: list[str] = []
    author = ""
    for kind, data in binary_records(pieces):
        with _told():
            if kind == AUTHOR:
                authors.append(_string(data, 0)[0])
            elif kind == COMMENT:
                (number,) = struct.unpack_from("<I", data)
                author = authors[number] if number < len(authors) else ""
            elif kind == COMMENT_TEXT:
                text = _string(data, 1)[0]
                yield author, text


def write_binary(rows: Rows, pieces: Iterable[bytes], book: Book) -> None:
    """Write the rows of a sheet."""
    is_open = False
    for kind, data in binary_records(pieces):
        with _told():
            if kind == ROW:
                if is_open:
                    rows.close_row()
                is_open = True
                rows.open_row(hidden=bool(data[11] & ROW_IS_HIDDEN))
            elif kind == COLUMNS:
                first, last, flags = struct.unpack_from("<II8xH", data)
                if flags & 1:
                    rows.hidden.add(first + 1, last + 1)
            elif kind in _VALUES and is_open:
                column, style = struct.unpack_from("<II", data)
                rows.put(column + 1, _value(kind, data, style & 0xFFFFFF, book))


_VALUES = {
    RK, BOOL, REAL, INLINE, SHARED, FORMULA_STRING, FORMULA_NUMBER, FORMULA_BOOL, RICH,
}  # fmt: skip


def _value(kind: int, data: bytes, style: int, book: Book) -> str:
    """A cell as it is read."""
    if kind == SHARED:
        (number,) = struct.unpack_from("<8xI", data)
        return book.string(number)
    if kind in {INLINE, FORMULA_STRING, RICH}:
        return " ".join(_string(data, 8 + (kind == RICH))[0].split())
    if kind in {BOOL, FORMULA_BOOL}:
        return "TRUE" if data[8] else "FALSE"
    if kind == RK:
        number_ = number_of(struct.unpack_from("<8xI", data)[0])
    else:
        (number_,) = struct.unpack_from("<8xd", data)
    shows = book.formats[style] if style < len(book.formats) else ""
    return shown(number_, shows, book.epoch) if math.isfinite(number_) else ""
