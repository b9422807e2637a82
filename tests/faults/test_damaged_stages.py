"""Stage files that a disk has ruined: never published, never a dead end, made again."""

from __future__ import annotations

import os
import random
import shutil

import pytest

from seimai.pipeline import shard
from tests.conftest import prose, recipe_of, release_digests

LIMITS = {"text.length_count": {"min": 60}, "word.particle_share": {"min": 0.01}}
STAGES = ("text", "signals", "sketch", "group", "tokens", "words", "verdict", "quarantine")
FLIPS = 6


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run: its recipe for other limits, its folder, and what a clean run gives."""
    from seimai.pipeline.engine.run import in_process_executor, run

    folder = tmp_path_factory.mktemp("damage")
    lines = [
        *(f'{{"id": "{k}", "text": {_quoted(prose(k % 30))}}}' for k in range(40)),
        "broken",
        '{"text": "短い"}',
    ]
    (folder / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    recipes = [
        recipe_of(
            folder / "in.jsonl", dedup={}, limits={**LIMITS, "ja.hiragana_share": {"min": low}}
        )
        for low in (0.01, 0.02)
    ]
    for name, recipe in zip(("out", "clean"), recipes, strict=True):
        run(recipe, folder / name, open_executor=in_process_executor)
    return folder / "out", recipes[1], release_digests(folder / "clean")


def _quoted(text):
    import json

    return json.dumps(text)


def _again(whole, tmp_path, curate):
    """The damaged run under other limits, so that every stage file is used or made again."""
    _, recipe, clean = whole
    curate(recipe, tmp_path / "out")

    assert clean == release_digests(tmp_path / "out")


def _copy(whole, tmp_path):
    shutil.copytree(whole[0], tmp_path / "out")
    # A release to be made anew reads every stage.
    shutil.rmtree(tmp_path / "out/release")
    return tmp_path / "out/stages"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("ending", [".parquet", ".json"])
def test_flipped_bits(whole, tmp_path, curate, stage, ending):
    """One bit, at any place of any stage file or of what belongs to it, changes no release."""
    pick = random.Random(f"{stage}{ending}")
    for turn in range(FLIPS):
        stages = _copy(whole, tmp_path)
        path = pick.choice(sorted((stages / stage).glob(f"*{ending}")))
        data = bytearray(path.read_bytes())
        data[pick.randrange(len(data))] ^= 1 << pick.randrange(8)
        path.write_bytes(bytes(data))
        _again(whole, tmp_path, curate)
        shutil.rmtree(tmp_path / "out")

        assert turn < FLIPS


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("damage", ["empty", "half", "gone", "zeros"])
def test_ruined_files(whole, tmp_path, curate, stage, damage):
    """A file that is empty, cut, full of zeros or away is made again by itself."""
    stages = _copy(whole, tmp_path)
    for path in sorted((stages / stage).glob("*.parquet")):
        size = path.stat().st_size
        if damage == "gone":
            path.unlink()
        elif damage == "zeros":
            path.write_bytes(bytes(size))
        else:
            os.truncate(path, 0 if damage == "empty" else size // 2)
    _again(whole, tmp_path, curate)


@pytest.mark.parametrize("name", ["plan.json", "text/00000.json", "group/groups.json"])
def test_ruined_ledgers(whole, tmp_path, curate, name):
    """What is known of a run is sealed: a figure in it that was changed counts for nothing."""
    stages = _copy(whole, tmp_path)
    text = (stages / name).read_text("utf-8")
    place = max(k for k, letter in enumerate(text[: text.rindex('"seal"')]) if letter.isdigit())
    changed = str((int(text[place]) + 1) % 10)
    (stages / name).write_text(text[:place] + changed + text[place + 1 :], "utf-8")

    assert shard.read_sealed(stages / name) is None

    _again(whole, tmp_path, curate)


def test_a_file_is_compared_once(whole, tmp_path, monkeypatch):
    """The digest of a file is taken once in a process, as long as the file stays as it is."""
    stages = _copy(whole, tmp_path)
    path = next((stages / "text").glob("*.parquet"))
    taken = []
    usual = shard.xxhash.xxh3_128_hexdigest

    def digest(data):
        taken.append(len(memoryview(data)))
        return usual(data)

    monkeypatch.setattr(shard.xxhash, "xxh3_128_hexdigest", digest)
    for _ in range(3):
        shard.read_table(path)

    assert 1 == taken.count(path.stat().st_size)
