"""Remote storage: files behind an address are read as local ones, and no credential is written."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import fsspec
import pyarrow.parquet as pq
import pytest
from pydantic import ValidationError

from seimai.pipeline.engine.planning import surroundings
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import Input, Unreadable, find_inputs, read, remote
from tests.conftest import Curate, recipe_of
from tests.pipeline.ingest.making import SENTENCES, docx_of, paragraph, pdf_of, texts, zip_of

FILES = {
    "a.txt": SENTENCES[0].encode(),
    "b/c.zip": zip_of({"d.txt": SENTENCES[1]}),
    "b/e.docx": docx_of(paragraph(SENTENCES[2])),
}


@pytest.fixture
def memory() -> Iterator[str]:
    """A bucket in memory."""
    system = fsspec.filesystem("memory")
    for name, data in FILES.items():
        system.pipe(f"/bucket/{name}", data)
    yield "memory://bucket"
    system.rm("/bucket", recursive=True)


def test_a_bucket_is_a_folder(memory: str):
    """Files are found below a prefix and by a glob, each with its own reader."""
    found = find_inputs([memory])

    assert list(FILES) == [one.key for one in found]
    assert list(SENTENCES) == [text for one in found for text in texts(read(one))]
    assert ["b/c.zip"] == [one.key for one in find_inputs([f"{memory}/**/*.zip"])]


def test_a_pdf_in_a_bucket_is_read(memory: str):
    """Formats that need a file on disk get one."""
    pytest.importorskip("pypdfium2")
    lines = [(40.0, 300.0, 12.0, SENTENCES[0])]
    fsspec.filesystem("memory").pipe("/bucket/f.pdf", pdf_of([lines]))
    [source] = find_inputs([f"{memory}/f.pdf"])

    assert [SENTENCES[0]] == texts(read(source))


class _Quiet(SimpleHTTPRequestHandler):
    """A server that says nothing and knows nothing of ranges."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A folder behind HTTP on this machine."""
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize(("name", "sentence"), list(zip(FILES, SENTENCES, strict=True)))
def test_files_behind_http_are_read(server: str, name: str, sentence: str):
    """A server without ranges is read once, from the beginning."""
    pytest.importorskip("aiohttp")
    [source] = find_inputs([f"{server}/{name}"])

    assert Path(name).name == source.key
    assert [sentence] == texts(read(source))


def test_credentials_are_not_told(server: str):
    """A user and a password in an address are in no name and no message."""
    pytest.importorskip("aiohttp")
    address = server.replace("http://", "http://reader:s3cret@")
    with pytest.raises(Problem) as found:
        find_inputs([f"{address}/missing.txt"])
    assert "s3cret" not in str(found.value)

    [source] = find_inputs([f"{address}/a.txt?token=s3cret"])
    assert "s3cret" not in source.key


def test_an_unknown_address_is_told():
    """A scheme that nobody has is a problem of the user's, with the scheme in it."""
    with pytest.raises(Problem, match="nosuch"):
        find_inputs(["nosuch://reader:s3cret@bucket/a.txt"])


class _Moody(BaseHTTPRequestHandler):
    """A server with a fault for every path."""

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        """Answer, or fail, as the path says."""
        name = self.path.partition("?")[0].strip("/")
        if name == "moved.txt":
            self.send_response(302)
            self.send_header("Location", "/here.txt?again=s3cret")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif name == "silent.txt" and self.command == "GET":
            self.server.release.wait()  # type: ignore[attr-defined]
        elif name in {"here.txt", "cut.jsonl", "silent.txt"}:
            lines = "".join(f'{{"text": "{one}"}}\n' for one in SENTENCES)
            body = (SENTENCES[0] if name == "here.txt" else lines * 2000).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Accept-Ranges", "none")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body[: len(body) // 2] if name == "cut.jsonl" else body)
                self.close_connection = True
        else:
            self.send_response({"secret.txt": 403, "broken.txt": 500}.get(name, 404))
            self.send_header("Content-Length", "0")
            self.end_headers()


@pytest.fixture
def moody() -> Iterator[str]:
    """A server that fails."""
    pytest.importorskip("aiohttp")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Moody) as http:
        http.release = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.release.set()  # type: ignore[attr-defined]
        http.shutdown()
        thread.join()


def test_a_server_may_send_elsewhere(moody: str):
    """A file that has moved is read where it is, and keeps the name it was asked for by."""
    [source] = find_inputs([f"{moody}/moved.txt"])

    assert "moved.txt" == source.key
    assert [SENTENCES[0]] == texts(read(source))


@pytest.mark.parametrize(
    ("name", "cause"),
    [("secret.txt", "permission"), ("broken.txt", "unreachable"), ("gone.txt", "missing")],
)
def test_what_a_server_refuses_is_told(moody: str, name: str, cause: str):
    """A file that was found and is refused when it is read is one record with the reason."""
    [item] = read(Input(f"{moody}/{name}?token=s3cret", name))

    assert isinstance(item, Unreadable)
    assert cause == item.cause
    assert "s3cret" not in item.detail


