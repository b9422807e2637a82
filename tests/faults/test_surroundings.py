"""Disks, shares and servers that fail for a while: no input is lost, and none finished by it."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from seimai.pipeline.engine import worker
from seimai.pipeline.engine.planning import content, surroundings
from seimai.pipeline.engine.planning import plan as planning
from seimai.pipeline.engine.run import run
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import Input
from tests.conftest import ids, prose, recipe_of, release_digests, released

TEXTS = 5


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for what it has broken itself."""
    monkeypatch.setattr(surroundings, "WAITS", (0.0, 0.0))


def _lines(name: str, count: int = TEXTS) -> list[dict[str, str]]:
    return [{"id": f"{name}{k}", "text": prose(k + 50 * ord(name[0]))} for k in range(count)]


@pytest.fixture
def corpus(tmp_path, write_lines):
    """Three files, each a split of its own or not."""
    for name in "abc":
        write_lines(tmp_path / f"in/{name}.jsonl", _lines(name))
    return tmp_path / "in"


class _While:
    """Something that happens once, after the plan is made and before the first split is read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, deed: Any) -> None:
        self.left = 1
        usual = worker.read_split

        def read_split(*given: Any) -> Any:
            if self.left:
                self.left -= 1
                deed()
            return usual(*given)

        monkeypatch.setattr(worker, "read_split", read_split)


@pytest.mark.parametrize("alone", [False, True])
def test_a_file_that_is_away_for_one_run(corpus, tmp_path, curate, monkeypatch, alone):
    """It is named and left, the others are released, and the next run reads it."""
    if alone:
        monkeypatch.setattr(planning, "SMALL_BYTES", 1)
    curate(recipe_of(corpus), tmp_path / "whole")
    away = tmp_path / "away"
    _While(monkeypatch, lambda: (corpus / "b.jsonl").rename(away))
    result = curate(recipe_of(corpus), tmp_path / "out")

    assert [("crawl", "b.jsonl", "missing")] == [
        (one["source"], one["key"], one["cause"]) for one in result["unfinished"]
    ]
    assert 2 * TEXTS == result["counts"]["read"] == len(ids(tmp_path / "out"))
    assert [] == released(tmp_path / "out", "quarantine")

    away.rename(corpus / "b.jsonl")
    result = curate(recipe_of(corpus), tmp_path / "out")

    assert [] == result["unfinished"]
    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "out")


def test_a_release_is_not_replaced_by_one_with_a_hole(corpus, tmp_path, curate):
    """A file of the last release that cannot be read now leaves that release as it is."""
    out = tmp_path / "out"
    curate(recipe_of(corpus), out)
    before = release_digests(out)
    (corpus / "b.jsonl").rename(tmp_path / "away")
    (corpus / "b.jsonl").symlink_to(tmp_path / "nowhere")
    with pytest.raises(Problem) as caught:
        curate(recipe_of(corpus), out)

    assert "O004" == caught.value.code
    assert "b.jsonl" in str(caught.value)
    assert before == release_digests(out)

    result = curate(recipe_of(corpus), out, accept=True)

    assert 2 * TEXTS == result["counts"]["read"] == len(ids(out))

    (corpus / "b.jsonl").unlink()
    (tmp_path / "away").rename(corpus / "b.jsonl")
    curate(recipe_of(corpus), out)

    assert before == release_digests(out)
    assert ["00000-000.parquet"] == [path.name for path in (out / "stages/text").glob("*.parquet")]


def test_nothing_is_published_where_nothing_could_be_read(corpus, tmp_path, curate):
    """A first run whose inputs are all out of reach makes no release."""
    for path in corpus.iterdir():
        path.unlink()
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(Problem) as caught:
        curate(recipe_of(corpus), tmp_path / "out")

    assert "O005" == caught.value.code
    assert not (tmp_path / "out/release").exists()


@pytest.mark.parametrize("code", [errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EACCES])
@pytest.mark.parametrize("moment", ["open", "middle"])
def test_a_disk_that_fails_for_a_while(
    corpus, tmp_path, curate, monkeypatch, code, moment, write_lines
):
    """An error of the system is tried again; if it lasts, the input waits for the next run."""
    write_lines(corpus / "b.jsonl", _lines("b", 1500))
    curate(recipe_of(corpus), tmp_path / "whole")
    usual = Input.open_raw
    tries: list[str] = []
    lasting = [True]

    class Failing(io.BytesIO):
        """A file whose second half cannot be read."""

        def read(self, size: int | None = -1, /) -> bytes:
            """The bytes of the first half, then an error."""
            half = len(self.getvalue()) // 2
            if self.tell() >= half:
                raise OSError(code, os.strerror(code))
            return super().read(min(size or -1, half - self.tell()))

    def open_raw(one: Input) -> Any:
        # The plan has to know the file, or there would be nothing to read.
        if one.key == "b.jsonl" and one.version and lasting and worker_reads:
            tries.append(one.key)
            if moment == "open":
                raise OSError(code, os.strerror(code))
            return Failing(Path(one.path).read_bytes())
        return usual(one)

    worker_reads: list[int] = []
    _While(monkeypatch, lambda: worker_reads.append(1))
    monkeypatch.setattr(Input, "open_raw", open_raw)
    result = curate(recipe_of(corpus), tmp_path / "out")
    cause = {errno.EIO: "io", errno.ESTALE: "io", errno.ETIMEDOUT: "unreachable"}

    assert [("b.jsonl", cause.get(code, "permission"))] == [
        (one["key"], one["cause"]) for one in result["unfinished"]
    ]
    assert len(surroundings.WAITS) < len(tries)
    assert 2 * TEXTS == result["counts"]["read"]

    lasting.clear()
    curate(recipe_of(corpus), tmp_path / "out")

    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "out")


def test_a_fault_that_passes_is_never_seen(corpus, tmp_path, curate, monkeypatch):
    """A file that can be read at the second try is like any other."""
    curate(recipe_of(corpus), tmp_path / "whole")
    usual = Input.open_raw
    left = [2]

    def open_raw(one: Input) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EIO, "Input/output error")
        return usual(one)

    monkeypatch.setattr(Input, "open_raw", open_raw)
    result = curate(recipe_of(corpus), tmp_path / "out")

    assert [] == result["unfinished"]
    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "out")


# --- inputs that change -----------------------------------------------------------------------


@pytest.mark.parametrize("alone", [False, True])
def test_an_input_that_changes_after_the_plan(corpus, tmp_path, curate, monkeypatch, alone):
    """What is released and recorded is the file as it was read; the old one gives the old bytes."""
    if alone:
        monkeypatch.setattr(planning, "SMALL_BYTES", 1)
    path, out = corpus / "b.jsonl", tmp_path / "out"
    curate(recipe_of(corpus), tmp_path / "whole")
    old = path.read_bytes()
    intruder = json.dumps({"id": "late", "text": prose(999)}).encode() + b"\n"
    status = path.stat()
    _While(monkeypatch, lambda: path.write_bytes(old + intruder))
    result = curate(recipe_of(corpus), out)

    assert "late" in ids(out)
    assert len(old) + len(intruder) == next(
        one["bytes"] for one in result["inputs"] if one["key"] == "b.jsonl"
    )

    path.write_bytes(old)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    curate(recipe_of(corpus), out)

    assert release_digests(tmp_path / "whole") == release_digests(out)


def test_an_input_that_never_rests_is_left(corpus, tmp_path, curate, monkeypatch):
    """A file that changes whenever it is read is named as such, and the others are released."""
    path = corpus / "b.jsonl"
    usual = worker.read_split

    def read_split(*given: Any) -> Any:
        with path.open("ab") as file:
            file.write(b'{"id": "x", "text": "\xe3\x81\x82"}\n')
        return usual(*given)

    monkeypatch.setattr(worker, "read_split", read_split)
    result = curate(recipe_of(corpus), tmp_path / "out")

    assert [("b.jsonl", "changed")] == [(one["key"], one["cause"]) for one in result["unfinished"]]
    assert 2 * TEXTS == result["counts"]["read"]


def test_a_file_that_is_cut_while_it_is_read(corpus, tmp_path, curate, monkeypatch):
    """Half a file is not quarantined as damaged: it is read again as what it is by then."""
    data = (corpus / "b.jsonl").read_bytes()
    path = corpus / "b.jsonl"
    _While(monkeypatch, lambda: os.truncate(path, len(data) - 7))
    result = curate(recipe_of(corpus), tmp_path / "out")

    assert 1 == result["counts"]["quarantined"]
    assert len(data) - 7 == next(
        one["bytes"] for one in result["inputs"] if one["key"] == "b.jsonl"
    )


def test_other_bytes_of_the_same_size_and_time(corpus, tmp_path, curate):
    """A file put in the place of another with its size and time is seen all the same."""
    path, out = corpus / "b.jsonl", tmp_path / "out"
    curate(recipe_of(corpus), out)
    before = release_digests(out)
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(rb"\u305d", rb"\u3053"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    curate(recipe_of(corpus), out)

    assert before != release_digests(out)


def test_a_recheck_reads_what_looks_the_same(corpus, tmp_path, curate, monkeypatch):
    """Where not even the system's own time tells, `recheck` does."""
    out = tmp_path / "out"
    monkeypatch.setattr(content, "version_of", lambda one: f"{Path(one.path).stat().st_size}")
    monkeypatch.setattr(surroundings, "version_of", lambda one: f"{Path(one.path).stat().st_size}")
    curate(recipe_of(corpus), out)
    before = release_digests(out)
    path = corpus / "b.jsonl"
    path.write_bytes(path.read_bytes().replace(rb"\u305d", rb"\u3053"))
    curate(recipe_of(corpus), out)

    assert before == release_digests(out)

    curate(recipe_of(corpus), out, recheck=True)

    assert before != release_digests(out)


