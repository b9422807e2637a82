"""
One writer per output folder: who holds it, and whether workers of a killed run still write to it.

The system lets go of these locks when a process ends, however it ends, so none of them gets
stale and nobody has to clean up.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING

from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.errors import Problem, cannot_write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORKERS_SECONDS = 30.0
"""How long to wait for the workers of a killed run; they end within one call into C."""

LOOK_SECONDS = 0.05
"""Between two looks whether the workers of a run that is gone have ended."""


@contextlib.contextmanager
def lock(
    out: Path, held: Callable[[], None] | None = None, *, wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """
    Hold `out` for this process alone, or raise the `Problem` that names the other one.

    `held` is called before workers of a killed run are waited for. With `wait`, which is
    called first, the other process is waited for too.
    """
    handle = _open(out, ".lock")
    try:
        taken = _take(handle, fcntl.LOCK_EX, out)
        if not taken and wait is not None:
            wait()
            taken = _take(handle, fcntl.LOCK_EX, out, wait=True)
        if not taken:
            owner = os.read(handle, 32).decode(errors="replace").strip() or "?"
            raise Problem("O002", path=str(out), pid=owner)
        crash_point("lock-taken")
        # It is for whoever comes next to read; a full disk need not stop us here.
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
        crash_point("lock-named")
        if held:
            held()
        _wait_for_workers(out)
        yield
    finally:
        os.close(handle)


def _wait_for_workers(out: Path) -> None:
    """Wait for workers whose run was killed: they would put files of that run among ours."""
    handle = _open(out, ".workers")
    try:
        for _ in range(int(WORKERS_SECONDS / LOOK_SECONDS)):
            if _take(handle, fcntl.LOCK_EX, out):
                return
            time.sleep(LOOK_SECONDS)
    finally:
        os.close(handle)
    raise Problem("O002", path=str(out), pid="?")


def show_presence(out: Path) -> None:
    """Make it known, until this process ends, that a worker may be writing to `out`."""
    handle = _open(out, ".workers")
    _take(handle, fcntl.LOCK_SH, out)  # never closed: the system does that


def _open(out: Path, name: str) -> int:
    try:
        out.mkdir(parents=True, exist_ok=True)
        return os.open(out / name, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise cannot_write(out, error) from error


def _take(handle: int, how: int, out: Path, *, wait: bool = False) -> bool:
    """Take a lock if it is free, or wait for it; a file system without locks is a `Problem`."""
    try:
        fcntl.flock(handle, how if wait else how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise cannot_write(out, error) from error
    return True
