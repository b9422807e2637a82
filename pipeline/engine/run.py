"""
Run: the whole journey, stage after stage, with whatever executor does the work.

`seimai run` and the Prefect flow both come here; they differ in the executor they bring.
Fingerprints on disk say what is done, so calling `run` again after any end goes on where it was.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline import kept_columns, shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.forgetting import forgotten
from seimai.pipeline.engine.forgetting.remote_index import bring_for
from seimai.pipeline.engine.judging.across import COUNTING, count_across
from seimai.pipeline.engine.judging.against import hold_against_releases
from seimai.pipeline.engine.judging.duplicates import group_texts
from seimai.pipeline.engine.judging.group_ranks import JUDGING
from seimai.pipeline.engine.judging.settled import is_settled, note_settled
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.planning import ledger
from seimai.pipeline.engine.planning.content import REREAD
from seimai.pipeline.engine.planning.jobs import save_job
from seimai.pipeline.engine.planning.plan import (
    Plan,
    Split,
    find_plan,
    load_plan,
    save_plan,
    waiting_splits,
)
from seimai.pipeline.engine.planning.surroundings import CHANGED, Interfered, Unfinished
from seimai.pipeline.engine.prepare import (
    ROUNDS,
    first_splits,
    ledgers_of,
    only_known,
    prepare,
    work,
)
from seimai.pipeline.engine.progress import Progress, Silent, Timings
from seimai.pipeline.engine.publishing.asked_files import RELEASING
from seimai.pipeline.engine.publishing.counting import check_tokenizer, missing
from seimai.pipeline.engine.publishing.cut_points import earlier_cuts
from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.engine.publishing.releasing import Made, make_release
from seimai.pipeline.engine.workers.array_jobs.commands import end_leftovers
from seimai.pipeline.engine.workers.pool import Executor, OpenExecutor, in_process, worker_pool
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.job import Job
from seimai.pipeline.kept_columns import as_long_as_a_run
from seimai.pipeline.machine import processors
from seimai.pipeline.stages import previous as earlier
from seimai.pipeline.stages import publish
from seimai.pipeline.stages.group import EXCHANGE

if TYPE_CHECKING:
    from seimai.pipeline.engine.planning.records import LedgerRecord, PlanRecord, TaskMessage
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

SMALL_RUN_BYTES = 20_000_000
"""Below this a run works in its own process: starting a child takes longer than the work."""

_COMPRESSED_RATIO = 4
"""What text in gzip or zstd unpacks to, roughly; only used to guess how large a run is."""


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
    accept: bool = False,
    recheck: bool = False,
    previous: int | None = None,
    known_only: bool = False,
) -> RunRecord:
    """
    Curate everything the recipe names into `out / "release"` and give the content of run.json.

    `limit` takes only the first records of each source, as a trial: everything of it is in
    `out / "trial"`. `screen=False` tokenizes every text; it exists to show that the result does
    not depend on it. `accept` publishes what is worse than the release that is there; `recheck`
    reads again what looks as it did; `previous` is how many releases before it are kept, where
    it is not for the recipe to say. With none of them nothing of an earlier run stays in `out`.
    `known_only` judges again what the last run has read, and reads nothing: inputs that are new by
    now wait for the next run, and where any other has to be read a `Problem` says so.

    Raises `Problem` or `Problems`; what was finished stays and is used by the next run. Inputs
    that could not be reached are listed as `unfinished` in the result, and what is odd about it
    as `concerns`.
    """
    out = folder_of(out, limit)
    job = Job(recipe, out, tuple(filters), limit)
    show, timings, count = progress or Silent(), Timings(), workers or processors()
    # A trial takes the place of the one before it.
    keep = 0 if limit is not None else recipe.release.previous if previous is None else previous
    with lock(out, lambda: end_leftovers(out)), as_long_as_a_run(out):
        _clear_up(job, keep, show)
        known = load_plan(out)
        with timings("plan"):
            plan = _plan(job, known, recheck=recheck, known_only=known_only)
        open_executor = open_executor or _usual_executor(plan, filters)
        for remaining in reversed(range(ROUNDS)):
            try:
                save_plan(job, plan, known)
                crash_point("plan-saved")
                with open_executor(job, count) as executor:
                    # What could not be read is no longer planned, in the next round either.
                    plan, names, ledgers = _prepare_all(job, plan, known, executor, show, timings)
                    with timings("group"):
                        group_texts(job, names, show, count, executor)
                        hold_against_releases(job, names, show)
                        count_across(job, names, show, count)
                    crash_point("grouped")
                    with timings("judge"):
                        settle_texts(job, names, executor, show, timings, screen=screen)
                    crash_point("settled")
                    made = Made(plan, ledgers, names)
                    return make_release(
                        job, made, count, timings, show, accept=accept, keep=keep, executor=executor
                    )
            except (Problem, Problems) as found:
                if not remaining or not _discard_damaged(job, found):
                    raise
    raise AssertionError("the last round returns or raises")


def _clear_up(job: Job, keep: int, show: Progress) -> None:
    """Refuse an output folder that is not ours; remove what ended runs have left half done."""
    refuse_strangers(job.out)
    earlier_cuts(job)
    check_tokenizer(job)
    bring_for(job.recipe, show)
    if not keep and job.max_records is None:
        remove_trial(job.out)
    publish.recover(job.out / "release")
    shard.remove_others(job.out / "stages")
    remove_passing(job.out)
    crash_point("recovered")


def remove_passing(out: Path) -> None:
    """Remove what grouping, counting, judging and releasing pass on, where they were killed."""
    for name in (EXCHANGE, COUNTING, JUDGING, RELEASING):
        shutil.rmtree(out / "stages" / name, ignore_errors=True)


def _plan(job: Job, known: PlanRecord, *, recheck: bool, known_only: bool) -> Plan:
    """The splits of this run; what has to be read again loses its ledger."""
    if recheck:
        known["digests"] = {}
    plan = find_plan(job, known)
    if known_only:
        plan = only_known(job, plan, known)
    for split in plan.splits:
        if REREAD in split.digests:
            ledger.forget(job, split)
    return plan


def _usual_executor(plan: Plan, filters: Sequence[str]) -> OpenExecutor:
    """Worker processes, or none for a small run."""
    # The user's own filters may take a process with them: not this one.
    return in_process_executor if is_small(plan.splits) and not filters else worker_pool


TRIAL = "trial"
"""Where in the output folder a run with a limit has everything of its own."""


def folder_of(out: Path, limit: int | None) -> Path:
    """Where a run into `out` works: a trial must not touch the stages or the release of a run."""
    return out if limit is None else out / TRIAL


MADE_AGAIN = frozenset({"S001", "S005", "S033"})
"""Stage files that are gone, damaged or hold a text that takes too long: they are made again."""


def _discard_damaged(job: Job, found: Problem | Problems) -> bool:
    """Discard the stage files that a stage could not use; false where anything else is wrong."""
    problems = found.problems if isinstance(found, Problems) else [found]
    if any(problem.code not in MADE_AGAIN for problem in problems):
        return False
    for problem in problems:
        shard.discard(job.out / "stages" / str(problem.values["path"]))
    return True


def _prepare_all(
    job: Job, plan: Plan, known: PlanRecord, executor: Executor, show: Progress, timings: Timings
) -> tuple[Plan, list[str], list[LedgerRecord]]:
    """
    Bring the stages up to `prepare` into line with a plan, and what was forgotten out of them.

    Gives the plan of what could be read, the names of its shards, and the ledgers of its splits.
    """
    with timings("prepare"):
        plan, names, ledgers = _prepare(job, plan, known, executor, show)
        gone = forgotten.take_out(job, plan.splits)
    if gone:
        kept_columns.forget(job.out)
        forgotten.note_done(gone)
        ledgers = ledgers_of(job, plan.splits)
    save_job(job, plan)
    crash_point("prepared")
    if job.max_records is None:
        shard.remove_others(job.out / "stages", _wanted(job, plan, known, ledgers))
    return plan, names, ledgers


def _prepare(
    job: Job, plan: Plan, known: PlanRecord, executor: Executor, show: Progress
) -> tuple[Plan, list[str], list[LedgerRecord]]:
    """
    Prepare a plan, or what can be done of it: inputs that cannot be read are left out.

    An input that changed while it was read is looked at again first, as what it is by then.
    """
    left_out: dict[tuple[str, str], Unfinished] = {}
    changed: Counter[tuple[str, str]] = Counter()
    while True:
        splits = plan.splits
        try:
            if job.max_records is not None:
                splits = first_splits(
                    job, splits, lambda one: prepare(job, [one], executor, show)[1]
                )
            names, ledgers = prepare(job, splits, executor, show)
        except Interfered as found:
            for fault in found.faults:
                name = (fault.source, fault.key)
                changed[name] += fault.cause == CHANGED
                if fault.cause != CHANGED or changed[name] >= ROUNDS:
                    left_out[name] = fault
                known["digests"].pop(fault.key, None)
            plan = find_plan(job, known, left_out)
            save_plan(job, plan, known)
        else:
            return replace(plan, splits=splits), names, ledgers


def in_process_executor(job: Job, workers: int) -> AbstractContextManager[Executor]:
    """An executor of this process alone, however many workers were asked for."""
    del workers
    return in_process(job)


def refuse_strangers(out: Path) -> None:
    """Refuse to replace a folder `release` that no run of ours has made."""
    release = out / "release"
    ours = read_run(release) is not None or (out / "stages" / "plan.json").exists()
    if not ours and release.exists() and (not release.is_dir() or any(release.iterdir())):
        raise Problem("O003", path=str(release))
    earlier.refuse_strangers(out)


def remove_trial(out: Path) -> None:
    """Remove the trial of a folder, which holds texts as well."""
    trial = out / TRIAL
    if (trial / "stages").is_dir():
        with lock(trial):
            shutil.rmtree(trial, ignore_errors=True)


def _wanted(job: Job, plan: Plan, known: PlanRecord, ledgers: Sequence[LedgerRecord]) -> set[str]:
    """The names of all splits and shards of this run, and of what waits for the next."""
    waiting = {split["name"] for split in waiting_splits(job, plan, known)}
    there = {split.name for split in plan.splits}
    kept = {
        path.stem
        for path in (job.out / "stages").glob("*/*")
        if path.stem.partition("-")[0] in waiting
    }
    return there | kept | {name for one in ledgers for name in (*one["shards"], *one["quarantine"])}


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


def settle_texts(
    job: Job,
    names: Sequence[str],
    executor: Executor,
    show: Progress,
    timings: Timings,
    *,
    screen: bool,
) -> None:
    """
    Judge all texts of a run, tokenizing what the verdicts ask for, and count their tokens.

    Verdicts that were made of what is there now stay. Without `screen` they are made in any case.
    """

    def tokenize(rows: dict[str, list[int]]) -> None:
        tasks: list[TaskMessage] = [
            {"kind": "tokenize", "shard": name, "rows": rows[name]}
            for name in sorted(rows, key=lambda name: (-len(rows[name]), name))
        ]
        with timings("tokenize"):
            work(show, "tokenize", tasks, executor)

    if not screen or not is_settled(job, names):
        from seimai.pipeline.engine.judging.verdicts import settle

        settle(job, names, tokenize, screen=screen)
        note_settled(job, names)
    counted: list[TaskMessage] = [{"kind": "count", "shard": name} for name in missing(job, names)]
    if counted:
        with timings("count"):
            work(show, "count", counted, executor)
