"""Which columns of a Parquet or Arrow file are the text: by the recipe, by name, by content."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seimai.pipeline.ingest.contract import ReadOptions, Unreadable
from seimai.pipeline.ingest.records.fields import (
    find_text_columns,
    named_columns,
    without_columns,
)
from seimai.pipeline.ingest.records.prose_columns import prose_in

if TYPE_CHECKING:
    from collections.abc import Iterator


def chosen(batches: Iterator[Any], options: ReadOptions) -> tuple[ReadOptions, Any, Iterator[Any]]:
    """
    Options with the text columns, the schema, and the batches after it.

    Where neither the recipe nor a name says which columns are the text, what stands in the first
    batch does, as in a CSV file.
    """
    schema: Any = next(batches)
    texts = [one.name for one in schema if is_text(one.type) and schema.names.count(one.name) == 1]
    if not texts or named_columns(options) or find_text_columns(schema.names, options):
        return options, schema, batches
    held: list[Any] = []
    for batch in batches:
        held.append(batch)
        if not isinstance(batch, pa.RecordBatch):
            continue
        try:
            batch.validate(full=True)
            found = prose_in(batch, texts)
        except (pa.ArrowException, ValueError):
            found = ()
        return replace(options, text=found or None), schema, chain(held, batches)
    return options, schema, iter(held)


def no_texts(schema: pa.Schema, names: tuple[str, ...], options: ReadOptions) -> Unreadable | None:
    """Why this table has no texts, or None."""
    if not names:
        strings = [field.name for field in schema if is_text(field.type)]
        detail = without_columns(schema.names, options, strings[0] if strings else None)
        return Unreadable("", "no_text_column", detail)
    for name in names:
        if schema.names.count(name) > 1:
            return Unreadable("", "no_text_column", f"several columns are called “{name}”")
    if len(names) > 1 or is_text(schema.field(names[0]).type):
        return None
    detail = f"the text column “{names[0]}” holds {schema.field(names[0]).type}, not strings"
    return Unreadable("", "no_text_column", detail)


def is_text(kind: pa.DataType) -> bool:
    """Whether a column may hold texts: strings, or bytes that nobody said anything about."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return any(is_one(kind) for is_one in _TEXTS)


_TEXTS = (
    pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view,
    pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view,
)  # fmt: skip
"""Impala, old Hive and old Spark write strings into Parquet without saying that they are."""
