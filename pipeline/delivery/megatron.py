"""
The indexed data set of Megatron-LM: ids in `NAME.bin`, where they stand in `NAME.idx`.

`.bin` holds the ids and nothing else. `.idx`, all little-endian: nine bytes, `MMIDIDX` and two
zeros; the version, 1, in eight bytes; the code of the type of ids in one; the number of sequences
and that of document bounds in eight each; then for each sequence its length (int32), for each its
first byte in `.bin` (int64), and the bounds of documents, counted in sequences (int64). Here every
document is one sequence. After Megatron-LM's `indexed_dataset`.

The bytes where sequences begin may be any: an index may name some documents of a `.bin`, in any
order and more than once, without a copy of them.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem, cannot_write

HEADER = b"MMIDIDX\x00\x00"
VERSION = 1
CODES = {"int32": 4, "uint16": 8}
"""Megatron knows more types; these are what ids of texts come in."""


class Indexed(NamedTuple):
    """A data set that was opened; `ids` and both arrays are mapped, not read."""

    ids: NDArray[Any]
    lengths: NDArray[np.int32]
    pointers: NDArray[np.int64]
    """Where each document begins in the `.bin` file, in bytes."""

    def document(self, row: int) -> NDArray[Any]:
        """The token ids of one document."""
        first = int(self.pointers[row]) // self.ids.itemsize
        return self.ids[first : first + int(self.lengths[row])]


def write_ids(path: Path, parts: Iterable[NDArray[Any]]) -> tuple[int, str]:
    """Write a `.bin`, part by part and under its name only when it is whole; ids and sha256."""
    temporary = path.with_name(f".{path.name}{shard.TEMPORARY}")
    digest = hashlib.sha256()
    count = 0
    try:
        with temporary.open("wb") as file:
            for part in parts:
                if not part.size:
                    continue
                data = np.ascontiguousarray(part).data.cast("B")
                digest.update(data)
                file.write(data)
                count += part.size
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise cannot_write(path.name, error) from error
    return count, digest.hexdigest()


def index_bytes(
    dtype: np.dtype[Any], lengths: NDArray[Any], pointers: NDArray[np.int64] | None = None
) -> bytes:
    """The bytes of an `.idx`; without `pointers` documents follow each other."""
    if pointers is None:
        ends = np.cumsum(lengths, dtype=np.int64)
        pointers = (ends - lengths) * dtype.itemsize
    return b"".join(
        (
            HEADER,
            struct.pack("<QBQQ", VERSION, CODES[dtype.name], lengths.size, lengths.size + 1),
            lengths.astype("<i4").tobytes(),
            pointers.astype("<i8").tobytes(),
            np.arange(lengths.size + 1, dtype="<i8").tobytes(),
        )
    )


def open_indexed(prefix: Path) -> Indexed:
    """The data set `PREFIX.bin` and `PREFIX.idx`."""
    index = prefix.with_name(f"{prefix.name}.idx")
    data = np.memmap(index, np.uint8, "r")
    if bytes(data[:9]) != HEADER:
        raise Problem("T011", path=str(index), cause="MMIDIDX")
    _, code, count, _ = struct.unpack_from("<QBQQ", data.data, 9)
    dtype = next(np.dtype(name) for name, known in CODES.items() if known == code)
    at = len(HEADER) + struct.calcsize("<QBQQ")
    lengths = np.frombuffer(data, "<i4", count, at)
    pointers = np.frombuffer(data, "<i8", count, at + lengths.nbytes)
    binary = prefix.with_name(f"{prefix.name}.bin")
    ids = np.memmap(binary, dtype, "r") if binary.stat().st_size else np.zeros(0, dtype)
    return Indexed(ids, lengths, pointers)
