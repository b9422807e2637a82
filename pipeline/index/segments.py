"""
Segments: the hashes of some released texts, in files that are searched where they lie.

A segment never changes once it is named by the list of the index (`listing.py`). It is three
files: `hashes`, arrays one after the other, sorted by what is looked for; `sets`, the shingles of
each text, by which a find is verified; and a table with what people ask by: id and address. None
holds a text. Of a text there are 28 bytes, 12 more for each band, 4 for each of its different
shingles (about one a character), and its id and address.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline.errors import Problem, cannot_write
from seimai.pipeline.shard import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Codes, Flags, Hashes, Integers

TEXTS = 1 << 20
"""Texts of a segment: sorting their hashes takes 300 MB, and taking one out writes as much."""

TABLE_ROWS = 16_384
"""Rows per row group of the table of names."""

_NAMES = pa.schema([("id", pa.string()), ("url", pa.string())])

ENDINGS = (".hashes", ".sets", ".parquet")


@dataclass(frozen=True)
class Part:
    """Some texts on their way into a segment, with one entry (or row) per text in each array."""

    release: Integers
    """Number of the release that each text is of."""
    row: Integers
    """Row of each text among the kept texts of its release."""
    exact: Hashes
    """Upper and lower half of each exact hash, 0 for a blank text; shape (texts, 2)."""
    bands: Hashes
    """Hashes of the bands; shape (texts, bands)."""
    signed: Flags
    """Whether each text is long enough to have bands."""
    sets: Codes
    """The shingles of all texts, one text after the other."""
    first: Integers
    """Index in `sets` of each text's first shingle; one entry more at the end."""
    id: Sequence[str]
    url: Sequence[str | None]


@dataclass(frozen=True)
class SegmentRecord:
    """What the list of the index knows of a segment."""

    texts: int
    signed: int
    shingles: int
    releases: list[int]
    """Numbers of the releases that its texts are of."""
    digests: dict[str, str]
    """For each file of the segment the xxh3 of its bytes, by the ending of its name."""


def write_segment(folder: Path, name: str, parts: Iterable[Part], bands: int) -> SegmentRecord:
    """Write the files of a segment and make them last; shingles are not held."""
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[Part] = []
    shingles = 0
    digests = {}
    nothing = np.empty(0, np.uint32)
    try:
        with _Digested(folder / f"{name}.sets") as sets, _table(folder / f"{name}.parquet") as rows:
            for part in parts:
                sets.write(np.ascontiguousarray(part.sets, "<u4"))
                shingles += part.sets.size
                # Shingles are in their file by now: what stays is some 250 bytes a text.
                kept.append(Part(**{**_fields(part), "sets": nothing, "id": (), "url": ()}))
                rows.write_table(
                    pa.table({"id": part.id, "url": part.url}, schema=_NAMES), TABLE_ROWS
                )
        digests[".sets"] = sets.digest()
        with _Digested(folder / f"{name}.hashes") as hashes:
            arrays = list(_sorted_arrays(kept, bands))
            for array in arrays:
                hashes.write(array)
        digests[".hashes"] = hashes.digest()
        digests[".parquet"] = _sync_and_digest(folder / f"{name}.parquet")
        sync_folder(folder)
    except OSError as error:
        raise cannot_write(name, error) from error
    return SegmentRecord(
        texts=sum(part.row.size for part in kept),
        signed=sum(int(part.signed.sum()) for part in kept),
        shingles=shingles,
        releases=sorted({one for part in kept for one in np.unique(part.release).tolist()}),
        digests=digests,
    )


def _fields(part: Part) -> dict[str, Any]:
    return {name: getattr(part, name) for name in Part.__dataclass_fields__}


def _table(path: Path) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, _NAMES, compression="zstd", compression_level=1)


