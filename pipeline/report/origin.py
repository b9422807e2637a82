"""Sections on how the release came about: time per stage, recipe, versions, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from seimai.pipeline.report.funnel import limited_signals
from seimai.pipeline.report.markup import (
    Head,
    bar,
    code,
    count,
    escape,
    folded,
    note,
    percent,
    say,
    section,
    table,
)
from seimai.pipeline.report.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seimai.pipeline.run_record import RunRecord


FILES_SHOWN = 200
"""Files that are listed; `run.json` names all of them."""

DIGEST_SHOWN = 16
"""Digits of a digest that are shown; enough to compare by eye."""


SOURCES_SHOWN = 5
"""Sources that the head names."""


def when_and_what(run: RunRecord) -> Iterator[str]:
    """When a release was made, how long it took, and from what: the head of the page."""
    if "made" in run:
        # In the language of machines: a report is read in other places than it was made in.
        date = run["made"].replace("T", " ").removesuffix("Z")
        yield say(
            "page.made", date=f'<time datetime="{escape(run["made"])}">{escape(date)}</time> UTC'
        )
    if run["timings"]:
        yield say("page.took", time=_duration(sum(run["timings"].values())))
    names = run["source_names"]
    sources = "、".join(escape(name) for name in names[:SOURCES_SHOWN])
    if len(names) > SOURCES_SHOWN:
        sources += f" {say('page.more', count=count(len(names) - SOURCES_SHOWN))}"
    inputs = run["inputs"]
    # Of very many inputs `run.json` names the first and says how many there are.
    whole = len(inputs) == run.get("input_count", len(inputs))
    many = len({file["key"] for file in inputs}) if whole else run["input_count"]
    yield say("page.inputs", count=count(many), sources=sources)
    size = sum(file["bytes"] for file in inputs)
    if whole and size > 0:
        yield say("page.input_bytes", count=count(size))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return say("page.seconds", count=f"{seconds:,.1f}")
    if minutes < 60:
        return say("page.minutes", minutes=str(minutes), seconds=str(rest))
    return say("page.hours", hours=count(minutes // 60), minutes=str(minutes % 60))


def time_section(run: RunRecord) -> str:
    """Seconds per stage, in the order in which they ran."""
    timings = run["timings"]
    total = sum(timings.values())
    most = max(timings.values(), default=0.0) or 1.0
    rows = [
        [
            say(f"time.{stage}") if f"time.{stage}" in WORDS else escape(stage),
            f"{seconds:,.1f}",
            percent(seconds / total) if total else "–",
            bar([(0.0, seconds / most, "fill-plain")]),
        ]
        for stage, seconds in timings.items()
    ]
    rows.append([say("time.total"), f"{total:,.1f}", "100.0%", bar([])])
    heads = [
        Head("head.stage"),
        Head("head.seconds", numbers=True),
        Head("head.time_share", numbers=True),
        Head("head.chart", wide=True),
    ]
    return section("time", say("time.title"), table(heads, rows, "funnel"), note(say("time.note")))


def made_section(run: RunRecord) -> str:
    """The recipe in full, versions of signals and packages, input and output files."""
    recipe = run["recipe_text"] or yaml.safe_dump(
        run["recipe_resolved"], sort_keys=False, allow_unicode=True
    )
    limits = limited_signals(run["recipe_resolved"])
    used = [(name, version) for name, version in run["signals"].items() if name in limits]
    rest = [(name, version) for name, version in run["signals"].items() if name not in limits]
    packages = table(
        [Head("head.package"), Head("head.version")],
        [[code(name), escape(version)] for name, version in run["versions"].items()],
    )
    signals = _versions(used) if used else ""
    if rest:
        summary = say("signals.others", count=count(len(rest)))
        signals += folded(summary, _versions(rest), opened=not used)
    return section(
        "made",
        say("made.title"),
        folded(
            say("made.recipe"), f'<pre tabindex="0"><code>{escape(recipe.strip())}</code></pre>'
        ),
        '<div class="columns">',
        f"<div><h3>{say('made.signals')}</h3>{signals}</div>",
        f"<div><h3>{say('made.packages')}</h3>{packages}</div>",
        "</div>",
        _files(run["outputs"], "made.outputs", "path", "sha256", rows="rows"),
        _files(run["inputs"], "made.inputs", "key", "xxh3", total=run.get("input_count")),
    )


def _versions(signals: list[tuple[str, int | str]]) -> str:
    return table(
        [Head("head.signal"), Head("head.version", numbers=True)],
        [[code(name), str(version)] for name, version in signals],
    )


def _files(
    files: Sequence[Mapping[str, Any]],
    title: str,
    name: str,
    digest: str,
    rows: str = "",
    total: int | None = None,
) -> str:
    total = len(files) if total is None else total
    heads = [Head("head.file")]
    heads += [Head("head.rows", numbers=True)] if rows else []
    heads += [Head("head.bytes", numbers=True), Head("head.digest")]
    lines = []
    for file in files[:FILES_SHOWN]:
        line = [code(file[name])]
        line += [count(file[rows])] if rows else []
        # A stream does not say how long it is.
        size = count(file["bytes"]) if file["bytes"] >= 0 else "–"
        lines.append([*line, size, code(str(file[digest])[:DIGEST_SHOWN])])
    more = total - FILES_SHOWN
    rest = note(say("page.more", count=count(more))) if more > 0 else ""
    summary = f'{say(title)}<span class="n">{count(total)}</span>'
    return folded(summary, table(heads, lines) + rest)
