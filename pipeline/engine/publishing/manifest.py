"""
`run.json`: who made what from what, and the proof that nothing was lost.

It is the single source of truth of a release: card, croissant and report are rendered from it.
It holds no user name, host name or absolute path.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.engine.judging.admission import combinations
from seimai.pipeline.engine.workers.software import packages
from seimai.pipeline.run_record import MOST_EMPTY
from seimai.pipeline.stages.cut_passages import cut_bytes, cut_characters
from seimai.pipeline.stages.judge import DEDUP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import (
        FormatCounts,
        InputFile,
        MarkupMet,
        ReasonCounts,
        ReasonsTogether,
        RunRecord,
        SourceCounts,
    )
    from seimai.pipeline.stages.release_file import Written

FORMAT = 1

MUCH_MARKUP = 0.2
"""Share of a source's texts that has to be markup; below that they may be about markup, or a few
that slipped in."""
NEARLY_ALL = 0.9
"""Share of the texts with markup that has to be of one kind, for the recipe to name it."""

_BETWEEN = "\n"
"""Between the reasons of a text while they are counted; no name of a reason has one."""

MOST_COMBINATIONS = 50
"""At most this many combinations of reasons are listed; the rest are few texts each."""

MOST_INPUTS = 1000
"""At most this many inputs are named in `run.json`, which must not grow by an entry for each of a
million files; if there are more, a file of the release lists them all."""

INPUTS_PATH = "inputs/train-00000-of-00001.parquet"

INPUTS = pa.schema(
    [
        ("key", pa.string()),
        ("bytes", pa.int64()),
        ("xxh3", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)

_USER_OF_URL = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/\s@\"']+@")


def publishable(recipe: Recipe) -> str:
    """The recipe as it was written, less the folders of absolute paths and the secrets of URLs."""
    text = recipe.text
    for source in recipe.source:
        for place in (*source.files, source.dataset or ""):
            if place.startswith(("/", "~")):
                text = text.replace(place, _without_folder(place))
    others = [bucket.cuts_from for bucket in recipe.buckets.values()]
    for other in filter(None, [*others, recipe.release.tokenizer]):
        text = text.replace(other, _without_folder(other))
    return _USER_OF_URL.sub(r"\1***@", text)


def _without_folder(place: str) -> str:
    """An absolute path without its folders; any other as it is."""
    if not place.startswith(("/", "~")):
        return place
    return f".../{place.rstrip('/').rpartition('/')[2]}"


def _resolved(recipe: Recipe) -> dict[str, Any]:
    """The recipe as it was understood, without its sources and the folders of other files."""
    found = recipe.model_dump(mode="json", exclude={"text", "source"}, exclude_none=True)
    for part, key in [
        *((one, "cuts_from") for one in found["buckets"].values()),
        (found["release"], "tokenizer"),
    ]:
        if key in part:
            part[key] = _without_folder(part[key])
    return found


@dataclass
class Counted:
    """What `run.json` says of all texts, which can be counted once there are verdicts."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    """For each reason the number of texts that have it as their first one."""
    alone: Counter[str] = field(default_factory=Counter)
    """For each reason the number of texts that have no other."""
    together: Counter[tuple[str, ...]] = field(default_factory=Counter)
    sources: dict[str, Counter[str]] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)
    same_ids: int = 0


def count_texts(job: Job, names: Sequence[str]) -> Counted:
    """Count all texts; every shard's sums are checked on the way."""
    found = Counted()
    for name in names:
        _count_shard(job, name, found)
    found.same_ids = _same_ids(job, names)
    return found


def build(
    job: Job,
    splits: Sequence[Split],
    ledgers: Sequence[LedgerRecord],
    counted: Counted,
    written: Sequence[Written],
    timings: Mapping[str, float],
) -> RunRecord:
    """The content of `run.json`; the sums of the run are checked on the way."""
    totals = counted.totals
    read = sum(ledger["read"] for ledger in ledgers)
    quarantined = sum(ledger["quarantined"] for ledger in ledgers)
    shard.conserve("run", read, totals["kept"], totals["rejected"], quarantined)
    _check_rows(job, read, totals["rejected"], written)
    formats = _formats(ledgers)
    causes = _sum(*(tally["quarantined"] for tally in formats.values()))
    skipped = _sum(*(tally["skipped"] for tally in formats.values()))
    return {
        "format": FORMAT,
        "recipe": job.recipe.recipe,
        "counts": {
            "read": read,
            "kept": totals["kept"],
            "rejected": totals["rejected"],
            "quarantined": quarantined,
            "duplicates": counted.reasons[DEDUP],
            "skipped": sum(skipped.values()),
        },
        "ids_twice": counted.same_ids,
        "characters": {"read": totals["characters"], "kept": totals["characters kept"]},
        "bytes": {"read": totals["bytes"], "kept": totals["bytes kept"]},
        "cleaned": {
            "characters_removed": totals["removed"],
            "masked": totals["masked"],
            "characters_mended": totals["mended"],
        },
        "reasons": _reasons(job, counted),
        "reasons_together": _reasons_together(counted),
        "sources": _sources(counted),
        "formats": formats,
        "gave_up": _gave_up(ledgers),
        "empty": _empty(ledgers),
        "named_otherwise": _named_otherwise(ledgers),
        "markup": _markup(job, splits, ledgers),
        "quarantine_causes": causes,
        "skipped": skipped,
        "about": job.recipe.about.model_dump(mode="json", exclude_none=True),
        "recipe_text": publishable(job.recipe),
        "recipe_resolved": _resolved(job.recipe),
        "source_names": [source.name for source in job.recipe.source],
        "signals": {name: signal.fingerprint for name, signal in job.signals.items()},
        "versions": packages(),
        "inputs": list(islice(inputs_of(splits), MOST_INPUTS)),
        "input_count": sum(len(split.inputs) for split in splits),
        "outputs": [file.as_record() for file in written],
        "shards": sum(len(ledger["shards"]) for ledger in ledgers),
        "timings": dict(timings),
    }


