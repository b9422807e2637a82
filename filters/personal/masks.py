"""
Masking: what is found becomes its mask, again and again until nothing is found any more.

Which texts have to be looked at is asked of a whole batch at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seimai.filters.personal.finding import AROUND, find, search, signs_of, wanted_kinds
from seimai.filters.personal.signs import walk, walk_strings
from seimai.filters.personal.spans import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.filters.personal.signs import Signs
    from seimai.pipeline.cleaner import Due, InBatch, Polish
    from seimai.pipeline.text import Texts


def due(kinds: Sequence[str]) -> Due:
    """Which texts of a batch may hold something of these kinds."""
    signs = np.uint64(signs_of(wanted_kinds(tuple(kinds))))
    return lambda texts: texts.once(walk).found & signs != 0


def masking_in_batch(kinds: Sequence[str]) -> InBatch:
    """What masks some kinds only, in texts of a batch that was walked for `due` already."""
    chosen = tuple(kinds)

    def mask(texts: Texts, rows: list[int], strings: list[str]) -> list[str]:
        seen = texts.once(walk).of(rows)
        return [_masked_all(text, signs, chosen) for text, signs in zip(strings, seen, strict=True)]

    return mask


def masking(kinds: Sequence[str]) -> Polish:
    """The cleaner that masks some kinds only."""
    chosen = tuple(kinds)
    signs = signs_of(wanted_kinds(chosen))

    def mask(text: str) -> str:
        walked = walk_strings([text])
        return _masked_all(text, walked.signs(0), chosen) if int(walked.found[0]) & signs else text

    return mask


def _masked_all(text: str, seen: Signs, kinds: tuple[str, ...]) -> str:
    # A mask can be the label of its neighbour: “電話 <PHONE>, 0312345679”. Each round takes
    # digits, an at sign or a name away, so there is a last one.
    found = search(seen, wanted_kinds(kinds), chained=True)[0]
    while found:
        text, masks = _masked(text, found)
        found = _near(text, masks, kinds)
    return text


def _masked(text: str, found: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """The text with masks for what was found, and where they begin in it."""
    parts: list[str] = []
    masks: list[int] = []
    done = length = 0
    for start, end, mask in found:
        length += start - done
        masks.append(length)
        length += len(mask)
        parts += (text[done:start], mask)
        done = end
    return "".join((*parts, text[done:])), masks


def _near(text: str, masks: Sequence[int], kinds: tuple[str, ...]) -> list[Span]:
    """What masks that are new in a text make of their neighbours; nothing else has changed."""
    windows: list[list[int]] = []
    for place in masks:
        first, last = max(0, place - AROUND), min(len(text), place + AROUND)
        if windows and first <= windows[-1][1]:
            windows[-1][1] = last
        else:
            windows.append([first, last])
    found = []
    for first, last in windows:
        # At its ends a window may cut what it shows; no label reaches that far.
        low = first + AROUND // 2 if first else 0
        high = last - AROUND // 2 if last < len(text) else last
        found += [
            Span(first + span.start, first + span.end, span.kind, span.certainty)
            for span in find(text[first:last], kinds=kinds, chained=True)
            if low <= first + span.start < high
        ]
    return found
