"""A take-down: the text is nowhere, its copies stay out, and the release stays whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from seimai.pipeline.cli import main
from seimai.pipeline.engine.forgetting import again, forgotten, indexing
from seimai.pipeline.engine.forgetting.forget import forget
from seimai.pipeline.errors import Problem
from seimai.pipeline.index import blocked
from seimai.pipeline.inspect.find import find
from seimai.pipeline.inspect.indexed import query
from seimai.pipeline.inspect.stage_files import check_stages
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import Dedup
from tests.conftest import ids, prose, recipe_of, release_digests, released

LIMITS = {"text.length_count": {"min": 20}}


def near(text: str) -> str:
    """A text with one character exchanged."""
    return text.replace("の", "乃", 1)


@pytest.fixture
def crawl(tmp_path, write_lines, curate):
    """A function that runs over texts by id into a folder; two files, so two splits."""

    def work(texts: dict[str, str], name: str = "out", **options) -> Path:
        rows = [
            {
                "id": id_,
                "text": text,
                "url": f"https://{id_}.example.jp/page",
                "title": text[:9],
            }
            for id_, text in texts.items()
        ]
        half = len(rows) // 2
        for number, some in enumerate((rows[:half], rows[half:])):
            write_lines(tmp_path / name / f"in/{number}.jsonl", some)
        parts = {"limits": LIMITS, "dedup": options.pop("dedup", {})}
        if parts["dedup"] is None:
            del parts["dedup"]
        files = [str(tmp_path / name / f"in/{number}.jsonl") for number in (0, 1)]
        curate(recipe_of(*files, **parts), tmp_path / name / "out", accept=True, **options)
        return tmp_path / name / "out"

    return work


def holds(folder: Path, text: str) -> list[str]:
    """The files below a folder that hold a text, packed or not."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if path.suffix == ".parquet":
            data = str(pq.ParquetFile(path).read().to_pylist()).encode()
        if text.encode() in data or json.dumps(text)[1:-1].encode() in data:
            found.append(path.relative_to(folder).as_posix())
    return found


def faults(out: Path) -> list[str]:
    """What `verify --stages` finds wrong."""
    checks = [*verify(out), *check_stages(out)]
    return [check.message for check in checks if check.state == "fail"]


TEXTS = {f"t{k}": prose(k) for k in range(6)}


def test_a_text_that_is_forgotten_is_nowhere(crawl):
    """Release, stages, earlier releases and trials hold no line of it; all is sound after."""
    crawl({**TEXTS, "old": prose(50)})
    crawl(TEXTS, limit=5)
    out = crawl(TEXTS)
    assert (out / "previous").exists()
    gone = TEXTS["t4"].splitlines()[0]
    assert holds(out, gone)
    shutil.rmtree(out.parent / "in")  # what was read may be away by now
    done = forget(out, "id", "t4")

    assert [] == holds(out, gone)
    assert [] == holds(out, TEXTS["t4"][:9])
    assert ["t0", "t1", "t2", "t3", "t5"] == ids(out)
    assert (1, 1) == (done.texts, done.named)
    assert not (out / "previous").exists()
    assert not (out / "trial/stages").exists()
    assert {"read": 6, "kept": 5, "rejected": 0, "quarantined": 1} == {
        name: done.run["counts"][name] for name in ("read", "kept", "rejected", "quarantined")
    }
    assert [] == faults(out)


def test_the_same_input_again_stays_without_it(crawl):
    """Run again, or anew with the record of requests, the release has the same bytes."""
    out = crawl(TEXTS)
    forget(out, "id", "t4")
    after = release_digests(out)
    crawl(TEXTS)
    assert after == release_digests(out)

    crawl(TEXTS, recheck=True)
    assert after == release_digests(out)
    shutil.rmtree(out / "stages")
    crawl(TEXTS)
    assert after == release_digests(out)
    assert [] == faults(out)


def test_its_copies_go_with_it_and_stay_out(crawl):
    """Texts like it go as well, and those that come later under other ids and addresses."""
    out = crawl({**TEXTS, "ucopy": near(TEXTS["t1"])})
    done = forget(out, "id", "t1", why="asked")
    assert (2, 1) == (done.texts, done.named)
    assert ["t0", "t2", "t3", "t4", "t5"] == ids(out)

    crawl({**TEXTS, "ucopy": near(TEXTS["t1"]), "later": near(near(TEXTS["t1"])), "new": prose(9)})
    assert ["t0", "t2", "t3", "t4", "t5", "new"] == ids(out)
    causes = {row["cause"]: row["detail"] for row in released(out, "quarantine")}
    assert {"forgotten": "request 1"} == causes
    assert 3 == len(released(out, "quarantine"))
    assert [] == faults(out)


