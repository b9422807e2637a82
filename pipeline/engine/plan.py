"""
Plan: which splits and shards there are, and which of their files are up to date.

A *split* is what one worker reads in one go: a large file, a byte range of a huge one, or some
small files together. Its shards are named after it, `UUUUU-PPP`, so that input files added later
get new splits and leave the shards there as they are. Order is by source and name of the input,
never by time or number.

Every file of a stage carries a fingerprint of what made it; a file with the right one is used
again, and nothing else decides what is stale.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import xxhash

from seimai.pipeline import shard
from seimai.pipeline.ingest.contract import Input, Skipped, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Source

SPLIT_BYTES = 64_000_000
"""Files of lines and of row groups are cut into ranges of this size, read side by side."""

CUT = (".jsonl", ".ndjson", ".parquet")
"""
Names of files that are shared out. Not CSV: a line break inside quotes looks like the end of a row.
Nor what is compressed: where its members begin in the text is only known when they are unpacked.
"""

SMALL_BYTES = 4_000_000
"""Files smaller than this share a split, up to this much together."""


@dataclass(frozen=True)
class Split:
    """What one worker reads in one go, and where it stands in the order of all documents."""

    name: str
    source: int
    """Place of the source in the recipe."""
    inputs: tuple[Input, ...]
    digests: tuple[str, ...]
    max_records: int | None = None
    """At most this many texts are read from it."""

    @property
    def order(self) -> tuple[int, str, int]:
        """Splits are released in this order."""
        first = self.inputs[0]
        return self.source, first.key, first.start


def find_splits(job: Job, known: Mapping[str, Any]) -> list[Split]:
    """
    All splits of a run, in order; those in `known` (the plan of an earlier run) keep their names.

    `known` is `OUT/stages/plan.json` as read by `load_plan`.
    """
    from seimai.pipeline.ingest import find_inputs

    digests: dict[str, list[Any]] = known.get("digests", {})
    old = {tuple(split["content"]): split["name"] for split in known.get("splits", [])}
    found: list[Split] = []
    fresh: list[Split] = []
    for place, source in enumerate(job.recipe.source):
        inputs = find_inputs(patterns(source))
        marks = {one.key: _digest(one, digests) for one in inputs}
        parts = [part for one in inputs for part in _ranges(one)]
        pool = {_mark(place, one, marks[one.key]): one for one in parts}
        # Splits of the earlier run whose inputs are all still there, unchanged, stay as they are.
        for content, name in old.items():
            if all(mark in pool for mark in content):
                members = tuple(pool.pop(mark) for mark in content)
                found.append(_split(name, place, members, marks))
        shares = _share_out(list(pool.values()))
        fresh += [_split("", place, members, marks) for members in shares]
    number = 1 + max((int(name) for name in old.values()), default=-1)
    fresh = [
        replace(split, name=f"{number + k:05d}")
        for k, split in enumerate(sorted(fresh, key=lambda split: split.order))
    ]
    return sorted(found + fresh, key=lambda split: split.order)


def patterns(source: Source) -> list[str]:
    """What to look for: the files of a source, its query, or its data set."""
    if source.database and source.query:
        from seimai.pipeline.ingest.sources.databases import sql_pattern

        return [sql_pattern(source.database, source.query)]
    if source.files or source.dataset is None:
        return list(source.files)
    if Path(source.dataset).exists():
        return [source.dataset]
    asked = {"config": source.config, "split": source.split}
    query = urlencode({key: value for key, value in asked.items() if value})
    return [f"hf://datasets/{source.dataset}?{query}"]


def _split(name: str, place: int, members: tuple[Input, ...], marks: Mapping[str, str]) -> Split:
    return Split(name, place, members, tuple(marks[one.key] for one in members))


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
    """Parts of a file of lines or row groups; a part owns those that begin in it."""
    cut = one.path.endswith(CUT) and "://" not in one.path
    if not cut or one.size <= SPLIT_BYTES:
        yield one
        return
    for begin in range(0, one.size, SPLIT_BYTES):
        yield replace(one, start=begin, end=min(begin + SPLIT_BYTES, one.size))


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


def save_plan(job: Job, splits: Sequence[Split], known: Mapping[str, Any]) -> None:
    """Remember which split holds what, so that names stay."""
    content = {
        "splits": [
            {
                "name": split.name,
                "content": [
                    _mark(split.source, one, digest)
                    for one, digest in zip(split.inputs, split.digests, strict=True)
                ],
            }
            for split in splits
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
    return {"digests": {}, "splits": [], **(plan if isinstance(plan, dict) else {})}


def split_as_dict(split: Split) -> dict[str, Any]:
    """A split as JSON, for a worker: file names and first bytes need not be UTF-8."""
    content = asdict(split)
    for one in content["inputs"]:
        one["path"] = os.fsencode(one["path"]).decode("latin-1")
        if one["fault"] and "first_bytes" in one["fault"]:
            one["fault"]["first_bytes"] = one["fault"]["first_bytes"].decode("latin-1")
    return content


def split_from_dict(content: Mapping[str, Any]) -> Split:
    """The split that `split_as_dict` wrote."""
    inputs = tuple(_input_from_dict(one) for one in content["inputs"])
    return Split(
        content["name"],
        content["source"],
        inputs,
        tuple(content["digests"]),
        content["max_records"],
    )


def _input_from_dict(content: Mapping[str, Any]) -> Input:
    fault = content["fault"]
    if fault and "first_bytes" in fault:
        first = fault["first_bytes"].encode("latin-1")
        fault = Unreadable(**{**fault, "first_bytes": first})
    elif fault:
        fault = Skipped(**fault)
    path = os.fsdecode(content["path"].encode("latin-1"))
    return Input(**{**content, "path": path, "fault": fault})
