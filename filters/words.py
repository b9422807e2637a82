"""
What the words of a text are: kinds, lengths, variety, and what comes again and again.

Words are MeCab's short units of UniDic; symbols are tokens but no words. The order of words is
the business of `grammar.py`, sequences of characters that of `repetition.py`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, divide
from seimai.pipeline.text.tokens import PARTS_OF_SPEECH

MOST = float("inf")

SYMBOLS = ("補助記号", "記号")
"""Tokens that are not words: punctuation, marks, single letters."""

CONTENT = ("名詞-普通名詞", "名詞-固有名詞", "動詞-一般", "形容詞-一般", "形状詞-一般")
"""Words that say what a text is about; する, ある and numbers say nothing of it."""

RUN = ("名詞-普通名詞", "名詞-固有名詞", "形状詞-一般", "接頭辞", "接尾辞-名詞的")
"""Words that make up lists. Not numbers: laws and dates have runs of them."""

SHORTEST_RUN = 6
"""Nouns in a row that make a list: at six, laws have 0.05 in runs, keyword lists 0.88 (medians)."""

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


_ASKED = {
    "every word": (_WORDS, _WORDS),
    "content": (_are(*CONTENT), _WORDS),
    "noun runs": (_are(*RUN), _WORDS | _are("補助記号-句点")),
}
"""Which parts of speech a question chooses, and among which others."""


@cache
def _roles(question: str) -> NDArray[np.uint8]:
    """What each part of speech is to the kernel that answers a question."""
    chosen, others = _ASKED[question]
    roles = np.zeros(len(PARTS_OF_SPEECH), np.uint8)
    roles[others] = kernels.words.WORD
    roles[chosen] = kernels.words.CHOSEN
    return roles


def counts(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Tokens, unknown tokens and characters per text and part of speech."""
    tokens = texts.tokens
    found: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] = (
        kernels.words.count_parts(
            tokens.pos, tokens.unknown, tokens.length, tokens.first, len(PARTS_OF_SPEECH)
        )
    )
    return found


def words(texts: Texts) -> NDArray[np.int64]:
    """Words per text: tokens that are not symbols."""
    total: NDArray[np.int64] = texts.once(counts)[0][:, _WORDS].sum(1)
    return total


def share(texts: Texts, *parts: str) -> NDArray[np.float64]:
    """Tokens of these parts of speech as a share of the words of each text."""
    return divide(texts.once(counts)[0][:, _are(*parts)].sum(1), texts.once(words))


