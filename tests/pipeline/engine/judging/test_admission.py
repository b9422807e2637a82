"""What may not go in is rejected with its reason, counted, named in a ledger, and disclosed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seimai.pipeline.card.disclosure import FORMS, draft_faults, open_questions, write_drafts
from seimai.pipeline.engine.judging.admission import LEDGER_PATH
from seimai.pipeline.engine.run import run
from seimai.pipeline.errors import Problems
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.messages import MESSAGES
from seimai.pipeline.recipe import parse_recipe
from seimai.pipeline.signal import load

QUESTION = "囲炉裏の灰に埋めて焼く芋を何と呼ぶか？"
BASE = "谷の村では朝が遅い。昼すぎには川霧も晴れて、人々は畑に出る。"
TEXTS = [
    {"id": "plain", "text": BASE, "url": "https://a.example.jp/1", "license": "CC BY 4.0"},
    {"id": "copy", "text": BASE + QUESTION + BASE, "license": "CC BY 4.0"},
    {"id": "listed", "text": BASE + "一", "url": "http://x.例え.jp/", "license": "CC BY 4.0"},
    {"id": "refused", "text": BASE + "二", "robots": "noai", "license": "CC BY 4.0"},
    {"id": "closed", "text": BASE + "三", "license": "CC BY-NC 4.0", "date": "2024-05-06"},
]
REASONS = {
    "copy": ["contamination.made_count"],
    "listed": ["list.blocked_count"],
    "refused": ["optout.any_count"],
    "closed": ["license.allowed_count"],
}
RECIPE = """
recipe: admitted
source: [{name: in, files: in.jsonl}]
contamination: [{name: made, files: made.jsonl}]
lists: [{name: blocked, files: blocked.txt}]
optout: reject
licenses: {allow: [CC-BY-*]}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """A folder with a few texts, a benchmark of one item, and a list of one host."""
    monkeypatch.chdir(tmp_path)
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in TEXTS)
    Path("in.jsonl").write_text(lines, "utf-8")
    Path("made.jsonl").write_text(json.dumps({"id": "q", "question": QUESTION}), "utf-8")
    Path("blocked.txt").write_text("xn--r8jz45g.jp\n", "utf-8")
    return tmp_path


def read(text):
    """A recipe, checked with all that its sections name."""
    return parse_recipe(text, signals=load())


def test_each_section_rejects_what_it_is_about(folder):
    """A copy, a listed host, a refusal and another licence are each the only reason of a text."""
    content = run(read(RECIPE), folder / "out")

    rows = pq.read_table(next((folder / "out/release/rejected").iterdir())).to_pylist()
    assert REASONS == {row["id"]: row["reasons"] for row in rows}
    assert content["counts"]["kept"] == 1
    assert {"texts": 1, "kept": 0} == content["provenance"]["optout"]["meta"]
    assert {"blocked": {"texts": 1, "kept": 0}} == content["provenance"]["lists"]
    assert {"in": {"from": "2024-05-06", "to": "2024-05-06"}} == content["provenance"]["spans"]


def test_the_ledger_names_every_copy(folder):
    """Benchmark, item, text and place of a copy stand in a file of the release."""
    content = run(read(RECIPE), folder / "out")

    (row,) = pq.read_table(folder / "out/release" / LEDGER_PATH).to_pylist()
    (told,) = content["benchmarks"]
    assert ("made", "q", "copy", False) == (row["benchmark"], row["item"], row["id"], row["kept"])
    assert QUESTION.rstrip("？") == TEXTS[1]["text"][row["begin"] : row["end"]]
    assert (1, 1, 0) == (told["items_found"], told["texts"], told["kept"])


def test_reports_change_no_verdict(folder):
    """`report` counts the same and rejects nothing."""
    text = RECIPE.replace("optout: reject", "optout: report").replace("licenses:", "# ")
    text = text.replace("made.jsonl", "made.jsonl, action: report")
    text = text.replace("blocked.txt", "blocked.txt, action: report")

    content = run(read(text), folder / "out")

    assert content["counts"]["kept"] == len(TEXTS)
    assert content["benchmarks"][0]["kept"] == 1
    assert content["provenance"]["optout"]["any"] == {"texts": 1, "kept": 1}


def test_an_allow_list_rejects_what_is_not_on_it(folder):
    """Only texts of listed hosts stay; one without an address is on no list."""
    text = RECIPE.partition("contamination")[0] + (
        "lists: [{name: good, files: blocked.txt, action: allow}]\n"
    )

    content = run(read(text), folder / "out")

    assert content["counts"]["kept"] == 1


def test_another_benchmark_is_looked_for_again(folder):
    """The content of its file decides the numbers: texts already measured are measured again."""
    run(read(RECIPE), folder / "out")
    item = {"id": "r", "question": "昼すぎに川霧が晴れると人々は畑に出るか"}
    Path("made.jsonl").write_text(json.dumps(item, ensure_ascii=False), "utf-8")

    content = run(read(RECIPE), folder / "out")

    assert content["benchmarks"][0]["texts"] == 0


def test_figures_are_counted_again(folder):
    """`verify` finds a figure about provenance or benchmarks that rows do not give."""
    run(read(RECIPE), folder / "out")
    path = folder / "out/release/run.json"
    content = json.loads(path.read_bytes())
    content["benchmarks"][0]["texts"] = 2
    content["provenance"]["licenses"][0]["kept"] += 1
    path.write_text(json.dumps(content), "utf-8")

    found = {check.data.get("figure") for check in verify(folder / "out")}

    assert {"benchmarks.made", "provenance.licenses"} <= found


def test_a_fresh_release_holds(folder):
    """Nothing is at fault after a run, drafts included; a figure changed in a draft is."""
    content = run(read(RECIPE), folder / "out")
    drafts = write_drafts(content, folder / "out/disclosure")

    assert [] == [check for check in verify(folder / "out") if check.state == "fail"]
    assert all(open_questions(one) for one in drafts.values())

    path = folder / "out/disclosure/eu-summary.json"
    text = path.read_text("utf-8").replace('"counts.kept": 1', '"counts.kept": 7')
    path.write_text(text, "utf-8")
    assert ["eu-summary: counts.kept"] == draft_faults(content, folder / "out/disclosure")


def test_every_question_of_a_form_has_its_words():
    """Forms, parts and questions are there in both languages."""
    for form, parts in FORMS.items():
        assert f"form.{form}" in MESSAGES
        for part, names in parts.items():
            assert f"part.{part}" in MESSAGES
            assert all(f"ask.{name}" in MESSAGES for name in names)


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ("contamination: [{name: x, files: none.jsonl}]", "C003"),
        ("contamination: [{name: X, files: made.jsonl}]", "R092"),
        ("contamination: [{name: x, files: blocked.txt}]", "C001"),
        ("lists: [{name: x, files: none.txt}]", "C004"),
        ("optout: never", "R016"),
    ],
)
def test_mistakes_are_told_before_a_run(folder, section, code):
    """Files that are not there, names that cannot be, and files that are no benchmark."""
    del folder
    with pytest.raises(Problems) as caught:
        read(f"recipe: x\nsource: [{{name: in, files: in.jsonl}}]\n{section}\n")

    assert code in [problem.code for problem in caught.value.problems]
