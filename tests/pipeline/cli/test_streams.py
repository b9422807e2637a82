"""Standard streams that are closed or full: what was asked for is done all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from tests.conftest import prose

pytestmark = pytest.mark.usefixtures("english")

RECIPE = """\
recipe: quiet
source:
- {name: pages, files: [pages.jsonl]}
limits:
  text.length_count: {min: 20}
"""


@pytest.fixture
def recipe(tmp_path, monkeypatch, write_lines):
    """A small run in the working folder, ready to begin."""
    monkeypatch.chdir(tmp_path)
    write_lines(tmp_path / "pages.jsonl", [{"id": f"p{k}", "text": prose(k)} for k in range(3)])
    Path("quiet.yaml").write_text(RECIPE, "utf-8")
    return "quiet.yaml"


@pytest.fixture
def full():
    """A file on a disk without room."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        yield stream


def test_a_full_log_ends_no_run(recipe, full, monkeypatch, capsys):
    """Where progress cannot be written the run goes on, and its answer is given."""
    monkeypatch.setattr(sys, "stderr", full)

    assert 0 == main(["run", recipe])
    assert "out/quiet/release" in capsys.readouterr().out
    assert Path("out/quiet/release/run.json").is_file()


def test_an_answer_that_is_lost_is_told(recipe, full, monkeypatch, capsys):
    """Where standard output takes nothing the release is made, and somebody is called."""
    monkeypatch.setattr(sys, "stdout", full)

    assert 1 == main(["run", recipe])
    assert "U019" in capsys.readouterr().err
    assert Path("out/quiet/release/run.json").is_file()


@pytest.mark.parametrize(("closed", "code"), [("recipes", 0), ("check no-such-recipe", 2)])
def test_streams_may_be_closed(closed, code):
    """A caller that closed all three streams gets the exit code, and nothing breaks."""
    command = f'exec "$0" -m seimai.pipeline.cli {closed} <&- >&- 2>&-'

    assert (
        code == subprocess.run(["/bin/sh", "-c", command, sys.executable], check=False).returncode
    )