def test_the_best_copy_takes_its_place(crawl):
    """With `copies` false only what is named goes, and the group keeps its next best text."""
    texts = {**TEXTS, "ucopy": near(TEXTS["t1"]), "shorter": near(TEXTS["t1"])[:-12]}
    out = crawl(texts)
    assert "t1" in ids(out)
    done = forget(out, "url", "https://t1.example.jp/page", copies=False)

    assert (1, 1) == (done.texts, done.named)
    assert ["t0", "t2", "t3", "t4", "t5", "ucopy"] == ids(out)
    assert ["ucopy"] == [row["duplicate_of"] for row in released(out, "rejected")]
    after = release_digests(out)
    crawl(texts)
    assert after == release_digests(out)
    assert [] == faults(out)


def test_a_host_goes_with_those_below_it(crawl):
    """All texts of a host go, even where a shard has no other."""
    out = crawl(TEXTS)
    done = forget(out, "host", "Example.jp", copies=False)

    assert 6 == done.texts
    assert [] == ids(out)
    assert [] == faults(out)
    crawl({**TEXTS, "new": prose(9)})
    assert [] == ids(out)


def test_a_text_is_forgotten_where_no_duplicates_are_looked_for(crawl):
    """What is to go depends on no recipe: none for duplicates, or one with other shingles."""
    for number, dedup in enumerate((None, {"n": 7})):
        out = crawl({**TEXTS, "ucopy": near(TEXTS["t1"])}, f"run{number}", dedup=dedup)
        forget(out, "text", TEXTS["t1"])
        assert ["t0", "t2", "t3", "t4", "t5"] == ids(out)
        crawl({**TEXTS, "ucopy": near(TEXTS["t1"])}, f"run{number}", dedup={"n": 6})
        assert ["t0", "t2", "t3", "t4", "t5"] == ids(out)
        assert [] == faults(out)


def test_the_record_holds_no_text(crawl):
    """It says what was asked, why and when, and which texts went; asked twice it is one request."""
    out = crawl(TEXTS)
    forget(out, "text", TEXTS["t1"], why="the author asks")
    again_done = forget(out, "text", TEXTS["t1"])
    [request] = blocked.read_requests(out)

    assert 0 == again_done.texts
    assert ("text", "the author asks", ["t1"]) == (
        request.kind,
        request.why,
        [one["id"] for one in request.done],
    )
    assert [] == holds(out / "forgotten", TEXTS["t1"].splitlines()[0])


