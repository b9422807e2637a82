"""
Measure: run signals over a shard, one float32 column per signal.

Character signals run on every text, whatever the recipe limits, because they cost next to
nothing and stored numbers let a limit be changed without measuring again. Word signals run on
the texts that were tokenized.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.stages.crash_isolation import look_for_culprit, one_text

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from seimai.pipeline.signal import Signal
    from seimai.pipeline.text import Texts


def measure(
    texts: Texts, signals: Collection[Signal], ids: pa.ChunkedArray, *, wary: bool = False
) -> pa.Table:
    """
    One row per text, one column per signal, nan where there was nothing to measure.

    A signal that raises is run again text by text, so that the `Problem` names the text. With
    `wary` they are tried in another process first, because one of them may have killed a worker.
    """
    if wary:
        look_for_culprit(texts, signals, ids)
    return pa.table({signal.name: _numbers(signal, texts, ids) for signal in signals})


def _numbers(signal: Signal, texts: Texts, ids: pa.ChunkedArray) -> NDArray[np.float32]:
    try:
        return signal(texts)
    except (Problem, Problems, MemoryError):
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        raise Problem(
            "S002", signal=signal.name, id=_first_failing(signal, texts, ids), cause=cause
        ) from error


def _first_failing(signal: Signal, texts: Texts, ids: pa.ChunkedArray) -> str:
    """The id of the first text on which the signal fails alone; a batch may fail as a whole."""
    for k in range(len(texts)):
        try:
            signal(one_text(texts, k, signal.needs))
        except Exception:  # noqa: BLE001 - whatever a plugin raises is what we look for
            return str(ids[k].as_py())
    return f"{ids[0].as_py()} …"
