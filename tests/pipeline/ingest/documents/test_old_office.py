"""The old binary formats: read as their successors are, and bounded whatever is in them."""

from __future__ import annotations

import builtins
import random
import struct
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, Unreadable
from tests.pipeline.ingest.making import SENTENCES, causes, places, read_all, skips, texts
from tests.pipeline.ingest.old_office import (
    CELL,
    PART,
    ROW,
    biff,
    biff_string,
    box,
    cell,
    doc_of,
    msg_of,
    ole_of,
    ppt_of,
    record,
    slide,
    summary_of,
    wide,
    word_cell,
    xls_of,
)

pytest.importorskip("olefile")

ALL = ReadOptions(hidden="keep", comments="keep")
SMALL = ReadOptions(max_record=200)


def one_text(folder: Path, name: str, data: bytes, options: ReadOptions | None = None) -> str:
    """The text of the only document."""
    [text] = texts(read_all(folder, name, data, options))
    return text


# --- Word ---------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [1, 2, 7, 1000])
def test_word_text_is_put_together_from_its_pieces(tmp_path: Path, piece: int):
    """The table says the order, not the file; characters take one byte, two or four."""
    text = f"{SENTENCES[0]}\r朝𠮷野家 ABC\x0b二行目\x1e三\r{SENTENCES[1]}\r"

    assert f"{SENTENCES[0]}\n朝𠮷野家 ABC\n二行目-三\n{SENTENCES[1]}" == one_text(
        tmp_path, "a.doc", doc_of(text, piece=piece)
    )


def test_word_rows_are_lines(tmp_path: Path):
    """The marks of cells and rows look alike; formatting tells them apart."""
    table = f"品名{CELL}{CELL}数{PART}個{CELL}{ROW}{CELL}{CELL}三{CELL}{ROW}"

    assert f"前\n品名\t\t数 個\n\t\t三\n{SENTENCES[1]}" == one_text(
        tmp_path, "a.doc", doc_of(f"前\r{table}{SENTENCES[1]}\r")
    )


def test_word_fields_show_their_results(tmp_path: Path):
    """Codes go, nested ones too; of ruby the base stays, a table of contents goes."""
    link = '\x13 HYPERLINK "http://a.example.jp/" \x14案内\x13 PAGE \x147\x15頁\x15'
    ruby = '\x13 EQ \\* jc2 \\* "Font:明朝" \\* hps10 \\o\\ad(\\s\\up 9(しののめ),東雲)\x15'
    contents = "\x13 TOC \\o \x14第一章\t\x13 PAGEREF a \x141\x15\r\x15"
    text = f"{contents}前{link}の{ruby}の空\x02\r"

    assert "前案内7頁の東雲の空" == one_text(tmp_path, "a.doc", doc_of(text))


def test_word_shows_what_a_reader_sees(tmp_path: Path):
    """Deleted text goes, hidden text unless it is wanted, and signs of odd fonts."""
    data = doc_of("朝の静かな昼の(港。\r", formats={"静かな": 0x083C, "昼の": 0x0800, "(": 0x6A09})

    assert "朝の港。" == one_text(tmp_path, "a.doc", data)
    assert "朝の静かな港。" == one_text(tmp_path, "a.doc", data, ALL)


def test_symbols_of_word_are_what_their_font_shows(tmp_path: Path):
    """A character that stands for a letter of a font of signs; an unknown one is left out."""
    letters = {"(": (1, 0xF0FE), "[": (2, 0xF06D), "{": (0, 0xF041), "<": (9, 0xF041)}
    formats = {one: struct.pack("<HHH", 0x6A09, *said) for one, said in letters.items()}
    data = doc_of("(同意する。10 [m{<\r", formats=formats, fonts=["MS 明朝", "Wingdings", "Symbol"])

    assert "☑同意する。10 μm" == one_text(tmp_path, "a.doc", data)


