"""Mixes: what can be met is met exactly, and what cannot is named before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.delivery.megatron import open_indexed
from seimai.pipeline.delivery.mix import make_mix
from seimai.pipeline.delivery.mixfile import load_mix
from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.tokens import make_tokens
from seimai.pipeline.errors import Problem, Problems
from tests.conftest import Curate, WriteLines, prose, recipe_of
from tests.pipeline.delivery.test_tokens import digests

ROOT = Path(__file__).parents[3]


def release_of(tmp_path: Path, curate: Curate, write_lines: WriteLines, name: str, seeds) -> Path:
    """A release of made texts whose ids begin with its name."""
    records = [
        {"id": f"{name}-{seed}", "text": prose(seed, 1 + seed % 9), "source": name}
        for seed in seeds
    ]
    lines = write_lines(tmp_path / f"{name}.jsonl", records)
    source = [{"name": name, "files": [str(lines)]}]
    recipe = recipe_of(lines, release={"signals": ["text.length_count"]})
    recipe = type(recipe).model_validate({**recipe.model_dump(), "source": source})
    curate(recipe, tmp_path / name)
    return tmp_path / name


@pytest.fixture
def folders(tmp_path, curate, write_lines, tokenizers) -> dict[str, Path]:
    """Tokens of a large release and of a small one."""
    found = {}
    for name, seeds in {"crawl": range(1000, 1400), "wiki": range(2000, 2060)}.items():
        release = release_of(tmp_path, curate, write_lines, name, seeds)
        found[name] = tmp_path / f"{name}-tokens"
        make_tokens(release, found[name], Setup(str(tokenizers["bpe.json"]), "</s>"), workers=1)
    return found


def written(tmp_path: Path, text: str, **folders: Path) -> Path:
    """A mix as a file; `{name}` stands for the folder of that name."""
    path = tmp_path / "mix.yaml"
    for name, folder in folders.items():
        text = text.replace(f"{{{name}}}", str(folder))
    path.write_text(text, "utf-8")
    return path


TWO = """
mix: {tokens: 30K, seed: 7, window: 64}
draw:
  - {tokens: {wiki}, name: wiki, repeats: 2}
  - {tokens: {crawl}, name: crawl}
limits: {epochs: {max: 4}, source_share: {max: 0.9}}
"""


def made(path: Path, out: Path, **options) -> dict:
    """The record of a mix that was made."""
    return make_mix(load_mix(path), out, workers=1, **{"plan": False, "accept": False, **options})


def test_the_budget_is_met_and_the_index_says_so(tmp_path, folders):
    """Within a thousandth; indexes, counts for Megatron and `mix.parquet` tell the same tokens."""
    record = made(written(tmp_path, TWO, **folders), tmp_path / "mix")
    table = pq.read_table(tmp_path / "mix" / "mix.parquet").to_pylist()
    blend = json.loads((tmp_path / "mix" / "blend.json").read_bytes())["train"]

    assert abs(record["tokens"] - 30_000) <= 30
    assert record["tokens"] == sum(row["tokens"] for row in table)
    for count, name in zip(blend[::2], blend[1::2], strict=True):
        found = open_indexed(tmp_path / "mix" / name)
        ids = [found.document(k) for k in range(found.lengths.size)]
        own = open_indexed(folders[name] / "train")
        rows = [row["sequence"] for row in table if row["draw"] == name]

        assert int(count) == sum(map(len, ids)) == record["draws"][name]["given"]
        assert all(
            np.array_equal(own.document(row), one) for row, one in zip(rows, ids, strict=True)
        )
    assert 2 * 60 == sum(row["draw"] == "wiki" for row in table)


def test_the_same_mix_has_the_same_bytes(tmp_path, folders):
    """Made twice, and from tokens that were cut otherwise; another seed draws otherwise."""
    path = written(tmp_path, TWO, **folders)
    made(path, tmp_path / "one")
    made(path, tmp_path / "two")
    path.write_text(path.read_text().replace("seed: 7", "seed: 8"))
    made(path, tmp_path / "other")
    one = digests(tmp_path / "one")

    assert one == digests(tmp_path / "two")
    assert one["mix.parquet"] != digests(tmp_path / "other")["mix.parquet"]


def test_a_single_file_is_the_order_of_training(tmp_path, folders):
    """`write: single` has the ids of `mix.parquet`, document after document."""
    made(written(tmp_path, TWO + "write: single\n", **folders), tmp_path / "mix")
    found = open_indexed(tmp_path / "mix" / "mix")
    own = {name: open_indexed(folder / "train") for name, folder in folders.items()}
    table = pq.read_table(tmp_path / "mix" / "mix.parquet").to_pylist()

    assert len(table) == found.lengths.size
    for k, row in enumerate(table):
        assert np.array_equal(found.document(k), own[row["draw"]].document(row["sequence"]))


def test_limits_and_curves_choose(tmp_path, folders):
    """`where` is a limit as in a recipe; a curve leaves out the short and repeats the long."""
    text = """
