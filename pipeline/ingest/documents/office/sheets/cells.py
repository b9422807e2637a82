"""
Cells of a sheet, of new and old workbooks alike: what a number shows, and which cells are shown.

Numbers are written as their formats show them (`number_formats.py`), those without a format as
short as they can be, dates that each country shows in its own way as in ISO 8601. Rows and columns
that are hidden are left out and counted, unless they are wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import Skipped
from seimai.pipeline.ingest.documents.office.flow import MOST_COLUMNS
from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH, LAST_DAY
from seimai.pipeline.ingest.documents.office.sheets.number_formats import displayed, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.pipeline.ingest.documents.office.flow import Flow

DATE = dict.fromkeys(range(14, 18), "date")
TIME = dict.fromkeys((*range(18, 22), *range(45, 48)), "time")
DATE_AND_TIME = {22: "both"}
"""Built-in formats of dates and times that each country shows in its own way."""
_ERA_DATE, _ERA = '=[$-411]ggge"年"m"月"d"日"', "=[$-411]ge.m.d"
_MONTH, _DAY = '=yyyy"年"m"月"', '=m"月"d"日"'
JAPANESE = {
    27: _ERA, 28: _ERA_DATE, 29: _ERA_DATE, 30: "=m/d/yy", 31: '=yyyy"年"m"月"d"日"',
    32: '=h"時"mm"分"', 33: '=h"時"mm"分"ss"秒"', 34: _MONTH, 35: _DAY, 36: _ERA, 50: _ERA,
    51: _ERA_DATE, 52: _MONTH, 53: _DAY, 54: _ERA_DATE, 55: _MONTH, 56: _DAY, 57: _ERA,
    58: _ERA_DATE,
}  # fmt: skip
"""What the built-in formats of dates and times show in a Japanese Excel, by their numbers
(ECMA-376, 18.8.30)."""
NUMBERS = {
    1: "=0", 2: "=0.00", 3: "=#,##0", 4: "=#,##0.00", 5: "=#,##0", 6: "=#,##0", 7: "=#,##0.00",
    8: "=#,##0.00", 9: "=0%", 10: "=0.00%", 11: "=0.00E+00", 37: "=#,##0", 38: "=#,##0",
    39: "=#,##0.00", 40: "=#,##0.00", 41: "=#,##0", 42: "=#,##0", 43: "=#,##0.00",
    44: "=#,##0.00", 48: "=##0.0E+0",
}  # fmt: skip
"""What the built-in formats of numbers show, by their numbers; the currency of 5 to 8, 42 and 44 is
that of the reader's country."""
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - a sheet knows no time zones
LAST_COLUMN = 16_384
"""The number of the last column that a sheet can have, XFD."""


def built_in_formats() -> dict[int, str]:
    """What the number formats that every program knows show, as `kind_of_format` tells it."""
    return {**DATE, **TIME, **DATE_AND_TIME, **JAPANESE, **NUMBERS}


def kind_of_format(code: str) -> str:
    """
    What a number format shows, as `shown` wants to know it: the code after a `=`.

    >>> kind_of_format("#,##0"), kind_of_format("General")
    ('=#,##0', '')
    """
    return "" if code.strip().lower() in ("", "general", "@") else f"={code}"


def shown(number: float, shows: str, epoch: datetime) -> str:
    """
    A number as it is read: as its format shows it, or as short as it can be.

    `shows` is a code after a `=`, or "date", "time", "both" for a day and a time, "" for nothing.

    >>> shown(45418.25, "both", EPOCH), shown(12.0, "", EPOCH), shown(0.1, "", EPOCH)
    ('2024-05-06 06:00:00', '12', '0.1')
    >>> shown(0.125, "=0.0%", EPOCH), shown(1234.5, "=#,##0", EPOCH), shown(0.5, "=# ?/?", EPOCH)
    ('12.5%', '1,235', '0.5')
    """
    if shows[:1] == "=":
        said = displayed(number, shows[1:], epoch)
        if said is not None:
            return said
    elif shows and 0 <= number < LAST_DAY:
        return _date(number, shows, epoch)
    return plain(number)


