"""
The pipeline for notebooks, scripts and other pipelines: texts in, Arrow tables out.

`import seimai` gives these functions; seimai/README.md shows each. They call the same stages as a
run, on texts in memory. A run has more: any number of texts, resuming, a release with a report.
"""

from __future__ import annotations

import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from seimai.pipeline.errors import Problem
from seimai.pipeline.messages import counted
from seimai.pipeline.names import nearest

if TYPE_CHECKING:
    import pyarrow as pa

    from seimai.pipeline.recipe import Recipe
    from seimai.pipeline.stages.clean import Cleaned
    from seimai.pipeline.text import Texts

    Strings: TypeAlias = Iterable[str] | pa.Array | pa.ChunkedArray


def load_recipe(name_or_path: str | Path, *, filters: Sequence[str] = ()) -> Recipe:
    """
    A shipped recipe by its name, or the recipe in a YAML file, all its names checked.

    `filters` are Python files with signals and cleaners of your own. Raises `Problems`.
    """
    from seimai.pipeline.cleaner import known_cleaners
    from seimai.pipeline.recipe import load_recipe as load
    from seimai.pipeline.signal import load as load_signals

    return load(name_or_path, signals=load_signals(filters), cleaners=known_cleaners())


def measure(texts: Strings, signals: Sequence[str] | None = None) -> pa.Table:
    """
    The numbers of some signals: one row per text, one float32 column per signal.

    All signals on characters where none are named. Naming one on words (`word.*`) parses the
    texts with MeCab. A number is nan where there was nothing to measure, and for signals of
    cleaning (`clean.*`), which `judge` measures. Raises `Problem` for an unknown name.
    """
    from seimai.pipeline.signal import load

    known = load()
    names = (
        list(signals)
        if signals is not None
        else [name for name, signal in known.items() if signal.needs == "characters"]
    )
    for name in names:
        if name not in known:
            raise Problem("U010", name=name, near=nearest(name, known))
    return _measured(_batch(_column(texts)), names)


def clean(texts: Strings, cleaners: Sequence[str]) -> pa.Table:
    """
    The texts after some cleaners, in the given order.

    Columns: `text`; `changed`; `removed` and `removed_lines`, the characters and lines that went;
    `masked`, how many masks were set for personal data; `mended`, how many characters were
    repaired.
    """
    import pyarrow as pa

    from seimai.pipeline.cleaner import load_cleaners
    from seimai.pipeline.stages.clean import clean_texts

    done = clean_texts(_column(texts), load_cleaners(cleaners))
    return pa.table(
        {
            "text": done.column,
            "changed": done.changed,
            "removed": done.removed,
            "removed_lines": done.removed_lines,
            "masked": done.masked,
            "mended": done.mended,
        }
    )


def judge(texts: Strings, recipe: Recipe | str | Path) -> pa.Table:
    """
    What a recipe says to each text alone, after its cleaners.

    Columns: `text`, cleaned; `kept`; `reasons`, the limits that it fails, in the order of the
    recipe; `values`, the numbers that failed. As in a run, word signals are only asked of texts
    that pass everything else, and that the recipe's `tokens: where` names. Duplicates are not
    looked for: see `near_duplicates`.
    """
    import numpy as np
    import pyarrow as pa

    from seimai.pipeline.cleaner import load_cleaners
    from seimai.pipeline.signal import load
    from seimai.pipeline.stages.clean import clean_texts
    from seimai.pipeline.stages.judge import asked_words, hold, limits_by_need, reasons_of
    from seimai.pipeline.stored_numbers import without_run

    recipe = load_recipe(recipe) if isinstance(recipe, str | Path) else recipe
    done = clean_texts(_column(texts), load_cleaners(recipe.cleaners))
    batch = _batch(done.column, recipe.cleaners, done)
    order = recipe.reasons
    failed = np.zeros((len(batch), len(order)), bool)
    values = np.full((len(batch), len(order)), np.nan, np.float32)
    by_need = limits_by_need(without_run(recipe), load())
    asked = np.arange(len(batch))
    for limits in (by_need.characters, by_need.words):
        if not limits.reasons or not asked.size:
            continue
        part = batch.take(asked)
        if limits is by_need.words and by_need.where:
            asked = asked[asked_words(by_need.where, _measured(part, list(by_need.where)))]
            if not asked.size:
                continue
            part = batch.take(asked)
        columns = np.array([order.index(name) for name in limits.reasons])
        bad, numbers = hold(limits, _measured(part, limits.signals, recipe.tokens.max_chars))
        failed[np.ix_(asked, columns)] = bad
        values[np.ix_(asked, columns)] = numbers
        asked = np.flatnonzero(~failed.any(axis=1))
    never = np.zeros(len(batch), bool)
    reasons, shown = reasons_of(
        order, failed, values, never, np.full(len(batch), np.nan, np.float32)
    )
    return pa.table(
        {
            "text": done.column,
            "kept": ~failed.any(axis=1),
            "reasons": reasons,
            "values": shown,
        }
    )


