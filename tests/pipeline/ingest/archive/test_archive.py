"""Archives: every member comes in as what it is, and none of it leaves its bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
import zstandard

from seimai.pipeline.ingest import ReadOptions, Skipped, StreamLimits, Unreadable
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    places,
    read_all,
    skips,
    tar_of,
    texts,
    zip_of,
)

MEMBERS = {
    "memo.txt": SENTENCES[0],
    "data/rows.jsonl": f'{{"text": "{SENTENCES[1]}"}}\n{{"text": "{SENTENCES[2]}"}}\n',
    "page.html": f"<!doctype html><p>{SENTENCES[0]}</p>",
}
PLACES = ["!/memo.txt", "!/data/rows.jsonl@0", "!/data/rows.jsonl@67", "!/page.html"]
SMALL = ReadOptions(limits=StreamLimits(always=1 << 20))


def seven_of(members: dict[str, str], password: str | None = None) -> bytes:
    """A 7z archive."""
    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", password=password) as archive:
        for name, content in members.items():
            archive.writestr(content, name)
    return target.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.zip", zip_of),
        ("a.tar", tar_of),
        ("a.tar.gz", lambda members: gzip.compress(tar_of(members))),
        ("a.tar.bz2", lambda members: bz2.compress(tar_of(members))),
        ("a.tar.xz", lambda members: lzma.compress(tar_of(members))),
        ("a.tar.zst", lambda members: zstandard.compress(tar_of(members))),
        ("a.zip.gz", lambda members: gzip.compress(zip_of(members))),
        ("a.7z", seven_of),
        ("no ending", zip_of),
        ("a.dat", lambda members: gzip.compress(tar_of(members))),
    ],
)
def test_members_are_documents(tmp_path: Path, name, make):
    """Whatever the container and its name, each member is read by the reader of its format."""
    found = read_all(tmp_path, name, make(MEMBERS))

    assert [*SENTENCES, SENTENCES[0]] == texts(found)
    assert PLACES == places(found)


def test_compressed_lines_are_no_archive(tmp_path: Path):
    """`.jsonl.gz` is lines, `.tar.gz` an archive, and content tells them apart."""
    lines = gzip.compress(MEMBERS["data/rows.jsonl"].encode())

    assert list(SENTENCES[1:]) == texts(read_all(tmp_path, "a.jsonl.gz", lines))
    assert list(SENTENCES[1:]) == texts(read_all(tmp_path, "a.gz", lines))


@pytest.mark.parametrize("encoding", ["cp932", "utf-8"])
def test_names_without_a_flag_are_read(tmp_path: Path, encoding: str):
    """Windows writes CP932 and macOS UTF-8, and neither says so."""
    name = "資料/表紙.txt".encode(encoding)
    held = "x" * len(name)
    archive = zip_of({held: SENTENCES[0]}).replace(held.encode(), name)
    tape = tar_of({"資料/表紙.txt": SENTENCES[0]})

    assert ["!/資料/表紙.txt"] == places(read_all(tmp_path, "a.zip", archive))
    assert ["!/資料/表紙.txt"] == places(read_all(tmp_path, "a.tar", tape))


def test_names_of_old_tapes_are_read(tmp_path: Path):
    """A header holds bytes; what is not UTF-8 in it is CP932."""
    target = io.BytesIO()
    with tarfile.open(
        fileobj=target, mode="w", format=tarfile.GNU_FORMAT, encoding="cp932"
    ) as tape:
        for name in ("表紙.txt", "長い名前" * 20 + ".txt"):
            header = tarfile.TarInfo(name)
            header.size = 6
            tape.addfile(header, io.BytesIO("港の".encode()))

    assert ["!/表紙.txt", f"!/{'長い名前' * 20}.txt"] == places(
        read_all(tmp_path, "a.tar", target.getvalue())
    )


def test_every_member_is_told_of(tmp_path: Path):
    """One item for each member, whatever it is: read, unreadable or skipped."""
    members = {
        "a.txt": SENTENCES[0],
        "b.txt": "",
        ".c": "x",
        "../d.txt": "x",
        "e.png": b"\x89PNG\r\n\x1a\n" + bytes(50),
        "f.pdf": b"%PDF-1.4 broken",
        "g.7z": b"7z\xbc\xaf\x27\x1c broken",
    }
    for kind, make in (("zip", zip_of), ("tar", tar_of)):
        found = read_all(tmp_path, f"a.{kind}", make(members))
        assert [f"!/{name}" for name in members] == [item.place for item in found]


def test_archives_in_archives_are_read(tmp_path: Path):
    """Members of an archive in an archive are read, with a place that names both."""
    inner = zip_of({"memo.txt": SENTENCES[0]})
    found = read_all(
        tmp_path, "a.tar", tar_of({"b.zip": inner, "c.tgz": gzip.compress(tar_of(MEMBERS))})
    )

    assert ["!/b.zip!/memo.txt", "!/c.tgz!/memo.txt"] == places(found)[:2]
    assert 5 == len(texts(found))


def test_nesting_has_an_end(tmp_path: Path):
    """More than three archives in each other are not opened."""
    archive = zip_of({"memo.txt": SENTENCES[0]})
    for level in range(3):
        archive = zip_of({"memo.txt": SENTENCES[0], f"{level}.zip": archive})
    found = read_all(tmp_path, "a.zip", archive)

    assert 3 == len(texts(found))
    assert ["bomb"] == causes(found)


@pytest.mark.parametrize("name", ["../up.txt", "a/../../b.txt", "/../x.txt"])
def test_names_that_leave_are_refused(tmp_path: Path, name: str):
    """A name that would write outside is not read, and its neighbours are."""
    members = {name: SENTENCES[0], "memo.txt": SENTENCES[1]}

    for kind, make in (("zip", zip_of), ("tar", tar_of)):
        found = read_all(tmp_path, f"a.{kind}", make(members))
        assert ["outside"] == causes(found)
        assert [SENTENCES[1]] == texts(found)


@pytest.mark.parametrize("name", ["/etc/motd", "C:\\etc\\motd", "//etc/motd"])
def test_names_from_the_root_lie_in_the_archive(tmp_path: Path, name: str):
    """A name from the root of a disk is read under the rest of it: nothing is written there."""
    for kind, make in (("zip", zip_of), ("tar", tar_of)):
        found = read_all(tmp_path, f"a.{kind}", make({name: SENTENCES[0]}))
        assert ["!/etc/motd"] == places(found)


def test_archives_of_nothing_leave_a_trace(tmp_path: Path):
    """An archive without members, or with folders only, is counted as empty."""
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w") as archive:
        folder = tarfile.TarInfo("a")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)

    assert {"empty": 1} == skips(read_all(tmp_path, "a.zip", zip_of({})))
    assert {"empty": 1} == skips(read_all(tmp_path, "b.zip", zip_of({"a/": "", "a/b/": ""})))
    assert {"empty": 1} == skips(read_all(tmp_path, "a.tar", tape.getvalue()))
    inner = zip_of({"inner.zip": zip_of({})})
    assert [Skipped("!/inner.zip", "empty", format="zip")] == read_all(tmp_path, "c.zip", inner)


def test_links_and_devices_are_counted(tmp_path: Path):
    """Links and devices in a tape archive are counted and not read."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tape:
        for kind in (
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.FIFOTYPE,
            tarfile.CHRTYPE,
            tarfile.DIRTYPE,
        ):
            header = tarfile.TarInfo(f"of{kind.decode()}")
            header.type, header.linkname = kind, "/etc/passwd"
            tape.addfile(header)
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert {"link": 2, "device": 2} == skips(read_all(tmp_path, "a.tar", target.getvalue()))
    found = read_all(tmp_path, "a.zip", linked.getvalue())
    assert [Skipped("!/link", "link", format="zip")] == found


