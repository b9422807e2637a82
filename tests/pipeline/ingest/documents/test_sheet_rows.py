"""Sheets whose rows are documents: where the header is, and which columns are the text."""

from __future__ import annotations

from pathlib import Path

import pytest

from seimai.pipeline.ingest import Document, ReadOptions, Unreadable
from tests.pipeline.ingest.making import SENTENCES, odf_of, read_all, skips, texts, xlsx_of
from tests.pipeline.ingest.old_office import biff_string, cell, xls_of

ROWS = ReadOptions(sheets="rows")
HEADER = ["番号", "お客様の声", "対応"]
CASES = [
    ["1", SENTENCES[0], "お詫びの連絡をしました。"],
    ["2", "", ""],
    ["3", SENTENCES[1], "なし"],
]
TABLE = [HEADER, *CASES]
SHOWN = [
    f"お客様の声: {SENTENCES[0]}\n対応: お詫びの連絡をしました。",
    f"お客様の声: {SENTENCES[1]}\n対応: なし",
]


def xlsx(*rows: list[str]) -> bytes:
    """A workbook of one sheet with these rows."""

    def written(row: list[str]) -> str:
        cells = "".join(
            f'<c r="{"ABCD"[k]}1" t="inlineStr"><is><t>{one}</t></is></c>' if one else ""
            for k, one in enumerate(row)
        )
        return f"<row>{cells}</row>"

    return xlsx_of({"声": "".join(map(written, rows))})


def ods(*rows: list[str]) -> bytes:
    """The same as an OpenDocument spreadsheet."""

    def written(row: list[str]) -> str:
        cells = "".join(
            f"<table:table-cell><text:p>{one}</text:p></table:table-cell>" for one in row
        )
        return f"<table:table-row>{cells}</table:table-row>"

    every = "".join(map(written, rows))
    return odf_of("spreadsheet", f'<table:table table:name="声">{every}</table:table>')


def test_rows_are_documents(tmp_path: Path):
    """The text is what holds prose, the rest are columns; an empty row has no text."""
    found = read_all(tmp_path, "a.xlsx", xlsx(*TABLE), ROWS)
    first = found[0]

    assert SHOWN == texts(found)
    assert isinstance(first, Document)
    assert ("sheet 1, row 0", {"番号": "1", "sheet": "声"}) == (first.place, first.extra)
    assert ["sheet 1, row 1"] == [one.place for one in found if isinstance(one, Unreadable)]
    assert SHOWN == texts(read_all(tmp_path, "a.ods", ods(*TABLE), ROWS))
    assert 1 == len(texts(read_all(tmp_path, "a.xlsx", xlsx(*TABLE))))


def test_rows_of_old_workbooks_are_documents(tmp_path: Path):
    """With `sheets: rows` each row of an XLS table is a document."""
    rows = [HEADER, CASES[0], CASES[2]]
    cells = b"".join(
        cell(0x0204, at, column, biff_string(text))
        for at, row in enumerate(rows)
        for column, text in enumerate(row)
    )

    assert SHOWN == texts(read_all(tmp_path, "a.xls", xls_of({"声": cells}), ROWS))


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ([["声の一覧"], [], *TABLE], ROWS, SHOWN),
        (TABLE, ReadOptions(sheets="rows", text="対応"), ["お詫びの連絡をしました。", "なし"]),
        ([["日付", "本文"], ["4月", "短い。"]], ROWS, ["短い。"]),
        ([["品名", "数"], ["米", "3"]], ROWS, []),
    ],
)
def test_headers_are_found(tmp_path: Path, rows: list[list[str]], options: ReadOptions, expected):
    """Below a title, by the recipe, by a usual name; a list of goods is no text."""
    assert expected == texts(read_all(tmp_path, "a.xlsx", xlsx(*rows), options))


def test_lines_above_a_table_are_counted(tmp_path: Path):
    """A title is no row, and is not lost silently."""
    found = read_all(tmp_path, "a.xlsx", xlsx(["声の一覧"], *TABLE), ROWS)

    assert {"above_table": 1} == skips(found)


def test_a_sheet_without_texts_says_what_to_write(tmp_path: Path):
    """The refusal names the columns and the line of the recipe; more cells than names are kept."""
    [refused] = read_all(tmp_path, "a.xlsx", xlsx(["品名", "備考"], ["米", "三キロ"]), ROWS)
    [wide] = read_all(
        tmp_path, "b.xlsx", xlsx(["本文", "本文", ""], [SENTENCES[0], "甲", "乙"]), ROWS
    )

    assert isinstance(refused, Unreadable)
    assert "no_text_column" == refused.cause
    assert "“品名”, “備考”" in refused.detail
    assert "`text: 備考`" in refused.detail
    assert isinstance(wide, Document)
    assert {"sheet": "声", "_rest": ["甲", "乙"]} == wide.extra
