"""
Contents: ids, texts, reasons, keepers and licences, as the rows of a release have them.

Rows are read batch by batch and only the columns that are asked for; of ids their hashes are held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline.inspect.checks import Check, counted
from seimai.pipeline.messages import sentence
from seimai.pipeline.stages.columns import DUPLICATE_IN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seimai.pipeline.run_record import RunRecord


def look_inside(release: Path, run: RunRecord, *, rejects: bool) -> Iterator[Check]:
    """What is in the rows: ids once, texts not empty, reasons given, keepers kept."""
    ids: dict[str, list[Any]] = {"data": [], "rejected": []}
    keepers: list[Any] = []
    empty = unexplained = unlicensed = 0
    try:
        for batch in _batches(release, run, "data", ["id", "text", "license"]):
            ids["data"].append(_hashes(batch.column("id")))
            length = pc.utf8_length(batch.column("text"))
            empty += batch.num_rows - (pc.sum(pc.greater(length, 0)).as_py() or 0)
            known = pc.and_(
                pc.is_valid(batch.column("license")),
                pc.not_equal(batch.column("license"), "unknown"),
            )
            unlicensed += batch.num_rows - (pc.sum(known).as_py() or 0)
        columns = ["id", "reasons", "duplicate_of"]
        # What was released before is a duplicate of a text of another release.
        before = bool((run["recipe_resolved"].get("dedup") or {}).get("against"))
        columns += [DUPLICATE_IN] * before
        for batch in _batches(release, run, "rejected", columns):
            ids["rejected"].append(_hashes(batch.column("id")))
            given = pc.list_value_length(batch.column("reasons"))
            unexplained += batch.num_rows - (pc.sum(pc.greater(given, 0)).as_py() or 0)
            if before:
                batch = batch.filter(pc.is_null(batch.column(DUPLICATE_IN)))  # noqa: PLW2901 - the same, less those
            keepers.append(_hashes(batch.column("duplicate_of").drop_null()))
    except (OSError, pa.ArrowInvalid, KeyError) as error:
        cause = str(error).split("\n", 1)[0]
        yield Check("fail", sentence("verify.unreadable", path=release.name, cause=cause))
        return
    none = [np.zeros(0, np.uint64)]
    kept = np.concatenate(ids["data"] or none)
    every = np.concatenate([kept, *ids["rejected"]])
    twice = every.size - np.unique(every).size
    lost = int((~np.isin(np.concatenate(keepers or none), kept)).sum())
    known = run.get("ids_twice", 0)
    if twice and (twice == known or (twice < known and not rejects)):
        # The run has told it: files that count from 0 each.
        message = sentence("verify.ids_off", count=f"{twice:,}")
        yield Check("warn", message, {"count": twice})
    else:
        yield counted(twice != (known if rejects else 0), "ids", "ids_off", count=twice)
    yield counted(empty > 0, "texts", "texts_off", count=empty)
    if rejects:
        yield counted(unexplained > 0, "reasons", "reasons_off", count=unexplained)
    if lost:
        yield Check("fail", sentence("verify.keepers_off", count=lost), {"count": lost})
    if unlicensed:
        message = sentence("verify.license", count=unlicensed)
        yield Check("warn", message, {"unlicensed": unlicensed})


def _batches(release: Path, run: RunRecord, kind: str, columns: list[str]) -> Iterator[Any]:
    for file in run["outputs"]:
        if file["path"].startswith(f"{kind}/"):
            with pq.ParquetFile(release / file["path"]) as parquet:
                yield from parquet.iter_batches(8192, columns=columns)


def _hashes(column: Any) -> Any:
    """64 bits per id: ten million of them are 80 MB, the ids themselves may be long."""
    # A null is a fault of its own; here it must only not be taken for an id.
    values = (xxhash.xxh3_64_intdigest(one or b"") for one in column.cast("binary").to_pylist())
    return np.fromiter(values, np.uint64, len(column))
