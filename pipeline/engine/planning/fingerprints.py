"""
Fingerprints: what decides the content of each file of a run.

A file whose sidecar carries the right fingerprint is used again; nothing else says what is stale.
Nothing here touches a text or needs a compiled kernel, so a run with nothing to do stays quick.
"""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xxhash

from seimai.pipeline import shard, versions
from seimai.pipeline.engine.publishing.cut_points import earlier_cuts
from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.signal import Needs, chosen
from seimai.pipeline.stages import cut_passages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.job import Job


def text_fingerprint(job: Job, split: Split) -> str:
    """What decides the text of a split: its bytes, how it is read, how it is cleaned."""
    source = job.recipe.source[split.source]
    # Most splits have none, and then nothing is said of it.
    slow = {"slow": sorted(found)} if (found := slow_records.known(job, split.name)) else {}
    return shard.fingerprint(
        stage="text",
        version=versions.INGEST,
        inputs=[
            [one.key, digest, one.start, one.end]
            for one, digest in zip(split.inputs, split.digests, strict=True)
        ],
        source=source.model_dump(mode="json", exclude={"files", "changed"}),
        cleaners={cleaner.name: cleaner.version for cleaner in job.cleaners},
        order=[cleaner.name for cleaner in job.cleaners],
        limit=split.max_records,
        removed_lines=job.recipe.report.removed_lines,
        shard=[shard.SHARD_BYTES, shard.SHARD_ROWS],
        **slow,
    )


def _stage_fingerprint(stage: str, upstream: shard.Sidecar, **settings: Any) -> str:
    """What decides a later file of a shard: the one before it, and the settings named."""
    return shard.fingerprint(stage=stage, upstream=upstream.digest, **settings)


def _text_sidecar(job: Job, name: str) -> shard.Sidecar:
    return shard.required_sidecar(job.path("text", name))


@cache
def dictionary_version() -> str:
    """Which dictionary words are looked up in."""
    return f"unidic-lite {metadata.version('unidic-lite')}"


def _measured_with(job: Job, needs: Needs) -> dict[str, Any]:
    """Names and versions of the signals, and the content of the user's own filter files."""
    made_with: dict[str, Any] = {
        signal.name: signal.fingerprint for signal in chosen(job.signals, needs)
    }
    if job.filters:
        # A plugin that is being written changes more often than its version.
        made_with["files"] = [
            xxhash.xxh3_128_hexdigest(Path(path).read_bytes()) for path in job.filters
        ]
    return made_with


def signals_fingerprint(job: Job, name: str) -> str:
    """What decides the character signals of a shard."""
    return _stage_fingerprint(
        "signals",
        _text_sidecar(job, name),
        version=versions.MEASURE,
        signals=_measured_with(job, "characters"),
    )


def sketch_fingerprint(job: Job, name: str) -> str:
    """What decides the sketches of a shard."""
    settings = job.recipe.dedup
    return _stage_fingerprint(
        "sketch",
        _text_sidecar(job, name),
        version=[versions.SKETCH, versions.HASH_VIEW],
        settings=settings.model_dump(include={"unit", "n", "rows", "bands", "seed"})
        if settings
        else None,
    )


def tokens_fingerprint(job: Job, name: str) -> str:
    """What decides the tokens of a shard, except which rows were asked for."""
    return _stage_fingerprint(
        "tokens",
        _text_sidecar(job, name),
        version=versions.TOKENIZE,
        dictionary=dictionary_version(),
        max_chars=job.recipe.tokens.max_chars,
    )


def words_fingerprint(job: Job, name: str) -> str:
    """What decides the word signals of a shard, except which rows were asked for."""
    return _stage_fingerprint(
        "words",
        _text_sidecar(job, name),
        version=versions.MEASURE,
        tokens=tokens_fingerprint(job, name),
        signals=_measured_with(job, "tokens"),
    )


def counts_fingerprint(job: Job, name: str, tokenizer: Mapping[str, Any]) -> str:
    """What decides how many tokens the kept texts of a shard have."""
    return _stage_fingerprint(
        "counts",
        _text_sidecar(job, name),
        version=versions.COUNTS,
        verdict=digest_of(job.path("verdict", name)),
        tokenizer=dict(tokenizer),
        **cut_of(job, [name]),
    )


_NOT_GROUPS = {"keep", "against", "contained", "passages", "loss_share", "source_loss_share"}
"""What a recipe says of duplicates that does not decide the groups."""


def group_fingerprint(job: Job, names: Sequence[str]) -> str:
    """What decides the groups: all sketches in their order, and how pairs are verified."""
    settings = job.recipe.dedup
    return shard.fingerprint(
        stage="group",
        version=versions.GROUP,
        sketches=[digest_of(job.path("sketch", name)) for name in names],
        names=list(names),
        settings=settings.model_dump(exclude=_NOT_GROUPS) if settings else None,
    )


def release_fingerprint(
    job: Job, splits: Sequence[Split], names: Sequence[str], quarantine: Sequence[str]
) -> str:
    """
    What decides a release: verdicts, texts, quarantine, and how it is written and described.

    `names` are its text shards, `quarantine` its quarantine shards.
    """
    # Most recipes look at no other file, and then nothing is said of it.
    more: dict[str, Any] = {"cuts": found} if (found := earlier_cuts(job)) else {}
    more |= cut_of(job, names)
    if job.recipe.release.tokenizer is not None:
        data = Path(job.recipe.release.tokenizer).read_bytes()
        more["tokenizer"] = xxhash.xxh3_128_hexdigest(data)
    return shard.fingerprint(
        stage="release",
        version=versions.RELEASE,
        texts=[_text_sidecar(job, name).digest for name in names],
        verdicts=[digest_of(job.path("verdict", name)) for name in names],
        quarantine=[digest_of(job.path("quarantine", name)) for name in quarantine],
        splits=[text_fingerprint(job, split) for split in splits],
        recipe=job.recipe.model_dump(mode="json", exclude={"source"}),
        signals={name: signal.fingerprint for name, signal in job.signals.items()},
        **more,
    )


def cut_of(job: Job, names: Sequence[str]) -> dict[str, Any]:
    """What says which passages are cut from the texts of some shards, where the recipe wants it."""
    found = [cut_passages.digest(job, name) for name in names]
    return {"passages": found} if any(found) else {}


def digest_of(path: Path) -> str | None:
    """The digest in the sidecar of a stage file, None where there is none."""
    sidecar = shard.read_sidecar(path)
    return sidecar.digest if sidecar else None
