"""
Are the stage files of a run what was written? What the next run would make again is named.

`verify` asks this of a release; here it is asked of `OUT/stages`, whose files the next run builds
on. A run compares them as well, one by one, before it uses them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.checks import MOST_SHOWN, Check, State
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "text"
ONE_EACH = ("signals", "verdict")
"""Stages that have a file for every text shard of a finished run."""
SAME_ROWS = (*ONE_EACH, "sketch", "group", "across", "tokens", "words")
"""Stages whose files have the rows of the text shard of their name."""

OPEN = "stage_open"
"""A file without its sidecar: a run that was killed leaves such, and no shard is made of them."""


def check_stages(out: Path) -> list[Check]:
    """Check all stage files of a run: digests, numbers of rows, seals, and that none is missing."""
    stages = out / "stages"
    if not stages.is_dir():
        raise Problem("U011", path=str(out))
    faults = [*_ledgers(stages), *_missing(stages), *_rows(stages)]
    files = sum(1 for _ in stages.glob("*/*.parquet"))
    for path in sorted(stages.glob("*/*.parquet")):
        faults += _compared(path)
    shown = sorted(set(faults))
    checks = [_fault(*one) for one in shown[:MOST_SHOWN]]
    if len(shown) > MOST_SHOWN:
        count = f"{len(shown) - MOST_SHOWN:,}"
        state: State = "fail" if any(what != OPEN for _, what in shown) else "warn"
        paths = [path for path, _ in shown]
        checks.append(Check(state, sentence("verify.stages_more", count=count), {"paths": paths}))
    if not checks:
        checks.append(
            Check("ok", sentence("verify.stages", count=f"{files:,}"), {"stage_files": files})
        )
    return checks


def _fault(path: str, what: str) -> Check:
    state: State = "warn" if what == OPEN else "fail"
    return Check(state, sentence(f"verify.{what}", path=path), {"path": path})


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _compared(path: Path) -> Iterator[tuple[str, str]]:
    """The bytes of a file, and its number of rows, against what its sidecar says."""
    sidecar = shard.read_sidecar(path)
    if sidecar is None:
        yield _name(path), OPEN
        return
    try:
        with pa.memory_map(str(path)) as file:
            # Not through `shard.read_table`: what a process compared before is asked again here.
            shard.hold_against(sidecar, file)
            rows = pq.ParquetFile(file).metadata.num_rows
    except (pa.ArrowInvalid, OSError):
        yield _name(path), "stage_off"
        return
    if rows != sidecar.rows:
        yield _name(path), "stage_off"


def _ledgers(stages: Path) -> Iterator[tuple[str, str]]:
    """Plan, ledgers and sidecars against their seals."""
    for path in (stages / "plan.json", *stages.glob("*/*.json")):
        if shard.read_sealed(path) is None:
            yield path.relative_to(stages).as_posix(), "stage_off"


def _missing(stages: Path) -> Iterator[tuple[str, str]]:
    """Shards that a ledger names and that are not there, and text shards without their numbers."""
    for path in stages.glob(f"{TEXT}/*.json"):
        ledger = shard.read_sealed(path) or {}
        for stage, names in ((TEXT, "shards"), ("quarantine", "quarantine")):
            for name in ledger.get(names, ()):
                if shard.read_sidecar(stages / stage / f"{name}.parquet") is None:
                    yield f"{stage}/{name}.parquet", "stage_gone"
    for stage in ONE_EACH:
        # A run that is not finished yet has no verdicts at all.
        if not any((stages / stage).glob("*")):
            continue
        for path in stages.glob(f"{TEXT}/*.parquet"):
            if shard.read_sidecar(stages / stage / path.name) is None:
                yield f"{stage}/{path.name}", "stage_gone"


def _rows(stages: Path) -> Iterator[tuple[str, str]]:
    """Files of later stages whose number of rows is not that of their texts."""
    for path in stages.glob(f"{TEXT}/*.parquet"):
        sidecar = shard.read_sidecar(path)
        for stage in SAME_ROWS:
            other = shard.read_sidecar(stages / stage / path.name)
            if sidecar and other and sidecar.rows != other.rows:
                yield f"{stage}/{path.name}", "stage_off"
