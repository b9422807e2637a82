"""
Contained: which texts stand word for word in a longer one, and how much of each stands elsewhere.

Two texts may be far apart by their shingles, and the short one still be a part of the long one: an
article and the page that lists it, a law and a book that prints it. Chosen hashes of runs of
characters (`kernels/winnow.py`) are sorted range by range; a text that shares one with longer
texts is laid beside the first of them, and what is verbatim the same is measured around it. So
every passage of `length` characters that a longer text has is found; passages are looked up in the
three longest texts that have a hash.

Memory is a range of the hashes and a few numbers a text; hash views of the texts that share
anything lie in a file meanwhile. Of texts that are as long the order is that of their content.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.arrays import load_array
from seimai.pipeline.kernels import winnow as kernels
from seimai.pipeline.shard import TEMPORARY
from seimai.pipeline.stages import run_files
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import hash_view

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.arrays import Doubles, Flags, Hashes, Integers, Singles

STAGE = "contained"
"""Name of the folder for what was found, beside those of other stages."""

LEDGER = "found"
"""Name of the file there that holds counts and pairs."""

HASHES_AT_ONCE = 16_000_000
"""Hashes sorted at a time: a gigabyte with their order and what they belong to."""

MEMBERS_AT_ONCE = 200_000
"""Texts that are measured at a time."""

LINKS = 3
"""Longer texts that a text is laid beside for each of its hashes."""


@dataclass(frozen=True)
class Contained:
    """For each text of a run the one that contains most of it; -1, and zeros, where none does."""

    container: Integers
    share: Singles
    """The share of each text that stands in its `container`."""
    shared: Singles
    """The share of each text that stands in any longer texts, taken together."""
    rank: Integers
    """The rank of each text by length, the longest first: a container has a lower rank."""


def find_contained(
    shards: Sequence[Callable[[], tuple[Texts, Integers]]], rows: int, length: int, folder: Path
) -> Contained:
    """
    Look for passages of `length` characters and more.

    Each of `shards` gives some texts and their rows among all `rows`. Files lie in `folder`
    meanwhile, where nothing is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".contained-", suffix=TEMPORARY) as made:
        work = _Work(Path(made), length)
        size, tie = np.zeros(rows, np.int64), np.zeros(rows, np.uint64)
        total = 0
        for number, shard in enumerate(shards):
            total += work.choose(number, *shard(), size, tie)
        rank = run_files.rank_by_length(size, tie)
        parts = max(-(-total // HASHES_AT_ONCE), 1)
        wanted = np.zeros(rows, bool)
        for part in range(parts):
            work.meet(part, parts, len(shards), rank, wanted)
        begin = work.lay_out(shards, wanted)
        container, share, shared = np.full(rows, -1), np.zeros(rows), np.zeros(rows)
        for first in range(0, rows, MEMBERS_AT_ONCE):
            some = range(first, min(first + MEMBERS_AT_ONCE, rows))
            work.measure(some, parts, begin, size, rank, (container, share, shared))
    return Contained(container, share.astype(np.float32), shared.astype(np.float32), rank)


def rejected(found: Contained, least: float) -> Flags:
    """
    Which texts go because another contains at least this share of them.

    A text goes only for one that stays, so a copy of all that goes is somewhere.
    """
    gone = np.zeros(found.rank.size, bool)
    candidates = np.flatnonzero((found.share >= least) & (found.container >= 0))
    for row in candidates[np.argsort(found.rank[candidates])].tolist():
        gone[row] = not gone[found.container[row]]
    return gone


def share_within(text: str, longer: str, length: int) -> float:
    """How much of a text stands in passages of at least `length` characters of a longer one."""
    both = Texts.of(text, longer)
    with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
        found = find_contained([lambda: (both, np.arange(2))], 2, length, Path(folder))
    return float(found.share[0])


@dataclass(frozen=True)
class _Work:
    """The files of a search, and its steps."""

    folder: Path
    length: int

    def choose(self, number: int, texts: Texts, rows: Integers, size: Integers, tie: Hashes) -> int:
        """Leave the chosen hashes of some texts, and note how long each is; how many there are."""
        codes, start = hash_view(texts)
        run_files.note_texts(codes, start, rows, size, tie)
        k = self.length // 2
        chosen, text, place = kernels.winnow(codes, start, k, self.length - k + 1)
        run_files.leave_runs(self.folder / f"chosen-{number}.npy", chosen, rows[text], place)
        return int(chosen.size)

    def meet(self, part: int, parts: int, shards: int, rank: Integers, wanted: Flags) -> None:
        """Leave the matches of a range of hashes by member, and note whose hash views they need."""
        paths = [self.folder / f"chosen-{number}.npy" for number in range(shards)]
        hashes, row, place = run_files.read_range(paths, part, parts)
        order = np.lexsort((place, rank[row], hashes))
        hashes, row, place = hashes[order], row[order], place[order]
        first = np.maximum.accumulate(
            np.where(
                np.diff(hashes, prepend=hashes[:1] + np.uint64(1)) != 0, np.arange(row.size), 0
            )
        )
        at = np.arange(row.size)
        matches = []
        for link in range(LINKS):
            mine = at[(at - first > link) & (row[np.minimum(first + link, at)] != row)]
            other = first[mine] + link
            matches.append(np.stack((row[mine], row[other], place[mine], place[other])))
        joined = np.concatenate(matches, axis=1)
        joined = joined[:, np.argsort(joined[0], kind="stable")]
        wanted[joined[0]] = wanted[joined[1]] = True
        np.save(self.folder / f"matches-{part}.npy", joined)

    def lay_out(
        self, shards: Sequence[Callable[[], tuple[Texts, Integers]]], wanted: Flags
    ) -> Integers:
        """Write the hash views that are needed one after the other; where each begins."""
        begin = np.zeros(wanted.size, np.int64)
        done = 0
        with (self.folder / "codes.bin").open("wb") as file:
            for shard in shards:
                texts, rows = shard()
                if not wanted[rows].any():
                    continue
                codes, start = hash_view(texts)
                begin[rows] = start[:-1] + done
                done += codes.size
                file.write(np.ascontiguousarray(codes).data)
        return begin

    def measure(
        self,
        members: range,
        parts: int,
        begin: Integers,
        size: Integers,
        rank: Integers,
        found: tuple[Integers, Doubles, Doubles],
    ) -> None:
        """Measure what some texts share with longer ones, and note it in `found`."""
        row, other, place, other_place = self._matches(members, parts)
        if not row.size:
            return
        order = np.lexsort((place, other_place - place, rank[other], row))
        row, other = row[order], other[order]
        places = np.ascontiguousarray(np.stack((place[order], other_place[order])))
        low, high = np.zeros(row.size, np.int64), np.zeros(row.size, np.int64)
        codes = run_files.load_codes(self.folder / "codes.bin")
        ends = begin[row] + size[row], begin[other] + size[other]
        kernels.extend(codes, begin[row], ends[0], begin[other], ends[1], places, low, high)
        long = high - low >= self.length
        row, other, low, high = row[long], other[long], low[long], high[long]
        container, share, shared = found
        order = np.lexsort((low, row))
        texts, place = np.unique(row[order], return_inverse=True)
        whole = kernels.union_lengths(place.astype(np.int64), low[order], high[order], texts.size)
        shared[texts] = whole / size[texts]
        order = np.lexsort((low, rank[other], row))
        row, other, low, high = row[order], other[order], low[order], high[order]
        new = np.diff(row, prepend=-1) | np.diff(other, prepend=-1)
        pair = np.cumsum(new != 0) - 1
        firsts = np.flatnonzero(new)
        covered = kernels.union_lengths(pair, low, high, firsts.size)
        # Of containers that have as much the first by rank; the best is assigned last.
        best = np.lexsort((-np.arange(firsts.size), covered))
        chosen = firsts[best]
        container[row[chosen]] = other[chosen]
        share[row[chosen]] = covered[best] / size[row[chosen]]

    def _matches(self, members: range, parts: int) -> Integers:
        """The matches of some texts, of all ranges."""
        found: list[Integers] = [np.empty((4, 0), np.int64)]
        for part in range(parts):
            matches = load_array(self.folder / f"matches-{part}.npy")
            begin, end = np.searchsorted(matches[0], [members.start, members.stop])
            found.append(matches[:, begin:end])
        joined: Integers = np.concatenate(found, axis=1)
        return joined
