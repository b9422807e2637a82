"""Finding words, against plain Python; and the word lists that are found."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import match as kernels
from seimai.pipeline.text import Pieces, Texts
from seimai.pipeline.text.lexicon import lexicon, read_words

LETTERS = "米の飯スパab1"
WORDS = st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=5), max_size=8)
TEXTS = st.lists(st.text(st.sampled_from(LETTERS + " \n🍙"), max_size=40), max_size=4)

quickly = settings(max_examples=60, deadline=None)


def guard_of(character):
    """The guarded class of a character: katakana, Latin letters and digits, or none."""
    return "katakana" if "ァ" <= character <= "ヺ" else "latin" if character in "ab1" else None


def cuts(text, place):
    """Whether a word that begins or ends at this place would cut a guarded run."""
    if not 0 < place < len(text) or guard_of(text[place]) is None:
        return False
    return guard_of(text[place - 1]) == guard_of(text[place])


def found_plainly(text, words):
    """Starts and words, the longest at each place, from left to right without overlaps."""
    found, k = [], 0
    while k < len(text):
        here = [
            word
            for word in words
            if text.startswith(word, k) and not cuts(text, k) and not cuts(text, k + len(word))
        ]
        if here:
            found.append((k, max(here, key=len)))
        k += len(max(here, key=len)) if here else 1
    return found


@pytest.mark.parametrize("before", [0, 1, 1021, 1022, 1023, 1024, 1025, 2047])
def test_words_are_found_wherever_blocks_meet(before):
    """A word that lies on the border of two blocks is found, and swallows those within it."""
    made = Texts.of("麦" * before + "米の飯" + "麦" * 2000 + "飯")

    pieces, _ = made.find(lexicon(["米の飯", "飯", "の"]))

    assert [before, before + 2003] == pieces.start.tolist()
    assert [before + 3, before + 2004] == pieces.end.tolist()


@given(TEXTS, WORDS)
@quickly
def test_words_equal_a_plain_search(texts, words):
    """Every match of every text is the one that a search at each place gives."""
    made = Texts.of(*texts)

    pieces, word = made.find(lexicon(words, guarded=("ァ-ヺー", "A-Za-z0-9")))
    listed = lexicon(words).words

    for i, text in enumerate(texts):
        mine = slice(pieces.first[i], pieces.first[i + 1])
        starts = (pieces.start[mine] - made.start[i]).tolist()
        assert found_plainly(text, words) == [
            (start, listed[number]) for start, number in zip(starts, word[mine], strict=True)
        ]
    assert [len(listed[number]) for number in word] == pieces.length.tolist()


@given(TEXTS, WORDS)
@quickly
def test_pieces_are_searched_as_if_alone(texts, words):
    """Inside pieces nothing outside them is seen: each is found as if it were a text."""
    made = Texts.of(*texts)
    halves = [part for text in texts for part in (text[: len(text) // 2], text[len(text) // 2 :])]
    ends = np.cumsum([0, *map(len, halves)]).astype(np.int64)
    inside = Pieces(ends[:-1].copy(), ends[1:].copy(), np.arange(0, ends.size, 2))
    ready = lexicon(words, guarded=("ァ-ヺー", "A-Za-z0-9"))

    found, word = made.find(ready, inside)
    alone, expected = Texts.of(*halves).find(ready)

    assert expected.tolist() == word.tolist()
    assert alone.start.tolist() == found.start.tolist()
    assert alone.count.tolist() == found.count.tolist()


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12), max_size=4))
@quickly
def test_different_words_equal_a_set(texts):
    """A wanted word counts once in each text."""
    words = np.array([word for text in texts for word, _ in text], np.int32)
    wanted = np.array([want for text in texts for _, want in text], np.bool_)
    first = np.cumsum([0, *map(len, texts)]).astype(np.int64)
    expected = [len({word for word, want in text if want}) for text in texts]

    assert expected == kernels.count_different(words, first, wanted, 6).tolist()


def test_a_list_file_has_words_and_harmless_ones(tmp_path):
    """Comments and blank lines are no words; ! marks those that only swallow others."""
    path = tmp_path / "words.txt"
    path.write_text("# 米の話\n米\n\n 飯 \n!米国\n", "utf-8")

    assert (["米", "飯"], ["米国"]) == read_words(path)


def test_a_word_listed_twice_is_one_word():
    """Words keep their order, and the first of equal ones stands for all."""
    assert ("飯", "米") == lexicon(["飯", "米", "飯"]).words


def test_an_empty_word_is_refused():
    """An empty word would be found everywhere."""
    with pytest.raises(ValueError, match="empty word"):
        lexicon(["米", ""])


@given(
    st.lists(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=12), max_size=4),
    st.integers(1, 15),
)
@quickly
def test_most_in_a_window_equals_a_plain_search(texts, width):
    """The most different wanted words that begin within a window; word 4 is not wanted."""
    start, word, first = [], [], [0]
    for text in texts:
        place = 0
        for gap, which in text:
            place += gap
            start.append(place)
            word.append(which)
        first.append(len(start))
    words = np.array(word, np.int32)

    most = kernels.most_in_window(
        np.array(start, np.int64), words, np.array(first), words != 4, 5, width
    )

    expected = [
        max(
            (
                len({word[j] for j in range(a, b) if 0 <= start[j] - start[k] < width} - {4})
                for k in range(a, b)
            ),
            default=0,
        )
        for a, b in pairwise(first)
    ]
    assert expected == most.tolist()
