"""`diff` and baselines: what moved, how far, and what a build server is told of it."""

from __future__ import annotations

import copy
import json
import shutil
import xml.etree.ElementTree as ET  # our own XML is parsed here, nobody else's
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.inspect.diff import compare
from seimai.pipeline.inspect.released import find_released
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import Drift
from seimai.pipeline.report.drift import drift
from tests.conftest import prose

RECIPE = """\
recipe: moved
source:
  - name: notes
    files: [notes.jsonl]
limits:
  text.length_count: {{min: {least}}}
expect:
  kept_share: {{min: {kept}}}
  drift: {{kept_share: 0.1}}
"""


@pytest.fixture(autouse=True)
def _speech(monkeypatch):
    """Messages in English, and no summary of a real job."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    use_language("en")


def write(folder: Path, texts: dict[str, str], *, least: int = 20, kept: float = 0.0) -> str:
    """A recipe and its texts by id."""
    lines = [json.dumps({"id": id_, "text": text}) for id_, text in texts.items()]
    (folder / "notes.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "recipe.yaml").write_text(RECIPE.format(least=least, kept=kept), "utf-8")
    return str(folder / "recipe.yaml")


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> Path:
    """A finished run of four long texts and a stub, copied by the tests that go on from it."""
    folder = tmp_path_factory.mktemp("before")
    texts = {f"t{k}": prose(k) for k in range(4)} | {"stub": "短い。"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert 0 == main(["run", write(folder, texts), "--out", "a", "--quiet"])
    return folder


@pytest.fixture
def folder(before, tmp_path, monkeypatch) -> Path:
    """A copy of that run, in the working folder."""
    shutil.copytree(before, tmp_path / "w")
    monkeypatch.chdir(tmp_path / "w")
    return tmp_path / "w"


def run(recipe: str, *words: str) -> int:
    """Run a recipe into `b`."""
    return main(["run", recipe, "--out", "b", "--quiet", *words])


def test_a_diff_tells_which_texts_moved(folder, capsys):
    """Newly rejected, new, gone and rewritten texts are counted and named, with their reasons."""
    texts = {"t0": prose(0)[:30], "t1": prose(1), "t2": prose(20), "new": prose(9)}
    run(write(folder, texts, least=40))
    capsys.readouterr()

    assert 0 == main(["diff", "a", "b", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    ids = {kind: change["ids"] for kind, change in found["changes"].items()}
    assert {
        "newly_rejected": ["t0"],
        "newly_kept": [],
        "added": ["new"],
        "removed": ["stub", "t3"],
        "rewritten": ["t2"],
        "other_reasons": [],
    } == {kind: sorted(some) for kind, some in ids.items()}
    assert [["text.length_count", 1]] == found["changes"]["newly_rejected"]["reasons"]
    [limit] = found["recipe"]
    assert ("limits.text.length_count", "≥ 20", "≥ 40") == tuple(limit.values())
    assert [] == found["signals"]


def test_a_diff_reads_like_a_letter(folder, capsys):
    """The screen has the totals, the texts and the recipe, in both languages."""
    run(write(folder, {"t0": prose(0)[:30], "t1": prose(1)}, least=40))
    capsys.readouterr()
    main(["diff", "a", "b"])
    english = capsys.readouterr().out
    main(["diff", "a", "b", "--lang", "ja"])
    japanese = capsys.readouterr().out

    assert "kept 4 → 1   (−3)" in english
    assert "newly rejected  1  text.length_count 1" in english
    assert "limits.text.length_count  ≥ 20  →  ≥ 40" in english
    assert "新たに除外" in japanese
    assert "NOT as expected" in english


def test_the_same_run_is_the_same(folder, capsys):
    """Two runs of the same texts give no difference and 0."""
    shutil.copytree(folder / "a", folder / "b")

    assert 0 == main(["diff", "a", "b"])
    assert "byte for byte" in capsys.readouterr().out


def test_a_run_record_alone_is_enough(folder, capsys):
    """Counts are compared where only run.json was kept; which texts moved is not known then."""
    run(write(folder, {"t0": prose(0), "t1": prose(1)}))
    (folder / "baseline.json").write_bytes((folder / "a" / "release" / "run.json").read_bytes())
    capsys.readouterr()
    main(["diff", "baseline.json", "b"])

    said = capsys.readouterr().out
    assert "kept 4 → 2   (−2)" in said
    assert "not known" in said


def test_nothing_finished_is_a_problem(tmp_path, capsys):
    """A folder without a finished run is a problem that names the folder."""
    assert 2 == main(["diff", str(tmp_path), "nowhere"])
    assert "U070" in capsys.readouterr().err


def test_without_rejected_texts_it_is_said(folder):
    """A release without its rejects cannot tell a rejected text from one that is gone."""
    shutil.copytree(folder / "a", folder / "b")
    shutil.rmtree(folder / "b" / "release" / "rejected")

    assert not find_released(folder / "b").has_rejects


def test_a_baseline_is_held_against(folder, capsys):
    """Too far from the baseline ends with 1 and names what moved; near to it with 0."""
    near = {f"t{k}": prose(k) for k in range(4)} | {"stub": "短い。"}

    assert 0 == run(write(folder, near), "--baseline", "a")
    far = near | {f"s{k}": "短い。" for k in range(5)}
    assert 1 == run(write(folder, far), "--baseline", "a", "--accept")
    assert "kept share moved" in capsys.readouterr().out
    assert 0 == run(write(folder, far), "--accept")


def test_drift_is_measured_both_ways(folder):
    """Each check moves with its own number, and a source that is gone is never fine."""
    old = find_released(folder / "a").run
    new = copy.deepcopy(old)
    new["counts"]["kept"] -= 1
    new["counts"]["rejected"] += 1
    new["reasons"][0]["texts"] += 1
    new["sources"] = {}
    found = {check.name: check for check in drift(Drift(), old, new)}

    assert all(check.ok for check in drift(Drift(), old, old))
    assert -0.2 == pytest.approx(found["drift_kept_share"].value)
    assert 0.2 == pytest.approx(found["drift_reason_share"].value)
    assert "text.length_count" == found["drift_reason_share"].about
    assert not found["drift_sources_gone"].ok
    assert "notes" == found["drift_sources_gone"].about


def test_usual_limits_do_not_decide(folder):
    """Without `expect: drift:` a difference is told, and decides nothing."""
    old = find_released(folder / "a")
    new = copy.deepcopy(old)
    new.run["counts"]["kept"] = 0
    for side in (old, new):
        side.run["recipe_resolved"]["expect"] = {}
    found = compare(old, new)

    assert not all(check.ok for check in found.checks)
    assert found.fine


def test_five_points_are_five_points(folder):
    """A share that moved exactly as far as it may is as expected."""
    old = find_released(folder / "a").run
    old["counts"].update(read=100, kept=30, rejected=70)
    new = copy.deepcopy(old)
    new["counts"].update(kept=35, rejected=65)
    [kept] = [one for one in drift(Drift(), old, new) if one.name == "drift_kept_share"]

    assert kept.ok


# --- build servers -------------------------------------------------------------------------


def test_a_mistake_is_an_annotation(folder, monkeypatch, capsys):
    """`check --format github` names file, line and column, and fills summary and JUnit."""
    recipe = folder / "recipe.yaml"
    recipe.write_text("recipe: x\nlimits:\n  ja.hiragana_rate: {min: 0.1}\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))

    assert 2 == main(["check", "recipe.yaml", "--format", "github", "--junit", "out/check.xml"])
    [line] = [one for one in capsys.readouterr().out.split("\n") if one.startswith("::")]
    assert line.startswith("::error file=recipe.yaml,line=3,col=3,title=seimai R003::")
    assert "%0A" in line
    assert "R003" in (folder / "summary.md").read_text("utf-8")
    [failure] = ET.parse(folder / "out" / "check.xml").iter("failure")  # noqa: S314 - ours
    assert "recipe.yaml:3:3" in str(failure.text)


def test_a_broken_expectation_is_an_annotation(folder, monkeypatch, capsys):
    """`run --format github` points at the line of the expectation, and tells the funnel."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    recipe = write(folder, {"t0": prose(0), "stub": "短い。"}, kept=0.9)
    words = ["--format", "github", "--junit", "run.xml", "--baseline", "a"]

    assert 1 == main(["run", recipe, "--out", "b", *words])
    lines = [one for one in capsys.readouterr().out.split("\n") if one.startswith("::error")]
    assert "::error file=recipe.yaml,line=8,col=3,title=seimai expect.kept_share::" in lines[0]
    assert "line=9" in lines[1]
    summary = (folder / "summary.md").read_text("utf-8")
    assert "| = kept | 1 | 50.0% |" in summary
    assert "❌" in summary
    suite = ET.parse(folder / "run.xml").getroot()  # noqa: S314 - ours
    assert "seimai run" == suite.get("name")
    assert suite.get("failures") == str(len(lines))


