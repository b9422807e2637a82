"""A release takes the place of another, and nothing of the old one stays behind."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from seimai.pipeline.stages import publish
from tests.conftest import prose, recipe_of, release_digests


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A finished folder and the release that it shall replace."""
    for name in (publish.PREPARED, "release"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "text").write_text(name)
    return tmp_path / publish.PREPARED, tmp_path / "release"


@pytest.mark.parametrize("exchanges", [True, False])
def test_the_new_one_is_in_the_place_of_the_old(folders, monkeypatch, exchanges):
    """With and without a file system that exchanges folders nothing else is left."""
    prepared, release = folders
    if not exchanges:
        monkeypatch.setattr(publish, "exchange", lambda *_: False)
    publish.publish(prepared, release)

    assert publish.PREPARED == (release / "text").read_text()
    assert [release] == list(release.parent.iterdir())


def test_there_is_a_release_at_every_moment(folders, monkeypatch):
    """Where folders can be exchanged none of the renames leaves readers without one."""
    prepared, release = folders
    renamed: list[str] = []
    monkeypatch.setattr(Path, "rename", lambda path, _: renamed.append(path.name))
    if not publish.exchange(prepared, release):
        pytest.skip("this system cannot exchange folders")
    publish.exchange(prepared, release)
    publish.publish(prepared, release)

    assert release.name not in renamed


@pytest.mark.parametrize("left", [publish.OLD, publish.PREPARED])
@pytest.mark.parametrize("with_release", [True, False])
def test_leftovers_of_a_kill_go_with_the_next_run(
    tmp_path, write_lines, curate, left, with_release
):
    """Texts of an input that is gone are in no folder, also where the run has nothing to do."""
    secret = prose(99)
    write_lines(tmp_path / "in/a.jsonl", [{"id": "a", "text": prose(1)}])
    write_lines(tmp_path / "in/b.jsonl", [{"id": "b", "text": secret}])
    out = tmp_path / "out"
    curate(recipe_of(tmp_path / "in"), out)
    (out / "release").rename(tmp_path / "before")
    (tmp_path / "in/b.jsonl").unlink()
    curate(recipe_of(tmp_path / "in"), out)
    digests = release_digests(out)
    if not with_release:
        (out / "release").rename(tmp_path / "gone")
    (tmp_path / "before").rename(out / left)
    curate(recipe_of(tmp_path / "in"), out)

    assert digests == release_digests(out)
    assert not (out / left).exists()


def test_sums_are_those_of_all_files(tmp_path, write_lines, curate):
    """SHA256SUMS has a line for every other file, as `sha256sum --check` wants it."""
    path = write_lines(tmp_path / "in.jsonl", [{"id": "a", "text": prose(1)}, "broken"])
    curate(recipe_of(path), tmp_path / "out")
    release = tmp_path / "out/release"
    lines = (release / publish.SUMS).read_text().splitlines()
    files = sorted(path for path in release.rglob("*") if path.is_file())

    assert lines == [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(release)}"
        for path in files
        if path.name != publish.SUMS
    ]
