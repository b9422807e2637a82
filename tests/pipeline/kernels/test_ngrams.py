"""Hashed n-grams, against plain loops over strings."""

from __future__ import annotations

import math
import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import ngrams as kernels
from seimai.pipeline.learn.views import (
    DIGIT,
    KANJI,
    KATAKANA,
    LATIN,
    SHAPES,
    SIGNS,
    symbols_of,
    table_of,
)
from seimai.pipeline.text import Texts

BITS = 12
SALT = 7
WORD = 2**64
MASK = re.compile(f"<[A-Z_]{{1,{kernels.LONGEST_MASK - 1}}}>")

TEXTS = st.lists(
    st.text(st.sampled_from("米を研ぐアーａA1２ 。\n\t|<>_PE"), max_size=40)
    | st.sampled_from(["<PHONE>", "米<MY_NUMBER>を", "a<EMAIL", "<>", " \n ", ""]),
    max_size=4,
)
VIEWS = pytest.mark.parametrize("view", [SIGNS, SHAPES], ids=lambda view: view.name)
quickly = settings(max_examples=30, deadline=None)


def folded_plainly(text, view):
    """The symbols of a text: masks become breaks, runs of small symbols one, outer blanks none."""
    table = table_of(view)
    parts = []
    for piece in re.split(f"({MASK.pattern})", text):
        parts += [0] if MASK.fullmatch(piece) else [int(table[ord(one)]) for one in piece]
    blank = chr(kernels.BLANK)
    folded = re.sub(f"([\0-{blank}])\\1+", r"\1", "".join(map(chr, parts)))
    folded = re.sub(f"{blank}*\0[\0{blank}]*", "\0", folded)
    return [*map(ord, folded.strip(blank))]


def windows_plainly(symbols, window):
    """The parts of a text that are looked at."""
    size = len(symbols)
    if size <= 3 * window:
        return [symbols]
    middle = (size - window) // 2
    return [symbols[:window], symbols[middle : middle + window], symbols[-window:]]


def ngrams_plainly(symbols, window, order):
    """All n-grams of the windows, none across a break, in the order of their places."""
    return [
        tuple(part[k : k + n])
        for part in windows_plainly(symbols, window)
        for k in range(len(part))
        for n in range(1, order + 1)
        if k + n <= len(part) and 0 not in part[k : k + n]
    ]


def bucket_plainly(ngram):
    """The bucket of an n-gram, in Python's own integers."""
    name = SALT
    for symbol in ngram:
        name = ((name ^ symbol) * 0x9E3779B97F4A7C15) % WORD
        name ^= name >> 29
    return (name * 0xFF51AFD7ED558CCD) % WORD >> (64 - BITS)


@quickly
@given(texts=TEXTS | st.lists(st.text(max_size=20), max_size=4))
def test_shapes_are_folded_signs(texts):
    """The shapes of a text that are made of its signs are those made of its characters."""
    made = symbols_of(Texts.of(*texts), SHAPES)

    first = np.cumsum([0, *(len(folded_plainly(text, SHAPES)) for text in texts)])
    assert first.tolist() == made[1].tolist()
    for text, begin, end in zip(texts, first[:-1], first[1:], strict=True):
        assert folded_plainly(text, SHAPES) == made[0][begin:end].tolist()


def test_every_shape_is_told_by_its_sign():
    """For every code point the shape of its sign is its own shape."""
    assert np.array_equal(table_of(SHAPES), table_of(SHAPES)[table_of(SIGNS)])


@VIEWS
@quickly
@given(texts=TEXTS)
def test_fold(view, texts):
    """Folding gives the symbols of the plain version."""
    batch = Texts.of(*texts)
    symbols, first = kernels.fold(batch.raw_codes, batch.start, table_of(view))

    assert [folded_plainly(text, view) for text in texts] == [
        symbols[first[k] : first[k + 1]].tolist() for k in range(len(texts))
    ]


@quickly
@given(texts=TEXTS, window=st.integers(1, 9), order=st.integers(1, 4))
def test_ngrams(texts, window, order):
    """Listed and weighed n-grams are those of the plain version."""
    batch = Texts.of(*texts)
    symbols, first = kernels.fold(batch.raw_codes, batch.start, table_of(SIGNS))
    weights = np.random.default_rng(5).integers(-99, 99, 1 << BITS).astype(np.int16)
    salt = np.uint64(SALT)
    bucket, begin, length, start = kernels.list_ngrams(symbols, first, window, order, salt, BITS)
    total, count = kernels.weigh_ngrams(symbols, first, window, order, salt, BITS, weights)

    for k, text in enumerate(texts):
        plain = ngrams_plainly(folded_plainly(text, SIGNS), window, order)
        counts = Counter(map(bucket_plainly, plain))
        here = range(start[k], start[k + 1])

        assert plain == [tuple(symbols[begin[i] : begin[i] + length[i]].tolist()) for i in here]
        assert [*map(bucket_plainly, plain)] == bucket[start[k] : start[k + 1]].tolist()
        assert len(plain) == count[k]
        expected = sum(math.sqrt(times) * int(weights[place]) for place, times in counts.items())
        np.testing.assert_allclose(total[k], expected, rtol=1e-9, atol=1e-6)


def test_shapes():
    """A run of kanji, katakana, Latin letters or digits is one symbol; kana and marks stay."""
    batch = Texts.of("精米ＡＢcを12３回、ピーナッツ。")
    symbols, _ = kernels.fold(batch.raw_codes, batch.start, table_of(SHAPES))
    kana = [*map(ord, "を、。")]

    assert [
        KANJI, LATIN, kana[0], DIGIT, KANJI, kana[1], KATAKANA, kana[2],
    ] == symbols.tolist()  # fmt: skip


def test_many_occurrences():
    """An n-gram that comes more often than is counted neither overflows nor stops the clock."""
    batch = Texts.of("米" * (kernels.MOST_COUNTED + 300))
    symbols, first = kernels.fold(batch.raw_codes, batch.start, table_of(SIGNS))
    weights = np.ones(1 << BITS, np.int16)
    total, count = kernels.weigh_ngrams(symbols, first, 5000, 1, np.uint64(1), BITS, weights)

    assert kernels.MOST_COUNTED + 300 == count[0]
    np.testing.assert_allclose(total[0], math.sqrt(kernels.MOST_COUNTED + 300), rtol=0.01)
