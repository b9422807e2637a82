"""
Preview: what a recipe would do, tried on a spread sample in a folder that is gone afterwards.

The sample goes through the stages of a run, in this process: cleaning, signals, duplicates, words,
verdicts. How long each takes says how long the whole run would, roughly: another machine load,
other duplicates and a cold start change it.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline import shard
from seimai.pipeline.engine.forgetting.remote_index import bring_for
from seimai.pipeline.engine.judging.across import count_across
from seimai.pipeline.engine.judging.against import hold_against_releases
from seimai.pipeline.engine.judging.duplicates import group_texts
from seimai.pipeline.engine.judging.verdicts import settle
from seimai.pipeline.engine.precompile import compile_cold
from seimai.pipeline.engine.progress import Progress, Silent
from seimai.pipeline.engine.shards import shard_tasks
from seimai.pipeline.engine.shards.shard_tables import documents_table
from seimai.pipeline.inspect.previewed import Close, Edge, Lost, Preview, Written
from seimai.pipeline.inspect.sampling import Sample, take_sample
from seimai.pipeline.inspect.stored import beginning
from seimai.pipeline.job import Job
from seimai.pipeline.machine import processors
from seimai.pipeline.report.choose import CloseCall, look_through
from seimai.pipeline.report.funnel import DEDUP
from seimai.pipeline.signal import chosen
from seimai.pipeline.stages.clean import clean_texts
from seimai.pipeline.stages.measure import measure
from seimai.pipeline.stages.release_file import ZSTD_LEVEL
from seimai.pipeline.stages.tokenize import tokenize, tokens_of
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from seimai.pipeline.inspect.sampling import Record
    from seimai.pipeline.recipe import Recipe

ROWS = 2000
"""A share of them is right to about two points, and they take seconds."""

START_SECONDS = 2.0
"""What a run takes before its first text: Python, packages, compiled kernels."""

PARALLEL = 0.8
"""What a second worker adds to the first on a machine that does nothing else."""

WRITTEN = 3.0
"""How many times a run writes what the preview wrote: stages, and the release packed harder."""

WARM = "お米を研いでから炊くと、やわらかくなる。"
"""What compiled kernels and MeCab are woken with before the clock starts."""


def preview(
    recipe: Recipe,
    *,
    rows: int = ROWS,
    out: Path | None = None,
    filters: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
) -> Preview:
    """
    Try a recipe on about `rows` records. Nothing stays on disk but a copy of a remote index.

    `out` is where a run would write, and is not read. Raises `Problem` and `Problems`.
    """
    show = progress or Silent()
    with tempfile.TemporaryDirectory(prefix="seimai-preview-") as folder:
        job = Job(recipe, Path(folder), tuple(filters))
        bring_for(recipe, show)
        clock = _Clock()
        compile_cold(show)
        show.stage("warm", 1)
        _warm(job)
        show.done()
        show.stage("sample", 1)
        found = Preview(take_sample(recipe, rows, out))
        show.done()
        names = list(_prepared(job, found.sample, clock, show))
        with clock("group"):
            group_texts(job, names, Silent())
            hold_against_releases(job, names, Silent(), out)
            count_across(job, names, Silent())

        def parse(wanted: dict[str, list[int]]) -> None:
            with clock("tokenize"):
                for name, some in wanted.items():
                    shard_tasks.tokenize_shard(job, name, some)

        with clock("judge"):
            settle(job, names, parse)
        _count(job, names, found)
        found.counted = _counted(job, names)
        found.edges = _edges(job, names, found)
        clock["judge"] = max(clock.get("judge", 0.0) - clock.get("tokenize", 0.0), 0.0)
        clock["read"] = found.sample.read_seconds
        found.seconds = dict(clock)
        found.workers = workers or processors()
        found.written = _written(job)
        found.packed = sum(map(_packed, (job.out / "stages/text").glob("*.parquet")))
        found.whole = _whole(found)
    return found


class _Clock(dict[str, float]):
    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self[stage] = self.get(stage, 0.0) + time.perf_counter() - begun


def _warm(job: Job) -> None:
    """Load cleaners, kernels and the dictionary, so that their loading is in no figure."""
    column = pa.array([WARM], pa.large_string())
    clean_texts(column, job.cleaners, ["warm"])
    texts = Texts(column, carried={name: np.ones(1) for name in job.recipe.cleaners})
    needs = job.recipe.needs(job.signals)
    measure(texts, chosen(job.signals, "characters"), pa.array(["warm"]))
    if "tokens" in needs:
        texts = texts.with_tokens(tokens_of(texts, tokenize(texts)))
        measure(texts, chosen(job.signals, "tokens"), pa.array(["warm"]))


def _prepared(job: Job, sample: Sample, clock: _Clock, show: Progress) -> Iterator[str]:
    """The stages of a run up to sketches, shard by shard; gives the names of the shards."""
    parts = [
        (place, part)
        for place, records in enumerate(sample.records)
        for part in _shards([one for one in records if one.document])
    ]
    # Who ranks duplicates asks the plan which source a shard is of.
    splits = [{"name": f"{k:05d}", "content": [f"{part[0]}|"]} for k, part in enumerate(parts)]
    shard.write_sealed(job.out / "stages" / "plan.json", {"splits": splits, "digests": {}})
    show.stage("prepare", len(parts), "shards")
    for number, (place, records) in enumerate(parts):
        name = f"{number:05d}-000"
        source = job.recipe.source[place]
        with clock("clean"):
            documents = [(one.key, one.document) for one in records if one.document]
            table = documents_table(job, source, documents)
        with clock("write"):
            shard.write_shard(job.path("text", name), table, f"preview {number}")
        with clock("measure"):
            shard_tasks.measure_shard(job, name, table)
        with clock("sketch"):
            shard_tasks.sketch_shard(job, name, table)
        show.advance(1, table.column("text").nbytes)
        yield name
    show.done()


def _shards(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Records of a source in parts that a stage may hold."""
    part: list[Record] = []
    size = 0
    for one in records:
        part.append(one)
        size += 3 * len(one.document.text) if one.document else 0
        if size >= shard.SHARD_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _written(job: Job) -> dict[str, Written]:
    """How large the stage files of a job are, by stage."""
    found: dict[str, Written] = {}
    for path in sorted((job.out / "stages").glob("*/*.parquet")):
        empty = len(shard.to_parquet(pq.read_schema(path).empty_table()))
        before = found.get(path.parent.name, Written(0, 0))
        of_rows = before.of_rows + max(path.stat().st_size - empty, 0)
        found[path.parent.name] = Written(of_rows, empty)
    return found


