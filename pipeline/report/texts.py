"""
Texts: read the chosen texts from their shards, and cut out the part worth showing.

Each shard is opened once and only if it holds a chosen text; of a text only the beginning is
taken into Python, however long it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seimai.pipeline import shard
from seimai.pipeline.machine import in_threads
from seimai.pipeline.report.choose import MOST_READERS, RowAddress
from seimai.pipeline.stages.gone import Gone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from seimai.pipeline.job import Job

MOST_CHARACTERS = 20_000
"""Characters at the beginning of a text in which a part to show is looked for."""

EXCERPT = 240
"""Characters shown of a text."""

BEFORE = 40
"""Characters shown before the first highlight or difference."""

MOST_STRUCK = 6
"""Lines that are shown where several went from one place."""

Piece = tuple[str, bool]
"""A part of an excerpt, and whether it is marked."""

_ENDS = re.compile(r"[。！？!?][」』）)]*|\n")
"""Where a sentence or a line ends."""


@dataclass(frozen=True)
class Text:
    """A text as far as the report needs it."""

    id: str
    source: str
    url: str | None
    text: str
    """The beginning, at most `MOST_CHARACTERS`."""
    length: int
    reasons: tuple[tuple[str, float], ...]
    similarity: float
    removed: int = 0
    """Lines that cleaners took out."""
    gone: tuple[Gone, ...] = ()
    """These lines, where the run stored them."""


@dataclass(frozen=True)
class Struck:
    """Lines that cleaners took out of one place of a text; `more` of them are not shown."""

    lines: tuple[Gone, ...]
    more: int = 0


@dataclass(frozen=True)
class Excerpt:
    """What is shown of a text: pieces, and whether there is more on either side."""

    pieces: tuple[Piece | Struck, ...]
    cut_before: bool
    cut_after: bool
    start: int = 0
    """Where in the text it begins."""


def read_texts(
    job: Job, names: Sequence[str], places: Iterable[RowAddress]
) -> dict[RowAddress, Text]:
    """The texts at `places`, shard by shard, a few shards at a time."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for place in places:
        wanted[place.shard].add(place.row)
    parts = in_threads(
        lambda number: _read_shard(job, names[number], number, sorted(wanted[number])),
        sorted(wanted),
        MOST_READERS,
    )
    return {place: text for part in parts for place, text in part}


def _read_shard(job: Job, name: str, number: int, rows: list[int]) -> list[tuple[RowAddress, Text]]:
    take = pa.array(rows)
    columns = ["id", "source", "url", "text", "removed_lines"]
    columns += ["gone"] * job.recipe.report.removed_lines
    table = shard.read_rows(job.path("text", name), columns, rows)
    verdict = shard.read_table(job.path("verdict", name), ["reasons", "values", "similarity"]).take(
        take
    )
    lengths = pc.utf8_length(table["text"]).to_pylist()
    begun = pc.utf8_slice_codeunits(table["text"], 0, MOST_CHARACTERS)
    table = table.set_column(table.column_names.index("text"), "text", begun)
    both = zip(table.to_pylist(), verdict.to_pylist(), lengths, rows, strict=True)
    return [
        (
            RowAddress(number, at),
            Text(
                row["id"],
                row["source"],
                row["url"],
                row["text"],
                length,
                tuple(zip(judged["reasons"], judged["values"], strict=True)),
                judged["similarity"] if judged["similarity"] is not None else np.nan,
                row["removed_lines"],
                tuple(Gone(**one) for one in row.get("gone") or ()),
            ),
        )
        for row, judged, length, at in both
    ]


# --- excerpts ------------------------------------------------------------------------------


def excerpt(text: Text, spans: Sequence[tuple[int, int]] = ()) -> Excerpt:
    """
    The beginning of a text, or the part around the first of the `spans`, which are marked.

    It begins and ends with sentences or lines, where these are not too long for that.
    """
    inside = sorted((max(a, 0), min(b, len(text.text))) for a, b in spans)
    inside = [(a, b) for a, b in inside if a < b]
    start = _begin(text.text, inside[0][0]) if inside and inside[0][1] > EXCERPT else 0
    return _cut(text, start, inside, _end(text.text, start))


