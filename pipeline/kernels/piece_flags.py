"""
What each character can be to a piece: a bit for each part that it may take, in a table.

The bits are compiled into the kernels that ask for them, and numba compiles again only when the
file of a kernel changes. A bit that gets another number is a change of those files too; the table
is handed to the kernels, so which characters have a bit may change freely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.characters import KIND_NAMES, KIND_OF, TO_HIRAGANA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.arrays import Symbols

BLANK, BAR, STOP, CLOSER, HIRAGANA, PARTICLE = 1, 2, 4, 8, 16, 32
LETTER, LIGHT, ELLIPSIS, SEPARATOR, SPEECH, TRAILS_OFF = 64, 128, 256, 512, 1024, 2048
FULL_STOP = 4096
"""One bit each; a character may have several: ら is hiragana, and a letter."""


_OF_KINDS = (
    (("blank", "newline"), BLANK),
    (("pipe",), BAR),
    (("kuten", "exclamation"), STOP),
    (("bracket_close",), CLOSER),
    (("hiragana",), HIRAGANA),
    (("hiragana-particle",), PARTICLE),
    (("hiragana", "katakana", "kanji"), LETTER),
    (("ellipsis",), ELLIPSIS),
    (("emoji",), LIGHT),
)
"""What a character can be by its kind; a name stands for the kinds below it as well."""


def _flags(*, old: bool) -> Symbols:
    """For each code point, what it can be to a piece of a text in new or old spelling."""
    of_kind = np.zeros(len(KIND_NAMES), np.uint16)
    for names, flag in _OF_KINDS:
        for number, kind in enumerate(KIND_NAMES):
            if any(f"{kind}-".startswith(f"{name}-") for name in names):
                of_kind[number] |= flag
    table: Symbols = of_kind[KIND_OF]
    if old:
        for code, hiragana in TO_HIRAGANA.items():
            table[code] |= table[hiragana]
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
