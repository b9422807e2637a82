"""
Crews: who does the tasks of a run where it is not the processes of this machine.

A crew is an executor like that of `pool.py`, opened by name: array jobs of a batch system, or a
Ray cluster. All of them write the same files into the same folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from seimai.pipeline.engine.workers.array_jobs.systems import SystemName
from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from seimai.pipeline.engine.workers.pool import OpenExecutor

CrewName = Literal[SystemName, "ray"]
"""What `--crew` may say: the batch systems, and Ray."""


def open_crew(name: CrewName | None, site: Path | None) -> OpenExecutor | None:
    """What opens the crew that was asked for; None where this machine's processes do the work."""
    if site and name in (None, "ray"):
        raise Problem("S067")
    if name is None:
        return None
    if name == "ray":
        from seimai.pipeline.engine.workers.ray_crew import ray_crew

        return ray_crew
    from seimai.pipeline.engine.workers.array_jobs.driver import array_jobs
    from seimai.pipeline.engine.workers.array_jobs.site import read_site

    return array_jobs(name, read_site(site))