def test_word_notes_follow_the_text(tmp_path: Path):
    """Text boxes, footnotes and endnotes come after the body, comments last; headings do not."""
    data = doc_of(
        "本文\x02。\r",
        notes="\x02 脚注。\r",
        headings="社外秘\r",
        comments="\x05直す。\r",
        endnotes="\x02 文末。\r",
        boxes="枠。\r",
    )

    assert "本文。\n枠。\n 脚注。\n 文末。" == one_text(tmp_path, "a.doc", data)
    assert one_text(tmp_path, "a.doc", data, ALL).endswith("文末。\n直す。")


def test_word_tells_why_it_is_not_read(tmp_path: Path):
    """A lock, a version before 1997, a lost table and a text that is too long are told apart."""
    body = f"{SENTENCES[0]}\r"
    whole = doc_of(body)

    assert ["encrypted"] == causes(read_all(tmp_path, "a.doc", doc_of(body, flags=0x0300)))
    assert ["format"] == causes(read_all(tmp_path, "a.doc", doc_of(body, version=104)))
    assert ["damaged"] == causes(read_all(tmp_path, "a.doc", doc_of(body, flags=0)))
    assert ["too_large"] == causes(read_all(tmp_path, "a.doc", doc_of(body * 20), SMALL))
    assert {"truncated", "damaged"} >= set(causes(read_all(tmp_path, "a.doc", whole[:900])))
    longer = whole.replace(struct.pack("<I", len(body)) + bytes(8), b"\xff\0\0\0" + bytes(8), 1)
    assert ["truncated"] == causes(read_all(tmp_path, "a.doc", longer))
    assert {"empty": 1} == skips(read_all(tmp_path, "a.doc", doc_of("\r\r")))


# --- Excel --------------------------------------------------------------------------------


def test_a_sheet_is_a_document(tmp_path: Path):
    """Every kind of cell is read as in new workbooks; hidden sheets are counted."""
    number = struct.Struct("<d").pack
    result = struct.Struct("<8sHI2x").pack
    cells = (
        word_cell(0, 0, 0)
        + cell(0x203, 0, 2, number(12.0))
        + cell(0x27E, 1, 0, struct.pack("<I", 45418 << 2 | 2), 1)
        + biff(0xBD, struct.pack("<HHHIHIH", 1, 1, 0, 0x3FF00000, 0, 150 << 2 | 3, 2))
        + cell(0x205, 1, 3, b"\1\0")
        + cell(0x205, 1, 4, b"\x2a\1")
        + cell(0x06, 2, 0, result(number(0.1), 0, 0))
        + cell(0x06, 2, 1, result(b"\0\0\0\0\0\0\xff\xff", 0, 0))
        + biff(0x4BC, bytes(10))
        + biff(0x207, biff_string("式の\n値"))
        + cell(0x06, 2, 2, result(b"\1\0\1\0\0\0\xff\xff", 0, 0))
        + cell(0x204, 2, 3, biff_string("plain"))
    )
    formats = biff(0x41E, struct.pack("<H", 200) + biff_string('yyyy"年"m"月"d"日"'))
    formats += biff(0xE0, bytes(20)) + biff(0xE0, struct.pack("<HH16x", 0, 200))
    sheets = {"売上": cells, "裏": word_cell(0, 0, 1), "空": b""}
    data = xls_of(sheets, ["りん\nご", "秘密"], hidden=["裏"], more=formats)
    found = read_all(tmp_path, "a.xls", data)

    assert ["りん ご\t\t12\n2024年5月6日\t1\t1.5\tTRUE\n0.1\t式の 値\tTRUE\tplain"] == texts(found)
    assert ["sheet 1"] == places(found)
    assert {"hidden_sheet": 1, "empty": 1} == skips(found)
    assert isinstance(found[0], Document)
    assert {"title": "売上"} == found[0].extra
    assert "秘密" in texts(read_all(tmp_path, "a.xls", data, ALL))


