"""Workbooks of Excel 2 to 4, made by hand from the layout of their records."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions
from tests.pipeline.ingest.making import SENTENCES, causes, read_all, texts
from tests.pipeline.ingest.old_office import biff
from tests.pipeline.ingest.older_sheets import (
    END,
    begin,
    cell,
    formula,
    label,
    said,
    sheet,
    styles,
)

SHOWN = f"品名\t12\t2024/5/6\n{SENTENCES[0]}\tTRUE\t0.5\n式の値"


@pytest.mark.parametrize("version", [2, 3, 4])
def test_sheets_are_read(tmp_path: Path, version: int):
    """Labels in CP932, numbers, dates by the order of their formats, results of formulas."""
    [found] = read_all(tmp_path, "a.xls", sheet(version))

    assert isinstance(found, Document)
    assert SHOWN == found.text
    assert ("sheet 1", "cp932", "xls") == (found.place, found.encoding, found.format)
    assert SHOWN == texts(read_all(tmp_path, "download", sheet(version)))[0]


def test_a_workbook_of_version_4_has_several_sheets(tmp_path: Path):
    """They follow each other, each with its name before it."""
    names = [b"\0" * 4 + bytes([len(name)]) + name for name in ("売上".encode("cp932"), b"b")]
    data = begin(4, 0x100) + b"".join(biff(0x8F, name) + sheet(4) for name in names) + END
    first, second = read_all(tmp_path, "a.xlw", data)

    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert ("sheet 1", {"title": "売上"}) == (first.place, first.extra)
    assert ("sheet 2", SHOWN) == (second.place, second.text)


def test_comments_and_hidden_columns(tmp_path: Path):
    """Notes are kept on demand, hidden columns are counted."""
    note = "確認".encode("cp932")
    hidden = biff(0x7D, struct.pack("<5H", 1, 1, 0, 0, 1))
    body = (
        hidden + label(3, 0, 0, "甲") + label(3, 0, 1, "隠")
        + biff(0x1C, struct.pack("<3H", 0, 0, len(note)) + note)
    )  # fmt: skip
    data = begin(3) + body + END

    assert ["甲"] == texts(read_all(tmp_path, "a.xls", data))
    assert ["甲\n確認"] == texts(read_all(tmp_path, "a.xls", data, ReadOptions(comments="keep")))


def test_faults_cost_themselves(tmp_path: Path):
    """What is cut off, too short or locked is told; what came before stays."""
    cut = read_all(tmp_path, "a.xls", (begin(4) + label(4, 0, 0, "甲") + label(4, 1, 0, "乙"))[:-1])
    short = read_all(tmp_path, "b.xls", begin(4) + label(4, 0, 0, "甲") + biff(0x203, b"\0") + END)
    locked = read_all(tmp_path, "c.xls", begin(4) + biff(0x2F) + END)
    chart = read_all(tmp_path, "d.xls", begin(4, 0x20) + END)

    assert (["甲"], ["truncated"]) == (texts(cut), causes(cut))
    assert (["甲"], ["damaged"]) == (texts(short), causes(short))
    assert ["encrypted"] == causes(locked)
    assert ["format"] == causes(chart)


def test_the_code_page_is_believed(tmp_path: Path):
    """A workbook that declares the code page of another country is read with it."""
    text = biff(0x42, struct.pack("<H", 1252)) + cell(4, 0x204, 0, 0, b"\4\0caf\xe9")
    data = begin(4) + styles(4) + text + formula(4, 1, 0, b"\1\0\0\0\0\0\xff\xff") + END

    assert ["café\nFALSE"] == texts(read_all(tmp_path, "a.xls", data))
    assert said(4, "甲") == b"\2\0" + "甲".encode("cp932")
