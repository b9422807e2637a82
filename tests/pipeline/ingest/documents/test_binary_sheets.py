"""XLSB: the same workbook as an XLSX, in records."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, Unreadable
from tests.pipeline.ingest.binary_office import (
    CELLS,
    NUMBER,
    SHOWN,
    cell,
    record,
    row,
    string,
    xlsb_of,
)
from tests.pipeline.ingest.making import (
    SENTENCES,
    causes,
    read_all,
    relations,
    skips,
    texts,
)


def test_a_binary_sheet_is_a_document(tmp_path: Path):
    """Every kind of cell is read as of XLSX; hidden sheets are counted."""
    data = xlsb_of({"売上": CELLS, "hidden_": CELLS, "空": b""}, ("りんご",))
    for name in ("a.xlsb", "download"):
        found = read_all(tmp_path, name, data)
        assert [SHOWN] == texts(found)
        assert {"hidden_sheet": 1, "empty": 1} == skips(found)
        assert isinstance(found[0], Document)
        assert ({"title": "売上"}, "sheet 1", "xlsx") == (
            found[0].extra,
            found[0].place,
            found[0].format,
        )


def test_hidden_rows_and_columns_are_counted(tmp_path: Path):
    """Columns say it in ranges before the rows, rows at their beginning."""
    columns = record(60, struct.pack("<IIIIH", 1, 1, 9, 0, 1))
    cells = b"".join(
        row(k, hidden=k == 1) + cell(5, 0, NUMBER(k)) + cell(5, 1, NUMBER(9)) for k in range(3)
    )
    data = xlsb_of({"s": columns + cells})
    found = read_all(tmp_path, "a.xlsb", data)

    assert ["0\n2"] == texts(found)
    assert {"hidden_row": 1, "hidden_column": 1} == skips(found)
    assert ["0\t9\n1\t9\n2\t9"] == texts(
        read_all(tmp_path, "a.xlsb", data, ReadOptions(hidden="keep"))
    )


def test_what_comes_before_a_fault_stays(tmp_path: Path):
    """A sheet that breaks off, short records and broken strings cost themselves."""
    assert ["damaged"] == causes(read_all(tmp_path, "a.xlsb", xlsb_of({})))
    short = xlsb_of({"s": row(0) + cell(5, 0, NUMBER(7)) + row(1) + cell(5, 0, b"\0")})
    lost = xlsb_of({"s": CELLS}, **{"xl/sharedStrings.bin": record(19, b"\0\xff\0\0\0")})
    cut = xlsb_of({"s": row(0) + cell(5, 0, NUMBER(7)) + b"\x07\x7f"})

    for data, place, text in (
        (short, "sheet 1", "7"),
        (lost, "strings", SHOWN.removeprefix("りんご")),
        (cut, "sheet 1", "7"),
    ):
        found = read_all(tmp_path, "a.xlsb", data)
        assert [text] == texts(found)
        assert [place] == [one.place for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize("times", [1, 4000])
def test_long_records_are_read(tmp_path: Path, times: int):
    """A size takes up to four bytes, and a record may lie in several pieces of its part."""
    long = (SENTENCES[0] * 2100)[:32_000]
    cells = b"".join(row(k) + cell(6, 0, string(long[: 8 * times])) for k in range(3))
    [text] = texts(read_all(tmp_path, "a.xlsb", xlsb_of({"s": cells})))

    assert [long[: 8 * times]] * 3 == text.split("\n")


def test_comments_are_kept_on_demand(tmp_path: Path):
    """With `comments: keep` comments come in; of threads the part for older programs does."""
    listed = b"".join(record(632, string(name)) for name in ("山", "tc={1}"))
    said = b"".join(
        record(635, struct.pack("<I", k) + bytes(32)) + record(637, b"\1" + string(text) + bytes(8))
        for k, text in enumerate(("要\n確認", "スレッド"))
    )
    parts = {
        "xl/comments1.bin": listed + said + record(636),
        "xl/worksheets/_rels/sheet1.bin.rels": relations(("rId1", "comments", "../comments1.bin")),
    }
    data = xlsb_of({"s": CELLS}, ("りんご",), **parts)
    cut = xlsb_of({"s": CELLS}, ("りんご",), **parts | {"xl/comments1.bin": listed + said[:60]})
    keep = ReadOptions(comments="keep")

    assert [SHOWN] == texts(read_all(tmp_path, "a.xlsb", data))
    assert [f"{SHOWN}\n要 確認"] == texts(read_all(tmp_path, "a.xlsb", data, keep))
    assert ["truncated"] == causes(read_all(tmp_path, "a.xlsb", cut, keep))
