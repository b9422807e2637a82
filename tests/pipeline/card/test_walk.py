"""The walk for compliance officers in configs/walk shows what its recipe gives."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
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


def _rows(out, part):
    return pq.read_table(out / "release" / part).to_pylist()


def _tokens(rows):
    return Counter(kind for row in rows for kind in re.findall(r"<[A-Z_]+>", row["text"]))


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


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_kept_texts_are_told_with_their_sources_and_masks(walked, page):
    """Every kept text stands in both pages with its source and the number of its masks."""
    out, _ = walked
    rows = _rows(out, "data")
    told = re.findall(
        r"^\| `([^`]+)` \| (crawl|letters) \| .* \| ([0-9]*).*\|$", page, re.MULTILINE
    )

    assert {(one["id"], one["source"], _tokens([one]).total()) for one in rows} == {
        (name, source, int(masks or 0)) for name, source, masks in told
    }


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_kinds_are_told_of_kept_and_rejected_texts(walked, page):
    """The table of kinds has the tokens that stand in kept and in rejected texts."""
    out, _ = walked
    kept, rejected = (_tokens(_rows(out, part)) for part in ("data", "rejected"))
    told = re.findall(r"^\| `(<[A-Z_]+>)` .*\| ([0-9]+) \| ([0-9]+) \|$", page, re.MULTILINE)

    assert {kind: (kept[kind], rejected[kind]) for kind in kept | rejected} == {
        kind: (int(first), int(second)) for kind, first, second in told
    }
    assert re.search(rf"\| {kept.total()} \| {rejected.total()} \|$", page, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_a_name_is_left_where_the_pages_say_so(walked, page):
    """The name that both pages tell as missed still stands in a kept text."""
    out, _ = walked

    assert "米田太郎" in page
    assert any("米田太郎" in row["text"] for row in _rows(out, "data"))


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_each_draft_leaves_the_questions_of_its_row(walked, page):
    """The table of drafts tells how many questions each of them leaves."""
    out, content = walked
    drafts = write_drafts(content, out / "disclosure")
    told = re.findall(r"^\| `([a-z-]+)\.(?:ja\.)?md` \| .* \| ([0-9]+) \|$", page, re.MULTILINE)

    assert {form: open_questions(one) for form, one in drafts.items()} == {
        form: int(count) for form, count in told
    }


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_the_change_that_rejects_candidates_leaves_four_texts(page, tmp_path, monkeypatch):
    """The lines before and after turn the recipe into one that rejects the candidate."""
    folder = tmp_path / "walk"
    shutil.copytree(WALK, folder)
    before, after = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    recipe = re.sub(r" +#.*", "", (folder / "recipe.yaml").read_text("utf-8"))
    assert 1 == recipe.count(before)
    (folder / "recipe.yaml").write_text(recipe.replace(before, after), "utf-8")

    monkeypatch.chdir(folder)
    content = run(load_recipe(Path("recipe.yaml")), Path("out"), open_executor=in_process_executor)

    assert 4 == content["counts"]["kept"]
    assert re.search("four texts are kept|採用は4件", page)
