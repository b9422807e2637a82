"""
Pieces: what a reader takes in at once, found with and without line breaks.

Half of the web reaches us with its line breaks turned into spaces, so signals on lines fall
silent just where they are needed. A piece ends at a line break, at blanks or bars between two
Japanese characters, at commas and slashes between two Japanese characters, and after 。！？ with
the brackets that close it: Japanese writes no blanks inside a sentence. Signals on pieces keep
their numbers when line breaks become spaces. What stands in lines is measured in `lines.py`.
"""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Pieces, Texts, character_table, divide
from seimai.pipeline.text.spelling import spelled_the_old_way

MOST = float("inf")

FEWEST_PIECES = 5
"""Shares of repeated pieces need at least this many: a couplet sung twice is no broken crawl."""

_TAIL = 40
"""Characters at the end of a text in which a cut is looked for."""

CUT_END = re.compile(
    r"(?:(?<!…)…|(?<!\.)\.{2,3}|(?:続きを(?:読む|見る)|もっと(?:読む|見る)|[Rr]ead [Mm]ore))"
    r"[\s\])）］〉》>»→]{0,6}\Z"
)
_MOST_BEHIND = 6
"""At most this many blanks and brackets stand between a cut-off mark and the line end."""
BEHIND_CUTS = character_table(
    "])）］〉》>»→\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
)
_CUT_LETTERS = character_table("….むるe")
"""What may stand behind a cut (blanks are those of `re`), and with what the cut itself ends."""

_INFLECTED = """
った って てい てる ない なく なか たい たく ます まし ませ です でし した して しい
られ れる れた せる せた だっ だろ んだ んで いた いて きた けて けれ かっ くて える
わる れば たら なら よう ので から けど たの たか
"""
INFLECTED = tuple(_INFLECTED.split())
"""Pairs of hiragana in the endings of verbs and adjectives."""


class Cut(NamedTuple):
    """The pieces of a batch, how each ends, and what is in it: arrays with one entry per piece."""

    pieces: Pieces
    ending: NDArray[np.uint8]
    """How each piece ends: open, closed, cut or spoken, as numbers of `kernels.pieces`."""
    letters: NDArray[np.int32]
    """How many kana and kanji each piece has."""
    hiragana: NDArray[np.int32]
    closed: NDArray[np.bool_]
    """Whether it is part of a sentence that ends in 。！？ or the like."""
    ended: NDArray[np.bool_]
    """Whether it is part of a sentence that ends so, or in the ending of a verb or an adjective."""


def cut(texts: Texts) -> Cut:
    """Cut the texts of a batch into pieces, and say of each how it ends."""
    old = texts.once(spelled_the_old_way)
    tables = kernels.piece_flags.FLAGS
    start, end, first, ending, counts = kernels.pieces.find_pieces(
        texts.codes, texts.start, tables, old
    )
    closed, ended = (
        kernels.running_text.in_sentences(
            texts.codes, start, end, first, ending, counts, tables, old, spoken
        )
        for spoken in (False, True)
    )
    _, letters, hiragana, _ = np.ascontiguousarray(counts.T)
    return Cut(Pieces(start, end, first), ending, letters, hiragana, closed, ended)


def times_before(texts: Texts) -> NDArray[np.int64]:
    """How often each piece stood in its text before."""
    pieces = texts.once(cut).pieces
    times: NDArray[np.int64] = kernels.repetition.times_before(texts.keys(pieces), pieces.first)
    return times


