"""
A sample of a release, measured again and held against its limits, single and combined.

Signals that are here in another version than the run had, or that ask for what only the run knew,
are left out, and every limit that looks at one of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seimai.pipeline.stages.judge import (
    Limits,
    LimitsByNeed,
    asked_words,
    hold,
    limits_by_need,
)
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord
    from seimai.pipeline.signal import Signal

BATCH = 8192
SAMPLE = 2000
"""Rows of each kind that are measured again: a fault in one of a hundred is found for sure."""

WORD_SAMPLE = 200
"""This many of them are split into words, which takes a hundred times as long."""


def measured_again(release: Path, run: RunRecord, recipe: Recipe) -> Counter[str]:
    """Faults of a sample of rows, by the name of their sentence."""
    signals = _measurable(run, recipe)
    limits = _limits(recipe, signals)
    faults: Counter[str] = Counter()
    for kind in ("data", "rejected"):
        if limits.characters.reasons:
            _held_again(release, run, recipe, kind, limits.characters, signals, faults)
        if limits.words.reasons and signals.keys() >= recipe.tokens.where.keys():
            _held_again(release, run, recipe, kind, limits.words, signals, faults)
    return faults


def _measurable(run: RunRecord, recipe: Recipe) -> dict[str, Signal]:
    """The limits' signals that are here in the version of the run and ask the text alone."""
    from seimai.pipeline.signal import load

    return {
        name: signal
        for name, signal in load(()).items()
        if name in recipe.limited
        and run["signals"].get(name) == signal.version
        and (signal.needs == "tokens" or _carried(signal) <= set(recipe.cleaners))
    }


def _carried(signal: Signal) -> set[str]:
    """What a signal asks to have carried along; what a cleaner took needs the text before it."""
    asked: set[str] = set()

    class Asked(Texts):
        """Texts that note which of the columns that cleaning leaves they are asked for."""

        def carried(self, name: str) -> Any:
            asked.add(name)
            return super().carried(name)

    signal(Asked.of("米を炊く。"))
    return asked


def _limits(recipe: Recipe, signals: Mapping[str, Signal]) -> LimitsByNeed:
    """The limits that look at nothing but these signals."""
    known = recipe.model_copy(
        update={
            "limits": {name: one for name, one in recipe.limits.items() if name in signals},
            "together": tuple(
                one for one in recipe.together if all(name in signals for name in one.signals)
            ),
        }
    )
    return limits_by_need(known, signals)


def _held_again(
    release: Path,
    run: RunRecord,
    recipe: Recipe,
    kind: str,
    limits: Limits,
    signals: Mapping[str, Signal],
    faults: Counter[str],
) -> None:
    words = any(signals[name].needs == "tokens" for name in limits.signals)
    table = _sample(release, run, kind)
    if words and kind == "rejected":
        # Others were never asked for their words.
        given = table.column("reasons").to_pylist()
        asked = [bool(set(reasons or ()) & set(limits.reasons)) for reasons in given]
        table = table.filter(pa.array(asked, pa.bool_()))
    if words:
        step = max(1, -(-table.num_rows // WORD_SAMPLE))
        table = table.take(pa.array(np.arange(0, table.num_rows, step)))
    if not table.num_rows:
        return
    names = dict.fromkeys([*limits.signals, *(recipe.tokens.where if words else ())])
    numbers = _numbers(table, recipe, [signals[name] for name in names], words=words)
    failed = hold(limits, numbers)[0]
    if words:
        failed &= asked_words(recipe.tokens.where, numbers)[:, None]
    if kind == "data":
        faults["kept_fails"] += int(failed.any(axis=1).sum())
        return
    for row, reasons in zip(failed, table.column("reasons").to_pylist(), strict=True):
        found = {name for name, fails in zip(limits.reasons, row, strict=True) if fails}
        faults["other_reasons"] += found != set(reasons or ()) & set(limits.reasons)


def _numbers(
    table: pa.Table, recipe: Recipe, signals: Sequence[Signal], *, words: bool
) -> pa.Table:
    """The numbers of some texts, each signal a column."""
    texts = Texts(
        table.column("text").cast(pa.large_string()).combine_chunks(),
        carried={name: np.ones(table.num_rows) for name in recipe.cleaners},
    )
    if words:
        from seimai.pipeline.stages.tokenize import tokenize, tokens_of

        texts = texts.with_tokens(tokens_of(texts, tokenize(texts, recipe.tokens.max_chars)))
    return pa.table({signal.name: signal(texts) for signal in signals})


def _sample(release: Path, run: RunRecord, kind: str) -> pa.Table:
    """Up to `SAMPLE` rows at even distances."""
    files = [one for one in run["outputs"] if one["path"].startswith(f"{kind}/")]
    step = max(1, -(-sum(one["rows"] for one in files) // SAMPLE))
    columns = ["text", *(["reasons"] if kind == "rejected" else [])]
    parts, seen = [], 0
    for file in files:
        with pq.ParquetFile(release / file["path"]) as parquet:
            for batch in parquet.iter_batches(BATCH, columns=columns):
                rows = np.arange(-seen % step, batch.num_rows, step)
                parts.append(batch.take(pa.array(rows)))
                seen += batch.num_rows
    kinds = [("text", pa.large_string()), ("reasons", pa.list_(pa.string()))][: len(columns)]
    return pa.Table.from_batches(parts) if parts else pa.schema(kinds).empty_table()
