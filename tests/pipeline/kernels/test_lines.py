"""The kernel that finds lines which break off, against plain Python."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import lines as kernels
from seimai.pipeline.text import Texts, character_table

LINES = st.lists(st.text(st.sampled_from("米を…‥.・．」。🍙 "), max_size=16), max_size=6)


def breaks_off(line, tail):
    """Whether an ellipsis, or the third of three equal dots, is among the last characters."""
    return any(
        line[k] in "…‥⋯" or (k >= 2 and line[k] in ".・．｡" and line[k - 2 : k + 1] == 3 * line[k])
        for k in range(max(len(line) - tail, 0), len(line))
    )


@given(LINES, st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_ellipses_equal_a_plain_search(lines, tail):
    """Dots of the line before do not help to make three."""
    made = Texts.of(*lines)
    start, end = made.start[:-1].copy(), made.start[1:].copy()

    found = kernels.end_in_ellipsis(made.codes, start, end, tail, kernels.ellipsis_marks())

    assert [breaks_off(line, tail) for line in lines] == found.tolist()


@given(st.lists(st.text(st.sampled_from("米を\n"), max_size=16), max_size=6))
@settings(max_examples=60, deadline=None)
def test_places_are_in_the_lines_of_their_text(texts):
    """The number of the line of each place is that of the line feeds before it in its text."""
    made = Texts.of(*texts)
    expected = [text[:k].count("\n") for text in texts for k in range(len(text))]
    owner = np.repeat(np.arange(len(texts)), made.length)
    places = np.arange(made.codes.size)
    for some in (slice(None), slice(1, None, 3)):
        found = kernels.line_numbers(
            made.codes, made.start, owner[some].copy(), places[some].copy()
        )

        assert expected[some] == found.tolist()


@given(st.lists(st.text(st.sampled_from("米を…a"), min_size=1, max_size=5), max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_ends_of_lines_are_their_first_and_last_characters(lines):
    """Where a line has but one character its neighbours of other lines stand beside it."""
    made = Texts.of(*lines)
    all_of = "".join(lines)
    begins, ends = made.start[:-1].copy(), made.start[1:].copy()
    expected = [
        (all_of[b], all_of[min(b + 1, len(all_of) - 1)], all_of[max(e - 2, 0)], all_of[e - 1])
        for b, e in zip(begins.tolist(), ends.tolist(), strict=True)
    ]

    found = kernels.ends_of_lines(made.codes, begins, ends)

    assert expected == [tuple(map(chr, column)) for column in found.T.tolist()]


UNTIDY = re.compile(r"\A\n|\r|[ 　](?=\n|\Z)|\n\Z|\n\n\n")


@given(st.lists(st.text(st.sampled_from("米。 \n　\r"), max_size=8), max_size=6))
@settings(max_examples=200, deadline=None)
def test_untidy_ends_equal_a_plain_search(texts):
    """Breaks, blanks before line feeds and at the end, and empty lines where none belong."""
    made = Texts.of(*texts)
    blank, breaks = character_table(" 　"), character_table("\r")

    found = kernels.have_untidy_ends(made.codes, made.start, blank, breaks)

    assert [UNTIDY.search(text) is not None for text in texts] == found.tolist()


def test_no_lines_no_answer():
    """A batch without lines gives an empty answer."""
    none = np.empty(0, np.int64)

    found = kernels.end_in_ellipsis(
        np.empty(0, np.uint32), none, none, 10, kernels.ellipsis_marks()
    )

    assert [] == found.tolist()
