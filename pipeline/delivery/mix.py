"""
Mixes: texts of several releases drawn into one, with exact counts.

Everything is decided by `documents.parquet` of token folders before a byte is written: what each
draw has, what it is asked for, what it gives, and what is missing. The answer is an index: which
text comes when. Ids are not copied: Megatron reads `NAME.idx` beside a link to the `.bin` that
was there already.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from seimai.pipeline import shard
from seimai.pipeline.delivery.draw import (
    Counts,
    Floats,
    closest,
    copies_of,
    most_tokens,
    on_curve,
    order_of,
    scaled,
)
from seimai.pipeline.delivery.megatron import index_bytes, open_indexed, write_ids
from seimai.pipeline.delivery.mixfile import ALL, Draw, Mix
from seimai.pipeline.delivery.pieces import SPLITS, Setup, unit_hash
from seimai.pipeline.delivery.tokens import make_tokens
from seimai.pipeline.engine.lock import lock
from seimai.pipeline.errors import Problem, Problems
from seimai.pipeline.names import nearest
from seimai.pipeline.recipe.limits import Limit

FORMAT = 1
"""Of `mix.json`."""

NEAR = 0.001
"""A budget is met within this share."""

SHOWN = 3
"""Ids that a sentence names."""

ANY_TIMES = 1e6
"""Where no limit says how often a text may come."""


@dataclass(frozen=True)
class Stock:
    """What one draw may take: the texts of its train split that are wanted at all."""

    draw: Draw
    folder: Path
    record: dict[str, Any]
    """`tokens.json` of the folder."""
    ids: list[str]
    sources: list[str]
    tokens: Counts
    sequence: Counts
    """The row of each text in `train.idx`."""
    wanted: Floats
    """How often each is wanted, next to the others of the draw."""


@dataclass(frozen=True)
class Drawn:
    """A mix that was decided: which row of which stock comes when."""

    stocks: list[Stock]
    copies: list[Counts]
    asked: list[int]
    rows: Counts
    """Rows over all stocks, one after the other, in the order of training."""
    gap: int | None
    """Tokens between a text and its next copy, at the least."""
    problems: list[Problem]
    """Why it cannot be as asked; empty where it can."""

    @property
    def given(self) -> list[int]:
        """Tokens of each draw."""
        pairs = zip(self.stocks, self.copies, strict=True)
        return [int((stock.tokens * copies).sum()) for stock, copies in pairs]


def make_mix(mix: Mix, out: Path, *, workers: int, plan: bool, accept: bool) -> dict[str, Any]:
    """
    Decide a mix and write it into `out`; the content of `mix.json`.

    With `plan` nothing but tokens that are missing is written. Raises `Problems` where it cannot
    be as asked, and T025 where a release changed since the mix in `out` (unless `accept`).
    """
    stocks = [_stock(draw, mix, out, workers) for draw in mix.draw]
    _same_tokenizer(stocks)
    _no_id_twice(stocks)
    drawn = decide(mix, stocks)
    record = {"format": FORMAT, **as_record(mix, drawn)}
    if plan:
        return record
    if drawn.problems:
        raise Problems(drawn.problems)
    out.mkdir(parents=True, exist_ok=True)
    with lock(out):
        earlier = shard.read_sealed(out / "mix.json")
        changed = changes(earlier, record) if earlier else []
        if changed and not accept:
            raise Problem("T025", changes=" · ".join(changed))
        (out / "mix.json").unlink(missing_ok=True)
        _write(mix, drawn, out)
        shard.write_sealed(out / "mix.json", record)
    return {**record, "changed": changed}


def _stock(draw: Draw, mix: Mix, out: Path, workers: int) -> Stock:
    folder = Path(draw.tokens) if draw.tokens else out / "tokens" / draw.label
    if draw.release is not None:
        if mix.mix.tokenizer is None:
            raise Problem("T020", name=draw.label)
        setup = Setup(mix.mix.tokenizer, mix.mix.eod)
        make_tokens(Path(draw.release), folder, setup, workers=workers)
    record = shard.read_sealed(folder / "tokens.json")
    if record is None:
        raise Problem("T021", path=str(folder))
    table = pq.read_table(folder / "documents.parquet")
    split = table.column("split").to_numpy()
    train = split == SPLITS.index("train")
    tokens = table.column("tokens").to_numpy().astype(np.int64)
    sources = table.column("source").to_pylist()
    fit = train.copy()
    for name, limit in draw.where.items():
        fit &= keeps(_column(table, name, draw), limit)
    if draw.sources:
        unknown = [name for name in draw.sources if name not in set(sources)]
        if unknown:
            near = nearest(unknown[0], sorted(set(filter(None, sources))))
            raise Problem("T022", source=unknown[0], name=draw.label, near=near)
        fit &= np.isin(np.array([one or "" for one in sources]), draw.sources)
    wanted = fit.astype(np.float64)
    if draw.weight_by:
        wanted *= np.maximum(np.nan_to_num(_column(table, draw.weight_by, draw), nan=1.0), 0)
    rows = np.flatnonzero(fit)
    wanted = wanted[rows]
    if draw.curve:
        values = _column(table, draw.curve.by, draw)[rows]
        wanted = wanted * on_curve(values, tokens[rows], draw.curve.points)
    ids = table.column("id").to_pylist()
    return Stock(
        draw,
        folder,
        record,
        [ids[row] for row in rows.tolist()],
        [sources[row] or "" for row in rows.tolist()],
        tokens[rows],
        (np.cumsum(train) - 1)[rows],
        wanted,
    )


def _column(table: pa.Table, name: str, draw: Draw) -> Floats:
    known = [field.name for field in table.schema if not pa.types.is_string(field.type)]
    if name not in known or name in {"split", "unknown"}:
        raise Problem("T008", column=name, path=draw.label, near=nearest(name, known))
    column = table.column(name).cast(pa.float64())
    found: Floats = column.to_numpy(zero_copy_only=False)
    return found


def keeps(values: Floats, limit: Limit) -> NDArray[np.bool_]:
    """Which numbers keep to a limit, as a recipe means it."""
    low = -np.inf if limit.min is None else limit.min
    high = np.inf if limit.max is None else limit.max
    nothing = np.isnan(values)
    # Signals are stored as float32: a limit means the number that was stored for it.
    inside = (values >= np.float32(low)) & (values <= np.float32(high))
    return np.where(nothing, limit.empty == "keep", inside)


def _same_tokenizer(stocks: list[Stock]) -> None:
    first = stocks[0].record["tokenizer"]
    for stock in stocks[1:]:
        if stock.record["tokenizer"] != first:
            raise Problem("T023", one=stocks[0].draw.label, other=stock.draw.label)


def _no_id_twice(stocks: list[Stock]) -> None:
    seen: dict[str, str] = {}
    for stock in stocks:
        label = stock.draw.label
        twice = [name for name in stock.ids if name in seen]
        if twice:
            named = ", ".join(twice[:SHOWN])
            told: dict[str, Any] = {
                "count": f"{len(twice):,}",
                "one": seen[twice[0]],
                "other": label,
            }
            raise Problem("T024", ids=named, **told)
        seen.update(dict.fromkeys(stock.ids, label))


def decide(mix: Mix, stocks: list[Stock]) -> Drawn:
    """Which texts come, how often and when; with the problems where it cannot be as asked."""
    most = mix.limits.epochs.max if mix.limits.epochs else ANY_TIMES
    problems: list[Problem] = []
    asked = _asked(mix, stocks, problems)
    seed = mix.mix.seed
    chance = [unit_hash([f"draw {seed} {name}" for name in stock.ids]) for stock in stocks]
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
    places = unit_hash([f"order {seed} {name}" for stock in stocks for name in stock.ids])
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
        names, row = np.unique(
            np.array(stock.sources, dtype=object).astype(str), return_inverse=True
        )
        sums = np.bincount(row, stock.tokens * copies, names.size)
        for name, tokens in zip(names.tolist(), sums.tolist(), strict=True):
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


def _write(mix: Mix, drawn: Drawn, out: Path) -> None:
    first = np.cumsum([0, *(stock.tokens.size for stock in drawn.stocks)])
    which = np.searchsorted(first, drawn.rows, side="right") - 1
    row = drawn.rows - first[which]
    sequence = np.concatenate([stock.sequence for stock in drawn.stocks])[drawn.rows]
    tokens = np.concatenate([stock.tokens for stock in drawn.stocks])[drawn.rows]
    labels = [stock.draw.label for stock in drawn.stocks]
    ids = [drawn.stocks[k].ids[at] for k, at in zip(which.tolist(), row.tolist(), strict=True)]
    plan = pa.table(
        {
            "draw": pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), labels),
            "id": pa.array(ids, pa.string()),
            "sequence": pa.array(sequence, pa.int64()),
            "tokens": pa.array(tokens, pa.int64()),
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(plan, sink, compression="zstd")
    shard.write_bytes(out / "mix.parquet", sink.getvalue())
    if mix.write == "single":
        _write_single(drawn, out, which, sequence, tokens)
    elif mix.write == "blend":
        _write_blend(drawn, out, which, sequence)


def _write_single(drawn: Drawn, out: Path, which: Counts, sequence: Counts, tokens: Counts) -> None:
    """One data set with the ids themselves, in the order of training."""
    found = [open_indexed(stock.folder / "train") for stock in drawn.stocks]
    pairs = zip(which.tolist(), sequence.tolist(), strict=True)
    write_ids(out / "mix.bin", (found[k].document(at) for k, at in pairs))
    dtype = np.dtype(drawn.stocks[0].record["dtype"])
    shard.write_bytes(out / "mix.idx", index_bytes(dtype, tokens))


def _write_blend(drawn: Drawn, out: Path, which: Counts, sequence: Counts) -> None:
    """An index for each draw over the ids that are there, and the counts for Megatron."""
    lines, blend = [], []
    for k, stock in enumerate(drawn.stocks):
        label = stock.draw.label
        found = open_indexed(stock.folder / "train")
        mine = sequence[which == k]
        dtype = np.dtype(stock.record["dtype"])
        index = index_bytes(dtype, found.lengths[mine], found.pointers[mine])
        _link(stock.folder / "train.bin", out / f"{label}.bin")
        shard.write_bytes(out / f"{label}.idx", index)
        lines.append(f'TRAIN_DATA_PATH="${{TRAIN_DATA_PATH}} {drawn.given[k]} ${{MIX}}/{label}"')
        blend += [str(drawn.given[k]), label]
    head = [
        f"# {sum(drawn.given)} tokens; each prefix with its exact number, repeats among them.",
        'MIX="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
        'TRAIN_DATA_PATH=""',
    ]
    shard.write_bytes(out / "train_data.sh", "\n".join([*head, *lines, ""]).encode())
    shard.write_bytes(out / "blend.json", orjson.dumps({"train": blend}) + b"\n")


def _link(there: Path, here: Path) -> None:
    """A second name for the ids; they stay as they are when their folder is made again."""
    here.unlink(missing_ok=True)
    try:
        os.link(there, here)
    except OSError:
        here.symlink_to(os.path.relpath(there, here.parent))
