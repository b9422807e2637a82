"""
Run: the whole journey, stage after stage, with whatever executor does the work.

`seimai run` and the Prefect flow both come here; they differ in the executor they bring.
Fingerprints on disk say what is done, so calling `run` again after any end goes on where it was.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from seimai.pipeline import shard
from seimai.pipeline.engine import fingerprints, ledger
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.plan import Split, find_splits, load_plan, save_plan
from seimai.pipeline.engine.pool import Executor, Task, in_process, worker_pool
from seimai.pipeline.engine.prepare import first_splits, prepare, work
from seimai.pipeline.engine.progress import Progress, Silent
from seimai.pipeline.errors import Problem
from seimai.pipeline.job import Job
from seimai.pipeline.machine import processors

if TYPE_CHECKING:
    from seimai.pipeline.recipe import Recipe

SMALL_RUN_BYTES = 20_000_000
"""Below this a run works in its own process: starting a child takes longer than the work."""

_COMPRESSED_RATIO = 4
"""What text in gzip or zstd unpacks to, roughly; only used to guess how large a run is."""

OpenExecutor = Callable[[Job, int], AbstractContextManager[Executor]]


def run(
    recipe: Recipe,
    out: Path,
    *,
    workers: int | None = None,
    limit: int | None = None,
    filters: Sequence[str] = (),
    progress: Progress | None = None,
    open_executor: OpenExecutor | None = None,
    screen: bool = True,
) -> dict[str, Any]:
    """
    Curate everything the recipe names into `out / "release"` and give the content of run.json.

    `limit` takes only the first records of each source. `screen=False` tokenizes every text; it
    exists to show that the result does not depend on it. Raises `Problem` or `Problems`; what was
    finished stays and is used by the next run.
    """
    job = Job(recipe, out, tuple(filters), limit)
    show = progress or Silent()
    timings = Timings()
    with lock(out):
        _refuse_strangers(out)
        shard.remove_others(out / "stages")
        known = load_plan(out)
        with timings("plan"):
            splits = find_splits(job, known)
        save_plan(job, splits, known)
        count = workers or processors()
        if open_executor is None:
            # The user's own filters may take a process with them: not this one.
            open_executor = in_process_executor if is_small(splits) and not filters else worker_pool
        with open_executor(job, count) as executor:
            with timings("prepare"):
                if limit is not None:
                    splits = first_splits(
                        job, splits, lambda one: prepare(job, [one], executor, show)[1]
                    )
                names, ledgers = prepare(job, splits, executor, show)
            if limit is None:
                shard.remove_others(out / "stages", _wanted(splits, ledgers))
            with timings("group"):
                _group(job, names, show)
            with timings("judge"):
                _settle(job, names, executor, show, timings, screen=screen)
        return _release(job, splits, ledgers, names, count, timings, show)


def in_process_executor(job: Job, workers: int) -> AbstractContextManager[Executor]:
    """An executor of this process alone, however many workers were asked for."""
    del workers
    return in_process(job)


class Timings(dict[str, float]):
    """Seconds per stage, as a context manager per name; stages inside others are taken off."""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to `stage`."""
        inside = sum(self.values())
        begin = time.perf_counter()
        yield
        spent = time.perf_counter() - begin - (sum(self.values()) - inside)
        self[stage] = round(self.get(stage, 0.0) + spent, 3)


def _refuse_strangers(out: Path) -> None:
    """Refuse to replace a folder `release` that no run of ours has made."""
    release = out / "release"
    ours = read_run(release) is not None or (out / "stages" / "plan.json").exists()
    if not ours and release.exists() and (not release.is_dir() or any(release.iterdir())):
        raise Problem("O003", path=str(release))


