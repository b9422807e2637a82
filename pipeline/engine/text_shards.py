"""
Text shards: read and clean a split of the input, and quarantine what cannot be read.

The first stage, and the only one that sees inputs. It holds one shard at a time, whatever the
size of the input, and ends with the ledger of the split, which says what became of every record.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import asdict, fields
from itertools import count as count_from
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine import fingerprints, ledger, slow_records
from seimai.pipeline.engine.gathered import Batch, Tally
from seimai.pipeline.engine.slow_records import FoundSlow, SlowRecord
from seimai.pipeline.engine.surroundings import Interfered, Unfinished, doubt
from seimai.pipeline.engine.time_limit import SlowRows, alive
from seimai.pipeline.ingest import read
from seimai.pipeline.ingest.contract import (
    FIRST_BYTES,
    SURROUNDINGS,
    Cause,
    Document,
    Item,
    ReadOptions,
    Skipped,
    Unreadable,
)
from seimai.pipeline.ingest.records.formatted import markup_of
from seimai.pipeline.recipe import Source
from seimai.pipeline.stages.clean import Cleaned, clean_texts
from seimai.pipeline.stages.gone import COLUMN as GONE
from seimai.pipeline.stages.gone import gone_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seimai.pipeline.engine.plan import Split
    from seimai.pipeline.engine.records import LedgerRecord
    from seimai.pipeline.engine.time_limit import Limit
    from seimai.pipeline.job import Job
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
"""Where a text comes from and how its bytes were read."""

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
"""What is kept of a record that could not be read."""


RECORDS = frozenset({"jsonl", "json", "parquet", "arrow", "csv", "datasets", "sql"})
"""Formats whose texts say nothing of what they are written in."""

LOOKED_FIRST, LOOKED_EVERY = 200, 16
"""Looking takes a tenth of the time that reading JSON lines does; a sample tells the share."""

DOUBTFUL = frozenset({"damaged", "truncated"})
"""Causes that a bad disk or a cut transfer gives as well as bad content."""


def read_split(
    job: Job, split: Split, limit: Limit | None = None
) -> Iterator[tuple[str, pa.Table | None, Texts | None]]:
    """
    Read and clean a split into text shards: the name of each, its table and texts if just made.

    A split that was finished with the same fingerprint is not read again. One that was cut off is
    read again, and a shard of it is written again where it does not hold the same bytes.

    Raises `Interfered` where inputs could not be reached, or became others while they were read:
    then the split is not finished, and names all of them. Raises `FoundSlow` where cleaning a
    record takes longer than `limit` allows.
    """
    fingerprint = fingerprints.text_fingerprint(job, split)
    done = ledger.read(job, split)
    if done is not None:
        for name in done["shards"]:
            yield name, None, None
        return
    ledger.forget(job, split)
    crash_point("split-begun")
    source = job.recipe.source[split.source]
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    shards: list[str] = []
    quarantine: list[str] = []
    quarantined = 0
    for batch in _batches(job, split, tallies):
        bad = isinstance(batch, list)
        stage, names = ("quarantine", quarantine) if bad else ("text", shards)
        name = f"{split.name}-{len(names):03d}"
        if isinstance(batch, list):
            texts = None
            table, counts = _quarantine_table(batch)
            quarantined += len(batch)
        else:
            table, counts, texts = text_table(job, source, batch, limit)
        path, mark = job.path(stage, name), f"{fingerprint}:{len(names)}"
        data = shard.to_parquet(table)
        there = shard.read_sidecar(path, mark)
        # What an earlier try wrote may be of an input that has changed since.
        if there is None or there.digest != xxhash.xxh3_128_hexdigest(data):
            shard.write_shard(path, table, mark, counts, data)
        names.append(name)
        if not bad:
            yield name, table, texts
    record: LedgerRecord = {
        "fingerprint": fingerprint,
        "shards": shards,
        "quarantine": quarantine,
        "read": quarantined + sum(tally.documents for tally in tallies.values()),
        "quarantined": quarantined,
        "formats": {name: tally.as_record() for name, tally in sorted(tallies.items())},
    }
    crash_point("before-ledger")
    shard.write_sealed(ledger.path_of(job, split), record)
    crash_point("after-ledger")


def _batches(
    job: Job, split: Split, tallies: Mapping[str, Tally]
) -> Iterator[Batch | list[dict[str, Any]]]:
    """
    Documents of a split in shards, and between them what could not be read, in lists.

    After a fault of the surroundings nothing more is given; the other inputs are still read, so
    that `Interfered`, which ends it, names all that need looking at.
    """
    source = job.recipe.source[split.source]
    options = read_options(source)
    batch = Batch()
    bad: list[dict[str, Any]] = []
    remaining = split.max_records if split.max_records is not None else sys.maxsize
    faults: list[Unfinished] = []
    slow = slow_records.known(job, split.name)
    position = slow_records.Position(job, split.name)
    for number, (one, digest) in enumerate(zip(split.inputs, split.digests, strict=True)):
        damaged = False
        fault: tuple[str, str] | None = None
        items = map(_not_empty, read(one, options))
        for item in _timed(items, one.key, slow, source.max_seconds, position, number):
            tally = tallies[item.format]
            if isinstance(item, Document):
                if not remaining:
                    break
                remaining -= 1
                batch.add(one.key, item)
                if item.format in RECORDS and source.text_format == "plain":
                    _look(tally, item)
                tally.documents += 1
                if item.encoding:
                    tally.encodings[item.encoding] += 1
                if batch.full:
                    if not faults:
                        yield batch
                    batch = Batch()
            elif isinstance(item, Unreadable):
                if item.cause in SURROUNDINGS:
                    fault = (item.cause, item.detail)
                    break
                damaged |= item.cause in DOUBTFUL
                bad.append({"source": source.name, "key": one.key, **asdict(item)})
                tally.quarantined[item.cause] += 1
                if item.rest and one.key not in tally.gave_up:
                    tally.gave_up.append(one.key)
                if len(bad) >= shard.SHARD_ROWS:
                    if not faults:
                        yield bad
                    bad = []
            elif isinstance(item, Skipped):
                tally.skipped[item.cause] += item.count
        fault = fault or doubt(one, digest, damaged=damaged)
        if fault:
            faults.append(Unfinished(source.name, one.key, *fault))
    position.close()
    if faults:
        raise Interfered(faults)
    if bad:
        yield bad
    if batch.documents:
        yield batch


def _timed(
    items: Iterator[Item],
    key: str,
    slow: Mapping[tuple[str, str], SlowRecord],
    seconds: float,
    position: slow_records.Position,
    number: int,
) -> Iterator[Item]:
    """What a reader gives, with its place noted while it works; known slow records put aside."""
    for count in count_from(0):
        if slow and (stuck := slow.get((key, slow_records.nth(count)))):
            # Where the reader never came back from, nothing after it can be read.
            yield Unreadable(stuck.place, stuck.cause, stuck.detail(seconds), rest=True)
            return
        position.reading(number, count)
        item = next(items, None)
        position.elsewhere()
        alive()
        if item is None:
            return
        if slow and (known := slow.get((key, item.place))) and isinstance(item, Document):
            item = _put_aside(item, known, seconds)
        yield item


def _not_empty(item: Item) -> Item:
    """A document of blanks is none: it has one cause, and not as many as there are limits."""
    if isinstance(item, Document) and (not item.text or item.text.isspace()):
        cause: Cause = "no_text" if item.format in RECORDS else "empty"
        return Unreadable(item.place, cause, "the text is empty", b"", item.format)
    return item


def _put_aside(document: Document, known: SlowRecord, seconds: float) -> Unreadable:
    """A document that took too much before, as what goes to quarantine."""
    first = document.text[:FIRST_BYTES].encode()[:FIRST_BYTES]
    detail = known.detail(seconds)
    return Unreadable(document.place, known.cause, detail, first, document.format)


SHARED_OPTIONS = tuple(
    option.name
    for option in fields(ReadOptions)
    # In a recipe `license` is the licence itself, for a reader it is the column that has it.
    if option.name in Source.model_fields and option.name != "license"
)
"""What a source of a recipe and its reader are both told, by the same name."""


def read_options(source: Source) -> ReadOptions:
    """How to read a source of a recipe."""
    options = {name: getattr(source, name) for name in SHARED_OPTIONS}
    return ReadOptions(**{**options, "main": tuple(source.main.items())})


def _look(tally: Tally, document: Document) -> None:
    """Whether a text of a record is markup, of the first and of every so many after them."""
    if tally.documents < LOOKED_FIRST or tally.documents % LOOKED_EVERY == 0:
        tally.looked += 1
        found = markup_of(document.text)
        if found:
            tally.markup[found] += 1


def _quarantine_table(bad: list[dict[str, Any]]) -> tuple[pa.Table, dict[str, Any]]:
    """One quarantine shard."""
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
            "origin": pa.array(
                [
                    {
                        "key": key,
                        "place": document.place,
                        "declared": document.declared,
                        "detected": document.detected,
                        "encoding": document.encoding,
                        "replaced": document.replaced,
                        "media_type": document.media_type,
                    }
                    for key, document in zip(batch.keys, documents, strict=True)
                ],
                ORIGIN,
            ),
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
