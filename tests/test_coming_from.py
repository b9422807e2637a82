"""What the pages for users of other pipelines say is there: names of ours, and recipes that run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seimai.pipeline import across
from seimai.pipeline.cleaner import known_cleaners
from seimai.pipeline.cli import main
from seimai.pipeline.cli.commands import COMMANDS
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.signal import load

CONFIGS = Path(__file__).parents[1] / "configs"
PAGES = ["COMING_FROM.md", "COMING_FROM.ja.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def names(page: str) -> list[str]:
    """Every name in backticks of the columns that say what it is here."""
    text = BLOCK.sub("", (CONFIGS / page).read_text("utf-8"))
    rows = [row.split(" | ", 1)[1] for row in text.splitlines() if row.startswith("| ")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def sections() -> dict[str, set[str]]:
    """The keys of each section of a recipe by the name of the section."""
    schema = Recipe.model_json_schema()
    found: dict[str, set[str]] = {}
    for key, value in schema["properties"].items():
        referred = re.findall(r"#/\$defs/(\w+)", str(value))
        found[key] = {
            inner for name in referred for inner in schema["$defs"][name].get("properties", {})
        }
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_signal_exists(page: str) -> None:
    """What looks like a signal in a table is one of ours."""
    signals = {*load(), *across.NAMES}
    named = [name for name in names(page) if re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]+", name)]
    missing = {
        name
        for name in named
        if name not in signals and not re.search(r"^seimai\.|^compose\.|\.(json|py|yaml)$", name)
    }

    assert len(named) > 40
    assert set() == missing


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_exists(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each `seimai …` of a table is a command, with options that it takes."""
    named = [name.split() for name in names(page) if name.startswith("seimai ")]

    assert named
    for words in named:
        assert words[1] in COMMANDS, words
        assert main([words[1], "--help"]) == 0
        told = capsys.readouterr().out
        for option in (word for word in words if word.startswith("--") and word != "--help"):
            assert re.search(rf"{option}\b", told), words


@pytest.mark.parametrize("page", PAGES)
def test_every_key_and_cleaner_exists(page: str) -> None:
    """What is written as `section: key` is a key of that section, or a cleaner."""
    known = sections()
    cleaners = set(known_cleaners())
    wrong = []
    for name in names(page):
        if not (written := re.fullmatch(r"([a-z]+): ([a-z_]+)(?:: .*)?", name)):
            continue
        section, key = written.groups()
        if section == "clean":
            right = key in cleaners
        elif key in {"word", "char"}:
            right = section == "unit"
        elif known.get(section):
            right = key in known[section]
        else:
            right = section in known["source"]
        if not right:
            wrong.append(name)

    assert [] == wrong


@pytest.mark.parametrize("page", PAGES)
def test_the_recipes_pass(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`seimai check` has nothing against the recipes of the page."""
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "a.jsonl").write_text('{"page": "1", "body": "本文です。"}\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    recipes = [
        block
        for kind, block in BLOCK.findall((CONFIGS / page).read_text("utf-8"))
        if kind == "yaml"
    ]

    assert len(recipes) == 2
    for place, recipe in enumerate(recipes):
        (tmp_path / f"{place}.yaml").write_text(recipe, "utf-8")
        assert main(["check", f"{place}.yaml"]) == 0, capsys.readouterr().err


def test_the_presets_are_shipped() -> None:
    """The recipes that the page begins with are beside it."""
    text = (CONFIGS / PAGES[0]).read_text("utf-8")
    told = re.findall(r"`seimai recipes ([\w-]+) >", text)

    assert len(told) == 5
    assert [] == [name for name in told if not (CONFIGS / f"{name}.yaml").is_file()]