mix: {tokens: all, window: 1}
draw:
  - {tokens: {wiki}, name: wiki, where: {text.length_count: {min: 100}}}
  - {tokens: {crawl}, name: crawl, curve: {by: text.length_count, p50: 0, p51: 3}}
"""
    made(written(tmp_path, text, **folders), tmp_path / "mix")
    rows = pq.read_table(tmp_path / "mix" / "mix.parquet").to_pylist()
    lengths = {
        row["id"]: row["text.length_count"]
        for folder in folders.values()
        for row in pq.read_table(folder / "documents.parquet").to_pylist()
    }
    drawn = {name: [lengths[r["id"]] for r in rows if r["draw"] == name] for name in folders}
    crawl = [r["id"] for r in rows if r["draw"] == "crawl"]

    assert min(drawn["wiki"]) >= 100
    assert 3 == max(crawl.count(one) for one in set(crawl))
    assert min(drawn["crawl"]) >= np.median([n for one, n in lengths.items() if "crawl" in one])


@pytest.fixture
def bucketed(tmp_path, curate, write_lines, tokenizers) -> Path:
    """Tokens of a release with a bucket, and a part of it held out."""
    records = [{"id": f"b{k}", "text": prose(3000 + k, 1 + k % 9)} for k in range(300)]
    recipe = recipe_of(
        write_lines(tmp_path / "b.jsonl", records),
        buckets={"length": {"by": "text.length_count", "quantiles": 4}},
        splits={"validation": 0.1},
        release={"folders": ["length"], "signals": ["text.length_count"], "shard": "20KB"},
    )
    curate(recipe, tmp_path / "b")
    setup = Setup(str(tokenizers["bpe.json"]), "</s>")
    record = make_tokens(tmp_path / "b", tmp_path / "b-tokens", setup, workers=1)

    assert {"train", "validation"} == set(record["splits"])
    assert {"source", "bucket.length"} == set(record["counts"])
    return tmp_path / "b-tokens"


def test_buckets_choose_and_repeat(tmp_path, bucketed):
    """Parts of a bucket are named like sources; a curve says how often each comes."""
    text = """
mix: {tokens: all, window: 1}
draw:
  - {tokens: {b}, name: b, parts: {bucket.length: [q3, q4]},
     curve: {by: bucket.length, q3: 1, q4: 3}, where: {text.length_count: {min: 10}}}
