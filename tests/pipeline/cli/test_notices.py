"""What a run says besides its numbers: inputs not read to their end, packages, markup."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import run
from seimai.pipeline.engine.shards import text_shards
from seimai.pipeline.ingest.records import jsonl
from seimai.pipeline.report.notices import named_otherwise
from tests.conftest import ids, prose, recipe_of, released

RECIPE = """\
recipe: small
source:
  - name: notes
    files: [notes.jsonl]
limits:
  text.length_count: {min: 50}
"""


@pytest.fixture(autouse=True)
def _in_folder(tmp_path, monkeypatch):
    """A folder with a recipe."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(RECIPE, "utf-8")


def write_notes(*texts: str, name: str = "notes.jsonl") -> None:
    """The input."""
    Path(name).write_text("".join(f"{json.dumps({'text': text})}\n" for text in texts), "utf-8")


@pytest.fixture
def gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of JSON lines raises after the lines that it has given."""
    inner = jsonl.read_lines

    def broken(*given: Any) -> Any:
        yield from inner(*given)
        raise LookupError("a fault that nobody thought of")

    monkeypatch.setattr(jsonl, "read_lines", broken)


@pytest.mark.usefixtures("gives_up")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "reading gave up before the end of these inputs: notes.jsonl"),
        ("ja", "次の入力は途中で読み込みを打ち切りました: notes.jsonl"),
    ],
)
def test_a_run_in_which_a_reader_gave_up_never_ends_with_zero(language, sentence, capsys):
    """What was read is released; the exit code and a sentence say that there was more."""
    write_notes(prose(1), prose(2))
    asked = ["--lang", language, "run", "small.yaml", "--out", f"out-{language}", "--workers", "1"]

    assert 1 == main(asked)
    told = capsys.readouterr()
    assert sentence in told.err
    run = json.loads(Path(f"out-{language}/release/run.json").read_text("utf-8"))
    assert ["notes.jsonl"] == run["gave_up"]
    assert {"read": 3, "kept": 2, "quarantined": 1}.items() <= run["counts"].items()


@pytest.mark.usefixtures("gives_up")
def test_json_says_which_inputs(capsys):
    """With `--format json` the inputs that lack a package are named as well."""
    write_notes(prose(1))

    assert 1 == main(["run", "small.yaml", "--out", "out", "--workers", "1", "--format", "json"])
    assert ["notes.jsonl"] == json.loads(capsys.readouterr().out)["gave_up"]


def test_a_source_of_pages_is_told(capsys):
    """Where a fifth of the texts look like markup, the run says what to write."""
    pages = [f"<div><p>{prose(k)}</p><p>{prose(k + 50)}</p></div>" for k in range(3)]
    write_notes(*pages, *(prose(k) for k in range(5)))

    assert 0 == main(["--lang", "en", "run", "small.yaml", "--out", "out", "--workers", "1"])
    assert "38% of the texts of “notes” look like markup: `text_format: html`" in (
        capsys.readouterr().out
    )
    run = json.loads(Path("out/release/run.json").read_text("utf-8"))
    assert {"notes": {"share": 0.375, "format": "html"}} == run["markup"]
    assert "text_format: html" in Path("out/release/report.html").read_text("utf-8")


@pytest.mark.parametrize("text_format", ["html", "auto"])
def test_a_source_that_says_so_is_read_and_not_told(text_format, tmp_path, curate):
    """With `text_format` the tags are gone, and nothing is said."""
    write_notes(f"<p>{prose(1)}</p><p>{prose(2)}</p><p>{prose(3)}</p>")
    source = {"name": "notes", "files": ["notes.jsonl"], "text_format": text_format}
    run = curate(recipe_of(source=[source]), tmp_path / "out")

    assert {} == run["markup"]
    assert run["characters"]["kept"] < len(prose(1) + prose(2) + prose(3)) + 10


def test_few_pages_among_texts_are_not_told(tmp_path, curate):
    """Below a fifth they may be texts about markup."""
    write_notes("<p>" + prose(9) + "</p><p>一</p><b>二</b>", *(prose(k) for k in range(8)))

    assert {} == curate(recipe_of("notes.jsonl"), tmp_path / "out")["markup"]


def test_text_may_name_several_columns(tmp_path, curate):
    """`text:` of a recipe takes one name or a list of them."""
    rows = [{"題": f"第{k}回", "声": prose(k), "text": "x"} for k in range(3)]
    Path("notes.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    source = {"name": "notes", "files": ["notes.jsonl"]}
    one = curate(recipe_of(source=[{**source, "text": "声"}]), tmp_path / "one")
    both = curate(recipe_of(source=[{**source, "text": ["題", "声"]}]), tmp_path / "both")

    assert (3, 3) == (one["counts"]["kept"], both["counts"]["kept"])
    assert one["characters"]["read"] < both["characters"]["read"]


def without_packages(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Make some packages look as if they were not installed."""

    def found(name: str, package: str | None = None) -> Any:
        return None if name in names else find_spec(name, package)

    for module in ("ingest.documents.pdf", "engine.planning.ledger", "inspect.doctor"):
        patch.setattr(f"seimai.pipeline.{module}.find_spec", found)
    for name in names:
        patch.setitem(sys.modules, name, None)  # what is None here cannot be imported


