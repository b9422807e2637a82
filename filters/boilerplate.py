"""Menus, footers, buttons: the words that a page has because it is a page."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Pieces, Texts, divide
from seimai.pipeline.text.lexicon import lexicon, read_words

_WORDS, _HARMLESS = read_words(Path(__file__).parent / "data" / "boilerplate.txt")
_LEXICON = lexicon(_WORDS + _HARMLESS, guarded=("ァ-ヺー", "A-Za-z0-9"))

HALF = 0.5
"""From this share of its letters on, a line is made of boilerplate."""

WINDOW = 200
"""Characters in which different words are counted together: a menu, or a footer."""

LONGEST_MENU = 200
"""Characters of the longest line that can be a menu or a footer; above it is a paragraph."""


def hits(texts: Texts) -> tuple[Pieces, NDArray[np.int32]]:
    """The listed words in each text: the pieces where they stand, and which word each is."""
    return texts.find(_LEXICON)


def boilerplate_lines(texts: Texts) -> NDArray[np.bool_]:
    """Lines of which at least half of the letters and digits belong to boilerplate words."""
    lines = texts.lines
    found, word = texts.once(hits)
    # No word holds a line break, so each stands in the line that begins before it.
    line = np.searchsorted(lines.start, found.start, side="right") - 1
    covered = np.where(word < len(_WORDS), found.length, 0)
    matched = np.bincount(line, weights=covered, minlength=lines.start.size)
    matched[lines.length > LONGEST_MENU] = 0  # a paragraph is no menu
    letters = texts.letters("lines") + texts.kinds("digit", of="lines")
    return (matched > 0) & (matched >= HALF * letters)


@signal("line.boilerplate_share", between=(0, 1))
def boilerplate_share(texts: Texts) -> Numbers:
    r"""
    Share of lines that are made of menu, footer and button words.

    ホーム, お問い合わせ, プライバシーポリシー, ログイン, Copyright and 240 more. A page of
    nothing but navigation has 0.3 to 0.9 (the rest are names of its pages), an article with its
    frame 0.1 to 0.4, clean prose 0. Handbooks of software have sections called 検索 or 閉じる
    (up to 0.15). Headings of one word are not boilerplate unless the word is listed.
    The idea of Swallow's footer words and HojiChar's header and footer tags, as a measure.

    >>> boilerplate_share(Texts.of("ホーム | 会社概要\nお問い合わせ\n米を研ぐ。", "")).round(2)
    array([0.67,  nan])
    """
    return texts.lines.share(texts.once(boilerplate_lines))


@signal("text.boilerplate_share", between=(0, 1))
def boilerplate_char_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in lines made of menu, footer and button words.

    Menu lines are short: a good article with a menu around it stays below 0.05, a page of
    navigation is above 0.3.

    >>> boilerplate_char_share(Texts.of("ログイン\n米は品種と水で味が変わる。", "")).round(2)
    array([0.24,  nan])
    """
    lines = texts.lines
    length = np.where(texts.once(boilerplate_lines), lines.length, 0)
    return divide(lines.total(length), lines.total(lines.length))


@signal("text.boilerplate_max", between=(0, float("inf")))
def boilerplate_max(texts: Texts) -> Numbers:
    """
    Most different menu, footer and button words that stand within two hundred characters.

    A menu is many of them in one place; ten and more are a frame of a page, with or without line
    breaks. Articles use one of them (検索, リンク) now and then. Whether the frame is the page is
    not said here: see `text.closed_sentence_share`.

    >>> boilerplate_max(Texts.of("ホーム 会社概要 お問い合わせ サイトマップ", "米を研ぐ。"))
    array([4, 0])
    """
    found, word = texts.once(hits)
    wanted = word < len(_WORDS)
    most: NDArray[np.int64] = kernels.match.most_in_window(
        found.start, word, found.first, wanted, len(_LEXICON.words), WINDOW
    )
    return most
