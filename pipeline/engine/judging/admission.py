"""
What `run.json` tells of where texts come from, and of what may not go in.

By source its licences and time span, hosts by size, refusals by protocol, lists, and benchmarks
with a ledger of every copy of an item. All of it is counted from stored columns, and can be counted
again from a release that has its rejected texts.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import contamination, shard
from seimai.pipeline.contamination.columns import load_index
from seimai.pipeline.provenance.addresses import host_and_path
from seimai.pipeline.provenance.licences import licence_key
from seimai.pipeline.stages.cut_passages import cut_bytes
from seimai.pipeline.text import Texts

if TYPE_CHECKING:
    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.job import Job
    from seimai.pipeline.run_record import (
        BenchmarkCounts,
        HostCounts,
        ProvenanceCounts,
        TextCounts,
    )

MOST_HOSTS = 1000
"""At most this many hosts are named in `run.json`, the largest first; if there are more, a file of
the release has them all."""

LEDGER_PATH = "contamination/train-00000-of-00001.parquet"
HOSTS_PATH = "hosts/train-00000-of-00001.parquet"

LEDGER = pa.schema(
    [
        ("benchmark", pa.string()),
        ("item", pa.string()),
        ("part", pa.string()),
        ("id", pa.string()),
        ("source", pa.string()),
        ("kept", pa.bool_()),
        ("begin", pa.int64()),
        ("end", pa.int64()),
        ("letters", pa.int64()),
        ("share", pa.float32()),
    ]
)
"""A copy of an item: whose, in which text, from which character to which, and how much of it."""

HOSTS = pa.schema(
    [("host", pa.string())]
    + [(name, pa.int64()) for name in ("texts", "kept", "bytes", "bytes_kept")]
)


_PLAIN = re.compile(r"https?://([A-Za-z0-9.-]+)(?=[/?#]|\Z)")
"""How nearly all addresses begin: without a port, a user, a blank or a letter of other scripts."""

_PLAIN_HOST = r"^https?://(?P<host>[A-Za-z0-9.\-]+)(?:[/?#]|$)"
"""The same beginning as a pattern of Arrow, for whole columns."""

_NO_HOST = r"^[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z]"
"""How a name begins that is no address of a host, unless `://` stands in it: `mailto:`, `deb:`."""


def host_of(url: str | None) -> str:
    """
    The host of an address by which its texts are counted; `www.` says nothing of whose it is.

    >>> host_of("https://www.Example.jp/a"), host_of("https://user@例え.jp:8080/a"), host_of(None)
    ('example.jp', 'xn--r8jz45g.jp', '')
    """
    if not url:
        return ""
    plain = _PLAIN.match(url)
    return _spelled(plain[1] if plain else host_and_path(url)[0])


def _spelled(host: str) -> str:
    return host.strip(".").lower().removeprefix("www.")


def places_of_hosts(urls: pa.ChunkedArray) -> tuple[list[str], Integers]:
    """
    Hosts as `host_of` gives them, each once, and for each address the place of its own among them.

    An address without a host has the place -1. Python sees every host once, and besides only
    addresses that are written in an unusual way.

    >>> places_of_hosts(
    ...     pa.chunked_array([["http://www.a.jp/1", "mailto:b@c", "http://a.jp", "//d"]])
    ... )
    (['a.jp', 'd'], array([ 0, -1,  0,  1]))
    """
    coded = pc.struct_field(pc.extract_regex(urls, _PLAIN_HOST), "host").combine_chunks()
    coded = coded.dictionary_encode()
    place: dict[str, int] = {}

    def place_of(host: str) -> int:
        return place.setdefault(host, len(place)) if host else -1

    plain = [place_of(_spelled(one)) for one in coded.dictionary.to_pylist()]
    at = pc.fill_null(coded.indices, len(plain)).to_numpy(zero_copy_only=False)
    places: Integers = np.array([*plain, -1], np.int64)[at]
    without = pc.and_(
        pc.match_substring_regex(urls, _NO_HOST), pc.invert(pc.match_substring(urls, "://"))
    )
    unusual = pc.invert(pc.fill_null(without, fill_value=True)).to_numpy().astype(bool)
    for row in np.flatnonzero(unusual & (at == len(plain))).tolist():
        places[row] = place_of(host_of(urls[row].as_py()))
    return list(place), places


def hosts_of(job: Job, names: Sequence[str]) -> list[HostCounts]:
    """All hosts, those with the most bytes first."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for name in names:
        verdict = shard.read_table(job.path("verdict", name), ["kept", "bytes"])
        kept = verdict["kept"].to_numpy().astype(np.int64)
        sizes = verdict["bytes"].to_numpy() - cut_bytes(job, name)
        hosts, places = places_of_hosts(shard.read_table(job.path("text", name), ["url"])["url"])
        sums = np.zeros((len(hosts), 4), np.int64)
        inside = places >= 0
        rows = np.column_stack([np.ones_like(kept), kept, sizes, sizes * kept])[inside]
        np.add.at(sums, places[inside], rows)
        for host, some in zip(hosts, sums.tolist(), strict=True):
            found[host] = [old + new for old, new in zip(found[host], some, strict=True)]
    return sorted_hosts(found)


