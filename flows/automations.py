"""
Automations of the server: what marks dead runs, who is told of what, and what new files start.

They live in the server, so they work when the flow and its worker are gone. Each has a name and
can be switched off in Prefect's pages; deploying again brings them up to date.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.events.schemas.automations import AutomationCore

FLOWS = ("curate", "ingest-new", "rejudge", "release", "maintain")

HEARTBEAT = "prefect.flow-run.heartbeat"
"""The event by which a run of a flow shows that it is alive."""

HEARTBEAT_SECONDS = 30
"""The least that Prefect allows; a run that was killed is found after three that did not come."""

LATE_SECONDS = 600
"""A run that has not begun so long after its time has no worker to do it."""

DEAD = "seimai: mark runs that died as crashed"
"""The name of the automation, in every language: deploying again has to find it."""

NEW_INPUTS = "seimai.inputs.new"
"""The event that `watch.py` emits."""

BLOCK = "seimai-notify"

MAIL_SERVER = "SEIMAI_SMTP"
"""Environment variable: smtp://USER:PASSWORD@HOST:PORT, or smtps://; it is stored as a secret."""


@dataclass(frozen=True)
class Alarm:
    """What people are told of: the names of states, as Prefect's events have them."""

    name: str
    """Its text for people is `alarm.NAME` of `messages`."""
    states: tuple[str, ...]


ALARMS = (
    Alarm("wipe_out", ("WipeOut",)),
    Alarm("expectation", ("NotAsExpected",)),
    Alarm("quarantine", ("HighQuarantine",)),
    Alarm("unfinished", ("Unfinished",)),
    Alarm("failed", ("Failed", "TimedOut")),
    Alarm("dead", ("Crashed",)),
)

ENDS = ("Completed", "Cancelled", *(state for alarm in ALARMS for state in alarm.states))
"""Names of the states in which a run of a flow is over."""


def mark_dead_runs(client: SyncPrefectClient, silence: int = 3 * HEARTBEAT_SECONDS) -> None:
    """
    Mark runs as crashed that give no sign of life for so many seconds.

    A run whose process was killed tells nobody; without this it stays "Running" for ever. The
    time begins with the run, for it may be killed before it has given any sign.
    """
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import Posture

    message = sentence("deploy.silent", seconds=silence)
    action = ChangeFlowRunState(name=None, force=False, state=StateType.CRASHED, message=message)
    wanted = _automation(
        DEAD,
        sentence("deploy.automation", seconds=silence),
        _trigger(
            {HEARTBEAT, *_events(ENDS)},
            Posture.Proactive,
            silence,
            after={HEARTBEAT, *_events(("Running",))},
            flows=FLOWS,
        ),
        action,
    )
    _save(client, wanted)


def notify(
    client: SyncPrefectClient, block: UUID, *, late: int = LATE_SECONDS, place: int = 0
) -> None:
    """
    Tell people through a block of what `ALARMS` lists, and of runs that do not begin.

    `place` numbers those who are told, from 0.
    """
    number = f" ({place + 1})" if place else ""
    from prefect.events.actions import SendNotification
    from prefect.events.schemas.automations import Posture

    for alarm in ALARMS:
        said = sentence(f"alarm.{alarm.name}")
        action = SendNotification(
            block_document_id=block,
            subject=f"[seimai] {{{{ flow_run.name }}}}: {said}",
            body="{{ flow_run.state.message }}\n\n" + _LINK,
        )
        trigger = _trigger(_events(alarm.states), Posture.Reactive, 0)
        name = f"seimai: {alarm.name.replace('_', '-')}{number}"
        _save(client, _automation(name, said, trigger, action))
    said = sentence("alarm.late", minutes=f"{late / 60:g}")
    action = SendNotification(
        block_document_id=block,
        subject=f"[seimai] {{{{ flow_run.name }}}}: {sentence('alarm.late_short')}",
        body=f"{said} ({{{{ flow_run.expected_start_time }}}})\n\n{_LINK}",
    )
    begun = {"prefect.flow-run.Pending", *_events((*ENDS, "Running"))}
    trigger = _trigger(begun, Posture.Proactive, late, after={"prefect.flow-run.Late"})
    _save(client, _automation(f"seimai: late{number}", said, trigger, action))


_LINK = "{{ flow.name }}/{{ deployment.name }}\n{{ flow_run|ui_url }}"


