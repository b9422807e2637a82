"""The kernels of addresses, tags and gaps, against regular expressions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import markup as kernels
from seimai.pipeline.text import BLANK, Texts, character_table

# A piece ends with its text: `.` (with DOTALL) asks for one more character of it.
ADDRESS = re.compile(
    r"""(?:[A-Za-z]*://|www\.)(?=.)(?:(?!["'<>)\]|])[!-~])*""",
    re.DOTALL,
)
TAG = re.compile(
    rf"""<[A-Za-z/!](?=[^<>]{{0,{kernels.LONGEST_TAG - 3}}}>)"""
    r"""(?:[^<>"\x80-\U0010ffff]|"[^"<>]*")*(?:"[^"<>]*)?>"""
)

PARTS = ["http", "://", "www.", "ww", ":", "/", "<", ">", "</p>", "<b>", "!", "a", "米", "🍙"]
PARTS += [" ", "\n", '"', ")", "]", "|", "\x7f", "é", "."]
TEXTS = st.lists(st.lists(st.sampled_from(PARTS), max_size=20).map("".join), max_size=4)


def visible(piece):
    """How many characters of a piece are not white space."""
    return sum(not BLANK[ord(character)] for character in piece)


quickly = settings(max_examples=60, deadline=None)


@given(TEXTS)
@quickly
def test_markup_equals_regular_expressions(texts):
    """Characters of addresses and of tags are those that the two patterns match."""
    made = Texts.of(*texts)

    addresses = kernels.count_addresses(made.codes, made.start[:-1].copy(), made.start[1:].copy())
    tags = kernels.count_tags(made.codes, made.start, BLANK)

    assert [sum(map(len, ADDRESS.findall(text))) for text in texts] == addresses.tolist()
    assert [sum(map(visible, TAG.findall(text))) for text in texts] == tags.tolist()


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_tags_have_a_longest(more):
    """< and > with too much between them are a slip of the pen or a comparison."""
    text = "<" + "a" * (kernels.LONGEST_TAG - 2 + more) + ">"
    made = Texts.of(text)
    expected = len(text) if more <= 0 else 0

    assert [expected] == kernels.count_tags(made.codes, made.start, BLANK).tolist()


def test_white_space_does_not_count():
    """A tag counts the same with its attributes on lines of their own, indented, or joined."""
    made = Texts.of(
        "<img src='米.png'>", '<img\n  src="米.png"\n  alt="飯">', '<img src="米.png" alt="飯">'
    )

    assert [0, 23, 23] == kernels.count_tags(made.codes, made.start, BLANK).tolist()


@given(
    st.lists(st.text(st.sampled_from("を米飯🍙 \n　"), max_size=40), max_size=4), st.integers(1, 9)
)
@quickly
def test_gaps_equal_split(texts, shortest):
    """Long stretches between hiragana count with their white space but without counting it."""
    made = Texts.of(*texts)
    expected = [
        sum(visible(stretch) for stretch in text.split("を") if len(stretch) >= shortest)
        for text in texts
    ]

    found = kernels.count_gaps(made.codes, made.start, character_table("を"), BLANK, shortest)

    assert expected == found.tolist()
