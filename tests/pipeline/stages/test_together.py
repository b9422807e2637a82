"""Combined limits against a plain loop over texts."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.recipe import Limit, PartLimit, Together
from seimai.pipeline.stages.judge import Limits, combined, failures, hold

NAN = float("nan")


def _table(**columns):
    return pa.table({name: pa.array(values, pa.float32()) for name, values in columns.items()})


def test_so_many_limits_have_to_fail():
    """A text is rejected from `fail` failing limits on, and the value is how many fail."""
    numbers = _table(a=[0.1, 0.1, 0.9, NAN], b=[0.1, 0.9, 0.9, 0.1])
    limits = {"a": PartLimit(min=0.5), "b": PartLimit(min=0.5)}
    both, count = combined(Together(name="x", limits=limits), numbers)
    any_of, _ = combined(Together(name="x", fail=1, limits=limits), numbers)

    assert [True, False, False, False] == both.tolist()
    assert [True, True, False, True] == any_of.tolist()
    assert [2, 1, 0, 1] == count.tolist()


def test_where_says_whom_it_is_asked_of():
    """A text that does not keep to `where`, or has nothing to measure there, is not asked."""
    numbers = _table(code=[0.1, 0.5, NAN], tag=[0.9, 0.9, 0.9])
    one = Together(name="x", where={"code": Limit(max=0.2)}, limits={"tag": PartLimit(max=0.2)})

    assert [True, False, False] == combined(one, numbers)[0].tolist()


_numbers = st.one_of(st.just(NAN), st.floats(0, 1, width=32))
_limits = st.builds(
    lambda low, high, empty: PartLimit(min=min(low, high), max=max(low, high), empty=empty),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["keep", "reject"]),
)


def _fails(limit, value):
    """Whether a single number fails a limit, as the documents say it."""
    if math.isnan(value):
        return limit.empty == "reject"
    return bool(value < np.float32(limit.min) or value > np.float32(limit.max))


@given(
    st.lists(st.tuples(_numbers, _numbers, _numbers), max_size=6),
    _limits,
    _limits,
    _limits,
    st.integers(1, 2),
    st.booleans(),
)
def test_combined_limits_are_what_a_loop_would_say(rows, first, second, around, fail, asked):
    """For any numbers the arrays say what one text after the other would."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    numbers = _table(**dict(zip("abc", columns, strict=True)))
    where = {"c": Limit(min=around.min, max=around.max, empty=around.empty)} if asked else {}
    one = Together(name="x", fail=fail, where=where, limits={"a": first, "b": second})
    failed, count = combined(one, numbers)
    counts = [_fails(first, a) + _fails(second, b) for a, b, _ in rows]

    assert counts == count.tolist()
    assert failed.tolist() == [
        many >= fail and not any(_fails(limit, c) for limit in where.values())
        for many, (_, _, c) in zip(counts, rows, strict=True)
    ]


def test_single_limits_come_first():
    """Reasons and values follow the recipe: single limits, then combined ones."""
    numbers = _table(a=[0.1], b=[0.9])
    one = Together(name="x", fail=1, limits={"a": PartLimit(min=0.5), "b": PartLimit(min=0.5)})
    limits = Limits({"b": Limit(min=0.5)}, [one])
    failed, values = hold(limits, numbers)

    assert ["b", "together.x"] == limits.reasons
    assert ["b", "a"] == limits.signals
    assert [[False, True]] == failed.tolist()
    assert [[np.float32(0.9), 1.0]] == values.tolist()


def test_a_combined_limit_of_one_is_a_limit():
    """With one limit inside and no `where` it rejects what the single limit rejects."""
    numbers = _table(a=[0.1, 0.5, 0.9, NAN])
    inside = PartLimit(min=0.4, max=0.6, empty="reject")

    assert (
        failures({"a": inside}, numbers)[:, 0].tolist()
        == combined(Together(name="x", limits={"a": inside}), numbers)[0].tolist()
    )
