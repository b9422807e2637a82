"""Token counts of a run: what is still to be counted, and the sums that `run.json` tells."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline import shard
from seimai.pipeline.engine.planning.fingerprints import counts_fingerprint
from seimai.pipeline.stages.columns import bucket_of
from seimai.pipeline.stages.placement import SPLITS, groups_of, splits_of
from seimai.pipeline.stages.token_counts import open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import TokenCounts
    from seimai.pipeline.stages.buckets import Cut


def check_tokenizer(job: Job) -> None:
    """Open the tokenizer of the recipe, so that a wrong one is named before anything is read."""
    if job.recipe.release.tokenizer is not None:
        open_tokenizer(job.recipe.release.tokenizer)


def missing(job: Job, names: Sequence[str]) -> list[str]:
    """The shards whose tokens were not counted, or by another tokenizer, or of other texts."""
    if job.recipe.release.tokenizer is None:
        return []
    about = open_tokenizer(job.recipe.release.tokenizer).about()
    return [
        name
        for name in names
        if shard.read_sidecar(job.path("counts", name), counts_fingerprint(job, name, about))
        is None
    ]


def token_counts(job: Job, names: Sequence[str], cuts: Sequence[Cut]) -> TokenCounts:
    """Tokens and texts of a release, by source, bucket and split."""
    groups = groups_of(job, names)
    by: dict[str, Counter[str]] = {
        column: Counter() for column in ("source", *(cut.column for cut in cuts), "split")
    }
    texts: dict[str, Counter[str]] = {column: Counter() for column in by}
    total = unknown = 0
    for name in names:
        counts = shard.read_table(job.path("counts", name))
        verdict = shard.read_table(job.path("verdict", name))
        rows = np.flatnonzero(verdict.column("kept").to_numpy())
        if not rows.size:
            continue
        tokens = counts.column("tokens").to_numpy()[rows]
        total += int(tokens.sum())
        unknown += int(counts.column("unknown").to_numpy()[rows].sum())
        source = shard.read_table(job.path("text", name), ["source"]).column("source")
        kept = verdict.take(rows)
        words = {"source": [str(one) for one in source.take(rows).to_pylist()]}
        words |= {cut.column: bucket_of(job, name, cut, rows, kept).to_pylist() for cut in cuts}
        if job.recipe.splits is not None:
            words["split"] = [SPLITS[k] for k in splits_of(job, name, groups)[rows].tolist()]
        for column, found in words.items():
            texts[column].update(found)
            for word, count in zip(found, tokens.tolist(), strict=True):
                by[column][word] += count
    about = open_tokenizer(str(job.recipe.release.tokenizer)).about()
    return {
        "tokenizer": {key: about[key] for key in ("name", "kind", "version", "sha256")},
        "vocabulary": about["vocabulary"],
        "tokens": total,
        "unknown": unknown,
        "by": {
            column: {
                word: {"texts": texts[column][word], "tokens": count}
                for word, count in sorted(found.items())
            }
            for column, found in by.items()
            if found
        },
    }
