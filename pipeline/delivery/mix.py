"""
Mixes: texts of several releases drawn into one, with exact counts.

Everything is decided by `documents.parquet` of token folders before a byte is written: what each
draw has, what it is asked for, what it gives, and what is missing. The answer is an index, which
text comes when; `written.py` makes files of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seimai.pipeline import shard
from seimai.pipeline.delivery.draw import (
    Counts,
    Floats,
    closest,
    copies_of,
    most_tokens,
    order_of,
    scaled,
)
from seimai.pipeline.delivery.mixfile import ALL, Draw, Mix
from seimai.pipeline.delivery.pieces import Setup
from seimai.pipeline.delivery.stock import (
    Stock,
    read_stock,
    refuse_ids_twice,
    refuse_other_tokenizers,
)
from seimai.pipeline.delivery.text_shards import release_files
from seimai.pipeline.delivery.tokens import make_tokens
from seimai.pipeline.delivery.written import write_mix
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem, Problems

FORMAT = 1
"""Version of the format of `mix.json`."""

NEAR = 0.001
"""A budget counts as met if the mix is this share away from it, or less."""

ANY_TIMES = 1e6
"""Stands for “no limit” where none says how often a text may come."""


@dataclass(frozen=True)
class Drawn:
    """A mix that was decided: which row of which stock comes when."""

    stocks: list[Stock]
    copies: list[Counts]
    asked: list[int]
    rows: Counts
    """Row numbers over all stocks (one stock after the other) in the order of training."""
    gap: int | None
    """The smallest distance between a text and its next copy, in tokens; None without copies."""
    problems: list[Problem]
    """Why the mix cannot be made as it was asked for; empty where it can."""

    @property
    def given(self) -> list[int]:
        """How many tokens each draw gives."""
        pairs = zip(self.stocks, self.copies, strict=True)
        return [int((stock.tokens * copies).sum()) for stock, copies in pairs]


def make_mix(mix: Mix, out: Path, *, workers: int, plan: bool, accept: bool) -> dict[str, Any]:
    """
    Decide a mix and write it into `out`; the content of `mix.json`.

    With `plan` nothing but tokens that are missing is written. Raises `Problems` where it cannot
    be as asked, and T025 where a release changed since the mix in `out` (unless `accept`).
    """
    stocks = [_stock(draw, mix, out, workers) for draw in mix.draw]
    refuse_other_tokenizers(stocks)
    refuse_ids_twice(stocks)
    drawn = decide(mix, stocks)
    record = {"format": FORMAT, **as_record(mix, drawn)}
    if plan:
        return record
    if drawn.problems:
        raise Problems(drawn.problems)
    if mix.write == "texts":
        for stock in stocks:
            release_files(stock)
    out.mkdir(parents=True, exist_ok=True)
    with lock(out):
        shard.remove_others(out)
        earlier = shard.read_sealed(out / "mix.json")
        changed = changes(earlier, record) if earlier else []
        if changed and not accept:
            raise Problem("T025", changes=" · ".join(changed))
        (out / "mix.json").unlink(missing_ok=True)
        write_mix(mix.write, drawn.stocks, drawn.rows, drawn.given, out)
        shard.write_sealed(out / "mix.json", record)
    return {**record, "changed": changed}


def _stock(draw: Draw, mix: Mix, out: Path, workers: int) -> Stock:
    """What a draw may take; tokens of a release that are missing are made on the way."""
    folder = Path(draw.tokens) if draw.tokens else out / "tokens" / draw.label
    if draw.release is not None:
        if mix.mix.tokenizer is None:
            raise Problem("T020", name=draw.label)
        setup = Setup(mix.mix.tokenizer, mix.mix.eod)
        make_tokens(Path(draw.release), folder, setup, workers=workers)
    return read_stock(draw, folder)


def decide(mix: Mix, stocks: list[Stock]) -> Drawn:
    """Which texts come, how often and when; with the problems where it cannot be as asked."""
    most = mix.limits.epochs.max if mix.limits.epochs else ANY_TIMES
    problems: list[Problem] = []
    asked = _asked(mix, stocks, problems)
    seed = mix.mix.seed
    chance = [stock.chances("draw", seed) for stock in stocks]
    copies = []
    for stock, target, place in zip(stocks, asked, chance, strict=True):
        there = most_tokens(stock.tokens, stock.wanted, np.floor(most))
        if target > there * (1 + NEAR):
            told: dict[str, Any] = {
                "asked": f"{target:,}",
                "there": f"{there:,}",
                "missing": f"{target - there:,}",
            }
            problems.append(Problem("T026", name=stock.draw.label, epochs=f"{most:g}", **told))
        times = scaled(stock.tokens, stock.wanted, min(target, there), np.floor(most))
        copies.append(copies_of(stock.tokens, times, place, min(target, there)))
    tokens = np.concatenate([stock.tokens for stock in stocks])
    every = np.concatenate(copies)
    places = np.concatenate([stock.chances("order", seed) for stock in stocks])
    names = np.repeat(np.arange(every.size), every)
    again = _scatter(
        places[names], np.arange(names.size) - np.repeat(np.cumsum(every) - every, every)
    )
    rows, _ = order_of(every, places, again)
    drawn = Drawn(stocks, copies, asked, rows, closest(rows, tokens), problems)
    _look_back(mix, drawn)
    return drawn


def _scatter(places: Floats, turn: Counts) -> Floats:
    """Another number from 0 to 1 for each copy, from the number of its text (a golden step)."""
    found: Floats = np.modf(places * 1e6 + (turn + 1) * 0.6180339887498949)[0]
    return found


def _asked(mix: Mix, stocks: list[Stock], problems: list[Problem]) -> list[int]:
    """Tokens for each draw: repeats first, then weights, then the rest by what there is."""
    budget = mix.mix.tokens
    has = [float((stock.tokens * stock.wanted).sum()) for stock in stocks]
    asked = [0] * len(stocks)
    for k, (stock, there) in enumerate(zip(stocks, has, strict=True)):
        if stock.draw.take is not None:
            asked[k] = stock.draw.take
        elif budget == ALL or stock.draw.repeats is not None:
            asked[k] = round(there * (stock.draw.repeats or 1))
        elif stock.draw.weight is not None:
            asked[k] = round(budget * stock.draw.weight)
    if budget == ALL:
        return asked
    open_ = [
        k
        for k, one in enumerate(stocks)
        if one.draw.repeats is None and one.draw.weight is None and one.draw.take is None
    ]
    left = budget - sum(asked)
    whole = sum(has[k] for k in open_)
    if left > 0 and whole:
        for k in open_:
            asked[k] = round(left * has[k] / whole)
    left = budget - sum(asked)
    if abs(left) > NEAR * budget:
        told: dict[str, Any] = {"asked": f"{sum(asked):,}", "budget": f"{budget:,}"}
        problems.append(Problem("T027", missing=f"{abs(left):,}", **told))
    return asked


def _look_back(mix: Mix, drawn: Drawn) -> None:
    """Hold what was drawn against the budget, the window and the limits."""
    whole = sum(drawn.given)
    budget = mix.mix.tokens
    if budget != ALL and not drawn.problems and abs(whole - budget) > NEAR * budget:
        told: dict[str, Any] = {"given": f"{whole:,}", "budget": f"{budget:,}"}
        drawn.problems.append(Problem("T028", **told))
    if drawn.gap is not None and drawn.gap < mix.mix.window:
        told = {"gap": f"{drawn.gap:,}", "window": f"{mix.mix.window:,}"}
        drawn.problems.append(Problem("T029", **told))
    most = mix.limits.source_share.max if mix.limits.source_share else 1
    for name, tokens in source_tokens(drawn).items():
        if tokens > most * whole:
            told = {"share": f"{100 * tokens / whole:.1f}%", "most": f"{100 * most:g}%"}
            drawn.problems.append(Problem("T030", source=name, **told))


def source_tokens(drawn: Drawn) -> dict[str, int]:
    """Tokens of each source over all draws."""
    found: dict[str, int] = {}
    for stock, copies in zip(drawn.stocks, drawn.copies, strict=True):
        names = stock.sources.dictionary.to_pylist()
        row = stock.sources.indices.to_numpy()
        sums = np.bincount(row, stock.tokens * copies, len(names))
        there = np.bincount(row, minlength=len(names))
        for name, tokens, texts in zip(names, sums.tolist(), there.tolist(), strict=True):
            if texts:
                found[name] = found.get(name, 0) + round(tokens)
    return dict(sorted(found.items()))


def as_record(mix: Mix, drawn: Drawn) -> dict[str, Any]:
    """What was decided, for `mix.json` and the screen."""
    whole = sum(drawn.given)
    draws = {}
    for k, stock in enumerate(drawn.stocks):
        copies = drawn.copies[k]
        there = int(stock.tokens.sum())
        draws[stock.draw.label] = {
            "fingerprint": stock.record["fingerprint"],
            "texts": stock.record["documents"],
            "tokens": stock.record["tokens"],
            "fit": there,
            "asked": drawn.asked[k],
            "given": drawn.given[k],
            "documents": int((copies > 0).sum()),
            "copies": int(copies.sum()),
            "epochs": round(drawn.given[k] / max(there, 1), 4),
            "most": int(copies.max(initial=0)),
            "share": round(drawn.given[k] / max(whole, 1), 6),
        }
    return {
        "mix": mix.model_dump(mode="json", exclude_defaults=True),
        "tokenizer": drawn.stocks[0].record["tokenizer"],
        "budget": mix.mix.tokens or None,
        "tokens": whole,
        "draws": draws,
        "sources": source_tokens(drawn),
        "closest_copies": drawn.gap,
        "problems": [problem.as_dict() for problem in drawn.problems],
    }


def changes(earlier: dict[str, Any], record: dict[str, Any]) -> list[str]:
    """What each draw has now that it had not when the mix was made, as words."""
    found = []
    for name, now in record["draws"].items():
        then = earlier["draws"].get(name)
        if then and then["fingerprint"] != now["fingerprint"]:
            found.append(
                f"{name}: {then['texts']:,} → {now['texts']:,} texts, "
                f"{then['tokens']:,} → {now['tokens']:,} tokens"
            )
    return found
