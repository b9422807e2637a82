"""Input that is broken, huge, or built to break us: told where and why, nothing else lost."""

from __future__ import annotations

import gzip
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from seimai.pipeline import shard
from seimai.pipeline.engine.run import run
from tests.conftest import ids, prose, recipe_of, release_digests, released

LIMITS = {"text.length_count": {"min": 60}}


def _line(name, **more):
    return (
        json.dumps({"id": name, "text": prose(len(name) + ord(name[0])), **more}).encode() + b"\n"
    )


@pytest.fixture
def hostile(tmp_path):
    """A folder with one file of every evil, and one good text beside each."""
    folder = tmp_path / "in"
    folder.mkdir()
    many = b"".join(_line(f"cut{k}") for k in range(40))
    (folder / "cut.jsonl.gz").write_bytes(gzip.compress(many, mtime=0)[:-200])
    (folder / "cut.jsonl.zst").write_bytes(zstandard.compress(many.replace(b"cut", b"zst"))[:-40])
    (folder / "noise.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00" + bytes(range(256)) * 4)
    (folder / "broken.jsonl").write_bytes(
        b'{"id": "x", "text": "\n' + _line("broken-a") + b"[1, 2]\n" + b"\xff\xfe\xfd\n" + b"null\n"
    )
    (folder / "types.jsonl").write_bytes(
        b'{"text": 5}\n{"text": null}\n{"text": ["a"]}\n{"text": {"a": 1}}\n{"other": "x"}\n'
        + _line("types-a")
    )
    (folder / "bytes.jsonl").write_bytes(
        b'{"id": "bytes-a", "text": "\xe3\x81"}\n'
        b'{"id": "bytes-b", "text": "a\\u0000b\\ud800c"}\n' + _line("bytes-c")
    )
    (folder / "bom.jsonl").write_bytes(b"\xef\xbb\xbf" + _line("bom-a") + _line("bom-b"))
    (folder / "crlf.jsonl").write_bytes((_line("crlf-a") + _line("crlf-b")).replace(b"\n", b"\r\n"))
    (folder / "blank.jsonl").write_bytes(b"\n\n \n" + _line("blank-a") + b"\n")
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "deep.jsonl").write_bytes(b'{"text": ' + b"[" * 100_000 + b"\n" + _line("deep-a"))
    (folder / "ids.jsonl").write_bytes(
        b"".join(
            json.dumps({"id": one, "text": prose(k)}).encode() + b"\n"
            for k, one in enumerate([7, 7, "7", 1.5, True, None, "", 2**70, ["x"]])
        )
    )
    (folder / "keys.jsonl").write_bytes(
        _line("keys-a", url=5, date={"year": 2024}, license=None, source=["s"], x=1)
        + _line("keys-b", url="u", date=20240101, x="one", nan=float("nan"))
        + _line("keys-c", x={"deep": [1]}, reasons="r", values=1)
    )
    pq.write_table(pa.table({"number": [1, 2]}), folder / "number.parquet")
    pq.write_table(pa.table({"text": [prose(1)]}), folder / "half.parquet")
    half = (folder / "half.parquet").read_bytes()
    (folder / "half.parquet").write_bytes(half[: len(half) // 2])
    (folder / "notes.jsonl").mkdir()
    (folder / "notes.jsonl/inside.jsonl").write_bytes(_line("inside"))
    (folder / "gone.jsonl").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.jsonl")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)
    return folder


def test_all_evils_together(hostile, tmp_path, curate):
    """Every good text arrives, every bad record is in quarantine with place and cause."""
    result = curate(recipe_of(hostile, limits=LIMITS, dedup={}), tmp_path / "out")
    counts = result["counts"]
    bad = released(tmp_path / "out", "quarantine")
    found = {row["key"]: row for row in bad}
    every = {*ids(tmp_path / "out"), *ids(tmp_path / "out", "rejected")}

    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["quarantined"]
    assert {
        *("broken-a", "types-a", "bytes-b", "bytes-c", "bom-a", "bom-b", "crlf-a", "crlf-b"),
        *("blank-a", "deep-a", "keys-a", "keys-b", "keys-c", "inside", "7", "cut0"),
    } <= every
    assert {
        *("cut.jsonl.gz", "cut.jsonl.zst", "noise.jsonl.gz", "broken.jsonl", "types.jsonl"),
        *("deep.jsonl", "number.parquet", "half.parquet", "pipe.jsonl"),
        "picture.png",
    } <= found.keys()
    assert {"bom.jsonl", "crlf.jsonl", "ids.jsonl", "keys.jsonl", "blank.jsonl", "empty.jsonl"} & (
        found.keys()
    ) == set()
    assert [("gone.jsonl", "missing")] == [
        (one["key"], one["cause"]) for one in result["unfinished"]
    ]
    assert all(row["cause"] and row["detail"] and row["source"] == "crawl" for row in bad)
    assert not any(str(tmp_path) in json.dumps(row, default=str) for row in bad)


def test_workers_read_the_same(hostile, tmp_path, curate, own_signals):
    """Broken input travels to workers as well as good input does."""
    recipe = recipe_of(hostile, limits=LIMITS, dedup={})
    curate(recipe, tmp_path / "here", filters=[own_signals])
    run(recipe, tmp_path / "there", workers=2, filters=[own_signals])

    assert release_digests(tmp_path / "here") == release_digests(tmp_path / "there")


def test_a_file_named_by_bytes_that_are_no_text(tmp_path, curate, own_signals):
    """File names need not be UTF-8, with workers or without."""
    folder = tmp_path / "in"
    folder.mkdir()
    path = os.fsencode(folder) + b"/\x93\xfa\x96{.jsonl"
    try:
        with open(path, "wb") as file:  # noqa: PTH123 - a name that a Path cannot be made of
            file.write(_line("named"))
    except OSError:
        pytest.skip("this file system wants UTF-8")
    recipe = recipe_of(folder)
    curate(recipe, tmp_path / "here", filters=[own_signals])
    run(recipe, tmp_path / "there", workers=1, filters=[own_signals])

    assert ["named"] == ids(tmp_path / "here") == ids(tmp_path / "there")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path, curate):
    """A file without permission is one record in quarantine."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/secret.jsonl").write_bytes(_line("secret"))
    (tmp_path / "in/open.jsonl").write_bytes(_line("open"))
    (tmp_path / "in/secret.jsonl").chmod(0)
    curate(recipe_of(tmp_path / "in"), tmp_path / "out")
    (row,) = released(tmp_path / "out", "quarantine")

    assert ["open"] == ids(tmp_path / "out")
    assert "permission" == row["cause"]


def test_what_becomes_readable_is_read(tmp_path, curate):
    """A file that could not be read is looked at again in the next run."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jsonl").symlink_to(tmp_path / "later")
    (tmp_path / "in/b.jsonl").write_bytes(_line("b"))
    curate(recipe_of(tmp_path / "in"), tmp_path / "out")

    assert ["b"] == ids(tmp_path / "out")

    (tmp_path / "in/a.jsonl").unlink()
    (tmp_path / "in/a.jsonl").write_bytes(_line("a"))
    curate(recipe_of(tmp_path / "in"), tmp_path / "out")

    assert ["a", "b"] == ids(tmp_path / "out")
    assert [] == released(tmp_path / "out", "quarantine")


