"""`dedup`: settings for duplicates, from which edits they shall catch."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import percent, say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.plan_dedup import Proposal


def propose_settings(
    out: Path | None,
    *,
    edited: float,
    recall: float,
    false: float,
    n: int,
    texts: int | None,
    manner: Manner,
) -> int:
    """`seimai dedup [OUT]`: 1 where no setting does what is asked."""
    from seimai.pipeline.inspect.plan_dedup import propose
    from seimai.pipeline.inspect.released import find_released

    for name, value in (("--edited", edited), ("--recall", recall), ("--false", false)):
        if not 0 < value < 1:
            raise Problem("U008", got=f"{value:g}", name=name, want="0.01 … 0.99", near="")
    run = find_released(out).run if out else None
    found = propose(edited=edited, recall=recall, false=false, n=n, texts=texts, run=run)
    if found is None:
        if manner.json:
            say_json(None)
        elif not manner.quiet:
            say(sentence("dedup.none"))
        return 1
    if manner.json:
        say_json({**asdict(found), "missing": found.missing})
    elif not manner.quiet:
        say(_lines(found))
    return 0


def _lines(found: Proposal) -> Iterator[str]:
    settings = f"n: {found.n}, rows: {found.rows}, bands: {found.bands}"
    yield f"dedup: {{{settings}, similarity: {found.similarity:g}}}"
    yield ""
    yield sentence(
        "dedup.does",
        similarity=f"{found.similarity:g}",
        recall=percent(found.recall, 1),
        half=f"{found.similarity / 2:g}",
        false=percent(found.false, 1),
    )
    yield ""
    yield sentence("dedup.levels")
    yield from columns(
        [(f"  {level:.2f}", percent(share, 1)) for level, share in found.levels], frozenset({1})
    )
    yield ""
    yield sentence("dedup.cost", texts=f"{found.texts:,}", characters=f"{found.characters:,.0f}")
    rows = [
        (f"  {sentence(f'dedup.{name}')}", f"{size / 1e9:,.1f} GB")
        for name, size in (
            ("disk", found.cost.disk),
            ("memory", found.cost.memory),
            ("index", found.cost.index),
        )
    ]
    if found.cost.seconds is not None:
        rows.append((f"  {sentence('dedup.time')}", f"{found.cost.seconds / 3600:,.1f} h"))
    yield from columns(rows, frozenset({1}))
    yield ""
    yield sentence("dedup.published", similarity=f"{found.similarity:g}")
    yield from columns(
        [
            (
                f"  {name}",
                f"{r} × {b}",
                percent(share, 1),
                sentence("dedup.misses") if name in found.missing else "",
            )
            for name, r, b, share in found.published
        ],
        frozenset({2}),
    )
