"""A Ray cluster of two nodes on this machine, all of them processes that end with the test."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


TRIES = 3
"""How often a cluster is begun."""


@contextmanager
def ray_cluster(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Any]:
    """A head without processors and two `nodes` with one each; this process is connected."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    # Ray ends tasks where the machine is short of memory, whoever has taken it.
    monkeypatch.setenv("RAY_memory_monitor_refresh_ms", "0")
    monkeypatch.setenv("RAY_gcs_server_port_wait_time_s", str(PATIENCE))
    # Processes of Ray are started elsewhere, and look for modules where this one was started
    # before they look where they are told to.
    places = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    absolute = os.pathsep.join(str(Path(one).absolute()) for one in places)
    monkeypatch.setenv("PYTHONPATH", absolute)
    monkeypatch.chdir(folder)
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    made = _started(Cluster)
    try:
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


def _started(new: Callable[[], Any]) -> Any:
    """
    A cluster with its nodes, tried again where it does not come up.

    Ray gives each of its processes 30 seconds, which nobody can change; a busy machine takes longer
    to read them from the disk for the first time.
    """
    for again in reversed(range(TRIES)):
        made = new()
        try:
            made.add_node(wait=False, num_cpus=0, include_dashboard=False)
            made.nodes = [made.add_node(wait=False, num_cpus=1) for _ in range(2)]
            made.wait_for_nodes(timeout=PATIENCE)
        except Exception:  # Ray raises bare ones
            made.shutdown()
            if not again:
                raise
        else:
            return made
    raise AssertionError("there is a last try")
