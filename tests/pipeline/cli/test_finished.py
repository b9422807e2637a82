"""The command line on a finished run: funnel, plan, explain, verify, report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from tests.conftest import PATIENCE, wait_for

pytestmark = pytest.mark.usefixtures("english")

GOOD = (
    "朝の市場では、漁師たちが夜明け前に水揚げした魚を並べている。"
    "今年は水温が高く、例年より半月ほど早くさんまの群れが沖に現れたという。"
    "組合の担当者は、燃料の値上がりで出漁の回数を減らす船も多いと話した。"
)

OTHER = (
    "図書館の閲覧室には、古い地図を広げて川の流れを調べる人が集まっていた。"
    "護岸の工事が始まる前の姿を知りたいと、地元の高校生が写しを取っていく。"
    "司書によれば、この夏だけで三百件を超える問い合わせがあったらしい。"
)

RECIPE = """\
recipe: small
source:
  - name: notes
    files: [notes.jsonl]
limits:
  text.length_count: {min: 50}   # stubs say nothing
  ja.hiragana_share: {min: 0.1}  # lists of names have none
dedup: {rows: 3, bands: 20, similarity: 0.7}
expect: {kept_share: {min: 0.1, max: 0.9}}
"""


def write_inputs(folder: Path) -> None:
    """A recipe and six texts: two good ones, a copy, a stub, a list of numbers, a broken line."""
    texts = [
        GOOD,
        OTHER,
        GOOD + "以上。",
        "短い。",
        "0123456789 " * 20,
    ]
    rows = [json.dumps({"id": f"t{k}", "text": text}) for k, text in enumerate(texts)]
    (folder / "notes.jsonl").write_text("\n".join([*rows, '{"id": "broken", "text']) + "\n")
    (folder / "small.yaml").write_text(RECIPE)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with a recipe, its input, and a finished run in `out`."""
    folder = tmp_path_factory.mktemp("finished")
    write_inputs(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert 0 == main(["run", "small.yaml", "--out", "out", "--workers", "1", "--quiet"])
    finally:
        os.chdir(before)
    return folder


@pytest.fixture
def here(finished, monkeypatch):
    """The finished run as the current folder."""
    monkeypatch.chdir(finished)
    return finished


def said(capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.usefixtures("here")
def test_check_is_content_with_a_good_recipe(capsys):
    """A recipe without mistakes ends with 0 and one line."""
    code, out, _ = said(capsys, "check", "small.yaml")

    assert (0, "small.yaml: no mistakes (limits: 2, sources: 1)\n") == (code, out)
    assert (0, "") == said(capsys, "check", "small.yaml", "--quiet")[:2]


@pytest.mark.usefixtures("here")
def test_a_run_prints_its_funnel(capsys):
    """A run that is up to date still says what became of the texts, and where they are."""
    code, out, _ = said(capsys, "run", "small.yaml", "--out", "out", "--workers", "1")

    assert 0 == code
    rows = [row.split() for row in out.split("\n")]
    assert ["read", "6"] == next(row[:2] for row in rows if row[:1] == ["read"])
    assert ["=", "kept", "2"] == next(row[:3] for row in rows if row[:1] == ["="])
    assert "精米歩合" in out
    assert "as expected" in out
    assert str(Path("out/release")) in out


@pytest.mark.usefixtures("here")
def test_a_run_speaks_japanese(capsys):
    """The funnel in Japanese has the same figures."""
    code, out, _ = said(capsys, "run", "small.yaml", "--out", "out", "--lang", "ja")

    assert 0 == code
    assert all(word in out for word in ("入力", "= 採用", "除外理由", "精米歩合", "想定内"))


@pytest.mark.usefixtures("here")
def test_a_run_answers_programs_in_json(capsys):
    """Counts hold together, and the funnel adds up to what was read."""
    code, out, err = said(capsys, "run", "small.yaml", "--out", "out", "--format", "json")
    answer = json.loads(out)

    assert (0, "") == (code, err)
    counts = answer["counts"]
    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["quarantined"]
    assert counts["read"] == sum(step["count"] for step in answer["funnel"][1:])
    assert [True] == [check["ok"] for check in answer["expect"]]


@pytest.mark.usefixtures("here")
def test_a_broken_expectation_ends_with_one(capsys):
    """A run that is not as expected is a run, and says so with exit code 1."""
    Path("strict.yaml").write_text(RECIPE.replace("max: 0.9", "max: 0.2"))
    code, out, _ = said(capsys, "run", "strict.yaml", "--out", "strict")

    assert 1 == code
    assert "NOT as expected" in out


@pytest.mark.usefixtures("here")
def test_sources_of_the_command_line_win(capsys):
    """`--source` reads something else, several times over, whatever the recipe names."""
    Path("other.jsonl").write_text(json.dumps({"text": GOOD}) + "\n")
    words = ["run", "small.yaml", "--out", "other", "--source", "other.jsonl", "--format", "json"]
    code, out, _ = said(capsys, *words, "--source", "notes.jsonl")

    assert code in (0, 1)
    assert 7 == json.loads(out)["counts"]["read"]


def test_a_plan_does_nothing(capsys, here):
    """`--plan` says what is up to date, and what a changed limit makes stale."""
    before = sorted(path for path in here.rglob("*"))
    code, out, _ = said(capsys, "run", "small.yaml", "--out", "out", "--plan")
    assert 0 == code
    assert out.endswith("nothing to do\n")

    changed = RECIPE.replace("min: 0.1}", "min: 0.2}")
    Path("small.yaml").write_text(changed)
    try:
        _, out, _ = said(capsys, "run", "small.yaml", "--out", "out", "--plan")
        rows = json.loads(
            said(capsys, "run", "small.yaml", "--out", "out", "--plan", "--format", "json")[1]
        )["plan"]
    finally:
        Path("small.yaml").write_text(RECIPE)
    assert "ja.hiragana_share" in out
    assert "stale" in {row["state"] for row in rows}
    assert before == sorted(path for path in here.rglob("*"))


@pytest.mark.usefixtures("here")
def test_explain_says_why(capsys):
    """A rejected text is shown with the numbers beside the limits and what would let it pass."""
    code, out, _ = said(capsys, "explain", "out", "t3")

    assert 0 == code
    assert out.startswith("t3  REJECTED  first reason: text.length_count")
    assert "would be kept if  text.length_count ≥ 3" in out


@pytest.mark.usefixtures("here")
def test_explain_names_the_copy_that_stays(capsys):
    """A duplicate is told with its keeper and the similarity."""
    found = [
        json.loads(said(capsys, "explain", "out", f"t{k}", "--format", "json")[1]) for k in (0, 2)
    ]
    gone = next(one for one in found if not one["kept"])
    stays = next(one for one in found if one["kept"])

    assert ["dedup"] == gone["reasons"]
    assert stays["id"] == gone["duplicate_of"]
    assert 0.7 <= gone["similarity"] <= 1


@pytest.mark.usefixtures("here")
def test_explain_shows_everything_when_asked(capsys):
    """`--all` shows limits that hold and signals without a limit."""
    few = said(capsys, "explain", "out", "t4")[1]
    every = said(capsys, "explain", "out", "t4", "--all")[1]

    assert "text.digit_share" not in few
    assert "text.digit_share" in every


@pytest.mark.usefixtures("here")
def test_explain_wants_an_id_that_exists(capsys):
    """An unknown id, and one that begins several, are told apart."""
    assert "error[U015]" in said(capsys, "explain", "out", "nobody")[2]
    assert "error[U016]" in said(capsys, "explain", "out", "t")[2]


@pytest.mark.usefixtures("here")
def test_any_text_can_be_explained():
    """A text from standard input is cleaned, measured and judged by a recipe."""
    command = [sys.executable, "-m", "seimai.pipeline.cli", "explain", "small.yaml", "-"]
    done = subprocess.run(
        [*command, "--format", "json"], input=GOOD.encode(), capture_output=True, check=True
    )

    assert json.loads(done.stdout)["kept"]


@pytest.mark.usefixtures("here")
def test_a_fresh_release_verifies(capsys):
    """`verify` finds nothing wrong with a release that was just written."""
    code, out, _ = said(capsys, "verify", "out")

    assert 0 == code, out
    assert out.endswith("the release is complete and unchanged\n")


def test_verify_finds_a_changed_file(capsys, here, tmp_path):
    """A file that was touched, one that is missing and one too many end with 1."""
    import shutil

    shutil.copytree(here / "out", tmp_path / "out")
    data = next((tmp_path / "out" / "release" / "data").iterdir())
    data.write_bytes(data.read_bytes() + b"x")
    code, out, _ = said(capsys, "verify", str(tmp_path / "out"))
    assert 1 == code
    assert "was changed" in out

    data.rename(data.with_name("train-00001-of-00001.parquet"))
    code, out, _ = said(capsys, "verify", str(tmp_path / "out"), "--format", "json")
    assert 1 == code
    assert 2 == sum(one["state"] == "fail" for one in json.loads(out))


def test_verify_counts(capsys, here, tmp_path):
    """A run.json whose sums do not hold is found out."""
    import shutil

    shutil.copytree(here / "out" / "release", tmp_path / "release")
    path = tmp_path / "release" / "run.json"
    run = json.loads(path.read_bytes())
    run["counts"]["read"] += 1
    path.write_text(json.dumps(run))
    code, out, _ = said(capsys, "verify", str(tmp_path))

    assert 1 == code
    assert "is not 7 read" in out


def test_a_report_is_written_again(capsys, here):
    """`report` writes report.html again."""
    page = here / "out" / "release" / "report.html"
    page.unlink()
    code, out, _ = said(capsys, "report", "out")

    assert 0 == code
    assert str(Path("out/release/report.html")) in out
    assert page.stat().st_size


@pytest.mark.usefixtures("here")
def test_a_reader_that_goes_away_is_no_fault():
    """`| head` closes the pipe: no traceback, and the exit code of the command."""
    command = [sys.executable, "-m", "seimai.pipeline.cli", "signals", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaints = process.stderr.read()

    assert (b"", 0) == (complaints, process.returncode)


def test_ctrl_c_ends_a_run_at_once(tmp_path):
    """A run that is interrupted ends with 130 and the next one gives the whole result."""
    write_inputs(tmp_path)
    command = [sys.executable, "-m", "seimai.pipeline.cli", "run", "small.yaml", "--out", "out"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE) as process:
        wait_for((tmp_path / "out").exists, process)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    assert process.returncode in (130, 0)

    again = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert 0 == again.returncode
