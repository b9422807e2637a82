"""
Passages: which runs of characters several texts share, which text keeps each, and what may go.

A *passage* is a run of `length` characters that stands, character by character, in at least two
texts. Its *keeper* is the first of these texts: longer texts come before shorter ones, and texts of
one length in the order of a hash of their content. A character may go if it is in a passage that
another text keeps and in none that its own text keeps. So

- every passage stays whole in its keeper, wherever else it is cut;
- what goes stands, within a whole passage, in a text that keeps it;
- neither depends on the order of the texts, nor on how many are looked at at a time.

How it is found: of every text a few runs of half the length are chosen, so that whoever shares a
passage shares a chosen run (`kernels/winnow.py`); around those that several texts have, all runs of
the full length are hashed and sorted, range by range, and what has one hash is compared character
by character. Memory is one range, the code points of some texts and 30 bytes a text; the rest lies
in files meanwhile.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seimai.pipeline.arrays import load_array
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.kernels import passages as kernels
from seimai.pipeline.kernels import winnow
from seimai.pipeline.shard import TEMPORARY
from seimai.pipeline.stages import run_files
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seimai.pipeline.arrays import Codes, Flags, Hashes, Integers

Shard = tuple[Texts, "Integers"]
"""Some texts, and the row of each among all rows."""

RUNS_AT_ONCE = 8_000_000
"""Hashes sorted at a time: half a gigabyte with their order and what they belong to."""

CHARACTERS_AT_ONCE = 4_000_000
"""Characters of texts whose spans are put together at a time; 32 bytes for each that is shared."""

_SENTENCE_END = re.compile(r"(?:[。．！？!?][」』）)】”’]*|\n)\n*")
"""After one of these a cut may begin or end without tearing a sentence."""

LEAST_LEFT = 0.5
"""A cut whose ends move inwards to ends of sentences takes at least this share of its span."""


@dataclass(frozen=True)
class Spans:
    """What goes from the texts of a shard: span `i` is `begin[i] : end[i]` of row `row[i]`."""

    row: Integers
    begin: Integers
    end: Integers
    keeper: Integers
    """The row of the text in which the passage at `begin` stays."""


def find_passages(
    shards: Sequence[Callable[[], Shard]], rows: int, length: int, folder: Path
) -> Iterator[Spans]:
    """
    What may go of the texts of each of `shards`, in their order.

    Each shard gives some texts and their rows among all `rows`, rising. Ends of spans are where
    passages end; see `whole_sentences`. Files lie in `folder` meanwhile, where nothing is left.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".passages-", suffix=TEMPORARY) as made:
        work = _Work(Path(made), length)
        crash_point("passages-begun", work.folder)
        size, tie = np.zeros(rows, np.int64), np.zeros(rows, np.uint64)
        total = sum(work.choose(k, *shard(), size, tie) for k, shard in enumerate(shards))
        crash_point("passages-chosen", work.folder)
        rank = run_files.rank_by_length(size, tie)
        del tie
        parts = _parts(total)
        for part in range(parts):
            work.meet(part, parts, len(shards))
        crash_point("passages-met", work.folder)
        begin = np.full(rows, -1, np.int64)
        total = sum(work.spread(k, parts, *shard(), begin) for k, shard in enumerate(shards))
        crash_point("passages-spread", work.folder)
        runs = _parts(total)
        for part in range(runs):
            work.settle(part, runs, len(shards), rank)
        crash_point("passages-settled", work.folder)
        codes = run_files.load_codes(work.folder / "codes.bin")
        for shard in shards:
            yield work.spans(shard()[1], runs, size, begin, codes)


