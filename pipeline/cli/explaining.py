"""`explain`: what became of a text, as lines."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.messages import sentence
from seimai.pipeline.terminal import columns

if TYPE_CHECKING:
    from seimai.pipeline.cli.commands import Manner
    from seimai.pipeline.explain import Explained, Row


WHOLE = 1000
"""Numbers from here on are shown without decimals."""


def explain_text(
    place: Path, text: str, *, every: bool, filters: Sequence[str], manner: Manner
) -> int:
    """`seimai explain OUT ID` and `seimai explain RECIPE -`."""
    from seimai.pipeline import explain

    if text == "-":
        from seimai.pipeline.cli.run import read_recipe

        recipe = read_recipe(place, filters, files=False)
        content = sys.stdin.buffer.read().decode("utf-8", "replace")
        found = explain.explain_text(recipe, content, filters)
    else:
        found = explain.explain(place, text, filters)
    if manner.json:
        say_json(explain.as_dict(found))
    else:
        say(explained_lines(found, every=every))
    return 0


def limit_text(limit: Mapping[str, Any]) -> str:
    """
    A limit for people.

    >>> limit_text({"min": 0.1, "max": 200_000})
    '≥ 0.1, ≤ 200,000'
    """
    low, high = limit.get("min"), limit.get("max")
    parts = [
        f"{sign} {number_text(bound)}"
        for sign, bound in (("≥", low), ("≤", high))
        if bound is not None
    ]
    return ", ".join(parts)


def number_text(number: float) -> str:
    """
    A number of a signal for people: four digits of a share, a count in full.

    >>> number_text(0.123456), number_text(1234567.0)
    ('0.1235', '1,234,567')
    """
    return f"{number:,.0f}" if abs(number) >= WHOLE else f"{number:.4g}"


def explained_lines(found: Explained, *, every: bool) -> Iterator[str]:
    """The verdict, the numbers beside the limits, and what would have to change."""
    head = f"{found.id}  {sentence('explain.kept' if found.kept else 'explain.rejected')}"
    if found.reasons:
        head += f"  {sentence('explain.first', reason=found.reasons[0])}"
    yield head
    if found.origin:
        source = found.origin["url"] or found.origin["input"] or found.origin["source"]
        where = {"shard": found.origin["shard"], "row": found.origin["row"]}
        yield f"  {sentence('explain.place', source=source, **where)}"
    if found.duplicate_of:
        alike = f"{found.similarity:.2f}" if found.similarity is not None else "–"
        yield f"  {sentence('explain.duplicate', keeper=found.duplicate_of, similarity=alike)}"
    limited = [row for row in found.rows if row.limit is not None]
    shown = limited if every else [row for row in limited if row.outcome != "ok"] or limited
    rest = [row for row in found.rows if row.limit is None] if every else []
    names = ("signal", "value", "limit", "verdict")
    table = [tuple(sentence(f"explain.{name}") for name in names)]
    table += [_cells(row) for row in [*shown, *rest]]
    if len(table) > 1:
        yield ""
        yield from (f"  {line}" for line in columns(table, frozenset({1})))
    if len(shown) < len(limited):
        yield f"  {sentence('explain.more', count=len(limited) - len(shown))}"
    for row in shown:
        if row.where:
            yield f"  {sentence('explain.where')}  {row.signal}: {' · '.join(row.where)}"
    for row in (*shown, *rest):
        if row.parts:
            parts = " · ".join(f"{label} {share:+.2f}" for label, share in row.parts)
            yield f"  {sentence('explain.parts')}  {row.signal}: {parts}"
    needed = list(found.needed)
    if found.duplicate_of:
        needed.append(sentence("explain.without", keeper=found.duplicate_of))
    if needed:
        joined = sentence("explain.and").join(needed)
        yield ""
        yield f"  {sentence('explain.would', limits=joined)}"


def _cells(row: Row) -> tuple[str, ...]:
    if row.outcome == "unmeasured":
        value = sentence("explain.unmeasured")
    else:
        value = sentence("explain.empty") if math.isnan(row.value) else number_text(row.value)
    said = {"ok": "explain.passes", "fails": "explain.fails"}.get(row.outcome)
    return row.signal, value, limit_text(row.limit or {}), sentence(said) if said else ""
