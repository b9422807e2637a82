"""Tests of the columns that a run leaves for the next one, and of what the report leaves."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline import kept_columns, read_columns, shard
from seimai.pipeline.job import Job
from seimai.pipeline.report import highlights
from seimai.pipeline.signal import load
from tests.conftest import prose, recipe_of

LEFT = [f"stages/{name}" for name in (*kept_columns.LEFT, highlights.FILE)]
LIMITS = {"text.length_count": {"min": 50, "max": 400}, "text.mojibake_share": {"max": 0.1}}
OTHERS = {**LIMITS, "text.length_count": {"min": 50, "max": 250}}


@pytest.fixture
def again(tmp_path, curate, write_lines):
    """A finished run, and what runs again with other limits into the same folder or another."""
    texts = [{"id": f"t{k}", "text": prose(k, 2 + k % 9)} for k in range(30)]
    texts += [
        {"id": "ruin", "text": "これは縺薙ｌ縺ｯ縺薙ｌ縺ｯ" * 9},
        {"id": "copy", "text": prose(3, 5)},
    ]
    write_lines(tmp_path / "in.jsonl", texts)

    def work(limits=OTHERS, out="out"):
        curate(recipe_of(tmp_path / "in.jsonl", limits=limits), tmp_path / out, accept=True)
        return tmp_path / out

    work(LIMITS)
    return work


def told(out: Path) -> dict[str, bytes]:
    """What a release says, less what tells when and how long."""
    release = out / "release"
    found = {
        path.relative_to(release).as_posix(): path.read_bytes()
        for kind in ("data", "rejected")
        for path in sorted((release / kind).glob("*"))
    }
    run = json.loads((release / "run.json").read_bytes())
    found["run.json"] = json.dumps({**run, "timings": 0, "made": 0}).encode()
    page = (release / "report.html").read_text("utf-8")
    timed = r'<header>.*?</header>|<section id="time".*?</section>'
    found["report.html"] = re.sub(timed, "", page, flags=re.DOTALL).encode()
    return found


def count_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages of every file that is read from now on, verdicts left out."""
    found: list[str] = []
    read = shard._read  # noqa: SLF001 - the way to the disk

    def counted(path, columns):
        found.extend([path.parent.name] * (path.parent.name != "verdict"))
        return read(path, columns)

    monkeypatch.setattr(shard, "_read", counted)
    return found


def test_a_changed_limit_gives_what_a_first_run_gives(again):
    """Release, run.json and report are the same, byte for byte but for times."""
    assert told(again(out="fresh")) == told(again())


def test_a_changed_limit_reads_no_file_again(again, monkeypatch):
    """Numbers, and texts as small as these, come from what the run before has left."""
    reads = count_reads(monkeypatch)
    again()

    assert [] == reads


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [_cut, _flip, Path.unlink, lambda path: path.write_bytes(b"")])
@pytest.mark.parametrize("name", LEFT)
def test_what_is_damaged_is_made_without(again, name, harm):
    """A file that is cut, changed, empty or gone costs time and nothing else."""
    expected = told(again(out="fresh"))
    out = again(LIMITS)
    whole = (out / name).read_bytes()
    harm(out / name)

    assert expected == told(again())
    assert (out / name).stat().st_size > 0
    assert whole != b""


def test_a_stage_file_that_was_written_again_is_read_itself(again):
    """Its columns in the file of the run before are those of another file by now."""
    out = again(LIMITS)
    path = next((out / "stages/signals").glob("*.parquet"))
    table = shard.read_table(path)
    long = table["text.length_count"].to_numpy() * 0 + 300
    place = table.column_names.index("text.length_count")
    table = table.set_column(place, "text.length_count", [long])
    sidecar = shard.required_sidecar(path)
    shard.write_shard(path, table, sidecar.fingerprint, sidecar.counts)
    again()

    run = json.loads((out / "release/run.json").read_bytes())
    lengths = next(one for one in run["reasons"] if one["reason"] == "text.length_count")
    assert 32 == lengths["texts"]


def test_what_was_left_goes_with_an_input_that_is_gone(again, tmp_path, write_lines, monkeypatch):
    """A run that is killed before it leaves its own does not keep what it was told to drop."""
    out = again()
    assert b"https://gone.example.jp" not in (out / LEFT[0]).read_bytes()
    write_lines(
        tmp_path / "in.jsonl", [{"id": "x", "text": prose(1), "url": "https://gone.example.jp"}]
    )
    assert b"https://gone.example.jp" in (again() / LEFT[0]).read_bytes()
    write_lines(tmp_path / "in.jsonl", [{"id": "y", "text": prose(2)}])
    monkeypatch.setattr(kept_columns, "_leave", lambda *_: None)
    again()
    again(LIMITS)

    assert not (out / LEFT[0]).exists()
    assert not (out / LEFT[1]).exists()


