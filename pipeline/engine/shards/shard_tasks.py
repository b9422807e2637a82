"""
The stages that run shard by shard, from text shards on: measure, sketch, tokenize.

Each is a plain function over files: it knows no worker, no engine and no clock. What a worker
has just taken in it hands on, so that a text is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.crash_points import crash_point
from seimai.pipeline.engine.planning import fingerprints
from seimai.pipeline.engine.workers import slow_records
from seimai.pipeline.engine.workers.time_limit import Limit, SlowRows
from seimai.pipeline.signal import chosen
from seimai.pipeline.stages.measure import measure
from seimai.pipeline.stages.sketch import sketch
from seimai.pipeline.stages.tokenize import tokenize, tokens_of
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seimai.pipeline.job import Job


NO_LIMIT = Limit(0)
"""The limit where nobody watches the time: none."""

COLUMNS = ("id", "text", "origin")
"""Columns of a text shard that are read: the text, and where it comes from."""

T = TypeVar("T")


def texts_of(job: Job, table: pa.Table, decoded: Texts | None = None) -> Texts:
    """
    The texts of a shard that is at hand, to be decoded once for its signals and its sketch.

    `decoded` are the same texts where somebody has decoded them before.
    """
    texts = _texts(table, job.recipe.cleaners, decoded)
    recipe = job.recipe
    if recipe.lists or recipe.optout or recipe.licenses:
        from seimai.pipeline import provenance

        folder = job.out / "stages" / "lists"
        texts.carry(provenance.numbers_of(recipe, table, folder, job.signals))
    return texts


def measure_shard(
    job: Job,
    name: str,
    text: pa.Table | None,
    limit: Limit = NO_LIMIT,
    known: Texts | None = None,
) -> pa.Table | None:
    """
    Character signals of a text shard, and the bytes of each text; None if they are there.

    `known` are the texts of `text`, where somebody else asks them as well.
    """
    signals = chosen(job.signals, "characters")
    path, fingerprint = job.path("signals", name), fingerprints.signals_fingerprint(job, name)
    if shard.read_sidecar(path, fingerprint):
        return None
    table = shard.read_table(job.path("text", name)) if text is None else text

    def numbers(part: pa.Table) -> pa.Table:
        texts = known if known is not None and part is text else texts_of(job, part)
        wary = limit.wary and part is table
        found = measure(texts, signals, part.column("id"), wary=wary)
        return found.append_column("bytes", pa.array(texts.bytes))

    measured = _held(limit, "measure", numbers, table)
    shard.write_shard(path, measured, fingerprint)
    return measured


def sketch_shard(
    job: Job,
    name: str,
    text: pa.Table | None,
    limit: Limit = NO_LIMIT,
    known: Texts | None = None,
) -> None:
    """Exact hashes, MinHash signatures and band hashes of a text shard; `known` as above."""
    settings = job.recipe.dedup
    if settings is None:
        return
    path, fingerprint = job.path("sketch", name), fingerprints.sketch_fingerprint(job, name)
    if shard.read_sidecar(path, fingerprint):
        return
    table = shard.read_table(job.path("text", name), COLUMNS) if text is None else text

    def sketches(part: pa.Table) -> pa.Table:
        texts = known if known is not None and part is text else _texts(part)
        if settings.unit == "word":
            texts = texts.with_tokens(tokens_of(texts, tokenize(texts)))
        return sketch(texts, settings)

    shard.write_shard(path, _held(limit, "sketch", sketches, table), fingerprint)


def tokenize_shard(job: Job, name: str, rows: list[int], limit: Limit = NO_LIMIT) -> None:
    """
    Tokens and word signals of the given rows, added to those the shard has already.

    Rows without tokens are null in `tokens/` and nan, with `measured` false, in `words/`.
    """
    path = job.path("tokens", name)
    fingerprint = fingerprints.tokens_fingerprint(job, name)
    table = shard.read_table(job.path("text", name), COLUMNS)
    have = np.zeros(table.num_rows, bool)
    old: pa.Table | None = None
    if shard.read_sidecar(path, fingerprint):
        old = shard.read_table(path)
        have = ~old.column("pos").is_null().to_numpy()
    wanted = np.zeros(table.num_rows, bool)
    wanted[rows] = True
    new = wanted & ~have
    part: Texts | None = None
    if new.any():

        def parsed(some: pa.Table) -> tuple[Texts, pa.Table]:
            texts = _texts(some)
            return texts, tokenize(texts, job.recipe.tokens.max_chars)

        part, made = _held(limit, "tokenize", parsed, table.filter(pa.array(new)))
        merged = _merge(old, have, made, new)
        shard.write_shard(path, merged, fingerprint, {"measured": int((have | new).sum())})
    else:
        merged = old
    crash_point("tokens-written")
    # The first round, which is nearly all of the work, measures the texts it has just parsed.
    texts = part if not have.any() else None
    _measure_words(job, name, table, texts, merged, have | new, limit)


def count_shard(job: Job, name: str) -> int:
    """Tokens of the kept texts of a shard, for the tokenizer of the recipe; how many texts."""
    from seimai.pipeline.stages.cut_passages import released_texts
    from seimai.pipeline.stages.token_counts import count_tokens, open_tokenizer

    tokenizer = open_tokenizer(str(job.recipe.release.tokenizer))
    path = job.path("counts", name)
    fingerprint = fingerprints.counts_fingerprint(job, name, tokenizer.about())
    verdict = shard.read_table(job.path("verdict", name), ["kept"])
    kept = verdict.column("kept").to_numpy().astype(bool)
    if not shard.read_sidecar(path, fingerprint):
        texts = shard.read_table(job.path("text", name), ["text"]).column("text")
        texts = released_texts(job, name, np.arange(kept.size), texts)
        shard.write_shard(path, count_tokens(texts, kept, tokenizer), fingerprint)
    return int(kept.sum())


def _merge(old: pa.Table | None, have: Any, made: pa.Table, new: Any) -> pa.Table:
    """One row per text: the old rows, the new ones at their places, null elsewhere."""
    place = np.full(have.size, -1, np.int64)
    place[new] = np.arange(int(new.sum()))
    if old is None:
        index = pa.array(place, mask=place < 0)
        return made.take(index)
    place[have] = made.num_rows + np.flatnonzero(have)
    both = pa.concat_tables([made, old]).combine_chunks()
    return both.take(pa.array(place, mask=place < 0))


def _measure_words(
    job: Job,
    name: str,
    table: pa.Table,
    texts: Texts | None,
    tokens: pa.Table,
    have: Any,
    limit: Limit,
) -> None:
    """Word signals of the rows in `have`; `texts` are those rows where they are at hand."""
    signals = chosen(job.signals, "tokens")
    path, fingerprint = job.path("words", name), fingerprints.words_fingerprint(job, name)
    known = shard.read_sidecar(path, fingerprint)
    # The tokens may have been made again for other rows, so their number says nothing.
    measured = {"measured": int(have.sum()), "rows": xxhash.xxh3_128_hexdigest(have.tobytes())}
    if known and known.counts == measured:
        return
    rows = pa.array(have)
    asked, their_tokens = table.filter(rows), tokens.filter(rows)
    # A score that looks at words and at the numbers of characters finds these measured.
    characters = shard.read_table(job.path("signals", name)).filter(rows)
    for column in characters.column_names:
        asked = asked.append_column(column, characters.column(column))

    def measured_words(part: pa.Table) -> pa.Table:
        whole = part is asked
        some = texts if texts is not None and whole else Texts(_column(part))
        some.carry({name: part.column(name).to_numpy() for name in characters.column_names})
        known = their_tokens if whole else tokenize(some, job.recipe.tokens.max_chars)
        some = some.with_tokens(tokens_of(some, known))
        return measure(some, signals, part.column("id"), wary=limit.wary and whole)

    numbers = _held(limit, "words", measured_words, asked)
    spread = {}
    for column in numbers.column_names:
        values = np.full(have.size, np.nan, np.float32)
        values[have] = numbers.column(column).to_numpy()
        spread[column] = values
    spread["measured"] = have
    shard.write_shard(path, pa.table(spread), fingerprint, measured)


def _held(limit: Limit, name: str, step: Callable[[pa.Table], T], table: pa.Table) -> T:
    """What a step gives for a text shard; `FoundSlow` where a record of it takes too long."""
    try:
        return limit.hold(name, step, table)
    except SlowRows as slow:
        raise slow_records.of_table(slow, table) from None


def _column(table: pa.Table) -> pa.LargeStringArray:
    return table.column("text").combine_chunks().cast(pa.large_string())


def _texts(table: pa.Table, cleaned: Sequence[str] = (), decoded: Texts | None = None) -> Texts:
    """The texts of a shard, with what earlier stages know of them; `cleaned` names cleaners."""
    carried = {name: np.ones(table.num_rows) for name in cleaned}
    if "removed" in table.column_names:
        carried["removed"] = table.column("removed").to_numpy()
        carried["removed_lines"] = table.column("removed_lines").to_numpy()
        carried["mended"] = table.column("mended").to_numpy()
        carried["replaced"] = (
            table.column("origin").combine_chunks().field("replaced").to_numpy(zero_copy_only=False)
        )
    texts = Texts(_column(table)) if decoded is None else decoded
    texts.carry(carried)
    return texts
