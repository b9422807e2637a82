"""A release on its way into an index: its kept texts, sketched, with their ids."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline.errors import Problem
from seimai.pipeline.index.lookup import asked
from seimai.pipeline.index.segments import TEXTS, Part
from seimai.pipeline.stages import previous
from seimai.pipeline.stages.sketch import shingle_sets, sketch
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seimai.pipeline.arrays import Codes, Integers
    from seimai.pipeline.stages.sketch import DedupSettings

BATCH = 4096
"""Texts that are sketched at a time."""


def release_of(out: Path) -> Path:
    """The release of a run, or the folder itself where it is one; else a `Problem`."""
    release = out / "release" if (out / "release").is_dir() else out
    if previous.outputs(release) is None:
        raise Problem("U011", path=str(out))
    return release


def name_of(out: Path) -> str:
    """
    What a release is called in an index: the name of its output folder.

    >>> from pathlib import Path
    >>> name_of(Path("/data/2025")), name_of(Path("/data/2025/release"))
    ('2025', '2025')
    """
    folder = out.resolve()
    return folder.parent.name if folder.name == "release" else folder.name


def state_of(release: Path) -> str:
    """A digest of the kept texts of a release: another report does not make it another."""
    files = data_files(release)
    return xxhash.xxh3_128_hexdigest("\n".join(f"{one} {digest}" for one, digest in files).encode())


def data_files(release: Path) -> list[tuple[str, str]]:
    """The files of kept texts in their order, with their digests."""
    listed = previous.outputs(release) or []
    return sorted((one["path"], one["sha256"]) for one in listed if one["path"].startswith("data/"))


def segments_of(
    release: Path, number: int, settings: DedupSettings
) -> Iterator[list[Iterator[Part]]]:
    """The texts of a release in as many segments as it takes; each is a list of parts to come."""
    files = [release / name for name, _ in data_files(release)]
    rows = [pq.read_metadata(path).num_rows for path in files]
    total = sum(rows)
    starts = [0, *accumulate(rows)]
    for begin in range(0, total, TEXTS):
        end = min(begin + TEXTS, total)
        yield [
            _parts(path, start, begin, end, number, settings)
            for path, start, count in zip(files, starts, rows, strict=False)
            if start < end and start + count > begin
        ]


def _parts(
    path: Path, start: int, begin: int, end: int, number: int, settings: DedupSettings
) -> Iterator[Part]:
    """The texts of a file whose rows in the release are in `range(begin, end)`."""
    row = start
    with pq.ParquetFile(path) as parquet:
        for batch in parquet.iter_batches(BATCH, columns=["id", "url", "text"]):
            low, high = max(begin - row, 0), min(end - row, batch.num_rows)
            if low < high:
                yield _part(batch.slice(low, high - low), row + low, number, settings)
            row += batch.num_rows


def _part(batch: pa.RecordBatch, row: int, number: int, settings: DedupSettings) -> Part:
    table, sets, first = sketched(batch.column("text"), settings)
    found = asked(table, settings.bands)
    return Part(
        release=np.full(batch.num_rows, number),
        row=np.arange(row, row + batch.num_rows),
        exact=found.exact,
        bands=found.bands,
        signed=found.signed,
        sets=sets,
        first=first,
        id=batch.column("id").to_pylist(),
        url=batch.column("url").to_pylist(),
    )


def sketched(texts: pa.Array, settings: DedupSettings) -> tuple[pa.Table, Codes, Integers]:
    """Sketches of texts, their shingles one text after the other, and where each begins."""
    some = Texts(texts.fill_null("").cast(pa.large_string()))
    if settings.unit == "word":
        from seimai.pipeline.stages.tokenize import tokenize, tokens_of

        some = some.with_tokens(tokens_of(some, tokenize(some)))
    return (sketch(some, settings), *shingle_sets(some, settings))
