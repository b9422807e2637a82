"""
Releases with planted faults, and what `verify` says of them.

After most plants everything mechanical is made right again (digests, sums, row counts, card): what
is found then is found in what the rows say.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from seimai.pipeline.card import write_card
from seimai.pipeline.engine.run import in_process_executor, run
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import Recipe
from seimai.pipeline.stages.publish import write_sums
from tests.conftest import prose

LIMITS = {
    "text.length_count": {"min": 60},
    "ja.hiragana_share": {"min": 0.1},
    "text.hangul_share": {"max": 0.1},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A release with everything in it: kept, rejected for each limit, duplicates, quarantine."""
    folder = tmp_path_factory.mktemp("planted")
    texts = [{"id": f"k{k}", "text": prose(k)} for k in range(30)]
    texts += [{"id": f"d{k}", "text": prose(k)} for k in range(3)]
    texts += [{"id": f"n{k}", "text": prose(k + 3) + "\n追記。"} for k in range(3)]
    texts += [{"id": "short", "text": "短い"}, {"id": "kanji", "text": "漢字" * 60}]
    texts += [{"id": "hangul", "text": "안녕하세요" * 20}]
    lines = [*(json.dumps(one) for one in texts), "broken", '{"x": 1}']
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    recipe = Recipe.model_validate(
        {
            "recipe": "test",
            "source": [
                {"name": "crawl", "files": [str(folder / "in.jsonl")], "license": "CC0-1.0"}
            ],
            "clean": ["personal"],
            "limits": LIMITS,
            "dedup": {},
            "release": {"signals": ["text.length_count"]},
        }
    )
    result = run(recipe, folder / "out", open_executor=in_process_executor)

    assert 6 == result["counts"]["duplicates"]
    return folder / "out/release"


