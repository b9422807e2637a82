"""`explain`: what became of a text, as lines."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from seimai.pipeline.cli.output import say, say_json
from seimai.pipeline.cli.terminal import columns
from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import MESSAGES, sentence, told
from seimai.pipeline.report.funnel import limit_text

if TYPE_CHECKING:
    from seimai.pipeline.cli.manner import Manner
    from seimai.pipeline.inspect.explained import Choice, Combined, Explained, Row


FEW_LINES = 12
"""Lines that are shown of what a cleaner took out, unless all are asked for."""

SHOWN = 60
"""Characters of a removed line that are shown."""

STRUCK, PLAIN = "\x1b[9m", "\x1b[29m"
"""Control sequences that make a terminal strike letters through, and end that."""

MOST_PLACES = 12
"""Places of a text that are shown for one signal, unless all are asked for."""

_SIGNS = frozenset("漢ア␣")
"""What stands for other characters in the n-grams of learned scores, and is no example itself."""

EMPTY_KEPT = " empty: keep"
"""How a condition ends that asks for nothing but to let a text pass that has nothing to measure."""

WHOLE = 1000
"""Numbers from here on are shown without decimals."""


def explain_text(
    out: Path, id_: str, *, every: bool, filters: Sequence[str], manner: Manner
) -> int:
    """`seimai explain OUT ID`; with the id `-`, `out` is a recipe and the text is read."""
    from seimai.pipeline.inspect import explain
    from seimai.pipeline.inspect.explained import as_dict

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
        said = [as_dict(one) for one in found]
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

    if problem.code == "U017":
        return _explain_released(out, id_, problem, manner)
    if problem.code != "U015":
        raise problem
    found, count = put_aside(out, id_)
    if not found:
        raise problem
    if manner.json:
        say_json({"id": id_, "kept": False, "aside": [vars(one) for one in found], "count": count})
        return 0
    for one in found:
        where = f"{one.key}{one.place}"
        if one.passed_over:
            say(sentence("explain.passed_over", where=where, what=sentence(f"skipped.{one.cause}")))
            continue
        code = "explain.unfinished" if one.unfinished else "explain.aside"
        cause = sentence(f"cause.{one.cause}")
        say(sentence(code, where=where, cause=cause, detail=told(one.detail)))
    if count > len(found):
        say([sentence("explain.aside_more", count=f"{count - len(found):,}")])
    return 0


def _explain_released(out: Path, id_: str, problem: Problem, manner: Manner) -> int:
    """Say what the release itself knows, where the stages are of another run."""
    from seimai.pipeline.cli.inquiring import found_lines
    from seimai.pipeline.inspect.find import find

    found = find(out, "id", id_)
    if not found:
        raise problem
    if manner.json:
        say_json({"id": id_, "stages": False, "released": [vars(one) for one in found]})
        return 0
    say([sentence("explain.other_run", path=out), ""])
    say(found_lines(found))
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
    yield from _head(found)
    if found.blank:
        yield ""
        yield f"  {sentence(f'explain.blank_{found.blank}')}"
    else:
        yield from _table(found, every=every)
    yield from _gone_lines(found, every=every, strike=strike)
    yield from _cut_lines(found, every=every, strike=strike)
    yield from _needed(found)


def _head(found: Explained) -> Iterator[str]:
    """The verdict, and where the text is from."""
    head = f"{found.id}  {sentence('explain.kept' if found.kept else 'explain.rejected')}"
    if found.reasons and not found.blank:
        head += f"  {sentence('explain.first', reason=found.reasons[0])}"
    yield head
    if found.origin:
        source = found.origin["url"] or found.origin["input"] or found.origin["source"]
        where = {"shard": found.origin["shard"], "row": found.origin["row"]}
        yield f"  {sentence('explain.place', source=source, **where)}"
    if found.duplicate_of:
        alike = f"{found.similarity:.2f}" if found.similarity is not None else "–"
        release = f" ({found.duplicate_in})" if found.duplicate_in else ""
        keeper = f"{found.duplicate_of}{release}"
        yield f"  {sentence('explain.duplicate', keeper=keeper, similarity=alike)}"


def _table(found: Explained, *, every: bool) -> Iterator[str]:
    """Numbers beside limits: those that decide, all if asked for, and what made them."""
    limited = [row for row in found.rows if row.limit is not None]
    combined = [one for one in found.together if every or one.outcome == "fails"]
    shown = limited if every else [row for row in limited if row.outcome == "fails"]
    unmeasured = [row.signal for row in limited if row.outcome == "unmeasured"]
    unmeasured += [one.reason for one in found.together if one.outcome == "unmeasured"]
    if not shown and not combined:
        shown = [row for row in limited if row.outcome != "unmeasured"]
    rest = [row for row in found.rows if row.limit is None] if every else []
    names = ("signal", "value", "limit", "verdict")
    table = [tuple(sentence(f"explain.{name}") for name in names)]
    table += [_cells(row) for row in shown]
    for one in combined:
        table += _combined_cells(one, every=every)
    table += [_cells(row) for row in rest]
    if len(table) > 1:
        yield ""
        yield from (f"  {line}" for line in columns(table, frozenset({1})))
    hidden = len(limited) - len(shown) + len(found.together) - len(combined)
    if unmeasured and not every:
        hidden -= len(unmeasured)
        yield from _unmeasured_lines(found, unmeasured)
    if hidden:
        yield f"  {sentence('explain.more', count=hidden)}"
    # A signal may stand in several combined limits: what made its number is told once.
    parts = [row for one in combined for row in (*one.limits, *one.where)]
    decisive = {row.signal: row for row in parts if row.outcome == "fails"}
    decisive |= {row.signal: row for row in shown}
    for row in decisive.values():
        if row.where:
            places = row.where if every else row.where[:MOST_PLACES]
            more = " · …" if len(places) < len(row.where) else ""
            yield f"  {sentence('explain.where')}  {row.signal}: {' · '.join(places)}{more}"
    for row in (decisive | {row.signal: row for row in rest}).values():
        yield from _parts_lines(row)


def _unmeasured_lines(found: Explained, names: Sequence[str]) -> Iterator[str]:
    """Limits that nobody could hold the text to, by why that is."""
    # A run counts these for every text, so a text without them is in none.
    alone = [name for name in names if name in found.of_run]
    if alone:
        yield f"  {sentence('explain.alone', names=' · '.join(alone))}"
    later = " · ".join(name for name in names if name not in alone)
    if later and found.unasked and not found.reasons:
        why = " · ".join(" ".join(filter(None, _cells(row)[:3])) for row in found.unasked)
        yield f"  {sentence('explain.no_words', why=why, names=later)}"
    elif later:
        yield f"  {sentence('explain.later', names=later)}"


def _parts_lines(row: Row) -> Iterator[str]:
    """What a learned score is made of: what raises it, and what lowers it."""
    for key, side in (
        ("raises", [part for part in row.parts if part[1] > 0]),
        ("lowers", [part for part in row.parts if part[1] <= 0]),
    ):
        if side:
            told = " · ".join(f"{label} {share:+.2f}" for label, share in side)
            yield f"  {sentence(f'explain.{key}', signal=row.signal)}  {told}"
    if any(not _SIGNS.isdisjoint(label) for label, _ in row.parts):
        yield f"  {sentence('explain.signs')}"


def _needed(found: Explained) -> Iterator[str]:
    """What would have to change for the text to be kept; several things line by line."""
    needed = [] if found.blank else [*found.needed, *map(_choice_text, found.choices)]
    empty = [one.removesuffix(EMPTY_KEPT) for one in needed if one.endswith(EMPTY_KEPT)]
    needed = [one for one in needed if not one.endswith(EMPTY_KEPT)]
    if empty:
        needed.append(sentence("explain.empty_kept", names=" · ".join(empty)))
    if found.duplicate_of:
        needed.append(sentence("explain.without", keeper=found.duplicate_of))
    if not needed:
        return
    yield ""
    if len(needed) == 1:
        yield f"  {sentence('explain.would', limits=needed[0])}"
        return
    yield f"  {sentence('explain.would_all')}"
    yield from (f"  - {_unwrapped(one)}" for one in needed)


def _unwrapped(condition: str) -> str:
    """Without the brackets that hold the conditions of one limit together within a sentence."""
    return condition[1:-1] if condition[:1] in "(（" else condition


def _gone_lines(found: Explained, *, every: bool, strike: bool) -> Iterator[str]:
    """What each cleaner took out: how much, and the lines, struck through on a terminal."""
    for cleaner in dict.fromkeys(gone.cleaner for gone in found.gone):
        lines = [(each.text.strip(), each.kind) for each in found.gone if each.cleaner == cleaner]
        characters = sum(len(text) for text, _ in lines)
        counts = {"lines": f"{len(lines):,}", "characters": f"{characters:,}"}
        yield ""
        yield f"  {sentence('explain.gone', cleaner=cleaner, **counts)}"
        runs = [(line, len(list(same))) for line, same in groupby(lines)]
        shown = runs if every else runs[:FEW_LINES]
        for (text, kind), times in shown:
            cut = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            struck = f"{STRUCK}{cut}{PLAIN}" if strike else cut
            often = f" ×{times}" if times > 1 else ""
            named = f"  [{sentence(f'gone.{kind}')}]" if f"gone.{kind}" in MESSAGES else ""
            yield f"  - {struck}{often}{named}"
        left_out = len(lines) - sum(times for _, times in shown)
        if left_out:
            yield f"  {sentence('explain.gone_more', count=left_out)}"
    if found.removed and found.removed[1] and not found.gone:
        gone, characters = found.removed
        yield ""
        told = {"lines": f"{gone:,}", "characters": f"{characters:,}"}
        if gone:
            yield f"  {sentence('explain.removed', **told)}"
        else:
            yield f"  {sentence('explain.removed_within', characters=told['characters'])}"


def _cut_lines(found: Explained, *, every: bool, strike: bool) -> Iterator[str]:
    """What is not released of the text because others keep it, struck through on a terminal."""
    if not found.cut:
        return
    characters = f"{sum(len(one.text) for one in found.cut):,}"
    yield ""
    yield f"  {sentence('explain.cut', passages=f'{len(found.cut):,}', characters=characters)}"
    for one in found.cut if every else found.cut[:FEW_LINES]:
        line = " ".join(one.text.split())
        short = line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
        struck = f"{STRUCK}{short}{PLAIN}" if strike else short
        yield f"  - {struck}  [{sentence('explain.cut_kept', keeper=one.keeper)}]"
    if not every and len(found.cut) > FEW_LINES:
        yield f"  {sentence('explain.cut_more', count=f'{len(found.cut) - FEW_LINES:,}')}"


def _choice_text(choice: Choice) -> str:
    """What one combined limit asks for, as part of a sentence."""
    if choice.count == len(choice.of):
        said = sentence("explain.and").join(choice.of)
    elif choice.count == 1:
        said = sentence("explain.or").join(choice.of)
    else:
        said = sentence("explain.some", count=choice.count, limits=" · ".join(choice.of))
    return sentence("explain.choice", reason=choice.reason, limits=said)


def _combined_cells(one: Combined, *, every: bool) -> list[tuple[str, ...]]:
    """
    A combined limit with its parts below it, and the texts that it is asked of.

    Of many parts those that hold are only counted, and so is what made it be asked at all.
    """
    count = len(one.limits)
    value = sentence("explain.failing", failing=one.failing, count=count)
    allowed = sentence("explain.least", least=one.least)
    parts = one.limits if every else [row for row in one.limits if row.outcome == "fails"]
    return [
        (one.reason, value, allowed, _outcome(one.outcome)),
        *(_cells(row, "  ") for row in parts),
        *(_cells(row, f"  {sentence('explain.asked')} ") for row in one.where if every),
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
