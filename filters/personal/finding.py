"""
The search for all kinds of personal data in one text.

Two ways lead to them. Kinds that label each other (e-mail, telephone, cards, My Number) are
patterns with predicates, searched one after the other, each hit hidden from the rest. All others
need what stands far before them (a label, the head of a column, a prefecture) and are functions
over the whole folded text; they see what was found first as blanks. Where neither can find
anything is known from one walk over the text, or over many at once (`signs`).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from seimai.filters.personal import addresses, figures, phones
from seimai.filters.personal.looks import (
    BIRTHS,
    BLOCKS,
    HEADS,
    LABELS,
    MACHINES,
    NAMES,
    POSTALS,
    Sign,
)
from seimai.filters.personal.papers import RULES, find_papers
from seimai.filters.personal.signs import Signs, walk_strings
from seimai.filters.personal.spans import ALL_KINDS, KIND_OF, NAME, Span
from seimai.filters.personal.tables import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seimai.filters.personal.kinds import Kind
    from seimai.filters.personal.papers import Found

KINDS = addresses.KINDS + figures.KINDS + phones.KINDS
"""The kinds of personal data that a regular expression finds, with a check of what it found."""

_PAPERS = frozenset({rule.kind for rule in RULES})
_ANY_SIGN = -1
# The signs without one of which a search finds nothing, as plain numbers, which are quicker.
_HEADS = int(HEADS)
_OF_PAPERS = int(LABELS | Sign.RESIDENCE | HEADS)
_OF_MACHINES = int(MACHINES)
_OF_BIRTHS = int(BIRTHS | HEADS)
_OF_PLACES = int(POSTALS | BLOCKS | HEADS)
_OF_NAMES = int(NAMES | HEADS)
_SIGNS_OF = {
    **dict.fromkeys(_PAPERS, _OF_PAPERS),
    "POSTAL_CODE": _OF_PLACES,
    "ADDRESS": int(BLOCKS),
    "BIRTH_DATE": _OF_BIRTHS,
    "IP_ADDRESS": _OF_MACHINES,
    NAME: _OF_NAMES,
}
"""For each kind the signs of which a text needs one, or nothing of the kind is found in it. Kinds
that are regular expressions have their own (`Kind.signs`)."""

PIECE = 1 << 12
"""Characters that are looked at together: each hit copies so many and no more."""

AROUND = 1024
"""Characters seen on both sides of them: the longest address has 520, and its label or the
beginning of its URL is looked for in the 300 before it."""


class _Pattern(NamedTuple):
    """A kind that is a pattern, and its signs as plain numbers."""

    kind: Kind
    name: str
    first: int
    """The pattern is tried where one of these signs stands."""
    also: int
    """The text must also have one of these signs somewhere."""


def _pattern(kind: Kind) -> _Pattern:
    first, also = (*map(int, kind.signs), _ANY_SIGN)[:2]
    return _Pattern(kind, KIND_OF[kind.mask], first, also)


_PATTERNS = tuple(map(_pattern, KINDS))


def find(text: str, *, kinds: Iterable[str] | None = None, chained: bool = False) -> list[Span]:
    """
    The personal data in a text, in order, without overlaps.

    All kinds are looked for, or those of `kinds` (see `spans.MASK_OF`). With `chained` what is
    found is the label of its neighbour at once, as its mask would be. A name of a kind that does
    not exist is a ValueError.

    >>> [(span.kind, span.start, span.end) for span in find("担当 sato@example.jp")]
    [('EMAIL', 3, 18)]
    """
    wanted = wanted_kinds(None if kinds is None else tuple(kinds))
    walked = walk_strings((text,))
    if not int(walked.found[0]) & signs_of(wanted):
        return []
    return search(walked.signs(0), wanted, chained=chained)[0]


@cache
def wanted_kinds(kinds: tuple[str, ...] | None) -> frozenset[str]:
    """The kinds that are asked for, all for None; a ValueError names one that does not exist."""
    if kinds is None:
        return frozenset(ALL_KINDS)
    for kind in kinds:
        if kind not in ALL_KINDS:
            raise ValueError(f"there is no kind of personal data {kind!r}")
    return frozenset(kinds)


@cache
def signs_of(wanted: frozenset[str]) -> int:
    """Signs of which a text has one if anything of these kinds is found in it."""
    signs = 0
    for kind in wanted & _SIGNS_OF.keys():
        signs |= _SIGNS_OF[kind]
    return signs | _signs_of_patterns(wanted)


@cache
def _signs_of_patterns(wanted: frozenset[str]) -> int:
    signs = 0
    for pattern in _PATTERNS:
        if pattern.name in wanted:
            signs |= pattern.first
    return signs


def search(
    signs: Signs, wanted: frozenset[str], *, chained: bool = False
) -> tuple[list[Span], list[Found] | None]:
    """
    What `find` finds in the text of these signs, and all names in it.

    The names are None where others kinds were hidden from the search for them, or they were not
    asked for.
    """
    found: list[Span] = []
    if signs.found & _signs_of_patterns(wanted):
        folded = signs.folded
        for kind, name, first, also in _PATTERNS:
            if name not in wanted or not signs.found & first or not signs.found & also:
                continue
            hits = _hits(kind, folded, signs.at(Sign(first)), kind.mask if chained else "")
            if hits:
                found += [Span(start, end, name, kind.certainty) for start, end in hits]
                # Hidden from the kinds that follow.
                folded = _hidden(folded, 0, hits)
        if found:
            signs = Signs.of(folded, signs.raw)
    others, names = _others(signs, wanted)
    return _with_others(sorted(found), others), None if found else names


def _others(signs: Signs, wanted: frozenset[str]) -> tuple[list[Found], list[Found] | None]:
    """What the searches over the whole text find, the surer first where two overlap; and names."""
    columns = list(cells(signs.tabbed)) if signs.found & _HEADS else []
    # What follows is asked of most texts in vain: the signs tell it without a call, and the
    # patterns of a kind are compiled where a text may have it.
    found: list[Found] = []
    names: list[Found] | None = None
    if signs.found & _OF_PAPERS and not wanted.isdisjoint(_PAPERS):
        found += find_papers(signs, wanted, columns)
    if signs.found & _OF_MACHINES and "IP_ADDRESS" in wanted:
        from seimai.filters.personal.machines import find_machines

        found += find_machines(signs)
    if signs.found & _OF_BIRTHS and "BIRTH_DATE" in wanted:
        from seimai.filters.personal.births import find_births

        found += find_births(signs, columns)
    if signs.found & _OF_PLACES and not wanted.isdisjoint(("ADDRESS", "POSTAL_CODE")):
        from seimai.filters.personal.places import find_addresses, find_postal_codes

        places = list(find_addresses(signs))
        if "POSTAL_CODE" in wanted:
            found += find_postal_codes(signs, places, columns)
        if "ADDRESS" in wanted:
            found += places
    if NAME in wanted:
        names = []
        if signs.found & _OF_NAMES:
            from seimai.filters.personal.names import find_names

            names = list(find_names(signs, columns))
        found += names
    return found, names


def _with_others(spans: list[Span], others: list[Found]) -> list[Span]:
    """All finds together, in order, without overlaps: of two in one place the first stays."""
    ends = [span.end for span in spans]
    for start, end, kind, certainty in others:
        place = bisect_right(ends, start)
        if start < end and (place == len(spans) or end <= spans[place].start):
            ends.insert(place, end)
            spans.insert(place, Span(start, end, kind, certainty))
    return spans


def _hits(kind: Kind, folded: str, places: Sequence[int], label: str) -> list[tuple[int, int]]:
    """
    Start and end of all personal data of a kind in a folded text; each is put as `label`.

    They stand at some of the places of its signs. One that is found is hidden from the rest, which
    copies what it stands in: of a long text a piece at a time, with what a pattern or a label may
    want to see on both sides.
    """
    hits: list[tuple[int, int]] = []
    view = ""
    first = at = seen = 0
    for place in places:
        if place < at:
            continue
        if place >= seen:
            first, seen = max(0, place - AROUND), place + PIECE
            near = [hit for hit in hits[-AROUND:] if hit[1] > first]
            view = _hidden(folded[first : seen + AROUND], first, near, label)
        while match := kind.at(view, place - first, at - first):
            at = first + match.start() + 1
            if kind.holds(match, view):
                at = first + match.end()
                hits.append((first + match.start(), at))
                blank = _blank(len(match[0]), label)
                view = view[: match.start()] + blank + view[match.end() :]
                break
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
