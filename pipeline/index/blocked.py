"""
What was asked to be forgotten: requests, and what it takes to know such a text again.

`FOLDER/forgotten` holds `requests.json`, the record of what was asked and what was done, and beside
it an index of the texts that went. Neither holds a text. `FOLDER` is an output folder, whose later
runs leave these texts out, or an index, for all runs that are held against it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow.compute as pc
import xxhash

from seimai.pipeline import shard
from seimai.pipeline.index import listing as lists
from seimai.pipeline.index.lookup import asked
from seimai.pipeline.index.releases import sketched
from seimai.pipeline.index.segments import Part, write_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa

    from seimai.pipeline.arrays import Integers
    from seimai.pipeline.stages.sketch import DedupSettings

FOLDER = "forgotten"
REQUESTS = "requests.json"

Kind = Literal["id", "url", "host", "text"]


@dataclass(frozen=True)
class Request:
    """A request to forget a text, and what was done about it."""

    number: int
    kind: Kind
    value: str
    """The id, address or host that is named; for a text its digest."""
    copies: bool
    """Whether texts that are like the named ones are forgotten as well."""
    why: str
    asked: str
    """When it was asked, in UTC: `2026-11-30T04:05:06Z`."""
    done: tuple[dict[str, Any], ...] = field(default=())
    """For each text that was taken out its id, input and place."""


def read_requests(folder: Path) -> list[Request]:
    """All requests noted in a folder."""
    content = shard.read_sealed(folder / FOLDER / REQUESTS) or {"requests": []}
    return [Request(**{**one, "done": tuple(one["done"])}) for one in content["requests"]]


def write_requests(folder: Path, requests: Iterable[Request]) -> None:
    """Note these requests in a folder, in place of those that were there."""
    shard.write_sealed(folder / FOLDER / REQUESTS, {"requests": [asdict(one) for one in requests]})


def mark_of(folder: Path) -> str:
    """What changes whenever other texts are blocked; "" where none is."""
    requests = [[one.kind, one.value, one.copies] for one in read_requests(folder)]
    if not requests:
        return ""
    listed = shard.read_sealed(folder / FOLDER / lists.LIST)
    return shard.fingerprint(requests=requests, index=listed)


def digest_of(text: str) -> str:
    """The digest that stands for a text in the record, which must not hold the text itself."""
    return xxhash.xxh3_128_hexdigest(text.encode())


def same_request(one: Request, other: Request) -> bool:
    """Whether both requests ask for the same."""
    return (one.kind, one.value, one.copies) == (other.kind, other.value, other.copies)


def remember(
    folder: Path, request: Request, texts: Sequence[pa.Array], settings: DedupSettings
) -> Request:
    """
    Note a request, and hashes of the texts it is about; gives it with its number.

    The texts come first: a kill between the two leaves nothing half said. Asked again, it keeps
    its number, and texts that it is about since are added.
    """
    own = folder / FOLDER
    known = read_requests(folder)
    before = next((one for one in known if same_request(one, request)), None)
    number = before.number if before else 1 + max((one.number for one in known), default=0)
    request = before or replace(request, number=number)
    if request.copies and not (before and request.kind == "text"):
        if not (own / lists.LIST).exists():
            own.mkdir(parents=True, exist_ok=True)
            lists.write_listing(own, lists.new_listing(settings))
        listing = lists.read_listing(own)
        lists.remove_others(own, listing)
        record = write_segment(
            own / lists.SEGMENTS,
            f"{listing.next_segment:06d}",
            (_part(some, number, listing.settings) for some in texts),
            listing.settings.bands,
        )
        listing = lists.with_segment(listing, record)
        if not any(one.number == number for one in listing.releases):
            entry = lists.Release(number, f"request {number}", "", record.texts)
            listing = replace(listing, releases=(*listing.releases, entry))
        if record.texts:
            lists.write_listing(own, listing)
    write_requests(folder, [*known, *([] if before else [request])])
    return request


def _part(texts: pa.Array, number: int, settings: DedupSettings) -> Part:
    table, sets, first = sketched(texts, settings)
    found = asked(table, settings.bands)
    rows = table.num_rows
    return Part(
        release=np.full(rows, number),
        row=np.arange(rows),
        exact=found.exact,
        bands=found.bands,
        signed=found.signed,
        sets=sets,
        first=first,
        # Who they were stands in the record, where somebody asked for it to stand.
        id=[""] * rows,
        url=[None] * rows,
    )


def named(requests: Sequence[Request], ids: pa.ChunkedArray, urls: pa.ChunkedArray) -> Integers:
    """For each text the number of the first request that names it, 0 for none."""
    found = np.zeros(len(ids), np.int64)
    for request in reversed(requests):
        if request.kind == "id":
            hits = pc.equal(ids, request.value)
        elif request.kind == "url":
            hits = pc.equal(urls, request.value)
        elif request.kind == "host":
            hits = below_host(urls, request.value)
        else:
            continue
        found[pc.fill_null(hits, fill_value=False).to_numpy(zero_copy_only=False)] = request.number
    return found


def below_host(urls: pa.ChunkedArray, host: str) -> pa.ChunkedArray:
    """
    Which addresses are of a host, or of one below it.

    >>> import pyarrow as pa
    >>> urls = pa.chunked_array([["http://a.jp/x", "https://www.a.jp", "https://ba.jp/", None]])
    >>> below_host(urls, "A.jp").to_pylist()
    [True, True, False, None]
    """
    from seimai.pipeline.report.whence import hosts_of

    hosts = hosts_of(urls)
    name = host.strip().strip(".").lower()
    hits = pc.or_kleene(pc.equal(hosts, name), pc.ends_with(hosts, f".{name}"))
    return pc.if_else(pc.is_valid(urls), hits, None)
