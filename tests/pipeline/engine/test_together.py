"""Combined limits in a run: release, screen, run.json, card, report, explain, plan."""

from __future__ import annotations

import json
import re

import pytest

from seimai.pipeline.cli.explaining import explained_lines
from seimai.pipeline.engine.preview import preview
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.inspect.explain import explain, explain_text
from seimai.pipeline.inspect.verify import verify
from tests.conftest import ids, prose, recipe_of, release_digests, released

pytestmark = pytest.mark.usefixtures("english")

TOGETHER = [
    {
        "name": "thin",
        "fail": 2,
        "limits": {"ja.hiragana_share": {"min": 0.2}, "text.length_count": {"min": 100}},
    },
    {
        "name": "long_katakana",
        "where": {"text.length_count": {"min": 100}},
        "limits": {"ja.katakana_share": {"max": 0.5}},
    },
]
RECORDS = [
    *({"id": f"good{k}", "text": prose(k)} for k in range(6)),
    {"id": "short", "text": "雨の日に、祖母は小さな鍵を見つけました。"},
    {"id": "thin", "text": "カタカナダケノブン" * 4},
    {"id": "katakana", "text": "カタカナダケノブン" * 40},
]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run with combined limits only: its recipe and its folder."""
    folder = tmp_path_factory.mktemp("together")
    lines = "\n".join(json.dumps(record) for record in RECORDS)
    (folder / "in.jsonl").write_text(lines, "utf-8")
    recipe = recipe_of(folder / "in.jsonl", together=TOGETHER)
    run(recipe, folder / "out", open_executor=in_process_executor)
    return recipe, folder / "out"


def test_the_reason_is_its_name(finished):
    """The release names the combined limit, and the value says how many of its limits failed."""
    rejected = {row["id"]: row for row in released(finished[1], "rejected")}

    assert {"thin", "katakana"} == set(rejected)
    assert (["together.thin"], [2.0]) == (rejected["thin"]["reasons"], rejected["thin"]["values"])
    assert ["together.long_katakana"] == rejected["katakana"]["reasons"]
    assert [1.0] == rejected["katakana"]["values"]
    assert "short" in ids(finished[1])


def test_everything_tells_of_it(finished):
    """Run.json, card, croissant and report count and describe combined limits; verify is fine."""
    release = finished[1] / "release"
    content = json.loads((release / "run.json").read_text("utf-8"))
    said = "all 2 outside: ja.hiragana_share ≥ 0.2 · text.length_count ≥ 100"

    assert [("together.thin", 1, 1), ("together.long_katakana", 1, 1)] == [
        (row["reason"], row["texts"], row["alone"]) for row in content["reasons"]
    ]
    assert said in (release / "README.md").read_text("utf-8")
    assert "`ja.katakana_share` v" in (release / "README.md").read_text("utf-8")
    assert said in (release / "croissant.json").read_text("utf-8")
    page = (release / "report.html").read_text("utf-8")
    assert said in page
    assert 'id="signal-together.thin"' in page
    assert '<a href="#signal-together.thin">' in page
    # Of the six stories none fails anything, one text is short, one is short and without hiragana.
    line = page.partition('<li id="signal-together.thin">')[2].partition("</li>")[0]
    assert "Asked of 9 texts" in line
    assert [f"{many}: {texts}" for many, texts in enumerate((6, 2, 1))] == re.findall(
        r'lang="en">(\d: \d+)<', line
    )
    # Its parts are drawn: the histogram of a signal that only a combined limit looks at.
    figure = page.partition('<figure id="signal-ja.katakana_share">')[2].partition("</figure>")[0]
    assert "≤ 0.5" in figure
    assert "together.long_katakana" in figure
    assert not [row for row in verify(finished[1]) if row.state == "fail"]


def test_explain_shows_each_part(finished):
    """Each limit inside stands with its number and whether it failed, and what would help."""
    found = explain(finished[1], "thin")
    thin, katakana = found.together

    assert ("fails", 2, 2) == (thin.outcome, thin.failing, thin.least)
    assert ["fails", "fails"] == [row.outcome for row in thin.limits]
    assert "unasked" == katakana.outcome
    assert ["fails"] == [row.outcome for row in katakana.where]
    lines = "\n".join(explained_lines(found, every=False))
    assert (
        "would be kept if  (together.thin: ja.hiragana_share ≥ 0 or text.length_count ≥ 36)"
        in lines
    )
    assert "long_katakana" not in lines
    assert "long_katakana" in "\n".join(explained_lines(found, every=True))


def test_explain_takes_a_text_from_outside(finished):
    """A text that belongs to no run is held against combined limits as well."""
    found = explain_text(finished[0], "カタカナダケノブン" * 40)

    assert ("together.long_katakana",) == found.reasons
    assert "ok" == found.together[0].outcome
    assert 1 == found.choices[0].count


def test_the_plan_says_what_changed(finished):
    """A combined limit that differs from the release is named with what it was and is."""
    changed = [{**TOGETHER[0], "fail": 1}, TOGETHER[1]]
    recipe, out = finished
    rows = preview(
        recipe.model_copy(update={"together": recipe_of("x", together=changed).together}), out
    )
    why = {row["stage"]: row["why"] for row in rows}

    assert "limit together.thin all 2 outside: " in why["judge"]
    assert "→ at least 1 of 2 outside: " in why["judge"]
    assert "long_katakana" not in why["judge"]


def test_the_screen_does_not_show(tmp_path, write_lines, own_signals, curate):
    """A combined limit with a word signal is judged with the words: same bytes without screen."""
    records = [{"id": f"g{k}", "text": prose(k, 3 + k % 7)} for k in range(24)]
    records += [{"id": f"h{k}", "text": prose(k, 3 + k % 7) + "以上。"} for k in range(12)]
    together = [
        {
            "name": "small",
            "limits": {"test.word_count": {"max": 150}, "text.length_count": {"max": 300}},
        },
        {
            "name": "large",
            "where": {"test.word_count": {"min": 220}},
            "limits": {"text.length_count": {"max": 100}},
        },
    ]
    recipe = recipe_of(
        write_lines(tmp_path / "in.jsonl", records),
        limits={"ja.hiragana_share": {"min": 0.3}},
        together=together,
        dedup={},
    )
    counts = [
        curate(recipe, tmp_path / name, filters=[own_signals], screen=screen)["reasons"]
        for name, screen in (("on", True), ("off", False))
    ]

    assert counts[0] == counts[1]
    assert all(row["texts"] for row in counts[0] if row["reason"].startswith("together."))
    assert release_digests(tmp_path / "on") == release_digests(tmp_path / "off")


def test_a_changed_combined_limit_measures_nothing_again(tmp_path, write_lines, curate):
    """With another combined limit only verdicts and release are made anew."""
    source = write_lines(tmp_path / "in.jsonl", RECORDS)
    out = tmp_path / "out"
    curate(recipe_of(source, together=TOGETHER), out)
    before = {path: path.stat().st_mtime_ns for path in (out / "stages/signals").iterdir()}
    curate(recipe_of(source, together=[{**TOGETHER[0], "fail": 1}]), out)

    assert before == {path: path.stat().st_mtime_ns for path in (out / "stages/signals").iterdir()}
    assert {"short", "thin", "katakana"} == set(ids(out, "rejected"))
