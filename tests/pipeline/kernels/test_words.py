"""The kernels of words, against plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import words as kernels

PARTS = 6
TEXTS = st.lists(st.lists(st.integers(0, PARTS - 1), max_size=40), max_size=4)
ROLES = st.lists(st.sampled_from([0, kernels.WORD, kernels.CHOSEN]), min_size=6, max_size=6)


def joined(texts, kind):
    """The texts one after the other, and the places where they start."""
    return (
        np.array([word for text in texts for word in text], kind),
        np.cumsum([0, *map(len, texts)]).astype(np.int64),
    )


def covered(words, order):
    """How many words lie in an n-gram that occurs more than once."""
    grams = [tuple(words[k : k + order]) for k in range(len(words) - order + 1)]
    times = Counter(grams)
    return len({j for k, gram in enumerate(grams) if times[gram] > 1 for j in range(k, k + order)})


@given(TEXTS)
@settings(deadline=None)
def test_parts_are_counted_as_in_plain_python(texts):
    """Tokens, unknown tokens and characters add up for each part of speech of each text."""
    pos, first = joined(texts, np.uint8)
    unknown = pos % 2 == 1
    length = np.arange(pos.size, dtype=np.int64)
    expected = [
        [
            [(int(unknown[k]), int(length[k])) for k in range(begin, end) if pos[k] == part]
            for part in range(PARTS)
        ]
        for begin, end in pairwise(first)
    ]

    counts, strange, characters = kernels.count_parts(pos, unknown, length, first, PARTS)

    assert [[len(hits) for hits in text] for text in expected] == counts.tolist()
    assert [[sum(u for u, _ in hits) for hits in text] for text in expected] == strange.tolist()
    assert [[sum(c for _, c in hits) for hits in text] for text in expected] == characters.tolist()


@given(TEXTS, ROLES, st.integers(1, 50))
@settings(deadline=None)
def test_types_equal_a_counter(texts, roles, most):
    """Different words and the times of the commonest are those of a Counter, up to a bound."""
    pos, first = joined(texts, np.uint8)
    # Words that share all their low bits test that the table takes the high ones.
    surface = pos.astype(np.uint64) << np.uint64(60)
    looked = [[part for part in text if roles[part]][:most] for text in texts]
    expected = [Counter(part for part in text if roles[part] == kernels.CHOSEN) for text in looked]

    different, commonest = kernels.count_types(surface, pos, np.array(roles, np.uint8), first, most)

    assert [len(times) for times in expected] == different.tolist()
    assert [max(times.values(), default=0) for times in expected] == commonest.tolist()


@given(TEXTS, ROLES, st.integers(1, 5))
@settings(deadline=None)
def test_runs_equal_grouped_roles(texts, roles, shortest):
    """Runs are groups of chosen tokens among those that are not passed over."""
    pos, first = joined(texts, np.uint8)
    runs = [
        [
            (role, len(list(run)))
            for role, run in groupby(roles[part] for part in text if roles[part])
        ]
        for text in texts
    ]
    expected = [
        sum(size for role, size in text if role == kernels.CHOSEN and size >= shortest)
        for text in runs
    ]

    found = kernels.count_in_runs(pos, np.array(roles, np.uint8), first, shortest)

    assert expected == found.tolist()


@given(
    st.lists(st.lists(st.integers(0, 2), max_size=60), max_size=4),
    st.integers(1, 5),
    st.integers(1, 70),
)
@settings(deadline=None)
def test_repeats_equal_plain_ngrams(texts, order, limit):
    """Both orders cover the words that plain n-grams cover, among the first words of a text."""
    words, first = joined(texts, np.uint64)
    looked = [text[:limit] for text in texts]

    single, double = kernels.count_in_repeats(words, first, order, limit)

    assert [covered(text, order) for text in looked] == single.tolist()
    assert [covered(text, 2 * order) for text in looked] == double.tolist()


def test_a_copied_page_is_covered_whole():
    """A text that says everything twice lies in repeats from its first to its last word."""
    page = np.arange(1000, dtype=np.uint64)
    words = np.concatenate((page, page))

    single, double = kernels.count_in_repeats(words, np.array([0, 2000]), 5, 10_000)

    assert (2000, 2000) == (single[0], double[0])
