"""
Released hashes: what tells the texts of a data file apart, left when the file is written.

`OUT/changes` holds a release against the one before it, by a hash of each id and of each text.
Whoever writes a file has its texts at hand, and so leaves their hashes in `OUT/stages/hashes`,
named by the digest of the file: two releases are then compared without unpacking either. The files
decide nothing that the release does not say: where one is missing or damaged the data file is read.
They go with the releases that hold their texts (`previous.trim`).
"""

from __future__ import annotations

import contextlib
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path
    from typing import Any

    import pyarrow as pa
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

HASHES = "hashes"
"""The folder in the stages."""

_DIGEST_BYTES = 16

BATCH = 8192


def hashes_of(column: pa.Array | pa.ChunkedArray) -> Hashes:
    """A 64-bit hash of the UTF-8 of each string; a null counts as empty."""
    chunks = column.chunks if hasattr(column, "chunks") else [column]
    return np.concatenate([np.zeros(0, np.uint64), *map(_hashed, chunks)])


def _hashed(strings: pa.Array) -> Hashes:
    at, data = parts_of(strings)
    content, places = memoryview(data), at.tolist()
    digest = xxhash.xxh3_64_intdigest
    found = np.fromiter(
        (digest(content[begin:end]) for begin, end in pairwise(places)), np.uint64, len(strings)
    )
    if strings.null_count:
        found[strings.is_null().to_numpy(zero_copy_only=False)] = digest(b"")
    return found


def parts_of(strings: pa.Array) -> tuple[NDArray[Any], pa.Buffer | bytes]:
    """Where each string of an array begins and the last one ends, and the bytes of all."""
    _, ends, data = strings.buffers()
    count, first = len(strings), strings.offset
    if data is None:  # nothing but nulls and empty strings
        return np.zeros(count + 1, np.int64), b""
    width = np.int64 if str(strings.type).startswith("large_") else np.int32
    return np.frombuffer(ends, width)[first : first + count + 1], data


def leave(out: Path, sha256: str, ids: Hashes, texts: Hashes) -> None:
    """Leave the hashes of a data file of this digest for the next release into `out`."""
    data = np.stack((ids, texts)).tobytes()
    path = out / "stages" / HASHES / sha256
    shard.write_bytes(path, data + xxhash.xxh3_128_digest(data))


def of_release(release: Path, files: Iterable[Mapping[str, Any]], out: Path) -> list[Hashes]:
    """
    Hashes of the ids and of the texts of some data files of a release, in two arrays.

    `files` are their entries in `run.json`. What was left in `out` is used for those that have it;
    the others are read.
    """
    ids, texts = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for one in files:
        found = _left(out / "stages" / HASHES, one)
        if found is None:
            found = _read(release / one["path"])
        ids.append(found[0])
        texts.append(found[1])
    return [np.concatenate(ids), np.concatenate(texts)]


def prune(out: Path, wanted: Collection[str]) -> None:
    """Remove the hashes of all data files but those of the wanted digests."""
    for path in (out / "stages" / HASHES).glob("*"):
        if path.name not in wanted:
            with contextlib.suppress(OSError):
                path.unlink()


def _left(folder: Path, file: Mapping[str, Any]) -> tuple[Hashes, Hashes] | None:
    """What was left of a file, if it is whole."""
    try:
        data = (folder / file["sha256"]).read_bytes()
    except OSError:
        return None
    body = data[:-_DIGEST_BYTES]
    if xxhash.xxh3_128_digest(body) != data[-_DIGEST_BYTES:]:
        return None
    both = np.frombuffer(body, np.uint64).reshape(2, -1)
    return (both[0], both[1]) if both.shape[1] == file["rows"] else None


def _read(path: Path) -> tuple[Hashes, Hashes]:
    """The hashes of a file that is read for it, 16 bytes a text held."""
    ids, texts = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    with pq.ParquetFile(path) as parquet:
        for batch in parquet.iter_batches(BATCH, columns=["id", "text"]):
            ids.append(hashes_of(batch.column("id")))
            texts.append(hashes_of(batch.column("text")))
    return np.concatenate(ids), np.concatenate(texts)
