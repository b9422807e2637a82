"""An object store with the interface of S3, on this machine alone, that counts its requests."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRETS = {
    "AWS_ACCESS_KEY_ID": "PLANTEDKEYOFATEST",
    "AWS_SECRET_ACCESS_KEY": "planted/secret+of+a+test",
    "AWS_SESSION_TOKEN": "planted-token-of-a-test",
}
"""Credentials as a person would have them; none of them may be found in anything we write."""


class Store:
    """The server, with what it was asked, and what it is to refuse."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.asked: list[str] = []
        """Method and path of every request."""
        self.refuse_from: int | None = None
        """From this request on (counted from 0) nothing is answered but an error."""

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """Answer a request, as WSGI has it."""
        self.asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if self.refuse_from is not None and len(self.asked) > self.refuse_from:
            start("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return self._app(environ, start)

    def count(self, method: str = "") -> int:
        """How many requests there were, of one method or of all."""
        return sum(one.startswith(method) for one in self.asked)


@contextmanager
def object_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store with the bucket `bucket`, which the environment leads to as long as this lasts."""
    pytest.importorskip("s3fs")
    pytest.importorskip("moto")
    pytest.importorskip("flask_cors")
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    store = Store(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, store, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    for name, value in {
        **SECRETS,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    try:
        import fsspec

        files = fsspec.filesystem("s3", skip_instance_cache=True)
        files.call_s3("create_bucket", Bucket="bucket")
        store.asked.clear()
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        from moto.s3.models import s3_backends

        s3_backends.reset()
