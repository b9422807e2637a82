"""The readers of tables, columns, plain text and pages, and how a format is recognised."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.ingest import (
    Document,
    Input,
    ReadOptions,
    Skipped,
    StreamLimits,
    Unreadable,
    find_inputs,
    open_stream,
    read,
)
from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.sniff import sniff
from tests.pipeline.ingest.making import read_all

PROSE = (
    "庭の梅が今年も咲いた。祖父が植えた木で、毎年いちばん早く春を知らせてくれる。\n"
    "写真を撮って、遠くに住む姉に送った。すぐに返事が来て、来月には帰ると書いてあった。\n"
)


@pytest.fixture
def load(tmp_path: Path):
    """A function that reads bytes under a name."""
    return lambda data, name, options=None: read_all(tmp_path, name, data, options)


def parquet(table: pa.Table, **options: object) -> bytes:
    """A table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


# --- Parquet and Arrow ---------------------------------------------------------------------


def test_parquet_rows_are_documents(load):
    """Rows keep their order over row groups; other columns come along, whatever their type."""
    table = pa.table(
        {"id": range(5), "content": [f"文{k}" for k in range(5)], "tags": [[k] for k in range(5)]}
    )
    found = load(parquet(table, row_group_size=2), "a.parquet")

    assert [(f"row {k}", str(k), f"文{k}", {"tags": [k]}) for k in range(5)] == [
        (each.place, each.id, each.text, each.extra) for each in found
    ]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
)
def test_every_kind_of_string_column_is_text(load, kind):
    """Large, plain and dictionary strings are all strings."""
    found = load(parquet(pa.table({"text": pa.array(["あ", "い"]).cast(kind)})), "a.parquet")

    assert ["あ", "い"] == [each.text for each in found]


def test_a_null_in_the_text_column_is_unreadable(load):
    """A null is quarantined in its place."""
    found = load(parquet(pa.table({"text": ["あ", None, "い"]})), "a.parquet")

    assert ["あ", "no_text", "い"] == [getattr(each, "cause", None) or each.text for each in found]


@pytest.mark.parametrize("columns", [{"title": ["あ"], "n": [1]}, {"text": [1, 2]}])
def test_parquet_without_texts_names_its_columns(load, columns):
    """One unreadable for the file, which says what columns there are or what they hold."""
    [found] = load(parquet(pa.table(columns)), "a.parquet")

    assert "no_text_column" == found.cause
    assert next(iter(columns)) in found.detail


def test_a_broken_parquet_file_is_one_unreadable(load):
    """Cut, empty and foreign bytes under the name of Parquet do not raise."""
    whole = parquet(pa.table({"text": ["あ"] * 50}))
    for data in (whole[:-10], whole[:20], b"", b"not parquet at all"):
        [found] = load(data, "a.parquet")

        assert ("damaged" if data else "empty") == found.cause


def test_text_that_is_not_utf8_in_parquet(load):
    """A string column with other bytes loses that row only."""
    column = pa.array([b"good", b"\xff\xfe", b"fine"]).view(pa.binary())
    table = pa.table({"text": pa.Array.from_buffers(pa.string(), 3, column.buffers())})
    found = load(parquet(table), "a.parquet")

    assert ["good", "encoding", "fine"] == [
        getattr(each, "cause", None) or each.text for each in found
    ]


