"""Is it Japanese, and is it running text? Cheap answers from characters alone."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from seimai.pipeline.kernels.markup import count_gaps
from seimai.pipeline.kernels.match import lexicon, read_words
from seimai.pipeline.signal import signal
from seimai.pipeline.text import BLANK, Pieces, Texts, character_table, divide

MOST = float("inf")

_WORDS, _ = read_words(Path(__file__).parent / "data" / "function.txt")
_LEXICON = lexicon(_WORDS)
_HIRAGANA = character_table("ぁ-ゟ")

ENOUGH_KANA = 0.15
"""From this share of kana among kana and kanji on, nothing speaks against Japanese."""

PROSE_WORDS = 3
"""So many function words make a line running text; a menu entry has one or two."""

LONG_GAP = 30
"""Characters without hiragana that prose rarely has in a row: about a line of a menu or a table."""


def function_words(texts: Texts) -> tuple[Pieces, NDArray[np.int32]]:
    """Where function words stand, and which."""
    return texts.find(_LEXICON)


@signal("ja.language_score", between=(0, 1))
def language_score(texts: Texts) -> NDArray[Any]:
    """
    How Japanese the letters are: share of kana and kanji, lowered where kana are missing.

    The share of Japanese letters among all letters (Latin, hangul, Cyrillic, ...), times the kana
    among kana and kanji against 0.15, at most 1, minus the hanzi that only Chinese uses. Japanese
    prose has 0.97 to 1, manuals with code 0.4 to 1; Chinese 0 to 0.05, Korean and English 0 to
    0.1. kanbun and lists of names look Chinese to it, transliterated Ainu Japanese. No model: for
    mixed pages and short texts it is as good as one, and it costs nothing. nan without letters.

    >>> language_score(Texts.of("米を研ぐ", "这是中文网页", "한국어", "rice", "1")).round(2)
    array([ 1.,  0.,  0.,  0., nan])
    """
    kana = texts.kinds("hiragana", "katakana", "katakana_half")
    chinese = texts.kinds("hanzi_simplified", "hanzi_traditional", "hanzi_chinese")
    ours = kana + texts.kinds("kanji")
    others = chinese + texts.kinds(
        "latin", "latin_wide", "latin_accented", "hangul", "foreign_letter", "greek", "bopomofo"
    )
    japanese = divide(ours, ours + others)
    kana_share = np.nan_to_num(divide(kana, ours + chinese))
    return japanese * np.minimum(kana_share / ENOUGH_KANA, 1.0)


@signal("ja.function_share", between=(0, 1))
def function_share(texts: Texts) -> NDArray[Any]:
    """
    Share of kana and kanji that belong to function words: particles, copulas, endings, この, こと.

    Running Japanese of any kind has 0.25 to 0.45, laws 0.2 to 0.35; lists of nouns, menus and
    keyword spam less than 0.12, whatever their kanji and katakana. Found without a tokenizer, the
    longest word first: の in もの does not count twice, but some の of のり (glue) does count.

    >>> function_share(Texts.of("これは米である", "格安通販", "rice")).round(2)
    array([0.86, 0.  ,  nan])
    """
    found, _ = texts.once(function_words)
    letters = texts.kinds("hiragana", "katakana", "katakana_half", "kanji")
    return divide(found.total(found.length), letters)


@signal("ja.function_count", between=(0, MOST))
def function_count(texts: Texts) -> NDArray[Any]:
    """
    Number of different function words.

    A page of menu entries knows の and に and little else; a paragraph of 200 characters has 15 or
    more. FineWeb2 asks for two of 16 stop words, which one sentence fulfils.

    >>> function_count(Texts.of("米の味は水で変わる。", "お米の通販", ""))
    array([3, 1, 0])
    """
    found, word = texts.once(function_words)
    pairs = np.unique(found.owner * len(_LEXICON.words) + word)
    return np.bincount(pairs // len(_LEXICON.words), minlength=len(texts))


@signal("line.prose_share", between=(0, 1))
def prose_share(texts: Texts) -> NDArray[Any]:
    r"""
    Share of the characters that stand in lines with at least three function words.

    Running text, whether or not it has full stops: prose, laws, minutes, letters and longer lines
    of verse have 0.8 to 1, manuals with code 0.4 to 0.9; menus, keyword lists, tables, code and
    mojibake less than 0.2. Slides, haiku and short lines of dialogue do not reach three words.
    Lists whose items are sentences count as prose, as they should.

    >>> prose_share(Texts.of("米の味は水で変わる。\nお米の通販", "")).round(2)
    array([0.67,  nan])
    """
    lines = texts.lines
    found, _ = texts.once(function_words)
    words = np.bincount(lines.holding(found.start), minlength=lines.start.size)
    length = np.where(words >= PROSE_WORDS, lines.length, 0)
    return divide(lines.total(length), lines.total(lines.length))


@signal("ja.hiragana_gap_share", between=(0, 1))
def hiragana_gap_share(texts: Texts) -> NDArray[Any]:
    """
    Share of the characters, white space apart, in stretches of 30 or more without any hiragana.

    Line breaks do not end a stretch, so that a list of short items is one long stretch: tables,
    link lists, calendars, tag clouds, code and other languages are above 0.7. Prose, dialogue and
    minutes are below 0.03, laws below 0.1 (headings of chapters), encyclopedias below 0.2;
    reference manuals with signatures and code reach 0.7.

    >>> hiragana_gap_share(Texts.of("米" * 40, "米を" * 40, "")).round(2)
    array([ 1.,  0., nan])
    """
    gaps = count_gaps(texts.codes, texts.start, _HIRAGANA, BLANK, LONG_GAP)
    return divide(gaps, texts.length - texts.kinds("blank", "newline"))
