"""
Which texts can hold a footer, told from the edges of their lines without making them strings.

What `footers` asks of a line before it takes it apart, for all lines of a batch at once, and
generously: a text that is not named here comes out of the cleaner as it went in.
"""

from __future__ import annotations

import unicodedata
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS
from seimai.pipeline.kept_tables import kept
from seimai.pipeline.text.lexicon import pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

_SIGNS = frozenset("©cvの断")
"""One of these stands, folded, in every line that is a notice; see `kernels.edges`."""
_MARKS = "゙゚ﾞﾟ"
"""Marks that change the character before them when a line is folded."""
_FOLDING = (
    range(0x3400), range(0xA000, 0xAC00), range(0xF900, 0x10000), range(0x1D400, 0x1F200),
    range(0x2F800, 0x2FA20),
)  # fmt: skip
"""Blocks with characters that folding changes, apart from Hangul and scripts without words here."""

_FORBIDS, _BLANK_TO_PYTHON = np.uint8(1), np.uint8(2)
_RARE = np.zeros(CODE_POINTS, np.uint8)
_RARE[ord("断")] = _FORBIDS
_RARE[0x1C:0x20] = _BLANK_TO_PYTHON
"""Lines of these alone are blank to the cleaner and not to `Texts.lines`."""


class Edges(NamedTuple):
    """What `kernels.edges.have_edges` asks of characters, and of pairs of them."""

    roles: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    begins: NDArray[np.uint64]
    ends: NDArray[np.uint64]


def edges(beginnings: Iterable[str], endings: Iterable[str], decoration: str) -> Edges:
    """The tables for the first and last two characters of words; what is stripped is decoration."""
    of = kernels.edges
    made_of = (decoration, f"{of.MANY} {of.DECORATION} {of.MARK} {of.SIGN}", Path(__file__))
    roles, folded = kept("footer-edges", made_of, lambda: _tables(decoration))
    return Edges(roles, folded, pairs_of(beginnings), pairs_of(endings))


def _tables(decoration: str) -> list[NDArray[Any]]:
    """The roles of all characters, and what they are folded to."""
    of = kernels.edges
    roles = np.zeros(CODE_POINTS, np.uint8)
    folded = np.arange(CODE_POINTS, dtype=np.uint32)
    for code in {*chain.from_iterable(_FOLDING), *map(ord, _SIGNS)}:
        character = chr(code)
        plain = unicodedata.normalize("NFKC", character).lower()
        folded[code] = ord(plain) if len(plain) == 1 else of.MANY
        bare = plain.strip().strip(decoration).strip()
        mark = character in _MARKS or unicodedata.combining(plain[-1]) > 0
        roles[code] = (
            (0 if bare else of.DECORATION)
            | (of.MARK if mark else 0)
            | (0 if _SIGNS.isdisjoint(plain) else of.SIGN)
        )
    return [roles, folded]


def hold_footers(
    texts: Texts,
    known: Edges,
    hinted: NDArray[np.bool_],
    said: NDArray[np.bool_],
    *,
    tail: int,
    longest: int,
    kind: Callable[[str], str],
) -> NDArray[np.bool_]:
    """
    Texts with a footer among their `tail` last lines; if `hinted`, anywhere.

    `said` are the characters in which a sentence ends, `longest` the characters of a footer. Only
    of lines that could be one by these and by their edges `kind` is asked, which is slow.
    """
    lines, codes = texts.lines, texts.raw_codes
    flags = kernels.codes.flags_present(codes, texts.start, _RARE)
    from_end = lines.first[1:][lines.owner] - np.arange(lines.start.size)
    looked_at = np.flatnonzero((from_end <= tail) | hinted[lines.owner])
    start, end, owner = lines.start[looked_at], lines.end[looked_at], lines.owner[looked_at]
    like: NDArray[np.bool_] = kernels.edges.have_edges(codes, start, end, longest, *known)
    # A sentence is none, unless it forbids copies; with blanks behind its stop it ends in blanks.
    following = codes[np.minimum(end, codes.size - 1)]
    blank_behind = (following != ord("\n")) & (end < texts.start[1:][owner])
    like &= ~said[codes[end - 1]] | blank_behind | (flags[owner] & _FORBIDS > 0)
    due: NDArray[np.bool_] = flags & _BLANK_TO_PYTHON > 0
    begin, stop = kernels.edges.whole_lines(
        codes, start[like], end[like], texts.start[owner[like]], texts.start[owner[like] + 1]
    )
    for row, a, b in zip(owner[like].tolist(), begin.tolist(), stop.tolist(), strict=True):
        due[row] = due[row] or kind(codes[a:b].tobytes().decode("utf-32-le")) != ""
    return due
