"""
Ledgers and fingerprints: what is done, and what decides the content of each file.

Nothing here touches a text or needs a compiled kernel, so a run that has nothing to measure
stays quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.signal import Needs, chosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.plan import Job, Unit

MEASURE_VERSION = 1
VIEW_VERSION = 1
SKETCH_VERSION = 1
GROUP_VERSION = 1
TOKENIZE_VERSION = 1
RELEASE_VERSION = 1
"""
Raised when a stage gives other bytes for the same input and settings.

Those of the hash view, sketches and groups stand in their modules too: importing these would
load kernels that a run with nothing to do does not need.
"""


def path_of(job: Job, unit: Unit) -> Path:
    """The ledger of a unit: written when all its shards are."""
    return shard.sidecar_path(job.path("text", unit.name))


def read(job: Job, unit: Unit) -> dict[str, Any] | None:
    """The ledger of a finished unit: its shards and counts, or None where it has to be read."""
    try:
        content = orjson.loads(path_of(job, unit).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    made_by = job.text_fingerprint(unit)
    if not isinstance(content, dict) or content.get("fingerprint") != made_by:
        return None
    for stage, names in (("text", content["shards"]), ("quarantine", content["quarantine"])):
        for k, name in enumerate(names):
            if shard.read_sidecar(job.path(stage, name), f"{made_by}:{k}") is None:
                return None
    return content


@dataclass(frozen=True)
class Run:
    """Some rows of a shard that come one after the other."""

    name: str
    """Of the shard."""
    first: int
    rows: int


def in_input_order(job: Job, units: Sequence[Unit], stage: str) -> list[Run]:
    """
    All rows of `text` or `quarantine` in the order of their sources, inputs and places.

    A shard holds several small inputs, and inputs that came later are in later shards, so shards
    alone do not say the order: a release must not show what was added when.
    """
    found: list[tuple[int, str, int, int, Run]] = []
    for unit in units:
        starts = {one.key: one.start for one in unit.inputs}
        for k, name in enumerate(names_of(job, unit, stage)):
            first = 0
            for key, rows in _sidecar(job, stage, name).counts["inputs"]:
                found.append((unit.source, key, starts[key], k, Run(name, first, rows)))
                first += rows
    ordered: list[Run] = []
    for *_, run in sorted(found, key=lambda item: item[:4]):
        last = ordered[-1] if ordered else None
        if last and last.name == run.name and last.first + last.rows == run.first:
            ordered[-1] = Run(last.name, last.first, last.rows + run.rows)
        else:
            ordered.append(run)
    return ordered


def names_of(job: Job, unit: Unit, stage: str) -> list[str]:
    """The shards of a finished unit in `text` or `quarantine`."""
    known = read(job, unit)
    if known is None:
        raise Problem("S001", path=f"text/{unit.name}.json")
    return list(known["shards" if stage == "text" else stage])


def text_sidecar(job: Job, name: str) -> shard.Sidecar:
    """The sidecar of a text shard, which must be there."""
    return _sidecar(job, "text", name)


def _sidecar(job: Job, stage: str, name: str) -> shard.Sidecar:
    sidecar = shard.read_sidecar(job.path(stage, name))
    if sidecar is None:
        raise Problem("S001", path=f"{stage}/{name}.parquet")
    return sidecar


def _dictionary_version() -> str:
    return f"unidic-lite {metadata.version('unidic-lite')}"


def _measured_with(job: Job, needs: Needs) -> dict[str, Any]:
    """Names and versions of the signals, and the content of the user's own filter files."""
    versions: dict[str, Any] = {
        signal.name: signal.made_by for signal in chosen(job.signals, needs)
    }
    if job.filters:
        # A plugin that is being written changes more often than its version.
        versions["files"] = [
            xxhash.xxh3_128_hexdigest(Path(path).read_bytes()) for path in job.filters
        ]
    return versions


def signals_fingerprint(job: Job, name: str) -> str:
    """What decides the character signals of a shard."""
    return job.stage_fingerprint(
        "signals",
        text_sidecar(job, name),
        version=MEASURE_VERSION,
        signals=_measured_with(job, "characters"),
    )


def sketch_fingerprint(job: Job, name: str) -> str:
    """What decides the sketches of a shard."""
    settings = job.recipe.dedup
    return job.stage_fingerprint(
        "sketch",
        text_sidecar(job, name),
        version=[SKETCH_VERSION, VIEW_VERSION],
        settings=settings.model_dump(include={"unit", "n", "rows", "bands", "seed"})
        if settings
        else None,
    )


def tokens_fingerprint(job: Job, name: str) -> str:
    """What decides the tokens of a shard, apart from which rows were asked for."""
    return job.stage_fingerprint(
        "tokens",
        text_sidecar(job, name),
        version=TOKENIZE_VERSION,
        dictionary=_dictionary_version(),
        max_chars=job.recipe.tokens.max_chars,
    )


def words_fingerprint(job: Job, name: str) -> str:
    """What decides the word signals of a shard, apart from which rows were asked for."""
    return job.stage_fingerprint(
        "words",
        text_sidecar(job, name),
        version=MEASURE_VERSION,
        tokens=tokens_fingerprint(job, name),
        signals=_measured_with(job, "tokens"),
    )


def group_fingerprint(job: Job, names: Sequence[str]) -> str:
    """What decides the groups: all sketches in their order, and how pairs are verified."""
    settings = job.recipe.dedup
    return shard.fingerprint(
        stage="group",
        version=GROUP_VERSION,
        sketches=[_digest(job.path("sketch", name)) for name in names],
        names=list(names),
        settings=settings.model_dump(exclude={"keep"}) if settings else None,
    )


def group_counts(job: Job) -> dict[str, int]:
    """What the group stage counted; empty where it did not run."""
    if job.recipe.dedup is None:
        return {}
    path = shard.sidecar_path(job.path("group", "groups"))
    return dict(orjson.loads(path.read_bytes())["counts"])


def release_fingerprint(job: Job, units: Sequence[Unit], names: Sequence[str]) -> str:
    """What decides a release: verdicts, texts, quarantine, and how it is written and described."""
    return shard.fingerprint(
        stage="release",
        version=RELEASE_VERSION,
        texts=[text_sidecar(job, name).digest for name in names],
        verdicts=[_digest(job.path("verdict", name)) for name in names],
        units=[job.text_fingerprint(unit) for unit in units],
        recipe=job.recipe.model_dump(mode="json", exclude={"source"}),
        signals={name: signal.made_by for name, signal in job.signals.items()},
    )


def _digest(path: Path) -> str | None:
    sidecar = shard.read_sidecar(path)
    return sidecar.digest if sidecar else None


def wider_kind(one: str, other: str) -> str:
    """The column type that holds both of two."""
    if other in (one, "null"):
        return one
    if one == "null":
        return other
    return "float" if {one, other} == {"int", "float"} else "json"
