"""
The index of the benchmarks of a recipe: seeds, and the fields that they belong to.

A question that says enough is found by itself, a short one where it stands alone, one that says
next to nothing only with its choices behind it, and a passage by any long piece. What is too short
or too generic for all of these is not looked for, and counted. The idea of growing rare n-grams in
both directions is that of the contamination studies of PaLM and Llama 2.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seimai.pipeline.contamination.generic import generic_letters
from seimai.pipeline.kernels import seeds as kernels
from seimai.pipeline.text import Texts
from seimai.pipeline.text.hashview import TABLE_SIZE, fold_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seimai.pipeline.contamination.layouts import Item

VERSION = 1
"""Raised when the same benchmarks would be found in other texts than before."""

LONG, BRIEF = 8, 4
"""Letters of a seed: of questions and passages, and of questions that are shorter than that."""

DISTINCT, ALONE = 4, 2
"""How many letters of a question have to be its own. With fewer than `DISTINCT` it has to stand
alone or with its choices; with fewer than `ALONE` only the choices tell it from the same words
elsewhere."""

MANY = 3
"""An n-gram that this many questions of a benchmark share is part of a stem, and no seed."""

SEEN = 0.85
"""Share of a question that has to agree with the text; less than all, as a copy with a word changed
is still a copy."""

WHOLE_BELOW = 12
"""Questions with fewer letters than this have to agree completely."""

LEAST_PASSAGE, PIECE = 32, 64
"""Letters of a passage that is looked for at all, and of a piece of it that counts."""

EVERY = 8
"""In passages one place in this many is a seed: what is long holds one anyway."""

MOST_POSTINGS = 64
"""Fields of one seed. Passages that begin alike need no more to be found by their other seeds."""

SIEVE_BITS = 1 << 22
"""Half a megabyte, which stays in the cache of a core; grows with the seeds."""


class Hit(NamedTuple):
    """A part of an item in a text; `begin` and `end` are characters of the text."""

    text: int
    benchmark: int
    item: int
    part: str
    """`question` or `passage`."""
    begin: int
    end: int
    letters: int
    """How many letters and digits agree."""
    share: float
    """The share of the letters and digits of the question or passage that agree."""


@dataclass(frozen=True)
class Seeds:
    """Seeds of one length, as `kernels.find_fields` wants them."""

    n: int
    sieve: NDArray[np.uint64]
    keys: NDArray[np.uint64]
    posting: NDArray[np.int64]
    field: NDArray[np.int64]
    at: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Index:
    """All benchmarks of a recipe; `digest` is of what decides which texts they are found in."""

    names: tuple[str, ...]
    digest: str
    items: tuple[tuple[str, ...], ...]
    """The names of the items of each benchmark."""
    unsought: tuple[int, ...]
    """Items of each benchmark that are neither in a question nor a passage looked for."""
    passages: tuple[int, ...]
    """How many different passages of each benchmark are looked for."""
    benchmark: NDArray[np.int64]
    """The benchmark of each field (a question, a passage, or a part of one); `item`, `kind` and
    `wanted` (the letters that have to agree) also have one entry per field."""
    item: NDArray[np.int64]
    kind: NDArray[np.uint8]
    wanted: NDArray[np.int64]
    codes: NDArray[np.uint32]
    start: NDArray[np.int64]
    choices: NDArray[np.uint32]
    choice_start: NDArray[np.int64]
    first_choice: NDArray[np.int64]
    seeds: tuple[Seeds, ...] = field(repr=False)

    def rows(self, texts: Texts) -> NDArray[np.int64]:
        """Rows of text, field, begin, end (in the bare view of the text) and letters, in order."""
        bare, parted, _, places = bare_view(texts)
        found = [
            kernels.find_fields(
                bare,
                parted,
                places,
                one.sieve,
                one.keys,
                one.posting,
                one.field,
                one.at,
                one.n,
                self.codes,
                self.start,
                self.kind,
                self.wanted,
                self.choices,
                self.choice_start,
                self.first_choice,
            )
            for one in self.seeds
            if one.keys.size
        ]
        rows = np.concatenate(found) if found else np.zeros((0, 5), np.int64)
        return rows[np.lexsort((rows[:, 1], rows[:, 2], rows[:, 0]))]

    def find(self, texts: Texts) -> list[Hit]:
        """All hits in some texts, in the order of texts and places."""
        _, _, source, places = bare_view(texts)
        rows = self.rows(texts)
        hits = []
        for text, row, begin, end, same in rows.tolist():
            at = places[text]
            size = int(self.start[row + 1] - self.start[row])
            part = "passage" if self.kind[row] == kernels.PASSAGE else "question"
            first, last = int(source[at + begin]), int(source[at + end - 1]) + 1
            where = (int(self.benchmark[row]), int(self.item[row]), part, first, last)
            hits.append(Hit(text, *where, same, min(same / size, 1.0)))
        return hits


def bare_view(texts: Texts) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Letters and digits of texts; see `kernels.bare_view`. Computed once a batch."""
    return texts.once(_bare)


