"""
On how many pages of which site a line stands: what one text alone cannot tell.

A line that stands on many pages of one site and is no sentence belongs to the site, whatever it
says. Counts are exact, and add up: shards are counted each for itself, in any order and by any
number of runs, and merged. Lines are known by a hash of 64 bits. What does not fit into memory is
spread over parts by that hash and merged part by part; a part holds all counts of its lines, so
that every question about a line is answered by one part.

Nothing here changes a text. `recurring` says which lines may go: of a sentence that comes again one
copy stays, on the page whose hash is the smallest, and a sentence that several sites have stays
everywhere, for then it is a phrase or a quotation. A handbook whose pages are all made alike has
headings that come again too: this is for crawls, where a site is more than one book.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from seimai.pipeline import shard
from seimai.pipeline.text import CLOSING, SENTENCE_STOP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from seimai.pipeline.text import Texts

    Hashes = NDArray[np.uint64]
    Flags = NDArray[np.bool_]

PARTS = 64
"""Parts over which counts are spread; a billion lines of 28 bytes make parts of 0.4 GB."""

SHORTEST = 2
"""Characters of the shortest line that is counted: a single one is a bullet or a page number."""


@dataclass(frozen=True)
class LineCounts:
    """One row per line and site, sorted by line, then site; no pair stands there twice."""

    line: Hashes
    site: Hashes
    pages: NDArray[np.int64]
    """Pages of the site on which the line stands, once or more."""
    keeper: Hashes
    """The smallest hash of these pages."""

    def __len__(self) -> int:
        return self.line.size


@dataclass(frozen=True)
class Rule:
    """When a line that comes again may go."""

    pages: int = 5
    """Pages of one site that have a line which is no sentence."""
    sentence_pages: int = 10
    """Pages of one site that have a sentence; one copy stays."""
    sites: int = 2
    """A sentence on more sites than this stays everywhere."""
    run: int = 3
    """Lines that come again go from the middle of a text only so many together: a heading such as
    概要 stands alone on every page of an encyclopedia. At the start and the end one is enough."""


def site_of(url: str | None, source: str = "") -> str:
    """
    The site of a page: the host of its address, without www and port, or its source.

    >>> site_of("https://www.Example.jp:8080/rice/1.html"), site_of(None, "crawl")
    ('example.jp', 'crawl')
    """
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or source


def count_lines(texts: Texts, ids: Sequence[str], sites: Sequence[str]) -> LineCounts:
    """
    The counts of a batch; `ids` and `sites` have one entry per text.

    Blank lines and lines of one character are not counted.
    """
    lines = texts.lines
    counted = lines.length >= SHORTEST
    owner = lines.owner[counted]
    line = texts.hashes(lines)[counted]
    page = _names(ids)[owner]
    site = _names(sites)[owner]
    # A page counts once for a line, however often it has it.
    order = np.lexsort((page, site, line))
    once = order[_new(line[order], site[order], page[order])]
    return _added(line[once], site[once], np.ones(once.size, np.int64), page[once])


def merge(counts: Iterable[LineCounts]) -> LineCounts:
    """
    The sum of counts of different pages.

    A page that was counted twice counts twice: whoever counts again starts anew.
    """
    listed = list(counts)
    if not listed:
        empty = np.zeros(0, np.uint64)
        return LineCounts(empty, empty, np.zeros(0, np.int64), empty)
    return _added(
        np.concatenate([each.line for each in listed]),
        np.concatenate([each.site for each in listed]),
        np.concatenate([each.pages for each in listed]),
        np.concatenate([each.keeper for each in listed]),
    )


def _added(line: Hashes, site: Hashes, pages: NDArray[np.int64], keeper: Hashes) -> LineCounts:
    order = np.lexsort((site, line))
    line, site, pages, keeper = line[order], site[order], pages[order], keeper[order]
    starts = np.flatnonzero(_new(line, site))
    if not starts.size:
        return LineCounts(line, site, pages, keeper)
    return LineCounts(
        line[starts],
        site[starts],
        np.add.reduceat(pages, starts),
        np.minimum.reduceat(keeper, starts),
    )


def _new(*columns: Hashes) -> Flags:
    """Where one of the sorted columns is not what it was in the row above."""
    new = np.zeros(columns[0].size, np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def _names(names: Sequence[str]) -> Hashes:
    """A 64-bit hash of each name, the same on every machine."""
    digests = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in names)
    return np.fromiter((int.from_bytes(digest, "little") for digest in digests), np.uint64)


# --- files -----------------------------------------------------------------------------------


def spread(counts: LineCounts, folder: Path, name: str) -> None:
    """
    Write the counts of one shard over the parts in `folder`, as `PART/NAME.npz`.

    The same name written again takes the place of what was there.
    """
    part = _part(counts.line)
    for number in range(PARTS):
        own = part == number
        content = io.BytesIO()
        np.savez(
            content,
            line=counts.line[own],
            site=counts.site[own],
            pages=counts.pages[own],
            keeper=counts.keeper[own],
        )
        path = folder / f"{number:02d}" / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        shard.write_bytes(path, content.getvalue())


def gather(folder: Path, least: int = 1) -> Iterator[LineCounts]:
    """
    The merged counts of every part, one after the other, without pairs on fewer pages than `least`.

    Only one part is in memory at a time.
    """
    for number in range(PARTS):
        merged = merge(map(_read, sorted((folder / f"{number:02d}").glob("*.npz"))))
        own = merged.pages >= least
        # A line whose sites are asked for keeps all of them, or a phrase would look like a line
        # of one site.
        own = np.isin(merged.line, merged.line[own])
        yield LineCounts(merged.line[own], merged.site[own], merged.pages[own], merged.keeper[own])


def _read(path: Path) -> LineCounts:
    with np.load(path, allow_pickle=False) as file:
        return LineCounts(file["line"], file["site"], file["pages"], file["keeper"])


def _part(line: Hashes) -> NDArray[np.int64]:
    return (line >> np.uint64(64 - PARTS.bit_length() + 1)).astype(np.int64)


# --- questions -------------------------------------------------------------------------------


def recurring(
    texts: Texts, ids: Sequence[str], sites: Sequence[str], counts: LineCounts, rule: Rule
) -> Flags:
    """
    Which lines of `texts.lines` may go, by the counts of all pages, these included.

    Lines that are no sentences go from every page of a site that has them on `rule.pages` pages.
    Sentences go from all but one of at least `rule.sentence_pages`. Both go only from the start or
    the end of a text, or several together; lines without letters always stay.
    """
    lines = texts.lines
    line = texts.hashes(lines)
    owner = lines.owner
    pages, keeper, spread_over = _looked_up(counts, line, _names(sites)[owner])
    sentence = _sentences(texts)
    many = np.where(sentence, rule.sentence_pages, rule.pages)
    stays = sentence & ((spread_over > rule.sites) | (keeper == _names(ids)[owner]))
    again = (pages >= many) & (texts.letters("lines") >= SHORTEST)
    may_go: Flags = _in_runs(again, owner, rule.run) & ~stays
    return may_go


def _in_runs(again: Flags, owner: NDArray[np.int64], least: int) -> Flags:
    """Those in a run of at least `least`, or in one that begins or ends its text."""
    if not again.size:
        return again
    new_text = np.ones(again.size, np.bool_)
    new_text[1:] = owner[1:] != owner[:-1]
    begins = new_text.copy()
    begins[1:] |= again[1:] != again[:-1]
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], again.size)
    last = np.append(new_text[1:], True)
    stays_together = (ends - starts >= least) | new_text[starts] | last[ends - 1]
    in_runs: Flags = again & np.repeat(stays_together, ends - starts)
    return in_runs


def _looked_up(
    counts: LineCounts, line: Hashes, site: Hashes
) -> tuple[NDArray[np.int64], Hashes, NDArray[np.int64]]:
    """For each line on its site: pages, the smallest page, and on how many sites it stands."""
    if not len(counts):
        none = np.zeros(line.size, np.int64)
        return none, none.astype(np.uint64), none
    begin = np.searchsorted(counts.line, line, "left")
    end = np.searchsorted(counts.line, line, "right")
    place = begin.copy()
    # Sites are sorted within a line: a search by halves, for all lines at once.
    low, high = begin.copy(), end.copy()
    while (low < high).any():
        middle = (low + high) // 2
        less = (low < high) & (counts.site[np.minimum(middle, len(counts) - 1)] < site)
        low, high = np.where(less, middle + 1, low), np.where(less | (low >= high), high, middle)
    place = np.minimum(low, len(counts) - 1)
    known = (low < end) & (counts.site[place] == site)
    pages = np.where(known, counts.pages[place], 0)
    keeper = np.where(known, counts.keeper[place], np.uint64(0))
    return pages, keeper, end - begin


def _sentences(texts: Texts) -> Flags:
    """Lines that end in a full stop, or in brackets behind one."""
    lines = texts.lines
    last = lines.end - 1
    closed = CLOSING[texts.codes[last]] & (last > lines.start)
    while closed.any():
        last = np.where(closed, last - 1, last)
        closed = closed & CLOSING[texts.codes[last]] & (last > lines.start)
    ends: Flags = SENTENCE_STOP[texts.codes[last]]
    return ends
