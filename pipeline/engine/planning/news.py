"""
News: which inputs are new, changed or gone since the last run, as its plan and this one tell.

A look at files and times alone (`glance`) costs a second for many thousands of inputs and reads
none of them; `compare` holds two plans against each other, which know the content.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from seimai.pipeline.engine.planning.plan import patterns, read_mark
from seimai.pipeline.engine.planning.surroundings import is_fixed, patiently, version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seimai.pipeline.engine.planning.plan import Plan
    from seimai.pipeline.engine.planning.records import PlannedSplit, PlanRecord
    from seimai.pipeline.job import Job

NAMED = 3
"""At most this many inputs are named in a sentence."""

Name = tuple[int, str]
"""The place of a source in the recipe, and the key of an input."""


@dataclass(frozen=True)
class News:
    """Keys of inputs, in the order of sources and names."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    same: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


def compare(plan: Plan, earlier: PlanRecord, sources: Sequence[str]) -> News:
    """
    The news of a plan; `sources` are the names of the recipe's sources.

    An input that cannot be reached now is none of these: nobody knows.
    """
    now: dict[Name, set[str]] = {}
    for split in plan.splits:
        for one, digest in zip(split.inputs, split.digests, strict=True):
            now.setdefault((split.source, one.key), set()).add(digest)
    known = _known(earlier["splits"])
    away = {(fault.source, fault.key) for fault in plan.unfinished}
    before = {
        name: marks
        for name, marks in known.items()
        if name[0] >= len(sources) or (sources[name[0]], name[1]) not in away
    }
    return _news(
        new=now.keys() - known.keys(),
        changed=(name for name in now.keys() & before.keys() if now[name] != before[name]),
        gone=before.keys() - now.keys(),
        seen=now.keys(),
    )


def glance(job: Job, earlier: PlanRecord) -> News:
    """
    The news by names, sizes and times, without reading any input; for a folder that is watched.

    An address that tells no version, or a database, is never news here.
    """
    from seimai.pipeline.ingest import find_inputs

    known = _known(earlier["splits"]).keys()
    seen: set[Name] = set()
    changed: list[Name] = []
    for place, source in enumerate(job.recipe.source):
        for one in patiently(partial(find_inputs, patterns(source), job.out)):
            name = (place, one.key)
            seen.add(name)
            remembered = earlier["digests"].get(one.key)
            if name not in known or not remembered or "://" in one.path or is_fixed(one):
                continue
            try:
                if version_of(one) != remembered[0]:
                    changed.append(name)
            except OSError:
                continue
    return _news(seen - known, changed, known - seen, seen)


def _known(splits: Iterable[PlannedSplit]) -> dict[Name, set[str]]:
    """What an earlier plan knows of each input: its digests."""
    found: dict[Name, set[str]] = {}
    for split in splits:
        for mark in split["content"]:
            place, key, digest = read_mark(mark)
            found.setdefault((place, key), set()).add(digest)
    return found


def _news(
    new: Iterable[Name], changed: Iterable[Name], gone: Iterable[Name], seen: Iterable[Name]
) -> News:
    came, other, went = (tuple(key for _, key in sorted(one)) for one in (new, changed, gone))
    return News(came, other, went, len(set(seen)) - len(came) - len(other))
