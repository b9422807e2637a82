"""
The stages that run shard by shard: read and clean, measure, sketch, tokenize.

Each is a plain function over files: it knows no worker, no engine and no clock. What a worker
just wrote it keeps in hand for the next stage, so that a text is read from its source once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from seimai.pipeline import ledger, shard
from seimai.pipeline.clean import clean_texts
from seimai.pipeline.ingest import read
from seimai.pipeline.ingest.contract import Document, ReadOptions, Skipped, Unreadable
from seimai.pipeline.measure import measure
from seimai.pipeline.plan import Job, Unit
from seimai.pipeline.signal import chosen
from seimai.pipeline.sketch import sketch
from seimai.pipeline.text import Texts
from seimai.pipeline.tokenize import tokenize, tokens_of

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
        ("cause", pa.string()),
        ("detail", pa.string()),
        ("first_bytes", pa.binary()),
    ]
)
"""What is kept of a record that could not be read."""


@dataclass
class _Pending:
    """Documents read and not yet written."""

    documents: list[tuple[str, str, Document]]
    size: int = 0


def read_unit(job: Job, unit: Unit) -> Iterator[tuple[str, pa.Table | None]]:
    """
    Read and clean a unit into text shards: gives the name of each, and its table if just made.

    A unit that was finished with the same fingerprint is not read again. One that was cut off is
    read again, but its finished shards are not written again.
    """
    made_by = job.text_fingerprint(unit)
    done = ledger.read(job, unit)
    if done is not None:
        for name in done["shards"]:
            yield name, None
        return
    source = job.recipe.source[unit.source]
    tally = _Tally()
    shards: list[str] = []
    quarantined: list[dict[str, Any]] = []
    for batch in _batches(job, unit, tally, quarantined):
        name = f"{unit.name}-{len(shards):03d}"
        table, counts = _polish(job, source.name, source.license, batch)
        path = job.path("text", name)
        if shard.read_sidecar(path, f"{made_by}:{len(shards)}") is None:
            shard.write_shard(path, table, f"{made_by}:{len(shards)}", counts)
        shards.append(name)
        yield name, table
    if quarantined:
        shard.write_shard(
            job.path("quarantine", unit.name),
            pa.Table.from_pylist(quarantined, QUARANTINE),
            made_by,
        )
    shard.write_json(
        ledger.path_of(job, unit),
        {
            "fingerprint": made_by,
            "shards": shards,
            "read": tally.documents + len(quarantined),
            "quarantined": len(quarantined),
            "skipped": tally.skipped,
            "formats": tally.formats,
            "causes": tally.causes,
        },
    )




@dataclass
class _Tally:
    documents: int = 0
    skipped: dict[str, int] | None = None
    formats: dict[str, int] | None = None
    causes: dict[str, int] | None = None

    def __post_init__(self) -> None:
        self.skipped, self.formats, self.causes = {}, {}, {}


def _batches(
    job: Job, unit: Unit, tally: Any, quarantined: list[dict[str, Any]]
) -> Iterator[list[tuple[str, Document]]]:
    """Documents of a unit in shards of about `SHARD_BYTES`, with the key of their input."""
    source = job.recipe.source[unit.source]
    options = ReadOptions(
        format=source.format,
        text=source.text,
        id=source.id,
        url=source.url,
        date=source.date,
        max_record=source.max_record,
    )
    batch: list[tuple[str, Document]] = []
    size = 0
    full = False
    for one in unit.inputs:
        if full:
            break
        for item in read(one, options):
            if job.limit is not None and tally.documents + len(quarantined) >= job.limit:
                full = True
                break
            if isinstance(item, Document):
                batch.append((one.key, item))
                # Three bytes a character is right for Japanese and generous for the rest; the
                # exact size would cost an encoding of every text.
                size += 3 * len(item.text)
                tally.documents += 1
                kind = f"{item.media_type} {item.encoding or ''}".strip()
                tally.formats[kind] = tally.formats.get(kind, 0) + 1
                if size >= shard.SHARD_BYTES or len(batch) >= shard.SHARD_ROWS:
                    yield batch
                    batch, size = [], 0
            elif isinstance(item, Unreadable):
                quarantined.append({"source": source.name, "key": one.key, **_fields(item)})
                tally.causes[item.cause] = tally.causes.get(item.cause, 0) + 1
            elif isinstance(item, Skipped):
                tally.skipped[item.cause] = tally.skipped.get(item.cause, 0) + item.count
    if batch:
        yield batch


def _fields(item: Unreadable) -> dict[str, Any]:
    return asdict(item)


def _polish(
    job: Job, source: str, license_: str | None, batch: list[tuple[str, Document]]
) -> tuple[pa.Table, dict[str, Any]]:
    """One text shard: documents cleaned, with ids, and what the cleaners took."""
    documents = [document for _, document in batch]
    ids = [
        document.id if document.id is not None else f"{key}{document.place}"
        for key, document in batch
    ]
    cleaned = clean_texts(
        pa.array([document.text for document in documents], pa.large_string()), job.cleaners, ids
    )
    kinds: dict[str, str] = {}
    for document in documents:
        for name, value in (document.extra or {}).items():
            kinds[name] = _wider(kinds.get(name), value)
    table = pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "text": cleaned.column,
            "source": pa.array([document.source or source for document in documents], pa.string()),
            "url": pa.array([document.url for document in documents], pa.string()),
            "license": pa.array(
                [document.license or license_ or "unknown" for document in documents], pa.string()
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
                    for key, document in batch
                ],
                ORIGIN,
            ),
            "extra": pa.array(
                [
                    orjson.dumps(document.extra, default=str).decode() if document.extra else None
                    for document in documents
                ],
                pa.string(),
            ),
            "removed": pa.array(cleaned.removed, pa.int32()),
            "masked": pa.array(cleaned.masked, pa.int32()),
        }
    )
    counts = {"extra": kinds, "removed": int(cleaned.removed.sum()), "masked": int(cleaned.masked.sum())}
    return table, counts


def _wider(known: str | None, value: Any) -> str:
    """The narrowest column type that holds what was seen so far: bool, int, float, string, json."""
    if value is None:
        return known or "null"
    kind = (
        "bool"
        if isinstance(value, bool)
        else "int"
        if isinstance(value, int) and -(2**63) <= value < 2**63
        else "float"
        if isinstance(value, float)
        else "string"
        if isinstance(value, str)
        else "json"
    )
    return ledger.wider_kind(known or "null", kind)



# --- shard to sibling shard ----------------------------------------------------------------


def measure_shard(job: Job, name: str, text: pa.Table | None) -> None:
    """Character signals of a text shard, and the bytes of each text."""
    signals = chosen(job.signals, "characters")
    path, made_by = job.path("signals", name), ledger.signals_fingerprint(job, name)
    if shard.read_sidecar(path, made_by):
        return
    table = shard.read_table(job.path("text", name)) if text is None else text
    texts = _texts(table)
    numbers = measure(texts, signals, table.column("id"))
    shard.write_shard(path, numbers.append_column("bytes", pa.array(texts.bytes)), made_by)



def sketch_shard(job: Job, name: str, text: pa.Table | None) -> None:
    """Exact hashes, MinHash signatures and band hashes of a text shard."""
    settings = job.recipe.dedup
    if settings is None:
        return
    path, made_by = job.path("sketch", name), ledger.sketch_fingerprint(job, name)
    if shard.read_sidecar(path, made_by):
        return
    table = shard.read_table(job.path("text", name), ["id", "text"]) if text is None else text
    texts = _texts(table)
    if settings.unit == "word":
        texts = Texts(texts.column, tokens_of(texts, tokenize(texts)))
    shard.write_shard(path, sketch(texts, settings), made_by)



def tokenize_shard(job: Job, name: str, rows: list[int]) -> None:
    """
    Tokens and word signals of the given rows, added to those the shard has already.

    Rows without tokens are null in `tokens/` and nan, with `measured` false, in `words/`.
    """
    path = job.path("tokens", name)
    made_by = ledger.tokens_fingerprint(job, name)
    table = shard.read_table(job.path("text", name), ["id", "text"])
    have = np.zeros(table.num_rows, bool)
    old: pa.Table | None = None
    if shard.read_sidecar(path, made_by):
        old = shard.read_table(path)
        have = ~old.column("pos").is_null().to_numpy()
    wanted = np.zeros(table.num_rows, bool)
    wanted[rows] = True
    new = wanted & ~have
    if new.any():
        part = _texts(table.filter(pa.array(new)))
        made = tokenize(part, job.recipe.tokens.max_chars)
        merged = _merge(old, have, made, new)
        shard.write_shard(path, merged, made_by, {"measured": int((have | new).sum())})
    else:
        merged = old
    _measure_words(job, name, table, merged, have | new)


def _merge(old: pa.Table | None, have: Any, made: pa.Table, new: Any) -> pa.Table:
    """One row per text: the old rows, the new ones at their places, null elsewhere."""
    place = np.full(have.size, -1, np.int64)
    place[new] = np.arange(int(new.sum()))
    if old is None:
        index = pa.array(place, mask=place < 0)
        return made.take(index)
    place[have] = made.num_rows + np.flatnonzero(have)
    both = pa.concat_tables([made, old]).combine_chunks()
    return both.take(pa.array(place, mask=place < 0))


def _measure_words(job: Job, name: str, table: pa.Table, tokens: pa.Table, have: Any) -> None:
    signals = chosen(job.signals, "tokens")
    path, made_by = job.path("words", name), ledger.words_fingerprint(job, name)
    known = shard.read_sidecar(path, made_by)
    if known and known.counts.get("measured") == int(have.sum()):
        return
    rows = pa.array(have)
    part = table.filter(rows)
    texts = Texts(_column(part))
    texts = Texts(texts.column, tokens_of(texts, tokens.filter(rows)))
    numbers = measure(texts, signals, part.column("id"))
    spread = {}
    for column in numbers.column_names:
        values = np.full(have.size, np.nan, np.float32)
        values[have] = numbers.column(column).to_numpy()
        spread[column] = values
    spread["measured"] = have
    shard.write_shard(path, pa.table(spread), made_by, {"measured": int(have.sum())})





def _column(table: pa.Table) -> pa.LargeStringArray:
    return table.column("text").combine_chunks().cast(pa.large_string())


def _texts(table: pa.Table) -> Texts:
    carried = {}
    if "removed" in table.column_names:
        carried["removed"] = table.column("removed").to_numpy()
        carried["replaced"] = (
            table.column("origin").combine_chunks().field("replaced").to_numpy(zero_copy_only=False)
        )
    return Texts(_column(table), carried=carried)