def _parts(total: int) -> int:
    return max(-(-total // RUNS_AT_ONCE), 1)


def whole_sentences(text: str, begin: int, end: int) -> tuple[int, int]:
    r"""
    A span with its ends moved inwards to ends of sentences or lines, if half of it still goes.

    A sentence of which only the end happens to be shared stays whole so.

    >>> whole_sentences("犬は寝た。雨が降る。風が吹く。猫が", 3, 16)
    (5, 15)
    >>> whole_sentences("abcdefgh", 2, 6)
    (2, 6)
    """
    ends = [0, len(text)]
    ends += [one.end() for one in _SENTENCE_END.finditer(text, max(begin - 1, 0), end + 8)]
    inside = [place for place in ends if begin <= place <= end]
    if inside and max(inside) - min(inside) >= LEAST_LEFT * (end - begin):
        return min(inside), max(inside)
    return begin, end


def have_passage(text: str, other: str, length: int) -> bool:
    """Whether two texts share a run of `length` characters."""
    runs = {hash(text[k : k + length]) for k in range(len(text) - length + 1)}
    return any(
        hash(other[k : k + length]) in runs and other[k : k + length] in text
        for k in range(len(other) - length + 1)
    )


@dataclass(frozen=True)
class _Work:
    """The files of a search, and its steps."""

    folder: Path
    length: int

    def choose(self, number: int, texts: Texts, rows: Integers, size: Integers, tie: Hashes) -> int:
        """Leave the chosen runs of some texts, and note how long each is; how many there are."""
        codes, start = texts.raw_codes, texts.start
        run_files.note_texts(codes, start, rows, size, tie)
        hashes, text, place = winnow.winnow(codes, start, self._k, self.length - self._k + 1)
        self._leave(f"chosen-{number}", hashes, rows[text], place)
        return int(hashes.size)

    @property
    def _k(self) -> int:
        """How many characters one run has."""
        return self.length // 2

    def meet(self, part: int, parts: int, shards: int) -> None:
        """Write those chosen runs of a range of hashes that several texts have, by row."""
        hashes, row, place = self._range("chosen", part, parts, shards)
        order = np.argsort(hashes, kind="stable")
        order = order[_of_several(hashes[order], row[order])]
        row, place = row[order], place[order]
        order = np.lexsort((place, row))
        np.save(self.folder / f"shared-{part}.npy", np.stack((row[order], place[order])))

    def spread(self, number: int, parts: int, texts: Texts, rows: Integers, begin: Integers) -> int:
        """
        Leave all runs of the full length around the shared ones of a shard; how many there are.

        The code points of texts that have any are written, and `begin` says where.
        """
        shared = self._of_rows("shared", parts, rows)
        order = np.lexsort((shared[1], shared[0]))
        row, place = (np.ascontiguousarray(one[order]) for one in shared)
        text = np.searchsorted(rows, row).astype(np.int64)
        codes, start = texts.raw_codes, texts.start
        found = kernels.windows_around(codes, start, text, place, self._k, self.length)
        self._leave(f"windows-{number}", found[0], rows[found[1]], found[2])
        with (self.folder / "codes.bin").open("ab") as file:
            at = file.tell() // 4
            for one in np.unique(found[1]).tolist():
                begin[rows[one]] = at
                file.write(np.ascontiguousarray(codes[start[one] : start[one + 1]]).data)
                at += int(start[one + 1] - start[one])
        return int(found[0].size)

    def settle(self, part: int, parts: int, shards: int, rank: Integers) -> None:
        """Write those runs of a range of hashes that several texts have, with who keeps each."""
        hashes, row, place = self._range("windows", part, parts, shards)
        order = np.argsort(hashes, kind="stable")
        order = order[_of_several(hashes[order], row[order])]
        hashes, row, place = hashes[order], row[order], place[order]
        # Few are left, and only of these it matters who comes first.
        order = np.lexsort((place, rank[row], hashes))
        hashes, row, place = hashes[order], row[order], place[order]
        new = np.diff(hashes, prepend=hashes[:1] + np.uint64(1)) != 0
        first = np.maximum.accumulate(np.where(new, np.arange(row.size), 0))
        keeper, there = row[first], place[first]
        own = keeper == row
        order = np.lexsort((place, row))
        columns = (row, place, np.where(own, -1, keeper), there)
        joined = np.stack(columns)[:, order]
        np.save(self.folder / f"kept-{part}.npy", joined)

    def spans(
        self, rows: Integers, parts: int, size: Integers, begin: Integers, codes: Codes
    ) -> Spans:
        """What goes of some texts, a few million characters at a time."""
        found = [np.empty((4, 0), np.int64)]
        edges = np.flatnonzero(np.diff(np.cumsum(size[rows]) // CHARACTERS_AT_ONCE)) + 1
        for some in np.split(rows, edges):
            joined = self._of_rows("kept", parts, some)
            joined = joined[:, np.lexsort((joined[1], joined[0]))]
            row, place, keeper, there = (np.ascontiguousarray(one) for one in joined)
            foreign = np.flatnonzero(keeper >= 0)
            one = begin[row[foreign]] + place[foreign]
            other = begin[keeper[foreign]] + there[foreign]
            # Two runs that only have a hash in common are no passage.
            stays = np.ones(row.size, bool)
            stays[foreign] = kernels.same_windows(codes, one, other, self.length)
            row, place, keeper = row[stays], place[stays], keeper[stays]
            texts, which = np.unique(row, return_inverse=True)
            made = kernels.cut_spans(
                which.astype(np.int64), place, keeper, size[texts], self.length
            )
            found.append(np.stack((texts[made[0]], *made[1:])))
        return Spans(*np.concatenate(found, axis=1))

    def _leave(self, name: str, hashes: Hashes, row: Integers, place: Integers) -> None:
        run_files.leave_runs(self.folder / f"{name}.npy", hashes, row, place)

    def _range(
        self, kind: str, part: int, parts: int, shards: int
    ) -> tuple[Hashes, Integers, Integers]:
        """The runs of all shards whose hashes are in one of `parts` ranges."""
        paths = [self.folder / f"{kind}-{number}.npy" for number in range(shards)]
        return run_files.read_range(paths, part, parts)

    def _of_rows(self, kind: str, parts: int, rows: Integers) -> Any:
        """What all parts have of some rows, which rise."""
        found = []
        for part in range(parts):
            columns = load_array(self.folder / f"{kind}-{part}.npy")
            edges = (rows[0], rows[-1] + 1) if rows.size else (0, 0)
            first, end = np.searchsorted(columns[0], edges)
            found.append(columns[:, first:end])
        return np.concatenate(found, axis=1)


def _of_several(hashes: Hashes, row: Integers) -> Flags:
    """Indices of the runs (sorted by hash) whose hash another row has as well."""
    if not hashes.size:
        return np.zeros(0, bool)
    edges = np.flatnonzero(np.diff(hashes, prepend=hashes[:1] + np.uint64(1)))
    least, most = np.minimum.reduceat(row, edges), np.maximum.reduceat(row, edges)
    several: Flags = np.repeat(least != most, np.diff(np.append(edges, hashes.size)))
    return several
