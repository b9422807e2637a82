"""A disk that is full: a problem with a next step, and nothing half written is believed."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from seimai.pipeline import shard
from seimai.pipeline.engine.run import run
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.stages import release_file
from tests.conftest import ids, prose, recipe_of, release_digests

LIMITS = {"text.length_count": {"min": 60}}


@pytest.fixture
def small_disk(tmp_path):
    """A file system of one megabyte; skipped where we may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("may not mount a file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def _corpus(tmp_path, write_lines, count=600):
    # Random characters do not compress, so that little text fills the disk.
    def noise(seed):
        return "".join(chr(0x4E00 + byte) for byte in os.urandom(1500)) + prose(seed, 2)

    return write_lines(
        tmp_path / "in.jsonl", [{"id": str(k), "text": noise(k)} for k in range(count)]
    )


@pytest.mark.parametrize("workers", [None, 2])
def test_a_full_disk_is_a_problem(tmp_path, small_disk, write_lines, workers, curate, own_signals):
    """The run says what it could not write; with room it goes on from there."""
    recipe = recipe_of(_corpus(tmp_path, write_lines), limits=LIMITS, dedup={})
    options = {"workers": workers, "filters": [own_signals]} if workers else {}
    with pytest.raises((Problem, Problems)) as caught:
        (run if workers else curate)(recipe, small_disk / "out", **options)
    found = caught.value.problems if isinstance(caught.value, Problems) else [caught.value]

    assert {"O001"} == {problem.code for problem in found}
    assert "space" in str(found[0])
    assert not (small_disk / "out/release").exists()
    assert not (small_disk / "out/.release-new").exists()

    subprocess.run(["mount", "-o", "remount,size=100m", str(small_disk)], check=True)  # noqa: S607
    result = curate(recipe, small_disk / "out")

    assert 600 == result["counts"]["read"] == len(ids(small_disk / "out"))


class _Meter:
    """Lets some bytes through, then the disk is full."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, path: Path, data: bytes) -> None:
        size = len(memoryview(data))
        if size > self.room:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_name(f".{path.name}.0.tmp").write_bytes(bytes(memoryview(data))[: self.room])
            self.room = 0
            raise Problem("O001", path=path.name, cause=os.strerror(errno.ENOSPC))
        self.room -= size
        self.real(path, data)

    real = staticmethod(shard.write_bytes)


def test_wherever_the_disk_fills_up(tmp_path, write_lines, curate, monkeypatch):
    """At any stage of a run the disk may fill: the next run ends with the same bytes."""
    path = write_lines(
        tmp_path / "in.jsonl",
        [*({"id": str(k), "text": prose(k)} for k in range(30)), "broken", {"text": "短い"}],
    )
    recipe = recipe_of(path, limits=LIMITS, dedup={})
    curate(recipe, tmp_path / "whole")
    out = tmp_path / "out"
    room, stops = 300, 0
    while True:
        monkeypatch.setattr(shard, "write_bytes", _Meter(room).write)
        try:
            curate(recipe, out)
        except (Problem, Problems):
            stops += 1
            room = int(room * 1.5)
        else:
            break

    assert stops > 5
    assert release_digests(tmp_path / "whole") == release_digests(out)
    assert not list((out / "stages").rglob("*.tmp"))


def test_a_disk_that_fills_while_releasing(tmp_path, write_lines, curate, monkeypatch):
    """The old release stays, and what was half written of the new one makes room again."""
    records = [{"id": str(k), "text": prose(k)} for k in range(30)]
    # Kept by the second recipe alone: a file with the same rows would not be written again.
    records.append({"id": "short", "text": "今日は晴れています。"})
    path = write_lines(tmp_path / "in.jsonl", records)
    out = tmp_path / "out"
    curate(recipe_of(path, limits=LIMITS), out)
    before = release_digests(out)

    def full(*_given: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(release_file, "_sync_and_digest", full)
    with pytest.raises(Problem) as caught:
        curate(recipe_of(path), out)

    assert "O001" == caught.value.code
    assert before == release_digests(out)
    assert not (out / ".release-new").exists()
