"""
What the sentences of a text have in common with other texts of the run: pieces, hashes, signals.

One text alone does not tell that it was filled into a template, or that every page of a shop says
the same. So sentences are counted over the whole run (`stages/across.py`), and a recipe that has a
section `across` gets two signals. Here is what a sentence is, when two are the same, and when they
are of one template; `kernels/skeletons.py` says what the *skeleton* of a sentence is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import KIND_NAMES, KIND_OF
from seimai.pipeline.signal import Signal
from seimai.pipeline.text import Texts
from seimai.pipeline.text.pieces import Pieces, divide
from seimai.pipeline.text.spelling import spelled_the_old_way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Flags, Hashes, SmallIntegers

VERSION = 1
"""Raised when the same texts would give other numbers than before."""

STAGE = "across"
"""The folder of the numbers, one file per text shard."""

SHARED = "shared"
"""The file beside them with the sentences and skeletons that several texts have."""

TEMPLATE, REPEATED = "across.template_share", "across.repeated_share"

NAMES = frozenset({TEMPLATE, REPEATED})

LEAST_VISIBLE = 12
"""Shorter pieces are headings, labels and buttons, which everybody has."""

LEAST_PARTS = 13
"""
A skeleton has at least so many hiragana and slots: with fewer, sentences of authors meet by chance.
Slots count, for templates of many kanji have few hiragana: a rule of eight hiragana finds fewer,
and of laws 2.9 % have a fifth of their characters in such sentences, with this one 2.2 %.
"""

_ROLES = {
    "hiragana": 0,
    **dict.fromkeys(
        ("katakana", "kanji", "latin", "digit", "greek", "hangul", "foreign", "middle_dot"), 2
    ),
    **dict.fromkeys(("blank", "newline"), 3),
}
"""What characters of these kinds are to a skeleton, by the names of `kernels.skeletons`."""


def _roles() -> NDArray[np.uint8]:
    of_kind = [_ROLES.get(name.partition("-")[0], 1) for name in KIND_NAMES]
    roles: NDArray[np.uint8] = np.array(of_kind, np.uint8)[KIND_OF]
    roles[0] = 2  # a mask stands for a name or an address
    return roles


ROLES = _roles()
"""For each code point what it is to a skeleton."""


class Settings(Protocol):
    """What is needed of the section `across` of a recipe."""

    @property
    def texts(self) -> int:
        """How many other texts have to have a sentence."""


@dataclass(frozen=True)
class Sentences:
    """The sentences of a batch of texts: pieces with their hashes and counts, one entry each."""

    pieces: Pieces
    whole: Hashes
    """Hash of the visible characters."""
    skeleton: Hashes
    """Hash of the same with its names blanked."""
    visible: SmallIntegers
    parts: SmallIntegers
    """How many hiragana and slots the skeleton has."""

    @property
    def counted(self) -> Flags:
        """Long enough to be counted as they are."""
        found: Flags = self.visible >= LEAST_VISIBLE
        return found

    @property
    def comparable(self) -> Flags:
        """With a skeleton that says enough to be counted by it."""
        found: Flags = self.counted & (self.parts >= LEAST_PARTS)
        return found


@dataclass(frozen=True)
class Shared:
    """What more texts of a run than `texts` of its recipe have, by hash, sorted."""

    whole: Hashes
    whole_texts: SmallIntegers
    """In how many texts each sentence is, near duplicates counted once."""
    skeleton: Hashes
    skeleton_texts: SmallIntegers
    """In how many texts, filled in differently, each skeleton is."""


def sentences_of(texts: Texts) -> Sentences:
    """Cut texts into sentences and hash them; blanks and line breaks count for nothing."""
    old = texts.once(spelled_the_old_way)
    start, end, first, _, _ = kernels.pieces.find_pieces(
        texts.codes, texts.start, kernels.piece_flags.FLAGS, old
    )
    found = kernels.skeletons.hash_skeletons(texts.codes, start, end, ROLES)
    return Sentences(Pieces(start, end, first), *found)


def template_texts(sentences: Sentences, shared: Shared) -> SmallIntegers:
    """For each sentence how many texts have its skeleton with other names; 0 where too few."""
    found = _looked_up(sentences.skeleton, shared.skeleton, shared.skeleton_texts)
    return np.where(sentences.comparable, found, 0)


def repeated_texts(sentences: Sentences, shared: Shared) -> SmallIntegers:
    """For each sentence how many texts have the same; 0 where too few."""
    found = _looked_up(sentences.whole, shared.whole, shared.whole_texts)
    return np.where(sentences.counted, found, 0)


def _looked_up(hashes: Hashes, known: Hashes, counts: SmallIntegers) -> SmallIntegers:
    if not known.size:
        return np.zeros(hashes.size, np.int32)
    place = np.minimum(np.searchsorted(known, hashes), known.size - 1)
    return np.where(known[place] == hashes, counts[place], 0).astype(np.int32)


def numbers_of(texts: Texts, shared: Shared) -> dict[str, NDArray[np.float32]]:
    """The two signals of a batch of texts; nan where nothing is visible."""
    sentences = sentences_of(texts)
    visible = sentences.visible.astype(np.int64)
    total = sentences.pieces.total(visible)
    numbers = {}
    for name, found in (
        (TEMPLATE, template_texts(sentences, shared)),
        (REPEATED, repeated_texts(sentences, shared)),
    ):
        part = sentences.pieces.total(np.where(found > 0, visible, 0))
        numbers[name] = divide(part, total).astype(np.float32)
    return numbers


def places(name: str, text: str, shared: Shared) -> list[tuple[int, int]]:
    """Where in a text the sentences are that made one of the two signals, those of most first."""
    sentences = sentences_of(Texts.of(text))
    found = (template_texts if name == TEMPLATE else repeated_texts)(sentences, shared)
    order = np.argsort(-found, kind="stable")[: int((found > 0).sum())]
    begin, end = sentences.pieces.start[order].tolist(), sentences.pieces.end[order].tolist()
    return list(zip(begin, end, strict=True))


_DOCS = {
    TEMPLATE: (
        "Share of the visible characters in sentences that other texts of the run have with other "
        "names in them.\n\n"
        "Runs of kanji, katakana, Latin letters and digits are slots; what is compared has at "
        "least thirteen hiragana and slots. Near duplicates count as one text."
    ),
    REPEATED: (
        "Share of the visible characters in sentences that stand word for word in other texts of "
        "the run, near duplicates of this one apart.\n\n"
        "Manuals, laws and minutes have many of them by right: no reason to reject a text alone."
    ),
}


def signals_of(settings: Settings) -> dict[str, Signal]:
    """The signals that a section `across` defines, by name."""
    return {name: _carried(name, doc, settings.texts) for name, doc in _DOCS.items()}


def _carried(name: str, doc: str, least: int) -> Signal:
    def measure(texts: Texts) -> NDArray[Any]:
        return texts.carried(name)

    measure.__doc__ = doc
    return Signal(name, measure, (0, 1), "run", VERSION, digest=f"texts {least}")
