"""
Forget: texts leave a release and everything beside it, and later runs leave them out.

What is asked is noted first (`index/blocked.py`), then done: the texts, and unless only the named
ones shall go those like them, leave the stages, the release is made again without them, and what
was released before it, and trials, which held them, are removed. Where only the named ones go, the
best other text of their group takes their place. After a kill the same request, or the next run,
goes on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.engine.forgetting import forgotten, indexing
from seimai.pipeline.engine.forgetting.again import release_again
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.prepare import ledgers_of
from seimai.pipeline.index import blocked
from seimai.pipeline.index.listing import LIST, open_index, read_listing
from seimai.pipeline.index.lookup import Asked, find_twins, sets_out_of
from seimai.pipeline.index.releases import name_of, state_of
from seimai.pipeline.recipe import Dedup

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.arrays import Flags
    from seimai.pipeline.engine.planning.plan import Plan
    from seimai.pipeline.index.blocked import Kind, Request
    from seimai.pipeline.index.segments import Segment
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import RunRecord

TEXTS_AT_ONCE = 4096
"""Texts of a shard that are held at a time."""


@dataclass(frozen=True)
class Forgot:
    """What a request has taken out."""

    request: Request
    texts: int
    """How many texts went now."""
    named: int
    """How many of them the request names; the others are like these."""
    from_index: dict[str, int]
    """For each release in the index how many of its texts left it."""
    run: RunRecord | None
    """`run.json` of the release that was made again; None where it held none of the texts."""


def forget(
    out: Path,
    kind: Kind,
    value: str,
    *,
    copies: bool = True,
    why: str = "",
    index: Path | None = None,
) -> Forgot:
    """
    Forget all texts of a run with this id, address or host, or that are like `value`, a text.

    With `copies` false only the named texts go. `index` is an index that the release is in: they
    leave it, from all releases, and runs that are held against it leave them out as well.
    """
    if index is not None:
        read_listing(index)
    text = value if kind == "text" else None
    request = blocked.Request(
        0,
        kind,
        blocked.digest_of(value) if text is not None else value,
        copies or text is not None,
        why,
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    noted: list[blocked.Request] = []
    gone: list[forgotten.Gone] = []
    count = [0]

    def change(job: Job, plan: Plan) -> bool:
        before = any(blocked.same_request(one, request) for one in blocked.read_requests(out))
        found = _named(job, plan, request) if text is None else [pa.array([text])]
        settings = job.recipe.dedup or Dedup()
        noted.append(blocked.remember(out, request, found, settings))
        count[0] = sum(len(one) for one in found) if text is None else 0
        if index is not None:
            with lock(index):
                own = read_listing(index).settings
                blocked.remember(index, noted[0], found, own)
        gone.extend(forgotten.take_out(job, plan.splits))
        forgotten.note_done(gone)
        # Asked again it may go on after a kill: what is done is found done.
        return bool(gone) or before

    run = release_again(out, change)
    own = [one for one in blocked.read_requests(out) if one.number == noted[0].number]
    dropped = _leave_index(index, out, own[0]) if index else {}
    return Forgot(own[0], len(gone), min(count[0], len(gone)), dropped, run)


def _named(job: Job, plan: Plan, request: Request) -> list[pa.Array]:
    """The texts that a request names, a few thousand at a time."""
    found = []
    for name in [name for one in ledgers_of(job, plan.splits) for name in one["shards"]]:
        table = shard.read_table(job.path("text", name), ["id", "url"])
        rows = np.flatnonzero(
            blocked.named([replace(request, number=1)], table["id"], table["url"])
        )
        if rows.size:
            texts = shard.read_table(job.path("text", name), ["text"])["text"].combine_chunks()
            found += [
                texts.take(pa.array(rows[begin : begin + TEXTS_AT_ONCE]))
                for begin in range(0, rows.size, TEXTS_AT_ONCE)
            ]
    return found


def _leave_index(folder: Path, out: Path, request: Request) -> dict[str, int]:
    """Take texts out of an index: by their ids from the release of `out`, copies from all."""
    listing = read_listing(folder)
    release = listing.release(name_of(out))
    ids = pa.array(sorted({one["id"] for one in request.done}), pa.string())
    number = release.number if release else -1

    def wanted(segment: Segment) -> Flags:
        drop = np.zeros(segment.record.texts, bool)
        if number in segment.record.releases and len(ids):
            every = segment.names_of(np.arange(segment.record.texts))["id"]
            same = pc.is_in(every, value_set=ids).to_numpy(zero_copy_only=False).astype(bool)
            drop |= same & (np.asarray(segment.release) == number)
        if request.copies and (folder / blocked.FOLDER / LIST).exists():
            drop |= _like_forgotten(folder, segment)
        return drop

    dropped = indexing.drop_texts(folder, wanted)
    if release is not None:
        indexing.set_state(folder, release.name, state_of(out / "release"))
    return dropped


def _like_forgotten(folder: Path, segment: Segment) -> Flags:
    """Which texts of a segment are like those that are blocked."""
    index = open_index(folder / blocked.FOLDER)
    settings = index.listing.settings
    found = []
    for part in segment.parts(np.arange(segment.record.texts)):
        asked = Asked(part.exact, (part.exact != 0).any(axis=1), part.bands, part.signed)
        sets = sets_out_of(part.sets, part.first)
        found.append(find_twins(index, asked, sets, settings.similarity).found)
    return np.concatenate([np.zeros(0, bool), *found])
