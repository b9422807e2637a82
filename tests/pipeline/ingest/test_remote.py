"""Remote storage: files behind an address are read as local ones, and no credential is written."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import fsspec
import pytest

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest import find_inputs, read
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
