"""The section on signals: a histogram of each, those with a limit first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seimai.pipeline.report.chart import histogram_svg
from seimai.pipeline.report.histogram import Histogram, View, view
from seimai.pipeline.report.markup import (
    code,
    count,
    escape,
    folded,
    legend,
    note,
    number,
    say,
    section,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Limit
    from seimai.pipeline.report.choose import Findings
    from seimai.pipeline.signal import Signal

QUANTILES = {0.01: "p1", 0.1: "p10", 0.5: "", 0.9: "p90", 0.99: "p99"}
"""Shown below each histogram; the one without a name is the median."""

_WHOLE = ("_count", "_max")
"""Units whose numbers are whole."""


def signals_section(job: Job, run: Mapping[str, Any], found: Findings) -> str:
    """All signals: with a limit in the order of the recipe, then the others, folded."""
    limits = job.recipe.limits
    rejects = {row["reason"]: row["texts"] for row in run["reasons"]}
    limited = [_figure(job, name, found, limits[name], rejects.get(name, 0)) for name in limits]
    others = [
        _figure(job, name, found, None, 0)
        for name in sorted(found.histograms)
        if name not in limits
    ]
    key = [
        ("fill-kept", "signals.key_kept"),
        ("fill-lost", "signals.key_lost"),
        ("outside", "signals.key_outside"),
    ]
    parts = [
        note(say("signals.note")),
        legend(key),
        f'<div class="signals">{"".join(limited)}</div>',
    ]
    if others:
        summary = say("signals.others", count=count(len(others)))
        grid = f'<div class="signals">{"".join(others)}</div>'
        parts.append(folded(summary, grid, opened=not limited))
    return section("signals", say("signals.title"), *parts)


def _figure(job: Job, name: str, found: Findings, limit: Limit | None, rejects: int) -> str:
    signal = job.signals[name]
    histogram = found.histograms.get(name)
    bounds = [at for at in ((limit.min, limit.max) if limit else ()) if at is not None]
    shown = view(histogram, bounds) if histogram else None
    first_line = signal.doc.strip().partition("\n")[0]
    rejected = ""
    if limit is not None:
        rejected = f"<span>{say('signals.rejects', count=count(rejects))}</span>"
    facts = [say("signals.unmeasured")]
    if histogram is not None:
        facts = list(_facts(histogram, signal, found, shown))
    said = "".join(f"<span>{fact}</span> " for fact in facts)
    return (
        f'<figure id="signal-{escape(name)}">'
        f"<figcaption>{code(name)}{rejected}</figcaption>"
        f"{histogram_svg(shown, limit) if shown else ''}"
        f'<p class="stats">{said}</p>'
        f'<p class="doc" lang="en">{escape(first_line)}</p></figure>'
    )


def _facts(
    histogram: Histogram, signal: Signal, found: Findings, shown: View | None
) -> Iterator[str]:
    if histogram.texts:
        values = histogram.quantiles(tuple(QUANTILES))
        for value, label in zip(values, QUANTILES.values(), strict=True):
            # Bins of a logarithmic axis have odd middles; what is counted comes in whole numbers.
            shown_value = round(value) if signal.name.endswith(_WHOLE) else value
            yield f"{label or say('signals.median')} {number(shown_value)}"
    if signal.needs == "tokens":
        yield say("signals.measured", count=count(found.measured), texts=count(found.texts))
    if histogram.empty:
        yield say("signals.empty", count=count(histogram.empty))
    if shown is not None and shown.beyond:
        yield say("signals.beyond", count=count(shown.beyond))
    if shown is not None and shown.scale.kind == "log":
        yield say("signals.log")
