"""A template is rejected for its other fillings, and all else as if it were alone."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from seimai.pipeline import across, shard, stored_numbers
from seimai.pipeline.api import judge
from seimai.pipeline.cli.explaining import explained_lines
from seimai.pipeline.cli.look import write_report
from seimai.pipeline.cli.manner import Manner
from seimai.pipeline.engine.forgetting.forget import forget
from seimai.pipeline.engine.judging.across import COUNTING
from seimai.pipeline.engine.run import run
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.inspect.explain import explain, explain_text
from seimai.pipeline.inspect.stored import load_stored, measured_in
from seimai.pipeline.recipe import parse_recipe
from seimai.pipeline.signal import load

TOWNS = ["新宿", "渋谷", "川崎", "所沢", "高崎", "前橋", "水戸", "仙台", "盛岡", "青森"]
OWN = (
    "祖母は朝いちばんに井戸の水をくみ、縁側でゆっくりと茶を飲んでいた。",
    "川の音が近くなると、犬はいつも先に立って橋のほうへ駆けていった。",
    "雨の日には納屋の二階で、古い雑誌をめくりながら夕方まで過ごした。",
)
RECIPE = """
recipe: templates
source: [{name: in, files: in*.jsonl}]
limits: {across.template_share: {max: 0.5}}
dedup: {similarity: 0.9}
across: {texts: 4}
release: {signals: [across.repeated_share]}
"""


def filled(town: str, number: int) -> str:
    """A page of a doorway: one template with a town, a shop and a price in it."""
    return (
        f"{town}でお部屋の片づけをまかせるなら、{town}本店の職人にぜひご相談ください。"
        f"{town}駅からは歩いて{number}分ほどで、お見積もりはいつでも無料でいたします。"
        f"料金は{number}万円からとなっておりますので、ほかの店とくらべてみてください。"
    )


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with ten fillings of a template and three texts of an author."""
    monkeypatch.chdir(tmp_path)
    rows = [{"id": town, "text": filled(town, k)} for k, town in enumerate(TOWNS)]
    rows += [{"id": f"own{k}", "text": text} for k, text in enumerate(OWN)]
    for name, part in (("in1", rows[:7]), ("in2", rows[7:])):
        lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in part)
        Path(f"{name}.jsonl").write_text(lines, "utf-8")
    return tmp_path


def read(text):
    """A recipe, checked with all that its sections name."""
    return parse_recipe(text, signals=load())


def shown(found) -> str:
    """What `explain` prints of a text."""
    return "\n".join(explained_lines(found, every=False))


def released(out: Path, kind: str) -> list[dict]:
    """The rows of a part of a release."""
    return [
        row
        for path in sorted((out / "release" / kind).iterdir())
        for row in pq.read_table(path).to_pylist()
    ]


def test_fillings_of_a_template_are_rejected_for_it(folder):
    """All fillings go with the signal as their reason, texts of an author stay with its column."""
    run(read(RECIPE), folder / "out")

    rejected = released(folder / "out", "rejected")
    assert set(TOWNS) == {row["id"] for row in rejected}
    assert {(across.TEMPLATE,)} == {tuple(row["reasons"]) for row in rejected}
    kept = released(folder / "out", "data")
    assert {"own0": 0, "own1": 0, "own2": 0} == {row["id"]: row[across.REPEATED] for row in kept}
    assert not (folder / "out/stages" / COUNTING).exists()


def test_explain_names_the_sentences(folder):
    """A text of the run is explained with the sentences that others have filled in otherwise."""
    run(read(RECIPE), folder / "out")

    row = explain(folder / "out", "所沢").rows[0]
    assert (across.TEMPLATE, "fails", 1.0) == (row.signal, row.outcome, row.value)
    assert {filled("所沢", 3)[:30]} <= set(row.where)


