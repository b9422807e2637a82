"""
Releasing: write the release of a run with all its pages, hold it against the last, publish it.

Everything is written beside the release that is there, and takes its place when it is whole and
not worse; where nothing that decides it has changed, the one that is there stays.
"""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.forgetting.forgotten import requests_known
from seimai.pipeline.engine.judging.containment import contained_counts
from seimai.pipeline.engine.judging.losses import refuse_losses
from seimai.pipeline.engine.judging.passages import passage_counts
from seimai.pipeline.engine.planning import fingerprints, ledger
from seimai.pipeline.engine.publishing import bucketing, file_tasks
from seimai.pipeline.engine.publishing.concerns import concerns, refuse_holes, refuse_worse
from seimai.pipeline.engine.publishing.counting import token_counts
from seimai.pipeline.engine.publishing.published import note_published, read_run
from seimai.pipeline.errors import cannot_write
from seimai.pipeline.stages import changes, publish, release, reuse
from seimai.pipeline.stages import previous as earlier

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.engine.planning.plan import Plan
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.engine.progress import Progress, Timings
    from seimai.pipeline.engine.workers.pool import Executor
    from seimai.pipeline.job import Job
    from seimai.pipeline.report.whole import Seen
    from seimai.pipeline.run_record import RunRecord
    from seimai.pipeline.stages.release_file import Written


@dataclass(frozen=True)
class Made:
    """What a run has made when it comes to its release."""

    plan: Plan
    ledgers: list[LedgerRecord]
    names: list[str]
    """The names of the text shards, in order."""

    @property
    def quarantine(self) -> list[str]:
        """The names of the quarantine shards, in order."""
        return [name for one in self.ledgers for name in one["quarantine"]]


def make_release(
    job: Job,
    made: Made,
    threads: int,
    timings: Timings,
    show: Progress,
    *,
    accept: bool,
    keep: int,
    executor: Executor | None = None,
) -> RunRecord:
    """
    Write the release of a run and publish it, unless it is the one that is there.

    `threads` of this process write its files, or the workers of an executor where there is one
    and enough to do.
    """
    from seimai.pipeline import report
    from seimai.pipeline.card import write_card
    from seimai.pipeline.engine.publishing import manifest

    splits, names, unfinished = made.plan.splits, made.names, made.plan.unfinished
    fingerprint = fingerprints.release_fingerprint(job, splits, names, made.quarantine)
    target = job.out / "release"
    done = read_run(target)
    if done and done.get("fingerprint") == fingerprint and publish.is_complete(target, done):
        earlier.trim(job.out, keep)
        changes.refresh(job.out)
        note_published(job.out, names, done)
        return {**done, "unfinished": [one.as_record() for one in unfinished]}
    if not accept:
        had = manifest.input_keys(target, done) if done else None
        refuse_holes(had, unfinished, made.ledgers)
        refuse_losses(job, names)
    show.stage("release", 1, "releases")
    prepared = job.out / publish.PREPARED
    shutil.rmtree(prepared, ignore_errors=True)
    try:
        with timings("release"):
            content, written, seen = _write_files(job, made, threads, timings, executor, prepared)
        content["fingerprint"] = fingerprint
        content["made"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        _tell_more(content, job, made)
        if not accept:
            refuse_worse(done, content)
        with timings("report"):
            write_card(content, prepared)
            crash_point("card-written")
            page = prepared / "report.html"
            report.write_report(job, names, content, page, made.quarantine, seen)
        crash_point("report-written")
        content["timings"] = dict(timings)
        shard.write_json(prepared / "run.json", content)
        crash_point("run-recorded")
        publish.write_sums(prepared, content)
        crash_point("sums-written")
        # Before it is published: a run that finds the release in its place writes none of this.
        reuse.remember(job.out, {one.make: one.as_record() for one in written if one.make})
        changes.foresee(prepared, target)
        publish.publish(prepared, target, keep)
        crash_point("published")
        note_published(job.out, names, content)
    except OSError as error:
        raise cannot_write("release", error) from error
    finally:
        # What was not published takes room that the next run may need.
        publish.clear(prepared, target)
        show.done()
    return content


def _write_files(
    job: Job,
    made: Made,
    threads: int,
    timings: Timings,
    executor: Executor | None,
    prepared: Path,
) -> tuple[RunRecord, list[Written], Seen]:
    """Write the data files, counting meanwhile; what `run.json` says of them, and the report."""
    from seimai.pipeline import report
    from seimai.pipeline.engine.judging import admission
    from seimai.pipeline.engine.publishing import manifest

    splits, names = made.plan.splits, made.names
    texts, quarantined = (
        ledger.in_input_order(job, splits, stage) for stage in ("text", "quarantine")
    )
    hosts = admission.hosts_of(job, names)
    copies = admission.ledger_rows(job, names)
    cuts = bucketing.cuts_of(job, names)
    # What the pages count needs no file of the release, and the files need no count.
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(
            release.write_release,
            job,
            texts,
            quarantined,
            prepared,
            threads,
            more={
                manifest.INPUTS_PATH: manifest.inputs_table(splits),
                admission.HOSTS_PATH: admission.hosts_table(hosts),
                admission.LEDGER_PATH: admission.ledger_table(copies),
            },
            cuts=cuts,
            elsewhere=file_tasks.by_workers(job, executor) if executor else None,
        )
        counted = manifest.count_texts(job, names)
        provenance = admission.provenance(job, names, hosts)
        with timings("report"):
            seen = report.look(job, names)
        written = writing.result()
    crash_point("release-written")
    content = manifest.build(job, splits, made.ledgers, counted, written, timings)
    content["provenance"] = provenance
    content["benchmarks"] = admission.benchmarks(job, copies)
    bucketing.tell_apart(content, job, names, cuts, written)
    if job.recipe.release.tokenizer is not None:
        content["tokens"] = token_counts(job, names, cuts)
    return content, written, seen


def _tell_more(content: RunRecord, job: Job, made: Made) -> None:
    """Add to `run.json` what needs no file of the release: groups, cuts, requests, concerns."""
    content["groups"] = ledger.group_counts(job)
    if contained := contained_counts(job):
        content["contained"] = contained
    if passages := passage_counts(job):
        content["passages"] = passages
    if requests := requests_known(job):
        content["forgotten"] = requests
    content["unfinished"] = [one.as_record() for one in made.plan.unfinished]
    found = concerns(job, made.plan.splits, made.ledgers, content)
    content["concerns"] = [one.as_record() for one in found]
