"""`init` and `completion`: a project that works as it is, and scripts that shells read."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from seimai.pipeline.cli import main
from seimai.pipeline.cli.commands import COMMANDS, make_app
from seimai.pipeline.cli.completion import script, shapes
from seimai.pipeline.messages import use_language
from seimai.pipeline.recipe import shipped

WORDS = {"en": "Put yours in place of the sample", "ja": "サンプルを置き換えてください"}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_project_works_as_it_is(tmp_path, monkeypatch, capsys, language):
    """The recipe has no mistake, its limits are those of `web`, and it can be tried at once."""
    monkeypatch.chdir(tmp_path)

    assert 0 == main(["init", "コーパス", "--lang", language])
    assert "seimai preview recipe.yaml" in capsys.readouterr().out
    monkeypatch.chdir(tmp_path / "コーパス")
    assert WORDS[language] in Path("recipe.yaml").read_text("utf-8")
    assert 0 == main(["check", "recipe.yaml"])
    mine = yaml.safe_load(Path("recipe.yaml").read_text("utf-8"))
    web = yaml.safe_load(((shipped() or Path()) / "web.yaml").read_text("utf-8"))
    assert "コーパス" == mine["recipe"]
    for key in ("limits", "together", "clean", "dedup", "tokens"):
        assert web[key] == mine[key]
    assert "drift" in mine["expect"]
    lines = Path("sample.jsonl").read_text("utf-8").splitlines()
    assert 20 == len({json.loads(line)["id"] for line in lines})
    capsys.readouterr()
    assert 0 == main(["preview", "recipe.yaml", "--format", "json"])
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert 20 == counts["read"]
    assert 0 < counts["kept"] < 20


def test_jobs_name_commands_that_there_are(tmp_path, monkeypatch):
    """Workflow, job and hook are YAML, and every `seimai` command in them can be parsed."""
    from seimai.pipeline.cli.arguments import Call, parse

    monkeypatch.chdir(tmp_path)
    main(["init", ".", "--quiet"])
    github = yaml.safe_load(Path(".github/workflows/data.yml").read_text("utf-8"))
    gitlab = yaml.safe_load(Path(".gitlab-ci.yml").read_text("utf-8"))
    hook = yaml.safe_load(Path(".pre-commit-config.yaml").read_text("utf-8"))
    steps = [step.get("run", "") for step in github["jobs"]["data"]["steps"]]
    scripts = [*steps, *gitlab["data"]["script"], hook["repos"][0]["hooks"][0]["entry"] + " x"]
    lines = [line.strip() for text in scripts for line in text.split("\n")]
    calls = [line.split()[1:] for line in lines if line.startswith("seimai ")]

    assert 8 == len(calls)
    for words in calls:
        assert isinstance(parse([one for one in words if "$" not in one]), Call)
    compile(Path("deploy.py").read_text("utf-8"), "deploy.py", "exec")


def test_nothing_is_replaced(tmp_path, monkeypatch, capsys):
    """A file that is there stays as it is, and nothing else is written; .gitignore may be there."""
    monkeypatch.chdir(tmp_path)
    Path(".gitignore").write_text("mine\n", "utf-8")
    Path("recipe.yaml").write_text("mine\n", "utf-8")

    assert 2 == main(["init", ".", "--lang", "en"])
    assert "recipe.yaml" in capsys.readouterr().err
    assert {".gitignore", "recipe.yaml"} == {path.name for path in tmp_path.iterdir()}
    Path("recipe.yaml").unlink()
    assert 0 == main(["init", ".", "--quiet"])
    assert "mine\n" == Path(".gitignore").read_text("utf-8")


def test_the_recipe_of_build_servers_has_the_limits_of_web():
    """`ci.yaml` judges as `web.yaml` does."""
    ci, web = (
        yaml.safe_load(((shipped() or Path()) / f"{name}.yaml").read_text("utf-8"))
        for name in ("ci", "web")
    )

    for key in ("clean", "personal", "limits", "together", "dedup", "tokens"):
        assert web[key] == ci[key]


# --- completion ----------------------------------------------------------------------------


def test_completion_knows_every_option():
    """What the parser takes is in the scripts of all shells."""
    for shell in ("bash", "zsh", "fish"):
        text = script(shell, make_app(), COMMANDS)
        for shape in shapes(make_app(), COMMANDS):
            assert shape.name in text
            for option in shape.options:
                name = option.name if shell != "fish" else f"-l {option.name[2:]}"
                assert name in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["seimai", "pre"], ["preview"]),
        (["seimai", "run", "--base"], ["--baseline"]),
        (["seimai", "verify", "--format", "g"], ["github"]),
        (["seimai", "run", "we"], ["web", "web-mine.yaml"]),
        (["seimai", "--lang", "ja", "recipes", "mini"], ["minimal"]),
        (["seimai", "completion", "z"], ["zsh"]),
        (["seimai", "diff", "with"], ["with blank"]),
    ],
)
def test_bash_completes(tmp_path, words, found):
    """Commands, options, choices, shipped recipes and files with blanks."""
    for name in ("web-mine.yaml", "with blank"):
        (tmp_path / name).touch()
    text = script("bash", make_app(), COMMANDS)
    asked = f"""{text}
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _seimai; printf '%s\\n' "${{COMPREPLY[@]}}" """
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-c", asked, "bash", *words],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert found == done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_other_shells_read_their_script(tmp_path, shell, language):
    """Where the shell is there, it finds nothing wrong with the script."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"no {shell} here")
    use_language(language)
    path = tmp_path / "script"
    path.write_text(script(shell, make_app(), COMMANDS), "utf-8")

    subprocess.run([program, "-n", str(path)], check=True)