class _Digested:
    """A file that is written, and the digest of what was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = xxhash.xxh3_128()
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def write(self, array: Any) -> None:
        """Write an array; it must have no gaps."""
        data = array.tobytes() if array.size else b""
        self._hash.update(data)
        if self._file is not None:
            self._file.write(data)

    def digest(self) -> str:
        return self._hash.hexdigest()


def _sync_and_digest(path: Path) -> str:
    digest = xxhash.xxh3_128()
    with path.open("rb") as file:
        while data := file.read(1 << 20):
            digest.update(data)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _joined(parts: list[Any], empty: Any) -> Any:
    return np.concatenate([empty, *parts])


def _sorted_arrays(parts: Sequence[Part], bands: int) -> Iterator[Any]:
    """The arrays of `hashes`, in the order of `_layout`."""
    exact = _joined([part.exact for part in parts], np.empty((0, 2), np.uint64))
    order = np.lexsort((exact[:, 1], exact[:, 0]))
    yield exact[order, 0].astype("<u8")
    yield exact[order, 1].astype("<u8")
    signed = _joined([part.signed for part in parts], np.zeros(0, bool))
    places = np.flatnonzero(signed)
    for band in range(bands):
        hashes = _joined([part.bands[:, band] for part in parts], np.empty(0, np.uint64))[places]
        by_hash = np.argsort(hashes, kind="stable")
        yield hashes[by_hash].astype("<u8")
        # Half of a place would be left over where their number is odd.
        yield _even(places[by_hash].astype("<u4"))
    sizes = _joined([np.diff(part.first) for part in parts], np.empty(0, np.int64))
    yield np.concatenate(([0], np.cumsum(sizes))).astype("<i8")
    yield _joined([part.row for part in parts], np.empty(0, np.int64)).astype("<i8")
    yield _even(order.astype("<u4"))
    yield _even(_joined([part.release for part in parts], np.empty(0, np.int64)).astype("<u4"))


def _even(array: Any) -> Any:
    return np.append(array, array.dtype.type(0)) if array.size % 2 else array


@dataclass(frozen=True)
class Segment:
    """A segment as it is searched: arrays that lie in files."""

    name: str
    record: SegmentRecord
    high: Hashes
    """Upper halves of the exact hashes, sorted."""
    low: Hashes
    exact_text: Codes
    """For each of these hashes the index of its text."""
    bands: tuple[tuple[Hashes, Codes], ...]
    """For each band its sorted hashes, and the index of the text that each is of."""
    first: Integers
    row: Integers
    release: Codes
    sets: Codes
    names: pq.ParquetFile

    def names_of(self, texts: Integers) -> pa.Table:
        """`id` and `url` of some texts, in their order; row groups without any are not read."""
        ordered, back = np.unique(texts, return_inverse=True)
        data = self.names.metadata
        rows = [data.row_group(group).num_rows for group in range(data.num_row_groups)]
        starts = np.cumsum([0, *rows])
        groups = np.searchsorted(starts, ordered, "right") - 1
        parts = []
        for group in np.unique(groups).tolist():
            local = ordered[groups == group] - starts[group]
            parts.append(self.names.read_row_group(group).take(pa.array(local)))
        table = pa.concat_tables([_NAMES.empty_table(), *parts])
        return table.take(pa.array(back))

    def sets_of(self, texts: Integers) -> tuple[Codes, Integers]:
        """The shingles of some texts one after the other, and where each begins."""
        begin, end = self.first[texts], self.first[texts + 1]
        pairs = zip(begin.tolist(), end.tolist(), strict=True)
        values = [np.asarray(self.sets[one:other]) for one, other in pairs]
        first = np.concatenate(([0], np.cumsum(end - begin)))
        return np.concatenate([np.empty(0, np.uint32), *values]), first

    def parts(self, wanted: Integers) -> Iterator[Part]:
        """Some texts of it, a few thousand at a time, to be written into another segment."""
        texts = self.record.texts
        exact = np.empty((texts, 2), np.uint64)
        exact[self.exact_text, 0], exact[self.exact_text, 1] = self.high, self.low
        bands = np.zeros((texts, len(self.bands)), np.uint64)
        signed = np.zeros(texts, bool)
        for band, (hashes, of_text) in enumerate(self.bands):
            bands[of_text, band] = hashes
            signed[of_text] = True
        for begin in range(0, wanted.size, TABLE_ROWS):
            some = wanted[begin : begin + TABLE_ROWS]
            sets, first = self.sets_of(some)
            names = self.names_of(some)
            yield Part(
                release=self.release[some].astype(np.int64),
                row=np.asarray(self.row[some]),
                exact=exact[some],
                bands=bands[some],
                signed=signed[some],
                sets=sets,
                first=first,
                id=names["id"].to_pylist(),
                url=names["url"].to_pylist(),
            )


def open_segment(folder: Path, name: str, record: SegmentRecord, bands: int) -> Segment:
    """
    Open a segment; a `FileNotFoundError` where a file is gone, a `Problem` where one was cut.

    What is open stays readable when a writer removes the files.
    """
    size = {ending: (folder / f"{name}{ending}").stat().st_size for ending in ENDINGS}
    layout = list(_layout(record, bands))
    want = sum(length * np.dtype(kind).itemsize for kind, length in layout)
    if size[".hashes"] != want or size[".sets"] != 4 * record.shingles:
        raise Problem("X003", path=f"{folder.name}/{name}")
    data = _mapped(folder / f"{name}.hashes")
    arrays: list[Any] = []
    at = 0
    for kind, length in layout:
        nbytes = length * np.dtype(kind).itemsize
        arrays.append(data[at : at + nbytes].view(kind))
        at += nbytes
    high, low, *rest = arrays
    banded = tuple((rest[2 * band], rest[2 * band + 1][: record.signed]) for band in range(bands))
    first, row, exact_text, release = rest[2 * bands :]
    return Segment(
        name,
        record,
        high,
        low,
        exact_text[: record.texts],
        banded,
        first,
        row,
        release[: record.texts],
        _mapped(folder / f"{name}.sets").view("<u4"),
        pq.ParquetFile(folder / f"{name}.parquet"),
    )


def _mapped(path: Path) -> Any:
    # An empty file cannot be mapped.
    if not path.stat().st_size:
        return np.empty(0, np.uint8)
    return np.memmap(path, np.uint8, "r")


def _layout(record: SegmentRecord, bands: int) -> Iterator[tuple[str, int]]:
    """Type and length of the arrays of `hashes`; each begins at a multiple of eight bytes."""
    yield from (("<u8", record.texts), ("<u8", record.texts))
    for _ in range(bands):
        yield from (("<u8", record.signed), ("<u4", record.signed + record.signed % 2))
    yield from (("<i8", record.texts + 1), ("<i8", record.texts))
    yield from 2 * (("<u4", record.texts + record.texts % 2),)


def is_whole(folder: Path, name: str, record: SegmentRecord) -> bool:
    """Whether the files of a segment have the bytes that were written."""
    with contextlib.suppress(OSError):
        return all(
            _sync_and_digest(folder / f"{name}{ending}") == record.digests[ending]
            for ending in ENDINGS
        )
    return False


def bytes_of(folder: Path, name: str) -> int:
    """The bytes that a segment takes on disk."""
    return sum((folder / f"{name}{ending}").stat().st_size for ending in ENDINGS)


def as_record(record: SegmentRecord) -> dict[str, Any]:
    """A record for the list of the index."""
    return asdict(record)
