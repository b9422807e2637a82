"""
Changing an index: releases come in, go out, and small segments become large ones.

One process at a time changes an index (the lock that runs have); each change is a list that is
renamed (`index/listing.py`), so a kill leaves what was before, and the same command again goes on
from there. Releases are taken one by one in the order given: three in one call give the very files
that three calls give. That order also settles which of several twins that are equally alike is
named: the one in the release that came first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem
from seimai.pipeline.index import listing as lists
from seimai.pipeline.index.releases import name_of, release_of, segments_of, state_of
from seimai.pipeline.index.segments import TEXTS, Segment, open_segment, write_segment
from seimai.pipeline.names import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.index.listing import Listing, Release
    from seimai.pipeline.index.segments import Part, SegmentRecord
    from seimai.pipeline.stages.sketch import DedupSettings


@dataclass(frozen=True)
class Change:
    """What became of a release: `added`, `replaced`, `unchanged` or `removed`."""

    release: str
    what: str
    texts: int


def build(folder: Path, outs: Sequence[Path], settings: DedupSettings) -> list[Change]:
    """
    Make an index, unless it is there, and take releases in.

    Called again after a kill it goes on; settings other than those it was begun with are refused.
    """
    with lock(folder):
        if not (folder / lists.LIST).exists():
            lists.write_listing(folder, lists.new_listing(settings))
        lists.check_settings(folder, lists.read_listing(folder), settings)
        return _take_in(folder, outs)


def add(folder: Path, outs: Sequence[Path]) -> list[Change]:
    """Take releases into an index; one that is in it as it is now stays, another state is new."""
    lists.read_listing(folder)  # before a lock makes a folder
    with lock(folder):
        return _take_in(folder, outs)


def _take_in(folder: Path, outs: Sequence[Path]) -> list[Change]:
    listing = lists.read_listing(folder)
    lists.remove_others(folder, listing)
    found = []
    named: dict[str, Path] = {}
    for out in outs:
        release_of(out)
        name = name_of(out)
        if named.setdefault(name, out.resolve()) != out.resolve():
            raise Problem("X005", name=name, path=str(out), other=str(named[name]))
    for out in outs:
        release, name = release_of(out), name_of(out)
        state = state_of(release)
        known = listing.release(name)
        if known and known.state == state:
            found.append(Change(name, "unchanged", known.texts))
            continue
        if known:
            listing = _without(folder, listing, known)
        number = listing.next_release
        texts = 0
        for parts in segments_of(release, number, listing.settings):
            record = _write(folder, listing, chain.from_iterable(parts))
            listing = lists.with_segment(listing, record)
            texts += record.texts
        entry = lists.Release(number, name, state, texts)
        listing = replace(listing, releases=(*listing.releases, entry), next_release=number + 1)
        lists.write_listing(folder, listing)
        found.append(Change(name, "replaced" if known else "added", texts))
    return found


def remove(folder: Path, names: Sequence[str]) -> list[Change]:
    """Take releases out of an index."""
    lists.read_listing(folder)
    with lock(folder):
        listing = lists.read_listing(folder)
        known = [one.name for one in listing.releases]
        for name in names:
            if name not in known:
                raise Problem("X004", name=name, path=str(folder), near=nearest(name, known))
        found = []
        for name in dict.fromkeys(names):
            release = listing.release(name)
            if release is not None:
                listing = _without(folder, listing, release)
                found.append(Change(name, "removed", release.texts))
        lists.write_listing(folder, listing)
        return found


def compact(folder: Path) -> tuple[int, int]:
    """Put neighbouring small segments together; gives how many there were, and are."""
    lists.read_listing(folder)
    with lock(folder):
        listing = lists.read_listing(folder)
        lists.remove_others(folder, listing)
        before = len(listing.segments or {})
        waiting: list[Segment] = []
        for segment in _opened(folder, listing):
            if waiting and sum(one.record.texts for one in (*waiting, segment)) > TEXTS:
                listing = _merged(folder, listing, waiting)
                waiting = []
            waiting.append(segment)
        listing = _merged(folder, listing, waiting)
        lists.write_listing(folder, listing)
        return before, len(listing.segments or {})


def drop_texts(folder: Path, wanted: Callable[[Segment], Flags]) -> dict[str, int]:
    """
    Take single texts out of an index: only the segments that hold one are written again.

    Gives how many went, by the name of their release.
    """
    with lock(folder):
        listing = lists.read_listing(folder)
        lists.remove_others(folder, listing)
        gone: Counter[str] = Counter()
        names = {one.number: one.name for one in listing.releases}
        for segment in _opened(folder, listing):
            drop = wanted(segment)
            if not drop.any():
                continue
            numbers = segment.release[drop].astype(np.int64)
            lost = Counter(numbers.tolist())
            gone.update({names[number]: count for number, count in lost.items()})
            listing = _rewritten(folder, listing, segment, ~drop)
            listing = replace(
                listing,
                releases=tuple(
                    replace(one, texts=one.texts - lost[one.number]) for one in listing.releases
                ),
            )
        if gone:
            lists.write_listing(folder, listing)
        return dict(gone)


def set_state(folder: Path, name: str, state: str) -> None:
    """Note that a release is in the index in the state that it has now."""
    with lock(folder):
        listing = lists.read_listing(folder)
        releases = tuple(
            replace(one, state=state) if one.name == name else one for one in listing.releases
        )
        lists.write_listing(folder, replace(listing, releases=releases))


def _write(folder: Path, listing: Listing, parts: Iterable[Part]) -> SegmentRecord:
    name = f"{listing.next_segment:06d}"
    return write_segment(folder / lists.SEGMENTS, name, parts, listing.settings.bands)


def _opened(folder: Path, listing: Listing) -> list[Segment]:
    return [
        open_segment(folder / lists.SEGMENTS, name, record, listing.settings.bands)
        for name, record in sorted((listing.segments or {}).items())
    ]


def _without(folder: Path, listing: Listing, release: Release) -> Listing:
    """The list without a release; segments that hold others too are written again."""
    for segment in _opened(folder, listing):
        if release.number in segment.record.releases:
            listing = _rewritten(folder, listing, segment, segment.release != release.number)
    releases = tuple(one for one in listing.releases if one.number != release.number)
    return replace(listing, releases=releases)


def _rewritten(folder: Path, listing: Listing, segment: Segment, keep: Flags) -> Listing:
    """The list with a segment in place of another that has only some of its texts."""
    kept = np.flatnonzero(keep)
    if kept.size:
        listing = lists.with_segment(listing, _write(folder, listing, segment.parts(kept)))
    segments = {name: one for name, one in (listing.segments or {}).items() if name != segment.name}
    return replace(listing, segments=segments)


def _merged(folder: Path, listing: Listing, some: Sequence[Segment]) -> Listing:
    """The list with one segment in place of several."""
    if not some[1:]:
        return listing
    every = (segment.parts(np.arange(segment.record.texts)) for segment in some)
    record = _write(folder, listing, chain.from_iterable(every))
    listing = lists.with_segment(listing, record)
    gone = {segment.name for segment in some}
    segments = {name: one for name, one in (listing.segments or {}).items() if name not in gone}
    return replace(listing, segments=segments)
