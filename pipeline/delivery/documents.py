"""
`documents.parquet`: a row for each text of a token folder, with every number that is known of it.

It is written piece by piece, so that memory does not grow with the release: one row group each,
in the order of the texts. A mix needs nothing else to decide what is drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.delivery.pieces import Piece
from seimai.pipeline.inspect.released import Released

MOST_WORDS = 1_000
"""A column of more different words than this names texts, not kinds of them."""

NAMES = frozenset({"id", "text", "url", "date"})
"""Strings that are different for each text; they are not looked at."""

COUNTED = pa.schema(
    [("id", pa.string()), ("tokens", pa.int64()), ("unknown", pa.int64()), ("split", pa.int8())]
)
"""What a piece says of each of its texts."""


@dataclass
class Documents:
    """What was counted while the rows were written."""

    rows: int = 0
    tokens: int = 0
    unknown: int = 0
    counts: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Texts and tokens for each combination of words in the columns that are counted by."""


def write_documents(
    released: Released, pieces: Sequence[Piece], path: Path, by: Sequence[str]
) -> Documents:
    """Write the rows of all pieces to `path`; tokens are counted by the columns `by`."""
    found = Documents(counts={name: {} for name in by})
    columns = list(_columns(released))
    schema = pa.schema([*COUNTED, *columns])
    temporary = path.with_name(f".{path.stem}{shard.TEMPORARY}")
    with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for piece in pieces:
            table = _rows(piece, schema)
            writer.write_table(table, max(table.num_rows, 1))
            _count(table, found)
    temporary.replace(path)
    return found


def _rows(piece: Piece, schema: pa.Schema) -> pa.Table:
    table = shard.read_table(Path(piece.out), COUNTED.names)
    wanted = [name for name in schema.names if name not in COUNTED.names]
    with pq.ParquetFile(piece.file) as file:
        told = file.read_row_group(piece.row_group, columns=wanted, use_threads=False)
    told = told.slice(piece.first, piece.rows)
    for name in wanted:
        table = table.append_column(name, told.column(name))
    return table.select(schema.names).cast(schema)


def _columns(released: Released) -> Iterator[pa.Field]:
    """Numbers, and words of which there are not too many; those of a piece come before them."""
    files = released.files("data")
    schema = pq.read_schema(files[0])
    words = {
        one.name: one
        for one in schema
        if pa.types.is_string(one.type) and one.name not in NAMES and one.name != "source"
    }
    told: dict[str, set[str]] = {name: set() for name in words}
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=sorted(told), use_threads=False):
                for name in [one for one in batch.schema.names if one in told]:
                    told[name].update(pc.unique(batch.column(name)).to_pylist())
                told = {name: some for name, some in told.items() if len(some) <= MOST_WORDS}
    numbers = [one for one in schema if _is_number(one.type)]
    yield pa.field("source", pa.string())
    for one in [*numbers, *(words[name] for name in words if name in told)]:
        if one.name not in COUNTED.names:
            yield pa.field(one.name, one.type)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _count(table: pa.Table, found: Documents) -> None:
    tokens = table.column("tokens").to_pylist()
    found.rows += table.num_rows
    found.tokens += sum(tokens)
    found.unknown += pc.sum(table.column("unknown")).as_py() or 0
    for name, counts in found.counts.items():
        if name not in table.column_names:
            continue
        words = ["" if one is None else str(one) for one in table.column(name).to_pylist()]
        sums: Counter[str] = Counter()
        for word, count in zip(words, tokens, strict=True):
            sums[word] += count
        for word, texts in Counter(words).items():
            have = counts.setdefault(word, [0, 0])
            have[0] += texts
            have[1] += sums[word]
