"""
Time limits: no record holds a worker for longer than it may.

A timer of the system counts the processor time of this process and looks whether anything was
finished since it looked last; where nothing was, `TooSlow` is raised in the middle of it. What runs
in C or in a kernel hears of that only when it comes back, so a worker is ended where that takes
too long as well: the next one is wary. Which texts of a batch it was is found in forks of the
worker, which may be ended without harm.

Processor time is counted because it says the same on a busy machine as on an idle one; what waits
without working is given ten times as long by the clock.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from seimai.pipeline.errors import TooSlow

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

PATIENCE = 3
"""A process that does not return from C code is ended after this many times its limit."""

WAITING = 10
"""A step may take this many times its limit by the clock: it may wait, or share a busy machine."""

CHUNKS = 64
"""A slow batch is first tried in this many parts: a fork for each row would cost minutes."""

PLAIN = "祖母は朝早く、川沿いの道で小さな鍵を見つけました。"
"""An ordinary text: what is loaded or compiled at the first call is not the fault of a record."""

_WIDTH = 8

T = TypeVar("T")


@dataclass
class _State:
    """What the timer of this process compares."""

    finished: int = 0
    """A counter that rises whenever something was finished."""
    seen: int = -1
    """The value of `finished` when the timer looked last."""
    limited: bool = False
    forks: bool = False
    """Whether this process may fork and may be ended, as workers may."""


_now = _State()


class SlowRows(Exception):  # noqa: N818 - what was found, and no fault of ours
    """Rows of a batch that take too long in one of the steps, or more memory than there is."""

    def __init__(self, step: str, rows: Sequence[int], large: Collection[int] = ()) -> None:
        super().__init__(f"{step}: {len(rows)}")
        self.step = step
        self.rows = list(rows)
        self.large = frozenset(large)
        """The rows among them at which the system ended the process, as when memory is short."""


def alive() -> None:
    """Say that something was finished: a record was read, a step was done."""
    _now.finished += 1


@contextmanager
def watched(seconds: float, *, worker: bool) -> Iterator[None]:
    """
    Raise `TooSlow` in this block where nothing is finished for `seconds` to twice as many.

    `worker` says that this process may be ended where that does not help. Only the main thread
    can be watched; in another one there is no limit.
    """
    if threading.current_thread() is not threading.main_thread() or _now.limited:
        yield
        return

    def look(*_: object) -> None:
        if worker:
            signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds)
        if not _now.limited:
            return
        if _now.seen == _now.finished:
            raise TooSlow
        _now.seen = _now.finished

    _now.limited, _now.forks, _now.seen = True, worker, -1
    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    if worker:
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE * seconds)
    try:
        yield
    finally:
        _now.limited = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGPROF, before)


@dataclass(frozen=True)
class Limit:
    """How long a record may take, and whether its batch has ended a worker before."""

    seconds: float
    wary: bool = False

    def hold(self, name: str, step: Callable[[pa.Table], T], table: pa.Table) -> T:
        """
        What a step gives for a batch.

        Raises `SlowRows` where rows of it take too long alone, and `TooSlow` where this process
        cannot find out which. A batch that is slow as a whole is given its time.
        """
        if not _now.limited:
            return step(table)
        if not self.wary:
            try:
                with _waiting(self.seconds):
                    return step(table)
            except TooSlow:
                if not _now.forks:
                    raise
        _now.limited = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        try:
            step(_plain(table))
            found = ended_rows(step, table, self.seconds)
            if found:
                large = [row for row, status in found.items() if status == -signal.SIGKILL]
                raise SlowRows(name, list(found), large)
            return step(table)
        finally:
            alive()
            _now.limited = True


@contextmanager
def _waiting(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` also where a step waits, without working, for far too long."""

    def ring(*_: object) -> None:
        raise TooSlow

    alive()
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, WAITING * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        alive()


def _plain(table: pa.Table) -> pa.Table:
    """A row of a batch with an ordinary text in it."""
    place = table.schema.get_field_index("text")
    text = pa.array([PLAIN][: table.num_rows], table.schema.field(place).type)
    return table.slice(0, 1).set_column(place, table.schema.field(place), text)


def ended_rows(
    step: Callable[[pa.Table], object], table: pa.Table, seconds: float
) -> dict[int, int]:
    """
    Which rows end a fork of this process that tries them alone, and how.

    The timer ends one that takes longer than that, the system one that takes too much memory:
    of two processes it ends the larger one, which is the fork.
    """
    size = max(1, -(-table.num_rows // CHUNKS))
    begins = range(0, table.num_rows, size)
    parts = _ended([(begin, size) for begin in begins], step, table, seconds)
    alone = [
        (row, 1)
        for begin in parts
        for row in range(begin, min(begin + size, table.num_rows))
        if size > 1
    ]
    return _ended(alone, step, table, seconds) if size > 1 else parts


def _ended(
    parts: Sequence[tuple[int, int]],
    step: Callable[[pa.Table], object],
    table: pa.Table,
    seconds: float,
) -> dict[int, int]:
    """The first rows of those parts of a batch that were ended, and how each was ended."""
    found: dict[int, int] = {}
    begin = 0
    while begin < len(parts):
        reached, status = _fork(parts[begin:], step, table, seconds)
        if status not in (-signal.SIGVTALRM, -signal.SIGALRM, -signal.SIGKILL):
            break  # All done; or it crashed, which `crash_isolation` will say.
        found[parts[begin + reached][0]] = status
        begin += reached + 1
    return found


def _fork(
    parts: Sequence[tuple[int, int]],
    step: Callable[[pa.Table], object],
    table: pa.Table,
    seconds: float,
) -> tuple[int, int]:
    """Try parts one after the other in a fork; gives the last that was begun, and how it ended."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        for ended in (signal.SIGVTALRM, signal.SIGALRM):
            signal.signal(ended, signal.SIG_DFL)
        for place, (begin, rows) in enumerate(parts):
            os.write(write, place.to_bytes(_WIDTH))
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
            signal.setitimer(signal.ITIMER_REAL, WAITING * seconds)
            # What it raises is reported when the step runs for real.
            with suppress(BaseException):
                step(table.slice(begin, rows))
        os._exit(0)
    os.close(write)
    last = 0
    with os.fdopen(read, "rb") as told:
        while message := told.read(_WIDTH):
            last = int.from_bytes(message)
    _, status = os.waitpid(child, 0)
    return last, os.waitstatus_to_exitcode(status)
