"""
Where is a text? In a release: kept or not, why, in which file and row, and what stands in for it.

Asked by id, address, host or the text itself, of the folder of a run or of an index. Only the
columns asked for are read; a text is looked for by the sketches of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.index import blocked
from seimai.pipeline.index.listing import LIST, open_index
from seimai.pipeline.index.lookup import asked
from seimai.pipeline.index.releases import release_of, sketched
from seimai.pipeline.inspect.finished import finished, shard_names
from seimai.pipeline.inspect.indexed import query
from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.recipe import Dedup
from seimai.pipeline.stages import previous
from seimai.pipeline.stages.columns import DUPLICATE_IN
from seimai.pipeline.stages.sketch import band_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.index.blocked import Kind

BATCH = 65_536

OUTCOMES = {"data": "kept", "rejected": "rejected", "quarantine": "quarantined"}


@dataclass(frozen=True)
class Found:
    """A text that was looked for, where it is and what became of it."""

    id: str
    outcome: str
    """`kept`, `rejected`, `quarantined`, or `released` where an index was asked."""
    file: str
    """Path in the release; for a text of an index the name of its release."""
    row: int
    url: str | None = None
    reasons: tuple[str, ...] = ()
    """The reasons of a rejected text; for a record in quarantine its cause."""
    duplicate_of: str | None = None
    """The id of the text that stays in its place."""
    duplicate_in: str | None = None
    """The earlier release that has that one; None where it is in this one."""
    similarity: float | None = None
    """To the text that was looked for, where one was given, else to `duplicate_of`."""


def find(place: Path, kind: Kind, value: str) -> list[Found]:
    """
    All texts of a run, or an index, with this id, address or host, or like this text.

    What was forgotten is found in the record: what was asked, not the text.
    """
    return [*_there(place, kind, value), *_asked_before(place, kind, value)]


def _asked_before(place: Path, kind: Kind, value: str) -> Iterator[Found]:
    """Requests to forget that were about the same, or about a text with this id."""
    own = blocked.digest_of(value) if kind == "text" else value
    for request in blocked.read_requests(place):
        gone = kind == "id" and any(one["id"] == value for one in request.done)
        if gone or (request.kind, request.value) == (kind, own):
            why = (request.why,) if request.why else ()
            record = f"{blocked.FOLDER}/{blocked.REQUESTS}"
            yield Found(
                value if kind != "text" else "-", "forgotten", record, request.number, None, why
            )


def _there(place: Path, kind: Kind, value: str) -> list[Found]:
    if (place / LIST).exists():
        return _in_index(place, kind, value)
    release = release_of(place)
    if kind == "text":
        alike = _like(place, value)
        ids = pa.array(sorted(alike), pa.string())
        return [
            _with_similarity(one, alike[one.id])
            for one in _in_release(release, "id", ids)
            if one.outcome != "quarantined"
        ]
    return list(_in_release(release, kind, value))


def _with_similarity(found: Found, similarity: float) -> Found:
    return Found(**{**vars(found), "similarity": similarity})


def _in_release(release: Path, kind: str, value: Any) -> Iterator[Found]:
    listed = sorted(one["path"] for one in previous.outputs(release) or [])
    for path in listed:
        folder = path.partition("/")[0]
        if folder in OUTCOMES:
            yield from _in_file(release, path, OUTCOMES[folder], kind, value)


def _in_file(release: Path, path: str, outcome: str, kind: str, value: Any) -> Iterator[Found]:
    quarantine = outcome == "quarantined"
    if quarantine and kind != "id":
        return
    with pq.ParquetFile(release / path) as parquet:
        begin = 0
        for group in range(parquet.num_row_groups):
            rows = parquet.metadata.row_group(group).num_rows
            column = "key" if quarantine else "id" if kind == "id" else "url"
            table = parquet.read_row_group(group, columns=[column, *(["place"] * quarantine)])
            hits = np.flatnonzero(_hits(table, kind, value, quarantine=quarantine))
            if hits.size:
                wanted = [name for name in _SHOWN if name in parquet.schema_arrow.names]
                shown = parquet.read_row_group(group, columns=wanted).take(pa.array(hits))
                for row, one in zip(hits.tolist(), shown.to_pylist(), strict=True):
                    yield _found(one, outcome, path, begin + row)
            begin += rows


_SHOWN = (
    *("id", "url", "reasons", "duplicate_of", DUPLICATE_IN, "similarity"),
    *("key", "place", "cause", "detail"),
)


def _hits(table: pa.Table, kind: str, value: Any, *, quarantine: bool) -> Any:
    if quarantine:
        # What became an id is the name of the input and the place in it.
        one_id = value if isinstance(value, str) else ""
        texts = zip(table["key"].to_pylist(), table["place"].to_pylist(), strict=True)
        return np.array(
            [one_id in (key, f"{key}{place}", f"{key}#{place}") for key, place in texts]
        )
    if kind == "host":
        hits = blocked.below_host(table["url"], value)
    elif kind == "url":
        hits = pc.equal(table["url"], value)
    elif isinstance(value, pa.Array):
        hits = pc.is_in(table["id"], value_set=value)
    else:
        hits = pc.equal(table["id"], value)
    return pc.fill_null(hits, fill_value=False).to_numpy(zero_copy_only=False).astype(bool)


def _found(row: Mapping[str, Any], outcome: str, path: str, at: int) -> Found:
    reasons = tuple(row.get("reasons") or ())
    if outcome == "quarantined":
        detail = f" ({row['detail']})" if row["detail"] else ""
        return Found(
            f"{row['key']}{row['place']}", outcome, path, at, None, (row["cause"] + detail,)
        )
    return Found(
        row["id"],
        outcome,
        path,
        at,
        row["url"],
        reasons,
        row.get("duplicate_of"),
        row.get(DUPLICATE_IN),
        row.get("similarity"),
    )


def _like(out: Path, text: str) -> dict[str, float]:
    """Ids of the texts of a run that are like a text, and how alike they are."""
    _, recipe = finished(out)
    settings = recipe.dedup or Dedup()
    if recipe.dedup is None:
        raise Problem("X008", path=str(out))
    table, values, _ = sketched(pa.array([text]), settings)
    one = asked(table, settings.bands)
    found: dict[str, float] = {}
    columns = ["exact", *(band_name(band) for band in range(settings.bands))]
    for name in shard_names(out):
        sketches = shard.read_table(out / "stages" / "sketch" / f"{name}.parquet", columns)
        every = asked(sketches, settings.bands)
        equal = (every.exact == one.exact[0]).all(axis=1) & every.known & one.known[0]
        near = (every.bands == one.bands[0]).any(axis=1) & every.signed & one.signed[0]
        rows = np.flatnonzero(equal | near)
        if not rows.size:
            continue
        texts = shard.read_table(out / "stages" / "text" / f"{name}.parquet", ["id", "text"])
        some = texts.take(pa.array(rows))
        _, sets, first = sketched(some["text"].combine_chunks(), settings)
        both = np.concatenate((values, sets)).astype(np.uint32)
        starts = np.concatenate(([0], values.size + first)).astype(np.int64)
        left = np.zeros(rows.size, np.int64)
        alike = kernels.jaccard(both, starts, left, np.arange(1, rows.size + 1))
        alike = np.where(equal[rows], 1.0, alike)
        ids = zip(some["id"].to_pylist(), alike.tolist(), strict=True)
        found |= {id_: alike for id_, alike in ids if alike >= settings.similarity}
    return found


def _in_index(folder: Path, kind: Kind, value: str) -> list[Found]:
    if kind == "text":
        twins = query(folder, [value])
        return [
            Found(one.id, "released", one.release, one.row, one.url, similarity=one.similarity)
            for one in twins
            if one
        ]
    index = open_index(folder)
    known = index.release_names()
    found: list[Found] = []
    for segment in index.segments:
        names = segment.names.read(columns=["id" if kind == "id" else "url"])
        hits = np.flatnonzero(_hits(names, kind, value, quarantine=False))
        shown = segment.names_of(hits)
        release, row = segment.release[hits], segment.row[hits]
        found += [
            Found(one["id"], "released", known[int(number)], int(at), one["url"])
            for one, number, at in zip(shown.to_pylist(), release, row, strict=True)
        ]
    return found
