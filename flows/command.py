"""
`python -m seimai.flows.curate RECIPE --out OUT`: the flow from the command line.

It takes the options of `seimai run`. Where `PREFECT_API_URL` names a server, the run is recorded
there; else a server of our own records it in `PREFECT_HOME` and ends with the run.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.flows.server import one_certificate, own_server, wait_until_ready
from seimai.pipeline.cli import COULD_NOT, DONE, NEEDS_YOU
from seimai.pipeline.cli.interrupts import INTERRUPTED, interruptible
from seimai.pipeline.cli.manner import PLAIN, Manner
from seimai.pipeline.cli.output import complain, say, say_json
from seimai.pipeline.cli.publishing import folder_and_address
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.messages import sentence
from seimai.pipeline.slim_imports import load_pyarrow, long_lived_imports

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.schemas.objects import State

    from seimai.flows.journey import Watch
    from seimai.pipeline.engine.workers.crews import CrewName
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

_LINES = (
    "米を研いで三十分ほど水に浸し、それから弱火でゆっくりと炊きました。",
    "米田稲子様（1970年1月1日生まれ）、〒000-0000 東京都千代田区千代田0-0、電話03-0000-0000",
)
"""What asks for kernels, dictionary, word lists, and the rules on personal data."""

_SOON = (
    "fastapi.encoders",
    "prefect.flow_engine",
    "prefect.task_engine",
    "prefect.utilities.visualization",
    "pyarrow.acero",
    "seimai.pipeline.card",
    "seimai.pipeline.engine.publishing.manifest",
    "seimai.pipeline.engine.worker",
    "seimai.pipeline.ingest.pages.main_text",
    "seimai.pipeline.report.whole",
)
"""Modules of more than some milliseconds that a flow or a run imports only on its way."""

RECORD_SECONDS = 5.0
"""Wait so long for the server to have written what happened; it took 0.1 s."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the flow; gives the exit code, as `seimai run` does."""
    from seimai.pipeline.cli.arguments import Call, parse

    try:
        call = parse(["run", *(sys.argv[1:] if argv is None else argv)])
        if not isinstance(call, Call):
            say(call)
            return DONE
        if call.options.get("plan"):
            return call.command(*call.arguments, **call.options)
        with interruptible():
            return _run(*call.arguments, **call.options)
    except (Problem, Problems) as found:
        complain(str(found))
        return COULD_NOT
    except KeyboardInterrupt:
        complain(f"\n{sentence('run.interrupted')}")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last stop: a person gets a sentence
        if "--debug" in (sys.argv if argv is None else argv):
            traceback.print_exc()
        complain(str(Problem("U001", cause=f"{type(error).__name__}: {error}")))
        return COULD_NOT


def _run(
    recipe: Path,
    *,
    out: str | None = None,
    work: Path | None = None,
    source: Sequence[str] = (),
    workers: int | None = None,
    limit: int | None = None,
    filters: Sequence[str] = (),
    manner: Manner = PLAIN,
    accept: bool = False,
    recheck: bool = False,
    no_previous: bool = False,
    baseline: Path | None = None,
    junit: Path | None = None,
    crew: CrewName | None = None,
    site: Path | None = None,
    metrics: Path | None = None,
    plan: bool = False,  # noqa: ARG001 - asked before
) -> int:
    begun = time.monotonic()
    into, address = folder_and_address(out, work)
    if address:
        # What a flow has written is published by the flow that is there for it.
        raise Problem("U094", path=address)
    # Prefect's log is for the pages of a server; a terminal gets bars and sentences.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING" if manner.debug else "CRITICAL")
    with _recorded() as (own, wait):
        # Prefect and the rest are imported while the server starts.
        with long_lived_imports():
            from seimai.flows.curate import curate
            from seimai.flows.journey import Watch, read
            from seimai.pipeline.cli.run import read_baseline
            from seimai.pipeline.cli.terminal import listener
            from seimai.pipeline.engine.run import folder_of

            chosen = read(str(recipe), filters, files=not source)
            load_pyarrow(with_pandas=chosen.reads_datasets)
            if own and not filters:
                warm_up(chosen)
        folder = into or Path("out") / chosen.recipe
        # It is read first: the run may take its place.
        earlier = read_baseline(baseline)
        watching = Watch(listener(quiet=manner.quiet or manner.json), alone=own)
        with _watched(watching, wait):
            state = curate(
                recipe=str(recipe),
                out=str(folder),
                source=list(source) or None,
                workers=workers,
                limit=limit,
                filters=list(filters) or None,
                accept=accept,
                recheck=recheck,
                previous=0 if no_previous else None,
                # It ends as `seimai run` does, which knows no such limit.
                most_quarantined=None,
                crew=crew,
                site=str(site) if site else None,
                metrics=str(metrics) if metrics else None,
                return_state=True,
            )
        fault = None if state.is_completed() else state.result(raise_on_failure=False)
        end = End(recipe, chosen, folder_of(folder, limit), earlier, junit)
    return _tell(state, fault, end, manner, time.monotonic() - begun)


