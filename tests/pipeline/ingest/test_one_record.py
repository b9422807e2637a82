"""An exception that nobody thought of costs one record, in whatever it is held."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Document, Input, Unreadable, find_inputs, read
from seimai.pipeline.ingest.contract import Broken
from seimai.pipeline.ingest.one_record import GAVE_UP, one_record
from seimai.pipeline.ingest.records import hub
from seimai.pipeline.ingest.sources.databases import sql_pattern
from tests.pipeline.ingest.documents.test_mail import mailbox, message
from tests.pipeline.ingest.making import SENTENCES, tar_of, zip_of
from tests.pipeline.ingest.markup.test_mediawiki import HEAD, page
from tests.pipeline.ingest.packing import lzh_of
from tests.pipeline.ingest.pages.test_warc import record, response
from tests.pipeline.ingest.test_formats import parquet

INGEST = "seimai.pipeline.ingest"
ROWS = [{"text": sentence, "n": k} for k, sentence in enumerate(SENTENCES)]
TABLE = pa.Table.from_pylist(ROWS)


def arrow() -> bytes:
    """An Arrow stream."""
    target = io.BytesIO()
    with pa.ipc.new_stream(target, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return target.getvalue()


def seven() -> bytes:
    """A 7z archive."""
    py7zr = pytest.importorskip("py7zr")
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w") as archive:
        for name, text in MEMBERS.items():
            archive.writestr(text, name)
    return target.getvalue()


MEMBERS: dict[str, str | bytes] = {f"{k}.txt": text for k, text in enumerate(SENTENCES)}
PAGES = [f"<html><body><p>{sentence}</p></body></html>".encode() for sentence in SENTENCES]

CONTAINERS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "jsonl": (
        "a.jsonl",
        lambda: b"".join(json.dumps(row).encode() + b"\n" for row in ROWS),
        "records.jsonl.shaper",
    ),
    "jsonl in CP932": (
        "a.jsonl",
        lambda: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode("cp932"),
        "records.jsonl.shaper",
    ),
    "json": ("a.json", lambda: json.dumps(ROWS).encode(), "records.json_file.documents_of"),
    "parquet": ("a.parquet", lambda: parquet(TABLE), "records.columnar.shaper"),
    "arrow": ("a.arrow", arrow, "records.columnar.shaper"),
    "csv": (
        "a.csv",
        ("n,text\n" + "".join(f"{row['n']},{row['text']}\n" for row in ROWS)).encode,
        "records.tables.shaper",
    ),
    "warc": (
        "a.warc",
        lambda: b"".join(record("response", response(one), k) for k, one in enumerate(PAGES)),
        "pages.warc.extracted",
    ),
    "wet": (
        "a.warc",
        lambda: b"".join(record("conversion", text.encode()) for text in SENTENCES),
        "pages.warc.decode",
    ),
    "mediawiki": (
        "a.xml",
        f"{HEAD}{''.join(page('題', text) for text in SENTENCES)}</mediawiki>".encode,
        "markup.mediawiki.plain_text",
    ),
    "feed": (
        "a.xml",
        (
            "<rss version='2.0'><channel><title>港</title>"
            + "".join(f"<item><description>{text}</description></item>" for text in SENTENCES)
            + "</channel></rss>"
        ).encode,
        "pages.feed.article_text",
    ),
    "mbox": (
        "a.mbox",
        lambda: mailbox(*(message(text).as_bytes() for text in SENTENCES)),
        "documents.mail._document",
    ),
    "zip": ("a.zip", lambda: zip_of(MEMBERS), "archive.nested.read"),
    "tar": ("a.tar", lambda: tar_of(MEMBERS), "archive.nested.read"),
    "7z": ("a.7z", seven, "archive.nested.read"),
    "lzh": (
        "a.lzh",
        lambda: lzh_of(MEMBERS),
        "archive.nested.read",
    ),
}
"""For each kind of file its name, a file with three records, and a function that is called once per
record."""


def at_second(inner: Callable[..., Any]) -> Callable[..., Any]:
    """The function, but its second call raises what no reader expects."""
    calls: list[None] = []

    def called(*given: Any, **named: Any) -> Any:
        calls.append(None)
        if len(calls) == 2:
            raise LookupError("a fault that nobody thought of")
        return inner(*given, **named)

    return called


def break_second(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Let the second record of a container raise."""
    name = f"{INGEST}.{where}"
    inner = pytest.importorskip(name.rpartition(".")[0])
    whole = getattr(inner, name.rpartition(".")[2])
    if where.endswith(".shaper"):  # It makes the function that is called for each record.
        second = lambda *given: at_second(whole(*given))  # noqa: E731 - one line says it
        if where.startswith("records.jsonl"):
            raising = at_second(lambda shape, *given: shape(*given))
            second = lambda *given: lambda *one: raising(whole(*given), *one)  # noqa: E731 - as above
        monkeypatch.setattr(name, second)
    else:
        monkeypatch.setattr(name, at_second(whole))