@pytest.mark.parametrize("cut", [9, 12, 23, 64])
def test_strings_go_on_in_the_next_record(tmp_path: Path, cut: int):
    """A string that is cut says again how wide its characters are."""
    words = [SENTENCES[0], "plain", SENTENCES[1]]
    sheet = b"".join(word_cell(0, k, k) for k in range(3))

    assert "\t".join(words) == one_text(tmp_path, "a.xls", xls_of({"s": sheet}, words, cut=cut))


def test_readings_are_left_out(tmp_path: Path):
    """A shared string may carry formats and its フリガナ."""
    rich = struct.pack("<HBHI", 3, 0x0D, 1, 6) + "林檎園".encode("utf-16-le") + bytes(4) + b"readin"
    table = biff(0xFC, struct.pack("<II", 2, 2) + rich + biff_string("次"))

    assert "林檎園\t次" == one_text(
        tmp_path, "a.xls", xls_of({"s": word_cell(0, 0, 0) + word_cell(0, 1, 1)}, more=table)
    )


def test_hidden_rows_and_columns_are_counted(tmp_path: Path):
    """Rows say it before their cells, columns in ranges; the others close up."""
    rows = b"".join(
        biff(0x208, struct.pack("<HHHHHHI", row, 0, 4, 0, 0, 0, 0x20 * (row == 1)))
        for row in range(3)
    )
    cells = b"".join(word_cell(row, column, row) for row in range(3) for column in (0, 1, 3))
    sheet = biff(0x7D, struct.pack("<5H2x", 1, 2, 0, 0, 1)) + rows + cells
    data = xls_of({"s": sheet}, ["甲", "乙", "丙"])
    found = read_all(tmp_path, "a.xls", data)

    assert ["甲\t甲\n丙\t丙"] == texts(found)
    assert {"hidden_row": 1, "hidden_column": 1} == skips(found)
    assert "甲\t甲\t\t甲\n乙\t乙\t\t乙\n丙\t丙\t\t丙" == one_text(tmp_path, "a.xls", data, ALL)


def test_comments_of_cells_are_kept_on_demand(tmp_path: Path):
    """A comment is an object with a text; text boxes are always read, after the rows."""
    sheet = word_cell(0, 0, 0)
    for kind, text in ((0x19, "税込\nですか。"), (0x06, "図形")):
        sheet += biff(0x5D, struct.pack("<HHHH14x", 0x15, 0x12, kind, 1))
        sheet += biff(0x1B6, struct.pack("<10xHH4x", len(text), 16))
        sheet += biff(0x3C, biff_string(text)[2:]) + biff(0x3C, bytes(16))
    data = xls_of({"s": sheet}, ["単価"])

    assert "単価\n図形" == one_text(tmp_path, "a.xls", data)
    assert "単価\n図形\n税込 ですか。" == one_text(tmp_path, "a.xls", data, ALL)


def test_workbooks_of_1995_are_read_in_their_encoding(tmp_path: Path):
    """Before version 8 strings are bytes of a code page."""
    name = "りんご".encode("cp932")
    sheet = cell(0x204, 0, 0, struct.pack("<H", len(name)) + name)
    [found] = read_all(tmp_path, "a.xls", xls_of({"売上": sheet}, version=0x500))

    assert "りんご" == found.text
    assert {"title": "売上"} == found.extra


def test_a_workbook_tells_why_it_is_not_read(tmp_path: Path):
    """A lock is a lock; a damaged sheet costs itself, a long one too."""
    good = word_cell(0, 0, 0)
    bad = biff(0x203, b"\0")
    found = read_all(tmp_path, "a.xls", xls_of({"一": bad, "二": good}, ["甲"]))
    locked = xls_of({"一": good}, ["甲"], more=biff(0x2F, bytes(6)))
    many = xls_of({"一": b"".join(word_cell(row, 0, 0) for row in range(60))}, ["甲"])

    assert ["damaged"] == causes(found)
    assert ["甲"] == texts(found)
    assert ["encrypted"] == causes(read_all(tmp_path, "a.xls", locked))
    assert ["too_large"] == causes(read_all(tmp_path, "a.xls", many, ReadOptions(max_record=99)))


