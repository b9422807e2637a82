"""
Columns: what a row of the release says, under which name and of which type.

Besides the text and where it comes from these are the signals that the recipe releases, the
user's own columns, and the verdict: buckets and group size of what is kept, reasons of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.recipe.buckets import SOURCE
from seimai.pipeline.stages import cut_passages
from seimai.pipeline.stages.buckets import PREFIX, names_of
from seimai.pipeline.stages.user_columns import wider_kind
from seimai.pipeline.stored_numbers import read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.buckets import Cut

MOST_COLUMNS = 500
"""Where records bring more columns than this, their names are data: one column holds the JSON."""

BASE = ("id", "text", "source", "url", "license", "date")

_KINDS = {
    "bool": pa.bool_(),
    "int": pa.int64(),
    "float": pa.float64(),
    "string": pa.string(),
    "json": pa.string(),
    "null": pa.string(),
}

Rows: TypeAlias = "NDArray[np.int64]"


def extra_kinds(job: Job, names: Sequence[str]) -> dict[str, str]:
    """The user's own columns over all shards, with the type that holds them everywhere."""
    kinds: dict[str, str] = {}
    for name in names:
        for column, kind in shard.required_sidecar(job.path("text", name)).counts["extra"].items():
            kinds[column] = wider_kind(kinds.get(column, "null"), kind)
    return dict(sorted(kinds.items()))


def schemas(job: Job, names: Sequence[str]) -> tuple[pa.Schema, pa.Schema, dict[str, str]]:
    """Columns of kept and rejected texts, and the names under which extra columns are released."""
    kinds = extra_kinds(job, names)
    together = len(kinds) > MOST_COLUMNS
    if together:
        kinds = {}
    signals = dict.fromkeys(job.recipe.release.signals)
    buckets = [f"{PREFIX}{name}" for name in job.recipe.buckets]
    taken = {*BASE, *signals, *buckets, *_REJECTED, DUPLICATE_IN, "dedup_group_size", TOKENS}
    taken |= {cut_passages.COUNT, cut_passages.CHARACTERS}
    renamed: dict[str, str] = {}
    for column in kinds:
        # A column of the user's may have the name of one of ours, even in its second form.
        name = column
        while name in taken or (name != column and name in kinds):
            name = f"extra_{name}"
        renamed[column] = name
        taken.add(name)
    fields = [
        pa.field(column, pa.large_string() if column == "text" else pa.string()) for column in BASE
    ]
    fields += [pa.field(renamed[column], _KINDS[kind]) for column, kind in kinds.items()]
    fields += [pa.field("extra", pa.string())] * together
    fields += [pa.field(name, pa.float32()) for name in signals]
    told = [pa.field(name, pa.string()) for name in buckets]
    told += [pa.field("dedup_group_size", pa.int64())]
    if cut_passages.cuts(job):
        told += [pa.field(one, pa.int64()) for one in (cut_passages.COUNT, cut_passages.CHARACTERS)]
    told += [pa.field(TOKENS, pa.int64())] * (job.recipe.release.tokenizer is not None)
    kept = pa.schema([*fields, *told])
    rejected = pa.schema([*fields, *(pa.field(name, kind) for name, kind in _REJECTED.items())])
    if job.recipe.dedup and job.recipe.dedup.against:
        rejected = rejected.append(pa.field(DUPLICATE_IN, pa.string()))
    return kept, rejected, renamed


TOKENS = "token_count"
"""A column of kept texts, where the recipe names a tokenizer."""

DUPLICATE_IN = "duplicate_in"
"""A column of rejected texts, where the recipe names an index: the earlier release that has the
text `duplicate_of`; null where that is a text of this release."""

_REJECTED = {
    "reasons": pa.list_(pa.string()),
    "first_reason": pa.string(),
    "values": pa.list_(pa.float32()),
    "duplicate_of": pa.string(),
    "similarity": pa.float32(),
}


