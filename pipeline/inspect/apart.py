"""Buckets and splits of a release, held against its rows, its files and its numbers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline.card.metadata import split_of
from seimai.pipeline.recipe.buckets import SOURCE
from seimai.pipeline.stages.buckets import Cut, names_of
from seimai.pipeline.stages.columns import TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import BucketRecord, RunRecord

BATCH = 8192


def apart_faults(release: Path, run: RunRecord, recipe: Recipe | None) -> list[str]:
    """
    What does not hold, as keys of `run.json`.

    A bucket is held against its own column of numbers where the release has that, else only
    counted; a folder against the column of its bucket.
    """
    return [*_buckets(release, run, recipe), *_splits(run), *_tokens(release, run)]


def _buckets(release: Path, run: RunRecord, recipe: Recipe | None) -> Iterator[str]:
    buckets = run.get("buckets", [])
    texts: dict[str, Counter[str]] = {one["name"]: Counter() for one in buckets}
    size: dict[str, Counter[str]] = {one["name"]: Counter() for one in buckets}
    wrong: Counter[str] = Counter()
    for file in run["outputs"]:
        if not file["path"].startswith("data/"):
            continue
        folders = dict(part.split("=", 1) for part in file["path"].split("/")[1:-1] if "=" in part)
        with pq.ParquetFile(release / file["path"]) as parquet:
            known = parquet.schema_arrow.names
            cuts = {one["name"]: _cut(one, recipe) for one in buckets}
            wanted = {"text", *(one["column"] for one in buckets)}
            asked = {name: _asked(cut) for name, cut in cuts.items()}
            wanted |= {one for some in asked.values() for one in some if one in known}
            for batch in parquet.iter_batches(BATCH, columns=sorted(wanted)):
                lengths = pc.binary_length(batch.column("text")).to_pylist()
                for one in buckets:
                    told = batch.column(one["column"]).to_pylist()
                    texts[one["name"]].update(told)
                    for part, length in zip(told, lengths, strict=True):
                        size[one["name"]][part] += length
                    cut = cuts[one["name"]]
                    if cut is not None and set(asked[one["name"]]) <= set(batch.schema.names):
                        again = names_of(cut, _values(batch, cut))
                        wrong[one["name"]] += again.to_pylist() != told
                    folder = folders.get(one["name"])
                    wrong[one["name"]] += folder is not None and {folder} != set(told)
    for k, one in enumerate(buckets):
        counted = {
            name: {"texts": count, "bytes": size[one["name"]][name]}
            for name, count in texts[one["name"]].items()
        }
        said = {name: dict(part) for name, part in one["parts"].items() if part["texts"]}
        if said != counted or wrong[one["name"]]:
            yield f"buckets[{k}] ({one['name']})"


def _asked(cut: Cut | None) -> tuple[str, ...]:
    """The columns that a bucket is made of."""
    return () if cut is None else cut.bucket.signals or (SOURCE,)


def _values(batch: pa.RecordBatch, cut: Cut) -> Any:
    if cut.bucket.by == SOURCE:
        return batch.column(SOURCE).to_pylist()
    found = [
        batch.column(name).to_numpy(zero_copy_only=False).astype(np.float32)
        for name in cut.bucket.signals
    ]
    return np.array(found) if cut.bucket.highest else found[0]


def _cut(told: BucketRecord, recipe: Recipe | None) -> Cut | None:
    """The bucket as the recipe has it, with the cuts of `run.json`."""
    bucket = recipe.buckets.get(told["name"]) if recipe else None
    return Cut(told["name"], bucket, tuple(told["cuts"]), told["version"]) if bucket else None


def _splits(run: RunRecord) -> Iterator[str]:
    splits = run.get("splits")
    if splits is None:
        return
    counted: Counter[str] = Counter()
    for file in run["outputs"]:
        if file["path"].startswith("data/"):
            counted[split_of(file["path"])] += file["rows"]
    if {name: count for name, count in splits.items() if count} != +counted:
        yield "splits"


def _tokens(release: Path, run: RunRecord) -> Iterator[str]:
    """Tokens are what the column of counts sums up to, however they are told apart."""
    told = run.get("tokens")
    if told is None:
        return
    columns = [name for name in told["by"] if name != "split"]
    found: dict[str, Counter[str]] = {name: Counter() for name in told["by"]}
    total = 0
    for file in run["outputs"]:
        if not file["path"].startswith("data/"):
            continue
        with pq.ParquetFile(release / file["path"]) as parquet:
            for batch in parquet.iter_batches(BATCH, columns=[TOKENS, *columns]):
                counts = batch.column(TOKENS).to_pylist()
                total += sum(counts)
                if "split" in found:
                    found["split"][split_of(file["path"])] += sum(counts)
                for name in columns:
                    for word, count in zip(batch.column(name).to_pylist(), counts, strict=True):
                        found[name][str(word)] += count
    if total != told["tokens"]:
        yield "tokens.tokens"
    for name, sums in told["by"].items():
        if {word: one["tokens"] for word, one in sums.items()} != dict(found[name]):
            yield f"tokens.by.{name}"
