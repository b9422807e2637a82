"""What a release is told apart by: buckets as columns and folders, splits as files."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import parse_recipe
from seimai.pipeline.stages.placement import unit_hash
from tests.conftest import prose, recipe_of, release_digests

LENGTHS = {
    "length": {"by": "text.length_count", "quantiles": 4},
    "size": {"by": "text.length_count", "ranges": {"short": {"max": 300}, "long": {"min": 300}}},
    "kind": {"by": "source", "groups": {"web": ["crawl"]}},
}


@pytest.fixture
def lines(tmp_path, write_lines):
    """Texts of different lengths, some of them twice with a word changed."""
    records = [{"id": f"t{k:03}", "text": prose(k, 2 + k % 11)} for k in range(80)]
    records += [{"id": f"u{k:03}", "text": prose(k, 12).replace("。", "！", 1)} for k in range(80)]
    return write_lines(tmp_path / "in.jsonl", records)


def table_of(out):
    """All kept rows, whatever their folder."""
    return ds.dataset(out / "release" / "data", format="parquet").to_table()


def faults(out):
    """What `verify` does not like."""
    return [check.message for check in verify(out) if check.state == "fail"]


def run_of(out):
    """The `run.json` of a release."""
    return json.loads((out / "release" / "run.json").read_bytes())


def test_buckets_are_columns_with_their_cuts_recorded(lines, tmp_path, curate):
    """Each text has its part, `run.json` the cuts and counts, the card says it, `verify` agrees."""
    recipe = recipe_of(lines, buckets=LENGTHS, release={"signals": ["text.length_count"]})
    curate(recipe, tmp_path / "out")
    table = table_of(tmp_path / "out")
    told = {one["name"]: one for one in run_of(tmp_path / "out")["buckets"]}
    cuts = told["length"]["cuts"]
    lengths = table.column("text.length_count").to_pylist()
    expected = [f"q{1 + sum(length > cut for cut in cuts)}" for length in lengths]

    assert expected == table.column("bucket.length").to_pylist()
    assert {name: part["texts"] for name, part in told["length"]["parts"].items()} == Counter(
        expected
    )
    assert {"short", "long"} == set(table.column("bucket.size").to_pylist())
    assert {"web"} == set(table.column("bucket.kind").to_pylist())
    assert "## Bucket `length`" in (tmp_path / "out/release/README.md").read_text()
    assert [] == faults(tmp_path / "out")


def test_folders_open_with_everybody(lines, tmp_path, curate):
    """`data/length=q1/` opens with pyarrow as one table and as Hive's, and with `datasets`."""
    datasets = pytest.importorskip("datasets")
    recipe = recipe_of(
        lines,
        buckets=LENGTHS,
        release={"folders": ["length", "kind"]},
        splits={"validation": 0.2, "seed": 1},
    )
    curate(recipe, tmp_path / "out")
    folder = tmp_path / "out" / "release"
    kept = run_of(tmp_path / "out")["counts"]["kept"]
    table = pq.read_table(folder / "data")
    whole = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))

    assert kept == table.num_rows == ds.dataset(folder / "data", partitioning="hive").count_rows()
    assert table.column("bucket.length").to_pylist() == table.column("length").to_pylist()
    assert {f"length=q{k}" for k in range(1, 5)} == {
        path.name for path in (folder / "data").iterdir()
    }
    assert {"train", "validation"} == set(whole)
    assert kept == len(whole["train"]) + len(whole["validation"])
    assert [] == faults(tmp_path / "out")


def test_any_number_of_workers_gives_the_same_files(lines, tmp_path, curate):
    """Children or this process alone, shards cut otherwise: the same bytes."""
    from seimai.pipeline import shard
    from seimai.pipeline.engine.workers.pool import worker_pool

    parts = {
        "buckets": LENGTHS,
        "splits": {"validation": 0.2, "test": 0.1},
        "release": {"folders": ["length"], "shard": "20KB"},
    }
    curate(recipe_of(lines, **parts), tmp_path / "one")
    before = shard.SHARD_ROWS
    shard.SHARD_ROWS = 7
    try:
        curate(recipe_of(lines, **parts), tmp_path / "few")
    finally:
        shard.SHARD_ROWS = before
    curate(recipe_of(lines, **parts), tmp_path / "two", open_executor=worker_pool, workers=2)

    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "two")
    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "few")


