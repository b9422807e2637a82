"""
Interrupts: Ctrl-C and SIGTERM end a command in order, within seconds, and a second one at once.

In order means that workers are ended and the lock is let go, by `KeyboardInterrupt`. What is deep
in a long call hears of that late, so this process is ended after `SECONDS` all the same, which
costs nothing: a run may be killed at any moment. A handler is needed for SIGTERM: the first
process of a container would ignore it.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS: Final = 4.0
"""For an orderly end; Kubernetes kills after 30, a person looks for another terminal after 5."""

INTERRUPTED: Final = 130
"""The exit code, as shells give it for Ctrl-C."""


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise `KeyboardInterrupt` in this block at SIGINT or SIGTERM; in the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    timer = threading.Timer(SECONDS, os._exit, (INTERRUPTED,))
    timer.daemon = True

    def interrupt(*_: object) -> None:
        if timer.is_alive():
            os._exit(INTERRUPTED)
        timer.start()
        raise KeyboardInterrupt

    before = {}
    for kind in (signal.SIGINT, signal.SIGTERM):
        # What ignores Ctrl-C (`nohup`, a script with &) goes on ignoring it.
        if signal.getsignal(kind) is not signal.SIG_IGN:
            before[kind] = signal.signal(kind, interrupt)
    try:
        yield
    finally:
        timer.cancel()
        for kind, handler in before.items():
            signal.signal(kind, handler)
