"""
Where in a folded text something may say that a name stands there: for a quick first look.

Each sign is a pattern of `names` seen as one character with its two neighbours. They give false
alarms, never misses, and the pattern itself decides.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Match, Pattern

    from numpy.typing import NDArray


class Sign(IntFlag):
    """What may stand at a place."""

    LABEL = 1
    KIN = 2
    """父, 母, 夫, 妻: labels of one character."""
    TITLE = 4
    BARE_TITLE = 8
    """様, 氏, 君, 殿: titles of one character."""
    GREETING = 16
    SECTION = 32
    KANA = 64
    BRACKET = 128
    WHO = 256
    """The last character of a word for somebody, and what parts it from a name: 貸主：."""
    SPACED = 512
    """A blank between kanji: a surname and a given name may stand on its sides."""


_ANY = ""
_KANA = "\u3041-\u3096\u30a1-\u30fa"

_LABEL_LAST_BUT_ONE = (
    "氏名前芳担当者込請取出求頼入成告任表集行稿約護有証険続偶加席絡用人患治刀理書計医看教記文撮講司"
    "監著執翻挿長次帯締社会宛議員事校園院店部課係支主所館合組隊班幹原発差ン oTmtOM"
)

_LOOKS: tuple[tuple[Sign, str, str, str], ...] = (
    (
        Sign.LABEL,
        _LABEL_LAST_BUT_ONE,
        "名前当者人義医主役長先記計事員社会士師諭責影司修筆訳絵男女告表督信出-mMoOeEnN",
        ":|= ,()は\n",
    ),
    (Sign.KIN, _ANY, "父母夫妻", ":|= ,(は\n"),
    (
        Sign.TITLE,
        _ANY,
        "さくち先容被副元前部課係社会室主店院校教准弁医委町村博",
        "んまゃ生疑告部課係社会室店院校教町村長任授護師員士",
    ),
    (Sign.BARE_TITLE, _ANY, "様氏君殿", _ANY),
    (Sign.GREETING, _ANY, "とで", "申い言す"),
    (Sign.SECTION, _ANY, "部課係室科院局店所-", " "),
    (Sign.KANA, _ANY, "フふカよ読名氏", "リりナみ義名"),
    (Sign.BRACKET, _ANY, "(", _KANA + "0-9昭平"),
    (Sign.WHO, "一-鿿", "者人主員師士長役親名告", ": |=)"),
    (Sign.SPACED, "一-鿿", " ", "一-鿿\u3041-\u3096"),
)


def _table(column: int) -> NDArray[np.uint16]:
    table = np.zeros(CODE_POINTS, np.uint16)
    for sign, *characters in _LOOKS:
        if characters[column] == _ANY:
            table |= np.uint16(sign)
        for low, high in ranges(characters[column]):
            table[low : high + 1] |= np.uint16(sign)
    return table


_BEFORE, _HERE, _AFTER = map(_table, range(3))


class Signs:
    """The signs of one folded text."""

    def __init__(self, folded: str) -> None:
        codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32)
        self._folded = folded
        places, bits = kernels.signposts.signposts(codes, _BEFORE, _HERE, _AFTER)
        # Most texts have a few dozen: lists are quicker to look through than arrays.
        self._found = list(zip(places.tolist(), bits.tolist(), strict=True))

    def at(self, sign: Sign) -> list[int]:
        """The places of a sign, in order."""
        wanted = int(sign)
        return [place for place, bits in self._found if bits & wanted]

    def matches(self, sign: Sign, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """What `pattern.finditer` finds, if every match begins at the sign."""
        done = 0
        for place in self.at(sign):
            if place < done:
                continue
            match = pattern.match(self._folded, place)
            if match:
                yield match
                done = match.end()
