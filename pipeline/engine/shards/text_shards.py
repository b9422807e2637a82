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
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.planning import fingerprints, ledger
from seimai.pipeline.engine.planning.surroundings import Interfered, Unfinished, doubt
from seimai.pipeline.engine.shards.gathered import Batch, Tally
from seimai.pipeline.engine.shards.shard_tables import quarantine_table, text_table
from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.engine.workers.slow_records import SlowRecord
from seimai.pipeline.engine.workers.time_limit import alive
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
from seimai.pipeline.ingest.sniff import is_named_otherwise
from seimai.pipeline.recipe import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.engine.workers.time_limit import Limit
    from seimai.pipeline.job import Job
    from seimai.pipeline.text import Texts

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
            table, counts = quarantine_table(batch)
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
        items = map(not_empty, read(one, options))
        formats: set[str] = set()
        for item in _timed(items, one.key, slow, source.max_seconds, position, number):
            tally = tallies[item.format]
            if item.format not in formats:
                formats.add(item.format)
                if is_named_otherwise(one.path, item.format):
                    tally.add_named_otherwise(one.key)
            if isinstance(item, Document):
                if not remaining:
                    break
                remaining -= 1
                batch.add(one.key, item)
                if item.format in RECORDS and source.text_format == "plain":
                    _look(tally, item)
                tally.add_document(item)
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
                tally.add_unreadable(one.key, item)
                if len(bad) >= shard.SHARD_ROWS:
                    if not faults:
                        yield bad
                    bad = []
            elif isinstance(item, Skipped):
                tally.add_skipped(one.key, item)
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


def not_empty(item: Item) -> Item:
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
    """The options of a reader, as a source of a recipe sets them."""
    options = {name: getattr(source, name) for name in SHARED_OPTIONS}
    return ReadOptions(**{**options, "main": tuple(source.main.items())})


def _look(tally: Tally, document: Document) -> None:
    """Whether a text of a record is markup, of the first and of every so many after them."""
    if tally.documents < LOOKED_FIRST or tally.documents % LOOKED_EVERY == 0:
        tally.looked += 1
        found = markup_of(document.text)
        if found:
            tally.markup[found] += 1
