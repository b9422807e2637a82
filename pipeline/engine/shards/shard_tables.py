"""
Shard tables: documents, and records that could not be read, as the tables that shards hold.

A document is cleaned on the way and gets its id; what it was before is kept nowhere but in counts,
unless the recipe asks for the removed lines.
"""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seimai.pipeline.engine.shards.gathered import Batch
from seimai.pipeline.engine.workers.slow_records import FoundSlow, SlowRecord
from seimai.pipeline.engine.workers.time_limit import SlowRows
from seimai.pipeline.stages.clean import Cleaned, clean_texts
from seimai.pipeline.stages.gone import COLUMN as GONE
from seimai.pipeline.stages.gone import gone_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seimai.pipeline.engine.workers.time_limit import Limit
    from seimai.pipeline.ingest.contract import Document
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Source
    from seimai.pipeline.text import Texts

ORIGIN = pa.struct(
    [
        ("key", pa.string()),
        ("place", pa.string()),
        ("declared", pa.string()),
        ("detected", pa.string()),
        ("encoding", pa.string()),
        ("replaced", pa.int32()),
        ("media_type", pa.string()),
    ]
)
"""Arrow type of the column `origin`: where a text comes from, and how its bytes were read."""

QUARANTINE = pa.schema(
    [
        ("source", pa.string()),
        ("key", pa.string()),
        ("place", pa.string()),
        ("format", pa.string()),
        ("cause", pa.string()),
        ("detail", pa.string()),
        ("first_bytes", pa.binary()),
    ]
)
"""Columns of a quarantine shard: what is kept of a record that could not be read."""


def quarantine_table(bad: list[dict[str, Any]]) -> tuple[pa.Table, dict[str, Any]]:
    """The table of one quarantine shard, with its counts."""
    runs = _runs([record["key"] for record in bad])
    return pa.Table.from_pylist(bad, QUARANTINE), {"inputs": runs}


def _runs(keys: list[str]) -> list[tuple[str, int]]:
    """How many rows in a row come from each input."""
    return [(key, len(list(rows))) for key, rows in groupby(keys)]


def text_table(
    job: Job, source: Source, batch: Batch, limit: Limit | None = None
) -> tuple[pa.Table, dict[str, Any], Texts]:
    """One text shard: documents cleaned, with ids; what the cleaners took; the texts decoded."""
    documents = batch.documents
    ids = [
        document.id if document.id is not None else derived_id(key, document.place)
        for key, document in zip(batch.keys, documents, strict=True)
    ]
    cleaned = _cleaned(job, batch, ids, limit)
    table = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "text": cleaned.column,
            "source": pa.array(
                [document.source or source.name for document in documents], pa.string()
            ),
            "url": pa.array([document.url for document in documents], pa.string()),
            "license": pa.array(
                [document.license or source.license or "unknown" for document in documents],
                pa.string(),
            ),
            "date": pa.array([document.date for document in documents], pa.string()),
            "origin": _origins(batch),
            "extra": pa.array(batch.extra, pa.string()),
            "removed": pa.array(cleaned.removed, pa.int32()),
            "removed_lines": pa.array(cleaned.removed_lines, pa.int32()),
            "masked": pa.array(cleaned.masked, pa.int32()),
            "mended": pa.array(cleaned.mended, pa.int32()),
        }
    )
    if job.recipe.report.removed_lines:
        gone = [
            [asdict(one) for one in gone_lines(document.text, job.cleaners)] if changed else []
            for document, changed in zip(documents, cleaned.changed.tolist(), strict=True)
        ]
        table = table.append_column("gone", pa.array(gone, GONE))
    counts = {
        "inputs": _runs(batch.keys),
        "extra": batch.kinds,
        "removed": int(cleaned.removed.sum()),
        "masked": int(cleaned.masked.sum()),
        "mended": int(cleaned.mended.sum()),
    }
    return table, counts, cleaned.texts


def _origins(batch: Batch) -> pa.StructArray:
    """A row of `ORIGIN` for each document, column by column: a dict for each takes far longer."""
    documents = batch.documents
    columns: list[list[Any]] = [
        batch.keys,
        [document.place for document in documents],
        [document.declared for document in documents],
        [document.detected for document in documents],
        [document.encoding for document in documents],
        [document.replaced for document in documents],
        [document.media_type for document in documents],
    ]
    arrays = [pa.array(column, of.type) for column, of in zip(columns, ORIGIN, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(ORIGIN))


def documents_table(
    job: Job, source: Source, documents: Iterable[tuple[str, Document]]
) -> pa.Table:
    """A text shard of some documents of a source, each with the key of its input, cleaned."""
    batch = Batch()
    for key, document in documents:
        batch.add(key, document)
    return text_table(job, source, batch)[0]


def _cleaned(job: Job, batch: Batch, ids: list[str], limit: Limit | None) -> Cleaned:
    """The texts of a batch after cleaning; `FoundSlow` where one of them takes too long."""
    texts = pa.array([document.text for document in batch.documents], pa.large_string())

    def clean(table: pa.Table) -> Cleaned:
        column = table.column("text").combine_chunks()
        return clean_texts(column, job.cleaners, table.column("id").to_pylist())

    table = pa.table({"id": pa.array(ids, pa.string()), "text": texts})
    try:
        return limit.hold("clean", clean, table) if limit else clean(table)
    except SlowRows as slow:
        places = ((batch.keys[row], batch.documents[row].place, ids[row]) for row in slow.rows)
        raise FoundSlow(
            SlowRecord(*place, slow.step, row in slow.large)
            for row, place in zip(slow.rows, places, strict=True)
        ) from None


def derived_id(key: str, place: str) -> str:
    """An id from where a text stands: `a.html`, `a.jsonl@1024`, `a.parquet#row 5`."""
    return f"{key}{place}" if place[:1] in ("", "@", "!") else f"{key}#{place}"
