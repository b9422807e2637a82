"""The Japanese pages say what the English ones say: same files, same code, no other figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("filters", "flows", "configs", "pipeline/ingest", "pipeline/delivery")
PAGES = [f"{folder}/README" for folder in FOLDERS] + ["CONTRIBUTING", "configs/COMING_FROM"]

_BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
_FIRST_CELL = re.compile(r"^\| ([^|]+?) \|", re.MULTILINE)
_FIGURE = re.compile(r"(?<![A-Za-z_.,\d])\d+(?:,\d{3})*(?:\.\d+)?")
_WORDS = "one 1, two 2, three 3, four 4, ten 10, once 1, 40 40, twice 2"


def page(name: str, ending: str) -> str:
    """The text of a page."""
    return (ROOT / f"{name}{ending}").read_text("utf-8")


def code(text: str) -> list[list[str]]:
    """The blocks of code of a page, line by line, without comments and empty lines."""
    return [
        [line for row in block.splitlines() if (line := row.partition("  #")[0].strip())]
        for block in _BLOCK.findall(text)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_the_languages_lead_to_each_other(name: str) -> None:
    """Each page links to its twin, and every link of a Japanese page leads somewhere."""
    folder = (ROOT / name).parent
    twin = Path(name).name

    assert f"({twin}.ja.md)" in page(name, ".md")
    assert f"({twin}.md)" in page(name, ".ja.md")
    for target in _LINK.findall(page(name, ".ja.md")):
        assert (folder / target).exists(), target


@pytest.mark.parametrize("name", PAGES)
def test_the_code_is_the_same(name: str) -> None:
    """Every block of code of the English page stands in the Japanese one, comments apart."""
    japanese = code(page(name, ".ja.md"))

    assert [] == [block for block in code(page(name, ".md")) if block not in japanese]


@pytest.mark.parametrize("name", PAGES)
def test_what_tables_list_is_named(name: str) -> None:
    """Files, recipes and keys that a table of the English page begins a row with are named."""
    japanese = page(name, ".ja.md")
    names = {
        listed
        for cell in _FIRST_CELL.findall(page(name, ".md"))
        for listed in re.findall(r"`([^` ]+)`", cell)
    }

    assert set() == {listed for listed in names if listed not in japanese}


@pytest.mark.parametrize("name", PAGES)
def test_figures_cannot_disagree(name: str) -> None:
    """A figure of the Japanese page is one of the English page."""
    english = page(name, ".md")
    known = set(_FIGURE.findall(english)) | {
        figure
        for word, figure in (pair.split() for pair in _WORDS.split(", "))
        if re.search(rf"\b{word}\b", english)
    }
    prose = re.sub(r"^\d\. ", "", _BLOCK.sub("", page(name, ".ja.md")), flags=re.MULTILINE)

    assert set() == set(_FIGURE.findall(prose)) - known


@pytest.mark.parametrize("name", [*PAGES, "README"])
def test_japanese_pages_lead_to_japanese_pages(name: str) -> None:
    """Where a page has a Japanese twin, it is that which a Japanese page links to."""
    folder = (ROOT / name).parent
    own = f"{Path(name).name}.md"
    english = [
        target
        for target in _LINK.findall(page(name, ".ja.md"))
        if target.endswith(".md")
        and not target.endswith(".ja.md")
        and target != own
        and (folder / f"{target.removesuffix('.md')}.ja.md").exists()
    ]

    assert [] == english
