"""
Personal data: e-mail addresses, telephone numbers, card numbers and individual numbers.

Each kind is one pattern, which says what it may look like, and one predicate, which says when it
is that: precision matters as much as recall, since order numbers, versions, postal codes and
decorators fill the same pages. Patterns see the text with widths, dashes and brackets folded to
ASCII, character for character, so that a place found there is the place in the text.

A mask replaces all of it, so nothing of a number or name is left, and no mask depends on what it
hides: two addresses look the same. Role addresses and toll-free numbers are masked too; nothing in
a text tells reliably whether one person answers. Names, postal addresses and bank accounts are
left alone: patterns cannot find them with the precision that changing a text asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from seimai.pipeline.cleaner import cleaner
from seimai.pipeline.signal import signal
from seimai.pipeline.text import Texts, character_table

EMAIL, PHONE, CARD, NUMBER = "<EMAIL>", "<PHONE>", "<CARD>", "<MYNUMBER>"
MASKS = (EMAIL, PHONE, CARD, NUMBER)

_SEEN_BEFORE = 48
"""How far back a predicate reads for a label such as 電話; labels stand next to their numbers."""


@dataclass(frozen=True)
class Kind:
    """One look of one kind of personal data."""

    mask: str
    maybe: re.Pattern[str]
    """What a text has to contain, tried first on the text as it is: cheap, with false alarms."""
    pattern: re.Pattern[str]
    """Candidates in the folded text."""
    holds: Callable[[re.Match[str], str], bool]
    """Whether a candidate in the folded text is personal data."""


# --- folding -----------------------------------------------------------------------------------


def _folding() -> NDArray[np.uint32]:
    table = np.arange(0x110000, dtype=np.uint32)
    table[ord("！") : ord("～") + 1] = np.arange(ord("!"), ord("~") + 1)
    for characters, plain in (
        ("‐‑‒–—―−ーｰ─━﹣⁃", "-"),
        ("\u3000\xa0\t\u2009\u202f\x00", " "),
        ("（〔［【｟⦅", "("),
        ("）〕］】｠⦆", ")"),
        ("．｡。・･", "."),
    ):
        table[[ord(character) for character in characters]] = ord(plain)
    # 。 ends sentences and ・ separates words: only the full-width and half-width stops are dots.
    table[[ord(character) for character in "。｡・･"]] = [ord(character) for character in "。｡・･"]
    return table


_FOLDED = _folding()


def fold(text: str) -> str:
    """The text in ASCII where a reader sees the same: widths, dashes, brackets; equal length."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _FOLDED[codes].tobytes().decode("utf-32-le", "surrogatepass")
