"""The recipes that come with Seimai: found by their names wherever a path is taken."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from seimai.pipeline.messages import language
from seimai.pipeline.messages.shipped import HEADLINES
from seimai.pipeline.recipe.comments import in_japanese

ENDING = ".yaml"
SCHEMA_LINE = "# yaml-language-server:"
SAMPLE = "configs/sample"


def shipped() -> Path | None:
    """The folder of the recipes that come with Seimai."""
    spec = find_spec("seimai.configs")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]) if folders else None


def shipped_names() -> list[str]:
    """The names of the shipped recipes, in order."""
    folder = shipped()
    return sorted(path.stem for path in folder.glob(f"*{ENDING}")) if folder else []


def locate(path: str | Path) -> Path:
    """
    Where a recipe is: a file of one's own goes before a shipped recipe of that name.

    What is neither comes back as it is, for the problem that it will be.
    """
    path = Path(path)
    if path.parent == Path() and path.suffix in ("", ENDING) and not path.is_file():
        folder = shipped()
        if folder and path.stem in shipped_names():
            return folder / f"{path.stem}{ENDING}"
    return path


def sample_files(pattern: str) -> str:
    """
    A pattern of the shipped sample as a path that exists wherever the working folder is.

    Recipes name the sample by its place in the repository, and an installed package has no
    repository around it; every other pattern comes back as it is.
    """
    folder = shipped()
    if folder is None or not pattern.startswith(f"{SAMPLE}/") or Path(SAMPLE).exists():
        return pattern
    return str(folder.parent / pattern)


def to_copy(name: str) -> str:
    """
    The text of a shipped recipe, for a file of one's own.

    It lacks the line that tells editors of the schema beside it, which the copy does not have. Its
    comments are in the language of the moment, where they are known in it.
    """
    folder = shipped()
    lines = (
        (folder / f"{name}{ENDING}").read_text("utf-8").splitlines(keepends=True) if folder else []
    )
    text = "".join(line for line in lines if not line.startswith(SCHEMA_LINE))
    return in_japanese(text) if language() == "ja" else text


def headline(name: str) -> str:
    """What a shipped recipe is for: in English the first sentence of its comment."""
    if language() == "ja" and name in HEADLINES:
        return HEADLINES[name]
    folder = shipped()
    lines = (folder / f"{name}{ENDING}").read_text("utf-8").splitlines() if folder else []
    comment = []
    for line in lines:
        if not line.startswith("#"):
            break
        comment.append(line.lstrip("# "))
    first, stop, _ = " ".join(comment).partition(". ")
    return first + "." * bool(stop) if first else ""
