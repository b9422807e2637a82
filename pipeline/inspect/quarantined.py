"""What of an input could not be read, for those who ask for it by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

if TYPE_CHECKING:
    from pathlib import Path

MOST_RECORDS = 20
"""Records of an input that are told."""


@dataclass(frozen=True)
class Unread:
    """A record in quarantine."""

    name: str
    """The input, and where in it."""
    cause: str
    detail: str
    format: str


def quarantine_names(out: Path) -> list[str]:
    """The quarantine shards of a run in their order, from the ledgers of its splits."""
    from seimai.pipeline.engine.plan import load_plan

    names: list[str] = []
    for split in load_plan(out).get("splits", []):
        path = out / "stages" / "text" / f"{split['name']}.json"
        names += json.loads(path.read_bytes())["quarantine"] if path.is_file() else []
    return names


def unread_of(out: Path, wanted: str) -> tuple[Unread, ...]:
    """
    The first records of the input `wanted`, or the one record whose place it names.

    Names of inputs are long: the end of one, from a `/` on, is enough.
    """
    from seimai.pipeline import shard
    from seimai.pipeline.engine.text_shards import derived_id

    told: list[Unread] = []
    for name in quarantine_names(out):
        table = shard.read_table(
            out / "stages" / "quarantine" / f"{name}.parquet",
            ["key", "place", "format", "cause", "detail"],
        )
        keys = table["key"]
        # The key is a part of the name of each record; most inputs are others.
        may = pc.or_(pc.equal(keys, wanted), pc.ends_with(keys, f"/{wanted}"))
        for k in range(len(wanted), 0, -1):
            if wanted[k - 1 : k] in "@#!":
                may = pc.or_(may, pc.equal(keys, wanted[: k - 1]))
        for row in table.filter(may).to_pylist():
            full = derived_id(row["key"], row["place"])
            if wanted not in (full, row["key"]) and not row["key"].endswith(f"/{wanted}"):
                continue
            told.append(Unread(full, row["cause"], row["detail"], row["format"]))
            if len(told) == MOST_RECORDS:
                return tuple(told)

    return tuple(told)
