"""The words of lines that belong to a page and not to its text, in classes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.text import Pieces, Texts, character_table
from seimai.pipeline.text.lexicon import Lexicon, lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Counts = NDArray[np.int32]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_DATA = Path(__file__).parents[1] / "data"

CLASSES = (
    "alone",
    "button",
    "section",
    "menu",
    "ending",
    "label",
    "tail",
    "notice",
    "beg",
    "place",
    "image",
    "script",
    "code",
    "rights",
)
"""The headings of residue_words.txt, where each is explained; bits in `kernels.line_words`."""

_HELD = (
    "alone",
    "ending",
    "label",
    "tail",
    "notice",
    "beg",
    "image",
    "script",
    "code",
    "rights",
)
"""Classes of which a line has a word or not, where it counts: at its begin, its end or anywhere."""

_OF_FOOTERS = {
    "phrase": "alone",
    "share": "button",
    "button": "button",
    "service": "menu",
    "row": "button",
    "weak": "menu",
}
"""What the classes of the footers' words are here."""

LONGEST = 300
"""Characters of the longest line that is searched; what is longer is a paragraph or a list."""

LONGEST_ROW = 60
"""Characters of the longest line with a full stop that may be made of words: others are sentences,
in which only what speaks of the page is looked for."""

_AFTER_LABEL = character_table(" \t\u3000:：(（0-9")


_SMALL = frozenset(
    ["a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
"""English words that stay small in headlines."""


def _read(path: Path) -> Iterator[tuple[str, str]]:
    heading = ""
    for row in path.read_text("utf-8").splitlines():
        if row.startswith("["):
            heading = row.strip("[]")
        elif row and not row.startswith("#"):
            yield row, heading


def _spellings(word: str) -> set[str]:
    """The word as it is, and in Latin letters the other ways in which buttons are written."""
    word = unicodedata.normalize("NFKC", word)
    headline = " ".join(part if part in _SMALL else part.capitalize() for part in word.split(" "))
    return {word, word.lower(), word.upper(), word.title(), word.capitalize(), headline}


@cache
def _words() -> dict[str, int]:
    """For each word the bits of its classes; wanted twice."""
    bits: dict[str, int] = {}
    rows = chain(
        ((word, _OF_FOOTERS[name]) for word, name in _read(_DATA / "footer_words.txt")),
        _read(_DATA / "residue_words.txt"),
    )
    for word, name in rows:
        # Sorted, so that every process has the words in one order and finds the kept lexicon.
        for spelling in sorted(_spellings(word)):
            bits[spelling] = bits.get(spelling, 0) | _bit(name)
    return bits


def _made_ready(bits: dict[str, int], classes: int) -> tuple[Lexicon, NDArray[np.uint16]]:
    """The lexicon of the words of these classes, and the bits of each of its words."""
    found = lexicon(
        (word for word, of in bits.items() if of & classes), guarded=("ァ-ヺー", "A-Za-z0-9")
    )
    return found, np.array([bits[word] for word in found.words], np.uint16)


def _bit(name: str) -> int:
    return 1 << CLASSES.index(name)


_INSIDE = (
    _bit("notice") | _bit("beg") | _bit("image") | _bit("script") | _bit("code") | _bit("rights")
)


@cache
def _in_rows() -> tuple[Lexicon, NDArray[np.uint16]]:
    """All words, made ready at the first use."""
    return _made_ready(_words(), (1 << len(CLASSES)) - 1)


@cache
def _in_sentences() -> tuple[Lexicon, NDArray[np.uint16]]:
    """Fewer words, found faster: most of a clean text is sentences."""
    return _made_ready(_words(), _INSIDE)


@dataclass(frozen=True)
class Found:
    """Which words the lines hold; one entry per line."""

    covered: Counts
    """Characters of words that can make a line: of the classes alone, button, section and menu."""
    alone: Flags
    button: Counts
    section: Counts
    menu: Counts
    """How many of each stand there; what stands alone is a button too."""
    ending: Flags
    """Whether it ends as names of pages do."""
    label: Flags
    """Whether it begins with a label."""
    tail: Flags
    """Whether it ends as links do."""
    notice: Flags
    beg: Flags
    places: Counts
    """How many of its characters are names of prefectures."""
    image: Flags
    script: Flags
    code: Flags
    rights: Flags
    """Whether it holds a word about copyright."""


def count_words(texts: Texts, rows: Integers) -> Integers:
    """How many words of all classes these texts of a batch hold, wherever they stand."""
    first = np.arange(rows.size + 1)
    found, _ = texts.find(_in_rows()[0], Pieces(texts.start[rows], texts.start[rows + 1], first))
    return found.count


def find_words(texts: Texts, codelike: Flags, stops: NDArray[np.int32]) -> Found:
    """
    Look for words in lines that are short enough, and at the start of those of code.

    In lines of some length that have `stops` only words of sentences are looked for.
    """
    lines = texts.lines
    end = np.where(lines.length <= LONGEST, lines.end, lines.start)
    end = np.where(codelike, np.minimum(lines.start + LONGEST, lines.end), end)
    sentences = (stops > 0) & (lines.length > LONGEST_ROW)
    searched = (
        (_in_rows(), np.where(sentences, lines.start, end)),
        (_in_sentences(), np.where(sentences, end, lines.start)),
    )
    counts = np.zeros((5, lines.start.size), np.int32)
    holds = np.zeros(lines.start.size, np.uint16)
    for (words, of), until in searched:
        at, word = texts.find(words, Pieces(lines.start, until, lines.first))
        kernels.line_words.count_found(
            at.first, at.start, at.end, of[word], lines.start, lines.end,
            texts.codes, _AFTER_LABEL, counts, holds,
        )  # fmt: skip
    covered, button, section, menu, places = counts
    return Found(
        covered=covered,
        button=button,
        section=section,
        menu=menu,
        places=places,
        **{name: holds & _bit(name) > 0 for name in _HELD},
    )
