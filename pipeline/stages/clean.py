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
import pyarrow.compute as pc

from seimai.pipeline.errors import Problem
from seimai.pipeline.kernels import codes as kernels
from seimai.pipeline.stages.gone import line_count
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.cleaner import Cleaner

_FLAGS_PER_PASS = 8
"""`flags_present` carries eight flags a pass; recipes with more cleaners take more passes."""


@dataclass(frozen=True)
class Cleaned:
    """A batch after cleaning; each array has one entry per text."""

    column: pa.LargeStringArray
    removed: NDArray[np.int32]
    """Characters that cleaners took away, not those masked or mended; never negative."""
    removed_lines: NDArray[np.int32]
    """Lines, blank ones apart, that cleaners took away."""
    changed: NDArray[np.bool_]
    masked: NDArray[np.int32]
    """Masks that were set in the place of personal data."""
    mended: NDArray[np.int32]
    """Characters that stand where ruined ones were."""


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
    due = _due(column, cleaners)
    rows = np.flatnonzero(due)
    originals = (column if rows.size == count else column.take(rows)).to_pylist()
    now: dict[int, str] = dict(zip(rows.tolist(), originals, strict=True))
    touched: set[int] = set()
    for place, cleaner in enumerate(cleaners):
        wanted = np.flatnonzero(due >> place & 1).tolist()
        wanted = sorted({*wanted, *_due_again(cleaner, now, sorted(touched))})
        before = [now[row] for row in wanted]
        after = _clean_all(
            cleaner, before, [ids[row] if ids is not None else row for row in wanted]
        )
        for row, old, new in zip(wanted, before, after, strict=True):
            if new is old or new == old:
                continue
            touched.add(row)
            now[row] = new
            if cleaner.masks:
                masked[row] += _masks(cleaner, new) - _masks(cleaner, old)
            elif cleaner.mends:
                mended[row] += (Counter(new) - Counter(old)).total()
            else:
                removed[row] += max(len(old) - len(new), 0)
                if new.count("\n") < old.count("\n"):
                    removed_lines[row] += max(line_count(old) - line_count(new), 0)
    changed_rows = [
        row
        for row, original in zip(rows.tolist(), originals, strict=True)
        if row in touched and now[row] != original
    ]
    changed_texts = [now[row] for row in changed_rows]
    changed = np.zeros(count, np.bool_)
    changed[changed_rows] = True
    if changed_rows:
        column = pc.replace_with_mask(
            column, pa.array(changed), pa.array(changed_texts, pa.large_string())
        )
    return Cleaned(column, removed, removed_lines, changed, masked, mended)


def _due(column: pa.LargeStringArray, cleaners: Sequence[Cleaner]) -> NDArray[np.int64]:
    """For each text a number whose bit `k` says that cleaner `k` has to look at it."""
    due = np.zeros(len(column), np.int64)
    some = [
        (place, cleaner.table)
        for place, cleaner in enumerate(cleaners)
        if cleaner.table is not None
    ]
    texts = Texts(column)
    for place, cleaner in enumerate(cleaners):
        if cleaner.due is not None:
            due |= cleaner.due(texts).astype(np.int64) << place
        elif cleaner.table is None:
            due |= 1 << place
    for first in range(0, len(some), _FLAGS_PER_PASS):
        group = some[first : first + _FLAGS_PER_PASS]
        table = np.zeros(kernels.CODE_POINTS, np.uint8)
        for flag, (_, members) in enumerate(group):
            table |= members.view(np.uint8) << np.uint8(flag)
        flags = kernels.flags_present(texts.raw_codes, texts.start, table).astype(np.int64)
        for flag, (place, _) in enumerate(group):
            due |= (flags >> flag & 1) << place
    return due


def _due_again(cleaner: Cleaner, now: dict[int, str], touched: list[int]) -> list[int]:
    """
    Which changed texts the cleaner has to look at.

    They may hold what was not there when `_due` looked; or no longer what was.
    """
    if cleaner.due is None or not touched:
        return touched
    texts = Texts(pa.array([now[row] for row in touched], pa.large_string()))
    return [row for row, due in zip(touched, cleaner.due(texts).tolist(), strict=True) if due]


def _clean_all(cleaner: Cleaner, texts: list[str], names: list[str | int]) -> list[str]:
    """One cleaner on many texts, together where it can."""
    if cleaner.many is not None and len(texts) > 1:
        # What fails here fails below too, where the text has a name.
        with suppress(Exception):
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
