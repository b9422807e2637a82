"""
Against: which texts of a run have a twin in an earlier release, by the index of its recipe.

Made after the sketches, shard by shard beside them, and made again where a sketch or the index has
changed. A release is not held against itself: the one that has the name of the output folder is
passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from seimai.pipeline import shard, versions
from seimai.pipeline.engine.forgetting.remote_index import folder_of
from seimai.pipeline.index.listing import LIST, Index, open_index
from seimai.pipeline.index.lookup import Asked, asked, find_twins, names_of
from seimai.pipeline.index.releases import name_of
from seimai.pipeline.stages.group.similarity import shelf_file, shelve
from seimai.pipeline.stages.sketch import band_name

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from seimai.pipeline.arrays import Codes, Flags, Integers
    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.index.lookup import Twins
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Dedup
    from seimai.pipeline.stages.sketch import DedupSettings

STAGE = "against"

TEXTS_AT_ONCE = 1 << 20
"""Texts of a run that are looked up in one go through the index: 200 bytes a text are held."""


def hold_against_releases(
    job: Job, names: Sequence[str], show: Progress, out: Path | None = None
) -> None:
    """
    Look the texts of all shards up that were not looked up in this index yet.

    `out` is the output folder whose release is passed over, by default that of the job.
    """
    settings = job.recipe.dedup
    if settings is None or settings.against is None:
        return
    folder = folder_of(settings.against)
    index = open_index(folder, settings)
    own = name_of(out) if out else _own_name(job)
    mark = (shard.read_sealed(folder / LIST) or {}, own)
    wanted = {name: _fingerprint(job, name, mark) for name in names}
    stale = [name for name in names if not shard.read_sidecar(job.path(STAGE, name), wanted[name])]
    if not stale:
        return
    show.stage(STAGE, len(stale), "batches")
    try:
        for some in _batches(job, stale):
            for name, table in _looked_up(job, some, index, settings, own):
                shard.write_shard(job.path(STAGE, name), table, wanted[name])
                show.advance(1, 0, table.num_rows, 0)
    finally:
        show.done()


def _own_name(job: Job) -> str:
    """What this release would be called in the index; a trial is a trial of it."""
    return name_of(job.out if job.max_records is None else job.out.parent)


def _fingerprint(job: Job, name: str, mark: object) -> str:
    settings = job.recipe.dedup
    return shard.fingerprint(
        stage=STAGE,
        version=versions.AGAINST,
        sketch=shard.required_sidecar(job.path("sketch", name)).digest,
        similarity=settings.similarity if settings else None,
        index=mark,
    )


def _batches(job: Job, names: Sequence[str]) -> list[list[str]]:
    """Shards in groups of as many texts as are looked up in one go."""
    groups: list[list[str]] = []
    room = 0
    for name in names:
        rows = shard.required_sidecar(job.path("sketch", name)).rows
        if not groups or rows > room:
            groups.append([])
            room = TEXTS_AT_ONCE
        groups[-1].append(name)
        room -= rows
    return groups


def _looked_up(
    job: Job, names: Sequence[str], index: Index, settings: Dedup, own: str
) -> list[tuple[str, pa.Table]]:
    itself = index.listing.release(own)
    without = {itself.number} if itself else set[int]()
    starts, twins = look_up(job, names, index, settings, settings.similarity, without)
    ids, releases = names_of(index, twins)
    found = twins.found
    table = pa.table(
        {
            "twin": pa.array(ids, pa.string()),
            "release": pa.array(releases, pa.string()),
            "similarity": pa.array(twins.similarity.astype(np.float32), mask=~found),
        }
    )
    return [
        (name, table.slice(starts[k], starts[k + 1] - starts[k])) for k, name in enumerate(names)
    ]


def look_up(
    job: Job,
    names: Sequence[str],
    index: Index,
    settings: DedupSettings,
    similarity: float,
    without: Collection[int] = (),
) -> tuple[Integers, Twins]:
    """
    First row of each shard with the end, and the twins of all texts of some shards.

    Their sketches were made with the same settings as the index, which are given here.
    """
    columns = ["exact", *(band_name(band) for band in range(settings.bands))]
    parts = [
        asked(shard.read_table(job.path("sketch", name), columns), settings.bands) for name in names
    ]
    texts = Asked(
        np.concatenate([np.empty((0, 2), np.uint64), *(one.exact for one in parts)]),
        np.concatenate([np.zeros(0, bool), *(one.known for one in parts)]),
        np.concatenate([np.empty((0, settings.bands), np.uint64), *(one.bands for one in parts)]),
        np.concatenate([np.zeros(0, bool), *(one.signed for one in parts)]),
    )
    starts = np.concatenate(([0], np.cumsum([one.known.size for one in parts]))).astype(np.int64)
    paths = list(zip(job.paths("sketch", names), job.paths("text", names), strict=True))
    # Only texts whose bands are met are shelved, when they are compared.
    with shelf_file(job.path(STAGE, "sets").parent) as file:

        def sets(rows: Integers) -> tuple[Codes, Integers]:
            file.seek(0)
            file.truncate()
            return shelve(rows, rows, starts, paths, settings, file).load(rows)

        twins = find_twins(index, texts, sets, similarity, without)
    return starts, twins


def twins_of(job: Job, name: str) -> pa.Table | None:
    """Twin, its release and the similarity, for each text of a shard; None without an index."""
    settings = job.recipe.dedup
    if settings is None or settings.against is None:
        return None
    return shard.read_table(job.path(STAGE, name))


def has_twin(job: Job, name: str) -> Flags | None:
    """Which texts of a shard were released before."""
    table = twins_of(job, name)
    if table is None:
        return None
    found: Flags = table.column("twin").is_valid().to_numpy().astype(bool)
    return found
