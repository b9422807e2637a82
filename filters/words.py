"""
What the words of a text are: kinds, lengths, variety, and what comes again and again.

Words are MeCab's short units of UniDic; symbols are tokens but no words. The order of words is
the business of `grammar.py`, sequences of characters that of `repetition.py`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from seimai.pipeline.kernels.words import (
    count_in_repeats,
    count_in_runs,
    count_places,
    count_types,
)
from seimai.pipeline.signal import signal
from seimai.pipeline.text import PARTS_OF_SPEECH, Texts, divide

MOST = float("inf")
SYMBOLS = ("補助記号", "記号")
CONTENT = ("名詞-普通名詞", "名詞-固有名詞", "動詞-一般", "形容詞-一般", "形状詞-一般")
NOUNS = ("名詞", "接頭辞", "接尾辞-名詞的")
MOST_VARIED = 500
MOST_REPEATED = 1_000_000
SHORTEST_RUN = 6
ORDER = 5


def parts(texts: Texts) -> NDArray[np.int64]:
    tokens = texts.tokens
    counts: NDArray[np.int64] = count_places(tokens.pos, tokens.first, len(PARTS_OF_SPEECH))
    return counts


def count(texts: Texts, *names: str) -> NDArray[np.int64]:
    columns = [any(f"{part}-".startswith(f"{name}-") for name in names) for part in PARTS_OF_SPEECH]
    total: NDArray[np.int64] = texts.once(parts)[:, columns].sum(1)
    return total


def words(texts):
    return texts.tokens.count - count(texts, *SYMBOLS)


@signal("word.token_count", between=(0, MOST), needs="tokens")
def token_count(texts: Texts) -> NDArray[Any]:
    return texts.tokens.count


@signal("word.length_mean", between=(1, MOST), needs="tokens")
def length_mean(texts: Texts) -> NDArray[Any]:
    tokens = texts.tokens
    return divide(tokens.total(np.where(tokens.are(*SYMBOLS), 0, tokens.length)), words(texts))


@signal("word.type_share", between=(0, 1), needs="tokens")
def type_share(texts: Texts) -> NDArray[Any]:
    tokens = texts.tokens
    d, _ = count_types(tokens.surface, tokens.first, MOST_VARIED)
    return divide(d, np.minimum(tokens.count, MOST_VARIED))


@signal("word.particle_share", between=(0, 1), needs="tokens")
def particle_share(texts: Texts) -> NDArray[Any]:
    return divide(count(texts, "助詞"), words(texts))


@signal("word.noun_share", between=(0, 1), needs="tokens")
def noun_share(texts: Texts) -> NDArray[Any]:
    return divide(count(texts, "名詞"), words(texts))


@signal("word.proper_share", between=(0, 1), needs="tokens")
def proper_share(texts: Texts) -> NDArray[Any]:
    return divide(count(texts, "名詞-固有名詞"), words(texts))


@signal("word.verb_share", between=(0, 1), needs="tokens")
def verb_share(texts: Texts) -> NDArray[Any]:
    return divide(count(texts, "動詞", "形容詞", "助動詞"), words(texts))


@signal("word.symbol_share", between=(0, 1), needs="tokens")
def symbol_share(texts: Texts) -> NDArray[Any]:
    return divide(count(texts, *SYMBOLS), texts.tokens.count)


@signal("word.unknown_share", between=(0, 1), needs="tokens")
def unknown_share(texts: Texts) -> NDArray[Any]:
    return texts.tokens.share(texts.tokens.unknown)


@signal("word.top_share", between=(0, 1), needs="tokens")
def top_share(texts: Texts) -> NDArray[Any]:
    c, first = among(texts, *CONTENT)
    _, top = count_types(texts.tokens.surface[c], first, MOST_REPEATED)
    return divide(top, words(texts))


def among(texts, *names):
    t = texts.tokens
    c = t.are(*names)
    return c, np.concatenate(([0], np.cumsum(c)))[t.first]


def repeats(texts):
    t = texts.tokens
    return count_in_repeats(t.surface, t.first, ORDER, MOST_REPEATED)


@signal("word.duplicate_5gram_share", between=(0, 1), needs="tokens")
def d5(texts: Texts) -> NDArray[Any]:
    return divide(texts.once(repeats)[0], np.minimum(texts.tokens.count, MOST_REPEATED))


@signal("word.duplicate_10gram_share", between=(0, 1), needs="tokens")
def d10(texts: Texts) -> NDArray[Any]:
    return divide(texts.once(repeats)[1], np.minimum(texts.tokens.count, MOST_REPEATED))


@signal("word.noun_run_share", between=(0, 1), needs="tokens")
def noun_run_share(texts: Texts) -> NDArray[Any]:
    t = texts.tokens
    pass_over = t.are("補助記号-一般", "補助記号-括弧閉", "補助記号-括弧開", "補助記号-読点", "補助記号-ＡＡ", "記号")
    w = ~pass_over
    first = np.concatenate(([0], np.cumsum(w)))[t.first]
    flags = t.are(*NOUNS)[w]
    return divide(count_in_runs(flags, first, SHORTEST_RUN), np.diff(first))