def _date(days: float, shows: str, epoch: datetime) -> str:
    """A day and time from days since the epoch, to the second."""
    if shows == "time":
        seconds = round(days * 86_400)
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if epoch is EPOCH and days < 60:
        days += 1
    moment = epoch + timedelta(days=int(days), seconds=round(days % 1 * 86_400))
    return moment.date().isoformat() if shows == "date" else moment.isoformat(" ")


@dataclass
class Book:
    """What the cells of a workbook refer to."""

    epoch: datetime
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    """For each cell style what `kind_of_format` says of its format."""
    broken: bool = False
    """Whether it was reported already that strings are lost."""
    lost: int = 0
    """How many cells refer to a string that is not there."""

    def string(self, number: int) -> str:
        """The string with this number, "" where it is not there."""
        if 0 <= number < len(self.strings):
            return self.strings[number]
        self.lost += 1
        return ""


_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    r"""
    A string of a workbook as it is shown: signs that XML forbids are written as their numbers.

    >>> unescaped("一行目_x000D_二行目"), unescaped("_x005F_x0041_"), unescaped("a_x_b")
    ('一行目\r二行目', '_x0041_', 'a_x_b')
    """
    if "_x" not in text:
        return text

    def character(match: re.Match[str]) -> str:
        one = chr(int(match[1], 16))
        if one < " ":
            return one if one in "\t\n\r" else ""
        return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= one <= "\udfff" else one

    return _ESCAPE.sub(character, text)


class Hidden:
    """The hidden columns of a sheet, counted from 1."""

    def __init__(self) -> None:
        self._marks = bytearray(LAST_COLUMN + 1)

    def add(self, first: int, last: int) -> None:
        """Note a range of hidden columns."""
        first, last = max(first, 1), min(last, LAST_COLUMN)
        self._marks[first : last + 1] = b"\1" * max(last + 1 - first, 0)

    def before(self, column: int) -> int:
        """How many columns to the left of this one are hidden."""
        return self._marks.count(1, 0, column)

    def __contains__(self, column: int) -> bool:
        return bool(self._marks.count(1, column, column + 1))


class Rows:
    """Rows of a sheet as lines of a flow; what is hidden is counted instead."""

    def __init__(self, flow: Flow, *, keep_hidden: bool) -> None:
        self.hidden = Hidden()
        self._flow = flow
        self._keep = keep_hidden
        self._row: list[str] = []
        self._row_is_hidden = False
        self._rows_left_out = 0
        self._columns_left_out: set[int] = set()

    def open_row(self, *, hidden: bool) -> None:
        """Begin a row."""
        self._row = []
        self._row_is_hidden = hidden and not self._keep

    def put(self, column: int | None, text: str) -> None:
        """The next cell of the row, in a column from 1; None is the one after the last."""
        if not text:
            return
        place = len(self._row) + 1
        if column is not None:
            if not self._keep:
                if column in self.hidden:
                    self._columns_left_out.add(column)
                    return
                column -= self.hidden.before(column)
            place = column
        self._row += [""] * (min(place, MOST_COLUMNS) - len(self._row) - 1)
        self._flow.spend(3 * len(text) + place % MOST_COLUMNS)
        self._row.append(text)

    def close_row(self) -> None:
        """The row at hand is finished; an empty one is an empty line."""
        if not self._row_is_hidden:
            self._flow.line("\t".join(self._row))
        elif self._row:
            self._rows_left_out += 1
        self._row = []

    def finish(self) -> None:
        """The sheet ends, or breaks off in a row."""
        if self._row:
            self.close_row()

    def left_out(self, place: str) -> Iterator[Skipped]:
        """Records that count the hidden rows and columns which were not empty."""
        if self._rows_left_out:
            yield Skipped(place, "hidden_row", self._rows_left_out)
        if self._columns_left_out:
            yield Skipped(place, "hidden_column", len(self._columns_left_out))
