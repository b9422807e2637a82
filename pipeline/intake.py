"""
Take in: read and clean a unit of input into text shards, and set apart what cannot be read.

The first stage, and the only one that sees inputs. It holds one shard at a time, whatever the
size of the input, and ends with the ledger of the unit, which says what became of every record.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa

from seimai.pipeline import ledger, shard
from seimai.pipeline.clean import clean_texts
from seimai.pipeline.ingest import read
from seimai.pipeline.ingest.contract import Document, ReadOptions, Skipped, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.plan import Job, Unit

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


@dataclass
class _Tally:
    """What was met in one format while a unit was read."""

    documents: int = 0
    encodings: Counter[str] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    """By cause, as the next."""
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass
class _Batch:
    """Documents read and not yet written, with the keys of their inputs."""

    keys: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    extra: list[str | None] = field(default_factory=list)
    """The user's other columns of each document, as JSON."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Their names and types."""
    size: int = 0

    def add(self, key: str, document: Document) -> None:
        """Take a document in; its other columns are kept as text, so that their size is known."""
        extra = None
        if document.extra:
            extra = as_json(document.extra)
            for name, value in document.extra.items():
                self.kinds[name] = _wider(self.kinds.get(name), value)
            document.extra = None
        self.keys.append(key)
        self.documents.append(document)
        self.extra.append(extra)
        # Three bytes a character is right for Japanese and generous for the rest; the exact size
        # would cost an encoding of every text.
        self.size += 3 * len(document.text) + len(extra or "")

    @property
    def full(self) -> bool:
        """Whether it is large enough for a shard."""
        return self.size >= shard.SHARD_BYTES or len(self.documents) >= shard.SHARD_ROWS


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
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    shards: list[str] = []
    quarantine: list[str] = []
    quarantined = 0
    for batch in _batches(job, unit, tallies):
        bad = isinstance(batch, list)
        stage, names = ("quarantine", quarantine) if bad else ("text", shards)
        name = f"{unit.name}-{len(names):03d}"
        if isinstance(batch, list):
            table, counts = _set_apart(batch)
            quarantined += len(batch)
        else:
            table, counts = _polish(job, source.name, source.license, batch)
        path, mark = job.path(stage, name), f"{made_by}:{len(names)}"
        if shard.read_sidecar(path, mark) is None:
            shard.write_shard(path, table, mark, counts)
        names.append(name)
        if not bad:
            yield name, table
    shard.write_json(
        ledger.path_of(job, unit),
        {
            "fingerprint": made_by,
            "shards": shards,
            "quarantine": quarantine,
            "read": quarantined + sum(tally.documents for tally in tallies.values()),
            "quarantined": quarantined,
            "formats": {name: vars(tally) for name, tally in sorted(tallies.items())},
        },
    )


def _batches(
    job: Job, unit: Unit, tallies: Mapping[str, _Tally]
) -> Iterator[_Batch | list[dict[str, Any]]]:
    """Documents of a unit in shards, and between them what could not be read, in lists."""
    source = job.recipe.source[unit.source]
    options = ReadOptions(
        format=source.format,
        text=source.text,
        id=source.id,
        url=source.url,
        date=source.date,
        extract=source.extract,
        language=source.language,
        code=source.code,
        hidden=source.hidden,
        comments=source.comments,
        main=tuple(source.main.items()),
        max_record=source.max_record,
    )
    batch = _Batch()
    bad: list[dict[str, Any]] = []
    left = unit.limit if unit.limit is not None else sys.maxsize
    for one in unit.inputs:
        for item in read(one, options):
            tally = tallies[item.format]
            if isinstance(item, Document):
                if not left:
                    break
                left -= 1
                batch.add(one.key, item)
                tally.documents += 1
                if item.encoding:
                    tally.encodings[item.encoding] += 1
                if batch.full:
                    yield batch
                    batch = _Batch()
            elif isinstance(item, Unreadable):
                bad.append({"source": source.name, "key": one.key, **asdict(item)})
                tally.quarantined[item.cause] += 1
                if len(bad) >= shard.SHARD_ROWS:
                    yield bad
                    bad = []
            elif isinstance(item, Skipped):
                tally.skipped[item.cause] += item.count
    if bad:
        yield bad
    if batch.documents:
        yield batch


def _set_apart(bad: list[dict[str, Any]]) -> tuple[pa.Table, dict[str, Any]]:
    """One quarantine shard."""
    runs = _runs([record["key"] for record in bad])
    return pa.Table.from_pylist(bad, QUARANTINE), {"inputs": runs}


def _runs(keys: list[str]) -> list[tuple[str, int]]:
    """How many rows in a row come from each input."""
    return [(key, len(list(rows))) for key, rows in groupby(keys)]


def _polish(
    job: Job, source: str, license_: str | None, batch: _Batch
) -> tuple[pa.Table, dict[str, Any]]:
    """One text shard: documents cleaned, with ids, and what the cleaners took."""
    documents = batch.documents
    ids = [
        document.id if document.id is not None else _derived_id(key, document.place)
        for key, document in zip(batch.keys, documents, strict=True)
    ]
    cleaned = clean_texts(
        pa.array([document.text for document in documents], pa.large_string()), job.cleaners, ids
    )
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
                    for key, document in zip(batch.keys, documents, strict=True)
                ],
                ORIGIN,
            ),
            "extra": pa.array(batch.extra, pa.string()),
            "removed": pa.array(cleaned.removed, pa.int32()),
            "masked": pa.array(cleaned.masked, pa.int32()),
            "mended": pa.array(cleaned.mended, pa.int32()),
        }
    )
    counts = {
        "inputs": _runs(batch.keys),
        "extra": batch.kinds,
        "removed": int(cleaned.removed.sum()),
        "masked": int(cleaned.masked.sum()),
        "mended": int(cleaned.mended.sum()),
    }
    return table, counts


def _derived_id(key: str, place: str) -> str:
    """An id from where a text stands: `a.html`, `a.jsonl@1024`, `a.parquet#row 5`."""
    return f"{key}{place}" if place[:1] in ("", "@", "!") else f"{key}#{place}"


def as_json(extra: Mapping[str, Any]) -> str:
    """
    The user's columns as JSON; bytes become base64, what JSON cannot say becomes its `str`.

    >>> as_json({"a": 1, "b": b"x", "c": 2**70})
    '{"a":1,"b":"eA==","c":"1180591620717411303424"}'
    """
    try:
        return orjson.dumps(extra, _plainly, orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # Integers over 64 bits, nesting without end: only the column that holds them changes.
        return orjson.dumps({str(name): _sayable(value) for name, value in extra.items()}).decode()


def _plainly(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _sayable(value: Any) -> Any:
    try:
        return orjson.Fragment(orjson.dumps(value, _plainly, orjson.OPT_NON_STR_KEYS))
    except TypeError:
        return f"{value}".encode("utf-8", "replace").decode()


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
