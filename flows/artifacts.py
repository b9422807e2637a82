"""What a run shows in Prefect's pages: a bar per stage, the funnel, the reasons, the release."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from prefect import runtime
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.flows.run_page import Where, characters, funnel_rows, page, reason_rows
from seimai.pipeline.engine.progress import amount, duration, rate, stage_name
from seimai.pipeline.messages import sentence
from seimai.pipeline.stages.changes import read as read_changes

if TYPE_CHECKING:
    from uuid import UUID

    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.report.funnel import Check
    from seimai.pipeline.run_record import RunRecord

UPDATE_SECONDS = 5.0
"""A progress artifact is updated at most so often: each update is kept in the history."""


class Bars:
    """
    Listens to a run and draws one progress artifact per stage; passes everything on to `other`.

    `advance` may come from any thread and only counts; `look` and the rest come from the flow.
    """

    def __init__(self, other: Progress) -> None:
        self._other = other
        self._lock = threading.Lock()
        self._artifact: UUID | None = None

    def stage(self, name: str, total: int | None = None, unit: str = "shards") -> None:
        """Begin the bar of a new stage."""
        self._other.stage(name, total, unit)
        self._name, self._total, self._unit = name, total, unit
        self._items = self._bytes = 0
        self._begun = self._said = time.monotonic()
        self._artifact = None
        if total:
            made = create_progress_artifact(0.0, description=stage_name(name))
            self._artifact = cast("UUID", made)

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Add what was done to the counts of the stage."""
        self._other.advance(n_items, n_bytes, n_texts, n_passed)
        with self._lock:
            self._items += n_items
            self._bytes += n_bytes

    def look(self) -> None:
        """Send the bars to Prefect, unless that was done a moment ago."""
        if time.monotonic() - self._said >= UPDATE_SECONDS:
            self._say(100 * self._items / (self._total or 1))

    def done(self) -> None:
        """The bar is full where all was done, else it stays where it is."""
        self._other.done()
        # A stage that the driver does itself, in one piece, is never advanced.
        whole = self._unit != "batches" or self._items == self._total
        text = self._say(100.0 if whole else 100 * self._items / (self._total or 1))
        self._artifact = None
        get_run_logger().info(text)

    def _say(self, percent: float) -> str:
        self._said = time.monotonic()
        seconds = self._said - self._begun
        batches = self._unit == "batches"
        count = amount(self._items, self._total, self._unit) if batches else ""
        parts = (stage_name(self._name), count, rate(self._bytes, seconds), duration(seconds))
        text = " · ".join(filter(None, parts))
        if self._artifact is not None:
            update_progress_artifact(self._artifact, min(percent, 100.0), description=text)
        return text


def show(
    run: RunRecord,
    before: RunRecord | None,
    checks: Sequence[Check],
    where: Where,
    samples: int,
) -> None:
    """Funnel, reasons, and a page with all of it, for people who look at a finished run."""
    name = runtime.deployment.name
    folder = where.folder
    create_table_artifact(
        funnel_rows(run, before), key=key("funnel", name, folder), description=characters(run)
    )
    create_table_artifact(
        reason_rows(run, before),
        key=key("reasons", name, folder),
        description=sentence("flow.reasons"),
    )
    create_markdown_artifact(
        page(run, before, checks, where, samples, read_changes(folder)),
        key=key("release", name, folder),
        description=sentence("flow.page"),
    )


def key(what: str, deployment: str | None, folder: Path) -> str:
    """
    The key of an artifact: one history for each deployment and folder, so that no trial is in it.

    Prefect allows small letters, digits and dashes; where that leaves nothing to tell two names
    apart, a digest does.

    >>> key("funnel", "nightly", Path("out/nightly")), key("funnel", None, Path("out/web_2"))
    ('funnel-nightly', 'funnel-out-web-2')
    >>> key("funnel", "nightly", Path("out/nightly/trial"))
    'funnel-nightly-out-nightly-trial'
    >>> key("funnel", None, Path("社内"))
    'funnel-4e67f9'
    """
    name = folder.as_posix().strip("./")
    if deployment:
        name = deployment if folder.name == deployment else f"{deployment}-{name}"
    slug = re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    if not slug or not name.isascii():
        slug = f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".strip("-")
    return f"{what}-{slug}"
