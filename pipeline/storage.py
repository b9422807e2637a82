"""
Where a release is published to: a folder, or object storage, by one small set of requests.

`Storage` is what publishing needs and no more: read a small file with its mark, write a small
file if nobody has written it meanwhile, put a file, list sizes, remove, fetch. A folder does it
with a rename after fsync, object storage with whole puts, which nobody sees half of. What is
asked of the storage is counted in `requests`, as object storage is paid by the request.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from seimai.pipeline.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CAUSE_SHOWN = 300
"""At most this many characters of a server's error are shown."""

DELETED_AT_ONCE = 1000
"""Objects that one request may delete, by the interface of S3."""


class Storage(Protocol):
    """What publishing asks of a folder or of object storage; paths are relative, with slashes."""

    url: str
    requests: Counter[str]
    """How many requests of each kind were made so far."""

    def read(self, path: str) -> tuple[bytes, str] | None:
        """A small file and its mark, which changes whenever it is written; None without it."""

    def write_if(self, path: str, data: bytes, mark: str | None) -> bool:
        """Write a small file if it still has its mark (None: if there is none); whether it did."""

    def put(self, path: str, file: Path) -> None:
        """Store a file, so that others see all of it or nothing."""

    def sizes(self, folder: str) -> dict[str, int]:
        """The bytes of every file below a folder, by its path from there."""

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files; those that are gone are no mistake."""

    def fetch(self, path: str, file: Path) -> None:
        """Copy a file of the storage to a file here."""


def is_address(place: str) -> bool:
    """
    Whether a place is an address, and not a folder of this machine.

    >>> is_address("s3://bucket/web"), is_address("out/web")
    (True, False)
    """
    return "://" in place


def open_storage(url: str) -> Storage:
    """The storage of an address; credentials come from the environment, never from the address."""
    if "@" in url or "?" in url:
        # What is in it would be shown, and stored.
        raise Problem("O012", place=url.partition("://")[0])
    if url.startswith("file://"):
        return Folder(url)
    return Objects(url)


class Folder:
    """A folder of this machine, by the address `file:///…`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.root = Path(self.url.removeprefix("file://"))
        self.requests: Counter[str] = Counter()

    def read(self, path: str) -> tuple[bytes, str] | None:
        """See `Storage`; the mark is the digest of the content."""
        self.requests["read"] += 1
        try:
            data = (self.root / path).read_bytes()
        except FileNotFoundError:
            return None
        return data, hashlib.sha256(data).hexdigest()

    def write_if(self, path: str, data: bytes, mark: str | None) -> bool:
        """See `Storage`."""
        from seimai.pipeline import shard

        with told(self.url), _locked(self.root):
            there = self.read(path)
            if (there[1] if there else None) != mark:
                return False
            self.requests["write"] += 1
            shard.write_bytes(self.root / path, data)
        return True

    def put(self, path: str, file: Path) -> None:
        """See `Storage`: a copy by another name, synced and renamed."""
        from seimai.pipeline import shard

        self.requests["put"] += 1
        target = self.root / path
        temporary = target.with_name(f".{target.name}{shard.TEMPORARY}")
        with told(self.url):
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as source, temporary.open("wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            temporary.replace(target)
            shard.sync_folder(target.parent)

    def sizes(self, folder: str) -> dict[str, int]:
        """See `Storage`."""
        self.requests["list"] += 1
        from seimai.pipeline import shard

        below = self.root / folder
        found = {}
        with told(self.url):
            for path in below.rglob("*"):
                # Files that another puts there are not there yet; others may go meanwhile.
                if path.name.startswith(".") and path.name.endswith(shard.TEMPORARY):
                    continue
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    if stat.S_ISREG(status.st_mode):
                        found[path.relative_to(below).as_posix()] = status.st_size
        return found

    def remove(self, paths: Sequence[str]) -> None:
        """See `Storage`; folders that are empty then go as well."""
        for path in paths:
            self.requests["remove"] += 1
            target = self.root / path
            target.unlink(missing_ok=True)
            while target.parent != self.root and not any(target.parent.iterdir()):
                target = target.parent
                target.rmdir()

    def fetch(self, path: str, file: Path) -> None:
        """See `Storage`."""
        with told(self.url):
            self.requests["read"] += 1
            shutil.copyfile(self.root / path, file)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder while its pointer is compared and written."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Objects:
    """Object storage that fsspec knows (s3://, gs://, abfs://)."""

    def __init__(self, url: str) -> None:
        import fsspec

        self.url = url.rstrip("/")
        with told(self.url):
            # Nothing is remembered: others write there as well, and the environment may change.
            fresh = {"use_listings_cache": False, "skip_instance_cache": True}
            self._files, self._root = fsspec.core.url_to_fs(self.url, **fresh)
        self.requests: Counter[str] = Counter()

    def read(self, path: str) -> tuple[bytes, str] | None:
        """See `Storage`; the mark is the ETag, asked first: what is read may only be newer."""
        with told(self.url):
            try:
                self.requests["head"] += 1
                mark = self._mark(path)
                self.requests["read"] += 1
                return self._files.cat_file(self._at(path)), mark
            except FileNotFoundError:
                return None

    def write_if(self, path: str, data: bytes, mark: str | None) -> bool:
        """
        See `Storage`: a conditional put of S3; elsewhere the mark is looked at just before.

        There, two that publish within the same moment are not told apart.
        """
        with told(self.url):
            if hasattr(self._files, "call_s3"):
                bucket, key, _ = self._files.split_path(self._at(path))
                condition = {"IfMatch": mark} if mark else {"IfNoneMatch": "*"}
                self.requests["write"] += 1
                try:
                    self._files.call_s3(
                        "put_object", Bucket=bucket, Key=key, Body=data, **condition
                    )
                except Exception as error:
                    if _is_refused(error):
                        return False
                    raise
                return True
            self.requests["head"] += 1
            try:
                there = self._mark(path)
            except FileNotFoundError:
                there = None
            if there != mark:
                return False
            self.requests["write"] += 1
            self._files.pipe_file(self._at(path), data)
        return True

    def put(self, path: str, file: Path) -> None:
        """See `Storage`; above 100 MB fsspec cuts it into parts of 50 MB, a request each."""
        with told(self.url):
            self.requests["put"] += 1
            self._files.put_file(str(file), self._at(path))

    def sizes(self, folder: str) -> dict[str, int]:
        """See `Storage`; a request for every thousand objects."""
        with told(self.url):
            self.requests["list"] += 1
            below = self._at(folder)
            try:
                found = self._files.find(below, detail=True)
            except FileNotFoundError:
                return {}
        start = len(self._files._strip_protocol(below)) + 1  # noqa: SLF001 - as paths come back
        return {path[start:]: int(one["size"]) for path, one in found.items()}

    def remove(self, paths: Sequence[str]) -> None:
        """See `Storage`."""
        with told(self.url):
            for begin in range(0, len(paths), DELETED_AT_ONCE):
                self.requests["remove"] += 1
                some = [self._at(path) for path in paths[begin : begin + DELETED_AT_ONCE]]
                try:
                    self._files.rm(some)
                except FileNotFoundError:
                    continue

    def fetch(self, path: str, file: Path) -> None:
        """See `Storage`."""
        with told(self.url):
            self.requests["read"] += 1
            self._files.get_file(self._at(path), str(file))

    def _at(self, path: str) -> str:
        return f"{self._root.rstrip('/')}/{path}"

    def _mark(self, path: str) -> str:
        """What changes when an object is written: its ETag, or what stands for one."""
        info: dict[str, Any] = self._files.info(self._at(path))
        names = ("ETag", "etag", "generation", "md5Hash", "created", "mtime")
        return next((str(info[name]) for name in names if info.get(name)), str(info.get("size")))


def _is_refused(error: BaseException | None) -> bool:
    """Whether a server said that the condition of a put does not hold."""
    while error is not None:
        said: Any = getattr(error, "response", None)
        code = str(said.get("Error", {}).get("Code")) if isinstance(said, dict) else ""
        if code in ("PreconditionFailed", "ConditionalRequestConflict", "412", "409"):
            return True
        if "PreconditionFailed" in str(error):
            return True
        error = error.__cause__
    return False


@contextmanager
def told(place: str) -> Iterator[None]:
    """Tell what a server or a missing package says in a sentence; what was published stays."""
    try:
        yield
    except ImportError as error:
        package = str(error.name or error)
        raise Problem("E001", what=place, package=package, install="seimai[remote]") from error
    except (Problem, KeyboardInterrupt):
        raise
    except Exception as error:
        # Every storage has errors of its own.
        said = str(error).strip().partition("\n")[0][:CAUSE_SHOWN]
        raise Problem("O010", place=place, cause=f"{type(error).__name__}: {said}") from error
