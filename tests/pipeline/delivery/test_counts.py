"""Tokens counted in a run: in the release, in `run.json`, on card and report, and checked."""

from __future__ import annotations

import json
from collections import Counter

import pyarrow.dataset as ds
import pytest

from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.tokens import make_tokens
from seimai.pipeline.engine.shards import shard_tasks
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.apart import apart_faults
from seimai.pipeline.inspect.verify import verify
from tests.conftest import prose, recipe_of, release_digests

from .conftest import texts


@pytest.fixture
def lines(tmp_path, write_lines):
    """Texts that the tokenizers were made for, and more."""
    records = [{"id": f"t{k:02}", "text": text} for k, text in enumerate(texts())]
    records += [{"id": f"u{k:02}", "text": prose(500 + k)} for k in range(30)]
    return write_lines(tmp_path / "in.jsonl", records)


def recipe_with(lines, tokenizer, **more):
    """A recipe that counts the tokens of a tokenizer, by source, bucket and split."""
    return recipe_of(
        lines,
        buckets={"length": {"by": "text.length_count", "quantiles": 4}},
        splits={"validation": 0.2},
        release={"tokenizer": str(tokenizer), **more},
    )


def run_of(out):
    """The `run.json` of a release."""
    return json.loads((out / "release" / "run.json").read_bytes())


def test_counts_are_those_of_the_tokenizer(lines, tokenizers, tmp_path, curate):
    """A text has as many tokens as the package gives it; sums are told by source, part, split."""
    from tokenizers import Tokenizer

    curate(recipe_with(lines, tokenizers["bpe.json"]), tmp_path / "out")
    table = ds.dataset(tmp_path / "out/release/data", format="parquet").to_table()
    alone = Tokenizer.from_file(str(tokenizers["bpe.json"]))
    expected = [len(alone.encode(text.as_py()).ids) for text in table.column("text")]
    told = run_of(tmp_path / "out")["tokens"]
    parts = Counter()
    for part, count in zip(table.column("bucket.length").to_pylist(), expected, strict=True):
        parts[part] += count
    card = (tmp_path / "out/release/README.md").read_text()
    page = (tmp_path / "out/release/report.html").read_text()

    assert expected == table.column("token_count").to_pylist()
    assert sum(expected) == told["tokens"] == told["by"]["source"]["crawl"]["tokens"]
    assert parts == {name: one["tokens"] for name, one in told["by"]["bucket.length"].items()}
    assert {"train", "validation"} == set(told["by"]["split"])
    assert f"{sum(expected):,} tokens of `bpe.json`" in card
    assert f"{sum(expected):,}" in page
    assert str(tmp_path) not in (tmp_path / "out/release/run.json").read_text()
    assert [] == [check.message for check in verify(tmp_path / "out") if check.state == "fail"]


def test_a_disclosure_tells_the_tokens(lines, tokenizers, tmp_path, curate):
    """The drafts name them, with their place in `run.json`; without a count they do not."""
    from seimai.pipeline.card.disclosure import draft

    curate(recipe_with(lines, tokenizers["bpe.json"]), tmp_path / "out")
    run = run_of(tmp_path / "out")
    told = [draft(one, "datasheet")["parts"][1]["entries"][1] for one in (run, without(run))]

    assert f"{run['tokens']['tokens']:,} tokens of bpe.json" in told[0]["answer"]["en"]
    assert run["tokens"]["tokens"] == told[0]["figures"]["tokens.tokens"]
    assert "token" not in told[1]["answer"]["en"]


def without(run):
    """The same `run.json`, of a recipe without a tokenizer."""
    return {key: value for key, value in run.items() if key != "tokens"}


def test_counts_agree_with_what_is_trained_on(lines, tokenizers, tmp_path, curate):
    """`seimai tokens` writes as many, and one more for each text that it ends."""
    curate(recipe_with(lines, tokenizers["sp.model"]), tmp_path / "out")
    told = run_of(tmp_path / "out")["tokens"]
    record = make_tokens(
        tmp_path / "out", tmp_path / "ids", Setup(str(tokenizers["sp.model"]), "</s>"), workers=1
    )

    assert told["tokens"] + record["documents"] == record["tokens"]
    assert told["unknown"] == record["unknown"]


def test_workers_count_the_same(lines, tokenizers, tmp_path, curate):
    """Children or this process alone: the same files."""
    from seimai.pipeline.engine.workers.pool import worker_pool

    recipe = recipe_with(lines, tokenizers["bpe.json"], folders=["length"])
    curate(recipe, tmp_path / "one")
    curate(recipe, tmp_path / "two", open_executor=worker_pool, workers=2)

    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "two")
    assert run_of(tmp_path / "one")["tokens"] == run_of(tmp_path / "two")["tokens"]


def test_nothing_is_counted_twice(lines, tokenizers, tmp_path, curate, monkeypatch):
    """A run with nothing to do counts nothing; another limit, or tokenizer, counts again."""
    counted = []
    real = shard_tasks.count_shard
    monkeypatch.setattr(
        shard_tasks, "count_shard", lambda job, name: counted.append(name) or real(job, name)
    )
    curate(recipe_with(lines, tokenizers["bpe.json"]), tmp_path / "out")
    first = run_of(tmp_path / "out")["tokens"]
    once = len(counted)
    curate(recipe_with(lines, tokenizers["bpe.json"]), tmp_path / "out")
    again = len(counted)
    curate(recipe_with(lines, tokenizers["unigram.json"]), tmp_path / "out")

    assert 1 <= once == again < len(counted)
    assert first["tokens"] != run_of(tmp_path / "out")["tokens"]["tokens"]


def test_verify_counts_again(lines, tokenizers, tmp_path, curate):
    """A sum that is not that of the column is found."""
    recipe = recipe_with(lines, tokenizers["bpe.json"])
    curate(recipe, tmp_path / "out")
    run = run_of(tmp_path / "out")
    run["tokens"]["tokens"] += 1
    run["tokens"]["by"]["split"]["train"]["tokens"] += 1

    assert ["tokens.tokens", "tokens.by.split"] == apart_faults(
        tmp_path / "out/release", run, recipe
    )


@pytest.mark.parametrize(("content", "code"), [(None, "T001"), ("{}", "T002"), ("米", "T002")])
def test_a_tokenizer_that_does_not_work_is_named_first(lines, tmp_path, curate, content, code):
    """Before anything is read, and nothing is released."""
    if content is not None:
        (tmp_path / "t.json").write_text(content, "utf-8")
    with pytest.raises(Problem) as fault:
        curate(recipe_with(lines, tmp_path / "t.json"), tmp_path / "out")

    assert code == fault.value.code
    assert not list((tmp_path / "out").rglob("*.parquet"))
