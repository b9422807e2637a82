"""A deployment is scheduled in Asia/Tokyo, and deploying again changes nothing but itself."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.flows.test_automations import serving

Ask = Callable[..., Any]

RECIPE = {"recipe": "trial", "source": [{"name": "here", "files": "*.jsonl"}], "limits": {}}


@pytest.mark.usefixtures("server")
def test_scheduled(tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployed cron yields a scheduled run at that time in Japan; twice deployed is one."""
    from seimai.flows.automations import DEAD
    from seimai.flows.deploy import RETRIES, deploy

    monkeypatch.chdir(tmp_path)
    Path("recipe.yaml").write_text(yaml.safe_dump(RECIPE), "utf-8")
    Path("one.jsonl").write_text('{"text": "春はあけぼの。"}\n', "utf-8")

    first = deploy(Path("recipe.yaml"))
    second = deploy(Path("recipe.yaml"), workers=2)

    assert ("03:00", "JST") == (f"{first.next_run:%H:%M}", first.next_run.tzname())
    assert first == second
    # Other tests have deployments on this server as well.
    made = ask("deployments/filter")
    deployment, *others = [one for one in made if one["name"] == "nightly"]
    assert not others
    given = {"recipe": "recipe.yaml", "out": "out/trial", "workers": 2, "retries": RETRIES}
    assert given == deployment["parameters"]
    assert ["0 3 * * *"] == [one["schedule"]["cron"] for one in deployment["schedules"]]
    scheduled = {"state": {"type": {"any_": ["SCHEDULED"]}}}
    ours = {"id": {"any_": [deployment["id"]]}}
    assert ask("flow_runs/filter", flow_runs=scheduled, deployments=ours)
    names = [one["name"] for one in ask("automations/filter")]
    assert 1 == names.count(DEAD)


def test_prefect_yaml() -> None:
    """`prefect.yaml` and `flows/deploy.py` deploy the same flow at the same time."""
    from prefect.utilities.importtools import import_object

    from seimai.flows import deploy
    from seimai.flows.curate import curate

    root = Path(__file__).parents[2]
    content = yaml.safe_load((root / "prefect.yaml").read_text("utf-8"))

    deployment = content["deployments"][0]
    assert curate is import_object(deployment["entrypoint"])
    assert [{"cron": deploy.CRON, "timezone": deploy.ZONE}] == deployment["schedules"]
    assert deploy.POOL == deployment["work_pool"]["name"]
    assert deploy.PULL in content["pull"][0]
    assert (root / deployment["parameters"]["recipe"]).parent.is_dir()


def test_no_server(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a server the command says how to start one."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from seimai.flows.deploy import main

    root = Path(__file__).parents[2]
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with temporary_settings({PREFECT_API_URL: None}):
        code = main([str(root / "configs" / "minimal.yaml"), "--source", "configs/sample"])

    assert 2 == code
    assert "prefect server start" in capfd.readouterr().err


class Starting(BaseHTTPRequestHandler):
    """A server that is ready when it was asked three times."""

    asked = 0

    def do_GET(self) -> None:
        """Not yet, not yet, here I am."""
        Starting.asked += 1
        self.send_response(200 if Starting.asked >= 3 else 500)
        self.end_headers()
        self.wfile.write(b"true")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_that_is_starting_is_waited_for(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it waits for is said once; a server that never comes is an error after a while."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from seimai.flows import deploy
    from seimai.pipeline.errors import Problem

    monkeypatch.setattr(deploy, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(Starting, "asked", 0)
    with (
        serving(ThreadingHTTPServer(("127.0.0.1", 0), Starting)) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
    ):
        deploy.check_server()

    assert 3 == Starting.asked
    assert 1 == capfd.readouterr().err.count("waiting for the server")
    monkeypatch.setattr(deploy, "ANSWER_SECONDS", 0.05)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/api"
        with temporary_settings({PREFECT_API_URL: url}), pytest.raises(Problem) as found:
            deploy.check_server()
    assert "E011" == found.value.code


@pytest.mark.usefixtures("server")
def test_every_deployment(ask: Ask) -> None:
    """Prefect's own command makes all that `prefect.yaml` names, in three kinds of work pools."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate

    root = Path(__file__).parents[2]
    with get_client(sync_client=True) as client:
        templates = {
            kind: worker["default_base_job_configuration"]
            for workers in client.read_worker_metadata().values()
            for kind, worker in workers.items()
        }
        templates["kubernetes"] = json.loads((root / "flows" / "kubernetes.json").read_bytes())
        for name, kind in (
            ("seimai", "process"),
            ("seimai-docker", "docker"),
            ("seimai-kubernetes", "kubernetes"),
        ):
            pool = WorkPoolCreate(name=name, type=kind, base_job_template=templates[kind])
            client.create_work_pool(pool, overwrite=True)

    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "--no-prompt", "deploy", "--all"],
        cwd=root,
        env={**os.environ, "PREFECT_LOGGING_LEVEL": "CRITICAL"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    made = {one["name"]: one for one in ask("deployments/filter")}
    content = yaml.safe_load((root / "prefect.yaml").read_text("utf-8"))
    for wanted in content["deployments"]:
        deployment = made[wanted["name"]]
        assert wanted["parameters"] == deployment["parameters"]
        assert 1 == deployment["global_concurrency_limit"]["limit"]
        assert ["seimai"] == deployment["tags"]
        inside = "kubernetes" in wanted["name"] or "docker" in wanted["name"]
        assert [{PULL: {"directory": "/work" if inside else str(root)}}] == deployment["pull_steps"]
    zones = {one["schedule"]["timezone"] for d in made.values() for one in d["schedules"]}
    assert {"Asia/Tokyo"} == zones


COMMAND = """
import runpy
import seimai.flows.curate  # first: Prefect looks into the folder of the moment before all others
runpy.run_module("prefect", run_name="__main__")
"""

PULL = "prefect.deployments.steps.set_working_directory"


def test_templates() -> None:
    """The job template of Kubernetes fills in variables that it has; the image runs as no root."""
    root = Path(__file__).parents[2] / "flows"
    template = json.loads((root / "kubernetes.json").read_bytes())
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(template["job_configuration"])))

    assert used == template["variables"]["properties"].keys()
    pod = template["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    image = (root / "Dockerfile").read_text("utf-8")
    assert f"USER {pod['securityContext']['runAsUser']}" in image
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", image, re.MULTILINE)
    ignored = (root / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for name in " ".join(copied).split():
        assert (root.parent / name).exists()
        assert f"!{name}" in ignored
