"""
Changes: which texts a release has that the one before it had not, and the other way round.

`OUT/changes` holds `added.parquet`, `removed.parquet` and `changed.parquet` with the ids of kept
texts, and `changes.json` with their numbers and the two releases they speak of. The lists depend
on what was released before, so they stand beside the release, whose bytes do not. They hold no
text: what was removed is not kept by being told.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.stages import previous, released_hashes
from seimai.pipeline.stages.released_hashes import BATCH, hashes_of
from seimai.pipeline.stages.told_changes import (
    CHANGES,
    ChangesRecord,
    digest_of,
    read,
    told_of,
)

__all__ = [
    "CHANGES",
    "LISTS",
    "PREPARED",
    "ChangesRecord",
    "compare",
    "digest_of",
    "foresee",
    "is_old",
    "read",
    "refresh",
    "write",
]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags

PREPARED = ".changes-new"
"""The folder beside `OUT/changes` in which the lists are written first."""

LISTS = ("added", "removed", "changed")
"""
Ids that only the new release has, that only the old one has, and those of other texts. Where the
new release has rejected what was removed, `reason` says why; it is null where the source lacks it.
"""

_SCHEMA = pa.schema([("id", pa.string())])
_REMOVED = pa.schema([("id", pa.string()), ("reason", pa.string())])


def is_old(folder: Path, release: Path) -> bool:
    """Whether a folder beside a release is the one that it took the place of."""
    known = told_of(release.parent)
    return (
        known is not None
        and folder.is_dir()
        and known["old"] == digest_of(folder)
        and known["new"] == digest_of(release)
    )


def foresee(prepared: Path, release: Path) -> None:
    """Write the changes to come, before a prepared release takes the place of another."""
    out = release.parent
    if not release.is_dir():
        shutil.rmtree(out / CHANGES, ignore_errors=True)
    elif not previous.same_data(prepared, release):
        write(out, release, prepared)
    elif (latest := previous.folder(out)).is_dir():
        write(out, latest, prepared)
    elif known := read(out):
        # The same data again, and nothing left to compare with: what was told still holds.
        shard.write_json(out / CHANGES / "changes.json", {**known, "new": digest_of(prepared)})


def refresh(out: Path) -> None:
    """Write them where they do not speak of the release and the previous one that are there."""
    release, latest = out / "release", previous.folder(out)
    if not latest.is_dir():
        return
    known = told_of(out)
    wanted = (digest_of(latest), digest_of(release))
    if known is None or (known["old"], known["new"]) != wanted:
        write(out, latest, release)


def write(out: Path, old: Path, new: Path) -> None:
    """Compare two releases and write `OUT/changes`."""
    prepared = out / PREPARED
    try:
        shutil.rmtree(prepared, ignore_errors=True)
        prepared.mkdir(parents=True)
        crash_point("changes-begun")
        content = compare(old, new, prepared)
        shard.write_json(prepared / "changes.json", content)
        crash_point("changes-listed")
        shutil.rmtree(out / CHANGES, ignore_errors=True)
        crash_point("changes-removed")
        prepared.rename(out / CHANGES)
        crash_point("changes-in-place")
        shard.sync_folder(out)
    except OSError as error:
        raise cannot_write(CHANGES, error) from error


def compare(old: Path, new: Path, folder: Path) -> ChangesRecord:
    """
    Write the three lists of two releases into a folder of `OUT`.

    Files that both have byte for byte are not opened, nor are others of which `released_hashes`
    has left what is compared. Of the others 16 bytes a text are held, and texts are compared by
    their hashes, by which two of 10^8 are taken for one with a chance of 0.0003.
    """
    shared = _files(old) & _files(new)
    unshared = [_unshared(release, shared) for release in (old, new)]
    # Where they have to be read, unpacking is half of the work, and it lets the other thread run.
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(released_hashes.of_release, (old, new), unshared, (folder.parent,) * 2)
    (old_ids, old_texts), (new_ids, new_texts) = both
    before, after = ([one["path"] for one in files] for files in unshared)
    added = ~np.isin(new_ids, old_ids)
    removed = ~np.isin(old_ids, new_ids)
    order = np.argsort(old_ids, kind="stable")
    # An id that several texts have is held against the first of them.
    place = np.searchsorted(old_ids[order], new_ids).clip(max=max(old_ids.size - 1, 0))
    changed = np.zeros(new_ids.size, bool)
    if old_ids.size:
        changed = ~added & (old_texts[order[place]] != new_texts)
    reasons = _reasons(new, old_ids[removed])
    counts = {
        "added": _write(folder / "added.parquet", new, after, added),
        "removed": _write(folder / "removed.parquet", old, before, removed, reasons),
        "changed": _write(folder / "changed.parquet", new, after, changed),
    }
    kept = sum(one["rows"] for one in _data(old))
    return {"old": digest_of(old), "new": digest_of(new), **counts, "old_kept": kept}  # type: ignore[typeddict-item]


def _data(release: Path) -> list[dict[str, Any]]:
    listed = previous.outputs(release) or []
    return [one for one in listed if one["path"].startswith("data/")]


def _files(release: Path) -> set[str]:
    return {one["sha256"] for one in _data(release)}


def _unshared(release: Path, shared: set[str]) -> list[dict[str, Any]]:
    return [one for one in _data(release) if one["sha256"] not in shared]


def _batches(
    release: Path, paths: Sequence[str], columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pq.ParquetFile(release / path) as parquet:
            yield from parquet.iter_batches(BATCH, columns=list(columns))


def _reasons(new: Path, removed: Any) -> dict[int, str]:
    """By the hash of an id: why the new release has rejected what the old one kept."""
    found: dict[int, str] = {}
    rejected = [
        one["path"]
        for one in previous.outputs(new) or []
        if removed.size and one["path"].startswith("rejected/")
    ]
    for batch in _batches(new, rejected, ("id", "first_reason")):
        hashes = hashes_of(batch.column("id"))
        inside = np.flatnonzero(np.isin(hashes, removed))
        given = batch.column("first_reason").take(pa.array(inside)).to_pylist()
        found.update(zip(hashes[inside].tolist(), given, strict=True))
    return found


def _write(
    path: Path,
    release: Path,
    paths: Sequence[str],
    chosen: Flags,
    reasons: dict[int, str] | None = None,
) -> int:
    """Write the ids of the chosen rows in the order of their release; gives how many."""
    schema = _SCHEMA if reasons is None else _REMOVED
    begin = 0
    paths = paths if chosen.any() else ()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(release, paths, ("id",)):
            rows = np.flatnonzero(chosen[begin : begin + batch.num_rows])
            begin += batch.num_rows
            ids = batch.column("id").take(pa.array(rows))
            columns = [ids]
            if reasons is not None:
                why = [reasons.get(one) for one in hashes_of(ids).tolist()]
                columns.append(pa.array(why, pa.string()))
            if rows.size:
                writer.write_table(pa.table(columns, schema=schema))
    return int(chosen.sum())
