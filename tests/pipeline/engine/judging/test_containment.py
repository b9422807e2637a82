"""Texts that stand in a longer one are told of, or rejected as the recipe says."""

from __future__ import annotations

import orjson
import pytest

from seimai.pipeline.inspect.verify import verify
from tests.conftest import ids, prose, recipe_of, release_digests, released

INNER = prose(1, 6)
OUTER = prose(2, 30) + "\n" + INNER + "\n" + prose(3, 30)
ROWS = [
    {"id": "inner", "text": INNER},
    {"id": "twin", "text": INNER.replace("\n", "")},
    {"id": "outer", "text": OUTER},
    {"id": "other", "text": prose(4, 6)},
]


@pytest.fixture
def run_of(tmp_path, write_lines, curate):
    """A function that runs the texts with what is given of `contained`."""
    path = write_lines(tmp_path / "in.jsonl", ROWS)

    def work(limits=None, **contained):
        made = recipe_of(path, dedup={"contained": contained}, limits=limits or {})
        return curate(made, tmp_path / "out", accept=True), tmp_path / "out"

    return work


def test_without_a_word_it_is_only_told(run_of):
    """`report` keeps the text, counts it and shows it beside the longer one."""
    run, out = run_of(then="report")

    assert {"inner", "outer", "other"} == set(ids(out))
    assert (1, 0) == (run["contained"]["texts"], run["contained"]["rejected"])
    assert "長い文書に含まれる文書" in (out / "release/report.html").read_text("utf-8")


def test_reject_takes_it_out_and_says_for_what(run_of):
    """`reject` names the longer text, which stays; copies of what goes are named after it too."""
    run, out = run_of(then="reject")
    gone = {row["id"]: row for row in released(out, "rejected")}

    assert ["outer", "other"] == ids(out)
    assert {"inner", "twin"} == set(gone)
    assert ["dedup"] == gone["inner"]["reasons"]
    assert {"outer"} == {row["duplicate_of"] for row in gone.values()}
    assert 1.0 == gone["inner"]["similarity"]
    assert (1, 1) == (run["contained"]["texts"], run["contained"]["rejected"])
    assert [] == [check.message for check in verify(out) if check.state == "fail"]


def test_what_limits_reject_contains_nothing(run_of):
    """A longer text that is not released takes no other with it."""
    limits = {"text.length_count": {"max": len(OUTER) - 10}}
    _, out = run_of(limits, then="reject")

    assert {"inner", "other"} == set(ids(out))


def test_what_was_found_is_used_again(run_of):
    """A second run finds the same files; another share is held against what was measured."""
    _, out = run_of(then="reject")
    before = release_digests(out)
    stamps = [path.stat().st_mtime_ns for path in (out / "stages/contained").glob("*.parquet")]
    run_of(then="report")
    run_of(then="reject")

    assert stamps
    assert stamps == [p.stat().st_mtime_ns for p in (out / "stages/contained").glob("*.parquet")]
    assert before == release_digests(out)
    told = orjson.loads((out / "release/run.json").read_bytes())
    assert told["contained"]["rejected"] == 1
