"""`plan`: what a run would cost, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.previewing import tried
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.engine.progress import duration, size
from seimai.pipeline.messages import MESSAGES, sentence

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.costs import Costs


def plan_costs(
    path: Path,
    *,
    rows: int,
    source: Sequence[str],
    workers: int | None,
    price: float | None,
    filters: Sequence[str],
    manner: Manner,
) -> int:
    """`seimai plan RECIPE`."""
    recipe, sample = tried(path, rows, source, workers, filters, manner)
    from seimai.pipeline.inspect.costs import as_dict, costs

    found = costs(recipe, sample)
    if manner.json:
        say_json(as_dict(found, price))
    elif not manner.quiet:
        say(lines(found, price, sampled=sample.sample.size))
    return 0


def lines(found: Costs, price: float | None, sampled: int) -> Iterator[str]:
    """Documents, time, memory, disk, files and money."""
    yield sentence("costs.title", workers=found.workers, rows=f"{sampled:,}")
    about = "" if found.exact else "~"
    rows = [
        ("documents", f"{about}{found.documents:,}", size(found.text_bytes)),
        ("time", duration(found.wall_seconds), _stages(found)),
        ("cores", f"{found.core_hours:,.2f}", ""),
        ("memory", size(found.memory_bytes), ""),
        ("disk", size(found.disk_bytes), _disk(found)),
        ("files", f"{found.files:,}", ""),
    ]
    if price is not None:
        rows.append(("price", f"{found.price(price):,.2f}", ""))
    told = [(f"  {sentence(f'costs.{name}')}", value, more) for name, value, more in rows]
    yield from columns(told, frozenset({1}))
    yield sentence("costs.note")


def _stages(found: Costs) -> str:
    """The stages that take the most, as shares of the processor time."""
    whole = sum(found.core_seconds.values())
    largest = sorted(found.core_seconds.items(), key=lambda item: (-item[1], item[0]))
    return " · ".join(
        f"{sentence(code) if (code := f'stage.{name}') in MESSAGES else name} "
        f"{percent(seconds, whole)}"
        for name, seconds in largest[:4]
    )


def _disk(found: Costs) -> str:
    told = {"stages": size(found.stage_bytes), "release": size(found.release_bytes)}
    return sentence("costs.of_disk", **told, count=found.kept_releases)
