"""
A project to start from: a recipe with a sample, and the jobs around it, in a folder of the user's.

Everything comes from files of the package, so that the recipe is `web` as it is today and its first
run works without a network.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

from seimai.pipeline.errors import Problem, cannot_write
from seimai.pipeline.messages import language, sentence
from seimai.pipeline.recipe import shipped
from seimai.pipeline.recipe.comments import in_japanese

TEXTS = 20
"""Texts of the sample: each of another kind, good and bad ones."""

FILES = {
    "deploy.py": "deploy.py",
    "github.yaml": ".github/workflows/data.yml",
    "gitlab.yaml": ".gitlab-ci.yml",
    "pre-commit.yaml": ".pre-commit-config.yaml",
}
"""Templates, and where they are laid down."""

BASE = "web"
"""The recipe that the recipe of a new project is a copy of."""

_EXPECT = re.compile(r"\n# [^\n]*\n(?:# [^\n]*\n)*expect: [^\n]*\n\Z")


def lay_down(folder: Path) -> dict[str, Path]:
    """
    Write a project into a folder, which may be there already; gives what was written, by its name.

    Nothing that is there is replaced: `Problem` U071 names it, and nothing is written.
    """
    name = project_name(folder)
    contents = {
        "recipe.yaml": recipe_text(name),
        "sample.jsonl": sample_text(),
        "requirements.txt": f"{sentence('init.requirements')}\nseimai=={_version()}\n",
        ".gitignore": "out/\n",
        **{place: _template(template).replace("NAME", name) for template, place in FILES.items()},
    }
    there = [one for one in contents if (folder / one).exists() and one != ".gitignore"]
    if there:
        raise Problem("U071", folder=str(folder), files=", ".join(there))
    written = {}
    for one, text in contents.items():
        path = folder / one
        if path.exists():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise cannot_write(path, error) from error
        written[one] = path
    return written


def project_name(folder: Path) -> str:
    """
    A name for the recipe of a folder.

    >>> project_name(Path("work/my corpus")), project_name(Path("/"))
    ('my-corpus', 'corpus')
    """
    return re.sub(r"[^\w-]+", "-", folder.resolve().name).strip("-")[:60] or "corpus"


def recipe_text(name: str) -> str:
    """`web` as a recipe of one's own: its sources to be filled in, and what is expected of it."""
    text = ((shipped() or Path()) / f"{BASE}.yaml").read_text("utf-8")
    head, _, rest = text.partition(f"recipe: {BASE}\n")
    del head  # says what `web` is for
    rest = re.sub(r"\Aversion: \d+\n", "version: 1\n", rest)
    rest = re.sub(r"(?m)^  title: .*$", f"  title: {name}", rest, count=1)
    sources = sentence("init.source")
    # The place where `web` itself says how sources are named.
    rest = re.sub(r"# [^\n]*\n# source:\n(?:# [^\n]*\n)+", lambda _: sources, rest, count=1)
    rest = _EXPECT.sub(lambda _: f"\n{sentence('init.expect')}", rest)
    if language() == "ja":
        rest = in_japanese(rest)
    return f"{sentence('init.head')}recipe: {name}\n{rest}"


def sample_text() -> str:
    """Some short texts of the shipped sample, each of another kind."""
    path = (shipped() or Path()) / "sample" / "records" / "pages-a.jsonl"
    lines: dict[str, str] = {}
    for line in filter(None, path.read_text("utf-8").split("\n")):
        lines.setdefault(json.loads(line)["kind"], line)
    return "".join(f"{line}\n" for line in list(lines.values())[:TEXTS])


def _template(name: str) -> str:
    return ((shipped() or Path()) / "project" / name).read_text("utf-8")


def _version() -> str:
    return metadata.version("seimai")
