"""
Passages: what several of the texts that would be kept share, told of or cut as the recipe says.

This comes last of all judging, so a passage is only ever cut for a text that is released. What was
found is left beside the verdicts and used again as long as the same texts would be kept; once the
text that keeps a passage is gone, the next run finds another to keep it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard, versions
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.judging.kept_texts import (
    counts_left,
    fingerprint_of,
    point_to_who_stays,
    read_texts,
    readers_of,
)
from seimai.pipeline.stages.cut_passages import LEDGER, SPANS, STAGE
from seimai.pipeline.stages.passages import find_passages, whole_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.stages.judge import Verdict
    from seimai.pipeline.stages.passages import Spans


def take_out_passages(job: Job, names: Sequence[str], start: Integers, verdict: Verdict) -> None:
    """
    Look for passages that kept texts share, and leave for each shard what goes of its texts.

    A text of which less than the length of a passage would be left keeps no passage itself: it is
    rejected as a duplicate of the text that keeps most of it.
    """
    settings = job.recipe.dedup.passages if job.recipe.dedup else None
    if settings is None:
        return
    _find(job, names, start, verdict, settings.length)
    counts = dict.fromkeys(("texts", "passages", "characters", "bytes", "rejected"), 0)
    kept = verdict.kept.copy()
    for k, name in enumerate(names):
        table = shard.read_table(job.path(STAGE, name))
        gone, share = (table[column].to_numpy() for column in ("gone_for", "share"))
        count = table["spans"].combine_chunks().value_lengths().to_numpy()
        counts["texts"] += int((count > 0).sum())
        counts["passages"] += int(count.sum())
        counts["characters"] += int(table["characters"].to_numpy().sum())
        counts["bytes"] += int(table["bytes"].to_numpy().sum())
        counts["rejected"] += int((gone >= 0).sum())
        rows = np.flatnonzero(gone >= 0)
        kept[rows + start[k]] = False
        if settings.then == "cut":
            verdict.duplicate_of[rows + start[k]] = gone[rows]
            verdict.similarity[rows + start[k]] = share[rows]
    crash_point("passages-found")
    shard.write_sealed(shard.sidecar_path(job.path(STAGE, LEDGER)), {"counts": counts})
    if settings.then != "cut":
        return
    lost = verdict.kept & ~kept
    verdict.kept[:] = kept
    point_to_who_stays(verdict, lost)


def passage_counts(job: Job) -> dict[str, int]:
    """What was found, for `run.json`; empty where nobody asked."""
    if job.recipe.dedup is None or job.recipe.dedup.passages is None:
        return {}
    return counts_left(job, STAGE, LEDGER)


def _find(job: Job, names: Sequence[str], start: Integers, verdict: Verdict, length: int) -> None:
    """Make the files of what goes, unless they are there and of these very texts."""
    fingerprint = fingerprint_of(job, names, verdict.kept, length, STAGE, versions.PASSAGES)
    paths = job.paths(STAGE, names)
    if all(shard.read_sidecar(path, fingerprint) for path in paths):
        return

    folder = job.path(STAGE, LEDGER).parent
    shards = readers_of(job, names, start, verdict.kept)
    found = find_passages(shards, int(start[-1]), length, folder)
    for k, (path, spans) in enumerate(zip(paths, found, strict=True)):
        total = int(start[k + 1] - start[k])
        shard.write_shard(
            path, _table(job, names[k], int(start[k]), total, spans, length), fingerprint
        )


def _table(job: Job, name: str, first: int, total: int, spans: Spans, length: int) -> pa.Table:
    """
    One row per text of a shard: the spans that go, their characters and bytes.

    Of a text that is rejected for what goes no span is told, but the text that keeps most of it.
    """
    cut: list[list[dict[str, int]]] = [[] for _ in range(total)]
    numbers = {key: np.zeros(total, np.int64) for key in ("characters", "bytes")}
    gone_for, share = np.full(total, -1, np.int64), np.zeros(total, np.float32)
    rows, firsts = np.unique(spans.row, return_index=True)
    edges = [*firsts.tolist(), spans.row.size]
    texts = read_texts(job, name, rows - first) if rows.size else []
    for k, (row, given) in enumerate(zip((rows - first).tolist(), texts, strict=True)):
        text: str = given.as_py()
        keepers: defaultdict[int, int] = defaultdict(int)
        found: list[dict[str, Any]] = []
        for at in range(edges[k], edges[k + 1]):
            begin, end = whole_sentences(text, int(spans.begin[at]), int(spans.end[at]))
            keepers[int(spans.keeper[at])] += end - begin
            found.append({"begin": begin, "end": end, "keeper": int(spans.keeper[at])})
        characters = sum(keepers.values())
        if len(text) - characters < length:
            # Of keepers of as much the first that is met, which no order of texts changes.
            gone_for[row] = max(keepers, key=keepers.__getitem__)
            share[row] = characters / len(text)
            continue
        cut[row] = found
        numbers["characters"][row] = characters
        numbers["bytes"][row] = sum(len(text[s["begin"] : s["end"]].encode()) for s in found)
    return pa.table(
        {
            "spans": pa.array(cut, SPANS),
            **numbers,
            "gone_for": gone_for,
            "share": share,
        }
    )
