"""The kernel that finds tables of contents, against plain Python and examples."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.kernels import contents as kernels
from seimai.pipeline.kernels.piece_flags import FLAGS
from seimai.pipeline.text import Texts

quickly = settings(max_examples=300, deadline=None)

NUMBER = re.compile(
    r"(?:(?<=[\s・])|\A)"
    r"(?:第\s?(?P<chapter>[0-9]{1,3})\s?[章節部編]"
    r"|(?P<dotted>[0-9]{1,3}(?:\.[0-9]{1,3}){1,4})(?:\.|(?!\.))(?![.0-9])"
    r"|(?P<plain>[0-9]{1,3})\.(?![.0-9]))"
)
LETTER = re.compile("[ぁ-んァ-ヶ一-龥]")


def count(*texts):
    """Letters in tables of contents, by the kernel."""
    made = Texts.of(*texts)
    return kernels.count_contents(made.codes, made.start, np.ascontiguousarray(FLAGS[0])).tolist()


def follows(old, new, *, opens):
    """Whether one number comes after the other; after a chapter 1. opens its sections."""
    if len(new) == len(old) + 1:
        return new[:-1] == old and new[-1] <= 1
    if opens and new == [1]:
        return True
    depth = len(new)
    if depth > len(old) or new[:-1] != old[: depth - 1]:
        return False
    return 1 <= new[-1] - old[depth - 1] <= kernels.MOST_STEP


def plain_count(text):
    """The same in plain Python, in two passes."""
    found = [
        (
            match.start(),
            match.end(),
            match.lastgroup,
            [int(part) for part in match[match.lastgroup].split(".")],
        )
        for match in NUMBER.finditer(text)
    ]
    total, row = 0, []
    for (_, end, kind, old), (begin, _, next_kind, new) in pairwise(found):
        title = text[end:begin]
        opens = kind == "chapter" and next_kind == "plain"
        if (
            len(title) <= kernels.LONGEST_TITLE
            and not re.search("[。．]", title)
            and follows(old, new, opens=opens)
        ):
            row.append((len(LETTER.findall(title)), {kind, next_kind} != {"plain"}))
            continue
        total += _worth(row)
        row = []
    return total + _worth(row)


def _worth(row):
    enough = len(row) >= kernels.FEWEST_LINKS and any(marked for _, marked in row)
    return sum(letters for letters, _ in row) if enough else 0


NUMBERS = st.sampled_from(
    ["1.", "2.", "3.", "1.1", "1.2", "1.2.1", "1.3.", "2.1", "2", "第1章", "第 2 章", "第3節",
     "12.4.5.6.7", "1.2.3.4.5.6", "2024.", "1..2", "第9条"]
)  # fmt: skip
TITLES = st.text(st.sampled_from("米水田a。．・ \n?"), max_size=12)


@quickly
@given(st.lists(st.tuples(NUMBERS, TITLES), max_size=8))
def test_contents_equal_a_plain_count(entries):
    """Whatever numbers and titles stand one after the other, the kernel counts what Python does."""
    text = "".join(f"{number}{title}\n" for number, title in entries)

    assert [plain_count(text)] == count(text)


@pytest.mark.parametrize("before", [0, 1, 63, 64, 65, 127, 128, 129, 200])
def test_contents_are_found_wherever_blocks_meet(before):
    """A table behind any number of letters counts as one at the beginning of a text."""
    table = "1.1 田\n1.2 水田\n1.3 米"

    assert [3] == count("米" * before + "\n" + table)


def test_texts_of_a_batch_do_not_go_on_in_one_another():
    """A number at the end of a text does not lead to the first one of the next."""
    assert [0, 0, 3] == count("1.1 田\n1.2 水", "1.3 米\n1.4 麦", "1.1 田\n1.2 水田\n1.3 米")


def test_a_long_title_is_none():
    """What is longer than a title between two numbers ends the row."""
    title = "米" * (kernels.LONGEST_TITLE - 2)

    assert [2 * len(title)] == count(f"1.1 {title}\n1.2 {title}\n1.3")
    assert [0] == count(f"1.1 {title}米\n1.2 {title}米\n1.3")