@pytest.mark.parametrize("step", ["take_out", "note_done", "make_release"])
@pytest.mark.parametrize("deed", ["forget", "run"])
def test_after_a_kill_the_request_is_done(crawl, monkeypatch, step, deed):
    """Wherever it ends, the same request or the next run finishes it."""
    out = crawl(TEXTS)
    whole = crawl(TEXTS, "whole")
    forget(whole, "id", "t4")

    def end(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(again if step == "make_release" else forgotten, step, end)
        with pytest.raises(KeyboardInterrupt):
            forget(out, "id", "t4")
    if deed == "forget":
        forget(out, "id", "t4")
    else:
        crawl(TEXTS)

    assert ids(whole) == ids(out)
    assert released(whole) == released(out)
    assert [] == faults(out)


def test_a_kill_among_the_stage_files_is_mended(crawl, monkeypatch):
    """While files of a split are exchanged it has no ledger, so it is read again."""
    out = crawl(TEXTS)

    def end(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgotten, "_with_quarantine", end)
        with pytest.raises(KeyboardInterrupt):
            forget(out, "id", "t4")
    forget(out, "id", "t4")

    assert ["t0", "t1", "t2", "t3", "t5"] == ids(out)
    assert [] == faults(out)


def test_an_index_forgets_as_well(crawl, tmp_path):
    """The text leaves the index, also of other releases, and runs held against it leave it out."""
    index = tmp_path / "index"
    out, other = crawl(TEXTS, "a"), crawl({"x": near(TEXTS["t1"]), "y": prose(8)}, "b")
    (tmp_path / "2025").symlink_to(out)
    (tmp_path / "2026").symlink_to(other)
    outs = [out.rename(tmp_path / "r2025"), other.rename(tmp_path / "r2026")]
    indexing.build(index, outs, Dedup())
    done = forget(outs[0], "id", "t1", index=index)

    assert {"r2025": 1, "r2026": 1} == done.from_index
    assert [None, "t2"] == [one and one.id for one in query(index, [TEXTS["t1"], TEXTS["t2"]])]
    assert ["unchanged"] == [one.what for one in indexing.add(index, outs[:1])]
    third = crawl(
        {"z": near(TEXTS["t1"]), "t2": TEXTS["t2"], "new": prose(7)},
        "c",
        dedup={"against": str(index)},
    )
    assert ["new"] == ids(third)
    assert {"z"} == {row["place"] and "z" for row in released(third, "quarantine")}
    assert ["t2"] == ids(third, "rejected")
    assert [] == faults(third)


def test_where_a_text_is(crawl, tmp_path):
    """Kept, rejected, in an index or forgotten: file, row, why, and what stands in for it."""
    out = crawl({**TEXTS, "ucopy": near(TEXTS["t1"])[:-3], "short": "米。"})
    [kept] = find(out, "id", "t1")
    [copy] = find(out, "url", "https://ucopy.example.jp/page")
    [short] = find(out, "host", "short.example.jp")

    assert ("kept", "data/train-00000-of-00001.parquet", 1) == (kept.outcome, kept.file, kept.row)
    assert ("rejected", ("dedup",), "t1") == (copy.outcome, copy.reasons, copy.duplicate_of)
    assert ("text.length_count",) == short.reasons
    assert {"t1", "ucopy"} == {one.id for one in find(out, "text", TEXTS["t1"])}
    assert [] == find(out, "id", "nobody")
    index = tmp_path / "index"
    indexing.build(index, [out], Dedup())
    [there] = find(index, "text", TEXTS["t1"])
    assert ("t1", "released", "out", 1) == (there.id, there.outcome, there.file, there.row)
    assert ["t1"] == [one.id for one in find(index, "host", "t1.example.jp")]
    forget(out, "id", "t1", why="asked", index=index)
    [record] = find(out, "id", "ucopy")
    assert ("forgotten", 1, ("asked",)) == (record.outcome, record.row, record.reasons)
    assert [] == [one for one in find(index, "id", "t1") if one.outcome == "released"]


def test_the_commands_say_what_they_found_and_did(crawl, tmp_path, capsys):
    """Both speak both languages and JSON, and ask for exactly one key."""
    out = crawl({**TEXTS, "ucopy": near(TEXTS["t1"])})
    assert 0 == main(["find", str(out), "--id", "ucopy", "--lang", "en"])
    said = capsys.readouterr().out
    assert "ucopy  rejected" in said
    assert "in its place   t1" in said or "in its place  t1" in said
    text = tmp_path / "text.txt"
    text.write_text(TEXTS["t1"], "utf-8")
    assert 0 == main(["find", str(out), "--text-file", str(text), "--format", "json"])
    assert 2 == len(json.loads(capsys.readouterr().out))
    assert 1 == main(["find", str(out), "--id", "nobody", "--lang", "ja"])
    assert "見つかりません" in capsys.readouterr().out
    assert 2 == main(["find", str(out), "--id", "a", "--url", "b", "--lang", "en"])
    assert "X009" in capsys.readouterr().err
    assert 0 == main(["forget", str(out), "--id", "t1", "--why", "asked", "--lang", "en"])
    assert "2 texts went (1 named, 1 like them)" in capsys.readouterr().out
    assert 0 == main(["forget", str(out), "--id", "t0", "--keep-copies", "--format", "json"])
    assert 1 == json.loads(capsys.readouterr().out)["texts"]


def test_a_run_of_an_older_version_is_asked_to_run_once_more(crawl):
    """Without the job beside the stages nothing is done, and nothing noted."""
    out = crawl(TEXTS)
    (out / "stages/job.json").unlink()
    with pytest.raises(Problem, match="X007"):
        forget(out, "id", "t1")

    assert [] == blocked.read_requests(out)
