"""Ledgers: what is done. One per split, written when all its shards are there."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from seimai.pipeline import shard
from seimai.pipeline.engine.planning.fingerprints import text_fingerprint
from seimai.pipeline.engine.planning.surroundings import Unfinished
from seimai.pipeline.errors import Problem
from seimai.pipeline.formats import NEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.job import Job


def path_of(job: Job, split: Split) -> Path:
    """The ledger of a split: written when all its shards are."""
    return shard.sidecar_path(job.path("text", split.name))


def read(job: Job, split: Split) -> LedgerRecord | None:
    """The ledger of a finished split: its shards and counts, or None where it has to be read."""
    content = shard.read_sealed(path_of(job, split))
    if content is None:
        return None
    fingerprint = text_fingerprint(job, split)
    if content.get("fingerprint") != fingerprint or _can_read_more(content):
        return None
    for stage, names in (("text", content["shards"]), ("quarantine", content["quarantine"])):
        for k, name in enumerate(names):
            if shard.read_sidecar(job.path(stage, name), f"{fingerprint}:{k}") is None:
                return None
    return cast("LedgerRecord", content)


def _can_read_more(content: Mapping[str, Any]) -> bool:
    """Whether a package that was missing when the split was read is installed by now."""
    return any(
        tally["quarantined"].get("package") and name in NEEDS and find_spec(NEEDS[name][0])
        for name, tally in content.get("formats", {}).items()
    )


def forget(job: Job, split: Split) -> None:
    """Remove the ledger of a split, so that it is read again."""
    shard.discard(job.path("text", split.name))


def write_faults(job: Job, split: Split, faults: Sequence[Unfinished]) -> None:
    """Leave word, in the place of its ledger, of what kept a split from being finished."""
    shard.write_sealed(
        path_of(job, split), {"fingerprint": "", "faults": [fault.as_record() for fault in faults]}
    )


def read_faults(job: Job, split: Split) -> list[Unfinished]:
    """What `write_faults` left; nothing where the split was finished, or nobody tried."""
    content = shard.read_sealed(path_of(job, split)) or {}
    return [Unfinished(**fault) for fault in content.get("faults", [])]


def in_input_order(job: Job, splits: Sequence[Split], stage: str) -> list[shard.RowRange]:
    """
    All rows of `text` or `quarantine` in the order of their sources, inputs and places.

    A shard holds several small inputs, and inputs that came later are in later shards, so shards
    alone do not say the order: a release must not show what was added when.
    """
    found: list[tuple[int, str, int, int, shard.RowRange]] = []
    for split in splits:
        starts = {one.key: one.start for one in split.inputs}
        for k, name in enumerate(names_of(job, split, stage)):
            first = 0
            for key, rows in shard.required_sidecar(job.path(stage, name)).counts["inputs"]:
                found.append((split.source, key, starts[key], k, shard.RowRange(name, first, rows)))
                first += rows
    ordered: list[shard.RowRange] = []
    for *_, one in sorted(found, key=lambda item: item[:4]):
        last = ordered[-1] if ordered else None
        if last and last.name == one.name and last.first + last.rows == one.first:
            ordered[-1] = shard.RowRange(last.name, last.first, last.rows + one.rows)
        else:
            ordered.append(one)
    return ordered


def names_of(job: Job, split: Split, stage: str) -> list[str]:
    """The shards of a finished split in `text` or `quarantine`."""
    known = read(job, split)
    if known is None:
        raise Problem("S001", path=f"text/{split.name}.json")
    return list(known["shards"] if stage == "text" else known["quarantine"])


def group_counts(job: Job) -> dict[str, int]:
    """What the group stage counted; empty where it did not run."""
    if job.recipe.dedup is None:
        return {}
    path = shard.sidecar_path(job.path("group", "groups"))
    return dict((shard.read_sealed(path) or {}).get("counts", {}))
