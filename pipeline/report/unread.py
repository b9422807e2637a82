"""
Unread: the inputs that gave nothing, or less than they hold, by name and with the cause.

The quarantine has every record with its first bytes, in a file for programs. People look for a
name: which files of mine are missing, and why?
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.messages import MESSAGES, Message
from seimai.pipeline.messages.details import in_japanese
from seimai.pipeline.report.markup import (
    LONG,
    Head,
    both,
    code,
    count,
    escape,
    note,
    say,
    section,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import RunRecord

MOST_NAMED = 400
"""At most this many inputs are named, with some hundred bytes each."""

MOST_SILENT = 100
"""At most this many inputs without any record are named."""

MOST_OF_A_CAUSE = 100
"""At most this many inputs are named for one cause, so that none hides the others."""

DETAIL_SHOWN = 200
"""Characters of what a reader said, in either language; the line to write into a recipe fits in."""

NAME_SHOWN = 200
"""Characters of a name; the middle of a longer one is left out."""


_WITHIN = re.compile(r"(?:@\d+|#[^#!/]*)$")
"""What follows the name of a member: a byte offset, or a row."""


@dataclass(frozen=True)
class Input:
    """An input, or a member of an archive, with records that could not be read for one cause."""

    name: str
    format: str
    cause: str
    records: int
    detail: str
    nothing: bool
    """Whether not a single text came of it."""


@dataclass(frozen=True)
class Unread:
    """The inputs that are named, those without any text first, and how many are not named."""

    inputs: tuple[Input, ...] = ()
    more: int = 0
    silent: tuple[str, ...] = ()
    """Inputs of which neither a text nor a fault is known: they hold no record."""


def find_unread(
    job: Job, names: Sequence[str], quarantine: Sequence[str], keys: Iterable[str]
) -> Unread:
    """
    Read the quarantine, and ask the text shards which inputs gave texts.

    `names` are the text shards, `quarantine` those of the quarantine, `keys` all inputs.
    """
    gave = {
        key
        for name in names
        for key, _ in shard.required_sidecar(job.path("text", name)).counts["inputs"]
    }
    records: Counter[tuple[str, str, str]] = Counter()
    details: dict[tuple[str, str, str], tuple[str, str]] = {}
    per_cause: Counter[str] = Counter()
    more = 0
    blamed: set[str] = set()
    for name in quarantine:
        found = shard.read_table(
            job.path("quarantine", name), ["key", "place", "format", "cause", "detail"]
        )
        blamed.update(pc.unique(found["key"]).to_pylist())
        for row in found.to_pylist():
            one = (row["key"], member_of(row["place"]), row["cause"])
            if one not in records:
                if per_cause[one[2]] >= MOST_OF_A_CAUSE or len(records) >= MOST_NAMED:
                    more += 1
                    continue
                per_cause[one[2]] += 1
                details[one] = row["format"], row["detail"]
            records[one] += 1
    inputs = [
        Input(
            f"{key}{member}",
            details[key, member, cause][0],
            cause,
            many,
            details[key, member, cause][1],
            key not in gave,
        )
        for (key, member, cause), many in records.items()
    ]
    inputs.sort(key=lambda one: (not one.nothing, one.name, one.cause))
    return Unread(tuple(inputs), more, tuple(sorted(set(keys) - gave - blamed)))


def member_of(place: str) -> str:
    """
    The part of a place that names a member of an archive; empty for rows and bytes.

    >>> member_of("!/営業/a@b.pdf"), member_of("@1024"), member_of("!/a.jsonl@12")
    ('!/営業/a@b.pdf', '', '!/a.jsonl')
    """
    return _WITHIN.sub("", place) if place.startswith("!") else ""


def detail_told(detail: str) -> str:
    """What a reader said of a record, in both languages, each of a length for a table."""
    told = {"en": detail, "ja": in_japanese(detail)}
    # Cut only when it is translated: half a sentence is none that the other language knows.
    cut = {
        name: said if len(said) <= DETAIL_SHOWN else f"{said[:DETAIL_SHOWN]}…"
        for name, said in told.items()
    }
    return both(Message("{en}", "{ja}"), en=escape(cut["en"]), ja=escape(cut["ja"]))


def unread_section(run: RunRecord, found: Unread) -> str:
    """The list of inputs, to be searched, with causes in words."""
    title = say("unread.title")
    silent = sorted({*run.get("empty", []), *found.silent})
    if not found.inputs and not silent:
        return section("unread", title, note(say("formats.no_quarantine")))
    rows = [
        [
            code(_short(one.name)),
            both(MESSAGES["cause." + one.cause])
            if "cause." + one.cause in MESSAGES
            else code(one.cause),
            say("unread.nothing") if one.nothing else say("unread.some"),
            count(one.records),
            detail_told(one.detail),
        ]
        for one in found.inputs
    ]
    heads = [
        Head("head.file"),
        Head("head.cause"),
        Head("head.gave"),
        Head("head.records", numbers=True),
        Head("head.detail"),
    ]
    return section(
        "unread",
        title,
        note(say("unread.note", count=count(run["counts"]["quarantined"]))),
        table(heads, rows, LONG) if rows else "",
        note(say("unread.more", count=count(found.more))) if found.more else "",
        note(say("unread.silent", count=count(len(silent)))) if silent else "",
        table([Head("head.file")], [[code(_short(one))] for one in silent[:MOST_SILENT]], LONG)
        if silent
        else "",
    )


def _short(name: str) -> str:
    half = NAME_SHOWN // 2
    return name if len(name) <= NAME_SHOWN else f"{name[:half]}…{name[-half:]}"