@pytest.mark.parametrize("kind", CONTAINERS)
def test_the_records_before_and_after_are_there(kind, tmp_path, monkeypatch):
    """One record is lost, with its place; those around it are read and counted."""
    name, data, where = CONTAINERS[kind]
    path = tmp_path / name
    path.write_bytes(data())
    source = Input(str(path), name, path.stat().st_size)
    expected = [item.place for item in read(source)]
    break_second(monkeypatch, where)
    found = list(read(source))

    assert [Document, Unreadable, Document] == [type(item) for item in found]
    assert expected == [item.place for item in found]
    lost = found[1]
    assert isinstance(lost, Unreadable)
    assert ("damaged", False) == (lost.cause, lost.rest)
    assert f"{GAVE_UP}: LookupError" == lost.detail


def test_a_row_of_a_query_is_lost_alone(tmp_path, monkeypatch):
    """A row of a database that cannot be read costs only itself."""
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE article (body TEXT)")
        connection.executemany("INSERT INTO article VALUES (?)", [(one,) for one in SENTENCES])
    connection.close()
    monkeypatch.setenv("SEIMAI_TEST_DB", f"sqlite:///{path}")
    break_second(monkeypatch, "records.sql.shaper")
    [source] = find_inputs([sql_pattern("${SEIMAI_TEST_DB}", "SELECT * FROM article")])

    found = list(read(source))

    assert ["row 0", "row 1", "row 2"] == [item.place for item in found]
    assert [Document, Unreadable, Document] == [type(item) for item in found]


def test_a_row_of_a_streamed_data_set_is_lost_alone(monkeypatch):
    """What comes from the hub goes on after a row of it raised."""
    pytest.importorskip("datasets")

    class Rows(list[Any]):
        features = ("text", "n")

    monkeypatch.setattr(hub, "_splits", lambda *_given: iter([("", Rows(ROWS))]))
    break_second(monkeypatch, "records.hub.shaper")
    found = list(read(Input("hf://datasets/a/b", "a/b", -1, format="datasets")))

    assert [Document, Unreadable, Document] == [type(item) for item in found]


def test_a_reader_that_raises_between_records_says_that_the_rest_is_lost(tmp_path, monkeypatch):
    """What it read before is given; the fault says after which place it came."""
    name, data, _ = CONTAINERS["warc"]
    path = tmp_path / name
    path.write_bytes(data())
    inner = pytest.importorskip(f"{INGEST}.pages.warc").frames

    def broken(*given: Any) -> Any:
        yield next(inner(*given))
        raise LookupError("a fault that nobody thought of")

    monkeypatch.setattr(f"{INGEST}.pages.warc.frames", broken)
    first, last = read(Input(str(path), name, path.stat().st_size))

    assert isinstance(first, Document)
    assert isinstance(last, Unreadable)
    assert last.rest
    assert f"{GAVE_UP}: LookupError, after @0" == last.detail


def test_what_is_about_more_than_a_record_goes_through():
    """A missing package, a lack of memory and a bomb end reading as before."""
    for error in (Problem("E001", what="x", package="x", install="x"), MemoryError()):
        with pytest.raises(type(error)):
            list(one_record(raising(error), place=""))
    with pytest.raises(Broken):
        list(one_record(raising(Broken("bomb", "")), place=""))
    [cut] = one_record(raising(Broken("truncated", "too short")), place="@3")

    assert "truncated" == cut.cause


def raising(error: Exception) -> Callable[[], Any]:
    """A function that raises."""

    def read_one() -> Any:
        raise error

    return read_one
