"""
Who killed a worker: which signal, and on which text.

A signal that raises can be caught and named. One that takes its process with it (a crash in C,
`os._exit`, memory without end) can not; so when a task has killed a worker, its signals are tried
in a process of their own before they run in the next one.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from seimai.pipeline.errors import Problem
from seimai.pipeline.text import Texts
from seimai.pipeline.text.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import pyarrow as pa

    from seimai.pipeline.signal import Needs, Signal

_WIDTH = 8
_ALL_DONE = (1 << 8 * _WIDTH) - 1


def look_for_culprit(texts: Texts, signals: Collection[Signal], ids: pa.ChunkedArray) -> None:
    """Try the signals; one that kills its process is a `Problem` that names it and the text."""
    ordered = list(signals)
    found = _deadly([partial(signal, texts) for signal in ordered])
    if found is None:
        return
    place, status = found
    signal = ordered[place]
    alone = _deadly(
        [
            lambda row=row: signal(one_text(texts, row, signal.needs))  # type: ignore[misc]
            for row in range(len(texts))
        ]
    )
    name = str(ids[alone[0]].as_py()) if alone else "?"
    raise Problem("S029", signal=signal.name, id=name, status=status)


def one_text(texts: Texts, row: int, needs: Needs) -> Texts:
    """One text of a batch as a batch of its own, with its tokens where they are needed."""
    column = texts.column.slice(row, 1)
    if needs == "characters":
        return Texts(column)
    tokens = texts.tokens
    part = slice(tokens.first[row], tokens.first[row + 1])
    columns = {one.name: getattr(tokens, one.name)[part] for one in fields(tokens)}
    columns["first"] = np.array([0, part.stop - part.start])
    return Texts(column, Tokens(**columns))


def _deadly(steps: Sequence[Callable[[], object]]) -> tuple[int, int] | None:
    """
    Which of some calls, made one after the other, ends the process, and its exit status.

    They are made in a fork of this process, which tells through a pipe how far it came.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        for place, step in enumerate(steps):
            os.write(write, place.to_bytes(_WIDTH))
            # Exceptions are reported when the step runs for real.
            with contextlib.suppress(Exception):
                step()
        os.write(write, _ALL_DONE.to_bytes(_WIDTH))
        os._exit(0)
    os.close(write)
    last = 0
    with os.fdopen(read, "rb") as told:
        while message := told.read(_WIDTH):
            last = int.from_bytes(message)
    _, status = os.waitpid(child, 0)
    return None if last == _ALL_DONE else (last, os.waitstatus_to_exitcode(status))
