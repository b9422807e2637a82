"""
The stored numbers of a finished run, held against any recipe.

Nothing is measured again: `compare` and `tune` are answers from a few columns. What was not
measured is said, and may be measured here: word signals of texts that the run rejected before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from seimai.pipeline import across, shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.inspect.finished import finished, shard_names
from seimai.pipeline.names import nearest
from seimai.pipeline.stages.judge import Limits, asked_words, hold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from seimai.pipeline.arrays import Flags, Integers, Singles
    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.run_record import RunRecord

SNIPPET = 48
"""Characters of a text that are shown in a table."""

LENGTH = "text.length_count"


@dataclass(frozen=True)
class Stored:
    """The numbers of all texts of a run; every array has one entry per text, in order."""

    out: Path
    run: RunRecord
    recipe: Recipe
    """The recipe that the run was made with."""
    names: tuple[str, ...]
    start: Integers
    """Where the texts of each shard begin; one entry more than shards."""
    numbers: dict[str, Singles]
    """The numbers of each signal; nan where nothing could be measured, or nobody asked."""
    words: frozenset[str]
    """The signals among them that are about words."""
    measured: Flags
    """Which texts had their words measured."""
    kept: Flags
    duplicate: Flags
    """Which texts were rejected as duplicates."""

    @property
    def texts(self) -> int:
        """How many texts there are."""
        return self.kept.size

    def asked(self, signal: str) -> Flags:
        """The texts that were asked for this number: all, or those whose words were measured."""
        return self.measured if signal in self.words else np.ones(self.texts, bool)


@dataclass(frozen=True)
class Judged:
    """A recipe's limits held against all texts, duplicates apart."""

    reasons: tuple[str, ...]
    failed: Flags
    """Which limits each text fails; shape (texts, reasons)."""
    values: Singles
    """What says so: the number of a signal, or how many limits of a combined one fail."""
    passed: Flags
    undecided: Flags
    """Texts that pass what is known, whose word signals are asked for and nobody measured."""
    asked: Flags
    """Texts of which the recipe asks the words, if they pass everything else."""


def load_stored(out: Path, signals: Iterable[str]) -> Stored:
    """The numbers of these signals, from the stage files of the finished run in `out`."""
    run, recipe = finished(out)
    names = shard_names(out)
    wanted = list(dict.fromkeys([*signals, LENGTH]))
    folder = out / "stages"
    known = {
        stage: _columns([folder / stage / f"{name}.parquet" for name in names])
        for stage in ("signals", across.STAGE, "words")
    }
    there = known["signals"] | known[across.STAGE]
    for signal in wanted:
        # Word signals are in no file where no limit of the run asked for words.
        if signal not in there and signal not in run["signals"]:
            near = nearest(signal, run["signals"])
            raise Problem("U030", signal=signal, path=str(out), near=near)
    words = [one for one in wanted if one not in there]
    counts, kept, duplicate, measured = [0], [], [], []
    parts: dict[str, list[Singles]] = {name: [] for name in wanted}
    for name in names:
        verdict = shard.read_table(folder / "verdict" / f"{name}.parquet", ["kept", "duplicate_of"])
        counts.append(verdict.num_rows)
        kept.append(verdict["kept"].to_numpy(zero_copy_only=False).astype(bool))
        duplicate.append(verdict["duplicate_of"].is_valid().to_numpy(zero_copy_only=False))
        path = folder / "words" / f"{name}.parquet"
        asked = _words_of(path, words, known["words"], verdict.num_rows)
        measured.append(asked.pop("measured") > 0)
        for stage in ("signals", across.STAGE):
            columns = [one for one in wanted if one in known[stage]]
            table = shard.read_table(folder / stage / f"{name}.parquet", columns) if columns else {}
            for column in columns:
                parts[column].append(table[column].to_numpy())
        for column, values in asked.items():
            parts[column].append(values)
    return Stored(
        out,
        run,
        recipe,
        tuple(names),
        np.cumsum(counts),
        {name: _joined(some, np.float32) for name, some in parts.items()},
        frozenset(words),
        _joined(measured, bool),
        _joined(kept, bool),
        _joined(duplicate, bool),
    )


def measured_in(out: Path) -> list[str]:
    """The signals that a finished run has numbers of, in the order of their names."""
    names = shard_names(out)
    found: set[str] = set()
    for stage in ("signals", across.STAGE, "words"):
        found |= _columns([out / "stages" / stage / f"{name}.parquet" for name in names])
    return sorted(name for name in found if "." in name)


def _columns(paths: Sequence[Path]) -> frozenset[str]:
    """The columns of the first file that is there; all files of a stage have the same."""
    import pyarrow.parquet as pq

    path = next((one for one in paths if one.exists()), None)
    return frozenset(pq.read_schema(path).names if path else ())


def _joined(parts: list[Any], kind: Any) -> Any:
    return np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)


def _words_of(
    path: Path, signals: Sequence[str], known: Collection[str], rows: int
) -> dict[str, Singles]:
    """Word signals of a shard and whether they are known, nan and 0 where nobody asked."""
    if not signals or not path.exists() or not set(signals) <= set(known):
        blank = {name: np.full(rows, np.nan, np.float32) for name in signals}
        return {**blank, "measured": np.zeros(rows, np.float32)}
    table = shard.read_table(path, [*signals, "measured"])
    asked = table["measured"].to_numpy(zero_copy_only=False).astype(np.float32)
    return {**{name: table[name].to_numpy() for name in signals}, "measured": asked}


