"""`explain` cleans a document again where the run did not store what went."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from seimai.pipeline.cli.explaining import explained_lines
from seimai.pipeline.inspect import struck
from seimai.pipeline.inspect.explain import explain
from seimai.pipeline.messages import use_language
from tests.conftest import recipe_of

GONE = ["ホーム", "ログイン", "会員登録"]


def page(number: int) -> str:
    """A text with a menu above it."""
    return "\n".join([*GONE, "", f"米は水で研ぐ。水が澄むまで{number}回替える。", ""])


def run_over(curate, path: Path, out: Path, **recipe) -> None:
    """A run that stores nothing of what its cleaners take out."""
    curate(
        recipe_of(
            path,
            clean=["line_ends", "boilerplate"],
            limits={"text.length_count": {"min": 1}},
            **recipe,
        ),
        out,
    )


def lines_gone(out: Path, id_: str) -> list[str]:
    """What `explain` says went from a text."""
    return [one.text for one in explain(out, id_).gone]


@pytest.mark.parametrize("most", [struck.MOST_BYTES, 0], ids=["small", "too large to be read"])
def test_a_record_is_read_alone(tmp_path, write_lines, curate, monkeypatch, most):
    """A record among others is found by its place, in a file of any size."""
    rows = [{"id": f"r{k}", "text": page(k)} for k in range(5)]
    run_over(curate, write_lines(tmp_path / "in.jsonl", rows), tmp_path / "out")
    monkeypatch.setattr(struck, "MOST_BYTES", most)

    assert GONE == lines_gone(tmp_path / "out", "r0")
    assert GONE == lines_gone(tmp_path / "out", "r3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_whole_input_is_read_where_records_cannot_be(tmp_path, write_lines, curate, encoding):
    """Compressed lines, and lines of two bytes a character, have other places than their bytes."""
    path = write_lines(tmp_path / "plain.jsonl", [{"id": f"r{k}", "text": page(k)} for k in (0, 7)])
    content = path.read_text("utf-8")
    path.unlink()
    name = tmp_path / ("in.jsonl.gz" if encoding == "utf-8" else "in.jsonl")
    data = content.encode(encoding)
    name.write_bytes(gzip.compress(data) if encoding == "utf-8" else data)
    run_over(curate, name, tmp_path / "out")

    assert GONE == lines_gone(tmp_path / "out", "r7")


def test_a_file_in_a_folder_is_read_again(tmp_path, curate):
    """A text of its own file is found by the name that the run gave the file."""
    folder = tmp_path / "in" / "notes"
    folder.mkdir(parents=True)
    for number in range(3):
        (folder / f"n{number}.txt").write_text(page(number), "utf-8")
    run_over(curate, tmp_path / "in", tmp_path / "out")

    assert [GONE] * 3 == [
        lines_gone(tmp_path / "out", f"notes/n{number}.txt") for number in range(3)
    ]


@pytest.mark.parametrize("what", ["gone", "changed", "large"])
def test_what_cannot_be_had_is_only_counted(tmp_path, curate, monkeypatch, what):
    """An input that is gone, says something else or is too large costs the lines, nothing else."""
    path = tmp_path / "in.txt"
    path.write_text(page(0), "utf-8")
    run_over(curate, path, tmp_path / "out")
    if what == "gone":
        path.unlink()
    elif what == "changed":
        path.write_text(page(3), "utf-8")
    else:
        monkeypatch.setattr(struck, "MOST_BYTES", 10)
    found = explain(tmp_path / "out", "in.txt")
    use_language("en")
    said = "\n".join(explained_lines(found, every=False))

    assert () == found.gone
    assert 3 == found.removed[0]
    assert "cleaners took out 3 lines" in said
    assert "report: {removed_lines: true}" in said


def test_lines_are_struck_on_a_terminal(tmp_path, write_lines, curate):
    """What was read again is shown as what was stored: by its cleaner, with its kind."""
    path = write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": page(0)}])
    run_over(curate, path, tmp_path / "out")
    use_language("en")
    said = list(explained_lines(explain(tmp_path / "out", "a"), every=False, strike=True))

    assert any(line.startswith("  boilerplate takes out 3 lines") for line in said)
    assert any(line.startswith("  - \x1b[9mログイン\x1b[29m") for line in said)
    assert not any("removed_lines" in line for line in said)
