"""Files of a release that are used again: those that would hold the same, and no others."""

from __future__ import annotations

import pytest

from tests.conftest import prose, recipe_of, release_digests

FILES = ("data/train-00000-of-00001.parquet", "rejected/train-00000-of-00001.parquet")


@pytest.fixture
def texts(tmp_path, write_lines):
    """Some texts, one of them short."""
    rows = [{"id": str(k), "text": prose(k)} for k in range(9)]
    return write_lines(tmp_path / "in.jsonl", [*rows, {"id": "short", "text": "短い文。"}])


def _inodes(out):
    return [(out / "release" / one).stat().st_ino for one in FILES]


def _limits(least, kuten=0.0):
    return {"text.length_count": {"min": least}, "ja.kuten_share": {"min": kuten}}


def test_what_holds_the_same_is_not_written_again(texts, tmp_path, curate):
    """A limit that moves no text, and another title, leave the files and what is in them."""
    out = tmp_path / "out"
    curate(recipe_of(texts, limits=_limits(50)), out)
    before, digests = _inodes(out), release_digests(out)
    curate(recipe_of(texts, limits=_limits(51), about={"title": "米"}), out)

    assert before == _inodes(out)
    assert digests == release_digests(out)


def test_other_reasons_leave_what_is_kept(texts, tmp_path, curate):
    """Where only reasons change, rejected texts are written and kept ones are not."""
    out = tmp_path / "out"
    curate(recipe_of(texts, limits=_limits(50)), out)
    kept, rejected = _inodes(out)
    limits = {"ja.hiragana_share": {"min": 0.0}, "text.run_max": {"max": 9}}
    curate(recipe_of(texts, limits=limits | {"text.top_2gram_share": {"max": 0.2}}), out)
    clean = tmp_path / "clean"
    curate(recipe_of(texts, limits=limits | {"text.top_2gram_share": {"max": 0.2}}), clean)

    assert kept == _inodes(out)[0]
    assert rejected != _inodes(out)[1]
    assert release_digests(clean) == release_digests(out)


def test_a_text_that_moves_is_written(texts, tmp_path, curate):
    """Where a text moves, both files are those of a run that began anew."""
    out, clean = tmp_path / "out", tmp_path / "clean"
    curate(recipe_of(texts, limits=_limits(1)), out)
    curate(recipe_of(texts, limits=_limits(50)), out)
    curate(recipe_of(texts, limits=_limits(50)), clean)

    assert release_digests(clean) == release_digests(out)


def test_numbers_in_the_release_are_looked_at(texts, tmp_path, curate):
    """With a column of numbers more, nothing is used again."""
    out, clean = tmp_path / "out", tmp_path / "clean"
    shown = {"release": {"signals": ["ja.kuten_share"]}}
    curate(recipe_of(texts, limits=_limits(50)), out)
    curate(recipe_of(texts, limits=_limits(50), **shown), out)
    curate(recipe_of(texts, limits=_limits(50), **shown), clean)

    assert release_digests(clean) == release_digests(out)


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_somebody_changed_is_written(texts, tmp_path, curate, damage):
    """What is not as it was written never gets into the next release."""
    out = tmp_path / "out"
    curate(recipe_of(texts, limits=_limits(50)), out)
    expected = release_digests(out)
    path = out / "release" / FILES[0]
    if damage == "gone":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    curate(recipe_of(texts, limits=_limits(51)), out)

    assert expected == release_digests(out)
