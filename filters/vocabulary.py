"""
Words that most recipes do not want much of: sex trade, gambling, shop talk, forms, abuse.

The lists are in `data/`; what is left out of them, and why, is said at their heads. A word is
found only where it does not cut a run of katakana or of Latin letters (スパ is not in
アスパラガス), the longest word wins, and harmless longer words swallow listed ones (背中出し). The
signals count; whether three words are too many is for the recipe: literature, law and medicine
use some of them. Different words tell more than many words: a novel repeats one, a spam page
lists fifty. Within two hundred characters they tell most of all: there a report on the subject
has two or three, however long it is.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import kernels
from seimai.pipeline.signal import Measure, Numbers, signal
from seimai.pipeline.text import Pieces, Texts, divide
from seimai.pipeline.text.lexicon import lexicon, read_words

MOST = float("inf")

TOPICS = {
    "adult": (
        "of the sex trade and of pornography",
        """Spam pages list dozens of them, separated by blanks; a novel or a newspaper has one or
    two, a dictionary entry one of each.""",
    ),
    "gambling": (
        "of gambling advertisements",
        """Affiliate pages of casinos and of betting tips. Reports about a casino law repeat one
    word; different ones tell them apart.""",
    ),
    "advert": (
        "of shops, affiliate pages and dubious offers",
        """Product pages, price comparisons, keyword stuffing. A blog that mentions a sale has a
    few; articles about marketing, credit law or shop software are the honest heavy users.""",
    ),
    "abuse": (
        "of abuse on boards",
        "Insults as boards write them. Plays and novels have a few; 死ね is also said by villains.",
    ),
    "recruiting": (
        "of recruiting for the sex trade and of jobs too good to be true",
        """全額日払い, 体験入店, 身バレ対策: such pages use them by the dozen, a report about the
    trade or an honest job offer one or two.""",
    ),
    "dating": (
        "of dating advertisements and escort services",
        """Doorway pages of dating sites and rosters of shops. An essay on matching apps repeats one
    word; different ones tell them apart.""",
    ),
    "counterfeit": (
        "of shops of counterfeit goods and of hacked shop pages",
        """Their sentences are stolen, their keywords are not: コピー品, 大決算セール, 入手困難.
    Reports on seized goods have two or three.""",
    ),
    "shop": (
        "that name the shelves of market places, colours, sizes and delivery",
        """A page of goods is a list of them. A fashion report has several, but over a page, and a
    catalogue of an honest shop looks like any other: use the window, or put it beside prose.""",
    ),
    "download": (
        "of pages that promise downloads, cracks and streams",
        """無料ダウンロード, トレント, シリアルキー in every line, mostly machine-made. A manual
    says where to download, in other words.""",
    ),
    "form": (
        "of search forms, lists of options and pages of results",
        """Library catalogues, house and job portals, booking pages. A manual of a search engine
    explains the same words, one in a sentence.""",
    ),
    "translated": (
        "of careless translations from English",
        """あなたの, それらは, 余分な, 競争力のある: programs that translate put a pronoun into
    every sentence and keep the idioms. Authors, and translators who read what they write, use one
    or two of them in a paragraph; guides that speak to their reader up to four.""",
    ),
    "prefecture": (
        "that are prefectures",
        """Twelve within two hundred characters are a menu of options; a weather report or a table
    of statistics has as many only in a list, where nothing else is said.""",
    ),
}
"""For each topic the words that it is about, and where such words usually stand."""

_FILES = {"advert": "advertising", "prefecture": "prefectures"}

WINDOW = 200
"""Characters in which different words are counted together: a paragraph, or twenty keywords."""


def _compiled() -> tuple[Any, NDArray[np.int64], dict[str, int]]:
    """One lexicon for all topics, the topic of each of its words, and the number of each topic."""
    folder = Path(__file__).parent / "data"
    topic_of: dict[str, int] = {}
    numbers = {topic: number for number, topic in enumerate(TOPICS)}
    for topic, number in numbers.items():
        words, harmless = read_words(folder / f"{_FILES.get(topic, topic)}.txt")
        # A word of two lists belongs to the first: the sex trade before shops.
        for word in harmless:
            topic_of.setdefault(word, -1)
        for word in words:
            topic_of.setdefault(word, number)
    made = lexicon(topic_of, guarded=("ァ-ヺー", "A-Za-z0-9"))
    return made, np.array([topic_of[word] for word in made.words]), numbers


_LEXICON, _TOPIC_OF, _NUMBERS = _compiled()


def hits(texts: Texts) -> tuple[Pieces, NDArray[np.int32]]:
    """The listed words in each text: the pieces where they stand, and which word each is."""
    return texts.find(_LEXICON)


def _share(topic: str) -> Measure:
    def share(texts: Texts) -> Numbers:
        found, word = texts.once(hits)
        covered = np.where(_TOPIC_OF[word] == _NUMBERS[topic], found.length, 0)
        return divide(found.total(covered), texts.visible())

    which, where = TOPICS[topic]
    share.__doc__ = f"""
    Share of the characters, white space apart, that belong to words {which}.

    {where}
    Clean text has 0, and a text that mentions the matter less than 0.01; lists of such words have
    0.1 to 0.6. Swallow v1 rejects from 0.05 with its lists.
    """
    return share


def _kinds(topic: str) -> Measure:
    def kinds(texts: Texts) -> Numbers:
        found, word = texts.once(hits)
        wanted = _TOPIC_OF[word] == _NUMBERS[topic]
        counts: NDArray[np.int64] = kernels.match.count_different(
            word, found.first, wanted, len(_TOPIC_OF)
        )
        return counts

    which, where = TOPICS[topic]
    kinds.__doc__ = f"""
    Number of different words {which}.

    {where}
    It grows with the length of the text, which is why it belongs beside the share. Uzushio
    rejects from 6 different adult words on.
    """
    return kinds


def _window(topic: str) -> Measure:
    def window(texts: Texts) -> Numbers:
        found, word = texts.once(hits)
        wanted = _TOPIC_OF[word] == _NUMBERS[topic]
        most: NDArray[np.int64] = kernels.match.most_in_window(
            found.start, word, found.first, wanted, len(_TOPIC_OF), WINDOW
        )
        return most

    which, where = TOPICS[topic]
    window.__doc__ = f"""
    Most different words {which} that stand within two hundred characters.

    {where}
    Neither the length of the text nor one word said again and again changes it, so that an article
    about the subject stays low and one bad paragraph in a long text does not hide.
    """
    return window


def _places(topic: str) -> Any:
    def places(text: str) -> list[tuple[int, int]]:
        found, word = hits(Texts.of(text))
        wanted = _TOPIC_OF[word] == _NUMBERS[topic]
        return list(zip(found.start[wanted].tolist(), found.end[wanted].tolist(), strict=True))

    return places


SHARED = ("adult", "gambling", "advert", "abuse")
"""Topics whose share of the characters is measured too: the published rules are about shares."""

_LONGER = ("dating", "gambling")
"""Topics whose list has grown since their signals were last written anew."""

for _topic in TOPICS:
    _where = _places(_topic)
    _now = 2 if _topic in _LONGER else 1
    if _topic in SHARED:
        signal(f"text.{_topic}_share", between=(0, 1), version=_now + 1, where=_where)(
            _share(_topic)
        )
    signal(f"text.{_topic}_count", between=(0, MOST), version=_now + 1, where=_where)(
        _kinds(_topic)
    )
    signal(f"text.{_topic}_max", between=(0, MOST), version=_now, where=_where)(_window(_topic))
