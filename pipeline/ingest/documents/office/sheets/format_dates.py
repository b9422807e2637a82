"""Dates and times as a number format shows them, Japanese eras and days of the week included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seimai.pipeline.ingest.documents.office.sheets.format_sections import Section

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
FIRST_OF_MARCH = 61
"""Excel counts a 29 February 1900 that never was; days before this one are off by one."""
LAST_DAY = 2_958_465
"""31 December 9999, the last day that Excel knows."""
SECONDS = 86_400

ERAS = (
    (date(2019, 5, 1), ("R", "令", "令和")),
    (date(1989, 1, 8), ("H", "平", "平成")),
    (date(1926, 12, 25), ("S", "昭", "昭和")),
    (date(1912, 7, 30), ("T", "大", "大正")),
    (date(1868, 1, 25), ("M", "明", "明治")),
)
"""Japanese eras by their first day, with what `g`, `gg` and `ggg` show."""
WEEKDAYS = "月火水木金土日"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def dated(number: float, section: Section, epoch: datetime) -> str | None:
    """A day and a time of day, counted in days from `epoch`; None for a number that is neither."""
    if not 0 <= number < LAST_DAY:
        return None
    letters = _letters(section)
    finest = max((len(said) for kind, said in section.parts if kind == "digit"), default=0)
    seconds = round(number * SECONDS) if not finest else int(number * SECONDS)
    days = seconds // SECONDS
    if epoch == EPOCH and days < FIRST_OF_MARCH - 1:
        days += 1
    moment = epoch + timedelta(days=days, seconds=seconds % SECONDS)
    half = any(said in ("am/pm", "a/p") for said in letters)
    found: list[str] = []
    tenths = f"{number * SECONDS % 1:.3f}"[2:]
    for (kind, said), letter in zip(section.parts, letters, strict=True):
        if kind == "date":
            found.append(_letter(letter, moment, seconds, section, half=half))
        elif kind == "digit":
            found.append(tenths[:1])
            tenths = tenths[1:]
        else:
            found.append(said)
    return "".join(found).strip()


def _letters(section: Section) -> list[str]:
    """The letters of a date, an `m` that means minutes as `n`; "" for what is no letter."""
    letters = [said if kind == "date" else "" for kind, said in section.parts]
    places = [k for k, said in enumerate(letters) if said]
    for before, after in pairwise([-1, *places]):
        said = letters[after]
        if said in ("m", "mm") and before >= 0 and letters[before].lstrip("[")[:1] == "h":
            letters[after] = said.replace("m", "n")
        elif before >= 0 and said[:1] == "s" and letters[before] in ("m", "mm"):
            letters[before] = letters[before].replace("m", "n")
    return letters


def _letter(said: str, moment: datetime, seconds: int, section: Section, *, half: bool) -> str:
    """What one kind of letter shows of a moment."""
    first, width = said[0], len(said)
    two = 2 if width > 1 else 1
    if first == "[":
        unit = {"h": 3600, "m": 60, "s": 1}[said[1]]
        return f"{seconds // unit:0{min(int(said[2:]), 9)}d}"
    if first in "ge" or first == "r":
        return _of_era(said, moment, section)
    if said in ("am/pm", "a/p"):
        if section.japanese:
            return "午前" if moment.hour < 12 else "午後"
        return ("AM" if moment.hour < 12 else "PM")[: 2 if said == "am/pm" else 1]
    if first == "a":
        return WEEKDAYS[moment.weekday()] + ("曜日" if width > 3 else "")
    if first == "d" and width > 2:
        if section.japanese:
            return WEEKDAYS[moment.weekday()] + ("曜日" if width > 3 else "")
        return DAYS[moment.weekday()][: 3 if width == 3 else None]
    if first == "m" and width > 2:
        return MONTHS[moment.month - 1][: {3: 3, 5: 1}.get(width)]
    if first in "yb":
        year = moment.year + (543 if first == "b" else 0)  # the Buddhist calendar
        return f"{year:04d}" if width > 2 else f"{year % 100:02d}"
    hour = (moment.hour + 11) % 12 + 1 if half else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute}
    return f"{value.get(first, moment.second):0{two}d}"


def _of_era(said: str, moment: datetime, section: Section) -> str:
    """The name of an era or a year of it; abroad `e` is the year."""
    japanese = section.japanese or any(one[:1] in ("g", "r") for _, one in section.parts if one)
    if said[0] == "e" and not japanese:
        return f"{moment.year:04d}"
    first, names = next((one for one in ERAS if moment.date() >= one[0]), ERAS[-1])
    count = moment.year - first.year + 1
    year = "元" if count == 1 and section.gannen else f"{count:0{2 if len(said) > 1 else 1}d}"
    if said[0] == "g":
        return names[min(len(said), 3) - 1]
    return names[2 if len(said) > 1 else 0] + year if said[0] == "r" else year
