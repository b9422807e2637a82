"""A release made again from the stages of its run, after something of them was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline import kept_columns
from seimai.pipeline.engine.forgetting import forgotten
from seimai.pipeline.engine.forgetting.remote_index import bring_for
from seimai.pipeline.engine.judging.across import count_across
from seimai.pipeline.engine.judging.against import hold_against_releases
from seimai.pipeline.engine.judging.duplicates import group_texts
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.engine.planning.jobs import load_job
from seimai.pipeline.engine.planning.surroundings import Interfered, named
from seimai.pipeline.engine.prepare import ledgers_of, prepare
from seimai.pipeline.engine.progress import Silent, Timings
from seimai.pipeline.engine.publishing.releasing import Made, make_release
from seimai.pipeline.engine.run import remove_trial, settle_texts
from seimai.pipeline.engine.workers.pool import in_process
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.stages import previous, publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from seimai.pipeline.engine.planning.plan import Plan
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import RunRecord


def release_again(out: Path, change: Callable[[Job, Plan], bool]) -> RunRecord | None:
    """
    Make the release of a finished run again from its stages, after `change` has changed them.

    Inputs are not looked at. `change` says whether there was anything to do; None where not. What
    was released before, and trials, are removed: something had to go, and they held it. A
    `Problem` where no run of this version has left word of its recipe.
    """
    timings = Timings()
    show = Silent()
    with lock(out):
        publish.recover(out / "release")
        job, plan = load_job(out)
        bring_for(job.recipe, show)
        if not change(job, plan):
            return None
        kept_columns.forget(out)
        with in_process(job) as executor:
            try:
                names, _ = prepare(job, plan.splits, executor, show)
            except Interfered as found:
                # A kill left a split without its ledger, and its inputs are away by now.
                raise Problem("O004", why=sentence("S044", **named(found.faults))) from found
            # What had to be read again is as its inputs are.
            forgotten.note_done(forgotten.take_out(job, plan.splits))
            ledgers = ledgers_of(job, plan.splits)
            group_texts(job, names, show)
            hold_against_releases(job, names, show)
            count_across(job, names, show)
            settle_texts(job, names, executor, show, timings, screen=True)
        made = Made(plan, ledgers, names)
        content = make_release(job, made, 1, timings, show, accept=True, keep=0)
        previous.trim(out, 0)
        remove_trial(out)
        return content
