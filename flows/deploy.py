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
from datetime import datetime, timedelta  # cyclopts reads the types of `deploy`
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

ENTRYPOINT = "seimai.flows.curate.curate"
"""With a dot, not a colon: Prefect takes `a:b` for a file to copy before a run."""

PULL = "prefect.deployments.steps.set_working_directory"

CRON = "0 3 * * *"
ZONE = "Asia/Tokyo"
POOL = "seimai"

HEARTBEAT_SECONDS = 30
"""The least that Prefect allows; a run that was killed is found after three that did not come."""

SCHEDULE_SECONDS = 30
"""The server schedules new deployments every 5 s."""

AUTOMATION = "seimai: mark runs that died as crashed"


def deploy(
    recipe: Path,
    *,
    out: Path | None = None,
    source: tuple[str, ...] = (),
    name: str = "nightly",
    cron: str = CRON,
    timezone: str = ZONE,
    workers: int | None = None,
    pool: str = POOL,
) -> datetime:
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
    pool
        The work pool whose workers do the runs; it is made where there is none.

    """
    from prefect.client.orchestration import get_client

    from seimai.flows.journey import read

    chosen = read(str(recipe), (), files=not source)
    parameters: dict[str, Any] = {
        "recipe": str(recipe),
        "out": str(out or Path("out") / chosen.recipe),
    }
    if source:
        parameters["source"] = list(source)
    if workers:
        parameters["workers"] = workers
    _check_server()
    with get_client(sync_client=True) as client:
        _make_pool(client, pool)
        made = _make_deployment(client, name, cron, timezone, pool, parameters)
        _make_automation(client)
        return _next_run(client, made).astimezone(ZoneInfo(timezone))


def _check_server() -> None:
    """Without an address Prefect would start a server of its own, and deploy to that."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL

    url = PREFECT_API_URL.value()
    if not url:
        raise Problem("E010")
    with get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            raise Problem("E011", url=url)


def _make_pool(client: SyncPrefectClient, pool: str) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    try:
        client.read_work_pool(pool)
    except ObjectNotFound:
        client.create_work_pool(
            WorkPoolCreate(name=pool, type="process", description=sentence("deploy.pool"))
        )


def _make_deployment(
    client: SyncPrefectClient,
    name: str,
    cron: str,
    timezone: str,
    pool: str,
    parameters: dict[str, Any],
) -> UUID:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.utilities.callables import parameter_schema

    from seimai.flows.curate import curate

    try:
        schedule = CronSchedule(cron=cron, timezone=timezone)
    except ValueError as error:
        raise Problem("E013", cron=cron, zone=timezone) from error
    return client.create_deployment(
        client.create_flow(curate),
        name,
        entrypoint=ENTRYPOINT,
        parameters=parameters,
        parameter_openapi_schema=parameter_schema(curate).model_dump(),
        enforce_parameter_schema=True,
        schedules=[DeploymentScheduleCreate(schedule=schedule, active=True)],
        # Two runs into one folder would get in each other's way.
        concurrency_limit=1,
        work_pool_name=pool,
        job_variables={"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS)}},
        # Paths in recipes are relative to it. Without this step Prefect would copy all of the
        # folder, corpora and all, before every run.
        pull_steps=[{PULL: {"directory": str(Path.cwd())}}],
        description=sentence("deploy.description", recipe=parameters["recipe"]),
        tags=["seimai"],
    )


def _make_automation(client: SyncPrefectClient) -> None:
    """
    Mark runs as crashed that give no sign of life.

    A run whose process was killed tells nobody; without this it stays "Running" for ever.
    """
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    heartbeat = "prefect.flow-run.heartbeat"
    ends = [
        f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")
    ]
    silence = 3 * HEARTBEAT_SECONDS
    wanted = AutomationCore(
        name=AUTOMATION,
        description=sentence("deploy.automation", seconds=silence),
        trigger=EventTrigger(
            after={heartbeat},
            expect={heartbeat, *ends},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            match_related=ResourceSpecification(
                {"prefect.resource.role": "flow", "prefect.resource.name": "curate"}
            ),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=silence),
        ),
        actions=[
            ChangeFlowRunState(
                name=None,
                force=False,
                state=StateType.CRASHED,
                message=sentence("deploy.silent", seconds=silence),
            )
        ],
    )
    known = client.read_automations_by_name(AUTOMATION)
    if known:
        client.update_automation(known[0].id, wanted)
    else:
        client.create_automation(wanted)


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
        when = app(sys.argv[1:] if argv is None else argv, result_action="return_value")
    except (Problem, Problems) as found:
        complain(str(found))
        return 2
    if when is not None:
        say(sentence("deploy.next", when=when.strftime("%Y-%m-%d %H:%M %Z")))
        say(sentence("deploy.worker", command=f"prefect worker start --pool {POOL}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