def test_arrow_files_and_streams(load):
    """Both forms of Arrow IPC are read, compressed or not; a cut one gives what it has."""
    table = pa.table({"text": [f"文{k}" for k in range(100)]})
    for opened in (pa.ipc.new_file, pa.ipc.new_stream):
        sink = io.BytesIO()
        with opened(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=10)
        found = load(sink.getvalue(), "a.arrow")
        cut = load(sink.getvalue()[: len(sink.getvalue()) // 2], "b.arrow")

        assert table["text"].to_pylist() == [each.text for each in found]
        assert isinstance(cut[0], Document)
        assert "damaged" == cut[-1].cause


# --- tables --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_tables_in_every_encoding(load, encoding, separator):
    """Quotes, line breaks inside them and separators are read in any encoding."""
    rows = [
        ["番号", "本文"],
        ["1", PROSE],
        ["2", f'"引用"{separator}と区切り'],
        ["3", "短い文です。"],
    ]
    sink = io.StringIO()
    csv.writer(sink, delimiter=separator).writerows(rows)
    found = load(sink.getvalue().encode(encoding), "a.csv")

    assert rows[1:] == [[each.extra["番号"], each.text] for each in found]


def test_rows_that_do_not_fit_the_header(load):
    """A short row without its text is quarantined; cells beyond the header are kept."""
    found = load(b"id,text\n1,a,b,c\n2\n\n3,d\n", "a.csv")

    assert ["a", "no_text", "d"] == [getattr(each, "cause", None) or each.text for each in found]
    assert {"_rest": ["b", "c"]} == found[0].extra


def test_a_table_without_texts(load):
    """A table without a text column is one quarantine record that names its columns."""
    [found] = load("名前,年\nあ,1\n".encode(), "a.csv")

    assert "no_text_column" == found.cause
    assert "名前" in found.detail


def test_a_quote_that_never_closes(load):
    """The rest of the file is one unreadable, over the limit, and memory stays bounded."""
    found = load(b'text\na\n"' + b"x\n" * 50_000, "a.csv", ReadOptions(max_record=10_000))

    assert ["a", "too_large"] == [getattr(each, "cause", None) or each.text for each in found]
    assert b'"x\n' == found[1].first_bytes


def test_an_empty_table(load):
    """No bytes are no records; a header alone is counted: its rows may have been damaged."""
    assert [] == load(b"", "a.csv")
    assert [Skipped("", "empty", format="csv")] == load(b"text\n", "a.tsv")


def test_rows_too_large_to_be_held_are_passed_over(load):
    """A group of rows of which each is over the limit is told; the other groups are read."""
    target = io.BytesIO()
    schema = pa.schema([("text", pa.string())])
    with pq.ParquetWriter(target, schema, use_dictionary=False) as writer:
        for texts in (["a"], ["あ" * 90_000] * 3, ["b"]):
            writer.write_table(pa.table({"text": texts}, schema))
    found = load(target.getvalue(), "a.parquet", ReadOptions(max_record=100_000))

    assert ["a", "too_large", "b"] == [getattr(one, "cause", None) or one.text for one in found]
    assert ["row 0", "row 1", "row 4"] == [one.place for one in found]


@pytest.mark.parametrize("cuts", [1, 2, 3, 7, 50])
def test_parts_hold_every_row_once(tmp_path, cuts):
    """Each row group is in one part, however many parts there are; places stay those of rows."""
    table = pa.table({"text": [f"{k}" * (k % 50 + 1) for k in range(100)]})
    path = tmp_path / "a.parquet"
    pq.write_table(table, path, row_group_size=9)
    size = path.stat().st_size
    edges = [size * k // cuts for k in range(cuts + 1)]
    found = [
        item
        for start, end in pairwise(edges)
        for item in read(Input(str(path), path.name, size, start, end))
    ]

    assert table["text"].to_pylist() == [item.text for item in found]
    assert [f"row {k}" for k in range(100)] == [item.place for item in found]


def test_what_is_wrong_with_a_whole_file_is_told_by_its_first_part(tmp_path):
    """A file without texts, and one that is no Parquet, is one unreadable in however many parts."""
    for data in (parquet(pa.table({"n": [1]})), b"PAR1" + b"x" * 500 + b"PAR1", b"PAR1"):
        path = tmp_path / "a.parquet"
        path.write_bytes(data)
        parts = [Input(str(path), "a.parquet", 900, k, k + 100) for k in range(0, 900, 100)]

        assert 1 == sum(len(list(read(part))) for part in parts)


def test_a_damaged_row_group_costs_itself(tmp_path):
    """The groups after it are read, and its rows are counted at their place."""
    texts = ["".join(chr(0x4E00 + (k * j * j) % 9999) for j in range(400)) for k in range(40)]
    target = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), target, row_group_size=10, compression="zstd")
    data = bytearray(target.getvalue())
    begin = pq.ParquetFile(target).metadata.row_group(1).column(0).dictionary_page_offset
    data[begin + 40 : begin + 200] = bytes(160)
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    found = list(read(Input(str(path), path.name, len(data))))
    bad = [item for item in found if not isinstance(item, Document)]

    assert [*texts[:10], *texts[20:]] == [item.text for item in found if isinstance(item, Document)]
    assert [("row 10", "damaged")] == [(item.place, item.cause) for item in bad]
    assert "the 10 rows from here on cannot be read" in bad[0].detail


def test_two_text_columns_of_one_name_are_told(load):
    """Which of them is meant is not ours to guess."""
    table = pa.table([["a"], ["b"]], names=["text", "text"])
    target = io.BytesIO()
    with pa.ipc.new_stream(target, table.schema) as writer:
        writer.write_table(table)

    assert ["no_text_column"] == [each.cause for each in load(target.getvalue(), "a.arrow")]


def test_arrow_batches_that_end_too_early_are_told(load):
    """A size that became zero looks like the end of the batches; what follows it is not silent."""
    table = pa.table({"text": ["a", "b"]})
    for opened in (pa.ipc.new_stream, pa.ipc.new_file):
        target = io.BytesIO()
        with opened(target, table.schema) as writer:
            writer.write_table(table, max_chunksize=1)
        data = bytearray(target.getvalue())
        second = data.index(b"\xff\xff\xff\xff", data.index(b"\xff\xff\xff\xff", 64) + 8)
        data[second + 4 : second + 8] = bytes(4)
        found = load(bytes(data), "a.arrow")

        assert ["a", "damaged"] == [getattr(one, "cause", None) or one.text for one in found]


# --- plain text ----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_plain_text_in_every_encoding(load, encoding):
    """One document, the exact text, and the encoding it was in."""
    [found] = load(PROSE.encode(encoding), "a.txt")

    assert PROSE == found.text
    assert found.encoding.startswith(encoding)
    assert "" == found.place


def test_plain_text_limits(load):
    """A file over the limit of a record, and one that is not text, are quarantined."""
    [large] = load(b"x" * 2_000, "a.txt", ReadOptions(max_record=1_000))
    [binary] = load(bytes(range(256)) * 30, "b.txt")

    assert ("too_large", b"x" * 200) == (large.cause, large.first_bytes)
    assert "encoding" == binary.cause


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "a.json"])
def test_an_empty_file_has_a_cause_of_its_own(load, name):
    """It is no text that fails every limit, and not damaged: it is named as what it is."""
    [found] = load(b"", name)

    assert isinstance(found, Unreadable)
    assert "empty" == found.cause


