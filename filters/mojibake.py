"""Text that was decoded wrongly, and characters that were lost on the way."""

from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Numbers, signal
from seimai.pipeline.text import Texts


@cache
def _roles() -> NDArray[np.uint8]:
    return kernels.mojibake.roles()  # type: ignore[no-any-return]


def marks(texts: Texts) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """The characters that belong to a pattern of wrong decoding, and their number per text."""
    marked, count = kernels.mojibake.mark_mojibake(texts.codes, texts.start, _roles())
    return marked, count


def ruins(text: str) -> list[tuple[int, int]]:
    """Spans of wrongly decoded characters in one text, for `explain` and the report."""
    spans = []
    place = 0
    for marked, run in groupby(marks(Texts.of(text))[0].tolist()):
        size = len(list(run))
        if marked:
            spans.append((place, place + size))
        place += size
    return spans


@signal("text.mojibake_share", between=(0, 1), where=ruins)
def mojibake_share(texts: Texts) -> Numbers:
    r"""
    Share of characters that belong to the ruins of a wrong decoding.

    UTF-8 read as Shift_JIS (縺薙ｌ縺ｯ), as Latin-1 or Windows-1252 (ã“ã‚Œ), as GBK (銇撱倢);
    EUC-JP read as Shift_JIS (､ｳ､ﾎ) or Latin-1 (¤³¤ì); Shift_JIS read as Latin-1 (‚±‚ê) or as
    anything that gives U+FFFD; ISO-2022-JP without its escapes; numeric references (&#12354;).
    A ruined text has 0.4 to 1, a page with a ruined part 0.01 and more, a clean text exactly 0.
    The patterns are those that bytes leave, so that European words, 繧繝 (a weaving pattern),
    half-width lists and ordinary kanji do not match; a text *about* mojibake does. Kanji of a
    ruin that look like any kanji (譁�ｭ怜喧) are partly missed: the share is a lower bound.
    The idea of ftfy's heuristic, for the encodings of Japan.

    >>> mojibake_share(Texts.of("縺薙ｌ縺ｯ繝", "これは", "繧繝縁", "")).round(2)
    array([ 1.,  0.,  0., nan])
    """
    return texts.share(marks(texts)[1])


@signal("text.lost_share", between=(0, 1))
def lost_share(texts: Texts) -> Numbers:
    """
    Share of characters that stand for a lost one: U+FFFD, U+FFFC and the geta mark 〓.

    One in a thousand is a 外字 that nobody could encode; one in a hundred is a damaged text.
    Printers' handbooks speak of 〓 itself.

    >>> lost_share(Texts.of("葛〓区", "葛飾区", "")).round(2)
    array([0.33, 0.  ,  nan])
    """
    return texts.share(texts.kinds("replacement", "geta"))


@signal("text.half_kana_share", between=(0, 1))
def half_kana_share(texts: Texts) -> Numbers:
    """
    Share of characters that are half-width katakana.

    Bank forms, old terminals and board slang (ｷﾀ) have some; more than 0.2 is EUC-JP read as
    Shift_JIS, or a telegram. Cleaning the width (`clean: [width]`) makes it 0.

    >>> half_kana_share(Texts.of("ﾌﾞｱｲ", "歩合", "")).round(2)
    array([ 1.,  0., nan])
    """
    return texts.share(texts.kinds("katakana-half"))


@signal("text.replaced_share", between=(0, 1))
def replaced_share(texts: Texts) -> Numbers:
    """
    Characters that the reader of the source could not decode, per character of the text.

    Ingest counts them when it turns bytes into text. Above 0.01 the declared encoding was
    probably wrong. nan where the source was text already.

    >>> replaced_share(Texts.of("これは"))
    array([nan])
    """
    replaced = texts.carried("replaced")
    return np.minimum(replaced / np.maximum(texts.length, 1), 1.0)


@signal("clean.removed_share", between=(0, 1))
def removed_share(texts: Texts) -> Numbers:
    """
    Share of the characters before cleaning that the cleaners took out.

    A page of which most was footer, menu or personal data had little to say: above 0.5 look at
    what is left. Masks count as what they replace minus their own length, and normalising the
    width removes nothing. nan where no cleaner ran.

    >>> removed_share(Texts.of("これは"))
    array([nan])
    """
    removed = texts.carried("removed")
    before = removed + texts.length
    return np.clip(removed / np.maximum(before, 1), 0.0, 1.0)


@signal("clean.removed_line_count", between=(0, float("inf")))
def removed_line_count(texts: Texts) -> Numbers:
    """
    Lines that the cleaners took out, blank ones apart.

    Beside `clean.removed_share`, which a single long paragraph moves as much as thirty lines of a
    menu do: many short lines are what a page puts around its text. nan where no cleaner ran.

    >>> removed_line_count(Texts.of("これは"))
    array([nan])
    """
    return texts.carried("removed_lines")


@signal("clean.mended_share", between=(0, 1))
def mended_share(texts: Texts) -> Numbers:
    """
    Share of characters that the cleaner `mojibake` put in the place of ruined ones.

    What is ASCII before and after does not count. A text with any was read wrongly somewhere on
    its way; near 1 all of it was. What could not be mended still counts in `text.mojibake_share`.
    nan where no cleaner ran.

    >>> mended_share(Texts.of("これは"))
    array([nan])
    """
    return np.minimum(texts.carried("mended") / np.maximum(texts.length, 1), 1.0)