def _wanted(splits: Sequence[Split], ledgers: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names of all splits and shards of this run."""
    return {split.name for split in splits} | {
        name for found in ledgers for name in (*found["shards"], *found["quarantine"])
    }


def is_small(splits: Sequence[Split]) -> bool:
    """Whether a run is so small that starting a child would take longer than the work."""
    size = 0
    for split in splits:
        for one in split.inputs:
            if one.size < 0 or Path(one.path).is_dir():
                return False
            packed = one.path.endswith((".gz", ".zst", ".bz2", ".xz", ".zip", ".parquet"))
            size += one.size * (_COMPRESSED_RATIO if packed else 1)
    return size < SMALL_RUN_BYTES


# --- duplicates ----------------------------------------------------------------------------


def _group(job: Job, names: Sequence[str], show: Progress) -> None:
    if job.recipe.dedup is None:
        return
    fingerprint = fingerprints.group_fingerprint(job, names)
    ledger_path = shard.sidecar_path(job.path("group", "groups"))
    if group_is_fresh(job, names, fingerprint):
        return
    from dataclasses import asdict

    from seimai.pipeline.stages.group import group

    show.stage("group", 1, "passes")
    try:
        ledger_path.unlink(missing_ok=True)
        counts = group(
            job.paths("sketch", names),
            job.paths("text", names),
            job.paths("group", names),
            job.recipe.dedup,
        )
    except OSError as error:
        raise Problem("O001", path="stages/group", cause=error.strerror or str(error)) from error
    finally:
        show.done()
    shard.write_json(ledger_path, {"fingerprint": fingerprint, "counts": asdict(counts)})


def group_is_fresh(job: Job, names: Sequence[str], fingerprint: str) -> bool:
    """Whether the groups on disk are those of this fingerprint."""
    path = shard.sidecar_path(job.path("group", "groups"))
    try:
        known = orjson.loads(path.read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return False
    return known.get("fingerprint") == fingerprint and all(
        path.exists() for path in job.paths("group", names)
    )


# --- verdicts ------------------------------------------------------------------------------


def _settle(
    job: Job,
    names: Sequence[str],
    executor: Executor,
    show: Progress,
    timings: Timings,
    *,
    screen: bool,
) -> None:
    from seimai.pipeline.engine.verdicts import settle

    def tokenize(rows: dict[str, list[int]]) -> None:
        tasks: list[Task] = [
            {"kind": "tokenize", "shard": name, "rows": rows[name]}
            for name in sorted(rows, key=lambda name: (-len(rows[name]), name))
        ]
        with timings("tokenize"):
            work(show, "tokenize", tasks, executor)

    settle(job, names, tokenize, screen=screen)


# --- release -------------------------------------------------------------------------------


def _release(
    job: Job,
    splits: Sequence[Split],
    ledgers: Sequence[dict[str, Any]],
    names: Sequence[str],
    threads: int,
    timings: Timings,
    show: Progress,
) -> dict[str, Any]:
    from seimai.pipeline.card import write_card
    from seimai.pipeline.engine import manifest
    from seimai.pipeline.report import write_report
    from seimai.pipeline.stages import release

    fingerprint = fingerprints.release_fingerprint(job, splits, names)
    target = job.out / "release"
    done = read_run(target)
    if done and done.get("fingerprint") == fingerprint and release.is_complete(target, done):
        return done
    show.stage("release", 1, "releases")
    prepared = job.out / ".release-new"
    shutil.rmtree(prepared, ignore_errors=True)
    try:
        with timings("release"):
            texts, quarantined = (
                ledger.in_input_order(job, splits, stage) for stage in ("text", "quarantine")
            )
            written = release.write_release(job, texts, quarantined, prepared, threads)
            content = manifest.build(job, splits, ledgers, names, written, timings)
        content["fingerprint"] = fingerprint
        content["groups"] = ledger.group_counts(job)
        with timings("report"):
            write_card(content, prepared)
            write_report(job, names, content, prepared / "report.html")
        content["timings"] = dict(timings)
        shard.write_json(prepared / "run.json", content)
        release.publish(prepared, target)
    except OSError as error:
        raise Problem("O001", path="release", cause=error.strerror or str(error)) from error
    finally:
        # What was not published takes room that the next run may need.
        shutil.rmtree(prepared, ignore_errors=True)
        show.done()
    return content


def read_run(release: Path) -> dict[str, Any] | None:
    """The `run.json` of a release folder, or None where there is none that can be read."""
    try:
        content: dict[str, Any] = orjson.loads((release / "run.json").read_bytes())
    except (FileNotFoundError, NotADirectoryError, orjson.JSONDecodeError):
        return None
    return content
