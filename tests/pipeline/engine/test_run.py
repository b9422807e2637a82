"""The whole journey: nothing is lost, and nothing but input and recipe decides the bytes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seimai.pipeline import shard
from seimai.pipeline.engine.preview import preview
from seimai.pipeline.engine.run import run
from seimai.pipeline.errors import Problem, Problems
from tests.conftest import ids, prose, recipe_of, release_digests, released

CHARACTERS = {"text.length_count": {"min": 60}, "ja.hiragana_share": {"min": 0.2}}


@pytest.fixture
def corpus(tmp_path: Path, write_lines: Any) -> Path:
    """Three files of three kinds: good texts, short ones, duplicates, broken records."""
    folder = tmp_path / "corpus"
    write_lines(
        folder / "a.jsonl",
        [
            *({"id": f"a{k}", "text": prose(k)} for k in range(20)),
            '{"text": "途中で切れた',
            {"id": "short", "text": "短い。"},
            {"id": "copy", "text": prose(3)},
            {"id": "near", "text": prose(4, 30) + "ただし、この一文だけが違う。"},
            {"nothing": 1},
        ],
    )
    lines = [json.dumps({"id": f"b{k}", "text": prose(100 + k)}) for k in range(10)]
    lines.append(json.dumps({"id": "near-b", "text": prose(4, 30)}))
    (folder / "b.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0)[:-9])
    table = pa.table({"id": ["p1", "p2"], "text": [prose(200), "カタカナダケ" * 20]})
    pq.write_table(table, folder / "c.parquet")
    return folder


def test_every_record_is_kept_rejected_or_quarantined(corpus, tmp_path, curate):
    """Read = kept + rejected + quarantined, on disk as in run.json."""
    result = curate(recipe_of(corpus, limits=CHARACTERS, dedup={}), tmp_path / "out")

    counts = result["counts"]
    on_disk = {kind: len(released(tmp_path / "out", kind)) for kind in ("data", "rejected")}
    bad = released(tmp_path / "out", "quarantine")

    assert counts["read"] == counts["kept"] + counts["rejected"] + counts["quarantined"]
    assert {"data": counts["kept"], "rejected": counts["rejected"]} == on_disk
    assert counts["quarantined"] == len(bad)
    assert {"json", "no_text", "truncated"} == {row["cause"] for row in bad}
    assert {"short", "p2", "copy", "near-b"} == set(ids(tmp_path / "out", "rejected"))


def test_a_lost_row_stops_the_run(corpus, tmp_path, curate, monkeypatch):
    """Where a row is missing from a file of the release, nothing is published."""
    from seimai.pipeline.stages import release_file

    recipe, out = recipe_of(corpus, limits=CHARACTERS), tmp_path / "out"
    whole = release_file.released_rows
    monkeypatch.setattr(release_file, "released_rows", lambda *given: whole(*given).slice(1))
    with pytest.raises(Problem) as caught:
        curate(recipe, out)

    assert "S021" == caught.value.code
    assert not (out / "release").exists()
    assert not (out / ".release-new").exists()

    monkeypatch.undo()
    curate(recipe, out)

    assert (out / "release" / "run.json").exists()


def test_a_rejection_without_reason_stops_the_run(corpus, tmp_path, curate, monkeypatch):
    """A text that is neither kept nor has a reason is a lost text."""
    from seimai.pipeline.engine.judging import verdict_shards

    def forget(*given: Any) -> Any:
        reasons, values = kept_reasons(*given)
        nothing = pa.array([[]] * len(reasons), reasons.type)
        return nothing, values

    kept_reasons = verdict_shards.reasons_of
    monkeypatch.setattr(verdict_shards, "reasons_of", forget)
    with pytest.raises(Problem) as caught:
        curate(recipe_of(corpus, limits=CHARACTERS), tmp_path / "out")

    assert "S021" == caught.value.code


def test_workers_do_not_show(corpus, tmp_path, own_signals, curate):
    """One child, two children and the driver itself release the same bytes."""
    recipe = recipe_of(corpus, limits={**CHARACTERS, "test.particle_share": {"min": 0.1}}, dedup={})
    curate(recipe, tmp_path / "here", filters=[own_signals])
    run(recipe, tmp_path / "one", workers=1, filters=[own_signals])
    run(recipe, tmp_path / "two", workers=2, filters=[own_signals])

    assert release_digests(tmp_path / "here") == release_digests(tmp_path / "one")
    assert release_digests(tmp_path / "here") == release_digests(tmp_path / "two")


def test_the_order_of_patterns_does_not_show(corpus, tmp_path, curate):
    """Files named in any order, or by their folder, are the same input."""
    files = [corpus / name for name in ("a.jsonl", "b.jsonl.gz", "c.parquet")]
    for name, named in (("one", files), ("two", files[::-1]), ("three", [corpus])):
        curate(recipe_of(*named, limits=CHARACTERS, dedup={}), tmp_path / name)

    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "two")
    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "three")


@pytest.mark.parametrize("size", [1, 20_000])
def test_the_size_of_shards_does_not_show(corpus, tmp_path, curate, monkeypatch, size):
    """Shards of one row or of all rows give the same release."""
    recipe = recipe_of(
        corpus, limits=CHARACTERS, dedup={}, release={"shard": "3KB", "signals": ["text.run_max"]}
    )
    curate(recipe, tmp_path / "usual")
    monkeypatch.setattr(shard, "SHARD_BYTES", size)
    curate(recipe, tmp_path / "cut")

    assert len(list((tmp_path / "usual/stages/text").glob("*-*.parquet"))) <= len(
        list((tmp_path / "cut/stages/text").glob("*-*.parquet"))
    )
    assert release_digests(tmp_path / "usual") == release_digests(tmp_path / "cut")


def _stage_files(out: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(out).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in (out / "stages").rglob("*.parquet")
    }


def test_files_added_later_leave_shards_alone(corpus, tmp_path, curate, write_lines):
    """New input gets new shards; the release is the same as if it had always been there."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS), tmp_path / "out"
    curate(recipe, out)
    before = _stage_files(out)
    # Its name sorts before and between those that are there.
    write_lines(corpus / "aa.jsonl", [{"id": f"n{k}", "text": prose(300 + k)} for k in range(5)])
    write_lines(corpus / "0.jsonl", ["broken", {"id": "zero", "text": prose(400)}])
    curate(recipe, out)
    after = _stage_files(out)
    curate(recipe, tmp_path / "fresh")

    assert before == {name: after[name] for name in before}
    assert len(before) < len(after)
    assert ids(tmp_path / "fresh") == ids(out)
    assert release_digests(tmp_path / "fresh") == release_digests(out)


