"""JSON lines: what is whole comes in, what is not is quarantined with its place and cause."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from seimai.pipeline.ingest import Document, Input, ReadOptions, Unreadable, read

SENTENCES = (
    "朝の港に三隻の船が戻ってきた。",
    "会議は予定より十分早く終わりました。",
    "この部品は湿気の少ない場所に保管してください。",
)


def lines(*records: object) -> bytes:
    """Records as JSON lines."""
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in records)


def items(path: Path, options: ReadOptions | None = None, **place: int) -> list[object]:
    """All that reading a file gives."""
    return list(read(Input(str(path), path.name, path.stat().st_size, **place), options))


@pytest.fixture
def written(tmp_path: Path):
    """A function that writes bytes to a file of a name."""

    def write(data: bytes, name: str = "a.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def test_columns_find_their_fields(written):
    """Text, id and the usual columns are taken; all others pass through unchanged."""
    record = {
        "body": SENTENCES[0],
        "id": 7,
        "url": "https://example.jp/a",
        "license": "CC0-1.0",
        "date": "2020-01-02",
        "source": "港",
        "tags": ["船", {"n": None}],
        "score": 0.5,
    }
    [document] = items(written(lines(record)))

    assert (
        Document(
            text=SENTENCES[0],
            place="@0",
            id="7",
            url="https://example.jp/a",
            license="CC0-1.0",
            date="2020-01-02",
            source="港",
            detected="utf-8",
            encoding="utf-8",
            media_type="application/jsonl",
            extra={"tags": ["船", {"n": None}], "score": 0.5},
            format="jsonl",
        )
        == document
    )


def test_named_columns_win(written):
    """A column that the recipe names is taken even where a usual name is there too."""
    record = {"text": "表題", "honbun": SENTENCES[0], "id": "a", "code": "b"}
    [document] = items(written(lines(record)), ReadOptions(text="honbun", id="code"))

    assert (SENTENCES[0], "b", {"text": "表題", "id": "a"}) == (
        document.text,
        document.id,
        document.extra,
    )


def test_columns_of_another_kind_pass_through(written):
    """A `source` that is an object or an id that is a float stays in `extra`."""
    [document] = items(written(lines({"text": "あ", "source": {"a": 1}, "id": 1.5, "date": None})))

    assert (None, None, None) == (document.source, document.id, document.date)
    assert {"source": {"a": 1}, "id": 1.5, "date": None} == document.extra


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.jsonl", bytes),
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.zst", zstandard.ZstdCompressor().compress),
        ("a.jsonl.bz2", bz2.compress),
        ("a.jsonl.xz", lzma.compress),
        ("name-without-ending", gzip.compress),
    ],
)
def test_compressions(written, name, pack):
    """Every compression gives the same documents, and members that follow each other are one."""
    data = lines({"text": SENTENCES[0]}, {"text": SENTENCES[1]})
    more = lines({"text": SENTENCES[2]})
    found = items(written(pack(data) + pack(more), name))

    assert list(SENTENCES) == [each.text for each in found]
    assert "@0" == found[0].place
    assert f"@{len(data)}" == found[2].place


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_cut_stream_gives_what_came_before(written, pack):
    """A truncated file gives its whole records, then one unreadable for the cut."""
    data = lines(*({"text": f"{number}番目の文です。" * 40} for number in range(3_000)))
    whole = pack(data)
    found = items(written(whole[: len(whole) * 2 // 3], "a.jsonl.packed"))
    texts = [each.text for each in found[:-1]]

    assert texts
    assert [json.loads(line)["text"] for line in data.splitlines()[: len(texts)]] == texts
    assert isinstance(found[-1], Unreadable)
    assert "truncated" == found[-1].cause


def test_a_damaged_stream_says_so(written):
    """A wrong checksum is reported after the records, and so are bytes that follow the stream."""
    packed = bytearray(gzip.compress(lines({"text": SENTENCES[0]})))
    packed[-6] ^= 0xFF
    damaged = items(written(bytes(packed), "a.jsonl.gz"))
    followed = items(written(gzip.compress(lines({"text": SENTENCES[0]})) + b"junk" * 9, "b.gz"))

    assert [SENTENCES[0]] == [each.text for each in damaged[:-1]]
    assert "damaged" == damaged[-1].cause
    assert [SENTENCES[0]] == [each.text for each in followed[:-1]]
    assert "damaged" == followed[-1].cause


def test_zero_padding_after_gzip_is_no_fault(written):
    """Zeros after the last member, as tapes leave them, are not records."""
    found = items(written(gzip.compress(lines({"text": "あ"})) + bytes(512), "a.jsonl.gz"))

    assert ["あ"] == [each.text for each in found]


def test_broken_lines_are_quarantined_in_place(written):
    """A line that is not an object is one unreadable; its neighbours are read."""
    good = lines({"text": SENTENCES[0]})
    found = items(written(good + b'{"text": "cut\n' + b"[1]\n" + b"null\n" + good))

    assert [None, "json", "json", "json", None] == [getattr(each, "cause", None) for each in found]
    assert f"@{len(good)}" == found[1].place
    assert b'{"text": "cut' == found[1].first_bytes


@pytest.mark.parametrize("record", [{}, {"text": None}, {"text": 3}, {"text": ["a"]}, {"x": "y"}])
def test_a_record_without_text_is_unreadable(written, record):
    """Missing, null and wrongly typed texts are quarantined, never dropped or turned to strings."""
    [found] = items(written(lines(record)))

    assert ("no_text", lines(record).rstrip()) == (found.cause, found.first_bytes)


def test_an_empty_text_is_a_text(written):
    """The limits judge an empty text; reading does not."""
    [found] = items(written(lines({"text": ""})))

    assert "" == found.text


def test_blank_lines_are_not_records(written):
    """Empty lines, blanks and a missing last line end change nothing."""
    data = b"\n\n" + lines({"text": "あ"}) + b"  \r\n\t\n" + lines({"text": "い"}).rstrip()

    assert ["あ", "い"] == [each.text for each in items(written(data))]


def test_many_empty_lines_are_nothing(written):
    """A file of nothing but line ends has no records."""
    assert [] == items(written(b"\n" * 300_000))


def test_a_line_over_the_limit_is_not_held(written):
    """A huge line is one unreadable with its first bytes; what follows is read."""
    good = lines({"text": SENTENCES[0]})
    huge = b'{"text": "' + b"x" * 3_000_000 + b'"}\n'
    found = items(written(good + huge + good + huge[:-1]), ReadOptions(max_record=2_000_000))

    assert [None, "too_large", None, "too_large"] == [
        getattr(each, "cause", None) for each in found
    ]
    assert huge[:200] == found[1].first_bytes
    assert f"@{len(good) + len(huge)}" == found[2].place


def test_line_separators_inside_strings_stay(written):
    """U+2028, U+2029 and U+0085 are characters of a text, not ends of a record."""
    text = "一行目\u2028二行目\u2029三行目\u0085四行目"
    [found] = items(written(lines({"text": text})))

    assert text == found.text


def test_nul_and_control_characters_are_kept(written):
    """What to do with control characters is for the cleaners."""
    [found] = items(written(b'{"text": "a\\u0000b\\u0007"}\n'))

    assert "a\0b\a" == found.text


def test_lone_surrogates_become_replacement_characters(written):
    """Half of a pair cannot be written as UTF-8: it is replaced and counted, everywhere."""
    data = b'{"text": "a\\ud83d b\\ude00", "\\ud800": ["\\udfff"]}\n{"text": "\\ud83d\\ude00"}\n'
    broken, whole = items(written(data))

    assert ("a\ufffd b\ufffd", 4, {"\ufffd": ["\ufffd"]}) == (
        broken.text,
        broken.replaced,
        broken.extra,
    )
    assert ("😀", 0) == (whole.text, whole.replaced)


def test_a_byte_order_mark_is_not_text(written):
    """A BOM at the start is taken off and noted."""
    first, second = items(written(b"\xef\xbb\xbf" + lines({"text": "あ"}, {"text": "い"})))

    assert ("あ", "utf-8-sig") == (first.text, first.declared)
    assert ("い", None) == (second.text, second.declared)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16-le", "utf-16"])
def test_other_encodings_are_read(written, encoding):
    """A whole file in CP932, EUC-JP or UTF-16 is read and says so."""
    texts = [
        f"{sentence}これは{number}行目の記録です。" for number, sentence in enumerate(SENTENCES * 9)
    ]
    data = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    found = items(written(data.encode(encoding)))

    assert texts == [each.text for each in found]
    assert 1 == len({each.encoding for each in found})


def test_a_line_that_is_not_utf8_is_unreadable(written):
    """One line with a stray byte in a file of UTF-8 is quarantined as such."""
    good = lines({"text": SENTENCES[0]})
    found = items(written(good * 3 + b'{"text": "\xff\xfe\xfd"}\n' + good))

    assert "encoding" == found[3].cause
    assert SENTENCES[0] == found[4].text


def test_numbers_that_json_has_not_are_let_in(written):
    """NaN, which Python and pandas write, does not cost the record."""
    [found] = items(written(b'{"text": "a", "x": NaN}\n'))

    assert "a" == found.text


def test_deep_nesting_is_quarantined(written):
    """A hundred thousand brackets neither crash nor hang."""
    [found] = items(written(b'{"text": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"))

    assert isinstance(found, Document | Unreadable)


def test_an_empty_file_has_no_records(written):
    """An empty file gives no records and no fault."""
    assert [] == items(written(b""))
    assert [] == items(written(b"", "b.jsonl.gz"))


@settings(deadline=None)  # A loaded machine is no fault.
@given(st.lists(st.text(max_size=30), max_size=30), st.lists(st.integers(0, 2_000), max_size=6))
def test_parts_by_bytes_add_up(tmp_path_factory, texts, cuts):
    """However a file is cut into parts, each record is read once and in order."""
    path = tmp_path_factory.mktemp("parts") / "a.jsonl"
    path.write_bytes(lines(*({"text": text} for text in texts)))
    size = path.stat().st_size
    edges = sorted({0, *(cut for cut in cuts if cut < size)})
    parts = [
        item
        for start, end in zip(edges, [*edges[1:], None], strict=True)
        for item in items(path, start=start, end=end)
    ]

    assert items(path) == parts


def test_a_packed_file_is_read_by_its_first_part(written):
    """Parts of a compressed file: the first gives all, the others nothing."""
    path = written(gzip.compress(lines({"text": "あ"}, {"text": "い"})), "a.jsonl.gz")

    assert ["あ", "い"] == [each.text for each in items(path, start=0, end=10)]
    assert [] == items(path, start=10)


def test_a_list_of_objects_is_read(written):
    """A `.json` file with a list gives its elements, whatever their layout."""
    records = [
        {"text": f'{sentence}"引用\\"、[括弧]{{}}', "n": [1, {"a": "}"}]} for sentence in SENTENCES
    ]
    compact = items(written(json.dumps(records).encode(), "a.json"))
    spread = items(written(json.dumps(records, indent=2, ensure_ascii=False).encode(), "b.json"))

    assert [each["text"] for each in records] == [each.text for each in compact]
    assert [each["text"] for each in records] == [each.text for each in spread]


def test_a_list_keeps_its_faults_in_place(written):
    """Elements over the limit, wrong ones, and the end of a cut list are unreadable one by one."""
    whole = json.dumps([{"text": "あ"}, {"text": "x" * 5_000}, 3, {"text": "い"}]).encode()
    found = items(written(whole[:-2], "a.json"), ReadOptions(max_record=1_000))

    assert ["あ", "too_large", "json", "truncated"] == [
        getattr(each, "cause", None) or each.text for each in found
    ]


def test_one_object_over_lines_is_one_record(written):
    """A `.json` file with one object is one document."""
    [found] = items(written(json.dumps({"text": "あ"}, indent=1).encode(), "a.json"))

    assert "あ" == found.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("rest", ['{"text": "後"}', '\n\n[{"text": "後"}]', "}", "x" * 2_000_000])
def test_what_follows_a_list_is_told(written, encoding, rest):
    """A list that ends too early is no reason to lose what stands after it silently."""
    data = f'[{{"text": "前"}}]{rest}'.encode(encoding)
    [document, fault] = items(written(data, "a.json"))

    assert "前" == document.text
    assert "damaged" == fault.cause
    assert rest.strip()[:9].encode() == fault.first_bytes[:9]


def test_a_list_that_is_closed_by_a_brace_is_told(written):
    """One bracket too many ends a list; the elements after it are told."""
    [document, fault] = items(written(b'[{"text": "a"}}, {"text": "b"}]', "a.json"))

    assert "a" == document.text
    assert ("damaged", b', {"text": "b"}]') == (fault.cause, fault.first_bytes)
