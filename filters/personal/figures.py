"""Card numbers and individual numbers (マイナンバー): figures that carry a check digit."""

from __future__ import annotations

import re

from seimai.filters.personal.kinds import LOOK_BACK, Kind, Match, label_before
from seimai.filters.personal.looks import Sign

CARD = "<CARD>"
MY_NUMBER = "<MYNUMBER>"

_CARD_WORD = re.compile(
    r"カ-ド|クレカ|クレジット|決済|アメックス|ダイナ-ス|マスタ-|(?<![A-Za-z])(?:credit"
    r"|card|visa|jcb|amex|master"
    r"|diners)",
    re.IGNORECASE,
)
_MY_NUMBER_WORD = re.compile(
    "マイナンバ-|個 ?人 ?番 ?号|特定個人情報|my[ _-]?number", re.IGNORECASE
)
_NAMED_AFTER = re.compile("[^0-9。\n]{0,10}?(?:マイナンバ-|個人番号)")
_NAMED_BY = 60
"""How far before a number with a check digit its name may stand: （12桁）, the head of a column."""
_HEAD = 400
"""How long a line may be that is looked at as the head of a column."""
_ABOVE = 512
"""Characters above a line in which the head of its column is looked for."""
_OTHER_CARD = re.compile(
    r"(?:会員|ポイント|図書|診察|テレホン|在留|ID)[^0-9\n]{0,6}カ-ド[^0-9\n]{0,8}\Z"
)

_PART_OF_MORE = re.compile(r"[A-Za-z0-9_.$¥#-]\Z|[0-9] \Z")


def _is_card(match: Match, text: str) -> bool:
    """A card's beginning and Luhn's check digit; without groups only after カード or the like."""
    kind, gap = label_before(match, text)
    named = kind == "card" or _is_named(_CARD_WORD, match, text, LOOK_BACK)
    if _OTHER_CARD.search(text, max(0, match.start() - LOOK_BACK), match.start()):
        return False
    digits = re.sub("[^0-9]", "", match[0])
    if not named and (kind == "other" or digits == match[0]):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    checked = sum(number // 10 + number % 10 for number in doubled) % 10 == 0
    return checked and _PART_OF_MORE.search(gap) is None


def _is_my_number(match: Match, text: str) -> bool:
    """After its name, twelve digits whose last is the check digit that the ministry ordered."""
    digits = [int(digit) for digit in re.sub("[^0-9]", "", match[0])]
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    left = sum(a * b for a, b in zip(digits[:11], weights, strict=True)) % 11
    check = 0 if left <= 1 else 11 - left
    if digits[11] != check or _PART_OF_MORE.search(text[max(0, match.start() - 2) : match.start()]):
        return False
    kind = label_before(match, text)[0]
    return kind == "my_number" or (
        kind != "other"
        and (
            _is_named(_MY_NUMBER_WORD, match, text, _NAMED_BY)
            or _NAMED_AFTER.match(text, match.end()) is not None
        )
    )


def _is_named(word: re.Pattern[str], match: Match, text: str, reach: int) -> bool:
    """Whether a name stands shortly before a number, or at the head of its column."""
    if word.search(text, max(0, match.start() - reach), match.start()):
        return True
    line = text.rfind("\n", max(0, match.start() - _HEAD), match.start()) + 1
    for separator in "|,":
        place = text.count(separator, line, match.start())
        if line and place:
            return _heads_column(word, text, line, separator, place)
    return False


def _heads_column(word: re.Pattern[str], text: str, line: int, separator: str, place: int) -> bool:
    """Whether the column of a cell has the name in one of the lines shortly above."""
    above = text[max(0, line - _ABOVE) : line].split("\n")
    for row in above:
        cells = row.split(separator)
        if place < len(cells) and len(row) <= _HEAD and word.search(cells[place]):
            return True
    return False


_JOIN = r"(?: ?[-.] ?| {0,2})"
_END = r"(?!-?[0-9]|[.][0-9]|[A-Za-z]| [0-9]{3})"

KINDS = (
    Kind(
        CARD,
        (Sign.LONG,),
        re.compile(
            r"[2-6](?<![0-9].)(?:(?<=2)[2-7]|(?<=3)[05689]|(?<=4)[0-9]|(?<=5)[1-5]|(?<=6)[0-9])"
            rf"[0-9]{{2}}(?P<join>{_JOIN})[0-9]{{4}}(?P=join)[0-9]{{4}}(?P=join)[0-9]{{4}}{_END}"
            rf"|3(?<![0-9].)[47][0-9]{{2}}(?P<amex>{_JOIN})[0-9]{{6}}(?P=amex)[0-9]{{5}}{_END}"
            rf"|3(?<![0-9].)[068][0-9]{{2}}(?P<diners>{_JOIN})[0-9]{{6}}(?P=diners)[0-9]{{4}}{_END}"
        ),
        _is_card,
    ),
    Kind(
        MY_NUMBER,
        (Sign.LONG, Sign.MY_NUMBER),
        re.compile(
            r"[0-9](?<![0-9].)[0-9]{3}(?: ?[-.・] ?| {0,2})[0-9]{4}(?: ?[-.・] ?| {0,2})[0-9]{4}"
            r"(?!-?[0-9]|[A-Za-z])"
        ),
        _is_my_number,
    ),
    Kind(
        MY_NUMBER,
        (Sign.SET_APART, Sign.MY_NUMBER),
        re.compile(r"[0-9](?<![0-9].)(?:[ |][0-9]){11}(?![ |]?[0-9]|[A-Za-z])"),
        _is_my_number,
    ),
)
