"""
A Prefect server for one run: started while the driver still imports, gone when the run is over.

Where no server is set, Prefect starts one at the first flow, one step after the other. Ours starts
before Prefect is imported here, so the two take their seconds side by side; it hears no Ctrl-C, so
that the end of an interrupted run is recorded; and it ends by itself when its driver is gone, for
it lives only as long as its standard input is open.

    python -m seimai.flows.server prepare     makes the database, so that the first run starts fast
"""

from __future__ import annotations

import fcntl
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urlsplit

from seimai.flows.settings import home
from seimai.pipeline.errors import Problem
from seimai.pipeline.slim_imports import long_lived_imports

if TYPE_CHECKING:
    import uvicorn
    from fastapi import APIRouter

_PREPARED = ".prepared"
"""A file at home that says for which database it is known that nothing has to be done to it."""

START_SECONDS = 300
"""A first start creates the database; on a busy machine that took 30 s."""

END_SECONDS = 15
"""Seconds that the server is given to write what it still holds."""

MOST_LOG = 1 << 20
"""Bytes of the server's log, with which the next server begins a new one."""

_ALONE = {
    # What Prefect's own temporary server is told: no scheduler, no automations.
    "PREFECT__SERVER_EPHEMERAL": "1",
    # Blocks (storage credentials and the like) are not used by our flows.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    # States of task runs are written as they come, and not once a second: the run waits for them.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "1",
}


_ASKED = (
    "/admin",
    "/flows",
    "/flow_runs",
    "/task_runs",
    "/artifacts",
    "/logs",
    "/events",
    "/v2/concurrency_limits",
    "/csrf-token",
)
"""Where requests of a run go."""


@contextmanager
def own_server(*, whole: bool = False) -> Iterator[str]:
    """
    A server on a free port of the loopback, as long as the block lasts; gives its API address.

    It records one run; a `whole` one has a scheduler and all else that runs in the background. It
    may still be starting when the block begins: `wait_until_ready` waits for it.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    with open_log() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "seimai.flows.server", "serve", str(listener.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**os.environ, "PREFECT_UI_ENABLED": "0", **({} if whole else _ALONE)},
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
    # Held by the child alone: where it dies, requests are refused instead of waiting for ever.
    listener.close()
    try:
        yield address
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def log_path() -> Path:
    """Where the server says what went wrong inside it, such as a database that was locked."""
    return home() / "server.log"


def open_log() -> BinaryIO:
    """The log, of which a long one is begun anew."""
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    long = path.exists() and path.stat().st_size > MOST_LOG
    return path.open("wb" if long else "ab")


def one_certificate() -> Path:
    """
    A file with one authority, for clients that talk to our server, which they do in the clear.

    Prefect's clients read the file of all authorities before they see that they need none.
    """
    import certifi

    from seimai.pipeline.shard import write_bytes

    path = home() / ".authority.pem"
    if not path.exists():
        end = "-----END CERTIFICATE-----\n"
        first = Path(certifi.where()).read_text("utf-8").partition(end)[0] + end
        write_bytes(path, first.encode())
    return path


def wait_until_ready(address: str) -> None:
    """
    Wait for the first answer of `own_server`; a `Problem` where it does not start.

    The port is open from the beginning: one request waits in line until the server takes it.
    """
    place = urlsplit(address)
    connection = HTTPConnection(str(place.hostname), place.port, timeout=START_SECONDS)
    try:
        connection.request("GET", f"{place.path}/health")
        connection.getresponse().read()
    except (OSError, HTTPException) as error:
        raise Problem("E014", cause=str(error), log=log_path(), path=home()) from error
    finally:
        connection.close()


def serve(handle: int) -> None:
    """Serve Prefect's API on a listening socket until standard input ends."""
    with long_lived_imports():
        import uvicorn

        # For Prefect to look whether there is anything to do takes a quarter of a second.
        os.environ["PREFECT_API_DATABASE_MIGRATE_ON_START"] = "false"
        if not is_prepared():
            prepare()
        api: Any = import_module("prefect.server.api.server")
        api.API_ROUTERS = asked_first(api.API_ROUTERS)
        # A server of one's own knows our block for mail by the entry point of the installed
        # package.
        import_module("seimai.flows.mail")
        server = uvicorn.Server(uvicorn.Config(api.create_app(), log_level="error", lifespan="on"))
    threading.Thread(target=_watch, args=(server,), daemon=True).start()
    server.run(sockets=[socket.socket(fileno=handle)])


def asked_first(routers: Sequence[APIRouter]) -> tuple[APIRouter, ...]:
    """
    All the routers of Prefect's API, those first that a run asks.

    FastAPI makes the routes of a router when it first looks through them for a request, and it
    looks until one fits: with Prefect's order a run would wait for those of nearly all.
    """
    places = {prefix: place for place, prefix in enumerate(_ASKED)}
    return tuple(sorted(routers, key=lambda router: places.get(router.prefix, len(places))))


def _watch(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two first starts side by side would both create the database."""
    home().mkdir(parents=True, exist_ok=True)
    with (home() / ".starting").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def prepare() -> None:
    """Create the database or bring it up to date, and note that it is."""
    import asyncio

    from prefect.server.database import provide_database_interface

    with _one_at_a_time():
        asyncio.run(provide_database_interface().create_db())
        (home() / _PREPARED).write_text(_state_of_database() or "", "utf-8")


def is_prepared() -> bool:
    """Whether the database is as this version of Prefect has left it with `prepare`."""
    try:
        noted = (home() / _PREPARED).read_text("utf-8")
    except OSError:
        return False
    return bool(noted) and noted == _state_of_database()


def _state_of_database() -> str | None:
    """
    The versions of Prefect and of the tables in the database at home, or None.

    None as well where the database is another one, of which only Prefect knows what it needs.
    """
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    path = home() / "prefect.db"
    if PREFECT_API_DATABASE_CONNECTION_URL.value() != f"sqlite+aiosqlite:///{path}":
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return None
    return " ".join([version("prefect"), *sorted(str(row[0]) for row in rows)])


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
        # All is written and closed; taking the interpreter down would cost another second.
        os._exit(0)
    else:
        prepare()