def test_empty_and_hidden_members_are_counted(tmp_path: Path):
    """Empty files, hidden ones and those that systems leave behind are no texts."""
    members = {
        "empty.txt": "",
        ".DS_Store": "x",
        "__MACOSX/._a.txt": "x",
        "報告/~$a.docx": "x",
        "報告/Thumbs.db": "x",
        ".git/config": "x",
        "a.txt": SENTENCES[0],
    }

    for kind, make in (("zip", zip_of), ("tar", tar_of), ("7z", seven_of)):
        found = read_all(tmp_path, f"a.{kind}", make(members))
        assert {"empty": 1, "hidden": 1, "litter": 4} == skips(found)
        assert [SENTENCES[0]] == texts(found)


def test_locked_members_are_told(tmp_path: Path):
    """Encrypted members of a zip, and an encrypted 7z, are quarantined as such."""
    locked = bytearray(zip_of({"a.txt": SENTENCES[0]}))
    for header in (b"PK\x03\x04", b"PK\x01\x02"):
        at = locked.index(header) + (6 if header.endswith(b"\x04") else 8)
        locked[at] |= 1

    assert ["encrypted"] == causes(read_all(tmp_path, "a.zip", bytes(locked)))
    assert ["encrypted"] == causes(read_all(tmp_path, "a.7z", seven_of({"a": "x"}, "p")))


