"""`explain`: what became of a text, as lines."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import sentence
from seimai.pipeline.report.funnel import limit_text

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.explain import Choice, Combined, Explained, Row


FEW_LINES = 12
"""Lines that are shown of what a cleaner took out, unless all are asked for."""

SHOWN = 60
"""Characters shown of such a line."""

STRUCK, PLAIN = "\x1b[9m", "\x1b[29m"
"""What makes a terminal strike letters through, and ends it."""

WHOLE = 1000
"""Numbers from here on are shown without decimals."""


def explain_text(
    out: Path, id_: str, *, every: bool, filters: Sequence[str], manner: Manner
) -> int:
    """`seimai explain OUT ID`; with the id `-`, `out` is a recipe and the text is read."""
    from seimai.pipeline.inspect import explain

    if id_ == "-":
        from seimai.pipeline.cli.run import read_recipe

        recipe = read_recipe(out, filters, files=False)
        content = sys.stdin.buffer.read().decode("utf-8", "replace")
        found = [explain.explain_text(recipe, content, filters)]
    else:
        try:
            found = explain.explain_every(out, id_, filters)
        except Problem as problem:
            return _explain_aside(out, id_, problem, manner)
    if manner.json:
        said = [explain.as_dict(one) for one in found]
        say_json(said[0] if len(said) == 1 else said)
        return 0
    if len(found) > 1:
        say([sentence("explain.several", id=id_, count=f"{len(found):,}"), ""])
    for one in found:
        say(explained_lines(one, every=every, strike=sys.stdout.isatty()))
    return 0


def _explain_aside(out: Path, id_: str, problem: Problem, manner: Manner) -> int:
    """Say what became of an input that is no text; the problem where there is no such input."""
    from seimai.pipeline.inspect.aside import put_aside

    if problem.code != "U015":
        raise problem
    found, count = put_aside(out, id_)
    if not found:
        raise problem
    if manner.json:
        say_json({"id": id_, "kept": False, "aside": [vars(one) for one in found], "count": count})
        return 0
    for one in found:
        code = "explain.unfinished" if one.unfinished else "explain.aside"
        values = {"where": f"{one.key}{one.place}", "cause": sentence(f"cause.{one.cause}")}
        say([sentence(code, **values, detail=one.detail)])
    if count > len(found):
        say([sentence("explain.aside_more", count=f"{count - len(found):,}")])
    return 0


def number_text(number: float) -> str:
    """
    A number of a signal for people: four digits of a share, a count in full.

    >>> number_text(0.123456), number_text(1234567.0)
    ('0.1235', '1,234,567')
    """
    return f"{number:,.0f}" if abs(number) >= WHOLE else f"{number:.4g}"


def explained_lines(found: Explained, *, every: bool, strike: bool = False) -> Iterator[str]:
    """The verdict, the numbers beside the limits, what went, and what would have to change."""
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
    combined = [one for one in found.together if every or one.outcome in ("fails", "unmeasured")]
    shown = limited if every else [row for row in limited if row.outcome != "ok"]
    if not shown and not combined:
        shown = limited
    rest = [row for row in found.rows if row.limit is None] if every else []
    names = ("signal", "value", "limit", "verdict")
    table = [tuple(sentence(f"explain.{name}") for name in names)]
    table += [_cells(row) for row in shown]
    for one in combined:
        table += _combined_cells(one)
    table += [_cells(row) for row in rest]
    if len(table) > 1:
        yield ""
        yield from (f"  {line}" for line in columns(table, frozenset({1})))
    hidden = len(limited) - len(shown) + len(found.together) - len(combined)
    if hidden:
        yield f"  {sentence('explain.more', count=hidden)}"
    parts = [row for one in combined if one.outcome == "fails" for row in one.limits]
    for row in [*shown, *parts]:
        if row.where:
            yield f"  {sentence('explain.where')}  {row.signal}: {' · '.join(row.where)}"
    yield from _gone_lines(found, every=every, strike=strike)
    for row in (*shown, *rest):
        if row.parts:
            told = " · ".join(f"{label} {share:+.2f}" for label, share in row.parts)
            yield f"  {sentence('explain.parts')}  {row.signal}: {told}"
    needed = [*found.needed, *map(_choice_text, found.choices)]
    if found.duplicate_of:
        needed.append(sentence("explain.without", keeper=found.duplicate_of))
    if needed:
        joined = sentence("explain.and").join(needed)
        yield ""
        yield f"  {sentence('explain.would', limits=joined)}"


def _gone_lines(found: Explained, *, every: bool, strike: bool) -> Iterator[str]:
    """What each cleaner took out: how much, and the lines, struck through on a terminal."""
    for cleaner in dict.fromkeys(gone.cleaner for gone in found.gone):
        gone = [each.text.strip() for each in found.gone if each.cleaner == cleaner]
        counts = {"lines": f"{len(gone):,}", "characters": f"{sum(map(len, gone)):,}"}
        yield ""
        yield f"  {sentence('explain.gone', cleaner=cleaner, **counts)}"
        shown = gone if every else gone[:FEW_LINES]
        for text in shown:
            cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            yield f"  - {STRUCK}{cut}{PLAIN}" if strike else f"  - {cut}"
        if len(shown) < len(gone):
            yield f"  {sentence('explain.gone_more', count=len(gone) - len(shown))}"


def _choice_text(choice: Choice) -> str:
    """What one combined limit asks for, as part of a sentence."""
    if choice.count == len(choice.of):
        said = sentence("explain.and").join(choice.of)
    elif choice.count == 1:
        said = sentence("explain.or").join(choice.of)
    else:
        said = sentence("explain.some", count=choice.count, limits=" · ".join(choice.of))
    return sentence("explain.choice", reason=choice.reason, limits=said)


def _combined_cells(one: Combined) -> list[tuple[str, ...]]:
    """A combined limit with its parts below it, and the texts that it is asked of."""
    count = len(one.limits)
    value = sentence("explain.failing", failing=one.failing, count=count)
    allowed = sentence("explain.least", least=one.least)
    return [
        (one.reason, value, allowed, _outcome(one.outcome)),
        *(_cells(row, "  ") for row in one.limits),
        *(_cells(row, f"  {sentence('explain.asked')} ") for row in one.where),
    ]


def _outcome(outcome: str) -> str:
    said = {"ok": "explain.passes", "fails": "explain.fails", "unasked": "explain.unasked"}
    return sentence(said[outcome]) if outcome in said else ""


def _cells(row: Row, before: str = "") -> tuple[str, ...]:
    if row.outcome == "unmeasured":
        value = sentence("explain.unmeasured")
    else:
        value = sentence("explain.empty") if math.isnan(row.value) else number_text(row.value)
    limit = row.limit or {}
    allowed = limit_text(limit.get("min"), limit.get("max"))
    return f"{before}{row.signal}", value, allowed, _outcome(row.outcome)
