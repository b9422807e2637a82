"""
Signs of life: an event every 30 s, by whose absence the server knows that a run is dead.

Prefect's engine gives them where `PREFECT_FLOWS_HEARTBEAT_FREQUENCY` is set, as it is in our
deployments. A flow that is called from Python, or deployed by somebody else, may lack the setting,
and its process has read it before our code is imported; such a run would be taken for dead.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.context import FlowRunContext
from prefect.events import RelatedResource, emit_event
from prefect.events.related import tags_as_related_resources
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows.automations import HEARTBEAT, HEARTBEAT_SECONDS


@contextmanager
def signs_of_life() -> Iterator[None]:
    """Give them while the block lasts, unless Prefect does so itself."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or PREFECT_FLOWS_HEARTBEAT_FREQUENCY.value():
        yield
        return
    run = context.flow_run
    resource = {
        "prefect.resource.id": f"prefect.flow-run.{run.id}",
        "prefect.resource.name": run.name,
    }
    flow = {
        "prefect.resource.id": f"prefect.flow.{run.flow_id}",
        "prefect.resource.role": "flow",
        "prefect.resource.name": context.flow.name if context.flow else "",
    }
    related = [RelatedResource(flow), *tags_as_related_resources(set(run.tags or ()))]
    over = threading.Event()

    def live() -> None:
        while True:
            emit_event(HEARTBEAT, resource, related=related)
            if over.wait(HEARTBEAT_SECONDS):
                return

    # A thread begins with an empty context, in which Prefect would know no server.
    thread = threading.Thread(target=contextvars.copy_context().run, args=(live,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