# --- servers ----------------------------------------------------------------------------------


class _Moody(BaseHTTPRequestHandler):
    """A server with one file, and moods that the test sets."""

    protocol_version = "HTTP/1.0"
    data: ClassVar[bytes] = b""
    tags: ClassVar[bool] = True
    failing: ClassVar[str] = ""
    gets: ClassVar[list[int]] = []

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        """The size, and a tag where the server has them."""
        self._head()

    def _head(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.data)))
        if self.tags:
            self.send_header("ETag", f'"{hash(self.data):x}"')
        self.end_headers()

    def do_GET(self) -> None:
        """The file, or what the mood says."""
        self.gets.append(1)
        if self.failing == "503":
            self.send_error(503)
            return
        self._head()
        data = self.data
        self.wfile.write(data[: len(data) // 2] if self.failing == "cut" else data)


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a file behind HTTP."""
    _Moody.data = "".join(json.dumps(one) + "\n" for one in _lines("w")).encode()
    _Moody.tags, _Moody.failing = True, ""
    _Moody.gets.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Moody) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}/w.jsonl"
        http.shutdown()


@pytest.mark.parametrize("mood", ["503", "cut"])
@pytest.mark.parametrize("tags", [True, False])
def test_a_server_that_fails_for_a_while(corpus, tmp_path, curate, server, monkeypatch, mood, tags):
    """503 and a transfer that breaks off leave the file for the next run."""
    _Moody.tags = tags
    recipe = recipe_of(corpus, server)
    curate(recipe, tmp_path / "whole")
    _While(monkeypatch, lambda: setattr(_Moody, "failing", mood))
    result = curate(recipe, tmp_path / "out")

    assert [("w.jsonl", "unreachable")] == [
        (one["key"], one["cause"]) for one in result["unfinished"]
    ]
    assert 0 == result["counts"]["quarantined"]

    _Moody.failing = ""
    curate(recipe, tmp_path / "out")

    assert release_digests(tmp_path / "whole") == release_digests(tmp_path / "out")


def test_a_remote_file_is_downloaded_once(tmp_path, curate, server):
    """Where the server tells versions apart a file is read once, and not at all when it stayed."""
    recipe, out = recipe_of(server), tmp_path / "out"
    curate(recipe, out)
    first = len(_Moody.gets)
    curate(recipe, out)

    assert first == len(_Moody.gets)

    _Moody.data += json.dumps({"id": "new", "text": prose(7)}).encode() + b"\n"
    curate(recipe, out)

    assert "new" in ids(out)


@pytest.mark.parametrize("tags", [True, False])
def test_a_remote_file_that_changes_after_the_plan(tmp_path, curate, server, monkeypatch, tags):
    """It is read as what it is by then, under the digest that it has by then."""
    _Moody.tags = tags
    more = json.dumps({"id": "new", "text": prose(7)}).encode() + b"\n"
    _While(monkeypatch, lambda: setattr(_Moody, "data", _Moody.data + more))
    result = curate(recipe_of(server), tmp_path / "out")

    assert "new" in ids(tmp_path / "out")
    assert len(_Moody.data) == result["inputs"][0]["bytes"]


# --- databases --------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path):
    """A small database, and a function that adds a row to it."""
    pytest.importorskip("sqlalchemy")
    import sqlite3

    path = tmp_path / "base.sqlite"

    def add(name: str) -> None:
        with sqlite3.connect(path) as base:
            base.execute("create table if not exists t (id text, text text)")
            base.execute("insert into t values (?, ?)", (name, prose(len(name))))

    add("a")
    return path, add


def _recipe(path: Path, **more: str) -> Any:
    from seimai.pipeline.recipe import Recipe

    source = {"name": "base", "database": f"sqlite:///{path}", "query": "select id, text from t"}
    return Recipe.model_validate({"recipe": "test", "source": [{**source, **more}]})


def test_a_database_is_read_at_every_run(database, tmp_path, curate):
    """A new row is in the next release; a run without one leaves the release alone."""
    path, add = database
    out = tmp_path / "out"
    curate(_recipe(path), out)
    written = (out / "release/run.json").stat().st_mtime_ns
    curate(_recipe(path), out)

    assert written == (out / "release/run.json").stat().st_mtime_ns

    add("bb")
    curate(_recipe(path), out)

    assert ["a", "bb"] == ids(out)


def test_a_query_can_say_whether_a_database_changed(database, tmp_path, curate):
    """With `changed` the database is read only where its result is another one."""
    path, add = database
    out = tmp_path / "out"
    recipe = _recipe(path, changed="select count(*) from t")
    curate(recipe, out)
    ledger = out / "stages/text/00000.json"
    written = ledger.stat().st_mtime_ns
    curate(recipe, out)

    assert written == ledger.stat().st_mtime_ns

    add("bb")
    curate(recipe, out)

    assert ["a", "bb"] == ids(out)


# --- workers ----------------------------------------------------------------------------------


def test_workers_leave_word(corpus, tmp_path, own_signals, monkeypatch):
    """What a worker cannot read is known to the run that asked it."""
    monkeypatch.setattr(planning, "SMALL_BYTES", 1)
    out = tmp_path / "out"
    link = corpus / "b.jsonl"
    link.rename(tmp_path / "b")
    link.symlink_to(tmp_path / "b")
    shutil.copy(tmp_path / "b", corpus / "d.jsonl")
    usual = planning.save_plan

    def save_plan(*given: Any) -> None:
        usual(*given)
        (corpus / "d.jsonl").unlink(missing_ok=True)

    monkeypatch.setattr("seimai.pipeline.engine.run.save_plan", save_plan)
    result = run(recipe_of(corpus), out, workers=1, filters=[own_signals])

    assert [("b.jsonl", "outside")] == [
        (row["key"], row["cause"]) for row in released(out, "quarantine")
    ]
    assert [("d.jsonl", "missing")] == [(one["key"], one["cause"]) for one in result["unfinished"]]
