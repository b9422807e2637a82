"""
Drawing on a terminal: progress bars with rates, and columns that fit Japanese text.

Bars need rich and are drawn only where a person looks on (a terminal); elsewhere `progress.Plain`
writes lines. Columns are plain text and cost nothing to import.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from seimai.pipeline.engine.progress import (
    Plain,
    Progress,
    Silent,
    amount,
    rate,
    stage_name,
    texts_so_far,
    time_left,
)

NAME_CELLS = 22
"""Cells for the name of a stage, so that bars stand under each other."""


def width(text: str) -> int:
    """
    How many cells of a terminal a text takes: full-width characters take two.

    >>> width("kept"), width("採用")
    (4, 4)
    """
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def columns(rows: Iterable[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """
    Rows as lines with aligned columns, two spaces between; those in `right` are right-aligned.

    >>> columns([("read", "12"), ("採用", "9")], frozenset({1}))
    ['read  12', '採用   9']
    """
    table = [list(row) for row in rows]
    widths = [
        max((width(row[k]) for row in table if k < len(row)), default=0)
        for k in range(max(map(len, table), default=0))
    ]
    lines = []
    for row in table:
        cells = [_padded(cell, widths[k], right=k in right) for k, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return lines


def _padded(cell: str, wide: int, *, right: bool) -> str:
    space = " " * (wide - width(cell))
    return space + cell if right else cell + space


def folded(text: str, cells: int = 96) -> list[str]:
    """
    Text as lines of at most so many cells (a mark that may not begin a line hangs over).

    Only lines that are too long are broken: Japanese anywhere but before a closing mark, Latin
    words and figures at a blank or where Japanese begins.

    >>> folded("米を研ぐ。水は多め。", 10)
    ['米を研ぐ。', '水は多め。']
    """
    lines: list[str] = []
    for line in text.split("\n"):
        row = ""
        for unit in _UNBROKEN.findall(line):
            if row and width(row) + width(unit.rstrip(_MAY_HANG)) > cells:
                lines.append(row.rstrip())
                row = ""
            row += unit if row else unit.lstrip()
        lines.append(row.rstrip())
    return lines


_MAY_HANG = "、。，．）」』】〉 "
_UNBROKEN = re.compile(
    r"[（「『【〈]*(?:[!-~]+|.)[、。，．・：；！？ー～…％）」』】〉ぁぃぅぇぉっゃゅょァィゥェォッャュョ々]*\s*"
)
"""What stays together at the end of a line: a Latin word or one sign, and what clings to it."""


def bar(share: float, cells: int = 20) -> str:
    """
    A share as a bar of block characters.

    >>> bar(0.5, 4)
    '██'
    """
    eighths = round(max(0.0, min(1.0, share)) * cells * 8)
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def listener(*, quiet: bool, stream: TextIO | None = None) -> Progress:
    """Bars on a terminal, lines elsewhere, nothing when asked to be quiet."""
    stream = stream or sys.stderr
    if quiet:
        return Silent()
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        return Bars(stream)
    return Plain(stream)


class Bars:
    """One bar per stage, drawn with rich."""

    def __init__(self, stream: TextIO | None = None) -> None:
        from rich.console import Console

        self._console = Console(file=stream or sys.stderr, highlight=False)
        self._lock = threading.Lock()
        self._live: Any = None

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """Draw the bar of a new stage."""
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Live

        with self._lock:
            self._end()
            self._bytes, self._items, self._total, self._unit = 0, 0, total, unit
            self._texts, self._passed = 0, 0
            self._live = Live(
                TextColumn("  {task.description}"),
                BarColumn(bar_width=20),
                TextColumn("{task.fields[amount]}"),
                TimeElapsedColumn(),
                TextColumn("{task.fields[rate]}"),
                TextColumn("{task.fields[left]}"),
                console=self._console,
            )
            shown = amount(0, total, unit)
            self._task = self._live.add_task(
                _padded(stage_name(name), NAME_CELLS, right=False),
                total=None if total == 1 else total,  # a single step has no middle: it pulses
                amount=shown,
                rate="",
                left="",
            )
            self._live.start()

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Move the bar."""
        with self._lock:
            if self._live is None:
                return
            self._items += n_items
            self._bytes += n_bytes
            self._texts += n_texts
            self._passed += n_passed
            seconds = self._live.tasks[0].elapsed or 0.0
            done = amount(self._items, self._total, self._unit)
            so_far = texts_so_far(self._texts, self._passed)
            self._live.update(
                self._task,
                advance=n_items,
                amount="   ".join(part for part in (done, so_far) if part),
                rate=rate(self._bytes, seconds),
                left=time_left(self._items, self._total, seconds),
            )

    def done(self) -> None:
        """Leave the bar as it is and go to the next line."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._live is not None:
            if self._total in (None, 1):
                self._live.update(self._task, total=1, completed=1)
            self._live.stop()
            self._live = None