def test_a_full_disk_costs_only_what_would_be_left(again, monkeypatch):
    """The run ends as it does; nothing is left half."""

    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(kept_columns, "_stream", full)
    out = again(LIMITS | {"text.lost_share": {"max": 0.1}, "text.adult_max": {"max": 5}})
    shutil.rmtree(out / "stages/verdict")
    (out / LEFT[0]).unlink()
    again()

    assert not (out / LEFT[0]).exists()
    assert [] == list((out / "stages").glob(".*.tmp"))


def test_the_file_is_not_written_again_where_nothing_is_new(again):
    """It is as large as all numbers of a run: a limit that moves writes none of them."""
    out = again()
    before = (out / LEFT[0]).stat()
    again(LIMITS)

    assert before.st_mtime_ns == (out / LEFT[0]).stat().st_mtime_ns
    assert before.st_ino == (out / LEFT[0]).stat().st_ino


def test_rows_are_those_of_the_whole_table(again, monkeypatch):
    """Rows that were left are taken from there, others from the stage file."""
    out = again()
    path = next((out / "stages/text").glob("*.parquet"))
    kept_columns.forget(out)
    monkeypatch.setattr(read_columns, "MOST_OF_A_COLUMN", 1_000)
    whole = shard.read_table(path, ["text", "id"])
    columns, rows = ["text", "id"], [2, 5, 7]
    with kept_columns.as_long_as_a_run(out):
        shard.read_rows(path, columns, rows)
    reads = count_reads(monkeypatch)
    with kept_columns.as_long_as_a_run(out):
        left = shard.read_rows(path, columns, [2, 7])
        assert [] == reads
        other = shard.read_rows(path, columns, [7, 9])

    assert whole.take([2, 7]).to_pylist() == left.to_pylist()
    assert whole.take([7, 9]).to_pylist() == other.to_pylist()
    assert ["text"] == reads


def test_spans_are_found_once_for_a_text(again):
    """A second report asks no signal for them, as long as its code is as it was."""
    out = again()
    job = Job(recipe_of("x"), out)
    signal = load()["text.mojibake_share"]
    ruin = "縺薙ｌ縺ｯ梅雨"
    first = highlights.Highlights(job)
    spans = first.of(signal)(ruin)
    first.leave()
    asked = []
    other = type(signal)(**{**vars(signal), "where": _spied(signal.where, asked)})

    assert [(0, 6)] == spans == highlights.Highlights(job).of(other)(ruin)
    assert [] == asked
    newer = type(signal)(**{**vars(other), "version": signal.version + 1})
    assert spans == highlights.Highlights(job).of(newer)(ruin)
    assert [ruin] == asked


def _spied(where, asked):
    def spied(text):
        asked.append(text)
        return where(text)

    spied.__code__ = spied.__code__.replace(co_filename=where.__code__.co_filename)
    return spied


def test_a_folder_that_was_copied_is_read_itself(again, tmp_path, monkeypatch):
    """The times and numbers of its files are others."""
    out = again()
    shutil.copytree(out, tmp_path / "copy")
    for path in (tmp_path / "copy/stages").rglob("*.parquet"):
        os.utime(path, ns=(1, 1))
    reads = count_reads(monkeypatch)
    expected = told(again(LIMITS))
    assert not {"signals"} & set(reads)

    assert expected == told(again(LIMITS, "copy"))
    assert {"signals"} <= set(reads)


def test_what_is_left_does_not_grow_from_run_to_run(tmp_path, monkeypatch):
    """What was found is joined with what was read only as far as there is room."""
    most = 60_000
    monkeypatch.setattr(read_columns, "MOST_BYTES", most)
    paths = [tmp_path / f"stages/signals/{k}.parquet" for k in range(4)]
    for path in paths:
        numbers = np.arange(1_000.0)
        shard.write_shard(path, pa.table({"a": numbers, "b": numbers, "c": numbers}), "")
    sizes = []
    for name in "abc":
        with kept_columns.as_long_as_a_run(tmp_path):
            for path in paths:
                shard.read_table(path, [name])
        sizes.append((tmp_path / "stages" / kept_columns.COLUMNS).stat().st_size)

    assert 32_000 < sizes[0] < sizes[1]
    assert sizes[2] <= sizes[1] < most + 4 * 2_000
