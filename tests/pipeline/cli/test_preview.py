"""`preview`: what a sample says, that it is spread, and that nothing stays."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.inspect.preview import preview
from seimai.pipeline.inspect.sampling import WINDOW_BYTES, Spread, take_sample
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import Recipe
from tests.conftest import prose, recipe_of

RECIPE = """\
recipe: tried
source:
  - name: notes
    files: [notes.jsonl]
limits:
  text.length_count: {min: 50}
  ja.hiragana_share: {min: 0.1}
dedup: {rows: 3, bands: 20, similarity: 0.7}
"""


@pytest.fixture(autouse=True)
def _speech():
    """Messages in English."""
    use_language("en")


def notes(folder: Path) -> Path:
    """A recipe and five records: two good ones, a copy, a stub, a broken line."""
    texts = [prose(1), prose(2), f"{prose(1)}。", "短い。"]
    lines = [
        json.dumps({"id": f"n{k}", "text": text}, ensure_ascii=False)
        for k, text in enumerate(texts)
    ]
    (folder / "notes.jsonl").write_text("\n".join([*lines, "{"]) + "\n", "utf-8")
    (folder / "recipe.yaml").write_text(RECIPE, "utf-8")
    return folder / "recipe.yaml"


def test_a_preview_tells_what_a_run_would(tmp_path, monkeypatch, capsys):
    """Where everything is read, the counts are those of a run, and a run is foretold."""
    recipe = notes(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert 0 == main(["preview", str(recipe), "--format", "json", "--lang", "en"])
    told = json.loads(capsys.readouterr().out)
    assert 0 == main(["run", str(recipe), "--out", "out", "--format", "json", "--lang", "en"])
    ran = json.loads(capsys.readouterr().out)
    assert {name: ran["counts"][name] for name in told["counts"]} == told["counts"]
    assert {"json": 1} == told["quarantine_causes"]
    assert {row["name"]: (row["count"], row["alone"]) for row in ran["reasons"]} == {
        row["reason"]: (row["texts"], row["alone"]) for row in told["reasons"]
    }
    assert told["sample"]["exact"]
    assert told["whole_run"]["seconds"] > 0


def test_texts_of_blanks_are_put_aside_as_in_a_run(tmp_path, monkeypatch, capsys):
    """A text of white space is quarantined by a preview too, and rejected for no reason."""
    recipe = notes(tmp_path)
    (tmp_path / "notes.jsonl").write_text(
        json.dumps({"id": "n", "text": prose(1)}) + '\n{"id": "blank", "text": " \\n　"}\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)

    assert 0 == main(["preview", str(recipe), "--format", "json", "--lang", "en"])
    told = json.loads(capsys.readouterr().out)
    assert {"no_text": 1} == told["quarantine_causes"]
    assert 0 == told["counts"]["rejected"]


def test_a_preview_leaves_nothing(tmp_path, monkeypatch, capsys):
    """Neither the folder it was started in nor the temporary one is any different afterwards."""
    recipe = notes(tmp_path)
    monkeypatch.chdir(tmp_path)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = sorted(tmp_path.rglob("*"))

    assert 0 == main(["preview", str(recipe)])
    assert before == sorted(tmp_path.rglob("*"))
    said = capsys.readouterr().out
    assert "close calls, text.length_count ≥ 50" in said
    assert "rejected  「短い。」" in said
    assert "Nothing was written." in said


def test_samples_of_zero_show_no_text(tmp_path):
    """A corpus that may not be shown is not shown here either."""
    notes(tmp_path)
    recipe = recipe_of(
        tmp_path / "notes.jsonl",
        limits={"text.length_count": {"min": 50}},
        report={"samples": 0},
    )

    assert [] == preview(recipe).edges


def test_a_preview_speaks_japanese(tmp_path, monkeypatch, capsys):
    """The screen is Japanese for those who ask for it."""
    recipe = notes(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert 0 == main(["preview", str(recipe), "--lang", "ja"])
    said = capsys.readouterr().out
    assert "5件中5件を抽出" in said
    assert "単独の理由" in said
    assert "書き込んでいません" in said


def test_a_spread_takes_every_kth():
    """A sample of many is spread over all of them, and the same every time."""
    spread: Spread[int] = Spread(10)
    for number in range(1000):
        spread.add(number, 1)

    steps = {b - a for a, b in zip(spread.chosen(), spread.chosen()[1:], strict=False)}
    assert 10 == len(spread.chosen())
    assert steps <= {spread.every, 2 * spread.every}
    assert spread.chosen()[-1] > 800


def test_a_spread_of_long_texts_holds_fewer():
    """Memory is bounded by bytes too: a thousand books are not held at once."""
    spread: Spread[int] = Spread(1000)
    for number in range(500):
        spread.add(number, 1_000_000)

    assert 30 < len(spread.chosen()) <= 64


def test_of_large_lines_windows_are_read(tmp_path, monkeypatch):
    """A large file of lines is read here and there, to its end, and its records are estimated."""
    monkeypatch.setattr("seimai.pipeline.inspect.sampling.READ_BYTES", 4 * WINDOW_BYTES)
    path = tmp_path / "large.jsonl"
    count = 4_000
    with path.open("w", encoding="utf-8") as file:
        for k in range(count):
            file.write(json.dumps({"id": str(k), "text": f"{k} {'米' * 400}"}) + "\n")
    sample = take_sample(recipe_of(path), 100)
    numbers = [int(one.document.id) for one in sample.records[0] if one.document]

    assert 100 == sample.size == len(set(numbers))
    assert sample.seen < count / 2
    assert not sample.exact
    assert abs(sample.total - count) < count / 20
    assert min(numbers) < count / 5
    assert max(numbers) > count * 4 / 5
    assert numbers == [
        int(one.document.id) for one in take_sample(recipe_of(path), 100).records[0] if one.document
    ]


def test_of_a_large_packed_file_the_beginning_is_read(tmp_path, monkeypatch):
    """What can only be read from its beginning is read so far, and that is said."""
    monkeypatch.setattr("seimai.pipeline.inspect.sampling.WHOLE_BYTES", 1000)
    path = tmp_path / "large.jsonl.gz"
    count = 6_000
    pick = random.Random(1)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for k in range(count):
            text = "".join(chr(pick.randrange(0x4E00, 0x9FA0)) for _ in range(200))
            file.write(json.dumps({"id": str(k), "text": text}, ensure_ascii=False) + "\n")
    sample = take_sample(recipe_of(path), 100)

    assert 1 == sample.partly
    assert 100 == sample.size
    assert 1600 == sample.seen
    assert not sample.exact
    assert abs(sample.total - count) < count / 10


def test_of_many_small_files_every_jth_is_opened(tmp_path):
    """Thousands of pages are not all opened for a sample of ten."""
    for k in range(200):
        (tmp_path / f"{k:03d}.txt").write_text(f"{k}番目。{prose(k, 2)}", "utf-8")
    sample = take_sample(recipe_of(f"{tmp_path}/*.txt"), 10)

    assert 10 == sample.size
    assert 20 == sample.opened
    assert 200 == sample.inputs
    assert abs(sample.total - 200) < 10


def test_sources_share_a_sample_by_their_size(tmp_path):
    """A source of a tenth of the bytes gets about a tenth of the sample."""
    for name, count in (("a", 90), ("b", 10)):
        lines = [json.dumps({"id": f"{name}{k}", "text": prose(k, 3)}) for k in range(count)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    sources = [{"name": name, "files": [str(tmp_path / f"{name}.jsonl")]} for name in ("a", "b")]
    sample = take_sample(Recipe.model_validate({"recipe": "x", "source": sources}), 50)

    assert 44 <= len(sample.records[0]) <= 46
    assert 4 <= len(sample.records[1]) <= 6
    assert 100 == sample.total


def test_what_a_run_wrote_is_no_input(tmp_path, monkeypatch):
    """A source that holds the output folder gives the same sample before and after a run."""
    recipe = notes(tmp_path)
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / "out" / "tried"
    before = take_sample(recipe_of(tmp_path), 10, inside)

    assert 0 == main(["run", str(recipe), "--quiet"])
    after = take_sample(recipe_of(tmp_path), 10, inside)
    assert (before.total, before.inputs) == (after.total, after.inputs)


def test_of_a_database_only_what_is_wanted_is_read(tmp_path, monkeypatch):
    """A database does not say how many rows a query has, and the preview says that."""
    monkeypatch.chdir(tmp_path)
    with sqlite3.connect("texts.db") as base:
        base.execute("create table pages (id text, body text)")
        rows = [(str(k), prose(k, 3)) for k in range(400)]
        base.executemany("insert into pages values (?, ?)", rows)
    base.close()
    source = {
        "name": "db", "database": "sqlite:///texts.db", "query": "select id, body from pages",
    }  # fmt: skip
    recipe = Recipe.model_validate({"recipe": "x", "source": [source]})
    few, most = take_sample(recipe, 10), take_sample(recipe, 1000)

    assert (10, 160, 1, False) == (few.size, few.seen, few.unsized, few.exact)
    assert (400, 400, 0, True) == (most.size, most.total, most.unsized, most.exact)


def test_a_large_table_is_looked_into_at_some_places(tmp_path, monkeypatch):
    """Row groups here and there are read, and how many rows there are is known exactly."""
    monkeypatch.setattr("seimai.pipeline.inspect.sampling.WHOLE_BYTES", 1000)
    path = tmp_path / "large.parquet"
    texts = [prose(k, 2) for k in range(1600)]
    table = pa.table({"id": [str(k) for k in range(1600)], "text": texts})
    pq.write_table(table, path, row_group_size=50)
    sample = take_sample(recipe_of(path), 80)
    numbers = [int(one.document.id) for one in sample.records[0] if one.document]

    assert 1600 == sample.total
    assert 8 == len({number // 200 for number in numbers})
