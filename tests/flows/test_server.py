"""The server of one run."""

import ssl
from collections.abc import Callable
from importlib.metadata import version
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


def test_prepared_once(
    tmp_path: Path, prefect_home: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that was prepared is known by its tables, and by the version of Prefect."""
    from prefect.settings import PREFECT_HOME, temporary_settings

    from seimai.flows import server

    monkeypatch.setenv("PREFECT_HOME", prefect_home(tmp_path / "home"))
    note = server.home() / ".prepared"
    with temporary_settings({PREFECT_HOME: server.home()}):
        found = [server.is_prepared()]
        written = note.read_text("utf-8")
        note.write_text(written.replace(version("prefect"), "3.0.0"), "utf-8")
        found.append(server.is_prepared())
        note.write_text(written, "utf-8")
        found.append(server.is_prepared())
        (server.home() / "prefect.db").write_bytes(b"")
        found.append(server.is_prepared())

    assert [True, False, True, False] == found


def test_other_database(
    tmp_path: Path, prefect_home: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a database needs that is not at home is for Prefect to say, at every start."""
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings

    from seimai.flows import server

    monkeypatch.setenv("PREFECT_HOME", prefect_home(tmp_path / "home"))
    other = f"sqlite+aiosqlite:///{tmp_path / 'other.db'}"
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: other}):
        assert not server.is_prepared()


def test_no_router_is_lost() -> None:
    """The API of our server is all of Prefect's; the places that a run asks are looked at first."""
    from prefect.server.api.server import API_ROUTERS

    from seimai.flows.server import asked_first

    found = asked_first(API_ROUTERS)

    assert ["/admin", "/flows", "/flow_runs"] == [router.prefix for router in found[:3]]
    assert {id(router) for router in API_ROUTERS} == {id(router) for router in found}
    assert len(API_ROUTERS) == len(found)


def test_one_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of authorities that OpenSSL takes, with one of them."""
    from seimai.flows.server import one_certificate

    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(one_certificate())

    assert 1 == len(context.get_ca_certs())
