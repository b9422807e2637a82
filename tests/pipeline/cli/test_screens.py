"""Progress, columns and the funnel: what screens are made of."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seimai.pipeline.cli.terminal import Bars, bar, columns, listener, width
from seimai.pipeline.engine import progress as told
from seimai.pipeline.engine.progress import Plain, Silent, amount, duration, rate, size
from seimai.pipeline.recipe import Expect
from seimai.pipeline.report.funnel import expectations, funnel, kept_characters_share, reasons

pytestmark = pytest.mark.usefixtures("english")

RUN = {
    "counts": {"read": 100, "kept": 55, "rejected": 43, "quarantined": 2, "duplicates": 12},
    "characters": {"read": 1000, "kept": 600},
    "reasons": [
        {"reason": "text.length_count", "texts": 20, "first": 20, "alone": 15},
        {"reason": "ja.hiragana_share", "texts": 18, "first": 13, "alone": 11},
        {"reason": "ja.kanji_share", "texts": 0, "first": 0, "alone": 0},
        {"reason": "dedup", "texts": 12, "first": 10, "alone": 10},
    ],
    "sources": {
        "a": {"read": 60, "kept": 50, "rejected": 10, "duplicates": 2},
        "b": {"read": 38, "kept": 5, "rejected": 33, "duplicates": 10},
    },
}


# --- progress ------------------------------------------------------------------------------


def test_plain_progress_is_one_line_a_stage():
    """A stage that ends quickly gives one line, with its amount and rate."""
    stream = io.StringIO()
    plain = Plain(stream)
    plain.stage("tokenize", 4, "batches")
    for _ in range(4):
        plain.advance(1, 1000)
    plain.done()

    assert 1 == stream.getvalue().count("\n")
    assert "tokenize   4/4 batches" in stream.getvalue()
    assert "MB/s" in stream.getvalue()


def test_plain_progress_speaks_now_and_then(monkeypatch):
    """A long stage gives a line every few seconds, and does not repeat the last one at its end."""
    clock = iter(range(10_000))
    monkeypatch.setattr(told.time, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    plain = Plain(stream)
    plain.stage("prepare", None, "texts")
    for _ in range(20):
        plain.advance(1)
    plain.done()

    assert 4 == stream.getvalue().count("\n")
    assert "20 texts" in stream.getvalue()


def test_progress_tells_texts_and_what_is_left(monkeypatch):
    """A line has the time of day, the texts and how many pass, and the time left."""
    clock = iter(range(0, 10_000, 2))
    monkeypatch.setattr(told.time, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    plain = Plain(stream)
    plain.stage("prepare", 10, "batches")
    for _ in range(3):
        plain.advance(1, 1000, 500, 400)

    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  read, clean, measure   3/10 batches   "
        r"1,500 texts, 80% pass so far   0.0 MB/s   6 s   14 s left\n",
        stream.getvalue(),
    )


def test_what_is_left_is_told_only_where_it_is_known():
    """A stage of unknown length, one that has just begun and one at its end say nothing."""
    assert "" == told.time_left(5, None, 60)
    assert "" == told.time_left(1, 100, 1)
    assert "" == told.time_left(100, 100, 60)
    assert "1 min 0 s left" == told.time_left(50, 100, 60)


def test_progress_may_be_told_from_threads():
    """Nothing is lost when several threads report."""
    stream = io.StringIO()
    plain = Plain(stream)
    plain.stage("tokenize", 8000, "batches")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [plain.advance(1) for _ in range(1000)], range(8)))
    plain.done()

    assert "8,000/8,000" in stream.getvalue()


def test_who_listens_depends_on_who_looks():
    """Bars on a terminal, lines elsewhere, nothing when quiet."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert isinstance(listener(quiet=True, stream=Terminal()), Silent)
    assert isinstance(listener(quiet=False, stream=io.StringIO()), Plain)
    assert isinstance(listener(quiet=False, stream=Terminal()), Bars)