def hold_stored(recipe: Recipe, stored: Stored) -> Judged:
    """
    Which texts keep to the limits of a recipe, from stored numbers.

    Limits on words are asked of texts that pass all others and that `tokens: where` of the recipe
    names, as in a run; where nobody measured them they reject nothing, and the text is `undecided`.
    """
    single = recipe.limits
    together = recipe.together

    def parted(*, words: bool) -> Limits:
        return Limits(
            {name: one for name, one in single.items() if (name in stored.words) == words},
            [one for one in together if bool(stored.words.intersection(one.signals)) == words],
        )

    order = recipe.reasons
    failed = np.zeros((stored.texts, len(order)), bool)
    values = np.full(failed.shape, np.nan, np.float32)
    where = recipe.tokens.where
    asked = np.ones(stored.texts, bool)
    if where:
        asked = asked_words(where, pa.table({name: stored.numbers[name] for name in where}))
    for words in (False, True):
        limits = parted(words=words)
        if not limits.reasons:
            continue
        at = [order.index(reason) for reason in limits.reasons]
        flags, values[:, at] = hold(limits, _table(stored, limits))
        if words:
            flags &= (stored.measured & asked & ~failed.any(axis=1))[:, None]
        failed[:, at] = flags
    passed: Flags = ~np.any(failed, axis=1)
    asks = bool(parted(words=True).reasons)
    undecided = passed & asked & ~stored.measured & asks
    return Judged(order, failed, values, passed, undecided, asked)


def _table(stored: Stored, limits: Limits) -> pa.Table:
    return pa.table({name: stored.numbers[name] for name in limits.signals})


def outdated(stored: Stored, versions: Mapping[str, int]) -> list[str]:
    """The signals of these that an earlier version measured; `versions` are those of today."""
    known = stored.run["signals"]
    return sorted(
        name for name in stored.numbers if name in versions and known.get(name) != versions[name]
    )


# --- texts ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """A text in a table: its id and how it begins."""

    id: str
    begins: str


def beginning(text: str) -> str:
    r"""
    How a text begins, on one line.

    >>> beginning("一行目\n二行目"), beginning("長" * 50)[-2:]
    ('一行目 二行目', '長…')
    """
    flat = " ".join(text[: 2 * SNIPPET].split())
    return flat if len(flat) <= SNIPPET and len(text) <= 2 * SNIPPET else f"{flat[:SNIPPET]}…"


def column_of(stored: Stored, column: str) -> list[Any]:
    """A column of the text shards for all texts, such as `id` or `extra`."""
    folder = stored.out / "stages" / "text"
    found: list[Any] = []
    for name in stored.names:
        found += shard.read_table(folder / f"{name}.parquet", [column])[column].to_pylist()
    return found


def spread(rows: Integers, most: int) -> list[int]:
    """At most `most` of the rows, spread evenly: the same ones every time."""
    if rows.size <= most:
        return [int(row) for row in rows]
    return [int(row) for row in rows[np.linspace(0, rows.size - 1, most).astype(np.int64)]]


def read_samples(stored: Stored, rows: Iterable[int]) -> dict[int, Sample]:
    """Id and beginning of these texts; only the shards that hold one are opened."""
    import pyarrow.compute as pc

    wanted = np.unique(np.fromiter(rows, np.int64))
    shards = np.searchsorted(stored.start, wanted, side="right") - 1
    found: dict[int, Sample] = {}
    for k in np.unique(shards).tolist():
        inside = wanted[shards == k]
        path = stored.out / "stages" / "text" / f"{stored.names[k]}.parquet"
        table = shard.read_table(path, ["id", "text"]).take(pa.array(inside - stored.start[k]))
        begins = pc.utf8_slice_codeunits(table["text"], 0, SNIPPET).to_pylist()
        for row, one, text in zip(inside.tolist(), table["id"].to_pylist(), begins, strict=True):
            found[row] = Sample(one, " ".join(text.split()))
    return found


def measure_words(stored: Stored, rows: Flags) -> Stored:
    """
    Numbers of a run with those of the word signals of these texts, tokenized here as the run does.

    Nothing is written; a run with the recipe that asks for them would do the same work.
    """
    from seimai.pipeline.signal import load
    from seimai.pipeline.stages.measure import measure
    from seimai.pipeline.stages.tokenize import tokenize, tokens_of
    from seimai.pipeline.text import Texts

    signals = [one for name, one in load().items() if name in stored.words]
    numbers = {name: stored.numbers[name].copy() for name in stored.words}
    wanted = rows & ~stored.measured
    for k, name in enumerate(stored.names):
        inside = np.flatnonzero(wanted[stored.start[k] : stored.start[k + 1]])
        if not inside.size or not signals:
            continue
        path = stored.out / "stages" / "text" / f"{name}.parquet"
        table = shard.read_table(path, ["id", "text"]).take(pa.array(inside)).combine_chunks()
        texts = Texts(table["text"].combine_chunks())
        tokens = tokens_of(texts, tokenize(texts, stored.recipe.tokens.max_chars))
        found = measure(texts.with_tokens(tokens), signals, table["id"])
        for one in found.column_names:
            numbers[one][inside + stored.start[k]] = found[one].to_numpy()
    return replace(stored, numbers={**stored.numbers, **numbers}, measured=stored.measured | wanted)
