"""
What became of an input that is no text: quarantined, or left unfinished, and why.

`explain` says it of what it finds no text for, by the name of a file, an id or a place in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline import shard

if TYPE_CHECKING:
    from pathlib import Path

MOST_ASIDE = 20
"""So many records are given; of a file with more of them the causes are alike."""


@dataclass(frozen=True)
class Aside:
    """A record that could not be read, or an input that could not be reached."""

    source: str
    key: str
    place: str
    cause: str
    detail: str
    unfinished: bool = False
    """Whether the next run tries again."""


def put_aside(out: Path, wanted: str) -> tuple[list[Aside], int]:
    """
    Records and inputs of that name that are no text, and how many there are in all.

    A name is that of an input (or the end of its path), of a record in it as ids are made, or the
    id of a record that took too long.
    """
    from seimai.pipeline.engine.publishing.published import read_run

    found: list[Aside] = []
    count = 0
    for name in quarantine_names(out):
        table = shard.read_table(out / "stages" / "quarantine" / f"{name}.parquet")
        columns = (
            table.column(one).to_pylist() for one in ("source", "key", "place", "cause", "detail")
        )
        for source, key, place, cause, detail in zip(*columns, strict=True):
            if _is_meant(wanted, key, place, detail):
                count += 1
                if len(found) < MOST_ASIDE:
                    found.append(Aside(source, key, place, cause, detail))
    run = read_run(out / "release")
    for one in run.get("unfinished", []) if run else []:
        if _is_meant(wanted, one["key"], "", one["detail"]):
            count += 1
            found.append(
                Aside(one["source"], one["key"], "", one["cause"], one["detail"], unfinished=True)
            )
    return found, count


def quarantine_names(out: Path) -> list[str]:
    """The quarantine shards that the ledgers of a run name, in order."""
    from seimai.pipeline.engine.planning.plan import load_plan

    ledgers = (
        shard.read_sealed(out / "stages" / "text" / f"{split['name']}.json")
        for split in load_plan(out)["splits"]
    )
    return [name for ledger in ledgers if ledger for name in ledger.get("quarantine", ())]


def _is_meant(wanted: str, key: str, place: str, detail: str) -> bool:
    from seimai.pipeline.engine.shards.shard_tables import derived_id

    ends = os.sep + wanted.removeprefix("./")
    return (
        wanted in (key, derived_id(key, place))
        or key.endswith(ends)
        or detail.endswith(f"(id {wanted})")
    )
