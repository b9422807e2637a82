"""One page as the reader sees it: what was kept, what was cut and by which rule."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seimai.pipeline.decode import Decoded, decode
from seimai.pipeline.ingest.contract import Input, ReadOptions, Unreadable
from seimai.pipeline.ingest.pages.html import Extracted, extracted
from seimai.pipeline.ingest.pages.main_text import Judged, judge
from seimai.pipeline.ingest.pages.page_source import source_of, written
from seimai.pipeline.ingest.sniff import sniff
from seimai.pipeline.ingest.sources.single_file import read_whole
from seimai.pipeline.kernels.page import CLASS, CLOSE, END, ID, INNER, START
from seimai.pipeline.kernels.page_tags import NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

COLOURS = {
    "hidden": "#e5e7eb", "element": "#fde68a", "name": "#fed7aa", "comments": "#ddd6fe",
    "heading": "#fecaca", "links": "#bfdbfe", "notice": "#fbcfe8", "small": "#d9f99d",
}  # fmt: skip
"""The background of what a rule cut; what is kept is white."""

SHOWN = 80
"""Characters of a part that are shown of it."""
_DROPPED = re.compile(
    rb"<(script|style|template|iframe|object|svg|noscript|video|audio)\b.*?</\1>|<!--.*?-->"
    rb"|<(?:link|meta|base|img|input|source|embed|param|area|track)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(rb'<([a-zA-Z][^\s/>]*)(?:[^>"]|"[^"]*")*>')


@dataclass(frozen=True, slots=True)
class Part:
    """An element that was cut."""

    rule: str
    element: str
    """As in a style sheet: `div#side.menu`."""
    characters: int
    links: int
    begins: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, and what was made of it."""

    extracted: Extracted
    parts: tuple[Part, ...]
    judged: Judged
    url: str | None


def find_page(path: str, place: str) -> tuple[str, str | None] | str:
    """
    The text of a page and its address; where there is none, why not, as a word of `messages`.

    `place` names a record of a WARC file, by its offset or its address; "" for a file of one page.
    """
    source = Input(path, path)
    options = ReadOptions(format="auto")
    found: tuple[Decoded, str | None] | None
    if sniff(source) == "warc":
        from seimai.pipeline.ingest.pages.warc import source_at

        found = source_at(source, options, place)
        if found is None:
            return "page.no_record"
    else:
        data = read_whole(source, options)
        if isinstance(data, Unreadable):
            return f"cause.{data.cause}"
        found = decode(data, kind="html"), None
    return "cause.encoding" if found[0].refused else (found[0].text, found[1])


def shown(page: str, options: ReadOptions, url: str | None = None) -> Shown:
    """What the reader makes of a page."""
    judged = judge(source_of(page), comments=options.comments == "keep")
    table = judged.page.table
    parts = []
    for row, rule in sorted(judged.cuts.items()):
        start, end = table[row, [START, END]].tolist()
        words = " ".join(written(judged.page.data[start:end]).split())
        if words:
            parts.append(
                Part(
                    rule,
                    _element(judged, row),
                    len("".join(words.split())),
                    judged.page.data.count(b"<a ", start, end),
                    words[:SHOWN],
                )
            )
    return Shown(extracted(page, options, url), tuple(parts), judged, url)


def _element(judged: Judged, row: int) -> str:
    page = judged.page
    name = NAMES[page.tag[row]] or _name(page.data, page.table.item(row, START))
    ids = page.value(page.table.item(row, ID)).decode("utf-8", "replace").split()[:1]
    classes = page.value(page.table.item(row, CLASS)).decode("utf-8", "replace").split()[:2]
    return "".join([name, *(f"#{one}" for one in ids), *(f".{one}" for one in classes)])[:SHOWN]


def _name(data: bytes, start: int) -> str:
    found = re.compile(rb"<([^\s/>]{1,40})").match(data, start)
    return found[1].decode("utf-8", "replace") if found else ""


def coloured(found: Shown, names: Mapping[str, str]) -> str:
    """
    The page for a browser, each part that was cut in the colour of its rule.

    No script runs, nothing is loaded: tags lose their attributes, and the page forbids the rest.
    `names` are the rules in the reader's language.
    """
    page, cuts = found.judged.page, found.judged.cuts
    places = {page.table.item(row, START): rule for row, rule in cuts.items()}
    pieces: list[bytes] = []
    source = page.data
    body = next((row for row in page.rows_of((_BODY,))), None)
    at, end = (0, len(source)) if body is None else page.table[body, [INNER, CLOSE]].tolist()
    dropped = [(one.start(), one.end()) for one in _DROPPED.finditer(source, at, end)]
    for tag in _TAG.finditer(source, at, end):
        start = tag.start()
        while dropped and dropped[0][1] <= start:
            first, last = dropped.pop(0)
            pieces.append(source[at:first] if first > at else b"")
            at = max(at, last)
        if (dropped and dropped[0][0] <= start) or start < at:
            continue
        pieces.append(source[at:start])
        rule = places.get(start)
        shown_as = f' class="cut {rule}" title="{html.escape(names[rule])}"' if rule else ""
        pieces.append(b"<" + tag[1] + shown_as.encode() + b">")
        at = tag.end()
    for first, last in dropped:
        if first >= at:
            pieces.append(source[at:first])
        at = max(at, last)
    pieces.append(source[at:end])
    content = b"".join(pieces).decode("utf-8", "replace")
    legend = "".join(
        f'<span class="cut {rule}">{html.escape(names[rule])}</span> ' for rule in COLOURS
    )
    title = html.escape(found.url or str(found.extracted.facts.get("title", "")))
    styles = "".join(f".{rule}{{background:{colour}}}" for rule, colour in COLOURS.items())
    return (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src '
        f"'unsafe-inline'\"><title>{title}</title><style>body{{margin:0;font:16px/1.6 sans-serif;"
        "color:#111;background:#fff}#legend{position:sticky;top:0;z-index:9;padding:.6em 1em;"
        "background:#f8fafc;border-bottom:1px solid #cbd5e1;font-size:14px}#legend .cut{padding:"
        ".1em .5em;margin-right:.3em;border-radius:4px}"
        "#page{padding:1em;max-width:60em;margin:auto}"
        f'.cut .cut{{background:none}}{styles}</style></head><body><div id="legend">{title} '
        f'&nbsp; {legend}</div><div id="page">{content}</div></body></html>'
    )


def as_dict(found: Shown) -> dict[str, Any]:
    """For programs."""
    return {
        "url": found.url,
        "text": found.extracted.text,
        "facts": found.extracted.facts,
        "cut": [
            {
                "rule": part.rule,
                "element": part.element,
                "characters": part.characters,
                "links": part.links,
                "begins": part.begins,
            }
            for part in found.parts
        ],
    }


_BODY = NAMES.index("body")
