"""
Surroundings: what stands between us and an input, such as disks, shares, servers and permissions.

A fault of theirs says nothing about the input. It is waited for, and where it lasts the input is
left unfinished: named, not in quarantine, and tried again by the next run. What is wrong *in* an
input is the business of `ingest/`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import xxhash

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.ingest.contract import Input, from_system
from seimai.pipeline.ingest.remote import digest_of_read, remote_version
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.run_record import UnfinishedInput

WAITS = (0.5, 2.0, 8.0)
"""Seconds between tries: a server that starts again and a share that fails over take so long."""

MOST_WAITING = 60.0
"""Seconds that a process waits in all: a share that is gone must not cost ten for each file."""

LEAST_WAIT = 0.05
"""Seconds that each wait takes at least, however much this process has waited already."""

NAMED = 5
"""At most this many unfinished inputs are named in a sentence."""

CHANGED = "changed"
"""The cause of an input that became another one while it was read."""

_T = TypeVar("_T")

_waited = [0.0]


@dataclass(frozen=True)
class Unfinished:
    """An input that was left, and why; the next run tries again."""

    source: str
    key: str
    cause: str
    detail: str
    """What went wrong, in one English sentence: it is data, as in quarantine."""

    def as_record(self) -> UnfinishedInput:
        """Its entry under `unfinished` in `run.json`."""
        return {
            "source": self.source,
            "key": self.key,
            "cause": self.cause,
            "detail": self.detail,
        }


class Interfered(Exception):  # noqa: N818 - what happened, and no fault of ours
    """Something kept inputs of a split from being read."""

    def __init__(self, faults: Sequence[Unfinished]) -> None:
        super().__init__(", ".join(fault.key for fault in faults))
        self.faults = list(faults)


def wait(seconds: float) -> None:
    """Wait for the surroundings, less and less where it did not help before."""
    spent = min(seconds, max(MOST_WAITING - _waited[0], LEAST_WAIT))
    _waited[0] += spent
    time.sleep(spent)


def patiently(action: Callable[[], _T]) -> _T:
    """What `action` gives, tried again after each of `WAITS` where the surroundings fail it."""
    for seconds in WAITS:
        try:
            return action()
        except OSError:
            wait(seconds)
        except Problem as problem:
            # An address that makes no sense will make none in ten seconds.
            if problem.code != "I002" or not isinstance(problem.__context__, OSError):
                raise
            wait(seconds)
    return action()


def version_of(one: Input) -> str:
    """
    What tells the content of an input from another one of the same name, without reading it.

    Of a local file its size, its number and the times of its last change; the second of them no
    program can set. "" where nothing is known. Raises `OSError`.
    """
    if "://" in one.path:
        return remote_version(one.path) if one.version and not is_fixed(one) else one.version
    path = Path(one.path)
    if path.is_dir():
        return folder_digest(path)
    with path.open("rb") as file:
        # A share looks again at what it remembers of a file when the file is opened.
        status = os.fstat(file.fileno())
    return f"{status.st_size} {status.st_ino} {status.st_mtime_ns} {status.st_ctime_ns}"


def is_fixed(one: Input) -> bool:
    """Whether an address says itself which version it means, or has none."""
    return one.format in {"datasets", "sql"}


def digest_of(one: Input) -> str:
    """Digest of the bytes of an input as they are stored; `OSError` where they cannot be read."""
    state = xxhash.xxh3_128()
    with one.open_raw() as file:
        while block := file.read(1 << 20):
            state.update(block)
    return state.hexdigest()


def folder_digest(folder: Path) -> str:
    """Digest of a data set that is a folder: its files by name, size and times of change."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return shard.fingerprint(
        files=[
            [
                path.relative_to(folder).as_posix(),
                (status := path.stat()).st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
            ]
            for path in files
        ]
    )


def doubt(one: Input, digest: str, *, damaged: bool) -> tuple[str, str] | None:
    """
    Cause and detail where what was just read is not what the plan speaks of.

    An input in which something was `damaged` is read once more: a bad disk and a cut transfer look
    like bad content, and differ from it in that the digest is another one.
    """
    try:
        if one.version and version_of(one) != one.version:
            return CHANGED, "it changed while it was read"
        if " " in digest or is_fixed(one) or Path(one.path).is_dir():
            return None  # The plan knows it by its version.
        seen = digest_of(one) if damaged and one.end is None else digest_of_read(one.path)
    except OSError as error:
        broken = from_system(error)
        return broken.cause, broken.detail
    if seen is not None and seen != digest:
        return CHANGED, "it is not what it was when the run began"
    return None


def named(unfinished: Sequence[Unfinished]) -> dict[str, str]:
    """The values of a sentence that names inputs that were left: how many, and the first."""
    first = ", ".join(f"{one.key} ({sentence(f'cause.{one.cause}')})" for one in unfinished[:NAMED])
    more = len(unfinished) - NAMED
    return {
        "count": f"{len(unfinished):,}",
        "inputs": f"{first} … +{more:,}" if more > 0 else first,
    }
