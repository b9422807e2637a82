"""
What a model sees of a text: two streams of symbols, neither of which knows a line break.

`SIGNS` are the characters, folded: width, case, every digit to 0, every hangul syllable to one,
white space and the bars of an extractor's table to one blank. `SHAPES` go further: a run of kanji,
of katakana, of Latin letters or of digits is one symbol, and only hiragana and marks stay:
「米を研いで炊く。」 is 「漢を漢いで漢く。」. Topics leave no trace in shapes: they say how a text
is built, whatever it is about, and they carry over to genres and crawls that were not there in
training. Signs know words: 送料無料 and 閲覧数 are told by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges
from seimai.pipeline.text import BLANK, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Symbols = tuple[NDArray[np.uint32], NDArray[np.int64]]

BREAK_SYMBOL, BLANK_SYMBOL = 0, 32
"""The values of `kernels.ngrams`; kernels load only when they are used."""

KANJI, KATAKANA, LATIN, DIGIT = 1, 2, 3, 4
"""Classes of characters as symbols; below `BLANK_SYMBOL`, so that a run of them is one."""

SHOWN = {BLANK_SYMBOL: "␣", KANJI: "漢", KATAKANA: "ア", LATIN: "A", DIGIT: "0"}
"""How these symbols are shown to people."""

_BARS = "|｜¦"
_WIDE = 0xFEE0  # from ! to ！


@dataclass(frozen=True)
class View:
    """One stream of symbols, and the number that keeps its n-grams apart from those of others."""

    name: str
    salt: int


SIGNS = View("signs", 1)
SHAPES = View("shapes", 2)
VIEWS = (SIGNS, SHAPES)


def _fill(table: NDArray[np.uint32], characters: str, symbol: int) -> None:
    for low, high in ranges(characters):
        table[low : high + 1] = symbol


@cache
def table_of(view: View) -> NDArray[np.uint32]:
    """The symbol of each code point in a view."""
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    table[: BLANK_SYMBOL + 1] = BLANK_SYMBOL  # control characters
    table[ord("！") : ord("～") + 1] -= _WIDE
    for low, high in ranges("A-ZＡ-Ｚ"):
        table[low : high + 1] += ord("a") - ord("A")
    _fill(table, "0-9０-９", ord("0"))
    _fill(table, "가-힣", ord("가"))
    table[BLANK] = BLANK_SYMBOL
    _fill(table, _BARS, BLANK_SYMBOL)
    if view == SHAPES:
        _fill(table, "㐀-䶿一-鿿々豈-﫿", KANJI)
        table[0x20000:0x30000] = KANJI  # the supplementary ideographic plane
        _fill(table, "ァ-ヺーｦ-ﾟ", KATAKANA)
        _fill(table, "a-zA-Zａ-ｚＡ-Ｚ\u00c0-\u024f", LATIN)
        _fill(table, "0-9０-９", DIGIT)
    return table


def _signs(texts: Texts) -> Symbols:
    symbols: Symbols = kernels.ngrams.fold(texts.raw_codes, texts.start, table_of(SIGNS))
    return symbols


@cache
def _shape_of_sign() -> NDArray[np.uint32]:
    """The symbol in `SHAPES` of each symbol in `SIGNS`: a break is none of a text's characters."""
    table = table_of(SHAPES).copy()
    table[BREAK_SYMBOL] = BREAK_SYMBOL
    return table


def _shapes(texts: Texts) -> Symbols:
    # What a character is among the shapes, its sign tells as well, and of signs there are fewer.
    shapes: Symbols = kernels.ngrams.fold_again(*texts.once(_signs), _shape_of_sign())
    return shapes


def symbols_of(texts: Texts, view: View) -> Symbols:
    """The symbols of all texts in a view, and where each text starts in them."""
    return texts.once(_signs if view == SIGNS else _shapes)


def shown(symbols: NDArray[np.uint32]) -> str:
    """
    An n-gram for people.

    >>> shown(symbols_of(Texts.of("米を  研ぐ。１２"), SHAPES)[0])
    '漢を␣漢ぐ。0'
    """
    return "".join(SHOWN.get(symbol) or chr(symbol) for symbol in symbols.tolist())