def test_same_names_get_their_own_places(tmp_path: Path):
    """A file that was appended again is a text of its own."""
    target = io.BytesIO(tar_of({"a.txt": SENTENCES[0]}))
    with tarfile.open(fileobj=target, mode="a") as tape:
        header = tarfile.TarInfo("a.txt")
        header.size = len(SENTENCES[1].encode())
        tape.addfile(header, io.BytesIO(SENTENCES[1].encode()))

    assert ["!/a.txt", "!/a.txt~1"] == places(read_all(tmp_path, "a.tar", target.getvalue()))


def test_a_cut_archive_keeps_what_came_before(tmp_path: Path):
    """A zip without its directory and a tape without its end give their whole members."""
    members = {"a.txt": SENTENCES[0], "b.txt": SENTENCES[1], "c.txt": SENTENCES[2] * 90}
    archive, tape = zip_of(members), gzip.compress(tar_of(members))
    for kind, data in (("zip", archive[: archive.index(b"c.txt") + 20]), ("tar.gz", tape[:-30])):
        found = read_all(tmp_path, f"a.{kind}", data)
        assert list(SENTENCES[:2]) == texts(found)[:2]
        assert {"truncated"} == set(causes(found))


def test_a_streamed_zip_without_directory_is_read(tmp_path: Path):
    """Where sizes stand after the members, their ends are found by unpacking."""

    class Pipe(io.RawIOBase):
        data = b""

        def writable(self) -> bool:
            return True

        def write(self, piece) -> int:
            self.data += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    found = read_all(tmp_path, "a.zip", pipe.data[: pipe.data.index(b"PK\x01\x02")])

    assert [*SENTENCES, SENTENCES[0]] == texts(found)
    assert ["truncated"] == causes(found)


