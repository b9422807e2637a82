"""Releases: files that `datasets` opens, with the user's own columns as they were."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.stages import columns, publish, release
from seimai.pipeline.stages.user_columns import as_json
from tests.conftest import ids, prose, recipe_of, release_digests, released

LIMITS = {"text.length_count": {"min": 60}}


def _open(out, config, tmp_path, **options):
    """A configuration as `datasets` opens it."""
    import datasets

    return datasets.load_dataset(
        str(out / "release"),
        config,
        split="train",
        cache_dir=str(tmp_path / f"cache-{config}"),
        **options,
    )


@pytest.fixture
def mixed(tmp_path, write_lines):
    """Thirty good texts and ten short ones."""
    good = [{"id": f"g{k:02d}", "text": prose(k)} for k in range(30)]
    return write_lines(
        tmp_path / "in.jsonl", [*good, *({"id": f"s{k}", "text": "短い。"} for k in range(10))]
    )


@pytest.mark.filterwarnings("ignore")
def test_datasets_opens_both_configurations(mixed, tmp_path, curate):
    """Kept texts are the default, rejected ones the second configuration, with their reasons."""
    curate(recipe_of(mixed, limits=LIMITS, dedup={}), tmp_path / "out")
    kept = _open(tmp_path / "out", None, tmp_path)
    rejected = _open(tmp_path / "out", "rejected", tmp_path)

    assert 30 == len(kept)
    assert ["id", "text", "source", "url", "license", "date"] == kept.column_names[:6]
    assert 10 == len(rejected)
    assert [["text.length_count"]] * 10 == rejected["reasons"][:]
    assert ["text.length_count"] * 10 == rejected["first_reason"][:]
    assert [[3.0]] * 10 == rejected["values"][:]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("limit", [0, 10_000])
def test_datasets_opens_an_empty_half(mixed, tmp_path, curate, limit):
    """A release that kept all or nothing still opens, with all its columns."""
    limits = {"text.length_count": {"min": limit}}
    curate(recipe_of(mixed, limits=limits), tmp_path / "out")
    # Not streamed, `datasets` refuses a split without rows, whatever is in the files.
    found = {
        name: _open(tmp_path / "out", name, tmp_path, streaming=True)
        for name in ("default", "rejected")
    }

    assert {"default": 40 if not limit else 0, "rejected": 40 if limit else 0} == {
        name: len(list(rows)) for name, rows in found.items()
    }
    assert "reasons" in found["rejected"].column_names
    assert "text" in found["default"].column_names


def test_files_are_numbered_without_gaps(mixed, tmp_path, curate):
    """Small shards give many files, named as the Hub wants them, in input order."""
    curate(recipe_of(mixed, limits=LIMITS, release={"shard": "5KB"}), tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out/release/data").iterdir())

    assert len(names) > 3
    assert [f"train-{k:05d}-of-{len(names):05d}.parquet" for k in range(len(names))] == names
    assert [f"g{k:02d}" for k in range(30)] == ids(tmp_path / "out")


def test_row_groups_are_bounded(mixed, tmp_path, curate, monkeypatch):
    """A file has a row group for so many bytes of text; rows and order stay."""
    monkeypatch.setattr(release, "ROW_GROUP_BYTES", 4000)
    curate(recipe_of(mixed, limits=LIMITS), tmp_path / "out")
    file = tmp_path / "out/release/data/train-00000-of-00001.parquet"

    assert pq.read_metadata(file).num_row_groups > 3
    assert [f"g{k:02d}" for k in range(30)] == ids(tmp_path / "out")


def test_rejects_can_be_left_out(mixed, tmp_path, curate):
    """Without `rejects` they are counted, and not published."""
    recipe = recipe_of(mixed, limits=LIMITS, release={"rejects": False})
    result = curate(recipe, tmp_path / "out")

    assert 10 == result["counts"]["rejected"]
    assert not (tmp_path / "out/release/rejected").exists()


# --- the user's columns --------------------------------------------------------------------


def test_other_columns_pass_through(tmp_path, write_lines, curate):
    """Numbers, strings, flags, lists and objects are there again, missing ones null."""
    path = write_lines(
        tmp_path / "in.jsonl",
        [
            {"text": prose(0), "stars": 5, "ok": True, "share": 0.5, "tags": ["茶", "米"]},
            {"text": prose(1), "stars": None, "who": {"name": "みどり"}},
            {"text": prose(2), "stars": 7, "share": 2, "note": "覚え書き"},
        ],
    )
    curate(recipe_of(path), tmp_path / "out")
    rows = released(tmp_path / "out")

    assert [5, None, 7] == [row["stars"] for row in rows]
    assert [True, None, None] == [row["ok"] for row in rows]
    assert [0.5, None, 2.0] == [row["share"] for row in rows]
    assert ['["茶","米"]', None, None] == [row["tags"] for row in rows]
    assert [None, '{"name":"みどり"}', None] == [row["who"] for row in rows]
    assert [None, None, "覚え書き"] == [row["note"] for row in rows]


def test_columns_of_clashing_types_become_strings(tmp_path, write_lines, curate):
    """One type for the whole release: where files disagree, values become JSON."""
    values = {"a": 5, "b": "five", "c": {"five": 5}, "d": True, "e": 5.5, "f": None}
    for name, value in values.items():
        write_lines(tmp_path / f"in/{name}.jsonl", [{"id": name, "text": prose(1), "x": value}])
    recipe = recipe_of(tmp_path / "in", release={"shard": "1KB"})
    curate(recipe, tmp_path / "out")
    files = sorted((tmp_path / "out/release/data").iterdir())

    assert ["5", "five", '{"five":5}', "true", "5.5", None] == [
        row["x"] for row in released(tmp_path / "out")
    ]
    assert 6 == len(files)
    assert 1 == len({pq.read_schema(file).to_string() for file in files})


def test_columns_with_our_names_are_renamed(tmp_path, write_lines, curate):
    """A user's `reasons` does not hide ours, nor does a user's `extra_reasons`."""
    record = {
        "id": "a",
        "text": prose(1),
        "text2": "二",
        "reasons": ["自分の"],
        "extra_reasons": "別の",
        "extra_extra_reasons": "もう一つ",
        "source": {"deep": 1},
        "values": 3,
        "kept": "?",
        "dedup_group_size": -1,
        "ja.kanji_share": "?",
        "": "no name",
        "origin": "o",
        "日本 語.列": 1,
    }
    path = write_lines(tmp_path / "in.jsonl", [record, {"id": "b", "text": "短い。"}])
    recipe = recipe_of(path, limits=LIMITS, release={"signals": ["ja.kanji_share"]})
    curate(recipe, tmp_path / "out")
    row = released(tmp_path / "out")[0]
    names = pq.read_schema(tmp_path / "out/release/data/train-00000-of-00001.parquet").names

    assert [] == [name for name, count in Counter(names).items() if count > 1]
    assert "crawl" == row["source"]
    assert '{"deep":1}' == row["extra_source"]
    assert 1 == row["dedup_group_size"]
    assert -1 == row["extra_dedup_group_size"]
    assert 0 < row["ja.kanji_share"] < 1
    for value in ('["自分の"]', "別の", "もう一つ", "二", "no name", "o", 3):
        assert 1 == list(row.values()).count(value)
    assert [["text.length_count"]] == [
        row["reasons"] for row in released(tmp_path / "out", "rejected")
    ]


def test_too_many_columns_become_one(tmp_path, write_lines, curate, monkeypatch):
    """Where every record has names of its own, they are data: one column holds them."""
    monkeypatch.setattr(columns, "MOST_COLUMNS", 5)
    records = [{"id": str(k), "text": prose(k), f"key{k}": k} for k in range(8)]
    curate(recipe_of(write_lines(tmp_path / "in.jsonl", records)), tmp_path / "out")
    rows = released(tmp_path / "out")

    assert [f'{{"key{k}":{k}}}' for k in range(8)] == [row["extra"] for row in rows]
    assert not any(re.match("key", name) for name in rows[0])


def test_parquet_columns_pass_through(tmp_path, curate):
    """Times, bytes and numbers of Parquet files survive or become text, and nothing fails."""
    table = pa.table(
        {
            "text": [prose(1), prose(2)],
            "when": [dt.datetime(2024, 5, 1, tzinfo=dt.UTC), None],
            "raw": [b"\xff\x00", b""],
            "big": pa.array([2**63, 2**64 - 1], pa.uint64()),
            "mapped": pa.array([[("k", 1)], []], pa.map_(pa.string(), pa.int64())),
            "date": [dt.date(2024, 5, 1), None],
            "url": [1, 2],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    curate(recipe_of(tmp_path / "in.parquet"), tmp_path / "out")
    row = released(tmp_path / "out")[0]

    assert 2 == len(ids(tmp_path / "out"))
    assert row["when"].startswith("2024-05-01")
    assert "9223372036854775808" == row["big"]
    assert "2024-05-01" in {str(row["date"]), str(row.get("extra_date"))}


def test_anything_can_be_said_as_json():
    """Whatever a reader hands over is stored, and the rest of the record stays as it is."""
    deep: list[object] = []
    for _ in range(400):
        deep = [deep]
    stored = as_json({"deep": deep, "huge": 10**30, "fine": [1, "二"], "odd": {1: {2}}})

    assert '"fine":[1,"二"]' in stored
    assert '"huge":"1000000000000000000000000000000"' in stored


def test_whole_numbers_that_floats_cannot_hold(tmp_path, write_lines, curate):
    """A column with both 2**60 + 1 and 0.5 is a column of floats."""
    path = write_lines(
        tmp_path / "in.jsonl",
        [{"text": prose(0), "x": 2**60 + 1}, {"text": prose(1), "x": 0.5}],
    )
    curate(recipe_of(path), tmp_path / "out")

    assert [float(2**60), 0.5] == [row["x"] for row in released(tmp_path / "out")]


# --- publishing ----------------------------------------------------------------------------


def test_readers_see_the_old_release_or_the_new_one(mixed, tmp_path, curate, monkeypatch):
    """A run that ends before it publishes leaves the release that was there."""
    out = tmp_path / "out"
    curate(recipe_of(mixed, limits=LIMITS), out)
    before = release_digests(out)

    def stop(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "publish", stop)
    with pytest.raises(KeyboardInterrupt):
        curate(recipe_of(mixed), out)

    assert before == release_digests(out)

    monkeypatch.undo()
    curate(recipe_of(mixed), out)

    assert 40 == len(ids(out))


def test_a_run_cut_off_while_publishing_is_mended(mixed, tmp_path, curate):
    """Where the old release is put aside and the new one not yet in place, the next run is fine."""
    out = tmp_path / "out"
    curate(recipe_of(mixed, limits=LIMITS), out)
    before = release_digests(out)
    (out / "release").rename(out / ".release-old")
    curate(recipe_of(mixed, limits=LIMITS), out)

    assert before == release_digests(out)
    assert not (out / ".release-old").exists()
