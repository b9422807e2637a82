"""A flow whose process is killed: the next run goes on, and nothing shows in the result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from seimai.pipeline.crash_points import SWITCH
from seimai.pipeline.inspect.verify import verify
from seimai.pipeline.recipe import load_recipe
from tests.conftest import PATIENCE, release_digests, wait_for
from tests.flows.test_curate import processes, write_recipe


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes in /proc")
@pytest.mark.parametrize("point", ["before-ledger", "group-written", "sums-written"])
def test_a_flow_that_is_killed(tmp_path, curate, prefect_home, point):
    """Killed at a point, it leaves no process, and the folder is as any other run needs it."""
    recipe, out = write_recipe(tmp_path), tmp_path / "out"
    flow = subprocess.run(
        [sys.executable, "-m", "seimai.flows.curate", str(recipe), "--out", str(out)],
        env={
            **os.environ,
            SWITCH: point,
            "PREFECT_API_URL": "",
            "PREFECT_HOME": prefect_home(tmp_path / "prefect"),
            "SEIMAI_TEST": str(tmp_path),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=PATIENCE,
    )

    assert -signal.SIGKILL == flow.returncode
    assert not (out / "release").exists()

    curate(load_recipe(recipe), out)
    curate(load_recipe(recipe), tmp_path / "whole")

    assert release_digests(tmp_path / "whole") == release_digests(out)
    assert [] == [check.message for check in verify(out) if check.state == "fail"]
    assert [] == [path for path in out.rglob("*.tmp") if path.is_file()]
    wait_for(lambda: not processes(str(tmp_path)))
