"""The section on signals: a histogram of each, those with a limit first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seimai.pipeline.descriptions import first_sentence
from seimai.pipeline.messages import Message
from seimai.pipeline.report.chart import histogram_svg
from seimai.pipeline.report.funnel import combined_text, limit_text
from seimai.pipeline.report.histogram import Histogram, View, view
from seimai.pipeline.report.markup import (
    both,
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
    from seimai.pipeline.run_record import RunRecord
    from seimai.pipeline.signal import Signal

QUANTILES = {0.01: "p1", 0.1: "p10", 0.5: "", 0.9: "p90", 0.99: "p99"}
"""Shown below each histogram; the one without a name is the median."""

_WHOLE = ("_count", "_max")
"""Units whose numbers are whole."""


def signals_section(job: Job, run: RunRecord, found: Findings) -> str:
    """All signals: with a limit in the order of the recipe, then the others, folded."""
    limits, limited_names = job.recipe.limits, job.recipe.limited
    rejects = {row["reason"]: row["texts"] for row in run["reasons"]}
    limited = [
        _figure(job, name, found, limits.get(name), rejects.get(name, 0)) for name in limited_names
    ]
    others = [
        _figure(job, name, found, None, 0)
        for name in sorted(found.histograms)
        if name not in limited_names
    ]
    key = [
        ("fill-kept", "signals.key_kept"),
        ("fill-lost", "signals.key_lost"),
        ("outside", "signals.key_outside"),
    ]
    parts = [
        note(say("signals.note")),
        legend(key),
        *_combined(job, rejects, found),
        f'<div class="signals">{"".join(limited)}</div>',
    ]
    if others:
        summary = say("signals.others", count=count(len(others)))
        grid = f'<div class="signals">{"".join(others)}</div>'
        parts.append(folded(summary, grid, opened=not limited))
    return section("signals", say("signals.title"), *parts)


def _combined(job: Job, rejects: Mapping[str, int], found: Findings) -> Iterator[str]:
    """
    The combined limits, each with how many texts fail how many of its limits.

    The histograms below show their parts.
    """
    if not job.recipe.together:
        return
    lines = []
    for one in job.recipe.together:
        failing = found.failing.get(one.reason, Counter())
        parts = " · ".join(
            say("signals.failing", many=str(many), count=count(failing[many]))
            for many in range(len(one.limits) + 1)
            if failing[many]
        )
        lines.append(
            f'<li id="signal-{escape(one.reason)}">{code(one.reason)} '
            f"{both(combined_text(one.model_dump()))} · "
            f"{say('signals.rejects', count=count(rejects.get(one.reason, 0)))}"
            f"<br>{say('signals.asked', count=count(failing.total()))} {parts}</li>"
        )
    yield f'<h3>{say("signals.combined")}</h3><ul class="combined">{"".join(lines)}</ul>'


def _parts(job: Job, name: str) -> list[tuple[str, Limit]]:
    """What combined limits ask of a signal, each with the reason that the combined limit gives."""
    return [
        (one.reason, part)
        for one in job.recipe.together
        for part in (one.where.get(name), one.limits.get(name))
        if part is not None
    ]


def _figure(job: Job, name: str, found: Findings, limit: Limit | None, rejects: int) -> str:
    signal = job.signals[name]
    histogram = found.histograms.get(name)
    parts = _parts(job, name)
    # The picture has room for one limit: the signal's own, else the first that a combined one has.
    drawn = limit or next((part for _, part in parts), None)
    bounds = [at for at in ((drawn.min, drawn.max) if drawn else ()) if at is not None]
    shown = view(histogram, bounds) if histogram else None
    rejected = ""
    if limit is not None:
        rejected = f"<span>{say('signals.rejects', count=count(rejects))}</span>"
    facts = [say("signals.unmeasured")]
    if histogram is not None:
        facts = list(_facts(histogram, signal, found, shown, job.recipe.tokens.where))
    facts += [f"{code(reason)} {limit_text(part.min, part.max)}" for reason, part in parts]
    # Braces of a description are no placeholders.
    told = (first_sentence(signal, tongue) for tongue in ("en", "ja"))
    described = Message(*(text.replace("{", "{{").replace("}", "}}") for text in told))
    said = "".join(f"<span>{fact}</span> " for fact in facts)
    return (
        f'<figure id="signal-{escape(name)}">'
        f"<figcaption>{code(name)}{rejected}</figcaption>"
        f"{histogram_svg(shown, drawn) if shown else ''}"
        f'<p class="stats">{said}</p>'
        f'<p class="doc">{both(described)}</p></figure>'
    )


def _facts(
    histogram: Histogram,
    signal: Signal,
    found: Findings,
    shown: View | None,
    where: Mapping[str, Limit],
) -> Iterator[str]:
    if histogram.texts:
        values = histogram.quantiles(tuple(QUANTILES))
        for value, label in zip(values, QUANTILES.values(), strict=True):
            # Bins of a logarithmic axis have odd middles; what is counted comes in whole numbers.
            shown_value = round(value) if signal.name.endswith(_WHOLE) else value
            yield f"{label or say('signals.median')} {number(shown_value)}"
    if signal.needs == "tokens":
        yield say("signals.measured", count=count(found.measured), texts=count(found.texts))
        for name, limit in where.items():
            yield f"{say('signals.where')} {code(name)} {limit_text(limit.min, limit.max)}"
    if histogram.empty:
        yield say("signals.empty", count=count(histogram.empty))
    if shown is not None and shown.beyond:
        yield say("signals.beyond", count=count(shown.beyond))
    if shown is not None and shown.scale.kind == "log":
        yield say("signals.log")
