"""
Plan: which units and shards there are, and which of their files are up to date.

A *unit* is what one worker reads in one go: a large file, a byte range of a huge one, or some
small files together. Its shards are named after it, `UUUUU-PPP`, so that input files added later
get new units and leave the shards there as they are. Order is by source and name of the input,
never by time or number.

Every file of a stage carries a fingerprint of what made it; a file with the right one is used
again, and nothing else decides what is stale.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import xxhash

from seimai.pipeline import shard
from seimai.pipeline.cleaner import Cleaner, load_cleaners
from seimai.pipeline.ingest.contract import Input, Unreadable
from seimai.pipeline.signal import Signal, load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seimai.pipeline.recipe import Recipe, Source

INGEST_VERSION = 3
UNIT_BYTES = 64_000_000
"""Uncompressed line files are cut into ranges of this size, read side by side."""

SMALL_BYTES = 4_000_000
"""Files smaller than this share a unit, up to this much together."""


@dataclass(frozen=True)
class Unit:
    """What one worker reads in one go, and where it stands in the order of all documents."""

    name: str
    source: int
    """Place of the source in the recipe."""
    inputs: tuple[Input, ...]
    digests: tuple[str, ...]
    limit: int | None = None
    """So many texts are read of it, and no more."""

    @property
    def order(self) -> tuple[int, str, int]:
        """Units are released in this order."""
        first = self.inputs[0]
        return self.source, first.key, first.start


@dataclass(frozen=True)
class Job:
    """One run: a recipe, where its output goes, and the user's own filters."""

    recipe: Recipe
    out: Path
    filters: tuple[str, ...] = ()
    limit: int | None = None
    """Read only so many records of each source."""

    @cached_property
    def signals(self) -> dict[str, Signal]:
        """All signals: ours, plugins', and those of the models that the recipe names."""
        known = load(self.filters)
        if not self.recipe.models:
            return known
        from seimai.pipeline.learn.columns import with_models

        return with_models(known, self.recipe.models)

    @cached_property
    def cleaners(self) -> tuple[Cleaner, ...]:
        """The cleaners of the recipe, in its order."""
        self.signals  # noqa: B018 - loading the filters registers the cleaners as well
        return load_cleaners(self.recipe.clean)

    def path(self, stage: str, name: str) -> Path:
        """The file of a shard in a stage."""
        return self.out / "stages" / stage / f"{name}.parquet"

    def paths(self, stage: str, names: Iterable[str]) -> list[Path]:
        """The files of several shards in a stage."""
        return [self.path(stage, name) for name in names]

    # --- fingerprints ----------------------------------------------------------------------

    def text_fingerprint(self, unit: Unit) -> str:
        """What decides the text of a unit: its bytes, how it is read, how it is cleaned."""
        source = self.recipe.source[unit.source]
        return shard.fingerprint(
            stage="text",
            version=INGEST_VERSION,
            inputs=[
                [one.key, digest, one.start, one.end]
                for one, digest in zip(unit.inputs, unit.digests, strict=True)
            ],
            source=source.model_dump(mode="json", exclude={"files"}),
            cleaners={cleaner.name: cleaner.version for cleaner in self.cleaners},
            order=[cleaner.name for cleaner in self.cleaners],
            limit=unit.limit,
            shard=[shard.SHARD_BYTES, shard.SHARD_ROWS],
        )

    def stage_fingerprint(self, stage: str, upstream: shard.Sidecar, **settings: Any) -> str:
        """What decides a later file of a shard: the one before it, and the settings named."""
        return shard.fingerprint(stage=stage, upstream=upstream.digest, **settings)


def find_units(job: Job, known: Mapping[str, Any]) -> list[Unit]:
    """
    All units of a run, in order; those in `known` (the plan of an earlier run) keep their names.

    `known` is `OUT/stages/plan.json` as read by `load_plan`.
    """
    from seimai.pipeline.ingest import find_inputs

    digests: dict[str, list[Any]] = known.get("digests", {})
    old = {tuple(unit["content"]): unit["name"] for unit in known.get("units", [])}
    found: list[Unit] = []
    fresh: list[Unit] = []
    for place, source in enumerate(job.recipe.source):
        inputs = find_inputs(patterns(source))
        marks = {one.key: _digest(one, digests) for one in inputs}
        parts = [part for one in inputs for part in _ranges(one)]
        pool = {_mark(place, one, marks[one.key]): one for one in parts}
        # Units of the earlier run whose inputs are all still there, unchanged, stay as they are.
        for content, name in old.items():
            if all(mark in pool for mark in content):
                members = tuple(pool.pop(mark) for mark in content)
                found.append(_unit(name, place, members, marks))
        shares = _share_out(list(pool.values()))
        fresh += [_unit("", place, members, marks) for members in shares]
    number = 1 + max((int(name) for name in old.values()), default=-1)
    fresh = [
        replace(unit, name=f"{number + k:05d}")
        for k, unit in enumerate(sorted(fresh, key=lambda unit: unit.order))
    ]
    return sorted(found + fresh, key=lambda unit: unit.order)


