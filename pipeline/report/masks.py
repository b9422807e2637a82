"""
The masks of each shard: which texts hold which of them, and two samples without words of each kind.

They are found in the texts, which are many, and depend on nothing else: not on verdicts. So what
was found is left beside the stage files in `hidden/`, and the report of the next run with another
limit reads that. It holds numbers, dots and masks, and nothing that a text says.
"""

from __future__ import annotations

import contextlib
import heapq
import re
from typing import TYPE_CHECKING, NamedTuple, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.errors import Problem
from seimai.pipeline.text.tables import MASKS

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job

STAGE = "hidden"

VERSION = 1
"""Raised when the same texts give other counts or samples."""

SAMPLES_SHOWN = 2
"""Samples of a kind: they say only in what surroundings it stands."""

AROUND = 24
"""Characters shown as dots on both sides of a mask."""

_ANY_MASK = re.compile("|".join(map(re.escape, MASKS)))


class Sample(NamedTuple):
    """The surroundings of a mask, behind the hash of the id of their text."""

    rank: int
    around: str


class Kind(NamedTuple):
    """One kind of mask in the texts of a shard."""

    rows: Integers
    """The texts that hold it, by their row."""
    counts: Integers
    """How many of it each of them holds."""
    samples: list[Sample]


class _Stored(TypedDict):
    """A kind of mask as JSON."""

    rows: list[int]
    counts: list[int]
    samples: list[tuple[int, str]]


def masks_of(job: Job, name: str) -> dict[str, Kind]:
    """By mask: where it stands in the texts of a shard in which cleaners have set any mask."""
    path = shard.sidecar_path(job.path(STAGE, name))
    made_of = shard.fingerprint(
        stage=STAGE,
        version=VERSION,
        masks=list(MASKS),
        around=[AROUND, SAMPLES_SHOWN],
        text=shard.required_sidecar(job.path("text", name)).digest,
    )
    known = shard.read_sealed(path)
    if known is None or known.get("made_of") != made_of:
        known = {"made_of": made_of, "kinds": _found(job, name)}
        with contextlib.suppress(Problem):  # a folder that may only be read costs time
            shard.write_sealed(path, known)
    kinds: dict[str, _Stored] = known["kinds"]
    return {
        mask: Kind(
            np.array(one["rows"], np.int64),
            np.array(one["counts"], np.int64),
            [Sample(*each) for each in one["samples"]],
        )
        for mask, one in kinds.items()
    }


def _found(job: Job, name: str) -> dict[str, _Stored]:
    """The masks of a shard by kind, counted in the texts in which cleaners have set one."""
    path = job.path("text", name)
    rows = np.flatnonzero(shard.read_table(path, ["masked"])["masked"].to_numpy() > 0)
    if not rows.size:
        return {}
    texts = shard.read_table(path, ["id", "text"]).take(pa.array(rows))
    kinds: dict[str, _Stored] = {}
    for mask in MASKS:
        counts = pc.count_substring(texts["text"], mask).to_numpy().astype(np.int64)
        inside = np.flatnonzero(counts)
        if inside.size:
            kinds[mask] = {
                "rows": rows[inside].tolist(),
                "counts": counts[inside].tolist(),
                "samples": _chosen(texts, mask, inside),
            }
    return kinds


def _chosen(texts: pa.Table, mask: str, inside: Integers) -> list[tuple[int, str]]:
    """The samples of a mask from a shard: those of the texts whose ids have the lowest hashes."""
    ids = texts["id"].take(pa.array(inside)).cast(pa.binary()).to_pylist()
    hashes = map(xxhash.xxh3_64_intdigest, ids)
    ranked = heapq.nsmallest(SAMPLES_SHOWN, zip(hashes, inside.tolist(), strict=True))
    return [(rank, hidden(texts["text"][row].as_py(), mask)) for rank, row in ranked]


def hidden(text: str, mask: str) -> str:
    """
    The surroundings of the first mask, each character but blanks and masks a dot.

    >>> hidden("担当 佐藤 <PHONE>まで、米田 <EMAIL>", "<PHONE>")
    '・・ ・・ <PHONE>・・・・・ <EMAIL>'
    """
    at = text.find(mask)
    first, last = max(at - AROUND, 0), at + len(mask) + AROUND
    parts: list[str] = []
    done = first
    for match in _ANY_MASK.finditer(text, first, last + max(map(len, MASKS))):
        if match.start() >= last:
            break
        parts += (_dots(text[done : match.start()]), match[0])
        done = match.end()
    return "".join((*parts, _dots(text[done : max(done, last)])))


def _dots(text: str) -> str:
    return re.sub(r"\S", "・", " ".join(re.split(r"\s", text)))
