"""
Highlights: which characters of a shown text made its number, found once for every report.

Some signals need their kernels for that, and loading these takes longer than the whole page. The
texts that a report shows are mostly those of the report before it, so the spans are left in
`OUT/stages/highlights.json`: numbers alone, by a digest of the text, the signal and its code.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import xxhash

from seimai.pipeline import shard

if TYPE_CHECKING:
    from collections.abc import Callable

    from seimai.pipeline.job import Job
    from seimai.pipeline.signal import Signal

FILE = "highlights.json"
"""In `OUT/stages`."""

Spans = list[tuple[int, int]]


class Highlights:
    """The spans that one report asks for, and those that the report before it has left."""

    def __init__(self, job: Job) -> None:
        self._path = job.out / "stages" / FILE
        self._left: dict[str, Any] = (shard.read_sealed(self._path) or {}).get("spans", {})
        self._asked: dict[str, Any] = {}

    def of(self, signal: Signal) -> Callable[[str], Spans] | None:
        """What finds the spans of a signal in a text; None where the signal has nothing to show."""
        where = signal.where
        if where is None:
            return None
        code = _code_of(signal)

        def find(text: str) -> Spans:
            key = f"{signal.name} {code} {xxhash.xxh3_128_hexdigest(text.encode())}"
            spans = self._left.get(key)
            if spans is None or code is None:
                spans = where(text)
            if code is not None:
                self._asked[key] = [list(map(int, span)) for span in spans]
            return [(begin, end) for begin, end in spans]

        return find

    def leave(self) -> None:
        """Leave what was asked for to the next report."""
        if self._asked != self._left and self._path.parent.is_dir():
            shard.write_sealed(self._path, {"spans": self._asked})


def _code_of(signal: Signal) -> str | None:
    """What tells that spans are found as before; None where that cannot be told."""
    code = getattr(signal.where, "__code__", None)
    try:
        status = os.stat(code.co_filename) if code else None  # noqa: PTH116 - a plain name
    except OSError:
        return None
    return status and f"{signal.fingerprint} {status.st_size} {status.st_mtime_ns}"
