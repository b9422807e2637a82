"""
Why a text was kept or rejected: its numbers beside the limits, and what would have to change.

Two ways in: a text of a finished run, whose numbers are read from the stages, and any text at all
against a recipe, which is cleaned and measured here.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seimai.pipeline.across import STAGE
from seimai.pipeline.inspect.explained import Choice, Combined, Cut, Explained, Outcome, Row
from seimai.pipeline.inspect.finished import find_text, finished, ids_of_rows
from seimai.pipeline.inspect.struck import gone_again
from seimai.pipeline.stored_numbers import with_places, without_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from seimai.pipeline.job import Job
    from seimai.pipeline.recipe import Limit, Recipe, Together
    from seimai.pipeline.signal import Signal

NEARLY_ONE = 0.99
"""From this share on more digits are shown: 0.9997, for 1 would say nothing."""

SNIPPET = 30
"""Characters of a place in the text that are shown."""


def explain(out: Path, id_: str, filters: Sequence[str] = ()) -> Explained:
    """Explain the first text of a finished run whose id is `id_`; see `explain_every`."""
    return explain_every(out, id_, filters)[0]


def explain_every(out: Path, id_: str, filters: Sequence[str] = ()) -> list[Explained]:
    """Explain the texts of a finished run whose id is `id_`, or the only one that begins so."""
    from seimai.pipeline.job import Job

    _, recipe = finished(out)
    job = Job(recipe, out, tuple(filters))
    return [_stored(job, name, row) for name, row in find_text(out, id_)]


def _stored(job: Job, name: str, row: int) -> Explained:
    """Explain the text in a row of a shard by the numbers that the run has left."""
    from seimai.pipeline import shard
    from seimai.pipeline.stages.gone import Gone

    recipe, out = job.recipe, job.out
    folder = out / "stages"
    text = shard.read_table(folder / "text" / f"{name}.parquet").slice(row, 1).to_pylist()[0]
    verdict = shard.read_table(folder / "verdict" / f"{name}.parquet").slice(row, 1).to_pylist()[0]
    numbers = shard.read_table(folder / "signals" / f"{name}.parquet").slice(row, 1).to_pylist()[0]
    if recipe.across is not None:
        numbers |= shard.read_table(job.path(STAGE, name)).slice(row, 1).to_pylist()[0]
    words = folder / "words" / f"{name}.parquet"
    if words.exists() and not _failing(recipe.tokens.where, numbers):
        word_numbers = shard.read_table(words).slice(row, 1).to_pylist()[0]
        if word_numbers["measured"]:
            numbers |= word_numbers
    origin = text["origin"] or {}
    gone = tuple(Gone(**one) for one in text.get("gone") or ())
    if text["removed"] and not recipe.report.removed_lines:
        gone = gone_again(job, name, origin, text["text"])
    return _explained(
        recipe,
        with_places(job),
        text["text"],
        numbers,
        verdict["reasons"],
        id=text["id"],
        kept=verdict["kept"],
        duplicate_of=verdict["duplicate_of"],
        duplicate_in=verdict.get("duplicate_in"),
        similarity=verdict["similarity"],
        origin={
            "source": text["source"],
            "url": text["url"],
            "input": f"{origin.get('key') or ''}{origin.get('place') or ''}",
            "shard": name,
            "row": row,
        },
        gone=gone,
        removed=(text.get("removed_lines", 0), text["removed"]),
        cut=_cut(job, name, row, text["text"]),
    )


def _cut(job: Job, name: str, row: int, text: str) -> tuple[Cut, ...]:
    """What is cut from a text of a finished run, and the texts that keep it."""
    from seimai.pipeline import shard
    from seimai.pipeline.stages import cut_passages

    if not cut_passages.cuts(job):
        return ()
    spans = shard.read_table(job.path(cut_passages.STAGE, name), ["spans"])["spans"][row].as_py()
    keepers = ids_of_rows(job.out, {one["keeper"] for one in spans})
    return tuple(Cut(text[one["begin"] : one["end"]], keepers[one["keeper"]]) for one in spans)


def explain_text(recipe: Recipe, text: str, filters: Sequence[str] = ()) -> Explained:
    """Clean and measure a text that belongs to no run, and hold it against the recipe."""
    import numpy as np
    import pyarrow as pa

    from seimai.pipeline.cleaner import load_cleaners
    from seimai.pipeline.job import Job
    from seimai.pipeline.signal import chosen
    from seimai.pipeline.stages.clean import clean_texts
    from seimai.pipeline.stages.gone import gone_lines
    from seimai.pipeline.stages.judge import asked_words, hold, limits_by_need
    from seimai.pipeline.stages.measure import measure
    from seimai.pipeline.text import Texts

    signals = Job(recipe, Path(), tuple(filters)).signals
    cleaners = load_cleaners(recipe.cleaners)
    gone = gone_lines(text, cleaners)
    was_blank = not text.strip()
    cleaned = clean_texts(pa.array([text], pa.large_string()), cleaners, ["-"])
    carried: dict[str, Any] = {
        "removed": cleaned.removed,
        "removed_lines": cleaned.removed_lines,
        "mended": cleaned.mended,
        "replaced": np.zeros(1),
    }
    texts = Texts(cleaned.column, carried=carried)
    ids = pa.chunked_array([["-"]])
    numbers = measure(texts, chosen(signals, "characters"), ids)
    by_need = limits_by_need(without_run(recipe), signals)
    held = [by_need.characters]
    if by_need.words.reasons and asked_words(by_need.where, numbers).all():
        held.append(by_need.words)
        words = _words(recipe, texts, chosen(signals, "tokens"), ids)
        for name in words.column_names:
            numbers = numbers.append_column(name, words.column(name))
    failing = {
        name
        for limits in held
        for name, bad in zip(limits.reasons, hold(limits, numbers)[0][0].tolist(), strict=True)
        if bad
    }
    reasons = [name for name in recipe.reasons if name in failing]
    text = cleaned.column.to_pylist()[0]
    values = numbers.to_pylist()[0]
    return _explained(
        recipe,
        signals,
        text,
        values,
        reasons,
        id="-",
        kept=not reasons,
        gone=gone,
        was_blank=was_blank,
    )


def _words(recipe: Recipe, texts: Any, signals: list[Signal], ids: pa.ChunkedArray) -> pa.Table:
    from seimai.pipeline.stages.measure import measure
    from seimai.pipeline.stages.tokenize import tokenize, tokens_of
    from seimai.pipeline.text import Texts

    tokens = tokens_of(texts, tokenize(texts, recipe.tokens.max_chars))
    return measure(Texts(texts.column, tokens), signals, ids)


def _explained(
    recipe: Recipe,
    signals: Mapping[str, Signal],
    text: str,
    numbers: Mapping[str, Any],
    reasons: Sequence[str],
    *,
    was_blank: bool = False,
    **rest: Any,
) -> Explained:
    def row(name: str, limit: Limit, *, fails: bool) -> Row:
        value = numbers.get(name)
        outcome: Outcome = "unmeasured" if value is None else "fails" if fails else "ok"
        number = math.nan if value is None else float(value)
        places = _places(signals.get(name), text) if outcome == "fails" else ()
        return Row(
            name,
            number,
            outcome,
            limit.model_dump(exclude_none=True),
            places,
            _parts(signals.get(name), text),
        )

    def parts(limits: Mapping[str, Limit]) -> tuple[Row, ...]:
        failed = _failing(limits, numbers)
        return tuple(row(name, limit, fails=name in failed) for name, limit in limits.items())

    rows = [row(name, limit, fails=name in reasons) for name, limit in recipe.limits.items()]
    together = tuple(
        _combined(one, parts(one.limits), parts(one.where), reasons) for one in recipe.together
    )
    rows += [
        Row(name, float(numbers[name]), "free", parts=_parts(signals[name], text))
        for name in signals
        if name not in recipe.limits and numbers.get(name) is not None
    ]
    blank = not text.strip()
    alone = without_run(recipe).reasons
    return Explained(
        of_run=tuple(name for name in recipe.reasons if name not in alone),
        unasked=tuple(row for row in parts(recipe.tokens.where) if row.outcome == "fails"),
        blank="raw" if was_blank else "cleaned" if blank else "",
        reasons=tuple(reasons),
        rows=tuple(rows),
        needed=tuple(
            f"{name} {loosened(limit, _number(numbers.get(name)))}"
            for name, limit in recipe.limits.items()
            if name in reasons
        ),
        together=together,
        choices=tuple(
            _choice(one, seen)
            for one, seen in zip(recipe.together, together, strict=True)
            if seen.outcome == "fails"
        ),
        **rest,
    )


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def _failing(limits: Mapping[str, Limit], numbers: Mapping[str, Any]) -> set[str]:
    """The limits that the numbers of one text fail, compared as `judge` does."""
    import pyarrow as pa

    from seimai.pipeline.stages.judge import failures

    if not limits:
        return set()
    table = pa.table(
        {name: pa.array([_number(numbers.get(name))], pa.float32()) for name in limits}
    )
    failed = failures(limits, table)[0].tolist()
    return {name for name, bad in zip(limits, failed, strict=True) if bad}


def _combined(
    one: Together, limits: tuple[Row, ...], where: tuple[Row, ...], reasons: Sequence[str]
) -> Combined:
    failing = sum(row.outcome == "fails" for row in limits)
    outcome: Outcome = "ok"
    if one.reason in reasons:
        outcome = "fails"
    elif any(row.outcome == "fails" for row in where):
        outcome = "unasked"
    elif any(row.outcome == "unmeasured" for row in (*limits, *where)):
        outcome = "unmeasured"
    elif failing >= one.least:  # word signals that another recipe had measured
        outcome = "unasked"
    return Combined(one.reason, outcome, failing, one.least, limits, where)


def _choice(one: Together, seen: Combined) -> Choice:
    """How many of the failing limits would have to be looser, and by how much each."""
    loose = tuple(
        f"{row.signal} {loosened(one.limits[row.signal], row.value)}"
        for row in seen.limits
        if row.outcome == "fails"
    )
    return Choice(one.reason, len(loose) - one.least + 1, loose)


def loosened(limit: Limit, value: float) -> str:
    """
    The bound that would let a value pass, rounded to its side to three digits.

    >>> from seimai.pipeline.recipe import Limit
    >>> loosened(Limit(max=0.25), 0.41234), loosened(Limit(min=100), 42.0)
    ('≤ 0.413', '≥ 42')
    """
    if math.isnan(value):
        return "empty: keep"
    if value == 0:
        return "≤ 0" if limit.max is not None and value > limit.max else "≥ 0"
    digits = 2 - math.floor(math.log10(abs(value)))
    if NEARLY_ONE <= value < 1:
        digits = 1 - math.floor(math.log10(1 - value))  # 0.9997, for 1 would say nothing
    scale = 10.0**digits
    if limit.max is not None and value > limit.max:
        return f"≤ {math.ceil(value * scale) / scale:g}"
    return f"≥ {math.floor(value * scale) / scale:g}"


def _places(signal: Signal | None, text: str) -> tuple[str, ...]:
    """What made the number, each part once, with how often it is there."""
    if signal is None or signal.where is None:
        return ()
    counts: dict[str, int] = {}
    for begin, end in signal.where(text):
        part = text[begin : min(end, begin + SNIPPET)].replace("\n", "⏎")
        counts[part] = counts.get(part, 0) + 1
    return tuple(f"{part}×{count}" if count > 1 else part for part, count in counts.items())


def _parts(signal: Signal | None, text: str) -> tuple[tuple[str, float], ...]:
    """What a learned score is made of, where the signal can tell."""
    return tuple(signal.explain(text)) if signal is not None and signal.explain else ()
