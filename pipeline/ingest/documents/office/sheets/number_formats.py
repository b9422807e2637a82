"""
Numbers and dates as the number format of their cell shows them.

A format such as `#,##0"円";[Red]-#,##0"円"` has up to three sections, for numbers above, below and
at zero, or for those that meet a condition; a section has places for digits or parts of a date, and
what stands for itself. Read are thousands, fixed digits, percentages, currencies, powers of ten,
digits with marks between them (postal codes, telephone numbers), dates, times and Japanese eras.
Fractions and kanji for digits are not: such a number comes as it is stored. What is only width
(`_)`, `* `, `?`) is left out. The grammar is that of ECMA-376, 18.8.31.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "digit", "point", "percent", "power", "date", "general"]
Part: TypeAlias = tuple[Kind, str]

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet knows no time zones
FIRST_OF_MARCH = 61
"""Excel counts a 29 February 1900 that never was; days before this one are off by one."""
LAST_DAY = 2_958_465
"""31 December 9999, the last day that Excel knows."""
LONGEST = 255
"""Longest number format that Excel allows, in characters."""
MOST_PLACES = 30
"""Digits after the point that a format may have."""
EXACT = 1e15
"""Below it whole numbers are exact in a double; larger ones come as they are stored."""
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

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].?|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>general)|(?P<noon>am/pm|a/p)|(?P<power>e[+-])|(?P<text>@)"
    r"|(?P<letters>y+|m+|d+|h+|s+|g+|e+|a+|r+|b+)|(?P<digit>[0#?])|(?P<rest>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)$")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_SYSTEM = ("f800", "f400")
"""Dates and times as the settings of the reader's computer have them."""
_COMPARED = {
    "<": lambda number, limit: number < limit,
    "<=": lambda number, limit: number <= limit,
    ">": lambda number, limit: number > limit,
    ">=": lambda number, limit: number >= limit,
    "=": lambda number, limit: number == limit,
    "<>": lambda number, limit: number != limit,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a number format: how numbers of one sign are shown."""

    parts: tuple[Part, ...]
    condition: tuple[str, float] | None = None
    grouped: bool = False
    """Whether thousands are set apart."""
    thousands: int = 0
    """The power of 1,000 that numbers are divided by: 1 for `#,##0,`, which shows 千円."""
    japanese: bool = False
    gannen: bool = False
    """Whether the first year of an era is 元."""
    known: bool = True
    """Whether the format is understood; if not, numbers come as they are stored."""

    def has(self, kind: Kind) -> bool:
        """Whether a part of a kind is there."""
        return any(one == kind for one, _ in self.parts)


def displayed(number: float, code: str, epoch: datetime = EPOCH) -> str | None:
    r"""
    A number as a format shows it; None where it shows no more than the number itself.

    >>> [displayed(1234567.891, code) for code in ("#,##0", '"¥"#,##0.0', "0.00E+00", "#,##0,千円")]
    ['1,234,568', '¥1,234,567.9', '1.23E+06', '1,235千円']
    >>> displayed(45418.75, '[$-411]ggge"年"m"月"d"日"'), displayed(45418.75, "yyyy/mm/dd h AM/PM")
    ('令和6年5月6日', '2024/05/06 6 PM')
    >>> displayed(-0.1234, "0.0%;▲ 0.0%"), displayed(1000014, r"000\-0000"), displayed(5, "@")
    ('▲ 12.3%', '100-0014', None)
    """
    if not code.strip():
        return None
    sections = sections_of(code[:LONGEST])
    section, signed = _chosen(sections, number)
    if not section.known:
        return None
    if section.has("general"):
        said = plain(number if signed else abs(number))
        whole = "".join(said if kind == "general" else text for kind, text in section.parts)
        return whole.strip() if whole.strip() != said else None
    if section.has("date"):
        return _dated(number, section, epoch)
    if not any(section.has(kind) for kind in ("digit", "point")):
        return "".join(text for kind, text in section.parts if kind == "text").strip()
    if abs(number) >= EXACT:
        return None
    return _counted(number, section, signed=signed)


def plain(number: float) -> str:
    """
    A number as short as it can be; a workbook shows no more than fifteen digits.

    >>> plain(12.0), plain(0.1 + 0.2), plain(1e20)
    ('12', '0.3', '1e+20')
    """
    if abs(number) < EXACT and number == int(number):
        return str(int(number))
    return f"{number:.15g}"


@lru_cache(maxsize=1 << 12)
def sections_of(code: str) -> tuple[Section, ...]:
    """The sections of a format, at least one; that for texts is left out."""
    found: list[Section] = []
    pieces: list[re.Match[str]] = []
    for piece in _PIECE.finditer(code):
        if piece["rest"] == ";":
            found.append(_section(pieces))
            pieces = []
        else:
            pieces.append(piece)
    found.append(_section(pieces))
    return tuple(found[:3])


def _section(pieces: list[re.Match[str]]) -> Section:
    parts: list[Part] = []
    condition: tuple[str, float] | None = None
    commas = thousands = 0
    grouped = japanese = gannen = False
    known = True
    for piece in pieces:
        kind, said = piece.lastgroup, piece[0]
        if kind == "bracket":
            inside = piece["bracket"]
            if match := _CONDITION.match(inside):
                condition = (match[1], float(match[2]))
            elif _ELAPSED.fullmatch(inside):
                parts.append(("date", f"[{inside[0].lower()}{len(inside)}"))
            elif inside[:1] == "$":
                sign, _, place = inside[1:].partition("-")
                place = place.lower()
                japanese = japanese or place.endswith("411") or place.startswith("ja")
                gannen = gannen or "gannen" in place
                known = known and place not in _SYSTEM
                parts += [("text", sign)] if sign else []
            elif inside.lower().startswith("dbnum"):
                known = False
            continue
        if kind == "digit":
            if commas:
                grouped, commas = True, 0
            parts.append(("digit", said))
        elif kind == "rest" and said == "," and any(one == "digit" for one, _ in parts):
            commas += 1
        elif kind == "rest" and said == "." and not any(one == "date" for one, _ in parts):
            thousands, commas = thousands + commas, 0
            parts.append(("point", ""))
        elif kind == "rest" and said == "/" and parts and parts[-1][0] == "digit":
            known = False  # a fraction
        elif kind == "rest":
            parts.append(("percent" if said == "%" else "text", said))
        elif kind in ("quoted", "escaped"):
            parts.append(("text", piece[kind]))
        elif kind in ("letters", "noon"):
            parts.append(("date", said.lower()))
        elif kind == "power":
            parts.append(("power", said[1]))
        elif kind in ("general", "text"):
            parts.append(("general", ""))
    if any(kind == "date" for kind, _ in parts):
        parts = [("text", said) if kind in ("percent", "point") else (kind, said)
                 for kind, said in parts]  # fmt: skip
    return Section(
        tuple(parts), condition, grouped, min(thousands + commas, 5), japanese, gannen, known
    )


def _chosen(sections: tuple[Section, ...], number: float) -> tuple[Section, bool]:
    """The section for a number, and whether a sign is written before what it shows."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.condition is None or _COMPARED[section.condition[0]](
                number, section.condition[1]
            ):
                return section, True
        return sections[-1], True
    if number < 0 and len(sections) > 1:
        return sections[1], False
    return sections[2 if number == 0 and len(sections) > 2 else 0], True