def test_verify_and_diff_speak_to_servers(folder, monkeypatch, capsys):
    """A flipped byte is an annotation of `verify`, a move one of `diff`."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    run(write(folder, {"t0": prose(0), "stub": "短い。"}))
    capsys.readouterr()

    assert 1 == main(["diff", "a", "b", "--format", "github", "--junit", "diff.xml"])
    assert "::error title=seimai expect.drift_kept_share::" in capsys.readouterr().out
    [data] = (folder / "b" / "release" / "data").iterdir()
    data.write_bytes(data.read_bytes()[:-1] + b"x")
    assert 1 == main(["verify", "b", "--format", "github", "--junit", "verify.xml"])
    assert "::error file=b/release/run.json" in capsys.readouterr().out
    summary = (folder / "summary.md").read_text("utf-8")
    assert "## seimai diff a b" in summary
    assert "## seimai verify b" in summary
    assert (folder / "verify.xml").exists()


def test_data_cannot_write_annotations(capsys):
    """An id with a line break and a command of GitHub in it stays one line of text."""
    from seimai.pipeline.cli import ci

    ci.annotate([ci.Result("x,y", ok=False, message="a\n::set-output name=x::y 100%")])

    assert "::error title=seimai x%2Cy::a%0A::set-output name=x::y 100%25\n" == (
        capsys.readouterr().out
    )