def _letter_share(texts: Texts, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share of the kana and kanji that stand in the chosen pieces."""
    made = texts.once(cut)
    part = made.pieces.total(np.where(chosen, made.letters, 0))
    return divide(part, made.pieces.total(made.letters))


@signal("text.closed_sentence_share", between=(0, 1))
def closed_sentence_share(texts: Texts) -> Numbers:
    r"""
    Share of the kana and kanji that stand in closed sentences.

    A closed sentence is a piece that ends in 。．！？, in speech (」), in …… or ♪ or （笑）,
    together with the pieces that lead to it: those just before it that end in hiragana or a
    comma, up to 200 characters, for prose may be wrapped. Prose, dialogue and encyclopedias have
    0.9 and more, manuals and laws 0.7 to 0.9, menus, tables, keyword lists and pages of a shop
    below 0.3. Chats, verse and diaries without stops have none: see `text.sentence_share`.

    >>> closed_sentence_share(Texts.of("会社概要 米は\n水で変わる。", "会社概要", "rice")).round(2)
    array([0.64, 0.  ,  nan])
    """
    return _letter_share(texts, texts.once(cut).closed)


@signal("text.sentence_share", between=(0, 1))
def sentence_share(texts: Texts) -> Numbers:
    r"""
    Share of the kana and kanji that stand in sentences, with or without a stop.

    As `text.closed_sentence_share`, and a piece is a sentence as well if it ends in the ending of
    a verb, an adjective or a particle of speech (今日は楽しかったです, もう寝るよ): diaries, chats,
    boards and verse often have no stops. Of raw pages of the web those worth keeping have 0.5 and
    more, one half of the others less than 0.4; laws and manuals have 0.4 and more, agendas and
    lists of names in minutes 0.05. 99 in 100 texts keep their number when line breaks become
    spaces. Songs with refrains that end in nouns have 0: put it beside `ja.particle_share`.

    >>> sentence_share(Texts.of("会社概要\n今日は楽しかったです\n", "会社概要", "rice")).round(2)
    array([0.71, 0.  ,  nan])
    """
    return _letter_share(texts, texts.once(cut).ended)


@signal("ja.bare_piece_share", between=(0, 1))
def bare_piece_share(texts: Texts) -> Numbers:
    r"""
    Share of the kana and kanji that stand in pieces without any hiragana.

    Items of menus, tables, tag runs and keyword lists are such pieces. Prose has 0, manuals up to
    0.2, laws (headings of chapters) up to 0.2, directories and lists of goods 0.3 and more. What
    `line.hiragana_free_share` says of lines.

    >>> bare_piece_share(Texts.of("会社概要 採用情報 米を研ぐ。", "米を研ぐ。", "rice")).round(2)
    array([0.67, 0.  ,  nan])
    """
    return _letter_share(texts, texts.once(cut).hiragana == 0)


@signal("ja.window_share", between=(0, 1))
def window_share(texts: Texts) -> Numbers:
    """
    Share of windows of forty kana and kanji in which one in ten is の は が を に で と も.

    Where sentences and lists take turns, the mean of `ja.particle_share` says little; this counts
    the places. Prose has 0.9 and more, laws and manuals 0.6 and more, pages of a shop that stole
    some sentences 0.4 to 0.6, lists 0 to 0.3. It needs neither lines nor stops.

    >>> window_share(Texts.of("米の味は水で変わるので、よい水を選ぶ。", "格安通販送料無料", "rice"))
    array([ 1.,  0., nan])
    """
    windows, running = kernels.running_text.count_windows(
        texts.codes, texts.start, kernels.piece_flags.FLAGS, texts.once(spelled_the_old_way)
    )
    return divide(running, windows)


@signal("text.cut_sentence_share", between=(0, 1), version=2)
def cut_sentence_share(texts: Texts) -> Numbers:
    """
    Share of the ends of sentences that are cuts: …, ... or […], also before 続きを読む.

    Search results and indexes of blogs break every entry off; of good texts 98 in 100 have none
    and blogs up to 0.13. An author who trails off (……, でも…, 「でも…」) does not cut, nor do
    leaders (総則……3, みそ…大さじ2) and usages of commands ([file ...]). nan where nothing ends.
    Which the one-line text of a record is does not matter: it is counted by ends, not by lines.

    >>> cut_sentence_share(
    ...     Texts.of("米は水で味が変… 続きを読む 米を研ぐ。", "でも……。", "米")
    ... ).round(2)
    array([0.5, 0. , nan])
    """
    made = texts.once(cut)
    cuts = made.pieces.total(made.ending == kernels.pieces.CUT)
    return divide(cuts, cuts + made.pieces.total(made.ending == kernels.pieces.CLOSED))


@signal("text.cut_sentence_count", between=(0, MOST), version=2)
def cut_sentence_count(texts: Texts) -> Numbers:
    """
    Number of sentences that are cut off; see `text.cut_sentence_share`.

    Three and more are an index of teasers, whatever stands around them; a share of one end in two
    may be a text of two sentences.

    >>> cut_sentence_count(Texts.of("米は水で味が変… 続きを読む 米を研ぐ。", "でも……。"))
    array([1., 0.])
    """
    made = texts.once(cut)
    return made.pieces.total(made.ending == kernels.pieces.CUT)


@signal("text.cut_end_count", between=(0, 1))
def cut_end_count(texts: Texts) -> Numbers:
    """
    1 if the text itself ends in a cut: …, ... or a link to the rest (続きを読む); else 0.

    Such a page is the beginning of another one: the teaser of a blog, a feed, a result of a
    search. An author who trails off writes …… or ・・・, or stands in brackets (…」), and is not
    counted. Of good texts one in a thousand ends so, of pages that were thrown away one in six;
    a long text that only loses its last words is no worse for it, so ask for the length as well.

    >>> cut_end_count(Texts.of("米は水で味が変わりますので…", "でも……", "米 [続きを読む]", ""))
    array([1, 0, 1, 0])
    """
    start, codes = texts.start[:-1], texts.codes
    cut_ends = np.zeros(len(texts), np.int64)
    rows = np.flatnonzero(texts.length)
    last = texts.start[1:][rows] - 1
    for _ in range(_MOST_BEHIND):
        last -= BEHIND_CUTS[codes[last]] & (last > start[rows])
    # Few texts end with one of these letters; only of them the rest is asked.
    for row in rows[_CUT_LETTERS[codes[last]]].tolist():
        tail = codes[max(start[row], texts.start[row + 1] - _TAIL) : texts.start[row + 1]]
        cut_ends[row] = CUT_END.search(tail.tobytes().decode("utf-32-le", "replace")) is not None
    return cut_ends


@signal("text.repeated_piece_share", between=(0, 1))
def repeated_piece_share(texts: Texts) -> Numbers:
    """
    Share of the kana and kanji that stand in copies of earlier pieces.

    Buttons of shops, boards, broken crawls, and pages that carry their body twice (0.5, and no
    worse for that). Prose has 0, manuals and laws up to 0.15. nan below five pieces. What
    `line.repeated_char_share` says of lines.

    >>> repeated_piece_share(Texts.of("米を研ぐ。安い。安い。安い。安い。", "米。")).round(2)
    array([0.5, nan])
    """
    return _copies(texts, 1)


@signal("text.stuck_piece_share", between=(0, 1))
def stuck_piece_share(texts: Texts) -> Numbers:
    """
    Share of the kana and kanji that stand in the third and later copies of a piece.

    A page that carries its body twice has 0, a broken record that says one line again and again
    0.4 and more; songs have up to 0.33, for a refrain after every line. Prose and manuals have 0.
    nan below five pieces.

    >>> stuck_piece_share(Texts.of("米を研ぐ。安い。安い。安い。安い。", "米。")).round(2)
    array([0.33,  nan])
    """
    return _copies(texts, 2)


def _copies(texts: Texts, copy: int) -> NDArray[np.float64]:
    share = _letter_share(texts, texts.once(times_before) >= copy)
    return np.where(texts.once(cut).pieces.count >= FEWEST_PIECES, share, np.nan)


@signal("ja.lone_letter_share", between=(0, 1))
def lone_letter_share(texts: Texts) -> Numbers:
    r"""
    Share of the kana and kanji that stand alone, between blanks, line breaks and punctuation.

    Vertical print that was read line by line has a letter per line, and columns that were read
    across have their words in pieces: 0.3 and more. Prose has less than 0.01. Headings that are
    spaced out (目 次) and tables of ticks (○ 有 無) have some of it, and tables for spelling much.

    >>> lone_letter_share(Texts.of("夏\n祭\nり の お知らせ", "夏祭りのお知らせ", "rice")).round(2)
    array([0.5, 0. , nan])
    """
    return _letter_share(texts, texts.once(cut).letters == 1)


@signal("ja.inflection_share", between=(0, 1))
def inflection_share(texts: Texts) -> Numbers:
    """
    Pairs of hiragana with which verbs and adjectives go on (った, ない, ます), per kana and kanji.

    Menus, keyword lists and tables have no verbs; verse and chats have, even where they have too
    few particles to be told from them. Prose has 0.06 to 0.13, chats 0.1 to 0.2, encyclopedias
    and manuals 0.03 to 0.09, laws 0.005 to 0.05, lists below 0.01. Old spelling has few.

    >>> inflection_share(Texts.of("寝ていたい", "格安通販", "rice")).round(2)
    array([0.6, 0. , nan])
    """
    pairs: NDArray[np.int64] = kernels.pairs.count_pairs(
        texts.codes, texts.start, kernels.pairs.pair_table(INFLECTED)
    )
    return divide(pairs, texts.kinds("hiragana", "katakana", "kanji"))
