"""
The hash view: a text folded for comparison only.

Two texts are exact duplicates when their hash views are equal, and near-duplicates when the
shingles of their hash views are. The released text is never touched: NFKC would damage ①, ㎡ and
㈱ there, and is right here.

What is folded, character by character: compatibility forms and width (NFKC), case, dashes with
minus and long-vowel marks, wave dashes, commas, full stops, quotation marks. White space, line
breaks, control characters, variation selectors and everything without a shape are dropped. What
is kept: digits, and dakuten (はがき is not はかき). A mark is composed with the character before
it, as `NFC` does it for two characters, so ｶﾞ, カ゛ and decomposed が come out as one. It is not
NFKC of the whole text: marks are not sorted, and Hangul letters are not joined.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seimai.pipeline.kept_tables import kept
from seimai.pipeline.kernels import hashview as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

TABLE_SIZE = 0x30000
"""Planes 0 to 2; above them are rare ideographs (kept) and tags and selectors (dropped)."""

DASHES = "-‐‑‒–—―−⁃⸺⸻─━ーｰ﹘﹣－˗\u2796\u1806\u30a0"
"""Hyphens, dashes, minus signs, ruled lines and long-vowel marks: typists mix them freely."""

WAVES = "~〜～∼∾⁓〰˜"
"""Wave dashes; 〜 and ～ are the same key in two encodings."""

COMMAS = "、，,､﹐﹑︐︑"
STOPS = "。．.｡﹒︒"
QUOTES = "\"'`´＂＇｀‘’‚‛“”„‟«»‹›′″‴‵‶〝〞〟❛❜❝❞ʻʼ"

INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"
"""Fillers and joiners that are letters or marks by category, and blank on the page."""

_NO_SHAPE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_SELECTORS = {*map(chr, [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])}

_PLANE_14 = range(0xE0000, 0xF0000)
"""Code points of tags and variation selectors, whether assigned or not."""

_UNCHANGED = (
    range(0x3400, 0xA000),  # ideographs
    range(0xAC00, 0xE000),  # Hangul syllables and surrogates
    range(0xE000, 0xF900),  # private use
    range(0x17000, 0x18D90),  # Tangut
    range(0x20000, 0x2F800),  # ideographs of plane 2
    range(0x2FA20, 0x30000),
)
"""Blocks whose characters fold to themselves: skipped, so that the table is made quickly."""


class FoldTable(NamedTuple):
    """The tables that `kernels.fold_codes` folds by."""

    table: NDArray[np.int32]
    pieces: NDArray[np.uint32]
    first: NDArray[np.int64]
    pairs: NDArray[np.uint64]
    composed: NDArray[np.uint32]


def _one_for_many() -> dict[str, str]:
    """Characters with a fixed replacement, and those that are dropped (empty)."""
    groups = [(DASHES, "-"), (WAVES, "~"), (COMMAS, ","), (STOPS, "."), (QUOTES, '"')]
    fixed = {character: one for characters, one in groups for character in characters}
    return fixed | dict.fromkeys([*INVISIBLE, *_SELECTORS], "")


_FIXED = _one_for_many()


def fold_character(character: str) -> str:
    """
    What one character becomes, before marks are composed.

    >>> fold_character("Ａ"), fold_character("㌔"), fold_character("ー"), fold_character("　")
    ('a', 'キロ', '-', '')
    """
    if character in _FIXED:
        return _FIXED[character]
    if unicodedata.category(character) in _NO_SHAPE or ord(character) in _PLANE_14:
        return ""
    folded = unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", character).casefold()
    ).casefold()
    if folded == character:
        return character
    return "".join(fold_character(part) if part != character else part for part in folded)


def _compositions() -> dict[str, tuple[str, str]]:
    """Every character that NFC makes of two, with the two; of folded characters only."""
    found = {}
    for composed in filter(unicodedata.decomposition, map(chr, range(0x20000))):
        parts = unicodedata.decomposition(composed).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            pair = chr(int(parts[0], 16)), chr(int(parts[1], 16))
            if unicodedata.normalize("NFC", "".join(pair)) == composed and all(
                fold_character(each) == each for each in (*pair, composed)
            ):
                found[composed] = pair
    return found


def _foldable() -> list[str]:
    """The characters that may fold to others: not unassigned, nor letters without other forms."""
    skipped = bytearray(TABLE_SIZE)
    for block in _UNCHANGED:
        skipped[block.start : block.stop] = bytes([1]) * len(block)
    characters = [chr(code) for code in range(TABLE_SIZE) if not skipped[code]]
    category, decomposition = unicodedata.category, unicodedata.decomposition
    return [
        one
        for one in characters
        if category(one) not in _NO_OTHER_FORM or decomposition(one) or one in _FIXED
    ]


_NO_OTHER_FORM = {"Cn", "Co", "Lo", "So"}


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """The table of all folds, made once on a machine in some tenths of a second."""
    made_of = (Path(__file__), f"{kernels.DROPPED} {kernels.SPECIAL}")
    return FoldTable(*kept("folds", made_of, _folds))


def _folds() -> list[NDArray[Any]]:
    """The arrays of a `FoldTable`."""
    table = np.arange(TABLE_SIZE, dtype=np.int32)
    compositions = _compositions()
    marks = {mark for _, mark in compositions.values()}
    special: list[str] = []
    for character in _foldable():
        code = ord(character)
        folded = fold_character(character)
        if not folded:
            table[code] = kernels.DROPPED
        elif len(folded) > 1 or folded in marks:
            table[code] = kernels.SPECIAL - len(special)
            special.append(folded)
        elif folded != character:
            table[code] = ord(folded)
    pairs = sorted((ord(a) << 32 | ord(b), ord(one)) for one, (a, b) in compositions.items())
    return [
        table,
        np.array([ord(part) for parts in special for part in parts], np.uint32),
        np.cumsum([0, *map(len, special)], dtype=np.int64),
        np.array([pair for pair, _ in pairs], np.uint64),
        np.array([one for _, one in pairs], np.uint32),
    ]


def hash_view(texts: Texts) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """
    The folded code points of all texts, and the `n + 1` places where texts start in them.

    >>> from seimai.pipeline.text import Texts
    >>> codes, start = hash_view(Texts.of("ｶﾞｲﾄﾞ　１", "ガイド1"))
    >>> "".join(map(chr, codes)), start.tolist()
    ('ガイド1ガイド1', [0, 4, 8])
    """
    return texts.once(_fold)


def _fold(texts: Texts) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    codes, start = kernels.fold_codes(texts.raw_codes, texts.start, *fold_table())
    return codes, start
