"""
Apply cleaners to a batch of texts, and count what went.

Cleaners are plain Python on one text, which is easy to write and slow to run. One pass of a
kernel over the whole batch therefore tells which texts hold a character that a cleaner could
touch; only those become Python strings, and texts that come out as they went in are not rebuilt.
One cleaner runs over all its texts before the next begins, so that it may work on them together.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import codes as kernels
from seimai.pipeline.stages.gone import line_count
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.cleaner import Cleaner, Due, InBatch

_FLAGS_PER_PASS = 8
"""`flags_present` carries eight flags a pass; recipes with more cleaners take more passes."""


@dataclass(frozen=True)
class Cleaned:
    """A batch after cleaning; each array has one entry per text."""

    texts: Texts
    """The texts after cleaning, decoded, as signals want them."""
    removed: NDArray[np.int32]
    """Characters that cleaners took away, not those masked or mended; never negative."""
    removed_lines: NDArray[np.int32]
    """Lines, blank ones apart, that cleaners took away."""
    changed: NDArray[np.bool_]
    masked: NDArray[np.int32]
    """How many masks were set in the place of personal data, per text."""
    mended: NDArray[np.int32]
    """How many characters stand where ruined ones were, per text."""

    @property
    def column(self) -> pa.LargeStringArray:
        """The texts after cleaning, as a column."""
        return self.texts.column


def clean_texts(
    column: pa.LargeStringArray, cleaners: Sequence[Cleaner], ids: Sequence[str] | None = None
) -> Cleaned:
    """
    Run the cleaners, in their order, over every text.

    A cleaner that raises, or gives something that is not a `str`, is a `Problem` naming the text
    by `ids` (or by its place in the batch).
    """
    count = len(column)
    removed = np.zeros(count, np.int32)
    removed_lines = np.zeros(count, np.int32)
    masked = np.zeros(count, np.int32)
    mended = np.zeros(count, np.int32)
    batch = _Batch(column, cleaners)
    for cleaner in cleaners:
        wanted = batch.due(cleaner)
        before = batch.strings(wanted)
        names = [ids[row] if ids is not None else row for row in wanted]
        after = _clean_all(cleaner, before, names, batch, wanted)
        for row, old, new in zip(wanted, before, after, strict=True):
            if new is old or new == old:
                continue
            batch.change(row, new)
            if cleaner.masks:
                masked[row] += _masks(cleaner, new) - _masks(cleaner, old)
            elif cleaner.mends:
                mended[row] += (Counter(new) - Counter(old)).total()
            else:
                removed[row] += max(len(old) - len(new), 0)
                if new.count("\n") < old.count("\n"):
                    removed_lines[row] += max(line_count(old) - line_count(new), 0)
    changed_rows = [row for row in batch.touched if batch.now[row] != batch.first[row]]
    changed = np.zeros(count, np.bool_)
    changed[changed_rows] = True
    return Cleaned(batch.texts(), removed, removed_lines, changed, masked, mended)


MANY_STALE = 1 / 16
"""From this share of texts that have changed since they were decoded, all are decoded anew."""


class _Batch:
    """
    Texts on their way through the cleaners: decoded, and strings where they were asked for.

    What is due is asked of texts as they are now. The batch is put together anew when many have
    changed since, so that a question about all texts is asked of each but once.
    """

    def __init__(self, column: pa.LargeStringArray, cleaners: Sequence[Cleaner]) -> None:
        self.now: dict[int, str] = {}
        """Texts that are strings by now, as they are after the cleaners so far, by row."""
        self.first: dict[int, str] = {}
        """These texts as they were before any cleaner, by row."""
        self.touched: set[int] = set()
        """Rows of the texts that a cleaner has changed."""
        self._texts = Texts(column)
        self._stale: set[int] = set()
        self._apart: dict[int, int] = {}
        """Rows of the texts that were asked apart what is due, for they had changed; and where they
        stand in `_changed`."""
        self._changed = Texts.of()
        self._flags = _flags(self._texts, cleaners)

    def due(self, cleaner: Cleaner) -> list[int]:
        """
        The texts that a cleaner has to look at.

        One that is told by its characters looks at all that were changed: they may hold what was
        not there before.
        """
        if cleaner.due is not None:
            return self._due_now(cleaner.due)
        if cleaner.table is None:
            return list(range(len(self._texts)))
        return sorted({*np.flatnonzero(self._flags[cleaner.name]).tolist(), *self.touched})

    def _due_now(self, due: Due) -> list[int]:
        if len(self._stale) > MANY_STALE * len(self._texts):
            self.texts()
        wanted = due(self._texts)
        self._apart = {}
        if self._stale:
            rows = sorted(self._stale)
            texts = Texts.of(*(self.now[row] for row in rows))
            wanted = wanted.copy()
            wanted[rows] = due(texts)
            self._apart = {row: place for place, row in enumerate(rows)}
            self._changed = texts
        rows_due: list[int] = np.flatnonzero(wanted).tolist()
        return rows_due

    def in_batch(self, clean: InBatch, rows: list[int], texts: list[str]) -> list[str]:
        """What a cleaner makes of texts that were just found to be due, in the batches asked."""
        after = list(texts)
        for batch, apart in ((self._texts, False), (self._changed, True)):
            some = [k for k, row in enumerate(rows) if (row in self._apart) == apart]
            if some:
                places = [self._apart.get(rows[k], rows[k]) for k in some]
                for k, text in zip(
                    some, clean(batch, places, [texts[k] for k in some]), strict=True
                ):
                    after[k] = text
        return after

    def texts(self) -> Texts:
        """All texts as they are now."""
        if self._stale:
            rows = sorted(self._stale)
            self._texts = self._texts.replaced(rows, [self.now[row] for row in rows])
            self._stale.clear()
        return self._texts

    def strings(self, rows: list[int]) -> list[str]:
        """Some texts as strings."""
        new = [row for row in rows if row not in self.now]
        if new:
            texts = self._texts.column.take(pa.array(new)).to_pylist()
            self.now.update(zip(new, texts, strict=True))
            self.first.update(zip(new, texts, strict=True))
        return [self.now[row] for row in rows]

    def change(self, row: int, text: str) -> None:
        """Take what a cleaner has made of a text."""
        self.now[row] = text
        self.touched.add(row)
        self._stale.add(row)


def _flags(texts: Texts, cleaners: Sequence[Cleaner]) -> dict[str, NDArray[np.bool_]]:
    """For each cleaner that characters tell of, which texts hold one that it could touch."""
    found: dict[str, NDArray[np.bool_]] = {}
    some = [
        (cleaner.name, cleaner.table)
        for cleaner in cleaners
        if cleaner.table is not None and cleaner.due is None
    ]
    for first in range(0, len(some), _FLAGS_PER_PASS):
        group = some[first : first + _FLAGS_PER_PASS]
        table = np.zeros(kernels.CODE_POINTS, np.uint8)
        for flag, (_, members) in enumerate(group):
            table |= members.view(np.uint8) << np.uint8(flag)
        flags = kernels.flags_present(texts.raw_codes, texts.start, table)
        for flag, (name, _) in enumerate(group):
            found[name] = (flags >> np.uint8(flag) & 1).astype(np.bool_)
    return found


def _clean_all(
    cleaner: Cleaner, texts: list[str], names: list[str | int], batch: _Batch, rows: list[int]
) -> list[str]:
    """One cleaner on texts of a batch, together where it can."""
    # What fails here fails below too, where the text has a name.
    with suppress(Exception):
        if cleaner.in_batch is not None and cleaner.due is not None and texts:
            return batch.in_batch(cleaner.in_batch, rows, texts)
        if cleaner.many is not None and len(texts) > 1:
            return cleaner.many(texts)
    return [_clean_one(cleaner, text, name) for text, name in zip(texts, names, strict=True)]


def _clean_one(cleaner: Cleaner, text: str, name: str | int) -> str:
    """One cleaner on one text, its failures told as a `Problem`."""
    try:
        cleaned = cleaner.function(text)
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        raise Problem("S011", cleaner=cleaner.name, id=name, cause=cause) from error
    if not isinstance(cleaned, str):
        cause = f"it gave {type(cleaned).__name__}, not str"
        raise Problem("S011", cleaner=cleaner.name, id=name, cause=cause)
    return cleaned


def _masks(cleaner: Cleaner, text: str) -> int:
    """How many of the cleaner's fixed tokens stand in a text."""
    return sum(text.count(token) for token in cleaner.masks)