def test_changed_files_are_read_again(corpus, tmp_path, curate, write_lines):
    """A file with other content is other input, even of the same size."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS), tmp_path / "out"
    text = prose(500)
    write_lines(corpus / "d.jsonl", [{"id": "d", "text": text}])
    curate(recipe, out)
    write_lines(corpus / "d.jsonl", [{"id": "d", "text": text[:-2] + "だ。"[-2:]}])
    write_lines(corpus / "d.jsonl", [{"id": "e", "text": text}])
    curate(recipe, out)

    assert "e" in ids(out)
    assert "d" not in ids(out)


def test_removed_files_are_gone_everywhere(corpus, tmp_path, curate, write_lines):
    """The texts of a file that is gone are neither in the release nor in any stage file."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS, dedup={}), tmp_path / "out"
    write_lines(corpus / "d.jsonl", [{"id": "secret", "text": prose(500)}])
    curate(recipe, out)
    (corpus / "d.jsonl").unlink()
    curate(recipe, out)
    left = [
        value
        for path in (out / "stages/text").glob("*.parquet")
        for value in pq.read_table(path, columns=["id"])["id"].to_pylist()
    ]

    assert "secret" not in ids(out)
    assert "secret" not in left
    assert set(ids(out)) | set(ids(out, "rejected")) == set(left)


def test_earlier_recipes_do_not_show(corpus, tmp_path, own_signals, curate):
    """A, then B, then A again releases what A alone does: history leaves no trace."""
    one = {
        "limits": {**CHARACTERS, "test.word_count": {"min": 105}},
        "release": {"signals": ["test.particle_share", "ja.kanji_share"]},
        "dedup": {"keep": "earliest"},
    }
    other = {"limits": {"test.word_count": {"min": 1}}, "dedup": {}}
    for parts, name in ((one, "mixed"), (other, "mixed"), (one, "mixed"), (one, "fresh")):
        curate(recipe_of(corpus, **parts), tmp_path / name, filters=[own_signals])

    assert release_digests(tmp_path / "fresh") == release_digests(tmp_path / "mixed")


