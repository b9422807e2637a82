"""
What the words of a text are: kinds, lengths, variety, and what comes again and again.

Words are MeCab's short units of UniDic; symbols are tokens but no words. The order of words is
the business of `grammar.py`, sequences of characters that of `repetition.py`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from seimai.pipeline.kernels.words import (
    CHOSEN,
    WORD,
    count_in_repeats,
    count_in_runs,
    count_parts,
    count_types,
)
from seimai.pipeline.signal import signal
from seimai.pipeline.text import PARTS_OF_SPEECH, Texts, divide

MOST = float("inf")

SYMBOLS = ("補助記号", "記号")
"""Tokens that are no words: punctuation, marks, single letters."""

CONTENT = ("名詞-普通名詞", "名詞-固有名詞", "動詞-一般", "形容詞-一般", "形状詞-一般")
"""Words that say what a text is about; する, ある and numbers say nothing of it."""

RUN = ("名詞-普通名詞", "名詞-固有名詞", "接頭辞", "接尾辞-名詞的")
"""Words that make up lists of names and keywords. Numbers do not: laws and dates have runs of them."""

SENTENCE_END = "補助記号-句点"

SHORTEST_RUN = 6
"""Nouns in a row that make a list: compounds of laws and manuals seldom have more than five."""

MOST_VARIED = 500
"""Words of a text whose variety is measured: it falls with length, so length is cut."""

MOST_SEARCHED = 1_000_000
"""Words of a text that are searched for what repeats: bounds the memory of the tables."""

ORDER = 5
"""Words of the shorter n-gram; the longer one has twice as many."""


def _are(*parts: str) -> NDArray[np.bool_]:
    """A table of all parts of speech, true for the named ones; "助詞" includes all its kinds."""
    return np.array(
        [any(f"{name}-".startswith(f"{part}-") for part in parts) for name in PARTS_OF_SPEECH]
    )


_WORDS = ~_are(*SYMBOLS)
_CONTENT = _are(*CONTENT)
_EVERY_WORD = np.where(_WORDS, CHOSEN, 0).astype(np.uint8)
_CONTENT_WORDS = np.select([_CONTENT, _WORDS], [CHOSEN, WORD], 0).astype(np.uint8)
_NOUN_RUNS = np.select([_are(*RUN), _WORDS | _are(SENTENCE_END)], [CHOSEN, WORD], 0).astype(
    np.uint8
)


def counts(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Tokens, unknown tokens and characters per text and part of speech."""
    tokens = texts.tokens
    found: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] = count_parts(
        tokens.pos, tokens.unknown, tokens.length, tokens.first, len(PARTS_OF_SPEECH)
    )
    return found


def words(texts: Texts) -> NDArray[np.int64]:
    """Words per text: tokens that are no symbols."""
    total: NDArray[np.int64] = texts.once(counts)[0][:, _WORDS].sum(1)
    return total


def share(texts: Texts, *parts: str) -> NDArray[np.float64]:
    """Tokens of these parts of speech as a share of the words of each text."""
    return divide(texts.once(counts)[0][:, _are(*parts)].sum(1), texts.once(words))


def repeats(texts: Texts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of tokens inside n-grams that come again, of `ORDER` words and of twice as many."""
    tokens = texts.tokens
    single, double = count_in_repeats(tokens.surface, tokens.first, ORDER, MOST_SEARCHED)
    looked = np.minimum(tokens.count, MOST_SEARCHED)
    return (
        divide(single, np.where(looked >= ORDER, looked, 0)),
        divide(double, np.where(looked >= 2 * ORDER, looked, 0)),
    )


@signal("word.token_count", between=(0, MOST), needs="tokens")
def token_count(texts: Texts) -> NDArray[Any]:
    """
    @token_count
    """
    return texts.tokens.count


@signal("word.length_mean", between=(1, MOST), needs="tokens")
def length_mean(texts: Texts) -> NDArray[Any]:
    """
    @length_mean
    """
    return divide(texts.once(counts)[2][:, _WORDS].sum(1), texts.once(words))


@signal("word.type_share", between=(0, 1), needs="tokens")
def type_share(texts: Texts) -> NDArray[Any]:
    """
    @type_share
    """
    tokens = texts.tokens
    different, _ = count_types(tokens.surface, tokens.pos, _EVERY_WORD, tokens.first, MOST_VARIED)
    return divide(different, np.minimum(texts.once(words), MOST_VARIED))


@signal("word.top_share", between=(0, 1), needs="tokens")
def top_share(texts: Texts) -> NDArray[Any]:
    """
    @top_share
    """
    tokens = texts.tokens
    _, commonest = count_types(
        tokens.surface, tokens.pos, _CONTENT_WORDS, tokens.first, MOST_SEARCHED
    )
    return divide(commonest, np.minimum(texts.once(words), MOST_SEARCHED))


@signal("word.particle_share", between=(0, 1), needs="tokens")
def particle_share(texts: Texts) -> NDArray[Any]:
    """
    @particle_share
    """
    return share(texts, "助詞")


@signal("word.noun_share", between=(0, 1), needs="tokens")
def noun_share(texts: Texts) -> NDArray[Any]:
    """
    @noun_share
    """
    return share(texts, "名詞")


@signal("word.proper_share", between=(0, 1), needs="tokens")
def proper_share(texts: Texts) -> NDArray[Any]:
    """
    @proper_share
    """
    return share(texts, "名詞-固有名詞")


@signal("word.verb_share", between=(0, 1), needs="tokens")
def verb_share(texts: Texts) -> NDArray[Any]:
    """
    @verb_share
    """
    return share(texts, "動詞", "形容詞", "助動詞")


@signal("word.symbol_share", between=(0, 1), needs="tokens")
def symbol_share(texts: Texts) -> NDArray[Any]:
    """
    @symbol_share
    """
    count = texts.tokens.count
    return divide(count - texts.once(words), count)


@signal("word.unknown_share", between=(0, 1), needs="tokens")
def unknown_share(texts: Texts) -> NDArray[Any]:
    """
    @unknown_share
    """
    strange = texts.once(counts)[1][:, _WORDS & ~_are("名詞-数詞")].sum(1)
    return divide(strange, texts.once(words))


@signal("word.noun_run_share", between=(0, 1), needs="tokens")
def noun_run_share(texts: Texts) -> NDArray[Any]:
    """
    @noun_run_share
    """
    tokens = texts.tokens
    inside = count_in_runs(tokens.pos, _NOUN_RUNS, tokens.first, SHORTEST_RUN)
    return divide(inside, texts.once(words))


@signal("word.duplicate_5gram_share", between=(0, 1), needs="tokens")
def duplicate_5gram_share(texts: Texts) -> NDArray[Any]:
    """
    @duplicate_5gram_share
    """
    return texts.once(repeats)[0]


@signal("word.duplicate_10gram_share", between=(0, 1), needs="tokens")
def duplicate_10gram_share(texts: Texts) -> NDArray[Any]:
    """
    @duplicate_10gram_share
    """
    return texts.once(repeats)[1]
