"""CONTRIBUTING.md is true as written: its example, put where it says, passes what it names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from seimai.pipeline.signal import load

ROOT = Path(__file__).parents[1]
PAGES = {
    name: (ROOT / name).read_text("utf-8") for name in ("CONTRIBUTING.md", "CONTRIBUTING.ja.md")
}
PLACES = {
    "python": "filters/ruby.py",
    "yaml": "filters/ruby.ja.yaml",
    "json": "tests/filters/cases/ja.ruby_share.json",
}
_BLOCK = re.compile(r"^( *)```(python|yaml|json)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> dict[str, str]:
    """The three files of the example by their kind."""
    found = {match[2]: textwrap.dedent(match[3]) for match in _BLOCK.finditer(page)}

    assert set(PLACES) == set(found)
    return found


def copy_of_the_project(folder: Path) -> Path:
    """A working copy in which files can be added; what nobody adds to is only linked."""
    for name in ("filters", "tests/filters"):
        there = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=there)
    for name in ("pipeline", "configs", "flows", "seimai"):
        (folder / name).symlink_to(ROOT / name)
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / name, folder / name)
    view = folder / "build" / "view" / "seimai"
    view.mkdir(parents=True)
    (view / "__init__.py").symlink_to(ROOT / "seimai" / "__init__.py")
    for name in ("pipeline", "configs", "flows", "filters"):
        (view / name).symlink_to(folder / name)
    return folder


def done(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A module of Python, run in the copy and on its code."""
    paths = os.pathsep.join([str(folder / "build" / "view"), str(folder)])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the example in it, as a newcomer would put it there."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("newcomer"))
    for kind, text in blocks(PAGES["CONTRIBUTING.md"]).items():
        (folder / PLACES[kind]).write_text(text, "utf-8")
    return folder


def test_both_pages_have_the_same_example() -> None:
    """The Japanese page shows the files of the English one, and both say where they go."""
    assert blocks(PAGES["CONTRIBUTING.md"]) == blocks(PAGES["CONTRIBUTING.ja.md"])
    for page in PAGES.values():
        assert all(place in page for place in PLACES.values())


def test_both_pages_have_the_same_sections() -> None:
    """The English and the Japanese page have as many sections, steps and table rows."""
    counts = {
        name: (
            len(re.findall(r"^## ", page, re.MULTILINE)),
            len(re.findall(r"^\d\. ", page, re.MULTILINE)),
            len(re.findall(r"^\| ", page, re.MULTILINE)),
        )
        for name, page in PAGES.items()
    }

    assert counts["CONTRIBUTING.md"] == counts["CONTRIBUTING.ja.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_name_what_exists(page: str) -> None:
    """Every path with a folder in it leads somewhere; names in capitals stand for any."""
    for name in re.findall(
        r"`((?:pipeline|filters|configs|tests|benchmarks|flows)/[\w/.]+)`", PAGES[page]
    ):
        if "ruby" not in name and not re.search("[A-Z]{3}", name):
            assert (ROOT / name).exists(), name


def test_the_example_is_clean(project: Path) -> None:
    """Ruff finds nothing in it, neither a rule nor the format."""
    checked = done(project, "ruff", "check", "filters/ruby.py")
    formatted = done(project, "ruff", "format", "--check", "filters/ruby.py")

    assert 0 == checked.returncode, checked.stdout
    assert 0 == formatted.returncode, formatted.stdout


def test_the_example_has_types(project: Path) -> None:
    """Mypy is content with its annotations."""
    checked = done(
        project, "mypy", "--follow-imports=skip", "--cache-dir", os.devnull, "filters/ruby.py",
    )  # fmt: skip

    assert 0 == checked.returncode, checked.stdout


def example_tested(folder: Path, *tests: str) -> subprocess.CompletedProcess[str]:
    """The tests that are about the example, in some files of tests."""
    return done(folder, "pytest", *tests, "-q", "-k", "ruby_share", "-p", "no:cacheprovider")


def test_the_example_passes_its_tests(project: Path) -> None:
    """Laws, cases and descriptions find it by themselves, and it passes them."""
    ran = example_tested(project, "tests/filters")

    assert 0 == ran.returncode, ran.stdout
    assert re.search(r"\b1[0-9] passed", ran.stdout), ran.stdout


def test_what_is_missing_is_told(project: Path, tmp_path: Path) -> None:
    """Without cases, Japanese and reasons the tests fail: the rules are enforced."""
    folder = copy_of_the_project(tmp_path)
    text = (project / PLACES["python"]).read_text("utf-8")
    short = '"""Share of ruby brackets."""'
    (folder / PLACES["python"]).write_text(
        re.sub(r'"""\n    Share.*?"""', short, text, flags=re.DOTALL), "utf-8"
    )

    told = {
        "test_cases.py": "has_cases",
        "test_descriptions.py": "explained_in_japanese",
        "test_laws.py": "says_what_it_is",
    }
    ran = example_tested(folder, *(f"tests/filters/{file}" for file in told))

    assert 1 == ran.returncode, ran.stdout
    for test in told.values():
        assert re.search(rf"FAILED.*{test}", ran.stdout), test


def test_the_readmes_example_is_a_filter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that README.md shows is clean, and works with `--filters`."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## Your own filter")[2]
    path = tmp_path / "my.py"
    path.write_text(section.split("```python\n")[1].split("```")[0], "utf-8")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.setattr("seimai.pipeline.signal._registry", dict(load()))

    checked = done(tmp_path, "ruff", "check", "--ignore", "INP001", "my.py")

    assert 0 == checked.returncode, checked.stdout
    assert "acme.ruby_share" in load([str(path)])