def _bare(texts: Texts) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    table = fold_table()
    found: tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]] = kernels.bare_view(
        texts.raw_codes, texts.start, *table, letters()
    )
    return found


@lru_cache(maxsize=1)
def letters() -> NDArray[np.uint8]:
    """One entry per code point: 1 for letters and digits, 2 for the dash, 0 for all others."""
    table = np.ones(TABLE_SIZE, np.uint8)
    for code in range(TABLE_SIZE):
        if not 0x3400 <= code < 0xE000 and code < 0x20000:
            table[code] = unicodedata.category(chr(code))[0] in "LN"
    table[ord("-")] = 2
    return table


def index_of(benchmarks: Mapping[str, Sequence[Item]], digest: str) -> Index:
    """The index of benchmarks by name; `digest` is of their files and settings."""
    made = _Builder()
    for number, items in enumerate(benchmarks.values()):
        made.add(number, items)
    codes, start = _joined(made.fields)
    choices, choice_start = _joined([one for group in made.choices for one in group])
    return Index(
        names=tuple(benchmarks),
        digest=digest,
        items=tuple(tuple(item.name for item in items) for items in benchmarks.values()),
        unsought=tuple(made.unsought),
        passages=tuple(made.passages),
        benchmark=np.array(made.benchmark, np.int64),
        item=np.array(made.item, np.int64),
        kind=np.array(made.kind, np.uint8),
        wanted=np.array(made.wanted, np.int64),
        codes=codes,
        start=start,
        choices=choices,
        choice_start=choice_start,
        first_choice=np.cumsum([0, *map(len, made.choices)], dtype=np.int64),
        seeds=tuple(_seeds(n, made.seeds[n]) for n in (LONG, BRIEF)),
    )


