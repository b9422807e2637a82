"""
Cut passages: texts as they are released, without what another text keeps of them.

Stages hold every text whole, and everything is measured and judged on the whole text. Where the
recipe says `dedup: {passages: {then: cut}}`, a file beside the verdicts says for each text which of
its spans go; whoever writes or counts what is released asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job

STAGE = "passages"
"""Name of the folder for what was found, beside those of other stages."""

LEDGER = "found"
"""Name of the file there that holds the counts."""

COUNT, CHARACTERS = "cut_passages", "cut_characters"
"""Columns of the release: how many spans of the text went, and how many characters they had."""

SPANS = pa.list_(pa.struct([("begin", pa.int32()), ("end", pa.int32()), ("keeper", pa.int64())]))
"""The spans of one text in their order; `keeper` is a row of the run."""


def without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """
    A text without some spans, which are in order.

    >>> without("あいうえお", [(0, 1), (3, 4)])
    'いうお'
    """
    edges = [0, *(place for span in spans for place in span), len(text)]
    return "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))


def cuts(job: Job) -> bool:
    """Whether the recipe has passages cut."""
    settings = job.recipe.dedup.passages if job.recipe.dedup else None
    return settings is not None and settings.then == "cut"


def digest(job: Job, name: str) -> list[str]:
    """What decides, beside the text, what is released of a shard; nothing where nothing is cut."""
    if not cuts(job):
        return []
    sidecar = shard.read_sidecar(job.path(STAGE, name))
    return [sidecar.digest if sidecar else ""]


def released_texts(job: Job, name: str, rows: Integers, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The kept texts of some rows of a shard as they are released."""
    if not cuts(job):
        return column
    spans = shard.read_table(job.path(STAGE, name), ["spans"])["spans"].take(pa.array(rows))
    wanted = np.flatnonzero(spans.combine_chunks().value_lengths().to_numpy() > 0)
    if not wanted.size:
        return column
    texts = column.to_pylist()
    for place, found in zip(wanted.tolist(), spans.take(wanted).to_pylist(), strict=True):
        texts[place] = without(texts[place], [(one["begin"], one["end"]) for one in found])
    return pa.chunked_array([pa.array(texts, column.type)])


def cut_counts(job: Job, name: str, rows: Integers) -> dict[str, pa.Array]:
    """The columns that say how much was cut from some texts of a shard."""
    table = shard.read_table(job.path(STAGE, name), ["spans", "characters"]).take(pa.array(rows))
    count = pc.list_value_length(table["spans"])
    return {COUNT: count.cast(pa.int64()), CHARACTERS: table["characters"]}


def cut_characters(job: Job, name: str) -> Integers | int:
    """How many characters go from each text of a shard; 0 where the recipe has nothing cut."""
    return _numbers(job, name, "characters")


def cut_bytes(job: Job, name: str) -> Integers | int:
    """How many bytes of UTF-8 go from each text of a shard; 0 where nothing is cut."""
    return _numbers(job, name, "bytes")


def _numbers(job: Job, name: str, column: str) -> Integers | int:
    if not cuts(job):
        return 0
    found: Integers = shard.read_table(job.path(STAGE, name), [column])[column].to_numpy()
    return found
