"""
Word lists, made ready for searching all their words in one pass over a batch of texts.

The words form a trie over the characters that occur in them; `Texts.find` walks it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seimai.pipeline.characters import CODE_POINTS, ranges
from seimai.pipeline.kept_tables import kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

NO_WORD = -1


class Lexicon(NamedTuple):
    """A word list made ready for `Texts.find`; word `k` is `words[k]`."""

    words: tuple[str, ...]
    symbol: NDArray[np.uint16]
    """For each code point, its number among the characters of the list; 0: not one of them."""
    next: NDArray[np.uint16]
    """The trie: `next[state, symbol]` is the state after it, 0 (the root) if no word goes on."""
    word_of: NDArray[np.int32]
    """For each state, the word that ends there, or -1."""
    guard: NDArray[np.uint8]
    """
    For each code point, its guarded class or 0. A word may not begin or end between two
    characters of one class: スパ is not found in スパゲッティ.
    """
    pairs: NDArray[np.uint64]
    """Bits, by a hash, of the pairs of characters with which words begin; see `kernels.match`."""
    triples: NDArray[np.uint64]
    """The same for the first three characters."""


def read_words(path: Path) -> tuple[list[str], list[str]]:
    """
    The words of a list file, and the harmless longer words that may swallow them.

    One word a line; `#` begins a comment, `!` a harmless word, blank lines do not count.
    """
    lines = [line.strip() for line in path.read_text("utf-8").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    words = [line for line in lines if not line.startswith("!")]
    return words, [line[1:] for line in lines if line.startswith("!")]


def lexicon(words: Iterable[str], guarded: tuple[str, ...] = ()) -> Lexicon:
    """
    Make a word list ready. `guarded` are classes of characters, `a-b` standing for ranges.

    Memory is states times different characters: right for thousands of words, not for millions.
    Its tables are kept (see `kept_tables.py`), for every process of a run wants them.

    >>> len(lexicon(["米", "米櫃"], guarded=("ァ-ヺー", "A-Za-z")).words)
    2
    """
    listed = tuple(dict.fromkeys(words))
    if "" in listed:
        raise ValueError("a word list may not hold an empty word")
    # No word holds a line feed, and no class of characters does.
    made_of = ("\n".join(listed), "\n".join(guarded), Path(__file__))
    name = f"lexicon-{len(listed)}-{sum(map(len, listed))}"
    return Lexicon(listed, *kept(name, made_of, lambda: _tables(listed, guarded)))


def _tables(listed: Sequence[str], guarded: Sequence[str]) -> list[NDArray[Any]]:
    """What a `Lexicon` has besides its words."""
    characters = sorted(set("".join(listed)))
    symbol = np.zeros(CODE_POINTS, np.uint16)
    for number, character in enumerate(characters, 1):
        symbol[ord(character)] = number
    number_of = {character: number for number, character in enumerate(characters, 1)}
    states: list[dict[int, int]] = [{}]
    word_of = [NO_WORD]
    for number, word in enumerate(listed):
        state = 0
        for character in word:
            at = number_of[character]
            if at not in states[state]:
                states[state][at] = len(states)
                states.append({})
                word_of.append(NO_WORD)
            state = states[state][at]
        word_of[state] = number
    if len(states) > np.iinfo(np.uint16).max:
        raise ValueError(f"{len(listed)} words are too many for one lexicon")
    # Filled from what there is: as lists of lists most of it would be zeros, and slow to make.
    following = np.zeros((len(states), len(characters) + 1), np.uint16)
    for state, branches in enumerate(states):
        for at, branch in branches.items():
            following[state, at] = branch
    guard = np.zeros(CODE_POINTS, np.uint8)
    for number, members in enumerate(guarded, 1):
        for low, high in ranges(members):
            guard[low : high + 1] = number
    return [
        symbol,
        following,
        np.array(word_of, np.int32),
        guard,
        pairs_of(listed),
        triples_of(listed),
    ]


def pairs_of(words: Iterable[str]) -> NDArray[np.uint64]:
    """A bit, by a hash, for the first two characters of each word, or the only one and any."""
    found = np.zeros((1 << 8, 1 << 8), np.uint8)
    for word in words:
        first = _half(word[0])
        found[first, _half(word[1]) if len(word) > 1 else slice(None)] = 1
    return np.packbits(found, bitorder="little").view("<u8").astype(np.uint64)


def triples_of(words: Iterable[str]) -> NDArray[np.uint64]:
    """A bit, by a hash, for the first three characters of each word, any where it has fewer."""
    found = np.zeros((1 << 8, 1 << 12), np.uint8)
    any_one = np.arange(1 << 8)
    for word in words:
        second, third = (_half(word[k]) if len(word) > k else any_one for k in (1, 2))
        behind = np.add.outer(np.left_shift(second, 8), third) * 0x9E3779B1 & 0xFFFFFFFF
        found[_half(word[0]), behind >> 20] = 1
    return np.packbits(found, bitorder="little").view("<u8").astype(np.uint64)


def _half(character: str) -> int:
    """What `kernels.match.pair_half` gives; kernels load only when they are used."""
    return (ord(character) * 0x9E3779B1 & 0xFFFFFFFF) >> 24
