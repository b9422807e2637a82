"""The kernels of code points, lines and sentences, against plain Python."""

from __future__ import annotations

from itertools import groupby, pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import codes as kernels
from seimai.pipeline.text import BLANK, CLOSING, SENTENCE_STOP, Texts, character_table

MIXED = st.text(st.sampled_from("米をとぐ。！？「」）)ａa1 \t\r\n　\u200b…🍙𠮷"), max_size=60)
TEXTS = st.lists(MIXED | st.text(max_size=20), max_size=5)
SPANS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), max_size=8)
SIXTY_FOUR_BITS = 2**64 - 1

quickly = settings(max_examples=60, deadline=None)


def batch(texts):
    """The code points of the texts one after the other, and where each text starts."""
    lengths = [len(text) for text in texts]
    codes = np.array([ord(character) for text in texts for character in text], np.uint32)
    return codes, np.cumsum([0, *lengths]).astype(np.int64)


def inside(spans, size):
    """Spans cut to a text of `size` characters, as starts and ends."""
    cut = [tuple(sorted((min(a, size), min(b, size)))) for a, b in spans]
    return [np.array([span[side] for span in cut], np.int64) for side in (0, 1)]


def lines_of(text):
    """Lines that are not blank, trimmed."""
    blanks = "".join(chr(code) for code in np.flatnonzero(BLANK))
    return [line for line in (line.strip(blanks) for line in text.split("\n")) if line]


def sentences_of(line):
    """A line cut after each run of stops and closing brackets that begins with a stop."""
    found = [""]
    ended = False
    for character in line:
        stop = SENTENCE_STOP[ord(character)]
        if ended and not stop and not CLOSING[ord(character)]:
            found.append("")
            ended = False
        found[-1] += character
        ended |= bool(stop)
    return found


def pieces_of(codes, start, end, first):
    """Pieces as strings, a list for each text."""
    strings = ["".join(map(chr, codes[a:b].tolist())) for a, b in zip(start, end, strict=True)]
    return [strings[a:b] for a, b in pairwise(first)]


@given(TEXTS, st.integers(0, 3))
@quickly
def test_decoding_equals_ord(texts, skipped):
    """Code points and starts are those of Python's strings, also in a slice of a column."""
    expected, start = batch(texts[skipped:])

    found = Texts(pa.array(texts, pa.large_string()).slice(skipped))

    assert expected.tolist() == found.codes.tolist()
    assert start.tolist() == found.start.tolist()


@given(TEXTS, st.characters(exclude_categories=["Cs"]), st.characters(exclude_categories=["Cs"]))
@quickly
def test_counting_between_equals_comparing(texts, one, other):
    """Both ends of a range belong to it."""
    low, high = sorted((one, other))
    expected = [sum(low <= character <= high for character in text) for text in texts]

    found = kernels.count_between(*batch(texts), np.uint32(ord(low)), np.uint32(ord(high)))

    assert expected == found.tolist()


@given(MIXED, SPANS, st.text(max_size=5))
@quickly
def test_counting_members_equals_in(text, spans, wanted):
    """A character counts in each piece that holds it, pieces that overlap included."""
    codes, _ = batch([text])
    start, end = inside(spans, len(text))
    # A hyphen between two characters would stand for a range.
    table = character_table(wanted.replace("-", ""))
    expected = [
        sum(character in wanted.replace("-", "") for character in text[a:b])
        for a, b in zip(start, end, strict=True)
    ]

    assert expected == kernels.count_members(codes, start, end, table).tolist()


@given(TEXTS)
@quickly
def test_flags_are_those_of_all_characters(texts):
    """A text has the flags of its characters, each once."""
    table = np.zeros(kernels.CODE_POINTS, np.uint8)
    marked = {"米": 1, "を": 2, "。": 4, "🍙": 128}
    for character, flag in marked.items():
        table[ord(character)] = flag
    expected = [sum(flag for mark, flag in marked.items() if mark in text) for text in texts]

    assert expected == kernels.flags_present(*batch(texts), table).tolist()


@given(st.lists(st.text(st.sampled_from("あー\n"), max_size=30), max_size=5))
@quickly
def test_runs_equal_groupby(texts):
    """The longest run does not go on from one text into the next."""
    expected = [max((len(list(run)) for _, run in groupby(text)), default=0) for text in texts]

    assert expected == kernels.longest_run(*batch(texts)).tolist()


@given(TEXTS)
@quickly
def test_lines_equal_split_and_strip(texts):
    """Lines are what stands between line breaks, trimmed, without the blank ones."""
    codes, start = batch(texts)

    found = kernels.find_lines(codes, start, BLANK)

    assert [lines_of(text) for text in texts] == pieces_of(codes, *found)


@given(TEXTS)
@quickly
def test_sentences_equal_plain_cuts(texts):
    """Sentences end after stops and the brackets that close them, or with their line."""
    codes, start = batch(texts)
    expected = [
        [sentence for line in lines_of(text) for sentence in sentences_of(line)] for text in texts
    ]

    found = kernels.find_sentences(
        codes, *kernels.find_lines(codes, start, BLANK), SENTENCE_STOP, CLOSING
    )

    assert expected == pieces_of(codes, *found)


@given(MIXED, SPANS)
@quickly
def test_hashes_equal_whole_numbers(text, spans):
    """The hash is FNV-1a over code points finished with murmur's mixer, modulo 2^64."""
    codes, _ = batch([text])
    start, end = inside(spans, len(text))
    expected = []
    for a, b in zip(start, end, strict=True):
        mixed = 0xCBF29CE484222325  # FNV-1a's offset and prime
        for character in text[a:b]:
            mixed = (mixed ^ ord(character)) * 0x100000001B3 & SIXTY_FOUR_BITS
        mixed ^= mixed >> 33
        mixed = mixed * 0xFF51AFD7ED558CCD & SIXTY_FOUR_BITS  # murmur's first factor
        expected.append(mixed ^ mixed >> 33)

    assert expected == kernels.hash_pieces(codes, start, end).tolist()


@given(st.text(st.sampled_from("米を"), max_size=12), SPANS)
@quickly
def test_keys_tell_pieces_apart(text, spans):
    """Two pieces have one key if they are equal, and only then."""
    codes, _ = batch([text])
    start, end = inside(spans, len(text))
    pieces = [text[a:b] for a, b in zip(start, end, strict=True)]

    keys = kernels.key_pieces(codes, start, end).tolist()

    assert [[a == b for a in pieces] for b in pieces] == [[a == b for a in keys] for b in keys]


@pytest.mark.parametrize("before", [0, 1, 62, 63, 64, 65, 127, 128, 200])
def test_masks_are_hidden_wherever_they_stand(before):
    """Masks are found in the middle of long texts, and signs that begin none are not masks."""
    text = "米" * before + "<<PHONE>" + "<" + "米" * 70 + "<EMAIL>"
    made = Texts.of(text, "<EMAIL")

    expected = "米" * before + "<" + "0" * 7 + "<" + "米" * 70 + "0" * 7
    assert expected + "<EMAIL" == "".join(map(chr, made.codes))
    assert [2, 0] == made.masks.tolist()
