"""Passages that several texts share are counted, or cut from all texts but one."""

from __future__ import annotations

import orjson
import pytest

from seimai.pipeline.cli.explaining import explained_lines
from seimai.pipeline.engine.forgetting.forget import forget
from seimai.pipeline.inspect.explain import explain
from seimai.pipeline.inspect.verify import verify
from tests.conftest import ids, prose, recipe_of, release_digests, released

NOTICE = "本サイトの文章と写真を許可なく使うことはできません。" * 2 + "\n" + prose(9, 3) + "\n"
OTHER = prose(8, 5) + "\n"
ROWS = [
    {"id": "short", "text": prose(1, 5) + "\n" + NOTICE + prose(2, 5)},
    {"id": "long", "text": prose(3, 20) + "\n" + NOTICE + OTHER + prose(4, 20)},
    {"id": "none", "text": prose(5, 8)},
    {"id": "middle", "text": prose(6, 10) + "\n" + NOTICE + prose(7, 5)},
]
PIECES = {"id": "pieces", "text": "短い前書き。\n" + NOTICE + OTHER + "おわり。"}


@pytest.fixture
def run_of(tmp_path, write_lines, curate):
    """A function that runs some texts with what is given of `passages`."""

    def work(rows, name="out", parts=None, **passages):
        path = write_lines(tmp_path / f"{name}.jsonl", rows)
        made = recipe_of(path, dedup={"passages": passages}, **(parts or {}))
        return curate(made, tmp_path / name, accept=True), tmp_path / name

    return work


def texts(out):
    """The released texts by id."""
    return {row["id"]: row["text"] for row in released(out)}


def test_without_a_word_they_are_only_counted(run_of):
    """`report` leaves every text as it is and says what would go."""
    run, out = run_of(ROWS)

    assert {row["id"]: row["text"] for row in ROWS} == texts(out)
    assert (2, 2) == (run["passages"]["texts"], run["passages"]["passages"])
    assert "cut_passages" not in released(out)[0]


def test_a_passage_stays_in_the_longest_text_alone(run_of):
    """`cut` takes it out of the others, tells how much, and the sums stay those of the release."""
    run, out = run_of(ROWS, then="cut")
    found = texts(out)

    assert ["long"] == [name for name, text in found.items() if NOTICE.strip() in text]
    assert prose(1, 5) + "\n" + prose(2, 5) == found["short"]
    assert ROWS[1]["text"] == found["long"]
    told = {row["id"]: (row["cut_passages"], row["cut_characters"]) for row in released(out)}
    gone = len(NOTICE)
    assert {"short": (1, gone), "long": (0, 0), "none": (0, 0), "middle": (1, gone)} == told
    assert 2 * gone == run["passages"]["characters"]
    assert sum(map(len, found.values())) == run["characters"]["kept"]
    assert sum(len(text.encode()) for text in found.values()) == run["bytes"]["kept"]
    assert [] == [check.message for check in verify(out) if check.state == "fail"]


def test_a_text_of_nothing_else_goes(run_of):
    """What consists of passages that others keep is rejected for the text that has most of it."""
    copy = {"id": "copy", "text": PIECES["text"].removesuffix("おわり。")}
    run, out = run_of([*ROWS, PIECES, copy], then="cut")
    gone = {row["id"]: row for row in released(out, "rejected")}

    assert {"pieces", "copy"} == set(gone)
    assert {("dedup",)} == {tuple(row["reasons"]) for row in gone.values()}
    assert {"long"} == {row["duplicate_of"] for row in gone.values()}
    assert {PIECES["text"], copy["text"]} == {row["text"] for row in gone.values()}
    assert (4, 2, 1) == (
        run["counts"]["kept"],
        run["counts"]["rejected"],
        run["passages"]["rejected"],
    )
    assert [] == [check.message for check in verify(out) if check.state == "fail"]


def test_limits_look_at_the_whole_text(run_of):
    """A text that is long enough before it is cut stays, however short it is afterwards."""
    least = len(ROWS[0]["text"]) - 5
    limits = {"limits": {"text.length_count": {"min": least}}}
    _, out = run_of(ROWS, parts=limits, then="cut")

    assert "short" in ids(out)
    assert len(texts(out)["short"]) < least


def test_what_was_found_is_used_again(run_of):
    """The same texts are not looked at again; `report` after `cut` gives the texts back."""
    _, out = run_of(ROWS, then="cut")
    before = release_digests(out)
    stamps = [path.stat().st_mtime_ns for path in (out / "stages/passages").glob("*.parquet")]
    run_of(ROWS, then="report")
    assert {row["id"]: row["text"] for row in ROWS} == texts(out)
    run_of(ROWS, then="cut")

    assert stamps
    assert stamps == [p.stat().st_mtime_ns for p in (out / "stages/passages").glob("*.parquet")]
    assert before == release_digests(out)


def test_files_that_are_gone_are_made_again(run_of):
    """A run whose files of passages are damaged or gone ends with the same release."""
    _, out = run_of(ROWS, then="cut")
    before = release_digests(out)
    for path in (out / "stages/passages").glob("*.parquet"):
        path.unlink()
        path.with_suffix(".json").unlink(missing_ok=True)
    run_of(ROWS, then="cut")

    assert before == release_digests(out)
    assert list((out / "stages/passages").glob("*.parquet"))


def test_forgetting_the_keeper_brings_the_passage_back(run_of):
    """Once the text that keeps a passage is forgotten, the next longest has it."""
    _, out = run_of(ROWS, then="cut")
    forget(out, "id", "long")
    found = texts(out)

    assert ["middle"] == [name for name, text in found.items() if NOTICE.strip() in text]
    told = orjson.loads((out / "release/run.json").read_bytes())
    assert (1, len(NOTICE)) == (told["passages"]["texts"], told["passages"]["characters"])


def test_the_order_of_inputs_changes_no_text(run_of):
    """Every text is released alike, in whatever order they are read."""
    _, one = run_of(ROWS, then="cut")
    _, other = run_of(ROWS[::-1], "turned", then="cut")

    assert texts(one) == texts(other)


def test_explain_shows_what_was_cut(run_of):
    """The passage is shown struck through, beside the text that keeps it."""
    _, out = run_of(ROWS, then="cut")
    found = explain(out, "short")
    lines = "\n".join(explained_lines(found, every=False, strike=True))

    assert [(NOTICE, "long")] == [(one.text, one.keeper) for one in found.cut]
    assert "\x1b[9m本サイトの文章と写真を" in lines
    assert "long" in lines