def test_a_file_of_no_records_is_nothing(load):
    """A part of a crawl without records is as good as any."""
    assert [] == load(b"", "a.jsonl")


# --- pages ---------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html lang="ja"><head><meta charset="{charset}"><title>梅の花
 日記</title><link rel="canonical" href="https://example.jp/ume"><meta name="robots" content="noai">
<meta property="article:published_time" content="2021-02-03"><script>var x = "読まない";</script>
</head><body><nav>最初へ 地図</nav><div class="breadcrumb">家 &gt; 日記</div><h1>梅の花</h1>
<p>庭の<ruby>梅<rp>（</rp><rt>うめ</rt><rp>）</rp></ruby>が<a href="/s">咲い</a>た。{body}</p>
<ul><li>白い花</li><li>赤い花</li></ul><aside>広告</aside><form>検索<input></form>
<footer>著作権</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_page_gives_its_main_text(load, charset):
    """Base text of ruby, links inside sentences and lists stay; what frames the page goes."""
    page = PAGE.format(charset=charset, body=PROSE.replace("\n", ""))
    [found] = load(page.encode(charset), "a.html")
    lines = [line.strip() for line in found.text.split("\n") if line.strip()]

    assert ["梅の花", "庭の梅が咲いた。" + PROSE.replace("\n", ""), "• 白い花", "• 赤い花"] == lines
    assert ("https://example.jp/ume", "2021-02-03") == (found.url, found.date)
    assert {"title": "梅の花 日記", "lang": "ja", "robots": "noai"} == found.extra


def test_the_meta_tag_may_lie(load):
    """The bytes decide; what was declared is recorded."""
    page = PAGE.format(charset="shift_jis", body=PROSE)
    [found] = load(page.encode("euc_jp"), "a.html")

    assert ("cp932", "euc_jp") == (found.declared, found.encoding)
    assert "祖父が植えた木" in found.text


def test_a_name_of_boilerplate_on_the_whole_page(load):
    """A class called `menu` around everything does not make the page empty."""
    [found] = load(f'<body><div class="menu">{PROSE * 3}</div></body>'.encode(), "a.html")

    assert "祖父が植えた木" in found.text


def test_pages_nested_beyond_reason(load):
    """A hundred thousand levels neither crash nor hang."""
    for tag in ('<div class="menu">', "<b>", "<table><tr><td>"):
        [found] = load(f"<html>{tag * 30_000}{PROSE}".encode(), "a.html")

        assert isinstance(found, Document | Unreadable)


