"""
What each character can be to a piece: a bit for each part that it may take, in a table.

The bits are compiled into the kernels that ask for them, and numba compiles again only when the
file of a kernel changes. A bit that gets another number is a change of those files too; the table
is handed to the kernels, so which characters have a bit may change freely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.characters import CODE_POINTS, KIND_NAMES, KIND_OF, TO_HIRAGANA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.arrays import Flags, Symbols

BLANK, BAR, STOP, CLOSER, HIRAGANA, PARTICLE = 1, 2, 4, 8, 16, 32
LETTER, LIGHT, ELLIPSIS, SEPARATOR, SPEECH, TRAILS_OFF = 64, 128, 256, 512, 1024, 2048
FULL_STOP = 4096
"""One bit each; a character may have several: ら is hiragana, and a letter."""


def _of_kinds(*names: str) -> Flags:
    wanted = [any(f"{kind}-".startswith(f"{name}-") for name in names) for kind in KIND_NAMES]
    return np.array(wanted)[KIND_OF]


def _flags(*, old: bool) -> Symbols:
    """For each code point, what it can be to a piece of a text in new or old spelling."""
    table = np.zeros(CODE_POINTS, np.uint16)
    table[_of_kinds("blank", "newline")] |= BLANK
    table[_of_kinds("pipe")] |= BAR
    table[_of_kinds("kuten", "exclamation")] |= STOP
    table[_of_kinds("bracket_close")] |= CLOSER
    table[_of_kinds("hiragana")] |= HIRAGANA
    table[_of_kinds("hiragana-particle")] |= PARTICLE
    table[_of_kinds("hiragana", "katakana", "kanji")] |= LETTER
    if old:
        for code, hiragana in TO_HIRAGANA.items():
            table[code] |= table[hiragana]
    table[_of_kinds("ellipsis")] |= ELLIPSIS
    table[_of_kinds("emoji")] |= LIGHT
    _add(table, ")]\"'", CLOSER)
    _add(table, "♪♫♬☆★♡♥❤^;ｗw笑泣爆汗〜～~ー", LIGHT)
    _add(table, ",/", SEPARATOR)
    _add(table, ".", FULL_STOP)
    _add(table, "」』”’", SPEECH)
    _add(table, "たるいすねよなかだどがしんらうくのわぞさつも", TRAILS_OFF)
    return table


def _add(table: Symbols, characters: Iterable[str], flag: int) -> None:
    table[[ord(character) for character in characters]] |= flag


FLAGS = np.stack([_flags(old=False), _flags(old=True)])
"""For each code point, what it can be to a piece; the second row is for texts in old spelling."""