def _counted(number: float, section: Section, *, signed: bool) -> str:
    """A number by places for digits."""
    kinds = [kind for kind, _ in section.parts]
    if "power" in kinds:
        return _with_power(number, section)
    shift = 2 * kinds.count("percent") - 3 * section.thousands
    point = kinds.index("point") if "point" in kinds else len(kinds)
    after = [said for kind, said in section.parts[point:] if kind == "digit"][:MOST_PLACES]
    value = abs(Decimal(repr(number))).scaleb(shift)
    value = value.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    whole, _, rest = f"{value:f}".partition(".")
    least = max((k + 1 for k, said in enumerate(after) if said == "0"), default=0)
    rest = rest[:least] + rest[least:].rstrip("0")
    before = _whole(section.parts[:point], whole.lstrip("0"), grouped=section.grouped)
    behind = _behind(section.parts[point:], rest)
    minus = "-" if signed and number < 0 and value else ""
    return (minus + before + behind).strip()


def _whole(parts: tuple[Part, ...], digits: str, *, grouped: bool) -> str:
    """The digits before the point, from the last place to the first, which takes what is left."""
    found: list[str] = []
    first = next((k for k, (kind, _) in enumerate(parts) if kind == "digit"), -1)
    written = 0
    for k in range(len(parts) - 1, -1, -1):
        kind, said = parts[k]
        if kind != "digit":
            found.append(said)
            continue
        some = digits if k == first else digits[-1:]
        digits = "" if k == first else digits[:-1]
        for digit in reversed(some or ("0" if said == "0" else "")):
            if grouped and written and written % 3 == 0:
                found.append(",")
            found.append(digit)
            written += 1
    return "".join(reversed(found))


def _behind(parts: tuple[Part, ...], digits: str) -> str:
    """The point, the digits after it, and what follows."""
    found: list[str] = []
    at = 0
    for kind, said in parts:
        if kind == "point":
            found.append("." if digits else "")
        elif kind == "digit":
            found.append(digits[at : at + 1])
            at += 1
        else:
            found.append(said)
    return "".join(found)


def _with_power(number: float, section: Section) -> str:
    """A number with a power of ten, as `0.00E+00` shows it."""
    kinds = [kind for kind, _ in section.parts]
    power = kinds.index("power")
    point = kinds.index("point") if "point" in kinds[:power] else power
    after = kinds[point:power].count("digit")
    width = kinds[power:].count("digit")
    mantissa, _, exponent = f"{number:.{min(after, MOST_PLACES)}E}".partition("E")
    size = abs(int(exponent))
    sign = "-" if exponent.startswith("-") else section.parts[power][1].replace("-", "")
    return f"{mantissa}E{sign}{size:0{width}d}"


def _dated(number: float, section: Section, epoch: datetime) -> str | None:
    """A day and a time of day; None for what is none."""
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
