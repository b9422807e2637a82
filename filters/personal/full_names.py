"""
What a surname is, what a given name, and whether a word is both of them together.

Words alone say little: 東京 is a surname and a given name by chance, 二名 is a surname. What stands
around them is asked by `names`.
"""

from __future__ import annotations

import re
from functools import cache

from seimai.filters.personal.kinds import words_of

_HAN = "一-鿿々ヶ"
NO_SURNAMES = words_of("no_surnames.txt")
"""Surnames in a dictionary, and words of every day before 様 and さん."""
PLACES = NO_SURNAMES | {name[:-1] for name in words_of("prefectures.txt")}
"""Places whose names happen to be a surname and a given name: 東京."""
SHORT_SURNAMES = frozenset("林森原関堀岡谷辻菅星畑")
"""Surnames of one character that people are often called by."""


@cache
def surnames() -> frozenset[str]:
    """The surnames that the dictionary knows."""
    return words_of("surnames.txt")


@cache
def given_names() -> frozenset[str]:
    """Given names that the dictionary knows, and those of the last years."""
    return words_of("given_names.txt")


_COUNTED = re.compile("[一二三四五六七八九十数][名人]")
"""Numbers of people that look like names: 二名 in 監督：二名."""


def is_full_name(name: str) -> bool:
    """Whether a name is a surname and a given name, with or without a blank between."""
    surname, space, given = name.partition(" ")
    if space:
        return surname in surnames() and (
            given in given_names()
            or (len(given) < 3 and len(name) > 3)
            or (len(surname) > 1 and len(given) < 5 and not re.search("[一-鿿]", given))
        )
    if len(name) < 3:
        return name[:1] in SHORT_SURNAMES and name[1:] in given_names()  # not 内科 or 明治
    first, second = surnames(), given_names()
    for cut in range(1, len(name)):  # no generator: this is asked most
        if name[:cut] in first and name[cut:] in second:
            return name not in PLACES and not _COUNTED.match(name)
    return False


def longest_name(name: str) -> str:
    """The longest beginning that is a full name, for labels have prose behind them; or nothing."""
    kanji = re.match(f"[{_HAN}]{{3,5}}(?![{_HAN}])", name)
    if (
        kanji
        and kanji[0][-1] not in "様氏殿君県市区町村駅店部課局会社"
        and any(is_surname(name[:cut]) for cut in (3, 2))
        and not is_full_name(kanji[0])
    ):
        given = len(kanji[0]) - (3 if is_surname(name[:3]) else 2)
        if 0 < given < 3:
            return kanji[0]
    for end in range(len(name), 1, -1):
        if is_full_name(name[:end]) and not name[:end].endswith(" "):
            return name[:end]
    return ""


def is_surname(name: str) -> bool:
    """Whether a word of two characters and more is a surname, and nothing of every day."""
    return (
        len(name) > 1
        and name in surnames()
        and name not in NO_SURNAMES
        and not _COUNTED.match(name)
    )