def bucket_of(job: Job, name: str, cut: Cut, rows: Rows, verdict: pa.Table) -> pa.Array:
    """The bucket of some kept rows of a shard."""
    if cut.bucket.by == SOURCE:
        table = pick_rows(shard.read_table(job.path("text", name), ["source"]), rows)
        return names_of(cut, table.column("source").to_pylist())
    found = [
        signal_numbers(job, name, signal, rows, verdict).to_numpy() for signal in cut.bucket.signals
    ]
    return names_of(cut, np.array(found) if cut.bucket.highest else found[0])


def released_rows(
    job: Job,
    name: str,
    rows: Any,
    schema: pa.Schema,
    renamed: dict[str, str],
    cuts: Sequence[Cut] = (),
) -> pa.Table:
    """The given rows of a shard with the columns of the release."""
    text = pick_rows(shard.read_table(job.path("text", name), [*BASE, "extra"]), rows)
    verdict = pick_rows(shard.read_table(job.path("verdict", name)), rows)
    columns: dict[str, Any] = {column: text.column(column) for column in BASE}
    columns["extra"] = text.column("extra")
    columns |= _extra_columns(text.column("extra").to_pylist(), schema, renamed)
    for signal in job.recipe.release.signals:
        columns[signal] = signal_numbers(job, name, signal, rows, verdict)
    if "dedup_group_size" in schema.names:
        columns["dedup_group_size"] = verdict.column("group_size")
        if cut_passages.COUNT in schema.names:
            columns["text"] = cut_passages.released_texts(job, name, rows, text.column("text"))
            columns |= cut_passages.cut_counts(job, name, rows)
        if TOKENS in schema.names:
            counts = shard.read_table(job.path("counts", name), ["tokens"])
            columns[TOKENS] = pick_rows(counts, rows).column("tokens")
        columns |= {cut.column: bucket_of(job, name, cut, rows, verdict) for cut in cuts}
    else:
        columns["reasons"] = verdict.column("reasons")
        columns["first_reason"] = pc.list_element(verdict.column("reasons"), 0)
        columns["values"] = verdict.column("values")
        columns["duplicate_of"] = verdict.column("duplicate_of")
        columns["similarity"] = verdict.column("similarity")
        if DUPLICATE_IN in schema.names:
            columns[DUPLICATE_IN] = verdict.column(DUPLICATE_IN)
    return pa.table([columns[field.name] for field in schema], names=schema.names).cast(schema)


def pick_rows(table: pa.Table, rows: Rows) -> pa.Table:
    """Some rows of a table; rows that follow each other are not copied."""
    if rows.size and rows[-1] - rows[0] + 1 == rows.size:
        return table.slice(int(rows[0]), rows.size)
    return table.take(pa.array(rows))


def signal_numbers(
    job: Job, name: str, signal: str, rows: Rows, verdict: pa.Table
) -> pa.ChunkedArray:
    """The numbers of a signal; null for words of texts whose words nobody had to ask for."""
    if job.signals[signal].needs != "tokens":
        return pick_rows(read_numbers(job, name, [signal]), rows).column(signal)
    revealed = verdict.column("revealed")
    if not pc.any(revealed).as_py():
        return pa.chunked_array([pa.nulls(len(rows), pa.float32())])
    numbers = pick_rows(shard.read_table(job.path("words", name), [signal]), rows).column(signal)
    # What was measured for an earlier recipe must not show in this release.
    return pc.if_else(revealed, numbers, pa.scalar(None, pa.float32()))


def _extra_columns(
    stored: Sequence[str | None], schema: pa.Schema, renamed: dict[str, str]
) -> dict[str, pa.Array]:
    """The user's columns from their JSON, each in its one type; nested values stay JSON."""
    if not renamed:
        return {}
    rows = [orjson.loads(value) if value else {} for value in stored]
    columns = {}
    for column, name in renamed.items():
        kind = schema.field(name).type
        values = [row.get(column) for row in rows]
        if pa.types.is_string(kind):
            values = [
                value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
                for value in values
            ]
        elif pa.types.is_floating(kind):
            # Arrow refuses whole numbers that a float cannot hold exactly.
            values = [None if value is None else float(value) for value in values]
        columns[name] = pa.array(values, kind)
    return columns