def start_on_new_inputs(client: SyncPrefectClient, deployment: UUID, name: str) -> None:
    """Let the event of `watch.py` start a run of a deployment."""
    from prefect.events.actions import RunDeployment
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    trigger = EventTrigger(
        expect={NEW_INPUTS},
        match=ResourceSpecification({"prefect.resource.id": watched(deployment)}),
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
    )
    action = RunDeployment(
        source="selected", deployment_id=deployment, parameters=None, job_variables=None
    )
    said = sentence("alarm.new_inputs", name=name)
    _save(client, _automation(f"seimai: new files start {name}", said, trigger, action))


def watched(deployment: UUID) -> str:
    """The resource that the event of new inputs is about."""
    return f"seimai.inputs.{deployment}"


def _events(states: tuple[str, ...]) -> set[str]:
    return {f"prefect.flow-run.{state}" for state in states}


def _trigger(
    expect: set[str],
    posture: Any,
    seconds: int,
    *,
    after: set[str] | None = None,
    flows: tuple[str, ...] = (),
) -> Any:
    """A trigger on events of flow runs: of these flows, else of all with the tag of ours."""
    from prefect.events.schemas.automations import EventTrigger
    from prefect.events.schemas.events import ResourceSpecification

    about: dict[str, Any] = {"prefect.resource.id": "prefect.tag.seimai"}
    if flows:
        about = {"prefect.resource.role": "flow", "prefect.resource.name": list(flows)}
    return EventTrigger(
        after=after or set(),
        expect=expect,
        match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
        match_related=ResourceSpecification(about),
        for_each={"prefect.resource.id"},
        posture=posture,
        threshold=1,
        within=timedelta(seconds=seconds),
    )


def _automation(name: str, description: str, trigger: Any, action: Any) -> AutomationCore:
    from prefect.events.schemas.automations import AutomationCore

    return AutomationCore(name=name, description=description, trigger=trigger, actions=[action])


def _save(client: SyncPrefectClient, wanted: AutomationCore) -> None:
    """Make an automation, or change the one of this name; switched off, it stays so."""
    known = client.read_automations_by_name(wanted.name)
    if known:
        same = wanted.model_copy(update={"enabled": known[0].enabled})
        client.update_automation(known[0].id, same)
    else:
        client.create_automation(wanted)


# --- who is told ---------------------------------------------------------------------------


def block_of(to: str, place: int = 0) -> UUID:
    """
    The block that notifications go through, made where it has to be.

    `to` is the name of a block that is there (`slack-webhook/team`), the address of a webhook
    (Slack's have a block of their own), or `mailto:team@example.jp` with the mail server in the
    environment. Addresses are stored as secrets: who has one can write to the channel.
    """
    from prefect.blocks.core import Block
    from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
    from prefect.types import SecretDict
    from pydantic import SecretStr, ValidationError

    from seimai.flows.mail import SeimaiMail

    if re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", to):
        try:
            block: Any = Block.load(to)
        except ValueError as error:
            raise Problem("E015", to=to) from error
        return _id(block._block_document_id)  # noqa: SLF001 - Prefect has no other way
    try:
        if re.match(r"https?://hooks\.slack(-gov)?\.com/", to):
            block = SlackWebhook(url=SecretStr(to))
        elif re.match(r"https?://", to):
            block = CustomWebhookNotificationBlock(
                name="Seimai",
                url="{{address}}",
                json_data={"text": "{{subject}}\n{{body}}", "subject": "{{subject}}"},
                headers=None,
                cookies=None,
                secrets=SecretDict({"address": to}),
            )
        elif to.startswith("mailto:"):
            block = SeimaiMail(to=unquote(to.removeprefix("mailto:")).split(","), **_mail_server())
        else:
            raise Problem("E015", to=to)
    except ValidationError as error:
        # What it says may hold the address.
        raise Problem("E015", to=to.partition(":")[0]) from error
    name = f"{BLOCK}-{place + 1}" if place else BLOCK
    return _id(block.save(name, overwrite=True))


def _id(found: Any) -> UUID:
    """What Prefect gives without saying what it is."""
    from uuid import UUID

    return UUID(str(found))


def _mail_server() -> dict[str, Any]:
    """The mail server of the environment, as fields of the block."""
    from pydantic import SecretStr

    address = urlsplit(os.environ.get(MAIL_SERVER, ""))
    if address.scheme not in ("smtp", "smtps") or not address.hostname:
        raise Problem("E016", variable=MAIL_SERVER)
    user = unquote(address.username) if address.username else None
    password = SecretStr(unquote(address.password)) if address.password else None
    secure = "tls" if address.scheme == "smtps" else "starttls" if user else "none"
    return {
        "host": address.hostname,
        "port": address.port or (465 if secure == "tls" else 587),
        "encryption": secure,
        "user": user,
        "password": password,
        "sender": user if user and "@" in user else f"seimai@{address.hostname}",
    }