def test_a_part_means_the_same_as_in_an_earlier_release(lines, tmp_path, curate, write_lines):
    """With `cuts_from` long texts that came later are all in the last part; without, cuts move."""
    buckets = {"length": {"by": "text.length_count", "quantiles": 4}}
    curate(recipe_of(lines, buckets=buckets), tmp_path / "first")
    more = [{"id": f"v{k}", "text": prose(1000 + k, 40)} for k in range(60)]
    added = write_lines(tmp_path / "more.jsonl", more)
    curate(recipe_of(lines, added, buckets=buckets), tmp_path / "moved")
    buckets["length"]["cuts_from"] = str(tmp_path / "first")
    curate(recipe_of(lines, added, buckets=buckets), tmp_path / "held")
    first, moved, held = (
        run_of(tmp_path / name)["buckets"][0] for name in ("first", "moved", "held")
    )

    assert first["cuts"] == held["cuts"] != moved["cuts"]
    assert held["earlier"]
    assert not moved["earlier"]
    assert first["parts"]["q4"]["texts"] + 60 == held["parts"]["q4"]["texts"]
    assert str(tmp_path) not in (tmp_path / "held/release/run.json").read_text()
    assert [] == faults(tmp_path / "held")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (shutil.rmtree, "T040"),
        (lambda out: (out / "release/run.json").write_text('{"buckets": []}'), "T040"),
        (lambda out: edited(out, "by", "line.mean_length"), "T041"),
        (lambda out: edited(out, "cuts", [1.0]), "T041"),
    ],
)
def test_cuts_that_are_not_there_are_named_before_anything_is_read(
    lines, tmp_path, curate, change, code
):
    """An earlier release that is gone, lacks the bucket or has another: named, nothing written."""
    buckets = {"length": {"by": "text.length_count", "quantiles": 4}}
    curate(recipe_of(lines, buckets=buckets), tmp_path / "first")
    change(tmp_path / "first")
    buckets["length"]["cuts_from"] = str(tmp_path / "first")
    with pytest.raises(Problem) as fault:
        curate(recipe_of(lines, buckets=buckets), tmp_path / "out")

    assert code == fault.value.code
    assert not (tmp_path / "out" / "release").exists()


def edited(out, key, value):
    """Change what an earlier release says of its bucket."""
    path = out / "release" / "run.json"
    content = json.loads(path.read_bytes())
    content["buckets"][0][key] = value
    path.write_text(json.dumps(content))


def test_no_duplicate_crosses_a_split(tmp_path, curate, write_lines):
    """Texts of one group that are both kept, as a guard may do, lie in one split; others do not."""
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.placement import groups_of, splits_of

    records = []
    for k in range(60):
        base = prose(k, 10)
        records.append({"id": f"a{k}", "text": base})
        records.append({"id": f"b{k}", "text": base.replace("。", "！", 1)})
    lines = write_lines(tmp_path / "in.jsonl", records)
    recipe = recipe_of(lines, dedup={}, splits={"validation": 0.5, "seed": 3})
    curate(recipe, tmp_path / "out")
    job = Job(recipe, tmp_path / "out")
    names = sorted(path.stem for path in (tmp_path / "out/stages/text").glob("*-*.parquet"))
    sides = splits_of(job, names[0], groups_of(job, names))
    alone = recipe.model_copy(update={"dedup": None})
    apart = splits_of(Job(alone, tmp_path / "out"), names[0], groups_of(Job(alone, job.out), names))

    assert (sides[0::2] == sides[1::2]).all()
    assert 0 < sides.mean() < 1
    assert (apart[0::2] != apart[1::2]).any()


def test_splits_keep_their_texts_when_others_come(lines, tmp_path, curate, write_lines):
    """A release that grew holds out what it held out before, and about as much of what is new."""
    splits = {"validation": 0.2, "test": 0.1, "seed": 7}
    curate(recipe_of(lines, splits=splits), tmp_path / "first")
    more = write_lines(
        tmp_path / "more.jsonl", [{"id": f"v{k}", "text": prose(1000 + k)} for k in range(300)]
    )
    curate(recipe_of(lines, more, splits=splits), tmp_path / "grown")
    first, grown = (sides_of(tmp_path / name) for name in ("first", "grown"))
    told = run_of(tmp_path / "grown")["splits"]

    assert first == {name: side for name, side in grown.items() if name in first}
    assert told == Counter(grown.values())
    assert 0.14 < told["validation"] / sum(told.values()) < 0.26
    assert "## Splits" in (tmp_path / "first/release/README.md").read_text()
    assert [] == faults(tmp_path / "first")


