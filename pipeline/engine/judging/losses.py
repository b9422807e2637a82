"""
Losses: how much duplicates may take, held against a run before it is published.

Settings that are too loose, or the same files named twice, take more than anybody wants; what they
took is seen in the largest groups.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.stages.judge import DEDUP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.job import Job


SHOWN = 3
"""At most this many of the largest groups are named."""

BEGIN = 30
"""Characters that are shown of the text that stays of each group."""


def refuse_losses(job: Job, names: Sequence[str]) -> None:
    """Raise a `Problem` where duplicates would take more than the recipe allows."""
    settings = job.recipe.dedup
    if settings is None or not (settings.loss_share or settings.source_loss_share):
        return
    texts: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    for name in names:
        source = shard.read_table(job.path("text", name), ["source"])["source"]
        reasons = shard.read_table(job.path("verdict", name), ["reasons"])["reasons"]
        texts.update(_counted(source))
        gone.update(_counted(source.filter(pa.array(_duplicates(reasons.combine_chunks())))))
    why = []
    if settings.loss_share:
        why += _over("S052", gone.total(), texts.total(), settings.loss_share.max)
    if settings.source_loss_share:
        for source_name, count in sorted(texts.items()):
            most = settings.source_loss_share.max
            why += _over("S051", gone[source_name], count, most, source=source_name)
    if why:
        raise Problem("O011", why="; ".join(why), groups=", ".join(_largest(job, names)))


def _counted(column: pa.ChunkedArray) -> dict[str, int]:
    return {one["values"]: one["counts"] for one in pc.value_counts(column).to_pylist()}


def _duplicates(reasons: pa.ListArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which texts have the reason that they are duplicates; it is always the last one."""
    last = reasons.offsets.to_numpy()[1:] - 1
    filled = np.diff(reasons.offsets.to_numpy()) > 0
    is_last = pc.equal(reasons.values, DEDUP).to_numpy(zero_copy_only=False)
    found = np.zeros(filled.size, bool)
    found[filled] = is_last[last[filled]]
    return found


def _over(code: str, gone: int, texts: int, most: float, **more: str) -> list[str]:
    """What to say where a share is over its limit."""
    if not texts or gone <= most * texts:
        return []
    share, limit = f"{100 * gone / texts:.1f}", f"{100 * most:g}"
    return [sentence(code, share=share, gone=f"{gone:,}", texts=f"{texts:,}", most=limit, **more)]


def _largest(job: Job, names: Sequence[str]) -> list[str]:
    """The largest groups by the text that stays: its id, and how it begins if that may be shown."""
    found: list[tuple[int, str, int]] = []
    for name in names:
        size = shard.read_table(job.path("verdict", name), ["group_size"])[0].to_numpy()
        rows = np.argsort(-size, kind="stable")[:SHOWN].tolist()
        found += [(int(size[row]), name, row) for row in rows if size[row] > 1]
        found = sorted(found, key=lambda one: -one[0])[:SHOWN]
    told = []
    for size_, name, row in found:
        text = shard.read_table(job.path("text", name), ["id", "text"]).slice(row, 1).to_pylist()[0]
        values = {"size": f"{size_:,}", "id": text["id"]}
        if job.recipe.report.samples:
            begin = " ".join(text["text"][: 2 * BEGIN].split())[:BEGIN]
            told.append(sentence("S054", begin=begin, **values))
        else:
            told.append(sentence("S053", **values))
    return told