def test_a_connection_that_breaks_off_costs_the_rest(moody: str):
    """Records that came whole are given in their order; the break is told once, as the last."""
    [source] = find_inputs([f"{moody}/cut.jsonl"])
    *documents, fault = read(source)
    found = texts(documents)

    # How many there are is up to the network: what had come and was not asked for is lost.
    assert list(SENTENCES * 1000)[: len(found)] == found
    assert len(documents) == len(found)
    assert isinstance(fault, Unreadable)
    assert "unreachable" == fault.cause
    assert "the connection failed" in fault.detail


def test_a_server_that_falls_silent_is_given_up(moody: str, monkeypatch: pytest.MonkeyPatch):
    """Nobody waits for ever for a byte that does not come."""
    monkeypatch.setattr(remote, "SILENCE", 0.1)
    [item] = read(Input(f"{moody}/silent.txt", "silent.txt"))

    assert isinstance(item, Unreadable)
    assert "Timeout" in item.detail


@pytest.mark.parametrize("scheme", ["s3", "gs", "abfs"])
def test_errors_of_a_store_are_told_without_what_they_say(
    scheme: str, monkeypatch: pytest.MonkeyPatch
):
    """Errors that are none of the system's become one record that holds no secret."""

    class StoreError(Exception):
        """What the client of a store raises."""

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("https://reader:s3cret@store.example.jp/a.txt?sig=s3cret")

    monkeypatch.setattr(fsspec, "open", refuse)
    [item] = read(Input(f"{scheme}://bucket/a.txt", "a.txt"))

    assert isinstance(item, Unreadable)
    assert "unreachable" == item.cause
    assert "the connection failed: StoreError" == item.detail


def test_no_secret_is_written(
    moody: str, tmp_path: Path, curate: Curate, monkeypatch: pytest.MonkeyPatch
):
    """What a server or the environment says is in no file of a run; addresses may not hold it."""
    monkeypatch.setattr(surroundings, "WAITS", ())
    names = ("here.txt", "cut.jsonl", "moved.txt")
    result = curate(recipe_of(*(f"{moody}/{name}" for name in names)), tmp_path / "out")
    with pytest.raises(ValidationError, match="password or a token"):
        recipe_of(f"{moody}/here.txt?token=s3cret")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]

    assert {"run.json", "README.md", "croissant.json", "report.html"} <= {one.name for one in files}
    assert ["unreachable"] == [one["cause"] for one in result["unfinished"]]
    for path in files:
        rows = pq.read_table(path).to_pylist() if path.suffix == ".parquet" else path.read_bytes()

        assert "s3cret" not in f"{rows}", path.name


class _Bucket(BaseHTTPRequestHandler):
    """As much of S3 as reading needs, on this machine."""

    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        """List the bucket, or give an object or a part of one."""
        self.asked.append(f"{self.path} {self.headers.get('Authorization', '')}")
        path, _, query = self.path.partition("?")
        name = path.removeprefix("/bucket").strip("/")
        if not name:
            prefix = parse_qs(query).get("prefix", [""])[0]
            found = [one for one in FILES if one.startswith(prefix)]
            entries = "".join(
                f"<Contents><Key>{one}</Key><Size>{len(FILES[one])}</Size><ETag>x</ETag>"
                "<LastModified>2024-05-06T07:08:09.000Z</LastModified></Contents>"
                for one in found
            )
            body = (
                f"<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>"
                f"<KeyCount>{len(found)}</KeyCount>{entries}</ListBucketResult>"
            ).encode()
            self._give(200, body)
        elif name not in FILES:
            self._give(404, b"")
        elif asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            body = FILES[name][int(asked[1]) : int(asked[2] or 1 << 40) + 1]
            self._give(206 if body else 416, body)
        else:
            self._give(200, FILES[name])

    def _give(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def test_a_bucket_of_s3_is_read_with_what_the_environment_says(monkeypatch: pytest.MonkeyPatch):
    """Keys and the address of the store come from the environment; the secret is never sent."""
    pytest.importorskip("s3fs")
    monkeypatch.setattr(_Bucket, "asked", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), _Bucket) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{http.server_port}",
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "s3cret",
            "AWS_DEFAULT_REGION": "local",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        found = find_inputs(["s3://bucket"])
        read_texts = [text for one in found for text in texts(read(one))]
        [gone] = read(Input("s3://bucket/gone.txt", "gone.txt"))
        http.shutdown()
        thread.join()

    assert list(FILES) == [one.key for one in found]
    assert list(SENTENCES) == read_texts
    assert isinstance(gone, Unreadable)
    assert "missing" == gone.cause
    assert all("Credential=reader/" in one for one in _Bucket.asked)
    assert not any("s3cret" in one for one in [*_Bucket.asked, *(one.path for one in found)])
