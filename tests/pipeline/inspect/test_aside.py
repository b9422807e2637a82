"""`explain` says what became of what is no text, and of every text of an id."""

from __future__ import annotations

import json

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.aside import put_aside
from seimai.pipeline.inspect.explain import explain_every
from tests.conftest import prose, recipe_of


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """A run over a locked picture, broken lines, an empty page, litter, two files from 0."""
    folder = tmp_path_factory.mktemp("aside")
    (folder / "in/sub").mkdir(parents=True)
    for name in "ab":
        lines = [json.dumps({"id": str(k), "text": prose(k + ord(name))}) for k in range(3)]
        (folder / f"in/{name}.jsonl").write_text("\n".join([*lines, "broken"]) + "\n", "utf-8")
    (folder / "in/sub/photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (folder / "in/empty.html").write_bytes(b"")
    (folder / "in/sub/Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(50))
    limits = {"text.length_count": {"min": 20}}
    run(recipe_of(folder / "in", limits=limits), folder / "out", open_executor=in_process_executor)
    return folder / "out"


@pytest.mark.parametrize(
    ("name", "cause"),
    [("empty.html", "empty"), ("sub/photo.png", "format"), ("photo.png", "format")],
)
def test_a_file_that_gave_nothing(out, capsys, name, cause):
    """It is found by its name or the end of its path, and its cause is said."""
    found, count = put_aside(out, name)

    assert ([cause], 1) == ([one.cause for one in found], count)
    assert 0 == main(["explain", str(out), name, "--lang", "en"])
    assert "in quarantine" in capsys.readouterr().out


def test_a_japanese_reader_is_told_the_detail_in_japanese(out, capsys):
    """The data has one English sentence; the screen and the report have the reader's."""
    assert 0 == main(["explain", str(out), "empty.html", "--lang", "ja"])

    assert "（ファイルが空です）" in capsys.readouterr().out
    report = (out / "release/report.html").read_text("utf-8")
    assert "the file has no bytes" in report
    assert "ファイルが空です" in report


def test_records_of_a_file(out, capsys):
    """Of a file with good records the broken ones are named with their places."""
    found, _ = put_aside(out, "a.jsonl")

    assert [("json", "@")] == [(one.cause, one.place[:1]) for one in found]
    assert 0 == main(["explain", str(out), "a.jsonl", "--format", "json"])
    assert "json" == json.loads(capsys.readouterr().out)["aside"][0]["cause"]


def test_a_file_that_was_passed_over(out, capsys):
    """What systems leave beside documents is told of as such, and not as a text that is missing."""
    found, count = put_aside(out, "Thumbs.db")

    assert ([("litter", True)], 1) == ([(one.cause, one.passed_over) for one in found], count)
    assert 0 == main(["explain", str(out), "Thumbs.db", "--lang", "en"])
    assert "Thumbs.db: passed over" in capsys.readouterr().out
    assert 0 == main(["explain", str(out), "sub/Thumbs.db", "--lang", "ja"])
    assert "OSやOfficeが残すファイル" in capsys.readouterr().out


def test_a_name_that_nothing_has(out):
    """A name that no record has is the problem that an unknown id is."""
    assert ([], 0) == put_aside(out, "nothing")
    assert 2 == main(["explain", str(out), "nothing"])


def test_every_text_of_an_id(out, capsys):
    """Where two files count from 0, both texts are explained, and that there are two is said."""
    assert ["a.jsonl", "b.jsonl"] == sorted(
        one.origin["input"].rpartition("/")[2].partition("@")[0] for one in explain_every(out, "1")
    )
    assert 0 == main(["explain", str(out), "1", "--lang", "en"])
    assert "2 texts have the id “1”" in capsys.readouterr().out


def test_an_id_of_one(out):
    """An id that nothing has is a problem."""
    with pytest.raises(Problem):
        explain_every(out, "nothing")
