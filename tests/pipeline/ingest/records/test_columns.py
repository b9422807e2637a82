"""Which columns are the text: by name, by what stands in them, several together."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.ingest import Document, Input, ReadOptions, Unreadable, read
from seimai.pipeline.ingest.contract import FIRST_BYTES
from seimai.pipeline.ingest.records.prose_columns import is_prose, prose_columns
from seimai.pipeline.stages.user_columns import as_json
from tests.pipeline.ingest.making import SENTENCES, causes, read_all, texts
from tests.pipeline.ingest.test_formats import parquet

VOICES = [
    (
        "1",
        "宅配の箱が少しつぶれていましたが、中の皿は無事でした。",
        "おわびの電話をかけた。",
        "港区",
    ),
    ("2", "色が写真より明るく、部屋に合って気に入っています。", "", "札幌市"),
    ("3", "特になし", "返品の手順を案内し、三日後に新しい品を送った。", "長野市"),
    ("4", "説明書の字が小さくて、母には読めませんでした。", "大きな字の説明書を送った。", "呉市"),
]


def table(*rows: tuple[str, ...], encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    return "".join(",".join(row) + "\n" for row in rows).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_columns_of_prose_are_the_text(tmp_path, encoding):
    """Columns that no list knows are found by what stands in them; the others pass through."""
    data = table(("番号", "お客様の声", "対応", "住所"), *VOICES, encoding=encoding)
    found = read_all(tmp_path, "a.csv", data)

    assert [
        f"お客様の声: {VOICES[0][1]}\n対応: {VOICES[0][2]}",
        f"お客様の声: {VOICES[1][1]}",
        f"お客様の声: 特になし\n対応: {VOICES[2][2]}",
        f"お客様の声: {VOICES[3][1]}\n対応: {VOICES[3][2]}",
    ] == texts(found)
    assert isinstance(found[0], Document)
    assert {"番号": "1", "住所": "港区"} == found[0].extra


def test_one_column_of_prose_is_the_text_itself(tmp_path):
    """Where there is only one, its header is no part of the text."""
    rows = [(row[0], row[1]) for row in VOICES]

    assert [row[1] for row in rows] == texts(read_all(tmp_path, "a.csv", table(("a", "b"), *rows)))


def test_a_usual_name_comes_before_what_stands_in_a_column(tmp_path):
    """A table that names its text is read as it says."""
    data = table(("本文", "感想"), *((row[0], row[1]) for row in VOICES))

    assert ["1", "2", "3", "4"] == texts(read_all(tmp_path, "a.csv", data))


def test_rows_that_the_table_is_judged_by_are_read_like_those_after_them(tmp_path):
    """More rows than are looked at, and a fault after or among them, lose nothing before it."""
    many = [(str(k), f"{k}番目の便りがきょう届きました。") for k in range(450)]
    for cut in (100, 450):
        data = (
            table(("番号", "便り"), *many[:cut]) + ('451,"閉じない引用\n' + "続き\n" * 99).encode()
        )
        found = read_all(tmp_path, "a.csv", data, ReadOptions(max_record=100))

        assert [row[1] for row in many[:cut]] == texts(found)[:cut]
        assert [f"row {k}" for k in range(cut)] == [item.place for item in found[:cut]]
        assert isinstance(found[-1], Unreadable)
        assert found[-1].first_bytes.startswith(b'451,"')


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16"])
def test_a_table_without_texts_keeps_its_own_first_bytes(tmp_path, encoding):
    """The quarantine holds the bytes of the file, the columns, and the line to write."""
    data = "品番,数,棚名\n".encode(encoding) + "".join(
        f"MD-{k},{k},倉庫の奥の棚\n" for k in range(40)
    ).encode(encoding.replace("utf-16", "utf-16-le"))
    [found] = read_all(tmp_path, "a.csv", data)

    assert isinstance(found, Unreadable)
    assert data[:FIRST_BYTES] == found.first_bytes
    assert "there are “品番”, “数”, “棚名”" in found.detail
    assert "write e.g. `text: 棚名` into the source of the recipe" in found.detail


def test_a_row_that_breaks_off_keeps_its_own_bytes(tmp_path):
    """The first bytes in quarantine are those of the row, within a table too."""
    data = ("本文\n" + '"' + "字\n" * 5000).encode("cp932")
    [found] = read_all(tmp_path, "a.csv", data, ReadOptions(max_record=99))

    assert isinstance(found, Unreadable)
    assert '"字\n'.encode("cp932") == found.first_bytes


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("説明書の字が小さくて、読めませんでした。", True),
        ("また利用したいと思います", True),
        ("東京都千代田区丸の内1-2-3 ビル5階", False),
        ("有限会社さくら商店", False),
        ("https://a.example.jp/index.html", False),
        ("2024-05-06 07:08:09", False),
        ("カラー：ブルー／サイズ：Lサイズ", False),
        ("ありがとう", False),
        ("This is a long sentence in English.", False),
    ],
)
def test_prose_is_told_from_names_and_codes(cell, expected):
    """Running Japanese has kana, particles and endings; an address and a product have not."""
    assert expected is is_prose(cell)


def columns() -> list[tuple[str, bool, list[list[str]]]]:
    """The columns of `columns.txt`: header, whether they are prose, and rows of one cell."""
    found = []
    for line in Path(__file__).with_name("columns.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            name, *cells = line[2:].split(" | ")
            found.append((name, line[0] == "+", [[cell] for cell in cells]))
    return found


@pytest.mark.parametrize(("name", "is_text", "rows"), columns())
def test_columns_of_offices(name, is_text, rows):
    """Voices, findings and reports are texts; addresses, names, states and titles are not."""
    assert is_text is bool(prose_columns([name], rows))


def test_columns_without_a_name_or_of_one_name_are_none():
    """A column that a recipe could not name is not chosen."""
    rows = [[VOICES[0][1]] * 3]

    assert () == prose_columns(["", "声", "声"], rows)
    assert ("声",) == prose_columns(["", "声", "番号"], [[VOICES[0][1]] * 2])
    assert () == prose_columns(["声"], [])


# --- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Text", "TEXT", " text ", "Content", "本文"])
def test_usual_names_in_any_capitals(tmp_path, name):
    """Excel and Oracle write capitals; the name is still that of a text."""
    rows = pa.table({"N": [1, 2, 3], name: list(SENTENCES)})
    lines = b"".join(
        f'{{"N": {k}, "{name}": "{text}"}}\n'.encode() for k, text in enumerate(SENTENCES)
    )

    assert list(SENTENCES) == texts(read_all(tmp_path, "a.parquet", parquet(rows)))
    assert list(SENTENCES) == texts(read_all(tmp_path, "a.jsonl", lines))
    assert list(SENTENCES) == texts(
        read_all(tmp_path, "a.csv", table(("N", name), *(("1", text) for text in SENTENCES)))
    )


def test_several_columns_of_a_recipe(tmp_path):
    """Each that is filled gives a line with its name; a record with none of them is told."""
    options = ReadOptions(text=("件名", "経過", "回数"))
    lines = (
        '{"件名": "雨漏り", "経過": "屋根を見た。\\n瓦を替えた。", "回数": 2, "担当": "山田"}\n'
        '{"件名": null, "経過": "様子を見る。", "回数": [1]}\n'
        '{"担当": "山田"}\n'
    ).encode()
    found = read_all(tmp_path, "a.jsonl", lines, options)

    assert [
        "件名: 雨漏り\n経過:\n屋根を見た。\n瓦を替えた。\n回数: 2",
        "経過: 様子を見る。",
    ] == texts(found)
    assert isinstance(found[0], Document)
    assert {"担当": "山田"} == found[0].extra
    assert ["no_text"] == causes(found)


def test_several_columns_of_a_parquet_file(tmp_path):
    """A table is read the same way, whatever kinds its columns have."""
    rows = pa.table({"題": ["雨", None], "年": [2001, 2002], "記": [b"\xe9\x9b\xa8", None]})
    found = read_all(tmp_path, "a.parquet", parquet(rows), ReadOptions(text=("題", "年", "記")))

    assert ["題: 雨\n年: 2001\n記: 雨", "年: 2002"] == texts(found)


def test_a_record_says_which_column_it_might_be(tmp_path):
    """The longest string is proposed, in the words of a recipe."""
    [found] = read_all(tmp_path, "a.jsonl", '{"id": "a", "honbun": "これは本文です。"}\n'.encode())

    assert isinstance(found, Unreadable)
    assert "write e.g. `text: honbun` into the source of the recipe" in found.detail


# --- values --------------------------------------------------------------------------------


def test_bytes_of_parquet_that_are_utf8_are_text(tmp_path):
    """Old writers leave the annotation out; a value that is no UTF-8 costs its row."""
    rows = pa.table({"text": pa.array([SENTENCES[0].encode(), b"\x95\x69", b""], pa.binary())})
    found = read_all(tmp_path, "a.parquet", parquet(rows))

    assert [SENTENCES[0], ""] == texts(found)
    assert ["encoding"] == causes(found)
    assert isinstance(found[1], Unreadable)
    assert b"\x95\x69" == found[1].first_bytes


@pytest.mark.parametrize(
    "number", [2**63, 2**64, -(2**63) - 1, 123456789012345678901234567890, 10**25]
)
def test_whole_numbers_beyond_64_bits_pass_unchanged(tmp_path, number):
    """No float comes between the file and the release, at any depth."""
    line = f'{{"text": "{SENTENCES[0]}", "n": {number}, "deep": {{"list": [{number}, 0.5]}}}}\n'
    [found] = read_all(tmp_path, "a.jsonl", line.encode())

    assert isinstance(found, Document)
    assert {"n": number, "deep": {"list": [number, 0.5]}} == found.extra
    assert str(number) in as_json(found.extra)
    assert f"[{number}, 0.5]" in as_json({"deep": {"list": [number, 0.5]}}).replace(",0.5", ", 0.5")


def test_large_floats_stay_floats(tmp_path):
    """A number with an exponent was never a whole one."""
    line = f'{{"text": "{SENTENCES[0]}", "n": 1e300, "m": -2.5e19}}\n'
    [found] = read_all(tmp_path, "a.jsonl", line.encode())

    assert isinstance(found, Document)
    assert {"n": 1e300, "m": -2.5e19} == found.extra


def test_tables_in_sheets_of_one_column(tmp_path):
    """A table of one column has no separator, and is prose by itself."""
    sink = io.StringIO("感想\n" + "".join(f"{row[1]}\n" for row in VOICES))

    assert [row[1] for row in VOICES] == texts(read_all(tmp_path, "a.csv", sink.read().encode()))


ORDERS = [
    {
        "番号": k,
        "顧客": f"C-{k:04}",
        "声": f"{k}回目の注文でしたが、早く届いて助かりました。",
        "対応": "済",
    }
    for k in range(300)
]


def arrow(table: pa.Table) -> bytes:
    """A table as an Arrow file."""
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_prose_in_columns_without_a_known_name_is_found(tmp_path, kind):
    """A Parquet or Arrow file is judged by what stands in it, as a CSV file is."""
    table = pa.Table.from_pylist(ORDERS)
    data = parquet(table) if kind == "parquet" else arrow(table)
    found = texts(read_all(tmp_path, f"a.{kind}", data))

    assert [row["声"] for row in ORDERS] == found


def test_all_parts_of_a_parquet_file_choose_the_same_columns(tmp_path):
    """The first rows decide, also for a part in which another column has text."""
    rows = [row | ({"対応": row["声"], "声": ""} if row["番号"] >= 200 else {}) for row in ORDERS]
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=50)
    size = path.stat().st_size
    halves = ((0, size // 2), (size // 2, size))
    found = [read(Input(str(path), "a", size, start=begin, end=end)) for begin, end in halves]

    assert list(read(Input(str(path), "a", size))) == [item for half in found for item in half]


def test_a_parquet_file_without_prose_is_refused(tmp_path):
    """Codes and names are no text, and the file says which columns there are."""
    rows = [{"番号": k, "顧客": f"C-{k:04}"} for k in range(30)]
    [found] = read_all(tmp_path, "a.parquet", parquet(pa.Table.from_pylist(rows)))

    assert "no_text_column" == found.cause
    assert "顧客" in found.detail
