"""The flow that publishes: the release of a run to a folder, object storage or the Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows import outcome
from seimai.flows.artifacts import key
from seimai.flows.destinations import publish_to
from seimai.flows.journey import ending
from seimai.flows.parameters import Folder, FolderPlace, HubPlace, Place, Several, StoragePlace
from seimai.flows.run_page import characters, code
from seimai.pipeline.engine.publishing.remote_release import Published
from seimai.pipeline.messages import sentence
from seimai.pipeline.run_record import RunRecord


def name_of_run() -> str:
    """The name of a flow run: `out/nightly → s3://bucket/web`."""
    given = runtime.flow_run.parameters or {}
    return f"{given.get('out')} → {address(given.get('to'))}"


def address(place: Any) -> str:
    """A place in one word; Prefect gives parameters as they were typed, or as they were read."""
    if isinstance(place, (FolderPlace, StoragePlace, HubPlace)):
        place = place.model_dump()
    found = (place or {}).get("path") or (place or {}).get("url") or (place or {}).get("repo")
    return str(found or "?")


@flow(
    name="release",
    description="Publishes a finished release to a folder, object storage or the Hub.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def release(
    out: Folder,
    to: Place,
    keep: Several = 1,
    accept: bool = False,  # noqa: FBT001, FBT002 - a field of a form
) -> State[Any]:
    """
    Publish the release in a folder, if it is whole; the one before it stays in reach.

    It is held against the release that readers have there: one that is far worse, or that knows
    fewer requests to forget texts, does not take its place.

    Credentials come from the environment of the worker (AWS_…, HF_TOKEN), never from parameters.

    Args:
        out: The folder of a run, with its `release`.
        to: A folder, an address in object storage, or a data set on the Hub.
        keep: So many earlier releases stay there; the Hub keeps all of them.
        accept: Publish the release although it is worse than the one that is there.
    """

    def work() -> State[Any]:
        done, run = publish_to(Path(out), to, keep, accept=accept)
        create_markdown_artifact(
            _page(run, done),
            key=key("published", runtime.deployment.name, Path(out)),
            description=sentence("flow.page"),
        )
        kept = f"{run['counts']['kept']:,}"
        told = "flow.published_already" if done.already else "flow.published"
        return outcome.completed(sentence(told, kept=kept, place=done.place), **vars(done))

    return ending(work)


def _page(run: RunRecord, done: Published) -> str:

    lines = [f"### {code(done.place)}", "", characters(run)]
    if done.previous:
        lines += ["", sentence("flow.earlier", place=code(done.previous))]
    return "\n".join(lines)
