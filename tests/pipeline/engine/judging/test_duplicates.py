"""Grouping as tasks of the executor gives what one process gives."""

from __future__ import annotations

from seimai.pipeline.engine.judging import duplicates, group_steps
from seimai.pipeline.shard import read_table
from tests.conftest import prose, recipe_of, release_digests


def texts(count: int) -> list[dict[str, str]]:
    """Families of three: a text, a copy with other line breaks, one with a character changed."""
    made = []
    for k in range(count):
        text = prose(k)
        for way, version in enumerate((text, text.replace("\n", ""), text.replace("の", "乃", 1))):
            made.append({"id": f"{k}-{way}", "text": version})
    return made


def test_tasks_give_what_one_process_gives(tmp_path, write_lines, curate, monkeypatch):
    """Steps that an executor does leave the same groups, the same release, and nothing behind."""
    rows = texts(8)
    write_lines(tmp_path / "in.jsonl", rows)
    recipe = recipe_of(str(tmp_path / "in.jsonl"), dedup={})
    curate(recipe, tmp_path / "one")
    monkeypatch.setattr(duplicates, "FEW_ROWS", 0)
    done: list[str] = []
    steps = group_steps.do_step
    monkeypatch.setattr(
        group_steps,
        "do_step",
        lambda job, step, *rest: done.append(step) or steps(job, step, *rest),
    )
    curate(recipe, tmp_path / "other")

    assert {"spread", "propose", "verify", "complete", "write"} < set(done)
    assert release_digests(tmp_path / "one") == release_digests(tmp_path / "other")
    assert not (tmp_path / "other/stages/exchange").exists()
    one, other = (
        sorted((tmp_path / name / "stages/group").glob("*.parquet")) for name in ("one", "other")
    )
    assert [read_table(path) for path in one] == [read_table(path) for path in other]
    assert read_table(one[0])["group"].to_pylist() == [k // 3 * 3 for k in range(24)]