def warm_up(recipe: Recipe) -> None:
    """
    Load what the run will ask for, and judge two lines in memory.

    All that this costs is time in which the run would wait for its server. What fails here fails
    again in the run, which tells it.
    """
    from seimai.pipeline.api import judge
    from seimai.pipeline.engine.precompile import is_cold

    for name in _SOON:
        with suppress(ImportError):  # those of Prefect are its own affair
            import_module(name)
    if not is_cold():
        with suppress(Exception):
            judge(_LINES, recipe)


@contextmanager
def _watched(watching: Watch, wait: Callable[[Sequence[UUID]], None]) -> Iterator[None]:
    """
    Show what the flow inside the block does, and leave when the server has written its records.

    `wait` gets the ids of the task runs; a server of our own is waited for first.
    """
    from seimai.flows.journey import watch

    handed = watch.set(watching)
    try:
        if watching.alone:
            wait_until_ready(os.environ["PREFECT_API_URL"])
        with _close_by() if watching.alone else nullcontext():
            yield
    finally:
        # Flows that are started later in this process have their own.
        watch.reset(handed)
        wait(watching.batches)


@dataclass(frozen=True)
class End:
    """What has to be known of a run to tell how it ended."""

    path: Path
    recipe: Recipe
    out: Path
    earlier: RunRecord | None
    junit: Path | None


def _tell(state: State[Any], fault: Any, end: End, manner: Manner, seconds: float) -> int:
    """Print what `seimai run` prints."""
    from seimai.flows.outcome import WRITTEN
    from seimai.pipeline.cli.outcome import outcome, summary
    from seimai.pipeline.engine.publishing.published import read_run
    from seimai.pipeline.recipe import Drift
    from seimai.pipeline.report.drift import drift
    from seimai.pipeline.report.funnel import expectations

    faults = [fault] if isinstance(fault, Problem) else getattr(fault, "problems", [])
    if isinstance(fault, BaseException) and not (faults and WRITTEN.issuperset(codes(faults))):
        raise fault
    content = read_run(end.out / "release")
    if content is None:
        raise Problem("S024", cause=state.message)
    checks = expectations(end.recipe.expect, content)
    if end.earlier:
        checks += drift(end.recipe.expect.drift or Drift(), end.earlier, content)
    if manner.json:
        told = outcome(content, checks)
        say_json({"out": str(end.out), **told, "problems": [one.as_dict() for one in faults]})
    elif not manner.quiet:
        say(summary(content, checks, end.out, seconds))
    for one in () if manner.json else faults:
        complain(str(one))
    if manner.github or end.junit:
        from seimai.pipeline.cli.build_server import tell_server

        found = [one for one in faults if one.code != "S028"]
        told_to = (end.path, end.recipe, content, checks, found)
        tell_server(*told_to, github=manner.github, junit=end.junit)
    return NEEDS_YOU if faults or not all(check.ok for check in checks) else DONE


def codes(faults: Sequence[Problem]) -> set[str]:
    """The codes of some problems."""
    return {one.code for one in faults}


@contextmanager
def _recorded() -> Iterator[tuple[bool, Callable[[Sequence[UUID]], None]]]:
    """
    A server for the run: the one that is set, or one of our own for as long as the block lasts.

    Gives whether it is our own, and what waits until the records of all task runs are written.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield False, lambda _batches: None
        return
    with own_server() as url:
        os.environ["PREFECT_API_URL"] = url
        try:
            yield True, lambda batches: wait_for_records(url, batches)
        finally:
            del os.environ["PREFECT_API_URL"]


@contextmanager
def _close_by() -> Iterator[None]:
    """
    Without what only a server elsewhere needs, or one that outlives its runs.

    To end a heartbeat costs a second; to read all the certificates of the world, for each of the
    seven clients that Prefect makes, an eighth.
    """
    from prefect.settings import (
        PREFECT_API_SSL_CERT_FILE,
        PREFECT_CLIENT_CSRF_SUPPORT_ENABLED,
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        temporary_settings,
    )

    settings = {
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: False,
        PREFECT_API_SSL_CERT_FILE: str(one_certificate()),
    }
    with temporary_settings(settings):
        yield


def wait_for_records(url: str, batches: Sequence[UUID]) -> None:
    """
    Wait until the server has written how each of the task runs ended.

    Their states travel as events, after the fact: a server that is stopped at once would leave
    them running for ever in its records.
    """
    import httpx

    flush()
    ended = {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}
    question = {"task_runs": {"id": {"any_": [str(one) for one in batches]}, "state": ended}}
    deadline = time.monotonic() + RECORD_SECONDS
    with httpx.Client() as client:
        while batches and time.monotonic() < deadline:
            answer = client.post(f"{url}/task_runs/count", json=question)
            if answer.status_code == httpx.codes.OK and answer.json() == len(batches):
                return
            time.sleep(0.05)


def flush() -> None:
    """Send the events and log lines that Prefect holds back; later there is nobody to take them."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=RECORD_SECONDS)
    EventsWorker.drain_all(timeout=RECORD_SECONDS)
