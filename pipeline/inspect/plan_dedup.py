"""
Settings for `dedup` from what they are for: which edits to catch, how surely, at what cost.

A text of which a share `e` of characters is exchanged, one here and one there, keeps `(1 - e)^n` of
its shingles, so the two are `s / (2 - s)` similar; two texts `J` similar become candidates with
`P(J) = 1 - (1 - J^rows)^bands`. The fewest values that reach the recall are proposed, as long as
few enough pairs of half that similarity have to be compared for nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seimai.pipeline.run_record import RunRecord

MOST_VALUES = 1024
MOST_ROWS = 32

LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
"""Similarities for which the share of pairs that become candidates is shown."""

PUBLISHED = (
    ("FineWeb-2", 8, 14),
    ("Swallow (doubri)", 20, 40),
    ("datasketch, threshold 0.8", 13, 9),
    ("Seimai", 8, 16),
)
"""Settings that other pipelines use: name, rows and bands."""

MISSES = 0.8
"""A published setting that finds less than this share is warned of."""

_SKETCH_BYTES = 28
"""Bytes of a sketch for each text, besides its values and bands."""
_DRIVER_BYTES = 60
"""Bytes of memory for each text in the process that groups."""


def similarity_after(edited: float, n: int) -> float:
    """
    How similar a text is to itself after a share of its characters was exchanged, one by one.

    >>> round(similarity_after(0.02, 5), 3), similarity_after(0.0, 5)
    (0.825, 1.0)
    """
    kept = (1 - edited) ** n
    return kept / (2 - kept)


def found_share(similarity: float, rows: int, bands: int) -> float:
    """
    The share of pairs that become candidates.

    >>> round(found_share(0.8, 13, 9), 2), round(found_share(0.8, 8, 16), 2)
    (0.4, 0.95)
    """
    return float(1 - (1 - similarity**rows) ** bands)


@dataclass(frozen=True)
class Cost:
    """What finding duplicates among a number of texts takes."""

    disk: int
    """Bytes of all sketches, before they are packed."""
    memory: int
    """Bytes that grouping holds, without the shingles of candidates."""
    index: int
    """Bytes of an index of all texts."""
    seconds: float | None
    """On one processor, from a run that is at hand: reading, cleaning, measuring, sketching."""


@dataclass(frozen=True)
class Proposal:
    """Settings for duplicates, and what they would find and cost."""

    n: int
    rows: int
    bands: int
    similarity: float
    recall: float
    """The share of pairs exactly as similar as `similarity` that is found."""
    false: float
    """The share of pairs half as similar that is compared for nothing."""
    levels: tuple[tuple[float, float], ...]
    published: tuple[tuple[str, int, int, float], ...]
    """Name, rows, bands and the share of pairs exactly as similar that each finds."""
    texts: int
    characters: float
    """Mean number of characters of a text."""
    cost: Cost

    @property
    def missing(self) -> list[str]:
        """Published settings that would miss what is asked for."""
        return [name for name, _, _, share in self.published if share < MISSES]


def propose(
    *,
    edited: float = 0.02,
    recall: float = 0.95,
    false: float = 0.1,
    n: int = 5,
    texts: int | None = None,
    run: RunRecord | None = None,
) -> Proposal | None:
    """
    Settings that find a share `recall` of texts of which a share `edited` was exchanged.

    `false` is the largest share of pairs half as similar that may become candidates. None where no
    setting of at most `MOST_VALUES` values does both. Sizes are those of `run` where it is given.
    """
    similarity = math.floor(100 * similarity_after(edited, n)) / 100
    chosen = _fewest(similarity, recall, false)
    if chosen is None:
        return None
    rows, bands = chosen
    read = run["counts"]["read"] if run else 0
    characters = run["characters"]["read"] / read if run and read else 1000.0
    count = texts or read or 1_000_000
    seconds = None
    if run and read:
        seconds = run["timings"].get("prepare", 0.0) / read * count or None
    return Proposal(
        n,
        rows,
        bands,
        similarity,
        found_share(similarity, rows, bands),
        found_share(similarity / 2, rows, bands),
        tuple((level, found_share(level, rows, bands)) for level in LEVELS),
        tuple((name, r, b, found_share(similarity, r, b)) for name, r, b in PUBLISHED),
        count,
        characters,
        Cost(
            disk=count * (_SKETCH_BYTES + 4 * rows * bands + 8 * bands),
            memory=count * (_DRIVER_BYTES + 8 * min(bands, max(1, 16_000_000 // count))),
            index=int(count * (28 + 12 * bands + 4 * characters)),
            seconds=seconds,
        ),
    )


def _fewest(similarity: float, recall: float, false: float) -> tuple[int, int] | None:
    """Rows and bands with the fewest values; of as many, those with fewer false candidates."""
    best: tuple[int, float, int, int] | None = None
    for rows in range(1, MOST_ROWS + 1):
        share = similarity**rows
        bands = 1
        if share < 1:
            bands = max(1, math.ceil(math.log1p(-recall) / math.log1p(-share)))
        wrong = found_share(similarity / 2, rows, bands)
        if rows * bands > MOST_VALUES or wrong > false:
            continue
        found = (rows * bands, wrong, rows, bands)
        best = min(best, found) if best else found
    return (best[2], best[3]) if best else None
