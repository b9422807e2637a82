"""
A spread sample of all inputs: every k-th record, the same ones every time.

Small inputs are read whole, every j-th of them where they are many. Of large files of lines a
window here and there is read, of other large files the beginning: who wants to know in seconds
what a recipe does to a terabyte cannot read it. What was not read is estimated, and said so.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from typing import IO, TYPE_CHECKING, Generic, TypeVar

from seimai.pipeline.engine.planning.plan import CUT, patterns
from seimai.pipeline.engine.shards.text_shards import RECORDS, not_empty, read_options
from seimai.pipeline.ingest import Document, Input, ReadOptions, Skipped, find_inputs, read
from seimai.pipeline.ingest.sources.streams import RAW_READ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from seimai.pipeline.recipe import Recipe

WHOLE_BYTES = 4_000_000
"""Files smaller than this are read to their end."""

WINDOW_BYTES = 250_000
"""Bytes that are read at one place of a large file of lines: a few dozen pages."""

READ_BYTES = 24_000_000
"""Bytes of small files and windows that are read together: a second or three."""

STREAM_BYTES = 100_000_000
"""Text that is read of all large files together that can only be read from their beginning."""

STREAM_SPREAD, RECORD_SPREAD = 3, 16
"""How many times the wanted records of such a file are read, so that they stand apart. Of pages
fewer are read: finding the text of one takes far longer than reading a record."""

MOST_STREAMS = 32
"""Such files that are opened; each may have to unpack megabytes before its first record."""

ROW_GROUP_PLACES = 8
"""Places at which a large Parquet file is looked into."""

HELD_BYTES = 64_000_000
"""Text of a sample that is held: two thousand books would not fit."""

PACKED = (".gz", ".zst", ".bz2", ".xz", ".zip", ".7z", ".lzh", ".tgz", ".parquet")
PACKED_RATIO = 4
"""What text unpacks to, roughly: decides how a sample is shared out, no figure that is shown."""

T = TypeVar("T")


class Spread(Generic[T]):
    """
    Every k-th item of a stream of unknown length: k doubles whenever twice too many are held.

    >>> some = Spread(3)
    >>> for number in range(20):
    ...     some.add(number, 1)
    >>> some.every, some.chosen()
    (4, [0, 4, 12])
    """

    def __init__(self, most: int) -> None:
        self._most = max(most, 1)
        self._held: list[tuple[T, int]] = []
        self._size = 0
        self.seen = 0
        self.every = 1

    def add(self, item: T, size: int) -> None:
        """Take an item of `size` bytes in, or pass over it."""
        self.seen += 1
        if (self.seen - 1) % self.every:
            return
        self._held.append((item, size))
        self._size += size
        while len(self._held) > 2 * self._most or (self._size > HELD_BYTES and len(self._held) > 1):
            self._held = self._held[::2]
            self._size = sum(one for _, one in self._held)
            self.every *= 2

    def chosen(self) -> list[T]:
        """At most as many as wanted, evenly spread over what was seen."""
        count = len(self._held)
        if count <= self._most:
            return [item for item, _ in self._held]
        return [self._held[k * count // self._most][0] for k in range(self._most)]


@dataclass(frozen=True)
class Record:
    """One record of the sample: a document, or the cause why there is none."""

    key: str
    document: Document | None
    cause: str = ""
    format: str = ""


@dataclass
class Sample:
    """The records of a sample by source, and what they stand for."""

    records: list[list[Record]]
    """The records of the sample: one list per source of the recipe."""
    total: int = 0
    """Number of records in all inputs; an estimate where `exact` is false."""
    exact: bool = True
    """Whether all inputs were read to their end."""
    seen: int = 0
    """How many records were read, of which the sample was chosen."""
    inputs: int = 0
    opened: int = 0
    """How many inputs were read, at least in part."""
    partly: int = 0
    """How many inputs were read only at their beginning."""
    unsized: int = 0
    """Inputs that do not say how large they are, and were not read to their end."""
    read_seconds: float = 0.0
    quarantined: Counter[str] = field(default_factory=Counter)
    """How many records of the sample have no text, by cause."""

    @property
    def size(self) -> int:
        """How many records are in it."""
        return sum(map(len, self.records))


@dataclass(frozen=True, slots=True)
class _Watched(Input):
    """An input that remembers what it opened, so that how far it was read can be told."""

    opened: list[IO[bytes]] = field(default_factory=list, compare=False, hash=False)

    def open_raw(self) -> IO[bytes]:
        raw = Input.open_raw(self)
        self.opened.append(raw)
        return raw

    def position(self) -> int:
        """The byte that was read last, as far as it can be told."""
        far = 0
        for raw in self.opened:
            if not raw.closed:
                far = max(far, raw.tell())
        return far


@dataclass(frozen=True)
class _Piece:
    """What is read in one go, and how many bytes of text it may hold."""

    source: int
    input: Input
    weight: int
    """A guess of its bytes as unpacked; 0 where nothing is known."""
    stands_for: float = 1.0
    """How many pieces of its file it stands for, itself included."""


def take_sample(recipe: Recipe, rows: int, out: Path | None = None) -> Sample:
    """
    About `rows` records of all sources of a recipe.

    What a run wrote into its output folder `out` is passed over, as a run itself does.

    Raises `Problem` where a source names nothing, or a package is missing.
    """
    sample = Sample([[] for _ in recipe.source])
    small: list[list[_Piece]] = []
    streams: list[_Piece] = []
    for place, source in enumerate(recipe.source):
        inputs = find_inputs(patterns(source), out)
        sample.inputs += len(inputs)
        pieces, large = _pieces(place, inputs)
        small.append(pieces)
        streams += large
    weights = [sum(piece.weight for piece in pieces) for pieces in small]
    known = sum(weights) + sum(piece.weight for piece in streams)
    # A source that does not say how large it is counts like the mean of the others.
    usual = known // max(1, sum(map(bool, weights)) + sum(bool(one.weight) for one in streams)) or 1
    weights = [
        weight or (usual if pieces else 0) for weight, pieces in zip(weights, small, strict=True)
    ]
    unsized = {one.input.key for one in streams if not one.weight}
    streams = [replace(one, weight=one.weight or usual) for one in streams]
    whole = sum(weights) + sum(one.weight for one in streams)
    options = [read_options(source) for source in recipe.source]
    chosen = _chosen_streams(streams)
    cut: set[str] = set()
    begun = time.perf_counter()
    for place, pieces in enumerate(small):
        if pieces:
            quota = rows * weights[place] // max(whole, 1)
            _read_small(sample, place, pieces, options[place], max(quota, 1), rows)
    for piece in chosen:
        quota = int(rows * piece.weight * piece.stands_for / max(whole, 1))
        most = STREAM_BYTES // len(chosen)
        if not _read_stream(sample, piece, options[piece.source], max(quota, 1), most):
            cut.add(piece.input.key)
    sample.read_seconds = time.perf_counter() - begun
    sample.partly, sample.unsized = len(cut), len(cut & unsized)
    for records in sample.records:
        sample.quarantined.update(one.cause for one in records if one.document is None)
    return sample


def _pieces(place: int, inputs: Sequence[Input]) -> tuple[list[_Piece], list[_Piece]]:
    """Pieces that are read whole, and those that are read from their beginning."""
    small: list[_Piece] = []
    streams: list[_Piece] = []
    for one in inputs:
        size = max(one.size, 0)
        packed = PACKED_RATIO if one.path.endswith(PACKED) else 1
        cut = one.path.endswith(CUT) and "://" not in one.path
        remote = "://" in one.path and not size  # a database, a data set of the Hub
        if one.fault or (size <= WHOLE_BYTES and one.size >= 0 and not remote):
            small.append(_Piece(place, one, size * packed))
        elif cut and not one.path.endswith(".parquet"):
            small += [
                _Piece(place, replace(one, start=begin, end=min(begin + WINDOW_BYTES, size)), end)
                for begin in range(0, size, WINDOW_BYTES)
                if (end := min(WINDOW_BYTES, size - begin))
            ]
        elif cut:
            streams += _row_groups(place, one)
        else:
            streams.append(_Piece(place, one, size * packed))
    return small, streams


def _row_groups(place: int, one: Input) -> Iterator[_Piece]:
    """A large Parquet file at some places, each from the first row group that begins there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        groups = pq.read_metadata(one.path).num_row_groups
    except (OSError, pa.ArrowException):
        groups = 1  # it is told when it is read
    count = max(1, min(ROW_GROUP_PLACES, groups))
    for k in range(count):
        begin, end = one.size * k // count, one.size * (k + 1) // count
        part = replace(one, start=begin, end=end if k < count - 1 else None)
        yield _Piece(place, part, (end - begin) * PACKED_RATIO)


