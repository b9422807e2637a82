"""The server of one run."""

from pathlib import Path

import pytest

from seimai.pipeline.errors import Problem


def test_fault_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What goes wrong inside the server stands in its log, which the message names."""
    from seimai.flows.server import own_server, wait_until_ready

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.delenv("PREFECT_API_DATABASE_CONNECTION_URL", raising=False)
    (tmp_path / "prefect.db").write_bytes(b"not a database, only bytes " * 100)

    with own_server() as address, pytest.raises(Problem, match=str(tmp_path / "server.log")):
        wait_until_ready(address)

    assert "not a database" in (tmp_path / "server.log").read_text()
    assert "" == capfd.readouterr().err


def test_long_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of many servers does not grow for ever."""
    from seimai.flows import server

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    for _ in range(3):
        with server.open_log() as log:
            log.write(b"x" * (server.MOST_LOG // 2 + 1))

    assert server.MOST_LOG // 2 + 1 == server.log_path().stat().st_size
