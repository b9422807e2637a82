"""Places of words, names of elements and marks of characters, against plain loops."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.kernels.page import BEFORE, CLASS, COLUMNS, HALF, ID, LINKS, ROLE, TAG, TEXT
from seimai.pipeline.kernels.page import LAST as ROW_END
from seimai.pipeline.kernels.page_words import (
    AFTER_NAME,
    AFTER_NAMES,
    FEW,
    FIRST,
    LAST,
    marked,
    names,
    places,
    timed,
)

WORDS = ("会員", "残り", "残", "𠮟る")


def codes_of(text: str) -> np.ndarray:
    """A text by code points."""
    return np.array([ord(one) for one in text], np.uint32)


@given(st.text("会員残り𠮟るa", max_size=20))
def test_places_are_those_where_a_text_goes_on_with_a_word(text: str) -> None:
    """Places come in their order; a word beyond the characters with marks is not found."""
    words = np.array([[*map(ord, word.ljust(2, "\0"))] for word in WORDS], np.uint32)
    begins = np.zeros(FEW, np.uint8)
    begins[[ord("会"), ord("残")]] = 1, 2
    wanted = [
        [number, place]
        for place in range(len(text))
        for number, word in enumerate(WORDS)
        if text.startswith(word, place) and word != "𠮟る"
    ]

    assert wanted == places(codes_of(text), words, begins).tolist()


def test_as_many_places_are_found_as_there_are() -> None:
    """A page with more listed words than the first buffer holds loses none."""
    words = np.array([[ord("残"), 0]], np.uint32)
    begins = np.ones(FEW, np.uint8)

    assert 100 == len(places(codes_of("残" * 100), words, begins))


@given(st.lists(st.tuples(*[st.binary(max_size=4)] * 3), max_size=6), st.data())
def test_names_are_written_one_after_the_other(
    values: list[tuple[bytes, bytes, bytes]], data: st.DataObject
) -> None:
    """Each element has its class, its id and its role, with the marks between them."""
    table = np.zeros((COLUMNS, len(values)), np.int64).T
    source = b""
    for row, each in enumerate(values):
        for column, value in zip((CLASS, ID, ROLE), each, strict=True):
            table[row, column] = len(source) | len(value) << HALF
            source += value + b"."
    rows = data.draw(st.lists(st.integers(0, len(values) - 1))) if values else []
    wanted = bytes([AFTER_NAMES]).join(bytes([AFTER_NAME]).join(values[row]) for row in rows)
    written = names(np.frombuffer(source, np.uint8), table, np.array(rows, np.int64))

    assert wanted == written.tobytes()


@given(st.lists(st.tuples(st.text("関りa𠮟", min_size=1, max_size=3), st.integers(0, 2))))
def test_marked_are_those_that_begin_or_end_with_a_mark(lines: list[tuple[str, int]]) -> None:
    """An element whose tag needs no mark is always one."""
    table = np.zeros((COLUMNS, len(lines)), np.int64).T
    at = 0
    for row, (line, tag) in enumerate(lines):
        table[row, [BEFORE, TEXT, TAG]] = at, len(line), tag
        at += len(line)
    marks = np.zeros(FEW, np.uint8)
    marks[ord("関")], marks[ord("り")] = FIRST, LAST
    wanted = [
        row
        for row, (line, tag) in enumerate(lines)
        if tag == 1 or line[0] == "関" or line[-1] == "り"
    ]
    codes = codes_of("".join(line for line, _ in lines))
    found = marked(codes, table, np.arange(len(lines)), np.array([0, 1, 2], np.uint8), marks)

    assert wanted == found.tolist()


LINES = st.tuples(st.text("2:時分a", min_size=1, max_size=16), st.integers(0, 2))


@given(st.lists(LINES, min_size=1))
def test_timed_are_lines_that_end_with_a_time(lines: list[tuple[str, int]]) -> None:
    """At least eleven characters, at most fifteen, one link at most, a time among the last ones."""
    table = np.zeros((COLUMNS, len(lines) + 1), np.int64).T
    table[0, ROW_END] = len(lines)
    at = 0
    for row, (line, links) in enumerate(lines, 1):
        table[row, [BEFORE, TEXT, LINKS, TAG, ROW_END]] = at, len(line), links, 1, row
        at += len(line)
    wanted = [
        row
        for row, (line, links) in enumerate(lines, 1)
        if 11 <= len(line) <= 15 and links < 2 and re.search(r"[:時].*[2分]$", line[-11:])
    ]

    text = codes_of("".join(line for line, _ in lines))

    assert wanted == timed(text, table, 0, np.array([0, 1], np.uint8), 15).tolist()