def _joined(parts: Sequence[NDArray[Any]]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    codes = np.concatenate(parts) if parts else np.zeros(0, np.uint32)
    return codes.astype(np.uint32), np.cumsum([0, *map(len, parts)], dtype=np.int64)


class _Builder:
    """Collects the fields of all benchmarks, and the seeds they are found by."""

    def __init__(self) -> None:
        self.fields: list[NDArray[Any]] = []
        self.choices: list[list[NDArray[Any]]] = []
        self.benchmark: list[int] = []
        self.item: list[int] = []
        self.kind: list[int] = []
        self.wanted: list[int] = []
        self.unsought: list[int] = []
        self.passages: list[int] = []
        self.seeds: dict[int, list[tuple[int, int, int]]] = {LONG: [], BRIEF: []}

    def add(self, number: int, items: Sequence[Item]) -> None:
        """Take in all items of one benchmark."""
        questions = _bare_parts([item.question for item in items])
        passages = _bare_parts([item.passage for item in items])
        choices = [_bare_parts(item.choices) for item in items]
        hashes = [kernels.rolling(one, LONG).tolist() for one in questions]
        stems: Counter[int] = Counter()
        once: set[bytes] = set()
        for k, one in enumerate(questions):
            whole = one.tobytes() + b"|" + b"|".join(each.tobytes() for each in choices[k])
            if whole not in once:
                once.add(whole)
                stems.update(set(hashes[k]))
        sought: set[bytes] = set()
        seen: set[bytes] = set()
        left = 0
        for k, question in enumerate(questions):
            options = list({one.tobytes(): one for one in choices[k] if one.size}.values())
            whole = question.tobytes() + b"|" + b"|".join(one.tobytes() for one in options)
            asked = whole in sought or self._question(
                number, k, question, options, hashes[k], stems
            )
            if asked:
                sought.add(whole)
            passage = passages[k]
            known = passage.tobytes() in seen
            if passage.size >= LEAST_PASSAGE and not known:
                seen.add(passage.tobytes())
                self._passage(number, k, passage)
            left += not asked and passage.size < LEAST_PASSAGE
        self.unsought.append(left)
        self.passages.append(len(seen))

    def _question(
        self,
        number: int,
        k: int,
        codes: NDArray[Any],
        options: list[NDArray[Any]],
        hashes: list[int],
        stems: Counter[int],
    ) -> bool:
        """Take in a question, if there is a way to look for it."""
        if codes.size < BRIEF:
            return False
        common = generic_letters(codes)
        for at, value in enumerate(hashes):
            if stems[value] >= MANY:
                common[at : at + LONG] = True
        own = int((~common).sum())
        rare = [(at, value) for at, value in enumerate(hashes) if stems[value] < MANY]
        if own < DISTINCT or not rare:
            alone = own >= ALONE and codes.size > BRIEF
            if not alone and len(options) < 2:
                return False
            kind = kernels.SHORT if alone or (own >= DISTINCT and not hashes) else kernels.WEAK
            n = LONG if hashes else BRIEF
            first = [(0, int(kernels.rolling(codes[:n].copy(), n)[0]))]
            self._field(number, k, codes, kind, codes.size, n, first, options)
        else:
            part = 1.0 if codes.size < WHOLE_BELOW else SEEN
            wanted = int(np.ceil(part * codes.size))
            self._field(number, k, codes, kernels.QUESTION, wanted, LONG, rare)
        return True

    def _passage(self, number: int, k: int, codes: NDArray[Any]) -> None:
        hashes = kernels.rolling(codes, LONG).tolist()
        picked = [(at, hashes[at]) for at in range(0, len(hashes), EVERY)]
        wanted = min(PIECE, int(np.ceil(0.9 * codes.size)))
        self._field(number, k, codes, kernels.PASSAGE, wanted, LONG, picked)

    def _field(
        self,
        number: int,
        k: int,
        codes: NDArray[Any],
        kind: int,
        wanted: int,
        n: int,
        seeds: list[tuple[int, int]],
        options: Sequence[NDArray[Any]] = (),
    ) -> None:
        row = len(self.fields)
        self.fields.append(codes)
        self.choices.append(list(options))
        self.benchmark.append(number)
        self.item.append(k)
        self.kind.append(kind)
        self.wanted.append(wanted)
        self.seeds[n] += [(value, row, at) for at, value in seeds]


def _bare_parts(parts: Sequence[str]) -> list[NDArray[np.uint32]]:
    """The bare view of each string (letters and digits alone), as code points."""
    bare, _, _, places = bare_view(Texts.of(*parts))
    return [np.asarray(bare[a:b], np.uint32) for a, b in pairwise(places.tolist())]


def _seeds(n: int, found: list[tuple[int, int, int]]) -> Seeds:
    found = sorted(found)
    values = np.array([value for value, _, _ in found], np.uint64)
    rank = np.arange(values.size) - np.searchsorted(values, values)
    # Weak questions of the same words all have to be asked: their choices tell them apart.
    kept = np.flatnonzero(rank < (MOST_POSTINGS if n == LONG else values.size + 1))
    values = values[kept]
    keys, first = np.unique(values, return_index=True)
    bits = SIEVE_BITS
    while bits < 16 * keys.size:
        bits *= 2
    sieve = np.zeros(bits // 64, np.uint64)
    place = (keys >> np.uint64(20)) & np.uint64(bits - 1)
    np.bitwise_or.at(sieve, place >> np.uint64(6), np.uint64(1) << (place & np.uint64(63)))
    return Seeds(
        n,
        sieve,
        keys,
        np.append(first, values.size).astype(np.int64),
        np.array([found[k][1] for k in kept.tolist()], np.int64),
        np.array([found[k][2] for k in kept.tolist()], np.int64),
    )
