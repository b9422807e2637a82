"""
Settings of Prefect for a closed network: no telemetry, and a home of its own.

Prefect reads its settings when it is imported, so every module of this folder calls `quiet` before
that. What the environment says already stays as it is. For Prefect's own commands, in a shell:

    eval "$(python -m seimai.flows.settings)"

and with `--port 4873` for a server on another port than Prefect's own.
"""

from __future__ import annotations

import argparse
import os
import shlex
from importlib.metadata import version
from pathlib import Path

_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A first start creates the database: on a busy machine longer than the 20 s that are usual.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


PORT = 4200
"""The port on which a Prefect server listens by default."""


def quiet() -> None:
    """Tell Prefect to talk to nobody outside, and to keep its files in `home()`."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(home()))
    # Prefect makes its home itself, but not the folders above, and warns then.
    home().mkdir(parents=True, exist_ok=True)
    # Requests to a server on this machine must not go through the proxy of a company.
    direct = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if "127.0.0.1" not in direct:
        os.environ["no_proxy"] = os.environ["NO_PROXY"] = f"{direct},127.0.0.1".lstrip(",")


def home() -> Path:
    """
    Where Prefect keeps its database: `.prefect/VERSION` in the folder of the moment.

    One per version, because a database that a newer Prefect has opened is of no use to an older.
    """
    return Path(os.environ.get("PREFECT_HOME") or Path.cwd() / ".prefect" / version("prefect"))


def exports(port: int | None = None) -> list[str]:
    """
    Lines for a shell that let Prefect's own commands do as the flows do.

    With `port` the server is one of this machine on that port, whatever the environment says: the
    commands ask it there, `prefect server start` opens it there, and its pages look for it there.
    """
    values = {name: os.environ[name] for name in (*_QUIET, "PREFECT_HOME")}
    if port is None:
        values["PREFECT_API_URL"] = os.environ.get("PREFECT_API_URL", _address(PORT))
    else:
        values["PREFECT_API_URL"] = values["PREFECT_SERVER_UI_API_URL"] = _address(port)
        values["PREFECT_SERVER_API_PORT"] = str(port)
    return [f"export {name}={shlex.quote(value)}" for name, value in values.items()]


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/api"


quiet()

if __name__ == "__main__":
    # A server does not make its home by itself.
    home().mkdir(parents=True, exist_ok=True)
    _asked = argparse.ArgumentParser(prog="python -m seimai.flows.settings")
    _asked.add_argument("--port", type=int, help="of a server on this machine, if not 4200")
    print("\n".join(exports(_asked.parse_args().port)))  # noqa: T201 - a shell reads it
