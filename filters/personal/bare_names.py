"""
Names of persons that no label and no title leads: a whole name with a blank in it, and one right
behind a word for somebody (被告人大野光男).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from seimai.filters.personal.full_names import NO_SURNAMES, given_names, is_full_name, surnames
from seimai.filters.personal.looks import Sign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seimai.filters.personal.signs import Signs

_HAN = "一-鿿々ヶ"
_KANA = "\u3041-\u3096\u30a1-\u30fa"
_SPACED_BEFORE = re.compile(
    rf"(?<![{_HAN}{_KANA}0-9A-Za-z])[{_HAN}]{{1,3}}\Z"
    rf"|(?<=[者人員師士長役手婦親\u3041-\u3096])[{_HAN}]{{2,3}}\Z"
)
_SPACED_AFTER = re.compile(
    rf" (?P<given>[{_HAN}]{{1,3}}[\u3041-\u3096]?|[\u3041-\u3096]{{2,3}})"
    rf"(?=[^{_HAN}{_KANA}0-9A-Za-z]|\Z|[様殿氏君行]|さん|くん|ちゃん|先生|[とはがのをにでも])"
)
_JOINED_LABEL = re.compile(
    r"(?:被告人|原告|被告|申立人|証人|請求人|控訴人|取締役(?:社長|会長)?|監査役"
    r"|(?:社|会|校|院|店|館|園|所|市|町|村|課|部|班|係)長)\Z"
)
_JOINED_NAME = re.compile(
    rf"(?P<name>[{_HAN}]{{3,5}})(?=[をはがにのとも、。,()\n ]|\Z|さん|より|から|まで)"
)
_LONGEST_WORD = 8
"""More characters than a word for somebody has: 代表取締役社長 is asked for from 取締役 on."""


def names_apart(folded: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """A surname and a given name with a blank between, and nothing else beside them."""
    for place in signs.at(Sign.SPACED):
        after = _SPACED_AFTER.match(folded, place)
        if after is None or after["given"] not in given_names():
            continue
        before = _SPACED_BEFORE.search(folded, max(0, place - 4), place)
        if before is None or before[0] not in surnames() or before[0] in NO_SURNAMES:
            continue
        if len(before[0] + after["given"]) > 2:  # 夏 秋, 緑 茶
            yield before.start(), after.end("given"), 0.85


def names_joined(folded: str, signs: Signs) -> Iterator[tuple[int, int, float]]:
    """A whole name right behind a word for somebody: 被告人大野光男を."""
    for place in signs.at(Sign.JOINED):
        match = _JOINED_NAME.match(folded, place + 1)
        if (
            match
            and is_full_name(match["name"])
            and _JOINED_LABEL.search(folded, max(0, place - _LONGEST_WORD), place + 1)
        ):
            yield *match.span("name"), 0.85
