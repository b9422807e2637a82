"""
Where in a folded text something may say that personal data stand there: for a quick first look.

The signs and the questions about what stands around them are listed in `looks`. They give false
alarms, never misses, and the pattern itself decides. A batch of texts is walked once, for all
kinds.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.filters.personal.full_names import (
    SHORT_SURNAMES,
    given_names,
    is_surname,
    surnames,
)
from seimai.filters.personal.kinds import FOLDED, words_of
from seimai.filters.personal.looks import (
    ANY,
    LABEL_ENDS,
    LOOKS,
    PAPER_WORDS,
    QUESTIONS,
    Sign,
)
from seimai.filters.personal.tables import with_tabs
from seimai.pipeline import kernels
from seimai.pipeline.characters import CODE_POINTS, ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from re import Match, Pattern

    from seimai.pipeline.arrays import Codes, Hashes, Integers, Symbols
    from seimai.pipeline.text import Texts


_TAB = ord("\t")
_PLACES = ("municipalities.txt", "prefectures.txt")


class _Tables(NamedTuple):
    """Tables that the kernels look into, made once per process."""

    class_of: Symbols
    bits_of: Hashes
    questions: Integers
    words: Hashes


def _classes() -> tuple[Symbols, Hashes]:
    """The class of each code point, and what it may be at each of five places of the looks."""
    rows = [(look.sign, (look.before, look.here, *look.behind)) for look in LOOKS]
    edges = {0, CODE_POINTS}
    for _, sets in rows:
        for characters in sets:
            for low, high in ranges(characters.removeprefix("^")):
                edges |= {low, high + 1}
    places = np.array(sorted(edges))
    bits = np.zeros((places.size - 1, kernels.signposts.WIDTH), np.uint64)
    for sign, sets in rows:
        for column in range(bits.shape[1]):
            characters = sets[column] if column < len(sets) else ANY
            members = np.full(len(bits), characters == ANY)
            for low, high in ranges(characters.removeprefix("^")):
                members[np.searchsorted(places, low) : np.searchsorted(places, high + 1)] = True
            members ^= characters.startswith("^")
            bits[members, column] |= np.uint64(sign)
    different, class_of = np.unique(bits, axis=0, return_inverse=True)
    return np.repeat(class_of.ravel().astype(np.uint16), np.diff(places)), different.T.copy()


def _table_of(chosen: Iterable[str]) -> Hashes:
    """A hash table of some words, as the kernels search it."""
    words = sorted(chosen)
    start = np.cumsum([0, *map(len, words)])
    table: Hashes = kernels.names.table_of_words(_codes("".join(words)), start)
    return table


@cache
def _tables() -> _Tables:
    questions = np.zeros((max(Sign).bit_length(), 3), np.int64)
    for signs, (name, back, ahead) in QUESTIONS.items():
        for sign in signs:
            questions[sign.bit_length() - 1] = getattr(kernels.vicinity, name), back, ahead
    called = {name for name in surnames() if is_surname(name)} | SHORT_SURNAMES
    places = [name[::-1] for data in _PLACES for name in words_of(data)]
    lists = (surnames(), given_names(), called, places, LABEL_ENDS, PAPER_WORDS)
    return _Tables(*_classes(), questions, np.stack([_table_of(words) for words in lists]))


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


class Walk(NamedTuple):
    """The signs of many texts, seen folded; see `kernels.vicinity` for the arrays."""

    raw: Codes
    """Code points of the texts before folding, one text after the other."""
    start: Integers
    place: Integers
    """The places of signs that are worth a look anywhere in their text."""
    bits: Hashes
    """The signs at each of these places, one bit per `Sign`."""
    asked: Hashes
    """The signs of `bits` that are worth a look at that place."""
    first: Integers
    """For each text the index of its first place; one entry more at the end."""
    found: Hashes
    """For each text all signs that are worth a look anywhere in it."""

    def replaced(self, made: Texts, rows: Integers, new: Texts) -> Walk:
        """The signs of a batch that has the texts of `new` in some rows and else is this one."""
        other = new.once(walk)
        stays = np.ones(len(made), np.bool_)
        stays[rows] = False
        row = np.repeat(np.arange(len(made)), np.diff(self.first))
        kept = stays[row]
        row = np.concatenate([row[kept], np.repeat(rows, np.diff(other.first))])
        order = np.argsort(row, kind="stable")
        place = np.concatenate([self._within()[kept], other._within()])  # noqa: SLF001
        place = (place + made.start[row])[order]
        bits = np.concatenate([self.bits[kept], other.bits])[order]
        asked = np.concatenate([self.asked[kept], other.asked])[order]
        first = np.searchsorted(row[order], np.arange(len(made) + 1))
        found = self.found.copy()
        found[rows] = other.found
        return Walk(made.raw_codes, made.start, place, bits, asked, first, found)

    def _within(self) -> Integers:
        """The places as places of their own text."""
        return self.place - np.repeat(self.start[:-1], np.diff(self.first))

    def of(self, rows: Sequence[int]) -> Iterator[Signs]:
        """The signs of some texts, which are folded together: far faster than one by one."""
        if not len(rows):
            return
        pieces = [self.raw[self.start[row] : self.start[row + 1]] for row in rows]
        folded = _text(kernels.signposts.mapped(np.concatenate(pieces), FOLDED))
        chosen = np.asarray(rows)
        number = self.first[chosen + 1] - self.first[chosen]
        first = np.concatenate([[0], np.cumsum(number)])
        some = np.arange(first[-1]) + np.repeat(self.first[chosen] - first[:-1], number)
        within = self.place[some] - np.repeat(self.start[chosen], number)
        places = list(
            zip(within.tolist(), self.bits[some].tolist(), self.asked[some].tolist(), strict=True)
        )
        at = 0
        for raw, found, begin, end in zip(
            pieces,
            self.found[chosen].tolist(),
            first[:-1].tolist(),
            first[1:].tolist(),
            strict=True,
        ):
            yield Signs(folded[at : at + raw.size], found, places[begin:end], raw)
            at += raw.size

    def signs(self, row: int, folded: str | None = None) -> Signs:
        """The signs of one text; it is folded anew where it is not given so."""
        here = slice(self.first[row], self.first[row + 1])
        begin, end = self.start[row : row + 2].tolist()
        places = (self.place[here] - begin).tolist()
        found = zip(places, self.bits[here].tolist(), self.asked[here].tolist(), strict=True)
        raw = self.raw[begin:end]
        if folded is None:
            folded = _text(kernels.signposts.mapped(raw, FOLDED))
        return Signs(folded, int(self.found[row]), list(found), raw)


def _walk(codes: Codes, raw: Codes, start: Integers) -> Walk:
    tables = _tables()
    seen = kernels.signposts.signposts(codes, start, tables.class_of, tables.bits_of)
    asked = kernels.vicinity.worth_a_look(codes, raw, start, *seen, *tables[2:])
    return Walk(raw, start, *asked)


def walk(texts: Texts) -> Walk:
    """The signs of a batch; asked for with `texts.once(walk)`."""
    raw = texts.raw_codes
    return _walk(kernels.signposts.mapped(raw, FOLDED), raw, texts.start)


def walk_strings(texts: Sequence[str]) -> Walk:
    """The signs of some texts."""
    raw = _codes("".join(texts))
    return _walk(kernels.signposts.mapped(raw, FOLDED), raw, np.cumsum([0, *map(len, texts)]))


class Signs(NamedTuple):
    """The signs of one folded text."""

    folded: str
    found: int
    """The signs that are worth a look at one place of the text at least."""
    places: list[tuple[int, int, int]]
    """Each place with its signs, and those of them that are worth a look, in order."""

    raw: Codes
    """The code points of the text as it is; only its tabs are asked for."""

    @classmethod
    def of(cls, folded: str, raw: Codes | None = None) -> Signs:
        """
        The signs of a text that is folded already; what was hidden in it stays hidden.

        Tabs are taken from the places where the code points `raw` have them.
        """
        codes = _codes(folded)
        if raw is not None:
            raw = np.where(raw == _TAB, raw, codes)
        walked = _walk(codes, codes if raw is None else raw, np.array([0, codes.size]))
        return walked.signs(0, folded)

    @property
    def tabbed(self) -> str:
        """The folded text with the tabs that folding has made blanks."""
        return with_tabs(_text(self.raw), self.folded)

    def may_hold(self, signs: Sign) -> bool:
        """Whether a place with one of the signs is worth a look."""
        return bool(self.found & int(signs))

    def at(self, signs: Sign) -> list[int]:
        """The places with one of the signs that are worth a look, in order."""
        if not self.found & int(signs):
            return []
        wanted = int(signs)
        return [place for place, _, asked in self.places if asked & wanted]

    def matches(self, signs: Sign, pattern: Pattern[str]) -> Iterator[Match[str]]:
        """
        What `pattern.finditer` finds, if every match begins at one of the signs, as far as it is
        worth a look.

        What is not hides what begins in it all the same, as it would from `finditer`.
        """
        if not self.found & int(signs):
            return
        wanted = int(signs)
        done = 0
        for place, bits, asked in self.places:
            if not bits & wanted or place < done:
                continue
            match = pattern.match(self.folded, place)
            if match:
                done = match.end()
                if asked & wanted:
                    yield match
