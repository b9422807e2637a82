"""Whether words stand in an order that Japanese grammar allows."""

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, divide
from seimai.pipeline.text.tokens import PARTS_OF_SPEECH, Tokens

_CASE = ("助詞-格助詞",)
_TOPIC = ("助詞-係助詞",)
_COMMA = ("補助記号-読点",)
_STOP = ("補助記号-句点",)
_DEPENDENT = ("助詞-格助詞", "助詞-係助詞", "助詞-接続助詞", "助詞-副助詞", "助動詞", "接尾辞")

BROKEN_PAIRS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    # A particle, an auxiliary or a suffix leans on the word before it, so it cannot begin a phrase.
    (_STOP + _COMMA, _DEPENDENT),
    # は and も come after が or を never, and nothing but another case comes after は.
    (_TOPIC, _CASE),
    (("助詞-接続助詞",), _CASE),
    # A case waits for a verb: it neither ends a sentence nor leans on an auxiliary.
    (_CASE, _STOP),
    (_CASE, ("助動詞",)),
    # Two cases in a row are a slip, but for からの, との, へと and the like: those are few.
    (_CASE, _CASE),
    # A prefix waits for its noun.
    (("接頭辞",), ("助詞", *_COMMA, *_STOP)),
    # Two commas are an ellipsis to many writers (そう、、); a stop after a comma is a slip.
    (_COMMA, _STOP),
)
"""Parts of speech that do not follow each other in a sentence that somebody wrote."""


def _table() -> NDArray[np.bool_]:
    """Which pairs of places in `PARTS_OF_SPEECH` are broken."""
    table = np.zeros((256, 256), np.bool_)
    for before, after in BROKEN_PAIRS:
        table[np.ix_(_places(before), _places(after))] = True
    return table


def _places(parts: tuple[str, ...]) -> list[int]:
    return [
        place
        for place, name in enumerate(PARTS_OF_SPEECH)
        if any(f"{name}-".startswith(f"{part}-") for part in parts)
    ]


_BROKEN = _table()

LEAST_KANJI = 0.02
"""Below this share of kanji MeCab guesses where words end: books for small children have none."""

FEWEST_PAIRS = 60
"""With fewer neighbours one doubtful pair is 0.02 and more, which says nothing of a text."""


def _broken(tokens: Tokens) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each token: does it follow another one without a gap, and does it break a rule then."""
    joined = ~tokens.gap
    joined[tokens.first[:-1][tokens.count > 0]] = False
    before = np.concatenate(([0], tokens.pos[:-1])) if tokens.pos.size else tokens.pos
    return joined, joined & _BROKEN[before, tokens.pos]


@signal("word.broken_share", between=(0, 1), needs="tokens", version=2)
def broken_share(texts: Texts) -> Numbers:
    """
    Share of neighbouring words whose parts of speech do not follow each other in Japanese.

    A particle after a full stop, に after は, a comma before a stop: what is left when the words
    of good sentences are shuffled, or when a machine strings phrases together. Prose, laws,
    minutes and manuals have 0.003 to 0.02 (からの and との count, and the tokenizer errs); word
    salad has 0.05 and more, though its letters, particles and sentences look right to every other
    signal. Verse and old spellings reach 0.04. Pairs across white space and line breaks are left
    out, so that lists do not count. nan with fewer than sixty pairs, where one slip of the
    tokenizer would decide, and for texts in kana alone, which it cuts by guess.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。" * 12, "を。は水を、、に研ぐ米。で" * 9, "米を研ぐ。")
    >>> broken_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.  , 0.25,  nan])
    """
    tokens = texts.tokens
    joined, broken = _broken(tokens)
    pairs = tokens.total(joined)
    share = divide(tokens.total(broken), pairs)
    share[pairs < FEWEST_PAIRS] = np.nan
    share[texts.kinds("kanji") < LEAST_KANJI * texts.letters()] = np.nan
    return share
