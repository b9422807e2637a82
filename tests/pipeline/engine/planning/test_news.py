"""A plan knows what is new, changed and gone since the last run."""

from __future__ import annotations

import json
from pathlib import Path

from seimai.pipeline.cli import main
from seimai.pipeline.engine.planning.news import News, glance
from seimai.pipeline.engine.planning.plan import load_plan
from seimai.pipeline.job import Job
from seimai.pipeline.recipe import parse_recipe
from tests.conftest import prose


def test_news(tmp_path: Path, capsys) -> None:
    """`--plan` and a glance tell the same of files that came, changed, went and stayed."""
    texts = tmp_path / "texts"
    texts.mkdir()
    for k, name in enumerate(("stays", "changes", "goes")):
        (texts / f"{name}.txt").write_text(prose(k), "utf-8")
    written = f"recipe: news\nsource: [{{name: texts, files: ['{texts}/*.txt']}}]\n"
    recipe, out = tmp_path / "news.yaml", tmp_path / "out"
    recipe.write_text(written, "utf-8")
    asked = ["run", str(recipe), "--out", str(out), "--format", "json"]
    assert 0 == main(asked)
    (texts / "goes.txt").unlink()
    (texts / "changes.txt").write_text(prose(7), "utf-8")
    (texts / "comes.txt").write_text(prose(8), "utf-8")
    capsys.readouterr()

    assert 0 == main([*asked, "--plan"])

    told = json.loads(capsys.readouterr().out)["plan"][0]["news"]
    seen = glance(Job(parse_recipe(written, "news"), out), load_plan(out))
    assert {"new": 1, "changed": 1, "gone": 1, "same": 1}.items() <= told.items()
    assert ["comes.txt"] == told["first"]["new"]
    assert News(("comes.txt",), ("changes.txt",), ("goes.txt",), 1) == seen
