"""Verdicts: limits against numbers, and which text of a group stays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.recipe import Limit
from seimai.pipeline.stages.judge import (
    Groups,
    WordNumbers,
    failures,
    judge,
    preference,
    ranks,
    reasons_of,
)

NAN = float("nan")


def _fails(values, **limit):
    table = pa.table({"a.b": pa.array(values, pa.float32())})
    return failures({"a.b": Limit(**limit)}, table)[:, 0].tolist()


def test_limits_are_inclusive():
    """A number equal to a limit passes, in float32 as numbers are stored."""
    values = [0.3, float(np.nextafter(np.float32(0.3), np.float32(1))), 0.29]

    assert [False, True, False] == _fails(values, max=0.3)
    assert [False, False, True] == _fails(values, min=0.3)
    assert [False, True, True] == _fails(values, min=0.3, max=0.3)


@given(st.floats(-1e6, 1e6))
def test_any_limit_includes_itself(limit):
    """Whatever number a recipe names, a signal with that very number passes."""
    assert [False] == _fails([limit], min=limit, max=limit)


def test_nothing_to_measure_is_what_the_recipe_says():
    """A nan is rejected by default and kept on request, never by comparison."""
    assert [True, False] == _fails([NAN, 0.5], min=0.1)
    assert [False, False] == _fails([NAN, 0.5], min=0.1, empty="keep")
    assert [False, True] == _fails([NAN, 0.5], max=0.1, empty="keep")


def test_huge_limits_are_no_limits():
    """A limit beyond float32 lets everything pass."""
    assert [False, False] == _fails([3e38, 1.0], max=1e300, min=-1e300)


def test_all_reasons_are_kept_in_order():
    """Every failed limit is a reason, in recipe order, duplicates last, with its value."""
    failed = np.array([[True, False, True], [False, False, False], [False, True, False]])
    numbers = np.array([[0.5, 1, 2], [3, 4, 5], [6, NAN, 8]], np.float32)
    reasons, values = reasons_of(
        ["z.first", "m.second", "a.third"],
        failed,
        numbers,
        np.array([True, False, False]),
        np.array([0.75, NAN, NAN], np.float32),
    )

    assert [["z.first", "a.third", "dedup"], [], ["m.second"]] == reasons.to_pylist()
    assert [[0.5, 2.0, 0.75], []] == values.to_pylist()[:2]
    assert np.isnan(values.to_pylist()[2][0])


def test_without_limits_nobody_is_to_blame():
    """Without limits no text has a reason."""
    nothing = np.zeros((2, 0))
    reasons, values = reasons_of(
        [], nothing.astype(bool), nothing, np.zeros(2, bool), np.full(2, NAN, np.float32)
    )

    assert [[], []] == reasons.to_pylist() == values.to_pylist()


@pytest.mark.parametrize(
    ("keep", "best", "first"),
    [
        ("longest", None, "c"),
        ("earliest", None, "b"),
        ("newest", None, "a"),
        ("best a.b", [NAN, 0.5, 0.1, 0.5], "b"),
        ("native", None, "b"),
        ("native newest longest", None, "b"),
        ("native longest", None, "d"),
        ("newest native", None, "a"),
    ],
)
def test_preferences(keep, best, first):
    """The text to keep first is the longest, earliest, newest, best one, or no PDF."""
    ids = ["a", "b", "c", "d"]
    order = preference(
        [keep] if best else keep.split(),
        np.array([5, 7, 9, 9]),
        ["2024-05-01", "2023-01-01", None, ""],
        ["application/pdf", "application/msword", "text/plain", "application/msword"],
        np.array(best) if best else None,
        [np.zeros(4, np.int64), ranks(ids)],
    )

    assert first == ids[int(np.argmin(order))]
    assert [0, 1, 2, 3] == sorted(order.tolist())


def test_undated_texts_come_last():
    """A text without a date is neither the earliest nor the newest."""
    for keep in ("earliest", "newest"):
        order = preference(
            [keep], np.zeros(2), [None, "1999"], [None, None], None, [ranks(["a", "b"])]
        )

        assert [1, 0] == order.tolist()


def test_ties_are_settled_in_turn():
    """Equal texts are ranked by source, then by id."""
    order = preference(
        ["longest"],
        np.array([1, 1, 1]),
        ["", "", ""],
        ["", "", ""],
        None,
        [np.array([1, 0, 0]), ranks(["a", "z", "b"])],
    )

    assert [2, 1, 0] == order.tolist()


def _groups(similar: np.ndarray, order: np.ndarray) -> Groups:
    """Groups of texts from a matrix of who is similar to whom."""
    count = len(similar)
    label = np.arange(count)
    for _ in range(count):
        for one in range(count):
            label[one] = min(label[one], *label[np.flatnonzero(similar[one])], label[one])
    near = [np.flatnonzero(row).tolist() for row in similar]
    return Groups(
        np.arange(count),
        label,
        np.arange(count),
        pa.array(near, pa.list_(pa.int64())),
        pa.array([[0.9] * len(one) for one in near], pa.list_(pa.float32())),
        np.ones(count, bool),
        order,
    )


def _settled(passed, failed, measured, groups):
    """Judge, measure what is needed, and judge again, as `settle` does."""
    measured = measured.copy()
    for rounds in range(1, 20):
        verdict = judge(passed, WordNumbers(measured, failed & measured), groups)
        if not verdict.needed.any():
            return verdict, measured, rounds
        assert not (verdict.needed & measured).any()
        measured |= verdict.needed
    raise AssertionError("not settled")


@st.composite
def _cases(draw):
    count = draw(st.integers(1, 14))
    flags = st.lists(st.booleans(), min_size=count, max_size=count)
    edges = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))
    similar = np.zeros((count, count), bool)
    for one, other in edges:
        if one != other:
            similar[one, other] = similar[other, one] = True
    order = np.array(draw(st.permutations(range(count))))
    return similar, order, *(np.array(draw(flags), bool) for _ in range(3))


@settings(max_examples=200, deadline=None)
@given(_cases())
def test_judge_equals_the_plain_rule(case):
    """
    Best first, a text that keeps to all limits stays unless a similar one stays already.

    What happens to be measured beforehand changes nothing, neither kept texts nor revealed words.
    """
    similar, order, passed, failed, before = case
    groups = _groups(similar, order)
    stays: list[int] = []
    for text in np.argsort(order).tolist():
        if passed[text] and not failed[text] and not similar[text, stays].any():
            stays.append(text)
    nothing = np.zeros(order.size, bool)
    verdict, _, _ = _settled(passed, failed, nothing, groups)
    other, _, _ = _settled(passed, failed, before, groups)

    assert sorted(stays) == np.flatnonzero(verdict.kept).tolist()
    for part in ("kept", "revealed", "duplicate_of", "similarity"):
        np.testing.assert_array_equal(getattr(verdict, part), getattr(other, part))
    assert not (verdict.kept & (verdict.duplicate_of >= 0)).any()
    for text in np.flatnonzero(verdict.duplicate_of >= 0):
        assert verdict.kept[verdict.duplicate_of[text]]
        assert similar[text, verdict.duplicate_of[text]]


def test_a_group_of_bad_texts_is_settled_quickly():
    """Two thousand similar texts that all fail on words take a dozen rounds, not thousands."""
    count = 2000
    row = np.arange(count)
    hub = [row[1:].tolist()] + [[0]] * (count - 1)
    groups = Groups(
        row,
        np.zeros(count, np.int64),
        row,
        pa.array(hub, pa.list_(pa.int64())),
        pa.array([[0.9] * len(one) for one in hub], pa.list_(pa.float32())),
        np.ones(count, bool),
        row,
    )
    everything = np.ones(count, bool)
    nothing = np.zeros(count, bool)
    measured = nothing.copy()
    rounds = 0
    while True:
        rounds += 1
        verdict = judge(everything, WordNumbers(measured, measured), groups)
        if not verdict.needed.any():
            break
        measured = measured | verdict.needed

    assert rounds < 15
    assert not verdict.kept.any()


def test_few_words_are_asked_for():
    """Of a group whose best text passes, only that one is tokenized."""
    similar = ~np.eye(6, dtype=bool)
    everything, nothing = np.ones(6, bool), np.zeros(6, bool)
    _, measured, rounds = _settled(
        everything, nothing, nothing, _groups(similar, np.array([3, 1, 0, 2, 4, 5]))
    )

    assert [False, False, True, False, False, False] == measured.tolist()
    assert 2 == rounds


def test_without_word_limits_nothing_is_needed():
    """Without words there is nothing to wait for."""
    verdict = judge(np.array([True, False]), None, None)

    assert [True, False] == verdict.kept.tolist()
    assert not verdict.needed.any()
