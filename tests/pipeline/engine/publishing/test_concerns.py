"""What is odd about a result, and what it does not take the place of."""

from __future__ import annotations

import pytest

from seimai.pipeline.engine.publishing.concerns import needs_you
from seimai.pipeline.errors import Problem
from tests.conftest import ids, prose, recipe_of, release_digests

TEXTS = 40


@pytest.fixture
def release(tmp_path, write_lines, curate):
    """A release of forty texts: the file it was made of, its folder, and its digests."""
    path = write_lines(
        tmp_path / "in.jsonl", [{"id": str(k), "text": prose(k)} for k in range(TEXTS)]
    )
    result = curate(recipe_of(path), tmp_path / "out")

    assert needs_you(result) is None
    return path, tmp_path / "out", release_digests(tmp_path / "out")


def _stays(release, curate, recipe, *parts):
    """A run is refused with these words, and leaves the release alone; accepted, it does not."""
    _, out, before = release
    with pytest.raises(Problem) as caught:
        curate(recipe, out)

    assert "O004" == caught.value.code
    assert before == release_digests(out)
    for part in parts:
        assert part in str(caught.value)

    return curate(recipe, out, accept=True)


def test_a_renamed_column(release, write_lines, curate):
    """The columns that there are and the line to write are named."""
    path, out, _ = release
    write_lines(path, [{"id": str(k), "honbun": prose(k)} for k in range(TEXTS)])
    result = _stays(release, curate, recipe_of(path), "40 of 40", "“honbun”", "`text: NAME`")

    assert 0 == result["counts"]["kept"] == len(ids(out))
    assert needs_you(result) is not None
    assert needs_you(result, accept=True) is None


def test_a_first_release_of_nothing_is_written_and_told(tmp_path, write_lines, curate):
    """Where there is nothing to lose the release is written, so that one can look at it."""
    path = write_lines(tmp_path / "in.jsonl", [{"honbun": prose(k)} for k in range(3)])
    for _ in range(2):
        result = curate(recipe_of(path), tmp_path / "out")

        assert "honbun" in str(needs_you(result))


def test_nothing_kept(release, curate):
    """Limits that nothing passes are a concern, and the limit is named."""
    path, _, _ = release
    recipe = recipe_of(path, limits={"text.length_count": {"min": 10_000_000}})
    _stays(release, curate, recipe, "text.length_count", "40")


def test_most_of_a_source_is_gone(release, write_lines, curate):
    """Less than half of what the last release read is not taken for the source."""
    path, _, _ = release
    write_lines(path, [{"id": str(k), "text": prose(k)} for k in range(TEXTS // 2 - 1)])
    _stays(release, curate, recipe_of(path), "19", "40")


def test_half_of_a_source_is_no_concern(release, write_lines, curate):
    """A source that shrinks to half does not stop a release."""
    path, out, _ = release
    write_lines(path, [{"id": str(k), "text": prose(k)} for k in range(TEXTS // 2)])
    curate(recipe_of(path), out)

    assert TEXTS // 2 == len(ids(out))


def test_the_kept_share_leaps(tmp_path, write_lines, curate):
    """The same recipe keeps far less all of a sudden; with other limits that is what was asked."""
    limits = {"text.length_count": {"min": 20}}
    lines = [{"id": str(k), "text": prose(k)} for k in range(TEXTS)]
    path, out = write_lines(tmp_path / "in.jsonl", lines), tmp_path / "out"
    curate(recipe_of(path, limits=limits), out)
    release = (path, out, release_digests(out))
    write_lines(path, [*lines[:25], *({"id": f"x{k}", "text": "短い"} for k in range(15))])
    _stays(release, curate, recipe_of(path, limits=limits), "62.5%", "100.0%")
    curate(recipe_of(path, limits={"text.length_count": {"min": 1}}), out)

    assert TEXTS == len(ids(out))


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_nothing_that_could_be_read(tmp_path, curate, content):
    """A folder of pictures or of empty files gives nothing, and that is said."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.png").write_bytes(content)
    result = curate(recipe_of(tmp_path / "in"), tmp_path / "out")

    assert ["S040"] == [one["code"] for one in result["concerns"]]


def test_pictures_are_no_concern(tmp_path, write_lines, curate):
    """Folders are full of files that no reader wants."""
    path = write_lines(tmp_path / "in/a.jsonl", [{"text": prose(1)}])
    for k in range(5):
        (path.parent / f"{k}.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    result = curate(recipe_of(path.parent), tmp_path / "out")

    assert 5 == result["counts"]["quarantined"]
    assert needs_you(result) is None


def test_a_trial_leaves_the_release_alone(release, curate):
    """A run with a limit has a folder of its own, stages and all."""
    path, out, before = release
    stages = {each: each.stat().st_mtime_ns for each in (out / "stages").rglob("*.parquet")}
    curate(recipe_of(path), out, limit=5)

    assert 5 == len(ids(out / "trial"))
    assert before == release_digests(out)
    assert stages == {each: each.stat().st_mtime_ns for each in stages}
