"""
A mix as files: `mix.parquet`, and what a training run reads.

A blend copies no ids: Megatron reads `NAME.idx` beside a link to the `.bin` that was there
already. `single` is one data set in the order of training, `texts` the texts themselves.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.delivery.draw import Counts
from seimai.pipeline.delivery.megatron import index_bytes, open_indexed, write_ids
from seimai.pipeline.delivery.order import Order, names_of
from seimai.pipeline.delivery.stock import Stock
from seimai.pipeline.delivery.text_shards import write_texts

PLAN_ROWS = 1_000_000
"""Rows of `mix.parquet` that are made at a time."""


def write_mix(
    kind: str, stocks: list[Stock], rows: Counts, given: Sequence[int], out: Path
) -> None:
    """
    Write a mix of the `kind` that its file names: `blend`, `single`, `texts` or `plan`.

    `rows` are rows over all stocks, one after the other, in the order of training; `given` are
    the tokens of each.
    """
    first = np.cumsum([0, *(stock.tokens.size for stock in stocks)])
    which = np.searchsorted(first, rows, side="right") - 1
    order = Order(
        stocks,
        which,
        rows - first[which],
        np.concatenate([stock.sequence for stock in stocks])[rows],
        np.concatenate([stock.tokens for stock in stocks])[rows],
    )
    _write_plan(order, out)
    if kind == "single":
        _write_single(order, out)
    elif kind == "blend":
        _write_blend(order, given, out)
    elif kind == "texts":
        write_texts(order, out)


def _write_plan(order: Order, out: Path) -> None:
    """`mix.parquet`: which text comes when, of which draw."""
    labels = pa.array([stock.draw.label for stock in order.stocks])
    schema = pa.schema(
        [
            ("draw", pa.dictionary(pa.int32(), pa.string())),
            ("id", pa.string()),
            ("sequence", pa.int64()),
            ("tokens", pa.int64()),
        ]
    )
    temporary = out / f".mix.parquet{shard.TEMPORARY}"
    with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        for at in range(0, order.which.size, PLAN_ROWS):
            part = slice(at, at + PLAN_ROWS)
            which = order.which[part]
            draw = pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), labels)
            ids = names_of(order, part).cast(pa.string())
            columns = [draw, ids, pa.array(order.sequence[part]), pa.array(order.tokens[part])]
            writer.write_table(pa.table(columns, schema=schema), PLAN_ROWS)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.replace(out / "mix.parquet")
    shard.sync_folder(out)


def _write_single(order: Order, out: Path) -> None:
    """One data set with the ids themselves, in the order of training."""
    found = [open_indexed(stock.folder / "train") for stock in order.stocks]
    pairs = zip(order.which, order.sequence, strict=True)
    write_ids(out / "mix.bin", (found[k].document(at) for k, at in pairs))
    dtype = np.dtype(order.stocks[0].record["dtype"])
    shard.write_bytes(out / "mix.idx", index_bytes(dtype, order.tokens))


def _write_blend(order: Order, given: Sequence[int], out: Path) -> None:
    """An index for each draw over the ids that are there, and the counts for Megatron."""
    lines, blend = [], []
    for k, stock in enumerate(order.stocks):
        label = stock.draw.label
        found = open_indexed(stock.folder / "train")
        mine = order.sequence[order.which == k]
        dtype = np.dtype(stock.record["dtype"])
        index = index_bytes(dtype, found.lengths[mine], found.pointers[mine])
        _link(stock.folder / "train.bin", out / f"{label}.bin")
        shard.write_bytes(out / f"{label}.idx", index)
        lines.append(f'TRAIN_DATA_PATH="${{TRAIN_DATA_PATH}} {given[k]} ${{MIX}}/{label}"')
        blend += [str(given[k]), label]
    head = [
        f"# {sum(given)} tokens; each prefix with its exact number, repeats among them.",
        'MIX="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
        'TRAIN_DATA_PATH=""',
    ]
    shard.write_bytes(out / "train_data.sh", "\n".join([*head, *lines, ""]).encode())
    shard.write_bytes(out / "blend.json", orjson.dumps({"train": blend}) + b"\n")


def _link(there: Path, here: Path) -> None:
    """A second name for the ids; they stay as they are when their folder is made again."""
    here.unlink(missing_ok=True)
    try:
        os.link(there, here)
    except OSError:
        here.symlink_to(os.path.relpath(there, here.parent))
