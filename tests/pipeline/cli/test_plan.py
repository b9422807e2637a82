"""`plan`: what a run would take is what the run then takes, as far as bytes and counts go."""

from __future__ import annotations

import json
import random

import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.run import run
from seimai.pipeline.inspect.costs import Costs, costs
from seimai.pipeline.inspect.preview import preview
from seimai.pipeline.recipe.across import Across
from seimai.pipeline.stages import across
from tests.conftest import recipe_of

TEXTS = 600
WITHIN = 0.25


def _kana(seed: int) -> str:
    """Letters by chance: unlike sentences of a few words, many of them pack no better than few."""
    pick = random.Random(seed)
    letters = [chr(pick.randrange(0x3041, 0x3094)) for _ in range(400)]
    return "。".join("".join(letters[begin : begin + 25]) for begin in range(0, 400, 25)) + "。"


@pytest.fixture
def recipe(tmp_path, write_lines):
    """Six hundred different texts in three files."""
    for part in range(3):
        numbers = range(part, TEXTS, 3)
        lines = [{"id": f"{k}", "text": _kana(k)} for k in numbers]
        write_lines(tmp_path / f"in/{part}.jsonl", lines)
    limits = {"text.length_count": {"min": 5}, "word.type_share": {"min": 0.1}}
    return recipe_of(tmp_path / "in", limits=limits, dedup={})


def test_documents_disk_and_files_are_those_of_the_run(recipe, tmp_path):
    """A tenth of the texts tells the bytes of all, those for the next run too, within a quarter."""
    planned = costs(recipe, preview(recipe, rows=TEXTS // 10, workers=2))
    run(recipe, tmp_path / "out")
    stages = list((tmp_path / "out/stages").glob("*/*"))
    left = [path for path in (tmp_path / "out/stages").rglob("*") if path.is_file()]
    release = [
        path
        for folder in ("data", "rejected")
        for path in (tmp_path / "out/release" / folder).rglob("*.parquet")
    ]
    assert TEXTS == planned.documents
    assert planned.stage_bytes == pytest.approx(
        sum(path.stat().st_size for path in left), rel=WITHIN
    )
    assert planned.release_bytes == pytest.approx(
        sum(path.stat().st_size for path in release), rel=WITHIN
    )
    assert len(stages) + len(release) <= planned.files


def test_counted_sentences_take_room_meanwhile(recipe, tmp_path, monkeypatch):
    """Two files of each shard more, and the hashes of all sentences until they are counted."""
    recipe = recipe.model_copy(update={"across": Across()})
    planned = costs(recipe, preview(recipe, rows=TEXTS // 10, workers=2))
    without = costs(recipe.model_copy(update={"across": None}), preview(recipe, rows=TEXTS // 10))
    sizes = []
    counted = across._counted  # noqa: SLF001 - called when all hashes lie there

    def counting(paths, *given, **named):
        sizes.append(sum(path.stat().st_size for path in paths))
        return counted(paths, *given, **named)

    monkeypatch.setattr(across, "_counted", counting)
    run(recipe, tmp_path / "out")
    assert planned.counted_bytes == pytest.approx(sum(sizes), rel=WITHIN)
    assert planned.disk_bytes >= planned.stage_bytes + planned.release_bytes + sum(sizes) // 2
    assert planned.files > without.files
    assert len(list((tmp_path / "out/stages/across").glob("[0-9]*"))) <= (
        planned.files - without.files
    )


def test_money_is_paid_for_cores_that_wait_as_well():
    """Four workers for half an hour, at 10 a core-hour, are 20, however busy they were."""
    found = Costs(
        workers=4,
        documents=1,
        text_bytes=1,
        core_seconds={"measure": 3600.0},
        wall_seconds=1800.0,
        memory_bytes=1,
        stage_bytes=100,
        release_bytes=50,
        kept_releases=2,
        files=1,
        counted_bytes=0,
        exact=True,
    )
    assert 1.0 == found.core_hours
    assert 20.0 == found.price(10)
    assert 200 == found.disk_bytes


@pytest.mark.usefixtures("recipe")
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_command_says_it_in_both_languages_and_as_data(tmp_path, capsys, language):
    """Every line has its words, and JSON has the numbers."""
    file = tmp_path / "recipe.yaml"
    file.write_text(
        "recipe: planned\nsource:\n  - name: crawl\n"
        f"    files: [{tmp_path}/in]\nlimits: {{text.length_count: {{min: 5}}}}\n"
    )
    words = ["plan", str(file), "--workers", "8", "--price", "12.5", "--lang", language]
    assert 0 == main(words)
    said = capsys.readouterr().out
    assert "600" in said
    assert ("core-hours" in said) == (language == "en")
    assert 0 == main([*words, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert (8, TEXTS) == (told["workers"], told["documents"])
    assert told["price"] == pytest.approx(
        told["wall_seconds"] / 3600 * 8 * 12.5, abs=8 * 12.5 / 3600
    )
    assert not (tmp_path / "out").exists()