def add_host(counts: list[int], size: int, *, kept: bool) -> None:
    """Count a text for its host."""
    counts[0] += 1
    counts[1] += kept
    counts[2] += size
    counts[3] += size * kept


def sorted_hosts(found: defaultdict[str, list[int]]) -> list[HostCounts]:
    """Hosts as `run.json` has them."""
    rows = sorted(found.items(), key=lambda one: (-one[1][3], -one[1][2], one[0]))
    return [
        {"host": host, "texts": one[0], "kept": one[1], "bytes": one[2], "bytes_kept": one[3]}
        for host, one in rows
    ]


def hosts_table(hosts: Sequence[HostCounts]) -> Iterator[pa.Table]:
    """All hosts in one table, where there are more than `run.json` names; else none."""
    if len(hosts) > MOST_HOSTS:
        yield pa.Table.from_pylist(list(hosts), HOSTS)


def provenance(job: Job, names: Sequence[str], hosts: Sequence[HostCounts]) -> ProvenanceCounts:
    """Licences and time spans by source, the largest hosts, refusals, and what lists hold."""
    licences: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    spans: dict[str, list[str]] = {}
    signals = [name for name in job.signals if name.startswith(("list.", "optout."))]
    counts: dict[str, list[int]] = {name: [0, 0] for name in signals}
    for name in names:
        verdict = shard.read_table(job.path("verdict", name), ["kept"])
        text = shard.read_table(job.path("text", name), ["source", "license", "date"])
        # Most texts share these with thousands, so Python sees each combination once.
        text = text.append_column("kept", verdict["kept"])
        for source, licence, stays, times in combinations(text, ["source", "license", "kept"]):
            key = str(source), licence_key(str(licence))
            add_licence(licences[key], kept=stays, times=times)
        days = text.set_column(2, "date", pc.utf8_slice_codeunits(text["date"], 0, DAY))
        for source, date, _ in combinations(days, ["source", "date"]):
            add_date(spans, str(source), date)
        if signals:
            kept = verdict["kept"].to_numpy().astype(bool)
            numbers = shard.read_table(job.path("signals", name), signals)
            for signal in signals:
                hit = np.nan_to_num(numbers[signal].to_numpy()) > 0
                counts[signal][0] += int(hit.sum())
                counts[signal][1] += int((hit & kept).sum())
    return {
        "licenses": [
            {"source": source, "license": licence, "texts": one[0], "kept": one[1]}
            for (source, licence), one in sorted(licences.items())
        ],
        "spans": {
            source: {"from": first, "to": last} for source, (first, last) in sorted(spans.items())
        },
        "host_count": len(hosts),
        "hosts": list(hosts[:MOST_HOSTS]),
        "optout": _told(counts, "optout."),
        "lists": _told(counts, "list."),
    }


