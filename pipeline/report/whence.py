"""
Whence: how many texts and characters came from which host, folder and source, and what was kept.

Counted shard by shard in columns. Corpora have more hosts than memory has room for, so the names
that have brought least are let go when there are too many of them; what is shown are the largest,
and for these the sums are then still right but for what came before a name was let go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.report.funnel import DEDUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job

MOST_HELD = 100_000
"""Names counted at a time, about 20 MB of them."""

LEVELS = 3
"""Folders are told apart down to this depth; what lies deeper belongs to the folder there."""

_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*://(?:[^/?#@]*@)?(?P<host>[^/?#:@]+)"
_FOLDER = rf"^(?P<folder>(?:[^/]*/){{1,{LEVELS}}})"


@dataclass(frozen=True)
class Amount:
    """Texts and characters, read and kept."""

    name: str
    texts: int
    kept: int
    characters: int
    kept_characters: int


@dataclass
class Tally:
    """Sums by name; of too many names those with the fewest characters are let go."""

    sums: dict[str, list[int]] = field(default_factory=dict)
    let_go: int = 0
    """How often a name was no longer counted, for want of room."""

    def add(self, names: pa.ChunkedArray, numbers: NDArray[np.int64]) -> None:
        """Add the rows of a shard; rows without a name are left out. `numbers` is 4 by rows."""
        coded = names.combine_chunks().dictionary_encode()
        place = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
        named = place >= 0
        known = coded.dictionary.to_pylist()
        summed = [
            np.bincount(place[named], weights=row[named], minlength=len(known)) for row in numbers
        ]
        for k, name in enumerate(known):
            old = self.sums.setdefault(name, [0] * len(summed))
            for at, column in enumerate(summed):
                old[at] += int(column[k])
        if len(self.sums) > MOST_HELD:
            self._let_go()

    def _let_go(self) -> None:
        order = sorted(self.sums, key=lambda name: (-self.sums[name][2], name))
        for name in order[MOST_HELD // 2 :]:
            del self.sums[name]
            self.let_go += 1

    def most(self, wanted: int) -> list[Amount]:
        """The names with the most characters, the largest first."""
        order = sorted(self.sums, key=lambda name: (-self.sums[name][2], name))[:wanted]
        return [Amount(name, *self.sums[name]) for name in order]


@dataclass
class Whence:
    """What came from where, and the characters of each step of the funnel."""

    hosts: Tally = field(default_factory=Tally)
    folders: Tally = field(default_factory=Tally)
    sources: Tally = field(default_factory=Tally)
    characters: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("read", "limits", "duplicates", "kept"), 0)
    )
    """Number of characters for each step of the funnel, by its name."""


def trace(job: Job, names: Sequence[str]) -> Whence:
    """Count where the texts of all shards came from."""
    found = Whence()
    for name in names:
        text = shard.read_table(job.path("text", name), ["url", "source", "origin"])
        verdict = shard.read_table(job.path("verdict", name), ["kept", "reasons"])
        length = shard.read_table(job.path("signals", name), ["text.length_count"]).column(0)
        sizes = np.nan_to_num(length.to_numpy()).astype(np.int64)
        kept = np.asarray(verdict["kept"].to_numpy(zero_copy_only=False), bool)
        numbers = np.stack([np.ones_like(sizes), kept.astype(np.int64), sizes, sizes * kept])
        found.hosts.add(hosts_of(text["url"]), numbers)
        found.folders.add(folders_of(pc.struct_field(text["origin"], "key")), numbers)
        found.sources.add(text["source"], numbers)
        double = _only_duplicates(verdict["reasons"])
        for step, which in (
            ("read", np.ones_like(kept)),
            ("limits", ~kept & ~double),
            ("duplicates", double),
            ("kept", kept),
        ):
            found.characters[step] += int(sizes[which].sum())
    return found


def _only_duplicates(reasons: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Texts whose only reason is that a better copy is kept."""
    lists = reasons.combine_chunks()
    alone = pc.equal(pc.list_value_length(lists), 1).to_numpy(zero_copy_only=False).astype(bool)
    double = np.zeros(len(lists), bool)
    first = lists.offsets.to_numpy()[:-1][alone]
    double[alone] = pc.equal(lists.values.take(pa.array(first)), DEDUP).to_numpy(
        zero_copy_only=False
    )
    return double


def hosts_of(urls: pa.ChunkedArray) -> pa.ChunkedArray:
    """
    The host of each address, in small letters; null where there is none.

    >>> hosts_of(pa.chunked_array([["https://User@Example.JP:80/a", "米", None]])).to_pylist()
    ['example.jp', None, None]
    """
    return pc.utf8_lower(pc.struct_field(pc.extract_regex(urls, _HOST), "host"))


def folders_of(keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """
    The folder of each input, at most three levels deep; null for inputs that are in none.

    >>> folders_of(pa.chunked_array([["a/b/c/d/e.txt", "総務/x.pdf", "x.txt"]])).to_pylist()
    ['a/b/c/', '総務/', None]
    """
    return pc.struct_field(pc.extract_regex(keys, _FOLDER), "folder")
