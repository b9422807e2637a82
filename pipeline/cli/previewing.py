"""`preview`: a recipe tried on a sample, as lines."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.explaining import number_text
from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.run import ready
from seimai.pipeline.cli.terminal import bar, columns, listener
from seimai.pipeline.engine.progress import duration
from seimai.pipeline.messages import MESSAGES, sentence
from seimai.pipeline.report.funnel import DEDUP, bound_text, limit_text, most_first
from seimai.pipeline.report.notices import packages_for

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.previewed import Edge, Lost, Preview
    from seimai.pipeline.recipe import Recipe

REASONS_SHOWN = 8
EDGES_SHOWN = 3
BAR_CELLS = 20


def preview_recipe(
    path: Path,
    *,
    rows: int,
    source: Sequence[str],
    workers: int | None,
    every: bool,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai preview RECIPE`."""
    begun = time.monotonic()
    recipe, found = tried(path, rows, source, workers, filters, manner)
    from seimai.pipeline.inspect.previewed import as_dict

    if manner.json:
        say_json(as_dict(found))
    elif not manner.quiet:
        say(preview_lines(recipe, found, time.monotonic() - begun, every=every))
    return 0


def tried(
    path: Path,
    rows: int,
    source: Sequence[str],
    workers: int | None,
    filters: Sequence[str],
    manner: Manner,
) -> tuple[Recipe, Preview]:
    """A recipe, and what became of a sample of its sources."""
    from seimai.pipeline import slim_imports

    recipe, out = ready(path, source, None, filters)
    slim_imports.load_pyarrow(with_pandas=recipe.reads_datasets)
    from seimai.pipeline.inspect.preview import preview

    return recipe, preview(
        recipe,
        rows=rows,
        out=out,
        filters=tuple(filters),
        workers=workers,
        progress=listener(quiet=manner.quiet or manner.json),
    )


def preview_lines(
    recipe: Recipe, found: Preview, seconds: float, *, every: bool = False
) -> Iterator[str]:
    """The sample, the funnel, the reasons, close calls, and the time for the whole."""
    sample = found.sample
    about = {"rows": f"{sample.size:,}", "total": f"{sample.total:,}", "time": duration(seconds)}
    yield sentence("preview.exact" if sample.exact else "preview.about", **about)
    if not sample.exact:
        counts = {"opened": f"{sample.opened:,}", "inputs": f"{sample.inputs:,}"}
        yield f"  {sentence('preview.opened', **counts)}"
    if sample.partly:
        yield f"  {sentence('preview.partly', count=f'{sample.partly:,}')}"
    if sample.unsized:
        yield f"  {sentence('preview.unsized', count=f'{sample.unsized:,}')}"
    yield ""
    yield from _funnel(found)
    if found.reasons:
        yield ""
        yield from _reasons(recipe, found.reasons, every=every)
    for edge in found.edges if every else found.edges[:EDGES_SHOWN]:
        yield ""
        yield from _edge(edge)
    yield ""
    if found.whole and not sample.unsized:
        share = f"{100 * found.words_share:.0f}%"
        told = {"time": _roughly(found.whole_seconds), "workers": found.workers, "share": share}
        yield sentence("preview.whole" if found.words_share else "preview.whole_bare", **told)
    yield sentence("preview.nothing_written")
    missing = packages_for(found.missing)
    if missing:
        yield str(missing)


def _funnel(found: Preview) -> Iterator[str]:
    sample = found.sample
    steps = {
        "preview.kept": found.kept,
        "preview.rejected": found.rejected,
        "preview.quarantined": sum(sample.quarantined.values()),
    }
    rows = [
        (
            f"  {sentence(name)}",
            f"{count:,}",
            percent(count, sample.size),
            bar(count / max(sample.size, 1), BAR_CELLS),
        )
        for name, count in steps.items()
        if count or name != "preview.quarantined"
    ]
    yield from columns(rows, frozenset({1, 2}))
    for cause, count in most_first(sample.quarantined):
        code = f"cause.{cause}"
        yield f"      {sentence(code) if code in MESSAGES else cause} {count:,}"
    if found.characters:
        told = {
            "kept": f"{found.characters_kept:,}",
            "read": f"{found.characters:,}",
            "share": percent(found.characters_kept, found.characters),
        }
        yield f"  {sentence('funnel.characters', **told)}"


def _reasons(recipe: Recipe, reasons: Sequence[Lost], *, every: bool) -> Iterator[str]:
    yield f"  {sentence('funnel.reasons')}"
    shown = reasons if every else reasons[:REASONS_SHOWN]
    rows = []
    for one in shown:
        limit = recipe.limits.get(one.reason)
        name = sentence("preview.duplicates") if one.reason == DEDUP else one.reason
        allowed = limit_text(limit.min, limit.max) if limit else ""
        alone = sentence("preview.alone", count=f"{one.alone:,}")
        rows.append((f"    {name}", allowed, f"{one.texts:,}", alone))
    yield from columns(rows, frozenset({2}))
    if len(shown) < len(reasons):
        yield f"    {sentence('preview.more', count=len(reasons) - len(shown))}"
    if any(one.reason == DEDUP for one in reasons):
        yield f"    {sentence('preview.duplicates_note')}"


def _edge(edge: Edge) -> Iterator[str]:
    sign = "≥" if edge.bound == "min" else "≤"
    limit = f"{edge.signal} {sign} {bound_text(edge.limit)}"
    yield f"  {sentence('preview.close', limit=limit)}"
    rows = [
        (
            f"    {number_text(text.value)}",
            sentence("preview.is_kept" if text.kept else "preview.is_rejected"),
            f"「{text.begins}」",
        )
        for text in edge.texts
    ]
    yield from columns(rows)


def _roughly(seconds: float) -> str:
    """An estimate without figures that it does not have."""
    for least, step in ((7200, 600), (1200, 300), (120, 60), (20, 10)):
        if seconds >= least:
            return duration(round(seconds / step) * step)
    return duration(max(1, round(seconds)))
