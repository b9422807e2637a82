"""Secrets: an address with a password in it does not leave the process that was given it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.sources.find import public_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.engine.planning.records import TaskMessage


def refuse_secrets(tasks: Sequence[TaskMessage]) -> None:
    """
    Raise a `Problem` where a task names an input by an address with a password or token.

    Tasks for other machines are written to disk, or travel over a network as they are.
    """
    for task in tasks:
        for one in task["split"]["inputs"] if task["kind"] == "prepare" else ():
            if public_address(one["path"]) != one["path"]:
                raise Problem("S065", path=public_address(one["path"]))
