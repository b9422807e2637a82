"""One line in a shell makes Prefect's own commands do as the flows do."""

from __future__ import annotations

import pytest

from seimai.flows.settings import exports


def values(port: int | None) -> dict[str, str]:
    """What the lines set, by name."""
    return dict(line.removeprefix("export ").split("=", 1) for line in exports(port))


def test_a_port_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, server and pages follow the port, and an address of before does not stay."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    found = values(4873)

    assert "http://127.0.0.1:4873/api" == found["PREFECT_API_URL"]
    assert "http://127.0.0.1:4873/api" == found["PREFECT_SERVER_UI_API_URL"]
    assert "4873" == found["PREFECT_SERVER_API_PORT"]


def test_without_a_port_an_address_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server elsewhere is kept, and none means Prefect's own port."""
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example/api")
    assert "http://prefect.example/api" == values(None)["PREFECT_API_URL"]

    monkeypatch.delenv("PREFECT_API_URL")
    assert "http://127.0.0.1:4200/api" == values(None)["PREFECT_API_URL"]
    assert "PREFECT_SERVER_API_PORT" not in values(None)
