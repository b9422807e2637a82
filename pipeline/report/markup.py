"""
Markup: the few building blocks of the page, each giving a piece of HTML.

Whatever comes from a document, a recipe or a file name goes through `escape`; pages from the web
contain script. Both languages stand in the page, and the style sheet shows one.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seimai.pipeline.messages import numbered
from seimai.pipeline.report.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seimai.pipeline.messages import Message

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""Control characters: some are not allowed in HTML, some turn the direction of a whole line."""


def escape(text: str) -> str:
    """Text as HTML, also inside quotes; control characters become visible squares."""
    return html.escape(_UNSEEN.sub("\ufffd", text))


def say(key: str, **values: str) -> str:
    """A sentence in both languages. `values` are HTML already: escape what is not a number."""
    return both(WORDS[key], **values)


def both(message: Message, **values: str) -> str:
    """A message in both languages, of which the style sheet shows one."""
    english = numbered(escape(message.en), values)
    japanese = escape(message.ja).format(**values)
    return (
        f'<span class="en" lang="en">{english}</span><span class="ja" lang="ja">{japanese}</span>'
    )


def code(name: str) -> str:
    """A name that people may copy."""
    return f"<code>{escape(name)}</code>"


def count(number: float) -> str:
    """An integer with thousands separators."""
    return f"{number:,.0f}"


def percent(value: float) -> str:
    """A share as a percentage with one decimal; a share that is not zero never reads as zero."""
    if 0 < value < 0.0005:
        return "&lt;0.1%"
    return f"{100 * value:.1f}%"


def number(value: float) -> str:
    """
    A measured number, as long as needed to tell it from a neighbour and no longer.

    >>> [number(value) for value in (0.09971, 1.0, 1234.4, 20)]
    ['0.0997', '1', '1,234', '20']
    """
    if value != value:  # noqa: PLR0124 - the plain test for nan
        return "–"
    if float(value).is_integer():
        return f"{value:,.0f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.0001 else f"{value:.1e}"


@dataclass(frozen=True)
class Head:
    """Head of a column: its sentence, and whether numbers stand below it."""

    key: str
    numbers: bool = False
    wide: bool = False
    """Whether the column holds a chart and takes the space that is left."""


LONG = "long"
"""The kind of a table that can be searched and sorted."""


def table(heads: Sequence[Head], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """
    A table of HTML cells with a head; the first cell of each row names the row.

    Of the kind `LONG` it can be searched and sorted, and shows its first rows until asked for
    all. Without script it is a plain table: what it needs then stays hidden.
    """
    top = "".join(f'<th scope="col"{_classes(head)}>{_head(head)}</th>' for head in heads)
    lines = []
    for row in rows:
        cells = [
            f'<th scope="row"{_classes(head)}>{cell}</th>'
            if place == 0
            else f"<td{_classes(head)}>{cell}</td>"
            for place, (head, cell) in enumerate(zip(heads, row, strict=True))
        ]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    made = (
        f'<div class="scroll" tabindex="0"><table class="{kind}"><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )
    if kind != LONG:
        return made
    search = f'<label class="search" hidden>{say("page.search")} <input type="search"></label>'
    every = (
        f'<p class="every" hidden><button type="button">'
        f"{say('page.all', count=count(len(lines)))}</button></p>"
    )
    return f'<div class="list">{search}{made}{every}</div>'


def _head(head: Head) -> str:
    # A chart needs no heading for the eye; the table still needs one.
    return f'<span class="unseen">{say(head.key)}</span>' if head.wide else say(head.key)


def _classes(head: Head) -> str:
    if head.wide:
        return ' class="chart"'
    return ' class="n"' if head.numbers else ""


def section(name: str, title: str, *parts: str) -> str:
    """A section of the page with its heading; `name` is where links lead."""
    inside = "\n".join(part for part in parts if part)
    return f'<section id="{name}"><h2>{title}</h2>\n{inside}\n</section>'


def note(text: str) -> str:
    """A line of explanation."""
    return f'<p class="note">{text}</p>'


def legend(entries: Iterable[tuple[str, str]]) -> str:
    """What the colours of a chart mean: `(class, sentence)` each."""
    parts = "".join(
        f'<li><svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">'
        f'<rect class="{kind}" width="1" height="1"/></svg>{say(key)}</li>'
        for kind, key in entries
    )
    return f'<ul class="legend">{parts}</ul>'


def folded(summary: str, inside: str, *, opened: bool = False) -> str:
    """A part that opens when asked."""
    return f"<details{' open' if opened else ''}><summary>{summary}</summary>{inside}</details>"


def bar(parts: Iterable[tuple[float, float, str]]) -> str:
    """
    A bar of a table: `(from, width, class)` as shares of the cell.

    Widths are attributes and not styles, so that the page can forbid inline styles.
    """
    boxes = "".join(
        f'<rect class="{kind}" x="{100 * start:.3f}" width="{100 * width:.3f}" height="1"/>'
        for start, width, kind in parts
        if width > 0
    )
    return (
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f"{boxes}</svg>"
    )
