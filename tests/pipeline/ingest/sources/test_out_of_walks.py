"""What a run wrote itself is never its input, one text is read once, and secrets stay outside."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import find_inputs
from tests.conftest import Curate, WriteLines, ids, prose, recipe_of, release_digests


@pytest.fixture
def corpus(tmp_path: Path, write_lines: WriteLines) -> Path:
    """A folder with texts at two depths."""
    for name in ("a", "deep/b"):
        lines = [{"id": f"{name}{k}", "text": prose(k)} for k in range(3)]
        write_lines(tmp_path / f"in/{name}.jsonl", lines)
    return tmp_path / "in"


@pytest.mark.parametrize("place", ["out", "deep/out", "."])
@pytest.mark.parametrize("pattern", ["", "**/*", "**"])
def test_a_run_does_not_read_what_it_wrote(corpus: Path, curate: Curate, place: str, pattern: str):
    """The output folder may be in the source, or be the source: run after run is the same."""
    patterns = [corpus / pattern, corpus / "**/*.jsonl"]
    first = None
    for limit in (None, 2, None, None):
        result = curate(recipe_of(*patterns), corpus / place, limit=limit)

        assert limit or first in {None, result["counts"]["read"]}

        first = first or result["counts"]["read"]
    assert 6 == first


def test_the_output_of_another_run_is_passed_over_in_walks(corpus: Path, curate: Curate):
    """A folder of texts with output folders in it is its texts; a release that is named is read."""
    curate(recipe_of(corpus), corpus / "out/web")
    found = [one.key for one in find_inputs([str(corpus)], corpus / "out/other")]
    named = find_inputs([str(corpus / "out/web/release/data")], corpus / "out/other")

    assert ["a.jsonl", "deep/b.jsonl"] == found
    assert ["train-00000-of-00001.parquet"] == [one.key for one in named]


def test_its_own_release_cannot_be_named(corpus: Path, curate: Curate):
    """A run whose only source is its own release has nothing to read."""
    out = corpus / "out"
    curate(recipe_of(corpus), out)
    with pytest.raises(Problem) as caught:
        curate(recipe_of(out / "release/data/*.parquet"), out)

    assert "I001" == caught.value.code


def test_a_file_with_two_names_is_read_once(corpus: Path, curate: Curate, tmp_path: Path):
    """Hard links are one file, as symbolic ones are."""
    curate(recipe_of(corpus), tmp_path / "one")
    os.link(corpus / "a.jsonl", corpus / "0.jsonl")
    result = curate(recipe_of(corpus), tmp_path / "two")

    assert 6 == result["counts"]["read"]
    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "two")


@pytest.mark.parametrize("pattern", ["${PLACE}", "${PLACE}/*.jsonl", "${PLACE}/a.jsonl"])
def test_the_environment_fills_a_source(
    corpus: Path, tmp_path: Path, curate: Curate, monkeypatch: pytest.MonkeyPatch, pattern: str
):
    """`${NAME}` in `files` is what the environment says, and no file of the run says it."""
    secret = tmp_path / "s3cret"
    corpus.rename(secret)
    monkeypatch.setenv("PLACE", str(secret))
    curate(recipe_of(pattern), tmp_path / "out")

    assert "a0" in ids(tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes(), path


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch):
    """A source without its variable is a problem, not an empty source."""
    monkeypatch.delenv("NOWHERE", raising=False)
    with pytest.raises(Problem) as caught:
        find_inputs(["${NOWHERE}/*.jsonl"])

    assert "I003" == caught.value.code
    assert "NOWHERE" in str(caught.value)


def test_what_is_named_has_to_be_a_file(tmp_path: Path):
    """A pipe or a device that is named is refused: it would be another text at every run."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(Problem) as caught:
            find_inputs([str(path)])

        assert "I005" == caught.value.code