def _check_rows(job: Job, read: int, rejected: int, written: Sequence[Written]) -> None:
    """Every text that was read is in one file of the release, or was not to be in any."""
    rows = {
        kind: sum(file.rows for file in written if file.path.startswith(kind))
        for kind in ("data/", "rejected/", "quarantine/")
    }
    if job.recipe.release.rejects:
        rejected = rows["rejected/"]
    shard.conserve("release", read, rows["data/"], rejected, rows["quarantine/"])


def _reasons(job: Job, counted: Counted) -> list[ReasonCounts]:
    """For each reason of the recipe, and for duplicates, the texts that have it."""
    return [
        {
            "reason": reason,
            "texts": counted.reasons[reason],
            "first": counted.first[reason],
            "alone": counted.alone[reason],
        }
        for reason in [*job.recipe.reasons, *([DEDUP] if job.recipe.dedup else [])]
    ]


def _reasons_together(counted: Counted) -> list[ReasonsTogether]:
    """The combinations of reasons that most texts have."""
    most = sorted(counted.together.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"reasons": list(combination), "texts": count}
        for combination, count in most[:MOST_COMBINATIONS]
    ]


def _sources(counted: Counted) -> dict[str, SourceCounts]:
    """What became of the texts of each source."""
    return {
        source: {
            "read": counter["read"],
            "kept": counter["kept"],
            "rejected": counter["rejected"],
            "duplicates": counter["duplicates"],
        }
        for source, counter in sorted(counted.sources.items())
    }


def inputs_of(splits: Sequence[Split]) -> Iterator[InputFile]:
    """All inputs in their order, as `run.json` names them."""
    for split in splits:
        for one, digest in zip(split.inputs, split.digests, strict=True):
            yield {
                "key": one.key,
                "bytes": one.size,
                "xxh3": digest,
                "start": one.start,
                "end": one.end,
            }


def inputs_table(splits: Sequence[Split]) -> Iterator[pa.Table]:
    """All inputs in tables, where there are more of them than `run.json` names; else none."""
    if sum(len(split.inputs) for split in splits) <= MOST_INPUTS:
        return
    inputs = inputs_of(splits)
    while some := list(islice(inputs, shard.SHARD_ROWS)):
        yield pa.Table.from_pylist(some, INPUTS)


def input_keys(folder: Path, run: RunRecord) -> set[str]:
    """The keys of all inputs of a release, from its `run.json` or the list beside it."""
    path = folder / INPUTS_PATH
    if run.get("input_count", 0) > len(run.get("inputs", [])) and path.is_file():
        return set(pq.read_table(path, columns=["key"])["key"].to_pylist())
    return {one["key"] for one in run.get("inputs", [])}


def _same_ids(job: Job, names: Sequence[str]) -> int:
    """
    How many texts have an id that an earlier one has: files that count from 0 each.

    Sixteen bytes an id are held, whatever its length; two of them are taken for one in a run of
    10^8 texts with a chance of 0.0003.
    """
    hashes = [
        np.fromiter(map(xxhash.xxh3_64_intdigest, ids.to_pylist()), np.uint64, len(ids))
        for name in names
        for ids in [shard.read_table(job.path("text", name), ["id"])["id"].cast(pa.binary())]
    ]
    every = np.concatenate(hashes) if hashes else np.zeros(0, np.uint64)
    every.sort()
    return int((every[1:] == every[:-1]).sum())