def packed_zip(method: int, packed: bytes, text: str, *, cut: bool = False) -> bytes:
    """An archive of a stored member and one that is packed with a method; `cut` without an end."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", SENTENCES[0])
        archive.writestr("b.txt", packed)
    data = bytearray(target.getvalue())
    for header, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = data.rindex(header)
        fields = struct.pack("<HHHLLL", method, 0, 0, zlib.crc32(text.encode()), len(packed),
                             len(text.encode()))  # fmt: skip
        data[place + at : place + at + len(fields)] = fields
    return bytes(data[: data.index(b"PK\x01\x02")] if cut else data)


def packed_by(method: int, text: str) -> bytes:
    """A text as a program packs it with a method."""
    if method == 9:
        import inflate64

        deflater = inflate64.Deflater()
        return bytes(deflater.deflate(text.encode()) + deflater.flush())
    if method == 95:
        return lzma.compress(text.encode())
    return zstandard.compress(text.encode())


@pytest.mark.parametrize("method", [9, 20, 93, 95])
def test_members_of_newer_methods_are_unpacked(tmp_path: Path, method: int):
    """Deflate64 of Windows, Zstandard and xz; also where the directory is lost."""
    text = "\n".join(SENTENCES) * 300
    packed = packed_by(method, text)

    found = read_all(tmp_path, "a.zip", packed_zip(method, packed, text))
    assert [SENTENCES[0], text] == texts(found)
    assert [] == causes(found)
    found = read_all(tmp_path, "b.zip", packed_zip(method, packed, text, cut=True))
    assert [SENTENCES[0], text] == texts(found)
    assert ["truncated"] == causes(found)


@pytest.mark.parametrize("method", [9, 93, 95])
@pytest.mark.parametrize("fault", ["wrong", "short", "other"])
def test_a_fault_in_a_newer_method_is_told(tmp_path: Path, method: int, fault: str):
    """Bytes that cannot be unpacked, an end that is missing, and a checksum of another text."""
    packed = packed_by(method, SENTENCES[1])
    said = SENTENCES[1] if fault != "other" else SENTENCES[2]
    packed = {"wrong": b"\xff" * 40, "short": packed[:-6]}.get(fault, packed)

    found = read_all(tmp_path, "a.zip", packed_zip(method, packed, said))
    assert ["damaged"] == causes(found)
    assert SENTENCES[0] == texts(found)[0]


def test_methods_that_nobody_unpacks_are_named(tmp_path: Path):
    """The member is told with its place and its method."""
    found = read_all(tmp_path, "a.zip", packed_zip(6, b"xxxx", SENTENCES[1]))
    [fault] = [one for one in found if isinstance(one, Unreadable)]

    assert ("!/b.txt", "format") == (fault.place, fault.cause)
    assert "Implode" in fault.detail


def test_a_damaged_member_costs_itself(tmp_path: Path):
    """A checksum that is wrong loses one member of a zip, a bad header one of a tape."""
    members = {"a.txt": SENTENCES[0], "b.txt": SENTENCES[1], "c.txt": SENTENCES[2]}
    archive = zip_of(members, zipfile.ZIP_STORED).replace(
        SENTENCES[1].encode(), SENTENCES[0].encode()[:1] + SENTENCES[1].encode()[1:-1] + b"x", 1
    )
    tape = bytearray(tar_of(members))
    tape[1024:1030] = b"broken"

    assert [SENTENCES[0], SENTENCES[2]] == texts(found := read_all(tmp_path, "a.zip", archive))
    assert ["damaged"] == causes(found)
    assert [SENTENCES[0], SENTENCES[2]] == texts(found := read_all(tmp_path, "a.tar", bytes(tape)))
    assert ["damaged"] == causes(found)


def test_a_damaged_7z_is_told(tmp_path: Path):
    """Its members are packed together: what was unpacked before the fault is given."""
    data = bytearray(seven_of({"a.txt": SENTENCES[0]}))
    data[40] ^= 0xFF

    assert ["damaged"] == causes(read_all(tmp_path, "a.7z", bytes(data)))


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.zip", zip_of),
        ("a.tgz", lambda members: gzip.compress(tar_of(members))),
        ("a.7z", seven_of),
    ],
)
def test_bombs_are_stopped(tmp_path: Path, name, make):
    """What came before the bomb is kept, and no more than allowed is unpacked."""
    found = read_all(
        tmp_path, name, make({"a.txt": SENTENCES[0], "b.txt": "0" * 30_000_000}), SMALL
    )

    assert "bomb" == causes(found)[-1]
    assert SENTENCES[0] in texts(found) or name == "a.7z"


def test_bombs_cannot_hide_in_each_other(tmp_path: Path):
    """Nested archives share what one may unpack."""
    bomb = zip_of({f"{k}.txt": "0" * 400_000 for k in range(4)})
    found = read_all(tmp_path, "a.zip", zip_of({f"{k}.zip": bomb for k in range(4)}), SMALL)

    assert "bomb" == causes(found)[-1]
    assert 3 > len(texts(found))


def test_overlapping_members_are_a_bomb(tmp_path: Path):
    """A directory that names one member a thousand times unpacks no more than others."""
    data = zip_of({"a.txt": "0" * 100_000})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    count = 200
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    found = read_all(tmp_path, "a.zip", data[:start] + entry * count + bytes(tail), SMALL)

    assert "bomb" == causes(found)[-1]


def test_long_headers_of_tapes_are_refused(tmp_path: Path):
    """A name of megabytes is not read into memory."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 30

    assert ["bomb"] == causes(
        read_all(tmp_path, "a.tar", header.tobuf(tarfile.GNU_FORMAT) + b"x" * 4096)
    )


