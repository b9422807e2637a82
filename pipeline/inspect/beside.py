"""What stands beside a release: the ones before it, and the lists of what came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyarrow.parquet as pq

from seimai.pipeline.engine.publishing.published import read_run
from seimai.pipeline.inspect.checks import Check
from seimai.pipeline.messages import sentence
from seimai.pipeline.stages import changes, previous
from seimai.pipeline.stages.publish import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def look_beside(out: Path) -> Iterator[Check]:
    """What stands beside a release: earlier ones, by names and sizes, and the lists of changes."""
    for earlier in previous.folders(out):
        run = read_run(earlier)
        if run is None or not is_complete(earlier, run):
            yield Check(
                "fail", sentence("verify.previous_off", path=earlier), {"path": earlier.name}
            )
    told = changes.read(out)
    if told is None:
        return  # A run that was killed, or a rollback, leaves those of another pair until the next.
    off = []
    counts = cast("Mapping[str, int]", told)
    for name, count in ((name, counts[name]) for name in changes.LISTS):
        path = out / changes.CHANGES / f"{name}.parquet"
        try:
            rows = pq.read_metadata(path).num_rows
        except (OSError, ValueError):  # pyarrow's errors are ValueErrors
            rows = -1
        off += [path] * (rows != count)
    for path in off:
        yield Check("fail", sentence("verify.changes_off", path=path), {"path": path.name})
    if not off:
        yield Check("ok", sentence("verify.changes", path=changes.CHANGES))
