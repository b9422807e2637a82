"""
Stock: what one draw of a mix may take, from the `documents.parquet` of a token folder.

Rows are held as columns: names of texts in one Arrow buffer, numbers in arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash
from numpy.typing import NDArray

from seimai.pipeline import shard
from seimai.pipeline.delivery.draw import Counts, Floats, on_curve
from seimai.pipeline.delivery.mixfile import Draw
from seimai.pipeline.errors import Problem
from seimai.pipeline.names import nearest
from seimai.pipeline.recipe.limits import Limit
from seimai.pipeline.stages.placement import SPLITS, unit_hash

SHOWN = 3
"""At most this many ids are named in a sentence."""

CHUNK = 65_536
"""Names that are held as Python strings at the same time."""


@dataclass(frozen=True)
class Stock:
    """What one draw may take: the texts of its train split that are wanted at all."""

    draw: Draw
    folder: Path
    record: dict[str, Any]
    """The content of `tokens.json` of the folder."""
    ids: pa.Array
    sources: pa.DictionaryArray
    tokens: Counts
    sequence: Counts
    """The row of each text in `train.idx`."""
    rows: Counts
    """The row of each text in the release."""
    wanted: Floats
    """How often each text is wanted, relative to the others of the draw."""

    def chances(self, kind: str, seed: int) -> Floats:
        """A number from 0 to 1 for each text, from its name: the same wherever it lies."""
        parts = [
            unit_hash([f"{kind} {seed} {name}" for name in names]) for names in _chunks(self.ids)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)


def _chunks(ids: pa.Array) -> Iterator[list[str]]:
    return (ids.slice(at, CHUNK).to_pylist() for at in range(0, len(ids), CHUNK))


def read_stock(draw: Draw, folder: Path) -> Stock:
    """The stock of a draw. Raises `Problem` where something that it names is not there."""
    record = shard.read_sealed(folder / "tokens.json")
    if record is None:
        raise Problem("T021", path=str(folder))
    path = folder / "documents.parquet"
    fields = pq.read_schema(path)
    asked = [*draw.where, *draw.parts, draw.weight_by or "", draw.curve.by if draw.curve else ""]
    wanted_columns = {"id", "tokens", "source", "split", *(set(asked) & set(fields.names))}
    table = pq.read_table(path, columns=sorted(wanted_columns))
    train = table.column("split").to_numpy() == SPLITS.index("train")
    tokens = table.column("tokens").to_numpy().astype(np.int64)
    fit = train.copy()
    for name, limit in draw.where.items():
        fit &= keeps(_numbers(table, fields, name, draw), limit)
    for name, parts in (("source", draw.sources), *draw.parts.items()):
        if parts:
            fit &= _among(_words(table, fields, name, draw), parts, name, draw)
    wanted = fit.astype(np.float64)
    if draw.weight_by:
        numbers = _numbers(table, fields, draw.weight_by, draw)
        wanted *= np.maximum(np.nan_to_num(numbers, nan=1.0), 0)
    rows = np.flatnonzero(fit)
    wanted = wanted[rows]
    if draw.curve and draw.curve.is_of_parts:
        words = _words(table, fields, draw.curve.by, draw)
        _among(words, tuple(draw.curve.times), draw.curve.by, draw)
        times = pa.array([draw.curve.times.get(one, 0.0) for one in words.dictionary.to_pylist()])
        wanted *= times.take(words.indices.fill_null(0)).to_numpy()[rows] if len(times) else 0.0
    elif draw.curve:
        values = _numbers(table, fields, draw.curve.by, draw)[rows]
        wanted = wanted * on_curve(values, tokens[rows], draw.curve.points)
    return Stock(
        draw,
        folder,
        record,
        table.column("id").cast(pa.large_string()).take(rows).combine_chunks(),
        _words(table, fields, "source", draw).take(pa.array(rows)),
        tokens[rows],
        (np.cumsum(train) - 1)[rows],
        rows,
        wanted,
    )


def _numbers(table: pa.Table, fields: pa.Schema, name: str, draw: Draw) -> Floats:
    known = [field.name for field in fields if not pa.types.is_string(field.type)]
    if name not in known or name in {"split", "unknown"}:
        raise Problem("T008", column=name, path=draw.label, near=nearest(name, known))
    found: Floats = table.column(name).cast(pa.float64()).to_numpy()
    return found


def _words(table: pa.Table, fields: pa.Schema, name: str, draw: Draw) -> pa.DictionaryArray:
    known = [field.name for field in fields if pa.types.is_string(field.type)]
    if name not in known or name == "id":
        raise Problem("T008", column=name, path=draw.label, near=nearest(name, known))
    column = table.column(name).fill_null("").combine_chunks()
    return column.dictionary_encode()


def _among(
    words: pa.DictionaryArray, parts: tuple[str, ...], name: str, draw: Draw
) -> NDArray[np.bool_]:
    """Which texts have one of these words; a word that none has is a slip."""
    known = set(words.dictionary.to_pylist())
    unknown = [one for one in parts if one not in known]
    if unknown:
        told: dict[str, Any] = {
            "source": unknown[0],
            "name": draw.label,
            "near": nearest(unknown[0], known),
        }
        if name == "source":
            raise Problem("T022", **told)
        raise Problem("T031", column=name, known=", ".join(sorted(known)[:20]), **told)
    hits = pc.is_in(words.dictionary, pa.array(parts, words.dictionary.type))
    found: NDArray[np.bool_] = hits.to_numpy(zero_copy_only=False)[words.indices.to_numpy()]
    return found


def keeps(values: Floats, limit: Limit) -> NDArray[np.bool_]:
    """Which numbers keep to a limit, as a recipe means it."""
    low = -np.inf if limit.min is None else limit.min
    high = np.inf if limit.max is None else limit.max
    nothing = np.isnan(values)
    # Signals are stored as float32: a limit means the number that was stored for it.
    inside = (values >= np.float32(low)) & (values <= np.float32(high))
    return np.where(nothing, limit.empty == "keep", inside)


def refuse_other_tokenizers(stocks: list[Stock]) -> None:
    """Ids of two vocabularies in one data set would be nonsense."""
    first = stocks[0].record["tokenizer"]
    for stock in stocks[1:]:
        if stock.record["tokenizer"] != first:
            raise Problem("T023", one=stocks[0].draw.label, other=stock.draw.label)


def refuse_ids_twice(stocks: list[Stock]) -> None:
    """A text that two draws have would come more often than anybody asked for."""
    digest = xxhash.xxh3_64_intdigest
    hashes: list[NDArray[np.uint64]] = []
    for k, stock in enumerate(stocks):
        words = (digest(name.encode()) for names in _chunks(stock.ids) for name in names)
        hashes.append(np.fromiter(words, np.uint64, len(stock.ids)))
        for j, earlier in enumerate(hashes[:-1]):
            maybe = np.flatnonzero(np.isin(hashes[k], earlier))
            if not maybe.size:
                continue
            there = np.flatnonzero(np.isin(earlier, hashes[k][maybe]))
            both = set(stock.ids.take(maybe).to_pylist())
            both &= set(stocks[j].ids.take(there).to_pylist())
            if both:
                told: dict[str, Any] = {
                    "ids": ", ".join(sorted(both)[:SHOWN]),
                    "count": f"{len(both):,}",
                    "one": stocks[j].draw.label,
                    "other": stock.draw.label,
                }
                raise Problem("T024", **told)
