"""The flow that tidies up: leftovers of killed runs, trials, and old work files of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows import outcome
from seimai.flows.journey import ending
from seimai.flows.parameters import Folder, Several
from seimai.pipeline.engine.publishing.tidy import tidy
from seimai.pipeline.messages import sentence

_THOUSAND = 1000


@flow(
    name="maintain",
    description="Removes leftovers, trials and work files that nothing needs any more.",
    flow_run_name=lambda: f"{(runtime.flow_run.parameters or {}).get('out')}",
    persist_result=False,
)
def maintain(
    out: Folder,
    previous: Several | None = None,
    trial: bool = True,  # noqa: FBT001, FBT002 - a field of a form
    stages: bool = False,  # noqa: FBT001, FBT002 - as above
) -> State[Any]:
    """
    Tidy up the folder of a run; its release is not touched.

    Args:
        out: The folder of a run.
        previous: Keep only so many earlier releases; all of them where it is not given.
        trial: Remove the trial that is there.
        stages: Remove all work files, which the next run makes again: it reads everything then.
    """

    def work() -> State[Any]:
        removed = tidy(Path(out), previous=previous, trial=trial, stages=stages)
        if not removed:
            return outcome.completed(sentence("flow.tidy"))
        told = sentence(
            "flow.tidied",
            files=f"{sum(one.files for one in removed.values()):,}",
            size=size(sum(one.bytes for one in removed.values())),
            what=" · ".join(sentence(f"flow.tidied_{name}") for name in removed),
        )
        return outcome.completed(told, removed={name: vars(one) for name, one in removed.items()})

    return ending(work)


def size(count: float) -> str:
    """
    Bytes for people.

    >>> size(999), size(1_234_567)
    ('999 B', '1.2 MB')
    """
    units = ("B", "kB", "MB", "GB")
    for unit in units:
        if count < _THOUSAND:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= _THOUSAND
    return f"{count:.1f} TB"
