"""Numbers per text, and who is to blame when there are none."""

from __future__ import annotations

import os
import signal

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline.errors import Problem
from seimai.pipeline.signal import Signal
from seimai.pipeline.stages.crash_isolation import look_for_culprit
from seimai.pipeline.stages.measure import measure
from seimai.pipeline.stages.tokenize import tokenize, tokens_of
from seimai.pipeline.text import Texts

TEXTS = ("海は広い。", "", "毒です。", "山は高い。")
FORKS = pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
IDS = pa.chunked_array([["sea", "empty", "poison", "hill"]])


def _signal(measured, needs="characters"):
    return Signal("test.some_score", measured, (0, 1), needs, 1)


def _batch(needs="characters"):
    texts = Texts.of(*TEXTS)
    return Texts(texts.column, tokens_of(texts, tokenize(texts))) if needs == "tokens" else texts


def _poisoned(texts):
    if any("毒" in text for text in texts.column.to_pylist()):
        raise ZeroDivisionError("nothing to divide by")
    return texts.length


def test_numbers_are_float32_with_nan_for_nothing():
    """One column per signal, nan where there is nothing to measure."""
    table = measure(_batch(), [_signal(lambda texts: 1 / np.maximum(texts.length, 0.5))], IDS)

    assert pa.float32() == table.schema.field("test.some_score").type
    assert 4 == table.num_rows


@pytest.mark.parametrize("needs", ["characters", "tokens"])
def test_a_signal_that_raises_is_named_with_the_text(needs):
    """Signal, text and cause are in the problem."""
    with pytest.raises(Problem) as caught:
        measure(_batch(needs), [_signal(_poisoned, needs)], IDS)

    assert "S002" == caught.value.code
    assert "test.some_score" == caught.value.values["signal"]
    assert "poison" == caught.value.values["id"]
    assert "nothing to divide by" in str(caught.value)


def test_a_signal_that_fails_only_on_batches_is_named():
    """Where every text alone is fine, the first text of the batch is told."""

    def shy(texts):
        if len(texts) > 1:
            raise RuntimeError("too many")
        return texts.length

    with pytest.raises(Problem) as caught:
        measure(_batch(), [_signal(shy)], IDS)

    assert "sea …" == caught.value.values["id"]


def test_a_wrong_count_is_a_problem():
    """Numbers that are not one per text would shift rows."""
    with pytest.raises(Problem) as caught:
        measure(_batch(), [_signal(lambda texts: texts.length[:-1])], IDS)

    assert "S003" == caught.value.code


@FORKS
@pytest.mark.parametrize("needs", ["characters", "tokens"])
@pytest.mark.parametrize(
    ("deed", "status"),
    [(lambda: os._exit(7), 7), (lambda: os.kill(os.getpid(), signal.SIGKILL), -9)],
)
def test_a_signal_that_ends_its_process_is_named(needs, deed, status):
    """It is tried in a process of its own, which ends instead of this one."""

    def deadly(texts):
        if any("毒" in text for text in texts.column.to_pylist()):
            deed()
        return texts.length

    with pytest.raises(Problem) as caught:
        look_for_culprit(_batch(needs), [_signal(len), _signal(deadly, needs)], IDS)

    assert "S029" == caught.value.code
    assert {"signal": "test.some_score", "id": "poison", "status": status} == caught.value.values


@FORKS
def test_nobody_is_blamed_without_cause():
    """Signals that raise or return are left to those who run them in earnest."""
    look_for_culprit(_batch(), [_signal(_poisoned), _signal(lambda texts: texts.length)], IDS)
