"""What elements count without some of them, and which have equal names, against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.kernels.page import (
    APARTNESS,
    COLUMNS,
    GOOD,
    LAST,
    LINKED,
    LINKS,
    NAMED,
    PARENT,
    TAG,
    TEXT,
)
from seimai.pipeline.kernels.page_counts import (
    COUNTED,
    MOST_STEPS,
    around,
    by_tag,
    groups,
    headlines,
    left,
    lines_of_links,
)


def table_of(size: int) -> np.ndarray:
    """A table of elements with nothing in them."""
    table = np.zeros((COLUMNS, size), np.int64).T
    table[:, LAST] = np.arange(size)
    return table


@st.composite
def trees(draw: st.DrawFn) -> tuple[np.ndarray, list[int]]:
    """A table of elements inside of each other, each with characters of its own, and some rows."""
    parents = [-1]
    for row in range(1, draw(st.integers(1, 12))):
        path = [row - 1]
        while parents[path[-1]] >= 0:
            path.append(parents[path[-1]])
        parents.append(draw(st.sampled_from(path)))
    table = table_of(len(parents))
    own = draw(st.lists(st.integers(0, 9), min_size=len(parents), max_size=len(parents)))
    for row, count in enumerate(own):
        up = row
        while up >= 0:
            table[up, list(COUNTED)] += count
            table[up, LAST] = row
            up = parents[up]
    rows = draw(st.sets(st.integers(0, len(parents) - 1)))
    return table, sorted(rows)


def plain_left(table: np.ndarray, gone: list[int]) -> list[list[int]]:
    """The counts of each row less those of the outermost of its rows that are gone."""
    outer = [row for row in gone if not any(other < row <= table[other, LAST] for other in gone)]
    return [
        [
            int(table[row, column])
            - sum(int(table[one, column]) for one in outer if row <= one <= table[row, LAST])
            for row in range(len(table))
        ]
        for column in COUNTED
    ]


@given(trees())
def test_what_is_gone_counts_nowhere(tree: tuple[np.ndarray, list[int]]) -> None:
    """An element that is gone is taken from itself and from all around it, once."""
    table, gone = tree

    assert plain_left(table, gone) == left(table, np.array(gone, np.int64)).tolist()


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1), st.integers(0, 1)), max_size=30))
def test_equal_names_are_one_group(rows: list[tuple[int, int, int]]) -> None:
    """Groups come in the order of their first rows; what has no name or holds nothing has none."""
    table = table_of(len(rows))
    for row, (name, text, links) in enumerate(rows):
        table[row, [NAMED, TEXT, LINKS]] = name << 40, text, links
    named = [name if name and (text or links) else 0 for name, text, links in rows]
    firsts = [row for row, name in enumerate(named) if name and name not in named[:row]]
    first, which = groups(table)

    assert firsts == first.tolist()
    assert [named[first[one]] if one >= 0 else 0 for one in which] == named


def test_names_made_to_collide_cost_a_bounded_time() -> None:
    """Numbers that meet in one place of the hash table get groups of their own, never another's."""
    size = 4 * MOST_STEPS
    table = table_of(2 * size)
    table[:, NAMED] = np.tile(np.arange(1, size + 1) * 4 * size, 2)
    table[:, TEXT] = 1
    first, which = groups(table)

    assert size < len(first)
    assert table[:, NAMED].tolist() == table[first[which], NAMED].tolist()


MAYBE = np.array([0, 1, 2], np.uint8)
"""For three made-up tags whether each is a heading: no; yes; yes, if it holds no link."""


@given(trees(), st.data())
def test_headlines_are_short_and_the_innermost_of_their_words(
    tree: tuple[np.ndarray, list[int]], data: st.DataObject
) -> None:
    """What is apart, too long, of another tag, or says only what an element in it says, is none."""
    table, apart = tree
    table[apart, APARTNESS] = 1
    size = len(table)
    table[:, TAG] = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    wanted = [
        row
        for row in range(size)
        if 2 <= table[row, TEXT] <= 12
        and not table[row, APARTNESS]
        and not (table[row, LAST] > row and table[row + 1, TEXT] == table[row, TEXT])
        and (table[row, TAG] == 1 or (table[row, TAG] == 2 and not table[row, LINKED]))
    ]

    assert wanted == headlines(table, MAYBE, 2, 12).tolist()


@given(trees(), st.data())
def test_lines_of_links_are_short_and_the_outer_of_two(
    tree: tuple[np.ndarray, list[int]], data: st.DataObject
) -> None:
    """What runs, has too few links, is too long or part of a line, or is in another, is none."""
    table, _ = tree
    size = len(table)
    table[:, TAG] = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    table[:, GOOD] = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    table[:, PARENT] = [
        max((one for one in range(row) if table[one, LAST] >= row), default=-1)
        for row in range(size)
    ]
    lines = [
        table[row, LINKS] >= 2
        and table[row, TEXT] <= 20
        and table[row, GOOD] == 0
        and table[row, TAG] == 1
        for row in range(size)
    ]
    wanted = [
        row
        for row in range(size)
        if lines[row] and not (table[row, PARENT] >= 0 and lines[table[row, PARENT]])
    ]

    assert wanted == lines_of_links(table, np.array([0, 1], np.uint8), 2, 20).tolist()


@given(trees(), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_rows_by_tag_are_those_of_each_tag_in_their_order(
    tree: tuple[np.ndarray, list[int]], tags: list[int]
) -> None:
    """The rows of a tag are what a look at each element gives, one tag after the other."""
    table, _ = tree
    table[:, TAG] = tags[: len(table)]

    rows, begins = by_tag(table, 4)

    assert [[row for row in range(len(table)) if tags[row] == tag] for tag in range(4)] == [
        rows[begins[tag] : begins[tag + 1]].tolist() for tag in range(4)
    ]


@given(trees())
def test_what_is_around_a_mark_is_known(tree: tuple[np.ndarray, list[int]]) -> None:
    """An element is around a mark if one inside of it, not itself, is marked."""
    table, rows = tree
    marks = np.isin(np.arange(len(table)), rows)

    assert [
        any(row < one <= table[row, LAST] for one in rows) for row in range(len(table))
    ] == around(table, marks).tolist()
