"""
Sentences: how long they are, whether they are closed, and which come twice.

A sentence ends inside a line after 。．！？ and the brackets that close it, or with its line. It is
*closed* when it ends in one of these marks or in a closing bracket: what is left open is a
heading, a list item, a line of verse, or dirt. Lengths are taken from closed sentences only, so
that tables and lists do not look like one endless sentence.
"""

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts, divide

MOST = float("inf")


def closed(texts: Texts) -> NDArray[np.bool_]:
    """Sentences that end in 。．！？ or in a Japanese closing bracket."""
    return texts.at(texts.sentences.end - 1, "kuten", "exclamation", "bracket_close")


def repeats(texts: Texts) -> NDArray[np.bool_]:
    """Sentences that stood earlier in the same text."""
    sentences = texts.sentences
    seen: NDArray[np.bool_] = kernels.repetition.seen_before(texts.keys(sentences), sentences.first)
    return seen


@signal("text.sentence_count", between=(0, MOST))
def sentence_count(texts: Texts) -> Numbers:
    r"""
    Number of closed sentences.

    A page without a single one is a menu, a table, a list or verse. Two or three are the least
    that a training text should have.

    >>> sentence_count(Texts.of("米を研ぐ。水を切る。\n以上", ""))
    array([2., 0.])
    """
    return texts.sentences.total(texts.once(closed))


@signal("text.sentence_length_mean", between=(1, MOST))
def sentence_length_mean(texts: Texts) -> Numbers:
    """
    Mean length of the closed sentences in characters; nan where there is none.

    Dialogue 15 to 30, prose and manuals 30 to 60, laws 60 to 150. Below 8 a text is cries and
    labels; far above, keywords without stops. Swallow v1 keeps 20 to 90, which costs laws and
    plays.

    >>> sentence_length_mean(Texts.of("米を研ぐ。水を切って炊く。", "会社概要"))
    array([6.5, nan])
    """
    sentences = texts.sentences
    ends = texts.once(closed)
    length = np.where(ends, sentences.length, 0)
    return divide(sentences.total(length), sentences.total(ends))


@signal("text.sentence_length_max", between=(1, MOST))
def sentence_length_max(texts: Texts) -> Numbers:
    """
    Length of the longest closed sentence in characters; nan where there is none.

    Laws and court decisions pass 500, old novels 300: a low limit punishes the best Japanese. In
    Swallow v1 "more than 200" rejects 67 of 500 good documents, since it also counts tables.

    >>> sentence_length_max(Texts.of("米を研ぐ。水を切って炊く。", "会社概要"))
    array([ 8., nan])
    """
    sentences = texts.sentences
    longest = sentences.largest(np.where(texts.once(closed), sentences.length, 0))
    return np.where(longest > 0, longest, np.nan)


@signal("text.repeated_sentence_share", between=(0, 1))
def repeated_sentence_share(texts: Texts) -> Numbers:
    """
    Share of sentences (open ones too) that are a copy of an earlier one of the text.

    Generated pages that say the same thing for every town, and broken crawls. Prose is below
    0.03, plays and manuals below 0.2. Swallow v1 rejects above 0.30.

    >>> repeated_sentence_share(Texts.of("安い。安い。安い。速い。", "")).round(2)
    array([0.5, nan])
    """
    return texts.sentences.share(texts.once(repeats))


@signal("text.repeated_sentence_char_share", between=(0, 1))
def repeated_sentence_char_share(texts: Texts) -> Numbers:
    """
    Share of the characters that stand in copies of earlier sentences.

    「はい。」 twenty times weighs little here, a repeated paragraph much. Swallow v1 rejects above
    0.20.

    >>> repeated_sentence_char_share(Texts.of("安い。米を研ぐ。安い。", "")).round(2)
    array([0.27,  nan])
    """
    sentences = texts.sentences
    copies = np.where(texts.once(repeats), sentences.length, 0)
    return divide(sentences.total(copies), sentences.total(sentences.length))


@signal("text.closed_share", between=(0, 1))
def closed_share(texts: Texts) -> Numbers:
    r"""
    Share of the characters that stand in closed sentences.

    The most telling number about layout: prose, minutes and dialogue are above 0.9, laws above
    0.8, manuals with code 0.4 to 0.9; navigation, tag clouds, tables, code and headline lists
    below 0.2. Verse and slides are open by nature: where they matter, let another signal decide
    beside it (`ja.hiragana_share`).

    >>> closed_share(Texts.of("「行こう」\n米を研ぐ。\n会社概要", "")).round(2)
    array([0.71,  nan])
    """
    sentences = texts.sentences
    ends = np.where(texts.once(closed), sentences.length, 0)
    return divide(sentences.total(ends), sentences.total(sentences.length))