@pytest.fixture
def office() -> str:
    """A folder with a text, a PDF and a 7z archive, none of them good; gives a recipe for it."""
    Path("share").mkdir()
    Path("share/a.txt").write_text(prose(1), "utf-8")
    Path("share/b.pdf").write_bytes(b"%PDF-1.4\nnothing\n")
    Path("share/c.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(30))
    Path("office.yaml").write_text(RECIPE.replace("notes.jsonl", "share"), "utf-8")
    return "office.yaml"


def test_a_missing_package_costs_its_files_only(office, monkeypatch, capsys):
    """The rest is read; all that is missing is named at once; when it is there, it is read."""
    run = ["--lang", "en", "run", office, "--out", "out", "--workers", "1", "--accept"]
    with monkeypatch.context() as patch:
        without_packages(patch, "pypdfium2", "py7zr")
        assert 1 == main(run)
        told = capsys.readouterr()
        assert 1 == main(run)
    assert "7z 1 · pdf 1" in told.err
    assert "pip install 'seimai[archive,pdf]'" in told.err
    causes = {row["key"]: row for row in released(Path("out"), "quarantine")}
    assert {"package"} == {row["cause"] for row in causes.values()}
    assert (
        "needs seimai[pdf]: the package “pypdfium2” is not installed" == (causes["b.pdf"]["detail"])
    )
    assert ["a.txt"] == ids(Path("out"))
    capsys.readouterr()

    assert 0 == main(run)
    assert "S060" not in capsys.readouterr().err
    assert {"package"}.isdisjoint(row["cause"] for row in released(Path("out"), "quarantine"))


def test_a_preview_names_what_is_missing(office, monkeypatch, capsys):
    """Whoever tries a recipe hears of it before the run."""
    without_packages(monkeypatch, "pypdfium2", "py7zr")

    assert 0 == main(["--lang", "ja", "preview", office])
    assert "pip install 'seimai[archive,pdf]'" in capsys.readouterr().out


def test_the_doctor_names_what_cannot_be_read(monkeypatch, capsys):
    """Formats without their package are one warning, with one line that installs all."""
    without_packages(monkeypatch, "pypdfium2", "olefile")
    main(["--lang", "en", "doctor"])
    said = capsys.readouterr().out

    assert "cannot be read here: doc, msg, ole, pdf, ppt, xls" in said
    assert "pip install 'seimai[office,pdf]'" in said


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "en",
            "files that hold records in JSON, whatever their names say, and were read as such: 2",
        ),
        ("ja", "名前と異なり中身が JSON のレコードだったため、JSON として読み込んだファイル: 2件"),
    ],
)
def test_files_that_are_not_what_their_names_say_are_named(
    language, sentence, tmp_path, monkeypatch, capsys
):
    """The content wins where it is certain, and the run, its report and run.json say for which."""
    monkeypatch.chdir(tmp_path)
    rows = [{"text": prose(n)} for n in range(2)]
    Path("in").mkdir()
    Path("in/a.txt").write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    Path("in/b.csv").write_text(json.dumps(rows), "utf-8")
    Path("in/c.txt").write_text(prose(3), "utf-8")
    Path("r.yaml").write_text("recipe: r\nversion: 1\nsource: [{name: in, files: [in]}]\n", "utf-8")

    assert 0 == main(["--lang", language, "run", "r.yaml", "--out", "out", "--workers", "1"])
    assert f"{sentence}" in capsys.readouterr().out
    run = json.loads(Path("out/release/run.json").read_text("utf-8"))
    assert {"json": 2, "jsonl": 2, "text": 1} == {
        name: found["documents"] for name, found in run["formats"].items()
    }
    assert ["a.txt", "b.csv"] == [Path(name).name for name in run["named_otherwise"]]
    assert sentence in Path("out/release/report.html").read_text("utf-8")


@pytest.mark.parametrize(("count", "shown"), [(999, "999"), (1000, "1,000+")])
def test_names_that_were_cut_off_are_not_counted_as_all(count, shown):
    """Where as many inputs are named as a run names at most, there may be more of them."""
    run = {"named_otherwise": [f"{k}.txt" for k in range(count)]}

    assert shown == named_otherwise(run)["count"]


def test_an_input_is_asked_for_its_name_once(tmp_path, monkeypatch):
    """However many records an input holds, whether its name fits them is found out once."""
    asked = []
    original = text_shards.is_named_otherwise
    monkeypatch.setattr(
        text_shards, "is_named_otherwise", lambda *some: asked.append(some[1]) or original(*some)
    )
    path = tmp_path / "a.txt"
    path.write_text("".join(f"{json.dumps({'text': prose(n)})}\n" for n in range(5)), "utf-8")

    content = run(recipe_of(path), tmp_path / "out")

    assert (["jsonl"], ["a.txt"]) == (asked, content["named_otherwise"])
