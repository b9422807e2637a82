"""The section on what cleaners took out: how much, of which kind, and texts that show it."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.report.choose import RowAddress
from seimai.pipeline.report.funnel import share
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    bar,
    code,
    count,
    note,
    percent,
    say,
    section,
    table,
)
from seimai.pipeline.report.samples import gone_kind, origin_of, quote
from seimai.pipeline.report.texts import Text, excerpt_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.job import Job

MOST_KINDS = 60
"""Rows of the table; kinds are few, but plugins may have their own."""


@dataclass
class Removed:
    """What cleaners took out of all texts: how much, and samples."""

    texts: int = 0
    """How many texts lost something."""
    lines: int = 0
    characters: int = 0
    before: int = 0
    """How many characters these texts had."""
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Lines by cleaner and kind; empty where the run did not store them."""
    sizes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Characters by cleaner and kind; empty where the run did not store the lines."""
    chosen: list[tuple[int, RowAddress]] = field(default_factory=list)
    """Texts to show, by the hash of their id."""

    @property
    def places(self) -> list[RowAddress]:
        """The addresses of the texts that are to be read."""
        return [place for _, place in self.chosen]


def find_removed(job: Job, names: Sequence[str]) -> Removed:
    """Sum up all shards, and choose texts whose lines were stored."""
    found = Removed()
    stored = job.recipe.report.removed_lines
    wanted = job.recipe.report.samples if stored else 0
    columns = ["removed", "removed_lines", *(["id", "gone"] if stored else [])]
    for number, name in enumerate(names):
        text = shard.read_table(job.path("text", name), columns)
        length = shard.read_table(job.path("signals", name), ["text.length_count"]).column(0)
        gone = text["removed"].to_numpy()
        sizes = np.nan_to_num(length.to_numpy())
        found.texts += int((gone > 0).sum())
        found.lines += int(text["removed_lines"].to_numpy().sum())
        found.characters += int(gone.sum())
        found.before += int(sizes[gone > 0].sum()) + int(gone.sum())
        if stored:
            _count_kinds(found, text["gone"].combine_chunks())
        if wanted:
            _choose(found, number, text, wanted)
    return found


def _count_kinds(found: Removed, gone: pa.ListArray) -> None:
    lines = gone.flatten()
    if not len(lines):
        return
    flat = pa.table(
        {
            "cleaner": lines.field("cleaner"),
            "kind": lines.field("kind"),
            "size": pc.utf8_length(lines.field("text")),
        }
    )
    sums = flat.group_by(["cleaner", "kind"]).aggregate([("size", "count"), ("size", "sum")])
    for row in sums.to_pylist():
        found.kinds[row["cleaner"], row["kind"]] += row["size_count"]
        found.sizes[row["cleaner"], row["kind"]] += row["size_sum"]


def _choose(found: Removed, number: int, text: pa.Table, wanted: int) -> None:
    some = np.flatnonzero(pc.list_value_length(text["gone"]).to_numpy() > 0)
    ids = text["id"].take(pa.array(some)).cast(pa.binary()).to_pylist()
    new = [
        (xxhash.xxh3_64_intdigest(id_), RowAddress(number, row))
        for id_, row in zip(ids, some.tolist(), strict=True)
    ]
    found.chosen = heapq.nsmallest(wanted, [*found.chosen, *new])


def removed_section(job: Job, found: Removed, texts: Mapping[RowAddress, Text]) -> str:
    """How much went, of which kind, and some texts with these lines struck through."""
    title = say("removed.title")
    if not found.texts:
        return section("removed", title, note(say("removed.none")))
    summed = say(
        "removed.sum",
        lines=count(found.lines),
        characters=count(found.characters),
        texts=count(found.texts),
        share=percent(share(found.characters, found.before)),
    )
    parts = [f"<p>{summed}</p>"]
    if not job.recipe.report.removed_lines:
        parts.append(note(say("removed.ask")))
    if found.kinds:
        most = max(found.kinds.values())
        rows = [
            [
                gone_kind(cleaner, kind),
                code(cleaner),
                count(lines),
                count(found.sizes[cleaner, kind]),
                bar([(0.0, lines / most, "fill-lost")]),
            ]
            for (cleaner, kind), lines in found.kinds.most_common(MOST_KINDS)
        ]
        heads = [
            Head("removed.what"),
            Head("removed.cleaner"),
            Head("removed.lines", numbers=True),
            Head("head.characters", numbers=True),
            Head("head.chart", wide=True),
        ]
        parts.append(table(heads, rows, LONG))
    if found.chosen:
        samples = "".join(_sample(texts[place]) for place in found.places)
        parts.append(f"<h3>{say('removed.samples')}</h3>")
        parts.append(f'<div class="samples">{samples}</div>')
    return section("removed", title, *parts)


def _sample(text: Text) -> str:
    """A text around the place from which most lines went."""
    at, _ = Counter(one.line for one in text.gone).most_common(1)[0]
    kind, verdict = ("r", "rejected") if text.reasons else ("k", "kept")
    tag = f'<span class="tag {kind}">{say(f"samples.verdict_{verdict}")}</span>'
    return (
        f'<article class="sample"><p class="from">{tag}{" · ".join(origin_of(text))}</p>'
        f"{quote(text, excerpt_at(text, at))}</article>"
    )