def combinations(table: pa.Table, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """
    The rows that some columns have, each once, and how often.

    >>> import pyarrow as pa
    >>> list(combinations(pa.table({"a": ["x", "y", "x"], "b": [1, 2, 1]}), ["a", "b"]))
    [('x', 1, 2), ('y', 2, 1)]
    """
    counted = table.group_by(list(columns), use_threads=False).aggregate([([], "count_all")])
    return zip(*(counted[one].to_pylist() for one in (*columns, "count_all")), strict=True)


def add_licence(counts: list[int], *, kept: bool, times: int = 1) -> None:
    """Add `times` texts to the counts of their licence."""
    counts[0] += times
    counts[1] += times * kept


DAY = len("2025-04-01")


def add_date(spans: dict[str, list[str]], source: str, date: str | None) -> None:
    """Widen the time span of a source by the date of a text, where it has one that begins so."""
    day = (date or "")[:DAY]
    if not day[:4].isdecimal():
        return
    span = spans.setdefault(source, [day, day])
    span[:] = [min(span[0], day), max(span[1], day)]


def _told(counts: dict[str, list[int]], family: str) -> dict[str, TextCounts]:
    return {
        name.removeprefix(family).removesuffix("_count"): {"texts": one[0], "kept": one[1]}
        for name, one in counts.items()
        if name.startswith(family)
    }


def ledger_rows(job: Job, names: Sequence[str]) -> list[dict[str, Any]]:
    """Every copy of an item in every text, in the order of the texts."""
    recipe = job.recipe
    if not recipe.contamination:
        return []
    index = load_index(recipe.contamination)
    columns = [
        f"{contamination.FAMILY}.{one.name}_{end}"
        for one in recipe.contamination
        for end in ("count", "passage_count")
    ]
    rows: list[dict[str, Any]] = []
    for name in names:
        numbers = shard.read_table(job.path("signals", name), columns)
        hit = np.any([np.nan_to_num(numbers[one].to_numpy()) > 0 for one in columns], axis=0)
        if not hit.any():
            continue
        chosen = pa.array(np.flatnonzero(hit))
        text = shard.read_table(job.path("text", name), ["id", "source", "text"]).take(chosen)
        kept = shard.read_table(job.path("verdict", name), ["kept"])["kept"].take(chosen)
        texts = Texts(text["text"].combine_chunks().cast(pa.large_string()))
        ids, sources, stays = (
            text["id"].to_pylist(),
            text["source"].to_pylist(),
            kept.to_pylist(),
        )
        rows += [
            {
                "benchmark": index.names[one.benchmark],
                "item": index.items[one.benchmark][one.item],
                "part": one.part,
                "id": ids[one.text],
                "source": sources[one.text],
                "kept": stays[one.text],
                "begin": one.begin,
                "end": one.end,
                "letters": one.letters,
                "share": one.share,
            }
            for one in index.find(texts)
        ]
    return rows


def ledger_table(rows: Sequence[dict[str, Any]]) -> Iterator[pa.Table]:
    """The ledger as a table; none where nothing was found."""
    if rows:
        yield pa.Table.from_pylist(list(rows), LEDGER)


def benchmarks(job: Job, rows: Sequence[dict[str, Any]]) -> list[BenchmarkCounts]:
    """By benchmark: what was looked for, and in how many texts how many of its items are."""
    if not job.recipe.contamination:
        return []
    index = load_index(job.recipe.contamination)
    found: list[Any] = [
        {
            "name": name,
            "digest": index.digest,
            "items": len(index.items[k]),
            "not_looked_for": index.unsought[k],
            "passages": index.passages[k],
            **found_of(rows, name),
        }
        for k, name in enumerate(index.names)
    ]
    return found


def found_of(rows: Sequence[dict[str, Any]], name: str) -> Any:
    """What a ledger says of a benchmark, in figures."""
    found: Counter[str] = Counter()
    for part, end in (("question", ""), ("passage", "_passage")):
        mine = [row for row in rows if row["benchmark"] == name and row["part"] == part]
        found[f"items{end}_found"] = len({row["item"] for row in mine})
        found[f"texts{end}"] = len({row["id"] for row in mine})
        found[f"kept{end}"] = len({row["id"] for row in mine if row["kept"]})
    return dict(found)