def _packed(path: Path) -> int:
    table = shard.read_table(path)
    sink = pa.BufferOutputStream()
    pq.write_table(
        table, sink, compression="zstd", compression_level=ZSTD_LEVEL, use_dictionary=False
    )
    empty = len(shard.to_parquet(table.schema.empty_table()))
    return max(int(sink.tell()) - empty, 0)


def _counted(job: Job, names: Sequence[str]) -> int:
    """What `across` leaves for its sentences meanwhile; nothing where they are not counted."""
    if job.recipe.across is None:
        return 0
    from seimai.pipeline.stages.across import bytes_meanwhile

    tables = (shard.read_table(job.path("text", name), ["text"]) for name in names)
    return sum(
        bytes_meanwhile(Texts(one["text"].combine_chunks().cast(pa.large_string())))
        for one in tables
    )


def _count(job: Job, names: Sequence[str], found: Preview) -> None:
    texts: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for name in names:
        verdict = shard.read_table(job.path("verdict", name), ["kept", "reasons"])
        numbers = shard.read_table(job.path("signals", name), ["text.length_count"])
        length = np.nan_to_num(numbers["text.length_count"].to_numpy())
        kept = verdict["kept"].to_numpy(zero_copy_only=False).astype(bool)
        found.kept += int(kept.sum())
        found.rejected += int((~kept).sum())
        found.characters += int(length.sum())
        found.characters_kept += int(length[kept].sum())
        for reasons in verdict["reasons"].to_pylist():
            texts.update(reasons)
            if len(reasons) == 1:
                alone.update(reasons)
    found.reasons = [
        Lost(reason, count, alone[reason])
        for reason, count in sorted(texts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _edges(job: Job, names: Sequence[str], found: Preview) -> list[Edge]:
    """Texts on both sides of limits, those that reject the most alone first."""
    if not job.recipe.report.samples:
        return []
    close = look_through(job, names).close
    edges = []
    for lost in sorted(found.reasons, key=lambda one: (-one.alone, -one.texts, one.reason)):
        limit = job.recipe.limits.get(lost.reason)
        if limit is None or lost.reason == DEDUP:
            continue
        for bound, at in (("min", limit.min), ("max", limit.max)):
            outside = close.get(CloseCall(lost.reason, bound, outside=True), [])
            inside = close.get(CloseCall(lost.reason, bound, outside=False), [])
            if at is not None and outside:
                places = [(one.place, one.value) for one in (*outside, *inside)]
                texts = [_close(job, names[shard_], row, value) for (shard_, row), value in places]
                texts.sort(key=lambda one: (one.value, one.id))
                edges.append(Edge(lost.reason, bound, at, tuple(texts)))
    return edges


def _close(job: Job, name: str, row: int, value: float) -> Close:
    text = shard.read_table(job.path("text", name), ["id", "text"]).slice(row, 1).to_pylist()[0]
    verdict = shard.read_table(job.path("verdict", name), ["kept"])["kept"][row].as_py()
    return Close(text["id"], value, bool(verdict), beginning(text["text"]))


def _whole(found: Preview) -> dict[str, float]:
    """Seconds of a whole run by stage: what the sample took, times what it stands for."""
    sample = found.sample
    if not sample.seen or not sample.size:
        return {}
    one_of = {"read": sample.seen}
    hands = 1 + PARALLEL * (found.workers - 1)
    seconds = {"start": START_SECONDS}
    for stage, spent in found.seconds.items():
        many = sample.total / one_of.get(stage, sample.size)
        if stage in ("group", "judge"):  # these run alone
            seconds[stage] = spent * many
        else:
            seconds[stage] = spent * many * (WRITTEN if stage == "write" else 1) / hands
    return seconds
