"""
Deploy the flow: a nightly run of a recipe on a Prefect server, and a watch for runs that died.

    python -m seimai.flows.deploy configs/web.yaml --source 'crawl/*.jsonl.zst' --out out/web

Running it again changes the deployment of the same name, so it is safe to repeat. It looks whether
the server has really scheduled a run before it says so: one whose scheduler has stopped accepts
deployments all the same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime  # cyclopts reads the types of `deploy`
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from seimai.flows.settings import quiet
from seimai.pipeline.cli.output import complain, say
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient

PULL = "prefect.deployments.steps.set_working_directory"

CRON = "0 3 * * *"
ZONE = "Asia/Tokyo"
POOL = "seimai"

ANSWER_SECONDS = 120.0
"""A server that starts for the first time takes ten seconds, on a very busy machine ninety."""

LOOK_SECONDS = 0.5
"""Seconds between two questions to the server while we wait for it."""

SCHEDULE_SECONDS = 120
"""The server schedules new deployments every 5 s; a very busy machine takes longer for them."""

RETRIES = 6
"""A night is long enough to wait half an hour for a share, or for the run before."""


@dataclass(frozen=True)
class Deployed:
    """What a deployment has created."""

    next_run: datetime
    pool: str
    watched: str = ""
    """The deployment that new files start, where one was asked for."""


def deploy(
    recipe: Path,
    *,
    out: Path | None = None,
    source: tuple[str, ...] = (),
    name: str = "nightly",
    cron: str = CRON,
    timezone: str = ZONE,
    workers: int | None = None,
    hours: float | None = None,
    report_url: str | None = None,
    notify: tuple[str, ...] = (),
    new_files: bool = False,
    pool: str = POOL,
) -> Deployed:
    """
    Deploy a recipe as a nightly run; gives the time of the next one.

    Parameters
    ----------
    recipe
        The file of the recipe; every run reads it anew.
    out
        The folder of the runs (default: out/NAME OF THE RECIPE). They share it: what has not
        changed since the last night is not done again.
    source
        Read these files instead of the recipe's sources; repeatable.
    name
        The name of the deployment.
    cron
        When to run: minute, hour, day, month, weekday.
    timezone
        The time zone of `cron`.
    workers
        Processes that work side by side.
    hours
        A run may take so long.
    report_url
        Where a browser finds the report, such as https://files.example/{out}/release/report.html
    notify
        Who is told of runs that fail, are late or need a look: a webhook (https://…), a channel of
        Slack by its webhook, mailto:ADDRESS, or a block of Prefect by TYPE/NAME; repeatable.
    new_files
        Deploy `ingest-new/NAME` as well, which an event of `seimai.flows.watch` starts.
    pool
        The work pool whose workers do the runs; it is made where there is none.

    """
    from prefect.client.orchestration import get_client

    from seimai.flows import automations
    from seimai.flows.journey import read

    chosen = read(str(recipe), (), files=not source)
    parameters: dict[str, Any] = {
        "recipe": str(recipe),
        "out": str(out or Path("out") / chosen.recipe),
        "retries": RETRIES,
    }
    given = {"source": list(source), "workers": workers, "hours": hours, "report_url": report_url}
    parameters |= {key: value for key, value in given.items() if value}
    check_server()
    with get_client(sync_client=True) as client:
        _make_pool(client, pool)
        where = Where(name, pool, parameters)
        made = _make_deployment(client, where, "curate", _schedule(cron, timezone))
        automations.mark_dead_runs(client)
        for place, to in enumerate(notify):
            automations.notify(client, automations.block_of(to, place), place=place)
        if new_files:
            fresh = _make_deployment(client, where, "ingest_new", None)
            automations.start_on_new_inputs(client, fresh, f"ingest-new/{name}")
        when = _next_run(client, made).astimezone(ZoneInfo(timezone))
        return Deployed(when, pool, f"ingest-new/{name}" if new_files else "")


def check_server() -> None:
    """
    Wait until the server answers; a `Problem` where it does not.

    One that was started a moment ago makes its database first. Without an address Prefect would
    start a server of its own, and deploy to that.
    """
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL

    url = PREFECT_API_URL.value()
    if not url:
        raise Problem("E010")
    end = time.monotonic() + ANSWER_SECONDS
    waiting = False
    with get_client(sync_client=True) as client:
        while (fault := client.api_healthcheck()) is not None:
            if not _may_be_starting(fault) or time.monotonic() >= end:
                raise Problem("E011", url=url)
            if not waiting:
                complain(sentence("deploy.waiting", url=url, seconds=f"{ANSWER_SECONDS:g}"))
                waiting = True
            time.sleep(LOOK_SECONDS)


def _may_be_starting(fault: Exception) -> bool:
    """Whether a server that gave this may be another one soon: it was not there, or not ready."""
    from httpx import HTTPStatusError, TransportError

    if isinstance(fault, HTTPStatusError):
        return fault.response.is_server_error
    return isinstance(fault, TransportError)


def _make_pool(client: SyncPrefectClient, pool: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    try:
        client.read_work_pool(pool)
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(name=pool, type="process", description=sentence("deploy.pool"))
        )


@dataclass(frozen=True)
class Where:
    """What the deployments of a recipe have in common."""

    name: str
    pool: str
    parameters: dict[str, Any]


def _schedule(cron: str, timezone: str) -> Any:
    from prefect.client.schemas.schedules import CronSchedule

    try:
        return CronSchedule(cron=cron, timezone=timezone)
    except ValueError as error:
        raise Problem("E013", cron=cron, zone=timezone) from error


def _make_deployment(client: SyncPrefectClient, where: Where, flow: str, schedule: Any) -> UUID:
    """A deployment of `flow`, the name of a module here and of the flow in it."""
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.utilities.callables import parameter_schema

    from seimai.flows.automations import HEARTBEAT_SECONDS

    function = getattr(import_module(f"seimai.flows.{flow}"), flow)
    return client.create_deployment(
        client.create_flow(function),
        where.name,
        # With a dot, not a colon: Prefect takes `a:b` for a file to copy before a run.
        entrypoint=f"seimai.flows.{flow}.{flow}",
        parameters=where.parameters,
        parameter_openapi_schema=parameter_schema(function).model_dump(),
        enforce_parameter_schema=True,
        schedules=[DeploymentScheduleCreate(schedule=schedule, active=True)] if schedule else [],
        # Two runs into one folder would get in each other's way. Those of two deployments meet
        # at the lock of the folder, and the second waits, as `retries` says.
        concurrency_limit=1,
        work_pool_name=where.pool,
        job_variables={"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS)}},
        # Paths in recipes are relative to it. Without this step Prefect would copy all of the
        # folder, corpora and all, before every run.
        pull_steps=[{PULL: {"directory": str(Path.cwd())}}],
        description=sentence(
            "deploy.description" if schedule else "deploy.description_new",
            recipe=where.parameters["recipe"],
        ),
        tags=["seimai"],
    )


def _next_run(client: SyncPrefectClient, deployment: UUID) -> datetime:
    """When the first scheduled run is due; a `Problem` where the server schedules none."""
    from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
    from prefect.client.schemas.sorting import FlowRunSort

    ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment]))
    deadline = time.monotonic() + SCHEDULE_SECONDS
    while time.monotonic() < deadline:
        runs = client.read_flow_runs(
            deployment_filter=ours, sort=FlowRunSort.EXPECTED_START_TIME_ASC, limit=50
        )
        due = [run.expected_start_time for run in runs if run.state and run.state.is_scheduled()]
        if due and due[0]:
            return due[0]
        time.sleep(0.5)
    raise Problem("E012", seconds=SCHEDULE_SECONDS)


def main(argv: Sequence[str] | None = None) -> int:
    """Deploy, and say what to do next; 2 where that could not be done."""
    from cyclopts import App

    quiet()
    app = App(name="python -m seimai.flows.deploy", version_flags=[], help_epilogue="")
    app.default(deploy)
    try:
        made = app(sys.argv[1:] if argv is None else argv, result_action="return_value")
    except (Problem, Problems) as found:
        complain(str(found))
        return 2
    if isinstance(made, Deployed):
        say(sentence("deploy.next", when=made.next_run.strftime("%Y-%m-%d %H:%M %Z")))
        say(sentence("deploy.worker", command=f"prefect worker start --pool {made.pool}"))
    if isinstance(made, Deployed) and made.watched:
        command = f"python -m seimai.flows.watch {made.watched}"
        say(sentence("deploy.watch", command=command))
    return 0


if __name__ == "__main__":
    sys.exit(main())
