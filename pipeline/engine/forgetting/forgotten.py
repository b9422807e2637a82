"""
Forgotten texts: what was asked to be forgotten leaves the stages, and stays out of them.

After the texts of a run are prepared, those that a request names, and those like a text that went,
are taken out of every stage file of their shard and counted in quarantine, with the number of the
request and without a byte of the text. Inputs are not needed for that, and other shards stay as
they are. The ledger of a split goes first and comes back last: after a kill the split is read
again, and its texts are taken out again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.engine.forgetting.remote_index import folder_of, is_sent
from seimai.pipeline.engine.judging.against import look_up
from seimai.pipeline.engine.planning import fingerprints, ledger
from seimai.pipeline.engine.shards.shard_tables import QUARANTINE
from seimai.pipeline.errors import Problem
from seimai.pipeline.index import blocked
from seimai.pipeline.index.listing import LIST, check_settings, open_index
from seimai.pipeline.index.lookup import asked, find_twins, sets_out_of
from seimai.pipeline.index.releases import sketched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.engine.planning.plan import Split
    from seimai.pipeline.engine.planning.records import LedgerRecord
    from seimai.pipeline.index.listing import Index
    from seimai.pipeline.job import Job

CAUSE = "forgotten"

_DIGITS = re.compile("([0-9]+)")

STAGE = "forgotten"
"""Where it is noted which shards were looked through, for which requests."""


@dataclass(frozen=True)
class Gone:
    """A text that was taken out of the stages because of a request."""

    request: int
    folder: Path
    """The folder in which the request is noted."""
    id: str
    key: str
    place: str


def folders_of(job: Job) -> list[Path]:
    """Where requests may be noted: the output folder, and the index it is held against."""
    out = job.out if job.max_records is None else job.out.parent
    dedup = job.recipe.dedup
    named = [out, *([folder_of(dedup.against)] if dedup and dedup.against else [])]
    return [folder for folder in named if (folder / blocked.FOLDER / blocked.REQUESTS).exists()]


def requests_known(job: Job) -> int:
    """How many requests to forget texts are noted where this run looks for them."""
    return sum(len(blocked.read_requests(folder)) for folder in folders_of(job))


def take_out(job: Job, splits: Sequence[Split]) -> list[Gone]:
    """Take what is to be forgotten out of the prepared splits; gives what went."""
    folders = folders_of(job)
    if not folders:
        return []
    mark = [blocked.mark_of(folder) for folder in folders]
    gone: list[Gone] = []
    for split in splits:
        known = ledger.read(job, split)
        if known is None:
            continue
        found = {}
        marks = {name: _looked_mark(job, name, mark) for name in known["shards"]}
        for name, wanted in marks.items():
            if (shard.read_sealed(_note(job, name)) or {}).get("fingerprint") == wanted:
                continue
            hits = _find(job, name, folders)
            if hits:
                found[name] = hits
            else:
                shard.write_sealed(_note(job, name), {"fingerprint": wanted})
        if found:
            gone += _edit(job, split, known, found)
            for name in known["shards"]:
                note = {"fingerprint": _looked_mark(job, name, mark)}
                shard.write_sealed(_note(job, name), note)
    return gone


def _note(job: Job, name: str) -> Path:
    return shard.sidecar_path(job.path(STAGE, name))


def _looked_mark(job: Job, name: str, mark: Sequence[str]) -> str:
    text = shard.required_sidecar(job.path("text", name)).digest
    return shard.fingerprint(stage=STAGE, text=text, mark=mark)


Hits = list[tuple[int, int, Path]]
"""For each text that is asked to be forgotten: its row, the number of the request, and the folder
in which that is noted."""


def _find(job: Job, name: str, folders: Sequence[Path]) -> Hits:
    """The rows of a shard that have to go; the first request that is about a row counts."""
    found: dict[int, tuple[int, Path]] = {}
    for folder in folders:
        requests = blocked.read_requests(folder)
        table = shard.read_table(job.path("text", name), ["id", "url"])
        numbers = blocked.named(requests, table["id"], table["url"])
        if (folder / blocked.FOLDER / LIST).exists():
            alike = _like_forgotten(job, name, open_index(folder / blocked.FOLDER))
            numbers = np.where(numbers > 0, numbers, alike)
        for row in np.flatnonzero(numbers).tolist():
            found.setdefault(row, (int(numbers[row]), folder))
    return [(row, *found[row]) for row in sorted(found)]


def _like_forgotten(job: Job, name: str, index: Index) -> Integers:
    """For each text of a shard the request whose texts it is like, 0 for none."""
    settings = index.listing.settings
    if _same_sketches(job, index):
        _, twins = look_up(job, [name], index, settings, settings.similarity)
    else:
        # The recipe compares in another way, or not at all: what is to go does not depend on it.
        texts = shard.read_table(job.path("text", name), ["text"])["text"].combine_chunks()
        table, values, first = sketched(texts, settings)
        sets = sets_out_of(values, first)
        twins = find_twins(index, asked(table, settings.bands), sets, settings.similarity)
    return np.where(twins.found, twins.release, 0)


def _same_sketches(job: Job, index: Index) -> bool:
    if job.recipe.dedup is None:
        return False
    try:
        check_settings(index.folder, index.listing, job.recipe.dedup)
    except Problem:
        return False
    return True


# --- stage files ---------------------------------------------------------------------------


def _edit(job: Job, split: Split, known: LedgerRecord, found: Mapping[str, Hits]) -> list[Gone]:
    """Take rows out of all stage files of a split, and put them into its quarantine."""
    ledger.forget(job, split)
    gone: list[Gone] = []
    for name, hits in found.items():
        gone += _edit_shard(job, name, hits)
    record = _with_quarantine(job, split, known, gone)
    shard.write_sealed(ledger.path_of(job, split), record)
    return gone


def _edit_shard(job: Job, name: str, hits: Hits) -> list[Gone]:
    path = job.path("text", name)
    text = shard.read_table(path)
    later = list(_later(job, name))
    keep = np.ones(text.num_rows, bool)
    keep[[row for row, _, _ in hits]] = False
    origin = text.column("origin").combine_chunks()
    keys, places = origin.field("key"), origin.field("place")
    gone = [
        Gone(number, folder, text["id"][row].as_py(), keys[row].as_py(), places[row].as_py())
        for row, number, folder in hits
    ]
    sidecar = shard.required_sidecar(path)
    rest = text.filter(pa.array(keep)).combine_chunks()
    counts = {
        **sidecar.counts,
        "inputs": _runs(rest.column("origin")),
        **{
            column: int(np.sum(rest.column(column).to_numpy()))
            for column in ("removed", "masked", "mended")
        },
    }
    shard.write_shard(path, rest, sidecar.fingerprint, counts)
    for stage, table, fingerprint in later:
        kept = table.filter(pa.array(keep)).combine_chunks()
        metadata = table.schema.metadata
        kept = kept.replace_schema_metadata(metadata)
        shard.write_shard(
            job.path(stage, name), kept, fingerprint(job, name), _counts_of(stage, kept)
        )
    return gone


def _runs(origin: pa.ChunkedArray) -> list[tuple[str, int]]:
    keys = origin.combine_chunks().field("key").to_pylist() if len(origin) else []
    return [(key, len(list(rows))) for key, rows in groupby(keys)]


def _later(job: Job, name: str) -> Iterator[tuple[str, pa.Table, Callable[[Job, str], str]]]:
    """The later files of a shard that are up to date; their rows do not look at each other."""
    for stage, fingerprint in (
        ("signals", fingerprints.signals_fingerprint),
        ("sketch", fingerprints.sketch_fingerprint),
        ("tokens", fingerprints.tokens_fingerprint),
        ("words", fingerprints.words_fingerprint),
    ):
        path = job.path(stage, name)
        if shard.read_sidecar(path, fingerprint(job, name)):
            yield stage, shard.read_table(path), fingerprint
        else:
            # It may hold what has to go, and nobody would look at it again.
            shard.discard(path)
            path.unlink(missing_ok=True)


def _counts_of(stage: str, table: pa.Table) -> dict[str, Any]:
    if stage == "tokens":
        return {"measured": table.num_rows - table.column("pos").null_count}
    if stage == "words":
        have = table.column("measured").to_numpy().astype(bool)
        return {"measured": int(have.sum()), "rows": xxhash.xxh3_128_hexdigest(have.tobytes())}
    return {}


def _with_quarantine(
    job: Job, split: Split, known: LedgerRecord, gone: Sequence[Gone]
) -> LedgerRecord:
    """The ledger of a split after texts went to quarantine; all of them share its last shard."""
    names = list(known["quarantine"])
    last = names[-1] if names else ""
    before = shard.read_sidecar(job.path("quarantine", last)) if last else None
    rows: list[dict[str, Any]] = []
    if before and before.counts.get(CAUSE):
        rows = shard.read_table(job.path("quarantine", last)).to_pylist()
    else:
        names.append(f"{split.name}-{len(names):03d}")
    tallies: dict[str, Any] = {name: dict(tally) for name, tally in known["formats"].items()}
    for one in gone:
        format_ = _format_of(split, tallies, one.key)
        rows.append(
            {
                "source": job.recipe.source[split.source].name,
                "key": one.key,
                "place": one.place,
                "format": format_,
                "cause": CAUSE,
                "detail": f"request {one.request}",
                "first_bytes": b"",
            }
        )
        tally = tallies[format_]
        causes = {**tally["quarantined"]}
        causes[CAUSE] = causes.get(CAUSE, 0) + 1
        tallies[format_] = {
            **tally, "quarantined": causes, "documents": tally["documents"] - 1,
        }  # fmt: skip
    order = {one.key: place for place, one in enumerate(split.inputs)}
    rows.sort(key=lambda row: (order.get(row["key"], 0), _by_number(row["place"])))
    counts = {"inputs": _runs_of_keys(rows), CAUSE: True}
    mark = f"{known['fingerprint']}:{len(names) - 1}"
    table = pa.Table.from_pylist(rows, QUARANTINE)
    shard.write_shard(job.path("quarantine", names[-1]), table, mark, counts)
    return {
        **known,
        "quarantine": names,
        "quarantined": known["quarantined"] + len(gone),
        "formats": tallies,
    }


def _by_number(place: str) -> list[tuple[int, str]]:
    """
    What sorts places as they stand in an input: numbers by their size.

    >>> sorted(["row 10", "row 9", "@5"], key=_by_number)
    ['@5', 'row 9', 'row 10']
    """
    parts = _DIGITS.split(place)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _runs_of_keys(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(key, len(list(some))) for key, some in groupby(row["key"] for row in rows)]


def _format_of(split: Split, tallies: Mapping[str, Any], key: str) -> str:
    """The format under which a document was counted: that of its input, or what lies in it."""
    own = next((one.format for one in split.inputs if one.key == key), "")
    if own in tallies and tallies[own]["documents"]:
        return own
    return max(sorted(tallies), key=lambda name: tallies[name]["documents"])


def note_done(gone: Sequence[Gone]) -> None:
    """
    Write into the requests which texts went, by id, input and place.

    Not into the copy of an index at an address that is only read: the next fetch would undo it.
    """
    for folder in sorted({one.folder for one in gone if is_sent(one.folder)}):
        requests = []
        for request in blocked.read_requests(folder):
            own = [
                {"id": one.id, "key": one.key, "place": one.place}
                for one in gone
                if one.folder == folder and one.request == request.number
            ]
            done = [*request.done, *(one for one in own if one not in request.done)]
            requests.append(replace(request, done=tuple(done)))
        blocked.write_requests(folder, requests)
