"""Old documents: a fault costs what it damages, and nothing vanishes without a word."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, Unreadable
from tests.pipeline.ingest.making import SENTENCES, causes, read_all, skips, texts
from tests.pipeline.ingest.old_office import (
    CELL,
    biff,
    biff_string,
    box,
    cell,
    doc_of,
    lists_of,
    ole_of,
    ppt_of,
    record,
    slide,
    wide,
    word_cell,
    xls_of,
)

WORDS = ("あ" * 40, SENTENCES[0], "plain text")


def cut_strings(cut: int, *, again: bool) -> bytes:
    """
    A table of shared strings, cut after so many bytes of its strings.

    A cut within characters says again how wide these are, also before the first one.
    """
    whole, starts, wides = bytearray(struct.pack("<II", 3, 3)), [], []
    for word in WORDS:
        raw = biff_string(word)
        starts.append((len(whole) + 3, len(whole) + len(raw)))
        wides.append(raw[2:3])
        whole += raw
    cut += 8
    inside = [k for k, (begin, end) in enumerate(starts) if begin <= cut < end]
    flags = wides[inside[0]] if inside and again else b""
    return biff(0xFC, bytes(whole[:cut])) + biff(0x3C, flags + bytes(whole[cut:]))


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 43, 82, 83, 84, 86, 88, 90, 130])
def test_strings_may_be_cut_anywhere(tmp_path: Path, cut: int):
    """In the header, between header and characters, within characters, and between strings."""
    if 3 <= cut < 83 and cut % 2 == 0:
        cut += 1  # Programs do not cut a character in two.
    sheet = b"".join(word_cell(k, 0, k) for k in range(3))
    data = xls_of({"s": sheet}, more=cut_strings(cut, again=True))

    assert ["\n".join(WORDS)] == texts(read_all(tmp_path, "a.xls", data))


def test_text_boxes_and_results_may_be_cut_before_their_first_character(tmp_path: Path):
    """A text box, or the result of a formula, may begin in the record that continues it."""
    result = cell(0x06, 0, 0, struct.pack("<8sHI2x", b"\0\0\0\0\0\0\xff\xff", 0, 0))
    result += biff(0x207, struct.pack("<HB", 2, 1)) + biff(0x3C, b"\1" + "結果".encode("utf-16-le"))
    shape = biff(0x5D, struct.pack("<HHHH14x", 0x15, 0x12, 6, 1))
    shape += biff(0x1B6, struct.pack("<10xHH4x", 2, 16))
    shape += biff(0x3C, b"\1") + biff(0x3C, b"\1" + "図形".encode("utf-16-le"))

    assert ["結果\n図形"] == texts(read_all(tmp_path, "a.xls", xls_of({"s": result + shape})))


def test_half_a_character_costs_itself(tmp_path: Path):
    """A character that is cut in two is lost; the strings after it are there."""
    raw = biff_string("甲乙丙")
    table = struct.pack("<II", 2, 2) + raw[:6]
    more = b"\1" + raw[7:] + biff_string("次")
    sheet = word_cell(0, 0, 0) + word_cell(0, 1, 1)
    [found] = read_all(
        tmp_path, "a.xls", xls_of({"s": sheet}, more=biff(0xFC, table) + biff(0x3C, more))
    )

    assert isinstance(found, Document)
    assert "甲\N{REPLACEMENT CHARACTER}丙\t次" == found.text


def test_broken_strings_cost_their_cells(tmp_path: Path):
    """Strings before the fault are there, numbers too; the fault is told once."""
    table = biff(0xFC, struct.pack("<II", 9, 9) + biff_string("甲") + b"\xff\x7f\1")
    number = cell(0x203, 0, 2, struct.pack("<d", 7))
    sheet = word_cell(0, 0, 0) + word_cell(0, 1, 1) + number
    told, found = read_all(tmp_path, "a.xls", xls_of({"s": sheet}, more=table))

    assert isinstance(told, Unreadable)
    assert ("strings", "truncated") == (told.place, told.cause)
    assert ["甲\t\t7"] == texts([found])


def test_broken_records_cost_themselves(tmp_path: Path):
    """A format, a cell and a row that are too short leave the others as they are."""
    number = struct.pack("<d", 7)
    sheet = cell(0x203, 0, 0, number) + biff(0x203, b"\0") + biff(0x208, b"\0")
    sheet += cell(0x203, 1, 0, number)
    data = xls_of({"s": sheet}, more=biff(0x41E, b"\1\0\xff\xff\1") + biff(0xE0, b"\0"))
    found = read_all(tmp_path, "a.xls", data)

    assert ["7\n7"] == texts(found)
    assert ["workbook", "sheet 1"] == [one.place for one in found if isinstance(one, Unreadable)]


def test_titles_of_charts_are_read(tmp_path: Path):
    """A chart in a sheet gives its titles and the names of its series."""
    title = struct.pack("<H", 0) + biff_string("売上の推移", "B")
    chart = biff(0x809, struct.pack("<4H8x", 0x600, 0x20, 0, 0)) + biff(0x100D, title) + biff(0x0A)
    data = xls_of({"s": word_cell(0, 0, 0) + chart}, ["甲"])

    assert ["甲\n売上の推移"] == texts(read_all(tmp_path, "a.xls", data))


def test_a_broken_slide_costs_itself(tmp_path: Path):
    """A slide that is none and one that breaks off are told, the others are read."""
    broken = slide(box(record(0x0F9E, b"\0"), wide("三")), more=record(0x03F9, b"\0"))
    data = ppt_of(slide(box(wide("一"))), record(0x0FF5, bytes(8)), broken, slide(box(wide("四"))))
    found = read_all(tmp_path, "a.ppt", data)

    assert ["一\n\n四"] == texts(found)
    assert ["slide 2", "slide 3"] == [one.place for one in found if isinstance(one, Unreadable)]


def test_word_is_read_without_its_formatting(tmp_path: Path):
    """Tables of formatting and of lists that are cut off cost numbers and hiding, not the text."""
    lists = lists_of([(0, "第\0条", 0)], uses=[{}], styles={})
    places = {"委託する。\r": (1, 0, 0)}
    data = doc_of("委託する。\r", lists=(lists[0][:40], lists[1], lists[2]), places=places)
    found = read_all(tmp_path, "a.doc", data)
    raw = bytearray(doc_of(f"{SENTENCES[0]}\r"))
    at = raw.index(struct.pack("<HH", 0xA5EC, 193))
    struct.pack_into("<II", raw, at + 0xFA, 1 << 20, 12)
    lost = read_all(tmp_path, "b.doc", bytes(raw))

    assert ["委託する。"] == texts(found)
    assert ["lists"] == [one.place for one in found if isinstance(one, Unreadable)]
    assert ([SENTENCES[0]], ["truncated"]) == (texts(lost), causes(lost))


def test_word_counts_objects_and_reads_enclosed_characters(tmp_path: Path):
    """An embedded object is a field without text; 囲い文字 are one with text."""
    data = doc_of("前\x13 EMBED Excel.Sheet.8 \x14\1\x15と\x13 eq \\o\\ac(○,秘)\x15。\r")
    found = read_all(tmp_path, "a.doc", data)

    assert ["前と秘。"] == texts(found)
    assert {"embedded": 1} == skips(found)


def test_objects_of_presentations_are_counted(tmp_path: Path):
    """Charts and tables of other programs on slides are objects of the presentation."""
    objects = record(0x0409, record(0x0FCC, bytes(8), nests=True) * 2, nests=True)
    data = ppt_of(slide(box(wide("題"))), objects=objects)

    assert {"embedded": 2} == skips(read_all(tmp_path, "a.ppt", data))


def older_doc(
    text: bytes, *, language: int = 0x411, flags: int = 0, formats: dict[bytes, bytes] | None = None
) -> bytes:
    """A document of Word 6, its text in pieces where `flags` say so, with formats of some words."""
    file = bytearray(0x300)
    struct.pack_into("<HHHH", file, 0, 0xA5DC, 104, 0, language)
    struct.pack_into("<H", file, 10, flags)
    struct.pack_into("<II", file, 0x18, 0x300, 0x300 + len(text))
    struct.pack_into("<I", file, 0x34, len(text))
    half = len(text) // 2
    if flags & 4:  # The second half of the text stands first.
        file += text[half:] + text[:half]
        plan = struct.pack("<III", 0, half, len(text))
        first = 0x300 + len(text) - half
        plan += struct.pack("<HIHHIH", 0, first, 0, 0, 0x300, 0)
        table = b"\2" + struct.pack("<I", len(plan)) + plan
        struct.pack_into("<II", file, 0x160, len(file), len(table))
        file += table
    else:
        file += text
    if formats is not None:
        file += bytes(-len(file) % 512)
        places = sorted((0x300 + text.index(word), 0x300 + text.index(word) + len(word), said)
                        for word, said in formats.items())  # fmt: skip
        ends = [0x300]
        said = [b""]
        for first, end, properties in places:
            ends += [first, end]
            said += [properties, b""]
        ends.append(0x300 + len(text))
        page = bytearray(512)
        struct.pack_into(f"<{len(ends)}I", page, 0, *ends)
        at = 508
        for k, properties in enumerate(said):
            if properties:
                at = (at - len(properties) - 1) // 2 * 2
                page[at : at + 1 + len(properties)] = bytes([len(properties)]) + properties
                page[4 * len(ends) + k] = at // 2
        page[511] = len(said)
        table = struct.pack("<IIH", 0x300, ends[-1], len(file) // 512)
        file += page
        struct.pack_into("<II", file, 0xB8, len(file), len(table))
        file += table
    return ole_of({"WordDocument": bytes(file).ljust(5000, b"\0")})


@pytest.mark.parametrize("flags", [0, 4])
def test_word_before_97_is_read(tmp_path: Path, flags: int):
    """Its text is in the code page of its language, in one run or in pieces."""
    text = f"{SENTENCES[0]}\r甲{CELL}乙{CELL}{CELL}{SENTENCES[1]}\r".encode("cp932")
    [found] = read_all(tmp_path, "a.doc", older_doc(text, flags=flags))

    assert isinstance(found, Document)
    assert f"{SENTENCES[0]}\n甲\t乙\n{SENTENCES[1]}" == found.text
    assert ("cp932", "doc") == (found.encoding, found.format)
    assert ["encrypted"] == causes(read_all(tmp_path, "b.doc", older_doc(text, flags=0x100)))


def test_hidden_text_of_word_before_97_is_left_out(tmp_path: Path):
    """Hidden and deleted runs; formats that are damaged hide nothing."""
    text = "見える。隠し。消し。太い。終わり。\r".encode("cp932")
    formats = {
        "隠し。".encode("cp932"): b"\x50\1\0\x5c\1",
        "消し。".encode("cp932"): b"\x44\2\0\0\x41\1",
        "太い。".encode("cp932"): b"\x55\1\x5c\0",
    }
    data = older_doc(text, formats=formats)
    damaged = older_doc(text, formats={"隠し。".encode("cp932"): b"\xff\x5c\1"})

    assert ["見える。太い。終わり。"] == texts(read_all(tmp_path, "a.doc", data))
    assert ["見える。隠し。太い。終わり。"] == texts(
        read_all(tmp_path, "a.doc", data, ReadOptions(hidden="keep"))
    )
    assert ["見える。隠し。消し。太い。終わり。"] == texts(read_all(tmp_path, "b.doc", damaged))
