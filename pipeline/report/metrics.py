"""
Metrics of a run, as a file for Prometheus.

A run ends, and what it counted has to be there afterwards: the text file that the node exporter's
textfile collector picks up is Prometheus's own answer for such jobs. It is replaced as a whole
when a run ends, so that alarms see the run before until then. Every series has the label
`recipe`; `seimai_run_ok` is 0 where somebody has to look, and `seimai_run_end_timestamp_seconds`
says how old all this is.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, get_args

from seimai.pipeline.errors import cannot_write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from prometheus_client import CollectorRegistry

    from seimai.pipeline.run_record import RunRecord

Outcome = Literal["read", "kept", "rejected", "quarantined", "duplicates", "skipped"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
OfSource = Literal["read", "kept", "rejected", "duplicates"]
OF_SOURCES: tuple[OfSource, ...] = get_args(OfSource)


def write_metrics(path: Path, recipe: str, run: RunRecord | None, *, ok: bool) -> None:
    """
    Write the metrics of a run; `run` is None where it came to no release.

    Raises `Problem` where the file cannot be written.
    """
    from prometheus_client import CollectorRegistry, write_to_textfile

    registry = CollectorRegistry()
    _gauge(registry, "ok", "Whether the run ended well.", {(): float(ok)}, recipe)
    ended = {(): float(int(time.time()))}
    _gauge(registry, "end_timestamp_seconds", "When the run ended.", ended, recipe)
    if run is not None:
        _of_run(registry, run)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise cannot_write(path, error) from error


def _of_run(registry: CollectorRegistry, run: RunRecord) -> None:
    """What `run.json` counted."""
    recipe = run["recipe"]
    counts = {(name,): run["counts"][name] for name in OUTCOMES}
    _gauge(registry, "texts", "Records by what became of them.", counts, recipe, "outcome")
    letters = {("read",): run["characters"]["read"], ("kept",): run["characters"]["kept"]}
    _gauge(registry, "characters", "Characters read and kept.", letters, recipe, "outcome")
    sources = {
        (source, outcome): found[outcome]
        for source, found in sorted(run["sources"].items())
        for outcome in OF_SOURCES
    }
    help_ = "Texts of a source by what became of them."
    _gauge(registry, "source_texts", help_, sources, recipe, "source", "outcome")
    reasons = {(one["reason"],): float(one["texts"]) for one in run["reasons"]}
    _gauge(registry, "reason_texts", "Texts that a reason rejects.", reasons, recipe, "reason")
    causes = {(cause,): float(count) for cause, count in sorted(run["quarantine_causes"].items())}
    help_ = "Records that could not be read, by cause."
    _gauge(registry, "quarantined_records", help_, causes, recipe, "cause")
    stages = {(stage,): seconds for stage, seconds in run["timings"].items()}
    _gauge(registry, "stage_seconds", "Time of each stage.", stages, recipe, "stage")
    unfinished, odd = len(run.get("unfinished", ())), len(run.get("concerns", ()))
    _gauge(registry, "unfinished", "Inputs that could not be reached.", {(): unfinished}, recipe)
    _gauge(registry, "concerns", "What is odd about the run.", {(): odd}, recipe)


def _gauge(
    registry: CollectorRegistry,
    name: str,
    help_: str,
    values: Mapping[Any, float],
    recipe: str,
    *labels: str,
) -> None:
    """A gauge with its values by the labels that follow the recipe, each key a tuple of them."""
    from prometheus_client import Gauge

    gauge = Gauge(f"seimai_run_{name}", help_, ["recipe", *labels], registry=registry)
    for key, value in values.items():
        gauge.labels(recipe, *key).set(value)
