"""run.json: sums that hold, and nothing about the machine it was made on."""

from __future__ import annotations

import getpass
import hashlib
import json
import socket

import pyarrow.parquet as pq
import pytest

from seimai.pipeline.engine.publishing import manifest
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.shard import conserve
from tests.conftest import prose, recipe_of


@pytest.fixture
def finished(tmp_path, write_lines, curate):
    """A run over two sources with a reason of each kind."""
    write_lines(
        tmp_path / "in/a.jsonl",
        [
            *({"id": f"a{k}", "text": prose(k), "source": "web"} for k in range(5)),
            {"id": "copy", "text": prose(0)},
            {"id": "both", "text": "ABC"},
            {"id": "short", "text": "短い。"},
            "broken",
        ],
    )
    limits = {"ja.hiragana_share": {"min": 0.1}, "text.length_count": {"min": 60}}
    recipe = recipe_of(tmp_path / "in", limits=limits, dedup={})
    return curate(recipe, tmp_path / "out")


def test_sums_hold(finished):
    """Counts, reasons and sources add up."""
    counts = finished["counts"]
    reasons = {one["reason"]: one for one in finished["reasons"]}

    assert {
        "read": 9,
        "kept": 5,
        "rejected": 3,
        "quarantined": 1,
        "duplicates": 1,
        "skipped": 0,
    } == counts
    assert ["ja.hiragana_share", "text.length_count", "dedup"] == list(reasons)
    assert (1, 1, 0) == tuple(
        reasons["ja.hiragana_share"][key] for key in ("texts", "first", "alone")
    )
    assert (2, 1, 1) == tuple(
        reasons["text.length_count"][key] for key in ("texts", "first", "alone")
    )
    assert counts["rejected"] == sum(one["first"] for one in reasons.values())
    assert counts["rejected"] == sum(one["texts"] for one in finished["reasons_together"])
    assert 8 == sum(one["read"] for one in finished["sources"].values())
    assert {"json": 1} == finished["quarantine_causes"]


def test_outputs_have_their_digests(finished, tmp_path):
    """Every data file is listed with rows, bytes and SHA-256."""
    for file in finished["outputs"]:
        data = (tmp_path / "out/release" / file["path"]).read_bytes()

        assert len(data) == file["bytes"]
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert 9 == sum(file["rows"] for file in finished["outputs"])


def test_inputs_are_named_by_key(finished):
    """Inputs have a name relative to what the user named, a size and a digest."""
    (one,) = finished["inputs"]

    assert "a.jsonl" == one["key"]
    assert 32 == len(one["xxh3"])


def test_the_machine_does_not_show(finished, tmp_path):
    """Neither folders, user nor host are in a release."""
    stored = json.loads((tmp_path / "out/release/run.json").read_text())
    texts = [
        path.read_text("utf-8")
        for path in (tmp_path / "out/release").iterdir()
        if path.is_file() and path.suffix in (".json", ".md", ".html")
    ]

    assert finished == stored
    for text in texts:
        assert str(tmp_path) not in text
        assert socket.gethostname() not in text
        assert f"/{getpass.getuser()}/" not in text


def test_conservation_counts_everything():
    """A record that is missing or counted twice is a problem with all its numbers."""
    conserve("run", 6, 3, 2, 1)
    with pytest.raises(Problem) as caught:
        conserve("00001-000", 6, 3, 2, 2)

    assert "S021" == caught.value.code
    assert "00001-000" in str(caught.value)


def test_many_inputs_are_listed_beside(tmp_path, write_lines, curate, monkeypatch):
    """run.json names the first of many inputs, a file of the release all of them."""
    monkeypatch.setattr(manifest, "MOST_INPUTS", 3)
    for k in range(5):
        write_lines(tmp_path / f"in/{k}.jsonl", [{"id": str(k), "text": prose(k)}])
    recipe = recipe_of(tmp_path / "in", limits={"text.length_count": {"min": 5}})
    result = curate(recipe, tmp_path / "out")
    path = tmp_path / "out/release" / manifest.INPUTS_PATH

    assert (3, 5) == (len(result["inputs"]), result["input_count"])
    assert [f"{k}.jsonl" for k in range(5)] == pq.read_table(path)["key"].to_pylist()
    assert {f"{k}.jsonl" for k in range(5)} == manifest.input_keys(path.parents[1], result)
    assert [] == [check.message for check in verify(tmp_path / "out") if check.state == "fail"]

    # The last one, which only the file knows, is missed all the same.
    (tmp_path / "in/4.jsonl").unlink()
    (tmp_path / "in/4.jsonl").symlink_to(tmp_path / "away.jsonl")
    with pytest.raises(Problem) as caught:
        curate(recipe, tmp_path / "out")

    assert "O004" == caught.value.code