def sides_of(out):
    """The split of each kept text, by the file that it is in."""
    return {
        name: path.name.partition("-")[0]
        for path in (out / "release" / "data").rglob("*.parquet")
        for name in pq.read_table(path, columns=["id"]).column("id").to_pylist()
    }


def test_pages_of_a_site_stay_together(tmp_path, curate, write_lines):
    """With `by: site` all pages of a host are on one side."""
    records = [
        {"id": f"t{k}", "text": prose(k), "url": f"https://h{k % 9}.example.jp/{k}"}
        for k in range(90)
    ]
    lines = write_lines(tmp_path / "in.jsonl", records)
    curate(recipe_of(lines, splits={"validation": 0.4, "by": "site"}), tmp_path / "out")
    sides = sides_of(tmp_path / "out")
    hosts = {k % 9: {sides[f"t{j}"] for j in range(k % 9, 90, 9)} for k in range(9)}

    assert all(len(found) == 1 for found in hosts.values())
    assert {"train", "validation"} == set().union(*hosts.values())


def test_verify_sees_a_bucket_that_was_changed(lines, tmp_path, curate):
    """A text that was moved to another part is found, by its number and by the counts."""
    from seimai.pipeline.inspect.apart import apart_faults

    recipe = recipe_of(lines, buckets=LENGTHS, release={"signals": ["text.length_count"]})
    curate(recipe, tmp_path / "out")
    run = run_of(tmp_path / "out")
    release = tmp_path / "out" / "release"
    honest = apart_faults(release, run, recipe)
    moved = json.loads(json.dumps(run))
    moved["buckets"][0]["cuts"][0] += 40
    counted = json.loads(json.dumps(run))
    counted["buckets"][1]["parts"]["short"]["texts"] += 1

    assert [] == honest
    assert ["buckets[0] (length)"] == apart_faults(release, moved, recipe)
    assert ["buckets[1] (size)"] == apart_faults(release, counted, recipe)


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("buckets: {a: {by: text.length_count}}", "R190", 2),
        ("buckets: {a: {by: text.length_count, quantiles: 1}}", "R018", 2),
        ("buckets: {a: {by: text.lenght_count, quantiles: 4}}", "R003", 2),
        ("buckets: {a: {by: text.length_count, quantiles: {low: 0.5, high: 0.9}}}", "R192", 2),
        ("buckets: {a: {by: text.length_count, quantiles: {a/b: 0.5, c: 1}}}", "R191", 2),
        ("buckets: {a: {by: text.length_count, ranges: {other: {max: 1}}}}", "R191", 2),
        ("buckets: {a: {by: source, quantiles: 4}}", "R195", 2),
        ("buckets: {a: {by: text.length_count, ranges: {b: {max: 1}}, cuts_from: x}}", "R196", 2),
        ("buckets: {A-b: {by: text.length_count, quantiles: 4}}", "R193", 1),
        (
            "buckets: {a: {by: source, highest: {b: ja.hiragana_share, c: ja.katakana_share}}}",
            "R198",
            2,
        ),
        ("buckets: {a: {quantiles: 4}}", "R198", 2),
        ("buckets: {a: {highest: {b: ja.hiragana_share, c: ja.katakana_shore}}}", "R003", 2),
        ("release: {folders: [quality]}", "R197", 1),
        ("splits: {validation: 0.6, test: 0.4}", "R194", 2),
        ("splits: {seed: 1}", "R194", 2),
    ],
)
def test_mistakes_in_a_recipe_are_named(written, code, line):
    """Each mistake in buckets and splits has its code and its place."""
    from seimai.pipeline.signal import load

    with pytest.raises(Problems) as faults_:
        parse_recipe(f"recipe: x\n{written}\n", signals=load(()))
    found = [one.code for one in faults_.value.problems]

    assert [code] == list(dict.fromkeys(found))[-1:]
    assert line <= (faults_.value.problems[-1].where.line or 0)


def test_a_hash_is_spread_evenly():
    """A tenth of many words lies below 0.1."""
    found = unit_hash([f"w{k}" for k in range(20_000)])

    assert 0.09 < (found < 0.1).mean() < 0.11
