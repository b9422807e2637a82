"""Hashes of released texts: they tell what came and went as the releases themselves would."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash

from seimai.pipeline.stages import changes, previous, released_hashes
from tests.conftest import prose, recipe_of


def _plain(values):
    return [xxhash.xxh3_64_intdigest((value or "").encode()) for value in values]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize("part", [slice(0, 5), slice(1, 4), slice(2, 2)])
def test_a_hash_is_that_of_the_utf8(kind, part):
    """Whole arrays, parts of them and nulls have the hashes of their strings, one by one."""
    values = ["米", "", None, "玄米を白米に", "a"]
    array = pa.array(values, kind)[part]

    assert _plain(values[part]) == released_hashes.hashes_of(array).tolist()
    assert _plain(values[part]) == released_hashes.hashes_of(pa.chunked_array([array])).tolist()


def test_nulls_alone_have_no_buffers():
    """An array of nulls, which has no text at all, counts as so many empty strings."""
    assert _plain(["", ""]) == released_hashes.hashes_of(pa.nulls(2, pa.string())).tolist()


@pytest.fixture
def rejudged(tmp_path, write_lines, curate):
    """A folder whose second run has lost two texts to a limit, and what it says of that."""
    records = [{"id": f"t{k}", "text": prose(k, 1 + k)} for k in range(6)]
    lines = write_lines(tmp_path / "in.jsonl", records)
    out = tmp_path / "out"
    curate(recipe_of(lines, limits={"text.length_count": {"min": 1}}), out)
    curate(recipe_of(lines, limits={"text.length_count": {"min": 100}}), out)
    return out


def _told(out):
    content = changes.read(out)
    return content, [
        pq.read_table(out / changes.CHANGES / f"{one}.parquet").to_pylist() for one in changes.LISTS
    ]


def _compared_anew(out):
    changes.write(out, out / "previous", out / "release")
    return _told(out)


def test_texts_are_not_read_where_hashes_were_left(rejudged, monkeypatch):
    """Two releases that one folder has made are compared without a look into their texts."""
    before = _told(rejudged)
    monkeypatch.setattr(released_hashes, "_read", None)

    assert before[0]["removed"] > 0
    assert before == _compared_anew(rejudged)


@pytest.mark.parametrize("damage", ["gone", "cut", "another"])
def test_what_is_missing_or_damaged_is_read(rejudged, damage):
    """Without hashes, with half of them, or with those of fewer texts the lists are the same."""
    before = _told(rejudged)
    left = sorted((rejudged / "stages" / released_hashes.HASHES).iterdir())
    for path in left:
        if damage == "gone":
            path.unlink()
        elif damage == "cut":
            path.write_bytes(path.read_bytes()[:20])
        else:
            none = released_hashes.hashes_of(pa.array([], pa.string()))
            released_hashes.leave(rejudged, path.name, none, none)

    assert len(left) == 2
    assert before == _compared_anew(rejudged)


def test_hashes_go_with_their_release(rejudged):
    """Of a release that is removed nothing stays, not even hashes."""
    previous.trim(rejudged, 0)
    listed = [
        one["sha256"]
        for one in previous.outputs(rejudged / "release")
        if one["path"].startswith("data/")
    ]

    assert listed == [
        path.name for path in (rejudged / "stages" / released_hashes.HASHES).iterdir()
    ]