def judging(
    recipe: Recipe | str | Path, *, text: str = "text"
) -> Callable[[Mapping[str, Sequence[Any]]], dict[str, list[Any]]]:
    """
    `judge` as a function of batches, for `dataset.map(judging("web"), batched=True)`.

    The column `text` is replaced by the cleaned one; `kept`, `reasons` and `values` are added.
    """
    chosen = load_recipe(recipe) if isinstance(recipe, str | Path) else recipe

    def judged(batch: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = judge(batch[text], chosen).to_pydict()
        columns[text] = columns.pop("text")
        return columns

    return judged


def read(
    paths: str | Path | Sequence[str | Path],
    *,
    quarantine: list[dict[str, Any]] | None = None,
    **options: Any,
) -> Iterator[dict[str, Any]]:
    """
    The documents of files, folders, globs and addresses of any format, one after the other.

    Each is a dict with the columns of a release before cleaning: `id`, `text`, `source` (the key
    of its file where the record names none), `url`, `license`, `date`, `origin` (where it stood
    and how its bytes were read) and `extra`. `options` are those of a source in a recipe, such as
    `text="body"`. What cannot be read is appended to `quarantine`; without one, a warning at the
    end says how much there was.
    """
    from seimai.pipeline.ingest import Document, ReadOptions, Unreadable, find_inputs
    from seimai.pipeline.ingest import read as read_input

    chosen = ReadOptions(**options)
    named = [paths] if isinstance(paths, str | Path) else paths
    lost: Counter[str] = Counter()
    for source in find_inputs([str(path) for path in named]):
        for item in read_input(source, chosen):
            if isinstance(item, Document):
                yield _row(source.key, item)
            elif isinstance(item, Unreadable):
                lost[item.cause] += 1
                if quarantine is not None:
                    quarantine.append({"key": source.key, **asdict(item)})
    if lost and quarantine is None:
        told = ", ".join(f"{cause} {count}" for cause, count in lost.most_common())
        warnings.warn(
            f"seimai.read: {counted(lost.total(), 'records')} not read ({told})", stacklevel=2
        )


def near_duplicates(
    texts: Strings, similarity: float = 0.8, *, unit: str = "char", n: int = 5
) -> list[list[int]]:
    """
    Groups of texts that are equal or similar, as places in `texts`, each in ascending order.

    Similarity is the Jaccard index of the sets of character `n`-grams (or of words, with
    `unit="word"`) after folding widths, case and blanks. Candidates come from MinHash, which at
    0.8 finds 95 of 100 pairs; each is then compared exactly. A group is connected: its ends may
    be less similar to each other than `similarity`.
    """
    import pyarrow as pa

    from seimai.pipeline import shard
    from seimai.pipeline.recipe.dedup import Dedup
    from seimai.pipeline.stages.group import group
    from seimai.pipeline.stages.sketch import sketch
    from seimai.pipeline.stages.tokenize import tokenize_texts

    settings = Dedup.model_validate({"similarity": similarity, "unit": unit, "n": n})
    batch = _batch(_column(texts))
    if unit == "word":
        batch = batch.with_tokens(tokenize_texts(batch))
    with tempfile.TemporaryDirectory(prefix="seimai-") as folder:
        sketches, column, groups = (Path(folder, f"{name}.parquet") for name in "stg")
        ids = pa.array([str(k) for k in range(len(batch))], pa.string())
        shard.write_shard(sketches, sketch(batch, settings), "")
        shard.write_shard(column, pa.table({"id": ids, "text": batch.column}), "")
        group([sketches], [column], [groups], settings)
        of_text = shard.read_table(groups, ["group"]).column("group").to_pylist()
    members: dict[int, list[int]] = {}
    for place, label in enumerate(of_text):
        if label >= 0:
            members.setdefault(label, []).append(place)
    return list(members.values())


def _column(texts: Strings) -> pa.LargeStringArray:
    import pyarrow as pa

    if isinstance(texts, str):
        raise TypeError("one str was given where a list of texts is wanted")
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if not isinstance(texts, pa.Array):
        texts = pa.array(list(texts), pa.large_string())
    return texts.cast(pa.large_string()).fill_null("")


def _batch(
    column: pa.LargeStringArray, cleaned: Sequence[str] = (), done: Cleaned | None = None
) -> Texts:
    """A batch with what the signals of cleaning ask for, where it was cleaned."""
    import numpy as np

    from seimai.pipeline.text import Texts

    carried: dict[str, Any] = {name: np.ones(len(column)) for name in cleaned}
    if done is not None:
        carried |= {
            "removed": done.removed,
            "removed_lines": done.removed_lines,
            "mended": done.mended,
            "replaced": np.zeros(len(column)),
        }
    return Texts(column, carried=carried)


def _measured(batch: Texts, names: Sequence[str], max_chars: int | None = None) -> pa.Table:
    import pyarrow as pa

    from seimai.pipeline.signal import load
    from seimai.pipeline.stages.measure import measure as measure_texts
    from seimai.pipeline.stages.tokenize import tokenize, tokens_of

    known = load()
    signals = [known[name] for name in names]
    if any(signal.needs == "tokens" for signal in signals):
        batch = batch.with_tokens(tokens_of(batch, tokenize(batch, max_chars)))
    ids = pa.chunked_array([pa.array([str(k) for k in range(len(batch))], pa.string())])
    return measure_texts(batch, signals, ids)


def _row(key: str, document: Any) -> dict[str, Any]:
    from seimai.pipeline.engine.shards.shard_tables import derived_id

    known = ("place", "declared", "detected", "encoding", "replaced", "media_type")
    return {
        "id": document.id if document.id is not None else derived_id(key, document.place),
        "text": document.text,
        "source": document.source or key,
        "url": document.url,
        "license": document.license,
        "date": document.date,
        "origin": {"key": key, **{name: getattr(document, name) for name in known}},
        "extra": document.extra or {},
    }
