"""Parts of a file that is read through: together they give what the whole file gives, once each."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard

from seimai.pipeline.engine.planning import plan
from seimai.pipeline.ingest import Input, read
from seimai.pipeline.ingest.sources import gzip_members, parts, streams

_DICE = random.Random(0)
TEXTS = [f"{k}番の渡し船は、朝のうちに{_DICE.getrandbits(400)}人を運んだ。" for k in range(400)]
LINES = "".join(f'{{"text": "{one}"}}\n' for one in TEXTS).encode()
TABLE = "番号,text\n" + "".join(f'{k},"{one}\n二行目"\n' for k, one in enumerate(TEXTS))


def in_members(data: bytes, pack: Callable[[bytes], bytes] = gzip.compress) -> bytes:
    """Data in members of 700 bytes each, which end anywhere."""
    return b"".join(pack(data[k : k + 700]) for k in range(0, len(data), 700))


def crawl(pack: Callable[[bytes], bytes]) -> bytes:
    """A crawl of a record for each text."""
    records = []
    for text in TEXTS:
        body = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{text}".encode()
        head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(body)}\r\n\r\n"
        records.append(pack(head.encode() + body + b"\r\n\r\n"))
    return b"".join(records)


FILES = {
    "a.jsonl.gz": gzip.compress(LINES),
    "members.jsonl.gz": in_members(LINES),
    "a.jsonl.zst": zstandard.compress(LINES),
    "frames.jsonl.zst": in_members(LINES, zstandard.compress),
    "a.jsonl.bz2": bz2.compress(LINES),
    "a.jsonl.xz": lzma.compress(LINES),
    "one line.jsonl.gz": gzip.compress(LINES.replace(b"\n", b" ")),
    "no end.jsonl.gz": gzip.compress(LINES[:-1]),
    "utf-16.jsonl.gz": gzip.compress(LINES.decode().encode("utf-16")),
    "cut.jsonl.gz": gzip.compress(LINES)[:-3000],
    "damaged.jsonl.zst": (good := in_members(LINES, zstandard.compress))[:4000]
    + b"????"
    + good[4004:],
    "noise after.jsonl.gz": gzip.compress(LINES) + b"noise" * 300,
    "a.csv": TABLE.encode(),
    "cp932.csv": TABLE.encode("cp932"),
    "a.csv.gz": gzip.compress(TABLE.encode()),
    "a quote that stays open.csv": TABLE.encode()[:9000] + b'x,"' + TABLE.encode()[9000:],
    "no texts.csv": b"a,b\n" + b"1,2\n" * 3000,
    "a.warc": crawl(bytes),
    "a.warc.gz": crawl(gzip.compress),
    "a.warc.zst": crawl(zstandard.compress),
    "one stream.warc.gz": gzip.compress(crawl(bytes)),
    "a.warc.bz2": bz2.compress(crawl(bytes)),
    "damaged.warc.gz": (packed := crawl(gzip.compress))[:9000] + b"????" + packed[9004:],
    "cut.warc.gz": crawl(gzip.compress)[:-150],
}


@pytest.mark.parametrize("name", FILES)
def test_parts_give_what_the_whole_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """However a file is cut, its parts give every record and every fault once, in order."""
    for module in (streams, parts, gzip_members):
        if hasattr(module, "RAW_READ"):
            monkeypatch.setattr(module, "RAW_READ", 1000)
    monkeypatch.setattr("seimai.pipeline.ingest.records.tables.SAMPLE", 1000)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    size = path.stat().st_size
    whole = list(read(Input(str(path), name, size)))
    dice = random.Random(name)
    for count in (1, 2, 5):
        cuts = sorted({0, *(dice.randrange(size) for _ in range(count)), size})
        found = [
            item
            for begin, end in pairwise(cuts)
            for item in read(Input(str(path), name, size, start=begin, end=end))
        ]

        assert whole == found


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.xz", "a.csv", "a.warc.gz"])
def test_the_work_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Both halves of a file give records: none of them reads it all."""
    for module in (streams, parts):
        monkeypatch.setattr(module, "RAW_READ", 1000)
    monkeypatch.setattr("seimai.pipeline.ingest.records.tables.SAMPLE", 1000)
    path = tmp_path / name
    path.write_bytes(FILES[name])
    size = path.stat().st_size
    halves = [(0, size // 2), (size // 2, size)]

    assert all(
        list(read(Input(str(path), name, size, start=begin, end=end))) for begin, end in halves
    )


def test_files_are_cut_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines are cut by size, what has to be read through in a few parts, other files not at all."""
    monkeypatch.setattr(plan, "SPLIT_BYTES", 100)
    counts = {
        name: len(list(plan.parts_of(Input(name, name, 10_000))))
        for name in ("a.jsonl", "a.jsonl.zst", "a.csv", "a.warc.gz", "a.html", "s3://b/a.csv")
    }

    assert {
        "a.jsonl": 100,
        "a.jsonl.zst": plan.MOST_PARTS,
        "a.csv": plan.MOST_PARTS,
        "a.warc.gz": plan.MOST_PARTS,
        "a.html": 1,
        "s3://b/a.csv": 1,
    } == counts
