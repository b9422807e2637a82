"""
Watch the sources of a deployment, and let new files start a run.

    python -m seimai.flows.watch ingest-new/nightly

It looks at names, sizes and times, so it may look often. Files that are still being written are
waited for: the event goes out when two looks, one after the other, saw the same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter  # reads the types of the command

from seimai.flows.settings import quiet
from seimai.pipeline.cli.output import complain, say
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from seimai.pipeline.job import Job

EVERY_SECONDS = 60.0
"""Between two looks; two of them that see the same come before a run."""

NAMED = 20
"""An event names at most this many inputs, because Prefect stores it."""


def watch(deployment: str, *, every: float = EVERY_SECONDS, looks: int | None = None) -> int:
    """
    Watch what a deployment reads, and emit an event when something is new, changed or gone.

    Parameters
    ----------
    deployment
        The deployment, as FLOW/NAME; it says which recipe, sources and folder.
    every
        Seconds between two looks.
    looks
        Stop after so many looks.

    """
    from prefect.client.orchestration import get_client
    from prefect.events import emit_event
    from prefect.exceptions import ObjectNotFound

    from seimai.flows.automations import NEW_INPUTS, watched
    from seimai.flows.deploy import check_server
    from seimai.flows.journey import chosen
    from seimai.pipeline.job import Job

    check_server()
    with get_client(sync_client=True) as client:
        try:
            found = client.read_deployment_by_name(deployment)
        except ObjectNotFound as error:
            raise Problem("E017", name=deployment) from error
    given: dict[str, Any] = found.parameters
    filters = tuple(given.get("filters") or ())
    job = Job(chosen(given["recipe"], given.get("source"), filters), Path(given["out"]), filters)
    emitted = 0
    for news in fresh(job, every, looks):
        named = {kind: list(getattr(news, kind)[:NAMED]) for kind in ("new", "changed", "gone")}
        counts = {kind: len(getattr(news, kind)) for kind in named}
        emit_event(
            NEW_INPUTS,
            {"prefect.resource.id": watched(found.id), "prefect.resource.name": deployment},
            payload={"counts": counts, "inputs": named, "out": str(job.out)},
        )
        say(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sentence('flow.news', **counts)}")
        emitted += 1
    return emitted


def fresh(job: Job, every: float, looks: int | None = None) -> Iterator[Any]:
    """
    The news of a folder, each once: when two looks saw the same, and no event told it before.

    A run changes what is known; what it has read is no news any more, and what it could not read
    is told once.
    """
    from seimai.pipeline.engine.planning.news import glance
    from seimai.pipeline.engine.planning.plan import load_plan

    before = told = None
    count = 0
    while looks is None or count < looks:
        if count:
            time.sleep(every)
        count += 1
        news = glance(job, load_plan(job.out))
        state = (news, sizes(job))
        if news and state == before and state != told:
            told = state
            yield news
        before = state


def sizes(job: Job) -> tuple[tuple[str, int], ...]:
    """Keys and sizes of all inputs that are there; a file that grows is still being written."""
    from seimai.pipeline.engine.planning.plan import patterns
    from seimai.pipeline.ingest import find_inputs

    found = (
        (one.key, one.size)
        for source in job.recipe.source
        for one in find_inputs(patterns(source), job.out)
    )
    return tuple(found)


def main(argv: Sequence[str] | None = None) -> int:
    """Watch until Ctrl-C; 2 where that could not be done."""
    quiet()
    app = App(name="python -m seimai.flows.watch", version_flags=[], help_epilogue="")

    @app.default
    def command(
        deployment: str,
        *,
        every: float = EVERY_SECONDS,
        looks: Annotated[int | None, Parameter(show=False)] = None,
    ) -> None:
        """
        Watch the sources of a deployment, and let new files start a run.

        Parameters
        ----------
        deployment
            The deployment, as FLOW/NAME.
        every
            Seconds between two looks.

        """
        watch(deployment, every=every, looks=looks)

    try:
        app(sys.argv[1:] if argv is None else argv, result_action="return_value")
    except (Problem, Problems) as found:
        complain(str(found))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