def _chosen_streams(streams: Sequence[_Piece]) -> list[_Piece]:
    """Not more of the large files than can be opened in a few seconds, evenly spread."""
    count = len(streams)
    if count <= MOST_STREAMS:
        return list(streams)
    return [
        replace(streams[k * count // MOST_STREAMS], stands_for=count / MOST_STREAMS)
        for k in range(MOST_STREAMS)
    ]


def _read_small(
    sample: Sample,
    place: int,
    pieces: Sequence[_Piece],
    options: ReadOptions,
    quota: int,
    rows: int,
) -> None:
    """Every j-th of the pieces of a source, each to its end."""
    size = sum(piece.weight for piece in pieces)
    step = max(1, -(-size // READ_BYTES), -(-len(pieces) // max(2 * rows, 1)))
    some = pieces[(step - 1) // 2 :: step] or pieces[:1]
    spread: Spread[Record] = Spread(quota)
    for piece in some:
        for record, length in _records(piece.input, options):
            spread.add(record, length)
    sample.records[place] += spread.chosen()
    sample.opened += len({piece.input.key for piece in some})
    sample.seen += spread.seen
    read_bytes = sum(piece.weight for piece in some)
    share = read_bytes / size if size else len(some) / len(pieces)
    sample.total += round(spread.seen / share) if share else spread.seen
    sample.exact &= len(some) == len(pieces)


def _read_stream(
    sample: Sample, piece: _Piece, options: ReadOptions, quota: int, most: int
) -> bool:
    """
    The beginning of a large file, or of a part of one: at most so many bytes of text.

    Gives whether that was all of it.
    """
    names = [one.name for one in fields(Input)]
    source = _Watched(**{name: getattr(piece.input, name) for name in names})
    spread: Spread[Record] = Spread(quota)
    length, ended = 0, True
    with closing(_records(source, options)) as records:  # type: ignore[type-var]
        for record, size in records:
            spread.add(record, size)
            length += size
            wide = RECORD_SPREAD if record.format in RECORDS else STREAM_SPREAD
            if length > most or spread.seen >= wide * quota:
                ended = False
                break
        far = source.position()
    total = float(spread.seen)
    if not ended:
        total = _projected(piece, spread.seen, length, far)
    sample.records[piece.source] += spread.chosen()
    sample.opened += piece.input.start == 0
    sample.seen += spread.seen
    sample.total += round(total * piece.stands_for)
    sample.exact &= ended and piece.stands_for == 1
    return ended


def _projected(piece: _Piece, seen: int, length: int, far: int) -> float:
    """How many records a file has of which the beginning was read."""
    size = piece.input.size
    if piece.input.path.endswith(".parquet"):
        import pyarrow.parquet as pq

        rows = int(pq.read_metadata(piece.input.path).num_rows)
        end = size if piece.input.end is None else piece.input.end
        return rows * (end - piece.input.start) / max(size, 1)
    if 0 < far < size:
        # Streams are unpacked in blocks; on average half of the last one has not been looked at.
        return seen * size / max(far - RAW_READ / 2, far / 2)
    return seen * max(1.0, piece.weight / max(length, 1)) if size > 0 else seen


def _records(source: Input, options: ReadOptions) -> Iterator[tuple[Record, int]]:
    """The records of an input, each with the bytes of its text; what is passed over is left out."""
    for item in map(not_empty, read(source, options)):
        if isinstance(item, Document):
            # Three bytes a character, as in Japanese.
            yield Record(source.key, item, format=item.format), 3 * len(item.text)
        elif not isinstance(item, Skipped):
            yield Record(source.key, None, item.cause, item.format), 0
