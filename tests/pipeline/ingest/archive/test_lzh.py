"""LZH archives: what LHA packed comes out as it was, and nothing harmful with it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from seimai.pipeline.ingest import ReadOptions, StreamLimits
from seimai.pipeline.ingest.archive import lzh
from tests.pipeline.ingest.making import SENTENCES, causes, places, read_all, skips, texts, zip_of
from tests.pipeline.ingest.packing import lzh_of

MEMBERS = {
    "memo.txt": SENTENCES[0],
    "資料/表紙.txt": SENTENCES[1] * 300,
    "c.jsonl": f'{{"text": "{SENTENCES[2]}"}}\n' * 3,
}
PLACES = ["!/memo.txt", "!/資料/表紙.txt", "!/c.jsonl@0", "!/c.jsonl@82", "!/c.jsonl@164"]
METHODS = ("lh0", "lh1", "lh4", "lh5", "lh6", "lh7")
SMALL = ReadOptions(limits=StreamLimits(always=1 << 18))


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_members_are_documents(tmp_path: Path, method: str, level: int):
    """Every method and every kind of header is read, whatever the file is called."""
    found = read_all(tmp_path, "backup.dat", lzh_of(MEMBERS, method, level))

    assert [SENTENCES[0], SENTENCES[1] * 300, *[SENTENCES[2]] * 3] == texts(found)
    assert PLACES == places(found)


@pytest.mark.parametrize("method", METHODS)
def test_long_members_come_out_whole(tmp_path: Path, monkeypatch, method: str):
    """A member is unpacked in pieces, with repetitions across them and codes that start anew."""
    monkeypatch.setattr(lzh, "MIB", 1 << 16)
    dice = random.Random(method)
    noise = "".join(dice.choices("いろはにほへとちりぬるを", k=12_000))
    text = noise + "港" * 40_000 + noise

    assert [text] == texts(read_all(tmp_path, "a.lzh", lzh_of({"a.txt": text}, method)))


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_are_read(tmp_path: Path, encoding: str):
    """Windows and Unix write names in their own encodings; 表 ends with the byte of a slash."""
    members = {"予定表/ソース一覧表.txt": SENTENCES[0]}

    for level in range(4):
        found = read_all(tmp_path, "a.lzh", lzh_of(members, "lh5", level, encoding))
        assert ["!/予定表/ソース一覧表.txt"] == places(found)


def test_a_name_in_unicode_comes_first(tmp_path: Path):
    """Later programs add the name in UTF-16, with folders that end in U+FFFF."""
    data = lzh_of({"memo.txt": SENTENCES[0]}, "lh5", 2)
    wide = [
        b"\x44" + "한글.txt".encode("utf-16-le"),
        b"\x45" + "資料\uffff".encode("utf-16-le"),
    ]
    fields = b"".join((len(field) + 2).to_bytes(2, "little") + field for field in wide)
    size = int.from_bytes(data[:2], "little") + len(fields)
    data = size.to_bytes(2, "little") + data[2:24] + fields + data[24:]

    assert ["!/資料/한글.txt"] == places(read_all(tmp_path, "a.lzh", data))


def test_folders_and_empty_members_are_no_texts(tmp_path: Path):
    """A folder is no member; an empty file is counted."""
    folder, empty = lzh_of({"a/": b""}, "lhd"), lzh_of({"b.txt": b""}, "lh0")
    found = read_all(tmp_path, "a.lzh", folder[:-1] + empty[:-1] + lzh_of(MEMBERS))

    assert {"empty": 1} == skips(found)
    assert PLACES == places(found)


def test_the_end_may_be_missing(tmp_path: Path):
    """The byte that ends an archive says nothing that its members do not."""
    assert PLACES == places(read_all(tmp_path, "a.lzh", lzh_of(MEMBERS)[:-1]))


def test_archives_in_archives_are_read(tmp_path: Path):
    """LZH is one more kind of archive inside of others."""
    inner = lzh_of({"b.zip": zip_of({"memo.txt": SENTENCES[0]})})

    assert ["!/a.lzh!/b.zip!/memo.txt"] == places(
        read_all(tmp_path, "a.zip", zip_of({"a.lzh": inner}))
    )


@pytest.mark.parametrize("level", [0, 1])
def test_a_damaged_header_costs_one_member(tmp_path: Path, level: int):
    """Reading goes on at the next header whose checksum is right."""
    data = bytearray(lzh_of({"a.txt": SENTENCES[0], **MEMBERS}, "lh5", level))
    data[8] ^= 0x55
    found = read_all(tmp_path, "a.lzh", bytes(data))

    assert ["damaged"] == causes(found)
    assert PLACES == places(found)


@pytest.mark.parametrize("method", METHODS)
def test_damaged_bytes_cost_one_member(tmp_path: Path, method: str):
    """The checksum tells what unpacking does not."""
    data = lzh_of({"a.txt": SENTENCES[0] * 40}, method)
    hurt = bytearray(data)
    hurt[-9] ^= 0x10
    found = read_all(tmp_path, "a.lzh", bytes(hurt[:-1]) + lzh_of(MEMBERS))

    assert 1 == len(causes(found))
    assert {"damaged", "truncated"} >= set(causes(found))
    assert PLACES == places(found)


@pytest.mark.parametrize("method", METHODS)
def test_a_cut_archive_keeps_what_came_before(tmp_path: Path, method: str):
    """The member in which the file ends is truncated."""
    data = lzh_of({**MEMBERS, "z.txt": "".join(map(chr, range(0x4E00, 0x5200)))}, method)
    found = read_all(tmp_path, "a.lzh", data[:-40])

    assert PLACES == places(found)
    assert ["truncated"] == causes(found)


def test_unknown_methods_are_told(tmp_path: Path):
    """A method of which nothing is known costs its member."""
    data = bytearray(lzh_of({"a.txt": SENTENCES[0]}, "lh5"))
    data[5] = ord("2")
    data[1] = sum(data[2 : data[0] + 2]) & 0xFF
    found = read_all(tmp_path, "a.lzh", bytes(data[:-1]) + lzh_of(MEMBERS))

    assert ["format"] == causes(found)
    assert PLACES == places(found)


@pytest.mark.parametrize("method", ["lh5", "lh7"])
def test_bombs_are_stopped(tmp_path: Path, method: str):
    """A few bytes that say to be many are unpacked as far as is allowed."""
    bomb = lzh_of({"b.txt": b"0" * 1_200_000}, method)
    found = read_all(tmp_path, "a.lzh", lzh_of(MEMBERS)[:-1] + bomb, SMALL)

    assert PLACES == places(found)
    assert ["bomb"] == causes(found)


def test_a_size_that_lies_takes_no_memory(tmp_path: Path):
    """Four gigabytes are only said: the packed bytes end first."""
    data = bytearray(lzh_of({"a.txt": SENTENCES[0]}, "lh5"))
    data[11:15] = b"\xff\xff\xff\xff"
    data[1] = sum(data[2 : data[0] + 2]) & 0xFF

    assert ["truncated"] == causes(read_all(tmp_path, "a.lzh", bytes(data)))


def test_names_from_the_root_lie_in_the_archive(tmp_path: Path):
    """Programs of old kept whole paths: the rest of the name is read."""
    for level in (0, 2):
        data = lzh_of({"/subdir/hello.txt": SENTENCES[0]}, "lh5", level)
        assert ["!/subdir/hello.txt"] == places(read_all(tmp_path, "a.lzh", data))


@pytest.mark.parametrize("name", ["../up.txt", "a/../../b.txt"])
def test_names_that_leave_are_refused(tmp_path: Path, name: str):
    """A name that would write outside is not read, and its neighbours are."""
    for level in (0, 2):
        found = read_all(tmp_path, "a.lzh", lzh_of({name: SENTENCES[0], **MEMBERS}, "lh5", level))
        assert ["outside"] == causes(found)
        assert PLACES == places(found)


@pytest.mark.parametrize("method", ["lh1", "lh5"])
def test_noise_is_unpacked_to_a_reason(tmp_path: Path, method: str):
    """Packed bytes that no program wrote end with a reason, not with a hang."""
    dice = random.Random(method)
    for _ in range(60):
        data = bytearray(lzh_of({"a.txt": SENTENCES[0] * 20}, method))
        start = data[0] + 2
        data[start:-1] = dice.randbytes(len(data) - 1 - start)

        assert {"damaged", "truncated"} >= set(causes(read_all(tmp_path, "a.lzh", bytes(data))))


def test_bytes_without_a_header_are_told(tmp_path: Path):
    """Only after a member a zero is the end; a search among many false headers has one too."""
    options = ReadOptions(format="lzh")
    false = (b"\x30\0-lh5-" + bytes(14) + b"\xff") * 30_000

    assert ["truncated"] == causes(read_all(tmp_path, "a.lzh", b"\0\0-lh5-" + bytes(90), options))
    assert ["truncated"] == causes(read_all(tmp_path, "a.lzh", b"\x30\0-lh5-" + bytes(14)))
    assert 1 == len(causes(read_all(tmp_path, "a.lzh", false)))
