"""
Placement: into which files of a release a kept text goes: its split, and the folders of buckets.

A split is decided by a hash of the group of similar texts, so that no text and its near duplicate
fall on two sides, and a text stays where it is when others come. The hash of a group is made of
the lowest one among those of its texts, kept or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xxhash

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.arrays import Doubles, Hashes, Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe.buckets import Splits

SPLITS = ("train", "validation", "test")


class Groups(NamedTuple):
    """The lowest hash of each group of similar texts that has more than one."""

    group: Integers
    """Numbers of these groups, sorted."""
    lowest: Hashes


def groups_of(job: Job, names: Sequence[str]) -> Groups:
    """The groups of a run; sixteen bytes for each text that has duplicates, and its number."""
    if job.recipe.splits is None or job.recipe.dedup is None:
        return Groups(np.zeros(0, np.int64), np.zeros(0, np.uint64))
    groups, hashes = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for name in names:
        group = shard.read_table(job.path("group", name), ["group"])["group"].to_numpy()
        inside = np.flatnonzero(group >= 0)
        if inside.size:
            ids = shard.read_table(job.path("text", name), ["id"])["id"]
            groups.append(group[inside].astype(np.int64))
            hashes.append(_hashes(ids.take(inside).to_pylist()))
    found, place = np.unique(np.concatenate(groups), return_inverse=True)
    lowest = np.full(found.size, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(lowest, place, np.concatenate(hashes))
    return Groups(found, lowest)


def splits_of(job: Job, name: str, groups: Groups) -> Integers:
    """The split of each text of a shard, as its place in `SPLITS`."""
    settings = job.recipe.splits
    rows = shard.required_sidecar(job.path("text", name)).rows
    if settings is None:
        return np.zeros(rows, np.int64)
    table = shard.read_table(job.path("text", name), ["id", "url"])
    hashes = _hashes(table.column("id").to_pylist())
    if job.recipe.dedup is not None and groups.group.size:
        group = shard.read_table(job.path("group", name), ["group"])["group"].to_numpy()
        inside = group >= 0
        place = np.searchsorted(groups.group, group[inside])
        hashes[inside] = groups.lowest[place]
    words = [f"split {settings.seed} {found:016x}" for found in hashes.tolist()]
    if settings.by == "site":
        from seimai.pipeline.provenance.addresses import host_and_path

        hosts = [host_and_path(url)[0] if url else "" for url in table.column("url").to_pylist()]
        words = [
            f"split {settings.seed} site {host}" if host else word
            for host, word in zip(hosts, words, strict=True)
        ]
    return sides(unit_hash(words), settings)


def sides(place: Doubles, settings: Splits) -> Integers:
    """
    For numbers from 0 to 1: 0 for train, 1 for validation, 2 for test.

    >>> from seimai.pipeline.recipe.buckets import Splits
    >>> sides(np.array([0.05, 0.15, 0.5]), Splits(validation=0.1, test=0.1)).tolist()
    [1, 2, 0]
    """
    held = (place < settings.validation + settings.test).astype(np.int64)
    return np.where(place < settings.validation, 1, held * 2).astype(np.int64)


def unit_hash(words: Sequence[str]) -> Doubles:
    """A number from 0 to 1 (below it) for each word, the same everywhere."""
    return (_hashes(words) >> np.uint64(11)).astype(np.float64) / 2.0**53


def _hashes(words: Sequence[str]) -> Hashes:
    digest = xxhash.xxh3_64_intdigest
    return np.fromiter((digest(word.encode()) for word in words), np.uint64, len(words))


def folder_of(parts: Mapping[str, str]) -> str:
    """
    The folder of texts in these parts of buckets, as Hive and everybody after it writes them.

    >>> folder_of({"quality": "q01", "length": "short"})
    'data/quality=q01/length=short'
    """
    return "/".join(["data", *(f"{name}={part}" for name, part in parts.items())])
