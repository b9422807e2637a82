"""
Files behind an address: opened through fsspec, with all that can fail on the way as `OSError`.

Every file system has errors of its own, and few of them are errors of the system: a connection
that breaks off in the middle of a file must cost the rest of the file, not the run. What they say
may hold an address with a password in it, so only the kind of error is told.
"""

from __future__ import annotations

import errno
import io
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENCE = 60.0
"""Seconds without a byte after which a server is given up; a large file may take hours."""

REFUSED = {401, 403}
GONE = {404, 410}
"""HTTP's words for what may not be read, and for what is not there."""


def settings(address: str) -> dict[str, Any]:
    """What the file system of an address is opened with, besides what the environment says."""
    if not address.startswith(("http://", "https://")):
        return {}
    import aiohttp

    # The default gives up any file after five minutes, however well it comes in.
    patience = aiohttp.ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE)
    return {"client_kwargs": {"timeout": patience}}


def open_remote(address: str) -> IO[bytes]:
    """The bytes behind an address, from the beginning; whatever fails is an `OSError`."""
    import fsspec

    with _as_system():
        opened = fsspec.open(address, "rb", **settings(address)).open()
    return cast("IO[bytes]", _Remote(opened))


@contextmanager
def _as_system() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # fsspec says of every refusal that there is no file; what the server said stands behind.
        status = next(filter(None, (getattr(one, "status", None) for one in _chain(error))), None)
        if status in REFUSED:
            raise PermissionError(errno.EACCES, "the server refuses it") from error
        is_plain = isinstance(error, OSError) and error.strerror  # Not a bare `TimeoutError`.
        if status in {None, *GONE} and (is_plain or isinstance(error, FileNotFoundError)):
            raise
        kind = type(error).__name__ if status is None else f"the server answers {status}"
        raise OSError(errno.EIO, f"the connection failed: {kind}") from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


class _Remote(io.RawIOBase):
    """A file of fsspec. A subclass of the standard library's, for zipfile and pyarrow."""

    def __init__(self, opened: Any) -> None:
        super().__init__()
        self._opened = opened

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """Whether the server gives any part that is asked for."""
        return bool(self._opened.seekable())

    def tell(self) -> int:
        """Where reading goes on."""
        return int(self._opened.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place."""
        with _as_system():
            return int(self._opened.seek(offset, whence))

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, b"" at the end."""
        with _as_system():
            return bytes(self._opened.read(size))

    def readinto(self, buffer: Any, /) -> int:
        """As `io.RawIOBase` wants it."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file underneath too."""
        if not self.closed:
            self._opened.close()
        super().close()
