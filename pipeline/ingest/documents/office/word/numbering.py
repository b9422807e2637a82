"""
Automatic numbers of paragraphs, as word processors show them: 第1条, (ア), 1.1, ①.

A list has levels; a level has a kind of numeral and a pattern in which `%1` stands for the number
of the first level, `%2` for that of the second. What a document says of its lists is read by the
reader of its format. Bullets are decoration and are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

LEVELS = 9
_PLACE = re.compile(r"%([1-9])")

IROHA = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
)
AIUEO = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
STEMS, ZODIAC = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
KANJI, LEGAL = "〇一二三四五六七八九", "〇壱弐参四伍六七八九"
PLACES, LEGAL_PLACES = ("", "十", "百", "千"), ("", "拾", "百", "阡")
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
MOST = 9_999
"""Above, numerals other than digits are digits: nobody counts to ten thousand in Roman ones."""
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

BULLET = "bullet"
UNSEEN = {"none", BULLET, ""}
"""Kinds that show no number; what stands around it is shown, but for bullets."""


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list is numbered."""

    kind: str = "decimal"
    """The kind of numerals, as DOCX names it: `decimal`, `aiueoFullWidth`."""
    pattern: str = ""
    start: int = 1
    glued: bool = False
    """Whether the text follows the number without a blank."""
    restarts: int | None = None
    """After which level, from 1, it begins again; None for any above it, 0 for none."""
    plain: bool = False
    """Whether the numbers of other levels are digits here whatever they are there (第一条, 1.2)."""
    style: str = ""
    """The paragraph style that belongs to this level."""


class Counters:
    """The numbers of the lists of one document, as its paragraphs come."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, list[int | None]] = defaultdict(lambda: [None] * LEVELS)

    def restart(self, name: str, level: int, start: int) -> None:
        """The next number of a level is `start`."""
        self._counts[name][level] = start - 1

    def label(self, name: str, level: int, levels: dict[int, Level]) -> str:
        """
        The number in front of the next paragraph of a list, with the blank after it.

        >>> counters, levels = Counters(), {0: Level(pattern="第%1条"), 1: Level("aiueo", "(%2)")}
        >>> [counters.label("a", level, levels) for level in (0, 1, 1, 0, 1)]
        ['第1条 ', '(ア) ', '(イ) ', '第2条 ', '(ア) ']
        """
        level = min(max(level, 0), LEVELS - 1)
        own = levels.get(level, Level("none"))
        counts = self._counts[name]
        counts[level] = (own.start - 1 if counts[level] is None else counts[level] or 0) + 1
        for above in range(level):  # A level that was left out counts as begun.
            if counts[above] is None:
                counts[above] = levels.get(above, Level()).start
        for deeper in range(level + 1, LEVELS):
            after = levels.get(deeper, Level()).restarts
            if after is None or 0 < level + 1 <= after:
                counts[deeper] = None
        if own.kind == BULLET:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            one = levels.get(at, Level())
            count = counts[at]
            kind = "decimal" if own.plain and at != level else one.kind
            return numeral(kind, one.start if count is None else count)

        text = _PLACE.sub(shown, own.pattern)
        return text if own.glued or not text else f"{text} "


def numeral(kind: str, value: int) -> str:
    """
    A number as a kind of numeral.

    >>> [numeral(kind, 12) for kind in ("aiueoFullWidth", "japaneseCounting", "lowerRoman")]
    ['シ', '十二', 'xii']
    >>> [numeral(kind, 3) for kind in ("decimalEnclosedCircle", "upperLetter", "japaneseLegal")]
    ['③', 'C', '参']
    """
    if kind in UNSEEN:
        return ""
    if not 0 < value <= MOST:
        return {"decimalZero": f"{value:02d}", "ordinal": f"{value}th"}.get(kind, str(value))
    if made := _MADE.get(kind):
        return made(value)
    if kind in _SIGNS:
        signs, most = _SIGNS[kind]
        return chr(ord(signs) + value - 1) if value <= most else str(value)
    if kind in _ROWS:
        row = _ROWS[kind]
        return row[(value - 1) % len(row)]
    return str(value)


def _letters(value: int, first: str) -> str:
    """A to z, then aa to zz, as word processors go on."""
    return chr(ord(first) + (value - 1) % 26) * min((value - 1) // 26 + 1, 16)


def _roman(value: int) -> str:
    parts = []
    for worth, sign in ROMAN:
        parts.append(sign * (value // worth))
        value %= worth
    return "".join(parts)


def _counted(value: int, digits: str, places: tuple[str, ...], *, one: bool) -> str:
    """Kanji with 十, 百, 千; whether 一 stands before these."""
    parts: list[str] = []
    for place, digit in enumerate(reversed(str(value))):
        if digit != "0":
            bare = digit == "1" and place > 0 and not one
            parts.append(("" if bare else digits[int(digit)]) + places[place])
    return "".join(reversed(parts))


def _digits(value: int) -> str:
    return "".join(KANJI[int(digit)] for digit in str(value))


def _ordinal(value: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{'th' if 10 < value % 100 < 14 else ending}"


_MADE = {
    "upperLetter": lambda value: _letters(value, "A"),
    "lowerLetter": lambda value: _letters(value, "a"),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "ordinal": _ordinal,
    "decimalZero": lambda value: f"{value:02d}",
    "decimalFullWidth": lambda value: str(value).translate(FULL_WIDTH),
    "decimalFullWidth2": lambda value: str(value).translate(FULL_WIDTH),
    "numberInDash": lambda value: f"- {value} -",
    "japaneseCounting": lambda value: _counted(value, KANJI, PLACES, one=False),
    "chineseCounting": _digits,
    "chineseCountingThousand": lambda value: _counted(value, KANJI, PLACES, one=True),
    "japaneseLegal": lambda value: _counted(value, LEGAL, LEGAL_PLACES, one=True),
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
}
_SIGNS = {
    "decimalEnclosedCircle": ("①", 20),
    "decimalEnclosedCircleChinese": ("①", 20),
    "decimalEnclosedParen": ("⑴", 20),
    "decimalEnclosedFullstop": ("⒈", 20),
    "ideographEnclosedCircle": ("㊀", 10),
}
_ROWS = {
    "aiueo": AIUEO,
    "aiueoFullWidth": AIUEO,
    "iroha": IROHA,
    "irohaFullWidth": IROHA,
    "ideographTraditional": STEMS,
    "ideographZodiac": ZODIAC,
}