def patterns(source: Source) -> list[str]:
    """What to look for: the files of a source, its query, or its data set."""
    if source.database and source.query:
        from seimai.pipeline.ingest.sql import sql_pattern

        return [sql_pattern(source.database, source.query)]
    if source.files or source.dataset is None:
        return list(source.files)
    if Path(source.dataset).exists():
        return [source.dataset]
    asked = {"config": source.config, "split": source.split}
    query = urlencode({key: value for key, value in asked.items() if value})
    return [f"hf://datasets/{source.dataset}?{query}"]


def _unit(name: str, place: int, members: tuple[Input, ...], marks: Mapping[str, str]) -> Unit:
    return Unit(name, place, members, tuple(marks[one.key] for one in members))


def _mark(place: int, one: Input, digest: str) -> str:
    return f"{place}|{one.key}|{digest}|{one.start}-{one.end}"


def _share_out(inputs: Sequence[Input]) -> Iterator[tuple[Input, ...]]:
    """Put small inputs together; sizes are those of the raw files."""
    together: list[Input] = []
    size = 0
    for one in inputs:
        if one.size >= SMALL_BYTES or one.size < 0:
            yield (one,)
            continue
        if together and size + one.size > SMALL_BYTES:
            yield tuple(together)
            together, size = [], 0
        together.append(one)
        size += one.size
    if together:
        yield tuple(together)


def _ranges(one: Input) -> Iterator[Input]:
    """Parts of an uncompressed file of lines; a part owns the lines that begin in it."""
    lines = one.path.endswith((".jsonl", ".ndjson")) and "://" not in one.path
    if not lines or one.size <= UNIT_BYTES:
        yield one
        return
    for begin in range(0, one.size, UNIT_BYTES):
        yield replace(one, start=begin, end=min(begin + UNIT_BYTES, one.size))


def _digest(one: Input, remembered: dict[str, list[Any]]) -> str:
    """Digest of the bytes of an input; a local file's is remembered by its size and time."""
    if one.fault:
        return f"unreadable: {one.fault.cause}"
    try:
        if one.format in {"datasets", "sql"} and "://" in one.path:
            return "remote"  # What it holds is known when it is read; its address is in its key.
        if Path(one.path).is_dir():
            return _folder_digest(Path(one.path))
        stamp = _stamp(one)
        known = remembered.get(one.key)
        if stamp and known and known[0] == stamp:
            return str(known[1])
        state = xxhash.xxh3_128()
        with one.open_raw() as file:
            while block := file.read(1 << 20):
                state.update(block)
    except OSError as error:
        # It will be quarantined when it is read; the next run looks again.
        return f"unreadable: {error.strerror}"
    remembered[one.key] = [stamp, state.hexdigest()]
    return state.hexdigest()


def _stamp(one: Input) -> list[int]:
    """Size and time of change of a local file; empty for anything else."""
    if "://" in one.path:
        return []
    known = Path(one.path).stat()
    return [known.st_size, known.st_mtime_ns]


def _folder_digest(folder: Path) -> str:
    """Digest of a data set that is a folder: its files by name, size and time of change."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return shard.fingerprint(
        files=[
            [path.relative_to(folder).as_posix(), path.stat().st_size, path.stat().st_mtime_ns]
            for path in files
        ]
    )


def save_plan(job: Job, units: Sequence[Unit], known: Mapping[str, Any]) -> None:
    """Remember which unit holds what, so that names stay."""
    content = {
        "units": [
            {
                "name": unit.name,
                "content": [
                    _mark(unit.source, one, digest)
                    for one, digest in zip(unit.inputs, unit.digests, strict=True)
                ],
            }
            for unit in units
        ],
        "digests": known.get("digests", {}),
    }
    shard.write_json(job.out / "stages" / "plan.json", content)


def load_plan(out: Path) -> dict[str, Any]:
    """The plan of an earlier run, empty where there is none."""
    import orjson

    try:
        plan = orjson.loads((out / "stages" / "plan.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        plan = {}
    return {"digests": {}, "units": [], **(plan if isinstance(plan, dict) else {})}


def unit_as_dict(unit: Unit) -> dict[str, Any]:
    """A unit as JSON, for a worker: file names and first bytes need not be UTF-8."""
    content = asdict(unit)
    for one in content["inputs"]:
        one["path"] = os.fsencode(one["path"]).decode("latin-1")
        if one["fault"]:
            one["fault"]["first_bytes"] = one["fault"]["first_bytes"].decode("latin-1")
    return content


def unit_from_dict(content: Mapping[str, Any]) -> Unit:
    """The unit that `unit_as_dict` wrote."""
    inputs = tuple(_input_from_dict(one) for one in content["inputs"])
    return Unit(
        content["name"], content["source"], inputs, tuple(content["digests"]), content["limit"]
    )


def _input_from_dict(content: Mapping[str, Any]) -> Input:
    fault = content["fault"]
    if fault:
        first = fault["first_bytes"].encode("latin-1")
        fault = Unreadable(**{**fault, "first_bytes": first})
    path = os.fsdecode(content["path"].encode("latin-1"))
    return Input(**{**content, "path": path, "fault": fault})


def processors() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
