"""
Lookup: which of some sketched texts have a twin in an index, and which one.

Hashes are looked up where they lie, sorted, in each segment in turn; a text whose exact hash is
found is equal, others are compared, shingle by shingle, with all that share a band with them. Of
several twins the most similar one is named, of these the one of the earliest release, then of the
lowest row: so segments, and the order in which they are searched, decide nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from seimai.pipeline.kernels import groups as kernels
from seimai.pipeline.stages.group.similarity import BATCH_VALUES
from seimai.pipeline.stages.sketch import band_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pyarrow as pa

    from seimai.pipeline.arrays import Codes, Doubles, Flags, Hashes, Integers
    from seimai.pipeline.index.listing import Index
    from seimai.pipeline.index.segments import Segment

PAIRS_AT_ONCE = 1 << 20
"""Pairs of candidates that are compared at a time."""

_NONE = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Asked:
    """Texts to look up: their hashes, with one entry (or row) per text in each array."""

    exact: Hashes
    """Upper and lower half of each exact hash; shape (texts, 2)."""
    known: Flags
    """Whether each text has a hash: blank ones have none."""
    bands: Hashes
    """Hashes of the bands; shape (texts, bands)."""
    signed: Flags


@dataclass
class Twins:
    """The best twin of each text; `segment` is -1 where there is none."""

    similarity: Doubles
    release: Integers
    row: Integers
    segment: Integers
    text: Integers
    """Index of the twin among the texts of its segment."""

    @classmethod
    def none(cls, texts: int) -> Twins:
        """The twins of some texts, none of which is found yet."""
        return cls(
            np.full(texts, -1.0),
            np.full(texts, _NONE),
            np.full(texts, _NONE),
            np.full(texts, -1, np.int64),
            np.full(texts, -1, np.int64),
        )

    @property
    def found(self) -> Flags:
        """Whether each text has a twin."""
        found: Flags = self.segment >= 0
        return found


def asked(sketch: pa.Table, bands: int) -> Asked:
    """What is looked up of a table of sketches."""
    exact, known = exact_halves(sketch)
    columns = [sketch.column(band_name(band)) for band in range(bands)]
    rows = sketch.num_rows
    signed = columns[0].is_valid().to_numpy().astype(bool) if columns else np.zeros(rows, bool)
    hashes = np.zeros((rows, bands), np.uint64)
    for band, column in enumerate(columns):
        hashes[:, band] = pc.fill_null(column, 0).to_numpy()
    return Asked(exact, known, hashes, signed)


def exact_halves(sketch: pa.Table) -> tuple[Hashes, Flags]:
    """Both halves of the exact hashes, 0 for blank texts, and which texts are not blank."""
    column = sketch.column("exact").combine_chunks()
    known = column.is_valid().to_numpy(zero_copy_only=False).astype(bool)
    halves = np.zeros((sketch.num_rows, 2), np.uint64)
    data = np.frombuffer(b"".join(column.drop_null().to_pylist()), "<u8")
    halves[known] = data.reshape(-1, 2)
    return halves, known


def sets_out_of(values: Codes, first: Integers) -> Callable[[Integers], tuple[Codes, Integers]]:
    """A function that gives the sets of some texts, of sets that are in memory."""

    def sets(texts: Integers) -> tuple[Codes, Integers]:
        size = first[texts + 1] - first[texts]
        starts = np.concatenate(([0], np.cumsum(size))).astype(np.int64)
        places = np.arange(int(starts[-1])) + np.repeat(first[texts] - starts[:-1], size)
        return values[places], starts

    return sets


def find_twins(
    index: Index,
    texts: Asked,
    sets: Callable[[Integers], tuple[Codes, Integers]],
    similarity: float,
    without: Collection[int] = (),
) -> Twins:
    """
    The best twin of each text.

    `sets` gives the shingles of some of the texts, one after the other, and where each begins.
    `without` are numbers of releases that are passed over.
    """
    best = Twins.none(texts.known.size)
    passed_over = np.array(sorted(without), np.int64)
    for place, segment in enumerate(index.segments):
        _equal(segment, place, texts, passed_over, best)
    for place, segment in enumerate(index.segments):
        pairs = _candidates(segment, texts, passed_over, best)
        for begin in range(0, pairs.size, PAIRS_AT_ONCE):
            _compare(segment, place, pairs[begin : begin + PAIRS_AT_ONCE], sets, similarity, best)
    return best


def _equal(segment: Segment, place: int, texts: Asked, passed_over: Integers, best: Twins) -> None:
    own = np.flatnonzero(texts.known)
    high = texts.exact[own, 0]
    begin, end = (np.searchsorted(segment.high, high, side) for side in ("left", "right"))
    text, at = _ranges(begin, end)
    same = segment.low[at] == texts.exact[own[text], 1]
    text, at = own[text[same]], np.asarray(segment.exact_text[at[same]]).astype(np.int64)
    wanted = ~np.isin(segment.release[at], passed_over)
    _better(segment, place, text[wanted], at[wanted], np.ones(int(wanted.sum())), best)


def _ranges(begin: Integers, end: Integers) -> tuple[Integers, Integers]:
    """All places of all ranges, and which range each belongs to."""
    size = end - begin
    of_range = np.repeat(np.arange(begin.size), size)
    first = np.cumsum(size) - size
    places = np.arange(int(size.sum())) - np.repeat(first, size) + np.repeat(begin, size)
    return of_range, places


def _candidates(segment: Segment, texts: Asked, passed_over: Integers, best: Twins) -> Hashes:
    """Pairs of a text and a text of the segment that share a band, as `text << 32 | other`."""
    own = np.flatnonzero(texts.signed & ~best.found)
    found = [np.empty(0, np.uint64)]
    for band, (hashes, of_text) in enumerate(segment.bands):
        wanted = texts.bands[own, band]
        order = np.argsort(wanted)
        if hashes.size < wanted.size:
            # The shorter list is looked up in the longer one.
            begin, end = (
                np.searchsorted(wanted[order], hashes, side) for side in ("left", "right")
            )
            at, text = _ranges(begin, end)
        else:
            begin, end = (
                np.searchsorted(hashes, wanted[order], side) for side in ("left", "right")
            )
            text, at = _ranges(begin, end)
        other = np.asarray(of_text[at]).astype(np.uint64)
        found.append(own[order[text]].astype(np.uint64) << np.uint64(32) | other)
    pairs = np.unique(np.concatenate(found))
    other = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    kept: Hashes = pairs[~np.isin(segment.release[other], passed_over)]
    return kept


def _compare(
    segment: Segment,
    place: int,
    pairs: Hashes,
    sets: Callable[[Integers], tuple[Codes, Integers]],
    limit: float,
    best: Twins,
) -> None:
    """Compare candidates and note those that are similar enough."""
    text = (pairs >> np.uint64(32)).astype(np.int64)
    other = (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
    texts, left = np.unique(text, return_inverse=True)
    others, right = np.unique(other, return_inverse=True)
    shingles = int((segment.first[others + 1] - segment.first[others]).sum())
    if pairs.size > 1 and shingles > BATCH_VALUES:
        middle = pairs.size // 2
        for half in (pairs[:middle], pairs[middle:]):
            _compare(segment, place, half, sets, limit, best)
        return
    own_values, own_first = sets(texts)
    values, first = segment.sets_of(others)
    every = np.concatenate((own_values, values)).astype(np.uint32)
    starts = np.concatenate((own_first, own_first[-1] + first[1:])).astype(np.int64)
    alike = kernels.jaccard(every, starts, left.astype(np.int64), texts.size + right)
    near = alike >= limit
    _better(segment, place, text[near], other[near], alike[near], best)


def _better(
    segment: Segment, place: int, text: Integers, other: Integers, alike: Doubles, best: Twins
) -> None:
    """Keep of these finds, and of the one known, the best of each text."""
    if not text.size:
        return
    release = np.asarray(segment.release[other]).astype(np.int64)
    row = np.asarray(segment.row[other])
    order = np.lexsort((row, release, -alike, text))
    first = np.ones(order.size, bool)
    first[1:] = text[order[1:]] != text[order[:-1]]
    some = order[first]
    own = text[some]
    # Tuples compared from their first part on, for all texts at once.
    new = alike[some] > best.similarity[own]
    tied = alike[some] == best.similarity[own]
    new |= tied & (release[some] < best.release[own])
    tied &= release[some] == best.release[own]
    new |= tied & (row[some] < best.row[own])
    some, own = some[new], own[new]
    best.similarity[own], best.release[own], best.row[own] = alike[some], release[some], row[some]
    best.segment[own], best.text[own] = place, other[some]


def names_of(index: Index, twins: Twins) -> tuple[list[str | None], list[str | None]]:
    """Id and release of the twin of each text, None where there is none."""
    ids: list[str | None] = [None] * twins.segment.size
    releases: list[str | None] = [None] * twins.segment.size
    known = index.release_names()
    for place, segment in enumerate(index.segments):
        texts = np.flatnonzero(twins.segment == place)
        found = segment.names_of(twins.text[texts])["id"].to_pylist()
        for text, name, number in zip(
            texts.tolist(), found, twins.release[texts].tolist(), strict=True
        ):
            ids[text], releases[text] = name, known[number]
    return ids, releases
