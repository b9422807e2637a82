"""
Pairs: which two texts of a group of duplicates stand side by side.

A verdict names the text that stays by its id, so partners are looked up by id, in columns that
are small. Texts are read later, together with all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.report.choose import RowAddress
from seimai.pipeline.stages.columns import DUPLICATE_IN
from seimai.pipeline.stages.contained import LEDGER, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.report.choose import Findings


@dataclass(frozen=True)
class Pair:
    """A text that stays and one that was left out for it."""

    keeper: RowAddress
    member: RowAddress
    size: int = 0
    """How many texts the group has, where that is why the pair is shown."""
    alike: float | None = None
    """How similar two texts are, where the verdict does not say."""
    stays: bool = False
    """Whether both texts stay."""


@dataclass(frozen=True)
class Pairs:
    """What the section on duplicates shows."""

    largest: tuple[Pair, ...] = ()
    """For each of the largest groups the text that stays and the least similar one left out."""
    least: tuple[Pair, ...] = ()
    """The least similar pairs of all."""
    apart: tuple[Pair, ...] = ()
    """The most similar pairs that were compared and both stay."""
    contained: tuple[Pair, ...] = ()
    """Longer texts, each with one that stands in it."""

    @property
    def places(self) -> list[RowAddress]:
        """All texts to read."""
        return [
            place
            for pair in (*self.largest, *self.least, *self.apart, *self.contained)
            for place in (pair.keeper, pair.member)
        ]


def pair_up(job: Job, names: Sequence[str], found: Findings) -> Pairs:
    """Find the partner of every keeper and of every duplicate that was chosen."""
    if job.recipe.dedup is None:
        return Pairs()  # what an earlier recipe compared may be of texts that are gone
    apart, contained = tuple(_apart(job, names)), tuple(_contained(job, names))
    if not found.keepers:
        return Pairs(apart=apart, contained=contained)
    keepers = {
        _value(job, names, "text", "id", one.place): (one.place, int(one.value))
        for one in found.keepers
    }
    members = _find_members(job, names, keepers)
    stays = {
        one.place: _value(job, names, "verdict", "duplicate_of", one.place) for one in found.unlike
    }
    known = _find_ids(job, names, stays.values())
    return Pairs(
        tuple(
            Pair(place, members[name], size)
            for name, (place, size) in keepers.items()
            if name in members
        ),
        tuple(Pair(known[name], member) for member, name in stays.items() if name in known),
        apart,
        contained,
    )


def _apart(job: Job, names: Sequence[str]) -> Iterator[Pair]:
    """The most similar pairs of which both texts are released."""
    content = shard.read_sealed(shard.sidecar_path(job.path("group", "groups"))) or {}
    left = job.recipe.report.samples
    pairs = content.get("apart", ())
    starts = _starts(job, names) if pairs else np.zeros(0, np.int64)
    for one, other, alike in pairs:
        if not left:
            return
        keeper, member = _places(starts, one, other)
        if _stays(job, names, keeper) and _stays(job, names, member):
            left -= 1
            yield Pair(keeper, member, alike=alike, stays=True)


def _contained(job: Job, names: Sequence[str]) -> Iterator[Pair]:
    """Longer texts beside those that stand in them, the latter released or not."""
    settings = job.recipe.dedup.contained if job.recipe.dedup else None
    if settings is None:
        return
    content = shard.read_sealed(shard.sidecar_path(job.path(STAGE, LEDGER))) or {}
    starts = _starts(job, names)
    for row, container, share in content.get("pairs", ())[: job.recipe.report.samples]:
        keeper, member = _places(starts, container, row)
        yield Pair(keeper, member, alike=share, stays=_stays(job, names, member))


def _starts(job: Job, names: Sequence[str]) -> Integers:
    """The first row of each shard among all rows, with the end."""
    counts = [shard.required_sidecar(job.path("verdict", name)).rows for name in names]
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _places(starts: Integers, *rows: int) -> list[RowAddress]:
    """Where some rows among all rows are."""
    shards = (np.searchsorted(starts, rows, side="right") - 1).tolist()
    return [
        RowAddress(number, row - int(starts[number]))
        for number, row in zip(shards, rows, strict=True)
    ]


def _stays(job: Job, names: Sequence[str], place: RowAddress) -> bool:
    return _value(job, names, "verdict", "kept", place) == "True"


def _value(job: Job, names: Sequence[str], stage: str, column: str, place: RowAddress) -> str:
    table = shard.read_table(job.path(stage, names[place.shard]), [column])
    return str(table[column][place.row].as_py())


def _find_ids(job: Job, names: Sequence[str], ids: Iterable[str]) -> dict[str, RowAddress]:
    """Where the texts with these ids are; an id that several texts have is found once."""
    missing = set(ids)
    found: dict[str, RowAddress] = {}
    for number, name in enumerate(names):
        if not missing:
            break
        column = shard.read_table(job.path("text", name), ["id"])["id"]
        hits = pc.is_in(column, pa.array(sorted(missing), pa.string())).to_numpy()
        for row in np.flatnonzero(hits).tolist():
            text = column[row].as_py()
            found.setdefault(text, RowAddress(number, row))
            missing.discard(text)
    return found


def _find_members(job: Job, names: Sequence[str], keepers: Iterable[str]) -> dict[str, RowAddress]:
    """For each keeper's id the least similar text that was left out for it."""
    wanted = pa.array(sorted(keepers), pa.string())
    found: dict[str, tuple[float, RowAddress]] = {}
    for number, name in enumerate(names):
        table = shard.read_table(job.path("verdict", name))
        hits = pc.is_in(table["duplicate_of"], wanted).to_numpy()
        if DUPLICATE_IN in table.column_names:
            hits = hits & table[DUPLICATE_IN].is_null().to_numpy()
        for row in np.flatnonzero(hits).tolist():
            keeper, alike = table["duplicate_of"][row].as_py(), table["similarity"][row].as_py()
            if keeper not in found or alike < found[keeper][0]:
                found[keeper] = (alike, RowAddress(number, row))
    return {keeper: place for keeper, (_, place) in found.items()}
