"""Nothing changed: the last run is told again, and only then."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine import run as engine
from seimai.pipeline.engine import standing
from seimai.pipeline.engine.standing import Asked, still
from seimai.pipeline.recipe.read import parse_recipe
from tests.conftest import prose

pytestmark = pytest.mark.usefixtures("english")

RECIPE = """\
recipe: again
source:
- name: pages
  files: [texts/*.jsonl]
limits:
  text.length_count: {min: 20}
expect:
  kept_share: {min: 0.1}
"""


@pytest.fixture
def finished(tmp_path, monkeypatch, write_lines, capsys):
    """A finished run of two inputs, what it printed in the file `said`; gives what was asked."""
    monkeypatch.chdir(tmp_path)
    # Somebody may be at work on the code while the tests run.
    monkeypatch.setattr(standing, "_code_state", lambda: "this code")
    for name in ("a", "b"):
        lines = [{"id": f"{name}{k}", "text": prose(ord(name) + k)} for k in range(3)]
        write_lines(tmp_path / "texts" / f"{name}.jsonl", lines)
    Path("again.yaml").write_text(RECIPE, "utf-8")
    assert 0 == main(["run", "again.yaml"])
    Path("said").write_text("\n".join(lines_of(capsys)), "utf-8")
    return Asked(Path("again.yaml"), (), Path("out/again"))


def refuse(*_args, **_kwargs):
    """Stands for the engine where it must not be called."""
    raise AssertionError("a run was begun")


def lines_of(capsys):
    """What was printed, but for the last line, which says how long it took."""
    return capsys.readouterr().out.splitlines()[:-1]


@pytest.mark.usefixtures("finished")
def test_a_run_with_nothing_to_do_begins_no_run(monkeypatch, capsys):
    """The second call prints what the first has printed, without the engine."""
    first = Path("said").read_text("utf-8").splitlines()
    monkeypatch.setattr(engine, "run", refuse)

    assert 0 == main(["run", "again.yaml"])
    assert first == lines_of(capsys)
    assert any("out/again" in line for line in first)


def test_the_answer_for_programs_is_the_same(finished, monkeypatch, capsys):
    """With --format json both ways give the same bytes."""
    capsys.readouterr()
    shutil.move(finished.out / "stages" / standing.RECORD, "word")
    main(["run", "again.yaml", "--format", "json"])
    slow = capsys.readouterr().out
    monkeypatch.setattr(engine, "run", refuse)
    main(["run", "again.yaml", "--format", "json"])

    assert slow == capsys.readouterr().out


@pytest.mark.usefixtures("finished")
def test_an_expectation_that_fails_fails_again(monkeypatch):
    """The exit code of a run that is not as expected is the same the second time."""
    Path("again.yaml").write_text(RECIPE.replace("min: 0.1", "max: 0.1"), "utf-8")
    assert 1 == main(["run", "again.yaml", "--quiet"])
    monkeypatch.setattr(engine, "run", refuse)

    assert 1 == main(["run", "again.yaml", "--quiet"])


def other_text(_: Asked) -> None:
    """Write another text of the same length into an input, with the old times."""
    path = Path("texts/a.jsonl")
    times = path.stat()
    path.write_text(path.read_text("utf-8").replace("である", "だった"), "utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES = {
    "another text": other_text,
    "a new input": lambda _: shutil.copy("texts/a.jsonl", "texts/c.jsonl"),
    "an input that is gone": lambda _: Path("texts/b.jsonl").unlink(),
    "another limit": lambda _: Path("again.yaml").write_text(
        RECIPE.replace("min: 20", "min: 25"), "utf-8"
    ),
    "a file of the release": lambda asked: (asked.out / "release" / "README.md").write_text("."),
    "a file of a stage": lambda asked: next((asked.out / "stages/text").glob("*.parquet")).touch(),
    "a file too many": lambda asked: (asked.out / ".release-new").mkdir(),
    "a damaged word": lambda asked: (asked.out / "stages" / standing.RECORD).write_text("{"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changed_is_seen(finished, name):
    """Nothing is told again where an input, the recipe or a file of the output has changed."""
    assert still(finished)
    CHANGES[name](finished)
    assert still(finished) is None


def test_another_call_is_another_run(finished, monkeypatch):
    """Other sources, another folder, other code or another place to call from: no repetition."""
    assert still(Asked(finished.recipe, ("texts/a.jsonl",), finished.out)) is None
    assert still(Asked(finished.recipe, (), Path("out/other"))) is None
    with monkeypatch.context() as other:
        other.setattr(standing, "_code_state", lambda: "other code")
        assert still(finished) is None
    assert still(finished)
    with monkeypatch.context() as other:
        other.chdir("texts")
        assert still(finished) is None


def test_the_code_is_its_files_and_the_packages_beside_it(tmp_path, monkeypatch):
    """Another file of a package, or another version of one that is installed, is other code."""
    package = tmp_path / "seimai"
    (package / "filters").mkdir(parents=True)
    (package / "filters" / "ruby.py").write_text("one", "utf-8")
    monkeypatch.setattr(standing, "__file__", str(package / "pipeline/engine/standing.py"))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    states = [standing._code_state()]  # noqa: SLF001 - what the record holds
    (package / "filters" / "kana.py").write_text("two", "utf-8")
    states.append(standing._code_state())  # noqa: SLF001 - as above
    (tmp_path / "pyarrow-25.0.0.dist-info").mkdir()
    states.append(standing._code_state())  # noqa: SLF001 - as above

    assert 3 == len(set(states))
    assert states[-1] == standing._code_state()  # noqa: SLF001 - as above


def test_no_word_of_what_files_do_not_tell(tmp_path, monkeypatch):
    """A recipe that looks at further files, or a source that is no file, is run every time."""
    monkeypatch.chdir(tmp_path)

    assert standing.state_of(parse_recipe(RECIPE))
    for more in (
        "models: {mine: model.json}\n",
        "lists:\n- {name: ours, files: [list.txt], action: block}\n",
        "dedup: {against: index}\n",
        "optout: reject\n",
    ):
        assert standing.state_of(parse_recipe(RECIPE + more)) is None, more
    address = RECIPE.replace("texts/*.jsonl", "https://example.jp/a.jsonl")
    assert standing.state_of(parse_recipe(address)) is None


def test_a_pipe_among_the_inputs_is_never_opened(tmp_path, monkeypatch):
    """A named pipe, which would be waited for, is looked at from outside; files are opened."""
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts/a.jsonl").write_text("{}", "utf-8")
    before = standing._inputs_state(["texts"])  # noqa: SLF001 - what the record holds
    os.mkfifo("texts/pipe.jsonl")
    opened = []
    really = os.open
    monkeypatch.setattr(
        os, "open", lambda name, *rest: opened.append(Path(name).name) or really(name, *rest)
    )

    assert before != standing._inputs_state(["texts"])  # noqa: SLF001 - as above
    assert standing._inputs_state(["texts/*.jsonl"])  # noqa: SLF001 - as above
    assert {"texts", "a.jsonl"} == set(opened)


def test_a_folder_that_may_not_be_read_ends_no_run(tmp_path, monkeypatch):
    """Where a folder below a source refuses, nothing is told of it, and the run goes its way."""
    monkeypatch.chdir(tmp_path)
    Path("texts/closed").mkdir(parents=True)
    recipe = parse_recipe(RECIPE.replace("texts/*.jsonl", "texts"))
    really = os.scandir

    def refusing(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return really(folder)

    assert standing.state_of(recipe)
    monkeypatch.setattr(os, "scandir", refusing)
    assert standing.state_of(recipe) is None


def test_word_that_cannot_be_left_ends_no_run(finished, monkeypatch):
    """A run is finished when its release is: a full disk behind that is none of its faults."""

    def full(path, _content):
        raise OSError(28, "No space left on device", str(path))

    before = still(finished)
    (finished.out / "stages" / standing.RECORD).unlink()
    monkeypatch.setattr("seimai.pipeline.shard.write_json", full)

    assert before
    assert 0 == main(["run", "again.yaml"])
    assert not (finished.out / "stages" / standing.RECORD).exists()
