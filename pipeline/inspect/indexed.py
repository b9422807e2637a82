"""What an index holds, and whether it knows a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from seimai.pipeline.index.listing import SEGMENTS, Index, Listing, open_index, read_listing
from seimai.pipeline.index.lookup import asked, find_twins, names_of, sets_out_of
from seimai.pipeline.index.releases import sketched
from seimai.pipeline.index.segments import bytes_of, is_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seimai.pipeline.index.lookup import Twins


@dataclass(frozen=True)
class Info:
    """An index in figures."""

    listing: Listing
    bytes: int
    damaged: tuple[str, ...]
    """Segments whose bytes are not those that were written, where that was asked."""


def info(folder: Path, *, check: bool = False) -> Info:
    """What an index holds; `check` reads all of it and compares the digests."""
    listing = read_listing(folder)
    segments = listing.segments or {}
    place = folder / SEGMENTS
    damaged = [name for name, one in segments.items() if check and not is_whole(place, name, one)]
    open_index(folder)  # a segment that is gone or was cut is a `Problem`
    return Info(listing, sum(bytes_of(place, name) for name in segments), tuple(damaged))


@dataclass(frozen=True)
class Twin:
    """What an index knows of a text."""

    id: str
    release: str
    similarity: float
    url: str | None
    row: int
    """Its row among the kept texts of its release."""


def query(folder: Path, texts: Sequence[str]) -> list[Twin | None]:
    """The best twin of each text among all releases."""
    index = open_index(folder)
    settings = index.listing.settings
    twins = twins_of_texts(index, texts, settings.similarity)
    ids, releases = names_of(index, twins)
    found: list[Twin | None] = []
    for k, (id_, release) in enumerate(zip(ids, releases, strict=True)):
        if id_ is None or release is None:
            found.append(None)
            continue
        segment = index.segments[twins.segment[k]]
        url = segment.names_of(twins.text[k : k + 1])["url"][0].as_py()
        similarity, row = float(twins.similarity[k]), int(twins.row[k])
        found.append(Twin(id_, release, similarity, url, row))
    return found


def twins_of_texts(index: Index, texts: Sequence[str], similarity: float) -> Twins:
    """The twins of texts as they are."""
    settings = index.listing.settings
    table, values, first = sketched(pa.array(texts, pa.large_string()), settings)
    sets = sets_out_of(values, first)
    return find_twins(index, asked(table, settings.bands), sets, similarity)
