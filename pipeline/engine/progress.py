"""
How far a run has come: what stages tell, and who listens.

Stages know only the protocol. Listeners here write plain lines or nothing; the one that draws bars
is in `terminal`, because it needs rich. All of them may be called from several threads.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from seimai.pipeline.messages import MESSAGES, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN_SECONDS = 5.0
"""A plain line at most so often, and seldom more than one in twenty of the time that has passed: a
log of a night's run stays readable."""

PLAIN_PART = 20

LEFT_SECONDS = 3.0
"""How long a stage has to run before what is left of it is estimated."""

MEGABYTE = 1_000_000


class Progress(Protocol):
    """Who wants to know how far a run is: called when stages begin, advance and end."""

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """A stage starts: `total` units of work, None if unknown."""

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Count finished items, and the bytes and texts they held; how many pass so far."""

    def done(self) -> None:
        """The stage has ended."""


class Silent:
    """A listener that shows nothing."""

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """Do nothing."""

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Do nothing."""

    def done(self) -> None:
        """Do nothing."""


class Plain:
    """
    One line when a stage ends, and one every few seconds while it runs; for logs and pipes.

    Each begins with the time of day, and none is said twice.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._name = ""

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """Remember the stage; its first line comes when there is something to say."""
        with self._lock:
            self._name, self._total, self._unit = name, total, unit
            self._items, self._bytes, self._texts, self._passed = 0, 0, 0, 0
            self._begun = self._said = time.monotonic()
            self._said_items: int | None = None

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Add up, and speak if the last line is long ago."""
        with self._lock:
            self._items += n_items
            self._bytes += n_bytes
            self._texts += n_texts
            self._passed += n_passed
            now = time.monotonic()
            if now - self._said >= max(PLAIN_SECONDS, (now - self._begun) / PLAIN_PART):
                self._said = now
                self._say(now)

    def done(self) -> None:
        """Write the last line of the stage."""
        with self._lock:
            if self._name and self._items != self._said_items:
                self._say(time.monotonic())
            self._name = ""

    def _say(self, now: float) -> None:
        self._said_items = self._items
        seconds = now - self._begun
        parts = [
            stage_name(self._name),
            amount(self._items, self._total, self._unit),
            texts_so_far(self._texts, self._passed),
            rate(self._bytes, seconds),
            duration(seconds),
            time_left(self._items, self._total, seconds),
        ]
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        self._stream.write(f"{stamp}  " + "   ".join(part for part in parts if part) + "\n")
        self._stream.flush()


def texts_so_far(texts: int, passed: int) -> str:
    """How many texts went through, and how many of them no limit on characters rejects."""
    if texts < 2:
        return ""
    share = f"{100 * passed / texts:.0f}%"
    code = "progress.passed" if passed else "unit.texts"
    return sentence(code, count=f"{texts:,}", share=share)


def time_left(items: int, total: int | None, seconds: float) -> str:
    """What is left of a stage at its pace so far; empty where nobody can know."""
    if not total or not items or items >= total or seconds < LEFT_SECONDS:
        return ""
    return sentence("progress.left", time=duration(seconds / items * (total - items)))


def stage_name(name: str) -> str:
    """The name of a stage in the language of the process; a stage we do not know by its own."""
    return sentence(f"stage.{name}") if f"stage.{name}" in MESSAGES else name


def amount(items: int, total: int | None, unit: str) -> str:
    """`12/12 shards`, `1,204 texts` where the end is not known, nothing for a single step."""
    if total == 1:
        return ""
    code = f"unit.{unit}"
    count = f"{items:,}" if total is None else f"{items:,}/{total:,}"
    return sentence(code, count=count) if code in MESSAGES else f"{count} {unit}"


def rate(n_bytes: int, seconds: float) -> str:
    """Megabytes of text per second; empty where no bytes were counted."""
    if not n_bytes or seconds <= 0:
        return ""
    return f"{n_bytes / MEGABYTE / seconds:,.1f} MB/s"


def duration(seconds: float) -> str:
    """A time as a person says it, in the language of the process: `4 s`, `1 h 20 min`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return sentence("time.hours", hours=hours, minutes=minutes_left)
    if minutes:
        return sentence("time.minutes", minutes=minutes, seconds=rest)
    return sentence("time.seconds", seconds=whole or f"{seconds:.1f}")


def size(n_bytes: float) -> str:
    """
    Bytes for people.

    >>> size(1_500_000_000), size(31_400_000_000_000)
    ('1.5 GB', '31.4 TB')
    """
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.3g} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB" if n_bytes < 1000 else f"{n_bytes / 1000:.1f} TB"


class Timings(dict[str, float]):
    """Seconds per stage, as a context manager per name; stages inside others are taken off."""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to `stage`."""
        inside = sum(self.values())
        begin = time.perf_counter()
        yield
        spent = time.perf_counter() - begin - (sum(self.values()) - inside)
        self[stage] = round(self.get(stage, 0.0) + spent, 3)
