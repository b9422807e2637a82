"""
The section on personal data: what was found, removed, masked and left, by kind and by source.

Its order follows what the Personal Information Protection Commission of Japan wrote on sensitive
data for generative models (June 2023): find out what there is, remove it, make the rest
unrecognisable, and keep a record. Its samples hide every character but the mask.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard
from seimai.pipeline.machine import in_threads
from seimai.pipeline.report.choose import MOST_READERS
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    code,
    count,
    escape,
    note,
    say,
    section,
    table,
)
from seimai.pipeline.report.masks import SAMPLES_SHOWN, Kind, Sample, masks_of
from seimai.pipeline.report.words import WORDS
from seimai.pipeline.text.tables import MASKS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seimai.pipeline.job import Job

MOST_SOURCES = 60
"""Rows of the table by source."""

FAMILY = "pii."
"""Signals of this family count what cleaners left."""

NOT_LEFT = ("pii.mask_count", "pii.sensitive_count")
"""Signals of the family that count something else: masks, and words on sensitive data."""


@dataclass
class Sums:
    """Items and texts that hold them, of all texts and of kept ones."""

    items: int = 0
    texts: int = 0
    kept_items: int = 0
    kept_texts: int = 0

    def add(self, numbers: NDArray[np.int64], kept: NDArray[np.bool_]) -> None:
        """Add one number per text."""
        self.items += int(numbers.sum())
        self.texts += int((numbers > 0).sum())
        self.kept_items += int(numbers[kept].sum())
        self.kept_texts += int((numbers[kept] > 0).sum())


@dataclass
class Hidden:
    """What a run hid in its texts, and what it left."""

    every: Sums = field(default_factory=Sums)
    """How many masks cleaners have set."""
    kinds: dict[str, Sums] = field(default_factory=lambda: {mask: Sums() for mask in MASKS})
    """For each mask how often it stands in texts, those they came with included."""
    sources: defaultdict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    left: dict[str, Sums] = field(default_factory=dict)
    """For each signal what is still found behind the cleaners."""
    chosen: dict[str, list[Sample]] = field(default_factory=dict)
    """For each mask its samples, each behind the hash of its id."""


def find_hidden(job: Job, names: Sequence[str]) -> Hidden:
    """Count all shards, a few side by side; texts are read only where that was not done before."""
    found = Hidden()
    for part in in_threads(lambda name: _read_shard(job, name), names, MOST_READERS):
        _count(found, *part, job.recipe.report.samples)
    return found


def _read_shard(
    job: Job, name: str
) -> tuple[dict[str, Kind], pa.Table, pa.Table, NDArray[np.bool_]]:
    """Masks by kind, masks and sources of all texts, what is left, and which texts are kept."""
    texts = shard.read_table(job.path("text", name), ["masked", "source"])
    kept = shard.read_table(job.path("verdict", name), ["kept"])["kept"]
    wanted = [one for one in job.signals if one.startswith(FAMILY)]
    left = shard.read_table(job.path("signals", name), wanted) if wanted else pa.table({})
    return (
        masks_of(job, name),
        texts,
        left,
        np.asarray(kept.to_numpy(zero_copy_only=False), bool),
    )


def _count(
    found: Hidden,
    kinds: dict[str, Kind],
    texts: pa.Table,
    left: pa.Table,
    kept: NDArray[np.bool_],
    wanted: int,
) -> None:
    for name in left.column_names:
        numbers = np.nan_to_num(left[name].to_numpy()).astype(np.int64)
        found.left.setdefault(name, Sums()).add(numbers, kept)
    masked = texts["masked"].to_numpy().astype(np.int64)
    rows = np.flatnonzero(masked > 0)
    masked, stays = masked[rows], kept[rows]
    found.every.add(masked, stays)
    sources = np.array(texts["source"].take(pa.array(rows)).cast(pa.string()).to_pylist(), object)
    for source in sorted(set(sources.tolist())):
        here = sources == source
        found.sources[source].add(masked[here], stays[here])
    for mask, kind in kinds.items():
        found.kinds[mask].add(kind.counts, kept[kind.rows])
        if wanted:
            old = found.chosen.get(mask, [])
            found.chosen[mask] = heapq.nsmallest(SAMPLES_SHOWN, [*old, *kind.samples])


def hidden_section(job: Job, found: Hidden) -> str:
    """The four steps, a table by kind, one by source, what is left, and samples without words."""
    title = say("hidden.title")
    cleans = any(name.split("(")[0] == "personal" for name in job.recipe.cleaners)
    if not cleans and not any(sums.items for sums in found.left.values()):
        return section("hidden", title, note(say("hidden.none")))
    every = found.every
    left = {name: sums for name, sums in found.left.items() if name not in NOT_LEFT}
    steps = [
        say("hidden.find", items=count(every.items), texts=count(every.texts)),
        say(
            "hidden.remove",
            items=count(every.items - every.kept_items),
            texts=count(every.texts - every.kept_texts),
        ),
        say("hidden.mask", items=count(every.kept_items), texts=count(every.kept_texts)),
        say("hidden.record"),
    ]
    parts = [
        note(say("hidden.note")),
        f"<ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>",
        *([] if cleans else [note(say("hidden.unmasked"))]),
        _by_kind(found),
        _by_source(found),
        _what_is_left(left),
        f"<p>{_on_sensitive(found.left)}</p>",
        _samples(found),
    ]
    return section("hidden", title, *parts)


def _on_sensitive(left: dict[str, Sums]) -> str:
    sums = left.get("pii.sensitive_count", Sums())
    return say("hidden.sensitive", texts=count(sums.texts), kept=count(sums.kept_texts))


_AMOUNTS = [
    Head("hidden.items", numbers=True),
    Head("hidden.texts", numbers=True),
    Head("hidden.kept_items", numbers=True),
    Head("hidden.kept_texts", numbers=True),
]


def _amounts(sums: Sums) -> list[str]:
    return [count(one) for one in (sums.items, sums.texts, sums.kept_items, sums.kept_texts)]


def _by_kind(found: Hidden) -> str:
    rows = [
        [f"{say(f'mask.{mask[1:-1]}')} {code(mask)}", *_amounts(sums)]
        for mask, sums in sorted(found.kinds.items(), key=lambda one: -one[1].items)
        if sums.items
    ]
    if not rows:
        return ""
    return f"<h3>{say('hidden.kinds')}</h3>" + table([Head("hidden.kind"), *_AMOUNTS], rows)


def _by_source(found: Hidden) -> str:
    most = Counter({name: sums.items for name, sums in found.sources.items()})
    rows = [
        [escape(name), *_amounts(found.sources[name])] for name, _ in most.most_common(MOST_SOURCES)
    ]
    if not rows:
        return ""
    return f"<h3>{say('hidden.sources')}</h3>" + table([Head("head.source"), *_AMOUNTS], rows, LONG)


def _what_is_left(left: dict[str, Sums]) -> str:
    """What signals still find: kinds that the recipe does not mask, and names."""
    rows = [
        [(say(f"left.{name}") + " " if f"left.{name}" in WORDS else "") + code(name), *_amounts(s)]
        for name, s in sorted(left.items(), key=lambda one: -one[1].kept_items)
        if s.items
    ]
    if not left:
        return ""
    found = table([Head("hidden.kind"), *_AMOUNTS], rows) if rows else _nothing()
    return f"<h3>{say('hidden.left')}</h3>" + note(say("hidden.left_note")) + found


def _nothing() -> str:
    return f"<p>{say('hidden.nothing_left')}</p>"


def _samples(found: Hidden) -> str:
    rows = [
        [code(mask), escape(sample.around)]
        for mask in MASKS
        for sample in found.chosen.get(mask, [])
    ]
    if not rows:
        return ""
    return (
        f"<h3>{say('hidden.samples')}</h3>"
        + note(say("hidden.samples_note"))
        + table([Head("hidden.kind"), Head("hidden.around")], rows)
    )
