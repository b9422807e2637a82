"""The command line: what it prints, how it ends, and that it is quick."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.cli.commands import COMMANDS
from seimai.pipeline.recipe import load_recipe

pytestmark = pytest.mark.usefixtures("english")


def said(capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"], ["--lang", "en", "--help"]])
def test_help_lists_every_command(capsys, words):
    """Asked in any way, help names all commands and the exit codes."""
    code, out, err = said(capsys, *words)

    assert (0, "") == (code, err)
    assert all(f"\n  {name} " in out for name in COMMANDS)
    assert "130" in out


def test_signals_read_each_recipe_once(monkeypatch, capsys):
    """The list as JSON names the recipes of every signal without reading them again for each."""
    loaded = []
    monkeypatch.setattr(
        "seimai.pipeline.recipe.load_recipe",
        lambda path: loaded.append(path.name) or load_recipe(path),
    )
    told = {one["name"]: one for one in json.loads(said(capsys, "signals", "--format", "json")[1])}

    assert len(set(loaded)) == len(loaded) > 5
    assert "configs/web.yaml" in told["ja.language_score"]["used_by"]
    assert {} in [one["used_by"] for one in told.values()]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself(capsys, name, lang):
    """Each command has help in both languages, with every option it takes."""
    code, out, _ = said(capsys, name, "--help", "--lang", lang)

    assert 0 == code
    assert out.startswith(f"seimai {name}: ")
    assert all(f"  {option} " in out for option in ("--format", "--lang", "--quiet", "--debug"))
    assert "help." not in out


def test_help_in_japanese_is_japanese(capsys):
    """`--lang ja` before or after the command changes the language of help."""
    assert "使い方" in said(capsys, "--lang", "ja", "--help")[1]
    assert "使い方" in said(capsys, "run", "--help", "--lang=ja")[1]


def test_the_version_is_told(capsys):
    """`--version` prints name and version."""
    code, out, _ = said(capsys, "--version")

    assert 0 == code
    assert out.startswith("seimai 0.")


def test_check_finds_everything_and_writes_nothing(capsys, tmp_path, monkeypatch):
    """All mistakes of a recipe come together, with places and a count; exit 2."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(
        "recipe: a\n"
        "limits:\n  ja.hiragana_rate: {min: 0.1}\n  ja.kanji_share: {min: 3}\n"
        "claen: []\n"
    )
    code, out, err = said(capsys, "check", "a.yaml")

    assert (2, "") == (code, out)
    assert all(place in err for place in ("a.yaml:3:3", "a.yaml:4:25", "a.yaml:5:1"))
    assert err.endswith("3 problems; nothing was run\n")
    assert ["a.yaml"] == [path.name for path in tmp_path.iterdir()]
    assert 2 == main(["run", "a.yaml"])
    assert ["a.yaml"] == [path.name for path in tmp_path.iterdir()]


def test_check_answers_programs_in_json(capsys, tmp_path):
    """`--format json` gives code, sentence and place of each mistake on standard output."""
    path = tmp_path / "a.yaml"
    path.write_text("recipe: a\nversion: x\n")
    code, out, err = said(capsys, "check", str(path), "--format", "json")

    assert (2, "") == (code, err)
    assert [("R011", 2, 10)] == [
        (one["code"], one["line"], one["column"]) for one in json.loads(out)["problems"]
    ]


