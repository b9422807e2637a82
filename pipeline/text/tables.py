"""Sets of characters as tables over all code points, and those that cut texts into pieces."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.characters import CODE_POINTS, KIND_NAMES, ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray


def character_table(characters: str) -> NDArray[np.bool_]:
    """
    A table of all code points, true for the given characters; `a-b` stands for a range.

    A hyphen at the start or the end stands for itself.

    >>> table = character_table("ぁ-ん。")
    >>> bool(table[ord("か")]), bool(table[ord("。")]), bool(table[ord("ア")])
    (True, True, False)
    """
    table = np.zeros(CODE_POINTS, np.bool_)
    for low, high in ranges(characters):
        table[low : high + 1] = True
    return table


def kind_table(*names: str) -> NDArray[np.bool_]:
    """
    A table of the kinds of characters (see `characters.KINDS`), true for the named ones.

    "kanji" includes "kanji-simplified". An unknown name is a ValueError: a slip here would
    silently measure nothing.
    """
    return np.array(_named(names))


@lru_cache(maxsize=1 << 10)
def _named(names: tuple[str, ...]) -> list[bool]:
    for name in names:
        if name not in KIND_NAMES:
            raise ValueError(f"there is no kind of character {name!r}")
    return [any(f"{kind}-".startswith(f"{name}-") for name in names) for kind in KIND_NAMES]


BLANK = character_table(
    " \t\r\n\v\f\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""White space, with the ideographic space and the zero-width ones."""

SENTENCE_STOP = character_table("。．！？!?｡")
"""Marks that end a sentence. A Latin full stop does not: it stands in numbers and names."""

CLOSING = character_table("」』）)】〕》〉”’\"'］]｣〟")
"""Brackets and quotes that belong to the sentence they close."""

MASKS = (
    *("<EMAIL>", "<PHONE>", "<CARD>", "<MYNUMBER>", "<POSTAL_CODE>", "<ADDRESS>", "<BANK_ACCOUNT>"),
    *("<DRIVER_LICENSE>", "<PASSPORT>", "<HEALTH_INSURANCE>", "<PENSION_NUMBER>"),
    *("<RESIDENCE_CARD>", "<BIRTH_DATE>", "<IP_ADDRESS>", "<PERSON_NAME>"),
)
"""What stands in a released text for personal data: to a signal they are figures, not tags."""

MASK_CODES = np.zeros((len(MASKS), max(map(len, MASKS))), np.uint32)
for _row, _mask in enumerate(MASKS):
    MASK_CODES[_row, : len(_mask)] = [ord(character) for character in _mask]
MASK_LENGTHS = np.array([len(mask) for mask in MASKS], np.int64)
