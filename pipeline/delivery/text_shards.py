"""
A mix as texts: Parquet files in the order of training, copies and all, that `datasets` opens.

Texts lie in the order of their releases and are wanted in another, so they are sorted through
files: each release is read once, from its beginning, and every row is appended to a file beside
that has the rows of one shard; then each of these is sorted by itself. What is in memory is a row
group of a release, and one shard.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.delivery.draw import Counts
from seimai.pipeline.delivery.order import Order
from seimai.pipeline.delivery.stock import Stock
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.released import find_released

SHARD_TOKENS = 20_000_000
"""Tokens of a file: some eighty megabytes of Japanese, which are held a few times over."""

MOST_OPEN = 200
"""Files that are written at once; a mix of more shards reads its releases again for the others."""

GROUP_ROWS = 20_000
"""Rows of a row group."""

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("text", pa.large_string()),
        *((name, pa.string()) for name in ("source", "url", "license", "date", "draw")),
    ]
)

_PLACED = SCHEMA.append(pa.field("place", pa.int64()))


def write_texts(order: Order, out: Path) -> None:
    """Write `data/train-…` with the texts of a mix."""
    ends = np.cumsum(order.tokens)
    shards = np.maximum(ends - 1, 0) // SHARD_TOKENS
    # A text that is longer than a shard leaves a number without rows.
    numbers, shards = np.unique(shards, return_inverse=True)
    temporary = out / f".data{shard.TEMPORARY}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    count = max(len(numbers), 1)
    files = [release_files(stock) for stock in order.stocks]
    for first in range(0, count, MOST_OPEN):
        last = min(first + MOST_OPEN, count)
        _scatter(order, files, shards, range(first, last), temporary)
        for k in range(first, last):
            _gather(temporary / f"{k}.rows", temporary / f"train-{k:05d}-of-{count:05d}.parquet")
    shutil.rmtree(out / "data", ignore_errors=True)
    temporary.rename(out / "data")
    shard.sync_folder(out)


def release_files(stock: Stock) -> list[Path]:
    """
    The data files of the release that a stock is of, in the order of its rows.

    Raises `Problem` T033 where it is not the one that the tokens were made of.
    """
    path = Path(stock.draw.release or stock.record["release"])
    released = find_released(path)
    if released.release is None:
        raise Problem("T006", path=str(path))
    told = {file["path"]: [file["rows"], file["sha256"]] for file in released.run["outputs"]}
    known = {name: rest for name, *rest in stock.record["files"]}
    if known != {name: rest for name, rest in told.items() if name.startswith("data/")}:
        raise Problem("T033", path=str(path), tokens=str(stock.folder))
    found = released.files("data")
    for file in found:
        if pq.read_metadata(file).num_rows != told[_key(released.release, file)][0]:
            raise Problem("T007", path=str(file))
    return found


def _key(release: Path, file: Path) -> str:
    return file.relative_to(release).as_posix()


def _scatter(
    order: Order, files: list[list[Path]], shards: Counts, wanted: range, folder: Path
) -> None:
    """Append every row of these shards to the file of its shard, as releases have them."""
    with ExitStack() as stack:
        writers = [
            stack.enter_context(pq.ParquetWriter(folder / f"{k}.rows", _PLACED, compression="zstd"))
            for k in wanted
        ]
        inside = (shards >= wanted.start) & (shards < wanted.stop)
        for k, stock in enumerate(order.stocks):
            places = np.flatnonzero((order.which == k) & inside)
            rows = stock.rows[order.row[places]]
            by_row = np.argsort(rows, kind="stable")
            for table in _picked(files[k], rows[by_row], places[by_row], stock.draw.label):
                place = table.column("place").to_numpy()
                number = shards[place]
                for one in np.unique(number).tolist():
                    part = table.filter(pa.array(number == one))
                    writers[one - wanted.start].write_table(part)


def _picked(files: list[Path], rows: Counts, places: Counts, draw: str) -> Iterator[pa.Table]:
    """Rows of a release, sorted and perhaps more than once, with their places in the mix."""
    first = 0
    columns = [name for name in SCHEMA.names if name != "draw"]
    for path in files:
        with pq.ParquetFile(path) as file:
            for k in range(file.num_row_groups):
                count = file.metadata.row_group(k).num_rows
                low, high = np.searchsorted(rows, [first, first + count]).tolist()
                if low < high:
                    table = file.read_row_group(k, columns=columns, use_threads=False)
                    table = table.take(pa.array(rows[low:high] - first))
                    made: dict[str, Any] = {name: table.column(name) for name in columns}
                    made["draw"] = pa.array([draw] * table.num_rows, pa.string())
                    made["place"] = pa.array(places[low:high], pa.int64())
                    yield pa.table(made).select(_PLACED.names).cast(_PLACED)
                first += count


def _gather(rows: Path, path: Path) -> None:
    """Sort the rows of one shard, and write it."""
    table = pq.read_table(rows, use_threads=False)
    table = table.take(pa.array(np.argsort(table.column("place").to_numpy())))
    pq.write_table(
        table.drop_columns(["place"]).combine_chunks(),
        path,
        compression="zstd",
        row_group_size=GROUP_ROWS,
        use_dictionary=["source", "license", "draw"],
    )
    rows.unlink()