def test_a_report_reads_what_texts_share_once(folder, monkeypatch):
    """However many cards show a template, what the texts share is read for all of them."""
    run(read(RECIPE), folder / "out")
    (folder / "out/stages/highlights.json").unlink(missing_ok=True)
    asked = []
    original = stored_numbers.read_shared
    monkeypatch.setattr(stored_numbers, "read_shared", lambda job: asked.append(1) or original(job))

    write_report(folder / "out", Manner(quiet=True))

    assert [1] == asked


def test_a_text_alone_is_not_held_to_it():
    """Of one text nobody knows what others have: the limit is unmeasured and rejects nothing."""
    found = explain_text(read(RECIPE), filled("所沢", 3))
    assert found.kept
    assert "unmeasured" == found.rows[0].outcome
    assert (across.TEMPLATE,) == found.of_run
    assert f"not measured, as it needs the other texts of a run: {across.TEMPLATE}" in shown(found)
    assert [True] == judge([filled("所沢", 3)], read(RECIPE))["kept"].to_pylist()


def test_words_of_a_text_alone_are_asked_whatever_others_have():
    """Where `tokens: where` looks at the run, the words of one text are asked without it."""
    recipe = read(
        "recipe: words\nacross: {texts: 4}\nlimits: {word.noun_share: {max: 0.0}}\n"
        "tokens: {where: {across.template_share: {max: 0.5}}}\n"
        "source: [{name: in, files: in*.jsonl}]\n"
    )

    assert [["word.noun_share"]] == judge([OWN[0]], recipe)["reasons"].to_pylist()
    assert ("word.noun_share",) == explain_text(recipe, OWN[0]).reasons


def test_combined_limits_of_a_run_are_told_apart_from_those_on_words():
    """A combined limit that looks at the run is named for it, single or not."""
    both = (
        "together: [{name: doorway, limits: "
        "{across.repeated_share: {max: 0.5}, text.length_count: {min: 9}}}]\n"
    )
    found = explain_text(read(RECIPE + both), filled("所沢", 3))

    assert (across.TEMPLATE, "together.doorway") == found.of_run
    assert f"the other texts of a run: {across.TEMPLATE} · together.doorway" in shown(found)


def test_stored_numbers_can_be_tuned(folder):
    """`tune` and `compare` read the numbers of a run like those of any other signal."""
    run(read(RECIPE), folder / "out")

    assert across.NAMES <= set(measured_in(folder / "out"))
    stored = load_stored(folder / "out", [across.TEMPLATE])
    assert [1.0] * 10 + [0.0] * 3 == stored.numbers[across.TEMPLATE].tolist()
    assert not stored.words


def test_other_limits_count_nothing_again(folder, monkeypatch):
    """With the same texts and groups the numbers are read, not counted; a new input counts all."""
    run(read(RECIPE), folder / "out")

    from seimai.pipeline.stages import across as stage

    counted = []
    original = stage.find_shared
    monkeypatch.setattr(
        stage, "find_shared", lambda *some, **more: counted.append(1) or original(*some, **more)
    )
    content = run(read(RECIPE.replace("0.5", "1.0")), folder / "out")
    assert (13, []) == (content["counts"]["kept"], counted)

    Path("in3.jsonl").write_text(json.dumps({"id": "new", "text": filled("秋田", 30)}), "utf-8")
    content = run(read(RECIPE), folder / "out")
    assert (3, [1]) == (content["counts"]["kept"], counted)


def test_a_damaged_file_is_made_again(folder):
    """Numbers that are not those of their sidecar are counted again, to the same bytes."""
    run(read(RECIPE), folder / "out")
    path = folder / "out/stages/across/00000-000.parquet"
    before = path.read_bytes()
    path.write_bytes(before[:-20] + b"0" * 20)

    content = run(read(RECIPE.replace("0.5", "0.6")), folder / "out")

    assert (3, before) == (content["counts"]["kept"], path.read_bytes())


