"""The room in which texts of a row group are put together, one row group after the other."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.job import Job
from seimai.pipeline.stages import release_file
from seimai.pipeline.stages.release_file import Layout, Part, TextRoom, write_part
from tests.conftest import recipe_of

SCHEMA = pa.schema([("id", pa.string()), ("text", pa.large_string()), ("n", pa.int64())])


def _table(texts, first=0):
    rows = range(first, first + len(texts))
    return pa.table(
        [pa.array(map(str, rows), pa.string()), pa.array(texts, pa.large_string()), pa.array(rows)],
        schema=SCHEMA,
    )


@pytest.mark.parametrize("least", [0, 3, 1000])
def test_tables_become_one(least):
    """Whole tables, parts of them and empty ones are joined in order, however large the room is."""
    tables = [
        _table(["米", "", "白米"]),
        _table(["一", "二", "三"], 3)[1:],
        _table([]),
        _table([""]),
    ]
    joined = TextRoom(least).joined(iter(tables), SCHEMA)

    assert pa.concat_tables(tables).equals(joined)
    assert [1, 1, 1] == [column.num_chunks for column in joined.columns]


def test_texts_lie_where_those_before_them_did():
    """The next tables take the room of the last ones, and are right in it."""
    room = TextRoom(100)
    first = room.joined([_table(["長い文章", "米"])], SCHEMA)
    place = first["text"].chunk(0).buffers()[2].address
    second = room.joined([_table(["麦"])], SCHEMA)

    assert ["麦"] == second["text"].to_pylist()
    assert place == second["text"].chunk(0).buffers()[2].address


def test_row_groups_made_ahead_stay_apart(tmp_path, monkeypatch):
    """
    Each of many row groups holds its own texts, though the next is made while it is written.

    A file takes no more room for them than it has bytes, unless that turns out too little.
    """
    groups = [[f"文{k}" * (k + 1), "米" * (9 - k)] for k in range(9)]

    def rows_of(job, name, rows, *layout):
        del job, rows, layout
        return _table(groups[int(name)])

    monkeypatch.setattr(release_file, "released_rows", rows_of)
    sizes = []

    class Room(TextRoom):
        def __init__(self, size):
            sizes.append(size)
            super().__init__(size)

    monkeypatch.setattr(release_file, "TextRoom", Room)
    part = Part("data/a.parquet", [[(str(k), None)] for k in range(9)], 20)
    write_part(Job(recipe_of(tmp_path / "in.jsonl"), tmp_path), tmp_path, part, Layout(SCHEMA, {}))
    with pq.ParquetFile(tmp_path / part.path) as written:
        found = [written.read_row_group(k)["text"].to_pylist() for k in range(9)]

    assert groups == found
    assert [20, 20] == sizes