@pytest.fixture
def release(whole, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(whole, tmp_path / "release")
    return tmp_path / "release"


def findings(release: Path) -> list[str]:
    """What `verify` finds wrong."""
    return [check.message for check in verify(release) if check.state == "fail"]


def _run(release: Path) -> dict[str, Any]:
    return json.loads((release / "run.json").read_bytes())


def reseal(release: Path, content: dict[str, Any]) -> None:
    """Make digests, sizes, row counts, card and sums of a spoilt release right again."""
    for file in content["outputs"]:
        data = (release / file["path"]).read_bytes()
        file["bytes"], file["sha256"] = len(data), hashlib.sha256(data).hexdigest()
        file["rows"] = pq.read_metadata(release / file["path"]).num_rows
    for kind, count in (("data", "kept"), ("rejected", "rejected"), ("quarantine", "quarantined")):
        rows = (one["rows"] for one in content["outputs"] if one["path"].startswith(kind))
        content["counts"][count] = sum(rows)
    counts = content["counts"]
    counts["read"] = counts["kept"] + counts["rejected"] + counts["quarantined"]
    (release / "run.json").write_text(json.dumps(content), "utf-8")
    write_card(content, release)
    write_sums(release, content)


def test_a_whole_release_has_no_faults(release):
    """Nothing is found in what a run wrote, sealed again or not."""
    assert [] == findings(release)

    reseal(release, _run(release))

    assert [] == findings(release)


# --- figures ----------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], Any]

FIGURES: dict[str, Change] = {
    "characters.kept": lambda run: run["characters"].update(kept=run["characters"]["kept"] + 1),
    "characters.read": lambda run: run["characters"].update(read=run["characters"]["read"] + 1),
    "bytes.kept": lambda run: run["bytes"].update(kept=1),
    "bytes.read": lambda run: run["bytes"].update(read=10**9),
    "sources": lambda run: run["sources"]["crawl"].update(kept=29),
    "another source": lambda run: run["sources"].update(
        other={"read": 1, "kept": 1, "rejected": 0, "duplicates": 0}
    ),
    "duplicates": lambda run: run["counts"].update(duplicates=5),
    "reasons": lambda run: run["reasons"][0].update(texts=9),
    "first reasons": lambda run: run["reasons"][1].update(first=9),
    "reasons alone": lambda run: run["reasons"][-1].update(alone=0),
    "a reason left out": lambda run: run["reasons"].pop(0),
    "causes": lambda run: run["quarantine_causes"].update(json=7),
    "a cause left out": lambda run: run["quarantine_causes"].pop("json"),
    "limits": lambda run: run["recipe_resolved"]["limits"].update(
        {"text.length_count": {"min": 300}}
    ),
    "a limit left out": lambda run: run["recipe_resolved"]["limits"].pop("text.hangul_share"),
    "similarity": lambda run: run["recipe_resolved"]["dedup"].update(similarity=0.999),
    "clean": lambda run: run.update(ids_twice=3),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_that_was_edited(release, name):
    """Every figure that rows can tell is counted again."""
    content = _run(release)
    FIGURES[name](content)
    reseal(release, content)

    assert findings(release)


@pytest.mark.parametrize("name", ["README.md", "croissant.json", "report.html", "run.json"])
@pytest.mark.parametrize("deed", ["edited", "gone", "replaced"])
def test_a_page_that_was_touched(release, name, deed):
    """A changed page, or a changed run.json, no longer matches SHA256SUMS."""
    path = release / name
    if deed == "gone":
        path.unlink()
    elif deed == "replaced":
        path.write_text("{}", "utf-8")
    else:
        path.write_bytes(path.read_bytes().replace(b"30", b"31") + b" ")
    if name == "run.json" and deed != "edited":
        from seimai.pipeline.errors import Problem

        with pytest.raises(Problem, match="finished run"):
            verify(release)
        return

    assert findings(release)


@pytest.mark.parametrize("page", ["README.md", "croissant.json"])
def test_a_number_in_the_card(release, page):
    """The card is written again from run.json and compared, even where the sums are right."""
    path = release / page
    text = path.read_text("utf-8")

    assert "30" in text

    path.write_text(text[::-1].replace("03", "13", 1)[::-1], "utf-8")
    write_sums(release, _run(release))

    assert findings(release)


def test_no_sums(release):
    """A release without SHA256SUMS is not whole."""
    (release / "SHA256SUMS").unlink()

    assert findings(release)


@pytest.mark.parametrize("name", ["notes.txt", "data/more.parquet", "other/x", "train.parquet"])
def test_strangers(release, name):
    """Whatever a run did not write is named, beside the known folders too."""
    (release / name).parent.mkdir(exist_ok=True)
    (release / name).write_bytes(b"x")

    assert any(name in one for one in findings(release))


# --- rows -------------------------------------------------------------------------------------


def _edit(release: Path, kind: str, change: Callable[[pa.Table], pa.Table]) -> None:
    path = next((release / kind).glob("*.parquet"))
    pq.write_table(change(pq.read_table(path)), path)
    reseal(release, _run(release))


def _set(table: pa.Table, row: int, **values: Any) -> pa.Table:
    """The table with other values in one row; a negative row counts from the end."""
    for name, value in values.items():
        column = table.column(name).to_pylist()
        column[row] = value
        place = table.schema.get_field_index(name)
        field = table.schema.field(name)
        table = table.set_column(place, field, pa.array(column, field.type))
    return table


def _row(table: pa.Table, reason: str) -> int:
    return [reason in reasons for reasons in table.column("reasons").to_pylist()].index(True)


def _at(reason: str, **values: Any) -> Callable[[pa.Table], pa.Table]:
    return lambda table: _set(table, _row(table, reason), **values)


SHORT = "text.length_count"

REJECTED: dict[str, Callable[[pa.Table], pa.Table]] = {
    "no reasons": _at(SHORT, reasons=[], first_reason=None, values=[]),
    "null reasons": _at(SHORT, reasons=None),
    "a reason that no limit has": _at(SHORT, reasons=["ja.nothing_share"]),
    "a reason more": _at("dedup", reasons=[SHORT, "dedup"], values=[1.0, 1.0], first_reason=SHORT),
    "a reason left out": _at("text.hangul_share", reasons=["dedup"], first_reason="dedup"),
    "another order": _at(
        "text.hangul_share", reasons=["text.hangul_share", "ja.hiragana_share"],
        first_reason="text.hangul_share",
    ),
    "first_reason": _at(SHORT, first_reason="dedup"),
    "no first_reason": _at(SHORT, first_reason=None),
    "values too short": _at("text.hangul_share", values=[0.0]),
    "values too long": _at(SHORT, values=[2.0, 3.0]),
    "no values": _at(SHORT, values=None),
    "a value within the limit": _at(SHORT, values=[60.0]),
    "a keeper of a text that is no duplicate": _at(SHORT, duplicate_of="k1"),
    "no keeper": _at("dedup", duplicate_of=None),
    "a keeper that is nowhere": _at("dedup", duplicate_of="nobody"),
    "a keeper that is rejected": _at("dedup", duplicate_of="short"),
    "a keeper that is not similar": _at("dedup", duplicate_of="k29"),
    "no similarity": _at("dedup", similarity=None),
    "too low a similarity": _at("dedup", similarity=0.3),
    "too high a similarity": _at("dedup", similarity=1.5),
    "another similarity": lambda table: _set(table, -1, text="短"),
    "null id": lambda table: _set(table, 0, id=None),
    "null text": lambda table: _set(table, 0, text=None),
    "an id that is kept": lambda table: _set(table, 0, id="k5"),
    "another source": lambda table: _set(table, 0, source="other"),
    "an address": lambda table: _set(table, 0, text=table["text"][0].as_py() + "a@example.jp"),
    "another text": _at(SHORT, text=prose(77)),
    "a row less": lambda table: table.slice(1),
    "a column less": lambda table: table.drop_columns(["values"]),
    "a column of another type": lambda table: table.set_column(
        table.schema.get_field_index("similarity"), "similarity",
        pc.cast(table["similarity"], pa.string()),
    ),
}  # fmt: skip

KEPT: dict[str, Callable[[pa.Table], pa.Table]] = {
    "null id": lambda table: _set(table, 0, id=None),
    "null text": lambda table: _set(table, 0, text=None),
    "empty text": lambda table: _set(table, 0, text=""),
    "null source": lambda table: _set(table, 0, source=None),
    "another source": lambda table: _set(table, 0, source="other"),
    "an id twice": lambda table: _set(table, 0, id="k5"),
    "a text twice": lambda table: _set(table, 0, text=table["text"][4].as_py()),
    "a text that fails a limit": lambda table: _set(table, 0, text="漢" * 200),
    "a number that fails a limit": lambda table: _set(table, 0, **{SHORT: 3.0}),
    "an address": lambda table: _set(table, 0, text=table["text"][0].as_py() + " a@example.jp"),
    "a telephone number": lambda table: _set(
        table, 0, text=table["text"][0].as_py() + "\n電話 03-1234-5678"
    ),
    "a row less": lambda table: table.slice(1),
    "a row twice": lambda table: pa.concat_tables([table, table.slice(0, 1)]),
    "a column less": lambda table: table.drop_columns(["license"]),
    "a column of another name": lambda table: table.rename_columns(
        ["dedup_groups" if name == "dedup_group_size" else name for name in table.column_names]
    ),
}


@pytest.mark.parametrize("kind", ["data", "rejected", "quarantine"])
def test_a_file_that_was_written_again(release, kind):
    """The same rows, written by another program and sealed again, are the same release."""
    _edit(release, kind, lambda table: table)

    assert [] == findings(release)


@pytest.mark.parametrize("name", REJECTED)
def test_a_rejected_row_that_was_changed(release, name):
    """What a rejected text says of itself is held against the recipe, the kept, and itself."""
    _edit(release, "rejected", REJECTED[name])

    assert findings(release)


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_row_that_was_changed(release, name):
    """A kept text passes the limits, is there once, and holds no personal data."""
    _edit(release, "data", KEPT[name])

    assert findings(release)


@pytest.mark.parametrize("reason", [SHORT, "ja.hiragana_share", "text.hangul_share", "dedup"])
def test_a_rejected_text_among_the_kept(release, reason):
    """A text that was moved over is found, whatever it was rejected for."""
    path = next((release / "rejected").glob("*.parquet"))
    table = pq.read_table(path)
    row = _row(table, reason)
    moved = table.slice(row, 1)
    pq.write_table(pa.concat_tables([table.slice(0, row), table.slice(row + 1)]), path)
    length = pc.cast(pc.utf8_length(moved["text"]), pa.float32())

    def add(kept: pa.Table) -> pa.Table:
        columns = {name: moved[name] for name in kept.column_names if name in moved.column_names}
        columns |= {SHORT: length, "dedup_group_size": pa.array([1], pa.int64())}
        more = pa.table([columns[name] for name in kept.column_names], kept.column_names)
        return pa.concat_tables([kept, more.cast(kept.schema)])

    _edit(release, "data", add)

    assert findings(release)


@pytest.mark.parametrize("change", ["cause", "row"])
def test_a_quarantined_row_that_was_changed(release, change):
    """A changed cause in quarantine no longer matches the counts of run.json."""
    _edit(
        release,
        "quarantine",
        lambda table: _set(table, 0, cause="bomb") if change == "cause" else table.slice(1),
    )

    assert findings(release)


def test_every_finding_is_shown_though_one_look_stumbles(release):
    """A null id is a finding, and not the end of the others."""
    _edit(release, "data", lambda table: _set(_set(table, 0, id=None), 1, text=""))
    found = " ".join(findings(release))

    assert "without an id" in found
    assert "empty" in found


def test_ids_that_are_there_twice_are_told_by_both(tmp_path, write_lines, curate):
    """Two files that count from 0 each: the run counts them, and `verify` warns of as many."""
    for name in "ab":
        lines = [{"id": str(k), "text": prose(k + 50 * ord(name))} for k in range(6)]
        write_lines(tmp_path / f"in/{name}.jsonl", lines)
    recipe = Recipe.model_validate(
        {"recipe": "test", "source": [{"name": "crawl", "files": [str(tmp_path / "in")]}]}
    )
    result = curate(recipe, tmp_path / "out")
    told = [check for check in verify(tmp_path / "out") if check.state == "warn"]

    assert 6 == result["ids_twice"]
    assert 6 in [check.data.get("count") for check in told]


# --- combined limits and words ----------------------------------------------------------------

WORDS_AND_MORE = {
    "limits": {"text.length_count": {"min": 20}, "word.particle_share": {"min": 0.05}},
    "together": [
        {
            "name": "thin",
            "fail": 2,
            "limits": {"ja.hiragana_share": {"min": 0.2}, "ja.kanji_share": {"max": 0.9}},
        },
        {
            "name": "wordless",
            "fail": 1,
            "limits": {"word.verb_share": {"min": 0.01}},
            "where": {"text.length_count": {"max": 100}},
        },
    ],
}


@pytest.fixture(scope="module")
def combined(tmp_path_factory):
    """A release with texts that fail a word limit, a combined limit, and one that asks words."""
    folder = tmp_path_factory.mktemp("combined")
    texts = [{"id": f"k{k}", "text": prose(k)} for k in range(20)]
    texts += [{"id": "kanji", "text": "漢字" * 60}, {"id": "list", "text": "米、麦、粟、豆、" * 12}]
    texts += [{"id": "names", "text": "東の山。西の川。南の海。北の森。春の花。" * 2}]
    lines = [json.dumps(one) for one in texts]
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    source = [{"name": "crawl", "files": [str(folder / "in.jsonl")]}]
    recipe = Recipe.model_validate({"recipe": "test", "source": source, **WORDS_AND_MORE})
    result = run(recipe, folder / "out", open_executor=in_process_executor)
    found = {one["reason"] for one in result["reasons"] if one["texts"]}

    assert {"word.particle_share", "together.thin", "together.wordless"} <= found
    return folder / "out/release"


@pytest.fixture
def asking_words(combined, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(combined, tmp_path / "release")
    return tmp_path / "release"


def test_combined_limits_hold(asking_words):
    """Nothing is found where texts of a sample are measured again and limits are combined."""
    assert [] == findings(asking_words)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (("limits", "word.particle_share"), {"min": 0.9}),
        (("together", 0, "limits"), {"ja.hiragana_share": {"min": 0.9}}),
        (("together", 1), {"name": "wordless", "limits": {"word.verb_share": {"min": 0.9}}}),
    ],
)
def test_a_combined_or_word_limit_that_was_edited(asking_words, path, limit):
    """Texts that the limits of run.json would have judged otherwise are found."""
    content = _run(asking_words)
    inner = content["recipe_resolved"]
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = limit
    if path[:2] == ("together", 0):
        content["recipe_resolved"]["together"][0]["fail"] = 1
    reseal(asking_words, content)

    assert findings(asking_words)


@pytest.mark.parametrize("reason", ["word.particle_share", "together.thin", "together.wordless"])
def test_a_text_moved_to_kept_against_a_combined_or_word_limit(asking_words, reason):
    """A rejected text among the kept fails a limit when it is measured again."""
    rejected = pq.read_table(next((asking_words / "rejected").iterdir()))
    row = _row(rejected, reason)
    moved = rejected.slice(row, 1)
    rest = pa.concat_tables([rejected.slice(0, row), rejected.slice(row + 1)])
    pq.write_table(rest, next((asking_words / "rejected").iterdir()))
    path = next((asking_words / "data").iterdir())
    kept = pq.read_table(path)
    columns = [
        moved.column(name)
        if name in moved.schema.names
        else pa.array([1], kept.schema.field(name).type)
        for name in kept.schema.names
    ]
    pq.write_table(pa.concat_tables([kept, pa.table(columns, schema=kept.schema)]), path)
    reseal(asking_words, _run(asking_words))

    assert any("limit" in one for one in findings(asking_words))