@pytest.mark.parametrize(
    ("line", "kind"),
    [(b'{"text": "a"}\n', "rejected"), (b'{"text": ""}\n', "quarantine"), (b"{}\n", "quarantine")],
)
def test_very_many_tiny_records(tmp_path, curate, line, kind):
    """A hundred thousand records of next to nothing are counted; no shard holds too many."""
    count = 100_000
    (tmp_path / "in.jsonl").write_bytes(line * count)
    recipe = recipe_of(tmp_path / "in.jsonl", limits=LIMITS, dedup={})
    result = curate(recipe, tmp_path / "out")
    stage = "text" if kind == "rejected" else kind
    rows = [
        pq.read_metadata(path).num_rows
        for path in (tmp_path / "out/stages" / stage).glob("*.parquet")
    ]

    assert {"rejected": "rejected", "quarantine": "quarantined"}[kind] in result["counts"]
    assert count == result["counts"]["read"]
    assert count == sum(rows)
    assert shard.SHARD_ROWS >= max(rows)


def test_a_line_over_the_limit(tmp_path, curate):
    """A record of forty megabytes is one row in quarantine, its neighbours are fine."""
    (tmp_path / "in.jsonl").write_bytes(
        _line("before") + b'{"text": "' + b"a" * 40_000_000 + b'"}\n' + _line("after")
    )
    curate(recipe_of(tmp_path / "in.jsonl"), tmp_path / "out")
    (row,) = released(tmp_path / "out", "quarantine")

    assert ["before", "after"] == ids(tmp_path / "out")
    assert "too_large" == row["cause"]
    assert 200 >= len(row["first_bytes"])


def test_large_other_columns_make_small_shards(tmp_path, curate, monkeypatch):
    """What comes along with a text counts: short texts with huge pages do not share a shard."""
    monkeypatch.setattr(shard, "SHARD_BYTES", 50_000)
    page = "<p>" * 10_000
    (tmp_path / "in.jsonl").write_bytes(b"".join(_line(f"a{k}", html=page) for k in range(20)))
    curate(recipe_of(tmp_path / "in.jsonl"), tmp_path / "out")

    assert 10 <= len(list((tmp_path / "out/stages/text").glob("*.parquet")))
    assert [page] * 20 == [row["html"] for row in released(tmp_path / "out")]
