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

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.documents.office.sheets.format_dates import EPOCH, dated
from seimai.pipeline.ingest.documents.office.sheets.format_sections import (
    Part,
    Section,
    sections_of,
)

if TYPE_CHECKING:
    from datetime import datetime

LONGEST = 255
"""Longest number format that Excel allows, in characters."""
MOST_PLACES = 30
"""Digits after the point that a format may have."""
EXACT = 1e15
"""Below it whole numbers are exact in a double; larger ones come as they are stored."""
_COMPARED = {
    "<": lambda number, limit: number < limit,
    "<=": lambda number, limit: number <= limit,
    ">": lambda number, limit: number > limit,
    ">=": lambda number, limit: number >= limit,
    "=": lambda number, limit: number == limit,
    "<>": lambda number, limit: number != limit,
}


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
        return dated(number, section, epoch)
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
