"""
The search for all kinds of personal data in one text.

Two ways lead to them. Kinds that label each other (e-mail, telephone, cards, My Number) are
patterns with predicates, searched one after the other, each hit hidden from the rest. All others
need what stands far before them (a label, the head of a column, a prefecture) and are functions
over the whole folded text; they see what was found first as blanks.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from seimai.filters.personal import addresses, figures, phones
from seimai.filters.personal.births import find_births, may_hold_births
from seimai.filters.personal.kinds import fold
from seimai.filters.personal.machines import find_machines, may_hold_machines
from seimai.filters.personal.names import COLUMN_WORDS, find_names
from seimai.filters.personal.papers import HINT as PAPER_HINT
from seimai.filters.personal.papers import find_papers
from seimai.filters.personal.places import HINT as PLACE_HINT
from seimai.filters.personal.places import find_addresses, find_postal_codes
from seimai.filters.personal.spans import ALL_KINDS, KIND_OF, NAME, Span
from seimai.filters.personal.tables import cells, with_tabs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seimai.filters.personal.kinds import Kind
    from seimai.filters.personal.papers import Found

KINDS = addresses.KINDS + figures.KINDS + phones.KINDS
"""The kinds that are patterns."""

_HINTS = tuple(dict.fromkeys(hint for kind in KINDS for hint in kind.hints))
# One scan for all hints: a character that begins one of them, and only there the rest of it. No
# two begin with the same character, so the number of the group tells which it is.
_ANY_HINT = re.compile(
    f"[{''.join(hint.starts for hint in _HINTS)}]"
    f"(?:{'|'.join(f'(?<=[{hint.starts}])(?=({hint.then}))' for hint in _HINTS)})"
)

_PATTERNS = frozenset(KIND_OF[kind.mask] for kind in KINDS)
"""The names of the kinds that are patterns."""

_PAPERS = (
    "BANK_ACCOUNT",
    "DRIVER_LICENSE",
    "PASSPORT",
    "HEALTH_INSURANCE",
    "PENSION_NUMBER",
    "RESIDENCE_CARD",
)
_FIGURES = re.compile(
    r"[0-9０-９記](?:(?<=記)号[^\n]{0,12}?[0-9０-９]|(?<!記)(?:[-‐‑‒–—―−ーｰ－ 　]?[0-9０-９]){3})"
)

PIECE = 1 << 14
"""Characters that are searched at a time: each hit copies so many and no more."""

AROUND = 1024
"""Characters seen on both sides of a piece: the longest address has 520, and its label or the
beginning of its URL is looked for in the 300 before it."""


def find(
    text: str,
    *,
    kinds: Iterable[str] | None = None,
    chained: bool = False,
    known: dict[str, list[Found]] | None = None,
) -> list[Span]:
    """
    The personal data in a text, in order, without overlaps.

    All kinds are looked for, or those of `kinds` (see `spans.MASK_OF`). With `chained` what is
    found is the label of its neighbour at once, as its mask would be. `known` remembers the names
    of texts for who asks again. A name of a kind that does not exist is a ValueError.

    >>> [(span.kind, span.start, span.end) for span in find("担当 sato@example.jp")]
    [('EMAIL', 3, 18)]
    """
    wanted = _wanted(None if kinds is None else tuple(kinds))
    gates = _open_gates(text, wanted)
    patterns = not wanted.isdisjoint(_PATTERNS)
    seen = {match.lastindex for match in _ANY_HINT.finditer(text)} if patterns else set()
    if not seen and not gates:
        return []
    hinted = {hint for group, hint in enumerate(_HINTS, 1) if group in seen}
    folded = fold(text)
    found: list[Span] = []
    for kind in KINDS:
        if hinted.isdisjoint(kind.hints) or KIND_OF[kind.mask] not in wanted:
            continue
        hits = _hits(kind, folded, kind.mask if chained else "")
        found += [Span(start, end, KIND_OF[kind.mask], kind.certainty) for start, end in hits]
        # Hidden from the kinds that follow.
        folded = _hidden(folded, 0, hits)
    if gates:
        # Names are the same for who asks again only where nothing was hidden from them.
        remember = known if known is not None and not found else {}
        found = _with_others(found, _others(text, folded, wanted, gates, remember))
    return sorted(found)


@cache
def _wanted(kinds: tuple[str, ...] | None) -> frozenset[str]:
    if kinds is None:
        return frozenset(ALL_KINDS)
    for kind in kinds:
        if kind not in ALL_KINDS:
            raise ValueError(f"there is no kind of personal data {kind!r}")
    return frozenset(kinds)


def _open_gates(text: str, wanted: frozenset[str]) -> set[str]:
    """Which of the other searches may find something: quick looks at the text as it is."""
    gates: set[str] = set()
    if NAME in wanted:
        gates.add("names")
    if "BIRTH_DATE" in wanted and may_hold_births(text):
        gates.add("births")
    if ("ADDRESS" in wanted or "POSTAL_CODE" in wanted) and (
        PLACE_HINT.search(text) or "郵便番号" in text
    ):
        gates.add("places")
    if "IP_ADDRESS" in wanted and may_hold_machines(text):
        gates.add("machines")
    if not wanted.isdisjoint(_PAPERS) and _FIGURES.search(text) and PAPER_HINT.search(text):
        gates.add("papers")
    return gates


def _others(
    text: str, folded: str, wanted: frozenset[str], gates: set[str], known: dict[str, list[Found]]
) -> list[Found]:
    """What the searches over the whole text find, the surer first where two overlap."""
    labelled = gates & {"papers", "births"} or "便番号" in folded
    named = "names" in gates and any(word in folded for word in COLUMN_WORDS)
    columns = list(cells(with_tabs(text, folded))) if labelled or named else []
    found: list[Found] = []
    if "papers" in gates:
        found += find_papers(folded, wanted, columns)
    if "machines" in gates:
        found += find_machines(folded)
    if "births" in gates:
        found += find_births(folded, columns)
    if "places" in gates:
        places = list(find_addresses(folded))
        if "POSTAL_CODE" in wanted:
            found += find_postal_codes(folded, places, columns)
        if "ADDRESS" in wanted:
            found += places
    if "names" in gates:
        known[text] = list(find_names(folded, columns))
        found += known[text]
    return found


def _with_others(first: list[Span], others: list[Found]) -> list[Span]:
    """Both without overlaps: of two in one place the one found earlier stays."""
    if not others:
        return first
    last = max([*(span.end for span in first), *(end for _, end, *_ in others)], default=0)
    taken = bytearray(last)
    for span in first:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
    spans = list(first)
    for start, end, kind, certainty in others:
        if start < end and not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            spans.append(Span(start, end, kind, certainty))
    return spans


def _hits(kind: Kind, folded: str, label: str) -> list[tuple[int, int]]:
    """
    Start and end of all personal data of a kind in a folded text; each is put as `label`.

    One that is found is hidden from the rest, which copies what it stands in: of a long text a
    piece at a time, with what a pattern or a label may want to see on both sides.
    """
    hits: list[tuple[int, int]] = []
    at = 0
    for piece in range(0, len(folded), PIECE):
        first = max(0, piece - AROUND)
        near = [hit for hit in hits[-AROUND:] if hit[1] > first]
        view = _hidden(folded[first : piece + PIECE + AROUND], first, near, label)
        at = max(at, piece)
        while match := kind.next(view, at - first):
            start = first + match.start()
            if start >= piece + PIECE:
                break  # It belongs to the next piece, which sees all of what follows.
            at = start + 1
            if kind.holds(match, view):
                at = first + match.end()
                hits.append((start, at))
                blank = _blank(len(match[0]), label)
                view = view[: match.start()] + blank + view[match.end() :]
    return hits


def _blank(length: int, label: str) -> str:
    """What is put for a hit: as long as it was, with the label where what follows looks for it."""
    return label.rjust(length, "\0") if len(label) <= length else "\0" * length


def _hidden(text: str, first: int, hits: Sequence[tuple[int, int]], label: str = "") -> str:
    """A piece of text from the place `first` on, its hits blanked; places stay as they are."""
    parts: list[str] = []
    done = first
    for start, end in hits:
        low, high = max(start, first), min(end, first + len(text))
        parts += (text[done - first : low - first], _blank(high - low, label))
        done = high
    return "".join((*parts, text[done - first :]))