def repeats(texts: Texts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of tokens inside n-grams that come again, of `ORDER` words and of twice as many."""
    tokens = texts.tokens
    single, double = kernels.words.count_in_repeats(
        tokens.surface, tokens.first, ORDER, MOST_SEARCHED
    )
    whole = np.minimum(tokens.count, MOST_SEARCHED)
    return divide(single, whole * (whole >= ORDER)), divide(double, whole * (whole >= 2 * ORDER))


@signal("word.token_count", between=(0, MOST), needs="tokens")
def token_count(texts: Texts) -> Numbers:
    """
    Words and symbols of the text, white space left out.

    The size of a text as a reader meets it: a scrap of a page has few, whatever its bytes. Leads
    of encyclopedias have 40 to 190, pieces of manuals from 60 on, articles and chapters 100 to
    10,000. UniDic cuts short (研い|だ, 図書|館): Gopher's limits for words do not apply. 0 for ''.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "")
    >>> token_count(Texts(texts.column, tokenize_texts(texts)))
    array([6, 0])
    """
    return texts.tokens.count


@signal("word.length_mean", between=(1, MOST), needs="tokens")
def length_mean(texts: Texts) -> Numbers:
    """
    Characters per word, symbols left out.

    Japanese words are short: literature, laws and encyclopedias have 1.4 to 1.8, leads up to 2.7,
    manuals and technical blogs, full of Latin names, 1.8 to 4.0 (1st to 99th percentile). At 1.0
    to 1.3 the tokenizer found only splinters, as in mojibake; above 4.5 the text is English, code
    or addresses. Gopher asks 3 to 10 of English, FineWeb2 1 to 6 of Japanese.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "https://example.jp", "。")
    >>> length_mean(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([1.2 , 4.67,  nan])
    """
    return divide(texts.once(counts)[2][:, _WORDS].sum(1), texts.once(words))


@signal("word.type_share", between=(0, 1), needs="tokens")
def type_share(texts: Texts) -> Numbers:
    """
    Different words among the first 500, as a share of them; symbols left out.

    Writing needs new words all the time: literature and encyclopedias have 0.32 to 0.73, manuals
    and blogs 0.22 to 0.72, laws, which repeat themselves on purpose, 0.18 to 0.41 (1st to 99th
    percentile). Stuffed keywords (median 0.17) and repeated lines (median 0.10) stay below. Short
    texts are richer by nature, so a maximum means little; what repeats only after 500 words is not
    seen. The type-token ratio, cut at one length to be comparable.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を研ぐ。米を炊く。", "米米米米", "。")
    >>> type_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.67, 0.5 ,  nan])
    """
    tokens = texts.tokens
    different, _ = kernels.words.count_types(
        tokens.surface, tokens.pos, _roles("every word"), tokens.first, MOST_VARIED
    )
    return divide(different, np.minimum(texts.once(words), MOST_VARIED))


@signal("word.top_share", between=(0, 1), needs="tokens")
def top_share(texts: Texts) -> Numbers:
    """
    Times of the commonest content word, as a share of all words; symbols left out.

    Stuffing repeats what it wants to be found for. Content words are nouns, verbs, adjectives and
    形状詞, so の, です, する, ある and numbers do not count. Literature has 0.005 to 0.04, laws
    0.02 to 0.07, blogs 0.01 to 0.08, encyclopedias 0.01 to 0.10, manuals 0.01 to 0.17 (1st to 99th
    percentile); stuffed pages 0.03 to 0.5, by how many keywords take turns (where many do, see
    `word.noun_run_share`). Short texts are higher: an encyclopedia's lead of 70 words names its
    subject up to nine times (0.13), as a page about one function does. Gopher's top n-gram.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を研ぎ、米を炊く。", "格安 通販 格安 送料 格安", "。")
    >>> top_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.33, 0.6 ,  nan])
    """
    tokens = texts.tokens
    surface, pos, first = tokens.surface, tokens.pos, tokens.first
    _, commonest = kernels.words.count_types(surface, pos, _roles("content"), first, MOST_SEARCHED)
    return divide(commonest, np.minimum(texts.once(words), MOST_SEARCHED))


@signal("word.particle_share", between=(0, 1), needs="tokens")
def particle_share(texts: Texts) -> Numbers:
    """
    Share of words that are particles (は, が, を, に, の, て, ね); symbols left out.

    Particles hold a Japanese sentence together; lists, tables and foreign texts have none.
    Literature has 0.27 to 0.38, encyclopedias 0.11 to 0.35, laws 0.09 to 0.29, manuals 0.10 to
    0.31, blogs 0.18 to 0.33 (1st to 99th percentile). Keyword lists, number tables, archives and
    Chinese stay below 0.04, English and Korean at 0, code mostly at 0. Chronologies, old laws
    in katakana and manuals mostly of code fall to 0.04 and are good to somebody; shuffled words
    and stuffed sentences keep theirs and pass (see `word.broken_share`). Gopher's stop words.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "格安 通販 送料 無料", "。")
    >>> particle_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.4, 0. , nan])
    """
    return share(texts, "助詞")


@signal("word.noun_share", between=(0, 1), needs="tokens")
def noun_share(texts: Texts) -> Numbers:
    """
    Share of words that are nouns, numbers among them; symbols left out.

    Nouns alone make no sentence. Literature has 0.17 to 0.40, blogs 0.31 to 0.61,
    encyclopedias 0.33 to 0.74, laws 0.40 to 0.72, manuals 0.37 to 0.83 (1st to 99th percentile);
    keyword lists, number tables, mojibake and code mostly 0.8 to 1, Chinese 0.69 to 0.92, English
    1. UniDic takes every unknown word for a noun: manuals with much code are the price of a
    limit below 0.83. Suffixes (者, さん) do not count as nouns here. HojiChar rejects from 0.80.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "東京 大阪 送料 無料", "。")
    >>> noun_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.4, 1. , nan])
    """
    return share(texts, "名詞")


@signal("word.proper_share", between=(0, 1), needs="tokens")
def proper_share(texts: Texts) -> Numbers:
    """
    Share of words that are proper names of people, places and firms; symbols left out.

    Lists of shops, stations, winners and members are names and little else. Manuals and blogs have
    up to 0.03, literature up to 0.08, laws up to 0.07, encyclopedias on history up to 0.25 (99th
    percentile); stuffed place names reach 0.5, adult keywords have 0.11 to 0.20. Genealogies and
    lists of temples are as full of names as spam, so a limit below 0.35 costs knowledge: read it
    with `word.particle_share`. Names in Latin letters and those that UniDic lacks are not seen.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("田中は京都で米を買う。", "東京 大阪 京都 田中", "。")
    >>> proper_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.29, 1.  ,  nan])
    """
    return share(texts, "名詞-固有名詞")


@signal("word.verb_share", between=(0, 1), needs="tokens")
def verb_share(texts: Texts) -> Numbers:
    """
    Share of words that are verbs, adjectives or auxiliaries; symbols left out.

    Something must happen in a sentence. Literature has 0.19 to 0.35, blogs 0.15 to 0.32, manuals
    0.04 to 0.29, encyclopedias 0.04 to 0.27, laws 0.03 to 0.21 (1st to 99th percentile); keyword
    lists up to 0.1 and mostly 0, archives, number tables, English and Korean 0, code up to 0.09,
    Chinese up to 0.05. Headlines, 体言止め and tables in laws fall to 0 as well.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研いだ。", "格安 通販 送料 無料", "。")
    >>> verb_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.33, 0.  ,  nan])
    """
    return share(texts, "動詞", "形容詞", "助動詞")


@signal("word.symbol_share", between=(0, 1), needs="tokens")
def symbol_share(texts: Texts) -> Numbers:
    """
    Share of tokens that are punctuation, marks or single letters.

    Prose of every genre has 0.05 to 0.25 (1st to 99th percentile), dialogue at the upper end;
    notes in ［＃］ lift it to 0.44. Pictures made of characters have 0.5 to 0.83, Korean, which
    UniDic takes for letters, 0.4 to 0.95, lists of links 0.2 to 0.5, code 0.06 to 0.4. Keyword
    lists have none, nor have headings. Boxes of ruled lines and kaomoji can pass for unknown
    nouns. Gopher's symbol-to-word ratio.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "(^_^)/~~~", "")
    >>> symbol_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([0.17, 0.5 ,  nan])
    """
    count = texts.tokens.count
    return divide(count - texts.once(words), count)


@signal("word.unknown_share", between=(0, 1), needs="tokens")
def unknown_share(texts: Texts) -> Numbers:
    """
    Words that the dictionary lacks, numbers apart, as a share of words; symbols left out.

    UniDic knows nearly all Japanese words: literature, laws and encyclopedias have up to 0.06,
    with a median of 0 to 0.003. But it knows no Latin ones: technical blogs and manuals have 0.01
    to 0.53 (1st to 99th percentile), and a limit must let them live. English is at 0.87 and more,
    Korean at 0.48, Chinese at 0.19 to 0.72, mojibake at 0.33 to 1 (median 0.98), pictures made of
    characters at 0.43 and more. Leads with foreign names (0.12) and slang fool it.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "繧ｳ繝｡縺ｮ", "2024年", "。")
    >>> unknown_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([ 0.,  1.,  0., nan])
    """
    strange = texts.once(counts)[1][:, _WORDS & ~_are("名詞-数詞")].sum(1)
    return divide(strange, texts.once(words))


@signal("word.noun_run_share", between=(0, 1), needs="tokens")
def noun_run_share(texts: Texts) -> Numbers:
    """
    Share of words in runs of six and more nouns with nothing between but marks and space.

    Keyword stuffing, lists of names and menus are nouns in a row: no particle, no verb, no 。
    Commas, bars, brackets and line breaks do not end a run; numbers do (第二条第三項 is a law, not
    a list). 形状詞 count as nouns (格安, 簡単). Literature has up to 0.04, laws up to 0.29, blogs
    and translations up to 0.35, encyclopedias up to 0.37, manuals with their code and tables up to
    0.57 (99th percentile); keyword lists have 0.73 and more, stuffed pages a median of 0.99,
    English and Chinese 0.42 and more. Indexes, tables of contents and casts fool it; の or ！
    between keywords escapes it.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。", "通販 激安 送料 無料 人気 東京", "。")
    >>> noun_run_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([ 0.,  1., nan])
    """
    tokens = texts.tokens
    inside = kernels.words.count_in_runs(
        tokens.pos, _roles("noun runs"), tokens.first, SHORTEST_RUN
    )
    return divide(inside, texts.once(words))


@signal("word.duplicate_5gram_share", between=(0, 1), needs="tokens")
def duplicate_5gram_share(texts: Texts) -> Numbers:
    """
    Share of tokens in sequences of five that come again in the text, all places counted.

    Five tokens are a phrase of about eight characters. The share grows with length, for ordinary
    phrases meet again: literature has up to 0.24, encyclopedias up to 0.27, blogs up to 0.41,
    manuals up to 0.66, machine translations up to 0.86, laws, which repeat their formulas, 0.22 to
    0.88 (99th percentile, for laws from the 1st). Repeated lines have 0.46 and more (median 1).
    nan below five tokens. Gopher's duplicate 5-grams (English: 0.15 of the characters), in tokens.

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研ぐ。米を水で研ぐ。", "米を水で研いで炊く。", "米")
    >>> duplicate_5gram_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([ 1.,  0., nan])
    """
    return texts.once(repeats)[0]


@signal("word.duplicate_10gram_share", between=(0, 1), needs="tokens")
def duplicate_10gram_share(texts: Texts) -> Numbers:
    """
    Share of tokens in sequences of ten that come again in the text, all places counted.

    Ten tokens are most of a sentence: who says it twice has copied. Literature has up to 0.05,
    encyclopedias up to 0.08, blogs up to 0.28, manuals up to 0.49 (one warning under every
    function), machine translations up to 0.69, laws 0.02 to 0.73 (99th percentile, for laws from
    the 1st); medians are below 0.07, for laws 0.31. Repeated lines have 0.41 and more (median 1).
    Surer than order 5, and blind to items that differ in one word of ten. nan below ten tokens.
    Gopher's 10-grams (0.10 in English).

    >>> from seimai.pipeline.stages.tokenize import tokenize_texts
    >>> texts = Texts.of("米を水で研いでから炊く。" * 3, "米を水で研いで炊いて食べる。", "米")
    >>> duplicate_10gram_share(Texts(texts.column, tokenize_texts(texts))).round(2)
    array([ 1.,  0., nan])
    """
    return texts.once(repeats)[1]
