"""
OpenDocument: texts (ODT), spreadsheets (ODS) and presentations (ODP), of LibreOffice and others.

All three keep their content in one part. Tracked deletions, annotations, speaker's notes, readings
of ruby and tables of contents are left out; footnotes follow the text.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from seimai.pipeline.ingest.contract import (
    Broken,
    Document,
    Input,
    Items,
    ReadOptions,
    Skipped,
)
from seimai.pipeline.ingest.office.facts import facts_of
from seimai.pipeline.ingest.office.flow import Flow
from seimai.pipeline.ingest.office.package import Event, Package, opened, refused, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
UNSEEN = {
    "tracked-changes", "annotation", "annotation-end", "notes", "ruby-text", "note-citation",
    "table-of-content", "forms", "hidden-text", "script", "binary-data", "footer", "header",
    "date-time", "title", "desc", "settings",
}  # fmt: skip
"""Elements whose content is not read; `header`, `footer` and `date-time` are fields of slides."""

MOST_TIMES = 1_000
"""How often a cell or a row that says it stands for many is written; real ones are empty."""
MOST_BLANKS = 1_000
_BLANKS = re.compile(r"[ \t\r\n]+")


def read_odt(source: Input, options: ReadOptions) -> Items:
    """The one document of a text."""
    return _read(source, options, "application/vnd.oasis.opendocument.text")


def read_odp(source: Input, options: ReadOptions) -> Items:
    """The one document of a presentation."""
    return _read(source, options, "application/vnd.oasis.opendocument.presentation")


def read_ods(source: Input, options: ReadOptions) -> Items:
    """A document for each visible sheet; `place` is `sheet N` from 1."""
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    number = 0
    try:
        with opened(source, options) as package:
            _check_lock(package)
            _, date = facts_of(package)
            events = package.events(CONTENT)
            styles = _Styles()
            for event in events:
                styles.note(event)
                if event.kind != "start" or event.name != "table":
                    continue
                number += 1
                place, name = f"sheet {number}", event.attributes.get("name", "")
                if styles.hides(event):
                    skip(events)
                    yield Skipped(place, "hidden_sheet")
                    continue
                flow = Flow(options.max_record)
                try:
                    _write(flow, events, styles, "table")
                except Broken as broken:
                    yield refused(source, broken, place)
                    if broken.cause != "too_large":
                        return
                    _skip_table(events)
                    continue
                text = flow.text()
                if text:
                    extra = {"title": name} if name else None
                    yield Document(text, place, date=date, media_type=media_type, extra=extra)
                else:
                    yield Skipped(place, "empty")
            if not number:
                yield Skipped("", "empty")
    except Broken as broken:
        yield refused(source, broken, f"sheet {number + 1}" if number else "")


def _read(source: Input, options: ReadOptions, media_type: str) -> Items:
    try:
        with opened(source, options) as package:
            _check_lock(package)
            flow = Flow(options.max_record)
            hidden_slides = _write(flow, package.events(CONTENT), _Styles())
            extra, date = facts_of(package)
    except Broken as broken:
        yield refused(source, broken)
        return
    text = flow.text()
    if text:
        yield Document(text, date=date, media_type=media_type, extra=extra or None)
    elif not hidden_slides:
        yield Skipped("", "empty")
    if hidden_slides:
        yield Skipped("", "hidden_slide", hidden_slides)


def _check_lock(package: Package) -> None:
    """Encrypted parts look like damaged ones; the manifest knows."""
    locked = False
    if package.has(MANIFEST):
        with contextlib.suppress(Broken):
            for event in package.events(MANIFEST):
                locked |= event.kind == "start" and event.name == "encryption-data"
    if locked:
        raise Broken("encrypted", "the document is locked with a password")


class _Styles:
    """The styles that hide a sheet or a slide."""

    def __init__(self) -> None:
        self.hidden: set[str | None] = set()
        self._name = ""

    def note(self, event: Event) -> None:
        """Look at an element for what it says of styles."""
        if event.kind != "start":
            return
        if event.name == "style":
            self._name = event.attributes.get("name", "")
        elif (event.name == "table-properties" and event.attributes.get("display") == "false") or (
            event.name == "drawing-page-properties"
            and event.attributes.get("visibility") == "hidden"
        ):
            self.hidden.add(self._name)

    def hides(self, event: Event) -> bool:
        """Whether an element has such a style."""
        return event.attributes.get("style-name") in self.hidden


def _times(attributes: dict[str, str], name: str) -> int:
    said = attributes.get(name, "1")
    return min(int(said), MOST_TIMES) if said.isdigit() and len(said) < 10 else 1


def _skip_table(events: Iterator[Event]) -> None:
    depth = 1
    for event in events:
        if event.name == "table" and event.kind != "text":
            depth += 1 if event.kind == "start" else -1
            if not depth:
                return


def _write(flow: Flow, events: Iterator[Event], styles: _Styles, until: str = "") -> int:
    """Write content up to the end of an element; the number of hidden slides."""
    times: list[int] = []
    body, notes = flow, Flow(flow.left)
    slides = 0
    depth = 1
    for event in events:
        name = event.name
        if event.kind == "text":
            if flow.in_paragraph:
                flow.write(_BLANKS.sub(" ", name))
        elif event.kind == "start":
            depth += name == until
            if name in UNSEEN:
                skip(events)
            elif name in {"p", "h"}:
                flow.open_paragraph()
            elif name == "s":
                flow.write(" " * min(_times(event.attributes, "c"), MOST_BLANKS))
            elif name == "tab":
                flow.write("\t")
            elif name == "line-break":
                flow.write("\n")
            elif name == "note-body":
                flow = notes
            elif name == "table-row":
                flow.open_row()
                times.append(_times(event.attributes, "number-rows-repeated"))
            elif name in {"table-cell", "covered-table-cell"}:
                flow.open_cell()
                times.append(_times(event.attributes, "number-columns-repeated"))
            elif name == "page":
                if styles.hides(event):
                    slides += 1
                    skip(events)
                else:
                    flow.line()
            else:
                styles.note(event)
        elif name in {"p", "h"}:
            flow.close_paragraph()
        elif name == "note-body":
            flow = body
        elif name in {"table-cell", "covered-table-cell"}:
            flow.close_cell(times.pop())
        elif name == "table-row":
            flow.close_row(times.pop())
        elif name == until:
            depth -= 1
            if not depth:
                break
    body.lines += notes.lines
    return slides
