"""
Judge: hold numbers against limits, pick the text that stays of each group of duplicates.

This is the one place where signals and limits meet, and it never sees a text. Word signals cost
a MeCab parse, so they are asked only of texts that pass everything else: `judge` reveals the word
numbers of the texts it would keep, keeps judging until nothing changes, and says which texts it
still has to know about. Calling it before anything is tokenized therefore is the screen; what it
decides does not depend on which other texts happen to have been tokenized.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline.stages.keepers import choose_keepers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.arrays import Integers as Rows
    from seimai.pipeline.recipe import Limit, Recipe, Together
    from seimai.pipeline.signal import Signal

    _Columns = dict[str, NDArray[Any]]


DEDUP = "dedup"
"""The reason of a text whose better copy is kept."""


def failures(limits: Mapping[str, Limit], numbers: pa.Table) -> Flags:
    """
    Which limit each text fails: an array of texts by limits.

    Limits are compared as float32, as numbers are stored, so that `max: 0.3` includes 0.3.
    """
    return _failures(limits, _columns(numbers, limits), numbers.num_rows).T


def _columns(numbers: pa.Table, names: Iterable[str]) -> _Columns:
    """Columns as arrays, each once however many limits look at it."""
    return {name: numbers.column(name).to_numpy() for name in names}


def _failures(limits: Mapping[str, Limit], columns: _Columns, rows: int) -> Flags:
    """Which texts fail each limit: (limits, texts), as the columns of numbers lie in memory."""
    failed = np.zeros((len(limits), rows), bool)
    with np.errstate(over="ignore"):  # a limit beyond float32 never applies
        for k, (name, limit) in enumerate(limits.items()):
            value = columns[name]
            if limit.min is not None:
                failed[k] |= value < np.float32(limit.min)
            if limit.max is not None:
                failed[k] |= value > np.float32(limit.max)
            if limit.empty == "reject":
                failed[k] |= np.isnan(value)
    return failed


@dataclass(frozen=True)
class Limits:
    """Limits that are asked of the same texts: single ones by signal, then combined ones."""

    single: Mapping[str, Limit]
    together: Sequence[Together] = ()

    @property
    def reasons(self) -> list[str]:
        """What a text is rejected for that fails them, in their order."""
        return [*self.single, *(one.reason for one in self.together)]

    @property
    def signals(self) -> list[str]:
        """The columns they look at, each once."""
        return list(
            dict.fromkeys([*self.single, *(name for one in self.together for name in one.signals)])
        )


@dataclass(frozen=True)
class LimitsByNeed:
    """The limits of a recipe, in its order, by what their signals need."""

    characters: Limits
    words: Limits
    """A combined limit that looks at a single word signal is one of these."""
    where: Mapping[str, Limit]
    """Limits on words are only asked of texts that keep to all of these."""


def limits_by_need(recipe: Recipe, signals: Mapping[str, Signal]) -> LimitsByNeed:
    """Which limits can be held against every text, and which only against tokenized ones."""
    single, together = recipe.limits, recipe.together

    def parted(*, words: bool) -> Limits:
        return Limits(
            {name: one for name, one in single.items() if asks_words(signals, [name]) == words},
            [one for one in together if asks_words(signals, one.signals) == words],
        )

    return LimitsByNeed(parted(words=False), parted(words=True), recipe.tokens.where)


def asked_words(where: Mapping[str, Limit], numbers: pa.Table) -> Flags:
    """
    Whether the recipe asks for the words of each text, if it passes everything else.

    `where` are limits on characters; without any, all texts are asked. The words of other texts are
    not looked at, even where an earlier recipe had them measured.
    """
    outside: Flags = np.any(failures(where, numbers), axis=1)
    return ~outside


def asks_words(signals: Mapping[str, Signal], names: Iterable[str]) -> bool:
    """Whether any of the named signals is measured on words."""
    return any(signals[name].needs == "tokens" for name in names)


def hold(limits: Limits, numbers: pa.Table) -> tuple[Flags, NDArray[np.float32]]:
    """
    Which limit each text fails, and the value that says so: two arrays of texts by limits.

    The value is the number of the signal, or of a combined limit how many of its limits fail.
    """
    rows, columns = numbers.num_rows, _columns(numbers, limits.signals)
    failed = np.zeros((len(limits.reasons), rows), bool)
    values = np.full(failed.shape, np.nan, np.float32)
    failed[: len(limits.single)] = _failures(limits.single, columns, rows)
    for k, name in enumerate(limits.single):
        values[k] = columns[name]
    for k, one in enumerate(limits.together, len(limits.single)):
        failed[k], values[k] = _combined(one, columns, rows)
    return failed.T, values.T


def combined(one: Together, numbers: pa.Table) -> tuple[Flags, NDArray[np.int64]]:
    """
    Which texts fail a combined limit, and how many of its limits each text fails.

    It is asked of the texts that keep to everything in `where`; the count is there for all.
    """
    return _combined(one, _columns(numbers, one.signals), numbers.num_rows)


def _combined(one: Together, columns: _Columns, rows: int) -> tuple[Flags, NDArray[np.int64]]:
    outside = _failures(one.where, columns, rows).any(axis=0)
    count = _failures(one.limits, columns, rows).sum(axis=0)
    return ~outside & (count >= one.least), count


@dataclass(frozen=True)
class Groups:
    """
    The texts that have duplicates, as columns; `row` is the place among all texts of the run.

    `order` ranks them: of two texts that could be kept, the one with the lower rank is.
    """

    row: Rows
    group: Rows
    exact: Rows
    neighbours: pa.ListArray
    similarity: pa.ListArray
    anchor: Flags
    order: Rows


@dataclass(frozen=True)
class Verdict:
    """What became of all texts of a run; one entry per text, in order."""

    kept: Flags
    revealed: Flags
    """Texts whose word signals count."""
    duplicate_of: Rows
    """Row of the text that stays instead, -1 where there is none."""
    similarity: NDArray[np.float32]
    needed: Flags
    """Texts that must be tokenized before this verdict is final."""


def judge(passed: Flags, words: WordNumbers | None, groups: Groups | None) -> Verdict:
    """
    Decide all texts: `passed` says which ones keep to all limits on characters.

    `words` holds what is known of word limits (None: nothing asks for words). In groups where
    the text that would stay fails a word limit, twice as many texts are looked at in every step:
    a group of a thousand bad texts is settled in ten steps, not in a thousand.
    """
    alive = passed.copy()
    revealed = np.zeros(passed.size, bool)
    wanted = np.zeros(passed.size, bool)
    grouped = np.zeros(passed.size, bool)
    if groups is not None:
        grouped[groups.row] = True
    if words is not None:
        # A text without duplicates is kept unless its own words speak against it.
        revealed |= passed & ~grouped & words.measured
        alive &= ~(revealed & words.failed)
    duplicate_of = np.full(passed.size, -1, np.int64)
    similarity = np.full(passed.size, np.nan, np.float32)
    step = 0
    while groups is not None:
        partner, alike = choose_keepers(
            groups.group,
            groups.exact,
            groups.neighbours,
            groups.similarity,
            groups.order,
            alive[groups.row],
            groups.row,
            groups.anchor,
        )
        duplicate_of[groups.row], similarity[groups.row] = partner, alike
        if words is None:
            break
        known = revealed[groups.row] | ~alive[groups.row]
        asked = ~known & (partner < 0)
        asked[_next_best(groups, asked, ~known, 2**step)] = True
        wanted[:] = False
        wanted[groups.row[asked]] = True
        # All texts of a step are revealed together or not at all: otherwise what is revealed
        # next would depend on what happens to be tokenized already.
        if not asked.any() or not words.measured[wanted].all():
            break
        revealed |= wanted
        alive &= ~(wanted & words.failed)
        step += 1
    kept = alive & (duplicate_of < 0)
    needed = (kept | wanted) & ~words.measured if words is not None else wanted
    return Verdict(kept, revealed, duplicate_of, similarity, needed)


def _next_best(groups: Groups, asked: Flags, candidates: Flags, most: int) -> Rows:
    """The places of the best candidates in each group with a text that is asked for."""
    open_groups = np.isin(groups.group, groups.group[asked])
    places = np.flatnonzero(candidates & open_groups)
    places = places[np.lexsort((groups.order[places], groups.group[places]))]
    group = groups.group[places]
    first = np.searchsorted(group, group)
    best: Rows = places[np.arange(places.size) - first < most]
    return best


@dataclass(frozen=True)
class WordNumbers:
    """For each text: were its word signals measured, and did it fail a limit on them."""

    measured: Flags
    failed: Flags


def reasons_of(
    limits: Sequence[str],
    failed: Flags,
    numbers: NDArray[np.float32],
    duplicate: Flags,
    similarity: NDArray[np.float32],
) -> tuple[pa.ListArray, pa.ListArray]:
    """
    Reasons and their values per text, in recipe order, duplicates last.

    `failed` and `numbers` are texts by limits. A reason is the name of the limit's signal, or
    `together.NAME` of a combined limit.
    """
    names = [*limits, DEDUP]
    flags = np.column_stack([failed, duplicate])
    values = np.column_stack([numbers, similarity]).astype(np.float32)
    offsets = pa.array(np.concatenate(([0], np.cumsum(flags.sum(axis=1)))), pa.int32())
    _, which = np.nonzero(flags)
    return (
        pa.ListArray.from_arrays(
            offsets,
            pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), names).cast(pa.string()),
        ),
        pa.ListArray.from_arrays(offsets, pa.array(values[flags], pa.float32())),
    )


COPIES = {"application/pdf": 2, "text/plain": 1}
"""Media types of texts that were made of others: a PDF is printed, plain text is taken out."""


def preference(
    keep: Sequence[str],
    length: NDArray[Any],
    date: Sequence[str | None],
    media_type: Sequence[str | None],
    best: NDArray[Any] | None,
    ties: Sequence[Rows],
) -> Rows:
    """
    Rank of each grouped text, 0 for the one to keep first.

    Each of `longest`, `earliest`, `newest`, `native` and the largest `best` settles what those
    before it leave open; then the ranks in `ties` do, the first one first. Texts without a date
    come after those with one.
    """
    keys: list[NDArray[Any]] = []
    for name in keep:
        if name in ("earliest", "newest"):
            undated = np.array([not value for value in date], bool)
            rank = ranks([value or "" for value in date])
            keys.append(
                np.where(undated, np.iinfo(np.int64).max, -rank if name == "newest" else rank)
            )
        elif name == "native":
            keys.append(np.array([COPIES.get(value or "", 0) for value in media_type], np.int64))
        elif name.startswith("best") and best is not None:
            keys.append(-np.nan_to_num(np.asarray(best, np.float64), nan=-np.inf))
        else:
            keys.append(-np.asarray(length, np.float64))
    order = np.lexsort((*reversed(ties), *reversed(keys)))
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    return place


def ranks(values: Sequence[str | None] | pa.Array) -> Rows:
    """
    The rank of each string by its code points, equal strings sharing one.

    >>> ranks(["b", "a", "b"])
    array([1, 0, 1])
    """
    if not isinstance(values, pa.Array):
        values = pa.array(values, pa.large_string())
    ranked = pc.rank(values, tiebreaker="dense")
    return np.asarray(ranked).astype(np.int64) - 1