"""
    record = made(written(tmp_path, text, b=bucketed), tmp_path / "mix")
    documents = pq.read_table(bucketed / "documents.parquet").to_pylist()
    parts = {row["id"]: row["bucket.length"] for row in documents}
    held = {row["id"] for row in documents if row["split"]}
    rows = [row["id"] for row in pq.read_table(tmp_path / "mix" / "mix.parquet").to_pylist()]
    texts = [row["id"] for row in documents if row["bucket.length"] in ("q3", "q4")]

    assert {"q3": 1, "q4": 3} == {parts[one]: rows.count(one) for one in rows}
    assert set(texts) - held == set(rows)
    assert 3 == record["draws"]["b"]["most"]


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        ("parts: {bucket.length: q9}", "T031"),
        ("parts: {bucket.width: q1}", "T008"),
        ("parts: {text.length_count: q1}", "T008"),
        ("where: {bucket.length: {min: 1}}", "T008"),
        ("curve: {by: bucket.length, q9: 1}", "T031"),
        ("curve: {by: bucket.length, q1: -1}", "R181"),
        ("weight_by: bucket.length", "T008"),
    ],
)
def test_parts_that_are_not_there_are_named(tmp_path, bucketed, draw, code):
    """A part, or a bucket, that the tokens do not have, and words where numbers are meant."""
    text = f"mix: {{tokens: all}}\ndraw:\n  - {{tokens: {{b}}, name: b, {draw}}}\n"

    assert code in codes(lambda: made(written(tmp_path, text, b=bucketed), tmp_path / "mix"))
    assert not (tmp_path / "mix").exists()


def texts_of(release: Path) -> dict[str, str]:
    """The texts of a release by their ids."""
    return {
        row["id"]: row["text"]
        for path in (release / "release" / "data").rglob("*.parquet")
        for row in pq.ParquetFile(path).read(["id", "text"]).to_pylist()
    }


def test_texts_come_in_the_order_of_training(tmp_path, folders, bucketed, monkeypatch):
    """`write: texts` has the rows of `mix.parquet` with their texts, in files of a few each."""
    from seimai.pipeline.delivery import text_shards

    monkeypatch.setattr(text_shards, "SHARD_TOKENS", 3000)
    monkeypatch.setattr(text_shards, "MOST_OPEN", 4)
    text = TWO + "write: texts\n"
    text = text.replace("limits:", "  - {tokens: {b}, name: b, take: 3K}\nlimits:")
    path = written(tmp_path, text, b=bucketed, **folders)
    made(path, tmp_path / "mix")
    made(path, tmp_path / "again")
    files = sorted((tmp_path / "mix" / "data").iterdir())
    rows = [row for one in files for row in pq.ParquetFile(one).read().to_pylist()]
    plan = pq.read_table(tmp_path / "mix" / "mix.parquet").to_pylist()
    known = {
        name: text
        for one in ("wiki", "crawl", "b")
        for name, text in texts_of(tmp_path / one).items()
    }

    assert [row["id"] for row in plan] == [row["id"] for row in rows]
    assert [row["draw"] for row in plan] == [row["draw"] for row in rows]
    assert all(known[row["id"]] == row["text"] for row in rows)
    assert 9 < len(files)
    assert f"train-00000-of-{len(files):05d}.parquet" == files[0].name
    assert digests(tmp_path / "mix") == digests(tmp_path / "again")


def test_texts_open_with_datasets(tmp_path, folders):
    """`load_dataset` finds the files and nothing else."""
    datasets = pytest.importorskip("datasets")
    record = made(written(tmp_path, TWO + "write: texts\n", **folders), tmp_path / "mix")
    found = datasets.load_dataset(str(tmp_path / "mix"), cache_dir=str(tmp_path / "cache"))

    assert ["train"] == list(found)
    assert sum(one["copies"] for one in record["draws"].values()) == len(found["train"])


def test_texts_of_another_release_are_not_taken(tmp_path, folders, curate, write_lines):
    """Where the release has changed since its tokens were made, it says so and writes nothing."""
    release_of(tmp_path, curate, write_lines, "wiki", range(2000, 2070))
    path = written(tmp_path, TWO + "write: texts\n", **folders)

    assert ["T033"] == codes(lambda: made(path, tmp_path / "mix"))
    assert not (tmp_path / "mix").exists()


def codes(call) -> list[str]:
    """The codes of the problems that a call raises."""
    with pytest.raises((Problem, Problems)) as found:
        call()
    fault = found.value
    return [one.code for one in (fault.problems if isinstance(fault, Problems) else [fault])]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("30K", "300M", "T026"),
        ("30K", "10", "T027"),
        ("repeats: 2", "where: {text.colour: {min: 1}}", "T008"),
        ("repeats: 2", "curve: {by: text.colour, p1: 1}", "T008"),
        ("repeats: 2", "sources: wikis", "T022"),
        ("max: 0.9", "max: 0.2", "T030"),
        ("window: 64", "window: 1M", "R011"),
        ("window: 64", "window: 9_000_000", "T029"),
        ("{wiki}", "nowhere", "T021"),
        ("{tokens: {wiki}, name: wiki", "{release: out/wiki", "T020"),
        ("{wiki}", "{crawl}", "T024"),
        ("30K", "many", "R180"),
        ("repeats: 2", "curve: {by: text.length_count, q40: 0}", "R181"),
        ("tokens: {wiki}, name: wiki", "name: wiki", "R182"),
        ("repeats: 2", "repeats: 2, weight: 0.1", "R183"),
        ("repeats: 2", "take: 5K, weight: 0.1", "R183"),
        ("repeats: 2", "take: 5M", "T026"),
        ("name: crawl", "name: wiki", "R184"),
        ("name: crawl", "name: a b", "R184"),
        ("repeats: 2}", "weight: 0.8}\n  - {tokens: {crawl}, name: c, weight: 0.4}", "R185"),
        ("repeats: 2", "repeat: 2", "R002"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_written(tmp_path, folders, old, new, code):
    """Each mistake has its sentence, and no folder is begun."""
    path = written(tmp_path, TWO.replace(old, new), **folders)

    assert code in codes(lambda: made(path, tmp_path / "mix"))
    assert not (tmp_path / "mix").exists()


def test_other_tokenizers_do_not_mix(tmp_path, folders, tokenizers):
    """Ids of two vocabularies in one data set would be nonsense."""
    setup = Setup(str(tokenizers["sp.model"]), "</s>")
    make_tokens(tmp_path / "wiki", tmp_path / "other", setup, workers=1)
    path = written(tmp_path, TWO, wiki=tmp_path / "other", crawl=folders["crawl"])

    assert ["T023"] == codes(lambda: made(path, tmp_path / "mix"))


def test_a_release_that_grew_is_named(tmp_path, folders, curate, write_lines, tokenizers):
    """The mix that is there stays until somebody accepts what changed."""
    path = written(tmp_path, TWO, **folders)
    made(path, tmp_path / "mix")
    before = digests(tmp_path / "mix")
    grown = release_of(tmp_path, curate, write_lines, "wiki", range(2000, 2070))
    make_tokens(grown, folders["wiki"], Setup(str(tokenizers["bpe.json"]), "</s>"), workers=1)
    with pytest.raises(Problem) as found:
        made(path, tmp_path / "mix")

    assert "T025" == found.value.code
    assert "wiki: 60 → 70 texts" in found.value.values["changes"]
    assert before == digests(tmp_path / "mix")

    record = made(path, tmp_path / "mix", accept=True)

    assert abs(record["tokens"] - 30_000) <= 30


@pytest.mark.usefixtures("folders")
def test_a_release_is_tokenized_on_the_way(tmp_path, tokenizers):
    """`release` and a tokenizer are enough: one file, one command."""
    text = f"""
mix: {{tokens: 20K, window: 64, tokenizer: {tokenizers["bpe.json"]}, eod: </s>}}
draw:
  - {{release: {tmp_path / "wiki"}, weight: 0.2}}
  - {{release: {tmp_path / "crawl"}}}
"""
    record = made(written(tmp_path, text), tmp_path / "mix")

    assert abs(record["draws"]["wiki"]["given"] - 4000) < 100
    assert abs(record["tokens"] - 20_000) <= 20


def test_the_shipped_mix_is_one():
    """The mix of LLM-jp's corpus asks for the tokens that were published, all together."""
    mix = load_mix(ROOT / "configs" / "mixes" / "llm-jp.yaml")

    assert mix.mix.tokens == sum(draw.take or 0 for draw in mix.draw)


def test_the_plan_is_told_and_not_written(tmp_path, folders, capsys):
    """`--plan` says what can be met, ends with 1 where something is missing, and writes nothing."""
    path = written(tmp_path, TWO.replace("30K", "900K"), **folders)
    words = ["mix", str(path), "--out", str(tmp_path / "mix"), "--plan", "--lang", "en"]

    assert 1 == main(words)
    assert "are missing" in capsys.readouterr().out
    assert not (tmp_path / "mix").exists()
