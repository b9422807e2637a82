"""
Files behind an address: opened through fsspec, with all that can fail on the way as `OSError`.

Every file system has errors of its own, and few of them are errors of the system: a connection
that breaks off in the middle of a file must cost the rest of the file, not the run. What they say
may hold an address with a password in it, so only the kind of error is reported.
"""

from __future__ import annotations

import errno
import io
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

import xxhash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def open_remote(address: str, size: int = 0) -> IO[bytes]:
    """
    The bytes behind an address, from the beginning; whatever fails is an `OSError`.

    So is an end before `size` bytes, where that is known.
    """
    import fsspec

    with as_system():
        opened = fsspec.open(address, "rb", **settings(address)).open()
    return cast("IO[bytes]", _Remote(opened, address, size))


@contextmanager
def as_system() -> Iterator[None]:
    """Whatever a file system of fsspec raises inside comes out as an `OSError`."""
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
        raise OSError(errno.ECONNABORTED, f"the connection failed: {kind}") from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


_read: dict[str, str] = {}
"""Digests of what was read last, from its beginning to its end, by address."""


def digest_of_read(address: str) -> str | None:
    """Digest of the bytes that were read last of an address; None where not all were, in order."""
    return _read.pop(address, None)


_MARKS = (
    ("ETag", "etag", "md5Hash", "Content-MD5", "Digest", "sha", "generation", "VersionId"),
    ("Last-Modified", "LastModified", "last_modified", "mtime", "modify", "updated"),
)
"""What file systems say of a content, the surest first: its digest or number, then its time."""


def version_in(details: Mapping[str, Any]) -> str:
    """What the details of a file say of its content, with its size; "" where they say nothing."""
    for names in _MARKS:
        said = [f"{name} {details[name]}" for name in names if details.get(name)]
        if said:
            return f"{details.get('size') or 0} {' '.join(said)}"
    return ""


def remote_version(address: str) -> str:
    """The version of what is behind an address now, as `version_in`; what fails is an `OSError`."""
    import fsspec

    with as_system():
        system, path = fsspec.core.url_to_fs(address, **settings(address))
        # What was known when the run began is not what is asked for.
        system.invalidate_cache()
        return version_in(system.info(path))


class _Remote(io.RawIOBase):
    """A file of fsspec. A subclass of the standard library's, for zipfile and pyarrow."""

    def __init__(self, opened: Any, address: str, size: int) -> None:
        super().__init__()
        self._opened = opened
        self._address = address
        self._size = size
        self._state: Any = xxhash.xxh3_128()

    def readable(self) -> bool:
        """Always true."""
        return True

    def seekable(self) -> bool:
        """Whether the server gives any part that is asked for."""
        return bool(self._opened.seekable())

    def tell(self) -> int:
        """The offset of the next byte."""
        return int(self._opened.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to an offset; the digest of what is read is given up."""
        self._state = None
        with as_system():
            return int(self._opened.seek(offset, whence))

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, b"" at the end."""
        with as_system():
            data = bytes(self._opened.read(size))
        if not data and size and 0 <= self._opened.tell() < self._size:
            raise ConnectionAbortedError(
                errno.ECONNABORTED, "the connection failed: it ended before the file did"
            )
        if self._state is not None:
            self._state.update(data)
            if size and not data:
                _read[self._address] = self._state.hexdigest()
        return data

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer, and say how many bytes it got."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file underneath too."""
        if not self.closed:
            self._opened.close()
        super().close()
