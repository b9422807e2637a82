"""
Pieces: a few megabytes of a release, encoded by one task.

A piece is a Parquet file of one row for each text: its id, how many tokens, the split, the ids.
It is a shard like those of a run, with its fingerprint beside it, so that what is there is not
made again. Where a piece begins is decided by the files of the release alone.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.released import Released
from seimai.pipeline.stages.placement import SPLITS, unit_hash
from seimai.pipeline.tokenizer import Tokenizer, encoded, load_tokenizer

VERSION = 1
"""Version of the content of pieces: raise it where their bytes change."""

PIECE_BYTES = 8_000_000
"""Text for one task: some seconds of work, some tens of megabytes of memory."""


@dataclass(frozen=True)
class Setup:
    """What decides the content of pieces, besides the texts."""

    tokenizer: str
    eod: str | None
    bod: str | None = None
    validation: float = 0.0
    """The share of groups (not of tokens) that becomes the split `validation`."""
    test: float = 0.0
    seed: int = 0
    group: str = "id"
    """The column whose texts stay on one side: the id of a text, or its site, its book."""

    def load(self) -> Tokenizer:
        """Load the tokenizer."""
        return load_tokenizer(self.tokenizer, self.eod, self.bod)


@dataclass(frozen=True)
class Piece:
    """Rows of one row group of one file of a release, and the file their ids go to."""

    file: str
    row_group: int
    first: int
    rows: int
    out: str
    fingerprint: str
    split: int = -1
    """Where the release itself holds texts out, its place in `SPLITS`."""


def plan_pieces(
    released: Released, setup: Setup, tokenizer: Tokenizer, folder: Path
) -> list[Piece]:
    """The pieces of a release, in the order of its texts."""
    digests = {file["path"]: file["sha256"] for file in released.run["outputs"]}
    about = tokenizer.about()
    choice = {key: value for key, value in asdict(setup).items() if key != "tokenizer"}
    found: list[Piece] = []
    for path in released.files("data"):
        key = _key(released, path)
        split = SPLITS.index(path.name.partition("-")[0]) if "splits" in released.run else -1
        metadata = pq.read_metadata(path)
        column = metadata.schema.to_arrow_schema().get_field_index("text")
        for k in range(metadata.num_row_groups):
            group = metadata.row_group(k)
            size = group.column(column).total_uncompressed_size
            edges = np.linspace(
                0, group.num_rows, max(1, math.ceil(size / PIECE_BYTES)) + 1
            ).astype(int)
            for first, last in zip(edges.tolist(), edges[1:].tolist(), strict=False):
                if first == last:
                    continue
                name = f"{len(found):06d}.parquet"
                mark = shard.fingerprint(
                    version=VERSION,
                    file=digests[key],
                    at=[k, first, last],
                    how=about,
                    side=split,
                    **choice,
                )
                out = str(folder / name)
                found.append(Piece(str(path), k, first, last - first, out, mark, split))
    return found


def _key(released: Released, path: Path) -> str:
    """What `run.json` calls a file of a release."""
    return path.relative_to(released.release or path.parent).as_posix()


def encode_piece(piece: Piece, setup: Setup, tokenizer: Tokenizer) -> None:
    """Tokenize the texts of a piece and write its file."""
    wanted = list(dict.fromkeys(["id", "text", setup.group]))
    with pq.ParquetFile(piece.file) as file:
        table = file.read_row_group(piece.row_group, columns=wanted, use_threads=False)
    table = table.slice(piece.first, piece.rows)
    texts = table.column("text").to_pylist()
    ids, lengths, unknown = encoded(tokenizer, texts)
    if lengths.size and lengths.max() > np.iinfo(np.int32).max:
        raise Problem("T002", path=tokenizer.path, cause="2³¹")
    if piece.split >= 0:
        split = np.full(lengths.size, piece.split, np.int8)
    else:
        groups = table.column(setup.group).to_pylist()
        names = table.column("id").to_pylist()
        named = [name if one is None else one for one, name in zip(groups, names, strict=True)]
        split = split_of(named, setup)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    shard.write_shard(
        Path(piece.out),
        pa.table(
            {
                "id": table.column("id").combine_chunks(),
                "tokens": pa.array(lengths, pa.int64()),
                "unknown": pa.array(unknown, pa.int64()),
                "split": pa.array(split, pa.int8()),
                "ids": pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(ids)),
            }
        ),
        piece.fingerprint,
        {"bytes": sum(len(text.encode()) for text in texts)},
    )


def split_of(groups: list[Any], setup: Setup) -> NDArray[np.int8]:
    """
    0 for train, 1 for validation, 2 for test, by a hash of the group.

    >>> setup = Setup("", "none", validation=0.5, test=0.5)
    >>> split_of(["a", "c", "a"], setup).tolist()
    [2, 1, 2]
    """
    place = unit_hash([f"split {setup.seed} {group}" for group in groups])
    held = (place < setup.validation + setup.test).astype(np.int8)
    return np.where(place < setup.validation, np.int8(1), held * np.int8(2)).astype(np.int8)
