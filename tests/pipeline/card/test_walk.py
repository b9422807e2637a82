"""The walk for compliance officers in configs/walk shows what its recipe gives."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from seimai.pipeline.card.disclosure import draft_faults, open_questions, write_drafts
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.recipe import load_recipe

WALK = Path(__file__).parents[3] / "configs" / "walk"
PAGES = {name: (WALK / name).read_text("utf-8") for name in ("README.md", "README.ja.md")}


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The folder of a run of the recipe, and its run.json."""
    folder = tmp_path_factory.mktemp("walk") / "walk"
    shutil.copytree(WALK, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        content = run(
            load_recipe(Path("recipe.yaml")), Path("out"), open_executor=in_process_executor
        )
    return folder / "out", content


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_reasons_are_those_of_the_run(walked, page):
    """Every reason stands in both pages with its number of texts, and where it is explained."""
    _, content = walked
    found = {one["reason"]: one["texts"] for one in content["reasons"] if one["texts"]}

    shown = {
        name: int(texts)
        for name, texts in re.findall(r"^    (\S+) +([0-9]+) +[0-9.]+%", page, re.MULTILINE)
    }
    assert found == shown
    assert all(f"| `{name}` |" in page for name in found)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_counts_are_those_of_the_run(walked, page):
    """What was read and kept stands in both pages."""
    _, content = walked

    assert (13, 5) == (content["counts"]["read"], content["counts"]["kept"])
    assert f"{content['characters']['kept']:,}" in page
    assert str(content["cleaned"]["masked"]) in page


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_what_was_hidden_is_what_the_report_says(walked, page):
    """The three steps with figures stand in the pages as they stand in the report."""
    out, _ = walked
    report = (out / "release" / "report.html").read_text("utf-8")

    steps = re.findall(r"^[1-3]\. (\w+: .*)$", page, re.MULTILINE)
    assert 3 == len(steps)
    for step in steps:
        assert step in report


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_as_many_questions_are_left_as_it_says(walked, page):
    """The drafts leave the number of questions that the page tells, and their figures hold."""
    out, content = walked
    drafts = write_drafts(content, out / "disclosure")

    left = sum(open_questions(one) for one in drafts.values())
    assert re.search(rf"\b{left} questions are left|記入が必要な項目は{left}件", page)
    assert [] == draft_faults(content, out / "disclosure")
