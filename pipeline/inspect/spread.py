"""How a signal lies in the texts of a finished run: some percentiles of the stored numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.inspect.stored import load_stored

if TYPE_CHECKING:
    from pathlib import Path

PERCENTS = (1, 10, 50, 90, 99)
"""From what one text in a hundred stays below to what one in a hundred passes."""


@dataclass(frozen=True)
class Spread:
    """How the numbers of one signal are spread over the texts of a run."""

    texts: int
    """Texts with a number; of word signals those that were asked for it."""
    empty: int
    """How many texts had nothing to measure."""
    percentiles: tuple[tuple[int, float], ...]
    """Pairs of percentile and number; none where no text has a number."""


def spread(out: Path, signal: str) -> Spread:
    """
    The percentiles of a signal over all texts of the run in `out`, kept or not.

    Raises `Problem` where the run has no such number (U030), or no release of its own (U017).
    """
    stored = load_stored(out, [signal])
    numbers = stored.numbers[signal][stored.asked(signal)]
    known = numbers[~np.isnan(numbers)]
    found = np.percentile(known, PERCENTS).tolist() if known.size else []
    return Spread(known.size, numbers.size - known.size, tuple(zip(PERCENTS, found, strict=False)))