def excerpt_at(text: Text, line: int) -> Excerpt:
    """The part of a text around the beginning of a line, or around its end."""
    at = 0
    for _ in range(line):
        at = text.text.find("\n", at) + 1
        if not at:
            at = len(text.text)
            break
    start = _begin(text.text, at) if at > EXCERPT else 0
    return _cut(text, start, [], _end(text.text, start))


def _begin(text: str, at: int) -> int:
    """Where to begin so that `at` is to be seen: the first sentence or line not too far before."""
    early = max(at - 2 * BEFORE, 0)
    ends = (found.end() for found in _ENDS.finditer(text, early, at))
    return next(ends, max(at - BEFORE, 0))


def _end(text: str, start: int) -> int:
    """Where to end what begins at `start`: with the last sentence or line that fits."""
    most = start + EXCERPT
    if most >= len(text):
        return len(text)
    ends = [found.end() for found in _ENDS.finditer(text, start + EXCERPT // 2, most)]
    if not ends:
        return most
    return ends[-1] - (text[ends[-1] - 1] == "\n")


def _cut(
    text: Text, start: int, spans: Sequence[tuple[int, int]], end: int | None = None
) -> Excerpt:
    end = min(start + EXCERPT, len(text.text)) if end is None else end
    pieces: list[Piece | Struck] = []
    at = start
    for span_start, span_end in spans:
        a, b = max(span_start, at), min(span_end, end)
        if a >= b:
            continue
        if a > at:
            pieces.append((text.text[at:a], False))
        pieces.append((text.text[a:b], True))
        at = b
    if at < end:
        pieces.append((text.text[at:end], False))
    return Excerpt(tuple(pieces), start > 0, end < text.length, start)


def with_struck(text: Text, cut: Excerpt) -> Excerpt:
    """The same excerpt with the lines that cleaners took out, each where it stood."""
    if not text.gone:
        return cut
    gone: defaultdict[int, list[Gone]] = defaultdict(list)
    for one in text.gone:
        gone[one.line].append(one)
    line = text.text.count("\n", 0, cut.start)
    whole = not cut.start or text.text[cut.start - 1] == "\n"
    pieces: list[Piece | Struck] = [_struck(gone[line])] if whole and line in gone else []
    for piece in cut.pieces:
        if isinstance(piece, Struck):
            continue
        for part in re.findall(r"[^\n]*\n|[^\n]+", piece[0]):
            pieces.append((part, piece[1]))
            if part.endswith("\n"):
                line += 1
                if line in gone:
                    pieces.append(_struck(gone[line]))
    if not cut.cut_after:
        last = [one for at in sorted(gone) if at > line for one in gone[at]]
        pieces += [_struck(last)] if last else []
    return replace(cut, pieces=tuple(pieces))


def _struck(lines: list[Gone]) -> Struck:
    return Struck(tuple(lines[:MOST_STRUCK]), max(len(lines) - MOST_STRUCK, 0))


def marked(
    text: Text, reason: str, where: Callable[[str], list[tuple[int, int]]] | None
) -> tuple[Excerpt, str]:
    """The excerpt of a text with the spans of `where`, and what went wrong in finding them."""
    if where is None:
        return excerpt(text), ""
    try:
        return excerpt(text, where(text.text)), ""
    except Exception as error:  # noqa: BLE001 - a plugin's highlight must not cost the run its report; the page says so
        return excerpt(text), f"{reason}: {type(error).__name__}: {error}"


def side_by_side(one: Text, other: Text) -> tuple[Excerpt, Excerpt]:
    """Excerpts of two texts from a little before they part, with what differs marked."""
    parts = _parts_at(one.text, other.text)
    start = _begin(one.text, parts) if parts else 0
    left, right = one.text[start : start + EXCERPT], other.text[start : start + EXCERPT]
    left_spans, right_spans = [], []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            left_spans.append((start + a, start + b))
            right_spans.append((start + c, start + d))
    return _cut(one, start, left_spans), _cut(other, start, right_spans)


def _parts_at(one: str, other: str) -> int:
    """Where two texts begin to differ; 0 where they do not."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    at = next((place for place, (a, b) in pairs if a != b), shorter)
    return 0 if one == other else at
