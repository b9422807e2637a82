"""
What a release says of its rows, counted and measured again.

`verify.py` asks whether files, digests and numbers of rows are those of `run.json`; here every
row is looked at: reasons against limits, figures against columns, masks against texts, and of some
duplicates their similarity. `measured.py` measures texts again.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seimai.pipeline.stages.columns import DUPLICATE_IN
from seimai.pipeline.stages.contained import share_within
from seimai.pipeline.stages.cut_passages import CHARACTERS, COUNT
from seimai.pipeline.stages.judge import DEDUP
from seimai.pipeline.stages.passages import have_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from seimai.pipeline.cleaner import Cleaner
    from seimai.pipeline.recipe import Dedup, Recipe
    from seimai.pipeline.run_record import RunRecord

BATCH = 8192
PAIRS = 200
"""At most this many duplicates are compared with their keepers again."""

ALIKE = 1e-4
"""Shares are stored as float32: they are equal where they differ by no more than this."""

NEEDED = {
    "data": ("id", "text", "source", "url", "license", "date", "dedup_group_size"),
    "rejected": (
        *("id", "text", "source", "url", "license", "date"),
        *("reasons", "first_reason", "values", "duplicate_of", "similarity"),
    ),
    "quarantine": ("source", "key", "place", "format", "cause", "detail", "first_bytes"),
}
"""Columns that the release of any recipe has."""


@dataclass
class Tally:
    """What was counted; `faults` by the name of their sentence."""

    faults: Counter[str] = field(default_factory=Counter)
    characters: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    cut: Counter[str] = field(default_factory=Counter)
    """Spans and characters that kept texts say were cut from them, and how many texts do."""


def schemas(release: Path, run: RunRecord) -> list[str]:
    """Files whose columns are not those of a release, or not those of their neighbours."""
    first: dict[str, pa.Schema] = {}
    found = []
    for file in run["outputs"]:
        kind = file["path"].partition("/")[0]
        schema = pq.read_schema(release / file["path"]).remove_metadata()
        if not set(NEEDED.get(kind, ())) <= set(schema.names) or not schema.equals(
            first.setdefault(kind, schema)
        ):
            found.append(file["path"])
    return found


def count(release: Path, run: RunRecord, recipe: Recipe | None) -> Tally:
    """Go through all rows of a release."""
    tally = Tally()
    maskers = _maskers(recipe)
    for kind in ("data", "rejected"):
        for batch in _rows(release, run, kind):
            _texts(batch, kind, tally)
            if kind == "rejected":
                _reasons(batch, recipe, tally)
            elif recipe:
                _within(batch, recipe, tally)
            if maskers:
                tally.faults["unmasked"] += _unmasked(batch, maskers)
    for batch in _rows(release, run, "quarantine"):
        tally.causes.update(batch.column("cause").to_pylist())
    return tally


def differences(run: RunRecord, tally: Tally, *, rejects: bool) -> Iterator[str]:
    """Figures of `run.json` that are not what was counted."""
    kept, read = tally.characters["data"], tally.characters.total()
    yield from _differs("characters.kept", run["characters"]["kept"], kept)
    yield from _differs("bytes.kept", run["bytes"]["kept"], tally.bytes["data"])
    causes = {key: value for key, value in run["quarantine_causes"].items() if value}
    yield from _differs("quarantine_causes", causes, dict(tally.causes))
    beside = [file["rows"] for file in run["outputs"] if file["path"].startswith("inputs/")]
    inputs = sum(beside) if beside else len(run["inputs"])
    yield from _differs("input_count", run.get("input_count", inputs), inputs)
    passages = run.get("passages", {}) if tally.cut else {}
    told = {key: passages.get(key, 0) for key in ("texts", "passages", "characters")}
    yield from _differs("passages", told, {key: tally.cut[key] for key in told})
    if not rejects:
        return
    read += passages.get("characters", 0)
    size = tally.bytes.total() + passages.get("bytes", 0)
    yield from _differs("characters.read", run["characters"]["read"], read)
    yield from _differs("bytes.read", run["bytes"]["read"], size)
    yield from _differs("counts.duplicates", run["counts"]["duplicates"], tally.duplicates)
    by_source = {
        name: {key: value for key, value in one.items() if value}
        for name, one in run["sources"].items()
    }
    yield from _differs(
        "sources", by_source, {name: dict(one) for name, one in tally.sources.items()}
    )
    for reason in run["reasons"]:
        name = reason["reason"]
        counted = (tally.reasons[name], tally.first[name], tally.alone[name])
        stated = (reason["texts"], reason["first"], reason["alone"])
        yield from _differs(f"reasons.{name}", stated, counted)
    listed = {one["reason"] for one in run["reasons"]}
    for name in sorted(set(tally.reasons) - listed):
        yield f"reasons.{name}"


def _differs(name: str, told: Any, counted: Any) -> Iterator[str]:
    if told != counted:
        yield name


def _rows(release: Path, run: RunRecord, kind: str) -> Iterator[pa.RecordBatch]:
    for file in run["outputs"]:
        if file["path"].startswith(f"{kind}/"):
            with pq.ParquetFile(release / file["path"]) as parquet:
                yield from parquet.iter_batches(BATCH)


def _texts(batch: pa.RecordBatch, kind: str, tally: Tally) -> None:
    tally.faults["null"] += batch.column("id").null_count + batch.column("text").null_count
    tally.characters[kind] += pc.sum(pc.utf8_length(batch.column("text"))).as_py() or 0
    tally.bytes[kind] += pc.sum(pc.binary_length(batch.column("text"))).as_py() or 0
    if COUNT in batch.schema.names:
        count, characters = (batch.column(one).to_numpy() for one in (COUNT, CHARACTERS))
        tally.cut.update(
            texts=int((count > 0).sum()),
            passages=int(count.sum()),
            characters=int(characters.sum()),
        )
    for name, texts in Counter(batch.column("source").to_pylist()).items():
        figures = tally.sources.setdefault(str(name), Counter())
        figures["read"] += texts
        figures["kept" if kind == "data" else "rejected"] += texts


def _reasons(batch: pa.RecordBatch, recipe: Recipe | None, tally: Tally) -> None:
    columns = ("source", "reasons", "first_reason", "values", "duplicate_of", "similarity")
    for source, given, first, numbers, keeper, alike in zip(
        *(batch.column(name).to_pylist() for name in columns), strict=True
    ):
        reasons, values = given or [], numbers or []
        tally.reasons.update(reasons)
        if reasons:
            tally.first[reasons[0]] += 1
        if len(reasons) == 1:
            tally.alone[reasons[0]] += 1
        if DEDUP in reasons:
            tally.duplicates += 1
            tally.sources[str(source)]["duplicates"] += 1
        tally.faults["first_reason"] += bool(reasons) and first != reasons[0]
        tally.faults["values"] += len(values) != len(reasons)
        tally.faults["duplicate_of"] += (DEDUP in reasons) != (keeper is not None)
        if recipe is None:
            continue
        known = [*recipe.reasons, DEDUP]
        tally.faults["reason"] += any(name not in known for name in reasons)
        order = [known.index(name) for name in reasons if name in known]
        tally.faults["reason"] += order != sorted(set(order))
        tally.faults["broken_limit"] += any(
            name in recipe.limits and not _fails(recipe.limits[name], value)
            for name, value in zip(reasons, values, strict=False)
        )
        if recipe.dedup and keeper is not None:
            low = recipe.dedup.similarity - ALIKE
            asked = recipe.dedup.contained
            inside = asked is not None and asked.then == "reject"
            if asked and inside:
                low = min(low, asked.share - ALIKE)
            if _cuts(recipe.dedup):
                # Of a text of which nearly all was cut it is the share of that.
                low = 0.0
            if inside or _cuts(recipe.dedup):
                # Of duplicates of a text that went itself nobody has measured it.
                tally.faults["similarity"] -= _is_nan(alike)
            tally.faults["similarity"] += alike is None or not low <= alike <= 1 + ALIKE


def _cuts(settings: Dedup) -> bool:
    return settings.passages is not None and settings.passages.then == "cut"


def _is_nan(value: float | None) -> bool:
    return value is not None and math.isnan(value)


def _fails(limit: Any, value: float | None) -> bool:
    if value is None or math.isnan(value):
        return bool(limit.empty == "reject")
    low, high = limit.min, limit.max
    below = low is not None and value < np.float32(low)
    return bool(below or (high is not None and value > np.float32(high)))


def _within(batch: pa.RecordBatch, recipe: Recipe, tally: Tally) -> None:
    """Kept texts whose own numbers fail a limit; null is a word signal nobody asked for."""
    for name in recipe.release.signals:
        limit = recipe.limits.get(name)
        if limit is not None and name in batch.schema.names:
            numbers = batch.column(name).drop_null().to_pylist()
            tally.faults["kept_fails"] += sum(_fails(limit, value) for value in numbers)


# --- masks ------------------------------------------------------------------------------------


def _maskers(recipe: Recipe | None) -> tuple[Cleaner, ...]:
    """The cleaners of the recipe that put masks, where they are installed here."""
    from seimai.pipeline.cleaner import known_cleaners, load_cleaners

    known = known_cleaners()
    listed = zip(recipe.clean, recipe.cleaners, strict=True) if recipe else ()
    names = [written for name, written in listed if name in known]
    return tuple(one for one in load_cleaners(names) if one.masks)


def _unmasked(batch: pa.RecordBatch, maskers: tuple[Cleaner, ...]) -> int:
    """Texts that still hold what the recipe says is masked."""
    from seimai.pipeline.stages.clean import clean_texts

    cleaned = clean_texts(batch.column("text").fill_null("").cast(pa.large_string()), maskers)
    return int((cleaned.masked > 0).sum())


# --- pairs, compared again ----------------------------------------------------------------------


def compared_again(release: Path, run: RunRecord, recipe: Recipe) -> Counter[str]:
    """Equal texts among the kept, and of a sample duplicates that are not like their keeper."""
    from seimai.pipeline.kernels import groups
    from seimai.pipeline.stages.sketch import exact_hashes, shingle_sets
    from seimai.pipeline.text import Texts

    faults: Counter[str] = Counter()
    settings = recipe.dedup
    if settings is None:
        return faults
    pairs = _pairs(release, run)
    wanted = {keeper for _, keeper, _ in pairs}
    keepers: dict[str, str] = {}
    hashes: list[bytes] = []
    pieces: set[str] = set()
    for batch in _rows(release, run, "data"):
        column = batch.column("text").cast(pa.large_string())
        whole = exact_hashes(Texts(column))
        if COUNT in batch.schema.names:
            # What is left of two texts may be the same; they were not.
            cut = pc.greater(batch.column(COUNT), 0)
            pieces |= set(pc.filter(batch.column("id"), cut).to_pylist())
            whole = pc.filter(whole, pc.invert(cut))
        hashes += whole.drop_null().to_pylist()
        for name, text in zip(batch.column("id").to_pylist(), column, strict=True):
            if name in wanted:
                keepers.setdefault(name, text.as_py())
    faults["equal_kept"] = len(hashes) - len(set(hashes))
    both = [
        (text, keepers[keeper], alike)
        for text, keeper, alike in pairs
        if keeper in keepers and keeper not in pieces
    ]
    if settings.unit == "char" and both and not run.get("ids_twice"):
        texts = Texts.of(*(one for pair in both for one in pair[:2]))
        sets = shingle_sets(texts, settings)
        even = np.arange(0, 2 * len(both), 2)
        found = groups.jaccard(*sets, even, even + 1)
        exact = exact_hashes(texts).to_pylist()
        for k, (_, _, alike) in enumerate(both):
            same = exact[2 * k] is not None and exact[2 * k] == exact[2 * k + 1]
            said = alike if alike is not None else math.nan
            like = abs((1.0 if same else found[k]) - said) <= ALIKE
            like = like or _contained(both[k], said, settings) or _shares(both[k], settings)
            faults["not_alike"] += not like
    return faults


def _contained(pair: tuple[str, str, float | None], said: float, settings: Dedup) -> bool:
    """Whether a text went into its keeper as it says, or after a text that did."""
    asked = settings.contained
    if asked is None or asked.then != "reject":
        return False
    if math.isnan(said):
        return True
    return abs(share_within(pair[0], pair[1], asked.length) - said) <= ALIKE


def _shares(pair: tuple[str, str, float | None], settings: Dedup) -> bool:
    """Whether a text may have gone because passages of it were cut, which its keeper has."""
    asked = settings.passages
    return asked is not None and _cuts(settings) and have_passage(*pair[:2], asked.length)


def _pairs(release: Path, run: RunRecord) -> list[tuple[str, str, float | None]]:
    """Text, id of the keeper and similarity of some duplicates, at even distances."""
    found: list[tuple[str, str, float | None]] = []
    step = max(1, run["counts"]["duplicates"] // PAIRS)
    seen = 0
    for batch in _rows(release, run, "rejected"):
        here = pc.is_valid(batch.column("duplicate_of"))
        if DUPLICATE_IN in batch.schema.names:
            # Of those released before, the other text is in another release.
            here = pc.and_(here, pc.is_null(batch.column(DUPLICATE_IN)))
        inside = batch.filter(here)
        rows: Iterable[Any] = zip(
            inside.column("text").to_pylist(),
            inside.column("duplicate_of").to_pylist(),
            inside.column("similarity").to_pylist(),
            strict=True,
        )
        for row in rows:
            if seen % step == 0 and len(found) < PAIRS and row[0] is not None:
                found.append(row)
            seen += 1
    return found
