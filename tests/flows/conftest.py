"""A Prefect server for the tests of the flows: one for all of them, on a port of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from seimai.pipeline.messages import use_language

Ask = Callable[..., Any]

PLUGIN = '''
"""A signal that misbehaves while a file says so."""

import os
import signal as signals
import time
from pathlib import Path

import numpy as np

from seimai.pipeline.signal import signal

PLACE = Path(__file__).parent


@signal("test.moody_count", between=(0, np.inf))
def moody_count(texts):
    """Characters of the text."""
    if (PLACE / "sleep").exists():
        (PLACE / "asleep").touch()
        time.sleep(300)
    if (PLACE / "die once").exists():
        (PLACE / "die once").unlink()
        os.kill(os.getpid(), signals.SIGKILL)
    return texts.length
'''


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for a while."""
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, prefect_home: Callable[[Path], str]
) -> Iterator[str]:
    """The API address of a whole server, which this process talks to as long as tests run."""
    home = prefect_home(tmp_path_factory.mktemp("prefect"))
    soon = {
        # What the tests wait for: late runs are looked for at once, silence is noticed at once.
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "0",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
        "PREFECT_EVENTS_PROACTIVE_GRANULARITY": "PT1S",
    }
    with environment(PREFECT_HOME=home, PREFECT_LOGGING_LEVEL="CRITICAL", **soon):
        from seimai.flows.server import own_server, wait_until_ready

        with own_server(whole=True) as url:
            from prefect.settings import (
                PREFECT_API_URL,
                PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
                PREFECT_HOME,
                PREFECT_LOGGING_LEVEL,
                temporary_settings,
            )

            wait_until_ready(url)
            os.environ["PREFECT_API_URL"] = url
            with temporary_settings(
                {
                    PREFECT_API_URL: url,
                    PREFECT_HOME: home,
                    PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
                    PREFECT_LOGGING_LEVEL: "CRITICAL",
                }
            ):
                yield url
                from seimai.flows.command import flush

                flush()


@pytest.fixture
def ask(server: str) -> Ask:
    """A function that asks the server's API, as its pages do."""

    def question(path: str, **content: Any) -> Any:
        request = Request(  # noqa: S310 - our own server
            f"{server}/{path}",
            json.dumps(content).encode(),
            {"content-type": "application/json"},
        )
        with urlopen(request) as answer:  # noqa: S310 - as above
            return json.load(answer)

    return question


@pytest.fixture
def moody(tmp_path: Path, clean_registry: None) -> Path:
    """A filters file with the signal `test.moody_count`; files beside it say how it behaves."""
    del clean_registry
    path = tmp_path / "moody" / "moody.py"
    path.parent.mkdir()
    path.write_text(PLUGIN, "utf-8")
    return path


@pytest.fixture(autouse=True)
def english() -> None:
    """Sentences are compared in English."""
    use_language("en")
