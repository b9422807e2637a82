"""Patterns asked of some lines of a batch: of a few, for a pattern is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import re

    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

    Flags = NDArray[np.bool_]


def matches(texts: Texts, pattern: re.Pattern[str], asked: Flags) -> Flags:
    """Which of the lines that are asked are of a form as a whole."""
    found = np.zeros(asked.size, np.bool_)
    rows = np.flatnonzero(asked)
    is_whole = pattern.fullmatch
    found[rows] = [is_whole(line) is not None for line in strings(texts, rows)]
    return found


def strings(texts: Texts, rows: NDArray[np.int64]) -> list[str]:
    """Some lines without the blanks around them; all are decoded at once, which is far faster."""
    start = texts.lines.start[rows]
    length = texts.lines.length[rows]
    ends = np.cumsum(length)
    begins = ends - length
    places = np.arange(length.sum()) + np.repeat(start - begins, length)
    joined = texts.codes[places].tobytes().decode("utf-32-le")
    return [
        joined[begin:end].strip() for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
    ]
