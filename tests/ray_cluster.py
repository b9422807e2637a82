"""A Ray cluster of two nodes on this machine, all of them processes that end with the test."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def ray_cluster(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Any]:
    """A head without processors and two `nodes` with one each; this process is connected."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    # Ray ends tasks where the machine is short of memory, whoever has taken it.
    monkeypatch.setenv("RAY_memory_monitor_refresh_ms", "0")
    # Processes of Ray are started elsewhere, and look for modules where this one was started
    # before they look where they are told to.
    places = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    absolute = os.pathsep.join(str(Path(one).absolute()) for one in places)
    monkeypatch.setenv("PYTHONPATH", absolute)
    monkeypatch.chdir(folder)
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    _be_patient(monkeypatch)
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
    try:
        made.nodes = [made.add_node(wait=False, num_cpus=1) for _ in range(2)]
        made.wait_for_nodes(timeout=PATIENCE)
        ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
        yield made
    finally:
        ray.shutdown()
        made.shutdown()


def _be_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Have Ray wait for a node of its own as long as a busy machine takes to start one.

    It gives each 30 seconds, for which there is no setting; what it asks meanwhile is asked again.
    """
    from ray._private import services

    usual = services.get_node

    def patient(*given: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return usual(*given)
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    monkeypatch.setattr(services, "get_node", patient)
    monkeypatch.setenv("RAY_gcs_server_port_wait_time_s", str(PATIENCE))