def test_sheets_in_one_place_are_a_trap(tmp_path: Path):
    """A workbook that names one sheet many times is not read many times."""
    sheet = b"".join(word_cell(row, 0, 0) for row in range(60))
    plain = xls_of({"一": sheet}, ["甲"])
    entry = plain[plain.index(struct.pack("<H", 0x85)) :][:14]
    place = struct.unpack_from("<I", entry, 4)[0] + 99 * len(entry)
    more = (entry[:4] + struct.pack("<I", place) + entry[8:]) * 99
    found = read_all(tmp_path, "a.xls", xls_of({"一": sheet}, ["甲"], more=more))

    assert 20 > len(texts(found))
    assert ["damaged"] == causes(found)[-1:]


# --- PowerPoint ---------------------------------------------------------------------------


def test_slides_come_in_their_order(tmp_path: Path):
    """Texts stand in shapes or in an outline; numbers and footers go, old states stay unread."""
    first = slide(
        box(record(0x0F9E, struct.pack("<I", 1)), placeholder=13),
        box(wide("一行目\x0b続き\r段落")),
        box(record(0x0FA8, b"plain 7"), record(0x0FD8, struct.pack("<I", 6))),
        box(wide("社外秘"), placeholder=9),
    )
    hidden = slide(box(wide("予備")), hidden=True)
    last = slide(box(wide(SENTENCES[0])))
    data = ppt_of(
        first, hidden, last, outlines={0: ["見落とし", "題名"]}, old=slide(box(wide("古い状態")))
    )
    found = read_all(tmp_path, "a.ppt", data)

    assert [f"題名\n一行目\n続き\n段落\nplain\n見落とし\n\n{SENTENCES[0]}"] == texts(found)
    assert {"hidden_slide": 1} == skips(found)


def test_notes_and_comments_of_slides_are_kept_on_demand(tmp_path: Path):
    """The notes of the speaker and comments follow their slide."""
    comment = record(
        0x2EE0,
        record(0x0FBA, "某".encode("utf-16-le"), 0)
        + record(0x0FBA, "大きく".encode("utf-16-le"), 1),
        nests=True,
    )
    tags = record(0x1388, record(0x138A, record(0x138B, comment), nests=True), nests=True)
    data = ppt_of(
        slide(box(wide("題")), notes=256, more=tags),
        slide(box(wide("予備")), hidden=True),
        notes=[slide(box(wide("ここで一息。"))).replace(b"\xee\x03", b"\xf0\x03", 1)],
    )

    assert "題" == one_text(tmp_path, "a.ppt", data)
    assert "題\nここで一息。\n大きく\n\n予備" == one_text(tmp_path, "a.ppt", data, ALL)


def test_tables_of_slides_have_rows(tmp_path: Path):
    """The cells of a table are shapes; those of one height are a row."""
    cells = [
        box(wide(text), more=record(0xF00F, struct.pack("<4i", left, top, left + 9, top + 9)))
        for text, left, top in (("品名", 0, 0), ("りんご", 0, 10), ("数", 10, 0), ("三", 10, 10))
    ]
    sign = record(0xF122, struct.pack("<HI", 0x03A0, 0), 1)
    group = record(0xF003, record(0xF004, sign, nests=True) + b"".join(cells), nests=True)

    assert "表\n品名\t数\nりんご\t三\n注" == one_text(
        tmp_path, "a.ppt", ppt_of(slide(box(wide("表")), group, box(wide("注"))))
    )


