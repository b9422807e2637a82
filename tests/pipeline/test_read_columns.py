"""Tests of the columns that are kept after reading."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from seimai.pipeline import arrays, read_columns, shard
from seimai.pipeline.engine.run import run
from tests.conftest import WriteLines, prose, recipe_of

ROOM = 8000 + read_columns.OF_ITS_OWN
"""What a column of a thousand numbers takes."""


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept when a test begins."""
    monkeypatch.setattr(read_columns, "_kept", read_columns.OrderedDict())
    monkeypatch.setattr(read_columns, "_whole", read_columns.OrderedDict())
    monkeypatch.setattr(read_columns, "_bytes", 0)


def _count_reads(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The columns of every reading from disk, from now on."""
    asked: list[list[str]] = []
    read = shard._read  # noqa: SLF001 - the way to the disk

    def counted(path: Path, columns: list[str] | None) -> pa.Table:
        asked.append(list(columns or ()))
        return read(path, columns)

    monkeypatch.setattr(shard, "_read", counted)
    return asked


def _write(path: Path, **columns: list[int]) -> None:
    shard.write_shard(path, pa.table(columns), "made")


def test_a_column_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is not read again, and comes in the order that was asked for."""
    path = tmp_path / "00000-000.parquet"
    _write(path, a=[1, 2], b=[3, 4], c=[5, 6])
    asked = _count_reads(monkeypatch)

    first = shard.read_table(path, ["b", "a"])
    second = shard.read_table(path, ["c", "a", "b", "missing"])

    assert [["b", "a"], ["c", "missing"]] == asked
    assert {"b": [3, 4], "a": [1, 2]} == first.to_pydict()
    assert ["c", "a", "b"] == second.column_names
    assert {"c": [5, 6], "a": [1, 2], "b": [3, 4]} == second.to_pydict()
    assert first.schema.field("a") == second.schema.field("a")


def test_a_file_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    """A column of the file that stood there before is nobody's."""
    path = tmp_path / "00000-000.parquet"
    _write(path, a=[1, 2])
    shard.read_table(path, ["a"])
    _write(path, a=[7, 8])

    assert {"a": [7, 8]} == shard.read_table(path, ["a"]).to_pydict()


def test_a_file_that_is_gone_is_missing(tmp_path: Path) -> None:
    """That its columns are kept does not make a missing file be there."""
    path = tmp_path / "00000-000.parquet"
    _write(path, a=[1])
    shard.read_table(path, ["a"])
    path.unlink()

    with pytest.raises(shard.Problem) as found:
        shard.read_table(path, ["a"])
    assert "S001" == found.value.code


def test_a_damaged_file_is_told_though_it_was_read(tmp_path: Path) -> None:
    """Bytes that changed are held against the digest, even under the same size."""
    path = tmp_path / "00000-000.parquet"
    _write(path, a=[1, 2, 3])
    shard.read_table(path, ["a"])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    os.utime(path, ns=(1, 1))

    with pytest.raises(shard.Problem) as found:
        shard.read_table(path, ["a"])
    assert "S005" == found.value.code


def test_large_columns_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are read each time; the numbers beside them are not."""
    monkeypatch.setattr(read_columns, "MOST_OF_A_COLUMN", 100)
    path = tmp_path / "00000-000.parquet"
    shard.write_shard(path, pa.table({"text": ["米" * 100], "a": [1]}), "made")
    asked = _count_reads(monkeypatch)

    for _ in range(2):
        shard.read_table(path, ["text", "a"])

    assert [["text", "a"], ["text"]] == asked


def test_room_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many shards those that were asked for last are kept."""
    monkeypatch.setattr(read_columns, "MOST_BYTES", 3 * ROOM)
    paths = [tmp_path / f"0000{k}-000.parquet" for k in range(5)]
    for path in paths:
        shard.write_shard(path, pa.table({"a": np.arange(1000)}), "made")
        shard.read_table(path, ["a"])
    asked = _count_reads(monkeypatch)

    for path in (paths[4], paths[0]):
        shard.read_table(path, ["a"])

    assert [["a"]] == asked
    assert read_columns._bytes <= 3 * ROOM  # noqa: SLF001 - what the room is held to


@pytest.mark.parametrize("first", [["a"], ["of.inner"], ["a", "of.inner"]])
def test_a_part_of_a_nested_column_is_never_taken_for_the_whole(
    tmp_path: Path, first: list[str]
) -> None:
    """Neither what was kept before nor the part itself changes what is read later."""
    path = tmp_path / "00000-000.parquet"
    nested = pa.array([{"inner": 3, "other": 4}])
    shard.write_shard(path, pa.table({"a": pa.array([1]), "of": nested}), "made")
    shard.read_table(path, first)

    part = shard.read_table(path, ["a", "of.inner"])
    whole = shard.read_table(path, ["of", "a"])

    assert {"a": [1], "of": [{"inner": 3}]} == part.to_pydict()
    assert {"of": [{"inner": 3, "other": 4}], "a": [1]} == whole.to_pydict()


def test_a_table_keeps_its_metadata(tmp_path: Path) -> None:
    """A sketch says in its metadata how it was made, read for the first time or not."""
    path = tmp_path / "00000-000.parquet"
    table = pa.table({"a": [1], "b": [2]}).replace_schema_metadata({b"seimai.n": b"5"})
    shard.write_shard(path, table, "made")

    first, again, other = (shard.read_table(path, names) for names in (["a"], ["a"], ["b", "a"]))

    assert {b"seimai.n": b"5"} == first.schema.metadata
    assert first.schema.metadata == again.schema.metadata == other.schema.metadata


def test_what_a_column_is_made_of_counts_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many columns of a few numbers fill the room, too: each has objects of its own."""
    monkeypatch.setattr(read_columns, "MOST_BYTES", 10 * read_columns.OF_ITS_OWN)
    path = tmp_path / "00000-000.parquet"
    _write(path, **{f"c{k}": [k] for k in range(30)})
    shard.read_table(path, [f"c{k}" for k in range(30)])

    assert 9 == len(read_columns._kept)  # noqa: SLF001 - what is kept


def test_a_run_leaves_no_column_behind(tmp_path: Path, write_lines: WriteLines) -> None:
    """A process that runs again and again would gather those of files that are gone."""
    write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": prose(1)}])
    run(recipe_of(tmp_path / "in.jsonl", limits={}), tmp_path / "out")

    assert not read_columns._kept  # noqa: SLF001 - as above
    assert 0 == read_columns._bytes  # noqa: SLF001 - as above


def test_a_small_file_that_was_read_whole_is_not_read_again(tmp_path, monkeypatch):
    """Its columns come from memory, one by one and all together, until it is written again."""
    path = tmp_path / "a.parquet"
    _write(path, one=[1, 2], two=[3, 4])
    first = shard.read_table(path)
    asked = _count_reads(monkeypatch)

    assert first.equals(shard.read_table(path), check_metadata=True)
    assert [3, 4] == shard.read_table(path, ["two"])["two"].to_pylist()
    assert [] == asked
    _write(path, one=[5], three=[6])
    assert {"one": [5], "three": [6]} == shard.read_table(path).to_pydict()


def test_a_large_file_is_read_whole_every_time(tmp_path, monkeypatch):
    """Large files, such as texts of a shard, are not kept in memory."""
    monkeypatch.setattr(read_columns, "MOST_OF_A_FILE", 10)
    path = tmp_path / "a.parquet"
    _write(path, one=[1, 2])
    shard.read_table(path)
    asked = _count_reads(monkeypatch)
    shard.read_table(path)

    assert [[]] == asked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.parametrize("lock", [read_columns._lock, arrays._HEADERS])  # noqa: SLF001
def test_a_fork_finds_no_lock_held(lock: threading.Lock) -> None:
    """A fork that is made while another thread holds a lock would wait for it for ever."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            done.wait()

    threading.Thread(target=hold).start()
    held.wait()
    threading.Timer(0.2, done.set).start()
    child = os.fork()
    if child == 0:
        os._exit(0 if lock.acquire(timeout=0) else 1)

    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with lock:
        pass
