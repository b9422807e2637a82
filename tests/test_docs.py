"""What the documents promise is there."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from seimai.pipeline.cli.commands import COMMANDS
from seimai.pipeline.recipe import load_recipe
from seimai.pipeline.signal import load

ROOT = Path(__file__).parents[1]
READMES = [ROOT / "README.md", ROOT / "README.ja.md"]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(readme: Path, command: str) -> None:
    """Both READMEs name every command."""
    assert f"seimai {command}" in readme.read_text("utf-8")


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_links_lead_somewhere(readme: Path) -> None:
    """Every relative link of a README names a file or folder that exists."""
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", readme.read_text("utf-8"))

    assert targets
    assert [] == [target for target in targets if not (ROOT / target).exists()]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_number_of_signals_is_true(readme: Path) -> None:
    """The READMEs say how many signals there are."""
    shipped = [one for one in load().values() if not one.name.startswith("test.")]

    assert re.search(rf"\b{len(shipped)}\b|{len(shipped)}個", readme.read_text("utf-8"))


@pytest.mark.parametrize("folder", ["pipeline", "filters", "configs", "flows", "tests"])
def test_every_folder_says_what_lives_there(folder: str) -> None:
    """Each top-level folder has a README."""
    assert len((ROOT / folder / "README.md").read_text("utf-8")) > 200


def test_every_recipe_is_described() -> None:
    """configs/README.md names every recipe, and every limit has a signal."""
    text = (ROOT / "configs" / "README.md").read_text("utf-8")
    signals = load()
    for path in (ROOT / "configs").glob("*.yaml"):
        recipe = load_recipe(path, signals=signals)

        assert path.name in text
        assert set() == set(recipe.limited) - set(signals)


def test_every_package_is_in_the_wheel() -> None:
    """The list of packages in pyproject.toml is the list of folders with an __init__.py."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = {
        "seimai." + ".".join(path.parent.relative_to(ROOT).parts)
        for top in ("pipeline", "filters", "configs", "flows")
        for path in (ROOT / top).rglob("__init__.py")
    } | {"seimai"}

    assert sorted(folders) == sorted(project["tool"]["setuptools"]["packages"])


def test_lock_names_no_index() -> None:
    """The lock file pins versions and says nothing of where packages come from."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    assert "==" in lock
    assert not re.search(r"https?://|--index|--find-links|file:", lock)


def test_the_formats_have_one_list() -> None:
    """What `format:` takes is the list of readers, without those that are found otherwise."""
    from seimai.pipeline.formats import FORMATS, FOUND_OTHERWISE
    from seimai.pipeline.recipe import Source

    taken = get_args(Source.model_fields["format"].annotation)

    assert {"auto", *FORMATS} - FOUND_OTHERWISE == set(taken)


OFFICE = {"word", "sheets", "slides", "opendocument", "rich_text"}
"""Folders of `documents/office`, which are explained in its own page."""


ENGINE = {"planning", "workers", "shards", "judging", "publishing", "forgetting"}
"""Folders of `engine`, likewise."""


def test_every_folder_of_the_pipeline_is_explained() -> None:
    """A README of a screen says what lives in a folder and what it may import."""
    folders = [path.parent for path in (ROOT / "pipeline").rglob("__init__.py")]
    inner = {"archive", "group", *OFFICE, *ENGINE}
    missing = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if not (folder / "README.md").is_file() and folder.name not in inner
    ]

    assert [] == missing


OUTPUT_FOLDERS = {
    *("stages", "text", "signals", "words", "sketch", "group", "tokens", "verdict"),
    *("quarantine", "release", "data", "rejected", "hidden"),
}
"""What a docstring may name besides folders of ours: those of an output folder."""

SOURCES = [
    path for top in ("pipeline", "filters", "flows") for path in sorted((ROOT / top).rglob("*.py"))
]


@cache
def _prose(path: Path) -> list[str]:
    """Docstrings and comments of a module."""
    source = path.read_text("utf-8")
    docstrings = [
        node.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return docstrings + [token.string for token in tokens if token.type == tokenize.COMMENT]


def test_docstrings_name_what_exists() -> None:
    """Every `name.py` and `folder/` in a docstring or comment is there."""
    ours = {
        f"/{path.relative_to(ROOT)}"
        for top in ("pipeline", "filters", "flows", "tests", "configs", "benchmarks")
        for path in (ROOT / top).rglob("*")
    }
    stale = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for text in _prose(path)
        for name in re.findall(r"`([\w/]+(?:\.py|/))`", text)
        # In capitals a name stands for any.
        if not name.isupper()
        and name.rstrip("/") not in OUTPUT_FOLDERS
        and not any(there.endswith(f"/{name.rstrip('/')}") for there in ours)
    ]

    assert [] == stale


def test_docstrings_explain_themselves() -> None:
    """No docstring or comment sends readers to a page that they do not have."""
    assert [] == [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for text in _prose(path)
        if re.search(r"\b(the|this) design\b|\bdesign (section|page)\b", text, re.IGNORECASE)
    ]