def test_a_presentation_tells_why_it_is_not_read(tmp_path: Path):
    """A lock and a text that is too long are told."""
    one = slide(box(wide(SENTENCES[0] * 20)))

    assert ["encrypted"] == causes(read_all(tmp_path, "a.ppt", ppt_of(one, token=0xF3D1C4DF)))
    assert ["too_large"] == causes(read_all(tmp_path, "a.ppt", ppt_of(one), SMALL))
    assert {"empty": 1} == skips(read_all(tmp_path, "a.ppt", ppt_of(slide())))


# --- What holds them ----------------------------------------------------------------------


def test_formats_are_told_by_content(tmp_path: Path):
    """Names say nothing: the streams in a file tell which program wrote it."""
    made = {
        "doc": doc_of(f"{SENTENCES[0]}\r"),
        "xls": xls_of({"s": word_cell(0, 0, 0)}, [SENTENCES[0]]),
        "ppt": ppt_of(slide(box(wide(SENTENCES[0])))),
        "msg": msg_of({0x1000001F: SENTENCES[0].encode("utf-16-le")}),
    }

    for name, data in made.items():
        [found] = read_all(tmp_path, "download", data)
        assert (SENTENCES[0], name) == (found.text, found.format)
        [found] = read_all(tmp_path, "download", data, ReadOptions(format=name))
        assert (SENTENCES[0], name) == (found.text, found.format)


@pytest.mark.parametrize("page", [932, 65001])
def test_title_and_date_come_along(tmp_path: Path, page: int):
    """What a document says of itself is in its code page."""
    summary = {"\x05SummaryInformation": summary_of("報告書", page)}
    made = {
        "doc": doc_of(f"{SENTENCES[0]}\r", **summary),
        "ppt": ppt_of(slide(box(wide(SENTENCES[0]))), **summary),
    }

    for name, data in made.items():
        [found] = read_all(tmp_path, f"a.{name}", data)
        assert ({"title": "報告書"}, "2024-05-06") == (found.extra, found.date)


@pytest.mark.parametrize(
    ("stream", "cause"),
    [("EncryptedPackage", "encrypted"), ("DocumentText", "format"), ("Contents", "format")],
)
def test_other_documents_are_told(tmp_path: Path, stream: str, cause: str):
    """A locked document of the new formats, one of Ichitaro, and one of whatever program."""
    [found] = read_all(tmp_path, "a.doc", ole_of({stream: b"x"}))

    assert isinstance(found, Unreadable)
    assert cause == found.cause
    assert found.first_bytes.startswith(b"\xd0\xcf")


@pytest.mark.parametrize("at", [44, 64, 72, 48, 60, 68, 76])
def test_sizes_that_lie_cost_no_time(tmp_path: Path, at: int):
    """Tables that say to have four billion entries, or to begin nowhere, are a damaged file."""
    data = bytearray(doc_of(f"{SENTENCES[0]}\r"))
    data[at : at + 4] = b"\xf0\xff\xff\x0f"

    assert {"damaged", "truncated"} >= set(causes(read_all(tmp_path, "a.doc", bytes(data))))


def test_chains_that_bite_their_tails_end(tmp_path: Path):
    """Sectors that point at each other and streams that say to be endless are refused."""
    dice = random.Random(1)
    whole = xls_of({"s": word_cell(0, 0, 0)}, [SENTENCES[0]] * 400)
    fat = len(whole) - 512
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(4):
            at = fat + 4 * dice.randrange(20)
            data[at : at + 4] = struct.pack("<I", dice.randrange(20))
        found = read_all(tmp_path, "a.xls", bytes(data))
        assert found
        assert {"damaged", "truncated"} >= set(causes(found))


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch):
    """Without olefile the file goes to quarantine, and what it needs is said."""
    real = builtins.__import__

    def missing(name: str, *rest, **more):
        if name == "olefile":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)

    [found] = read_all(tmp_path, "a.doc", doc_of("x\r"))

    assert "package" == found.cause
    assert "needs seimai[office]: the package “olefile” is not installed" == found.detail
