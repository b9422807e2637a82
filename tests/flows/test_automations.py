"""People are told what happened and why, by mail and webhook; new files start a run."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.conftest import wait_for
from tests.flows.test_curate import write_recipe

Ask = Callable[..., Any]

SILENCE = 10
"""The least that Prefect allows for something that does not happen."""


class Mailbox:
    """What a webhook and a mail server on the loopback have got."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.letters: list[str] = []

    def wait_for(self, subject: str, text: str) -> dict[str, Any]:
        """The first post with this in its subject and that in its text."""

        def found() -> list[dict[str, Any]]:
            return [p for p in self.posts if subject in p["subject"] and text in p["text"]]

        wait_for(found)
        return found()[0]


class Letters(socketserver.StreamRequestHandler):
    """As much of a mail server as it takes to hand in a letter."""

    def handle(self) -> None:
        """One conversation."""
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.mailbox.letters.append(letter.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@contextmanager
def serving(server: Any) -> Iterator[int]:
    """A server in a thread; gives its port."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def mailbox(server: str) -> Iterator[Mailbox]:
    """A webhook and a mail server that the automations of the server tell of everything."""
    del server
    got = Mailbox()

    class Posts(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.posts.append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    mail = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Letters)
    mail.mailbox = got  # type: ignore[attr-defined]
    with (
        serving(ThreadingHTTPServer(("127.0.0.1", 0), Posts)) as web_port,
        serving(mail) as mail_port,
        pytest.MonkeyPatch.context() as patch,
    ):
        from prefect.client.orchestration import get_client

        from seimai.flows.automations import block_of, mark_dead_runs, notify

        patch.setattr("seimai.flows.signs_of_life.HEARTBEAT_SECONDS", 2)
        patch.setenv("SEIMAI_SMTP", f"smtp://127.0.0.1:{mail_port}")
        with get_client(sync_client=True) as client:
            mark_dead_runs(client, SILENCE)
            notify(client, block_of(f"http://127.0.0.1:{web_port}/hook"), late=SILENCE)
            notify(client, block_of("mailto:data@example.jp", 1), late=SILENCE, place=1)
        yield got


@pytest.fixture(scope="module")
def waiting(mailbox: Mailbox) -> dict[str, str]:
    """
    Runs of a deployment, by name: one that nobody begins, and two whose processes are gone.

    The first of these had given a sign of life, the second was killed before it could.
    """
    from prefect.client.orchestration import get_client
    from prefect.events import emit_event
    from prefect.states import Pending, Running, Scheduled

    from seimai.flows.command import flush
    from seimai.flows.curate import curate

    del mailbox
    with get_client(sync_client=True) as client:
        flow = client.create_flow(curate)
        made = client.create_deployment(flow, "for-alarms", tags=["seimai"])
        late = client.create_flow_run_from_deployment(made, name="the late one", state=Scheduled())
        dead = client.create_flow_run_from_deployment(made, name="the dead one", state=Running())
        early = client.create_flow_run_from_deployment(made, name="the stillborn", state=Pending())
        client.set_flow_run_state(early.id, Running())
    emit_event(
        "prefect.flow-run.heartbeat",
        {"prefect.resource.id": f"prefect.flow-run.{dead.id}"},
        related=[
            {
                "prefect.resource.id": f"prefect.flow.{flow}",
                "prefect.resource.role": "flow",
                "prefect.resource.name": "curate",
            }
        ],
    )
    flush()
    return {"late": str(late.id), "dead": str(dead.id), "early": str(early.id)}


def run(recipe: Path, out: Path, **more: Any) -> Any:
    """A run of the flow as one of a deployment, which has the tag of ours."""
    from prefect import tags

    from seimai.flows.curate import curate

    with tags("seimai"):
        return curate(recipe=str(recipe), out=str(out), return_state=True, **more)


@pytest.mark.usefixtures("waiting")
def test_not_as_expected(tmp_path: Path, mailbox: Mailbox) -> None:
    """A broken expectation is told by webhook and by mail, with the figure that is off."""
    recipe = write_recipe(tmp_path, expect={"kept_share": {"min": 0.9}})

    state = run(recipe, tmp_path / "out")

    assert "NotAsExpected" == state.name
    post = mailbox.wait_for("not as expected", "kept share 0.90 ≤ 0.67")
    assert post["subject"].startswith(f"[seimai] recipe → {tmp_path / 'out'}: ")
    wait_for(lambda: mailbox.letters)
    assert "To: data@example.jp" in mailbox.letters[0]


def test_wiped_out(tmp_path: Path, mailbox: Mailbox) -> None:
    """A column that was renamed is told with its name; the release that was there stays."""
    recipe = write_recipe(tmp_path)
    run(recipe, tmp_path / "out")
    before = (tmp_path / "out" / "release" / "run.json").read_bytes()
    for path in tmp_path.glob("*.jsonl"):
        path.write_text(path.read_text("utf-8").replace('"text"', '"honbun"'), "utf-8")

    state = run(recipe, tmp_path / "out")

    assert "WipeOut" == state.name
    assert "honbun" in mailbox.wait_for("nearly nothing is left", "O004")["text"]
    assert before == (tmp_path / "out" / "release" / "run.json").read_bytes()


def test_much_in_quarantine(tmp_path: Path, mailbox: Mailbox) -> None:
    """A share in quarantine above its limit is told with the cause."""
    recipe = write_recipe(tmp_path)
    with (tmp_path / "north.jsonl").open("a") as file:
        file.write("{broken\n")

    state = run(recipe, tmp_path / "out", most_quarantined=0.01)

    assert "HighQuarantine" == state.name
    mailbox.wait_for("much could not be read", "3.6% of the records are in quarantine")


def test_failed(tmp_path: Path, mailbox: Mailbox) -> None:
    """A recipe that is not there is told as such."""
    state = run(tmp_path / "none.yaml", tmp_path / "out")

    assert "Failed" == state.name
    mailbox.wait_for("failed", "none.yaml")


def test_late(waiting: dict[str, str], mailbox: Mailbox) -> None:
    """A run that nobody begins is told once its time is long past."""
    del waiting
    post = mailbox.wait_for("the late one", "is a worker running?")

    assert "late" in post["subject"].replace("the late one", "")


def test_dead(waiting: dict[str, str], mailbox: Mailbox, ask: Ask) -> None:
    """A run that gives no sign of life is marked as crashed, and told."""
    mailbox.wait_for("the dead one: its process died", "no heartbeat for 10 s")
    found = ask("flow_runs/filter", flow_runs={"id": {"any_": [waiting["dead"]]}})
    assert ["CRASHED"] == [one["state"]["type"] for one in found]


def test_dead_before_any_sign(waiting: dict[str, str], mailbox: Mailbox, ask: Ask) -> None:
    """A run that was killed as it began is marked as crashed as well, and told."""
    of = {"id": {"any_": [waiting["early"]]}}

    wait_for(lambda: ask("flow_runs/filter", flow_runs=of)[0]["state"]["type"] == "CRASHED")
    mailbox.wait_for("the stillborn", "no heartbeat for 10 s")


@pytest.mark.usefixtures("waiting")
def test_a_run_without_prefects_heartbeat_is_not_taken_for_dead(
    tmp_path: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called from Python it gives the signs itself, for longer than a dead run is waited for."""
    from seimai.flows import journey

    recipe = write_recipe(tmp_path)
    before = journey.run

    def slowly(*args: Any, **options: Any) -> Any:
        time.sleep(SILENCE + 4)
        return before(*args, **options)

    monkeypatch.setattr("seimai.flows.journey.run", slowly)

    state = run(recipe, tmp_path / "out")

    assert "Completed" == state.name
    of = {"id": {"any_": [str(state.state_details.flow_run_id)]}}
    assert ["COMPLETED"] == [one["state"]["type"] for one in ask("flow_runs/filter", flow_runs=of)]


def test_new_files_start_a_run(
    tmp_path: Path, server: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that arrives starts a run of the deployment; half a file does not."""
    del server
    from prefect.client.orchestration import get_client

    from seimai.flows import watch
    from seimai.flows.automations import start_on_new_inputs
    from seimai.flows.command import flush
    from seimai.flows.ingest_new import ingest_new

    recipe = write_recipe(tmp_path)
    given = {"recipe": str(recipe), "out": str(tmp_path / "out")}
    ingest_new(**given)
    with get_client(sync_client=True) as client:
        flow = client.create_flow(ingest_new)
        made = client.create_deployment(flow, "watched", parameters=given, tags=["seimai"])
        start_on_new_inputs(client, made, "ingest-new/watched")

    looked = iter(range(9))

    def between(_seconds: float) -> None:
        # The file grows between the first looks, and is whole from the third on.
        if next(looked) < 2:
            with (tmp_path / "north.jsonl").open("a") as file:
                file.write('{"text": "春はあけぼの。"}\n')

    monkeypatch.setattr("seimai.flows.watch.time.sleep", between)
    emitted = watch.watch("ingest-new/watched", looks=6)
    flush()

    assert 1 == emitted
    assert 0 == watch.main(["ingest-new/watched", "--looks", "1"])
    monkeypatch.undo()
    of = {"id": {"any_": [str(UUID(str(made)))]}}
    wait_for(lambda: ask("flow_runs/filter", deployments=of))
    assert 1 == len(ask("flow_runs/filter", deployments=of))


@pytest.mark.usefixtures("server")
# Apprise, through which Prefect talks to Slack, imports it on the old Pythons.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_blocks(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    """The address of a channel is a secret; a block that is there is used as it is."""
    from seimai.flows.automations import block_of
    from seimai.pipeline.errors import Problem

    made = block_of("https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/geheimgeheim", 8)

    assert "geheim" not in json.dumps(ask("block_documents/filter"))
    assert made == block_of("slack-webhook/seimai-notify-9")
    monkeypatch.delenv("SEIMAI_SMTP", raising=False)
    for to, code in (("nobody", "E015"), ("a-block/that-is-not", "E015"), ("mailto:a@b", "E016")):
        with pytest.raises(Problem) as caught:
            block_of(to)
        assert code == caught.value.code
