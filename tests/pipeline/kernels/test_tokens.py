"""The kernels that cut lines for MeCab and read its stream, against plain Python."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import tokens as kernels
from seimai.pipeline.text import BLANK, SENTENCE_STOP

BLANK_POS = 9
CONTEXTS = np.arange(8, dtype=np.uint8)
ALPHABET = "米a　 。é🍙"


def plain_cuts(lines: list[str], longest: int) -> list[tuple[str, int]]:
    """Each line in parts: after the last stop in the second half of what fits, else at the end."""
    parts = []
    for number, line in enumerate(lines):
        rest = line
        while len(rest) > longest:
            fits = rest[:longest]
            stops = [k + 1 for k in range(longest // 2 + 1, longest) if fits[k] in "。．！？!?｡"]
            cut = stops[-1] if stops else longest
            parts.append((rest[:cut], number))
            rest = rest[cut:]
        if rest:
            parts.append((rest, number))
    return parts


@given(st.lists(st.text(st.sampled_from("米。a"), max_size=60), max_size=4), st.integers(2, 20))
@settings(max_examples=150, deadline=None)
def test_cuts_equal_the_plain_version(lines, longest):
    """Lines are cut after the last sentence end that leaves at least half, else right there."""
    text = "".join(lines)
    ends = np.cumsum([len(line) for line in lines], dtype=np.int64)
    starts = ends - np.array([len(line) for line in lines], np.int64)
    codes = np.array([ord(char) for char in text], np.uint32)
    begin, end, owner = kernels.cut_lines(codes, starts, ends, SENTENCE_STOP, longest)

    assert plain_cuts(lines, longest) == [
        (text[a:b], line)
        for a, b, line in zip(begin.tolist(), end.tolist(), owner.tolist(), strict=True)
    ]


def parsed(unit: str, pick: random.Random) -> list[tuple[str, str, int, bool]]:
    """A parse as MeCab could give it: blanks before a word, the word, its context, unknown."""
    words, at = [], 0
    while at < len(unit):
        begin = at
        while at < len(unit) and BLANK[ord(unit[at])]:
            at += 1
        if at == len(unit):
            break
        end = at + pick.randint(1, 3)
        word = unit[at:end].rstrip("　 ")
        words.append((unit[begin:at], word, pick.randrange(CONTEXTS.size), pick.random() < 0.3))
        at += len(word)
    return words


def stream_of(parses: list[list[tuple[str, str, int, bool]]]) -> bytes:
    """What MeCab prints of the parses: byte length with the blanks before, context, a bar."""
    return b"".join(
        b"".join(
            f"{len((blanks + word).encode())} {'-' * unknown}{context} ".encode()
            for blanks, word, context, unknown in parse
        )
        + b"|"
        for parse in parses
    )


def plain_tokens(
    texts: list[list[str]], parses: list[list[tuple[str, str, int, bool]]]
) -> list[list[tuple[int, int]]]:
    """Part of speech and length of each token of each text; what is between words is blank."""
    rest = iter(parses)
    result = []
    for units in texts:
        tokens, gap = [], 0
        for unit in units:
            parse = next(rest)
            for blanks, word, context, unknown in parse:
                gap += len(blanks)
                if gap:
                    tokens.append((BLANK_POS, gap))
                    gap = 0
                tokens.append((context + unknown * kernels.UNKNOWN_BIT, len(word)))
            gap += len(unit) - sum(len(blanks + word) for blanks, word, *_ in parse)
        if gap:
            tokens.append((BLANK_POS, gap))
        result.append(tokens)
    return result


def assembled(texts: list[list[str]], stream: bytes):
    """What the kernel makes of a stream for texts that are given as their units."""
    units = [unit for text in texts for unit in text]
    ends = np.cumsum([len(unit) for unit in units], dtype=np.int64)
    starts = ends - np.array([len(unit) for unit in units], np.int64)
    first_unit = np.cumsum([0, *(len(text) for text in texts)], dtype=np.int64)
    text_start = np.cumsum([0, *(len("".join(text)) for text in texts)], dtype=np.int64)
    codes = np.array([ord(char) for char in "".join(units)], np.uint32)
    data = np.frombuffer(stream, np.uint8)
    return kernels.assemble_tokens(
        data, codes, starts, ends, first_unit, text_start, CONTEXTS, BLANK, np.uint8(BLANK_POS)
    )


@given(
    st.lists(st.lists(st.text(st.sampled_from(ALPHABET), max_size=12), max_size=3), max_size=4),
    st.integers(0, 1000),
)
@settings(max_examples=200, deadline=None)
def test_tokens_equal_the_plain_version(texts, seed):
    """Tokens cover each text exactly, blanks included, with their parts of speech."""
    pick = random.Random(seed)
    parses = [parsed(unit, pick) for text in texts for unit in text]
    pos, length, first, broken = assembled(texts, stream_of(parses))
    pairs = list(zip(pos.tolist(), length.tolist(), strict=True))

    assert -1 == broken
    assert plain_tokens(texts, parses) == [
        pairs[first[i] : first[i + 1]] for i in range(len(texts))
    ]


@pytest.mark.parametrize("stream", [b"4 1 |", b"3 1 |", b"9 1 |"])
def test_a_stream_that_does_not_add_up_names_its_unit(stream):
    """Lengths that cut a character, leave a word over or run past the unit are found."""
    *_, broken = assembled([["a"], ["米米"]], b"1 1 |" + stream)

    assert 1 == broken
