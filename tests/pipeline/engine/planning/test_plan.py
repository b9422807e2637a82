"""Splits: what one worker reads, and names that stay."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.engine.planning import fingerprints, ledger, plan
from seimai.pipeline.engine.planning.plan import (
    find_plan,
    find_splits,
    load_plan,
    save_plan,
    split_as_dict,
    split_from_dict,
)
from seimai.pipeline.ingest.contract import Input, Unreadable
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.stages.user_columns import wider_kind
from tests.conftest import ids, prose, recipe_of, release_digests


def _write(path, count=3, size=4, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps({"id": f"{path.stem}{k}", "text": prose(seed + k, size)}) for k in range(count)
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def _job(folder, **parts):
    return Job(recipe_of(folder / "in", **parts), folder / "out")


def _planned(job):
    known = load_plan(job.out)
    plan = find_plan(job, known)
    save_plan(job, plan, known)
    return plan.splits


def _content(splits):
    return {split.name: [(one.key, one.start) for one in split.inputs] for split in splits}


def test_small_files_share_a_split(tmp_path):
    """Many small files are read in one go, in the order of their names."""
    for name in ("b", "a", "c/d"):
        _write(tmp_path / f"in/{name}.jsonl")

    assert {"00000": [("a.jsonl", 0), ("b.jsonl", 0), ("c/d.jsonl", 0)]} == _content(
        _planned(_job(tmp_path))
    )


def test_huge_files_are_cut(tmp_path, monkeypatch):
    """A large file of lines is read in ranges, which keep their names in the next run."""
    monkeypatch.setattr(plan, "SPLIT_BYTES", 1000)
    monkeypatch.setattr(plan, "SMALL_BYTES", 500)
    size = _write(tmp_path / "in/a.jsonl", 20).stat().st_size
    job = _job(tmp_path)
    first = _planned(job)

    assert size // 1000 + 1 == len(first)
    assert [(k * 1000, min((k + 1) * 1000, size)) for k in range(len(first))] == [
        (split.inputs[0].start, split.inputs[0].end) for split in first
    ]
    assert first == _planned(job)


def test_ranges_hold_every_line_once(tmp_path, monkeypatch, curate):
    """However a file is cut, the release is the same."""
    _write(tmp_path / "in/a.jsonl", 30)
    curate(_job(tmp_path).recipe, tmp_path / "whole")
    monkeypatch.setattr(plan, "SMALL_BYTES", 500)
    for size in (997, 4096):
        monkeypatch.setattr(plan, "SPLIT_BYTES", size)
        curate(_job(tmp_path).recipe, tmp_path / str(size))

        assert ids(tmp_path / "whole") == ids(tmp_path / str(size))
    assert 30 == len(ids(tmp_path / "whole"))


def test_row_groups_are_shared_out(tmp_path, monkeypatch, curate):
    """However a Parquet file is cut, the release is the same, byte for byte."""
    (tmp_path / "in").mkdir()
    rows = pa.table({"text": [prose(k, 1 + k % 7) for k in range(60)], "n": list(range(60))})
    pq.write_table(rows, tmp_path / "in/a.parquet", row_group_size=7)
    curate(_job(tmp_path).recipe, tmp_path / "whole")
    monkeypatch.setattr(plan, "SMALL_BYTES", 500)
    for size in (997, 4096):
        monkeypatch.setattr(plan, "SPLIT_BYTES", size)
        job = _job(tmp_path)
        splits = _planned(job)
        curate(job.recipe, tmp_path / str(size))

        assert 1 < len(splits)
        assert ids(tmp_path / "whole") == ids(tmp_path / str(size))
        assert release_digests(tmp_path / "whole") == release_digests(tmp_path / str(size))
    assert 60 == len(ids(tmp_path / "whole"))


def test_what_is_read_through_is_shared_out(tmp_path, monkeypatch, curate):
    """However crawls, packed lines and tables are cut, the release is the same, byte for byte."""
    (tmp_path / "in").mkdir()
    stories = [prose(k, 1 + k % 7) for k in range(40)]
    records = []
    for text in stories:
        body = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{text}".encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(body)}\r\n\r\n"
        records.append(gzip.compress(head.encode() + body + b"\r\n\r\n"))
    (tmp_path / "in/a.warc.gz").write_bytes(b"".join(records))
    lines = "".join(json.dumps({"text": text[::-1]}) + "\n" for text in stories)
    (tmp_path / "in/b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    rows = "n,text\n" + "".join(f'{k},"{text}"\n' for k, text in enumerate(stories))
    (tmp_path / "in/c.csv").write_text(rows, "utf-8")
    curate(_job(tmp_path).recipe, tmp_path / "whole")
    monkeypatch.setattr(plan, "SMALL_BYTES", 500)
    monkeypatch.setattr(plan, "SPLIT_BYTES", 997)
    splits = _planned(_job(tmp_path))
    curate(_job(tmp_path).recipe, tmp_path / "cut")

    assert len(splits) > 3 * 2
    assert ids(tmp_path / "whole") == ids(tmp_path / "cut")
    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "cut")


def test_names_stay(tmp_path):
    """New files get new names, whatever their place in the order; the others keep theirs."""
    _write(tmp_path / "in/b.jsonl")
    job = _job(tmp_path)
    before = _content(_planned(job))
    _write(tmp_path / "in/a.jsonl")
    after = _planned(job)

    assert {"00000": [("b.jsonl", 0)]} == before
    assert {"00001": [("a.jsonl", 0)], "00000": [("b.jsonl", 0)]} == _content(after)
    assert ["00001", "00000"] == [split.name for split in after]


def test_changed_content_is_a_new_split(tmp_path):
    """Bytes decide, not times: a touched file is the same, a rewritten one is not."""
    path = _write(tmp_path / "in/a.jsonl")
    job = _job(tmp_path)
    first = _planned(job)
    path.write_bytes(path.read_bytes())

    assert _content(first) == _content(_planned(job))
    assert first[0].digests == _planned(job)[0].digests

    _write(path, seed=9)

    assert ["00001"] == [split.name for split in _planned(job)]


def test_digests_are_remembered(tmp_path, monkeypatch):
    """A file of the same size and time is not read again to find out that it is the same."""
    _write(tmp_path / "in/a.jsonl")
    job = _job(tmp_path)
    first = _planned(job)

    def never(_self):
        raise AssertionError("read again")

    monkeypatch.setattr(Input, "open_raw", never)

    assert first == _planned(job)


def test_what_is_gone_is_not_remembered(tmp_path):
    """A folder whose files come and go has a plan as long as what is in it now."""
    job = _job(tmp_path)
    for night in range(3):
        for old in tmp_path.glob("in/*"):
            old.unlink()
        _write(tmp_path / f"in/night-{night}.jsonl")
        _planned(job)

    assert ["night-2.jsonl"] == list(load_plan(job.out)["digests"])


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"splits": []}'])
def test_a_plan_that_cannot_be_read_is_no_plan(tmp_path, content):
    """Without an earlier plan everything is planned afresh."""
    _write(tmp_path / "in/a.jsonl")
    job = _job(tmp_path)
    (tmp_path / "out/stages").mkdir(parents=True)
    (tmp_path / "out/stages/plan.json").write_text(content)

    assert ["00000"] == [split.name for split in _planned(job)]


def test_splits_travel_as_json(tmp_path):
    """A split comes back whole, file names and bytes that are no UTF-8 included."""
    fault = Unreadable("@3", "damaged", "it is broken", b"\xff\x00\xfe")
    one = Input("/data/\udcff.jsonl", "x.jsonl", 5, 0, None, "auto", fault)
    _write(tmp_path / "in/a.jsonl")
    split = replace(_planned(_job(tmp_path))[0], inputs=(one, replace(one, fault=None, end=3)))
    import orjson

    assert split == split_from_dict(orjson.loads(orjson.dumps(split_as_dict(split))))


def test_data_sets_are_looked_for(tmp_path, monkeypatch):
    """`dataset:` is a folder where there is one, else a name on the hub with its split."""
    from seimai.pipeline.recipe import Source

    (tmp_path / "saved").mkdir()
    monkeypatch.chdir(tmp_path)

    assert ["saved"] == plan.patterns(Source(name="x", dataset="saved"))
    assert ["hf://datasets/who/what?config=ja&split=train"] == plan.patterns(
        Source(name="x", dataset="who/what", config="ja")
    )


def test_a_saved_data_set_is_curated(tmp_path, curate):
    """A folder that `datasets` saved is a source like any other."""
    import datasets

    rows = {"id": ["a", "b"], "text": [prose(1), prose(2)]}
    datasets.Dataset.from_dict(rows).save_to_disk(str(tmp_path / "saved"))
    recipe = Recipe.model_validate(
        {"recipe": "test", "source": [{"name": "x", "dataset": str(tmp_path / "saved")}]}
    )
    curate(recipe, tmp_path / "out")

    assert ["a", "b"] == ids(tmp_path / "out")


def test_fingerprints_follow_what_matters(tmp_path):
    """Each stage is made again for what decides it, and for nothing else."""
    _write(tmp_path / "in/a.jsonl")
    split = _planned(_job(tmp_path))[0]

    def text(**parts):
        return fingerprints.text_fingerprint(_job(tmp_path, **parts), split)

    assert text() == text(limits={"text.length_count": {"min": 1}}, dedup={})
    assert text() != text(clean=["line_ends"])
    assert text(clean=["line_ends", "width"]) != text(clean=["width", "line_ends"])
    assert text() != fingerprints.text_fingerprint(_job(tmp_path), replace(split, max_records=3))


def test_runs_of_rows_follow_the_inputs(tmp_path, curate):
    """Rows come in the order of sources and inputs, wherever their shards are."""
    for name in ("b", "d"):
        _write(tmp_path / f"in/{name}.jsonl", 2)
    job = _job(tmp_path)
    curate(job.recipe, job.out)
    for name in ("a", "c", "e"):
        _write(tmp_path / f"in/{name}.jsonl", 2)
    curate(job.recipe, job.out)
    splits = find_splits(job, load_plan(job.out))
    found = ledger.in_input_order(job, splits, "text")

    assert [
        ("00001-000", 0, 2),
        ("00000-000", 0, 2),
        ("00001-000", 2, 2),
        ("00000-000", 2, 2),
        ("00001-000", 4, 2),
    ] == [(run.name, run.first, run.rows) for run in found]


@pytest.mark.parametrize(
    ("kinds", "wider"),
    [
        (["int", "int"], "int"),
        (["int", "null"], "int"),
        (["null", "null"], "null"),
        (["null", "string"], "string"),
        (["int", "float"], "float"),
        (["bool", "int"], "json"),
        (["int", "string"], "json"),
        (["json", "null", "int"], "json"),
    ],
)
def test_column_types_widen(kinds, wider):
    """The type of a column holds every value in it, in whatever order they come."""
    for order in (kinds, kinds[::-1]):
        known = order[0]
        for kind in order[1:]:
            known = wider_kind(known, kind)

        assert wider == known