def test_a_recipe_without_sources_needs_them(capsys, tmp_path, monkeypatch):
    """Nothing to read is a mistake with a next step, not an empty release."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("recipe: a\n")
    code, _, err = said(capsys, "run", "a.yaml")

    assert 2 == code
    assert "error[R035]" in err
    assert "--source" in err


def test_signals_are_listed(capsys):
    """All of them, or those of a family, one line each."""
    _, everything, _ = said(capsys, "signals")
    _, family, _ = said(capsys, "signals", "ja")

    assert "text.length_count" in everything
    assert all(row.startswith("ja.") for row in family.split("\n\n")[0].split("\n"))


def test_a_signal_is_explained(capsys):
    """One signal is shown with its doc, range, place and the shipped recipes that use it."""
    code, out, _ = said(capsys, "signals", "text.length_count")

    assert 0 == code
    assert all(word in out for word in ("range", "version", "filters/", "configs/minimal.yaml"))


def test_signals_answer_programs_in_json(capsys):
    """Each signal as data, the unbounded end of its range as null."""
    found = json.loads(said(capsys, "signals", "text.length_count", "--format", "json")[1])[0]

    assert ("text", [0, None]) == (found["family"], found["between"])


def test_filters_of_ones_own_are_seen(capsys, tmp_path):
    """`--filters` adds the signals of a file; a file that does not load is told."""
    path = tmp_path / "mine.py"
    path.write_text(
        "from seimai.pipeline.signal import per_text\n"
        "@per_text('mine.a_share', between=(0, 1))\n"
        "def share_of_a(text):\n"
        '    """Share of the letter a."""\n'
        "    return text.count('a') / max(len(text), 1)\n"
    )
    broken = tmp_path / "broken.py"
    broken.write_text("import nothing_of_this_name\n")

    try:
        assert "Share of the letter a" in said(capsys, "signals", "mine", "--filters", str(path))[1]
    finally:
        from seimai.pipeline import signal as registry

        registry._registry.pop("mine.a_share", None)  # noqa: SLF001 - it has no other way out
    assert "error[U004]" in said(capsys, "signals", "--filters", str(broken))[2]
    assert "error[U091]" in said(capsys, "signals", "--filters", str(tmp_path / "no.py"))[2]


def test_the_doctor_looks_at_everything(capsys):
    """Python, MeCab, signals, kernels, memory, disk and Prefect are looked at; exit 0 or 1."""
    code, out, _ = said(capsys, "doctor", "--format", "json")
    found = json.loads(out)
    keys = {key for one in found for key in one}

    assert 0 == code
    assert {"python", "mecab", "signals", "kernels_cached", "free_disk", "prefect"} <= keys
    assert ["日本", "語", "の", "菓子"] == next(one["tokens"] for one in found if "tokens" in one)
    assert str(Path.home()) not in out


def test_too_many_workers_are_a_warning(capsys):
    """More workers than memory holds are told with a number that fits; the exit code stays 0."""
    code, out, _ = said(capsys, "doctor", "--workers", "100000")

    assert 0 == code
    assert "try --workers" in out


def test_nothing_heavy_is_imported_for_help():
    """Help loads neither numpy nor pyarrow, numba, pydantic, rich, yaml or the filters."""
    program = (
        "import sys; from seimai.pipeline.cli import main; main(['run', '--help']);"
        "heavy = {'numpy', 'pyarrow', 'numba', 'pydantic', 'rich', 'yaml', 'datasets', 'prefect'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "[]" == done.stdout.split("\n")[-2]


def test_an_interrupt_is_told_and_ends_with_130(capsys, monkeypatch):
    """Ctrl-C says that finished work is kept."""

    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("seimai.pipeline.cli.look.show_signals", interrupted)
    code, _, err = said(capsys, "signals")

    assert 130 == code
    assert "interrupted" in err


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["rnu"], "U005", "“run”"),
        (["--hlep"], "U013", "“--help”"),
        (["run"], "U007", "RECIPE"),
        (["run", "a.yaml", "--wrkers", "2"], "U006", "“--workers”"),
        (["run", "a.yaml", "--workers", "0"], "U008", "--workers"),
        (["run", "a.yaml", "--workers", "many"], "U008", "many"),
        (["run", "a.yaml", "--out"], "U014", "--out"),
        (["run", "a.yaml", "--format", "jsn"], "U008", "“json”"),
        (["check", "a.yaml", "b.yaml"], "U009", "b.yaml"),
        (["run", "a.yaml", "--source", "none*.jsonl"], "I001", "none*.jsonl"),
        (["explain", "out"], "U007", "ID"),
        (["signals", "ja.hiragana_rate"], "U010", "“ja.hiragana_share”"),
        (["verify", "nowhere"], "U011", "nowhere"),
        (["explain", "nowhere", "x"], "U011", "nowhere"),
        (["report", "nowhere"], "U011", "nowhere"),
    ],
)
def test_wrong_usage_is_told_with_a_way_out(capsys, empty, words, code, hint):
    """Wrong usage ends with 2, one sentence, the nearest name, and no traceback."""
    status, out, err = said(capsys, *words)

    assert (2, "") == (status, out)
    assert f"error[{code}]: " in err
    assert hint in err
    assert "Traceback" not in err
    assert [] == list(empty.iterdir())


def test_mistakes_are_told_in_the_language_asked_for(capsys):
    """Even where the rest of the words makes no sense, `--lang` counts."""
    assert "エラー[U005]" in said(capsys, "rnu", "--lang", "ja")[2]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("a fault of ours"), "U001"),
        (MemoryError(), "U012"),
        (OSError(28, "No space left on device", "out/x"), "O001"),
        (OSError(122, "Disk quota exceeded"), "O001"),
        (OSError(30, "Read-only file system", "out/x"), "O015"),
        (PermissionError(13, "Permission denied", "out/x"), "U002"),
        (ModuleNotFoundError("no", name="somewhere.deep"), "E001"),
    ],
)
def test_what_nobody_foresaw_is_one_sentence(capsys, monkeypatch, error, code):
    """Any exception ends with 2 and a sentence; `--debug` adds the traceback."""

    def broken(*_args, **_options):
        raise error

    monkeypatch.setattr("seimai.pipeline.cli.look.show_signals", broken)
    status, _, err = said(capsys, "signals")
    assert 2 == status
    assert f"error[{code}]" in err
    assert "Traceback" not in err

    assert "Traceback" in said(capsys, "signals", "--debug")[2]
