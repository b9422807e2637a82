"""Card numbers and individual numbers (マイナンバー): figures that carry a check digit."""

from __future__ import annotations

import re

from seimai.filters.personal.kinds import LOOK_BACK, Hint, Kind, Match, label_before

CARD = "<CARD>"
MY_NUMBER = "<MYNUMBER>"

_PART_OF_MORE = re.compile(r"[A-Za-z0-9_.$¥#-]\Z|[0-9] \Z")


def _is_card(match: Match, text: str) -> bool:
    """A card's beginning and Luhn's check digit; without groups only after カード or the like."""
    kind, gap = label_before(match, text)
    named = kind == "card" or "カ-ド" in text[max(0, match.start() - LOOK_BACK) : match.start()]
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
    return digits[11] == check and label_before(match, text)[0] == "my_number"


KINDS = (
    Kind(
        CARD,
        (Hint("2-6２-６", "[0-9０-９]{3}.?[0-9０-９]{4}.?[0-9０-９]"),),
        re.compile(
            r"[2-6](?<![0-9].)(?:(?<=2)[2-7]|(?<=3)[05689]|(?<=4)[0-9]|(?<=5)[1-5]|(?<=6)[0-9])"
            r"[0-9]{2}(?P<join>[- ]?)[0-9]{4}(?P=join)[0-9]{4}(?P=join)[0-9]{4}"
            r"(?![- .]?[0-9]|[A-Za-z])"
            r"|3(?<![0-9].)[47][0-9]{2}(?P<amex>[- ]?)[0-9]{6}(?P=amex)[0-9]{5}"
            r"(?![- .]?[0-9]|[A-Za-z])"
        ),
        _is_card,
    ),
    Kind(
        MY_NUMBER,
        (Hint("マ個", "(?:イナンバー|人番号)"),),
        re.compile(
            r"[0-9](?<![0-9].)[0-9]{3}(?P<join>[- ]?)[0-9]{4}(?P=join)[0-9]{4}(?![- ]?[0-9])"
        ),
        _is_my_number,
    ),
)
