"""
The stages that run shard by shard, from text shards on: measure, sketch, tokenize.

Each is a plain function over files: it knows no worker, no engine and no clock. What a worker
has just taken in it hands on, so that a text is read once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.engine import fingerprints
from seimai.pipeline.signal import chosen
from seimai.pipeline.stages.measure import measure
from seimai.pipeline.stages.sketch import sketch
from seimai.pipeline.stages.tokenize import tokenize, tokens_of
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seimai.pipeline.job import Job


def measure_and_sketch(job: Job, name: str, text: pa.Table | None, *, wary: bool = False) -> None:
    """Signals and sketch of a text shard, for both of which its texts are decoded once."""
    texts = None if text is None else _texts(text, job.recipe.clean)
    measure_shard(job, name, text, texts, wary=wary)
    sketch_shard(job, name, text, texts)


def measure_shard(
    job: Job, name: str, text: pa.Table | None, texts: Texts | None = None, *, wary: bool = False
) -> None:
    """Character signals of a text shard, and the bytes of each text."""
    signals = chosen(job.signals, "characters")
    path, fingerprint = job.path("signals", name), fingerprints.signals_fingerprint(job, name)
    if shard.read_sidecar(path, fingerprint):
        return
    table = shard.read_table(job.path("text", name)) if text is None else text
    if texts is None:
        texts = _texts(table, job.recipe.clean)
    numbers = measure(texts, signals, table.column("id"), wary=wary)
    shard.write_shard(path, numbers.append_column("bytes", pa.array(texts.bytes)), fingerprint)


def sketch_shard(job: Job, name: str, text: pa.Table | None, texts: Texts | None = None) -> None:
    """Exact hashes, MinHash signatures and band hashes of a text shard."""
    settings = job.recipe.dedup
    if settings is None:
        return
    path, fingerprint = job.path("sketch", name), fingerprints.sketch_fingerprint(job, name)
    if shard.read_sidecar(path, fingerprint):
        return
    if texts is None:
        columns = ["id", "text"]
        texts = _texts(shard.read_table(job.path("text", name), columns) if text is None else text)
    if settings.unit == "word":
        texts = texts.with_tokens(tokens_of(texts, tokenize(texts)))
    shard.write_shard(path, sketch(texts, settings), fingerprint)


def tokenize_shard(job: Job, name: str, rows: list[int], *, wary: bool = False) -> None:
    """
    Tokens and word signals of the given rows, added to those the shard has already.

    Rows without tokens are null in `tokens/` and nan, with `measured` false, in `words/`.
    """
    path = job.path("tokens", name)
    fingerprint = fingerprints.tokens_fingerprint(job, name)
    table = shard.read_table(job.path("text", name), ["id", "text"])
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
        part = _texts(table.filter(pa.array(new)))
        made = tokenize(part, job.recipe.tokens.max_chars)
        merged = _merge(old, have, made, new)
        shard.write_shard(path, merged, fingerprint, {"measured": int((have | new).sum())})
    else:
        merged = old
    # The first round, which is nearly all of the work, measures the texts it has just parsed.
    texts = part if not have.any() else None
    _measure_words(job, name, table, texts, merged, have | new, wary=wary)


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
    *,
    wary: bool,
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
    if texts is None:
        texts = Texts(_column(table.filter(rows)))
    ids = table.column("id").filter(rows)
    texts = texts.with_tokens(tokens_of(texts, tokens.filter(rows)))
    numbers = measure(texts, signals, ids, wary=wary)
    spread = {}
    for column in numbers.column_names:
        values = np.full(have.size, np.nan, np.float32)
        values[have] = numbers.column(column).to_numpy()
        spread[column] = values
    spread["measured"] = have
    shard.write_shard(path, pa.table(spread), fingerprint, measured)


def _column(table: pa.Table) -> pa.LargeStringArray:
    return table.column("text").combine_chunks().cast(pa.large_string())


def _texts(table: pa.Table, cleaned: Sequence[str] = ()) -> Texts:
    """The texts of a shard, with what earlier stages know of them; `cleaned` names cleaners."""
    carried = {name: np.ones(table.num_rows) for name in cleaned}
    if "removed" in table.column_names:
        carried["removed"] = table.column("removed").to_numpy()
        carried["mended"] = table.column("mended").to_numpy()
        carried["replaced"] = (
            table.column("origin").combine_chunks().field("replaced").to_numpy(zero_copy_only=False)
        )
    return Texts(_column(table), carried=carried)
