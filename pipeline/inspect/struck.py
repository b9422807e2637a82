"""
What cleaners took out of a text of a finished run, where the run did not store it.

Stages hold the clean text and count what went. The document is therefore read once more from its
input and cleaned once more: readers and cleaners give the same each time. Whether the input still
says what it said is told by the result, which has to be the stored text letter by letter.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.ingest.contract import Document, Input
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Source
    from seimai.pipeline.stages.gone import Gone

MOST_BYTES = 64_000_000
"""Larger inputs are not read for the sake of one text, but for lines, which are found at once."""

LINES = (".jsonl", ".ndjson")
"""Names of files of which a record can be read alone, where its place is known."""

_OFFSET = re.compile(r"@(\d+)")


def gone_again(
    job: Job, shard: str, origin: Mapping[str, str | None], text: str
) -> tuple[Gone, ...]:
    """
    What the cleaners of the run take out of the document that became `text`.

    `shard` is the name of the file that the text stands in, and `origin` its `key` and `place`.
    Nothing, if the document cannot be had: the input is remote, too large, gone or changed, or
    cleaners have changed since.
    """
    from seimai.pipeline.stages.gone import gone_lines

    with suppress(Problem, OSError):
        for document in _documents(job, shard, origin["key"] or "", origin["place"] or ""):
            if _cleaned(job, document.text) == text:
                return gone_lines(document.text, job.cleaners)
    return ()


def _cleaned(job: Job, text: str) -> str | None:
    import pyarrow as pa

    from seimai.pipeline.stages.clean import clean_texts

    cleaned = clean_texts(pa.array([text], pa.large_string()), job.cleaners)
    only: str | None = cleaned.column.to_pylist()[0]
    return only


def _documents(job: Job, shard: str, key: str, place: str) -> Iterator[Document]:
    """The document at a place of an input, as often as it can be read: at most twice."""
    from seimai.pipeline.engine.shards.text_shards import read_options
    from seimai.pipeline.ingest import read
    from seimai.pipeline.ingest.contract import Document

    found = _input(job, shard, key)
    if found is None:
        return
    source, part = found
    for one in _narrow(part, place):
        for item in read(one, read_options(source)):
            if isinstance(item, Document) and item.place == place:
                yield item
                break


def _input(job: Job, shard: str, key: str) -> tuple[Source, Input] | None:
    """The source and the part of an input that the split of a shard has read."""
    from seimai.pipeline.engine.planning.jobs import load_job

    made, plan = load_job(job.out)
    name = shard.rpartition("-")[0]
    for split in plan.splits:
        for one in split.inputs if split.name == name else ():
            # Nothing is asked of a network or a database for the sake of an explanation.
            if one.key == key and one.path and "://" not in one.path:
                return made.recipe.source[split.source], one
    return None


def _narrow(part: Input, place: str) -> Iterator[Input]:
    """A part of a file of lines in which only the wanted record begins, then the whole part."""
    offset = _OFFSET.fullmatch(place)
    if offset and part.path.endswith(LINES):
        yield replace(part, start=int(offset[1]), end=int(offset[1]) + 1)
    if part.size <= MOST_BYTES:
        yield part
