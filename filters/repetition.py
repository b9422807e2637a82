"""What comes again and again inside one text: n-grams of characters, runs, and poor variety."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Measure, Numbers, signal
from seimai.pipeline.text import Texts, divide

MOST = float("inf")

TOP_ORDERS = {
    2: "0.20 (FineWeb2: 0.239)",
    3: "0.18 (FineWeb2: 0.196)",
    4: "0.16 (FineWeb2: 0.172)",
}
"""Orders of the most frequent n-gram, with the limits that Swallow v1 and FineWeb2 publish."""

DUPLICATE_ORDERS = {
    5: "0.15 (FineWeb2: 0.243)",
    6: "0.14 (FineWeb2: 0.225)",
    7: "0.13 (FineWeb2: 0.207)",
    8: "0.12 (FineWeb2: 0.19)",
    9: "0.11 (FineWeb2: 0.175)",
    10: "0.10 (FineWeb2: 0.159)",
}
"""Orders of duplicate n-grams, with the limits that Swallow v1 and FineWeb2 publish."""

LONGEST = max(DUPLICATE_ORDERS)

MOST_REPEATED = 1_000_000
"""Characters of a text that are searched for repeated n-grams: bounds the memory of the table."""

MOST_VARIED = 4_000
"""Characters of a text whose variety is measured: it changes with length, so length is cut."""


def ngrams(texts: Texts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    For each text and order: share of the most frequent n-gram, and of all that come again.

    A row of one sign (====, -----, blanks) is one sign here: how long it is, `text.run_max` says.
    """
    start = np.empty_like(texts.start)
    codes = kernels.signs.collapse_rules(texts.codes, texts.start, start, kernels.signs.ROLES)
    top = kernels.recurrence.top_ngrams(codes, start, max(TOP_ORDERS), MOST_REPEATED)
    repeated = kernels.repeats.repeated_ngrams(
        codes, start, min(DUPLICATE_ORDERS), LONGEST, MOST_REPEATED
    )
    length = np.minimum(np.diff(start), MOST_REPEATED)[:, None]
    places = np.maximum(length - np.arange(LONGEST + 1) + 1, 0)
    return _shares(top, places[:, : max(TOP_ORDERS) + 1]), _shares(repeated, places)


def _shares(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[np.float64]:
    return divide(part.ravel(), whole.ravel()).reshape(part.shape)


def _top(order: int, published: str) -> Measure:
    def top_share(texts: Texts) -> Numbers:
        return texts.once(ngrams)[0][:, order]

    top_share.__doc__ = f"""
    Share of the most frequent sequence of {order} characters among all of them.

    One expression that fills the page: a shop's name, 円～円. Prose is below 0.04 whatever its
    length beyond a few hundred characters; short texts are higher. White space and line breaks
    count as characters, but three and more equal signs or blanks in a row count as one: a ruled
    line repeats nothing. nan for texts shorter than {order} characters.
    Gopher's top n-gram with the definition of Swallow v1; rejected above {published}.
    """
    return top_share


def _duplicate(order: int, published: str) -> Measure:
    def duplicate_share(texts: Texts) -> Numbers:
        return texts.once(ngrams)[1][:, order]

    duplicate_share.__doc__ = f"""
    Share of the places in the text whose next {order} characters occur more than once in it.

    All occurrences of a repeated sequence count, the first one too. Templates, lists of similar
    items and copied paragraphs rise above 0.5. It grows with the length of the text, because
    ordinary phrases meet again: good long manuals and laws reach 0.4 at order 5 and 0.25 at
    order 10. White space counts. nan for texts shorter than {order} characters.
    Gopher's duplicate n-grams as Swallow v1 describes them; rejected above {published}. (Swallow's
    code divides *distinct* sequences, which gives far smaller numbers.)
    """
    return duplicate_share


for _order, _published in TOP_ORDERS.items():
    signal(f"text.top_{_order}gram_share", between=(0, 1), version=2)(_top(_order, _published))
for _order, _published in DUPLICATE_ORDERS.items():
    signal(f"text.duplicate_{_order}gram_share", between=(0, 1), version=2)(
        _duplicate(_order, _published)
    )


@signal("text.run_max", between=(0, MOST))
def run_max(texts: Texts) -> Numbers:
    """
    Longest run of one character.

    Ruled lines (――――), wwwwwwww, ・・・・・・ in tables of contents, padding. Prose stays below 10;
    a ruled line in a good manual has 80. HojiChar rejects from 200.

    >>> run_max(Texts.of("あああ、そう", ""))
    array([3, 0])
    """
    return kernels.codes.longest_run(texts.codes, texts.start)  # type: ignore[no-any-return]


@signal("text.entropy_score", between=(0, 12))
def entropy_score(texts: Texts) -> Numbers:
    """
    Bits of information per character, from how often each character occurs in the first 4,000.

    Japanese mixes three scripts and some 2,000 signs: prose has 6.5 to 8.2 bits, manuals 6 to 8,
    English 4.2 to 4.8, number tables 3 to 4, a repeated line 2 to 5. Keyword lists and mojibake
    reach 8.5 and more. Texts below 200 characters are lower by nature (a text of 100 characters
    cannot pass 6.6). A cheap stand-in for the zlib ratio of llm-jp v1.

    >>> entropy_score(Texts.of("いろはに", "ああああ", "")).round(2)
    array([ 2.,  0., nan])
    """
    _, bits = texts.once(varieties)
    return bits


@signal("text.variety_share", between=(0, 1))
def variety_share(texts: Texts) -> Numbers:
    """
    Different characters among the first 4,000, as a share of them.

    Falls with length: compare texts of like length, or use `text.entropy_score`. At 1,000
    characters prose has 0.25 to 0.4; a page of one item repeated below 0.1; a list of rare kanji
    or mojibake above 0.5.

    >>> variety_share(Texts.of("いろはに", "ああああ", "")).round(2)
    array([1.  , 0.25,  nan])
    """
    different, _ = texts.once(varieties)
    return divide(different, np.minimum(texts.length, MOST_VARIED))


def varieties(texts: Texts) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Different characters and entropy of the beginning of each text."""
    different, entropy = kernels.repetition.variety(texts.codes, texts.start, MOST_VARIED)
    return different, entropy
