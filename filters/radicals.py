"""
Radicals that stand for kanji: the share of them, and the cleaner that puts kanji in their place.

They come from PDFs, whose fonts name their glyphs after radicals, and have been copied from there
into web pages and data sets. The table is Unicode's, in `pipeline.decode.radicals`.
"""

from __future__ import annotations

from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.decode.radicals import RADICALS, unified
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts


@cleaner("radicals", touches=RADICALS)
def radicals(text: str) -> str:
    """
    Radicals become the kanji they look like: ⽇本 is 日本, ⻝べる is 食べる.

    Kangxi radicals (⼈⽇⽂) and those of the supplement (⺠⻄⻑), which NFKC leaves. A dictionary
    that speaks of 部首 shows the same forms afterwards, as kanji. The two without a kanji of their
    form (⺀ and an unused one) stay.

    >>> radicals("⽇本語の⽂章を⻝べる。")
    '日本語の文章を食べる。'
    """
    return unified(text)


@signal("text.radical_share", between=(0, 1))
def radical_share(texts: Texts) -> Numbers:
    """
    Share of characters that are radicals standing for kanji.

    0 in what people write. Text taken out of a PDF by a program that does not mend it has 0.01 to
    0.1: every 日, 人 or 大 of one font. The cleaner `radicals` takes it back to 0; what is measured
    after it are the few without a kanji. A table of the radicals themselves is all radicals, and
    is right.

    >>> radical_share(Texts.of("⽇本の⼭", "日本の山", "")).round(2)
    array([0.5, 0. , nan])
    """
    return texts.share(texts.between("⺀", "⿕"))