# --- formats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.jsonl", b'{"text": "a"}\n', "jsonl"),
        ("a.ndjson.gz", b'{"text": "a"}\n', "jsonl"),
        ("a.json", b'{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("a.json", b'{\n "text": "a"\n}', "json"),
        ("a.jsonl", b'[{"text": "a"}]', "json"),
        ("export", b'{"text": "a"}\n{"text": "b"}\n', "jsonl"),
        ("page", b"<!-- saved -->\n<!DOCTYPE html><p>a", "html"),
        ("data", b"PAR1....", "parquet"),
        ("notes", "ただの文章です。".encode("cp932"), "text"),
        ("a.txt", b"{not json", "text"),
        ("a.txt", b"", "text"),
        ("a.CSV", b"text\na\n", "csv"),
        ("a.txt", b'\n{"text": "a"}\n\n{"text": "b"}', "jsonl"),
        ("a.txt", b'{"text": "a"}\n' * 8_000, "jsonl"),
        ("a.csv", b'{"text": "a"}\r\n{"text": "b"}\r\n', "jsonl"),
        ("a.csv", b'\xef\xbb\xbf[{"text": "a"}]', "json"),
        ("a.txt", b'[{"text": "a"},\n' + b' {"text": "b"},' * 8_000, "json"),
        ("a.txt.gz", b'[{"text": "a"}]', "json"),
        ("a.md", b'[{"text": "a"}]', "json"),
        # Examples, notes and rows stay what they are called.
        ("a.txt", b'{"text": "an example"}', "text"),
        ("a.txt", b'{"text": "a"}\n{"text": "b"}\nand prose', "text"),
        ("a.txt", b"{}\n{}\n", "text"),
        ("a.txt", b"[1, 2, 3]", "text"),
        ("a.txt", '[{"注": 1}]の例。'.encode(), "text"),
        ("a.txt", b'[{"text": "a"} ' + b"x" * 70_000, "text"),
        ("a.csv", b'{"a": 1},{"b": 2}\n{"a": 3},{"b": 4}\n', "csv"),
        ("a.md", b"[link]: https://example.com\n", "markdown"),
    ],
)
def test_formats_by_content_and_name(tmp_path, name, data, expected):
    """What the bytes show goes before what the name says."""
    path = tmp_path / name
    path.write_bytes(data)

    assert expected == sniff(Input(str(path), name))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(50), bytes(range(256)) * 8])
def test_files_that_are_not_text(load, data):
    """An image or a program is quarantined with a word for what it is."""
    [found] = load(data, "thing.bin")

    assert ("format", data[:200]) == (found.cause, found.first_bytes)


def test_a_directory_in_place_of_a_file(tmp_path):
    """A path that turns out to be a folder is quarantined, not raised."""
    [found] = list(read(Input(str(tmp_path), "a.jsonl")))

    assert "missing" == found.cause


def test_the_recipe_may_name_the_format(load):
    """`format:` beats what would be found."""
    [found] = load(b'{"text": "a"}\n', "a.jsonl", ReadOptions(format="text"))

    assert '{"text": "a"}\n' == found.text


def test_bombs_are_stopped(tmp_path):
    """A stream that grows beyond the ratio breaks off instead of filling the memory."""
    import bz2

    path = tmp_path / "a.bz2"
    path.write_bytes(bz2.compress(bytes(20_000_000)))
    limits = StreamLimits(ratio=1_000, always=1_000_000)
    with open_stream(Input(str(path), "a.bz2"), limits) as stream, pytest.raises(Broken) as caught:
        stream.read()

    assert "bomb" == caught.value.cause


def test_a_broken_stream_never_looks_ended(tmp_path):
    """Reading on after a fault gives the fault again, not an end of file."""
    import gzip

    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x" * 1_000)[:-4])
    with open_stream(Input(str(path), "a.gz")) as stream:
        assert b"x" * 1_000 == stream.read(2_000)
        for _ in range(2):
            with pytest.raises(Broken):
                stream.read(1)


OURS = ("jsonl", "json", "parquet", "arrow", "csv", "text", "html", "auto")


@settings(deadline=None)  # A loaded machine is no fault.
@given(st.binary(max_size=400), st.sampled_from(OURS))
def test_no_bytes_make_a_reader_raise(tmp_path_factory, data, name):
    """Whatever the bytes are, every reader ends, and gives only what the contract names."""
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_bytes(data)
    for item in read(Input(str(path), "a"), ReadOptions(format=name)):
        assert isinstance(item, Document | Unreadable)


def test_everything_under_one_folder(tmp_path):
    """A tree of all formats is read as one source."""
    (tmp_path / "a.txt").write_text(PROSE, "cp932")
    (tmp_path / "b.html").write_text(f"<p>{PROSE}", "utf-8")
    (tmp_path / "c.parquet").write_bytes(parquet(pa.table({"text": [PROSE]})))
    (tmp_path / "d.csv").write_text(f'text\n"{PROSE}"\n', "utf-8")
    texts = [item.text.strip() for each in find_inputs([str(tmp_path)]) for item in read(each)]

    assert 4 == len(texts)
    assert all(text.startswith("庭の梅") for text in texts)


def test_json_nested_without_end_is_text(tmp_path: Path) -> None:
    """What is nested deeper than any record is no list of records, and nothing raises."""
    path = tmp_path / "deep.txt"
    path.write_text('[{"a": ' + "[" * 70_000, "utf-8")

    assert "text" == sniff(Input(str(path), "deep.txt"))
