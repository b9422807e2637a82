"""What words say of their lines, against plain Python."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.filters.residue.words import CLASSES
from seimai.pipeline.kernels import line_words as kernels

LINES = ((0, 12), (13, 20), (20, 80))
CODES = np.array([ord("：" if k % 3 else "米") for k in range(90)], np.uint32)
WORDS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 59), st.integers(1, 50), st.sets(st.integers(0, 13))
    ),
    max_size=9,
)


def words_in_lines(chosen):
    """Words as (line, start, stop, bits), by lines, each within the line or running to its end."""
    found = []
    for line, at, length, classes in sorted(chosen, key=lambda word: word[:3]):
        begin, end = LINES[line]
        start = min(begin + at, end - 1)
        found.append((line, start, min(start + length, end), sum(1 << one for one in classes)))
    return found


def plainly(words, line):
    """The counts of a line, and the names of the classes it holds."""
    begin, end = LINES[line]
    counts, holds = [0] * 5, set()
    for _, start, stop, bits in (word for word in words if word[0] == line):
        of = {name for k, name in enumerate(CLASSES) if bits >> k & 1}
        length = min(stop - start, 40)
        counts[0] += length if of & {"alone", "button", "section", "menu"} else 0
        counts[1] += bool(of & {"alone", "button"})
        counts[2] += "section" in of
        counts[3] += "menu" in of
        counts[4] += length if "place" in of else 0
        holds |= of & {"alone", "notice", "beg", "image", "script", "code", "rights"}
        behind = stop == end or chr(CODES[stop]) == "："
        holds |= of & {"label"} if start <= begin + 2 and behind else set()
        holds |= of & {"ending"} if stop == end else set()
        holds |= of & {"tail"} if stop >= end - 2 else set()
    return counts, holds


@given(WORDS)
@settings(max_examples=80, deadline=None)
def test_counts_and_classes_are_those_that_plain_code_finds(chosen):
    """Every count of every line, and every class it holds, is what its name says."""
    words = words_in_lines(chosen)
    owner, start, stop, bits = (np.array([word[k] for word in words], np.int64) for k in range(4))
    counts, holds = np.zeros((5, 3), np.int32), np.zeros(3, np.uint16)
    table = np.zeros(0x110000, np.bool_)
    table[ord("：")] = True

    kernels.count_found(
        np.searchsorted(owner, np.arange(4)), start, stop, bits.astype(np.uint16),
        *(np.array(ends, np.int64) for ends in zip(*LINES, strict=True)),
        CODES, table, counts, holds,
    )  # fmt: skip

    for line in range(3):
        wanted, classes = plainly(words, line)
        assert wanted == counts[:, line].tolist()
        assert classes == {name for k, name in enumerate(CLASSES) if holds[line] >> k & 1}


def test_bits_are_those_of_the_classes():
    """The kernel names the classes in the order of the list, a bit for each."""
    assert [1 << k for k in range(len(CLASSES))] == [
        int(getattr(kernels, name.upper())) for name in CLASSES
    ]
