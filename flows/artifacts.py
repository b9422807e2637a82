"""What a run shows in Prefect's pages: a bar per stage, the funnel, the reasons, the release."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.logging import get_run_logger

import seimai.flows.settings  # noqa: F401 - before prefect
from seimai.pipeline.engine.progress import amount, duration, rate, stage_name
from seimai.pipeline.messages import sentence
from seimai.pipeline.report.funnel import (
    Check,
    expectations,
    funnel,
    kept_characters_share,
    reasons,
)

if TYPE_CHECKING:
    from uuid import UUID

    from seimai.pipeline.engine.progress import Progress
    from seimai.pipeline.recipe import Recipe
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
        """A new bar."""
        self._other.stage(name, total, unit)
        self._name, self._total, self._unit = name, total, unit
        self._items = self._bytes = 0
        self._begun = self._said = time.monotonic()
        self._artifact = None
        if total:
            made = create_progress_artifact(0.0, description=stage_name(name))
            self._artifact = cast("UUID", made)

    def advance(self, n_items: int, n_bytes: int = 0, n_texts: int = 0, n_passed: int = 0) -> None:
        """Count."""
        self._other.advance(n_items, n_bytes, n_texts, n_passed)
        with self._lock:
            self._items += n_items
            self._bytes += n_bytes

    def look(self) -> None:
        """Update the bar if it was not lately."""
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


def show(run: RunRecord, recipe: Recipe, out: Path) -> None:
    """Funnel, reasons, and where the release is, for people who look at a finished run."""
    create_table_artifact(
        [
            {
                sentence("flow.step"): sentence(f"funnel.{step.name}"),
                sentence("flow.texts"): f"{step.count:,}",
                sentence("flow.share"): f"{100 * step.share:.1f}%",
            }
            for step in funnel(run)
        ],
        key=key("funnel", recipe.recipe),
        description=_characters(run),
    )
    create_table_artifact(
        [
            {
                sentence("flow.reason"): reason.name,
                sentence("flow.texts"): f"{reason.count:,}",
                sentence("flow.share"): f"{100 * reason.share:.1f}%",
                sentence("flow.alone"): f"{reason.alone:,}",
            }
            for reason in reasons(run)
        ],
        key=key("reasons", recipe.recipe),
        description=sentence("flow.reasons"),
    )
    create_markdown_artifact(
        release_page(run, recipe, out),
        key=key("release", recipe.recipe),
        description=sentence("flow.release"),
    )


def release_page(run: RunRecord, recipe: Recipe, out: Path) -> str:
    """
    Where everything is, and whether the run is as expected, in Markdown.

    Paths are given as the run was given them and are no links: the pages of Prefect may be open on
    another machine, and a browser follows no file links from them.
    """
    lines = [f"### {recipe.about.title or recipe.recipe}", "", _characters(run), ""]
    lines += [
        f"- {sentence('flow.data')}: `{out / 'release'}`",
        f"- {sentence('flow.report')}: `{out / 'release' / 'report.html'}`",
    ]
    checks = expectations(recipe.expect, run)
    if checks:
        lines += ["", f"| {sentence('expect.title')} | | |", "|---|---|---|"]
    for check in checks:
        verdict = sentence("expect.ok" if check.ok else "expect.off")
        lines.append(f"| {sentence(f'expect.{check.name}')} | {bounds(check)} | {verdict} |")
    return "\n".join(lines)


def bounds(check: Check) -> str:
    """
    A check with its bounds.

    >>> bounds(Check("kept_share", 0.3, 0.4, None))
    '0.40 ≤ 0.30'
    """
    low = f"{check.low:.2f} ≤ " if check.low is not None else ""
    high = f" ≤ {check.high:.2f}" if check.high is not None else ""
    return f"{low}{check.value:.2f}{high}" + (f" ({check.about})" if check.about else "")


def key(what: str, recipe: str) -> str:
    """
    The key of an artifact: one history per recipe. Prefect allows small letters, digits and dashes.

    >>> key("funnel", "llm-jp_v1"), key("funnel", "社内")
    ('funnel-llm-jp-v1', 'funnel')
    """
    return f"{what}-{re.sub('[^a-z0-9]+', '-', recipe.lower())}".strip("-")


def _characters(run: RunRecord) -> str:
    letters = run["characters"]
    kept, read, share = (
        f"{letters['kept']:,}",
        f"{letters['read']:,}",
        f"{100 * kept_characters_share(run):.1f}%",
    )
    return sentence("funnel.characters", kept=kept, read=read, share=share)
