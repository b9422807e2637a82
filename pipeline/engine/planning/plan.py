"""
Plan: how the inputs of a run are cut into splits, each of which one worker reads.

A *split* is what one worker reads in one go: a large file, a byte range of a huge one, or some
small files together. Its shards are named after it, `UUUUU-PPP`, so that input files added later
get new splits and leave the shards there as they are. Order is by source and name of the input,
never by time or number.

What is known of the content of an input, and which inputs are left out, says `content.py`; which
files of a stage are up to date, `fingerprints.py` and `ledger.py`.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from seimai.pipeline import shard
from seimai.pipeline.engine.planning.content import identified
from seimai.pipeline.engine.planning.surroundings import Unfinished, patiently
from seimai.pipeline.ingest.contract import Input, Skipped, Unreadable
from seimai.pipeline.ingest.sources.find import HUB
from seimai.pipeline.machine import in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seimai.pipeline.engine.planning.records import PlannedSplit, PlanRecord, SplitMessage
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Source

SPLIT_BYTES = 64_000_000
"""Files of lines and of row groups are cut into ranges of this size, read side by side."""

CUT = (".jsonl", ".ndjson", ".parquet")
"""Endings of files that a worker can read a part of, so that large ones are cut into splits."""

_READ_THROUGH = (".csv", ".tsv", ".warc", ".wet")
READ_THROUGH = (
    *_READ_THROUGH,
    *(
        name + packed
        for name in (*_READ_THROUGH, ".jsonl", ".ndjson", ".json")
        for packed in (".gz", ".zst", ".bz2", ".xz")
    ),
)
"""
Names of files of which a worker reads what stands before its part as well, and passes it over: the
end of a row may stand in quotes, and a compressed text can only be entered at its beginning.
"""
MOST_PARTS = 8
"""Parts of such a file. Each reads, in the mean, three and a half parts that are not its own, at a
small part of what the rest of the work on a text costs."""

SMALL_BYTES = 4_000_000
"""Files smaller than this share a split, up to this much together."""


MOST_READERS = 8
"""Threads that look at inputs: what is new is read through for its digest."""


@dataclass(frozen=True)
class Split:
    """What one worker reads in one go, and where it stands in the order of all documents."""

    name: str
    source: int
    """Index of its source in the recipe."""
    inputs: tuple[Input, ...]
    digests: tuple[str, ...]
    max_records: int | None = None
    """At most this many texts are read from it."""

    @property
    def order(self) -> tuple[int, str, int]:
        """The sort key of splits: texts are released in this order."""
        first = self.inputs[0]
        return self.source, first.key, first.start


@dataclass(frozen=True)
class Plan:
    """What there is to do, and which inputs have to wait for the next run."""

    splits: list[Split]
    """All splits, in the order of their documents."""
    unfinished: list[Unfinished]


def find_splits(job: Job, earlier: PlanRecord) -> list[Split]:
    """The splits of `find_plan`, for those who only look."""
    return find_plan(job, earlier).splits


def find_plan(
    job: Job, earlier: PlanRecord, left_out: Mapping[tuple[str, str], Unfinished] | None = None
) -> Plan:
    """
    All splits of a run, in order; those in `earlier` (the plan of an earlier run) keep their names.

    `earlier` is `OUT/stages/plan.json` as read by `load_plan`. `left_out` are inputs, by the name
    of their source and their key, that were tried in this run and have to be left out.
    """
    from seimai.pipeline.ingest import find_inputs

    digests = earlier.get("digests", {})
    old = {tuple(split["content"]): split["name"] for split in earlier.get("splits", [])}
    unfinished: list[Unfinished] = []
    kept: list[Split] = []
    fresh: list[Split] = []
    # What a trial writes is in a folder of the output folder.
    out = job.out if job.max_records is None else job.out.parent
    for position, source in enumerate(job.recipe.source):
        inputs: list[Input] = []
        marks: dict[str, str] = {}
        there = patiently(partial(find_inputs, patterns(source), out))
        known = partial(identified, source=source, remembered=digests, left_out=left_out or {})
        for found in in_threads(known, there, MOST_READERS):
            if isinstance(found, Unfinished):
                unfinished.append(found)
            else:
                inputs.append(found[0])
                marks[found[0].key] = found[1]
        parts = [part for input_ in inputs for part in parts_of(input_)]
        pool = {_mark(position, part, marks[part.key]): part for part in parts}
        # Splits of the earlier run whose inputs are all still there, unchanged, stay as they are.
        for content, name in old.items():
            if all(mark in pool for mark in content):
                members = tuple(pool.pop(mark) for mark in content)
                kept.append(_split(name, position, members, marks))
        shares = _share_out(list(pool.values()))
        fresh += [_split("", position, members, marks) for members in shares]
    named = {(fault.source, fault.key) for fault in unfinished}
    # What is gone by now is missing in this run all the same.
    unfinished += [fault for name, fault in (left_out or {}).items() if name not in named]
    number = 1 + max((int(name) for name in old.values()), default=-1)
    fresh = [
        replace(split, name=f"{number + k:05d}")
        for k, split in enumerate(sorted(fresh, key=lambda split: split.order))
    ]
    return Plan(sorted(kept + fresh, key=lambda split: split.order), unfinished)


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
    return [f"{HUB}{source.dataset}?{query}"]


def _split(name: str, place: int, members: tuple[Input, ...], marks: Mapping[str, str]) -> Split:
    return Split(name, place, members, tuple(marks[input_.key] for input_ in members))


def _mark(place: int, input_: Input, digest: str) -> str:
    return f"{place}|{input_.key}|{digest}|{input_.start}-{input_.end}"


def read_mark(mark: str) -> tuple[int, str, str]:
    """
    Split a mark of `_mark`: the index of the source in the recipe, the key and the digest.

    >>> read_mark("0|notes|2026.txt|83fa|0-120")
    (0, 'notes|2026.txt', '83fa')
    """
    place, _, rest = mark.partition("|")
    key, digest, _ = rest.rsplit("|", 2)
    return int(place), key, digest


def _share_out(inputs: Sequence[Input]) -> Iterator[tuple[Input, ...]]:
    """Put small inputs together; sizes are those of the raw files."""
    together: list[Input] = []
    size = 0
    for input_ in inputs:
        if input_.size >= SMALL_BYTES or input_.size < 0:
            yield (input_,)
            continue
        if together and size + input_.size > SMALL_BYTES:
            yield tuple(together)
            together, size = [], 0
        together.append(input_)
        size += input_.size
    if together:
        yield tuple(together)


def parts_of(input_: Input) -> Iterator[Input]:
    """Parts of a file of lines or row groups; a part owns those that begin in it."""
    size = SPLIT_BYTES
    if input_.path.endswith(READ_THROUGH):
        size = max(size, -(-input_.size // MOST_PARTS))
    elif not input_.path.endswith(CUT):
        size = input_.size
    if input_.size <= size or "://" in input_.path:
        yield input_
        return
    for begin in range(0, input_.size, size):
        yield replace(input_, start=begin, end=min(begin + size, input_.size))


def save_plan(job: Job, plan: Plan, earlier: PlanRecord) -> None:
    """
    Remember which split holds what, so that names stay.

    Of inputs that are gone nothing is remembered: a folder whose files come and go every night
    must not make the plan longer every night.
    """
    here = {one.key for split in plan.splits for one in split.inputs}
    here.update(fault.key for fault in plan.unfinished)
    digests = earlier.get("digests", {})
    content: PlanRecord = {
        "splits": waiting_splits(job, plan, earlier)
        + [
            {
                "name": split.name,
                "content": [
                    _mark(split.source, input_, digest)
                    for input_, digest in zip(split.inputs, split.digests, strict=True)
                ],
            }
            for split in plan.splits
        ],
        "digests": {key: digest for key, digest in digests.items() if key in here},
    }
    shard.write_sealed(job.out / "stages" / "plan.json", content)


def waiting_splits(job: Job, plan: Plan, earlier: PlanRecord) -> list[PlannedSplit]:
    """
    Splits of the earlier plan with an input that is unfinished now.

    What was made of them is kept: when the input can be reached again it is not read again.
    """
    places = {source.name: place for place, source in enumerate(job.recipe.source)}
    begin = tuple(f"{places[fault.source]}|{fault.key}|" for fault in plan.unfinished)
    names = {split.name for split in plan.splits}
    return [
        split
        for split in earlier.get("splits", [])
        if split["name"] not in names and any(mark.startswith(begin) for mark in split["content"])
    ]


def load_plan(out: Path) -> PlanRecord:
    """The plan of an earlier run, empty where there is none."""
    plan = shard.read_sealed(out / "stages" / "plan.json") or {}
    return cast("PlanRecord", {"digests": {}, "splits": [], **plan})


def split_as_dict(split: Split) -> SplitMessage:
    """A split as JSON, for a worker: file names and first bytes need not be UTF-8."""
    content = cast("SplitMessage", asdict(split))
    for input_ in content["inputs"]:
        input_["path"] = os.fsencode(input_["path"]).decode("latin-1")
        if input_["fault"] and "first_bytes" in input_["fault"]:
            input_["fault"]["first_bytes"] = input_["fault"]["first_bytes"].decode("latin-1")
    return content


def split_from_dict(content: SplitMessage) -> Split:
    """The split that `split_as_dict` wrote."""
    inputs = tuple(_input_from_dict(input_) for input_ in content["inputs"])
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
