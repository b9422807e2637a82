"""Report: one self-contained HTML page that shows what a run did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from seimai.pipeline.plan import Job


def write_report(job: Job, names: Sequence[str], content: dict[str, Any], path: Path) -> None:
    """Write the report of a run to `path`."""
    path.write_text("<!doctype html><title>Seimai</title>", encoding="utf-8")