def test_bars_can_be_drawn():
    """A stage after a stage, one of them cut off, and a report after the end do no harm."""
    stream = io.StringIO()
    bars = Bars(stream)
    bars.advance(1)
    bars.stage("prepare", 3, "batches")
    bars.advance(1, 1_000_000)
    bars.stage("release", 1, "releases")
    bars.done()
    bars.done()
    bars.advance(1)

    assert "1/3 batches" in stream.getvalue()


def test_amounts_rates_and_times_are_short():
    """Amounts, rates and times are rounded, and what is not known is left out."""
    assert "3/12 shards" == amount(3, 12, "shards")
    assert "1,204 texts" == amount(1204, None, "texts")
    assert "" == amount(0, 1, "releases")
    assert "4 things" == amount(4, None, "things")
    assert "2.0 MB/s" == rate(4_000_000, 2)
    assert "" == rate(0, 2)
    assert "" == rate(5, 0)
    assert ["0.3 s", "59 s", "1 min 0 s", "1 h 20 min"] == [
        duration(seconds) for seconds in (0.31, 59.4, 60, 4800)
    ]


# --- columns -------------------------------------------------------------------------------


def test_full_width_characters_take_two_cells():
    """Columns line up with Japanese in them; combining marks take no cell."""
    assert [4, 4, 2, 1] == [width(text) for text in ("kept", "採用", "が", "e\u0301")]
    rows = columns([("採用", "1"), ("kept", "22")], frozenset({1}))
    assert ["採用   1", "kept  22"] == rows


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=5))
def test_columns_of_any_rows(rows):
    """Rows of any length and content give one line each."""
    assert len(rows) == len(columns(rows))


@given(st.floats(-1, 2))
def test_a_bar_never_leaves_its_cells(share):
    """A bar is at most as long as it may be, whatever the share."""
    assert len(bar(share, 10)) <= 10


def test_sizes_are_rounded():
    """Bytes are shown in the unit that fits."""
    assert ["12 B", "1.5 kB", "700 MB", "2.1 GB"] == [
        size(count) for count in (12, 1500, 7e8, 2.14e9)
    ]


# --- funnel --------------------------------------------------------------------------------


def test_every_text_is_in_one_row_of_the_funnel():
    """A duplicate that fails a limit counts under limits; the rows add up to what was read."""
    rows = {step.name: step.count for step in funnel(RUN)}

    assert {"read": 100, "limits": 33, "duplicates": 10, "quarantined": 2, "kept": 55} == rows
    assert rows["read"] == sum(count for name, count in rows.items() if name != "read")


def test_reasons_come_with_the_most_frequent_first():
    """Reasons that rejected nothing are left out."""
    assert ["text.length_count", "ja.hiragana_share", "dedup"] == [r.name for r in reasons(RUN)]


def test_the_share_that_remains_is_of_characters():
    """精米歩合 is the share of the characters kept."""
    assert 0.6 == kept_characters_share(RUN)


def test_expectations_are_held_against_the_run():
    """Kept share, the largest reason and the worst source are compared with the recipe."""
    expect = Expect.model_validate(
        {
            "kept_share": {"min": 0.5},
            "any_reason_share": {"max": 0.1},
            "source_loss_share": {"max": 0.9},
        }
    )
    checks = {check.name: (check.ok, check.about) for check in expectations(expect, RUN)}

    assert (True, "") == checks["kept_share"]
    assert (False, "text.length_count") == checks["any_reason_share"]
    assert (True, "b") == checks["source_loss_share"]


def test_an_empty_run_has_a_funnel():
    """A run that read nothing has a funnel, without a division by zero."""
    empty = {
        "counts": dict.fromkeys(RUN["counts"], 0),
        "characters": {"read": 0, "kept": 0},
        "reasons": [],
        "sources": {},
    }
    expect = Expect.model_validate({"kept_share": {"min": 0.5}, "source_loss_share": {"max": 1}})

    assert [0.0] * 5 == [step.share for step in funnel(empty)]
    assert 0.0 == kept_characters_share(empty)
    assert [False, True] == [check.ok for check in expectations(expect, empty)]
