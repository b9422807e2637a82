"""
Across: in how many texts of a run each sentence is, as it is and with its names blanked.

Each shard leaves the hashes of its sentences with the text that they are of, sorted; parts of the
hashes are then counted one after the other, from all shards together. What is left are the hashes
that enough texts have, which is little. Texts of one group of near duplicates count once, so the
numbers say nothing that grouping has not said already.

The result does not depend on the order of texts, on batches or on parts.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from seimai.pipeline.across import Shared, sentences_of
from seimai.pipeline.arrays import load_array
from seimai.pipeline.machine import in_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags, Hashes, Integers
    from seimai.pipeline.text import Texts

    Read = Callable[[], tuple[Texts, Integers]]
    """Gives the texts of a shard, and for each the number of its group of near duplicates."""

PART_ROWS = 8_000_000
"""Hashes that are counted at a time: 24 bytes each, and as much again to sort them."""

MOST_PARTS = 1 << 16

_WHOLE, _SKELETON = "whole", "skeleton"


class _Counted(NamedTuple):
    hashes: Hashes
    texts: Integers


def find_shared(
    readers: Sequence[Read],
    least: int,
    folder: Path,
    threads: int = 1,
    part_rows: int = PART_ROWS,
) -> Shared:
    """
    The sentences and skeletons that a text has in common with at least `least` others.

    A skeleton has to be filled in differently in as many. `folder` takes files meanwhile, and is
    removed at the end.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        leave = in_threads(
            lambda k: _leave(readers[k], folder, k), range(len(readers)), max(threads, 1)
        )
        rows = np.array([*leave], np.int64).reshape(-1, 2)
        found = {}
        for column, kind in enumerate((_WHOLE, _SKELETON)):
            paths = [folder / f"{kind}-{k}.npy" for k in range(len(readers))]
            parts = int(min(max(rows[:, column].sum() // part_rows, 0) + 1, MOST_PARTS))
            counted = [*_counted(paths, parts, least, blanked=kind == _SKELETON)]
            found[kind] = _Counted(*(np.concatenate(some) for some in zip(*counted, strict=True)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole, skeleton = found[_WHOLE], found[_SKELETON]
    return Shared(
        whole.hashes,
        whole.texts.astype(np.int32),
        skeleton.hashes,
        skeleton.texts.astype(np.int32),
    )


def _leave(read: Read, folder: Path, number: int) -> tuple[int, int]:
    """Leave the hashes of a shard, sorted, and say how many there are of each kind."""
    texts, label = read()
    sentences = sentences_of(texts)
    owner = label[sentences.pieces.owner].astype(np.uint64)
    counts = []
    for kind, wanted, columns in (
        (_WHOLE, sentences.counted, (sentences.whole, owner)),
        (_SKELETON, sentences.comparable, (sentences.skeleton, sentences.whole, owner)),
    ):
        rows = np.stack([column[wanted] for column in columns])
        np.save(folder / f"{kind}-{number}.npy", rows[:, np.argsort(rows[0])])
        counts.append(rows.shape[1])
    return counts[0], counts[1]


def bytes_meanwhile(texts: Texts) -> int:
    """Bytes that lie on the disk for some texts until their sentences are counted."""
    sentences = sentences_of(texts)
    whole, skeleton = int(sentences.counted.sum()), int(sentences.comparable.sum())
    return np.uint64().nbytes * (2 * whole + 3 * skeleton)


def _counted(paths: Sequence[Path], parts: int, least: int, *, blanked: bool) -> Iterator[_Counted]:
    """
    For each part of the hashes those that enough texts have, and how many.

    One file is open at a time: a run may have more shards than a process may have files.
    """
    width = (1 << 64) // parts
    edges = np.array([part * width for part in range(1, parts)], np.uint64)
    cuts = [_cuts(load_array(path), edges) for path in paths]
    for part in range(parts):
        rows = [
            np.array(load_array(path)[:, cut[part] : cut[part + 1]])
            for path, cut in zip(paths, cuts, strict=True)
        ]
        yield _enough(_frequent(rows, least, 2 + blanked), least, blanked=blanked)


def _cuts(rows: Hashes, edges: Hashes) -> Integers:
    """Where the parts begin in the rows of a shard, and where the last one ends."""
    cuts = np.concatenate(([0], np.searchsorted(rows[0], edges), [rows.shape[1]]))
    return cuts.astype(np.int64)


def _frequent(parts: Sequence[Hashes], least: int, columns: int) -> Hashes:
    """The rows whose hash is there more than `least` times: few, and only these are sorted."""
    hashes = np.concatenate([np.empty(0, np.uint64), *(part[0] for part in parts)])
    hashes.sort()
    often = np.unique(hashes[least:][hashes[least:] == hashes[: max(hashes.size - least, 0)]])
    found = [np.empty((columns, 0), np.uint64)]
    for part in parts:
        place = np.minimum(np.searchsorted(often, part[0]), max(often.size - 1, 0))
        found.append(part[:, often[place] == part[0]] if often.size else found[0])
    return np.concatenate(found, axis=1)


def _enough(rows: Hashes, least: int, *, blanked: bool) -> _Counted:
    """
    Hashes in more than `least` texts; of skeletons, in as many texts and filled in as often.

    `rows` are hash and text, or skeleton, sentence and text.
    """
    order = np.lexsort((rows[-1], rows[0]))
    hashes = rows[0][order]
    first = np.ones(hashes.size, bool)
    first[1:] = hashes[1:] != hashes[:-1]
    texts = _different(rows[-1][order], first)
    if blanked:
        by_sentence = np.lexsort((rows[1], rows[0]))
        texts = np.minimum(texts, _different(rows[1][by_sentence], first))
    enough = texts > least
    return _Counted(hashes[first][enough], texts[enough])


def _different(values: Hashes, first: Flags) -> Integers:
    """How many different values each run has; runs begin at `first`, in which values are sorted."""
    fresh = first.copy()
    fresh[1:] |= values[1:] != values[:-1]
    counts: Integers = np.bincount(np.cumsum(first) - 1, fresh, int(first.sum())).astype(np.int64)
    return counts
