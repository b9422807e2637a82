"""
What became of an input that is no text: quarantined, passed over or left unfinished, and why.

`explain` says it of what it finds no text for, by the name of a file, an id or a place in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_ASIDE = 20
"""At most this many records are shown; where there are more, their causes are alike."""


@dataclass(frozen=True)
class Aside:
    """A record that could not be read, or an input that was passed over or out of reach."""

    source: str
    key: str
    place: str
    cause: str
    detail: str
    unfinished: bool = False
    """Whether it could not be reached, so that the next run tries again."""
    passed_over: bool = False
    """Whether it was not read because such files hold no text (`Thumbs.db`); it has no detail."""


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
    if run is None:
        return found, count
    for one in run.get("unfinished", []):
        if _is_meant(wanted, one["key"], "", one["detail"]):
            count += 1
            found.append(
                Aside(one["source"], one["key"], "", one["cause"], one["detail"], unfinished=True)
            )
    quarantined = {(one.source, one.key) for one in found}
    passed_over = [
        one
        for one in _not_opened(out, run["source_names"])
        if _is_meant(wanted, one.key, "", "") and (one.source, one.key) not in quarantined
    ]
    return found + passed_over, count + len(passed_over)


def _not_opened(out: Path, sources: Sequence[str]) -> Iterator[Aside]:
    """The inputs that a run had by their names alone, in its order; some may be in quarantine."""
    from seimai.pipeline.engine.planning.content import NOT_READ
    from seimai.pipeline.engine.planning.plan import load_plan, read_mark

    for split in load_plan(out)["splits"]:
        for place, key, digest in map(read_mark, split["content"]):
            if digest.startswith(NOT_READ):
                cause = digest.removeprefix(NOT_READ)
                yield Aside(sources[place], key, "", cause, "", passed_over=True)


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