def test_the_screen_does_not_show(corpus, tmp_path, own_signals, curate):
    """Tokenizing everything or only what is needed releases the same bytes."""
    recipe = recipe_of(
        corpus,
        limits={**CHARACTERS, "test.word_count": {"min": 105}},
        dedup={},
        release={"signals": ["test.particle_share"]},
    )
    curate(recipe, tmp_path / "on", filters=[own_signals])
    curate(recipe, tmp_path / "off", filters=[own_signals], screen=False)
    measured = [
        sum(pq.read_table(path, columns=["measured"])["measured"].to_pylist())
        for path in (tmp_path / "on/stages/words").glob("*.parquet")
    ]

    assert sum(measured) < len(ids(tmp_path / "on")) + len(ids(tmp_path / "on", "rejected"))
    assert release_digests(tmp_path / "on") == release_digests(tmp_path / "off")


def test_word_signals_are_released_without_word_limits(corpus, tmp_path, own_signals, curate):
    """A word signal named under `release` is there for every kept text."""
    recipe = recipe_of(corpus, limits=CHARACTERS, release={"signals": ["test.word_count"]})
    curate(recipe, tmp_path / "out", filters=[own_signals])

    assert all(row["test.word_count"] > 50 for row in released(tmp_path / "out"))
    assert [None] == list(
        {row["test.word_count"] for row in released(tmp_path / "out", "rejected")}
    )


def test_nothing_is_done_twice(corpus, tmp_path, curate):
    """The same command again writes nothing at all."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS, dedup={}), tmp_path / "out"
    first = curate(recipe, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    pages = {path: path.read_bytes() for path in (out / "release").iterdir() if path.is_file()}
    again = curate(recipe, out)

    assert first == again
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert pages == {path: path.read_bytes() for path in pages}


@pytest.mark.parametrize("gone", ["text", "signals", "sketch", "group", "words", "verdict"])
def test_a_lost_intermediate_is_made_again(corpus, tmp_path, own_signals, curate, gone):
    """Without the files of a stage the next run makes them again, and the same release."""
    parts = {"limits": {**CHARACTERS, "test.word_count": {"min": 90}}, "dedup": {}}
    out = tmp_path / "out"
    curate(recipe_of(corpus, **parts), out, filters=[own_signals])
    before = release_digests(out)
    shutil.rmtree(out / "stages" / gone)
    shutil.rmtree(out / "release")
    curate(recipe_of(corpus, **parts), out, filters=[own_signals])

    assert before == release_digests(out)


def test_lost_tokens_of_other_rows_are_noticed(corpus, tmp_path, own_signals, curate):
    """Tokens made again for as many other rows do not pass for the old ones."""
    out = tmp_path / "out"
    short, long = {"text.length_count": {"max": 40}}, {"text.length_count": {"min": 700}}
    words = {"test.word_count": {"min": 1}}
    curate(recipe_of(corpus, limits={**short, **words}), out, filters=[own_signals])
    shutil.rmtree(out / "stages/tokens")
    curate(recipe_of(corpus, limits={**long, **words}), out, filters=[own_signals])

    assert {"near", "near-b"} & set(ids(out))


def test_parts_of_a_release_that_are_gone_are_made_again(corpus, tmp_path, curate):
    """A missing data file or page is made again, with the same bytes."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS), tmp_path / "out"
    curate(recipe, out)
    before = release_digests(out)
    for name in ("report.html", "data/train-00000-of-00001.parquet"):
        (out / "release" / name).unlink()
        curate(recipe, out)

        assert (out / "release" / name).exists()
    assert before == release_digests(out)


def test_a_folder_of_somebody_else_is_not_replaced(corpus, tmp_path, curate):
    """`release` in a folder that we did not make stays as it is."""
    kept = tmp_path / "out/release/notes.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("大事なメモ", "utf-8")
    with pytest.raises(Problem) as caught:
        curate(recipe_of(corpus, limits=CHARACTERS), tmp_path / "out")

    assert "O003" == caught.value.code
    assert kept.exists()


