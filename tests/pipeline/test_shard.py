"""Shard files: a shard without a valid sidecar does not exist, and nothing is half written."""

from __future__ import annotations

import errno
import json
import os

import pyarrow as pa
import pytest

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem

TABLE = pa.table({"id": ["一", "二"], "number": [1.5, None]})


def test_a_shard_comes_back_as_it_went(tmp_path):
    """Rows, order and types survive; the sidecar counts and names what made them."""
    path = tmp_path / "text/00000-000.parquet"
    made = shard.write_shard(path, TABLE, "maker", {"kept": 2})

    assert TABLE.equals(shard.read_table(path))
    assert made == shard.read_sidecar(path, "maker")
    assert 2 == made.rows
    assert ["number"] == shard.read_table(path, ["number"]).column_names


def test_equal_tables_give_equal_bytes(tmp_path):
    """The same rows are the same file, however the table was put together."""
    halves = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])
    one = shard.write_table(tmp_path / "one.parquet", TABLE)
    two = shard.write_table(tmp_path / "two.parquet", halves.combine_chunks())

    assert one == two
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"rows": 1}', "\x80"])
def test_an_invalid_sidecar_is_none(tmp_path, content):
    """Whatever is not a sidecar does not make a shard exist."""
    path = tmp_path / "a.parquet"
    shard.write_shard(path, TABLE, "maker")
    shard.sidecar_path(path).write_text(content, "latin-1")

    assert shard.read_sidecar(path) is None


def test_a_sidecar_needs_its_file_and_its_maker(tmp_path):
    """Other fingerprints and missing files are as good as nothing."""
    path = tmp_path / "a.parquet"
    shard.write_shard(path, TABLE, "maker")

    assert shard.read_sidecar(path, "another") is None

    path.unlink()

    assert shard.read_sidecar(path, "maker") is None
    assert shard.read_sidecar(tmp_path / "a.parquet/b.parquet") is None


def test_a_missing_file_is_never_an_empty_one(tmp_path):
    """Reading a shard that is not there is a problem, and not an empty table."""
    with pytest.raises(Problem) as caught:
        shard.read_table(tmp_path / "text/00000-000.parquet")

    assert "S001" == caught.value.code
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("keep", [0, 3, 100])
def test_a_damaged_file_is_named(tmp_path, keep):
    """A cut file is a problem that names it, not a traceback."""
    path = tmp_path / "a.parquet"
    shard.write_table(path, TABLE)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Problem) as caught:
        shard.read_table(path)

    assert "S005" == caught.value.code


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """A full disk leaves what was there, no temporary file, and a problem with a cause."""
    path = tmp_path / "a.json"
    shard.write_json(path, {"old": True})

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem) as caught:
        shard.write_json(path, {"new": True})

    assert "O001" == caught.value.code
    assert "No space left" in str(caught.value)
    assert {"old": True} == json.loads(path.read_text())
    assert [path] == list(tmp_path.iterdir())


def test_a_shard_that_cannot_be_written_does_not_exist(tmp_path, monkeypatch):
    """The old sidecar goes first, so it never vouches for a new file."""
    path = tmp_path / "a.parquet"
    shard.write_shard(path, TABLE, "maker")

    def full(*_given):
        raise Problem("O001", path="a", cause="full")

    monkeypatch.setattr(shard, "write_bytes", full)
    with pytest.raises(Problem):
        shard.write_shard(path, TABLE, "maker")

    assert shard.read_sidecar(path) is None


def test_a_folder_that_is_a_file_is_a_problem(tmp_path):
    """Where a folder of ours cannot be made, the problem says so."""
    (tmp_path / "text").write_text("in the way")
    with pytest.raises(Problem) as caught:
        shard.write_shard(tmp_path / "text/a.parquet", TABLE, "maker")

    assert "O015" == caught.value.code


def test_fingerprints_follow_their_parts():
    """Equal parts in any order give one fingerprint, any other part another."""
    one = shard.fingerprint(a=1, b=["二"])

    assert one == shard.fingerprint(b=["二"], a=1)
    assert one != shard.fingerprint(a=1, b=["三"])
    assert one != shard.fingerprint(a=1.5, b=["二"])


def test_remains_are_removed(tmp_path):
    """Unfinished files always go, files of other shards when names are given, others never."""
    for name in ("00000-000.parquet", "00001-000.json", "00001.json", ".x.parquet.12.tmp"):
        (tmp_path / "text").mkdir(exist_ok=True)
        (tmp_path / "text" / name).write_text("x")
    (tmp_path / "text/groups.json").write_text("x")
    (tmp_path / "plan.json").write_text("x")
    shard.remove_others(tmp_path)

    assert 5 == len(list(tmp_path.rglob("*.*")))

    shard.remove_others(tmp_path, {"00000", "00000-000"})

    assert {"plan.json", "groups.json", "00000-000.parquet"} == {
        path.name for path in tmp_path.rglob("*.*")
    }