def test_members_without_a_reader_are_told(tmp_path: Path):
    """A picture in an archive is what it is in a folder."""
    found = read_all(tmp_path, "a.zip", zip_of({"a.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50}))

    assert ["format"] == causes(found)
    assert "!/a.png" == found[0].place


def test_an_empty_directory_after_bytes_is_told(tmp_path: Path):
    """An archive whose directory is lost and whose beginning is damaged is no empty archive."""
    whole = zip_of({"a.txt": SENTENCES[0]})
    lost = b"XX" + whole[2:] + zip_of({})

    assert ["damaged"] == causes(read_all(tmp_path, "a.zip", lost, ReadOptions(format="zip")))
    assert {"empty": 1} == skips(read_all(tmp_path, "b.zip", zip_of({})))


def test_names_of_old_unix_are_read(tmp_path: Path):
    """A tape with names in EUC-JP, and one whose names go over the folder itself."""
    name = "資料/議事録.txt"
    tape = io.BytesIO()
    with tarfile.open(
        fileobj=tape, mode="w", format=tarfile.USTAR_FORMAT, encoding="euc_jp"
    ) as file:
        header = tarfile.TarInfo(name)
        header.size = len(SENTENCES[0].encode())
        file.addfile(header, io.BytesIO(SENTENCES[0].encode()))

    assert [f"!/{name}"] == places(read_all(tmp_path, "a.tar", tape.getvalue()))
    assert ["!/a/./b.txt"] == places(
        read_all(tmp_path, "b.tar", tar_of({"a/./b.txt": SENTENCES[0]}))
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x1f\x9d\x90" + bytes(40), "compress"),
        (b"\x5d\x00\x00\x80\x00" + b"\xff" * 40, "LZMA"),
        (b"MZ" + bytes(100), "a program"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, data: bytes, said: str):
    """Compressions of old and programs that unpack themselves are told for what they are."""
    [one] = read_all(tmp_path, "a", data)

    assert isinstance(one, Unreadable)
    assert said in one.detail


def test_a_book_is_its_chapters(tmp_path: Path):
    """Of an EPUB chapters are read; its machinery, contents and pictures are counted."""
    book = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": "<container/>",
        "OEBPS/content.opf": "<package><title>本</title></package>",
        "OEBPS/nav.xhtml": "<html><body><p>一章</p></body></html>",
        "OEBPS/ch1.xhtml": f"<html><body><p>{SENTENCES[0]}</p></body></html>",
        "OEBPS/ch2.html": f"<html><body><p>{SENTENCES[1]}</p></body></html>",
    }
    found = read_all(tmp_path, "a.epub", zip_of(book, zipfile.ZIP_STORED))
    other = read_all(tmp_path, "a.zip", zip_of({"mimetype": "text/plain", "a.txt": SENTENCES[0]}))

    assert [SENTENCES[0], SENTENCES[1]] == texts(found)
    assert {"book_part": 4} == skips(found)
    assert ["text/plain", SENTENCES[0]] == texts(other)