@pytest.mark.parametrize("kind", ["empty", "blank", "bad"])
def test_input_without_texts_gives_an_empty_release(tmp_path, curate, write_lines, kind):
    """Nothing to keep is a release with no rows, not an error."""
    lines: dict[str, list[Any]] = {"empty": [], "blank": [{"text": ""}], "bad": ["no json"]}
    write_lines(tmp_path / "in.jsonl", lines[kind])
    result = curate(recipe_of(tmp_path / "in.jsonl", limits=CHARACTERS, dedup={}), tmp_path / "out")

    assert 0 == result["counts"]["kept"]
    assert [] == released(tmp_path / "out")


def test_plan_says_what_would_be_done(corpus, tmp_path, curate):
    """`plan` writes nothing and tells new, stale and fresh apart."""
    recipe, out = recipe_of(corpus, limits=CHARACTERS, dedup={}), tmp_path / "out"
    new = preview(recipe, out)

    assert not out.exists()

    curate(recipe, out)
    fresh = preview(recipe, out)
    other = preview(recipe_of(corpus, limits={"text.length_count": {"min": 61}}, dedup={}), out)

    assert "new" == new[0]["state"]
    assert {"up to date"} == {row["state"] for row in fresh}
    assert {
        "prepare": "up to date",
        "group": "up to date",
        "judge": "stale",
        "release": "stale",
    } == {row["stage"]: row["state"] for row in other}
    assert any("text.length_count" in row["why"] for row in other)


def test_a_limit_takes_the_first_records(corpus, tmp_path, curate):
    """`limit` reads only so many texts of a split, and a run without it reads the rest."""
    recipe, out = recipe_of(corpus / "a.jsonl"), tmp_path / "out"

    assert 5 == curate(recipe, out, limit=5)["counts"]["read"]
    assert 25 == curate(recipe, out)["counts"]["read"]


def test_a_limit_holds_for_the_whole_source(tmp_path, curate, write_lines, monkeypatch):
    """However many splits a source has, so many of its first texts are read."""
    from seimai.pipeline.engine.planning import plan as splits

    monkeypatch.setattr(splits, "SMALL_BYTES", 1)
    for name in "abc":
        lines = [{"id": f"{name}{k}", "text": prose(k)} for k in range(4)]
        write_lines(tmp_path / f"in/{name}.jsonl", ["broken", *lines])
    recipe, out = recipe_of(tmp_path / "in"), tmp_path / "out"
    result = curate(recipe, out, limit=6)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    trial = out / "trial"

    assert ["a0", "a1", "a2", "a3", "b0", "b1"] == ids(trial)
    assert {"read": 8, "kept": 6, "quarantined": 2} == {
        key: result["counts"][key] for key in ("read", "kept", "quarantined")
    }
    assert {"up to date"} == {row["state"] for row in preview(recipe, out, limit=6)}

    curate(recipe, out, limit=6)

    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    assert 15 == curate(recipe, out)["counts"]["read"]


def test_problems_of_several_splits_come_together(tmp_path, curate, write_lines, clean_registry):
    """Every split that can be finished is, and all problems are told at once."""
    del clean_registry
    for name in "ab":
        write_lines(tmp_path / f"{name}.jsonl", [{"id": name, "text": prose(1, 40_000)}])
    write_lines(tmp_path / "c.jsonl", [{"id": "fine", "text": prose(2)}])
    filters = tmp_path / "angry.py"
    filters.write_text(
        "from seimai.pipeline.signal import per_text\n"
        "@per_text('test.anger_score', between=(0, 1))\n"
        "def anger(text):\n"
        "    '''Fails on long texts.'''\n"
        "    if len(text) > 1000: raise ValueError('too long')\n"
        "    return 0.5\n"
    )
    recipe = recipe_of(*(tmp_path / f"{name}.jsonl" for name in "abc"))
    with pytest.raises(Problems) as caught:
        curate(recipe, tmp_path / "out", filters=[str(filters)])

    assert [("S002", "a"), ("S002", "b")] == [
        (one.code, one.values["id"]) for one in caught.value.problems
    ]
    assert 1 == len(list((tmp_path / "out/stages/signals").glob("*.parquet")))
    assert not os.path.lexists(tmp_path / "out/release")