def _formats(ledgers: Sequence[LedgerRecord]) -> dict[str, FormatCounts]:
    """By format: documents, their encodings, and by cause what was quarantined and skipped."""
    totals: dict[str, FormatCounts] = {}
    for ledger in ledgers:
        for name, tally in ledger["formats"].items():
            total = totals.setdefault(
                name, {"documents": 0, "encodings": {}, "quarantined": {}, "skipped": {}}
            )
            total["documents"] += tally["documents"]
            total["encodings"] = _sum(total["encodings"], tally["encodings"])
            total["quarantined"] = _sum(total["quarantined"], tally["quarantined"])
            total["skipped"] = _sum(total["skipped"], tally["skipped"])
    return dict(sorted(totals.items()))


def _gave_up(ledgers: Sequence[LedgerRecord]) -> list[str]:
    """The inputs on whose rest a reader gave up."""
    tallies = [tally for ledger in ledgers for tally in ledger["formats"].values()]
    return sorted({key for tally in tallies for key in tally["gave_up"]})


def _empty(ledgers: Sequence[LedgerRecord]) -> list[str]:
    """Inputs, and members of archives, in which nothing stands."""
    tallies = [tally for ledger in ledgers for tally in ledger["formats"].values()]
    return sorted({name for tally in tallies for name in tally.get("empty", [])})[:MOST_EMPTY]


def _named_otherwise(ledgers: Sequence[LedgerRecord]) -> list[str]:
    """Inputs whose content is of another format than their names say."""
    tallies = [tally for ledger in ledgers for tally in ledger["formats"].values()]
    found = {name for tally in tallies for name in tally.get("named_otherwise", [])}
    return sorted(found)[:MOST_EMPTY]


def _markup(
    job: Job, splits: Sequence[Split], ledgers: Sequence[LedgerRecord]
) -> dict[str, MarkupMet]:
    """By source: the share of its texts that are markup though it says that they are plain."""
    looked: Counter[str] = Counter()
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for split, ledger in zip(splits, ledgers, strict=True):
        source = job.recipe.source[split.source].name
        for tally in ledger["formats"].values():
            looked[source] += tally["looked"]
            found[source].update(tally["markup"])
    return {
        source: {"share": round(kinds.total() / looked[source], 4), "format": _most(kinds)}
        for source, kinds in sorted(found.items())
        if kinds and kinds.total() >= MUCH_MARKUP * looked[source]
    }


def _most(kinds: Counter[str]) -> str:
    """The one kind of markup that nearly all are, else `auto`."""
    kind = max(sorted(kinds), key=lambda name: kinds[name])
    return kind if kinds[kind] >= NEARLY_ALL * kinds.total() else "auto"


def _sum(*counts: Mapping[str, int]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _count_shard(job: Job, name: str, found: Counted) -> None:
    verdict = shard.read_table(job.path("verdict", name), ["kept", "reasons", "bytes"])
    text = shard.read_table(job.path("text", name), ["source", "removed", "masked", "mended"])
    length = shard.read_table(job.path("signals", name), ["text.length_count"]).column(0).to_numpy()
    kept = verdict.column("kept").to_numpy().astype(bool)
    size = verdict.column("bytes").to_numpy()
    blamed = pc.list_value_length(verdict.column("reasons")).to_numpy() > 0
    shard.conserve(name, text.num_rows, int(kept.sum()), int(blamed.sum()), 0)
    # Few combinations of reasons are many texts', so they are counted as strings first.
    joined = pc.binary_join(verdict.column("reasons").filter(pa.array(blamed)), _BETWEEN)
    found.totals.update(
        {
            "kept": int(kept.sum()),
            "rejected": int((~kept).sum()),
            "characters": int(np.nansum(length, dtype=np.float64)),
            "characters kept": int(
                np.nansum((length - cut_characters(job, name))[kept], dtype=np.float64)
            ),
            "bytes": int(size.sum()),
            "bytes kept": int((size - cut_bytes(job, name))[kept].sum()),
            "removed": int(pc.sum(text.column("removed")).as_py() or 0),
            "masked": int(pc.sum(text.column("masked")).as_py() or 0),
            "mended": int(pc.sum(text.column("mended")).as_py() or 0),
        }
    )
    for one in pc.value_counts(joined).to_pylist():
        combination, count = tuple(one["values"].split(_BETWEEN)), one["counts"]
        found.together[combination] += count
        found.first[combination[0]] += count
        if len(combination) == 1:
            found.alone[combination[0]] += count
        for reason in combination:
            found.reasons[reason] += count
    double = np.zeros(kept.size, bool)
    double[blamed] = pc.match_substring(
        pc.binary_join_element_wise("", joined, "", _BETWEEN), f"{_BETWEEN}{DEDUP}{_BETWEEN}"
    ).to_numpy()
    said = pa.table({"source": text.column("source"), "kept": kept, "double": double})
    for source, is_kept, is_double, count in combinations(said, said.column_names):
        counter = found.sources.setdefault(source, Counter())
        counter["read"] += count
        counter["kept" if is_kept else "rejected"] += count
        counter["duplicates"] += count * is_double