def test_a_run_goes_on_where_another_was_killed(folder, monkeypatch):
    """What a kill leaves of counting and of the numbers changes nothing in the next run."""
    run(read(RECIPE), folder / "out")
    want = (folder / "out/stages/across/00000-000.parquet").read_bytes()
    original = shard.write_shard

    def killed(path, *some):
        if path.stem == "00000-000" and path.parent.name == across.STAGE:
            raise KeyboardInterrupt
        return original(path, *some)

    with monkeypatch.context() as patched:
        patched.setattr(shard, "write_shard", killed)
        with pytest.raises(KeyboardInterrupt):
            run(read(RECIPE), folder / "other")
    (folder / "other/stages" / COUNTING).mkdir()
    (folder / "other/stages" / COUNTING / "whole-0.npy").write_bytes(b"half")

    content = run(read(RECIPE), folder / "other")

    assert 3 == content["counts"]["kept"]
    assert want == (folder / "other/stages/across/00000-000.parquet").read_bytes()
    assert not (folder / "other/stages" / COUNTING).exists()


def test_a_forgotten_text_is_no_evidence_any_more(folder):
    """When one of ten fillings is forgotten, nine are left, and a sentence needs nine others."""
    run(read(RECIPE.replace("texts: 4", "texts: 9")), folder / "out")
    assert 3 == len(released(folder / "out", "data"))

    forget(folder / "out", "id", "所沢", copies=False)

    assert 12 == len(released(folder / "out", "data"))


def test_numbers_of_a_dropped_section_go_with_it(folder):
    """A run without `across` leaves no numbers of the run before it for `tune` to read."""
    run(read(RECIPE), folder / "out")
    alone = "recipe: alone\nsource: [{name: in, files: in*.jsonl}]\n"
    run(read(alone), folder / "out")

    assert not across.NAMES & set(measured_in(folder / "out"))
    assert not (folder / "out/stages" / across.STAGE).exists()


def test_a_full_disk_is_said(folder, monkeypatch):
    """Where counting finds no room, the problem names the folder and what to do."""

    def full(path, rows):
        del path, rows
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(Problem) as found:
        run(read(RECIPE.replace("dedup: {similarity: 0.9}", "")), folder / "out")

    assert ("O001", "stages/across") == (found.value.code, found.value.values["path"])


def test_order_of_inputs_does_not_matter(folder):
    """The same texts in another order, in other files, have the same numbers."""
    run(read(RECIPE), folder / "out")
    lines = Path("in1.jsonl").read_text("utf-8").split("\n")
    lines += Path("in2.jsonl").read_text("utf-8").split("\n")
    Path("in2.jsonl").unlink()
    Path("in1.jsonl").write_text("\n".join(reversed(lines)), "utf-8")
    run(read(RECIPE), folder / "other")

    def values(out: Path) -> dict[str, list[float]]:
        return {row["id"]: row["values"] for row in released(out, "rejected")}

    assert values(folder / "out") == values(folder / "other")


@pytest.mark.parametrize("section", ["", "across:"])
def test_without_the_section_there_is_no_such_signal(section):
    """A limit on it without `across` is a mistake of the recipe, and the hint is the section."""
    with pytest.raises(Problems) as found:
        read(RECIPE.replace("across: {texts: 4}", section))

    assert {"R083"} == {problem.code for problem in found.value.problems}
    assert {"write `across: {texts: 5}`"} == {problem.hint for problem in found.value.problems}


def test_another_mistake_hides_no_signal_of_the_section():
    """Where a recipe is wrong elsewhere, the names that its `across` makes are no mistakes."""
    with pytest.raises(Problems) as found:
        read(RECIPE.replace("recipe: templates", "recipe: templates\nversion: none"))

    assert {"version"} == {problem.values.get("key") for problem in found.value.problems}


@pytest.mark.parametrize("wrong", ["{texts: 0}", "{texts: many}", "{share: 1}", "5"])
def test_mistakes_of_the_section_are_found(wrong):
    """A number below one, a word, a strange key and a bare number are mistakes of the recipe."""
    with pytest.raises(Problems):
        read(RECIPE.replace("{texts: 4}", wrong))
