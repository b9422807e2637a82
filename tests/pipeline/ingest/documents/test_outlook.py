"""MSG: subject and body in whatever they are kept in, and what is attached."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document
from seimai.pipeline.ingest.documents.office.rich_text.packed_text import SHARED
from tests.pipeline.ingest.making import SENTENCES, causes, read_all, skips, texts
from tests.pipeline.ingest.old_office import msg_of


def texts_of(folder: Path, data: bytes) -> str:
    """The texts of a message."""
    return "\n".join(texts(read_all(folder, "a.msg", data)))


@pytest.mark.parametrize("kind", [0x1F, 0x1E])
def test_messages_give_subject_and_body(tmp_path: Path, kind: int):
    """Strings are UTF-16 or in the code page of the message; attachments are counted."""
    codec = "utf-16-le" if kind == 0x1F else "cp932"
    data = msg_of(
        {
            0x00370000 | kind: "会議の件".encode(codec),
            0x10000000 | kind: f"{SENTENCES[1]}\r\n以上".encode(codec),
            0x0C1A0000 | kind: "差出人".encode(codec),
        },
        attached={"覚え書き.txt": SENTENCES[0].encode(), "logo.png": b"x"},
        inside=[{0x1000001F: SENTENCES[2].encode("utf-16-le")}],
    )
    found = read_all(tmp_path, "a.msg", data)
    mail, note, forwarded = [item for item in found if isinstance(item, Document)]

    assert (SENTENCES[0], "!/覚え書き.txt", "text") == (note.text, note.place, note.format)
    assert (SENTENCES[2], "!/message-1.msg", "msg") == (
        forwarded.text,
        forwarded.place,
        forwarded.format,
    )
    assert f"会議の件\n\n{SENTENCES[1]}\n以上" == mail.text
    assert {"title": "会議の件"} == mail.extra
    assert "2024-05-06T06:08:39+00:00" == mail.date
    assert {"attachment": 1} == skips(found)


@pytest.mark.parametrize(
    ("fixed", "codec"),
    [
        ({0x3FFD: 932}, "cp932"),
        ({0x3FDE: 50220, 0x3FF1: 1041}, "cp932"),
        ({0x3FDE: 65001, 0x3FF1: 1041}, "cp932"),
        ({0x3FFD: 65001, 0x3FF1: 1041}, "cp932"),
        ({0x3FFD: 1252}, "cp932"),
        ({}, "cp932"),
        ({0x3FFD: 1200, 0x3FF1: 1041}, "cp932"),
        ({0x3FFD: 65001}, "utf-8"),
    ],
)
def test_bytes_of_messages_are_read_as_what_they_are(tmp_path: Path, fixed, codec: str):
    """The coding of the Internet message says nothing; a code page that lies is outvoted."""
    strings = {
        0x0037001E: "来年度予算の件です".encode(codec),
        0x1000001E: SENTENCES[1].encode(codec),
    }
    [found] = read_all(tmp_path, "a.msg", msg_of(strings, fixed=fixed))

    assert isinstance(found, Document)
    assert f"来年度予算の件です\n\n{SENTENCES[1]}" == found.text
    assert (codec, 0) == (found.encoding, found.replaced)


def test_the_language_of_the_writer_tells_the_code_page(tmp_path: Path):
    """A German message without a code page has German letters; what is lost is counted."""
    for fixed in ({0x3FF1: 1031, 0x3FDE: 65001}, {0x3FFD: 65001, 0x3FF1: 1031}, {0x3FFD: 1252}):
        german = {0x0037001E: "Thema öäü Thema".encode("cp1252"), 0x1000001F: b"\x00\xd8a\0"}
        [found] = read_all(tmp_path, "a.msg", msg_of(german, fixed=fixed))

        assert isinstance(found, Document)
        assert "Thema öäü Thema" == found.text.splitlines()[0]
        assert 1 == found.replaced


RICH = rb"{\rtf1\ansi\ansicpg932\pard \'89\'ef\'8b\'63\'81\'42\par \'89\'ef\'8b\'63\'81\'42\par}"


def packed(data: bytes, magic: bytes) -> bytes:
    """Rich text as Outlook packs it: runs of the window, of what every window begins with too."""
    window = SHARED + data
    body, at = bytearray(), 0
    while at <= len(data) and magic != b"MELA":
        flags, group = 0, bytearray()
        for bit in range(8):
            here = len(SHARED) + at
            longest = range(min(17, len(data) - at), 2, -1)
            known = (n for n in longest if data[at : at + n] in window[: here + n - 1])
            length = next(known, 0)
            if at >= len(data):
                flags |= 1 << bit
                group += struct.pack(">H", (here % 4096) << 4)
                at += 1
                break
            if length:
                start = window.find(data[at : at + length])
                flags |= 1 << bit
                group += struct.pack(">H", start << 4 | length - 2)
                at += length
            else:
                group.append(data[at])
                at += 1
        body += bytes([flags]) + group
    content = data if magic == b"MELA" else bytes(body)
    return struct.pack("<II4sI", len(content) + 12, len(data), magic, 0) + content


def test_a_message_may_have_only_a_page(tmp_path: Path):
    """A body that is only there as a web page, or as packed rich text, is read as such."""
    page = f"<html><body><p>{SENTENCES[0]}</p></body></html>".encode("cp932")

    assert SENTENCES[0] == texts_of(tmp_path, msg_of({0x10130102: page}))
    for data in (packed(RICH, b"LZFu"), packed(RICH, b"MELA")):
        assert "会議。\n会議。" == texts_of(tmp_path, msg_of({0x10090102: data}))
    for data, cause in ((b"LZFu", "truncated"), (packed(RICH, b"LZFx"), "damaged")):
        assert [cause] == causes(read_all(tmp_path, "a.msg", msg_of({0x10090102: data})))
    locked = msg_of({0x001A001E: b"IPM.Note.SMIME", 0x1000001E: b"x"})
    assert ["encrypted"] == causes(read_all(tmp_path, "a.msg", locked))
    assert {"empty": 1} == skips(read_all(tmp_path, "a.msg", msg_of({})))
